#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# GCC does not destroy what a braced initialiser has built when a statement expression in it returns
#
# A macro that returns early on an error, such as Rust's "?" spelled as a statement expression, may stand
# wherever an expression may. C++ destroys the members that are already built when control leaves the
# initialiser. GCC 12 leaves them alive, and has no warning; clang 19 destroys them. So an owner in such
# a list leaks what it owns. The return is a GNU extension: the standard says nothing of it.

# shellcheck source=findings/lib.sh
. "$(dirname "$0")/lib.sh"

unpack gcc bookworm g++-12=12.2.0-14+deb12u1
file gcc owners.cc << 'END'
#include <cstdio>
static int alive;
struct Owner {
	Owner() { alive++; }
	~Owner() { alive--; }
	Owner(const Owner &) = delete;
};
struct Pair {
	Owner first;
	int second;
};
static int build(bool fails)
{
	Pair pair{ {}, ({ if (fails) return -1; 2; }) };
	return pair.second;
}
int main()
{
	build(true);
	printf("%d", alive);
}
END
inside gcc g++-12 -Wall -Wextra -Werror -Wno-pedantic -static -o owners owners.cc
found "$(inside gcc g++-12 --version | head -n 1)" '0 owners alive, or a warning' \
	'1 owners alive' "$(inside gcc ./owners) owners alive"
