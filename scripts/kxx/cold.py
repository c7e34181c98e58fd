# SPDX-License-Identifier: GPL-2.0
"""Which functions are cold, in the disassembly of a module"""

import re

from kxx.process import TOP

# A kernel's __cold may be empty, and its modules have one section of code.
NAMES = {name for folder in ("include", "src", "bench") for path in (TOP / folder).rglob("*.[ch]*")
         for name in re.findall(r"__cold\s[^;{}()]*?\b(?!__)(\w+)\(", path.read_text())}


def is_cold(symbol):
    """Whether what @symbol names, mangled or not, is cold as a whole, or is the cold part of another"""
    return bool(re.search(r"\.cold\b", symbol)
                or any(re.match(rf"{name}(\.|$)", symbol) or f"{len(name)}{name}" in symbol
                       or re.search(rf"\b{name}\(", symbol) for name in NAMES))
