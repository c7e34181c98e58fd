# SPDX-License-Identifier: GPL-2.0
"""Runs herd7 with the kernel's memory model; only the suite sid of Debian has herd7"""

import re

from kxx.claims import run
from kxx.debian import SID
from kxx.process import Failure, kernel_folder
from kxx.unpacked import Unpacked

HERD = Unpacked(SID, ["herdtools7"], "tools/herdtools7")


def observe(test, kernel):
    """
    Returns whether the condition of the litmus test @test holds Never, Sometimes or Always, by the memory
    model in the source of @kernel
    """
    herd = HERD.folder()
    libraries = herd / "usr/lib/x86_64-linux-gnu"
    # Use the libraries of sid: herd7 needs newer ones than the host's.
    status, lines = run(libraries / "ld-linux-x86-64.so.2", "--library-path", libraries, herd / "usr/bin/herd7",
                        "-set-libdir", herd / "usr/share/herdtools7/herd", "-conf", "linux-kernel.cfg", test,
                        cwd=kernel_folder(kernel) / "source/tools/memory-model")
    found = re.search(r"^Observation \S+ (\w+)", "\n".join(lines), re.M)
    if status or not found:
        raise Failure(f"herd7 comes to its end with {test.name}", lines)
    return found[1]
