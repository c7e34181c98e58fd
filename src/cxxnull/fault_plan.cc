// SPDX-License-Identifier: GPL-2.0
#include "fault_plan.hpp"

#include "random.hpp"
#include "stats.hpp"
#include "parser.hpp"

using namespace kxx;

namespace cxxnull {

namespace {

constexpr Named<BlkStatus> statuses[] = {
	{ BlkStatus::IOERR, "ioerr" },		 { BlkStatus::MEDIUM, "medium" },
	{ BlkStatus::TIMEOUT, "timeout" },	 { BlkStatus::NOSPC, "nospc" },
	{ BlkStatus::TARGET, "target" },	 { BlkStatus::TRANSPORT, "transport" },
	{ BlkStatus::PROTECTION, "protection" }, { BlkStatus::RESV_CONFLICT, "resv_conflict" },
	{ BlkStatus::NOTSUPP, "notsupp" },	 { BlkStatus::OFFLINE, "offline" },
};

template <typename T, size_t n> const char *name_of(const Named<T> (&table)[n], T value)
{
	for (const Named<T> &known : table)
		if (known.value == value)
			return known.name;
	return "?";
}

template <typename T, size_t n> Result<T> take(Parser &parser, const Named<T> (&table)[n])
{
	for (const Named<T> &known : table)
		if (parser.take(known.name))
			return known.value;
	return EINVAL;
}

} // namespace

Result<FaultPlan::Rule> FaultPlan::parse(const char *line)
{
	Parser parser(line);
	Rule rule;

	if (!parser.take("any"))
		rule.op = KXX_TRY(take(parser, op_names));
	if (parser.take_prefix("nth=")) {
		rule.which = Which::NTH;
		rule.first = KXX_TRY(parser.take_number());
	} else if (parser.take_prefix("chance=")) {
		rule.which = Which::CHANCE;
		rule.first = KXX_TRY(parser.take_number());
	} else if (parser.take_prefix("sectors=")) {
		rule.which = Which::SECTORS;
		rule.first = KXX_TRY(parser.take_number('-'));
		rule.last = KXX_TRY(parser.take_number());
	} else {
		return EINVAL;
	}
	if (rule.which == Which::SECTORS ? rule.first > rule.last : !rule.first)
		return EINVAL;
	rule.status = KXX_TRY(take(parser, statuses));
	rule.always = parser.take("always");
	if (!rule.always)
		parser.take("once");
	return parser.at_end() ? Result<Rule>(rule) : EINVAL;
}

Result<void> FaultPlan::set(const char *text, u64 seed, const char *&bad)
{
	Rule parsed[max_rules];
	unsigned int count = 0;
	Parser parser(text);

	for (bool more = !parser.at_end() || parser.next_line(); more; more = parser.next_line()) {
		bad = parser.rest();
		if (count == max_rules)
			return ENOSPC;
		parsed[count++] = KXX_TRY(parse(bad));
	}

	auto rules = rules_.lock();

	for (unsigned int i = 0; i < count; i++)
		rules->rules[i] = parsed[i];
	rules->count = count;
	rules->seed = seed;
	return {};
}

void FaultPlan::restart(u64 seed)
{
	auto rules = rules_.lock();

	rules->seed = seed;
	for (Rule &rule : rules->rules)
		rule.asked = rule.met = 0;
}

void FaultPlan::show(SysfsBuffer &buffer)
{
	auto rules = rules_.lock();

	for (unsigned int i = 0; i < rules->count; i++) {
		const Rule &rule = rules->rules[i];

		buffer.emit("%s ", rule.op ? name_of(op_names, *rule.op) : "any");
		if (rule.which == Which::SECTORS)
			buffer.emit("sectors=%llu-%llu", rule.first, rule.last);
		else
			buffer.emit("%s=%llu", rule.which == Which::NTH ? "nth" : "chance",
				    rule.first);
		buffer.emit(" %s %s # met %llu of %llu\n", name_of(statuses, rule.status),
			    rule.always ? "always" : "once", rule.met, rule.asked);
	}
}

/* Returns true if rule @number matches the request, which `asked` already counts. */
bool FaultPlan::Rule::meets(unsigned int number, u64 seed, sector_t pos, sector_t sectors) const
{
	if (met && !always)
		return false;
	switch (which) {
	case Which::NTH:
		return always ? !(asked % first) : asked == first;
	case Which::SECTORS:
		return sectors && pos <= last && pos + sectors > first;
	case Which::CHANCE:
		/*
		 * Seed the sequence of each rule with its number, so that rules with the same
		 * chance match different requests.
		 */
		return !below(random_at(random_at(seed, number), asked), first);
	}
	return false;
}

std::optional<BlkStatus> FaultPlan::meets(ReqOp op, sector_t pos, sector_t sectors)
{
	auto rules = rules_.lock();
	std::optional<BlkStatus> status;

	/* Every rule for @op counts the request, even after an earlier rule has matched. */
	for (unsigned int i = 0; i < rules->count; i++) {
		Rule &rule = rules->rules[i];

		if (!rule.concerns(op))
			continue;
		rule.asked++;
		if (status || !rule.meets(i, rules->seed, pos, sectors))
			continue;
		rule.met++;
		status = rule.status;
	}
	return status;
}

} // namespace cxxnull
