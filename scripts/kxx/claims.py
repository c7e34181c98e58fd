# SPDX-License-Identifier: GPL-2.0
"""What the tests share: their options, how they report, how they build"""

import os
import re
import signal
import subprocess
import sys
from pathlib import Path

from kxx.process import TOP, Failure, parser_of

# Variables of the make that started this test, which the builds here must not inherit.
FROM_MAKE = "MAKEFLAGS", "MFLAGS", "MAKELEVEL", "MAKEOVERRIDES", "KERNEL", "KDIR", "LTO", "DROP_IN", "ARCH"


# Lines from each end of what explains a failure.
MOST = 40


def arguments(doc, kernels="", **options):
    """
    The options of a test whose docstring is @doc: the @kernels to test on unless the user names
    others, and @options, each with what add_argument() takes
    """
    parser = parser_of(doc)
    for name, how in options.items():
        parser.add_argument("--" + name, **how)
    if kernels:
        add_kernels(parser, kernels)
    return parser.parse_args()


def add_kernels(parser, kernels):
    """The argument of a test that runs on @kernels unless the user names others; scripts/check --matrix reads its help"""
    parser.add_argument("kernels", nargs="*", metavar="KERNEL", default=kernels.split(),
                        help=f"as scripts/kernel --list has them ({kernels})")


class Claims:
    """Prints claims as they are decided; `with` it, and a Failure is one that does not hold"""

    def __init__(self, test=Path(sys.argv[0]).name):
        self.test = test
        self.failed = 0

    def check(self, what, problems=()):
        """One claim; @problems are the lines that say why it does not hold"""
        print(f"{'not ok' if problems else 'ok'} - {self.test}: {what}")
        # The first lines say what happened, the last ones how it ended.
        if len(problems) > 2 * MOST:
            problems = [*problems[:MOST], "...", *problems[-MOST:]]
        self.note(*problems)
        self.failed += bool(problems)

    def note(self, *lines):
        for line in lines:
            print(f"# {line}", flush=True)
        sys.stdout.flush()

    def guest(self, name, status, lines):
        """Passes on the claims of a script in a guest; @status and @lines are of scripts/vm"""
        said = []
        for line in lines:
            if re.match("ok - |not ok - |# ", line):
                print(line)
                self.failed += line.startswith("not ok")
            elif not line.startswith("vm: booting"):
                said.append(line)
        self.check(f"{name} is well to its end", [f"its status is {status}", *said] if status else [])

    def __enter__(self):
        # Ended by a signal, temporary folders still go.
        signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
        return self

    def __exit__(self, _, error, __):
        if isinstance(error, Failure):
            self.check(str(error), error.details or ["see above"])
        elif error:
            return False
        sys.exit(1 if self.failed else 0)


def start(*command, **options):
    """Starts @command, which does not get what a make that started this has set"""
    environment = {name: value for name, value in os.environ.items() if name not in FROM_MAKE}
    return subprocess.Popen([str(word) for word in command], stdin=subprocess.DEVNULL,
                            env=environment | {"LC_ALL": "C"}, **options)


def run(*command, **options):
    """Runs @command, returns its status and the lines of its output"""
    process = start(*command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                    errors="replace", **options)
    try:
        text = process.communicate()[0]
    except BaseException:
        # It has children of its own to end, and files to tidy up.
        process.terminate()
        process.wait()
        raise
    return process.returncode, text.splitlines()


def output(*command):
    """The lines that @command prints; it must succeed"""
    status, lines = run(*command)
    if status:
        raise Failure(f"'{' '.join(map(str, command[:3]))} ...' ends with status {status}", lines[-20:])
    return lines


def build_name(name, lto=1, drop_in=0):
    return name + ("" if lto else "-lto0") + ("-drop-in" if drop_in else "")


def make(name, *arguments, lto=1, drop_in=0, top=TOP):
    """Builds the module for a test kernel, returns make's status and output"""
    jobs = len(os.sched_getaffinity(0))
    return run("make", "-C", top, "--no-print-directory", f"-j{jobs}", f"KERNEL={name}", f"LTO={lto}",
               f"DROP_IN={drop_in}", *arguments)


def module(name, *arguments, lto=1, drop_in=0):
    """The module, built for a test kernel; @arguments are make's, for other modules beside it"""
    status, lines = make(name, *arguments, lto=lto, drop_in=drop_in)
    built = build_name(name, lto, drop_in)
    if status:
        raise Failure(f"the module for {built} builds", lines[-20:])
    return TOP / "build" / built / ("null_blk.ko" if drop_in else "cxxnull.ko")


def program(name, folder):
    """scripts/programs/@name.c, built for a guest"""
    built = Path(folder, name)
    output("gcc-12", "-O2", "-Wall", "-Werror", "-static", "-pthread", "-o", built, TOP / f"scripts/programs/{name}.c")
    return built


# kbuild's lines for its steps, and make's last line.
STEP = re.compile(r"  [A-Z]+( \[M\])? +\S+|build/\S+\.ko|Skipping BTF generation for \S+ "
                  r"due to unavailability of vmlinux")


def complaints(lines):
    """The lines of a build's output that are neither a step nor a result"""
    return [line for line in lines if not STEP.fullmatch(line)]
