/* SPDX-License-Identifier: GPL-2.0 */
/*
 * zones.hpp - the zones of a host-managed zoned disk
 *
 * Behaves as null_blk's zoned.c. ZoneGeometry is what never changes: where each zone
 * is. ZoneCounts is the state machine: the conditions, and how many zones may be
 * open or active. Zones puts the locks around both, and the data under them.
 *
 *     EMPTY --write--> IMP_OPEN --open--> EXP_OPEN      any --finish, or written--> FULL
 *       ^  --open---------------------------^           any --reset--> EMPTY
 *       |                 | close, or too many open     any --set from outside--> READONLY,
 *       +--if nothing was |                                 OFFLINE; the same again: EMPTY
 *          written------- +--> CLOSED --write, open--> as from EMPTY
 */
#pragma once

#include <type_traits>
#include <utility>

#include <kxx/sync/atomic.hpp>
#include <kxx/block/blk-mq.hpp>
#include <kxx/block/blkdev.hpp>
#include <kxx/base/err.hpp>
#include <kxx/sync/mutex.hpp>
#include <kxx/mm/slab.hpp>
#include <kxx/sync/spinlock.hpp>

namespace cxxnull {

/**
 * ZoneParameters - null_blk's, by their names
 * @size: of the disk, in MiB
 * @blocksize: logical block, in bytes
 * @zone_size: in MiB, a power of two, at most @size
 * @zone_capacity: in MiB, what can be written of a zone; 0 for all of it
 * @zone_nr_conv: how many zones, from the first, are conventional
 * @zone_max_open, @zone_max_active: 0 for no limit
 * @zone_append_max_sectors: of one zone append; 0 for none (from 6.10 the block layer
 *                           makes writes of them)
 * @zone_full: sequential zones begin FULL, not EMPTY
 */
struct ZoneParameters {
	u64 size;
	unsigned int blocksize = 1 << KXX_SECTOR_SHIFT;
	unsigned long zone_size = 256;
	unsigned long zone_capacity = 0;
	unsigned int zone_nr_conv = 0;
	unsigned int zone_max_open = 0;
	unsigned int zone_max_active = 0;
	unsigned int zone_append_max_sectors = ~0u;
	bool zone_full = false;
};

/**
 * ZoneGeometry - where the zones of a disk are, and its limits
 *
 * A value; all sizes in sectors of 512 bytes. Context: any.
 */
class ZoneGeometry {
public:
	/**
	 * make - -EINVAL, and a line in the log that names the parameter and its limits
	 *
	 * What null_blk corrects is corrected, with a line in the log.
	 */
	static kxx::Result<ZoneGeometry> make(const ZoneParameters &parameters);

	/** set_limits - what a zoned disk says of itself to the block layer */
	void set_limits(kxx::QueueLimits &limits) const;

	unsigned int nr_zones() const { return nr_zones_; }
	/** nr_conv - the zones below this number are conventional, the others sequential */
	unsigned int nr_conv() const { return nr_conv_; }
	unsigned int max_open() const { return max_open_; }
	unsigned int max_active() const { return max_active_; }
	unsigned int append_max_sectors() const { return append_max_sectors_; }
	bool full() const { return full_; }

	/** zone_no - the zone of @sector; not below nr_zones() if @sector is past the disk */
	u64 zone_no(sector_t sector) const { return sector >> zone_shift_; }
	bool is_conventional(unsigned int no) const { return no < nr_conv_; }
	sector_t start(unsigned int no) const { return static_cast<sector_t>(no) << zone_shift_; }
	/** len - of the zone; the last one may be smaller */
	sector_t len(unsigned int no) const
	{
		sector_t left = disk_sectors_ - start(no);
		sector_t zone = sector_t{ 1 } << zone_shift_;

		return left < zone ? left : zone;
	}
	sector_t capacity(unsigned int no) const
	{
		sector_t all = len(no);

		return is_conventional(no) || all < zone_capacity_ ? all : zone_capacity_;
	}

private:
	ZoneGeometry() = default;

	kxx::Result<void> validate(const ZoneParameters &parameters) const;
	void limit(const ZoneParameters &parameters);

	sector_t disk_sectors_ = 0;
	sector_t zone_capacity_ = 0;
	unsigned int zone_shift_ = 0;
	unsigned int nr_zones_ = 0;
	unsigned int nr_conv_ = 0;
	unsigned int max_open_ = 0;
	unsigned int max_active_ = 0;
	unsigned int append_max_sectors_ = 0;
	bool full_ = false;
};

/**
 * ZoneCondition - the condition of one zone
 *
 * Changed by who holds the zone's lock and, on a disk with limits, the counts' lock.
 * One change needs the counts' lock alone: an implicitly open zone is closed to open
 * another one. So whoever has but the zone's lock sees IMP_OPEN turn into CLOSED.
 */
class ZoneCondition {
public:
	kxx::ZoneCond get() const { return static_cast<kxx::ZoneCond>(cond_.read()); }
	void set(kxx::ZoneCond cond) { cond_.set(static_cast<int>(cond)); }

	bool is_open() const
	{
		kxx::ZoneCond cond = get();

		return cond == kxx::ZoneCond::IMP_OPEN || cond == kxx::ZoneCond::EXP_OPEN;
	}

	/* Something was written since the last reset, or is about to be: closed, it is CLOSED. */
	bool written = false;

private:
	kxx::Atomic cond_{ static_cast<int>(kxx::ZoneCond::NOT_WP) };
};

/**
 * ZoneCounts - how many zones are open and active; changes conditions within the limits
 *
 * Borrows the conditions. What it returns is what the request ends with. The caller
 * has the lock of zone @no, and sees to it that it is sequential and neither
 * READONLY nor OFFLINE. Context: any, under the lock that guards this.
 */
class ZoneCounts {
public:
	/** ZoneCounts - of zones that nobody has opened yet; a limit of 0 is none */
	ZoneCounts(ZoneCondition *conditions, unsigned int nr_zones, unsigned int nr_conv,
		   unsigned int max_open, unsigned int max_active)
		: conditions_(conditions), nr_zones_(nr_zones), nr_conv_(nr_conv),
		  max_open_(max_open), max_active_(max_active), next_to_close_(nr_conv)
	{
	}

	/** begin_write - opens zone @no implicitly, if the zone is not open */
	kxx::BlkStatus begin_write(unsigned int no);
	/** abort_write - the first write to an empty zone failed: nothing is in it */
	void abort_write(unsigned int no);
	/** fill - it was written up to its capacity */
	void fill(unsigned int no) { move(no, kxx::ZoneCond::FULL); }

	kxx::BlkStatus open(unsigned int no);
	kxx::BlkStatus close(unsigned int no);
	kxx::BlkStatus finish(unsigned int no);
	void reset(unsigned int no);
	/** set_unavailable - READONLY or OFFLINE, from any condition */
	void set_unavailable(unsigned int no, kxx::ZoneCond cond) { move(no, cond); }

private:
	/* The counter that a zone in @cond is in, or NULL. */
	unsigned int *counter(kxx::ZoneCond cond);
	void move(unsigned int no, kxx::ZoneCond to);
	bool may_activate() const;
	bool may_open();
	/* Whether an EMPTY or CLOSED zone may be opened; makes room if it can. */
	kxx::BlkStatus make_room(unsigned int no);
	void close_one();

	ZoneCondition *conditions_;
	unsigned int nr_zones_, nr_conv_;
	unsigned int max_open_, max_active_;
	unsigned int imp_open_ = 0, exp_open_ = 0, closed_ = 0;
	/* Where the search for an implicitly open zone goes on. */
	unsigned int next_to_close_;
};

/** sequential_zone_no - -EINVAL, and a line in the log, for what cannot be set to @cond */
kxx::Result<unsigned int> sequential_zone_no(const ZoneGeometry &geometry, sector_t sector,
					     kxx::ZoneCond cond);

/**
 * WriteResult - what came of a write to a zone
 * @status: how the request must end
 * @nr: how many sectors were written, from the first on, before an error
 *
 * A status alone stands for all of the request, or for nothing of it.
 */
struct WriteResult {
	WriteResult(kxx::BlkStatus status, sector_t nr = 0) : status(status), nr(nr) {}

	kxx::BlkStatus status;
	sector_t nr;
};

/** NoZoneData - what the requests of a disk without memory do with their data: nothing */
struct NoZoneData {
	static constexpr bool has_data = false;

	template <typename Request> kxx::BlkStatus write(Request &) { return kxx::BlkStatus::OK; }
	template <typename Request> kxx::BlkStatus read(Request &, sector_t)
	{
		return kxx::BlkStatus::OK;
	}
	kxx::BlkStatus discard(sector_t, sector_t) { return kxx::BlkStatus::OK; }
};

/**
 * Zones - the zones of one disk: conditions, write pointers and their locks
 * @Lock: of each zone, and held while its data is read or written: kxx::Mutex for a
 *        disk that has data, else kxx::SpinLockIrq
 *
 * The driver of a zoned disk has one, and gives its requests to handle(), or has the
 * methods of each operation. These take a function for the data, called under the
 * zone's lock, and return what the request is to end with: IOERR for what the
 * zone's condition or write pointer does not allow, ZONE_OPEN_RESOURCE or
 * ZONE_ACTIVE_RESOURCE at a limit, else the function's own. The function of a write
 * returns a WriteResult, or what becomes one: the write pointer moves by what was
 * written, also if the request fails after that. @sector and @nr are in
 * sectors of 512 bytes, within one zone, as the block layer has it (chunk_sectors).
 *
 * A write to a zone that is open takes the zone's lock and no other.
 *
 * Pinned. Context: process; may sleep with Mutex.
 *
 *     using Zoned = Zones<SpinLockIrq>;
 *     auto geometry = KXX_TRY(ZoneGeometry::make({ .size = 1024, .zone_size = 64 }));
 *     geometry.set_limits(limits);
 *     auto zones = KXX_TRY(Zoned::make(geometry));
 *     ...
 *     rq.end(zones->handle(*rq, NoZoneData{}));                  // in queue_rq
 *     return zones->report_zones(sector, nr_zones, report);      // in report_zones
 */
template <template <typename, typename> class Lock> class Zones {
	struct WritePointer {
		sector_t sector = 0;
	};
	using ZoneLock = Lock<WritePointer, void>;
	using Guard = typename ZoneLock::Guard;

	static constexpr bool lock_sleeps = !requires { Guard::depth; };

public:
	/** make - -ENOMEM */
	static kxx::Result<kxx::Box<Zones>> make(const ZoneGeometry &geometry) KXX_MAY_SLEEP
	{
		/* A disk of many small zones may ask for more than there is. */
		auto gfp = kxx::GFP_KERNEL | kxx::__GFP_RETRY_MAYFAIL | kxx::__GFP_NOWARN;
		auto conditions =
			KXX_TRY(kxx::Box<ZoneCondition[]>::make(gfp, geometry.nr_zones()));
		auto zones = KXX_TRY(kxx::Box<ZoneLock[]>::make(gfp, geometry.nr_zones()));
		auto made = KXX_TRY(kxx::Box<Zones>::make(kxx::GFP_KERNEL, geometry,
							  std::move(conditions), std::move(zones)));

		made->begin();
		return made;
	}

	Zones(const ZoneGeometry &geometry, kxx::Box<ZoneCondition[]> conditions,
	      kxx::Box<ZoneLock[]> zones)
		: geometry_(geometry), conditions_(std::move(conditions)), zones_(std::move(zones)),
		  counts_(&conditions_[0], geometry.nr_zones(), geometry.nr_conv(),
			  geometry.max_open(), geometry.max_active())
	{
	}
	Zones(const Zones &) = delete;
	Zones &operator=(const Zones &) = delete;
	~Zones() = default;

	const ZoneGeometry &geometry() const KXX_LIFETIMEBOUND { return geometry_; }

	/**
	 * handle - does what @rq asks for
	 * @data: has NoZoneData's members: write() moves the data of @rq to Request::pos(), and
	 *        returns a status or a WriteResult;
	 *        read() that many first sectors of it, and has 0xff bytes for the rest;
	 *        discard() forgets a range. All but has_data may be KXX_MAY_SLEEP.
	 *
	 * Sets the position of a zone append. NOTSUPP for what is no operation of
	 * zones, a flush among them.
	 */
	template <typename Request, typename Data>
	kxx::BlkStatus handle(Request &rq, Data &&data) KXX_MAY_SLEEP
	{
		using kxx::ReqOp;

		static_assert(!std::remove_reference_t<Data>::has_data || lock_sleeps,
			      "where there is data to move it is moved under the zone's lock, "
			      "which is to be a Mutex");
		sector_t sector = rq.pos();
		sector_t nr = rq.bytes() >> KXX_SECTOR_SHIFT;
		auto discard = [&](sector_t from, sector_t sectors) KXX_INHERITS_MAY_SLEEP {
			return data.discard(from, sectors);
		};

		switch (rq.op()) {
		case ReqOp::READ:
			if constexpr (std::remove_reference_t<Data>::has_data)
				return read(sector, nr,
					    [&](sector_t readable) KXX_INHERITS_MAY_SLEEP {
						    return data.read(rq, readable);
					    });
			else
				return may_read(sector);
		case ReqOp::WRITE:
			return write(sector, nr,
				     [&]() KXX_INHERITS_MAY_SLEEP { return data.write(rq); });
		case ReqOp::ZONE_APPEND:
			return append(sector, nr, [&](sector_t at) KXX_INHERITS_MAY_SLEEP {
				rq.set_pos(at);
				return data.write(rq);
			});
		case ReqOp::ZONE_OPEN:
			return open(sector);
		case ReqOp::ZONE_CLOSE:
			return close(sector);
		case ReqOp::ZONE_FINISH:
			return finish(sector);
		case ReqOp::ZONE_RESET:
			return reset(sector, discard);
		case ReqOp::ZONE_RESET_ALL:
			return reset_all(discard);
		default:
			return kxx::BlkStatus::NOTSUPP;
		}
	}

	/** write - at the write pointer, if the zone is sequential; @f() moves the data */
	template <typename F>
	kxx::BlkStatus write(sector_t sector, sector_t nr, F &&f) KXX_MAY_SLEEP
	{
		u64 no = geometry_.zone_no(sector);

		if (no >= geometry_.nr_zones())
			return kxx::BlkStatus::IOERR;
		if (geometry_.is_conventional(no))
			return WriteResult(f()).status;

		auto wp = zones_[no].lock();

		if (sector != wp->sector)
			return kxx::BlkStatus::IOERR;
		return write_at_wp(no, wp, nr, f);
	}

	/** append - wherever the write pointer of @sector's zone is; @f(there) moves the data */
	template <typename F>
	kxx::BlkStatus append(sector_t sector, sector_t nr, F &&f) KXX_MAY_SLEEP
	{
		u64 no = geometry_.zone_no(sector);

		if (no >= geometry_.nr_zones() || geometry_.is_conventional(no) ||
		    !geometry_.append_max_sectors())
			return kxx::BlkStatus::IOERR;

		auto wp = zones_[no].lock();
		sector_t there = wp->sector;

		if (there == no_wp)
			return kxx::BlkStatus::IOERR;
		return write_at_wp(no, wp, nr, [&]() KXX_INHERITS_MAY_SLEEP { return f(there); });
	}

	/**
	 * read - @f(readable) reads that many sectors, of @nr from @sector
	 *
	 * The others are past the write pointer, and are to be 0xff bytes.
	 */
	template <typename F> kxx::BlkStatus read(sector_t sector, sector_t nr, F &&f) KXX_MAY_SLEEP
	{
		u64 no = geometry_.zone_no(sector);

		if (no >= geometry_.nr_zones())
			return kxx::BlkStatus::IOERR;
		if (geometry_.is_conventional(no))
			return f(nr);

		auto wp = zones_[no].lock();

		if (conditions_[no].get() == kxx::ZoneCond::OFFLINE)
			return kxx::BlkStatus::IOERR;
		return f(readable(wp->sector, sector, nr));
	}

	/** may_read - for disks without data: IOERR for an offline zone. Context: any */
	kxx::BlkStatus may_read(sector_t sector) const
	{
		u64 no = geometry_.zone_no(sector);

		if (no >= geometry_.nr_zones() || conditions_[no].get() == kxx::ZoneCond::OFFLINE)
			return kxx::BlkStatus::IOERR;
		return kxx::BlkStatus::OK;
	}

	/** open - explicitly; as often as you like */
	kxx::BlkStatus open(sector_t sector) KXX_MAY_SLEEP
	{
		return manage(sector, [this](unsigned int no, Guard &wp) KXX_INHERITS_MAY_SLEEP {
			return with_counts(wp,
					   [no](ZoneCounts &counts) { return counts.open(no); });
		});
	}

	/** close - EMPTY again if nothing was written */
	kxx::BlkStatus close(sector_t sector) KXX_MAY_SLEEP
	{
		return manage(sector, [this](unsigned int no, Guard &wp) KXX_INHERITS_MAY_SLEEP {
			return with_counts(wp,
					   [no](ZoneCounts &counts) { return counts.close(no); });
		});
	}

	/** finish - FULL; what was not written reads as the store has it, as in null_blk */
	kxx::BlkStatus finish(sector_t sector) KXX_MAY_SLEEP
	{
		return manage(sector, [this](unsigned int no, Guard &wp) KXX_INHERITS_MAY_SLEEP {
			auto status = with_counts(
				wp, [no](ZoneCounts &counts) { return counts.finish(no); });

			if (status == kxx::BlkStatus::OK)
				wp->sector = geometry_.start(no) + geometry_.len(no);
			return status;
		});
	}

	/** reset - EMPTY; @discard(sector, nr) forgets the data */
	template <typename F> kxx::BlkStatus reset(sector_t sector, F &&discard) KXX_MAY_SLEEP
	{
		return manage(sector, [&](unsigned int no, Guard &wp) KXX_INHERITS_MAY_SLEEP {
			return reset_locked(no, wp, discard);
		});
	}

	/** reset_all - reset for every sequential zone that is not READONLY or OFFLINE */
	template <typename F> kxx::BlkStatus reset_all(F &&discard) KXX_MAY_SLEEP
	{
		kxx::BlkStatus first_error = kxx::BlkStatus::OK;

		for (unsigned int no = geometry_.nr_conv(); no < geometry_.nr_zones(); no++) {
			kxx::BlkStatus status = reset_one_of_all(no, discard);

			if (first_error == kxx::BlkStatus::OK)
				first_error = status;
		}
		return first_error;
	}

	/**
	 * zone_readonly - the zone of @sector can no longer be written
	 *
	 * What configfs' zone_readonly does. For a zone that is READONLY already: EMPTY
	 * again, and @discard(sector, nr) forgets the data. -EINVAL, and a line in the log,
	 * for a sector past the disk and a conventional zone; -EIO if @discard fails.
	 */
	template <typename F>
	kxx::Result<void> zone_readonly(sector_t sector, F &&discard) KXX_MAY_SLEEP
	{
		return set_unavailable(sector, kxx::ZoneCond::READONLY, discard);
	}

	/** zone_offline - the same; nor can it be read */
	template <typename F>
	kxx::Result<void> zone_offline(sector_t sector, F &&discard) KXX_MAY_SLEEP
	{
		return set_unavailable(sector, kxx::ZoneCond::OFFLINE, discard);
	}

	/** report_zones - for the driver's report_zones(): at most @nr_zones from @sector's on */
	kxx::Result<unsigned int> report_zones(sector_t sector, unsigned int nr_zones,
					       kxx::ZoneReport &report) KXX_MAY_SLEEP
	{
		for (u64 no = geometry_.zone_no(sector);
		     no < geometry_.nr_zones() && report.added() < nr_zones; no++)
			KXX_TRY(report.add(zone(no)));
		return report.added();
	}

	/** cond - of zone @no, at the moment. Context: any */
	kxx::ZoneCond cond(unsigned int no) const { return conditions_[no].get(); }

	/** zone - as it is reported */
	kxx::Zone zone(unsigned int no) KXX_MAY_SLEEP
	{
		bool conventional = geometry_.is_conventional(no);
		auto wp = zones_[no].lock();

		return {
			.start = geometry_.start(no),
			.len = geometry_.len(no),
			.capacity = geometry_.capacity(no),
			.wp = wp->sector,
			.type = conventional ? kxx::ZoneType::CONVENTIONAL
					     : kxx::ZoneType::SEQWRITE_REQ,
			.cond = conditions_[no].get(),
		};
	}

private:
	/* The write pointer of a zone that is READONLY or OFFLINE. */
	static constexpr sector_t no_wp = ~sector_t{ 0 };

	void begin() KXX_MAY_SLEEP
	{
		for (unsigned int no = 0; no < geometry_.nr_zones(); no++) {
			auto wp = zones_[no].lock();

			if (geometry_.is_conventional(no)) {
				wp->sector = geometry_.start(no) + geometry_.len(no);
			} else if (geometry_.full()) {
				wp->sector = geometry_.start(no) + geometry_.capacity(no);
				conditions_[no].set(kxx::ZoneCond::FULL);
			} else {
				wp->sector = geometry_.start(no);
				conditions_[no].set(kxx::ZoneCond::EMPTY);
			}
		}
	}

	/* Runs @f on the counts, under their lock and the zone's; on a copy if none are kept. */
	template <typename F> auto with_counts(Guard &guard, F &&f)
	{
		if (!geometry_.max_open() && !geometry_.max_active()) {
			ZoneCounts none(&conditions_[0], geometry_.nr_zones(), geometry_.nr_conv(),
					0, 0);

			return f(none);
		}
		if constexpr (lock_sleeps)
			return counts_.with_locked(f);
		else
			return counts_.with_locked(guard, f);
	}

	template <typename F>
	kxx::BlkStatus write_at_wp(unsigned int no, Guard &wp, sector_t nr,
				   F &&f) KXX_INHERITS_MAY_SLEEP
	{
		sector_t start = geometry_.start(no), end = start + geometry_.capacity(no);

		if (wp->sector + nr > end)
			return kxx::BlkStatus::IOERR;

		/*
		 * An open zone stays open and written, unless another zone takes its place among the
		 * open zones: this write then counts as earlier than that.
		 */
		if (!conditions_[no].is_open() || !conditions_[no].written) {
			auto begun = with_counts(
				wp, [no](ZoneCounts &counts) { return counts.begin_write(no); });

			if (begun != kxx::BlkStatus::OK)
				return begun;
		}

		WriteResult result = f();

		wp->sector += result.status == kxx::BlkStatus::OK ? nr : result.nr;
		if (wp->sector == end)
			with_counts(wp, [no](ZoneCounts &counts) { counts.fill(no); });
		else if (wp->sector == start)
			with_counts(wp, [no](ZoneCounts &counts) { counts.abort_write(no); });
		return result.status;
	}

	static sector_t readable(sector_t wp, sector_t sector, sector_t nr)
	{
		if (sector + nr <= wp)
			return nr;
		return sector < wp ? wp - sector : 0;
	}

	bool is_unavailable(unsigned int no) const
	{
		kxx::ZoneCond cond = conditions_[no].get();

		return cond == kxx::ZoneCond::READONLY || cond == kxx::ZoneCond::OFFLINE;
	}

	/* @f(no, guard) for a zone that can be managed. */
	template <typename F> kxx::BlkStatus manage(sector_t sector, F &&f) KXX_MAY_SLEEP
	{
		u64 no = geometry_.zone_no(sector);

		if (no >= geometry_.nr_zones() || geometry_.is_conventional(no))
			return kxx::BlkStatus::IOERR;

		auto wp = zones_[no].lock();

		if (is_unavailable(no))
			return kxx::BlkStatus::IOERR;
		return f(static_cast<unsigned int>(no), wp);
	}

	template <typename F>
	kxx::BlkStatus reset_locked(unsigned int no, Guard &wp, F &&discard) KXX_INHERITS_MAY_SLEEP
	{
		with_counts(wp, [no](ZoneCounts &counts) { counts.reset(no); });
		wp->sector = geometry_.start(no);
		return discard(geometry_.start(no), geometry_.len(no));
	}

	template <typename F>
	kxx::BlkStatus reset_one_of_all(unsigned int no, F &&discard) KXX_MAY_SLEEP
	{
		auto wp = zones_[no].lock();

		if (is_unavailable(no) || conditions_[no].get() == kxx::ZoneCond::EMPTY)
			return kxx::BlkStatus::OK;
		return reset_locked(no, wp, discard);
	}

	template <typename F>
	kxx::Result<void> set_unavailable(sector_t sector, kxx::ZoneCond cond,
					  F &&discard) KXX_MAY_SLEEP
	{
		u64 no = KXX_TRY(sequential_zone_no(geometry_, sector, cond));
		auto wp = zones_[no].lock();

		if (conditions_[no].get() == cond) {
			if (reset_locked(no, wp, discard) != kxx::BlkStatus::OK)
				return kxx::EIO;
			return {};
		}
		with_counts(wp,
			    [no, cond](ZoneCounts &counts) { counts.set_unavailable(no, cond); });
		wp->sector = no_wp;
		return {};
	}

	const ZoneGeometry geometry_;
	kxx::Box<ZoneCondition[]> conditions_;
	kxx::Box<ZoneLock[]> zones_;
	/* Taken under a zone's lock. */
	kxx::SpinLock<ZoneCounts> counts_;
};

} // namespace cxxnull
