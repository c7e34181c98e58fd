// SPDX-License-Identifier: GPL-2.0
/* cache_kunit.cc - tests of src/cxxnull/cache.hpp with disks of this suite */
#include "../../src/cxxnull/cache.hpp"

#include <kxx/base/string.hpp>

#include "../block/disks.hpp"
#include "../faults.hpp"
#include "../kunit.hpp"

using namespace kxx;
using cxxnull::Cache;
using cxxnull::PageLimit;

namespace {

constexpr unsigned int page_size = disks::page_size;
constexpr sector_t page_sectors = page_size >> KXX_SECTOR_SHIFT;
constexpr unsigned int sector_size = 1 << KXX_SECTOR_SHIFT;

/*
 * The backing store: an array. Outlives the disk, so that a case can look at what is left. Also has
 * the limit of the cache.
 */
class Flat {
public:
	static constexpr unsigned int pages = 256;

	static Result<Box<Flat>> make() KXX_MAY_SLEEP
	{
		return Box<Flat>::make(GFP_KERNEL,
				       KXX_TRY(Box<unsigned char[]>::make(
					       GFP_KERNEL, size_t{ pages } * page_size)));
	}
	explicit Flat(Box<unsigned char[]> bytes) : bytes_(std::move(bytes)) {}

	void read(u64 offset, unsigned char *to, unsigned int size) KXX_MAY_SLEEP
	{
		memcpy(to, &bytes_[offset], size);
	}

	Result<void> write(u64 offset, const unsigned char *from, unsigned int size) KXX_MAY_SLEEP
	{
		if (full || !room || offset / page_size - first_refused < nr_refused) {
			refused++;
			return refusal;
		}
		if (room > 0)
			room--;
		straddles += offset / page_size != (offset + size - 1) / page_size;
		memcpy(&bytes_[offset], from, size);
		writes++;
		return {};
	}

	void discard(u64 offset, u64 size) KXX_MAY_SLEEP { memset(&bytes_[offset], 0, size); }

	/** has - Returns true if all bytes of the sectors are @byte */
	bool has(sector_t sector, sector_t nr, int byte) const
	{
		for (u64 i = sector * sector_size; i < (sector + nr) * sector_size; i++)
			if (bytes_[i] != byte)
				return false;
		return true;
	}

	bool full = false;
	/* The number of writes after which the store is full; negative for no limit. */
	int room = -1;
	/* The pages that the store has no room for. */
	u64 first_refused = 0, nr_refused = 0;
	Errno refusal = ENOSPC;
	int writes = 0, straddles = 0, refused = 0;
	PageLimit limit{ pages };

private:
	Box<unsigned char[]> bytes_;
};

class Cached {
public:
	explicit Cached(Box<Cache<Flat>> made) : cache(std::move(made)) {}

	QueueStatus queue_rq(Owned<Request<Cached>> rq) const KXX_MAY_SLEEP
	{
		rq.start();

		auto done = handle(*rq);

		rq.end(done ? BlkStatus::OK : errno_to_blk_status(done.error()));
		return QueueStatus::ok();
	}

	Box<Cache<Flat>> cache;

private:
	Result<void> handle(Request<Cached> &rq) const KXX_MAY_SLEEP
	{
		u64 offset = rq.pos() << KXX_SECTOR_SHIFT;

		switch (rq.op()) {
		case ReqOp::FLUSH:
			return cache->flush();
		case ReqOp::DISCARD:
			cache->discard(offset, rq.bytes());
			return {};
		default:
			return rq.for_each_segment_may_sleep(
				[&](Segment &segment) KXX_MAY_SLEEP -> Result<void> {
					auto mapped = segment.kmap_local();

					/* A segment is aligned, so within a page of the disk. */
					if (rq.op() == ReqOp::WRITE)
						KXX_TRY(cache->write(offset, mapped.data(),
								     segment.size(), rq.is_fua()));
					else
						cache->read(offset, mapped.data(), segment.size());
					offset += segment.size();
					return {};
				});
		}
	}
};

Result<GenDisk<Cached>> make(Flat &flat, unsigned int cache_pages, bool fua = true) KXX_MAY_SLEEP
{
	auto cache = KXX_TRY(Box<Cache<Flat>>::make(GFP_KERNEL, flat,
						    u64{ cache_pages } * page_size, flat.limit));
	auto tags = KXX_TRY(TagSet<Cached>::make({ .blocking = true, .no_sched = true }));

	return disks::add<Cached>(
		std::move(tags),
		{ .limits = { .max_discard_sectors = 1 << 10, .write_cache = true, .fua = fua },
		  .capacity = Flat::pages * page_sectors },
		std::move(cache));
}

/* Accesses a disk through bios. */
class User {
public:
	static Result<User> make(struct gendisk *disk) KXX_MAY_SLEEP
	{
		return User(disk, KXX_TRY(Box<disks::Page>::make(GFP_KERNEL)));
	}

	/** write - Fills @nr sectors, at most a page, with @byte. Returns 0 or an errno */
	int write(sector_t sector, sector_t nr, int byte, unsigned int flags = 0) KXX_MAY_SLEEP
	{
		memset(page_->bytes, byte, page_size);
		return kxx_test_bio(disk_, KXX_REQ_OP_WRITE | flags, sector, page_->bytes,
				    nr * sector_size);
	}
	int write_fua(sector_t sector, sector_t nr, int byte) KXX_MAY_SLEEP
	{
		return write(sector, nr, byte, KXX_REQ_FUA);
	}

	/** has - Returns true if @nr sectors, at most a page, read as @byte */
	bool has(sector_t sector, sector_t nr, int byte) KXX_MAY_SLEEP
	{
		memset(page_->bytes, 0x55, page_size);
		if (kxx_test_bio(disk_, KXX_REQ_OP_READ, sector, page_->bytes, nr * sector_size))
			return false;
		for (unsigned int i = 0; i < nr * sector_size; i++)
			if (page_->bytes[i] != byte)
				return false;
		return true;
	}

	int flush() KXX_MAY_SLEEP { return kxx_test_op(disk_, KXX_REQ_OP_FLUSH, 0, 0); }
	int discard(sector_t sector, sector_t nr) KXX_MAY_SLEEP
	{
		return kxx_test_op(disk_, KXX_REQ_OP_DISCARD, sector, nr);
	}

private:
	User(struct gendisk *disk, Box<disks::Page> page) : disk_(disk), page_(std::move(page)) {}

	struct gendisk *disk_;
	Box<disks::Page> page_;
};

/* Defines the backing store, the disk and its user, or fails the case. */
#define MAKE_DISK(...)                                                                             \
	auto flat = KUNIT_ASSERT_VALUE(test, Flat::make());                                        \
	auto disk = KUNIT_ASSERT_VALUE(test, make(*flat, __VA_ARGS__));                            \
	auto user = KUNIT_ASSERT_VALUE(test, User::make(disk.raw()));                              \
	[[maybe_unused]] auto &cache = *disk.driver().cache

} // namespace

static void write_stays_in_the_cache_and_reads_back(struct kunit *test) KXX_MAY_SLEEP
{
	MAKE_DISK(64);

	KUNIT_EXPECT_EQ(test, user.write(8, 8, 0x11), 0);
	KUNIT_EXPECT_EQ(test, user.write(8, 8, 0x22), 0);
	KUNIT_EXPECT_EQ(test, user.write(18, 1, 0x33), 0);
	KUNIT_EXPECT_TRUE(test, user.has(8, 8, 0x22));
	KUNIT_EXPECT_TRUE(test, user.has(18, 1, 0x33));
	KUNIT_EXPECT_TRUE(test, user.has(16, 2, 0) && user.has(19, 5, 0));
	KUNIT_EXPECT_EQ(test, flat->writes, 0);
	KUNIT_EXPECT_EQ(test, cache.bytes(), 2 * page_size);
}

static void flush_writes_all_of_it_back(struct kunit *test) KXX_MAY_SLEEP
{
	MAKE_DISK(64);

	KUNIT_EXPECT_EQ(test, user.write(8, 8, 0x11), 0);
	KUNIT_EXPECT_EQ(test, user.write(18, 1, 0x22), 0);
	KUNIT_EXPECT_EQ(test, user.write(20, 2, 0x33), 0);
	KUNIT_EXPECT_EQ(test, user.flush(), 0);
	KUNIT_EXPECT_TRUE(test, flat->has(8, 8, 0x11) && flat->has(18, 1, 0x22) &&
					flat->has(20, 2, 0x33));
	KUNIT_EXPECT_TRUE(test, flat->has(16, 2, 0) && flat->has(19, 1, 0) && flat->has(22, 2, 0));
	/* One page written whole, and two separate parts of another page. */
	KUNIT_EXPECT_EQ(test, flat->writes, 3);
	KUNIT_EXPECT_EQ(test, cache.bytes(), 0);
	KUNIT_EXPECT_TRUE(test, user.has(8, 8, 0x11) && user.has(20, 2, 0x33));
	KUNIT_EXPECT_EQ(test, user.flush(), 0);
	KUNIT_EXPECT_EQ(test, flat->writes, 3);
}

static void write_over_what_was_flushed_is_cached(struct kunit *test) KXX_MAY_SLEEP
{
	MAKE_DISK(64);

	KUNIT_EXPECT_EQ(test, user.write(8, 8, 0x11), 0);
	KUNIT_EXPECT_EQ(test, user.flush(), 0);
	KUNIT_EXPECT_EQ(test, user.write(10, 1, 0x22), 0);
	KUNIT_EXPECT_TRUE(test, flat->has(8, 8, 0x11));
	KUNIT_EXPECT_TRUE(test,
			  user.has(8, 2, 0x11) && user.has(10, 1, 0x22) && user.has(11, 5, 0x11));
}

static void fua_is_in_the_backing_when_it_ends(struct kunit *test) KXX_MAY_SLEEP
{
	MAKE_DISK(64);

	KUNIT_EXPECT_EQ(test, user.write_fua(8, 8, 0x11), 0);
	KUNIT_EXPECT_TRUE(test, flat->has(8, 8, 0x11));
	KUNIT_EXPECT_EQ(test, cache.bytes(), 0);

	/* The FUA write updates its sector only; the other sectors stay cached. */
	KUNIT_EXPECT_EQ(test, user.write(16, 8, 0x22), 0);
	KUNIT_EXPECT_EQ(test, user.write_fua(18, 1, 0x33), 0);
	KUNIT_EXPECT_TRUE(test, flat->has(18, 1, 0x33) && flat->has(16, 2, 0));
	KUNIT_EXPECT_TRUE(test,
			  user.has(16, 2, 0x22) && user.has(18, 1, 0x33) && user.has(19, 5, 0x22));
	KUNIT_EXPECT_EQ(test, user.flush(), 0);
	KUNIT_EXPECT_TRUE(test, flat->has(16, 2, 0x22) && flat->has(18, 1, 0x33) &&
					flat->has(19, 5, 0x22));

	/* A FUA write of a whole page removes the page from the cache. */
	KUNIT_EXPECT_EQ(test, user.write(24, 8, 0x44), 0);
	KUNIT_EXPECT_EQ(test, user.write_fua(24, 8, 0x55), 0);
	KUNIT_EXPECT_EQ(test, cache.bytes(), 0);
	KUNIT_EXPECT_TRUE(test, user.has(24, 8, 0x55));
}

static void fua_without_fua_is_a_flush(struct kunit *test) KXX_MAY_SLEEP
{
	MAKE_DISK(64, false);

	KUNIT_EXPECT_EQ(test, user.write(32, 8, 0x22), 0);
	KUNIT_EXPECT_EQ(test, user.write_fua(8, 8, 0x11), 0);
	KUNIT_EXPECT_TRUE(test, flat->has(8, 8, 0x11) && flat->has(32, 8, 0x22));
}

static void full_cache_pushes_out_in_turn(struct kunit *test) KXX_MAY_SLEEP
{
	MAKE_DISK(32);
	unsigned int wrong = 0, too_many = 0;

	for (unsigned int page = 0; page < 32; page++)
		wrong += user.write(page * page_sectors, page_sectors,
				    static_cast<int>(1 + page)) != 0;
	KUNIT_EXPECT_EQ(test, flat->writes, 0);
	KUNIT_EXPECT_EQ(test, cache.bytes(), 32 * page_size);
	/* The cache is full, so it evicts 16 pages. */
	KUNIT_EXPECT_EQ(test, user.write(32 * page_sectors, page_sectors, 33), 0);
	KUNIT_EXPECT_EQ(test, flat->writes, 16);
	KUNIT_EXPECT_EQ(test, cache.bytes(), 17 * page_size);
	KUNIT_EXPECT_TRUE(test, flat->has(15 * page_sectors, page_sectors, 16));
	KUNIT_EXPECT_TRUE(test, flat->has(16 * page_sectors, page_sectors, 0));

	for (unsigned int page = 33; page < 200; page++) {
		wrong += user.write(page * page_sectors, page_sectors,
				    static_cast<int>(1 + page)) != 0;
		too_many += cache.bytes() > u64{ 32 } * page_size;
	}
	KUNIT_EXPECT_EQ(test, too_many, 0);
	/* Wrap around from the end of the disk to its beginning. */
	for (unsigned int page = 0; page < 40; page++)
		wrong += user.write(page * page_sectors, page_sectors,
				    static_cast<int>(101 + page)) != 0;
	for (unsigned int page = 0; page < 200; page++)
		wrong += !user.has(page * page_sectors, page_sectors,
				   static_cast<int>(page < 40 ? 101 + page : 1 + page));
	KUNIT_EXPECT_EQ(test, wrong, 0);
	KUNIT_EXPECT_EQ(test, flat->straddles, 0);
}

static void pages_that_come_again_are_pushed_out_in_their_turn(struct kunit *test) KXX_MAY_SLEEP
{
	MAKE_DISK(32);
	unsigned int wrong = 0;

	/* Writing the 33rd page evicts the first 16. */
	for (unsigned int page = 0; page < 33; page++)
		wrong += user.write(page * page_sectors, page_sectors, 0x11) != 0;
	wrong += user.write(0, page_sectors, 0x22) != 0;
	for (unsigned int page = 33; page < 48; page++)
		wrong += user.write(page * page_sectors, page_sectors, 0x11) != 0;
	KUNIT_EXPECT_EQ(test, wrong, 0);
	KUNIT_EXPECT_EQ(test, flat->writes, 32);
	/* Eviction continues at page 16, so the rewritten page 0 is not evicted again. */
	KUNIT_EXPECT_TRUE(test, flat->has(31 * page_sectors, page_sectors, 0x11));
	KUNIT_EXPECT_TRUE(test, flat->has(0, page_sectors, 0x11));
	KUNIT_EXPECT_TRUE(test, user.has(0, page_sectors, 0x22));
}

static void cache_has_room_for_a_page_at_least(struct kunit *test) KXX_MAY_SLEEP
{
	MAKE_DISK(0);

	KUNIT_EXPECT_EQ(test, user.write(0, 8, 0x11), 0);
	KUNIT_EXPECT_EQ(test, flat->writes, 0);
	KUNIT_EXPECT_EQ(test, user.write(8, 8, 0x22), 0);
	KUNIT_EXPECT_EQ(test, flat->writes, 1);
	KUNIT_EXPECT_EQ(test, cache.bytes(), page_size);
	KUNIT_EXPECT_TRUE(test, user.has(0, 8, 0x11) && user.has(8, 8, 0x22));
}

static void full_backing_is_enospc_and_loses_nothing(struct kunit *test) KXX_MAY_SLEEP
{
	MAKE_DISK(2);

	KUNIT_EXPECT_EQ(test, user.write(0, 8, 0x11), 0);
	KUNIT_EXPECT_EQ(test, user.write(8, 8, 0x22), 0);
	flat->full = true;
	KUNIT_EXPECT_EQ(test, user.write(16, 8, 0x33), ENOSPC.to_errno());
	KUNIT_EXPECT_EQ(test, user.flush(), ENOSPC.to_errno());
	KUNIT_EXPECT_EQ(test, user.write_fua(0, 8, 0x44), ENOSPC.to_errno());
	KUNIT_EXPECT_TRUE(test, user.has(0, 8, 0x11) && user.has(8, 8, 0x22) && user.has(16, 8, 0));
	/* A page that is in the cache can still be overwritten. */
	KUNIT_EXPECT_EQ(test, user.write(8, 8, 0x55), 0);
	flat->full = false;
	KUNIT_EXPECT_EQ(test, user.flush(), 0);
	KUNIT_EXPECT_TRUE(test, flat->has(0, 8, 0x11) && flat->has(8, 8, 0x55));
	KUNIT_EXPECT_EQ(test, cache.bytes(), 0);

	/*
	 * The backing store has room for one page only. Evicting one page is enough for the new
	 * page, so the cache must stop at the first eviction that fails.
	 */
	KUNIT_EXPECT_EQ(test, user.write(0, 8, 0x66), 0);
	KUNIT_EXPECT_EQ(test, user.write(8, 8, 0x77), 0);
	flat->room = 1;
	flat->refused = 0;
	KUNIT_EXPECT_EQ(test, user.write(16, 8, 0x88), 0);
	KUNIT_EXPECT_EQ(test, flat->refused, 1);
	KUNIT_EXPECT_TRUE(test,
			  user.has(0, 8, 0x66) && user.has(8, 8, 0x77) && user.has(16, 8, 0x88));
}

static void pages_that_cannot_be_pushed_out_do_not_fail_a_write(struct kunit *test) KXX_MAY_SLEEP
{
	MAKE_DISK(64);
	unsigned int wrong = 0;

	for (unsigned int page = 0; page < 64; page++)
		wrong += user.write(page * page_sectors, page_sectors, 0x11) != 0;
	flat->nr_refused = 40;
	/* The first 40 pages stay, the next 16 are evicted. */
	KUNIT_EXPECT_EQ(test, user.write(64 * page_sectors, page_sectors, 0x22), 0);
	KUNIT_EXPECT_EQ(test, cache.bytes(), 49 * page_size);
	KUNIT_EXPECT_EQ(test, flat->refused, 40);
	flat->nr_refused = Flat::pages;
	for (unsigned int page = 65; page < 65 + 15; page++)
		wrong += user.write(page * page_sectors, page_sectors, 0x33) != 0;
	/* The cache is full again. Each of its pages is tried once, then the new page. */
	flat->refused = 0;
	KUNIT_EXPECT_EQ(test, user.write(100 * page_sectors, page_sectors, 0x44),
			ENOSPC.to_errno());
	KUNIT_EXPECT_EQ(test, flat->refused, 65);
	for (unsigned int page = 0; page < 64; page++)
		wrong += !user.has(page * page_sectors, page_sectors, 0x11);
	KUNIT_EXPECT_TRUE(test, user.has(64 * page_sectors, page_sectors, 0x22));
	KUNIT_EXPECT_EQ(test, wrong, 0);
}

static void full_cache_evicts_what_needs_no_memory(struct kunit *test) KXX_MAY_SLEEP
{
	MAKE_DISK(64);
	unsigned int wrong = 0;

	for (unsigned int page = 0; page < 64; page++)
		wrong += user.write(page * page_sectors, page_sectors, 0x11) != 0;
	KUNIT_EXPECT_EQ(test, wrong, 0);
	/* Memory is short: the backing store takes only data of pages that it already has. */
	flat->refusal = EAGAIN;
	flat->nr_refused = 63;
	KUNIT_EXPECT_EQ(test, user.write(64 * page_sectors, page_sectors, 0x22), 0);
	KUNIT_EXPECT_TRUE(test, flat->has(63 * page_sectors, page_sectors, 0x11));
	KUNIT_EXPECT_TRUE(test, flat->has(64 * page_sectors, page_sectors, 0));
	KUNIT_EXPECT_EQ(test, cache.bytes(), 64 * page_size);
}

static void write_to_a_cache_that_stays_full_goes_through(struct kunit *test) KXX_MAY_SLEEP
{
	MAKE_DISK(2);

	KUNIT_EXPECT_EQ(test, user.write(0, 8, 0x11), 0);
	KUNIT_EXPECT_EQ(test, user.write(8, 8, 0x22), 0);
	flat->nr_refused = 2;
	KUNIT_EXPECT_EQ(test, user.write(16, 8, 0x33), 0);
	KUNIT_EXPECT_TRUE(test, flat->has(16, 8, 0x33) && user.has(16, 8, 0x33));
	KUNIT_EXPECT_TRUE(test, user.has(0, 8, 0x11) && user.has(8, 8, 0x22));
	KUNIT_EXPECT_EQ(test, cache.bytes(), 2 * page_size);
}

static void discard_is_of_the_cache_and_the_backing(struct kunit *test) KXX_MAY_SLEEP
{
	MAKE_DISK(64);

	/* Page 0 is only in the backing store, page 1 in both, page 2 only in the cache. */
	KUNIT_EXPECT_EQ(test, user.write(0, 8, 0x11), 0);
	KUNIT_EXPECT_EQ(test, user.write(8, 8, 0x22), 0);
	KUNIT_EXPECT_EQ(test, user.flush(), 0);
	KUNIT_EXPECT_EQ(test, user.write(8, 8, 0x33), 0);
	KUNIT_EXPECT_EQ(test, user.write(16, 8, 0x44), 0);
	KUNIT_EXPECT_EQ(test, user.discard(4, 16), 0);
	/* Page 1 has no valid sector left, so it is no longer cached. */
	KUNIT_EXPECT_EQ(test, cache.bytes(), page_size);
	for (int flushed = 0; flushed < 2; flushed++) {
		KUNIT_EXPECT_TRUE(test, user.has(0, 4, 0x11) && user.has(4, 4, 0));
		KUNIT_EXPECT_TRUE(test, user.has(8, 8, 0));
		KUNIT_EXPECT_TRUE(test, user.has(16, 4, 0) && user.has(20, 4, 0x44));
		KUNIT_EXPECT_EQ(test, user.flush(), 0);
	}
}

static void what_was_not_flushed_goes_with_the_disk(struct kunit *test) KXX_MAY_SLEEP
{
	auto flat = KUNIT_ASSERT_VALUE(test, Flat::make());
	auto run = [test, &flat]() KXX_MAY_SLEEP -> Result<void> {
		auto disk = KXX_TRY(make(*flat, 64));
		User user = KXX_TRY(User::make(disk.raw()));

		KUNIT_EXPECT_EQ(test, user.write(0, 8, 0x11), 0);
		KUNIT_EXPECT_EQ(test, user.flush(), 0);
		KUNIT_EXPECT_EQ(test, user.write(0, 8, 0x22), 0);
		KUNIT_EXPECT_EQ(test, user.write(8, 8, 0x33), 0);
		return {};
	};

	KUNIT_EXPECT_TRUE(test, run());
	KUNIT_EXPECT_TRUE(test, flat->has(0, 8, 0x11) && flat->has(8, 8, 0));
	KUNIT_EXPECT_EQ(test, flat->limit.used(), 0);
}

static void cache_at_the_limit_evicts_its_own_pages(struct kunit *test) KXX_MAY_SLEEP
{
	MAKE_DISK(64);

	/* Another cache leaves two pages. */
	KUNIT_ASSERT_TRUE(test, flat->limit.charge(Flat::pages - 2));
	KUNIT_EXPECT_EQ(test, user.write(0, 8, 0x11), 0);
	KUNIT_EXPECT_EQ(test, user.write(8, 8, 0x22), 0);
	KUNIT_EXPECT_EQ(test, flat->writes, 0);
	KUNIT_EXPECT_EQ(test, user.write(16, 8, 0x33), 0);
	KUNIT_EXPECT_EQ(test, flat->writes, 2);
	KUNIT_EXPECT_EQ(test, cache.bytes(), page_size);
	KUNIT_EXPECT_EQ(test, flat->limit.used(), Flat::pages - 1);
	KUNIT_EXPECT_TRUE(test,
			  user.has(0, 8, 0x11) && user.has(8, 8, 0x22) && user.has(16, 8, 0x33));
	KUNIT_EXPECT_EQ(test, user.flush(), 0);
	KUNIT_EXPECT_EQ(test, flat->limit.used(), Flat::pages - 2);
}

static void write_beyond_the_limit_goes_through(struct kunit *test) KXX_MAY_SLEEP
{
	MAKE_DISK(64);

	KUNIT_ASSERT_TRUE(test, flat->limit.charge(Flat::pages));
	KUNIT_EXPECT_EQ(test, user.write(0, 8, 0x11), 0);
	KUNIT_EXPECT_TRUE(test, flat->has(0, 8, 0x11) && user.has(0, 8, 0x11));
	KUNIT_EXPECT_EQ(test, cache.bytes(), 0);
	/* Once the other cache has freed a page, data is cached again. */
	flat->limit.uncharge(1);
	KUNIT_EXPECT_EQ(test, user.write(0, 8, 0x22), 0);
	KUNIT_EXPECT_TRUE(test, flat->has(0, 8, 0x11) && user.has(0, 8, 0x22));
}

static void part_of_a_sector_keeps_the_rest_of_it(struct kunit *test) KXX_MAY_SLEEP
{
	MAKE_DISK(64);
	unsigned char part[] = { 7, 8, 9 }, read[5] = {};

	KUNIT_EXPECT_EQ(test, user.write_fua(0, 8, 0x11), 0);
	KUNIT_EXPECT_TRUE(test, cache.write(511, part, 3, false));
	cache.read(510, read, 5);
	KUNIT_EXPECT_TRUE(test, read[0] == 0x11 && read[1] == 7 && read[3] == 9 && read[4] == 0x11);
	KUNIT_EXPECT_TRUE(test, flat->has(0, 8, 0x11));
	part[0] = 1;
	KUNIT_EXPECT_TRUE(test, cache.write(511, part, 2, true));
	KUNIT_EXPECT_EQ(test, user.flush(), 0);
	cache.read(510, read, 5);
	KUNIT_EXPECT_TRUE(test, read[0] == 0x11 && read[1] == 1 && read[3] == 9 && read[4] == 0x11);
	/* A discard of part of a sector must not discard the sector. */
	KUNIT_EXPECT_EQ(test, user.write(8, 1, 0x22), 0);
	cache.discard(page_size + 1, 1000);
	KUNIT_EXPECT_TRUE(test, user.has(8, 1, 0x22));
}

static void write_to_the_cache_may_be_part_of_reclaim(struct kunit *test) KXX_MAY_SLEEP
{
	MAKE_DISK(4);
	unsigned char data[sector_size] = {};

	kxx_test_fs_reclaim_acquire();
	for (u64 i = 0; i < 8; i++)
		KUNIT_EXPECT_TRUE(test, cache.write(i * page_size, data, sizeof(data), i % 4 == 3));
	KUNIT_EXPECT_TRUE(test, cache.flush());
	kxx_test_fs_reclaim_release();
}

namespace {

/* Each CPU writes every fourth page. The cache is too small for the pages of even one CPU. */
struct Shared {
	static constexpr unsigned int pages = 48;

	struct gendisk *disk;
	Atomic cpus{ 0 }, errors{ 0 };

	static void run(void *data) KXX_MAY_SLEEP { static_cast<Shared *>(data)->write_all(); }

	void write_all() KXX_MAY_SLEEP
	{
		auto made = User::make(disk);
		int cpu = cpus.read();

		while (!cpus.try_cmpxchg(cpu, cpu + 1))
			;
		if (!made) {
			errors.inc();
			return;
		}

		User user = std::move(made).value();

		for (unsigned int i = 0; i < pages; i++) {
			sector_t sector = (i * 4 + cpu) * page_sectors;
			int byte = 1 + cpu + 4 * static_cast<int>(i % 60);
			int err = i % 5 ? user.write(sector, page_sectors, byte)
					: user.write_fua(sector, page_sectors, byte);

			if (err || (i % 7 == 0 && user.flush()))
				errors.inc();
			/* Also check an older page, which may have been evicted. */
			if (!user.has(sector, page_sectors, byte) ||
			    !user.has(cpu * page_sectors, page_sectors, 1 + cpu))
				errors.inc();
		}
	}
};

} // namespace

static void cpus_share_the_cache(struct kunit *test) KXX_MAY_SLEEP
{
	MAKE_DISK(8);
	Shared shared{ disk.raw() };

	if (kxx_test_nr_online_cpus() > 4)
		kunit_skip(test, "has pages for 4 CPUs");
	KUNIT_EXPECT_EQ(test, kxx_test_run_on_each_cpu(shared.run, &shared), 0);
	KUNIT_EXPECT_EQ(test, shared.errors.read(), 0);
	KUNIT_EXPECT_TRUE(test, cache.bytes() <= u64{ 8 } * page_size);
}

static void write_without_memory_goes_through(struct kunit *test) KXX_MAY_SLEEP
{
	MAKE_DISK(64);
	unsigned int through = 0;
	unsigned char data[sector_size];
	unsigned int refused = faults::expect_each_can_fail(
		test,
		[&](unsigned int n) KXX_MAY_SLEEP {
			int writes = flat->writes;

			memset(data, static_cast<int>(n), sizeof(data));

			auto written = cache.write(u64{ n } * page_size, data, sizeof(data), false);

			through += flat->writes > writes;
			return written;
		},
		[&](unsigned int n, const auto &) KXX_MAY_SLEEP {
			KUNIT_EXPECT_TRUE(test, user.has(n * page_sectors, 1, static_cast<int>(n)));
			KUNIT_EXPECT_TRUE(test, user.has(n * page_sectors + 1, 7, 0));
		});

	KUNIT_EXPECT_EQ(test, refused, 0);
	/*
	 * Only some of the writes must go through to the backing store: if a slab cannot grow,
	 * the slab allocator may still find a free object.
	 */
	KUNIT_EXPECT_TRUE(test, through > 0);
	KUNIT_EXPECT_EQ(test, flat->limit.used(), cache.bytes() / page_size);
}

KXX_KUNIT_SUITE(kxx_kunit_cache, "cxxnull_cache",
		KXX_KUNIT_CASE(write_stays_in_the_cache_and_reads_back),
		KXX_KUNIT_CASE(flush_writes_all_of_it_back),
		KXX_KUNIT_CASE(write_over_what_was_flushed_is_cached),
		KXX_KUNIT_CASE(fua_is_in_the_backing_when_it_ends),
		KXX_KUNIT_CASE(fua_without_fua_is_a_flush),
		KXX_KUNIT_CASE(full_cache_pushes_out_in_turn),
		KXX_KUNIT_CASE(pages_that_come_again_are_pushed_out_in_their_turn),
		KXX_KUNIT_CASE(cache_has_room_for_a_page_at_least),
		KXX_KUNIT_CASE(full_backing_is_enospc_and_loses_nothing),
		KXX_KUNIT_CASE(pages_that_cannot_be_pushed_out_do_not_fail_a_write),
		KXX_KUNIT_CASE(full_cache_evicts_what_needs_no_memory),
		KXX_KUNIT_CASE(write_to_a_cache_that_stays_full_goes_through),
		KXX_KUNIT_CASE(discard_is_of_the_cache_and_the_backing),
		KXX_KUNIT_CASE(what_was_not_flushed_goes_with_the_disk),
		KXX_KUNIT_CASE(cache_at_the_limit_evicts_its_own_pages),
		KXX_KUNIT_CASE(write_beyond_the_limit_goes_through),
		KXX_KUNIT_CASE(part_of_a_sector_keeps_the_rest_of_it),
		KXX_KUNIT_CASE(write_to_the_cache_may_be_part_of_reclaim),
		KXX_KUNIT_CASE(cpus_share_the_cache));

KXX_KUNIT_SUITE_ON_REQUEST(kxx_kunit_cache_faults, "cxxnull_cache_faults",
			   KXX_KUNIT_CASE(write_without_memory_goes_through));
