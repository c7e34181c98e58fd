// SPDX-License-Identifier: GPL-2.0
// expect: calling function 'handle_irq' requires negative capability '!atomic_context'
#include <kxx/device/interrupt.hpp>

using namespace kxx;

struct Disk {
#ifndef MISUSE
	IrqReturn handle_irq(const irq::Disabled &irq) const;
#else
	IrqReturn handle_irq(const irq::Disabled &irq) const KXX_MAY_SLEEP;
#endif
};

Result<Box<Irq<Disk>>> probe(unsigned int line, Disk &disk) KXX_MAY_SLEEP
{
	return Irq<Disk>::request(line, "disk", disk);
}
