# SPDX-License-Identifier: GPL-2.0
# gdb commands of scripts/debug, which runs gdb in the folder of the suites' module
set pagination off
set confirm off
# Signals that User-Mode Linux uses internally.
handle SIGSEGV SIGUSR1 SIGUSR2 SIGIO SIGALRM SIGVTALRM SIGCHLD SIGWINCH nostop noprint pass
set print inferior-events off
# Let the boot pass before __warn and the others get breakpoints: the boot has warnings too.
tbreak do_init_module
run

python
# Tell gdb the addresses of the module's sections, which /sys/module/MODULE/sections shows later.
sections = gdb.parse_and_eval("mod->sect_attrs->grp.bin_attrs")
places, number = {}, 0
while sections[number]:
    places[sections[number]["attr"]["name"].string()] = int(sections[number]["private"])
    number += 1
others = " ".join(f"-s {name} {place}" for name, place in places.items() if name != ".text")
module = gdb.parse_and_eval("mod->name").string()
gdb.execute(f"add-symbol-file {module}.ko {places['.text']} {others}", to_string=True)
end

break __kunit_do_failed_assertion
commands
# Skip the frames of __kunit_do_failed_assertion() and of its C++ wrapper.
up 2
info locals
end
break __warn
break kasan_report
break debug_locks_off
break panic
continue
