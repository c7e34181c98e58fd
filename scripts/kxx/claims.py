# SPDX-License-Identifier: GPL-2.0
"""Functions that the tests share: options, reports of claims, builds"""

import os
import re
import signal
import subprocess
import sys
from pathlib import Path

from kxx.console import EMULATOR_FAILED
from kxx.process import TOP, Failure, parser_of

# Variables of make and kbuild, set by a calling make or in the user's shell. A test must not pass them on to its
# own builds.
FROM_MAKE = ("MAKEFLAGS", "MFLAGS", "MAKELEVEL", "MAKEOVERRIDES", "MAKEFILES", "GNUMAKEFLAGS", "KERNEL", "KDIR", "LTO",
             "DROP_IN", "ARCH", "SUBARCH", "CROSS_COMPILE", "LLVM", "LLVM_IAS", "LOCALVERSION", "KBUILD_OUTPUT",
             "KBUILD_EXTMOD", "KBUILD_EXTRA_SYMBOLS", "KBUILD_VERBOSE", "KBUILD_EXTRA_WARN", "KBUILD_CHECKSRC",
             "KBUILD_MODPOST_WARN", "KCONFIG_CONFIG", "KCONFIG_ALLCONFIG", "KCFLAGS", "KCPPFLAGS", "KAFLAGS",
             "HOSTCFLAGS", "HOSTLDFLAGS")

# Lines to print from the beginning, and from the end, of a longer explanation of a failure.
MOST = 40


def arguments(doc, kernels="", **options):
    """
    Parses the options of a test. @doc is the test's docstring, @kernels the default kernels, and
    @options maps each further option to its arguments for add_argument()
    """
    parser = parser_of(doc)
    for name, how in options.items():
        parser.add_argument("--" + name, **how)
    if kernels:
        add_kernels(parser, kernels)
    return parser.parse_args()


def add_kernels(parser, kernels):
    """Adds the argument KERNEL..., whose default is @kernels; scripts/check --matrix reads its help text"""
    parser.add_argument("kernels", nargs="*", metavar="KERNEL", default=kernels.split(),
                        help=f"as scripts/kernel --list has them ({kernels})")


def demangled(lines):
    """Returns @lines with C++ names as in the source"""
    if not any("_Z" in line for line in lines):
        return lines
    return subprocess.run(["c++filt"], input="\n".join(lines), text=True, stdout=subprocess.PIPE,
                          check=True).stdout.splitlines()


class Claims:
    """Prints the claims of a test; a Failure raised in its `with` block becomes a failed claim"""

    def __init__(self, test=Path(sys.argv[0]).name):
        self.test = test
        self.failed = 0

    def check(self, what, problems=()):
        """Prints the claim @what; it failed if there are @problems, lines that explain why"""
        print(f"{'not ok' if problems else 'ok'} - {self.test}: {what}")
        # Keep both ends: the first lines have the cause, the last lines the end.
        if len(problems) > 2 * MOST:
            problems = [*problems[:MOST], "...", *problems[-MOST:]]
        self.note(*demangled(problems))
        self.failed += bool(problems)

    def note(self, *lines):
        for line in lines:
            print(f"# {line}", flush=True)
        sys.stdout.flush()

    def guest(self, name, status, lines):
        """Prints the claims of a guest's script; @status and @lines are the result of scripts/vm"""
        said = []
        for line in lines:
            if re.match("ok - |not ok - |# ", line):
                print(line)
                self.failed += line.startswith("not ok")
            elif not line.startswith("vm: booting"):
                said.append(line)
        # A claim may have failed in the middle of a line, after a program that does not end its own.
        failed = status or any("not ok - " in line for line in said)
        self.check(f"{name} succeeds", [f"its status is {status}", *said] if failed else [])

    def __enter__(self):
        # Exit by an exception on SIGTERM, so that temporary folders are removed.
        signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
        return self

    def __exit__(self, _, error, __):
        if isinstance(error, Failure):
            self.check(str(error), error.details or ["see above"])
        elif error:
            return False
        sys.exit(1 if self.failed else 0)


def start(*command, **options):
    """Starts @command, without the variables that a calling make has set"""
    environment = {name: value for name, value in os.environ.items() if name not in FROM_MAKE}
    return subprocess.Popen([str(word) for word in command], stdin=subprocess.DEVNULL,
                            env=environment | {"LC_ALL": "C"}, **options)


def run(*command, **options):
    """Runs @command; returns its status and the lines of its output, at least one line if the status is not 0"""
    process = start(*command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                    errors="replace", **options)
    try:
        text = process.communicate()[0]
    except BaseException:
        # SIGTERM lets the process end its own children and remove its files.
        process.terminate()
        process.wait()
        raise
    # Callers show the lines to explain a failure, and Claims.check() takes no explanation for success.
    return process.returncode, text.splitlines() or (["no output"] if process.returncode else [])


def vm(*words):
    """Runs scripts/vm with the options and the command @words, again if the emulator fails; returns what run() does"""
    for _ in range(3):
        status, lines = run(TOP / "scripts/vm", *words)
        if status != EMULATOR_FAILED:
            break
        print("#", *(line for line in lines if line.startswith("vm: ")), flush=True)
    return status, lines


def output(*command):
    """Runs @command, which must succeed; returns the lines of its output"""
    status, lines = run(*command)
    if status:
        raise Failure(f"'{' '.join(map(str, command[:3]))} ...' ends with status {status}", lines[-20:])
    return lines


def build_name(name, lto=1, drop_in=0):
    return name + ("" if lto else "-lto0") + ("-drop-in" if drop_in else "")


def make(name, *arguments, lto=1, drop_in=0, top=TOP):
    """Builds the module for a test kernel; returns make's status and output"""
    jobs = len(os.sched_getaffinity(0))
    return run("make", "-C", top, "--no-print-directory", f"-j{jobs}", f"KERNEL={name}", f"LTO={lto}",
               f"DROP_IN={drop_in}", *arguments)


def module(name, *arguments, lto=1, drop_in=0):
    """Builds the module for a test kernel; returns its path. @arguments go to make, to select more modules"""
    status, lines = make(name, *arguments, lto=lto, drop_in=drop_in)
    built = build_name(name, lto, drop_in)
    if status:
        raise Failure(f"the module for {built} builds", lines[-20:])
    return TOP / "build" / built / ("null_blk.ko" if drop_in else "cxxnull.ko")


def program(name, folder):
    """Builds scripts/programs/@name.c for a guest; returns the path of the program"""
    built = Path(folder, name)
    output("gcc-12", "-O2", "-Wall", "-Werror", "-static", "-pthread", "-o", built, TOP / f"scripts/programs/{name}.c")
    return built


# Lines of a build that are no warning: the steps of kbuild, and the result that make prints.
STEP = re.compile(r"  [A-Z]+( \[M\])? +\S+|build/\S+\.ko|Skipping BTF generation for \S+ "
                  r"due to unavailability of vmlinux")


def complaints(lines):
    """Returns the lines of a build's output that are warnings or errors"""
    return [line for line in lines if not STEP.fullmatch(line)]
