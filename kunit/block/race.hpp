/* SPDX-License-Identifier: GPL-2.0 */
/* race.hpp - one CPU reads while the other CPUs disturb the requests */
#pragma once

#include <kxx/sync/atomic.hpp>

#include "../kunit.hpp"
#include "../testlib.h"
#include "disks.hpp"

namespace disks {

/*
 * Sends reads of a page, @depth at a time, @rounds in all. Meanwhile the other CPUs call the
 * timeout handler for all requests and @disturb for the driver, again and again.
 */
template <typename Driver, typename Disturb> struct Race {
	/* Runs on each CPU; the first one to arrive is the reader. */
	static void run(void *data) KXX_MAY_SLEEP
	{
		auto &race = *static_cast<Race *>(data);
		int first = 0;

		if (race.reader.try_cmpxchg(first, 1)) {
			for (unsigned int read = 0; read < race.rounds; read += race.depth)
				race.good += kxx_test_bios(race.disk.raw(), race.depth, false);
			race.over.set_release(1);
			return;
		}
		while (!race.over.read()) {
			race.disturb(race.disk.driver());
			kxx_test_time_out_busy(race.tags.raw());
			kxx_test_cond_resched();
		}
	}

	kxx::GenDisk<Driver> &disk;
	kxx::TagSet<Driver> &tags;
	unsigned int rounds, depth;
	Disturb disturb;
	kxx::Atomic reader{ 0 }, over{ 0 };
	int good = 0;
};

/* Runs the race and returns the number of successful reads. */
template <typename Driver, typename Disturb>
int race(struct kunit *test, kxx::GenDisk<Driver> &disk, kxx::TagSet<Driver> &tags,
	 unsigned int rounds, unsigned int depth, Disturb disturb) KXX_MAY_SLEEP
{
	Race<Driver, Disturb> race{ disk, tags, rounds, depth, disturb };

	KUNIT_EXPECT_EQ(test, kxx_test_run_on_each_cpu(race.run, &race), 0);
	return race.good;
}

} // namespace disks
