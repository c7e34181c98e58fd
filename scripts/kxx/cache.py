# SPDX-License-Identifier: GPL-2.0
"""The folders that the test kernels are kept in"""

import contextlib
import os
import shutil

from kxx.debian import PackagesUnknown
from kxx.kernels import KERNELS
from kxx.process import Failure, Progress, cache_folder, locked


class Cache:
    """The folders of one NAME: the finished one, and what is on its way"""

    def __init__(self, name):
        self.name = name
        self.kernel = KERNELS[name]
        self.root = cache_folder() / "kernels" / name

    def folder(self):
        """Where the kernel belongs, whether it is there or not"""
        return self.root / self.kernel.key(self.version())

    @staticmethod
    def complete(folder):
        # The release is written last. A compiler may have gone since.
        return (folder / "release").exists() and \
            ((folder / "bin").exists() or not (folder / "bin").is_symlink())

    def version(self):
        """The package's version, without asking apt as long as its lists are the same"""
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
        """Makes the kernel if it is not there, returns its folder"""
        folder = self.folder()
        if self.complete(folder):
            return folder
        with locked(self.root, f"kernel {self.name}: waiting for the one who is making it"):
            folder = self.folder()
            if not self.complete(folder):
                self.make(folder)
                self.remove_all_but(folder)
        return folder

    def make(self, folder):
        log = self.root / "log"
        log.unlink(missing_ok=True)
        shutil.rmtree(folder, ignore_errors=True)
        progress = Progress(f"kernel {self.name}")
        folder.mkdir()
        try:
            progress.show("asking apt what to download")
            release = self.kernel.make(folder, log, progress)
            (folder / "release.new").write_text(release + "\n")
            (folder / "release.new").rename(folder / "release")
            log.unlink()
        except BaseException as error:
            if not isinstance(error, Failure):
                log.unlink(missing_ok=True)
            # A second ^C may end this: what has no release is removed next time
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
            # A kernel for another architecture has its tools from the host's.
            if unknown.suite in updated:
                raise
            unknown.suite.update()
            updated.append(unknown.suite)
