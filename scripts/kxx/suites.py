# SPDX-License-Identifier: GPL-2.0
"""Runs the KUnit suites on a debug kernel, reads what they say"""

import json
import os
import sys
import tempfile

from kxx.claims import make, run
from kxx.process import TOP, Failure, kernel_folder

KERNEL = "6.12-debug"
MODULE = "kxx_kunit.ko"

# Printed after each suite's results, which debugfs has as a document each.
END = "END-OF-SUITE"

GUEST = f"""
insmod /%s %s || exit 1
for suite in /sys/kernel/debug/kunit/*; do cat $suite/results; echo {END}; done
rmmod %s || exit 1
%s
"""

# Objects are reported from the second scan on, once they are 5 s old. What the
# boot itself has lost (ACPI's caches, on 6.1) is not the suites'.
SCAN = r"""
echo scan > /sys/kernel/debug/kmemleak; sleep 6
echo scan > /sys/kernel/debug/kmemleak
if awk 'BEGIN { RS = "unreferenced object" } NR > 1 && !/comm "swapper\/0", pid 0,/' \
	/sys/kernel/debug/kmemleak | grep .; then echo LEAK; fi
"""
# What the scan says in the log, where it cannot tell whose they are.
SCANNED = r"kmemleak: \d+ new suspected memory leaks"

# A fault is to hit allocations that may sleep as well, without a word in the log. A case with all
# its attempts may take longer than a task that hangs.
PREPARE = """
echo 0 > /proc/sys/kernel/hung_task_timeout_secs
for fault in failslab fail_page_alloc; do
	echo N > /sys/kernel/debug/$fault/ignore-gfp-wait
	echo 0 > /sys/kernel/debug/$fault/verbose
done
echo 0 > /sys/kernel/debug/fail_page_alloc/min-order
"""

# And each allocation that may not sleep, of the tasks that ask for it.
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

# What a suite needs before it, and what may be in the log.
NEEDS = {
    # add_disk() itself reports that it had no memory for the partitions.
    "cxxnull_faults": {"before": PREPARE, "log_may_match": "vmalloc error"},
    "cxxnull_nowait_faults": {"before": PREPARE_NOWAIT},
    "kxx_drm_mm_faults": {"before": PREPARE},
    "kxx_driver_model_faults": {"before": PREPARE},
    "kxx_badblocks_faults": {"before": PREPARE},
    "cxxnull_cache_faults": {"before": PREPARE},
    "cxxnull_zones_faults": {"before": PREPARE},
    # Their cases are there for the reports.
    "kxx_report": {"log_may_match": "."},
    "kxx_report_mm": {"log_may_match": "."},
    "kxx_lockdep": {"log_may_match": "."},
}


def build(name=KERNEL):
    status, lines = make(name)
    if status:
        raise Failure(f"the suites build for {name}", lines[-20:])


def boot(parameters="", before="", after="", timeout=240, name=KERNEL, module=None, **options):
    """
    Loads the suites, or those of another @module, in a boot of kernel @name, with a shell command
    before and after; @options are more of vm's.
    Returns {(suite, case): status}, vm's exit status, and all that was said.
    """
    words = [word for name, value in options.items()
             for word in (f"--{name.replace('_', '-')}", value)]
    module = module or TOP / "build" / name / MODULE
    script = before + GUEST % (module.name, parameters, module.stem, after)
    status, lines = run(TOP / "scripts/vm", "--kernel", name, "--timeout", timeout, "--needs", module,
                        *words, "--", script)
    cases, words = parse(lines)
    return cases, status, lines + words


def check(claims, suite, case=None, name=KERNEL):
    """Claims what one suite, or one case of it, says and leaves behind, in a boot with what it needs"""
    parameters = f"suite={suite}" + (f" case={case}" if case else "")
    cases, status, lines = boot(parameters, after=SCAN, timeout=900, name=name, **NEEDS.get(suite, {}))
    claims.check(f"{suite} ran", [] if cases else lines)
    for (ran, case), result in cases.items():
        claims.check(f"{ran}.{case}", [] if result == "PASS" else lines)
    claims.check(f"{suite}: kmemleak finds nothing after unloading", lines if "LEAK" in lines else [])
    claims.check(f"{suite}: the module unloads and the kernel log is clean", lines if status else [])


def check_module(claims, module, name=KERNEL):
    """Claims that somebody's @module.ko loads and unloads, and what @module_kunit.ko says and leaves behind"""
    own, suites = (module.with_name(module.name + end) for end in (".ko", "_kunit.ko"))
    cases, status, lines = boot(before=f"insmod /{own.name} && rmmod {own.stem} || exit 1\n", after=SCAN,
                                module=suites, name=name, log_may_match=SCANNED, needs=own)
    claims.check(f"{suites.name}: a suite ran", [] if cases else lines)
    for (suite, case), result in cases.items():
        claims.check(f"{suite}.{case}", [] if result == "PASS" else lines)
    claims.check(f"{own.name}: kmemleak finds nothing after unloading", lines if "LEAK" in lines else [])
    claims.check(f"{own.name}: it loads and unloads, and the kernel log is clean", lines if status else [])


def parse(lines):
    """{(suite, case): status} as the kernel's own parser reads it, and its own words"""
    suites, suite = [], []
    for line in lines:
        if line == END:
            suites.append(suite)
            suite = []
        elif suite or line.startswith("KTAP"):
            suite.append(line)
    # One document of them all, as a boot log has it.
    ktap = ["KTAP version 1", f"1..{len(suites)}"]
    for number, suite in enumerate(suites, 1):
        ktap += suite[2:-1] + [suite[-1].replace("ok 1 ", f"ok {number} ", 1)]
    with tempfile.TemporaryDirectory() as folder:
        with open(f"{folder}/ktap", "w", encoding="utf-8") as file:
            file.write("\n".join(ktap) + "\n")
        source = kernel_folder(KERNEL) / "source"
        _, words = run(sys.executable, source / "tools/testing/kunit/kunit.py", "parse",
                       f"--json={folder}/json", f"{folder}/ktap", cwd=source)
        if not os.path.exists(f"{folder}/json"):
            return {}, words
        with open(f"{folder}/json", encoding="utf-8") as file:
            tree = json.load(file)
    return {(suite["name"], case["name"]): case["status"]
            for suite in tree["sub_groups"] for case in suite["test_cases"]}, words
