/* SPDX-License-Identifier: GPL-2.0 */
/*
 * err.hpp - a value or an errno
 * Mirrors <linux/err.h> and <linux/errno.h>. Glue: none
 */
#pragma once

#include <new>
#include <type_traits>
#include <utility>

#include <kxx/base/annotations.hpp>
#include <kxx/base/printk.hpp>
#include <kxx/base/layout.hpp>

namespace kxx {

template <typename T> class Result;

/**
 * Errno - one of the kernel's error numbers, never 0
 *
 * Return it without C's minus sign: `return ENOMEM;`. to_errno() gives the negative
 * int that C functions return. Context: any.
 */
class Errno {
public:
	/**
	 * from_errno - @err as a C function returned it: -MAX_ERRNO to -1
	 *
	 * Any other value is a mistake of the caller, and becomes EIO after a WARN() that names
	 * @function, the caller. A constant of another value does not compile: clang refuses
	 * each, GCC those in a constant expression.
	 */
	static constexpr Errno from_errno(int err, const char *function = __builtin_FUNCTION())
		KXX_DIAGNOSE_IF(err >= 0 || err < -4095, "from_errno() of what is not an error")
	{
		if (static_cast<unsigned int>(err) < -4095u) [[unlikely]]
			err = not_an_error(err, function);
		return Errno{ err };
	}

	constexpr int to_errno() const
	{
		/* Clang's analyzer does not know the value of a constexpr object. */
		if (!errno_)
			__builtin_unreachable();
		return errno_;
	}

	friend constexpr bool operator==(Errno, Errno) = default;

private:
	template <typename T> friend class Result;

	constexpr explicit Errno(int err) : errno_(err) {}

	/* Not constexpr: a constant expression that comes here does not compile. */
	[[gnu::noinline]] static __cold int not_an_error(int err, const char *function)
	{
		kxx_warn("kxx: BUG: %s() makes an error of %d, which is none\n", function, err);
		return -KXX_EIO;
	}

	int errno_;
};

namespace detail {

/* @err of a function that is known to return 0 or an errno: its check costs nothing. */
constexpr int known_errno(int err)
{
	// SAFETY: the function that @err came from is the kernel's, and returns no other.
	if (err > 0 || err < -4095)
		__builtin_unreachable();
	return err;
}

} // namespace detail

inline constexpr Errno EAGAIN = Errno::from_errno(-KXX_EAGAIN);
inline constexpr Errno EBUSY = Errno::from_errno(-KXX_EBUSY);
inline constexpr Errno EEXIST = Errno::from_errno(-KXX_EEXIST);
inline constexpr Errno EFAULT = Errno::from_errno(-KXX_EFAULT);
inline constexpr Errno EINTR = Errno::from_errno(-KXX_EINTR);
inline constexpr Errno EINVAL = Errno::from_errno(-KXX_EINVAL);
inline constexpr Errno EIO = Errno::from_errno(-KXX_EIO);
inline constexpr Errno ENAMETOOLONG = Errno::from_errno(-KXX_ENAMETOOLONG);
inline constexpr Errno ENODEV = Errno::from_errno(-KXX_ENODEV);
inline constexpr Errno ENOMEM = Errno::from_errno(-KXX_ENOMEM);
inline constexpr Errno ENOSPC = Errno::from_errno(-KXX_ENOSPC);
inline constexpr Errno EOPNOTSUPP = Errno::from_errno(-KXX_EOPNOTSUPP);
inline constexpr Errno EOVERFLOW = Errno::from_errno(-KXX_EOVERFLOW);
inline constexpr Errno EPROBE_DEFER = Errno::from_errno(-KXX_EPROBE_DEFER);
inline constexpr Errno ERANGE = Errno::from_errno(-KXX_ERANGE);
inline constexpr Errno ERESTARTSYS = Errno::from_errno(-KXX_ERESTARTSYS);
inline constexpr Errno ETIMEDOUT = Errno::from_errno(-KXX_ETIMEDOUT);
inline constexpr Errno ETOOMANYREFS = Errno::from_errno(-KXX_ETOOMANYREFS);

/**
 * Result - T, or the errno that says why there is none
 *
 * Owns the T. What C returns as an int or an ERR_PTR(). Must be looked at: a
 * Result that is dropped unread does not compile. Context: any.
 *
 *     Result<Box<Disk>> disk = Box<Disk>::make(GFP_KERNEL);
 *     if (!disk)
 *             return disk.error();
 *     use(std::move(disk).value());
 *
 * or, the same in one line, KXX_TRY(Box<Disk>::make(GFP_KERNEL)).
 */
template <typename T> class [[nodiscard]] KXX_CONSUMABLE(unknown) Result {
public:
	/* Implicit, unless T itself converts: see drm::Node. */
	explicit(requires { &T::operator Result<T>; }) Result(T value) : value_(std::move(value)) {}
	Result(Errno error) : errno_(error.to_errno()) { not_built(); }
	Result(Result &&other) : errno_(other.errno_)
	{
		if (!errno_)
			new (&value_) T(std::move(other.value_));
		else
			not_built();
	}
	Result(const Result &) = delete;
	Result &operator=(const Result &) = delete;
	Result &operator=(Result &&) = delete;
	~Result() KXX_NO_THREAD_SAFETY_ANALYSIS
	{
		if (!errno_)
			value_.~T();
	}
	/* If a T must not be dropped, a Result with a T must not be dropped either. */
	~Result()
		requires(requires { &T::operator Result<T>; })
	KXX_CALLABLE_WHEN("consumed", "unknown")
	KXX_NO_THREAD_SAFETY_ANALYSIS
	{
		if (!errno_)
			value_.~T();
	}

	explicit operator bool() const KXX_TEST_TYPESTATE(unconsumed) { return !errno_; }

	/** error - the errno; BUG() if there is a value */
	Errno error() const
	{
		if (!errno_)
			bug();
		return Errno{ errno_ };
	}

	/** value - moves the value out; BUG() if there is none */
	T value() && KXX_CALLABLE_WHEN("unconsumed") KXX_SET_TYPESTATE(consumed)
	{
		if (errno_)
			bug();
		return std::move(value_);
	}

private:
	/* For KXX_FORGET(): it destroys a value that was never built, too. */
	void not_built()
	{
#ifdef KXX_ANALYZE
		// NOLINTNEXTLINE(bugprone-sizeof-expression): a T that is a pointer.
		__builtin_memset(static_cast<void *>(&value_), 0, sizeof(T));
#endif
	}

	int errno_ = 0;
	union {
		T value_;
	};
};

namespace detail {

constexpr Result<void> known_result(int err);

} // namespace detail

/** Result<void> - success, or an errno */
template <> class [[nodiscard]] Result<void> {
public:
	constexpr Result() = default;
	constexpr Result(Errno error) : errno_(error.to_errno()) {}

	/** from_errno - @err as a C function returned it: 0, or what Errno::from_errno() takes */
	static constexpr Result from_errno(int err, const char *function = __builtin_FUNCTION())
		KXX_DIAGNOSE_IF(err > 0 || err < -4095, "from_errno() of what is not an error")
	{
		return err ? Result(Errno::from_errno(err, function)) : Result();
	}

	constexpr explicit operator bool() const { return !errno_; }
	constexpr int to_errno() const { return errno_; }

	/** error - the errno; BUG() on success */
	Errno error() const
	{
		if (!errno_)
			bug();
		return Errno{ errno_ };
	}
	constexpr void value() && {}

private:
	friend constexpr Result<void> detail::known_result(int err);

	int errno_ = 0;
};

namespace detail {

/* As known_errno(): the Result of a function that returns 0 or an errno, without a check. */
constexpr Result<void> known_result(int err)
{
	Result<void> result;

	result.errno_ = err;
	return result;
}

} // namespace detail

/*
 * KXX_TRY - the value of @expr, or return its errno from this function
 * A macro, since only a macro can return from its caller. value() stands outside
 * the ({ }), where clang's analysis sees what comes out.
 *
 * Allowed wherever a call's argument or a variable's whole value can stand. Refused by
 * the build (kbuild/check-try) in a braced initialiser, in a capture of a lambda and in
 * an aggregate that is built with ( ): GCC does not destroy the members, elements or
 * captures that were built before it returns, so what they own would be lost. Take the
 * value first:
 *
 *     auto rx = KXX_TRY(Box<Ring>::make(GFP_KERNEL));
 *     auto tx = KXX_TRY(Box<Ring>::make(GFP_KERNEL));
 *     return Rings{ std::move(rx), std::move(tx) };
 */
#ifndef KXX_ANALYZE
#define KXX_TRY(expr)                                                                              \
	({                                                                                         \
		auto kxx_result_ = (expr);                                                         \
		if (!kxx_result_)                                                                  \
			return kxx_result_.error();                                                \
		std::move(kxx_result_);                                                            \
	}).value()
#else
/*
 * clang's analyzer does not track the value of ({ }), and assumes that a return within it
 * destroys the variable that is being initialised. So it sees only the path on which @expr
 * succeeds.
 */
#define KXX_TRY(expr) ::kxx::detail::succeeds(expr)

namespace detail {

template <typename T> T succeeds(Result<T> result)
{
	if (!result)
		__builtin_unreachable();
	return std::move(result).value();
}

} // namespace detail
#endif

} // namespace kxx
