# SPDX-License-Identifier: GPL-2.0
"""Programs for the guests: the host's, or, for another architecture, those of Debian's packages"""

import re
import shutil
import subprocess
from pathlib import Path

from kxx.architecture import ARM64
from kxx.debian import BOOKWORM_ARM64, PackagesUnknown
from kxx.process import Failure, Progress, cache_folder, locked, output_of, run


class Host:
    """What is installed"""

    @staticmethod
    def program(name):
        path = shutil.which(name)
        if not path:
            raise Failure(f"{name} is not installed")
        return Path(path)

    @staticmethod
    def libraries(path):
        """{where it is in the guest: where it is here} of what the program at @path is linked with"""
        # ldd refuses what needs no libraries: a static program, a script.
        ldd = subprocess.run(["ldd", path], capture_output=True, text=True)
        if "not found" in ldd.stdout:
            raise Failure(f"{path}: a shared library is missing; see ldd {path}")
        return {library: library for library in re.findall(r"(/\S+) \(0x", ldd.stdout)}


class Packages:
    """What packages of @suite have, with all that they need, unpacked in the cache"""

    PACKAGES = ["busybox-static", "fio", "util-linux"]

    def __init__(self, suite):
        self.suite = suite
        self.root = cache_folder() / "userland" / suite.folder().name

    def folder(self):
        try:
            return self.ensure()
        except PackagesUnknown as unknown:
            unknown.suite.update()
            return self.ensure()

    def ensure(self):
        state = self.suite.fields(self.PACKAGES[1])["Version"]
        folder = self.root / state
        with locked(self.root, f"userland: waiting for the one who fetches {self.root.name}"):
            if not (folder / "done").exists():
                shutil.rmtree(folder, ignore_errors=True)
                folder.mkdir()
                self.fill(folder)
                (folder / "done").touch()
        return folder

    def fill(self, folder):
        log = self.root / "log"
        progress = Progress(f"guest programs, {self.root.name}")
        try:
            for deb in self.suite.download(self.PACKAGES, folder / "debs", log, progress,
                                           dependencies=True):
                run(["dpkg", "-x", deb, folder], log, lambda: progress.show("unpacking"))
        except BaseException:
            shutil.rmtree(folder, ignore_errors=True)
            raise
        finally:
            progress.done()
        log.unlink()
        for unused in "debs", "usr/share", "usr/lib/python3":
            shutil.rmtree(folder / unused, ignore_errors=True)

    def program(self, name):
        if "/" in name:
            return Path(name)
        for place in "bin", "usr/bin", "sbin", "usr/sbin":
            path = self.folder() / place / name
            if path.exists():
                return path
        raise Failure(f"there is no {name} for the guest among {', '.join(self.PACKAGES)}")

    def libraries(self, path):
        folder = self.folder()
        there = {library.name: library for place in ("lib", "usr/lib")
                 for library in (folder / place).rglob("*.so*")}
        found = {}
        todo = [path]
        while todo:
            said = output_of("readelf", "-ldW", todo.pop())
            # Debian's link to the linker may lead out of the folder.
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
