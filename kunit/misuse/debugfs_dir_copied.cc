// SPDX-License-Identifier: GPL-2.0
// expect: call to deleted constructor of 'DebugfsDir'
#include <kxx/fs/debugfs.hpp>

using namespace kxx;

struct Disks {
	explicit Disks(const DebugfsDir &dir) KXX_MAY_SLEEP
#ifdef MISUSE
		: dir(dir)
#else
		: dir("disks", dir)
#endif
	{
	}
	~Disks() KXX_MAY_SLEEP {}

	DebugfsDir dir;
};
