// SPDX-License-Identifier: GPL-2.0
// expect: ignoring return value of 'kxx::drm::MmNode<T>* kxx::drm::Node<T, Tag>::into_raw() &&
// compiler: g++
#include <kxx/mm/drm_mm.hpp>

using namespace kxx;
using namespace kxx::drm;

void keep(MmNode<> *node);

void give_up(Node<> node)
{
#ifndef MISUSE
	keep(std::move(node).into_raw());
#else
	std::move(node).into_raw();
#endif
}
