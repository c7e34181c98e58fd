// SPDX-License-Identifier: GPL-2.0
// expect: use of deleted function 'kxx::drm::SharedMm<T, Lock, Tag>::Node::Node(const kxx::drm::SharedMm<T, Lock, Tag>::Node&)
// compiler: g++
#include <kxx/mm/shared_mm.hpp>

using namespace kxx;
using namespace kxx::drm;

u64 start(const SharedMm<>::Node &node)
{
#ifndef MISUSE
	auto &same = node;
#else
	auto same = node;
#endif

	return same.start();
}
