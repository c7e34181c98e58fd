// SPDX-License-Identifier: GPL-2.0
/* miscdevice_kunit.cc - tests of <kxx/fs/miscdevice.hpp>: sharing between files, and lifetimes */
#include <kxx/fs/miscdevice.hpp>
#include <kxx/glue/base/err.h>
#include <kxx/sync/atomic.hpp>

#include "../kunit.hpp"
#include "../testlib.h"

using namespace kxx;

namespace {

constexpr char path[] = "/dev/kxxtest";

/* Counts the living objects of a kind. */
class Counted {
public:
	explicit Counted(const Atomic &alive) : alive_(alive) { alive_.inc(); }
	Counted(const Counted &) = delete;
	Counted &operator=(const Counted &) = delete;
	~Counted() { [[maybe_unused]] int left = alive_.dec_return(); }

private:
	const Atomic &alive_;
};

struct Alive {
	Atomic drivers{ 0 };
	Atomic files{ 0 };
	Atomic refuse{ 0 };
};

class Driver {
public:
	struct File {
		explicit File(const Atomic &alive) : counted(alive) {}

		Counted counted;
		Atomic calls{ 0 };
	};

	explicit Driver(const Alive &alive) : alive_(alive), counted_(alive.drivers) {}

	Result<Box<File>> open() const KXX_MAY_SLEEP
	{
		if (alive_.refuse.read())
			return EBUSY;
		return Box<File>::make(GFP_KERNEL, alive_.files);
	}
	Result<size_t> read(const File &, UserOutput &to) const KXX_MAY_SLEEP
	{
		return to.simple_read_from_buffer("text", 4);
	}
	Result<size_t> write(const File &, UserInput &from) const KXX_MAY_SLEEP
	{
		char text[8];

		return from.copy_from_user(text);
	}
	Result<long> unlocked_ioctl(const File &file, unsigned int cmd, unsigned long arg) const
	{
		file.calls.inc();
		if (!cmd)
			return EINVAL;
		return static_cast<long>(arg) + file.calls.read();
	}

private:
	const Alive &alive_;
	Counted counted_;
};

/* Has no callback except open(). */
class Least {
public:
	struct File {};

	Result<Box<File>> open() const KXX_MAY_SLEEP { return Box<File>::make(GFP_KERNEL); }
};

/* Returns the same text at any position, so that a read never reaches an end. */
class Endless {
public:
	struct File {};

	Result<Box<File>> open() const KXX_MAY_SLEEP { return Box<File>::make(GFP_KERNEL); }
	Result<size_t> read(const File &, UserOutput &to) const KXX_MAY_SLEEP
	{
		return to.copy_to_user("text", 4);
	}
};

/* Returns an address in the last page, which user space cannot have. */
char *no_users_address()
{
	// NOLINTNEXTLINE(performance-no-int-to-ptr): an address.
	return reinterpret_cast<char *>(-KXX_PAGE_SIZE);
}

template <typename T = Driver, typename... Args>
Result<MiscDevice<T>> make_device(Args &...args) KXX_MAY_SLEEP
{
	return MiscDevice<T>::make("kxxtest", KXX_TRY(Box<T>::make(GFP_KERNEL, args...)));
}

} // namespace

static void each_open_makes_a_file(struct kunit *test) KXX_MAY_SLEEP
{
	KXX_KUNIT_NEEDS_FILE(test, "/dev/null");

	Alive alive;
	auto device = KUNIT_ASSERT_VALUE(test, make_device(alive));
	struct file *first = kxx_test_open(path, true);
	struct file *second = kxx_test_open(path, true);

	KUNIT_ASSERT_TRUE(test, !kxx_is_err(first) && !kxx_is_err(second));
	KUNIT_EXPECT_EQ(test, alive.files.read(), 2);
	KUNIT_EXPECT_EQ(test, kxx_test_file_ioctl(first, 1, 10), 11);
	KUNIT_EXPECT_EQ(test, kxx_test_file_ioctl(first, 1, 10), 12);
	KUNIT_EXPECT_EQ(test, kxx_test_file_ioctl(second, 1, 10), 11);
	kxx_test_close(first);
	KUNIT_EXPECT_EQ(test, alive.files.read(), 1);
	kxx_test_close(second);
	KUNIT_EXPECT_EQ(test, alive.files.read(), 0);
}

static void open_file_keeps_the_driver(struct kunit *test) KXX_MAY_SLEEP
{
	KXX_KUNIT_NEEDS_FILE(test, "/dev/null");

	Alive alive;
	struct file *file = nullptr;
	{
		auto device = KUNIT_ASSERT_VALUE(test, make_device(alive));

		file = kxx_test_open(path, true);
		KUNIT_ASSERT_TRUE(test, !kxx_is_err(file));
	}
	KUNIT_EXPECT_EQ(test, alive.drivers.read(), 1);
	KUNIT_EXPECT_EQ(test, kxx_test_file_ioctl(file, 1, 0), 1);
	kxx_test_close(file);
	KUNIT_EXPECT_EQ(test, alive.drivers.read(), 0);
	KUNIT_EXPECT_EQ(test, alive.files.read(), 0);
}

static void device_goes_with_its_owner(struct kunit *test) KXX_MAY_SLEEP
{
	KXX_KUNIT_NEEDS_FILE(test, "/dev/null");

	Alive alive;
	{
		auto device = KUNIT_ASSERT_VALUE(test, make_device(alive));
	}
	KUNIT_EXPECT_EQ(test, alive.drivers.read(), 0);
	KUNIT_EXPECT_TRUE(test, kxx_is_err(kxx_test_open(path, true)));
}

static void refused_open_leaves_nothing(struct kunit *test) KXX_MAY_SLEEP
{
	KXX_KUNIT_NEEDS_FILE(test, "/dev/null");

	Alive alive;
	{
		auto device = KUNIT_ASSERT_VALUE(test, make_device(alive));

		alive.refuse.set(1);

		struct file *file = kxx_test_open(path, true);

		KUNIT_ASSERT_TRUE(test, kxx_is_err(file));
		KUNIT_EXPECT_EQ(test, kxx_ptr_err(file), EBUSY.to_errno());
	}
	KUNIT_EXPECT_EQ(test, alive.drivers.read(), 0);
	KUNIT_EXPECT_EQ(test, alive.files.read(), 0);
}

static void errors_reach_user_space(struct kunit *test) KXX_MAY_SLEEP
{
	KXX_KUNIT_NEEDS_FILE(test, "/dev/null");

	Alive alive;
	auto device = KUNIT_ASSERT_VALUE(test, make_device(alive));
	struct file *file = kxx_test_open(path, true);

	KUNIT_ASSERT_TRUE(test, !kxx_is_err(file));
	/* access_ok() must refuse the address: on UML a page fault here would crash. */
	auto *kernels = no_users_address();

	KUNIT_EXPECT_EQ(test, kxx_test_file_read(file, kernels, 4), EFAULT.to_errno());
	KUNIT_EXPECT_EQ(test, kxx_test_file_write(file, kernels, 4), EFAULT.to_errno());
	KUNIT_EXPECT_EQ(test, kxx_test_file_write(file, kernels, 9), EOVERFLOW.to_errno());
	KUNIT_EXPECT_EQ(test, kxx_test_file_read(file, kernels, 0), 0);
	KUNIT_EXPECT_EQ(test, kxx_test_file_ioctl(file, 0, 0), EINVAL.to_errno());
	kxx_test_close(file);
}

static void copy_is_no_larger_than_its_buffer(struct kunit *test) KXX_MAY_SLEEP
{
	KXX_KUNIT_NEEDS_FILE(test, "/dev/null");

	auto device = KUNIT_ASSERT_VALUE(test, make_device<Endless>());
	struct file *file = kxx_test_open(path, false);

	KUNIT_ASSERT_TRUE(test, !kxx_is_err(file));
	/* A read of 0 bytes must not touch the buffer; a read of 1 byte fails. */
	KUNIT_EXPECT_EQ(test, kxx_test_file_read(file, no_users_address(), 0), 0);
	KUNIT_EXPECT_EQ(test, kxx_test_file_read(file, no_users_address(), 1), EFAULT.to_errno());
	kxx_test_close(file);
}

static void struct_is_written_whole(struct kunit *test) KXX_MAY_SLEEP
{
	struct {
		u64 sectors = 0;
		u32 flags[2] = {};
	} command;
	auto written = [&](size_t size) KXX_MAY_SLEEP {
		auto copied = UserInput(no_users_address(), size).copy_from_user(command);

		return copied ? 0 : copied.error().to_errno();
	};

	KUNIT_EXPECT_EQ(test, written(sizeof(command)), EFAULT.to_errno());
	KUNIT_EXPECT_EQ(test, written(sizeof(command) - 1), EINVAL.to_errno());
	KUNIT_EXPECT_EQ(test, written(sizeof(command) + 1), EINVAL.to_errno());
}

static void callbacks_that_a_driver_has_not_are_not_called(struct kunit *test) KXX_MAY_SLEEP
{
	KXX_KUNIT_NEEDS_FILE(test, "/dev/null");

	auto device = KUNIT_ASSERT_VALUE(test, make_device<Least>());
	struct file *file = kxx_test_open(path, false);

	KUNIT_ASSERT_TRUE(test, !kxx_is_err(file));
	KUNIT_EXPECT_FALSE(test, kxx_test_file_has_read(file));
	kxx_test_close(file);
}

KXX_KUNIT_SUITE(kxx_kunit_miscdevice, "kxx_miscdevice", KXX_KUNIT_CASE(each_open_makes_a_file),
		KXX_KUNIT_CASE(open_file_keeps_the_driver),
		KXX_KUNIT_CASE(device_goes_with_its_owner),
		KXX_KUNIT_CASE(refused_open_leaves_nothing),
		KXX_KUNIT_CASE(errors_reach_user_space),
		KXX_KUNIT_CASE(copy_is_no_larger_than_its_buffer),
		KXX_KUNIT_CASE(struct_is_written_whole),
		KXX_KUNIT_CASE(callbacks_that_a_driver_has_not_are_not_called));
