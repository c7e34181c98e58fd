// SPDX-License-Identifier: GPL-2.0
// expect: 'fill' is a private member of 'kxx::SysfsBuffer'
#include <kxx/fs/sysfs.hpp>

using namespace kxx;

struct Table {
	char text[8192];
};

void text_show(const Table &table, SysfsBuffer &buffer)
{
#ifndef MISUSE
	buffer.append(table.text, sizeof(table.text));
#else
	buffer.fill([&table](char *page) {
		int n = 0;

		for (char c : table.text)
			page[n++] = c;
		return n;
	});
#endif
}
