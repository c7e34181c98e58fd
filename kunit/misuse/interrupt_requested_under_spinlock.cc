// SPDX-License-Identifier: GPL-2.0
// expect: cannot call function 'request' while context 'atomic' is held
#include <kxx/device/interrupt.hpp>
#include <kxx/sync/spinlock.hpp>

using namespace kxx;

struct Stats {
	unsigned long reads;
};

struct Disk {
	IrqReturn handle_irq(const irq::Disabled &irq) const;

	SpinLock<Stats> stats;
};

Result<Box<Irq<Disk>>> probe(unsigned int line, Disk &disk) KXX_MAY_SLEEP
{
#ifdef MISUSE
	auto guard = disk.stats.lock();
#endif
	return Irq<Disk>::request(line, "disk", disk);
}
