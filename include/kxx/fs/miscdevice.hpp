/* SPDX-License-Identifier: GPL-2.0 */
/*
 * miscdevice.hpp - a character device, /dev/NAME
 * Wraps <linux/miscdevice.h> and parts of struct file_operations of <linux/fs.h>.
 * Glue: glue/fs/miscdevice.h
 *
 * A driver is a class that has callbacks of struct file_operations as members. open() makes the
 * object of an open file, which the other callbacks get:
 *
 *     class Memo {
 *     public:
 *             struct File { ... };
 *
 *             Result<Box<File>> open() const;                                    // required
 *             Result<size_t> read(const File &, UserOutput &to) const;           // number of bytes
 *             Result<size_t> write(const File &, UserInput &from) const;         // number of bytes
 *             Result<long> unlocked_ioctl(const File &, unsigned int cmd, unsigned long arg) const;
 *     };
 *
 * A callback that the class does not have is NULL in the kernel's table. A callback with a wrong
 * signature does not compile. All run in process context and may sleep. They may run at once, for
 * several open files and for one file, so driver and file are const: a callback may change
 * only an Atomic or data in a lock. The compilers accept a `mutable` member and the object of a
 * Box without a lock; only KCSAN reports the race.
 */
#pragma once

#include <type_traits>
#include <utility>

#include <kxx/base/annotations.hpp>
#include <kxx/base/err.hpp>
#include <kxx/base/has_member.hpp>
#include <kxx/base/initializer.hpp>
#include <kxx/base/module.hpp>
#include <kxx/base/string.hpp>
#include <kxx/glue/fs/miscdevice.h>
#include <kxx/mm/slab.hpp>
#include <kxx/sync/context.hpp>
#include <kxx/sync/refcount.hpp>

KXX_LAYOUT(file_operations);
KXX_LAYOUT(miscdevice);

namespace kxx {

/**
 * UserOutput - The destination of a read(): user space's buffer, and the file position
 *
 * Copies only what memcpy() copies, and checks the size as memcpy() does: a variable size that is
 * too large causes a WARN(), and -EFAULT. Valid until the callback returns. Context: process, may
 * sleep.
 */
class UserOutput {
public:
	UserOutput(char *to, size_t size, loff_t &pos, bool nonblock)
		: to_(to), size_(size), pos_(pos), nonblock_(nonblock)
	{
	}
	UserOutput(const UserOutput &) = delete;
	UserOutput &operator=(const UserOutput &) = delete;

	/** size - Returns the size of user space's buffer in bytes */
	size_t size() const { return size_; }
	/** is_nonblock - O_NONBLOCK: read() must return EAGAIN instead of waiting */
	bool is_nonblock() const { return nonblock_; }

	/**
	 * simple_read_from_buffer - simple_read_from_buffer(): copies from the file position on
	 * @from: the contents of the file
	 * @available: the size of @from in bytes
	 *
	 * Advances the file position. Returns the number of bytes copied, 0 at the end, or -EFAULT.
	 */
	template <typename From>
	[[gnu::always_inline]] Result<size_t>
	simple_read_from_buffer(const From *from, size_t available) KXX_MAY_SLEEP
	{
		static_assert(detail::Bytes<From>,
			      "a copy of an object that is more than its bytes");
		if (!detail::fits(from, available, "simple_read_from_buffer"))
			return EFAULT;

		ssize_t copied = kxx_simple_read_from_buffer(to_, size_, &pos_, from, available);

		if (copied < 0)
			return Errno::from_errno(static_cast<int>(copied));
		return static_cast<size_t>(copied);
	}

	/**
	 * copy_to_user - copy_to_user(): copies @n bytes, or as many as fit into the buffer
	 *
	 * Use it for a device without a file position: a second call overwrites the first bytes.
	 * Returns the number of bytes copied, or -EFAULT.
	 */
	template <typename From>
	[[gnu::always_inline]] Result<size_t> copy_to_user(const From *from,
							   size_t n) const KXX_MAY_SLEEP
	{
		static_assert(detail::Bytes<From>,
			      "a copy of an object that is more than its bytes");
		if (!detail::fits(from, n, "copy_to_user"))
			return EFAULT;

		size_t copied = n < size_ ? n : size_;

		if (kxx_copy_to_user(to_, from, copied))
			return EFAULT;
		return copied;
	}

private:
	char *to_;
	size_t size_;
	loff_t &pos_;
	bool nonblock_;
};

/**
 * UserInput - The data of a write()
 *
 * Valid until the callback returns. Context: process, may sleep.
 */
class UserInput {
public:
	UserInput(const char *from, size_t size) : from_(from), size_(size) {}
	UserInput(const UserInput &) = delete;
	UserInput &operator=(const UserInput &) = delete;

	/** size - Returns the size in bytes */
	size_t size() const { return size_; }

	/**
	 * copy_from_user - copy_from_user(): copies all the data to the array of bytes @to
	 *
	 * Returns the number of bytes, -EOVERFLOW if @to is too small, or -EFAULT.
	 */
	template <typename Byte, size_t n>
		requires(sizeof(Byte) == 1)
	Result<size_t> copy_from_user(Byte (&to)[n]) const KXX_MAY_SLEEP
	{
		if (size_ > n)
			return EOVERFLOW;
		return copy(to);
	}

	/**
	 * copy_from_user - The same for the object @to, such as a struct
	 *
	 * Fails with -EINVAL if the data has another size than @to. Any bytes must be a valid T.
	 */
	template <typename T> Result<size_t> copy_from_user(T &to) const KXX_MAY_SLEEP
	{
		static_assert(detail::Bytes<T>, "a copy to an object that is more than its bytes");
		static_assert(!std::is_pointer_v<T>, "user space would write the pointer itself");
		static_assert(!std::is_same_v<T, bool>,
			      "user space would write a byte that is not 0 or 1");
		if (size_ != sizeof(T))
			return EINVAL;
		return copy(&to);
	}

private:
	Result<size_t> copy(void *to) const KXX_MAY_SLEEP
	{
		if (kxx_copy_from_user(to, from_, size_))
			return EFAULT;
		return size_t{ size_ };
	}

	const char *from_;
	size_t size_;
};

namespace detail {

KXX_HAS_MEMBER(has_open_file, open);
KXX_HAS_MEMBER(has_read, read);
KXX_HAS_MEMBER(has_write, write);
KXX_HAS_MEMBER(has_unlocked_ioctl, unlocked_ioctl);

template <typename Open> struct FileOfOpen {
	using type = void;
};
template <typename Driver, typename File, bool is_noexcept>
struct FileOfOpen<Result<Box<File>> (Driver::*)() const noexcept(is_noexcept)> {
	using type = File;
};

} // namespace detail

/**
 * MiscDevice - struct miscdevice: /dev/@name exists as long as this object
 * @Driver: the class with the callbacks
 *
 * Owns the driver, together with each open file. A file that is open when the MiscDevice is
 * destroyed keeps the driver until the file is closed; until then the module cannot be unloaded.
 * Cannot be copied, only moved.
 *
 * Context of make() and the destructor: process, may sleep; not in a callback of the driver.
 *
 *     auto device = KXX_TRY(MiscDevice<Memo>::make("memo", KXX_TRY(Box<Memo>::make(GFP_KERNEL))));
 */
template <typename Driver> class [[nodiscard]] KXX_CONSUMABLE(unknown) MiscDevice {
	static_assert(detail::has_open_file<Driver>, "a character device has an open");

	using File = typename detail::FileOfOpen<decltype(&Driver::open)>::type;

	static_assert(!std::is_void_v<File>, "open must be: Result<Box<File>> open() const");

	/* Has one reference for the device and one for each open file. */
	struct Shared {
		explicit Shared(Box<Driver> driver) : driver(std::move(driver)) {}

		Opaque<miscdevice> misc;
		Refcount users;
		Box<Driver> driver;
	};

	struct OpenFile {
		OpenFile(Shared &shared, Box<File> file) : shared(shared), file(std::move(file)) {}
		OpenFile(const OpenFile &) = delete;
		OpenFile &operator=(const OpenFile &) = delete;

		const Driver &driver() const { return *shared.driver; }

		Shared &shared;
		Box<File> file;
	};

public:
	/** make - misc_register(); @name must outlive the result. -EBUSY, -EEXIST, -ENOMEM */
	static Result<MiscDevice> make(const char *name KXX_LIFETIMEBOUND,
				       Box<Driver> driver) KXX_MAY_SLEEP
	{
		auto shared = KXX_TRY(Box<Shared>::make(GFP_KERNEL, std::move(driver)));

		KXX_TRY(Result<void>::from_errno(
			kxx_misc_register(shared->misc.get(), name, fops.get())));
		return MiscDevice(std::move(shared).into_raw());
	}

	MiscDevice(MiscDevice &&other) : shared_(std::exchange(other.shared_, nullptr)) {}
	MiscDevice &operator=(MiscDevice &&) = delete;
	MiscDevice(const MiscDevice &) = delete;
	MiscDevice &operator=(const MiscDevice &) = delete;
	/** ~MiscDevice - misc_deregister() */
	~MiscDevice() KXX_MAY_SLEEP
	{
		if (!shared_)
			return;
		kxx_misc_deregister(shared_->misc.get());
		put(*shared_);
	}

	/** driver - Returns the driver; const, since callbacks may run at the same time */
	const Driver &driver() const KXX_LIFETIMEBOUND KXX_CALLABLE_WHEN("unconsumed", "unknown")
	{
		return *shared_->driver;
	}

private:
	using Operations = Initializer<file_operations>;

	explicit MiscDevice(Shared *shared) : shared_(shared) {}

	static void put(Shared &shared)
	{
		if (shared.users.dec_and_test())
			auto freed = Box<Shared>::from_raw(&shared);
	}

	static const OpenFile &opened(const struct file *file)
	{
		// SAFETY: open() stored an OpenFile, which exists until release(), the last call.
		return *static_cast<const OpenFile *>(kxx_file_private_data(file));
	}

	template <typename T> static long to_long(Result<T> result)
	{
		if (!result)
			return result.error().to_errno();
		return static_cast<long>(std::move(result).value());
	}

	static Result<void> open_file(Shared &shared, struct file *file) KXX_MAY_SLEEP
	{
		auto made = KXX_TRY(shared.driver->open());
		auto opened = KXX_TRY(Box<OpenFile>::make(GFP_KERNEL, shared, std::move(made)));

		shared.users.inc();
		kxx_file_set_private_data(file, std::move(opened).into_raw());
		return {};
	}

	static int open(struct inode *, struct file *file) KXX_MAY_SLEEP
	{
		static_assert(__is_standard_layout(Shared));
		// SAFETY: misc_open() stored the struct miscdevice, which is the first member of
		// a Shared. The Shared exists: misc_open() holds misc_mtx, which
		// misc_deregister() takes.
		auto *shared = static_cast<Shared *>(kxx_file_private_data(file));

		return open_file(*shared, file).to_errno();
	}

	static int release(struct inode *, struct file *file) KXX_MAY_SLEEP
	{
		// SAFETY: open() stored an OpenFile, and the kernel calls release() once per open
		// file.
		auto closed = Box<OpenFile>::from_raw(
			static_cast<OpenFile *>(kxx_file_private_data(file)));
		Shared &shared = closed->shared;

		{
			auto dropped = std::move(closed);
		}
		put(shared);
		return 0;
	}

	static ssize_t read(struct file *file, char *to, size_t size, loff_t *pos) KXX_MAY_SLEEP
	{
		constexpr bool fits =
			std::is_convertible_v<decltype(&Driver::read),
					      Result<size_t> (Driver::*)(const File &, UserOutput &)
						      const>;
		const OpenFile &open = opened(file);
		UserOutput output(to, size, *pos, kxx_file_is_nonblock(file));

		static_assert(fits, "read must be: "
				    "Result<size_t> read(const File &, UserOutput &) const");
		if constexpr (fits)
			return to_long(open.driver().read(*open.file, output));
	}

	static ssize_t write(struct file *file, const char *from, size_t size,
			     loff_t *) KXX_MAY_SLEEP
	{
		constexpr bool fits =
			std::is_convertible_v<decltype(&Driver::write),
					      Result<size_t> (Driver::*)(const File &, UserInput &)
						      const>;
		const OpenFile &open = opened(file);
		UserInput input(from, size);

		static_assert(fits, "write must be: "
				    "Result<size_t> write(const File &, UserInput &) const");
		if constexpr (fits)
			return to_long(open.driver().write(*open.file, input));
	}

	static long unlocked_ioctl(struct file *file, unsigned int cmd,
				   unsigned long arg) KXX_MAY_SLEEP
	{
		constexpr bool fits =
			std::is_convertible_v<decltype(&Driver::unlocked_ioctl),
					      Result<long> (Driver::*)(const File &, unsigned int,
								       unsigned long) const>;
		const OpenFile &open = opened(file);

		static_assert(fits, "unlocked_ioctl must be: Result<long> unlocked_ioctl("
				    "const File &, unsigned int cmd, unsigned long arg) const");
		if constexpr (fits)
			return to_long(open.driver().unlocked_ioctl(*open.file, cmd, arg));
	}

	static consteval Operations make_fops()
	{
		Operations fops;

		fops.template set<KXX_MEMBER_file_operations_owner>(THIS_MODULE);
		fops.template set<KXX_MEMBER_file_operations_open>(open);
		fops.template set<KXX_MEMBER_file_operations_release>(release);
		if constexpr (detail::has_read<Driver>)
			fops.template set<KXX_MEMBER_file_operations_read>(read);
		if constexpr (detail::has_write<Driver>)
			fops.template set<KXX_MEMBER_file_operations_write>(write);
		if constexpr (detail::has_unlocked_ioctl<Driver>)
			fops.template set<KXX_MEMBER_file_operations_unlocked_ioctl>(
				unlocked_ioctl);
		return fops;
	}

	static constexpr Operations fops = make_fops();

	Shared *shared_;
};

} // namespace kxx
