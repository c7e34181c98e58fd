// SPDX-License-Identifier: GPL-2.0
/* Callbacks that are noexcept, or that several drivers inherit from one base class. */
#include <kxx/block/blk-mq.hpp>
#include <kxx/block/blkdev.hpp>
#include <kxx/device/platform_device.hpp>
#include <kxx/fs/configfs.hpp>
#include <kxx/fs/miscdevice.hpp>

using namespace kxx;

/* A template, since a request names its driver. */
template <typename Driver> class EndsAtOnce {
public:
	QueueStatus queue_rq(Owned<Request<Driver>> rq, bool) const
	{
		rq.start();
		rq.complete();
		return QueueStatus::ok();
	}
	void commit_rqs(Hctx<Driver>) const {}
	void complete(Owned<Request<Driver>> rq) const { rq.end(BlkStatus::OK); }
	void timed_out(Owned<Request<Driver>> rq) const { rq.end(BlkStatus::TIMEOUT); }
	Result<int> ioctl(unsigned int, unsigned long) const { return ENOTTY; }
};

class Inheriting : public EndsAtOnce<Inheriting> {};

class Noexcept {
public:
	struct Pdu {
		unsigned int tries = 0;
	};

	QueueStatus queue_rq(Owned<Request<Noexcept>> rq) const noexcept
	{
		rq.start();
		rq.end(BlkStatus::OK);
		return QueueStatus::ok();
	}
	void queue_rqs(RequestList<Noexcept> &) const noexcept {}
	void timed_out(Owned<Request<Noexcept>> rq) const noexcept { rq.end(BlkStatus::TIMEOUT); }
	std::optional<Owned<Request<Noexcept>>> take_back(const Request<Noexcept> &) const noexcept
	{
		return std::nullopt;
	}
	static Result<void> init_request(Pdu &) noexcept { return {}; }
	Result<void> open(OpenMode) const noexcept { return {}; }
};

template <typename Disk> Result<GenDisk<Disk>> add_disk() KXX_MAY_SLEEP
{
	auto tags = KXX_TRY(TagSet<Disk>::make({}));

	return GenDisk<Disk>::add(KXX_TRY(Box<Disk>::make(GFP_KERNEL)), std::move(tags),
				  { .prefix = "disk" });
}
template Result<GenDisk<Inheriting>> add_disk();
template Result<GenDisk<Noexcept>> add_disk();

class Text {
public:
	struct File {};

	Result<Box<File>> open() const noexcept KXX_MAY_SLEEP
	{
		return Box<File>::make(GFP_KERNEL);
	}
	Result<size_t> read(const File &, UserOutput &to) const noexcept KXX_MAY_SLEEP
	{
		return to.simple_read_from_buffer("text", 4);
	}
	Result<size_t> write(const File &, UserInput &) const { return EROFS; }
	Result<long> unlocked_ioctl(const File &, unsigned int, unsigned long) const
	{
		return ENOTTY;
	}
};

class Memo : public Text {};

Result<MiscDevice<Memo>> make_device() KXX_MAY_SLEEP
{
	return MiscDevice<Memo>::make("memo", KXX_TRY(Box<Memo>::make(GFP_KERNEL)));
}

struct Data {
	void value_show(SysfsBuffer &buffer) const noexcept { buffer.emit("%d\n", 1); }
};

static Result<void> value_store(const Data &, const SysfsInput &) noexcept
{
	return EPERM;
}

constexpr DeviceAttribute<&Data::value_show, value_store> value_attribute("value");
constexpr ConfigfsAttribute<&Data::value_show, value_store> group_attribute("value");
using GroupAttributes = ConfigfsAttributes<group_attribute>;

struct Platform {
	static Result<Box<Data>> probe(PlatformDevice &) noexcept KXX_MAY_SLEEP
	{
		return Box<Data>::make(GFP_KERNEL);
	}
	static void remove(PlatformDevice &, Data &) noexcept {}
	static void shutdown(PlatformDevice &, const Data &) noexcept {}
	static Result<void> suspend(PlatformDevice &, const Data &) noexcept { return {}; }
	static Result<void> resume(PlatformDevice &, const Data &) noexcept { return {}; }
	static void sync_state(PlatformDevice &, const Data &) noexcept {}
	using DevGroups = DeviceAttributes<value_attribute>;
};

constexpr auto ids = device_table({ PlatformDeviceId("data") });
constinit PlatformDriver<Platform> driver({ .name = "data" }, ids);
