// SPDX-License-Identifier: GPL-2.0
// Mistakes that clang and GCC must refuse; checked by scripts/tests/misuse.
#include <utility>

#include <kxx/fs/configfs.hpp>
#include <kxx/sync/mutex.hpp>

using namespace kxx;

struct Disk {
	void dropped() {}
	unsigned int size = 1;
};

namespace configfs_attribute_of_nothing {
struct Disks {
	Result<Box<ConfigfsGroup<Disk>>> make_group(const char *) KXX_MAY_SLEEP
	{
		return ConfigfsGroup<Disk>::make();
	}
};

void version_show(const Disks &, SysfsBuffer &buffer)
{
	buffer.emit("1\n");
}

void size_show(const Disk &disk, SysfsBuffer &buffer)
{
	buffer.emit("%u\n", disk.size);
}

#ifndef MISUSE
[[maybe_unused]] constexpr ConfigfsAttribute<size_show> size_attribute("size");
#else
constexpr ConfigfsAttribute<nullptr> size_attribute("size");
// expected-error@kxx/fs/configfs.hpp:* {{an attribute has a show or a store}}
// expected-note@-2 {{requested here}}
#endif
} // namespace configfs_attribute_of_nothing

namespace configfs_attribute_of_two_groups {
struct Disk {
	void dropped() {}
	Mutex<unsigned int> size{ 1u };
};

struct Disks {
	Result<Box<ConfigfsGroup<Disk>>> make_group(const char *) KXX_MAY_SLEEP
	{
		return ConfigfsGroup<Disk>::make();
	}
};

void version_show(const Disks &, SysfsBuffer &buffer)
{
	buffer.emit("1\n");
}

void size_show(const Disk &disk, SysfsBuffer &buffer) KXX_MAY_SLEEP
{
	buffer.emit("%u\n", *disk.size.lock());
}

Result<void> size_store(const Disk &disk, const SysfsInput &input) KXX_MAY_SLEEP
{
	*disk.size.lock() = KXX_TRY(input.kstrtouint());
	return {};
}

#ifndef MISUSE
[[maybe_unused]] constexpr ConfigfsAttribute<size_show, size_store> size_attribute("size");
#else
constexpr ConfigfsAttribute<version_show, size_store> size_attribute("size");
// expected-error@kxx/fs/configfs.hpp:* {{show and store must take the data of the same group}}
// expected-note@-2 {{requested here}}
#endif
} // namespace configfs_attribute_of_two_groups

namespace configfs_attribute_show_wrong {
struct Disks {
	Result<Box<ConfigfsGroup<Disk>>> make_group(const char *) KXX_MAY_SLEEP
	{
		return ConfigfsGroup<Disk>::make();
	}
};

void version_show(const Disks &, SysfsBuffer &buffer)
{
	buffer.emit("1\n");
}

#ifndef MISUSE
void size_show(const Disk &disk, SysfsBuffer &buffer)
{
	buffer.emit("%u\n", disk.size);
}
#else
unsigned int size_show(const Disk &disk)
{
	return disk.size;
}
#endif

[[maybe_unused]] constexpr ConfigfsAttribute<size_show> size_attribute("size");
// expected-error@kxx/fs/configfs.hpp:* {{show must be: void show(const T &, SysfsBuffer &)}}
// expected-note@-2 {{requested here}}
} // namespace configfs_attribute_show_wrong

namespace configfs_attribute_store_without_lock {
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
	// expected-error@-1 {{cannot assign to variable 'disk' with const-qualified type}}
#endif
	return {};
}

constexpr ConfigfsAttribute<nullptr, size_store> size_attribute("size");

const void *file()
{
	return &size_attribute;
}
} // namespace configfs_attribute_store_without_lock

namespace configfs_attribute_store_wrong {
struct Disk {
	void dropped() {}
	Mutex<unsigned int> size{ 1u };
};

struct Disks {
	Result<Box<ConfigfsGroup<Disk>>> make_group(const char *) KXX_MAY_SLEEP
	{
		return ConfigfsGroup<Disk>::make();
	}
};

void version_show(const Disks &, SysfsBuffer &buffer)
{
	buffer.emit("1\n");
}

void size_show(const Disk &disk, SysfsBuffer &buffer) KXX_MAY_SLEEP
{
	buffer.emit("%u\n", *disk.size.lock());
}

#ifndef MISUSE
Result<void> size_store(const Disk &disk, const SysfsInput &input) KXX_MAY_SLEEP
{
	*disk.size.lock() = KXX_TRY(input.kstrtouint());
	return {};
}
#else
void size_store(const Disk &disk, const SysfsInput &) KXX_MAY_SLEEP
{
	*disk.size.lock() = 1;
}
#endif

[[maybe_unused]] constexpr ConfigfsAttribute<size_show, size_store> size_attribute("size");
// expected-error@kxx/fs/configfs.hpp:* {{store must be: Result<void> store(const T &, const SysfsInput &)}}
// expected-note@-2 {{requested here}}
} // namespace configfs_attribute_store_wrong

namespace configfs_attributes_of_two_groups {
struct Disks {
	Result<Box<ConfigfsGroup<Disk>>> make_group(const char *) KXX_MAY_SLEEP
	{
		return ConfigfsGroup<Disk>::make();
	}
};

void version_show(const Disks &, SysfsBuffer &buffer)
{
	buffer.emit("1\n");
}

void size_show(const Disk &disk, SysfsBuffer &buffer)
{
	buffer.emit("%u\n", disk.size);
}

constexpr ConfigfsAttribute<size_show> size_attribute("size");
[[maybe_unused]] constexpr ConfigfsAttribute<version_show> version_attribute("version");

#ifndef MISUSE
const void *attrs = ConfigfsAttributes<size_attribute>::attrs;
#else
const void *attrs = ConfigfsAttributes<size_attribute, version_attribute>::attrs;
// expected-error@kxx/fs/configfs.hpp:* {{attributes of different groups}}
// expected-note@-2 {{requested here}}
#endif
} // namespace configfs_attributes_of_two_groups

namespace configfs_child_without_dropped {
struct Disk {
#ifndef MISUSE
	void dropped() {}
#endif
	unsigned int size = 1;
};

struct Disks {
	Result<Box<ConfigfsGroup<Disk>>> make_group(const char *) KXX_MAY_SLEEP
	{
		return ConfigfsGroup<Disk>::make();
	}
};

void version_show(const Disks &, SysfsBuffer &buffer)
{
	buffer.emit("1\n");
}

void size_show(const Disk &disk, SysfsBuffer &buffer)
{
	buffer.emit("%u\n", disk.size);
}

constexpr ConfigfsAttribute<size_show> size_attribute("size");
constexpr ConfigfsAttribute<version_show> version_attribute("version");

using Subsystem = ConfigfsSubsystem<ConfigfsAttributes<version_attribute>,
				    ConfigfsAttributes<size_attribute>>;

[[maybe_unused]] Result<Box<Subsystem>> make() KXX_MAY_SLEEP
{
	return Subsystem::make("disks");
	// expected-error@kxx/fs/configfs.hpp:* {{dropped()}}
	// expected-note@-2 {{requested here}}
}
} // namespace configfs_child_without_dropped

namespace configfs_default_groups_never_added {
struct Disk {
#ifndef MISUSE
	void add_default_groups(ConfigfsGroup<Disk> &group);
#else
#endif
	void put_default_groups() KXX_MAY_SLEEP;
	void dropped() {}
	unsigned int size = 1;
};

struct Disks {
	Result<Box<ConfigfsGroup<Disk>>> make_group(const char *) KXX_MAY_SLEEP
	{
		return ConfigfsGroup<Disk>::make();
	}
};

void version_show(const Disks &, SysfsBuffer &buffer)
{
	buffer.emit("1\n");
}

void size_show(const Disk &disk, SysfsBuffer &buffer)
{
	buffer.emit("%u\n", disk.size);
}

constexpr ConfigfsAttribute<size_show> size_attribute("size");
constexpr ConfigfsAttribute<version_show> version_attribute("version");

using Subsystem = ConfigfsSubsystem<ConfigfsAttributes<version_attribute>,
				    ConfigfsAttributes<size_attribute>>;

[[maybe_unused]] Result<Box<Subsystem>> make() KXX_MAY_SLEEP
{
	return Subsystem::make("disks");
	// expected-error@kxx/fs/configfs.hpp:* {{add_default_groups() and put_default_groups() go together}}
	// expected-note@-2 {{requested here}}
}
} // namespace configfs_default_groups_never_added

namespace configfs_subsystem_copied {
struct Disks {
	Result<Box<ConfigfsGroup<Disk>>> make_group(const char *) KXX_MAY_SLEEP
	{
		return ConfigfsGroup<Disk>::make();
	}
};

void version_show(const Disks &, SysfsBuffer &buffer)
{
	buffer.emit("1\n");
}

void size_show(const Disk &disk, SysfsBuffer &buffer)
{
	buffer.emit("%u\n", disk.size);
}

constexpr ConfigfsAttribute<size_show> size_attribute("size");
constexpr ConfigfsAttribute<version_show> version_attribute("version");

using Subsystem = ConfigfsSubsystem<ConfigfsAttributes<version_attribute>,
				    ConfigfsAttributes<size_attribute>>;

Result<void> use() KXX_MAY_SLEEP
{
	auto made = KXX_TRY(Subsystem::make("disks"));
#ifdef MISUSE
	Subsystem copy(std::as_const(*made));
	// expected-error@-1 {{call to deleted constructor of 'Subsystem'}}
#endif
	return {};
}
} // namespace configfs_subsystem_copied
