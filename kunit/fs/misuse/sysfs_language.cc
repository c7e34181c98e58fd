// SPDX-License-Identifier: GPL-2.0
// Mistakes that clang and GCC must refuse; checked by scripts/tests/misuse.
#include <kxx/fs/sysfs.hpp>

using namespace kxx;

namespace sysfs_buffer_filled_by_hand {
struct Table {
	char text[8192];
};

void text_show(const Table &table, SysfsBuffer &buffer)
{
#ifndef MISUSE
	buffer.append(table.text, sizeof(table.text));
#else
	buffer.fill([&table](char *page) {
		// expected-error@-1 {{'fill' is a private member of 'kxx::SysfsBuffer'}}
		int n = 0;

		for (char c : table.text)
			page[n++] = c;
		return n;
	});
#endif
}
} // namespace sysfs_buffer_filled_by_hand
