#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# sparse accepts -Werror but exits with 0 after a warning
#
# sparse takes the compiler's options, so a script that passes -Werror to both expects sparse to fail on a
# warning. sparse ignores -Werror without a message; its own option for this is -Wsparse-error.

# shellcheck source=findings/lib.sh
. "$(dirname "$0")/lib.sh"

unpack sparse bookworm sparse=0.6.4-3
echo 'void *nothing(void); void *nothing(void) { return 0; }' | file sparse zero.c
status() {
	inside sparse sparse "$1" zero.c > /dev/null 2>&1 && echo 0 || echo $?
}
found "sparse $(inside sparse sparse --version 2>&1)" 'status 1 with -Werror' 'status 0 with -Werror, 1 with -Wsparse-error' \
	"status $(status -Werror) with -Werror, $(status -Wsparse-error) with -Wsparse-error"
