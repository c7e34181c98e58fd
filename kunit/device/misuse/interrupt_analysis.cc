// SPDX-License-Identifier: GPL-2.0
// Mistakes that clang's analyses must refuse; checked by scripts/tests/misuse.
#include <kxx/device/interrupt.hpp>
#include <kxx/sync/spinlock.hpp>

using namespace kxx;

namespace interrupt_handler_sleeps {
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
	// expected-warning@kxx/device/interrupt.hpp:* {{calling function 'handle_irq' requires negative capability '!atomic_context'}}
	// expected-note@-2 {{requested here}}
}
} // namespace interrupt_handler_sleeps

namespace interrupt_of_a_local_handler {
struct Handler {
	IrqReturn handle_irq(const irq::Disabled &) const { return IrqReturn::HANDLED; }
};

#ifndef MISUSE
Result<Box<Irq<Handler>>> start(unsigned int line, Handler &handler) KXX_MAY_SLEEP
{
#else
Result<Box<Irq<Handler>>> start(unsigned int line) KXX_MAY_SLEEP
{
	Handler handler;
#endif
	return Irq<Handler>::request(line, "device", handler);
	// expected-warning@-1 {{address of stack memory associated with local variable 'handler' returned}}
}
} // namespace interrupt_of_a_local_handler

namespace interrupt_requested_under_spinlock {
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
	// expected-warning@-1 {{cannot call function 'request' while context 'atomic' is held}}
}
} // namespace interrupt_requested_under_spinlock
