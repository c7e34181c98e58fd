/* SPDX-License-Identifier: GPL-2.0 */
/*
 * zones.hpp - the zones of a host-managed zoned disk
 *
 * Behaves like null_blk's zoned.c. ZoneGeometry says where each zone is, which never changes.
 * ZoneCounts is the state machine: it changes the condition of a zone, within the limits of open
 * and active zones. Zones has the write pointers, and the locks of all of this.
 *
 *     EMPTY --write--> IMP_OPEN --open--> EXP_OPEN      any --finish, or fully written--> FULL
 *       ^  --open---------------------------^           any --reset--> EMPTY
 *       |                 | close, or too many open     any --zone_readonly or zone_offline of
 *       +--if nothing was |                                 configfs--> READONLY, OFFLINE, and
 *          written------- +--> CLOSED --write, open-->      back to EMPTY by the same file
 *                              as from EMPTY
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

#include "config.hpp"

namespace cxxnull {

/**
 * ZoneGeometry - position and size of each zone of a disk, and the limits
 *
 * A value; all sizes in sectors of 512 bytes. Context: any.
 */
class ZoneGeometry {
public:
	/**
	 * make - computes the zones of a disk with the settings @config
	 *
	 * Corrects what null_blk corrects, and logs each change. Returns -EINVAL, and logs the
	 * setting and its limits, for a setting that null_blk refuses.
	 */
	static kxx::Result<ZoneGeometry> make(const Config &config);

	/** set_limits - sets the limits of a zoned disk in @limits, for the block layer */
	void set_limits(kxx::QueueLimits &limits) const;

	/** zone_no - returns the zone of @sector; nr_zones or more if @sector is past the disk */
	u64 zone_no(sector_t sector) const
	{
		/* zone_shift_ is below 64. The modulo saves the check that UBSAN would add. */
		return sector >> (zone_shift_ % 64);
	}
	bool is_conventional(unsigned int no) const { return no < nr_conv; }
	sector_t start(unsigned int no) const { return static_cast<sector_t>(no) << zone_shift_; }
	/** len - returns the length of the zone; the last zone may be smaller */
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

	unsigned int nr_zones = 0;
	/* The first nr_conv zones are conventional, the others sequential. */
	unsigned int nr_conv = 0;
	/* Limits; 0 for none. */
	unsigned int max_open = 0;
	unsigned int max_active = 0;
	unsigned int append_max_sectors = 0;
	/* Sequential zones begin FULL, not EMPTY. */
	bool full = false;

private:
	ZoneGeometry() = default;

	void limit(const Config &config);

	sector_t disk_sectors_ = 0;
	sector_t zone_capacity_ = 0;
	unsigned int zone_shift_ = 0;
};

/**
 * ZoneCondition - the condition of one zone
 *
 * Changes with the locks of the zone and of ZoneCounts held, except that ZoneCounts closes an
 * implicitly open zone under its own lock alone, to open another zone. So a holder of the zone's
 * lock can see IMP_OPEN change to CLOSED, or to EMPTY if nothing was written.
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

	/* True after a write since the last reset: closing makes the zone CLOSED, not EMPTY. */
	bool written = false;

private:
	kxx::Atomic cond_{ static_cast<int>(kxx::ZoneCond::NOT_WP) };
};

/**
 * ZoneCounts - counts open and active zones, and changes conditions within the limits
 *
 * Borrows the conditions. A method with a result returns the status for the request. The caller
 * holds the lock of zone @no, which is sequential, and neither READONLY nor OFFLINE unless the
 * method is reset() or move(). Context: any, with the lock that guards this object held.
 */
class ZoneCounts {
public:
	/** ZoneCounts - starts with no zone open or active */
	ZoneCounts(ZoneCondition *conditions, const ZoneGeometry &geometry)
		: conditions_(conditions), geometry_(geometry), next_to_close_(geometry.nr_conv)
	{
	}

	/** begin_write - opens zone @no implicitly, if it is not open */
	kxx::BlkStatus begin_write(unsigned int no);
	/** abort_write - the first write wrote nothing: a close makes zone @no EMPTY, not CLOSED */
	void abort_write(unsigned int no);

	/** manage - does a ZONE_OPEN, ZONE_CLOSE or ZONE_FINISH */
	kxx::BlkStatus manage(kxx::ReqOp op, unsigned int no);
	void reset(unsigned int no);
	/** move - changes zone @no from any condition to @to, ignoring the limits */
	void move(unsigned int no, kxx::ZoneCond to);

private:
	/* Returns the counter of zones in @cond, or NULL if they are not counted. */
	unsigned int *counter(kxx::ZoneCond cond);
	bool may_activate() const;
	bool may_open();
	/* Returns OK if an EMPTY or CLOSED zone can be opened; may close another zone for that. */
	kxx::BlkStatus make_room(unsigned int no);
	kxx::BlkStatus open(unsigned int no);
	void close_one();

	ZoneCondition *conditions_;
	const ZoneGeometry &geometry_;
	unsigned int imp_open_ = 0, exp_open_ = 0, closed_ = 0;
	/* Zone at which the next search for an implicitly open zone begins. */
	unsigned int next_to_close_;
};

/**
 * sequential_zone_no - returns the number of the sequential zone that contains @sector
 *
 * Otherwise returns -EINVAL, and logs the name of the configfs file that sets zones to @cond.
 */
kxx::Result<unsigned int> sequential_zone_no(const ZoneGeometry &geometry, sector_t sector,
					     kxx::ZoneCond cond);

/**
 * WriteResult - the result of a write to a zone
 * @status: the status with which the request must end
 * @nr: number of sectors that were written before the error; ignored if @status is OK
 */
struct WriteResult {
	WriteResult(kxx::BlkStatus status, sector_t nr = 0) : status(status), nr(nr) {}

	kxx::BlkStatus status;
	sector_t nr;
};

/**
 * Zones - the zones of one disk: conditions, write pointers and locks
 * @Lock: lock of each zone, held while the zone's data is read or written: kxx::Mutex for a disk
 *        that has data, else kxx::SpinLockIrq
 *
 * The driver of a zoned disk passes its requests to handle(). The methods for single operations
 * take a function that transfers the data, and call the function with the lock of a sequential
 * zone held. They return the status with which the request must end: IOERR if the condition or
 * write pointer of the zone does not allow the operation, ZONE_OPEN_RESOURCE or
 * ZONE_ACTIVE_RESOURCE at a limit, else the status of the function. The function of a write returns
 * a WriteResult or a status. The write pointer moves by what was written, even if the request fails
 * after that. @sector and @nr are in sectors of 512 bytes, within one zone: the block layer splits
 * requests at zones (chunk_sectors).
 *
 * A write to an open zone takes only the zone's lock, except the first write to a zone and the
 * write that fills it.
 *
 * Pinned. Context: process; may sleep with Mutex.
 */
template <template <typename, typename> class Lock> class Zones {
	struct WritePointer {
		sector_t sector = 0;
	};
	using ZoneLock = Lock<WritePointer, void>;
	using Guard = typename ZoneLock::Guard;

	static constexpr bool lock_sleeps = !requires { Guard::depth; };

public:
	/** make - creates the zones; -ENOMEM */
	static kxx::Result<kxx::Box<Zones>> make(const ZoneGeometry &geometry) KXX_MAY_SLEEP
	{
		/* Do not start the OOM killer for many small zones. */
		auto gfp = kxx::GFP_KERNEL | kxx::__GFP_RETRY_MAYFAIL | kxx::__GFP_NOWARN;
		auto conditions = KXX_TRY(kxx::Box<ZoneCondition[]>::make(gfp, geometry.nr_zones));
		auto zones = KXX_TRY(kxx::Box<ZoneLock[]>::make(gfp, geometry.nr_zones));

		return kxx::Box<Zones>::make(kxx::GFP_KERNEL, geometry, std::move(conditions),
					     std::move(zones));
	}

	Zones(const ZoneGeometry &geometry, kxx::Box<ZoneCondition[]> conditions,
	      kxx::Box<ZoneLock[]> zones) KXX_MAY_SLEEP : geometry_(geometry),
							  conditions_(std::move(conditions)),
							  zones_(std::move(zones)),
							  counts_(&conditions_[0], geometry_)
	{
		for (unsigned int no = 0; no < geometry_.nr_zones; no++) {
			auto wp = zones_[no].lock();

			if (geometry_.is_conventional(no)) {
				wp->sector = geometry_.start(no) + geometry_.len(no);
			} else if (geometry_.full) {
				wp->sector = geometry_.start(no) + geometry_.capacity(no);
				conditions_[no].set(kxx::ZoneCond::FULL);
			} else {
				wp->sector = geometry_.start(no);
				conditions_[no].set(kxx::ZoneCond::EMPTY);
			}
		}
	}
	Zones(const Zones &) = delete;
	Zones &operator=(const Zones &) = delete;

	const ZoneGeometry &geometry() const KXX_LIFETIMEBOUND { return geometry_; }

	/**
	 * handle - does the operation of @rq
	 * @data: write(rq) transfers the data of @rq to Request::pos(), and returns a status or a
	 *        WriteResult; read(rq, n) reads the first n sectors, and sets the rest to 0xff
	 *        bytes; discard(sector, nr) discards a range. If has_data is false, they transfer
	 *        nothing, and must not sleep.
	 *
	 * Sets the position of a zone append. Returns NOTSUPP for other operations and for a flush.
	 */
	template <typename Request, typename Data>
	kxx::BlkStatus handle(Request &rq, Data &&data) KXX_MAY_SLEEP
	{
		using kxx::ReqOp;

		static_assert(!std::remove_reference_t<Data>::has_data || lock_sleeps,
			      "a disk with data needs a Mutex, which is held while the data is "
			      "moved");
		sector_t sector = rq.pos();
		sector_t nr = rq.bytes() >> KXX_SECTOR_SHIFT;
		auto discard = [&](sector_t from, sector_t sectors)
				       KXX_INHERITS_MAY_SLEEP { data.discard(from, sectors); };

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
		case ReqOp::ZONE_CLOSE:
		case ReqOp::ZONE_FINISH:
		case ReqOp::ZONE_RESET:
			return manage(rq.op(), sector, discard);
		case ReqOp::ZONE_RESET_ALL:
			reset_all(discard);
			return kxx::BlkStatus::OK;
		default:
			return kxx::BlkStatus::NOTSUPP;
		}
	}

	/** write - writes, in a sequential zone at its write pointer; @f() transfers the data */
	template <typename F>
	kxx::BlkStatus write(sector_t sector, sector_t nr, F &&f) KXX_MAY_SLEEP
	{
		u64 no = geometry_.zone_no(sector);

		if (no >= geometry_.nr_zones)
			return kxx::BlkStatus::IOERR;
		if (geometry_.is_conventional(no))
			return WriteResult(f()).status;

		auto wp = zones_[no].lock();

		if (sector != wp->sector)
			return kxx::BlkStatus::IOERR;
		return write_at_wp(no, wp, nr, f);
	}

	/** append - writes at the write pointer of @sector's zone; @f(there) transfers the data */
	template <typename F>
	kxx::BlkStatus append(sector_t sector, sector_t nr, F &&f) KXX_MAY_SLEEP
	{
		if (!is_sequential(sector) || !geometry_.append_max_sectors)
			return kxx::BlkStatus::IOERR;

		u64 no = geometry_.zone_no(sector);
		auto wp = zones_[no].lock();
		sector_t there = wp->sector;

		if (there == no_wp)
			return kxx::BlkStatus::IOERR;
		return write_at_wp(no, wp, nr, [&]() KXX_INHERITS_MAY_SLEEP { return f(there); });
	}

	/** read - @f(n) reads the first n sectors; all others are past the write pointer */
	template <typename F> kxx::BlkStatus read(sector_t sector, sector_t nr, F &&f) KXX_MAY_SLEEP
	{
		u64 no = geometry_.zone_no(sector);

		if (no >= geometry_.nr_zones)
			return kxx::BlkStatus::IOERR;
		if (geometry_.is_conventional(no))
			return f(nr);

		auto wp = zones_[no].lock();

		if (conditions_[no].get() == kxx::ZoneCond::OFFLINE)
			return kxx::BlkStatus::IOERR;
		if (sector + nr <= wp->sector)
			return f(nr);
		return f(sector < wp->sector ? wp->sector - sector : 0);
	}

	/** may_read - read() without data: IOERR for an offline zone. Takes no lock */
	kxx::BlkStatus may_read(sector_t sector) const
	{
		u64 no = geometry_.zone_no(sector);

		if (no >= conditions_.size() || conditions_[no].get() == kxx::ZoneCond::OFFLINE)
			return kxx::BlkStatus::IOERR;
		return kxx::BlkStatus::OK;
	}

	/**
	 * manage - does a ZONE_OPEN, ZONE_CLOSE, ZONE_FINISH or ZONE_RESET of the zone of @sector
	 * @discard: @discard(sector, nr) discards the data of a ZONE_RESET. ZONE_FINISH discards
	 *           none: sectors past the old write pointer read as the store has them, as in
	 *           null_blk
	 */
	template <typename F>
	kxx::BlkStatus manage(kxx::ReqOp op, sector_t sector, F &&discard) KXX_MAY_SLEEP
	{
		if (!is_sequential(sector))
			return kxx::BlkStatus::IOERR;

		auto no = static_cast<unsigned int>(geometry_.zone_no(sector));
		auto wp = zones_[no].lock();

		if (is_unavailable(no))
			return kxx::BlkStatus::IOERR;
		if (op == kxx::ReqOp::ZONE_RESET) {
			reset_locked(no, wp, discard);
			return kxx::BlkStatus::OK;
		}
		/* As in null_blk, which does not check the condition if there are no limits. */
		if (op == kxx::ReqOp::ZONE_FINISH && conditions_[no].get() == kxx::ZoneCond::FULL &&
		    (geometry_.max_open || geometry_.max_active))
			return kxx::BlkStatus::OK;

		kxx::BlkStatus status = with_counts(
			wp, [op, no](ZoneCounts &counts) { return counts.manage(op, no); });

		if (op == kxx::ReqOp::ZONE_FINISH && status == kxx::BlkStatus::OK)
			wp->sector = geometry_.start(no) + geometry_.len(no);
		return status;
	}

	/** reset_all - resets every sequential zone that is not READONLY or OFFLINE */
	template <typename F> void reset_all(F &&discard) KXX_MAY_SLEEP
	{
		for (unsigned int no = geometry_.nr_conv; no < geometry_.nr_zones; no++) {
			auto wp = zones_[no].lock();

			if (!is_unavailable(no) && conditions_[no].get() != kxx::ZoneCond::EMPTY)
				reset_locked(no, wp, discard);
		}
	}

	/**
	 * set_unavailable - makes the zone of @sector READONLY or OFFLINE, for configfs
	 *
	 * A zone that is in @cond already becomes EMPTY: @discard(sector, nr) discards its data.
	 * Returns -EINVAL, and logs the reason, for a conventional zone or a sector past all zones.
	 */
	template <typename F>
	kxx::Result<void> set_unavailable(sector_t sector, kxx::ZoneCond cond,
					  F &&discard) KXX_MAY_SLEEP
	{
		u64 no = KXX_TRY(sequential_zone_no(geometry_, sector, cond));
		auto wp = zones_[no].lock();

		if (conditions_[no].get() == cond) {
			reset_locked(no, wp, discard);
			return {};
		}
		with_counts(wp, [no, cond, finish = !is_unavailable(no)](ZoneCounts &counts) {
			/* Finish the zone, as null_blk does: that may close another zone. */
			if (finish)
				counts.manage(kxx::ReqOp::ZONE_FINISH, no);
			counts.move(no, cond);
		});
		wp->sector = no_wp;
		return {};
	}

	/** report_zones - reports up to @nr_zones zones, beginning with the zone of @sector */
	kxx::Result<void> report_zones(sector_t sector, unsigned int nr_zones,
				       kxx::ZoneReport &report) KXX_MAY_SLEEP
	{
		for (u64 no = geometry_.zone_no(sector);
		     no < geometry_.nr_zones && report.added() < nr_zones; no++)
			KXX_TRY(report.add(zone(no)));
		return {};
	}

	/** cond - returns the present condition of zone @no. Context: any */
	kxx::ZoneCond cond(unsigned int no) const { return conditions_[no].get(); }

	/** zone - returns what report_zones() reports of zone @no */
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
	/* Write pointer of a READONLY or OFFLINE zone. */
	static constexpr sector_t no_wp = ~sector_t{ 0 };

	/* Calls @f(counts) with counts_ locked. @guard proves that the zone's lock is held. */
	template <typename F> auto with_counts(Guard &guard, F &&f)
	{
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
		 * Take no lock of the counts if the zone is open and written. Only the opening of
		 * another zone can close this zone now: this write counts as earlier than that.
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
			with_counts(wp, [no](ZoneCounts &counts) {
				counts.move(no, kxx::ZoneCond::FULL);
			});
		else if (wp->sector == start)
			with_counts(wp, [no](ZoneCounts &counts) { counts.abort_write(no); });
		return result.status;
	}

	bool is_sequential(sector_t sector) const
	{
		u64 no = geometry_.zone_no(sector);

		return no < geometry_.nr_zones && !geometry_.is_conventional(no);
	}
	bool is_unavailable(unsigned int no) const
	{
		kxx::ZoneCond cond = conditions_[no].get();

		return cond == kxx::ZoneCond::READONLY || cond == kxx::ZoneCond::OFFLINE;
	}

	template <typename F>
	void reset_locked(unsigned int no, Guard &wp, F &&discard) KXX_INHERITS_MAY_SLEEP
	{
		with_counts(wp, [no](ZoneCounts &counts) { counts.reset(no); });
		wp->sector = geometry_.start(no);
		discard(geometry_.start(no), geometry_.len(no));
	}

	const ZoneGeometry geometry_;
	kxx::Box<ZoneCondition[]> conditions_;
	kxx::Box<ZoneLock[]> zones_;
	/* Lock order: a zone's lock, then the lock of the counts. */
	kxx::SpinLock<ZoneCounts> counts_;
};

} // namespace cxxnull
