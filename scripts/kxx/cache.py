# SPDX-License-Identifier: GPL-2.0
"""Cache of the test kernels: makes a kernel that is missing, removes old versions"""

import contextlib
import os
import shutil

from kxx.debian import PackagesUnknown
from kxx.kernels import KERNELS
from kxx.process import Failure, Progress, cache_folder, locked


class Cache:
    """Cache folder of the kernel @name"""

    def __init__(self, name):
        self.name = name
        self.kernel = KERNELS[name]
        self.root = cache_folder() / "kernels" / name

    def folder(self):
        """Returns the folder of the kernel's current version; it need not exist yet"""
        return self.root / self.kernel.key(self.version())

    @staticmethod
    def complete(folder):
        # The file "release" is written last. "bin" links to the compiler's cache folder, which
        # may have been removed since.
        return (folder / "release").exists() and \
            ((folder / "bin").exists() or not (folder / "bin").is_symlink())

    def version(self):
        """Returns the package's version; asks apt only if its lists have changed since the last time"""
        known = self.root / "version"
        lists = self.kernel.suite.state()
        with contextlib.suppress(FileNotFoundError, ValueError):
            version, seen = known.read_text().split()
            if seen == lists:
                return version
        version = self.kernel.version()
        new = known.with_name(f"version.{os.getpid()}")
        new.write_text(f"{version} {lists}\n")
        new.replace(known)
        return version

    def fill(self):
        """Makes the kernel if it is missing; returns its folder"""
        folder = self.folder()
        if self.complete(folder):
            return folder
        with locked(self.root, f"kernel {self.name}: waiting for the process that is making it"):
            folder = self.folder()
            if not self.complete(folder):
                self.make(folder)
                self.remove_all_but(folder)
        return folder

    def make(self, folder):
        log = self.root / "log"
        log.unlink(missing_ok=True)
        progress = Progress(f"kernel {self.name}")
        # Keep a kernel that lacks only its compiler: a build takes half an hour.
        keep = (folder / "release").exists() and not self.kernel.compiler.is_hosts()
        try:
            progress.show("asking apt what to download")
            if keep:
                self.kernel.add_compiler(folder, log, progress)
            else:
                shutil.rmtree(folder, ignore_errors=True)
                folder.mkdir()
                release = self.kernel.make(folder, log, progress)
                (folder / "release.new").write_text(release + "\n")
                (folder / "release.new").rename(folder / "release")
            log.unlink(missing_ok=True)
        except BaseException as error:
            if not isinstance(error, Failure):
                log.unlink(missing_ok=True)
            # A second ^C may interrupt the removal; make() then removes the folder next time,
            # since it has no file "release".
            if not keep:
                progress.show("removing what is half-made")
                shutil.rmtree(folder, ignore_errors=True)
            raise
        finally:
            progress.done()

    def remove_all_but(self, folder):
        for other in self.root.iterdir():
            if other.is_dir() and other != folder:
                shutil.rmtree(other, ignore_errors=True)


def ensure(name):
    cache = Cache(name)
    cache.root.mkdir(parents=True, exist_ok=True)
    updated = []
    while True:
        try:
            return cache.fill()
        except PackagesUnknown as unknown:
            # A kernel for arm64 needs two suites: its own and the host's, for tools. Update
            # each suite once, and give up if packages are still unknown.
            if unknown.suite in updated:
                raise
            unknown.suite.update()
            updated.append(unknown.suite)
