/* SPDX-License-Identifier: GPL-2.0 */
/*
 * tag_set.hpp - TagSet: tags and requests of a driver, and its struct blk_mq_ops
 * Part of blk-mq.hpp, which lists the callbacks.
 */
#pragma once

#include <new>
#include <optional>
#include <type_traits>
#include <utility>

#include <kxx/base/annotations.hpp>
#include <kxx/base/cpumask.hpp>
#include <kxx/base/err.hpp>
#include <kxx/glue/block/blk-mq.h>
#include <kxx/base/has_member.hpp>
#include <kxx/base/initializer.hpp>
#include <kxx/base/layout.hpp>
#include <kxx/base/nodemask.hpp>
#include <kxx/base/ownership.hpp>
#include <kxx/base/printk.hpp>
#include <kxx/sync/rcupdate.hpp>
#include <kxx/sync/refcount.hpp>
#include <kxx/block/queue_maps.hpp>
#include <kxx/block/request.hpp>
#include <kxx/block/request_batch.hpp>
#include <kxx/block/request_list.hpp>
#include <kxx/block/shared_request.hpp>
#include <kxx/fs/seq_file.hpp>
#include <kxx/mm/slab.hpp>

KXX_LAYOUT(blk_mq_ops);
KXX_LAYOUT(blk_mq_tag_set);

namespace kxx {

namespace detail {

KXX_HAS_MEMBER(has_busy, busy);
KXX_HAS_MEMBER(has_cleanup_rq, cleanup_rq);
KXX_HAS_MEMBER(has_commit_rqs, commit_rqs);
KXX_HAS_MEMBER(has_exit_hctx, exit_hctx);
KXX_HAS_MEMBER(has_exit_request, exit_request);
KXX_HAS_MEMBER(has_get_budget, get_budget);
KXX_HAS_MEMBER(has_get_rq_budget_token, get_rq_budget_token);
KXX_HAS_MEMBER(has_init_hctx, init_hctx);
KXX_HAS_MEMBER(has_init_request, init_request);
KXX_HAS_MEMBER(has_map_queues, map_queues);
KXX_HAS_MEMBER(has_poll, poll);
KXX_HAS_MEMBER(has_put_budget, put_budget);
KXX_HAS_MEMBER(has_queue_rqs, queue_rqs);
KXX_HAS_MEMBER(has_set_rq_budget_token, set_rq_budget_token);
KXX_HAS_MEMBER(has_show_rq, show_rq);
KXX_HAS_MEMBER(has_timeout, timeout);
KXX_HAS_MEMBER(names_hctx_data, HctxData);
KXX_HAS_MEMBER(names_pdu, Pdu);
KXX_HAS_MEMBER(names_shares_requests, shares_requests);

/* True if the driver's queue_rq has the parameter @last: no more requests follow for now. */
template <typename Driver>
inline constexpr bool takes_last =
	std::is_convertible_v<decltype(&Driver::queue_rq),
			      QueueStatus (Driver::*)(Owned<Request<Driver>>, bool) const>;

} // namespace detail

/*
 * Implements queue_rq of struct blk_mq_ops: passes the request to Driver::queue_rq(), which may
 * sleep if the driver sets TagSetParameters::blocking. A free function, so that only this
 * function, and not all of TagSet, is a friend of Owned.
 */
template <typename Driver> blk_status_t detail::queue_rq(const struct blk_mq_queue_data *bd)
{
	// SAFETY: blk-mq passes a request that was not started. The driver owns the request until
	// it has ended, or until queue_rq returns a status other than OK (struct blk_mq_ops in
	// <linux/blk-mq.h>).
	struct request *raw = kxx_blk_mq_queue_data_rq(bd);
	auto rq = Owned<Request<Driver>>::enter(raw);
	const Driver &driver = rq->queuedata();

	if constexpr (takes_last<Driver>)
		return driver.queue_rq(std::move(rq), kxx_blk_mq_queue_data_last(bd)).into_raw(raw);
	else
		return driver.queue_rq(std::move(rq)).into_raw(raw);
}

/* The same for queue_rqs. All requests of the list have the same queue, so the same driver. */
template <typename Driver>
[[gnu::always_inline]] inline void detail::queue_rqs(struct rq_list *list)
{
	// SAFETY: blk-mq calls this only with a list that is not empty, and whose requests were not
	// started.
	const Driver &driver =
		*static_cast<const Driver *>(kxx_blk_mq_rq_queuedata(kxx_rq_list_peek(list)));
	RequestList<Driver> requests(list);

	driver.queue_rqs(requests);
}

/**
 * TagSetParameters - Parameters of a TagSet
 * @queues: see QueueCounts
 * @queue_depth: tags per hardware queue, 1 to BLK_MQ_MAX_DEPTH
 * @numa_node: node for allocations, which must be online; NUMA_NO_NODE for any
 * @blocking: queue_rq may sleep (BLK_MQ_F_BLOCKING)
 * @no_sched: no I/O scheduler by default (BLK_MQ_F_NO_SCHED)
 * @shared_tags: all hardware queues share one set of tags (BLK_MQ_F_TAG_HCTX_SHARED)
 * @timeout_msecs: time after which a request times out, rounded up to jiffies; 0 for
 *                 the block layer's default of 30 s
 */
struct TagSetParameters {
	QueueCounts queues = {};
	unsigned int queue_depth = 64;
	int numa_node = KXX_NUMA_NO_NODE;
	bool blocking = false;
	bool no_sched = false;
	bool shared_tags = false;
	unsigned int timeout_msecs = 0;
};

/**
 * TagSet - struct blk_mq_tag_set, for disks with the same @Driver class
 *
 * Owns the tags and the requests, each with a Driver::Pdu. Has a reference count: each disk has
 * an ARef. Cannot be moved. Context of all methods and the destructor: process, may sleep.
 *
 *     auto tags = KXX_TRY(TagSet<Disk>::make({ .queue_depth = 128 }));
 */
template <typename Driver> class TagSet {
	struct Private {};

public:
	/**
	 * make - blk_mq_alloc_tag_set()
	 *
	 * Fails with -EINVAL for wrong @parameters, and with -ENOMEM, also for more than 65536
	 * hardware queues. If there is not enough memory for all tags, or if
	 * Driver::init_request() fails, blk-mq tries again with half the queue depth, and so on.
	 */
	static Result<ARef<TagSet>> make(const TagSetParameters &parameters) KXX_MAY_SLEEP
	{
		KXX_TRY(validate(parameters.queues));
		if (parameters.numa_node != KXX_NUMA_NO_NODE &&
		    !node_online(static_cast<unsigned int>(parameters.numa_node))) {
			pr_err("kxx: numa_node=%d: must be online, or NUMA_NO_NODE\n",
			       parameters.numa_node);
			return EINVAL;
		}

		auto set = KXX_TRY(Box<TagSet>::make(GFP_KERNEL, Private{}, parameters.queues));
		const struct kxx_tag_set_parameters c_parameters = {
			.nr_maps = parameters.queues.nr_maps(),
			.nr_hw_queues = static_cast<unsigned int>(parameters.queues.all()),
			.queue_depth = parameters.queue_depth,
			.cmd_size = command_size(),
			.timeout_msecs = parameters.timeout_msecs,
			.numa_node = parameters.numa_node,
			.blocking = parameters.blocking,
			.no_sched = parameters.no_sched,
			.shared_tags = parameters.shared_tags,
		};
		int err = kxx_blk_mq_alloc_tag_set(set->set_.get(), &ops, &c_parameters, &*set);

		if (err)
			return Errno::from_errno(err);
		set->allocated_ = true;
		return ARef<TagSet>::from_raw(std::move(set).into_raw());
	}

	TagSet(Private, const QueueCounts &queues) : queues_(queues), mapped_(queues) {}
	TagSet(const TagSet &) = delete;
	TagSet &operator=(const TagSet &) = delete;
	~TagSet() KXX_MAY_SLEEP
	{
		if (allocated_)
			::blk_mq_free_tag_set(set_.get());
	}

	/**
	 * update_nr_hw_queues - blk_mq_update_nr_hw_queues(): changes the queues of disks in use
	 *
	 * Waits until all requests of all disks of the set have ended. Fails with -EINVAL for wrong
	 * @queues, or if @queues needs more maps (nr_maps()) than the set was made with. Fails with
	 * -ENOMEM if the set keeps its old queues. A set with a single map gets at most one queue
	 * per CPU. Starts new queues even if a StoppedQueue exists, which then has no effect.
	 *
	 * The caller must serialise these calls with each other, with tagset_busy_iter() and
	 * nr_busy(), whose tags they free, and with the addition and deletion of other disks of the
	 * set: if a CPU goes offline meanwhile, these wait for I/O that 6.12 has stopped, and this
	 * function waits for them before it starts that I/O. The same holds for
	 * RequestQueue::stop() and for the end of its StoppedQueue: 7.3 may have taken a hardware
	 * queue away while they visit all of them.
	 */
	Result<void> update_nr_hw_queues(const QueueCounts &queues) KXX_MAY_SLEEP
	{
		KXX_TRY(validate(queues));
		if (queues.nr_maps() > kxx_blk_mq_nr_maps(set_.get()))
			return EINVAL;
		queues_ = queues;
		maps_changed_ = false;
		kxx_blk_mq_update_nr_hw_queues(set_.get(), static_cast<int>(queues.all()));

		u64 wanted = queues.all();
		bool one_map = kxx_blk_mq_nr_maps(set_.get()) == 1;

		if (one_map && wanted > nr_cpu_ids())
			wanted = nr_cpu_ids();
		/* With several maps the types may change and the total not: blk-mq then maps again. */
		if (kxx_blk_mq_nr_hw_queues(set_.get()) == wanted && (one_map || maps_changed_)) {
			mapped_ = queues;
			return {};
		}
		queues_ = mapped_;
		return ENOMEM;
	}

	/** nr_hw_queues - Returns the number for all types; with one type, at most one per CPU */
	unsigned int nr_hw_queues() const { return kxx_blk_mq_nr_hw_queues(set_.get()); }

	/**
	 * tagset_busy_iter - blk_mq_tagset_busy_iter(): calls @f(ARef<Request>) for shared requests
	 *
	 * Visits the requests of all disks of the tag set, except requests that have a single
	 * owner, since no other code may use those. @f may sleep. Must not run during
	 * update_nr_hw_queues().
	 */
	template <typename F> void tagset_busy_iter(F &&f) KXX_MAY_SLEEP
	{
		::blk_mq_tagset_busy_iter(
			set_.get(),
			[](struct request *raw, void *data) KXX_MAY_SLEEP {
				// SAFETY: bt_iter() of blk-mq has a reference on @raw now.
				auto rq = ARef<Request<Driver>>::try_get(raw);

				if (rq)
					(*static_cast<std::remove_reference_t<F> *>(data))(
						*std::move(rq));
				return true;
			},
			&f);
	}

	/**
	 * nr_busy - Returns the number of requests in flight, which may change at any time
	 *
	 * Must not run during update_nr_hw_queues().
	 */
	unsigned int nr_busy()
	{
		unsigned int busy = 0;

		::blk_mq_tagset_busy_iter(
			set_.get(),
			[](struct request *, void *data) {
				++*static_cast<unsigned int *>(data);
				return true;
			},
			&busy);
		return busy;
	}

	struct blk_mq_tag_set *raw() { return set_.get(); }

private:
	friend ARef<TagSet>;

	static void get(TagSet *set) { set->users_.inc(); }
	static void put(TagSet *set) KXX_MAY_SLEEP
	{
		if (set->users_.dec_and_test()) [[maybe_unused]]
			auto freed = Box<TagSet>::from_raw(set);
	}

	using Command = detail::Command<Driver>;
	using Rq = Owned<Request<Driver>>;
	using HctxData = typename detail::HctxDataOf<Driver>::type;

	/* True if Driver::take_back() returns an optional @T. */
	template <typename T>
	static constexpr bool takes_back =
		std::is_convertible_v<decltype(&Driver::take_back),
				      std::optional<T> (Driver::*)(const Request<Driver> &) const>;

	static constexpr bool has_hctx_data = !std::is_void_v<HctxData>;
	static constexpr bool has_command =
		!std::is_empty_v<Command> || detail::has_init_request<Driver>;

	static consteval unsigned int command_size()
	{
		if constexpr (!std::is_empty_v<Command>) {
			static_assert(alignof(Command) <= alignof(void *),
				      "blk-mq aligns a PDU as it aligns struct request");
			return sizeof(Command);
		} else {
			return 0;
		}
	}

	static constexpr unsigned int max_queues = 1 << 16;

	static Result<void> validate(const QueueCounts &queues)
	{
		if (!queues.default_queues) {
			pr_err("kxx: default_queues=0: must be at least 1\n");
			return EINVAL;
		}
		/* blk_mq_unique_tag() has 16 bits for the number of a hardware queue. */
		if (queues.all() > max_queues) {
			pr_err("kxx: %llu hardware queues: must be at most %u\n", queues.all(),
			       max_queues);
			return queues.all() > ~0u ? EINVAL : ENOMEM;
		}
		if (queues.poll_queues && !detail::has_poll<Driver>) {
			pr_err("kxx: poll_queues=%u: must be 0 for a driver without poll()\n",
			       queues.poll_queues);
			return EINVAL;
		}
		return {};
	}

	static blk_status_t queue_rq(struct blk_mq_hw_ctx *,
				     const struct blk_mq_queue_data *bd) KXX_MAY_SLEEP
	{
		return detail::queue_rq<Driver>(bd);
	}

	static void queue_rqs(struct rq_list *list) KXX_MAY_SLEEP
	{
		detail::queue_rqs<Driver>(list);
	}

	static void commit_rqs(struct blk_mq_hw_ctx *raw)
	{
		Hctx<Driver> hctx(raw);

		hctx.queuedata().commit_rqs(hctx);
	}

	static int get_budget(struct request_queue *queue)
	{
		std::optional<int> token = driver_of(queue).get_budget();

		return token ? *token : -1;
	}

	static void put_budget(struct request_queue *queue, int token)
	{
		driver_of(queue).put_budget(token);
	}

	static void set_rq_budget_token(struct request *rq, int token)
	{
		borrow(rq).queuedata().set_rq_budget_token(borrow(rq), token);
	}

	static int get_rq_budget_token(struct request *rq)
	{
		return borrow(rq).queuedata().get_rq_budget_token(borrow(rq));
	}

	static enum blk_eh_timer_return timeout(struct request *raw) KXX_MAY_SLEEP
	{
		if constexpr (detail::has_timed_out<Driver>)
			return timeout_of_owned(raw);
		else
			return timeout_of_shared(raw);
	}

	static enum blk_eh_timer_return timeout_of_owned(struct request *raw) KXX_MAY_SLEEP
	{
		if (!detail::abandoned_of<Driver>(raw).take())
			return end_taken_back(raw);

		// SAFETY: the former owner abandoned the request, and take() returns true to
		// only one caller, who becomes the new owner.
		auto rq = Rq::from_raw(raw);
		const Driver &driver = rq->queuedata();

		driver.timed_out(std::move(rq));
		return static_cast<enum blk_eh_timer_return>(EhTimerReturn::DONE);
	}

	/* Ends a request that waits in the driver; only its owner may end any other request. */
	static enum blk_eh_timer_return end_taken_back(struct request *raw) KXX_MAY_SLEEP
	{
		if constexpr (detail::has_take_back<Driver>) {
			// SAFETY: blk-mq has a reference on the request during this call
			// (bt_iter()), so the request is not reused even if its owner ends it
			// now.
			const Request<Driver> &rq = borrow(raw);

			if (auto taken = rq.queuedata().take_back(rq)) {
				taken->end(BlkStatus::TIMEOUT);
				return static_cast<enum blk_eh_timer_return>(EhTimerReturn::DONE);
			}
		}
		return static_cast<enum blk_eh_timer_return>(EhTimerReturn::RESET_TIMER);
	}

	static enum blk_eh_timer_return timeout_of_shared(struct request *raw) KXX_MAY_SLEEP
	{
		// SAFETY: blk-mq has a reference on the request during this call (bt_iter() in
		// block/blk-mq-tag.c), so the request is neither freed nor reused.
		auto rq = ARef<Request<Driver>>::try_get(raw);
		auto done = EhTimerReturn::DONE;

		if (rq) {
			const Driver &driver = (*rq)->queuedata();

			done = driver.timeout(*std::move(rq));
		} else if (detail::users_of<Driver>(raw).has_owner()) {
			/* Only the owner can end the request: ask again later. */
			done = EhTimerReturn::RESET_TIMER;
		}
		return static_cast<enum blk_eh_timer_return>(done);
	}

	static int poll(struct blk_mq_hw_ctx *raw, struct io_comp_batch *iob)
	{
		Hctx<Driver> hctx(raw);
		IoCompBatch<Driver> batch(iob);

		return static_cast<int>(hctx.queuedata().poll(hctx, batch));
	}

	static void complete(struct request *raw)
	{
		// SAFETY: blk-mq calls this once for each blk_mq_complete_request(), and the
		// request belongs to the driver.
		const Driver &driver = borrow(raw).queuedata();

		if constexpr (detail::completes_batches<Driver>)
			driver.complete(RequestBatch<Driver>::from_raw(raw));
		else
			driver.complete(Rq::from_raw(raw));
	}

	static int init_hctx(struct blk_mq_hw_ctx *raw, void *, unsigned int) KXX_MAY_SLEEP
	{
		return make_hctx(Hctx<Driver>(raw)).to_errno();
	}

	static Result<void> make_hctx(Hctx<Driver> hctx) KXX_MAY_SLEEP
	{
		/* GFP_NOIO: reclaim must not wait for I/O to a disk of the set that is frozen. */
		if constexpr (has_hctx_data)
			kxx_blk_mq_hctx_set_driver_data(
				hctx.hctx_, KXX_TRY(Box<HctxData>::make(GFP_NOIO)).into_raw());
		else
			/* kxx_blk_mq_tryget_tags() asks for any pointer. */
			kxx_blk_mq_hctx_set_driver_data(hctx.hctx_, hctx.hctx_);
		if constexpr (detail::has_init_hctx<Driver>) {
			Result<void> done = hctx.queuedata().init_hctx(hctx);

			if (!done) {
				free_hctx_data(hctx);
				return done;
			}
		}
		return {};
	}

	static void exit_hctx(struct blk_mq_hw_ctx *raw, unsigned int) KXX_MAY_SLEEP
	{
		Hctx<Driver> hctx(raw);

		if constexpr (has_hctx_data || detail::has_exit_hctx<Driver>)
			kxx_blk_mq_wait_for_callbacks(kxx_blk_mq_hctx_queue(raw));
		if constexpr (detail::has_exit_hctx<Driver>)
			hctx.queuedata().exit_hctx(hctx);
		free_hctx_data(hctx);
		/* blk-mq may use @raw again, and does not start it then. */
		kxx_blk_mq_hctx_clear_stopped(raw);
	}

	static void free_hctx_data(Hctx<Driver> hctx)
	{
		if constexpr (has_hctx_data) {
			// SAFETY: the driver data is the Box that make_hctx() released.
			[[maybe_unused]] auto freed = Box<HctxData>::from_raw(
				static_cast<HctxData *>(kxx_blk_mq_hctx_driver_data(hctx.hctx_)));
		}
		kxx_blk_mq_hctx_set_driver_data(hctx.hctx_, nullptr);
	}

	static int init_request(struct blk_mq_tag_set *, struct request *rq, unsigned int,
				kxx_compat_node) KXX_MAY_SLEEP
	{
		auto *command = new (kxx_blk_mq_rq_to_pdu(rq)) Command();

		if constexpr (detail::has_init_request<Driver>) {
			Result<void> done = Driver::init_request(command->pdu);

			if (!done) {
				command->~Command();
				return done.to_errno();
			}
		}
		return 0;
	}

	static void exit_request(struct blk_mq_tag_set *, struct request *rq,
				 unsigned int) KXX_MAY_SLEEP
	{
		// SAFETY: init_request() constructed the Command, and blk-mq calls this once per
		// request.
		auto *command = static_cast<Command *>(kxx_blk_mq_rq_to_pdu(rq));

		if constexpr (detail::has_exit_request<Driver>)
			Driver::exit_request(command->pdu);
		command->~Command();
	}

	static void cleanup_rq(struct request *rq)
	{
		borrow(rq).queuedata().cleanup_rq(borrow(rq));
	}

	static bool busy(struct request_queue *queue)
	{
		/*
		 * dm-multipath asks for as long as it has the disk open, also after the disk was
		 * deleted. The deletion marks the queue as dying, and then waits for readers.
		 */
		auto rcu = rcu::read_lock();

		return !kxx_blk_queue_dying(queue) && driver_of(queue).busy();
	}

	static void map_queues(struct blk_mq_tag_set *raw) KXX_MAY_SLEEP
	{
		QueueMaps maps(raw);
		// SAFETY: make() gave this TagSet to blk-mq as driver_data.
		auto &set = *static_cast<TagSet *>(kxx_blk_mq_tag_set_driver_data(raw));

		set.maps_changed_ = true;
		if constexpr (detail::has_map_queues<Driver>)
			Driver::map_queues(maps);
		else
			set.map(maps);
	}

	void map(QueueMaps &maps) const
	{
		/* A failed update restores the old number of queues: use the old counts then. */
		const QueueCounts &counts =
			maps.nr_hw_queues() == queues_.all() ? queues_ : mapped_;
		unsigned int others = counts.read_queues + counts.poll_queues;
		/* With a single type, blk-mq may have made fewer queues, at most one per CPU. */
		unsigned int defaults = others ? counts.default_queues : maps.nr_hw_queues();

		maps.map(HctxType::DEFAULT, defaults, 0);
		if (kxx_blk_mq_nr_maps(set_.get()) > 1)
			maps.map(HctxType::READ, counts.read_queues, defaults);
		if (kxx_blk_mq_nr_maps(set_.get()) > 2)
			maps.map(HctxType::POLL, counts.poll_queues, defaults + counts.read_queues);
	}

	static void show_rq(struct seq_file *raw, struct request *rq)
	{
		SeqFile file(raw);

		borrow(rq).queuedata().show_rq(file, borrow(rq));
	}

	static const Driver &driver_of(struct request_queue *queue)
	{
		// SAFETY: GenDisk<Driver> made the queue with a Driver as queuedata.
		return *static_cast<const Driver *>(kxx_blk_mq_queuedata(queue));
	}

	static Request<Driver> &borrow(struct request *rq)
	{
		// SAFETY: see Request::raw(); blk-mq guarantees that @rq is valid during the
		// callback.
		return *reinterpret_cast<Request<Driver> *>(rq);
	}

	using Ops = Initializer<blk_mq_ops>;

/*
 * Compares the signatures: a plain call would accept a wrong one that converts implicitly. A
 * pointer converts only from a callback that is noexcept or inherited.
 */
#define KXX_BLK_MQ_OP(name, signature, text)                                                       \
	static_assert(std::is_convertible_v<decltype(&Driver::name), signature>,                   \
		      #name " must be: " text)
#define KXX_BLK_MQ_SET(name) ops.template set<KXX_MEMBER_blk_mq_ops_##name>(name)

	static consteval Ops make_ops()
	{
		Ops ops;

		/* What is private would count as absent. */
		static_assert(
			!detail::names_hctx_data<Driver> || requires { typename Driver::HctxData; },
			"HctxData must be public");
		static_assert(
			!detail::names_pdu<Driver> || requires { typename Driver::Pdu; },
			"Pdu must be public");
		static_assert(
			!detail::names_shares_requests<Driver> || requires {
				Driver::shares_requests;
			}, "shares_requests must be public");
		static_assert(
			detail::takes_last<Driver> ||
				std::is_convertible_v<decltype(&Driver::queue_rq),
						      QueueStatus (Driver::*)(Rq) const>,
			"queue_rq must be: QueueStatus queue_rq(Owned<Request<Driver>>) const, "
			"or with a second parameter: bool last");
		KXX_BLK_MQ_SET(queue_rq);
		if constexpr (detail::has_commit_rqs<Driver>) {
			KXX_BLK_MQ_OP(commit_rqs, void(Driver::*)(Hctx<Driver>) const,
				      "void commit_rqs(Hctx<Driver>) const");
			static_assert(detail::takes_last<Driver>,
				      "a driver with commit_rqs() must know which request is the "
				      "last: queue_rq(Owned<Request<Driver>>, bool last) const");
			KXX_BLK_MQ_SET(commit_rqs);
		}
		if constexpr (detail::has_queue_rqs<Driver>) {
			KXX_BLK_MQ_OP(queue_rqs, void(Driver::*)(RequestList<Driver> &) const,
				      "void queue_rqs(RequestList<Driver> &) const");
			static_assert(!detail::has_get_budget<Driver>,
				      "blk-mq gets no budget for queue_rqs()");
			KXX_BLK_MQ_SET(queue_rqs);
		}
		static_assert(detail::has_get_budget<Driver> == detail::has_put_budget<Driver>,
			      "get_budget() and put_budget() go together");
		if constexpr (detail::has_get_budget<Driver> && detail::has_put_budget<Driver>) {
			KXX_BLK_MQ_OP(get_budget, std::optional<int>(Driver::*)() const,
				      "std::optional<int> get_budget() const");
			KXX_BLK_MQ_OP(put_budget, void(Driver::*)(int) const,
				      "void put_budget(int) const");
			KXX_BLK_MQ_SET(get_budget);
			KXX_BLK_MQ_SET(put_budget);
		}
		static_assert(detail::has_set_rq_budget_token<Driver> ==
				      detail::has_get_rq_budget_token<Driver>,
			      "set_rq_budget_token() and get_rq_budget_token() go together");
		if constexpr (detail::has_set_rq_budget_token<Driver> &&
			      detail::has_get_rq_budget_token<Driver>) {
			KXX_BLK_MQ_OP(set_rq_budget_token,
				      void(Driver::*)(Request<Driver> &, int) const,
				      "void set_rq_budget_token(Request<Driver> &, int) const");
			KXX_BLK_MQ_OP(get_rq_budget_token,
				      int(Driver::*)(const Request<Driver> &) const,
				      "int get_rq_budget_token(const Request<Driver> &) const");
			KXX_BLK_MQ_SET(set_rq_budget_token);
			KXX_BLK_MQ_SET(get_rq_budget_token);
		}
		if constexpr (detail::has_timeout<Driver>) {
			static_assert(detail::shares_requests<Driver>,
				      "a driver with timeout() shares its requests with it: "
				      "static constexpr bool shares_requests = true;");
			KXX_BLK_MQ_OP(timeout,
				      EhTimerReturn(Driver::*)(ARef<Request<Driver>>) const,
				      "EhTimerReturn timeout(ARef<Request<Driver>>) const");
			KXX_BLK_MQ_SET(timeout);
		}
		static_assert(detail::has_timed_out<Driver> || !detail::has_take_back<Driver>,
			      "take_back() gives requests to timed_out(), which is not there");
		if constexpr (detail::has_timed_out<Driver>) {
			static_assert(
				!detail::has_timeout<Driver>,
				"timed_out() is for a driver that owns its requests, timeout() for "
				"one that shares them");
			KXX_BLK_MQ_OP(timed_out, void(Driver::*)(Rq) const,
				      "void timed_out(Owned<Request<Driver>>) const");
			if constexpr (detail::has_take_back<Driver>)
				static_assert(
					takes_back<Rq> || takes_back<RequestBatch<Driver>>,
					"take_back must be: std::optional<Owned<Request<Driver>>> "
					"take_back(const Request<Driver> &) const, "
					"or std::optional<RequestBatch<Driver>>");
			KXX_BLK_MQ_SET(timeout);
		}
		if constexpr (detail::has_poll<Driver>) {
			KXX_BLK_MQ_OP(
				poll,
				unsigned int (Driver::*)(Hctx<Driver>, IoCompBatch<Driver> &) const,
				"unsigned int poll(Hctx<Driver>, IoCompBatch<Driver> &) const");
			KXX_BLK_MQ_SET(poll);
		}
		if constexpr (detail::has_complete<Driver>) {
			static_assert(
				detail::completes_batches<Driver> ||
					std::is_convertible_v<decltype(&Driver::complete),
							      void (Driver::*)(Rq) const>,
				"complete must be: void complete(Owned<Request<Driver>>) const, "
				"or void complete(RequestBatch<Driver>) const");
			KXX_BLK_MQ_SET(complete);
		}
		if constexpr (detail::has_init_hctx<Driver>)
			KXX_BLK_MQ_OP(init_hctx, Result<void>(Driver::*)(Hctx<Driver>) const,
				      "Result<void> init_hctx(Hctx<Driver>) const");
		if constexpr (detail::has_exit_hctx<Driver>)
			KXX_BLK_MQ_OP(exit_hctx, void(Driver::*)(Hctx<Driver>) const,
				      "void exit_hctx(Hctx<Driver>) const");
		/* tag_to_rq(), for drivers that share requests, uses the driver data. */
		if constexpr (has_hctx_data || detail::has_init_hctx<Driver> ||
			      detail::shares_requests<Driver>)
			KXX_BLK_MQ_SET(init_hctx);
		KXX_BLK_MQ_SET(exit_hctx);
		if constexpr (detail::has_init_request<Driver>)
			KXX_BLK_MQ_OP(init_request, Result<void>(*)(typename Driver::Pdu &),
				      "static Result<void> init_request(Pdu &)");
		if constexpr (detail::has_exit_request<Driver>) {
			KXX_BLK_MQ_OP(exit_request, void (*)(typename Driver::Pdu &),
				      "static void exit_request(Pdu &)");
			static_assert(detail::has_init_request<Driver>,
				      "exit_request() undoes init_request(), which is not there");
		}
		if constexpr (has_command) {
			KXX_BLK_MQ_SET(init_request);
			KXX_BLK_MQ_SET(exit_request);
		}
		if constexpr (detail::has_cleanup_rq<Driver>) {
			KXX_BLK_MQ_OP(cleanup_rq, void(Driver::*)(Request<Driver> &) const,
				      "void cleanup_rq(Request<Driver> &) const");
			KXX_BLK_MQ_SET(cleanup_rq);
		}
		if constexpr (detail::has_busy<Driver>) {
			KXX_BLK_MQ_OP(busy, bool(Driver::*)() const, "bool busy() const");
			KXX_BLK_MQ_SET(busy);
		}
		if constexpr (detail::has_map_queues<Driver>)
			KXX_BLK_MQ_OP(map_queues, void (*)(QueueMaps &),
				      "static void map_queues(QueueMaps &)");
		/* The default uses QueueCounts, which blk-mq's own map does not know. */
		KXX_BLK_MQ_SET(map_queues);
		if constexpr (detail::has_show_rq<Driver>) {
			KXX_BLK_MQ_OP(show_rq,
				      void(Driver::*)(SeqFile &, const Request<Driver> &) const,
				      "void show_rq(SeqFile &, const Request<Driver> &) const");
			/* The member show_rq exists only with CONFIG_BLK_DEBUG_FS. */
			if constexpr (KXX_CONFIG_BLK_DEBUG_FS)
				KXX_BLK_MQ_SET(show_rq);
		}
		return ops;
	}
#undef KXX_BLK_MQ_OP
#undef KXX_BLK_MQ_SET

	static constexpr Ops ops = make_ops();

	Opaque<blk_mq_tag_set> set_;
	Refcount users_;
	/* The counts requested last, and the counts of the last successful change */
	QueueCounts queues_, mapped_;
	bool maps_changed_ = false; /* since the last change was requested */
	bool allocated_ = false;
};

} // namespace kxx
