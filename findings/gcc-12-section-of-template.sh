#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# GCC 12 ignores the section of a function template, without a warning
#
# __init, __exit and noinstr are section attributes. On a function template they have no effect in GCC 12:
# the instantiation is put into .text. On an ordinary function they work. In GCC 14 they work on both.

# shellcheck source=findings/lib.sh
. "$(dirname "$0")/lib.sh"

unpack gcc bookworm g++-12=12.2.0-14+deb12u1
file gcc section.cc << 'END'
#define MINE __attribute__((section(".mine"), noinline))
template <typename T> MINE T of_template(T value) { asm volatile(""); return value; }
MINE int of_function(int value) { asm volatile(""); return value; }
int caller(int value) { return of_template(value) + of_function(value); }
END
inside gcc g++-12 -O2 -Wall -Wextra -Werror -c section.cc
found "$(inside gcc g++-12 --version | head -n 1)" 'both functions in .mine, or a warning' 'int of_template<int>(int) is in .text' \
	"$(inside gcc objdump -tC section.o | sed -n 's/.* F \([^ 	]*\)	[0-9a-f]* *\(.hidden \)*\(.*of_template.*\)/\3 is in \1/p' |
		sed 's/\.text\..*/.text/')"
