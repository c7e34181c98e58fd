/* SPDX-License-Identifier: GPL-2.0 */
/*
 * configfs.hpp - groups that user space makes, and their attributes
 * Wraps <linux/configfs.h>. Glue: glue/fs/configfs.h
 *
 * A subsystem is a directory of /sys/kernel/config; mkdir in it makes a group. Each of them has
 * an object of ours, the root and the child:
 *
 *     struct Disk {                                 // the child
 *             unsigned int size = 1;
 *             void dropped();                       // rmdir; the object goes later
 *     };
 *     struct Disks {                                // the subsystem
 *             Result<Box<ConfigfsGroup<Disk>>> make_group(const char *name);
 *     };
 *
 *     void size_show(const Disk &disk, SysfsBuffer &buffer)
 *     {
 *             buffer.emit("%u\n", disk.size);
 *     }
 *     constexpr ConfigfsAttribute<size_show> size_attribute("size");
 *     constexpr ConfigfsAttribute<version_show> version_attribute("version");
 *
 *     auto subsystem = KXX_TRY(ConfigfsSubsystem<ConfigfsAttributes<version_attribute>,
 *                                                ConfigfsAttributes<size_attribute>>::make("disks"));
 *
 * Each group and each open file holds a reference on the module. A file that is still open
 * after the rmdir of its group holds nothing else: reads and writes of it fail with -ENOENT.
 */
#pragma once

#include <type_traits>
#include <utility>

#include <kxx/base/annotations.hpp>
#include <kxx/sync/context.hpp>
#include <kxx/base/err.hpp>
#include <kxx/glue/fs/configfs.h>
#include <kxx/glue/base/err.h>
#include <kxx/base/has_member.hpp>
#include <kxx/base/initializer.hpp>
#include <kxx/base/layout.hpp>
#include <kxx/base/module.hpp>
#include <kxx/mm/slab.hpp>
#include <kxx/fs/sysfs.hpp>

KXX_LAYOUT(config_group);
KXX_LAYOUT(config_item_type);
KXX_LAYOUT(configfs_attribute);
KXX_LAYOUT(configfs_group_operations);
KXX_LAYOUT(configfs_item_operations);
KXX_LAYOUT(configfs_subsystem);

namespace kxx {

namespace detail {

KXX_HAS_MEMBER(has_add_default_groups, add_default_groups);
KXX_HAS_MEMBER(has_dropped, dropped);
KXX_HAS_MEMBER(has_make_group, make_group);

/* The C structure at the front of the object, which is found again by its address. */
template <typename C> struct ConfigfsHead {
	Opaque<C> raw;
};

template <typename Show> struct ConfigfsDataOfShow {
	using type = void;
};
template <typename T> struct ConfigfsDataOfShow<void (*)(const T &, SysfsBuffer &)> {
	using type = T;
};
template <typename T> struct ConfigfsDataOfShow<void (T::*)(SysfsBuffer &) const> {
	using type = T;
};
template <typename Store> struct ConfigfsDataOfStore {
	using type = void;
};
template <typename T> struct ConfigfsDataOfStore<Result<void> (*)(const T &, const SysfsInput &)> {
	using type = T;
};
template <typename T> struct ConfigfsDataOfStore<Result<void> (T::*)(const SysfsInput &) const> {
	using type = T;
};

} // namespace detail

/**
 * ConfigfsGroup - struct config_group: a group that mkdir made, and its object of type T
 *
 * Owned by the Box that make() returns, until make_group() hands that to configfs; then by
 * configfs until rmdir, and by each holder of a reference. Pinned. Context: process.
 */
template <typename T> class ConfigfsGroup : private detail::ConfigfsHead<config_group> {
	using Head = detail::ConfigfsHead<config_group>;

public:
	/** make - the group, its object built from @args; -ENOMEM */
	template <typename... Args>
	static Result<Box<ConfigfsGroup>> make(Args &&...args) KXX_MAY_SLEEP
	{
		return Box<ConfigfsGroup>::make(GFP_KERNEL, std::forward<Args>(args)...);
	}
	ConfigfsGroup(const ConfigfsGroup &) = delete;
	ConfigfsGroup &operator=(const ConfigfsGroup &) = delete;

	/** data - the T */
	T &data() KXX_LIFETIMEBOUND { return data_; }

	struct config_group *raw() { return Head::raw.get(); }

private:
	friend Box<ConfigfsGroup>;
	template <typename Attributes, typename ChildAttributes> friend class ConfigfsSubsystem;
	template <auto show, auto store> friend class ConfigfsAttribute;

	template <typename... Args>
	explicit ConfigfsGroup(Args &&...args) : data_(std::forward<Args>(args)...)
	{
	}

	static ConfigfsGroup &from_group(struct config_group *group)
	{
		static_assert(std::is_standard_layout_v<Head>);
		// SAFETY: the group is the only member of a Head, at its address, which is
		// a base of a ConfigfsGroup<T>: no other group has a type of ours.
		return *static_cast<ConfigfsGroup *>(reinterpret_cast<Head *>(group));
	}

	T data_;
};

namespace detail {

/* The part of a subsystem that does not depend on its attributes, which look for it. */
template <typename Root> class ConfigfsRoot : protected ConfigfsHead<configfs_subsystem> {
	using Head = ConfigfsHead<configfs_subsystem>;

public:
	template <typename... Args>
	explicit ConfigfsRoot(Args &&...args) : root_(std::forward<Args>(args)...)
	{
	}

	static Root &root_of(struct config_group *group)
	{
		static_assert(std::is_standard_layout_v<Head>);
		// SAFETY: as ConfigfsGroup::from_group().
		return static_cast<ConfigfsRoot *>(
			       reinterpret_cast<Head *>(kxx_to_configfs_subsystem(group)))
			->root_;
	}

private:
	Root root_;
};

} // namespace detail

/**
 * ConfigfsAttribute - struct configfs_attribute: a file of a group or of a subsystem
 * @show: void (const T &, SysfsBuffer &), or nullptr for one that cannot be read
 * @store: Result<void> (const T &, const SysfsInput &), or nullptr for one that cannot be
 *         written
 *
 * Either may be a const method of T instead, without the first parameter.
 *
 * T is the object of the group or of the subsystem. The attribute is a constant, to which
 * neither we nor the kernel write. Context of both: process, may sleep. Several run at once, also
 * of one group, so T is const: what store() changes is in a Mutex or an Atomic. Neither compiler
 * refuses a `mutable` member without a lock; KCSAN reports the race.
 */
template <auto show, auto store = nullptr> class ConfigfsAttribute {
	static constexpr bool can_show = !std::is_null_pointer_v<decltype(show)>;
	static constexpr bool can_store = !std::is_null_pointer_v<decltype(store)>;

	using ShowData = typename detail::ConfigfsDataOfShow<decltype(show)>::type;
	using StoreData = typename detail::ConfigfsDataOfStore<decltype(store)>::type;

	static_assert(!can_show || !std::is_void_v<ShowData>,
		      "show must be: void show(const T &, SysfsBuffer &)");
	static_assert(!can_store || !std::is_void_v<StoreData>,
		      "store must be: Result<void> store(const T &, const SysfsInput &)");
	static_assert(can_show || can_store, "an attribute has a show or a store");
	static_assert(std::is_void_v<ShowData> || std::is_void_v<StoreData> ||
			      std::is_same_v<ShowData, StoreData>,
		      "show and store must take the data of the same group");

public:
	using Data = std::conditional_t<std::is_void_v<ShowData>, StoreData, ShowData>;

	/** ConfigfsAttribute - @name: of the file */
	template <size_t n>
	consteval explicit ConfigfsAttribute(const char (&name)[n])
		: attribute_(make(name)), name_(name)
	{
		static_assert(n > 1, "an attribute has a name");
	}
	ConfigfsAttribute(const ConfigfsAttribute &) = delete;
	ConfigfsAttribute &operator=(const ConfigfsAttribute &) = delete;

	/** name - of the file */
	constexpr const char *name() const { return name_; }

private:
	using Attribute = Initializer<configfs_attribute>;

	/* Not Data &: a refused attribute has none, and must get the error above alone. */
	static const auto &data_of(struct config_item *item)
	{
		// SAFETY: the attributes of a group are those of the type of its data.
		struct config_group *group = kxx_to_config_group(item);

		if constexpr (detail::has_make_group<Data>)
			return detail::ConfigfsRoot<Data>::root_of(group);
		else
			return ConfigfsGroup<Data>::from_group(group).data();
	}

	static ssize_t do_show(struct config_item *item, char *page) KXX_MAY_SLEEP
	{
		SysfsBuffer buffer(page);

		if constexpr (std::is_member_function_pointer_v<decltype(show)>)
			(data_of(item).*show)(buffer);
		else
			show(data_of(item), buffer);
		return buffer.length();
	}

	static Result<void> call_store(struct config_item *item,
				       const SysfsInput &input) KXX_MAY_SLEEP
	{
		if constexpr (std::is_member_function_pointer_v<decltype(store)>)
			return (data_of(item).*store)(input);
		else
			return store(data_of(item), input);
	}

	static ssize_t do_store(struct config_item *item, const char *text,
				size_t count) KXX_MAY_SLEEP
	{
		Result<void> stored = call_store(item, SysfsInput(text));

		return stored ? static_cast<ssize_t>(count) : stored.to_errno();
	}

	static consteval Attribute make(const char *name)
	{
		Attribute attribute;

		attribute.template set<KXX_MEMBER_configfs_attribute_ca_owner>(THIS_MODULE);
		attribute.template set<KXX_MEMBER_configfs_attribute_ca_mode>(
			(can_show ? 0444 : 0) | (can_store ? 0200 : 0));
		if constexpr (can_show)
			attribute.template set<KXX_MEMBER_configfs_attribute_show>(do_show);
		if constexpr (can_store)
			attribute.template set<KXX_MEMBER_configfs_attribute_store>(do_store);
		attribute.template set<KXX_MEMBER_configfs_attribute_ca_name>(name);
		return attribute;
	}

	Attribute attribute_;
	const char *name_;
};

/** ConfigfsAttributes - the files of one type of group */
template <const auto &first, const auto &...more> class ConfigfsAttributes {
public:
	using Data = typename std::remove_cvref_t<decltype(first)>::Data;

	/* The kernel does not write to these, although its type is not const. */
	static constexpr const void *attrs[] = { &first, &more..., nullptr };

private:
	static_assert((std::is_same_v<Data, typename std::remove_cvref_t<decltype(more)>::Data> &&
		       ...),
		      "attributes of different groups");
	static_assert(detail::names_differ(first.name(), more.name()...),
		      "two attributes of one name");
};

/**
 * ConfigfsSubsystem - struct configfs_subsystem: /sys/kernel/config/NAME
 * @Attributes: the files in it; their data, the root, has
 *              Result<Box<ConfigfsGroup<Child>>> make_group(const char *name), for mkdir;
 *              @name is gone after that, and nobody refuses to keep it: copy the text
 * @ChildAttributes: the files in each of its groups; their data, the child, has
 *                   void dropped(), for rmdir, and for a mkdir that fails after
 *                   make_group(): no show() or store() runs then, or later;
 *                   and, for groups that each has from the beginning,
 *                   void add_default_groups(ConfigfsGroup<Child> &) and
 *                   void put_default_groups(), called before dropped()
 *
 * Owns the root; configfs owns the children. It must not be dropped while a child exists. Each
 * child holds the module, so none exists when the module unloads. Context: process, may sleep;
 * make_group() and dropped() are called one at a time.
 */
template <typename Attributes, typename ChildAttributes>
class ConfigfsSubsystem : private detail::ConfigfsRoot<typename Attributes::Data> {
	using Base = detail::ConfigfsRoot<typename Attributes::Data>;

public:
	using Root = typename Attributes::Data;
	using Child = typename ChildAttributes::Data;

	static_assert(detail::has_make_group<Root>, "the root of a subsystem has a make_group()");
	/* An attribute tells by that whether it belongs to the subsystem or to a group in it. */
	static_assert(!detail::has_make_group<Child>, "a group in a subsystem has no make_group()");
	static_assert(detail::has_dropped<Child>, "a group in a subsystem has a dropped()");

	/**
	 * make - configfs_register_subsystem(): the root is built from @args, and seen
	 *
	 * -ENOMEM, -EEXIST for a name that is taken.
	 */
	template <typename... Args>
	static Result<Box<ConfigfsSubsystem>> make(const char *name, Args &&...args) KXX_MAY_SLEEP
	{
		auto made = KXX_TRY(
			Box<ConfigfsSubsystem>::make(GFP_KERNEL, std::forward<Args>(args)...));

		KXX_TRY(Result<void>::from_errno(
			kxx_configfs_register_subsystem(made->raw_subsystem(), name, type.get())));
		made->registered_ = true;
		return made;
	}
	ConfigfsSubsystem(const ConfigfsSubsystem &) = delete;
	ConfigfsSubsystem &operator=(const ConfigfsSubsystem &) = delete;
	/** ~ConfigfsSubsystem - configfs_unregister_subsystem() */
	~ConfigfsSubsystem() KXX_MAY_SLEEP
	{
		if (registered_)
			kxx_configfs_unregister_subsystem(raw_subsystem());
	}

private:
	friend Box<ConfigfsSubsystem>;

	using Group = ConfigfsGroup<Child>;

	template <typename... Args>
	explicit ConfigfsSubsystem(Args &&...args) : Base(std::forward<Args>(args)...)
	{
	}

	struct configfs_subsystem *raw_subsystem() { return Base::raw.get(); }

	static struct config_group *make_group(struct config_group *group,
					       const char *name) KXX_MAY_SLEEP
	{
		Result<Box<Group>> made = Base::root_of(group).make_group(name);

		if (!made)
			return static_cast<struct config_group *>(
				kxx_err_ptr(made.error().to_errno()));

		Box<Group> child = std::move(made).value();
		int err = kxx_config_group_init_type_name(child->raw(), name, child_type.get());

		if (err)
			return static_cast<struct config_group *>(kxx_err_ptr(err));

		Group *given = std::move(child).into_raw();

		if constexpr (detail::has_add_default_groups<Child>)
			given->data().add_default_groups(*given);
		return given->raw();
	}

	static void drop_item(struct config_group *, struct config_item *item) KXX_MAY_SLEEP
	{
		Child &child = Group::from_group(kxx_to_config_group(item)).data();

		if constexpr (detail::has_add_default_groups<Child>)
			child.put_default_groups();
		child.dropped();
		::config_item_put(item);
	}

	static void release(struct config_item *item) KXX_MAY_SLEEP
	{
		// SAFETY: make_group() gave it up, and this is called for the last user.
		[[maybe_unused]] auto freed =
			Box<Group>::from_raw(&Group::from_group(kxx_to_config_group(item)));
	}

	static consteval auto make_item_ops()
	{
		Initializer<configfs_item_operations> ops;

		ops.set<KXX_MEMBER_configfs_item_operations_release>(release);
		return ops;
	}
	static constexpr auto item_ops = make_item_ops();

	static consteval auto make_group_ops()
	{
		Initializer<configfs_group_operations> ops;

		ops.set<KXX_MEMBER_configfs_group_operations_make_group>(make_group);
		ops.set<KXX_MEMBER_configfs_group_operations_drop_item>(drop_item);
		return ops;
	}
	static constexpr auto group_ops = make_group_ops();

	static consteval auto make_type(const void *item, const void *group, const void *attrs)
	{
		Initializer<config_item_type> type;

		type.set<KXX_MEMBER_config_item_type_ct_owner>(THIS_MODULE);
		type.set<KXX_MEMBER_config_item_type_ct_item_ops>(item);
		type.set<KXX_MEMBER_config_item_type_ct_group_ops>(group);
		type.set<KXX_MEMBER_config_item_type_ct_attrs>(attrs);
		return type;
	}
	static constexpr auto type = make_type(nullptr, &group_ops, Attributes::attrs);
	static constexpr auto child_type = make_type(&item_ops, nullptr, ChildAttributes::attrs);

	bool registered_ = false;
};

} // namespace kxx
