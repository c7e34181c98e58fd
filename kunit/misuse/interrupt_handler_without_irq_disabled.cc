// SPDX-License-Identifier: GPL-2.0
// expect: no matching function for call to 'Disk::handle_irq(kxx::irq::Disabled) const'
// compiler: g++
#include <kxx/device/interrupt.hpp>

using namespace kxx;

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
}
