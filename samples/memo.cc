// SPDX-License-Identifier: GPL-2.0
/* memo.cc - /dev/kxx_memo, a character device: what was written last is read */
#include <kxx/base/module.hpp>
#include <kxx/fs/miscdevice.hpp>
#include <kxx/sync/mutex.hpp>

using namespace kxx;

namespace {

class Memo {
public:
	/* What belongs to one open file; here nothing. */
	struct File {};

	Result<Box<File>> open() const KXX_MAY_SLEEP { return Box<File>::make(GFP_KERNEL); }

	Result<size_t> write(const File &, UserInput &from) const KXX_MAY_SLEEP
	{
		/* A mutex, since copying from user space may sleep: clang refuses it under a spinlock. */
		auto text = text_.lock();

		text->size = 0;
		return text->size = KXX_TRY(from.copy_from_user(text->bytes));
	}

	Result<size_t> read(const File &, UserOutput &to) const KXX_MAY_SLEEP
	{
		auto text = text_.lock();

		return to.simple_read_from_buffer(text->bytes, text->size);
	}

private:
	struct Text {
		char bytes[256] = {};
		size_t size = 0;
	};

	Mutex<Text> text_;
};

Result<Box<MiscDevice<Memo>>> make() KXX_MAY_SLEEP
{
	auto memo = KXX_TRY(Box<Memo>::make(GFP_KERNEL));

	return Box<MiscDevice<Memo>>::make(
		GFP_KERNEL, KXX_TRY(MiscDevice<Memo>::make("kxx_memo", std::move(memo))));
}

} // namespace

KXX_MODULE(MiscDevice<Memo>, make);
MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("kxx sample: a character device");
