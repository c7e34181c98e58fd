/* SPDX-License-Identifier: GPL-2.0 */
/*
 * idr.hpp - allocates unique numbers
 * Wraps struct ida of <linux/idr.h>. Glue: glue/base/idr.h
 */
#pragma once

#include <utility>

#include <kxx/base/annotations.hpp>
#include <kxx/sync/context.hpp>
#include <kxx/base/err.hpp>
#include <kxx/glue/base/idr.h>
#include <kxx/base/layout.hpp>
#include <kxx/mm/slab.hpp>

KXX_LAYOUT(ida);

namespace kxx {

/**
 * Ida - struct ida: allocates the lowest free number
 *
 * Must outlive the numbers that it allocated. Has its own lock, so alloc_min() is const, and
 * callbacks with a const reference to the object can call it. Cannot be moved.
 *
 *     Ida indexes;
 *     auto index = KXX_TRY(indexes.alloc_min(0, GFP_KERNEL));
 *     use(index.number());
 */
class Ida {
public:
	/**
	 * Id - An allocated number; the destructor frees it. Movable
	 *
	 * Context of the destructor: any except NMI, on PREEMPT_RT only with preemption and
	 * interrupts enabled.
	 */
	class [[nodiscard]] KXX_CONSUMABLE(unconsumed) Id {
	public:
		Id(Id &&other) : ida_(std::exchange(other.ida_, nullptr)), number_(other.number_) {}
		Id &operator=(Id &&) = delete;
		Id(const Id &) = delete;
		Id &operator=(const Id &) = delete;
		/** ~Id - ida_free() */
		~Id()
		{
			if (ida_)
				::ida_free(ida_, number_);
		}

		unsigned int number() const KXX_CALLABLE_WHEN("unconsumed", "unknown")
		{
			return number_;
		}

	private:
		friend Ida;

		Id(struct ida *ida, unsigned int number) : ida_(ida), number_(number) {}

		struct ida *ida_;
		unsigned int number_;
	};

	/** Ida - ida_init() */
	Ida() { kxx_ida_init(ida_.get()); }
	Ida(const Ida &) = delete;
	Ida &operator=(const Ida &) = delete;
	/** ~Ida - ida_destroy() */
	~Ida() { ::ida_destroy(ida_.get()); }

	/** alloc_min - ida_alloc_min(): allocates a number >= @min; -ENOMEM, -ENOSPC. May sleep */
	Result<Id> alloc_min(unsigned int min,
			     GfpMaySleep gfp) const KXX_LIFETIMEBOUND KXX_MAY_SLEEP
	{
		int number = kxx_ida_alloc_min(ida_.get(), min, gfp.raw());

		if (number < 0)
			return Errno::from_errno(number);
		return Id(ida_.get(), static_cast<unsigned int>(number));
	}

private:
	mutable Opaque<ida> ida_;
};

} // namespace kxx
