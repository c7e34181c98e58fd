#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# GCC 12 ignores -fwhole-program when the result of link-time optimisation is relocatable
#
# A kernel module is linked with "ld -r". Link-time optimisation of such a link is requested with
# -r -flinker-output=nolto-rel. With -fwhole-program only functions marked externally_visible should then
# stay global symbols. GCC 12 keeps every function global and does not warn; GCC 14 obeys.
# -flinker-output=exec works with both: GCC optimises for a final link, and ld -r still writes a relocatable file.

# shellcheck source=findings/lib.sh
. "$(dirname "$0")/lib.sh"

unpack twelve bookworm gcc-12=12.2.0-14+deb12u1
unpack fourteen trixie gcc-14=14.2.0-19

symbols() { # NAME COMPILER
	file "$1" helper.c << 'END'
int helper(int value) { return value * 7 + 1; }
END
	file "$1" entry.c << 'END'
int helper(int);
__attribute__((externally_visible)) int entry(int value) { return helper(value) + helper(value + 2); }
END
	inside "$1" "$2" -O2 -flto -c helper.c entry.c
	inside "$1" "$2" -O2 -flto -fwhole-program -nostdlib -r -flinker-output=nolto-rel -o both.o helper.o entry.o
	inside "$1" nm both.o | sed -n 's/.* T //p' | sort | tr '\n' ' '
}
found "$(inside twelve gcc-12 --version | head -n 1), $(inside fourteen gcc-14 --version | head -n 1)" \
	'entry alone is global, with both' 'GCC 12: entry helper ; GCC 14: entry ' \
	"GCC 12: $(symbols twelve gcc-12); GCC 14: $(symbols fourteen gcc-14)"
