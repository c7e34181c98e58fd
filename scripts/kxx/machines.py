# SPDX-License-Identifier: GPL-2.0
"""Command lines that start a guest, in QEMU or as User-Mode Linux"""

import os

from kxx.process import output_of

# CPU features for fast "rep movs" that only newer versions of QEMU emulate. A kernel uses them if it finds them,
# and QEMU counts each byte as an instruction. With --icount they are off, so that all versions count the same.
NEWER_MOVES = "fsrm", "fsrs", "fsrc", "fzrm"


class Qemu:
    """A machine in QEMU, emulated unless KXX_ACCEL selects another accelerator"""

    def __init__(self, options, kernel):
        self.options = options
        self.kernel = kernel
        self.accel = os.environ.get("KXX_ACCEL", "tcg")
        self.described = self.accel.upper()

    def command(self, archive):
        options, machine = self.options, self.kernel.architecture
        append = [f"console={machine.console}", "loglevel=4", "panic=-1", "printk.devkmsg=on"]
        append += [*machine.parameters, "cryptomgr.notests"]  # a third of the boot is tests of crypto
        if not options.log_must_match:
            append.append("oops=panic")  # after an oops the guest may hang until the timeout
        cpu = options.cpu or ("host" if self.accel == "kvm" else machine.cpu)
        if options.icount:
            known = output_of(machine.emulator, "-cpu", "help").split()
            cpu = ",".join([cpu, *(f"{move}=off" for move in NEWER_MOVES if move in known)])
        command = [machine.emulator, *machine.machine, "-accel", self.accel, "-cpu", cpu, *options.qemu]
        command += ["-nodefaults", "-no-user-config", "-display", "none", "-no-reboot"]
        command += ["-m", options.memory, "-smp", str(options.smp)]
        if options.icount:
            # Switch off all other randomness between two boots.
            append += ["nokaslr", "norandmaps", "randomize_kstack_offset=off"]
            command += ["-icount", "shift=0,sleep=off", "-seed", "1"]
            command += ["-rtc", "base=2026-01-01,clock=vm"]
        append += options.append
        command += ["-kernel", str(self.kernel.image), "-initrd", f"/dev/fd/{archive}"]
        return command + ["-append", " ".join(append)]

    def ports(self, console, output):
        """Returns options for two serial ports that write to these file descriptors"""
        return ["-chardev", f"file,id=console,path=/dev/fd/{console}", "-serial", "chardev:console",
                "-chardev", f"file,id=output,path=/dev/fd/{output}", *self.kernel.architecture.output_port]

    @staticmethod
    def terminal():
        """Returns options that connect the console to this terminal"""
        return ["-chardev", "stdio,id=terminal,mux=on,signal=off",
                "-serial", "chardev:terminal", "-mon", "chardev=terminal"]


class UserMode:
    """A kernel of ARCH=um, which runs as a process of the host"""

    described = "user mode"

    def __init__(self, options, kernel, folder):
        self.options = options
        self.kernel = kernel
        # User-Mode Linux writes its process id into a file in uml_dir.
        self.folder = folder

    def command(self, archive):
        command = [str(self.kernel.image), "quiet", "noreboot", f"uml_dir={self.folder}/", f"initrd=/dev/fd/{archive}"]
        # ncpus > 1 requires seccomp=on. 6.12 has neither and ignores both.
        command += [f"mem={self.options.memory}", f"ncpus={self.options.smp}", "seccomp=on", "con=null", "ssl=null"]
        command += ["console=ttyS0", "loglevel=4", "printk.devkmsg=on"]
        if not self.options.log_must_match:
            command.append("oops=panic")
        return command + self.options.append

    @staticmethod
    def ports(console, output):
        return [f"ssl0=null,fd:{console}", f"ssl1=null,fd:{output}"]

    @staticmethod
    def terminal():
        return ["ssl0=fd:0,fd:1"]
