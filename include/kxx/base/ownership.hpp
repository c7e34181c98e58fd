/* SPDX-License-Identifier: GPL-2.0 */
/*
 * ownership.hpp - unique and counted ownership of kernel objects
 *
 * A type with rules of its own says so in its header: Owned<Request> is in
 * request.hpp, ARef<Request> in shared_request.hpp, ARef<Device> in device/device.hpp. Glue: none
 */
#pragma once

#include <utility>

#include <kxx/base/annotations.hpp>

namespace kxx {

/**
 * take - moves an owner out of where clang does not follow it
 * @owner: a member, an element of an array, what is in an optional; empty afterwards
 *
 * Of a local variable std::move() makes a value whose state clang knows, and it is to be
 * preferred; of anything else, one of a state that is unknown, which may not be ended.
 *
 *     auto rq = take(command->rq);
 *     rq.end(BlkStatus::OK);
 */
template <typename T> [[nodiscard]] T take(T &owner KXX_PARAM_TYPESTATE(unconsumed))
{
	return std::move(owner);
}

/** Owned - owns a T that must be given back to where it came from */
template <typename T> class Owned;

/**
 * ARef - shares a T, by count, with other ARef
 * @T: has static void get(T *) for one more user, and static void put(T *), which
 *     takes the object down when it was the last, both private, with ARef<T> as a
 *     friend: nobody else counts; ARef<Request> has its own rules
 *
 * Never empty, except after a move. Move-only; share() makes another.
 * Context: as T's get() and put().
 *
 *     ARef<TagSet<Disk>> tags = KXX_TRY(TagSet<Disk>::make({}));
 *     auto disk = KXX_TRY(GenDisk<Disk>::add(std::move(driver), tags.share(), parameters));
 */
template <typename T> class [[nodiscard]] KXX_CONSUMABLE(unknown) ARef {
public:
	ARef(ARef &&other) : object_(std::exchange(other.object_, nullptr)) {}
	/** operator= - drops the old reference, as the destructor does */
	ARef &operator=(ARef &&other) KXX_NO_THREAD_SAFETY_ANALYSIS
	{
		ARef old(std::move(*this));

		object_ = std::exchange(other.object_, nullptr);
		return *this;
	}
	ARef(const ARef &) = delete;
	ARef &operator=(const ARef &) = delete;
	/* Nothing checks that T::put() does not sleep where it must not, see context.hpp. */
	~ARef() KXX_NO_THREAD_SAFETY_ANALYSIS
	{
		if (object_)
			T::put(object_);
		KXX_FORGET(object_);
	}

	/** share - another user of the same object */
	ARef share() const KXX_CALLABLE_WHEN("unconsumed", "unknown")
	{
		T::get(object_);
		return ARef(KXX_ANOTHER(object_));
	}

	T &operator*() const KXX_LIFETIMEBOUND KXX_CALLABLE_WHEN("unconsumed", "unknown")
	{
		return *object_;
	}
	T *operator->() const KXX_LIFETIMEBOUND KXX_CALLABLE_WHEN("unconsumed", "unknown")
	{
		return object_;
	}

	/** from_raw - takes over a use of @object, never NULL, that is counted already */
	static ARef from_raw(T *object) { return ARef(object); }

private:
	explicit ARef(T *object) : object_(object) {}

	T *object_;
};

} // namespace kxx
