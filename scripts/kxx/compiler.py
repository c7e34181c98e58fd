# SPDX-License-Identifier: GPL-2.0
"""Compilers: GCC for the test kernels and modules, clang for the static checks"""

import os
import re
import shutil
from pathlib import Path

from kxx.architecture import AMD64, ARM64
from kxx.debian import BOOKWORM, SID, TRIXIE, PackagesUnknown
from kxx.process import Progress, cache_folder, locked, output_of, run


def has_interpreter(path):
    """Returns whether @path is an ELF program that names a dynamic linker (PT_INTERP)"""
    with open(path, "rb") as file:
        header = file.read(64)
        if header[:5] != b"\x7fELF\x02":
            return False
        offset, size, count = (int.from_bytes(header[at:at + length], "little")
                               for at, length in ((32, 8), (54, 2), (56, 2)))
        # Object files have no program headers.
        if not count:
            return False
        file.seek(offset)
        segments = file.read(size * count)
    return any(segments[at:at + 4] == b"\x03\0\0\0" for at in range(0, len(segments), size))


class Compiler:
    """
    A version of GCC. If the host lacks gcc or g++ of this version, they are taken from a Debian
    suite and unpacked in the cache, with the libraries and binutils that they need
    """

    # kbuild runs pahole to make the BTF of a module.
    WITH_IT = ["binutils", "pahole"]

    def __init__(self, version, suite, target=AMD64):
        self.triplet = target.triplet
        before, after = ("", "") if target is AMD64 else (f"{self.triplet}-", f"-{self.triplet}")
        self.name = f"{before}gcc-{version}"
        self.package = f"gcc-{version}-{self.triplet.replace('_', '-')}"
        self.packages = [f"gcc-{version}{after}", f"g++-{version}{after}"]
        self.programs = [self.name, f"{before}g++-{version}"]
        # Programs to put into PATH. The libc packages bring programs too, such as ldd, which must not
        # hide those of the host.
        self.wanted = rf"({self.triplet}-)?(cpp|g\+\+|gcc|gcov)(-|$)|pahole$"
        self.suite = suite

    def is_hosts(self):
        return all(shutil.which(name) for name in self.programs)

    def version(self):
        """Returns a text that identifies the compiler; a part of the cache key of a built kernel"""
        if self.is_hosts():
            return output_of(self.name, "--version")
        return self.suite.fields(self.package)["Version"]

    def folder(self):
        # PATH separates folders by colons, and a version with an epoch has a colon.
        return cache_folder() / "compilers" / self.folder_name() / self.version().replace(":", "-")

    def folder_name(self):
        return self.name

    def environment(self):
        """Returns environment variables that a build needs, besides PATH"""
        return {}

    def fill(self, libraries, log, progress):
        """Unpacks the compiler and the packages in @libraries, if not done yet; returns the folder"""
        folder = self.folder()
        done = folder / "done"
        # A build may be using the compiler while libraries are added: make another one, then swap them.
        new = folder.with_name(f"{folder.name}.new")
        with locked(folder.parent, f"kernel: waiting for the process that is fetching {self.name}"):
            known = done.read_text().split() if done.exists() else []
            if done.exists() and set(libraries) <= set(known):
                return folder
            libraries = sorted({*known, *libraries})
            shutil.rmtree(new, ignore_errors=True)
            new.mkdir()
            try:
                self.make(new, libraries, log, progress)
                (new / "done").write_text(" ".join(libraries))
                if folder.exists():
                    folder.rename(new / "old")
                new.rename(folder)
            except BaseException:
                shutil.rmtree(new, ignore_errors=True)
                raise
            shutil.rmtree(folder / "old", ignore_errors=True)
        return folder

    def make(self, folder, libraries, log, progress):
        debs = self.suite.download([*self.packages, *self.WITH_IT, *libraries], folder / "debs",
                                   log, progress, dependencies=True)
        # bind() needs patchelf. Take Debian 12's: version 0.18 breaks programs that are not
        # position-independent, and GCC's are not.
        patchelf, = BOOKWORM.download(["patchelf"], folder / "patchelf", log, progress)
        for deb in debs:
            run(["dpkg", "-x", deb, folder], log,
                lambda: progress.show(f"unpacking {self.name}"))
        run(["dpkg", "-x", patchelf, folder / "patchelf"], log, lambda: None)
        shutil.rmtree(folder / "debs")
        # Packages of Debian 12 have libraries in /lib, a link to /usr/lib on an installed system.
        if (folder / "lib").exists():
            shutil.copytree(folder / "lib", folder / "usr/lib", symlinks=True, dirs_exist_ok=True)
            shutil.rmtree(folder / "lib")
        self.bind([folder / "usr/bin", folder / "usr/libexec", folder / "usr/lib/gcc",
                   folder / "usr/lib/gcc-cross", *folder.glob("usr/lib/llvm-*/bin")], log, progress, folder)
        (folder / "bin").mkdir()
        for program in (folder / "usr/bin").iterdir():
            if re.match(self.wanted, program.name) or \
               os.path.basename(os.path.realpath(program)).startswith(f"{self.triplet}-"):
                (folder / "bin" / program.name).symlink_to(Path("../usr/bin") / program.name)

    def bind(self, folders, log, progress, place=None):
        """
        Patches the programs below @folders to use the dynamic linker and libraries of the compiler's folder;
        @place is the folder in which the compiler is being made
        """
        place = place or self.folder()
        libraries = "usr/lib/x86_64-linux-gnu"
        linker = f"{libraries}/ld-linux-x86-64.so.2"
        programs = [Path(folder) / name for top in folders
                    for folder, _, names in os.walk(top) for name in names]
        programs = [path for path in programs
                    if not path.is_symlink() and path.is_file() and has_interpreter(path)]
        run([place / linker, "--library-path", place / libraries, place / "patchelf/usr/bin/patchelf",
             "--set-interpreter", self.folder() / linker, "--force-rpath", "--set-rpath", self.folder() / libraries,
             *programs], log,
            lambda: progress.show(f"binding programs to the libraries of {self.suite.name}"))


class WithRust(Compiler):
    """
    GCC with rustc, bindgen and the source of Rust's library. Never the host's: whether a rustc can
    build the kernel's crates does not follow from its version
    """

    RUST = ["rustc", "bindgen"]
    WITH_IT = [*Compiler.WITH_IT, *RUST, "rust-src"]

    def __init__(self, version, suite):
        super().__init__(version, suite)
        self.wanted += r"|(rustc|bindgen)$"

    def is_hosts(self):
        return False

    def version(self):
        return "-".join([super().version(), *(self.suite.fields(name)["Version"] for name in self.RUST)])

    def folder_name(self):
        return f"{self.name}-rust"

    def environment(self):
        return {"LIBCLANG_PATH": str(next(self.folder().glob("usr/lib/llvm-*/lib")))}


class Clang(Compiler):
    """A version of clang, with clang-tidy"""

    WITH_IT = []
    triplet = AMD64.triplet
    wanted = r"clang(\+\+|-tidy)?-\d+$"

    def __init__(self, version, suite, config):
        self.config = config
        self.name = self.package = f"clang-{version}"
        self.packages = self.programs = [self.name, f"clang-tidy-{version}"]
        self.suite = suite

    def find(self):
        """Makes the programs available in PATH; fetches them if the host lacks them"""
        if self.is_hosts():
            return
        progress = Progress(self.name)
        log = cache_folder() / "compilers" / f"{self.name}.log"
        try:
            folder = self.fill([], log, progress)
        except PackagesUnknown:
            self.suite.update()
            folder = self.fill([], log, progress)
        finally:
            progress.done()
        log.unlink(missing_ok=True)
        os.environ["PATH"] += f":{folder / 'bin'}"

    def command(self):
        return [self.name.replace("clang", "clang++"), f"--config=scripts/{self.config}"]


CLANGS = {"19": Clang(19, BOOKWORM, "clang.cfg"), "22": Clang(22, TRIXIE, "clang-22.cfg")}
GCC_12 = Compiler(12, BOOKWORM)
GCC_12_ARM64 = Compiler(12, BOOKWORM, ARM64)
GCC_14 = Compiler(14, TRIXIE)
GCC_14_ARM64 = Compiler(14, TRIXIE, ARM64)
GCC_14_RUST = WithRust(14, TRIXIE)
GCC_16 = Compiler(16, SID)
