#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# GCC does not destroy the members built so far when a statement expression in a braced initialiser returns
#
# A macro that returns early on an error, like Rust's "?", is a statement expression and can be written inside
# a braced initialiser. When control leaves the initialiser, the members that are already built should be
# destroyed. clang 19 destroys them; GCC 12 does not, and does not warn. So a member that owns memory leaks it.
# Statement expressions are a GNU extension, so the C++ standard does not define this case.

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
