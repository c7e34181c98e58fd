// SPDX-License-Identifier: GPL-2.0
/*
 * nr_hw_queues.c - changes the number of hardware queues of disks in use
 *
 * Not in blk-mq.c: GCC 12 refuses a file of 6.12 that uses both current and the preempt count.
 */
#include <linux/blk-mq.h>
#include <linux/cpu.h>
#include <linux/cpumask.h>
#include <linux/sched/mm.h>

#include <kxx/glue/block/blk-mq.h>

/* Asks the map, since hctx->cpumask lacks isolated CPUs, which also submit I/O. */
static bool has_online_cpu(const struct blk_mq_hw_ctx *hctx)
{
	const struct blk_mq_queue_map *map = &hctx->queue->tag_set->map[hctx->type];
	int cpu;

	for_each_online_cpu(cpu)
		if (map->mq_map[cpu] == hctx->queue_num)
			return true;
	return false;
}

/*
 * While blk-mq changes the queues, 6.12 watches for CPUs that go offline before a reused hardware
 * queue has its new type and CPUs. It then looks for CPUs of the old type, may find none, and marks
 * the queue as inactive until one of its CPUs goes online: submitters hold the q_usage_counter and
 * retry for ever, and so a freeze waits for ever. So remove the mark from queues that have CPUs.
 */
static void activate_queues_with_cpus(struct request_queue *queue)
{
	struct blk_mq_hw_ctx *hctx;
	unsigned long i;

	queue_for_each_hw_ctx(queue, hctx, i)
		if (has_online_cpu(hctx))
			clear_bit(BLK_MQ_S_INACTIVE, &hctx->state);
}

void kxx_blk_mq_update_nr_hw_queues(struct blk_mq_tag_set *set, int nr_hw_queues)
{
	/* 7.3 does the same itself: reclaim must not wait for I/O to a disk that is frozen. */
	unsigned int flags = memalloc_noio_save();
	struct request_queue *queue;

	blk_mq_update_nr_hw_queues(set, nr_hw_queues);
	memalloc_noio_restore(flags);
	mutex_lock(&set->tag_list_lock);
	/* No CPU goes online or offline, so blk-mq changes no mark. */
	cpus_read_lock();
	list_for_each_entry(queue, &set->tag_list, tag_set_list)
		activate_queues_with_cpus(queue);
	cpus_read_unlock();
	mutex_unlock(&set->tag_list_lock);
}
