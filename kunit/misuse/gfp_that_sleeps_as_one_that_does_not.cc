// SPDX-License-Identifier: GPL-2.0
// expect: conversion from 'Gfp<true>' to non-scalar type 'Gfp<false>' requested
// compiler: g++
#include <kxx/mm/slab.hpp>

using namespace kxx;

struct Stats {
	unsigned long reads;
};

Result<Box<Stats>> probe()
{
#ifndef MISUSE
	GfpAtomic gfp = GFP_ATOMIC;
#else
	GfpAtomic gfp = GFP_KERNEL;
#endif

	return Box<Stats>::make(gfp);
}
