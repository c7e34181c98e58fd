/* SPDX-License-Identifier: GPL-2.0 */
/*
 * disk.hpp - one null block device, as blk-mq sees it
 *
 * There are five kinds, so that no request asks what its disk cannot do:
 *
 *   Disk             no memory, no limit, no queues that are polled
 *   PolledDisk       no memory, no limit
 *   FullDisk         all but zones; also whatever shares its tags with others
 *   ZonedDisk        zones, no memory
 *   ZonedMemoryDisk  zones, and memory
 */
#pragma once

#include <optional>
#include <type_traits>
#include <utility>

#include <kxx/block/blk-mq.hpp>
#include <kxx/block/blkdev.hpp>
#include <kxx/device/device.hpp>
#include <kxx/base/err.hpp>
#include <kxx/base/fault-inject.hpp>
#include <kxx/sync/hrtimer.hpp>
#include <kxx/sync/mutex.hpp>
#include <kxx/mm/slab.hpp>
#include <kxx/sync/spinlock.hpp>
#include <kxx/sync/workqueue.hpp>

#include "config.hpp"
#include "instruments.hpp"
#include "latency.hpp"
#include "memory.hpp"
#include "params.h"
#include "throttle.hpp"
#include "zones.hpp"

namespace cxxnull {

class FullDisk;
class SharedTags;

/** IrqMode - how a request completes; null_blk's irqmode */
enum class IrqMode { NONE, SOFTIRQ, TIMER };

/**
 * DiskSettings - all that a disk is made of
 * @config: complete()
 * @name: of the disk; NULL for the prefix and @index
 * @index: its number, which no other disk has
 * @memory_bytes: the most that its store may hold
 * @page_limit: the most that the stores of all disks may hold, or NULL; outlives the disk
 * @latency: how long requests take, with irqmode 2
 * @instruments: or NULL; outlives the disk
 * @shared_tags: or NULL, for a disk that does not share; outlives the disk
 * @major: of its device number, whose minor is @index; 0 for one that the kernel chooses
 */
struct DiskSettings {
	Config config;
	const char *name = nullptr;
	unsigned int index = 0;
	u64 memory_bytes = 0;
	PageLimit *page_limit = nullptr;
	Distribution latency = {};
	Instruments *instruments = nullptr;
	SharedTags *shared_tags = nullptr;
	unsigned int major = 0;
};

/** BadBlocksMode - what is done about a bad sector, besides the error */
struct BadBlocksMode {
	bool once;	 /* it is good from then on */
	bool partial_io; /* what is before it is transferred */
	u64 block_sectors;
};

/**
 * DiskOf - what all kinds have in common
 * @Driver: the kind, which derives from this
 *
 * The queuedata of a disk. Owns the disk's contents, if it has memory. Context: see each
 * callback.
 */
template <typename Driver> class DiskOf {
public:
	using Request = kxx::Request<Driver>;
	using OwnedRequest = kxx::Owned<Request>;

	struct Pdu {
		kxx::BlkStatus status = kxx::BlkStatus::OK;
		/* In the list of those that wait for a poll. */
		typename OwnedRequest::Raw next = nullptr;
		kxx::HrTimer<OwnedRequest, Driver> timer;
	};

	DiskOf(const DiskOf &) = delete;
	DiskOf &operator=(const DiskOf &) = delete;

	/** timer_expired - ends what queue_rq gave to the timer. Context: hard interrupt; a thread on PREEMPT_RT */
	static void timer_expired(OwnedRequest rq) { rq.end(rq->pdu().status); }

protected:
	explicit DiskOf(const DiskSettings &settings, std::optional<Memory> memory = std::nullopt)
		: irqmode_(static_cast<IrqMode>(settings.config.irqmode)),
		  completion_nsec_(settings.config.completion_nsec),
		  instruments_(settings.instruments),
		  badblocks_mode_{ settings.config.badblocks_once,
				   settings.config.badblocks_partial_io,
				   settings.config.blocksize >> KXX_SECTOR_SHIFT },
		  memory_(std::move(memory))
	{
		if (settings.latency.kind != LatencyKind::CONSTANT)
			latency_.emplace(settings.latency, settings.config.seed);
	}
	~DiskOf() = default;

	/* What @f makes of the request, unless a fault is injected instead; @give_back may be that. */
	template <typename F, typename GiveBack>
	kxx::QueueStatus unless_injected(OwnedRequest rq, F &&f,
					 GiveBack &&give_back) const KXX_MAY_SLEEP;
	/* The same, for queue_rq. */
	template <typename F>
	kxx::QueueStatus unless_injected(OwnedRequest rq, F &&f) const KXX_MAY_SLEEP;
	/* All of the list; what ends at once ends together. */
	void serve_list(kxx::RequestList<Driver> &list) const KXX_MAY_SLEEP;
	/*
	 * What the request asks for, done at once; how it is to end. BlkStatus::AGAIN, which no
	 * request ends with: it has to wait, for memory or for what was just discarded. Sleeps
	 * where Config::needs_blocking() says so.
	 */
	kxx::BlkStatus serve(Request &rq) const KXX_MAY_SLEEP;
	/*
	 * Its data, with an eye to bad blocks. If the request fails after a part of it was served
	 * (badblocks_partial_io), @sectors is set to that part, from the first sector on.
	 */
	kxx::BlkStatus serve_data(Request &rq, bool may_wait = false,
				  sector_t *sectors = nullptr) const KXX_MAY_SLEEP;
	/* The same, and waits; of a disk with memory. */
	[[gnu::noinline]] kxx::BlkStatus
	serve_waiting(Request &rq, sector_t *sectors = nullptr) const KXX_MAY_SLEEP;
	/* begin() when @throttle, if there is one, lets it through. */
	kxx::QueueStatus
	throttled(OwnedRequest rq,
		  const std::optional<kxx::Box<Throttle>> &throttle) const KXX_MAY_SLEEP;
	/* Starts it, serves it, and finishes it. */
	kxx::QueueStatus begin(OwnedRequest rq) const KXX_MAY_SLEEP;
	/* Ends it as irqmode says, or leaves it to who polls, or has it served where it can wait. */
	void finish(OwnedRequest rq, kxx::BlkStatus status) const;
	/* Serves what finish() was to have served. */
	void finish_later(OwnedRequest rq) const KXX_MAY_SLEEP;

	/* The first bad range that it meets, or nothing. Context: any. */
	std::optional<kxx::BadRange> bad_range(Request &rq) const;
	/* How many sectors of @rq are served before @range, which it meets. Context: any. */
	sector_t sectors_before(const Request &rq, const kxx::BadRange &range) const;
	/* It was met. Context: any in which interrupts are on. */
	void met(Request &rq, const kxx::BadRange &range) const;

	/* What the driver's callbacks of these names do. */
	std::optional<OwnedRequest> take_waiting(Request &rq) const;
	void end_timed_out(OwnedRequest rq) const;
	kxx::Result<void> make_hctx() const;

	const std::optional<Memory> &memory() const { return memory_; }

private:
	/* A fault, to be injected before the request is started. */
	enum class Injected { NOTHING, GIVE_BACK, REQUEUE, TIMEOUT };

	Injected injected(Request &rq) const;
	void complete_as_configured(OwnedRequest rq, kxx::BlkStatus status) const;
	/* On the store's workqueue, where it may sleep. */
	[[gnu::noinline, gnu::cold]] void serve_later(OwnedRequest rq) const;
	/* One that serve() has not counted. */
	void count(Request &rq, kxx::BlkStatus status) const;
	/* Out of line, for queue_rq to need no stack where there is nothing to do. */
	[[gnu::noinline]] kxx::BlkStatus serve_watched(Request &rq) const KXX_MAY_SLEEP;
	[[gnu::noinline]] kxx::BlkStatus serve_bad(Request &rq, bool may_wait,
						   sector_t *sectors = nullptr) const KXX_MAY_SLEEP;
	[[gnu::noinline]] static kxx::Result<void> transfer(Store &store, Request &rq, u64 bytes);
	[[gnu::noinline]] static kxx::Result<void> transfer(Cache<Store> &cache, Request &rq,
							    u64 bytes) KXX_MAY_SLEEP;
	kxx::BlkStatus serve_bytes(Request &rq, u64 bytes, bool may_wait) const KXX_MAY_SLEEP;

	IrqMode irqmode_;
	u64 completion_nsec_;
	Instruments *instruments_;
	BadBlocksMode badblocks_mode_;
	std::optional<Latency> latency_;
	std::optional<Memory> memory_;
};

/** DiskParts - what a disk can have beside its settings, made for it */
struct DiskParts {
	std::optional<Memory> memory;
	std::optional<kxx::Box<Throttle>> throttle;
};

/**
 * PollList - requests that are done, and wait for somebody to poll; in the order they came in
 *
 * Owns them. Context: as queue_rq and poll.
 */
template <typename Driver> class PollList {
	using Rq = kxx::Owned<kxx::Request<Driver>>;
	using Raw = typename Rq::Raw;

public:
	PollList() = default;
	PollList(const PollList &) = delete;
	PollList &operator=(const PollList &) = delete;
	/* blk-mq takes no queue down that has a request. */
	~PollList() = default;

	void push(Rq rq)
	{
		Raw *next = &rq->pdu().next;

		*next = nullptr;
		*last_ = std::move(rq).into_raw();
		last_ = next;
	}

	/** pop - the first; nothing if there is none */
	std::optional<Rq> pop()
	{
		if (!first_)
			return std::nullopt;

		auto rq = Rq::from_raw(first_);

		first_ = rq->pdu().next;
		if (!first_)
			last_ = &first_;
		return rq;
	}

	/** take - @rq, if it is in the list: then its taker is the one that ends it */
	std::optional<Rq> take(kxx::Request<Driver> &rq)
	{
		for (Raw *link = &first_; *link;) {
			auto found = Rq::from_raw(*link);
			Raw *next = &found->pdu().next;

			if (&found->pdu() == &rq.pdu()) {
				*link = *next;
				if (last_ == next)
					last_ = link;
				return found;
			}
			/* It stays in the list, which owns it. */
			static_cast<void>(std::move(found).into_raw());
			link = next;
		}
		return std::nullopt;
	}

private:
	Raw first_ = nullptr;
	Raw *last_ = &first_;
};

/** Disk - see above */
class Disk : public DiskOf<Disk> {
public:
	static constexpr bool polls = false, has_memory = false, has_parts = false, zoned = false;

	explicit Disk(const DiskSettings &settings) : DiskOf(settings) {}

	/** queue_rq - does the work at once; when it completes is irqmode's to say */
	kxx::QueueStatus queue_rq(OwnedRequest rq) const KXX_MAY_SLEEP;
	/** queue_rqs - the same for requests that came together, which also end together */
	void queue_rqs(kxx::RequestList<Disk> &list) const KXX_MAY_SLEEP;
	/** complete - ends what queue_rq completed. Context: softirq, or queue_rq's */
	void complete(OwnedRequest rq) const;
	/** timed_out - ends what an injected fault has left. Context: process, may sleep */
	void timed_out(OwnedRequest rq) const { end_timed_out(std::move(rq)); }
	/** take_back - what waits for a poll or a timer, and has timed out. Context: the same */
	std::optional<OwnedRequest> take_back(Request &rq) const { return take_waiting(rq); }
	/** init_hctx - -EFAULT if that is injected */
	kxx::Result<void> init_hctx(kxx::Hctx<Disk>) const { return make_hctx(); }
};

/** PolledDisk - see above */
class PolledDisk : public DiskOf<PolledDisk> {
public:
	static constexpr bool polls = true, has_memory = false, has_parts = false, zoned = false;

	struct HctxData {
		kxx::SpinLock<PollList<PolledDisk>> done;
	};

	explicit PolledDisk(const DiskSettings &settings) : DiskOf(settings) {}

	/** queue_rq - as Disk's; what is polled for waits for that, whatever irqmode is */
	kxx::QueueStatus queue_rq(OwnedRequest rq) const KXX_MAY_SLEEP;
	/** queue_rqs - as Disk's; what is polled for waits */
	void queue_rqs(kxx::RequestList<PolledDisk> &list) const KXX_MAY_SLEEP;
	/** complete - as Disk's */
	void complete(OwnedRequest rq) const;
	/** timed_out - ends what an injected fault has left. Context: process, may sleep */
	void timed_out(OwnedRequest rq) const { end_timed_out(std::move(rq)); }
	/** take_back - what waits for a poll or a timer, and has timed out. Context: the same */
	std::optional<OwnedRequest> take_back(Request &rq) const { return take_waiting(rq); }
	/** init_hctx - -EFAULT if that is injected */
	kxx::Result<void> init_hctx(kxx::Hctx<PolledDisk>) const { return make_hctx(); }
	/** poll - ends what is done. Context: as queue_rq's; under RCU, so it does not sleep */
	unsigned int poll(kxx::Hctx<PolledDisk> hctx, kxx::IoCompBatch<PolledDisk> &batch) const;
};

/** FullDisk - see above */
class FullDisk : public DiskOf<FullDisk> {
public:
	static constexpr bool polls = true, has_memory = true, has_parts = true, zoned = false;

	struct Pdu : DiskOf::Pdu {
		/* What has to wait for memory. */
		OwnedRequest::Raw waiting = nullptr;
		kxx::Work<Pdu> later{ *this };

		void work() KXX_MAY_SLEEP;
	};

	struct HctxData {
		kxx::SpinLock<PollList<FullDisk>> done;
	};

	FullDisk(const DiskSettings &settings, DiskParts parts)
		: DiskOf(settings, std::move(parts.memory)), throttle_(std::move(parts.throttle))
	{
	}

	/**
	 * queue_rq - as PolledDisk's; gives back what is beyond the limit
	 *
	 * What has to wait for memory does so on a workqueue. Context: process, may sleep, for a
	 * disk with a cache; else as blk-mq calls it.
	 */
	kxx::QueueStatus queue_rq(OwnedRequest rq) const KXX_MAY_SLEEP;
	/** queue_rqs - as PolledDisk's; with a limit, each is queue_rq()'s. Context: as queue_rq() */
	void queue_rqs(kxx::RequestList<FullDisk> &list) const KXX_MAY_SLEEP;
	/** complete - as Disk's */
	void complete(OwnedRequest rq) const;
	/** timed_out - ends what an injected fault has left. Context: process, may sleep */
	void timed_out(OwnedRequest rq) const { end_timed_out(std::move(rq)); }
	/** take_back - what waits for a poll or a timer, and has timed out. Context: the same */
	std::optional<OwnedRequest> take_back(Request &rq) const { return take_waiting(rq); }
	/** init_hctx - -EFAULT if that is injected */
	kxx::Result<void> init_hctx(kxx::Hctx<FullDisk>) const { return make_hctx(); }
	/** poll - as PolledDisk's */
	unsigned int poll(kxx::Hctx<FullDisk> hctx, kxx::IoCompBatch<FullDisk> &batch) const;

private:
	std::optional<kxx::Box<Throttle>> throttle_;
};

/**
 * ZonedDiskOf - a host-managed zoned disk, else as FullDisk
 * @with_memory: so that data is moved under a zone's lock, which then is one that sleeps
 */
template <bool with_memory> class ZonedDiskOf : public DiskOf<ZonedDiskOf<with_memory>> {
	using Base = DiskOf<ZonedDiskOf>;

public:
	static constexpr bool polls = true, has_memory = with_memory, has_parts = true,
			      zoned = true;
	using typename Base::OwnedRequest;
	using typename Base::Request;

	using DiskZones =
		std::conditional_t<with_memory, Zones<kxx::Mutex>, Zones<kxx::SpinLockIrq>>;

	struct HctxData {
		kxx::SpinLock<PollList<ZonedDiskOf>> done;
	};

	ZonedDiskOf(const DiskSettings &settings, DiskParts parts, kxx::Box<DiskZones> zones)
		: Base(settings, std::move(parts.memory)), throttle_(std::move(parts.throttle)),
		  zones_(std::move(zones))
	{
	}

	/** queue_rq - as FullDisk's */
	kxx::QueueStatus queue_rq(OwnedRequest rq) const KXX_MAY_SLEEP;
	/** complete - as Disk's */
	void complete(OwnedRequest rq) const;
	/** timed_out - ends what an injected fault has left. Context: process, may sleep */
	void timed_out(OwnedRequest rq) const { this->end_timed_out(std::move(rq)); }
	/** take_back - as PolledDisk's */
	std::optional<OwnedRequest> take_back(Request &rq) const { return this->take_waiting(rq); }
	/** init_hctx - -EFAULT if that is injected */
	kxx::Result<void> init_hctx(kxx::Hctx<ZonedDiskOf>) const { return this->make_hctx(); }
	/** poll - as PolledDisk's */
	unsigned int poll(kxx::Hctx<ZonedDiskOf> hctx, kxx::IoCompBatch<ZonedDiskOf> &batch) const;
	/** report_zones - as Zones'. Context: process, may sleep */
	kxx::Result<unsigned int> report_zones(sector_t sector, unsigned int nr_zones,
					       kxx::ZoneReport &report) const KXX_MAY_SLEEP;

	/**
	 * set_zone_cond - Zones::zone_readonly() or zone_offline(), as @cond has it
	 * Context: process, may sleep.
	 */
	kxx::Result<void> set_zone_cond(sector_t sector, kxx::ZoneCond cond) const KXX_MAY_SLEEP;

private:
	struct WithMemory;
	struct WithoutMemory;

	friend Base;

	kxx::BlkStatus serve_zone(Request &rq) const KXX_MAY_SLEEP;
	kxx::BlkStatus serve_untraced_zone(Request &rq) const KXX_MAY_SLEEP;
	/* The same, with null_blk's events, of a system where somebody has enabled them. */
	[[gnu::noinline]] kxx::BlkStatus serve_traced_zone(Request &rq) const KXX_MAY_SLEEP;
	void trace_before(Request &rq) const;
	void trace_after(Request &rq) const;

	std::optional<kxx::Box<Throttle>> throttle_;
	kxx::Box<DiskZones> zones_;
};

using ZonedDisk = ZonedDiskOf<false>;
using ZonedMemoryDisk = ZonedDiskOf<true>;

/**
 * SharedTags - the tags of all disks that share, made for the first of them
 *
 * As the module's parameters have them, not the disks. Outlives the disks.
 * Context: process, may sleep.
 */
class SharedTags {
public:
	explicit SharedTags(const cxxnull_params &params);
	SharedTags(const SharedTags &) = delete;
	SharedTags &operator=(const SharedTags &) = delete;

	/** get - -ENOMEM */
	kxx::Result<kxx::ARef<kxx::TagSet<FullDisk>>> get() KXX_MAY_SLEEP;

	/** blocking - whether a disk on them may sleep */
	bool blocking() const { return config_.needs_blocking(); }

private:
	Config config_;
	kxx::Mutex<std::optional<kxx::ARef<kxx::TagSet<FullDisk>>>> tags_;
};

/**
 * AnyDisk - a disk of any kind, as user space sees it
 *
 * Owns it. Pinned. Context: process, may sleep, for all methods.
 */
class AnyDisk {
public:
	/** make - a disk of @parent, shown to user space; @settings outlives it only where it says */
	static kxx::Result<kxx::Box<AnyDisk>> make(kxx::Device &parent,
						   const DiskSettings &settings) KXX_MAY_SLEEP;

	AnyDisk(const AnyDisk &) = delete;
	AnyDisk &operator=(const AnyDisk &) = delete;
	~AnyDisk() KXX_MAY_SLEEP { ops_->destroy(disk_); }

	/** update_nr_hw_queues - of a disk that shares no tags: as TagSet's */
	kxx::Result<void> update_nr_hw_queues(const kxx::QueueCounts &queues) KXX_MAY_SLEEP
	{
		return ops_->update_nr_hw_queues(disk_, queues);
	}

	/** set_zone_cond - as ZonedDiskOf's; -EINVAL for a disk that is not zoned */
	kxx::Result<void> set_zone_cond(sector_t sector, kxx::ZoneCond cond) KXX_MAY_SLEEP
	{
		return ops_->set_zone_cond(disk_, sector, cond);
	}

	struct gendisk *raw() const { return ops_->raw(disk_); }

private:
	friend kxx::Box<AnyDisk>;

	struct Ops {
		void (*destroy)(void *disk);
		kxx::Result<void> (*update_nr_hw_queues)(void *disk,
							 const kxx::QueueCounts &queues);
		kxx::Result<void> (*set_zone_cond)(void *disk, sector_t sector, kxx::ZoneCond cond);
		struct gendisk *(*raw)(void *disk);
	};
	template <typename Driver> static constexpr Ops ops_of();
	template <typename Driver>
	static kxx::Result<kxx::Box<AnyDisk>>
	make_of(kxx::Device &parent, const DiskSettings &settings,
		kxx::ARef<kxx::TagSet<Driver>> tags) KXX_MAY_SLEEP;
	template <typename Driver>
	static kxx::Result<kxx::Box<AnyDisk>>
	make_alone(kxx::Device &parent, const DiskSettings &settings) KXX_MAY_SLEEP;

	AnyDisk(void *disk, const Ops *ops) : disk_(disk), ops_(ops) {}

	void *disk_;
	const Ops *ops_;
};

} // namespace cxxnull
