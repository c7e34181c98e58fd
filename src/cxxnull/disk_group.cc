// SPDX-License-Identifier: GPL-2.0
#include "params.h"
#define pr_fmt(fmt) CXXNULL_NAME ": " fmt

#include <type_traits>

#include <kxx/base/printk.hpp>
#include <kxx/base/string.hpp>

#include "disk_group.hpp"

using namespace kxx;

namespace cxxnull {

bool Common::is_ours(const char *name) const
{
	const char *prefix = CXXNULL_DISK;
	unsigned int number = 0;

	while (*prefix)
		if (*name++ != *prefix++)
			return false;
	/* A number as "%u" prints it: without leading zeroes. */
	if (!*name || (*name == '0' && name[1]))
		return false;
	for (; *name; name++) {
		if (*name < '0' || *name > '9' || number > params.nr_devices)
			return false;
		number = 10 * number + static_cast<unsigned int>(*name - '0');
	}
	return number < params.nr_devices;
}

namespace {

/* Half of the memory, or `pool` if that is more, but never all of it. */
u64 limit_bytes(const cxxnull_params &params)
{
	u64 ram = totalram_bytes();
	u64 pool = u64{ params.pool } << 20;
	u64 most = pool > ram / 2 ? pool : ram / 2;

	return most < ram - ram / 8 ? most : ram - ram / 8;
}

} // namespace

Common::Common(const cxxnull_params &params, BlockMajor major)
	: params(params), major(std::move(major)), shared_tags(params),
	  page_limit(limit_bytes(params) / KXX_PAGE_SIZE)
{
}

u64 Common::pool_bytes(unsigned int nr_disks) const
{
	/* Full disks must leave memory for the system. */
	return params.pool ? u64{ params.pool } << 20 : totalram_bytes() / 2 / nr_disks;
}

DiskDebugfs::DiskDebugfs(Common &common, const char *disk, DebugFeatures &debug)
	: dir_(disk, common.debugfs), stats_("stats", debug.stats, dir_)
{
}

DiskDebugfs::~DiskDebugfs() = default;

DiskGroup::DiskGroup(Common &common, const char *name, Box<DebugFeatures> debug)
	: common_(common), debug_(std::move(debug))
{
	for (size_t i = 0; i + 1 < sizeof(name_) && name[i]; i++)
		name_[i] = name[i];
	settings_.lock()->config = Config::from(common.params);
	debugfs_.emplace(common, name_, *debug_);
}

void DiskGroup::dropped()
{
	auto power = power_.lock();

	power_off(*power);
	/*
	 * Another disk of the same name may come before the last reference to this group is
	 * dropped.
	 */
	debugfs_.reset();
}

namespace {

/* Number of bytes of @input to quote: up to the newline. */
int quoted(const SysfsInput &input)
{
	int length = 0;

	while (length < 32 && input.text()[length] && input.text()[length] != '\n')
		length++;
	return length;
}

} // namespace

template <typename T>
Result<T> DiskGroup::parse(const char *attribute, const SysfsInput &input) const
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

template <auto member> void DiskGroup::show(SysfsBuffer &buffer) const
{
	auto value = settings_.lock()->config.*member;

	buffer.emit("%lu\n", static_cast<unsigned long>(value));
}

template <auto member, When when>
Result<void> DiskGroup::store(const char *attribute, const SysfsInput &input) const
{
	using T = std::remove_cvref_t<decltype(std::declval<Config &>().*member)>;

	T value = KXX_TRY(parse<T>(attribute, input));
	auto power = power_.lock();

	if (when == When::WHILE_OFF && power->disk)
		return EBUSY;

	Config config = this->config();

	config.*member = value;
	if constexpr (std::is_same_v<T, bool>)
		if (member == &Config::blocking)
			config.unasked_blocking = false;
	if (auto &disk = power->disk)
		KXX_TRY(update_queues(**disk, power->has_polled, config));
	settings_.lock()->config = config;
	return {};
}

Result<void> DiskGroup::update_queues(PoweredDisk &disk, bool has_polled,
				      const Config &config) const
{
	if (config.shared_tags) {
		pr_err("%s: shared_tags=1: must be 0 for the queues to change while the disk is "
		       "on\n",
		       name_);
		return EINVAL;
	}
	if (!config.submit_queues || config.submit_queues > nr_cpu_ids()) {
		pr_err("%s: submit_queues=%u: must be a number from 1 to %u while the disk is on\n",
		       name_, config.submit_queues, nr_cpu_ids());
		return EINVAL;
	}
	if (config.poll_queues > common_.max_poll_queues()) {
		pr_err("%s: poll_queues=%u: must be a number from 0 to %u while the disk is on\n",
		       name_, config.poll_queues, common_.max_poll_queues());
		return EINVAL;
	}
	/*
	 * blk-mq has a map only for types of queues that the tag set was made with. null_blk
	 * then makes a queue that no CPU uses, if there is a CPU for it.
	 */
	if (config.poll_queues && !has_polled) {
		if (config.poll_queues > nr_cpu_ids() - config.submit_queues)
			return ENOMEM;
		pr_info("%s: poll_queues=%u: when the disk is switched on again, it has none now\n",
			name_, config.poll_queues);
		return disk.update_nr_hw_queues(config.submit_queues, 0);
	}
	return disk.update_nr_hw_queues(config.submit_queues, config.poll_queues);
}

void DiskGroup::power_show(SysfsBuffer &buffer) const
{
	bool on = settings_.lock()->on;

	buffer.emit("%d\n", on);
}

Result<void> DiskGroup::power_store(const SysfsInput &input) const
{
	bool on = KXX_TRY(parse<bool>("power", input));
	auto power = power_.lock();

	if (on && !power->disk)
		return power_on(*power);
	if (!on)
		power_off(*power);
	return {};
}

void DiskGroup::power_off(Power &power) const
{
	settings_.lock()->on = false;
	power.disk.reset();
	power.index.reset();
}

Result<void> DiskGroup::power_on(Power &power) const
{
	auto index = KXX_TRY(common_.indexes.alloc_min(common_.params.nr_devices, GFP_KERNEL));
	Distribution latency = settings_.lock()->latency;
	Config config = this->config();
	auto completed = config.complete(name_, common_.max_poll_queues());

	/* Even if making the disk fails. */
	settings_.lock()->config = config;
	KXX_TRY(completed);
	if (latency.kind != LatencyKind::CONSTANT && config.irqmode != 2)
		pr_info("%s: latency is ignored without irqmode=2\n", name_);

	auto made = PoweredDisk::power_on({
		.config = config,
		.name = name_,
		.index = index.number(),
		.memory_bytes = common_.pool_bytes(1),
		.page_limit = &common_.page_limit,
		.latency = latency,
		.debug = debug_.as_raw(),
		.shared_tags = &common_.shared_tags,
		.major = common_.major.number(),
	});

	if (!made) {
		pr_err("%s: power=1: there is no disk: error %d\n", name_, made.error().to_errno());
		return made.error();
	}
	power.has_polled = config.poll_queues;
	power.disk.emplace(std::move(made).value());

	auto settings = settings_.lock();

	settings->config.index = index.number();
	settings->on = true;
	power.index.emplace(std::move(index));
	return {};
}

namespace {

/* A number, and the text after it. */
struct Number {
	unsigned long long value;
	const char *rest;
};

Result<Number> leading_number(const char *text)
{
	char digits[24] = {};
	size_t length = 0;

	while (text[length] && text[length] != '-' && text[length] != ' ' && text[length] != '\n') {
		if (length + 1 == sizeof(digits))
			return EINVAL;
		digits[length] = text[length];
		length++;
	}
	auto value = KXX_TRY(SysfsInput(digits).kstrtoull());

	return Number{ value, text + length };
}

/* Parses "FIRST-LAST", followed by nothing but white space. */
Result<BadRange> parse_range(const char *text)
{
	Number first = KXX_TRY(leading_number(text));

	if (*first.rest != '-')
		return EINVAL;

	Number last = KXX_TRY(leading_number(first.rest + 1));

	while (*last.rest == ' ' || *last.rest == '\n')
		last.rest++;
	if (*last.rest || first.value > last.value)
		return EINVAL;
	return BadRange{ .first = first.value, .sectors = last.value - first.value + 1 };
}

} // namespace

Result<void> DiskGroup::badblocks_store(const SysfsInput &input) const
{
	const char *text = input.text();
	auto range = *text == '+' || *text == '-' ? parse_range(text + 1) : EINVAL;

	if (!range) {
		pr_err("%s: badblocks=%.*s: must be +FIRST-LAST or -FIRST-LAST, in sectors\n",
		       name_, quoted(input), text);
		return EINVAL;
	}

	/* One writer at a time. badblocks_show() takes the list's own lock. */
	auto settings = settings_.lock();
	BadRange parsed = std::move(range).value();

	cxxnull_enable_debug();
	return *text == '+' ? debug_->badblocks->set(parsed) : debug_->badblocks->clear(parsed);
}

Result<void> DiskGroup::zone_store(const char *attribute, const SysfsInput &input,
				   ZoneCond cond) const
{
	auto sector = KXX_TRY(parse<unsigned long>(attribute, input));
	auto power = power_.lock();

	if (auto &disk = power->disk; disk && config().zoned)
		return (*disk)->set_zone_cond(sector, cond);
	pr_err("%s: %s=%lu: must be a sector of a zoned disk that is on\n", name_, attribute,
	       sector);
	return EINVAL;
}

void DiskGroup::latency_show(SysfsBuffer &buffer) const
{
	Distribution latency = settings_.lock()->latency;

	latency.show(buffer);
}

Result<void> DiskGroup::latency_store(const SysfsInput &input) const
{
	auto parsed = Distribution::parse(input.text());

	if (!parsed) {
		pr_err("%s: latency=%.*s: must be constant, uniform MIN MAX, normal MEAN "
		       "DEVIATION or bimodal FAST SLOW PERMILLE, with times from 0 to %llu ns\n",
		       name_, quoted(input), input.text(), Distribution::max_nsec);
		return parsed.error();
	}

	auto power = power_.lock();

	if (power->disk)
		return EBUSY;
	settings_.lock()->latency = std::move(parsed).value();
	return {};
}

Result<void> DiskGroup::fault_plan_store(const SysfsInput &input) const
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

void DiskGroup::stats_show(SysfsBuffer &buffer) const
{
	buffer.emit("%d\n", debug_->stats.enabled());
}

Result<void> DiskGroup::stats_store(const SysfsInput &input) const
{
	bool on = KXX_TRY(parse<bool>("stats", input));

	if (on) {
		debug_->stats.reset();
		cxxnull_enable_debug();
	}
	debug_->stats.enable(on);
	return {};
}

Result<Box<ConfigfsGroup<DiskGroup>>> DiskGroups::make_group(const char *name)
{
	if (common_.is_ours(name)) {
		pr_err("%s: there is a disk of that name, of nr_devices=%u\n", name,
		       common_.params.nr_devices);
		return EEXIST;
	}
	for (size_t length = 0; name[length]; length++) {
		if (length + 1 < KXX_DISK_NAME_LEN)
			continue;
		pr_err("%s: must be shorter than %u bytes, as a disk's name\n", name,
		       static_cast<unsigned int>(KXX_DISK_NAME_LEN));
		return ENAMETOOLONG;
	}

	auto debug = KXX_TRY(DebugFeatures::make(common_.params));

	return ConfigfsGroup<DiskGroup>::make(common_, name, std::move(debug));
}

namespace {

/* A file for each setting in attributes.def. */
#define CXXNULL_ATTR(name, type, default, rule, min, max, when, unit, text)                        \
	void name##_show(const DiskGroup &group, SysfsBuffer &buffer) KXX_MAY_SLEEP                \
	{                                                                                          \
		group.show<&Config::name>(buffer);                                                 \
	}                                                                                          \
	Result<void> name##_store(const DiskGroup &group, const SysfsInput &input) KXX_MAY_SLEEP   \
	{                                                                                          \
		return group.store<&Config::name, When::when>(#name, input);                       \
	}                                                                                          \
	constexpr ConfigfsAttribute<name##_show, name##_store> name##_attribute(#name);
#define CXXNULL_SETTING(name, type, param, param_type, default, rule, min, max, when, unit, text)  \
	CXXNULL_ATTR(name, type, default, rule, min, max, when, unit, text)
#include "attributes.def"

#define CXXNULL_RW(name)                                                                           \
	constexpr ConfigfsAttribute<&DiskGroup::name##_show, &DiskGroup::name##_store>             \
		name##_attribute(#name);
#define CXXNULL_WO(name)                                                                           \
	constexpr ConfigfsAttribute<nullptr, &DiskGroup::name##_store> name##_attribute(#name);
#define CXXNULL_FILE(name, mode, default, range, when, unit, text) CXXNULL_##mode(name)
#include "attributes.def"
#undef CXXNULL_RW
#undef CXXNULL_WO

struct GroupAttributes {
	using Data = DiskGroup;

	static constexpr const void *attrs[] = {
#define CXXNULL_ATTR(name, type, default, rule, min, max, when, unit, text) &name##_attribute,
#define CXXNULL_SETTING(name, type, param, param_type, default, rule, min, max, when, unit, text)  \
	&name##_attribute,
#define CXXNULL_FILE(name, mode, default, range, when, unit, text) &name##_attribute,
#include "attributes.def"
		nullptr
	};
};

/* The names of all files, with a comma after each. */
constexpr char features[] =
#define CXXNULL_ATTR(name, type, default, rule, min, max, when, unit, text) #name ","
#define CXXNULL_SETTING(name, type, param, param_type, default, rule, min, max, when, unit, text)  \
	#name ","
#define CXXNULL_FILE(name, mode, default, range, when, unit, text) #name ","
#include "attributes.def"
	;

void features_show(const DiskGroups &, SysfsBuffer &buffer)
{
	buffer.emit("%.*s\n", static_cast<int>(sizeof(features)) - 2, features);
}

constexpr ConfigfsAttribute<features_show> features_attribute("features");

using Subsystem = ConfigfsSubsystem<ConfigfsAttributes<features_attribute>, GroupAttributes>;

} // namespace

Result<ConfigfsTree> ConfigfsTree::make(Common &common)
{
	return ConfigfsTree(KXX_TRY(Subsystem::make(CXXNULL_CONFIGFS_DIR, common)).into_raw());
}

ConfigfsTree::~ConfigfsTree()
{
	if (!subsystem_)
		return;
	// SAFETY: make() gave it up, for this.
	[[maybe_unused]] auto dropped =
		Box<Subsystem>::from_raw(static_cast<Subsystem *>(subsystem_));
}

} // namespace cxxnull
