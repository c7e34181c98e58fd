#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# GCC 12 puts a constexpr object into writable memory if it is the first to deduce that type
#
# The arguments of a class template can be deduced: constexpr std::array table { 1, 2, 3 }. The object is as
# constant as one with a written type. But GCC 12 puts it into .data if its own declaration instantiates the class:
# the next object of that type, or one whose type is written, is in .rodata. A linker or a test that trusts const
# does not notice; a stray write to a table of a driver does no longer fault. GCC 14 puts all of them into .rodata.

# shellcheck source=findings/lib.sh
. "$(dirname "$0")/lib.sh"

unpack gcc-12 bookworm g++-12=12.2.0-14+deb12u1
unpack gcc-14 trixie g++-14=14.2.0-19
# Prints the sections of the objects, compiled by g++-VERSION.
sections() { # VERSION
	file "gcc-$1" constants.cc <<- 'END'
		template <typename T> struct Holder {
			T value;
			constexpr Holder(T from) : value(from) {}
		};
		constexpr Holder deduced_first(5L);
		constexpr Holder deduced_again(6L);
		constexpr Holder<int> written_first(7);
		const void *used[] = { &deduced_first, &deduced_again, &written_first };
	END
	inside "gcc-$1" "g++-$1" -std=c++20 -O2 -Wall -Wextra -Werror -c constants.cc
	inside "gcc-$1" objdump -tC constants.o |
		sed -n 's/.* O \([^\t]*\)\t[0-9a-f]* *\(deduced_first\|deduced_again\|written_first\)$/\2 \1/p' | sort | paste -sd ,
}
found "$(inside gcc-12 g++-12 --version | head -n 1); $(inside gcc-14 g++-14 --version | head -n 1)" \
	'all three in .rodata' \
	'12: deduced_again .rodata,deduced_first .data,written_first .rodata; 14: deduced_again .rodata,deduced_first .rodata,written_first .rodata' \
	"12: $(sections 12); 14: $(sections 14)"
