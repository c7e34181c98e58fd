# SPDX-License-Identifier: GPL-2.0
"""herd7, which knows the kernel's memory model; only the newest suite of Debian has it"""

import re
import shutil

from kxx.claims import run
from kxx.debian import SID, PackagesUnknown
from kxx.process import Failure, Progress, cache_folder, kernel_folder, locked
from kxx.process import run as run_logged

PACKAGE = "herdtools7"


def unpack(folder):
    progress = Progress(PACKAGE)
    log = folder.parent / "log"
    folder.mkdir()
    try:
        for deb in SID.download([PACKAGE], folder / "debs", log, progress, dependencies=True):
            run_logged(["dpkg", "-x", deb, folder], log, lambda: progress.show("unpacking"))
        shutil.rmtree(folder / "debs")
        (folder / "done").touch()
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    finally:
        progress.done()


def folder_of_herd():
    """Where it is unpacked, and stays"""
    root = cache_folder() / "tools"
    with locked(root, f"waiting for the one who fetches {PACKAGE}"):
        have = sorted(root.glob(f"{PACKAGE}-*/done"))
        if not have:
            try:
                version = SID.fields(PACKAGE)["Version"]
            except PackagesUnknown:
                SID.update()
                version = SID.fields(PACKAGE)["Version"]
            folder = root / f"{PACKAGE}-{version}"
            shutil.rmtree(folder, ignore_errors=True)
            unpack(folder)
            return folder
        return have[-1].parent


def observe(test, kernel):
    """Never, Sometimes or Always, in all executions of the file @test that the model of @kernel allows"""
    herd = folder_of_herd()
    libraries = herd / "usr/lib/x86_64-linux-gnu"
    # With the libraries beside it: it is newer than the host.
    status, lines = run(libraries / "ld-linux-x86-64.so.2", "--library-path", libraries, herd / "usr/bin/herd7",
                        "-set-libdir", herd / "usr/share/herdtools7/herd", "-conf", "linux-kernel.cfg", test,
                        cwd=kernel_folder(kernel) / "source/tools/memory-model")
    found = re.search(r"^Observation \S+ (\w+)", "\n".join(lines), re.M)
    if status or not found:
        raise Failure(f"herd7 comes to its end with {test.name}", lines)
    return found[1]
