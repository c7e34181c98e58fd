/* SPDX-License-Identifier: GPL-2.0 */
/*
 * mod_devicetable.hpp - which devices a driver is for
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
 * PlatformDeviceId - struct platform_device_id: an entry of a platform driver's table
 *
 * Context: any; made at compile time only.
 */
struct PlatformDeviceId {
	char name[KXX_PLATFORM_NAME_SIZE];
	unsigned long driver_data;

	/**
	 * PlatformDeviceId - an entry for the devices called @text
	 * @data: the driver's own, to tell kinds of devices apart
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

	/* The entry that ends a table. */
	consteval PlatformDeviceId() : name{}, driver_data(0) {}

	/** is_for - whether a device called @device is one that the entry is for */
	constexpr bool is_for(const char *device) const
	{
		size_t i = 0;

		while (name[i] && name[i] == device[i])
			i++;
		return name[i] == device[i];
	}

	/* Whether both are for the same device. */
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

/* Not constexpr: a call of it ends the compilation with its name. */
void two_entries_of_a_device_table_are_for_the_same_device();

} // namespace detail

/**
 * DeviceTable - a driver's entries, and behind them the one that ends a table
 * @Entry: PlatformDeviceId; each bus has its own
 *
 * Made by device_table(). Context: any.
 */
template <typename Entry, size_t n> class DeviceTable {
public:
	using Id = Entry;

	/** entries - as C takes it: up to the one that ends it */
	constexpr const Entry *entries() const KXX_LIFETIMEBOUND { return entries_; }

	/** find - the entry for a device that is called @device; NULL if there is none */
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
 * device_table - a table of @entries, checked at compile time, and its end
 *
 * A constant is in read-only memory if it is written so. The constructor is not to be
 * had: GCC 12 puts what it deduces the arguments of into memory that can be written.
 *
 *     constexpr auto ids = device_table({ PlatformDeviceId("cxxnull") });
 *     MODULE_DEVICE_TABLE(platform, ids);
 */
template <typename Entry, size_t n>
consteval DeviceTable<Entry, n> device_table(const Entry (&entries)[n])
{
	return DeviceTable<Entry, n>(entries);
}

/* The entry of a bus, which MODULE_DEVICE_TABLE() calls by the bus's name. */
namespace device_id {

using platform = PlatformDeviceId;

} // namespace device_id

} // namespace kxx

/*
 * MODULE_DEVICE_TABLE - tells user space, by the module's aliases, which devices it is for
 *
 * modpost finds the table by the name of its symbol, which C has as an alias of the
 * driver's own. An alias needs the name that the compiler gives the table: so this is a
 * copy, and goes with the module's init. The second name is that of newer kernels (7.3),
 * which look at the module's name in it for what is built in only.
 */
// NOLINTBEGIN(bugprone-macro-parentheses): these are names.
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
