# SPDX-License-Identifier: GPL-2.0
"""Recognises cold functions in the disassembly of a module"""

import re

from kxx.process import TOP

# Names of all functions that the sources mark __cold. The module does not tell: __cold is empty on
# some kernels, and cold and other code may be in the same section.
NAMES = {name for folder in ("include", "src", "bench") for path in (TOP / folder).rglob("*.[ch]*")
         for name in re.findall(r"__cold\s[^;{}()]*?\b(?!__)(\w+)\(", path.read_text())}


def is_cold(symbol):
    """Returns whether @symbol, mangled or not, is a cold function or the cold part of a function"""
    return bool(re.search(r"\.cold\b", symbol)
                or any(re.match(rf"{name}(\.|$)", symbol) or f"{len(name)}{name}" in symbol
                       or re.search(rf"\b{name}\(", symbol) for name in NAMES))
