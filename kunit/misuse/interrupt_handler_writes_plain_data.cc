// SPDX-License-Identifier: GPL-2.0
// expect: cannot assign to non-static data member within const member function 'handle_irq'
#include <kxx/device/interrupt.hpp>
#include <kxx/sync/spinlock.hpp>

using namespace kxx;

struct Disk {
	IrqReturn handle_irq(const irq::Disabled &irq) const
	{
#ifndef MISUSE
		++*interrupts.lock(irq);
#else
		static_cast<void>(irq);
		++interrupts;
#endif
		return IrqReturn::HANDLED;
	}

#ifndef MISUSE
	RawSpinLockIrq<unsigned int> interrupts;
#else
	unsigned int interrupts = 0;
#endif
};

Result<Box<Irq<Disk>>> start(unsigned int line, Disk &disk) KXX_MAY_SLEEP
{
	return Irq<Disk>::request(line, "disk", disk);
}
