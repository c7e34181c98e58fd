// SPDX-License-Identifier: GPL-2.0
#include "latency.hpp"

#include "random.hpp"
#include "parser.hpp"

using namespace kxx;

namespace cxxnull {

namespace {

Result<u64> take_nsec(Parser &parser)
{
	u64 nsec = KXX_TRY(parser.take_number());

	return nsec <= Distribution::max_nsec ? Result<u64>(nsec) : EINVAL;
}

/*
 * The sum of 12 uniform numbers from 0 to 1, minus 6, is normal except for its tails, which end
 * at 6 standard deviations (Irwin-Hall). In units of 2^-32 standard deviations.
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

	if (parser.take("constant")) {
		parsed.kind = LatencyKind::CONSTANT;
	} else if (parser.take("uniform")) {
		parsed.kind = LatencyKind::UNIFORM;
		parsed.first = KXX_TRY(take_nsec(parser));
		parsed.second = KXX_TRY(take_nsec(parser));
		if (parsed.first > parsed.second)
			return EINVAL;
	} else if (parser.take("normal")) {
		parsed.kind = LatencyKind::NORMAL;
		parsed.first = KXX_TRY(take_nsec(parser));
		parsed.second = KXX_TRY(take_nsec(parser));
	} else if (parser.take("bimodal")) {
		parsed.kind = LatencyKind::BIMODAL;
		parsed.first = KXX_TRY(take_nsec(parser));
		parsed.second = KXX_TRY(take_nsec(parser));

		u64 permille = KXX_TRY(parser.take_number());

		if (permille > 1000)
			return EINVAL;
		parsed.permille = static_cast<unsigned int>(permille);
	} else {
		return EINVAL;
	}
	if (!parser.at_end() || parser.next_line())
		return EINVAL;
	return parsed;
}

void Distribution::show(SysfsBuffer &buffer) const
{
	switch (kind) {
	case LatencyKind::CONSTANT:
		buffer.emit("constant\n");
		break;
	case LatencyKind::UNIFORM:
		buffer.emit("uniform %llu %llu\n", first, second);
		break;
	case LatencyKind::NORMAL:
		buffer.emit("normal %llu %llu\n", first, second);
		break;
	case LatencyKind::BIMODAL:
		buffer.emit("bimodal %llu %llu %u\n", first, second, permille);
		break;
	}
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
