# SPDX-License-Identifier: GPL-2.0
"""Finds programs for the guests: the host's, or Debian packages for another architecture"""

import re
import shutil
import subprocess
from pathlib import Path

from kxx.architecture import ARM64
from kxx.debian import BOOKWORM_ARM64
from kxx.process import Failure, output_of
from kxx.unpacked import Unpacked


class Host:
    """Programs that are installed on the host"""

    @staticmethod
    def program(name):
        path = shutil.which(name)
        if not path:
            raise Failure(f"{name} is not installed")
        return Path(path)

    @staticmethod
    def libraries(path):
        """Returns the libraries of a program, as {path in the guest: path on the host}"""
        # Ignore ldd's status: it fails for a static program or a script, which have no libraries.
        ldd = subprocess.run(["ldd", path], capture_output=True, text=True)
        if "not found" in ldd.stdout:
            raise Failure(f"{path}: a shared library is missing; see ldd {path}")
        return {library: library for library in re.findall(r"(/\S+) \(0x", ldd.stdout)}


class Packages(Unpacked):
    """Programs of packages for another architecture"""

    def __init__(self, suite):
        super().__init__(suite, ["fio", "busybox-static", "util-linux"], f"userland/{suite.folder().name}")

    def fill(self, folder):
        super().fill(folder)
        for unused in "usr/share", "usr/lib/python3":
            shutil.rmtree(folder / unused, ignore_errors=True)

    def program(self, name):
        if "/" in name:
            return Path(name)
        for place in "bin", "usr/bin", "sbin", "usr/sbin":
            path = self.folder() / place / name
            if path.exists():
                return path
        raise Failure(f"there is no {name} for the guest among {', '.join(self.packages)}")

    def libraries(self, path):
        folder = self.folder()
        there = {library.name: library for place in ("lib", "usr/lib")
                 for library in (folder / place).rglob("*.so*")}
        found = {}
        todo = [path]
        while todo:
            said = output_of("readelf", "-ldW", todo.pop())
            # Find the dynamic linker by name: its link in the package may be absolute.
            for linker in re.findall(r"interpreter: (.*)\]", said):
                found[linker] = there[Path(linker).name]
            for name in re.findall(r"\(NEEDED\).*\[(.*)\]", said):
                if name not in there:
                    raise Failure(f"{path}: there is no library {name} for the guest")
                guest = f"/{there[name].relative_to(folder)}"
                if guest not in found:
                    found[guest] = there[name]
                    todo.append(there[name])
        return found


def userland(architecture):
    return Packages(BOOKWORM_ARM64) if architecture is ARM64 else Host()
