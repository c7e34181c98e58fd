// SPDX-License-Identifier: GPL-2.0
#include "parser.hpp"

using namespace kxx;

namespace cxxnull {

bool Parser::next_line()
{
	do {
		while (*text_ && *text_ != '\n')
			text_++;
		if (!*text_)
			return false;
		text_++;
		skip();
	} while (at_end());
	return true;
}

bool Parser::take_prefix(const char *prefix)
{
	const char *at = text_;

	while (*prefix)
		if (*at++ != *prefix++)
			return false;
	text_ = at;
	return true;
}

bool Parser::take(const char *word)
{
	const char *before = text_;

	if (!take_prefix(word) || !ends_word(*text_)) {
		text_ = before;
		return false;
	}
	skip();
	return true;
}

Result<u64> Parser::take_number(char end)
{
	const char *first = text_;
	u64 number = 0;

	for (; *text_ >= '0' && *text_ <= '9'; text_++)
		if (__builtin_mul_overflow(number, 10ull, &number) ||
		    __builtin_add_overflow(number, static_cast<u64>(*text_ - '0'), &number))
			return ERANGE;
	if (text_ == first)
		return EINVAL;
	if (*text_ == end)
		text_++;
	else if (!ends_word(*text_) || end != ' ')
		return EINVAL;
	skip();
	return number;
}

} // namespace cxxnull
