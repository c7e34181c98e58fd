// SPDX-License-Identifier: GPL-2.0
// expect: use of deleted function 'kxx::Irq<Handler>::Irq(const kxx::Irq<Handler>&)
// compiler: g++
#include <kxx/device/interrupt.hpp>

using namespace kxx;

struct Disk {
	IrqReturn handle_irq(const irq::Disabled &irq) const;
};

void keep(Irq<Disk> &irq);

void probe(Irq<Disk> &irq)
{
#ifndef MISUSE
	auto &same = irq;
#else
	auto same = irq;
#endif

	keep(same);
}
