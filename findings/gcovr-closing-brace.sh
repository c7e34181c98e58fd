#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# gcovr 5.2 counts the line of a closing brace if it ran, and leaves it out if it did not
#
# GCC attributes the return of a void function, and the destructors at the end of a C++ block, to the line of the closing
# brace. gcov counts such a line like any other. gcovr 5.2 takes a line with only a brace for code if its count is above
# 0, and for no code if the count is 0. So each function that did not run makes the total smaller, and the share of lines
# that ran is higher than gcov's. gcovr 8.7 prints the same as gcov.

# shellcheck source=findings/lib.sh
. "$(dirname "$0")/lib.sh"

unpack old bookworm gcovr=5.2-1 gcc=4:12.2.0-3 libc6-dev python3
unpack new sid gcovr=8.7-1 gcc libc6-dev python3
# Prints the lines that ran and all lines, first by gcov and then by gcovr.
lines() { # NAME
	file "$1" once.c <<- 'END'
		static int sum;
		static void runs(void)
		{
			sum++;
		}
		void never(void)
		{
			sum--;
		}
		int main(void)
		{
			runs();
			return 0;
		}
	END
	inside "$1" gcc --coverage -O0 -c once.c
	inside "$1" gcc --coverage once.o -o once
	inside "$1" ./once
	echo "gcov $(inside "$1" gcov once.c | sed -n 's/^Lines executed://p' | head -n 1)," \
		"gcovr $(inside "$1" python3 /usr/bin/gcovr --root /tmp --txt - 2> "$folder/said" |
			sed -n 's/^once\.c *\([0-9]*\) *\([0-9]*\) .*/\2 of \1/p')"
}
found "gcovr 5.2-1 and 8.7-1" '6 of 9 (66.67%), by gcov and both versions of gcovr' \
	'5.2: gcov 66.67% of 9, gcovr 6 of 8; 8.7: gcov 66.67% of 9, gcovr 6 of 9' "5.2: $(lines old); 8.7: $(lines new)"
