// SPDX-License-Identifier: GPL-2.0
// expect: use of deleted function 'kxx::drm::MmNode
// compiler: g++
#include <kxx/mm/drm_mm.hpp>

using namespace kxx;
using namespace kxx::drm;

/* Takes anything, a MmNode too. */
struct Payload {
	template <typename... From> explicit Payload(From &&...) {}
};

u64 size(MmNode<Payload> &node)
{
#ifndef MISUSE
	auto &same = node;
#else
	MmNode<Payload> same(std::move(node));
#endif

	return same.size();
}
