#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# clang lists -fno-coroutines, but still compiles coroutines with it
#
# A coroutine returns to its caller when it waits, and keeps its local variables: a lock guard among them keeps
# its lock. So a project with such guards switches coroutines off. "clang --help" lists -fcoroutines, and the
# driver knows -fno-coroutines, as GCC does. GCC then refuses <coroutine> and co_await; clang 19 compiles them,
# and only warns that the argument is unused, which -Qunused-arguments silences. The kernel's way to detect an
# option (does the compiler accept it?) cannot see the difference. Undefining __cpp_impl_coroutine helps:
# libstdc++'s <coroutine> is then an error.

# shellcheck source=findings/lib.sh
. "$(dirname "$0")/lib.sh"

unpack clang trixie clang-19=1:19.1.7-3+b1 g++-14=14.2.0-19
file clang guard.cc << 'END'
#include <coroutine>
#include <cstdio>
static int held;
struct Guard {
	Guard() { held++; }
	~Guard() { held--; }
};
struct Task {
	struct promise_type {
		Task get_return_object() { return {}; }
		std::suspend_never initial_suspend() { return {}; }
		std::suspend_never final_suspend() noexcept { return {}; }
		void return_void() {}
		void unhandled_exception() {}
	};
};
static Task wait()
{
	Guard guard;
	co_await std::suspend_always();
}
int main()
{
	wait();
	printf("%d", held);
}
END
build() { # COMPILER
	if inside clang "$1" -std=c++20 -fno-coroutines -o guard guard.cc 2> "$folder/said"; then
		echo "accepted, $(inside clang ./guard) guard alive after the return"
	else
		echo refused
	fi
}
found "$(inside clang clang++-19 --version | head -n 1)" 'clang: refused; GCC: refused' \
	'clang: accepted, 1 guard alive after the return; GCC: refused' \
	"clang: $(build clang++-19); GCC: $(build g++-14)"
