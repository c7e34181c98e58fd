// SPDX-License-Identifier: GPL-2.0
/* poll_list_kunit.cc - tests of src/cxxnull/poll_list.hpp */
#include "../../src/cxxnull/poll_list.hpp"

#include "../block/disks.hpp"
#include "../kunit.hpp"

using namespace kxx;

namespace {

constexpr int nr = 3;

/* Lists @nr requests, takes one out and lists it again, and records the resulting order. */
class Listing {
public:
	using OwnedRequest = Owned<Request<Listing>>;

	struct Pdu {
		OwnedRequest::Raw link = nullptr;
	};

	Listing(int taken, int (&order)[nr]) : taken_(taken), order_(order) {}

	QueueStatus queue_rq(OwnedRequest rq) const
	{
		rq.start();
		all_[listed_++] = push(std::move(rq));
		if (listed_ == nr)
			look();
		return QueueStatus::ok();
	}

private:
	OwnedRequest::Raw push(OwnedRequest rq) const
	{
		auto raw = std::move(rq).into_raw();

		list_.push(OwnedRequest::from_raw(raw));
		return raw;
	}

	void look() const
	{
		auto rq = OwnedRequest::from_raw(all_[taken_]);
		auto found = list_.take(*rq);

		static_cast<void>(std::move(rq).into_raw());
		if (found)
			push(*std::move(found));
		for (int &at : order_) {
			at = nr;
			if (auto popped = list_.pop()) {
				auto raw = (*std::move(popped)).into_raw();

				for (int i = 0; i < nr; i++)
					if (all_[i] == raw)
						at = i;
			}
		}
		/* End all requests, including any that the list has lost. */
		for (auto raw : all_)
			OwnedRequest::from_raw(raw).end(BlkStatus::OK);
	}

	const int taken_;
	int (&order_)[nr];
	mutable cxxnull::PollList<Listing> list_;
	mutable OwnedRequest::Raw all_[nr] = {};
	mutable int listed_ = 0;
};

void expect_order(struct kunit *test, int taken, int first, int second, int third) KXX_MAY_SLEEP
{
	int order[nr] = {};
	auto tags = KUNIT_ASSERT_VALUE(test, TagSet<Listing>::make({ .no_sched = true }));
	auto disk =
		KUNIT_ASSERT_VALUE(test, disks::add<Listing>(std::move(tags), {}, taken, order));

	KUNIT_EXPECT_EQ(test, kxx_test_bios(disk.raw(), nr, false), nr);
	KUNIT_EXPECT_EQ(test, order[0], first);
	KUNIT_EXPECT_EQ(test, order[1], second);
	KUNIT_EXPECT_EQ(test, order[2], third);
}

} // namespace

static void request_that_was_taken_comes_last(struct kunit *test) KXX_MAY_SLEEP
{
	expect_order(test, 0, 1, 2, 0);
	expect_order(test, 1, 0, 2, 1);
	expect_order(test, 2, 0, 1, 2);
}

KXX_KUNIT_SUITE(kxx_kunit_poll_list, "cxxnull_poll_list",
		KXX_KUNIT_CASE(request_that_was_taken_comes_last));
