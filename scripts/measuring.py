# SPDX-License-Identifier: GPL-2.0
"""measuring - what the programs that measure drivers share: modules, guests, how they end"""

import lzma
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

SCRIPTS = Path(__file__).resolve().parent
TOP = SCRIPTS.parent
BUILD = TOP / "build/bench"


class Failure(Exception):
    """Ends the run with one line"""


class Stopped(BaseException):
    """A signal that ends the run"""


def say(text, end="\n"):
    print(text, end=end, file=sys.stderr, flush=True)


def start(*command, **options):
    return subprocess.Popen([str(word) for word in command], stdin=subprocess.DEVNULL, **options)


def finish(process):
    """Waits for it, and ends it if this is interrupted; returns what it printed"""
    try:
        return process.communicate()[0]
    except BaseException:
        process.terminate()
        process.wait()
        raise


def run(*command):
    """The output of a command, which must succeed"""
    process = start(*command, stdout=subprocess.PIPE, text=True)
    output = finish(process)
    if process.returncode:
        raise Failure(f"'{' '.join(map(str, command[:4]))} ...' ended with status {process.returncode}")
    return output


class Kernel:
    """A test kernel, and the modules for it"""

    def __init__(self, name):
        self.name = name
        self.folder = Path(run(SCRIPTS / "kernel", name).splitlines()[-1])
        self.release = (self.folder / "release").read_text().strip()

    def build(self, lto=1, *arguments):
        """The folder of what is built"""
        say(f"building for {self.name}" + ("" if lto else ", LTO=0"))
        BUILD.mkdir(parents=True, exist_ok=True)
        log = BUILD / f"{self.name}-lto{lto}.log"
        with open(log, "w") as out:
            make = start("make", "-C", TOP, "--no-print-directory", f"-j{os.cpu_count()}",
                         f"KERNEL={self.name}", f"LTO={lto}", *arguments, stdout=out, stderr=out,
                         env={name: value for name, value in os.environ.items()
                              if not name.startswith("MAKE") and name != "MFLAGS"})
            finish(make)
        if make.returncode:
            raise Failure(f"the build for {self.name} failed: see {log}")
        return TOP / "build" / (self.name if lto else f"{self.name}-lto0")

    def own(self, module):
        """The file of one of the kernel's own modules"""
        found = list((self.folder / "modules").rglob(f"{module}.ko*"))
        if not found:
            raise Failure(f"kernel {self.name} has no module {module}")
        return found[0]


def parameters_of(module):
    """The names of a module's parameters"""
    return {line.partition(":")[0] for line in run("modinfo", "-F", "parm", module).splitlines()}


def module_file(path):
    """What is in a module's file"""
    data = path.read_bytes()
    return lzma.decompress(data) if path.suffix == ".xz" else data


def load_generator():
    """bench/iob.c, built"""
    BUILD.mkdir(parents=True, exist_ok=True)
    program = BUILD / "iob"
    run("gcc-12", "-O2", "-Wall", "-Wextra", "-Werror", "-static", "-o", program, TOP / "bench/iob.c")
    return program


def follow(command, line):
    """Runs a guest, and calls line() for what it prints; it must end well"""
    vm = start(*command, stdout=subprocess.PIPE, text=True, errors="replace")
    try:
        for text in vm.stdout:
            line(text.rstrip("\n"))
        vm.wait()
    except BaseException:
        vm.terminate()
        vm.wait()
        raise
    if vm.returncode:
        raise Failure(f"the guest failed, status {vm.returncode} of scripts/vm")


def write_chart(script, *files):
    """Has gnuplot draw @script into each file, which its suffix says how"""
    if not shutil.which("gnuplot"):
        raise Failure("gnuplot is not installed: scripts/packages bench")
    for file in files:
        kind = {".svg": "svg noenhanced size 1200,1300 background '#ffffff' font 'sans,13'",
                ".png": "pngcairo noenhanced size 1200,1300 font 'sans,10'"}[file.suffix]
        head = f"set terminal {kind}\nset output '{file}'\n"
        process = start_with_input("gnuplot", "-")
        process.communicate(head + script)
        if process.returncode:
            raise Failure(f"gnuplot ended with status {process.returncode}")


def start_with_input(*command):
    return subprocess.Popen(command, stdin=subprocess.PIPE, text=True)


def table_of(rows):
    """Lines of a table, its first column to the left, the others to the right"""
    widths = [max(map(len, column)) for column in zip(*rows)]
    for row in rows:
        cells = [row[0].ljust(widths[0])] + [cell.rjust(width) for cell, width in zip(row[1:], widths[1:])]
        yield "  ".join(cells).rstrip()


def rst_table(rows):
    """The same as reStructuredText"""
    rule = "  ".join("=" * max(map(len, column)) for column in zip(*rows))
    first, *rest = table_of(rows)
    return [rule, first, rule, *rest, rule]


def main(program, body):
    """Runs @body, and ends as scripts/run does"""
    def stop(number, _):
        raise Stopped(number)

    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, stop)
    try:
        body()
    except Failure as failure:
        say(f"{program}: FAILED: {failure}")
        sys.exit(1)
    except Stopped as stopped:
        say(f"\n{program}: interrupted")
        # End as the signal would have, for a shell or make that looks at it.
        signal.signal(stopped.args[0], signal.SIG_DFL)
        os.kill(os.getpid(), stopped.args[0])
