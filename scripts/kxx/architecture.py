# SPDX-License-Identifier: GPL-2.0
"""What differs between the architectures of the test kernels"""

from typing import NamedTuple


class Architecture(NamedTuple):
    name: str  # Debian's
    triplet: str
    image: str
    emulator: str
    machine: tuple  # of QEMU
    cpu: str
    parameters: tuple  # of the kernel
    console: str
    # The second serial port, for a command's output, and the QEMU option that adds it.
    output: str
    output_port: tuple


AMD64 = Architecture(
    name="amd64", triplet="x86_64-linux-gnu", image="bzImage",
    emulator="qemu-system-x86_64", machine=(), cpu="max",
    # no_timer_check: it counts ticks, and panics on a busy machine.
    parameters=("tsc=reliable", "lpj=8000000", "no_timer_check"),
    console="ttyS0", output="ttyS1", output_port=("-serial", "chardev:output"))

ARM64 = Architecture(
    name="arm64", triplet="aarch64-linux-gnu", image="Image",
    emulator="qemu-system-aarch64", machine=("-machine", "virt"),
    # Signed pointers by an algorithm of QEMU's own: the architecture's is slow to emulate.
    cpu="max,pauth-impdef=on", parameters=(),
    console="ttyAMA0", output="ttyS0", output_port=("-device", "pci-serial,chardev=output"))

# User-Mode Linux is a program of this machine.
UML = AMD64._replace(image="linux", emulator=None)

ARCHITECTURES = AMD64, ARM64, UML
