#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# kunit.py prints that a suite crashed, and exits with 0, if the kernel panics after the suite's last case
#
# A suite's exit function, a kernel thread that the last case left behind, or the next suite's init can end the kernel
# when all cases of the suite have passed. The log then lacks the suite's own result. kunit.py shows [CRASHED] for the
# suite and counts an error, but takes the status from the results of the cases alone. A panic inside of a case gives
# status 1. So does a log in which all cases are skipped.

# shellcheck source=findings/lib.sh
. "$(dirname "$0")/lib.sh"

version=7.3.4-1~bpo13+1
unpack kernel 'trixie trixie-backports' "linux-source-7.3=$version" python3-minimal=3.13.5-1 libpython3-stdlib=3.13.5-1 \
	xz-utils tar
inside kernel tar --extract --file=/usr/src/linux-source-7.3.tar.xz --wildcards --strip-components=1 \
	'*/tools/testing/kunit/*.py' '*/Kbuild' '*/COPYING' '*/CREDITS' '*/MAINTAINERS' '*/Makefile' '*/README'
# Prints "SUITE-STATUS, exit with STATUS" of kunit.py, for a log that ends after the lines in the arguments.
verdict() { # LINE...
	{
		printf '%s\n' 'KTAP version 1' '1..1' '    KTAP version 1' '    # Subtest: suite' '    1..2' '    ok 1 first'
		printf '%s\n' "$@"
	} | file kernel log
	if said=$(inside kernel python3 tools/testing/kunit/kunit.py parse /tmp/log); then status=0; else status=$?; fi
	echo "$(printf '%s\n' "$said" | sed -n 's/.*=* \(\[[A-Z]*\]\) suite .*/\1/p'), status $status"
}
panic='Kernel panic - not syncing: Fatal exception'
found "kunit.py of Linux $version" 'status 1 after each panic' \
	'panic in the last case: [CRASHED], status 1; after it: [CRASHED], status 0; no panic: [PASSED], status 0' \
	"panic in the last case: $(verdict "$panic"); after it: $(verdict '    ok 2 second' "$panic"); no panic: $(
		verdict '    ok 2 second' 'ok 1 suite')"
