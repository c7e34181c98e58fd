/* SPDX-License-Identifier: GPL-2.0 */
/*
 * slab.hpp - memory on the kernel's heap, freed by its owner's destructor
 * Wraps <linux/slab.h>. Glue: glue/mm/slab.h
 *
 * kxx has no operator new, since every allocation must say its gfp flags.
 */
#pragma once

#include <new>
#include <type_traits>
#include <utility>

#include <kxx/base/annotations.hpp>
#include <kxx/sync/context.hpp>
#include <kxx/base/err.hpp>
#include <kxx/glue/mm/slab.h>
#include <kxx/base/layout.hpp>
#include <kxx/base/printk.hpp>

namespace kxx {

namespace detail {

struct GfpConstants;

} // namespace detail

/** GfpModifier - A flag to combine with a Gfp: GFP_KERNEL | __GFP_NOWARN */
class GfpModifier {
public:
	constexpr gfp_t raw() const { return flag_; }

private:
	friend detail::GfpConstants;

	constexpr explicit GfpModifier(gfp_t flag) : flag_(flag) {}

	gfp_t flag_;
};

/**
 * Gfp - gfp_t: the flags of an allocation
 * @sleeps: true if the allocation may sleep
 *
 * GFP_KERNEL and GFP_NOIO may sleep: only in process context and with no spinlock held, which
 * clang checks (context.hpp). GFP_ATOMIC and GFP_NOWAIT do not sleep: they may be used in any
 * context except NMI, on PREEMPT_RT only with preemption and interrupts enabled. A Gfp cannot be
 * made from a number, since the type would not tell whether the number allows sleeping.
 */
template <bool sleeps> class Gfp {
public:
	constexpr gfp_t raw() const { return flags_; }
	friend constexpr Gfp operator|(Gfp gfp, GfpModifier modifier)
	{
		return Gfp{ gfp.flags_ | modifier.raw() };
	}

private:
	friend detail::GfpConstants;

	constexpr explicit Gfp(gfp_t flags) : flags_(flags) {}

	gfp_t flags_;
};
using GfpMaySleep = Gfp<true>;
using GfpAtomic = Gfp<false>;

namespace detail {

struct GfpConstants {
	static constexpr GfpMaySleep KERNEL{ KXX_GFP_KERNEL };
	static constexpr GfpMaySleep NOIO{ KXX_GFP_NOIO };
	static constexpr GfpAtomic ATOMIC{ KXX_GFP_ATOMIC };
	static constexpr GfpAtomic NOWAIT{ KXX_GFP_NOWAIT };
	static constexpr GfpModifier NORETRY{ KXX___GFP_NORETRY };
	static constexpr GfpModifier RETRY_MAYFAIL{ KXX___GFP_RETRY_MAYFAIL };
	static constexpr GfpModifier NOMEMALLOC{ KXX___GFP_NOMEMALLOC };
	static constexpr GfpModifier NOWARN{ KXX___GFP_NOWARN };
};

} // namespace detail

inline constexpr GfpMaySleep GFP_KERNEL = detail::GfpConstants::KERNEL;
inline constexpr GfpMaySleep GFP_NOIO = detail::GfpConstants::NOIO;
inline constexpr GfpAtomic GFP_ATOMIC = detail::GfpConstants::ATOMIC;
inline constexpr GfpAtomic GFP_NOWAIT = detail::GfpConstants::NOWAIT;
inline constexpr GfpModifier __GFP_NORETRY = detail::GfpConstants::NORETRY;
inline constexpr GfpModifier __GFP_RETRY_MAYFAIL = detail::GfpConstants::RETRY_MAYFAIL;
inline constexpr GfpModifier __GFP_NOMEMALLOC = detail::GfpConstants::NOMEMALLOC;
inline constexpr GfpModifier __GFP_NOWARN = detail::GfpConstants::NOWARN;

/**
 * Box - Owns one T on the kernel's heap
 *
 * kmalloc() and kfree(). Never empty, except after a move. clang's analyzer reports the use of a
 * reference to the object after the object was destroyed, if both are in the same file
 * (KXX_TAKES in glue/types.h).
 * Context: make(): depends on its gfp flags. Destructor: that of T's destructor, and freeing the
 * memory: any except NMI, on PREEMPT_RT only with preemption and interrupts enabled.
 *
 *     Box<Disk> disk = KXX_TRY(Box<Disk>::make(GFP_KERNEL, config));
 */
template <typename T> class [[nodiscard]] KXX_CONSUMABLE(unconsumed) Box {
public:
	using Raw = T *;

	/**
	 * make - Allocates a T and constructs it from @args; -ENOMEM
	 *
	 * @args are moved from only on success, although clang counts them as moved from. So make the
	 * Box before a Node of drm_mm.hpp that it is to own.
	 */
	template <typename... Args>
	static Result<Box> make(GfpMaySleep gfp, Args &&...args) KXX_MAY_SLEEP
	{
		void *memory = kxx_kmalloc(sizeof(T), gfp.raw());

		if (!memory)
			return ENOMEM;
		return Box(new (memory) T(std::forward<Args>(args)...));
	}
	template <typename... Args> static Result<Box> make(GfpAtomic gfp, Args &&...args)
	{
		void *memory = kxx_kmalloc(sizeof(T), gfp.raw());

		if (!memory)
			return ENOMEM;
		return Box(new (memory) T(std::forward<Args>(args)...));
	}

	Box(Box &&other) : object_(std::exchange(other.object_, nullptr)) {}
	/** operator= - Takes over the object of @other, then destroys the old object */
	Box &operator=(Box &&other) KXX_NO_THREAD_SAFETY_ANALYSIS
	{
		Box taken(std::move(other));

		std::swap(object_, taken.object_);
		return *this;
	}
	Box(const Box &) = delete;
	Box &operator=(const Box &) = delete;
	/* clang does not check whether ~T may sleep; see context.hpp. */
	~Box() KXX_NO_THREAD_SAFETY_ANALYSIS
	{
		if (!object_)
			return;
		object_->~T();
		kxx_kfree(object_);
		KXX_FORGET(object_);
	}

	T &operator*() const KXX_LIFETIMEBOUND KXX_CALLABLE_WHEN("unconsumed", "unknown")
	{
		return *object_;
	}
	T *operator->() const KXX_LIFETIMEBOUND KXX_CALLABLE_WHEN("unconsumed", "unknown")
	{
		return object_;
	}

	/** as_raw - Returns the object, which the Box still owns */
	T *as_raw() const KXX_LIFETIMEBOUND { return object_; }

	/** into_raw - Releases the object to the caller, who must pass it to from_raw() later */
	[[nodiscard("nobody else frees the object")]] T *into_raw() && KXX_SET_TYPESTATE(consumed)
	{
		return std::exchange(object_, nullptr);
	}

	/** from_raw - Takes over a pointer that into_raw() returned */
	static Box from_raw(T *object) { return Box(object); }
	/* kfree() needs the begin of the object, and a base class may begin elsewhere. */
	template <typename Derived>
		requires(!std::is_same_v<std::remove_cv_t<Derived>, std::remove_cv_t<T>>)
	static Box from_raw(Derived *object) = delete;

private:
	explicit Box(T *object) : object_(object)
	{
		/* Checked here: T may be incomplete where the class Box<T> is instantiated. */
		static_assert(
			alignof(T) <= alignof(unsigned long long) || !(sizeof(T) & (sizeof(T) - 1)),
			"kmalloc() aligns more than a u64 only for sizes that are a power of two");
	}

	T *object_;
};

/**
 * Box<T[]> - Owns an array of default-constructed T
 *
 * kvmalloc_array() and kvfree(): the memory may be vmalloc()ed. Context of make() and the
 * destructor: process, may sleep.
 */
template <typename T> class [[nodiscard]] Box<T[]> {
	static_assert(alignof(T) <= alignof(unsigned long long),
		      "kvmalloc_array() aligns no more than a u64");

public:
	/**
	 * make - Allocates an array of @n; -ENOMEM, also for more than INT_MAX bytes
	 *
	 * kvmalloc() warns about larger sizes, and @n may come from user space.
	 */
	static Result<Box> make(GfpMaySleep gfp, size_t n) KXX_MAY_SLEEP
	{
		if (n > __INT_MAX__ / sizeof(T))
			return ENOMEM;

		T *memory = static_cast<T *>(kxx_kvmalloc_array(n, sizeof(T), gfp.raw()));

		if (!memory)
			return ENOMEM;
		for (size_t i = 0; i < n; i++)
			new (&memory[i]) T();
		return Box(memory, n);
	}

	/** Box - Takes the array; @other then has size 0, so that operator[] refuses each index */
	Box(Box &&other)
		: objects_(std::exchange(other.objects_, nullptr)), n_(std::exchange(other.n_, 0))
	{
	}
	/** operator= - Takes over the array of @other, then destroys the old array */
	Box &operator=(Box &&other) KXX_MAY_SLEEP
	{
		Box taken(std::move(other));

		std::swap(objects_, taken.objects_);
		std::swap(n_, taken.n_);
		return *this;
	}
	Box(const Box &) = delete;
	Box &operator=(const Box &) = delete;
	~Box() KXX_MAY_SLEEP
	{
		if (!objects_)
			return;
		for (size_t i = n_; i-- > 0;)
			objects_[i].~T();
		::kvfree(objects_);
		KXX_FORGET(objects_);
	}

	/** operator[] - BUG() if @i is not less than size() */
	T &operator[](size_t i) const KXX_LIFETIMEBOUND
	{
		if (i >= n_)
			bug();
		return objects_[i];
	}
	size_t size() const { return n_; }

private:
	Box(T *objects, size_t n) : objects_(objects), n_(n) {}

	T *objects_;
	size_t n_;
};

/** totalram_bytes - Returns the size of this machine's memory in bytes */
inline u64 totalram_bytes()
{
	return u64{ kxx_totalram_pages() } * KXX_PAGE_SIZE;
}

} // namespace kxx
