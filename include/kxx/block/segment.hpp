/* SPDX-License-Identifier: GPL-2.0 */
/*
 * segment.hpp - parts of a request's data
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
 * Segment - A part of a request's data, within one page
 *
 * Borrows the data; valid until the request ends.
 */
class Segment {
public:
	/**
	 * Mapped - The mapped bytes of a segment
	 *
	 * kmap_local_page() requires that mappings end in the reverse of the order in which they
	 * were made. Since this object cannot be moved, local variables end in that order.
	 * Context: any; the thread that maps must also unmap.
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

		/** data - Returns a pointer to size() bytes of the Segment */
		unsigned char *data() KXX_LIFETIMEBOUND
		{
			return static_cast<unsigned char *>(data_);
		}

	private:
		Segment &segment_;
		void *data_;
	};

	/** size - Returns the size in bytes, at most a page */
	unsigned int size() const { return kxx_bvec_len(bv_.get()); }

	/** kmap_local - bvec_kmap_local(): maps the segment until the result goes out of scope */
	Mapped kmap_local() KXX_LIFETIMEBOUND { return Mapped(*this); }

private:
	template <typename D> friend class Request;

	Opaque<bio_vec> bv_;
};

/**
 * Bvec - A physically contiguous part of a request's data, perhaps of several pages
 *
 * Borrows the data; valid until the request ends. Needs no mapping: kxx supports only kernels
 * without highmem, where all pages are in the linear mapping.
 */
class Bvec {
public:
	/** data - bvec_virt(): returns a pointer to size() bytes */
	unsigned char *data() const
	{
		return static_cast<unsigned char *>(kxx_bvec_virt(bv_.get()));
	}
	/** size - Returns the size in bytes */
	unsigned int size() const { return kxx_bvec_len(bv_.get()); }
	/** flush_dcache - flush_dcache_page() for each page: call it after writing to data() */
	void flush_dcache() const { kxx_bvec_flush_dcache(bv_.get()); }

private:
	template <typename D> friend class Request;

	Opaque<bio_vec> bv_{ uninitialized };
};

} // namespace kxx
