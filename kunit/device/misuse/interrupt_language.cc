// SPDX-License-Identifier: GPL-2.0
// Mistakes that clang and GCC must refuse; checked by scripts/tests/misuse.
#include <kxx/device/interrupt.hpp>
#include <kxx/sync/spinlock.hpp>

using namespace kxx;

namespace interrupt_copied {
struct Disk {
	IrqReturn handle_irq(const irq::Disabled &irq) const;
};

void keep(Irq<Disk> &irq);

void probe(Irq<Disk> &irq)
{
#ifndef MISUSE
	auto &same = irq;
#else
	auto same = irq; // expected-error {{call to deleted constructor of 'Irq<Disk>'}}
#endif

	keep(same);
}
} // namespace interrupt_copied

namespace interrupt_handler_not_const {
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
	// expected-error@kxx/device/interrupt.hpp:* {{'this' argument to member function 'handle_irq' has type 'const}}
	// expected-note@-2 {{requested here}}
}
} // namespace interrupt_handler_not_const

namespace interrupt_handler_returns_errno {
struct Disk {
#ifndef MISUSE
	IrqReturn handle_irq(const irq::Disabled &irq) const;
#else
	int handle_irq(const irq::Disabled &irq) const;
#endif
};

Result<Box<Irq<Disk>>> probe(unsigned int line, Disk &disk) KXX_MAY_SLEEP
{
	return Irq<Disk>::request(line, "disk", disk);
	// expected-error@kxx/device/interrupt.hpp:* {{cannot initialize a variable of type 'IrqReturn' with an rvalue of type 'int'}}
	// expected-note@-2 {{requested here}}
}
} // namespace interrupt_handler_returns_errno

namespace interrupt_handler_without_irq_disabled {
struct Disk {
#ifndef MISUSE
	IrqReturn handle_irq(const irq::Disabled &irq) const;
#else
	IrqReturn handle_irq() const;
#endif
};

Result<Box<Irq<Disk>>> probe(unsigned int line, Disk &disk) KXX_MAY_SLEEP
{
	return Irq<Disk>::request(line, "disk", disk);
	// expected-error@kxx/device/interrupt.hpp:* {{too many arguments to function call, expected 0, have 1}}
	// expected-note@-2 {{requested here}}
}
} // namespace interrupt_handler_without_irq_disabled

namespace interrupt_handler_writes_plain_data {
struct Disk {
	IrqReturn handle_irq(const irq::Disabled &irq) const
	{
#ifndef MISUSE
		++*interrupts.lock(irq);
#else
		static_cast<void>(irq);
		++interrupts;
		// expected-error@-1 {{cannot assign to non-static data member within const member function 'handle_irq'}}
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
} // namespace interrupt_handler_writes_plain_data
