// SPDX-License-Identifier: GPL-2.0
// Mistakes that clang's static analyzer must find; checked by scripts/tests/misuse.
#include <kxx/mm/drm_mm.hpp>
#include <kxx/sync/spinlock.hpp>

using namespace kxx;

namespace drm_mm_payload_used_after_its_memory {
struct Mapping {
	unsigned long pages = 0;
};

Result<void> unmap(SpinLock<drm::Mm<Mapping>> &mm, drm::Node<Mapping> node)
{
	Mapping &mapping = *node;
#ifndef MISUSE
	auto memory = KXX_TRY(mm.lock()->remove_node(std::move(node)));

	/* The payload is part of the node's memory, which @memory still owns. */
	mapping.pages = 0;
#else
	{
		auto memory = KXX_TRY(mm.lock()->remove_node(std::move(node)));
	}
	mapping.pages = 0; // expected-warning {{Use of memory after it is}}
#endif
	return {};
}
} // namespace drm_mm_payload_used_after_its_memory
