/* SPDX-License-Identifier: GPL-2.0 */
/*
 * initializer.hpp - a structure of the kernel's, filled in at compile time
 *
 * What `static struct platform_driver driver = { .probe = probe };` is in C, for a
 * structure that C++ knows by layout.def alone. Glue: none
 */
#pragma once

#include <stddef.h>

#include <kxx/layout.hpp>

namespace kxx {

namespace detail {

/* One word of a structure: a value of any of the types. */
template <typename... Types> union Word;
template <typename Last> union Word<Last> {
	constexpr explicit Word(Last last) : value(last) {}

	Last value;
};
template <typename First, typename... Rest> union Word<First, Rest...> {
	constexpr Word() : value() {}
	constexpr explicit Word(First first) : value(first) {}
	template <typename T> constexpr explicit Word(T rest_value) : rest(rest_value) {}

	First value;
	Word<Rest...> rest;
};

} // namespace detail

/**
 * Initializer - a struct C that begins as zeroes, with the members that are set
 * @Pointers: the types of the pointers that can be set
 *
 * Made by a consteval function, then a constinit object, const if the kernel does
 * not write to it. Context: any.
 *
 *     static consteval auto make()
 *     {
 *             Initializer<dev_pm_ops, int (*)(struct device *)> pm;
 *
 *             pm.set(KXX_OFFSETOF_dev_pm_ops_suspend, suspend);
 *             return pm;
 *     }
 *     static constexpr auto pm = make();
 */
template <typename C, typename... Pointers> class Initializer {
	using Word = detail::Word<unsigned long, const void *, Pointers...>;

public:
	consteval Initializer() = default;

	/** set - the pointer at @offset */
	template <typename T> consteval void set(size_t offset, T *pointer)
	{
		words_[offset / sizeof(Word)] = Word(pointer);
	}

	/** set_number - the number at @offset, all else in that word being 0 */
	consteval void set_number(size_t offset, unsigned long number)
	{
		words_[offset / sizeof(Word)] = Word(number << 8 * (offset % sizeof(Word)));
	}

	/** get - the structure, as C knows it */
	C *get()
	{
		// SAFETY: the words have C's own size and alignment, measured by
		// kbuild/layout.c; the kernel is built with -fno-strict-aliasing.
		return reinterpret_cast<C *>(words_);
	}
	const C *get() const
	{
		// SAFETY: as above.
		return reinterpret_cast<const C *>(words_);
	}

private:
	static_assert(sizeof(Word) == sizeof(long) && alignof(Word) >= Layout<C>::align &&
			      Layout<C>::size % sizeof(Word) == 0,
		      "a structure with a member wider than a word");

	Word words_[Layout<C>::size / sizeof(Word)];
};

} // namespace kxx
