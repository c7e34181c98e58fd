// SPDX-License-Identifier: GPL-2.0
// expect: conversion from 'kxx::drm::MmNode<kxx::drm::NoPayload>*' to non-scalar type 'kxx::drm::FreeNode<>'
// compiler: g++
#include <kxx/mm/owning_mm.hpp>

using namespace kxx;
using namespace kxx::drm;

/* It would be freed with its range in the tree. */
Result<u64> insert(OwningMm<> &mm, FreeNode<> memory)
{
#ifndef MISUSE
	auto *node = KXX_TRY(mm.insert_node(std::move(memory), 16));

	return node->start();
#else
	FreeNode<> node = KXX_TRY(mm.insert_node(std::move(memory), 16));

	return node->start();
#endif
}
