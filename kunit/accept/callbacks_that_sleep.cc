// SPDX-License-Identifier: GPL-2.0
/* Files of debugfs, and functions called for each request or CPU, may take a mutex. */
#include <kxx/block/blk-mq.hpp>
#include <kxx/fs/debugfs.hpp>
#include <kxx/sync/local_lock.hpp>
#include <kxx/sync/mutex.hpp>

using namespace kxx;

struct Disk {
	static constexpr bool shares_requests = true;

	QueueStatus queue_rq(Owned<Request<Disk>> rq) const;
	void show(SeqFile &) const KXX_MAY_SLEEP { ++*shown.lock(); }

	Mutex<unsigned int> busy, shown;
};

DebugfsFile<Disk> make(Disk &disk) KXX_MAY_SLEEP
{
	return DebugfsFile<Disk>("disk", disk);
}

void count_requests(TagSet<Disk> &tags, const Disk &disk) KXX_MAY_SLEEP
{
	*disk.busy.lock() = 0;
	tags.tagset_busy_iter([&disk](ARef<Request<Disk>>) KXX_MAY_SLEEP { ++*disk.busy.lock(); });
}

void add_reads(LocalLock<unsigned int> reads, const Mutex<unsigned int> &sum) KXX_MAY_SLEEP
{
	std::move(reads).for_each_possible_cpu([&sum](unsigned int n)
						       KXX_MAY_SLEEP { *sum.lock() += n; });
}
