// SPDX-License-Identifier: GPL-2.0
/*
 * lease.cc - ranges that go back by themselves
 *
 * Who opens /dev/kxx_lease has 64 units of 256, and reads where they begin. They go back when the
 * file is closed, whoever does that.
 */
#include <kxx/base/module.hpp>
#include <kxx/base/sprintf.hpp>
#include <kxx/fs/miscdevice.hpp>
#include <kxx/mm/shared_mm.hpp>

using namespace kxx;

namespace {

class Lease {
public:
	struct File {
		drm::SharedMm<>::Node units;
	};

	explicit Lease(drm::SharedMm<> units) : units_(std::move(units)) {}

	Result<Box<File>> open() const KXX_MAY_SLEEP
	{
		auto memory = KXX_TRY(drm::FreeNode<>::make(GFP_KERNEL));

		return Box<File>::make(GFP_KERNEL,
				       KXX_TRY(units_.insert_node(std::move(memory), 64)));
	}
	Result<size_t> read(const File &file, UserOutput &to) const KXX_MAY_SLEEP
	{
		char text[24];
		int length = scnprintf(text, sizeof(text), "%llu\n", file.units.start());

		return to.simple_read_from_buffer(text, static_cast<size_t>(length));
	}

private:
	drm::SharedMm<> units_;
};

Result<Box<MiscDevice<Lease>>> make() KXX_MAY_SLEEP
{
	auto units = KXX_TRY(
		drm::SharedMm<>::make(GFP_KERNEL, KXX_TRY(drm::MmRange::make(0, 256)), "lease"));
	auto made = KXX_TRY(Box<Lease>::make(GFP_KERNEL, std::move(units)));

	return Box<MiscDevice<Lease>>::make(
		GFP_KERNEL, KXX_TRY(MiscDevice<Lease>::make("kxx_lease", std::move(made))));
}

} // namespace

KXX_MODULE(MiscDevice<Lease>, make);
MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("kxx sample: ranges that go back by themselves");
