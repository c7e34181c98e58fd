/* SPDX-License-Identifier: GPL-2.0 */
/*
 * configfs.hpp - configfs groups that user space makes, and their attributes
 * Wraps <linux/configfs.h>. Glue: glue/fs/configfs.h
 *
 * A subsystem is a directory of /sys/kernel/config. mkdir in it makes a group. The driver has an
 * object for the subsystem (root) and one for each group in it (child):
 *
 *     struct Disk { // the child
 *             unsigned int size = 1;
 *             void dropped(); // called by rmdir; the object is destroyed later
 *     };
 *     struct Disks { // the root
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
 * Each group that mkdir made, and each open file of an attribute, has a reference on the module. A
 * file may stay open after the rmdir of its group: reads and writes of it then fail with -ENOENT, so
 * that the kernel's own files for fault injection (fault-inject.hpp) need no reference.
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
KXX_HAS_MEMBER(has_put_default_groups, put_default_groups);

/* Base class with the C structure, from whose address the C++ object is found again. */
template <typename C> struct ConfigfsHead {
	Opaque<C> raw;
};

} // namespace detail

/**
 * ConfigfsGroup - struct config_group: a group that mkdir made, with its object of type T
 *
 * The Box that make() returns owns the group, until make_group() returns it to configfs. From
 * then on configfs owns it until rmdir, and each holder of a reference. Cannot be moved.
 * Context: process.
 */
template <typename T> class ConfigfsGroup : private detail::ConfigfsHead<config_group> {
	using Head = detail::ConfigfsHead<config_group>;

public:
	/** make - Allocates a group, with its T constructed from @args; -ENOMEM */
	template <typename... Args>
	static Result<Box<ConfigfsGroup>> make(Args &&...args) KXX_MAY_SLEEP
	{
		return Box<ConfigfsGroup>::make(GFP_KERNEL, std::forward<Args>(args)...);
	}
	ConfigfsGroup(const ConfigfsGroup &) = delete;
	ConfigfsGroup &operator=(const ConfigfsGroup &) = delete;

	/** data - Returns the T */
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
		// SAFETY: the config_group is the only member of Head, so both have one address.
		// ConfigfsGroup<T> derives from that Head: callbacks get only groups with
		// child_type.
		return *static_cast<ConfigfsGroup *>(reinterpret_cast<Head *>(group));
	}

	T data_;
};

namespace detail {

/* Base of ConfigfsSubsystem that does not depend on the attributes, so that they can use it. */
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
		// SAFETY: the same as for ConfigfsGroup::from_group().
		return static_cast<ConfigfsRoot *>(
			       reinterpret_cast<Head *>(kxx_to_configfs_subsystem(group)))
			->root_;
	}

private:
	Root root_;
};

} // namespace detail

/**
 * ConfigfsAttribute - struct configfs_attribute: a file of a group or of the subsystem
 * @show: void (const T &, SysfsBuffer &), or nullptr if the file cannot be read
 * @store: Result<void> (const T &, const SysfsInput &), or nullptr if it cannot be written
 *
 * T is the object of the group or of the subsystem. @show and @store may also be lambdas without
 * captures, or const methods of T, without the first parameter; a lambda that uses KXX_TRY() needs
 * a name, a constexpr variable. The attribute is a constant, which the kernel does not write to.
 *
 * Context of both: process, may sleep. Several calls may run at once, also for one group, so T is
 * const: store() may change only an Atomic or data in a Mutex. The compilers accept a `mutable`
 * member and the object of a Box without a lock; only KCSAN reports the race.
 */
template <auto show, auto store = nullptr> class ConfigfsAttribute {
	static constexpr bool can_show = !std::is_null_pointer_v<decltype(show)>;
	static constexpr bool can_store = !std::is_null_pointer_v<decltype(store)>;

	using ShowData = typename detail::DataOfShow<decltype(show)>::type;
	using StoreData = typename detail::DataOfStore<decltype(store)>::type;

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

	/** ConfigfsAttribute - Makes the attribute with the file name @name */
	template <size_t n>
	consteval explicit ConfigfsAttribute(const char (&name)[n])
		: attribute_(make(name)), name_(name)
	{
		static_assert(n > 1, "an attribute has a name");
	}
	ConfigfsAttribute(const ConfigfsAttribute &) = delete;
	ConfigfsAttribute &operator=(const ConfigfsAttribute &) = delete;

	/** name - Returns the file name */
	constexpr const char *name() const { return name_; }

private:
	using Attribute = Initializer<configfs_attribute>;

	/* Returns auto, since Data is void after a failed static_assert: no second error then. */
	static const auto &data_of(struct config_item *item)
	{
		// SAFETY: configfs calls an attribute only for groups of the type that lists it.
		struct config_group *group = kxx_to_config_group(item);

		if constexpr (detail::has_make_group<Data>)
			return detail::ConfigfsRoot<Data>::root_of(group);
		else
			return ConfigfsGroup<Data>::from_group(group).data();
	}

	static ssize_t do_show(struct config_item *item, char *page) KXX_MAY_SLEEP
	{
		SysfsBuffer buffer(page);

		detail::call_attribute<show>(data_of(item), buffer);
		return buffer.length();
	}

	static ssize_t do_store(struct config_item *item, const char *text,
				size_t count) KXX_MAY_SLEEP
	{
		Result<void> stored =
			detail::call_attribute<store>(data_of(item), SysfsInput(text));

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

/** ConfigfsAttributes - The attributes of one type of group */
template <const auto &first, const auto &...more> class ConfigfsAttributes {
public:
	using Data = typename std::remove_cvref_t<decltype(first)>::Data;

	/* The kernel does not write to this array, although its pointer to it is not const. */
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
 * @Attributes: the files of the subsystem. Their T, the root, must have
 *              Result<Box<ConfigfsGroup<Child>>> make_group(const char *name), for mkdir.
 *              It must copy @name to keep it, since configfs frees the text
 * @ChildAttributes: the files of each group. Their T, the child, must have
 *                   void dropped(), for rmdir, and for a mkdir that fails after
 *                   make_group(): show() and store() do not run during or after it.
 *                   It may have, for default groups,
 *                   void add_default_groups(ConfigfsGroup<Child> &) and
 *                   void put_default_groups(), which is called before dropped()
 *
 * Owns the root; configfs owns the children. Must not be destroyed while a child exists. Each child
 * has a reference on the module, so no child exists when the module is unloaded. But user space can
 * make a child as soon as make() has registered the subsystem, also while the module's init still
 * runs. So make the subsystem in the last step of init that can fail. Context: process, may sleep;
 * make_group() and dropped() are serialised.
 */
template <typename Attributes, typename ChildAttributes>
class ConfigfsSubsystem : private detail::ConfigfsRoot<typename Attributes::Data> {
	using Base = detail::ConfigfsRoot<typename Attributes::Data>;

public:
	using Root = typename Attributes::Data;
	using Child = typename ChildAttributes::Data;

	static_assert(detail::has_make_group<Root>, "the root of a subsystem has a make_group()");
	/* ConfigfsAttribute::data_of() tells the two types apart by make_group(). */
	static_assert(!detail::has_make_group<Child>, "a group in a subsystem has no make_group()");
	static_assert(detail::has_dropped<Child>, "a group in a subsystem has a dropped()");
	static_assert(detail::has_add_default_groups<Child> ==
			      detail::has_put_default_groups<Child>,
		      "add_default_groups() and put_default_groups() go together");

	/**
	 * make - configfs_register_subsystem(): constructs the root from @args
	 *
	 * Fails with -ENOMEM, or with -EEXIST if the name exists.
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
		// SAFETY: make_group() released the Box; configfs calls this for the last
		// reference.
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
