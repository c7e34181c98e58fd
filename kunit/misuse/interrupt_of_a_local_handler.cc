// SPDX-License-Identifier: GPL-2.0
// expect: address of stack memory associated with local variable 'handler' returned
#include <kxx/device/interrupt.hpp>

using namespace kxx;

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
}
