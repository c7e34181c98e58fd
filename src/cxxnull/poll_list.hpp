/* SPDX-License-Identifier: GPL-2.0 */
/*
 * poll_list.hpp - list of requests that are done and wait for poll()
 */
#pragma once

#include <optional>
#include <utility>

#include <kxx/block/blk-mq.hpp>

namespace cxxnull {

/**
 * PollList - requests in the order in which they were added
 * @Driver: its Pdu must have a member `link`, which links the list
 *
 * Owns the requests. blk-mq frees a hardware queue only after the requests of the queue have
 * ended, so the list is empty when it is destroyed. Context: any, under the lock of the list.
 */
template <typename Driver> class PollList {
	using Rq = kxx::Owned<kxx::Request<Driver>>;
	using Raw = typename Rq::Raw;

public:
	PollList() = default;
	PollList(const PollList &) = delete;
	PollList &operator=(const PollList &) = delete;

	void push(Rq rq)
	{
		Raw *next = &rq->pdu().link;

		*next = nullptr;
		*last_ = std::move(rq).into_raw();
		last_ = next;
	}

	/** pop - removes and returns the first request, or nothing */
	std::optional<Rq> pop()
	{
		if (!first_)
			return std::nullopt;

		auto rq = Rq::from_raw(first_);

		first_ = rq->pdu().link;
		if (!first_)
			last_ = &first_;
		return rq;
	}

	/** take - removes @rq, which the caller must then end; nothing if @rq is not in the list */
	std::optional<Rq> take(const kxx::Request<Driver> &rq)
	{
		for (Raw *link = &first_; *link;) {
			auto found = Rq::from_raw(*link);
			Raw *next = &found->pdu().link;

			if (&found->pdu() == &rq.pdu()) {
				*link = *next;
				if (last_ == next)
					last_ = link;
				return found;
			}
			/* Release ownership again: the list keeps this request. */
			static_cast<void>(std::move(found).into_raw());
			link = next;
		}
		return std::nullopt;
	}

private:
	Raw first_ = nullptr;
	Raw *last_ = &first_;
};

} // namespace cxxnull
