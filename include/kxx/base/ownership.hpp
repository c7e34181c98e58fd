/* SPDX-License-Identifier: GPL-2.0 */
/*
 * ownership.hpp - unique and counted ownership of kernel objects
 *
 * Types with their own rules specialise these templates: Owned<Request> in request.hpp,
 * ARef<Request> in shared_request.hpp, ARef<Device> in device/device.hpp. Glue: none
 */
#pragma once

#include <utility>

#include <kxx/base/annotations.hpp>

namespace kxx {

/**
 * take - Moves an owner out of a member, an array element or an optional
 * @owner: empty after the call; an optional then still has a value, the empty owner
 *
 * Clang tracks the state of local variables only. std::move() of any other object gives a value
 * whose state clang does not know, and clang refuses a call of, for example, end() on such a value.
 * take() returns a value that clang knows to be not empty. For a local variable, use std::move().
 *
 *     auto rq = take(command->rq);
 *     rq.end(BlkStatus::OK);
 */
template <typename T>
[[nodiscard]] T take(T &owner KXX_PARAM_TYPESTATE(unconsumed)) KXX_RETURN_TYPESTATE(unconsumed)
{
	return std::move(owner);
}

/** Owned - Owns a T that must be returned to the code that it came from */
template <typename T> class Owned;

/**
 * ARef - A counted reference to a T
 * @T: has private methods static void get(T *), which adds a reference, and
 *     static void put(T *), which drops a reference and destroys the object with the last
 *     one. ARef<T> is their friend, so that no other code can call them.
 *
 * Never empty, except after a move. Cannot be copied: share() makes another reference.
 * Context: the same as T's get() and put().
 *
 *     ARef<TagSet<Disk>> tags = KXX_TRY(TagSet<Disk>::make({}));
 *     auto disk = KXX_TRY(GenDisk<Disk>::add(std::move(driver), tags.share(), parameters));
 */
template <typename T> class [[nodiscard]] KXX_CONSUMABLE(unknown) ARef {
public:
	ARef(ARef &&other) : object_(std::exchange(other.object_, nullptr)) {}
	/** operator= - Drops the old reference, as the destructor does */
	ARef &operator=(ARef &&other) KXX_NO_THREAD_SAFETY_ANALYSIS
	{
		ARef taken(std::move(other));

		std::swap(object_, taken.object_);
		return *this;
	}
	ARef(const ARef &) = delete;
	ARef &operator=(const ARef &) = delete;
	/* Clang does not check the context here: it analyses no destructor (see context.hpp). */
	~ARef() KXX_NO_THREAD_SAFETY_ANALYSIS
	{
		if (object_)
			T::put(object_);
		KXX_FORGET(object_);
	}

	/** share - Makes another reference to the same object */
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

	/** from_raw - Takes over a reference to @object that is already counted; never NULL */
	static ARef from_raw(T *object) { return ARef(object); }

private:
	explicit ARef(T *object) : object_(object) {}

	T *object_;
};

} // namespace kxx
