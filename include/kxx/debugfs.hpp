/* SPDX-License-Identifier: GPL-2.0 */
/*
 * debugfs.hpp - a file of debugfs that shows an object
 * Wraps <linux/debugfs.h>. Glue: glue/debugfs.h
 */
#pragma once

#include <kxx/annotations.hpp>
#include <kxx/context.hpp>
#include <kxx/glue/debugfs.h>
#include <kxx/seq_file.hpp>

namespace kxx {

/**
 * DebugfsFile - /sys/kernel/debug/NAME, mode 0444
 * @T: has void show(SeqFile &) const, or not const, which writes the text; it runs in
 *     process context, for several readers at once
 *
 * Owns the file; borrows the object, which must outlive it. Pinned. That debugfs
 * is not there, or has a file of that name already, is nobody's error, as in C:
 * then there is no file.
 *
 * Context: process, may sleep; the destructor waits for readers.
 *
 *     struct Disk { void show(SeqFile &file) { space.lock()->print(file); } ... };
 *     DebugfsFile<Disk> file("cxxnull_space", disk);
 */
template <typename T> class DebugfsFile {
public:
	/** DebugfsFile - debugfs_create_file() */
	DebugfsFile(const char *name, T &object KXX_LIFETIMEBOUND) KXX_MAY_SLEEP
		: file_{ .show = show, .object = &object, .dentry = nullptr }
	{
		kxx_debugfs_create_file(&file_, name);
	}
	DebugfsFile(const DebugfsFile &) = delete;
	DebugfsFile &operator=(const DebugfsFile &) = delete;
	~DebugfsFile() KXX_MAY_SLEEP { kxx_debugfs_remove(&file_); }

private:
	static void show(struct seq_file *raw, void *object)
	{
		SeqFile file(raw);

		// SAFETY: debugfs calls this between the creation and the removal of
		// the file alone, and file_ got a T there.
		static_cast<T *>(object)->show(file);
	}

	struct kxx_debugfs_file file_;
};

} // namespace kxx
