// SPDX-License-Identifier: GPL-2.0
// expect: use of deleted function 'const kxx::irq::Disabled* kxx::irq::Disabled::operator&() const'
// compiler: g++
#include <kxx/sync/irqflags.hpp>

using namespace kxx;

void count(const irq::Disabled &irq);

void timer_expired(const irq::Disabled &irq)
{
#ifndef MISUSE
	count(irq);
#else
	static const irq::Disabled *kept;

	kept = &irq;
	count(*kept);
#endif
}
