/* SPDX-License-Identifier: GPL-2.0 */
/*
 * err.hpp - Errno, an error number; Result, a value or an error number
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
 * Errno - An error number of the kernel, never 0
 *
 * Return it without C's minus sign: `return ENOMEM;`. to_errno() returns the negative
 * int that C functions return. Context: any.
 */
class [[nodiscard]] Errno {
public:
	/**
	 * from_errno - Makes an Errno from the error code of a C function
	 * @err: -MAX_ERRNO to -1
	 * @function: the caller's name, for the warning
	 *
	 * A value outside that range is a bug of the caller: it causes a WARN() with @function,
	 * and becomes EIO. If the value is a constant, the call does not compile with clang, nor
	 * in a constant expression with GCC.
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
		/*
		 * Tells clang's analyzer, which does not follow constexpr objects, that this is
		 * not 0.
		 */
		if (!errno_)
			__builtin_unreachable();
		return errno_;
	}

	friend constexpr bool operator==(Errno, Errno) = default;

private:
	template <typename T> friend class Result;

	constexpr explicit Errno(int err) : errno_(err) {}

	/* Deliberately not constexpr: a bad value in a constant expression must not compile. */
	[[gnu::noinline]] static __cold int not_an_error(int err, const char *function)
	{
		kxx_warn("kxx: BUG: %s() makes an error of %d, which is none\n", function, err);
		return -KXX_EIO;
	}

	int errno_;
};

namespace detail {

/* Tells the compiler that @err is 0 or an errno, which removes the check of from_errno(). */
constexpr int known_errno(int err)
{
	// SAFETY: callers pass only results of kernel functions that return 0 or -MAX_ERRNO to -1.
	if (err > 0 || err < -4095)
		__builtin_unreachable();
	return err;
}

} // namespace detail

inline constexpr Errno EACCES = Errno::from_errno(-KXX_EACCES);
inline constexpr Errno EAGAIN = Errno::from_errno(-KXX_EAGAIN);
inline constexpr Errno EBUSY = Errno::from_errno(-KXX_EBUSY);
inline constexpr Errno EEXIST = Errno::from_errno(-KXX_EEXIST);
inline constexpr Errno EFAULT = Errno::from_errno(-KXX_EFAULT);
inline constexpr Errno EINTR = Errno::from_errno(-KXX_EINTR);
inline constexpr Errno EINVAL = Errno::from_errno(-KXX_EINVAL);
inline constexpr Errno EIO = Errno::from_errno(-KXX_EIO);
inline constexpr Errno ENAMETOOLONG = Errno::from_errno(-KXX_ENAMETOOLONG);
inline constexpr Errno ENODEV = Errno::from_errno(-KXX_ENODEV);
inline constexpr Errno ENOENT = Errno::from_errno(-KXX_ENOENT);
inline constexpr Errno ENOMEM = Errno::from_errno(-KXX_ENOMEM);
inline constexpr Errno ENOSPC = Errno::from_errno(-KXX_ENOSPC);
inline constexpr Errno ENOSYS = Errno::from_errno(-KXX_ENOSYS);
inline constexpr Errno ENOTTY = Errno::from_errno(-KXX_ENOTTY);
inline constexpr Errno ENXIO = Errno::from_errno(-KXX_ENXIO);
inline constexpr Errno EOPNOTSUPP = Errno::from_errno(-KXX_EOPNOTSUPP);
inline constexpr Errno EOVERFLOW = Errno::from_errno(-KXX_EOVERFLOW);
inline constexpr Errno EPERM = Errno::from_errno(-KXX_EPERM);
inline constexpr Errno EPROBE_DEFER = Errno::from_errno(-KXX_EPROBE_DEFER);
inline constexpr Errno ERANGE = Errno::from_errno(-KXX_ERANGE);
inline constexpr Errno ERESTARTSYS = Errno::from_errno(-KXX_ERESTARTSYS);
inline constexpr Errno EROFS = Errno::from_errno(-KXX_EROFS);
inline constexpr Errno ETIMEDOUT = Errno::from_errno(-KXX_ETIMEDOUT);
inline constexpr Errno ETOOMANYREFS = Errno::from_errno(-KXX_ETOOMANYREFS);

/**
 * Result - A T, or the errno that says why there is no T
 *
 * Owns the T. Stands for C's int or ERR_PTR() return value. Code that ignores a returned
 * Result does not compile. Context: any.
 *
 *     Result<Box<Disk>> disk = Box<Disk>::make(GFP_KERNEL);
 *     if (!disk)
 *             return disk.error();
 *     use(std::move(disk).value());
 *
 * KXX_TRY(Box<Disk>::make(GFP_KERNEL)) does the same in one line. Test with if, as above: clang
 * refuses `disk ? std::move(disk).value() : ...`, since it does not follow the state through ?:.
 * A Result can be returned before or after the test. Do not return one whose value was moved out:
 * clang does not tell that state from that of a failure.
 */
template <typename T> class [[nodiscard]] KXX_CONSUMABLE(unknown) KXX_RETURNED_IN_ANY_STATE Result {
	static_assert(!std::is_reference_v<T>, "a Result has no reference: return a pointer");

public:
	/* Implicit, unless T has its own conversion operator to Result<T>, as drm::Node has. */
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
	/* Clang refuses to drop a Result if it refuses to drop a T. */
	~Result()
		requires(requires { &T::operator Result<T>; })
	KXX_CALLABLE_WHEN("consumed", "unknown")
	KXX_NO_THREAD_SAFETY_ANALYSIS
	{
		if (!errno_)
			value_.~T();
	}

	explicit operator bool() const &KXX_TEST_TYPESTATE(unconsumed) { return !errno_; }
	/* `if (in.kstrtobool())` would be true for the value false. */
	explicit operator bool() const &&
		requires(std::is_same_v<T, bool>)
	= delete;

	/** error - Returns the errno; BUG() if there is a value */
	Errno error() const
	{
		if (!errno_)
			bug();
		return Errno{ errno_ };
	}

	/** value - Moves the value out; BUG() if there is none */
	T value() && KXX_CALLABLE_WHEN("unconsumed") KXX_SET_TYPESTATE(consumed)
	{
		if (errno_)
			bug();
		return std::move(value_);
	}

private:
	/*
	 * The analyzer destroys value_ even if no T was built: let it find zeroes (KXX_FORGET()).
	 */
	void not_built()
	{
#ifdef KXX_ANALYZE
		// NOLINTNEXTLINE(bugprone-sizeof-expression): T may be a pointer.
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

/** Result<void> - Success, or an errno */
template <> class [[nodiscard]] Result<void> {
public:
	constexpr Result() = default;
	constexpr Result(Errno error) : errno_(error.to_errno()) {}

	/** from_errno - Makes a Result of what a C function returned: 0, or -MAX_ERRNO to -1 */
	static constexpr Result from_errno(int err, const char *function = __builtin_FUNCTION())
		KXX_DIAGNOSE_IF(err > 0 || err < -4095, "from_errno() of what is not an error")
	{
		return err ? Result(Errno::from_errno(err, function)) : Result();
	}

	constexpr explicit operator bool() const { return !errno_; }
	constexpr int to_errno() const { return errno_; }

	/** error - Returns the errno; BUG() on success */
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

/* Makes a Result of @err without a check: only for functions that return 0 or an errno. */
constexpr Result<void> known_result(int err)
{
	Result<void> result;

	result.errno_ = err;
	return result;
}

} // namespace detail

/*
 * KXX_TRY - Evaluates to the value of @expr, a Result, or returns its errno from this function
 *
 * Must be a macro, since a function cannot return from its caller. value() is called outside
 * the ({ }), where clang's analysis can see the state of the result.
 *
 * Use it as an argument of a call or as the whole initial value of a variable. The build
 * (kbuild/check-try) refuses it in a braced initialiser, in a lambda's capture and in an
 * aggregate that is built with ( ). There, GCC does not destroy the members, elements or
 * captures that were already built when KXX_TRY returns, so the objects that they own would
 * leak. Take the value first:
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
 * clang's analyzer does not track the value of ({ }), and assumes that a return inside it
 * destroys the variable that is being initialised, which is not built yet. So the analyzer is
 * shown only the path on which @expr succeeds.
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
