# SPDX-License-Identifier: GPL-2.0
# What scripts/debug has gdb do, in the folder of the suites' module
set pagination off
set confirm off
# What User-Mode Linux tells itself.
handle SIGSEGV SIGUSR1 SIGUSR2 SIGIO SIGALRM SIGVTALRM SIGCHLD SIGWINCH nostop noprint pass
set print inferior-events off
# Breakpoints for later: the boot has warnings of its own.
tbreak do_init_module
run

python
# Tells gdb where the module's sections are, as /sys/module/MODULE/sections will.
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
# The assertion's, and its function for C++.
up 2
info locals
end
break __warn
break kasan_report
break debug_locks_off
break panic
continue
