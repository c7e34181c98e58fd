/* SPDX-License-Identifier: GPL-2.0 */
/* store.hpp - what the suites of ../../src/cxxnull/store.hpp share */
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
/* What a store of the least size holds. */
inline constexpr u64 pool = 8 * page;

struct Buffer {
	unsigned char bytes[page] = {};
};

using Bytes = Box<unsigned char[]>;

/*
 * As the driver writes: what cannot be done at once is done where it may sleep. -EAGAIN is
 * for what the driver would try for ever.
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

/* Waits until what was discarded is free again. */
inline void settle(Store &store) KXX_MAY_SLEEP
{
	while (store.pool().has_retired())
		kxx_test_msleep(1);
}

/* How many of the bytes at @offset are not @byte. */
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
