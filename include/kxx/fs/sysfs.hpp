/* SPDX-License-Identifier: GPL-2.0 */
/*
 * sysfs.hpp - what an attribute shows, and what is stored in it
 * Wraps <linux/sysfs.h> and <linux/kstrtox.h>. Glue: glue/fs/sysfs.h
 */
#pragma once

#include <kxx/base/annotations.hpp>
#include <kxx/base/err.hpp>
#include <kxx/glue/fs/sysfs.h>
#include <kxx/base/layout.hpp>
#include <kxx/base/string.hpp>

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

/* For the attributes of one group: sysfs refuses the second of a name, and probe() fails. */
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
 * SysfsBuffer - what a show() writes to: a page, which never overflows
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

	/** emit - sysfs_emit() the first time, then sysfs_emit_at() behind what is there */
	[[gnu::format(printf, 2, 3)]] void emit(const char *fmt, ...)
	{
		va_list args;

		va_start(args, fmt);
		length_ += kxx_sysfs_emit_at(page_, length_, fmt, args);
		va_end(args);
	}

	/** append - @size bytes of @text after what is there, as many as the page has room for */
	void append(const char *text, size_t size)
	{
		const size_t room = KXX_PAGE_SIZE - static_cast<size_t>(length_);

		if (size > room)
			size = room;
		memcpy(page_ + length_, text, size);
		length_ += static_cast<int>(size);
	}

	/** length - of the text, in bytes */
	int length() const { return length_; }

private:
	friend class BadBlocks;

	/*
	 * For C functions that know of the page's size: @f(char *page) writes the text, and
	 * returns its length; nothing else writes.
	 */
	template <typename F> void fill(F &&f) { length_ = f(page_); }

	char *page_;
	int length_ = 0;
};

/**
 * SysfsInput - what user space has written to an attribute, a string with or without a newline
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

	/** kstrtouint - -EINVAL for what is no number, -ERANGE for one that is too large */
	Result<unsigned int> kstrtouint(unsigned int base = 0) const
	{
		unsigned int value = 0;

		KXX_TRY(Result<void>::from_errno(::kstrtouint(text_, base, &value)));
		return value;
	}

	/** kstrtoul, kstrtoull - the same, of those types */
	Result<unsigned long> kstrtoul(unsigned int base = 0) const
	{
		return static_cast<unsigned long>(KXX_TRY(kstrtoull(base)));
	}
	Result<unsigned long long> kstrtoull(unsigned int base = 0) const
	{
		unsigned long long value = 0;

		KXX_TRY(Result<void>::from_errno(::kstrtoull(text_, base, &value)));
		return value;
	}

	/** kstrtobool - y, n, 1, 0, on, off; -EINVAL for anything else */
	Result<bool> kstrtobool() const
	{
		bool value = false;

		KXX_TRY(Result<void>::from_errno(::kstrtobool(text_, &value)));
		return value;
	}

	/** sysfs_streq - whether it is @text */
	bool sysfs_streq(const char *text) const { return ::sysfs_streq(text_, text); }

	/**
	 * text - all of it, until store() returns
	 *
	 * The page is freed then. Clang refuses to return the pointer past the SysfsInput;
	 * nobody refuses to keep it in the data: copy the text.
	 */
	const char *text() const KXX_LIFETIMEBOUND { return text_; }

private:
	const char *text_;
};

} // namespace kxx
