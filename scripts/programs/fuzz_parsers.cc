// SPDX-License-Identifier: GPL-2.0
/*
 * fuzz_parsers.cc - runs the parsers of fault_plan, latency and badblocks under libFuzzer, in user space
 *
 * Compiles the driver's sources unchanged. If a parser accepts a text, show() must print the result as a
 * text that parses to the same result, and each number must be in the documented range.
 */
#include "../../src/cxxnull/configfs.cc"

#include "fault_plan.hpp"
#include "latency.hpp"

extern "C" {
int vsnprintf(char *to, size_t size, const char *format, va_list arguments);
void *memcpy(void *to, const void *from, size_t size);
void *calloc(size_t n, size_t size);
void free(void *memory);
[[noreturn]] void abort();

/* Kernel functions that the parsers call. */
int kxx_sysfs_emit_at(char *page, int at, const char *format, va_list arguments)
{
	size_t room = KXX_PAGE_SIZE - static_cast<size_t>(at);
	int length = vsnprintf(page + at, room, format, arguments);

	return static_cast<size_t>(length) < room ? length : static_cast<int>(room) - 1;
}

/* The fuzzer has one thread, so locks do nothing. */
void kxx_spin_lock_init(struct spinlock *, const char *, struct lock_class_key *) {}
unsigned long kxx_spin_lock_irq_disable(struct spinlock *)
{
	return 0;
}
void kxx_spin_unlock_irq_enable(struct spinlock *, unsigned long) {}

void *kxx_kvmalloc_array(size_t n, size_t size, gfp_t)
{
	return calloc(n, size);
}

void kvfree(const void *object)
{
	free(const_cast<void *>(object));
}

void kxx_bug()
{
	abort();
}

/* Copy of kstrtoull() for base 0, lib/kstrtox.c. */
int kstrtoull(const char *text, unsigned int, unsigned long long *result)
{
	unsigned int base = 10;
	unsigned long long value = 0;
	const char *first;

	if (*text == '+')
		text++;
	if (text[0] == '0') {
		bool hex = (text[1] | 0x20) == 'x';

		base = hex ? 16 : 8;
		text += hex ? 2 : 0;
	}
	for (first = text;; text++) {
		char letter = *text | 0x20;
		unsigned int digit = *text >= '0' && *text <= '9'
					     ? static_cast<unsigned int>(*text - '0')
				     : letter >= 'a' && letter <= 'f'
					     ? static_cast<unsigned int>(letter - 'a' + 10)
					     : base;

		if (digit >= base)
			break;
		if (__builtin_mul_overflow(value, base, &value) ||
		    __builtin_add_overflow(value, digit, &value))
			return -KXX_ERANGE;
	}
	if (text == first || (*text == '\n' ? text[1] : *text))
		return -KXX_EINVAL;
	*result = value;
	return 0;
}
}

namespace {

using namespace cxxnull;

void must(bool holds)
{
	if (!holds)
		abort();
}

struct Page {
	char text[KXX_PAGE_SIZE] = {};
};

void fuzz_fault_plan(const char *text)
{
	static Page shown, again;
	FaultPlan plan, copy;
	const char *bad = "";

	if (!plan.set(text, 1, bad))
		return;

	SysfsBuffer first(shown.text), second(again.text);

	plan.show(first);
	shown.text[first.length()] = 0;
	must(bool(copy.set(shown.text, 1, bad)));
	copy.show(second);
	must(first.length() == second.length());
	must(!__builtin_memcmp(shown.text, again.text, static_cast<size_t>(first.length())));
	for (sector_t pos = 0; pos < 64; pos += 8)
		must(plan.meets(ReqOp::READ, pos, 8) == copy.meets(ReqOp::READ, pos, 8));
}

void fuzz_latency(const char *text)
{
	static Page shown;
	auto parsed = Distribution::parse(text);

	if (!parsed)
		return;

	Distribution latency = std::move(parsed).value();
	SysfsBuffer buffer(shown.text);

	must(latency.first <= Distribution::max_nsec && latency.second <= Distribution::max_nsec);
	must(latency.permille <= 1000);
	latency.show(buffer);
	shown.text[buffer.length()] = 0;

	auto again = Distribution::parse(shown.text);

	if (!again)
		abort();

	Distribution same = std::move(again).value();

	must(same.kind == latency.kind && same.first == latency.first &&
	     same.second == latency.second && same.permille == latency.permille);
	for (u64 n = 0; n < 8; n++)
		must(latency.at(1, n) <= 7 * Distribution::max_nsec);
}

void fuzz_badblocks(const char *text) KXX_MAY_SLEEP
{
	auto parsed = parse_range(text);

	if (!parsed)
		return;

	BadRange range = std::move(parsed).value();

	/* The range from 0 to 2^64 - 1 overflows to 0 sectors; BadBlocks refuses it. */
	must(range.first + range.sectors - 1 >= range.first || !range.sectors);
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const u8 *data, size_t size) KXX_MAY_SLEEP
{
	static char text[KXX_PAGE_SIZE + 1];

	if (!size || size > KXX_PAGE_SIZE)
		return 0;
	memcpy(text, data + 1, size - 1);
	text[size - 1] = 0;
	switch (data[0] % 3) {
	case 0:
		fuzz_fault_plan(text);
		break;
	case 1:
		fuzz_latency(text);
		break;
	default:
		fuzz_badblocks(text);
	}
	return 0;
}
