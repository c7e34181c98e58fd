/* SPDX-License-Identifier: GPL-2.0 */
/*
 * parser.hpp - splits text that user space writes to a file into words
 */
#pragma once

#include <kxx/base/err.hpp>
#include <kxx/glue/types.h>

namespace cxxnull {

/**
 * Parser - takes one word after another from a text, which it borrows
 *
 * White space separates words. A line has no more words after a '#', which begins a comment.
 * Context: any.
 */
class Parser {
public:
	explicit Parser(const char *text) : text_(text) { skip(); }

	/** at_end - true if the line has no more words */
	bool at_end() const { return !*text_ || *text_ == '\n' || *text_ == '#'; }
	/** next_line - skips to the next line that has a word; false if there is none */
	bool next_line();

	/** take - skips the next word and returns true, if the word is @word */
	bool take(const char *word);
	/** take_prefix - skips @prefix and returns true, if the next word begins with @prefix */
	bool take_prefix(const char *prefix);
	/**
	 * take_number - takes a decimal number and the character @end, which must follow
	 *
	 * If @end is ' ', any end of the word may follow. Returns -EINVAL if the text does not
	 * match, -ERANGE for a number above 2^64 - 1.
	 */
	kxx::Result<u64> take_number(char end = ' ');

	/** rest - returns the text from the next word on */
	const char *rest() const { return text_; }

private:
	static bool is_space(char letter) { return letter == ' ' || letter == '\t'; }
	static bool ends_word(char letter)
	{
		return !letter || is_space(letter) || letter == '\n' || letter == '#';
	}

	void skip()
	{
		while (is_space(*text_))
			text_++;
	}

	const char *text_;
};

inline bool Parser::next_line()
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

inline bool Parser::take_prefix(const char *prefix)
{
	const char *at = text_;

	while (*prefix)
		if (*at++ != *prefix++)
			return false;
	text_ = at;
	return true;
}

inline bool Parser::take(const char *word)
{
	const char *before = text_;

	if (!take_prefix(word) || !ends_word(*text_)) {
		text_ = before;
		return false;
	}
	skip();
	return true;
}

inline kxx::Result<u64> Parser::take_number(char end)
{
	const char *first = text_;
	u64 number = 0;

	for (; *text_ >= '0' && *text_ <= '9'; text_++)
		if (__builtin_mul_overflow(number, 10ull, &number) ||
		    __builtin_add_overflow(number, static_cast<u64>(*text_ - '0'), &number))
			return kxx::ERANGE;
	if (text_ == first)
		return kxx::EINVAL;
	if (*text_ == end)
		text_++;
	else if (!ends_word(*text_) || end != ' ')
		return kxx::EINVAL;
	skip();
	return number;
}

} // namespace cxxnull
