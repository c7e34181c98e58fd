# SPDX-License-Identifier: GPL-2.0
"""Properties of the architectures of the test kernels"""

from typing import NamedTuple


class Architecture(NamedTuple):
    name: str  # as Debian calls the architecture
    triplet: str
    image: str
    emulator: str
    machine: tuple  # QEMU options
    cpu: str
    parameters: tuple  # kernel parameters
    console: str
    # The second serial port, which carries the output of the command, and its QEMU options.
    output: str
    output_port: tuple


AMD64 = Architecture(
    name="amd64", triplet="x86_64-linux-gnu", image="bzImage",
    emulator="qemu-system-x86_64", machine=(), cpu="max",
    # no_timer_check: the check panics if it sees too few timer ticks, as it does on a busy host.
    parameters=("tsc=reliable", "lpj=8000000", "no_timer_check"),
    console="ttyS0", output="ttyS1", output_port=("-serial", "chardev:output"))

ARM64 = Architecture(
    name="arm64", triplet="aarch64-linux-gnu", image="Image",
    emulator="qemu-system-aarch64", machine=("-machine", "virt"),
    # pauth-impdef: sign pointers by QEMU's own algorithm; the architected one is slow to emulate.
    cpu="max,pauth-impdef=on", parameters=(),
    console="ttyAMA0", output="ttyS0", output_port=("-device", "pci-serial,chardev=output"))

# User-Mode Linux runs as a process of the host, without an emulator.
UML = AMD64._replace(image="linux", emulator=None)

ARCHITECTURES = AMD64, ARM64, UML
