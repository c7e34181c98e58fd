/* SPDX-License-Identifier: GPL-2.0 */
/*
 * module.hpp - load and unload functions of a module
 * Wraps THIS_MODULE of <linux/export.h>, and the parts of <linux/module.h> that C++ can express.
 * Glue: glue/base/module.h, and kbuild/main.c, which calls module_init() and module_exit()
 */
#pragma once

#include <utility>

#include <kxx/base/err.hpp>
#include <kxx/glue/base/module.h>
#include <kxx/glue/block/blkdev.h>
#include <kxx/mm/slab.hpp>
#include <kxx/sync/context.hpp>

#ifdef MODULE
struct module;
extern "C" struct module __this_module;
#define THIS_MODULE (&__this_module)
#else
#define THIS_MODULE nullptr
#endif

namespace kxx {

/**
 * wait_for_module_users - Waits until no task has a file or disk of this module open
 *
 * A module whose init fails must call this after it has unregistered everything: the kernel then
 * frees the module at once, even if user space has opened a file meanwhile. Includes
 * wait_for_disks(). Context: process, may sleep until the last file is closed.
 */
inline void wait_for_module_users() KXX_MAY_SLEEP
{
	kxx_wait_for_module_users(THIS_MODULE);
	kxx_wait_for_disks();
}

} // namespace kxx

/*
 * KXX_MODULE - Defines the functions for module_init() and module_exit()
 * @Type: the class of the one object that the loaded module owns
 * @make: Result<Box<Type>> make() KXX_MAY_SLEEP
 *
 * Loading the module calls @make, and fails with its error; unloading the module destroys the
 * object. A load that fails then waits for the module's users (wait_for_module_users()), and
 * unloading waits for its disks (wait_for_disks()). Use it once per module; kbuild/module.mk
 * builds such modules.
 *
 *     KXX_MODULE(Hello, Hello::make);
 *     MODULE_LICENSE("GPL");
 */
// NOLINTBEGIN(bugprone-macro-parentheses): the arguments are names.
#define KXX_MODULE(Type, make)                                                                     \
	static constinit Type *kxx_module_data;                                                    \
	__visible int kxx_module_init() KXX_MAY_SLEEP                                              \
	{                                                                                          \
		::kxx::Result<::kxx::Box<Type>> made = make();                                     \
                                                                                                   \
		if (!made) {                                                                       \
			::kxx::wait_for_module_users();                                            \
			return made.error().to_errno();                                            \
		}                                                                                  \
		kxx_module_data = std::move(made).value().into_raw();                              \
		return 0;                                                                          \
	}                                                                                          \
	__visible void kxx_module_exit()                                                           \
	{                                                                                          \
		{                                                                                  \
			/* Stored by kxx_module_init(); the kernel calls this once, after init. */ \
			auto dropped = ::kxx::Box<Type>::from_raw(kxx_module_data);                \
		}                                                                                  \
		::kxx_wait_for_disks();                                                            \
	}                                                                                          \
	static_assert(true)
// NOLINTEND(bugprone-macro-parentheses)

/* MODULE_LICENSE(), MODULE_AUTHOR(), MODULE_DESCRIPTION() - The same as in C */
#define MODULE_LICENSE(text) KXX_MODULE_INFO(license, text)
#define MODULE_AUTHOR(text) KXX_MODULE_INFO(author, text)
#define MODULE_DESCRIPTION(text) KXX_MODULE_INFO(description, text)

#define KXX_MODULE_INFO(tag, text)                                                                 \
	[[gnu::used, gnu::section(".modinfo"),                                                     \
	  gnu::aligned(1)]] static const char kxx_modinfo_##tag[] = #tag "=" text
