/* SPDX-License-Identifier: GPL-2.0 */
/*
 * poll_list.hpp - requests that are done and wait for a poll
 */
#pragma once

#include <optional>
#include <utility>

#include <kxx/block/blk-mq.hpp>

namespace cxxnull {

/**
 * PollList - a list of requests, in the order in which they came
 * @Driver: its Pdu has a member `link` for the list
 *
 * Owns the requests. A hardware queue is freed after its requests have ended, so the list
 * is empty then. Context: any, under the lock that guards it.
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

	/** pop - the first request, if there is one */
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

	/** take - @rq, if it is in the list: the caller is then the one who ends it */
	std::optional<Rq> take(kxx::Request<Driver> &rq)
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
			/* It stays in the list, which owns it. */
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
