/* SPDX-License-Identifier: GPL-2.0 */
/*
 * layout.hpp - memory in C++ objects for structures of the target kernel
 *
 * C++ does not include the kernel's headers. layout.def lists the structures and constants
 * that C++ needs, and kbuild/layout.c measures them. A tool that reads the C++ without a kernel
 * (clang's analyses, an IDE, the misuse programs) gets the same names with made-up values.
 */
#pragma once

#include <type_traits>

#include <kxx/glue/block/blkdev.h>
#include <kxx/glue/types.h>

#ifdef KXX_KERNEL
#include <generated/kxx-layout.h>
#else
#define KXX_TYPE(name) KXX_SIZEOF_##name = sizeof(long), KXX_ALIGNOF_##name = alignof(long),
#define KXX_MEMBER(structure, member, ...) KXX_OFFSETOF_##structure##_##member = 0,
#define KXX_MEMBER_IF_BLK_DEBUG_FS KXX_MEMBER
#define KXX_CONSTANT(name) KXX_##name = __COUNTER__ + 1,
#define KXX_CONFIG(name) KXX_CONFIG_##name = 1,
/* KXX_OLDER_KERNEL: for misuse programs that test what must not compile on older kernels */
#ifdef KXX_OLDER_KERNEL
#define KXX_COMPAT(name) KXX_IS_##name = 0,
#else
#define KXX_COMPAT(name) KXX_IS_##name = 1,
#endif
enum : long {
#include <kxx/base/layout.def>
};
#undef KXX_TYPE
#undef KXX_MEMBER
#undef KXX_MEMBER_IF_BLK_DEBUG_FS
#undef KXX_CONSTANT
#undef KXX_CONFIG
#undef KXX_COMPAT
#endif

enum blk_eh_timer_return : unsigned int;
enum probe_type : unsigned int;

/*
 * Stand-ins for types that differ between kernels; src/glue/compat.h has each kernel's own. If a
 * kernel calls a callback with one more argument than its type here has, C++ ignores that
 * argument.
 */
typedef struct rq_list kxx_compat_rq_list;
typedef void kxx_compat_opened;
typedef unsigned int kxx_compat_open_mode;
typedef void (*kxx_compat_release)(struct gendisk *);
typedef int kxx_compat_node;
typedef const struct configfs_item_operations *kxx_compat_item_ops;
typedef const struct configfs_group_operations *kxx_compat_group_ops;
typedef const struct attribute_group *const *kxx_compat_groups;
using kxx_compat_getgeo_of =
	std::conditional_t<KXX_IS_GETGEO_OF_DISK, struct gendisk, struct block_device>;
using kxx_compat_report_zones = std::conditional_t<
	KXX_IS_REPORT_ZONES_ARGS,
	int (*)(struct gendisk *, sector_t, unsigned int, struct blk_report_zones_args *),
	int (*)(struct gendisk *, sector_t, unsigned int, kxx_report_zones_cb, void *)>;

/*
 * The members of layout.def as types, for Initializer::set(). Must be in the global namespace:
 * inside kxx, `struct gendisk` would declare another type than C's.
 */
#define KXX_TYPE(name)
#define KXX_MEMBER(c_structure, member, ...)                                                       \
	struct KXX_MEMBER_##c_structure##_##member {                                               \
		using structure = struct c_structure;                                              \
		using type = __VA_ARGS__;                                                          \
		static constexpr size_t offset = KXX_OFFSETOF_##c_structure##_##member;            \
	};
#define KXX_MEMBER_IF_BLK_DEBUG_FS KXX_MEMBER
#define KXX_CONSTANT(name)
#define KXX_CONFIG(name)
#define KXX_COMPAT(name)
#include <kxx/base/layout.def>
#undef KXX_TYPE
#undef KXX_MEMBER
#undef KXX_MEMBER_IF_BLK_DEBUG_FS
#undef KXX_CONSTANT
#undef KXX_CONFIG
#undef KXX_COMPAT

/* Declares a structure of the kernel, with its size; use in the global namespace, as C does. */
#define KXX_LAYOUT(name)                                                                           \
	struct name;                                                                               \
	template <> struct kxx::Layout<struct name> {                                              \
		static constexpr size_t size = KXX_SIZEOF_##name;                                  \
		static constexpr size_t align = KXX_ALIGNOF_##name;                                \
	}

namespace kxx {

template <typename C> struct Layout;

/* Selects the constructor of Opaque that leaves the bytes to a C function to initialise. */
struct Uninitialized {};
inline constexpr Uninitialized uninitialized;

/**
 * Opaque - Memory for one C structure inside a C++ object
 *
 * Owns the bytes only. The class that embeds it must call the C functions that initialise and
 * destroy the structure. Cannot be moved, since C keeps pointers into most structures.
 */
template <typename C> class Opaque {
public:
	constexpr Opaque() : bytes_{} {}
	explicit Opaque(Uninitialized) {}
	Opaque(const Opaque &) = delete;
	Opaque &operator=(const Opaque &) = delete;

	/** get - Returns the structure for calls of C functions */
	C *get()
	{
		// SAFETY: the bytes have C's own size and alignment, measured by
		// kbuild/layout.c; the kernel is built with -fno-strict-aliasing.
		return reinterpret_cast<C *>(&bytes_);
	}
	const C *get() const
	{
		// SAFETY: the same as in the other get().
		return reinterpret_cast<const C *>(&bytes_);
	}

private:
	/* C's empty structures, such as lock_class_key without lockdep, have size 0. */
	static constexpr size_t size = Layout<C>::size;
	static constexpr size_t align = Layout<C>::align ? Layout<C>::align : 1;
	struct Nothing {};
	using Bytes = std::conditional_t<size == 0, Nothing, unsigned char[size ? size : 1]>;

	[[no_unique_address]] alignas(align) Bytes bytes_;
};

} // namespace kxx
