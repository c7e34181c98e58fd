# SPDX-License-Identifier: GPL-2.0
"""herd7, which knows the kernel's memory model; only the newest suite of Debian has it"""

import re

from kxx.claims import run
from kxx.debian import SID
from kxx.process import Failure, kernel_folder
from kxx.unpacked import Unpacked

HERD = Unpacked(SID, ["herdtools7"], "tools/herdtools7")


def observe(test, kernel):
    """Never, Sometimes or Always, in all executions of the file @test that the model of @kernel allows"""
    herd = HERD.folder()
    libraries = herd / "usr/lib/x86_64-linux-gnu"
    # With the libraries beside it: it is newer than the host.
    status, lines = run(libraries / "ld-linux-x86-64.so.2", "--library-path", libraries, herd / "usr/bin/herd7",
                        "-set-libdir", herd / "usr/share/herdtools7/herd", "-conf", "linux-kernel.cfg", test,
                        cwd=kernel_folder(kernel) / "source/tools/memory-model")
    found = re.search(r"^Observation \S+ (\w+)", "\n".join(lines), re.M)
    if status or not found:
        raise Failure(f"herd7 comes to its end with {test.name}", lines)
    return found[1]
