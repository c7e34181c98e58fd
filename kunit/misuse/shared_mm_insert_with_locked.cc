// SPDX-License-Identifier: GPL-2.0
// expect: passing 'const kxx::drm::Mm<kxx::drm::NoPayload, void>' as 'this' argument discards qualifiers
// compiler: g++
#include <kxx/mm/shared_mm.hpp>

using namespace kxx;
using namespace kxx::drm;

Result<void> insert(SharedMm<> &space, FreeNode<> memory)
{
#ifndef MISUSE
	auto node = KXX_TRY(space.insert_node(std::move(memory), 16));
#else
	auto node =
		space.with_locked([&](auto &mm) { return mm.insert_node(std::move(memory), 16); });
#endif
	return {};
}
