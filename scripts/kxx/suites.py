# SPDX-License-Identifier: GPL-2.0
"""Runs the KUnit suites on a debug kernel and reads their results"""

import json
import os
import re
import sys
import tempfile

from kxx.claims import build_name, make, run, vm
from kxx.console import REPLAYED
from kxx.process import TOP, Failure, kernel_folder

KERNEL = "6.12-debug"
USER_MODE = "7.3-uml"
# No case may be skipped, except for the reason SKIPPED on the kernel ONE_CPU, which has one CPU.
ONE_CPU, SKIPPED = "6.12-uml", "SKIP needs 2 CPUs"
MODULE = "kxx_kunit.ko"
# guest-init logs this line before it loads a module.
BOOTED = "kxx-vm: booted"

GUEST = """
insmod /%s %s || exit 1
rmmod %s || exit 1
%s
"""

# lib.guest defines leaks(), the kmemleak check in SCAN, which runs after the module is unloaded.
LIB = TOP / "scripts/guests/lib.guest"
SCAN = """
. /lib.guest
if leaks | grep .; then echo LEAK; fi
"""
# kmemleak logs this for a leak of any module; SCAN decides which module leaked.
SCANNED = r"kmemleak: \d+ new suspected memory leaks"

# A grace period takes several ticks, and a tick of User-Mode Linux 10 ms: shorten grace periods.
SHORT_GRACE_PERIODS = ["--append", "rcupdate.rcu_expedited=1 rcutree.jiffies_till_first_fqs=0 "
                       "rcutree.jiffies_till_next_fqs=1"]

# Suites with races log how often each side ran, for the reader of the test's output.
BY_CPU = r"kxx_\w+: .* on CPU 0, \d+ on the others"

# A failing blk_mq_alloc_tag_set() of 7.3 frees its SRCU structure while work of it is still queued.
KERNELS_OWN = r"WARNING: kernel/rcu/srcutree\.c:\d+ at cleanup_srcu_struct"

# Let fault injection also fail allocations that may sleep, and keep it from logging. Switch off the
# hung task detector: a case repeats itself with a fault at each allocation, which may take minutes.
PREPARE = """
echo 0 > /proc/sys/kernel/hung_task_timeout_secs
for fault in failslab fail_page_alloc; do
	echo N > /sys/kernel/debug/$fault/ignore-gfp-wait
	echo 0 > /sys/kernel/debug/$fault/verbose
done
echo 0 > /sys/kernel/debug/fail_page_alloc/min-order
"""

# Fail only allocations that must not sleep (ignore-gfp-wait), of tasks that set make-it-fail.
PREPARE_NOWAIT = """
for fault in failslab fail_page_alloc; do
	echo Y > /sys/kernel/debug/$fault/ignore-gfp-wait
	echo Y > /sys/kernel/debug/$fault/task-filter
	echo 0 > /sys/kernel/debug/$fault/verbose
	echo -1 > /sys/kernel/debug/$fault/times
	echo 100 > /sys/kernel/debug/$fault/probability
done
echo 0 > /sys/kernel/debug/fail_page_alloc/min-order
"""

# Reports that injected faults cause: add_disk() has no memory for the partitions, or the disk's own
# fault injection logs its fault.
FAULTS = {"before": PREPARE, "log_may_match": "vmalloc error|FAULT_INJECTION: forcing a failure"}

# Preparations of a suite, and reports that its log may have.
NEEDS = {
    "cxxnull_faults": FAULTS,
    "cxxnull_nowait_faults": {"before": PREPARE_NOWAIT},
    "kxx_drm_mm_faults": FAULTS,
    "kxx_driver_model_faults": FAULTS,
    "kxx_badblocks_faults": FAULTS,
    "cxxnull_cache_faults": FAULTS,
    "cxxnull_zones_faults": FAULTS,
    # The cases of these suites provoke reports.
    "kxx_report": {"log_may_match": "."},
    "kxx_report_mm": {"log_may_match": "."},
    "kxx_lockdep": {"log_may_match": "."},
}


SUITE = re.compile(r'KXX_KUNIT_SUITE\(\s*\w+,\s*"(\w+)"')


def suite_names():
    """Returns the names of all suites in the sources, except those that run only on request"""
    return {name for file in (TOP / "kunit").glob("*/*_kunit.cc") for name in SUITE.findall(file.read_text())}


def is_user_mode(name):
    return name.endswith("-uml")


def is_for_races(name):
    """Returns whether this is a KCSAN kernel: it lacks kmemleak, and lockdep, without which guards are not recorded"""
    return "kcsan" in name


def scan(name):
    return "" if is_for_races(name) else SCAN


def build(name=KERNEL):
    # For User-Mode Linux build without LTO, so that gdb is useful, and without the driver, to save time.
    status, lines = make(name, "CONFIG_BLK_DEV_CXX_NULL=n", lto=0) if is_user_mode(name) else make(name)
    if status:
        raise Failure(f"the suites build for {name}", lines[-20:])


def boot(parameters="", before="", after="", timeout=240, name=KERNEL, module=None, **options):
    """
    Boots kernel @name and loads the suites, or @module, between the shell commands @before and @after.
    @options are further options of scripts/vm.
    Returns {(suite, case): status}, the exit status of scripts/vm, its output, and the kernel log.
    """
    kernels_own = KERNELS_OWN if name.startswith("7.3") else None
    options["log_may_match"] = "|".join(filter(None, [options.get("log_may_match"), SCANNED, kernels_own]))
    words = [word for name, value in options.items()
             for word in (f"--{name.replace('_', '-')}", value)]
    words += SHORT_GRACE_PERIODS if is_user_mode(name) else []
    module = module or TOP / "build" / build_name(name, lto=not is_user_mode(name)) / MODULE
    script = before + GUEST % (module.name, parameters, module.stem, after)
    with tempfile.NamedTemporaryFile("r", errors="replace") as console:
        status, lines = vm("--kernel", name, "--timeout", timeout, "--needs", module,
                           "--file", LIB, "--console", console.name, *words, "--", script)
        log = REPLAYED.sub("", console.read())
    cases, words = parse(name, log)
    return cases, status, lines + words, log


def said_of(suite, case, lines):
    """Returns the lines of kunit.py on a @case, or all @lines if it does not name the case: the guest has crashed"""
    in_suite, found = False, []
    for line in lines:
        text = line.partition("] ")[2]
        if begun := re.match(r"=+ (\w+) \(\d+ subtests?\) =+$", text):
            in_suite, found = begun[1] == suite, []
        elif in_suite:
            found.append(line)
            if result := re.match(r"\[[A-Z]+\] (\w+)$", text):
                if result[1] == case:
                    return found
                found = []
    return lines


def claim(claims, who, cases, status, lines, before="", scanned=True):
    """
    Claims that each of @cases passed, that the module leaked no memory if kmemleak has @scanned, and that
    the log has no report
    """
    for (suite, case), result in cases.items():
        skipped = f" # {SKIPPED}" if result == SKIPPED else ""
        passed = skipped or result == "PASS"
        claims.check(f"{before}{suite}.{case}{skipped}", [] if passed else said_of(suite, case, lines))
    if scanned:
        claims.check(f"{who}: kmemleak finds nothing after unloading", lines if "LEAK" in lines else [])
    claims.check(f"{who}: the module unloads and the kernel log is clean", lines if status else [])


def check(claims, suite, case=None, name=KERNEL):
    """Boots and runs one suite, or one case of it, with its preparations in NEEDS; claims the results"""
    parameters = f"suite={suite}" + (f" case={case}" if case else "")
    cases, status, lines, log = boot(parameters, after=scan(name), timeout=900, name=name, **NEEDS.get(suite, {}))
    claims.note(*re.findall(BY_CPU, log))
    claims.check(f"{suite} ran", [] if cases else lines)
    claim(claims, suite, cases, status, lines, scanned=not is_for_races(name))


def check_module(claims, module, name=KERNEL):
    """Loads @module.ko once, runs the suites in @module_kunit.ko, and claims the results"""
    own, suites = (module.with_name(module.name + end) for end in (".ko", "_kunit.ko"))
    cases, status, lines, _ = boot(before=f"insmod /{own.name} && rmmod {own.stem} || exit 1\n", after=scan(name),
                                   module=suites, name=name, needs=own)
    claims.check(f"{suites.name}: a suite ran", [] if cases else lines)
    claim(claims, own.name, cases, status, lines, scanned=not is_for_races(name))


def seconds(log):
    """Returns [(seconds, suite)], the longest first"""
    began = {suite: float(at) for at, suite in re.findall(r"^\[ *([\d.]+)\] +# Subtest: (\w+)", log, re.M)}
    ended = re.findall(r"^\[ *([\d.]+)\] (?:not )?ok \d+ (\w+)", log, re.M)
    return sorted(((float(at) - began[suite], suite) for at, suite in ended if suite in began), reverse=True)


def parse(name, log):
    """Reads the log with the kernel's kunit.py; returns {(suite, case): status} and kunit.py's output"""
    with tempfile.TemporaryDirectory() as folder:
        with open(f"{folder}/log", "w", encoding="utf-8") as file:
            # Skip the log of the boot: the KUnit of the kernel reports there that it has no suites.
            file.write(log.partition(BOOTED)[2])
        source = kernel_folder(name) / "source"
        _, words = run(sys.executable, source / "tools/testing/kunit/kunit.py", "parse",
                       f"--json={folder}/json", f"{folder}/log", cwd=source)
        if not os.path.exists(f"{folder}/json"):
            return {}, words
        with open(f"{folder}/json", encoding="utf-8") as file:
            tree = json.load(file)
    skipped = {case: SKIPPED for case in re.findall(rf"ok \d+ (\w+) # {SKIPPED}", log) if name == ONE_CPU}
    return {(suite["name"], case["name"]): skipped.get(case["name"], case["status"])
            for suite in tree["sub_groups"] for case in suite["test_cases"]}, words
