/* SPDX-License-Identifier: GPL-2.0 */
/*
 * layout.hpp - C structures embedded in C++ objects, sized for the target kernel
 *
 * C++ never sees the kernel's definitions; layout.def names what is needed, and
 * kbuild/layout.c measures it. A tool that reads the C++ without a kernel
 * (clang's analyses, an IDE, the misuse programs) gets the same names with
 * values of no meaning.
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
/* For what must not compile for the older ones. */
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

/* What compat.h declares as each kernel does. A parameter more than C++ has is not read. */
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
 * The members of layout.def as types, for Initializer::set(). In the global namespace, for
 * the structures that they name to be C's.
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

/* A structure of the kernel, declared in the global namespace as C has it. */
#define KXX_LAYOUT(name)                                                                           \
	struct name;                                                                               \
	template <> struct kxx::Layout<struct name> {                                              \
		static constexpr size_t size = KXX_SIZEOF_##name;                                  \
		static constexpr size_t align = KXX_ALIGNOF_##name;                                \
	}

namespace kxx {

template <typename C> struct Layout;

/* For an Opaque that C fills in whole. */
struct Uninitialized {};
inline constexpr Uninitialized uninitialized;

/**
 * Opaque - room for one C structure inside a C++ object
 *
 * Owns the bytes, not what C makes of them: who embeds it also calls the C
 * functions that set the structure up and take it down. Pinned, since C keeps
 * pointers into most structures.
 */
template <typename C> class Opaque {
public:
	constexpr Opaque() : bytes_{} {}
	explicit Opaque(Uninitialized) {}
	Opaque(const Opaque &) = delete;
	Opaque &operator=(const Opaque &) = delete;

	/** get - the structure, as C knows it */
	C *get()
	{
		// SAFETY: the bytes have C's own size and alignment, measured by
		// kbuild/layout.c; the kernel is built with -fno-strict-aliasing.
		return reinterpret_cast<C *>(&bytes_);
	}
	const C *get() const
	{
		// SAFETY: as above.
		return reinterpret_cast<const C *>(&bytes_);
	}

private:
	/* An empty structure in C (lock_class_key without lockdep) has size 0. */
	static constexpr size_t size = Layout<C>::size;
	static constexpr size_t align = Layout<C>::align ? Layout<C>::align : 1;
	struct Nothing {};
	using Bytes = std::conditional_t<size == 0, Nothing, unsigned char[size ? size : 1]>;

	[[no_unique_address]] alignas(align) Bytes bytes_;
};

} // namespace kxx
