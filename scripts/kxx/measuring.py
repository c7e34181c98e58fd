# SPDX-License-Identifier: GPL-2.0
"""Functions that the programs which measure drivers share: modules, guests, tables, charts"""

import shutil
import subprocess

from kxx import claims
from kxx.claims import build_name, output, start
from kxx.process import TOP, Failure, kernel_folder, say

BUILD = TOP / "build/bench"


class Kernel:
    """A test kernel, and modules for it"""

    def __init__(self, name):
        self.name = name
        if "-arm64" in name:
            raise Failure(f"{name}: instructions are counted on x86-64 alone")
        self.folder = kernel_folder(name)
        self.release = (self.folder / "release").read_text().strip()

    def build(self, lto=1, *arguments):
        """Builds the modules; returns their folder"""
        say(f"building for {self.name}" + ("" if lto else ", LTO=0"))
        status, lines = claims.make(self.name, *arguments, lto=lto)
        if status:
            raise Failure(f"the build for {self.name} failed", lines[-20:])
        return TOP / "build" / build_name(self.name, lto)

    def own(self, module):
        """Returns the file of a module that belongs to the kernel"""
        found = list((self.folder / "modules").rglob(f"{module}.ko*"))
        if not found:
            raise Failure(f"kernel {self.name} has no module {module}")
        return found[0]


def parameters_of(module):
    """Returns the names of a module's parameters"""
    return {line.partition(":")[0] for line in output("modinfo", "-F", "parm", module)}


def load_generator():
    """Builds bench/iob.c; returns the path of the program"""
    BUILD.mkdir(parents=True, exist_ok=True)
    program = BUILD / "iob"
    output("gcc-12", "-O2", "-Wall", "-Wextra", "-Werror", "-static", "-o", program, TOP / "bench/iob.c")
    return program


def follow(command, line, started=lambda vm: None):
    """Runs a guest, which must succeed; calls @started(process) first, and @line(text) for each line of output"""
    vm = start(*command, stdout=subprocess.PIPE, text=True, errors="replace", start_new_session=True)
    try:
        started(vm)
        for text in vm.stdout:
            line(text.rstrip("\n"))
        vm.wait()
    except BaseException:
        vm.terminate()
        vm.wait()
        raise
    if vm.returncode:
        raise Failure(f"the guest failed, status {vm.returncode} of scripts/vm")


def write_chart(script, size, *files):
    """Draws @script with gnuplot into each of @files; the suffix selects the format"""
    if not shutil.which("gnuplot"):
        raise Failure("gnuplot is not installed: scripts/packages bench")
    width, height = size
    for file in files:
        kind = {".svg": f"svg noenhanced size {width},{height} background '#ffffff' font 'sans,13'",
                ".png": f"pngcairo noenhanced size {width},{height} font 'sans,10'"}[file.suffix]
        head = f"set terminal {kind}\nset output '{file}'\n"
        status = subprocess.run(["gnuplot", "-"], input=head + script, text=True).returncode
        if status:
            raise Failure(f"gnuplot ended with status {status}")


def table_of(rows):
    """Yields the lines of a table, with the first column aligned left, the others right"""
    widths = [max(map(len, column)) for column in zip(*rows)]
    for row in rows:
        cells = [row[0].ljust(widths[0])] + [cell.rjust(width) for cell, width in zip(row[1:], widths[1:])]
        yield "  ".join(cells).rstrip()


def rst_table(rows):
    """Returns the lines of a table in reStructuredText"""
    rule = "  ".join("=" * max(map(len, column)) for column in zip(*rows))
    first, *rest = table_of(rows)
    return [rule, first, rule, *rest, rule]
