/* SPDX-License-Identifier: GPL-2.0 */
/*
 * mod_devicetable.hpp - tables of the devices that a driver supports
 * Mirrors <linux/mod_devicetable.h>, and MODULE_DEVICE_TABLE() of <linux/module.h>.
 * Glue: none
 */
#pragma once

#include <stddef.h>
#include <type_traits>

#include <kxx/base/annotations.hpp>
#include <kxx/base/layout.hpp>

KXX_LAYOUT(platform_device_id);

namespace kxx {

/**
 * PlatformDeviceId - struct platform_device_id: an entry of a platform driver's id table
 *
 * Made at compile time only. Context: any.
 */
struct PlatformDeviceId {
	char name[KXX_PLATFORM_NAME_SIZE];
	unsigned long driver_data;

	/**
	 * PlatformDeviceId - Makes an entry for devices whose name is @text
	 * @data: a value for the driver, for example to tell types of devices apart
	 */
	template <size_t n>
	consteval explicit PlatformDeviceId(const char (&text)[n], unsigned long data = 0)
		: name{}, driver_data(data)
	{
		static_assert(n > 1, "an entry without a name would end the table");
		static_assert(n <= KXX_PLATFORM_NAME_SIZE,
			      "the name is longer than a platform device's can be");
		if constexpr (n <= KXX_PLATFORM_NAME_SIZE)
			for (size_t i = 0; i < n; i++)
				name[i] = text[i];
	}

	/* The terminating entry of a table */
	consteval PlatformDeviceId() : name{}, driver_data(0) {}

	/** is_for - Returns true if the entry is for a device whose name is @device */
	constexpr bool is_for(const char *device) const
	{
		size_t i = 0;

		while (name[i] && name[i] == device[i])
			i++;
		return name[i] == device[i];
	}

	/* Returns true if both entries are for the same device. */
	constexpr bool matches_as(const PlatformDeviceId &other) const
	{
		return is_for(other.name);
	}
};
#ifdef KXX_KERNEL
static_assert(sizeof(PlatformDeviceId) == KXX_SIZEOF_platform_device_id &&
	      offsetof(PlatformDeviceId, driver_data) ==
		      KXX_OFFSETOF_platform_device_id_driver_data);
#endif

namespace detail {

/* Deliberately not constexpr: a call in a constant expression fails, and shows this name. */
void two_entries_of_a_device_table_are_for_the_same_device();

} // namespace detail

/**
 * DeviceTable - The id table of a driver, with its terminating entry
 * @Entry: PlatformDeviceId; each bus has its own type
 *
 * Made by device_table(). Context: any.
 */
template <typename Entry, size_t n> class DeviceTable {
public:
	using Id = Entry;

	/** entries - Returns the table as C functions expect it, with the terminating entry */
	constexpr const Entry *entries() const KXX_LIFETIMEBOUND { return entries_; }

	/** find - Returns the entry for a device whose name is @device, or NULL */
	constexpr const Entry *find(const char *device) const KXX_LIFETIMEBOUND
	{
		for (size_t i = 0; i < n; i++)
			if (entries_[i].is_for(device))
				return &entries_[i];
		return nullptr;
	}

private:
	template <typename E, size_t m>
	friend consteval DeviceTable<E, m> device_table(const E (&entries)[m]);

	consteval explicit DeviceTable(const Entry (&entries)[n]) : entries_{}
	{
		for (size_t i = 0; i < n; i++) {
			for (size_t before = 0; before < i; before++)
				if (entries[i].matches_as(entries[before]))
					detail::two_entries_of_a_device_table_are_for_the_same_device();
			entries_[i] = entries[i];
		}
	}

	Entry entries_[n + 1];
};

/**
 * device_table - Makes a table of @entries, checks it, and adds the terminating entry
 *
 * Two entries for the same device do not compile. A function, and not a public constructor with
 * template argument deduction, because with that GCC 12 puts a constant table into writable memory.
 *
 *     constexpr auto ids = device_table({ PlatformDeviceId("cxxnull") });
 *     MODULE_DEVICE_TABLE(platform, ids);
 */
template <typename Entry, size_t n>
consteval DeviceTable<Entry, n> device_table(const Entry (&entries)[n])
{
	return DeviceTable<Entry, n>(entries);
}

/* The entry types of all buses, by the name that MODULE_DEVICE_TABLE() has for the bus */
namespace device_id {

using platform = PlatformDeviceId;

} // namespace device_id

} // namespace kxx

/*
 * MODULE_DEVICE_TABLE - Adds aliases for the devices of @table to the module
 *
 * modpost makes the aliases, from which user space finds the module. modpost finds a table by its
 * symbol name. In C that symbol is an alias of the driver's own table; in C++ an alias would need
 * the mangled name of the table. So this macro makes a copy, in the section that is freed after
 * init. It makes two copies: modpost of newer kernels (7.3) expects the second name. That name
 * contains a module name, here kmod_kxx, which modpost reads only for built-in code.
 */
// NOLINTBEGIN(bugprone-macro-parentheses): the arguments are names.
#define MODULE_DEVICE_TABLE(type, table)                                                           \
	static_assert(std::is_same_v<decltype(table)::Id, ::kxx::device_id::type>,                 \
		      "the table is for another bus");                                             \
	KXX_DEVICE_TABLE(__mod_##type##__##table##_device_table, table)                            \
	KXX_DEVICE_TABLE(__mod_device_table__kmod_kxx__##type##__##table, table)                   \
	static_assert(true)

#define KXX_DEVICE_TABLE(symbol, table)                                                            \
	extern "C" {                                                                               \
	extern __visible const decltype(table) symbol;                                             \
	[[gnu::section(".init.rodata")]] constinit const decltype(table) symbol = table;           \
	}
// NOLINTEND(bugprone-macro-parentheses)
