# SPDX-License-Identifier: GPL-2.0
"""Unpacks packages and their dependencies into the cache"""

import shutil

from kxx.debian import PackagesUnknown
from kxx.process import Progress, cache_folder, locked, run


class Unpacked:
    """@packages of @suite, unpacked in the cache as @name/VERSION, the version of the first package"""

    def __init__(self, suite, packages, name):
        self.suite = suite
        self.packages = packages
        self.root = cache_folder() / name

    def folder(self):
        """Returns the folder; fetches the packages if they are missing"""
        try:
            return self.ensure()
        except PackagesUnknown as unknown:
            unknown.suite.update()
            return self.ensure()

    def ensure(self):
        folder = self.root / self.suite.fields(self.packages[0])["Version"]
        with locked(self.root, f"waiting for the process that is fetching {self.packages[0]}"):
            if not (folder / "done").exists():
                shutil.rmtree(folder, ignore_errors=True)
                folder.mkdir()
                try:
                    self.fill(folder)
                    (folder / "done").touch()
                except BaseException:
                    shutil.rmtree(folder, ignore_errors=True)
                    raise
        return folder

    def fill(self, folder):
        log = self.root / "log"
        progress = Progress(self.packages[0])
        try:
            for deb in self.suite.download(self.packages, folder / "debs", log, progress,
                                           dependencies=True):
                run(["dpkg", "-x", deb, folder], log, lambda: progress.show("unpacking"))
        finally:
            progress.done()
        log.unlink()
        shutil.rmtree(folder / "debs")
