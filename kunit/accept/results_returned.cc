// SPDX-License-Identifier: GPL-2.0
/* A Result may be returned after it was tested, and take() empties a member of any owner's type. */
#include <kxx/block/blk-mq.hpp>
#include <kxx/mm/drm_mm.hpp>
#include <kxx/mm/shared_mm.hpp>
#include <kxx/mm/slab.hpp>

using namespace kxx;

struct Ring {
	unsigned int length = 0;
};

Result<Box<Ring>> make_ring() KXX_MAY_SLEEP;
Result<drm::Node<>> insert(u64 size);
Result<u64> count();

Result<Box<Ring>> make_ring_in_three_tries() KXX_MAY_SLEEP
{
	for (int i = 0; i < 3; i++) {
		auto ring = make_ring();

		if (ring)
			return ring;
	}
	return ENOMEM;
}

Result<Box<Ring>> make_ring_with_a_message() KXX_MAY_SLEEP
{
	auto ring = make_ring();

	if (!ring) {
		pr_info("no memory for a ring\n");
		return ring;
	}
	pr_info("a ring\n");
	return ring;
}

Result<u64> count_twice()
{
	auto number = count();

	if (number)
		return number;
	return count();
}

Result<drm::Node<>> insert_or_half(u64 size)
{
	auto node = insert(size);

	if (node)
		return node;
	return insert(size / 2);
}

struct Disk {
	QueueStatus queue_rq(Owned<Request<Disk>> rq) const;
};

struct Device {
	void leave() KXX_MAY_SLEEP
	{
		auto dropped = take(tags);
		auto range = take(bytes);
		auto allocator = take(space);
		auto freed = take(ring);
	}

	ARef<TagSet<Disk>> tags;
	drm::SharedMm<> space;
	drm::SharedMm<>::Node bytes;
	Box<Ring> ring;
};

void leave(Device &device) KXX_MAY_SLEEP
{
	device.leave();
}
