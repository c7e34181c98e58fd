// SPDX-License-Identifier: GPL-2.0
// expect: cannot assign to variable 'disk' with const-qualified type
#include <kxx/fs/configfs.hpp>
#include <kxx/sync/mutex.hpp>

using namespace kxx;

struct Disk {
	void dropped() {}

#ifndef MISUSE
	Mutex<unsigned int> size;
#else
	unsigned int size = 0;
#endif
};

static Result<void> size_store(const Disk &disk, const SysfsInput &input) KXX_MAY_SLEEP
{
	unsigned int size = KXX_TRY(input.kstrtouint());

#ifndef MISUSE
	*disk.size.lock() = size;
#else
	disk.size = size;
#endif
	return {};
}

constexpr ConfigfsAttribute<nullptr, size_store> size_attribute("size");

const void *file()
{
	return &size_attribute;
}
