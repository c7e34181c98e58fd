// SPDX-License-Identifier: GPL-2.0
/*
 * twins.cc - the functions of c_twins.c, written with kxx; never run
 *
 * scripts/tests/twins compares the instructions of each pair of functions.
 */
#include <kxx/block/blk-mq.hpp>
#include <kxx/mm/drm_mm.hpp>
#include <kxx/sync/interrupt_rc.hpp>
#include <kxx/sync/local_lock.hpp>
#include <kxx/sync/mutex.hpp>
#include <kxx/sync/spinlock.hpp>
#include <kxx/sync/wait.hpp>

using namespace kxx;

/*
 * Named: functions with parameter types of an anonymous namespace have internal linkage, and GCC
 * would drop such functions as unused.
 */
namespace twins {

struct Counter {
	u64 value = 0;
};

class EndOnly {
public:
	QueueStatus queue_rq(Owned<Request<EndOnly>> rq) const
	{
		rq.start();
		rq.end(BlkStatus::OK);
		return QueueStatus::ok();
	}
};

class Batching {
public:
	QueueStatus queue_rq(Owned<Request<Batching>>) const { return QueueStatus::ok(); }

	/* Inlined, as Disk::queue_rqs() of cxxnull is; otherwise GCC 14 keeps it out of line. */
	[[gnu::always_inline]] void queue_rqs(RequestList<Batching> &list) const
	{
		CompletionBatch<Batching> batch;

		while (auto rq = list.pop()) {
			rq->start();
			batch.end(*std::move(rq), BlkStatus::OK);
		}
	}
};

/* Ends each request at once, as EndOnly does, but shares the request before. */
class Sharing {
public:
	static constexpr bool shares_requests = true;

	QueueStatus queue_rq(Owned<Request<Sharing>> rq) const
	{
		rq.start();

		auto shared = rq.share();

		shared.end(BlkStatus::OK);
		return QueueStatus::ok();
	}
};

struct Inner;
struct Middle;

/* A lock whose guards may be released in any order on this kernel. */
template <typename Tag>
using AnyOrder =
	std::conditional_t<irq::counted, SpinLockIrq<Counter, Tag>, SpinLock<Counter, Tag>>;

using Space = SpinLock<drm::Mm<>>;

/* Tells GCC that @node is not NULL, since the C twin does not check either. */
static drm::FreeNode<> memory_of(drm::MmNode<> *node)
{
	if (!node)
		__builtin_unreachable();
	return drm::FreeNode<>::from_raw(node);
}

static int outcome(Result<drm::Node<>> inserted)
{
	if (!inserted)
		return inserted.error().to_errno();
	static_cast<void>(std::move(inserted).value().into_raw());
	return 0;
}

static bool counts(Counter &counter)
{
	return counter.value;
}

} // namespace twins

using namespace twins;

/* The functions of c_twins.c in the same order, with cxx_ in place of c_. */
#define TWIN extern "C" __visible

TWIN void cxx_spin_lock_init(void *memory)
{
	new (memory) SpinLock<Counter>();
}

TWIN void cxx_spin_lock(SpinLock<Counter> &s)
{
	s.lock()->value++;
}

TWIN void cxx_spin_lock_bh(SpinLockBh<Counter> &s)
{
	s.lock()->value++;
}

TWIN void cxx_spin_lock_irqsave(SpinLockIrq<Counter> &s)
{
	s.lock()->value++;
}

TWIN void cxx_raw_spin_lock(RawSpinLock<Counter> &r)
{
	r.lock()->value++;
}

TWIN void cxx_raw_spin_lock_irqsave(RawSpinLockIrq<Counter> &r)
{
	r.lock()->value++;
}

TWIN void cxx_mutex_lock(Mutex<Counter> &m) KXX_MAY_SLEEP
{
	m.lock()->value++;
}

TWIN void cxx_local_lock(LocalLock<Counter> &l)
{
	l.lock()->value++;
}

TWIN void cxx_local_lock_irqsave(LocalLockIrq<Counter> &l)
{
	l.lock()->value++;
}

TWIN bool cxx_spin_trylock(SpinLock<Counter> &s)
{
	auto guard = s.try_lock();

	if (!guard)
		return false;
	guard->value++;
	return true;
}

TWIN bool cxx_spin_trylock_irqsave(SpinLockIrq<Counter> &s)
{
	auto guard = s.try_lock();

	if (!guard)
		return false;
	guard->value++;
	return true;
}

TWIN bool cxx_mutex_trylock(Mutex<Counter> &m) KXX_MAY_SLEEP
{
	auto guard = m.try_lock();

	if (!guard)
		return false;
	guard->value++;
	return true;
}

TWIN u64 cxx_with_locked(SpinLockIrq<Counter> &s, u64 more)
{
	return s.with_locked([more](Counter &counter) { return counter.value += more; });
}

TWIN u64 cxx_return_under_lock(SpinLockIrq<Counter> &s)
{
	auto guard = s.lock();

	if (guard->value > 100)
		return 0;
	return ++guard->value;
}

TWIN void cxx_nested(SpinLockIrq<Counter> &outer, SpinLockIrq<Counter, Inner> &inner)
{
	auto first = outer.lock();
	auto second = inner.lock(first);

	second->value = first->value;
}

TWIN void cxx_nested_twice(SpinLock<Counter> &a, SpinLockIrq<Counter, Middle> &b,
			   SpinLockIrq<Counter, Inner> &c)
{
	auto first = a.lock();
	auto second = b.lock(first);
	auto third = c.lock(second);

	third->value = first->value + second->value;
}

TWIN void cxx_nested_raw(RawSpinLockIrq<Counter> &outer, RawSpinLockIrq<Counter, Inner> &inner)
{
	auto first = outer.lock();
	auto second = inner.lock(first);

	second->value = first->value;
}

/* On PREEMPT_RT a SpinLockIrq leaves interrupts on, so its guard is no proof for the raw lock. */
TWIN void cxx_nested_raw_under_spin(SpinLockIrq<Counter> &outer,
				    RawSpinLockIrq<Counter, Inner> &inner)
{
	auto first = outer.lock();
	auto second = inner.lock(first);

	second->value = first->value;
}

TWIN void cxx_nested_raw_under_spin_and_raw(SpinLockIrq<Counter> &a,
					    RawSpinLock<Counter, Middle> &b,
					    RawSpinLockIrq<Counter, Inner> &c)
{
	auto first = a.lock();
	auto second = b.lock(first);
	auto third = c.lock(second);

	third->value = first->value + second->value;
}

/* The guard of try_lock() may hold nothing, so it proves nothing about interrupts. */
TWIN void cxx_nested_under_trylock(SpinLockIrq<Counter> &outer, SpinLockIrq<Counter, Inner> &inner)
{
	auto first = outer.try_lock();

	if (!first)
		return;
	auto second = inner.lock(first);

	second->value = first->value;
}

/* The outer lock is released first. */
TWIN void cxx_any_order(AnyOrder<void> &outer, AnyOrder<Inner> &inner)
{
	auto first = outer.lock_any_order();
	auto second = inner.lock_any_order(first);

	second->value = first->value;
	first.unlock();
	second->value++;
}

#if !defined(KXX_KERNEL) || KXX_IS_IRQ_COUNTED
TWIN void cxx_local_interrupt_disable(RawSpinLockIrq<Counter> &r)
{
	auto section = irq::local_interrupt_disable();

	r.lock(section)->value++;
}
#endif

TWIN void cxx_lock_with_irqs_off(RawSpinLockIrq<Counter> &r, const irq::Disabled &irq)
{
	r.lock(irq)->value++;
}

TWIN void cxx_wait_event_lock_irq(WaitQueueHead<> &wq_head, SpinLockIrq<Counter> &s) KXX_MAY_SLEEP
{
	auto guard = s.lock();

	wait_event_lock_irq(wq_head, counts, guard);
	guard->value--;
}

TWIN int cxx_wait_event_interruptible_lock_irq(WaitQueueHead<> &wq_head,
					       SpinLockIrq<Counter> &s) KXX_MAY_SLEEP
{
	auto guard = s.lock();

	return wait_event_interruptible_lock_irq(wq_head, counts, guard).to_errno();
}

TWIN long cxx_wait_event_lock_irq_timeout(WaitQueueHead<> &wq_head, SpinLockIrq<Counter> &s,
					  long timeout) KXX_MAY_SLEEP
{
	auto guard = s.lock();

	return wait_event_lock_irq_timeout(wq_head, counts, guard, timeout);
}

TWIN long cxx_wait_event_interruptible_lock_irq_timeout(WaitQueueHead<> &wq_head,
							SpinLockIrq<Counter> &s,
							long timeout) KXX_MAY_SLEEP
{
	auto guard = s.lock();
	auto left = wait_event_interruptible_lock_irq_timeout(wq_head, counts, guard, timeout);

	if (!left)
		return left.error().to_errno();
	return std::move(left).value();
}

TWIN int cxx_mm_insert_node(Space &s, drm::MmNode<> *node, u64 size)
{
	auto memory = memory_of(node);

	return outcome(s.lock()->insert_node(std::move(memory), size));
}

TWIN int cxx_mm_insert_node_in_range(Space &s, drm::MmNode<> *node, u64 size, u64 alignment,
				     u64 start, u64 end)
{
	auto memory = memory_of(node);

	return outcome(s.lock()->insert_node_in_range(std::move(memory), size, alignment, 0, start,
						      end, drm::MmInsertMode::LOW));
}

TWIN int cxx_mm_reserve_node(Space &s, drm::MmNode<> *node, u64 start, u64 size)
{
	auto memory = memory_of(node);

	return outcome(s.lock()->reserve_node(std::move(memory), start, size));
}

TWIN int cxx_mm_remove_node(Space &s, drm::MmNode<> *node)
{
	auto removed = s.lock()->remove_node(drm::Node<>::from_raw(node));

	return removed ? 0 : removed.error().to_errno();
}

TWIN u64 cxx_mm_used(Space &s)
{
	auto guard = s.lock();
	u64 used = 0;

	for (auto &node : guard->nodes())
		used += node.size();
	return used;
}

TWIN blk_status_t cxx_queue_rq(struct blk_mq_hw_ctx *,
			       const struct blk_mq_queue_data *bd) KXX_MAY_SLEEP
{
	return kxx::detail::queue_rq<EndOnly>(bd);
}

TWIN void cxx_queue_rqs(struct rq_list *list) KXX_MAY_SLEEP
{
	kxx::detail::queue_rqs<Batching>(list);
}

/* Has no twin, since C does not share requests; compared with queue_rq for the cost of sharing. */
TWIN blk_status_t shared_queue_rq(struct blk_mq_hw_ctx *,
				  const struct blk_mq_queue_data *bd) KXX_MAY_SLEEP
{
	return kxx::detail::queue_rq<Sharing>(bd);
}
