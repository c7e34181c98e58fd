# SPDX-License-Identifier: GPL-2.0
"""What a kernel runs on: how each machine is started, and what its ports are"""

import os

from kxx.process import output_of

# Moves of memory that the QEMU of Debian 13 has and that of Debian 12 has not. A kernel that finds them uses
# them, and each of their bytes counts as an instruction.
NEWER_MOVES = "fsrm", "fsrs", "fsrc", "fzrm"


class Qemu:
    """A whole machine, emulated unless KXX_ACCEL says otherwise"""

    def __init__(self, options, kernel):
        self.options = options
        self.kernel = kernel
        self.accel = os.environ.get("KXX_ACCEL", "tcg")
        self.described = self.accel.upper()

    def command(self, archive):
        options, machine = self.options, self.kernel.architecture
        append = [f"console={machine.console}", "loglevel=4", "panic=-1", "printk.devkmsg=on"]
        append += [*machine.parameters, "cryptomgr.notests"]  # boots in two thirds of the time
        if not options.log_must_match:
            append.append("oops=panic")  # what follows an oops may hang
        cpu = options.cpu or ("host" if self.accel == "kvm" else machine.cpu)
        if options.icount:
            known = output_of(machine.emulator, "-cpu", "help").split()
            cpu = ",".join([cpu, *(f"{move}=off" for move in NEWER_MOVES if move in known)])
        command = [machine.emulator, *machine.machine, "-accel", self.accel, "-cpu", cpu, *options.qemu]
        command += ["-nodefaults", "-no-user-config", "-display", "none", "-no-reboot"]
        command += ["-m", options.memory, "-smp", str(options.smp)]
        if options.icount:
            # Whatever else could differ between two boots.
            append += ["nokaslr", "norandmaps", "randomize_kstack_offset=off"]
            command += ["-icount", "shift=0,sleep=off", "-seed", "1"]
            command += ["-rtc", "base=2026-01-01,clock=vm"]
        append += options.append
        command += ["-kernel", str(self.kernel.image), "-initrd", f"/dev/fd/{archive}"]
        return command + ["-append", " ".join(append)]

    def ports(self, console, output):
        """The serial ports, which write to these descriptors"""
        return ["-chardev", f"file,id=console,path=/dev/fd/{console}", "-serial", "chardev:console",
                "-chardev", f"file,id=output,path=/dev/fd/{output}", *self.kernel.architecture.output_port]

    @staticmethod
    def terminal():
        """The console is this terminal"""
        return ["-chardev", "stdio,id=terminal,mux=on,signal=off",
                "-serial", "chardev:terminal", "-mon", "chardev=terminal"]


class UserMode:
    """A kernel that is a process of this machine (ARCH=um)"""

    described = "user mode"

    def __init__(self, options, kernel, folder):
        self.options = options
        self.kernel = kernel
        # For its process id.
        self.folder = folder

    def command(self, archive):
        command = [str(self.kernel.image), "quiet", "noreboot", f"uml_dir={self.folder}/", f"initrd=/dev/fd/{archive}"]
        # One CPU more than that is only to be had with seccomp, which 6.12 knows nothing of.
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
