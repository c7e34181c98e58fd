#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# pahole 1.32 exits with status 0 when it cannot encode a C++ reference and writes no BTF
#
# kbuild runs pahole to encode BTF from the debug info of a module. pahole gives up on a function that takes
# a C++ reference. pahole 1.24 then exits with status 1, and the build fails. pahole 1.32 prints the same
# error but exits with 0, so the build continues with a module without BTF.

# shellcheck source=findings/lib.sh
. "$(dirname "$0")/lib.sh"

unpack old bookworm pahole=1.24-4.1 g++-12=12.2.0-14+deb12u1
unpack new sid pahole=1.32-1

file old reference.cc << 'END'
int twice(int &value) { return value += value; }
END
inside old g++-12 -g -c reference.cc
cp "$folder/old/tmp/reference.o" "$folder/new/tmp"

encode() { # NAME
	status=0
	inside "$1" pahole -J reference.o > "$folder/said" 2>&1 || status=$?
	cp "$folder/$1/tmp/reference.o" "$folder/old/tmp/encoded.o"
	inside old objdump -h encoded.o > "$folder/sections"
	echo "status $status, $(grep -c '\.BTF' "$folder/sections" || true) BTF sections"
}
found "pahole $(inside old pahole --version) and $(inside new pahole --version)" 'not status 0 without BTF' \
	'1.24: status 1, 0 BTF sections; 1.32: status 0, 0 BTF sections' "1.24: $(encode old); 1.32: $(encode new)"
