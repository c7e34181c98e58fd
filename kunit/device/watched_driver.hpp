/* SPDX-License-Identifier: GPL-2.0 */
/*
 * watched_driver.hpp - a platform driver that records its callbacks and destructors
 *
 * Has global state, so only one case may run at a time.
 */
#pragma once

#include <kxx/device/devres.hpp>
#include <kxx/base/err.hpp>
#include <kxx/sync/mutex.hpp>
#include <kxx/device/platform_device.hpp>
#include <kxx/mm/slab.hpp>
#include <kxx/base/string.hpp>

namespace watched {

/* Records events; take() returns them as words separated by spaces, and clears the record. */
class Trace {
public:
	void add(const char *event)
	{
		if (length_ && length_ < sizeof(text_) - 1)
			text_[length_++] = ' ';
		for (const char *c = event; *c && length_ < sizeof(text_) - 1; c++)
			text_[length_++] = *c;
	}

	const char *take() KXX_LIFETIMEBOUND
	{
		kxx::memcpy(taken_, text_, length_);
		taken_[length_] = '\0';
		length_ = 0;
		return taken_;
	}

private:
	char text_[512] = {};
	char taken_[512] = {};
	size_t length_ = 0;
};
inline constinit Trace trace;

/* Records its destructor, and counts the living objects. */
template <typename Name> class Noisy {
public:
	Noisy() { alive++; }
	Noisy(const Noisy &) = delete;
	Noisy &operator=(const Noisy &) = delete;
	~Noisy()
	{
		alive--;
		trace.add(Name::text);
	}

	static inline constinit int alive = 0;
};

struct DataName {
	static constexpr const char *text = "~Data";
};
struct FirstName {
	static constexpr const char *text = "~First";
};
struct SecondName {
	static constexpr const char *text = "~Second";
};
using First = Noisy<FirstName>;
using Second = Noisy<SecondName>;

/*
 * Driver data, made by probe(). It may use devres objects until its destructor ends, since devres
 * frees them later.
 */
struct Data : Noisy<DataName> {
	explicit Data(kxx::Device &device) : dev(device) {}

	kxx::Device &dev;
	kxx::Mutex<unsigned int> value{ 5u };
};

/* Selects what probe() and suspend() return. */
enum class Outcome { SUCCESS, FAILURE, DEFERRAL };
inline constinit Outcome outcome = Outcome::SUCCESS;

void value_show(const Data &data, kxx::SysfsBuffer &buffer) KXX_MAY_SLEEP;
kxx::Result<void> value_store(const Data &data, const kxx::SysfsInput &input) KXX_MAY_SLEEP;
void twice_show(const Data &data, kxx::SysfsBuffer &buffer) KXX_MAY_SLEEP;
kxx::Result<void> reset_store(const Data &data, const kxx::SysfsInput &input) KXX_MAY_SLEEP;

inline constexpr kxx::DeviceAttribute<value_show, value_store> value_attribute("value");
inline constexpr kxx::DeviceAttribute<twice_show> twice_attribute("twice");
inline constexpr kxx::DeviceAttribute<nullptr, reset_store> reset_attribute("reset");

struct Driver {
	static kxx::Result<kxx::Box<Data>> probe(kxx::PlatformDevice &pdev) KXX_MAY_SLEEP;
	static void remove(kxx::PlatformDevice &pdev, Data &data);
	static void shutdown(kxx::PlatformDevice &pdev, const Data &data);
	static kxx::Result<void> suspend(kxx::PlatformDevice &pdev, const Data &data);
	static kxx::Result<void> resume(kxx::PlatformDevice &pdev, const Data &data);
	static void sync_state(kxx::PlatformDevice &pdev, const Data &data);
	using DevGroups = kxx::DeviceAttributes<value_attribute, twice_attribute, reset_attribute>;

	/* The driver_data of the entry that matched at the last probe, or 0. */
	static inline constinit unsigned long matched = 0;
};

/* The driver; its device table has the entries "kxx_watched" and "kxx_other". */
extern kxx::PlatformDriver<Driver> driver;

} // namespace watched
