// SPDX-License-Identifier: GPL-2.0
#include "latency.hpp"

#include "random.hpp"
#include "parser.hpp"

using namespace kxx;

namespace cxxnull {

namespace {

/* Names in the file "latency", indexed by LatencyKind. */
constexpr const char *names[] = { "constant", "uniform", "normal", "bimodal" };

Result<u64> take_number(Parser &parser, u64 max)
{
	u64 number = KXX_TRY(parser.take_number());

	return number <= max ? Result<u64>(number) : EINVAL;
}

Result<LatencyKind> take_kind(Parser &parser)
{
	for (unsigned int kind = 0; kind < sizeof(names) / sizeof(names[0]); kind++)
		if (parser.take(names[kind]))
			return static_cast<LatencyKind>(kind);
	return EINVAL;
}

/*
 * Approximates a normal distribution by the sum of 12 uniform numbers from 0 to 1, minus 6
 * (Irwin-Hall), whose tails end at 6 standard deviations. Returns units of 2^-32 deviations.
 */
s64 normal_at(u64 seed, u64 n)
{
	s64 sum = 0;

	for (u64 i = 0; i < 6; i++) {
		u64 random = random_at(seed, 6 * n + i);

		sum += static_cast<s64>(random >> 32) + static_cast<s64>(random & 0xffffffff);
	}
	return sum - (6ll << 32);
}

} // namespace

Result<Distribution> Distribution::parse(const char *text)
{
	Parser parser(text);
	Distribution parsed;

	parsed.kind = KXX_TRY(take_kind(parser));
	if (parsed.kind != LatencyKind::CONSTANT) {
		parsed.first = KXX_TRY(take_number(parser, max_nsec));
		parsed.second = KXX_TRY(take_number(parser, max_nsec));
	}
	if (parsed.kind == LatencyKind::BIMODAL)
		parsed.permille = static_cast<unsigned int>(KXX_TRY(take_number(parser, 1000)));
	if (parsed.kind == LatencyKind::UNIFORM && parsed.first > parsed.second)
		return EINVAL;
	if (!parser.at_end() || parser.next_line())
		return EINVAL;
	return parsed;
}

void Distribution::show(SysfsBuffer &buffer) const
{
	buffer.emit("%s", names[static_cast<unsigned int>(kind)]);
	if (kind != LatencyKind::CONSTANT)
		buffer.emit(" %llu %llu", first, second);
	if (kind == LatencyKind::BIMODAL)
		buffer.emit(" %u", permille);
	buffer.emit("\n");
}

u64 Distribution::at(u64 seed, u64 n) const
{
	switch (kind) {
	case LatencyKind::CONSTANT:
		break;
	case LatencyKind::UNIFORM:
		return first + below(random_at(seed, n), second - first + 1);
	case LatencyKind::NORMAL: {
		auto nsec = static_cast<__int128>(normal_at(seed, n)) * static_cast<s64>(second);
		s64 deviates = static_cast<s64>(nsec >> 32) + static_cast<s64>(first);

		return deviates > 0 ? static_cast<u64>(deviates) : 0;
	}
	case LatencyKind::BIMODAL:
		return below(random_at(seed, n), 1000) < permille ? second : first;
	}
	return first;
}

} // namespace cxxnull
