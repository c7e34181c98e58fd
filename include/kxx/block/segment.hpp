/* SPDX-License-Identifier: GPL-2.0 */
/*
 * segment.hpp - the parts of a request's data
 * Part of blk-mq.hpp.
 */
#pragma once

#include <kxx/base/annotations.hpp>
#include <kxx/glue/block/blk-mq.h>
#include <kxx/base/layout.hpp>

KXX_LAYOUT(bio_vec);

namespace kxx {

template <typename Driver> class Request;

/**
 * Segment - a part of a request's data, within one page
 *
 * Borrows the data; valid until the request ends.
 */
class Segment {
public:
	/**
	 * Mapped - the segment's bytes, mapped for this CPU
	 *
	 * kmap_local_page(): mappings end in the reverse order of their
	 * beginning, which pinning gives. Context: any, but do not sleep on
	 * another CPU: the thread that maps also unmaps.
	 */
	class [[nodiscard]] Mapped {
	public:
		explicit Mapped(Segment &segment)
			: segment_(segment), data_(kxx_bvec_kmap_local(segment.bv_.get()))
		{
		}
		Mapped(const Mapped &) = delete;
		Mapped &operator=(const Mapped &) = delete;
		~Mapped() { kxx_bvec_kunmap_local(segment_.bv_.get(), data_); }

		/** data - Segment::size() bytes */
		unsigned char *data() KXX_LIFETIMEBOUND
		{
			return static_cast<unsigned char *>(data_);
		}

	private:
		Segment &segment_;
		void *data_;
	};

	/** size - in bytes, at most a page */
	unsigned int size() const { return kxx_bvec_len(bv_.get()); }

	/** kmap_local - bvec_kmap_local(), until the result goes out of scope */
	Mapped kmap_local() KXX_LIFETIMEBOUND { return Mapped(*this); }

private:
	template <typename D> friend class Request;

	Opaque<bio_vec> bv_;
};

/**
 * Bvec - a part of a request's data, in one piece of memory
 *
 * Borrows from the request: ends with it. In the linear mapping, where every page is
 * on the machines that kxx is built for, so nothing is mapped and it may be of
 * several pages.
 */
class Bvec {
public:
	/** data - bvec_virt(): size() bytes */
	unsigned char *data() const
	{
		return static_cast<unsigned char *>(kxx_bvec_virt(bv_.get()));
	}
	/** size - in bytes */
	unsigned int size() const { return kxx_bvec_len(bv_.get()); }

private:
	template <typename D> friend class Request;

	Opaque<bio_vec> bv_{ uninitialized };
};

} // namespace kxx
