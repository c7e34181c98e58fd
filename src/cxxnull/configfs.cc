// SPDX-License-Identifier: GPL-2.0
/* configfs.cc - the configfs subsystem, and the attributes of a disk's group */
#include "params.h"
#define pr_fmt(fmt) CXXNULL_NAME ": " fmt

#include <type_traits>

#include <kxx/base/printk.hpp>

#include "nullb_device.hpp"

using namespace kxx;

namespace cxxnull {

namespace {

/* Returns how many bytes of @input an error message quotes: one line, at most 32 bytes. */
int quoted(const SysfsInput &input)
{
	int length = 0;

	while (length < 32 && input.text()[length] && input.text()[length] != '\n')
		length++;
	return length;
}

} // namespace

template <typename T>
Result<T> NullbDevice::parse(const char *attribute, const SysfsInput &input) const
{
	auto parsed = [&input] {
		if constexpr (std::is_same_v<T, bool>)
			return input.kstrtobool();
		else if constexpr (std::is_same_v<T, unsigned int>)
			return input.kstrtouint();
		else
			return input.kstrtoul();
	}();

	if (!parsed)
		pr_err("%s: %s=%.*s: must be %s\n", name_, attribute, quoted(input), input.text(),
		       std::is_same_v<T, bool> ? "0 or 1"
		       : sizeof(T) == 4	       ? "a number from 0 to 4294967295"
					       : "a number from 0 to 18446744073709551615");
	return parsed;
}

template <auto member> void NullbDevice::show(SysfsBuffer &buffer) const
{
	auto value = settings_.lock()->config.*member;

	buffer.emit("%lu\n", static_cast<unsigned long>(value));
}

template <auto member, When when>
Result<void> NullbDevice::store(const char *attribute, const SysfsInput &input) const
{
	using T = std::remove_cvref_t<decltype(std::declval<Config &>().*member)>;

	T value = KXX_TRY(parse<T>(attribute, input));
	auto power = power_.lock();
	auto bound = bound_.lock();

	if (when == When::WHILE_OFF && power->pdev)
		return EBUSY;

	Config config = settings_.lock()->config;

	config.*member = value;
	if constexpr (std::is_same_v<T, bool>)
		if (member == &Config::blocking)
			config.unasked_blocking = false;
	if (power->pdev)
		KXX_TRY(update_queues(*bound, config));
	settings_.lock()->config = config;
	return {};
}

void NullbDevice::power_show(SysfsBuffer &buffer) const
{
	bool on = settings_.lock()->on;

	buffer.emit("%d\n", on);
}

Result<void> NullbDevice::power_store(const SysfsInput &input) const
{
	if (!KXX_TRY(parse<bool>("power", input))) {
		power_off();
		return {};
	}

	auto made = power_on(common_.params.nr_devices);

	if (!made)
		pr_err("%s: power=1: cannot create the disk: error %d\n", name_, made.to_errno());
	return made;
}

namespace {

/* isspace() for ASCII */
bool is_space(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

/*
 * Parses "FIRST-LAST", which only white space may follow. Works on a copy, in which each number can
 * end with a NUL: a number may have as many digits as kstrtoull() takes.
 */
Result<BadRange> parse_range(const char *text) KXX_MAY_SLEEP
{
	size_t length = __builtin_strlen(text);
	auto copy = KXX_TRY(Box<char[]>::make(GFP_KERNEL, length + 1));
	size_t last = 0;

	memcpy(&copy[0], text, length);
	while (length && is_space(copy[length - 1]))
		copy[--length] = 0;
	while (last < length && copy[last] != '-')
		last++;
	if (last == length)
		return EINVAL;
	copy[last++] = 0;

	u64 first_sector = KXX_TRY(SysfsInput(&copy[0]).kstrtoull());
	u64 last_sector = KXX_TRY(SysfsInput(&copy[last]).kstrtoull());

	if (first_sector > last_sector)
		return EINVAL;
	return BadRange{ .first = first_sector, .sectors = last_sector - first_sector + 1 };
}

} // namespace

Result<void> NullbDevice::badblocks_store(const SysfsInput &input) const
{
	const char *text = input.text();

	/* null_blk ignores white space at both ends. */
	while (is_space(*text))
		text++;

	auto range = *text == '+' || *text == '-' ? parse_range(text + 1) : EINVAL;

	if (!range) {
		pr_err("%s: badblocks=%.*s: must be +FIRST-LAST or -FIRST-LAST, in sectors\n",
		       name_, quoted(SysfsInput(text)), text);
		return range.error();
	}

	/* Admit one writer at a time: set() and clear() change a long range in several steps. */
	auto settings = settings_.lock();
	BadRange parsed = std::move(range).value();

	cxxnull_enable_debug();
	auto changed =
		*text == '+' ? debug_->badblocks->set(parsed) : debug_->badblocks->clear(parsed);

	if (!changed)
		pr_err("%s: badblocks=%.*s: must be %s\n", name_, quoted(SysfsInput(text)), text,
		       changed.error() == ENOSPC
			       ? "fewer ranges of at most 512 sectors, the list has no room"
			       : "below sector 2^54");
	return changed;
}

Result<void> NullbDevice::zone_store(const char *attribute, const SysfsInput &input,
				     ZoneCond cond) const
{
	auto power = power_.lock();

	bool zoned = settings_.lock()->config.zoned;

	if (!power->pdev || !zoned) {
		pr_err("%s: %s=%.*s: must be a sector of a zoned disk that is on\n", name_,
		       attribute, quoted(input), input.text());
		return EINVAL;
	}

	auto sector = KXX_TRY(parse<unsigned long>(attribute, input));
	auto bound = bound_.lock();

	return bound->disk ? bound->disk->driver().set_zone_cond(sector, cond) : ENODEV;
}

void NullbDevice::latency_show(SysfsBuffer &buffer) const
{
	Distribution latency = settings_.lock()->latency;

	latency.show(buffer);
}

Result<void> NullbDevice::latency_store(const SysfsInput &input) const
{
	auto parsed = Distribution::parse(input.text());

	if (!parsed) {
		pr_err("%s: latency=%.*s: must be constant, uniform MIN MAX, normal MEAN "
		       "DEVIATION or bimodal FAST SLOW PERMILLE, with times from 0 to %llu ns\n",
		       name_, quoted(input), input.text(), Distribution::max_nsec);
		return parsed.error();
	}

	auto power = power_.lock();

	if (power->pdev)
		return EBUSY;
	settings_.lock()->latency = std::move(parsed).value();
	return {};
}

Result<void> NullbDevice::fault_plan_store(const SysfsInput &input) const
{
	const char *bad = input.text();
	auto settings = settings_.lock();
	auto done = debug_->plan.set(input.text(), settings->config.seed, bad);

	if (!done) {
		pr_err("%s: fault_plan=%.*s: must be OP nth=N|sectors=FIRST-LAST|chance=N STATUS "
		       "[once|always], at most %u lines\n",
		       name_, quoted(SysfsInput(bad)), bad, FaultPlan::max_rules);
		return done;
	}
	cxxnull_enable_debug();
	return {};
}

void NullbDevice::stats_show(SysfsBuffer &buffer) const
{
	buffer.emit("%d\n", debug_->stats.enabled());
}

Result<void> NullbDevice::stats_store(const SysfsInput &input) const
{
	bool on = KXX_TRY(parse<bool>("stats", input));

	if (on)
		enable_stats();
	else
		debug_->stats.enable(false);
	return {};
}

void NullbDevice::enable_stats() const
{
	debug_->stats.reset();
	cxxnull_enable_debug();
	debug_->stats.enable(true);
}

namespace {

/* Data of the subsystem /sys/kernel/config/cxxnull. Creates the group of a disk on mkdir. */
class DiskGroups {
public:
	explicit DiskGroups(Common &common) : common_(common) {}
	DiskGroups(const DiskGroups &) = delete;
	DiskGroups &operator=(const DiskGroups &) = delete;

	/*
	 * Handles mkdir. Returns -EEXIST for the name of a disk that the parameter nr_devices
	 * creates, -ENAMETOOLONG or -ENOMEM.
	 */
	Result<Box<ConfigfsGroup<NullbDevice>>> make_group(const char *name) KXX_MAY_SLEEP;

private:
	Common &common_;
};

Result<Box<ConfigfsGroup<NullbDevice>>> DiskGroups::make_group(const char *name)
{
	if (common_.is_ours(name)) {
		pr_err("%s: already the name of one of the nr_devices=%u disks\n", name,
		       common_.params.nr_devices);
		return EEXIST;
	}
	for (size_t length = 0; name[length]; length++) {
		if (length + 1 < KXX_DISK_NAME_LEN)
			continue;
		pr_err("%s: a disk's name must be shorter than %u bytes\n", name,
		       static_cast<unsigned int>(KXX_DISK_NAME_LEN));
		return ENAMETOOLONG;
	}

	return ConfigfsGroup<NullbDevice>::make(common_, name, common_.pool_bytes(1),
						KXX_TRY(DebugFeatures::make(common_.params)));
}

/* Defines a configfs attribute for each CXXNULL_SETTING and CXXNULL_ATTR. */
#define CXXNULL_ATTR(name, type, default, rule, min, max, when, unit, text)                        \
	Result<void> name##_store(const NullbDevice &device, const SysfsInput &input)              \
		KXX_MAY_SLEEP                                                                      \
	{                                                                                          \
		return device.store<&Config::name, When::when>(#name, input);                      \
	}                                                                                          \
	constexpr ConfigfsAttribute<&NullbDevice::show<&Config::name>, name##_store>               \
		name##_attribute(#name);
#include "attributes.def"

/* Defines an attribute for each CXXNULL_FILE, by NullbDevice's NAME_show() and NAME_store(). */
#define CXXNULL_RW(name)                                                                           \
	constexpr ConfigfsAttribute<&NullbDevice::name##_show, &NullbDevice::name##_store>         \
		name##_attribute(#name);
#define CXXNULL_WO(name)                                                                           \
	constexpr ConfigfsAttribute<nullptr, &NullbDevice::name##_store> name##_attribute(#name);
#define CXXNULL_FILE(name, mode, default, range, when, unit, text) CXXNULL_##mode(name)
#include "attributes.def"
#undef CXXNULL_RW
#undef CXXNULL_WO

struct GroupAttributes {
	using Data = NullbDevice;

	static constexpr const void *attrs[] = {
#define CXXNULL_ATTR(name, type, default, rule, min, max, when, unit, text) &name##_attribute,
#define CXXNULL_FILE(name, mode, default, range, when, unit, text) &name##_attribute,
#include "attributes.def"
		nullptr
	};
};

/* Names of all attributes, a comma after each. features_show() omits the last comma. */
constexpr char features[] =
#define CXXNULL_ATTR(name, type, default, rule, min, max, when, unit, text) #name ","
#define CXXNULL_FILE(name, mode, default, range, when, unit, text) #name ","
#include "attributes.def"
	;

void features_show(const DiskGroups &, SysfsBuffer &buffer)
{
	buffer.emit("%.*s\n", static_cast<int>(sizeof(features)) - 2, features);
}

constexpr ConfigfsAttribute<features_show> features_attribute("features");

using Subsystem = ConfigfsSubsystem<ConfigfsAttributes<features_attribute>, GroupAttributes>;

constinit Subsystem *subsystem;

} // namespace

Result<void> configfs_register(Common &common)
{
	subsystem = KXX_TRY(Subsystem::make(CXXNULL_CONFIGFS_DIR, common)).into_raw();
	return {};
}

void configfs_unregister()
{
	// SAFETY: configfs_register() released the Box by into_raw(); module exit runs once.
	auto dropped = Box<Subsystem>::from_raw(subsystem);
}

} // namespace cxxnull
