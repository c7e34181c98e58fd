// SPDX-License-Identifier: GPL-2.0
// Mistakes that clang and GCC must refuse; checked by scripts/tests/misuse.
#include <kxx/fs/miscdevice.hpp>
#include <kxx/sync/spinlock.hpp>

using namespace kxx;

namespace miscdevice_open_changes_the_driver {
class Memo {
public:
	struct File {};

#ifndef MISUSE
	Result<Box<File>> open() const KXX_MAY_SLEEP { return Box<File>::make(GFP_KERNEL); }
#else
	Result<Box<File>> open() KXX_MAY_SLEEP { return Box<File>::make(GFP_KERNEL); }
	// expected-error@kxx/fs/miscdevice.hpp:* {{open must be: Result<Box<File>> open() const}}
#endif
};

void use(MiscDevice<Memo> &device)
{
	device.driver(); // expected-note {{requested here}}
}
} // namespace miscdevice_open_changes_the_driver

namespace miscdevice_read_of_another_file {
class Memo {
public:
	struct File {};
	struct Other {};

	Result<Box<File>> open() const KXX_MAY_SLEEP { return Box<File>::make(GFP_KERNEL); }
#ifndef MISUSE
	Result<size_t> read(const File &, UserOutput &) const { return size_t{ 0 }; }
#else
	Result<size_t> read(const Other &, UserOutput &) const { return size_t{ 0 }; }
	// expected-error@kxx/fs/miscdevice.hpp:* {{read must be: Result<size_t> read(const File &, UserOutput &) const}}
#endif
};

Result<MiscDevice<Memo>> make() KXX_MAY_SLEEP
{
	return MiscDevice<Memo>::make("memo", KXX_TRY(Box<Memo>::make(GFP_KERNEL)));
}
} // namespace miscdevice_read_of_another_file

namespace miscdevice_copied {
class Memo {
public:
	struct File {};

	Result<Box<File>> open() const KXX_MAY_SLEEP { return Box<File>::make(GFP_KERNEL); }
};

void keep(MiscDevice<Memo> &device)
{
#ifndef MISUSE
	auto &same = device;
#else
	auto same = device; // expected-error {{call to deleted constructor of 'MiscDevice<Memo>'}}
#endif

	same.driver();
}
} // namespace miscdevice_copied

namespace copy_to_user_of_a_lock {
struct Disk {
	u64 sectors;
	SpinLock<u64> reads;
};

Result<size_t> read(UserOutput &to, const Disk &disk) KXX_MAY_SLEEP
{
#ifndef MISUSE
	return to.copy_to_user(&disk.sectors, sizeof(disk.sectors));
#else
	return to.copy_to_user(&disk, sizeof(disk));
	// expected-error@kxx/fs/miscdevice.hpp:* {{a copy of an object that is more than its bytes}}
	// expected-note@-2 {{requested here}}
#endif
}
} // namespace copy_to_user_of_a_lock

namespace simple_read_from_buffer_of_a_lock {
struct Disk {
	u64 sectors;
	SpinLock<u64> reads;
};

Result<size_t> read(UserOutput &to, const Disk &disk) KXX_MAY_SLEEP
{
#ifndef MISUSE
	return to.simple_read_from_buffer(&disk.sectors, sizeof(disk.sectors));
#else
	return to.simple_read_from_buffer(&disk, sizeof(disk));
	// expected-error@kxx/fs/miscdevice.hpp:* {{a copy of an object that is more than its bytes}}
	// expected-note@-2 {{requested here}}
#endif
}
} // namespace simple_read_from_buffer_of_a_lock

namespace copy_from_user_over_a_lock {
struct Disk {
	u64 sectors;
	SpinLock<u64> reads;
};

Result<size_t> write(UserInput &from, Disk &disk) KXX_MAY_SLEEP
{
#ifndef MISUSE
	return from.copy_from_user(disk.sectors);
#else
	return from.copy_from_user(disk);
	// expected-error@kxx/fs/miscdevice.hpp:* {{a copy to an object that is more than its bytes}}
	// expected-note@-2 {{requested here}}
#endif
}
} // namespace copy_from_user_over_a_lock

namespace copy_from_user_over_a_pointer {
Result<size_t> write(UserInput &from, u64 *sectors) KXX_MAY_SLEEP
{
#ifndef MISUSE
	return from.copy_from_user(*sectors);
#else
	return from.copy_from_user(sectors);
	// expected-error@kxx/fs/miscdevice.hpp:* {{user space would write the pointer itself}}
	// expected-note@-2 {{requested here}}
#endif
}
} // namespace copy_from_user_over_a_pointer

namespace copy_from_user_to_a_bool {
#ifndef MISUSE
using Flag = unsigned char;
#else
using Flag = bool;
#endif

Result<bool> write(UserInput &from) KXX_MAY_SLEEP
{
	Flag flag = 0;

	KXX_TRY(from.copy_from_user(flag));
	// expected-error@kxx/fs/miscdevice.hpp:* {{user space would write a byte that is not 0 or 1}}
	// expected-note@-2 {{requested here}}
	return flag != 0;
}
} // namespace copy_from_user_to_a_bool
