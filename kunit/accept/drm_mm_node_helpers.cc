// SPDX-License-Identifier: GPL-2.0
/* Helper functions may borrow a node that its owner removes later. */
#include <kxx/mm/drm_mm.hpp>
#include <kxx/sync/spinlock.hpp>

using namespace kxx;
using namespace kxx::drm;

static bool is_low(const Node<> &node)
{
	return node.start() < 4096;
}

/* KXX_UNCONSUMED tells clang that the function leaves the node inserted. */
static void show(Node<> &node KXX_UNCONSUMED)
{
	pr_info("%llu\n", node.start());
}

Result<void> use(SpinLock<Mm<>> &mm) KXX_MAY_SLEEP
{
	auto memory = KXX_TRY(FreeNode<>::make(GFP_KERNEL));
	auto node = KXX_TRY(mm.lock()->insert_node(std::move(memory), 8));

	if (is_low(node))
		show(node);

	auto freed = mm.lock()->remove_node(std::move(node));

	return {};
}
