# SPDX-License-Identifier: GPL-2.0
"""What the kernel of a guest logs, and which of it reports that something is wrong

A data race between two accesses of the kernel's own is not ours to mend.
"""

import re
import time

# Reports of the kernel that fail a test.
REPORTS = re.compile(
    r"""WARNING:|\bBUG\b|\bOops\b|Call\ Trace|cut\ here
    |INFO:\ (possible|task|trying|rcu)|inconsistent\ lock\ state
    |possible\ circular|suspicious\ RCU|DEBUG_LOCKS_WARN|KASAN|KCSAN|KFENCE|UBSAN
    |ODEBUG:|kmemleak:\ \d+\ new|refcount_t:|unregister_netdevice:\ waiting
    |sleeping\ function\ called|scheduling\ while\ atomic|general\ protection\ fault
    |list_(add|del)\ corruption|detected\ stalls?|Kernel\ panic""",
    re.VERBOSE,
)

# QEMU's TCG may run a breakpoint that the kernel, patching its code while it boots, has
# already taken away: the code in the report then has no int3 (cc) before the next
# instruction. Seen with QEMU 7.2.
GONE_BREAKPOINT = re.compile(r"Oops: int3:(?:(?!Code:).)*Code:(?: [0-9a-f]{2})* (?!cc)[0-9a-f]{2} <", re.DOTALL)

# The kernel counts the TSC while the PIT runs down. If QEMU loses the CPU just after the PIT was set, the count is
# too low, and the guest's clock too fast: 7 to 58 times, in 10 of 24 boots at a load of 20. The kernel sees that the
# HPET disagrees, and takes the PIT's value. In such a guest a short wait for a CPU looks like a stall. So a boot
# whose clock is more than 1.5 times too fast is given up.
BOOTED_AT = re.compile(r"\[ *([\d.]+)\] kxx-vm: booted\n")

# A function on a stack of User-Mode Linux, which says nowhere that it is the last.
FRAME = re.compile(r"\] +\[<[0-9a-f]+>\]")

# The first function of each access of a data race, which ends with a module's name if that made it.
# Modules are only those under test.
ACCESS = re.compile(r"(?:read|write).* to 0x\w+ of \d+ bytes by .*\n(?:(?!.*\+0x).*\n)*(.*\+0x.*)")
RULE = "=" * 20

# Lines of a report that may come before the one it is known by: between the kernel's reason and its call
# trace User-Mode Linux has words of the stack.
BEFORE = 8


def end_of_kernels_race(lines, number):
    """The last line of the report of a data race that begins at @number, if no module made an access"""
    if "BUG: KCSAN" not in lines[number]:
        return None
    end = next((i for i in range(number, len(lines)) if RULE in lines[i]), len(lines) - 1)
    accesses = ACCESS.findall("\n".join(lines[number:end]))
    return None if not accesses or any(access.rstrip().endswith("]") for access in accesses) else end


class Console:
    """The kernel's log as it comes, and what guest-init says in it; its times are real if @has_clock"""

    def __init__(self, path, has_clock=True):
        self.text = ""
        self.started = time.monotonic() if has_clock else None
        self.clock_runs_away = False
        self.copy = open(path, "w") if path else None

    def feed(self, data):
        """Takes in what came; returns whether guest-init is done."""
        new = data.decode(errors="replace").replace("\r", "")
        last_line = self.text.rfind("\n") + 1
        self.text += new
        if self.copy:
            self.copy.write(new)
            self.copy.flush()
        if self.started and (booted := BOOTED_AT.search(self.text, last_line)):
            self.clock_runs_away = float(booted[1]) > 1.5 * (time.monotonic() - self.started)
        return self.clock_runs_away or self.said("(status|cannot load) .*", last_line)

    def said(self, pattern, since=0):
        return re.compile(rf"kxx-vm: {pattern}\n").search(self.text, since)

    def since_boot(self):
        booted = self.said("booted")
        return self.text[booted.end() :] if booted else ""

    def emulator_failed(self):
        """How QEMU failed the boot, if it did, before anything of ours ran in it"""
        if not self.said("booted") and GONE_BREAKPOINT.search(self.text):
            return "the emulator ran code that is not there any more"
        return "the guest's clock runs too fast" if self.clock_runs_away else None

    def tail(self):
        return self.text.splitlines()[-20:]

    def first_report(self, allowed):
        """The first report that @allowed does not match in its first lines"""
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
        """The last line of the report that is seen at @number: its stack trace, if it has one"""
        # User-Mode Linux prints each word of the stack that may be a return address.
        for end in range(number, min(number + 200, len(lines))):
            last_frame = FRAME.search(lines[end]) and not FRAME.search("".join(lines[end + 1:end + 2]))
            if last_frame or "</TASK>" in lines[end]:
                more = range(end, min(end + 10, len(lines)))
                return max((i for i in more if "---[ end trace" in lines[i]), default=end)
            if end > number and "cut here" in lines[end]:
                break
        return number
