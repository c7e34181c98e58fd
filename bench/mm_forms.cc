// SPDX-License-Identifier: GPL-2.0
/* mm_forms.cc - the three forms of drm_mm in kxx, measured by mm_bench.c */
#include <optional>

#include <kxx/fs/debugfs.hpp>
#include <kxx/mm/drm_mm.hpp>
#include <kxx/mm/owning_mm.hpp>
#include <kxx/mm/shared_mm.hpp>
#include <kxx/mm/slab.hpp>
#include <kxx/sync/spinlock.hpp>

#include "mm_forms.h"

using namespace kxx;

namespace {

using FreeNode = drm::FreeNode<>;

/* A drm::Mm with a lock of its own, as in the C form of mm_bench.c. */
class Locked {
public:
	struct Slot {
		drm::MmNode<> *node = nullptr;
	};
	using Nodes = Box<Slot[]>;

	Locked(drm::MmRange range, Nodes nodes) : space_(range, "bench"), nodes_(std::move(nodes))
	{
	}
	~Locked() KXX_MAY_SLEEP
	{
		while (nr_nodes_)
			give_back(nodes_[--nr_nodes_].node);
	}

	Result<void> reserve(u64 start) KXX_MAY_SLEEP
	{
		auto memory = KXX_TRY(FreeNode::make(GFP_KERNEL));
		auto node = KXX_TRY(space_.lock()->reserve_node(std::move(memory), start, 1));

		nodes_[nr_nodes_++].node = std::move(node).into_raw();
		return {};
	}
	Result<void> insert() KXX_MAY_SLEEP
	{
		auto memory = KXX_TRY(FreeNode::make(GFP_KERNEL));
		auto node = KXX_TRY(space_.lock()->insert_node(std::move(memory), 1));

		one_ = std::move(node).into_raw();
		return {};
	}
	void remove() { give_back(one_); }

private:
	void give_back(drm::MmNode<> *node)
	{
		auto removed = space_.lock()->remove_node(drm::Node<>::from_raw(node));
	}

	SpinLock<drm::Mm<>> space_;
	Nodes nodes_;
	size_t nr_nodes_ = 0;
	drm::MmNode<> *one_ = nullptr;
};

class Shared {
	using Mm = drm::SharedMm<>;

public:
	using Nodes = Box<std::optional<Mm::Node>[]>;

	Shared(Mm space, Nodes nodes) : space_(std::move(space)), nodes_(std::move(nodes)) {}

	Result<void> reserve(u64 start) KXX_MAY_SLEEP
	{
		auto memory = KXX_TRY(FreeNode::make(GFP_KERNEL));

		nodes_[nr_nodes_++].emplace(
			KXX_TRY(space_.reserve_node(std::move(memory), start, 1)));
		return {};
	}
	Result<void> insert() KXX_MAY_SLEEP
	{
		auto memory = KXX_TRY(FreeNode::make(GFP_KERNEL));

		one_.emplace(KXX_TRY(space_.insert_node(std::move(memory), 1)));
		return {};
	}
	void remove() { one_.reset(); }

private:
	Mm space_;
	Nodes nodes_;
	size_t nr_nodes_ = 0;
	std::optional<Mm::Node> one_;
};

class Owning {
public:
	explicit Owning(drm::MmRange range) : space_(range, "bench") {}
	~Owning() { space_.lock()->clear(); }

	Result<void> reserve(u64 start) KXX_MAY_SLEEP
	{
		auto memory = KXX_TRY(FreeNode::make(GFP_KERNEL));
		auto guard = space_.lock();

		KXX_TRY(guard->reserve_node(std::move(memory), start, 1));
		return {};
	}
	Result<void> insert() KXX_MAY_SLEEP
	{
		auto memory = KXX_TRY(FreeNode::make(GFP_KERNEL));
		auto guard = space_.lock();

		one_ = KXX_TRY(guard->insert_node(std::move(memory), 1));
		return {};
	}
	void remove() { auto removed = space_.lock()->remove_node(*one_); }

private:
	SpinLock<drm::OwningMm<>> space_;
	drm::MmNode<> *one_ = nullptr;
};

Result<Box<Locked>> make_locked(drm::MmRange range, size_t nodes) KXX_MAY_SLEEP
{
	return Box<Locked>::make(GFP_KERNEL, range,
				 KXX_TRY(Locked::Nodes::make(GFP_KERNEL, nodes)));
}

Result<Box<Shared>> make_shared(drm::MmRange range, size_t nodes) KXX_MAY_SLEEP
{
	auto space = KXX_TRY(drm::SharedMm<>::make(GFP_KERNEL, range, "bench"));

	return Box<Shared>::make(GFP_KERNEL, std::move(space),
				 KXX_TRY(Shared::Nodes::make(GFP_KERNEL, nodes)));
}

Result<Box<Owning>> make_owning(drm::MmRange range, size_t) KXX_MAY_SLEEP
{
	return Box<Owning>::make(GFP_KERNEL, range);
}

/* Functions that mm_bench.c calls, for a class with the methods of Locked. */
template <typename Form, Result<Box<Form>> (*make_form)(drm::MmRange, size_t)> struct Calls {
	static void *make(u64 size, size_t nodes) KXX_MAY_SLEEP
	{
		auto range = drm::MmRange::make(0, size);

		if (!range)
			return nullptr;

		auto form = make_form(std::move(range).value(), nodes);

		if (!form)
			return nullptr;
		return std::move(form).value().into_raw();
	}
	// SAFETY: mm_bench.c passes only pointers that make() returned.
	static Form &from(void *mm) { return *static_cast<Form *>(mm); }

	static bool reserve(void *mm, u64 start) KXX_MAY_SLEEP
	{
		return static_cast<bool>(from(mm).reserve(start));
	}
	static bool insert(void *mm) KXX_MAY_SLEEP { return static_cast<bool>(from(mm).insert()); }
	static void remove(void *mm) { from(mm).remove(); }
	static void free(void *mm) KXX_MAY_SLEEP { auto freed = Box<Form>::from_raw(&from(mm)); }

	static constexpr kxx_mm_form table(const char *name)
	{
		return { name, make, reserve, insert, remove, free };
	}
};

class Shown {
public:
	explicit Shown(drm::MmRange range) KXX_MAY_SLEEP : space_(range, "shown"),
							   file_("kxx_mm", *this)
	{
	}
	~Shown() KXX_MAY_SLEEP { space_.lock()->clear(); }

	Result<void> reserve(u64 start, u64 size) KXX_MAY_SLEEP
	{
		auto memory = KXX_TRY(FreeNode::make(GFP_KERNEL));
		auto guard = space_.lock();

		KXX_TRY(guard->reserve_node(std::move(memory), start, size));
		return {};
	}
	void print() { space_.lock()->print(); }
	void show(SeqFile &file) const { space_.lock()->print(file); }

private:
	SpinLock<drm::OwningMm<>> space_;
	DebugfsFile<Shown> file_;
};

Result<Box<Shown>> make_shown() KXX_MAY_SLEEP
{
	auto shown = KXX_TRY(Box<Shown>::make(GFP_KERNEL, KXX_TRY(drm::MmRange::make(0, 64))));

	KXX_TRY(shown->reserve(8, 16));
	KXX_TRY(shown->reserve(24, 8));
	shown->print();
	return shown;
}

} // namespace

void *kxx_mm_show() KXX_MAY_SLEEP
{
	auto shown = make_shown();

	if (!shown)
		return nullptr;
	return std::move(shown).value().into_raw();
}

void kxx_mm_hide(void *shown) KXX_MAY_SLEEP
{
	// SAFETY: mm_bench.c passes only pointers that kxx_mm_show() returned.
	auto hidden = Box<Shown>::from_raw(static_cast<Shown *>(shown));
}

constinit const struct kxx_mm_sizes kxx_mm_sizes = { sizeof(drm::MmNode<>), sizeof(drm::Mm<>) };

constinit const struct kxx_mm_form kxx_mm_forms[KXX_NR_MM_FORMS] = {
	Calls<Locked, make_locked>::table("Mm"),
	Calls<Shared, make_shared>::table("SharedMm"),
	Calls<Owning, make_owning>::table("OwningMm"),
};
