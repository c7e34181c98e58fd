/* SPDX-License-Identifier: GPL-2.0 */
/* store.hpp - helpers for the suites of src/cxxnull/store.hpp */
#pragma once

#include <kxx/base/string.hpp>

#include "../../src/cxxnull/store.hpp"
#include "../kunit.hpp"
#include "../testlib.h"

namespace stores {

using namespace kxx;
using cxxnull::PageLimit;
using cxxnull::Store;

inline constexpr u64 page = KXX_PAGE_SIZE;
/* The size of a store that a few writes fill. */
inline constexpr u64 pool = 8 * page;

struct Buffer {
	unsigned char bytes[page] = {};
};

using Bytes = Box<unsigned char[]>;

/*
 * Writes as the driver does: on -EAGAIN, waits for memory in make_room() and tries again. Returns
 * -EAGAIN after 200 tries, where the driver would try forever.
 */
inline Result<void> write(Store &store, u64 offset, const unsigned char *from,
			  u64 size) KXX_MAY_SLEEP
{
	for (unsigned int i = 0; i < 200; i++) {
		auto written = store.write(offset, from, size);

		if (written || written.error() != EAGAIN)
			return written;
		KXX_TRY(store.make_room());
	}
	return EAGAIN;
}

/* Waits until all discarded pages are free again. */
inline void settle(Store &store) KXX_MAY_SLEEP
{
	while (store.pool().has_retired())
		kxx_test_msleep(1);
}

/* Returns the number of bytes at @offset that are not @byte. */
inline unsigned int others_than(int byte, Store &store, u64 offset, u64 size)
{
	unsigned int others = 0;

	for (u64 i = 0; i < size; i++) {
		unsigned char read = 0;

		store.read(offset + i, &read, 1);
		others += read != byte;
	}
	return others;
}

} // namespace stores
