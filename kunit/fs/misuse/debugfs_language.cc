// SPDX-License-Identifier: GPL-2.0
// Mistakes that clang and GCC must refuse; checked by scripts/tests/misuse.
#include <kxx/fs/debugfs.hpp>

using namespace kxx;

namespace debugfs_dir_copied {
struct Disks {
	explicit Disks(const DebugfsDir &dir) KXX_MAY_SLEEP
#ifdef MISUSE
		: dir(dir) // expected-error {{call to deleted constructor of 'DebugfsDir'}}
#else
		: dir("disks", dir)
#endif
	{
	}
	~Disks() KXX_MAY_SLEEP {}

	DebugfsDir dir;
};
} // namespace debugfs_dir_copied

namespace debugfs_show_writes_plain_data {
struct Disk {
#ifndef MISUSE
	void show(SeqFile &) const {}
#else
	void show(SeqFile &) { readers++; }
	// expected-error@kxx/fs/debugfs.hpp:* {{but function is not marked const}}
#endif

	unsigned int readers = 0;
};

struct Shown {
	Shown() KXX_MAY_SLEEP : file("disk", disk) {} // expected-note {{requested here}}
	~Shown() KXX_MAY_SLEEP {}

	Disk disk;
	DebugfsFile<Disk> file;
};
} // namespace debugfs_show_writes_plain_data
