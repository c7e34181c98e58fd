/* SPDX-License-Identifier: GPL-2.0 */
/*
 * words.hpp - what user space wrote to a file of several words, one word after the other
 */
#pragma once

#include <kxx/base/err.hpp>
#include <kxx/glue/types.h>

namespace cxxnull {

/**
 * Words - borrows a text and goes through its words, which white space separates
 *
 * A line ends the words, and so does '#': what is behind it is for people to read.
 * Context: any.
 *
 *     Words words("read nth=3 medium");
 *     if (words.take("read"))
 *             u64 nth = KXX_TRY(words.take_number("nth="));
 */
class Words {
public:
	explicit Words(const char *text) : text_(text) { skip(); }

	/** at_end - whether no word of the line is left */
	bool at_end() const { return !*text_ || *text_ == '\n' || *text_ == '#'; }
	/** next_line - to the first word of the next line that has one; false if there is none */
	bool next_line();

	/** take - goes on behind the next word if it is @word */
	bool take(const char *word);
	/** take_prefix - goes on within the next word if that begins with @prefix */
	bool take_prefix(const char *prefix);
	/**
	 * take_number - a decimal number from here to @end, or to the end of the word; -EINVAL,
	 *               -ERANGE if it is more than a u64 holds
	 */
	kxx::Result<u64> take_number(char end = ' ');

	/** rest - from the next word on */
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

} // namespace cxxnull
