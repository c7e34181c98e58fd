// SPDX-License-Identifier: GPL-2.0
// expect: 'this' argument to member function 'handle_irq' has type 'const Disk'
#include <kxx/device/interrupt.hpp>

using namespace kxx;

struct Disk {
#ifndef MISUSE
	IrqReturn handle_irq(const irq::Disabled &irq) const;
#else
	IrqReturn handle_irq(const irq::Disabled &irq);
#endif
};

Result<Box<Irq<Disk>>> start(unsigned int line, Disk &disk) KXX_MAY_SLEEP
{
	return Irq<Disk>::request(line, "disk", disk);
}
