# SPDX-License-Identifier: GPL-2.0
"""Reads the kernel log of a guest and finds reports (warnings, oopses, KASAN, lockdep, ...) in it

KCSAN reports of data races in which no module takes part are ignored.
"""

import re
import time

# Lines of a report that fails a test.
REPORTS = re.compile(
    r"""WARNING:|\bBUG\b|\bOops\b|Call\ [Tt]race|cut\ here
    |INFO:\ (possible|task|trying|rcu)|inconsistent\ lock\ state
    |possible\ circular|suspicious\ RCU|DEBUG_LOCKS_WARN|KASAN|KCSAN|KFENCE|UBSAN
    |ODEBUG:|kmemleak:\ \d+\ new|memory\ leak\ detector\ disabled|refcount_t:|unregister_netdevice:\ waiting
    |sleeping\ function\ called|scheduling\ while\ atomic|general\ protection\ fault
    |list_(add|del)\ corruption|detected\ stalls?|Kernel\ panic""",
    re.VERBOSE,
)

# Bugs of QEMU's TCG, seen with 7.2. When the kernel patches its code, TCG may still execute an int3 that the kernel has
# already replaced: the code dump of the oops has no int3 (cc) before the marked instruction. And the CPU may have flags
# above bit 21, which no x86 CPU has: TCG then took an operand for the flags that it computes only when they are needed.
EMULATOR_BUGS = {
    "the emulator ran code that is not there any more":
        re.compile(r"Oops: int3:(?:(?!Code:).)*Code:(?: [0-9a-f]{2})* (?!cc)[0-9a-f]{2} <", re.DOTALL),
    "the emulator's CPU had flags that no CPU has":
        re.compile(r"(?:Oops|PANIC): (?:(?!EFLAGS:).)*EFLAGS: (?!00[0-3])[0-9a-f]{8}\n", re.DOTALL),
}

# Exit status of scripts/vm if one of these happened while the command ran.
EMULATOR_FAILED = 120

# The kernel calibrates the TSC against the PIT. If the host is busy, the calibration may fail and the guest's
# clock runs too fast (findings/linux-tsc-of-a-busy-host.sh): 7 to 58 times in 10 of 24 boots at a load of 20. A
# short wait for a CPU then looks like a stall. So a boot whose clock is more than 1.5 times too fast is repeated.
BOOTED_AT = re.compile(r"\[ *([\d.]+)\] kxx-vm: booted\n")

# On a busy host a boot may hang before init runs: 6.1-rt with four CPUs did, once in some 250 boots. It is repeated.
BOOT_SECONDS = 300

# From 7.3 on one CPU may take over the console while another is printing; the line is then printed again.
REPLAYED = re.compile(r".*\n\*\* replaying previous printk message \*\*\n")

# A line of a stack trace, where no line marks the end of the trace: on User-Mode Linux, and on arm64, which writes
# "Call trace:" before it.
FRAME = re.compile(r"\] +\[<[0-9a-f]+>\]")
ARM64_FRAME = re.compile(r"\] +[^ ]+\+0x[0-9a-f]+/0x[0-9a-f]+")

# Finds the first three functions of each access in a KCSAN report: the kernel's function may have been called by a
# module without the lock that it needs. "[MODULE]" follows a function of a module; all modules in the guest are
# under test.
ACCESS = re.compile(r"(?:read|write).* to 0x\w+ of \d+ bytes by .*\n(?:(?!.*\+0x).*\n)*((?:.*\+0x.*(?:\n|$)){1,3})")
RULE = "=" * 20
# The kernel looks without a lock whether a request is busy or a timer active, and checks afterwards. So it races with
# itself whoever calls it: then only the function that makes an access counts.
LOCKLESS = re.compile(r"\b(blk_mq_find_and_get_req|blk_mq_tagset_busy_iter|hrtimer_active)\b")

# Lines to show before a line that matches REPORTS: User-Mode Linux prints words of the stack between the
# reason and "Call Trace".
BEFORE = 8


def end_of_kernels_race(lines, number):
    """Returns the number of the last line of a KCSAN report at @number, if no module took part in the race"""
    if "BUG: KCSAN" not in lines[number]:
        return None
    end = next((i for i in range(number, len(lines)) if RULE in lines[i]), len(lines) - 1)
    accesses = [access.splitlines() for access in ACCESS.findall("\n".join(lines[number:end]))]
    depth = 1 if LOCKLESS.search(lines[number]) else None
    by_module = any(function.endswith("]") for access in accesses for function in access[:depth])
    return end if accesses and not by_module else None


class Console:
    """
    Kernel log of a guest, with the messages of guest-init. It is also written to the files @copies.
    @has_clock: time stamps are in real seconds
    """

    def __init__(self, copies=(), has_clock=True):
        self.text = ""
        self.started = time.monotonic() if has_clock else None
        self.clock_runs_away = False
        self.has_booted = self.never_boots = False
        self.copies = list(copies)

    def feed(self, data):
        """Appends @data to the log; returns whether the guest is done, or its clock unusable"""
        new = data.decode(errors="replace").replace("\r", "")
        last_line = self.text.rfind("\n") + 1
        self.text += new
        for copy in self.copies:
            copy.write(new)
            copy.flush()
        self.has_booted = self.has_booted or bool(self.said("booted", last_line))
        if self.started and (booted := BOOTED_AT.search(self.text, last_line)):
            self.clock_runs_away = float(booted[1]) > 1.5 * (time.monotonic() - self.started)
        return self.clock_runs_away or self.said("(status|cannot load) .*", last_line)

    def said(self, pattern, since=0):
        return re.compile(rf"kxx-vm: {pattern}\n").search(self.text, since)

    def since_boot(self):
        booted = self.said("booted")
        return REPLAYED.sub("", self.text[booted.end() :]) if booted else ""

    def emulator_failed(self):
        """Returns how QEMU failed, if it did"""
        for how, oops in EMULATOR_BUGS.items():
            if oops.search(self.text):
                return how
        if self.never_boots:
            return f"no boot within {BOOT_SECONDS} s"
        return "the guest's clock runs too fast" if self.clock_runs_away else None

    def ran_command(self):
        """Returns whether the command may have begun, or a module been loaded"""
        return self.has_booted and not self.clock_runs_away

    def tail(self):
        return self.text.splitlines()[-20:]

    def first_report(self, allowed):
        """Returns lines of the first report that no regex in @allowed matches near its beginning"""
        lines = self.since_boot().splitlines()
        number = 0
        while number < len(lines):
            if end := end_of_kernels_race(lines, number):
                number = end
            elif REPORTS.search(lines[number]):
                start = max(0, number - BEFORE)
                if not any(re.search(regex, line) for line in lines[start : number + 3]
                           for regex in allowed):
                    return lines[start : number + 60]
                number = self.end_of_report(lines, number)
            number += 1
        return []

    @staticmethod
    def end_of_report(lines, number):
        """Returns the number of the last line of the report at @number, after its stack trace"""
        frame = FRAME
        for end in range(number, min(number + 200, len(lines))):
            if "Call trace:" in lines[end]:
                frame = ARM64_FRAME
            last_frame = frame.search(lines[end]) and not frame.search("".join(lines[end + 1:end + 2]))
            if last_frame or "</TASK>" in lines[end]:
                more = range(end, min(end + 10, len(lines)))
                return max((i for i in more if "---[ end trace" in lines[i]), default=end)
            if end > number and "cut here" in lines[end]:
                break
        return number
