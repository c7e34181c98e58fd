# SPDX-License-Identifier: GPL-2.0
"""Patterns for the disassembly that objdump prints, by architecture"""

from typing import NamedTuple

from kxx.claims import output
from kxx.architecture import AMD64, ARM64


class Instructions(NamedTuple):
    objdump: str
    # A call or jump, conditional or not, up to its target.
    branch: str
    relocation: str
    # Bytes from a relocation of a branch to the end of the instruction.
    behind: int
    comment: str
    # Instructions that pad functions, or start each function (endbr64, ftrace's nops).
    padding: str
    # Functions that the kernel's options have every function call; not counted as calls.
    no_calls: str
    atomic: str

    def disassemble(self, options, path):
        return output(self.objdump, options, "--no-show-raw-insn", path)


INSTRUCTIONS = {
    AMD64: Instructions(
        objdump="objdump",
        branch=r"(?:bnd |notrack )*(?:call|j[a-z]+)\s+",
        relocation="R_X86_64", behind=4, comment="#",
        padding=r"(data16 )*(cs )?nop[wl]?|int3|xchg +%ax,%ax|endbr64",
        no_calls=r"__fentry__|__x86_return_thunk|__stack_chk_fail",
        atomic=r"lock |xchg .*\("),
    ARM64: Instructions(
        objdump="aarch64-linux-gnu-objdump",
        branch=r"(?:bl?|b\.\w+|cbn?z|tbn?z)\s+(?:\S+, )*",
        relocation="R_AARCH64", behind=0, comment="//",
        padding=r"nop|bti|udf|\.(word|inst)",
        no_calls=r"__stack_chk_fail",
        # LSE atomics. The kernel also has LL/SC code, and selects one of the two at boot.
        atomic=r"(cas|swp|ld(add|clr|eor|set)|st(add|clr|eor|set))[alhb]*\s"),
}


def instructions(kernel):
    """Returns the Instructions of the test kernel @kernel"""
    return INSTRUCTIONS[ARM64 if "-arm64" in kernel else AMD64]
