/* SPDX-License-Identifier: GPL-2.0 */
/*
 * initializer.hpp - fills in a structure of the kernel at compile time
 *
 * Does what `static struct platform_driver driver = { .probe = probe };` does in C. C++ knows
 * only the size and the member offsets of such a structure, from layout.def. Glue: none
 */
#pragma once

#include <stddef.h>
#include <type_traits>

#include <kxx/base/layout.hpp>

namespace kxx {

namespace detail {

/* One word of a structure: it can hold a value of any one of @Types. */
template <typename... Types> union WordOf;
template <typename Last> union WordOf<Last> {
	constexpr explicit WordOf(Last last) : value(last) {}

	Last value;
};
template <typename First, typename... Rest> union WordOf<First, Rest...> {
	constexpr WordOf() : value() {}
	constexpr explicit WordOf(First first) : value(first) {}
	template <typename T> constexpr explicit WordOf(T rest_value) : rest(rest_value) {}

	First value;
	WordOf<Rest...> rest;
};

template <typename T>
inline constexpr bool is_callback = std::is_function_v<std::remove_pointer_t<T>>;

/* Type of such a word: a number, an object's address, or any callback type in layout.def. */
template <typename Member>
using WordType =
	std::conditional_t<is_callback<typename Member::type>, typename Member::type, const void *>;
#define KXX_TYPE(name)
#define KXX_MEMBER(structure, member, ...) , WordType<KXX_MEMBER_##structure##_##member>
#define KXX_MEMBER_IF_BLK_DEBUG_FS KXX_MEMBER
#define KXX_CONSTANT(name)
#define KXX_CONFIG(name)
#define KXX_COMPAT(name)
using Word = WordOf<unsigned long, const void *
#include <kxx/base/layout.def>
		    >;
#undef KXX_TYPE
#undef KXX_MEMBER
#undef KXX_MEMBER_IF_BLK_DEBUG_FS
#undef KXX_CONSTANT
#undef KXX_CONFIG
#undef KXX_COMPAT

} // namespace detail

/**
 * Initializer - A struct C whose members are 0 except for those that are set
 *
 * A member is named by its type KXX_MEMBER_structure_member from layout.def, which checks the
 * type of the value; the build checks that the target kernel declares the same type.
 * Build it in a consteval function and store the result in a constinit object, or in a const
 * one if the kernel does not write to the structure. Context: any.
 *
 *     static consteval auto make()
 *     {
 *             Initializer<dev_pm_ops> pm;
 *
 *             pm.set<KXX_MEMBER_dev_pm_ops_suspend>(suspend);
 *             return pm;
 *     }
 *     static constexpr auto pm = make();
 */
template <typename C> class Initializer {
	using Word = detail::Word;

	/* Default for set()'s @Outer: @Member is directly in C, not in a structure inside C. */
	struct Whole {
		using structure = C;
		using type = C;
		static constexpr size_t offset = 0;
	};

public:
	consteval Initializer() = default;

	/** set - Sets a callback; @Outer is the member of C that contains @Member */
	template <typename Member, typename Outer = Whole>
		requires detail::is_callback<typename Member::type>
	consteval void set(typename Member::type callback)
	{
		set_word<Member, Outer>(Word(callback));
	}

	/** set - Sets a pointer; @object must have the C type that the member points to */
	template <typename Member, typename Outer = Whole>
		requires(std::is_pointer_v<typename Member::type> &&
			 !detail::is_callback<typename Member::type>)
	consteval void set(const void *object)
	{
		set_word<Member, Outer>(Word(object));
	}

	/** set - Sets a number; all other bytes of the word that contains the member become 0 */
	template <typename Member, typename Outer = Whole>
		requires(std::is_integral_v<typename Member::type> ||
			 std::is_enum_v<typename Member::type>)
	consteval void set(typename Member::type number)
	{
		constexpr size_t shift = (Outer::offset + Member::offset) % sizeof(Word) * 8;

		set_word<Member, Outer>(Word(static_cast<unsigned long>(number) << shift));
	}

	/** get - Returns the structure for calls of C functions */
	C *get()
	{
		// SAFETY: the words have C's own size and alignment, measured by
		// kbuild/layout.c; the kernel is built with -fno-strict-aliasing.
		return reinterpret_cast<C *>(words_);
	}
	const C *get() const
	{
		// SAFETY: the same as in the other get().
		return reinterpret_cast<const C *>(words_);
	}

private:
	template <typename Member, typename Outer> consteval void set_word(Word word)
	{
		static_assert(std::is_same_v<typename Member::structure, typename Outer::type> &&
				      std::is_same_v<typename Outer::structure, C>,
			      "a member of another structure");

		words_[(Outer::offset + Member::offset) / sizeof(Word)] = word;
	}

	static_assert(sizeof(Word) == sizeof(long) && alignof(Word) >= Layout<C>::align &&
			      Layout<C>::size % sizeof(Word) == 0,
		      "a structure with a member wider than a word");

	Word words_[Layout<C>::size / sizeof(Word)];
};

} // namespace kxx
