#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# The verifier that spin generates (pan) exits with 0 after it has found an error
#
# A test that checks only the exit status of ./pan never fails. Also, a search that stops at its maximum
# depth reports "errors: 0"; only a line "max search depth too small" tells that the search is incomplete.

# shellcheck source=findings/lib.sh
. "$(dirname "$0")/lib.sh"

unpack spin bookworm spin=6.5.2+dfsg-1 gcc=4:12.2.0-3 dash=0.5.12-2 libc6-dev
echo 'active proctype wrong() { assert(false) }' | file spin wrong.pml
# The assertion fails at the end of a path that is longer than the maximum depth.
echo 'byte n; active proctype deep() { do :: n < 200 -> n++ :: else -> break od; assert(false) }' | file spin deep.pml
# Prints the status of the verifier and its count of errors.
verify() { # MODEL OPTION...
	model=$1
	shift
	inside spin spin -a "$model" > /dev/null
	inside spin gcc -o pan pan.c 2> /dev/null
	status=0
	said=$(inside spin ./pan "$@") || status=$?
	echo "status $status, $(echo "$said" | sed -n 's/.*\(errors: [0-9]*\).*/\1/p')"
}
found "$(inside spin spin -V)" 'another status than 0; an error for a search that was cut short' \
	'wrong: status 0, errors: 1; cut short: status 0, errors: 0' \
	"wrong: $(verify wrong.pml); cut short: $(verify deep.pml -m50)"
