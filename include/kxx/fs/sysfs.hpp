/* SPDX-License-Identifier: GPL-2.0 */
/*
 * sysfs.hpp - text that an attribute shows, and text that is stored in it
 * Wraps <linux/sysfs.h> and <linux/kstrtox.h>. Glue: glue/fs/sysfs.h
 */
#pragma once

#include <type_traits>
#include <utility>

#include <kxx/base/annotations.hpp>
#include <kxx/base/err.hpp>
#include <kxx/glue/fs/sysfs.h>
#include <kxx/base/layout.hpp>
#include <kxx/base/string.hpp>
#include <kxx/sync/context.hpp>

namespace kxx {

namespace detail {

constexpr bool same_name(const char *a, const char *b)
{
	while (*a && *a == *b) {
		a++;
		b++;
	}
	return *a == *b;
}

/* Used for checks at compile time: sysfs refuses a group in which two names are the same. */
template <typename... Names> consteval bool names_differ(Names... names)
{
	const char *const all[] = { names... };

	for (size_t i = 0; i < sizeof...(names); i++)
		for (size_t j = 0; j < i; j++)
			if (same_name(all[i], all[j]))
				return false;
	return true;
}

} // namespace detail

/**
 * SysfsBuffer - The destination of a show(): a page, which cannot overflow
 *
 * Valid until the callback returns. Context: process.
 *
 *     static void size_show(const Disk &disk, SysfsBuffer &buffer)
 *     {
 *             buffer.emit("%llu\n", disk.size());
 *     }
 */
class SysfsBuffer {
public:
	explicit SysfsBuffer(char *page) : page_(page) {}
	SysfsBuffer(const SysfsBuffer &) = delete;
	SysfsBuffer &operator=(const SysfsBuffer &) = delete;

	/** emit - sysfs_emit_at(): appends formatted text */
	[[gnu::format(printf, 2, 3)]] void emit(const char *fmt, ...)
	{
		va_list args;

		va_start(args, fmt);
		length_ += kxx_sysfs_emit_at(page_, length_, fmt, args);
		va_end(args);
	}

	/** append - Appends @size bytes of @text, or as many as fit: a page has a NUL at its end */
	void append(const char *text, size_t size)
	{
		const size_t room = KXX_PAGE_SIZE - 1 - static_cast<size_t>(length_);

		if (size > room)
			size = room;
		memcpy(page_ + length_, text, size);
		length_ += static_cast<int>(size);
	}

	/** length - Returns the length of the text in bytes */
	int length() const { return length_; }

private:
	friend class BadBlocks;

	/*
	 * Serves C functions that fill the whole page: @f(char *page) writes the text and returns
	 * its length. The buffer must be empty before, since @f overwrites it.
	 */
	template <typename F> void fill(F &&f) { length_ = f(page_); }

	char *page_;
	int length_ = 0;
};

/**
 * SysfsInput - The string that user space has written to an attribute, perhaps with a newline
 *
 * Valid until the callback returns. Context: process.
 *
 *     static Result<void> depth_store(const Disk &disk, const SysfsInput &input)
 *     {
 *             *disk.depth.lock() = KXX_TRY(input.kstrtouint());
 *             return {};
 *     }
 */
class SysfsInput {
public:
	explicit SysfsInput(const char *text) : text_(text) {}
	SysfsInput(const SysfsInput &) = delete;
	SysfsInput &operator=(const SysfsInput &) = delete;

	/** kstrtouint - kstrtouint(): -EINVAL if it is no number, -ERANGE if it is too large */
	Result<unsigned int> kstrtouint(unsigned int base = 0) const
	{
		unsigned int value = 0;

		KXX_TRY(detail::known_result(::kstrtouint(text_, base, &value)));
		return value;
	}

	/** kstrtoul, kstrtoull - The same for these types */
	Result<unsigned long> kstrtoul(unsigned int base = 0) const
	{
		return static_cast<unsigned long>(KXX_TRY(kstrtoull(base)));
	}
	Result<unsigned long long> kstrtoull(unsigned int base = 0) const
	{
		unsigned long long value = 0;

		KXX_TRY(detail::known_result(::kstrtoull(text_, base, &value)));
		return value;
	}

	/** kstrtobool - kstrtobool(): words such as y, n, 1, 0, on and off; otherwise -EINVAL */
	Result<bool> kstrtobool() const
	{
		bool value = false;

		KXX_TRY(detail::known_result(::kstrtobool(text_, &value)));
		return value;
	}

	/** sysfs_streq - sysfs_streq(): true if the input is @text, with or without a newline */
	bool sysfs_streq(const char *text) const { return ::sysfs_streq(text_, text); }

	/**
	 * text - Returns the whole input, valid until store() returns
	 *
	 * Copy the text to keep it. Clang refuses to return the pointer from the function that has
	 * the SysfsInput, but does not refuse to store it elsewhere.
	 */
	const char *text() const KXX_LIFETIMEBOUND { return text_; }

private:
	const char *text_;
};

namespace detail {

/* The T of a show(): a function, a lambda or a const method of T. Void for a wrong signature. */
template <typename Show> struct DataOfShow {
	using type = void;
};
template <typename T, bool is_noexcept>
struct DataOfShow<void (*)(const T &, SysfsBuffer &) noexcept(is_noexcept)> {
	using type = T;
};
template <typename T, bool is_noexcept>
struct DataOfShow<void (T::*)(SysfsBuffer &) const noexcept(is_noexcept)> {
	using type = T;
};
template <typename Lambda>
	requires std::is_class_v<Lambda> && requires(Lambda lambda) { +lambda; }
struct DataOfShow<Lambda> : DataOfShow<decltype(+std::declval<Lambda>())> {};

/* The same for a store(). */
template <typename Store> struct DataOfStore {
	using type = void;
};
template <typename T, bool is_noexcept>
struct DataOfStore<Result<void> (*)(const T &, const SysfsInput &) noexcept(is_noexcept)> {
	using type = T;
};
template <typename T, bool is_noexcept>
struct DataOfStore<Result<void> (T::*)(const SysfsInput &) const noexcept(is_noexcept)> {
	using type = T;
};
template <typename Lambda>
	requires std::is_class_v<Lambda> && requires(Lambda lambda) { +lambda; }
struct DataOfStore<Lambda> : DataOfStore<decltype(+std::declval<Lambda>())> {};

/* Calls @callback, a show() or a store(). */
template <auto callback, typename Data, typename Text>
auto call_attribute(const Data &data, Text &&text) KXX_MAY_SLEEP
{
	if constexpr (std::is_member_function_pointer_v<decltype(callback)>)
		return (data.*callback)(text);
	else
		return callback(data, text);
}

} // namespace detail

} // namespace kxx
