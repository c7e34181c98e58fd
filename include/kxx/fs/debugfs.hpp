/* SPDX-License-Identifier: GPL-2.0 */
/*
 * debugfs.hpp - directories of debugfs, and files that show an object
 * Wraps <linux/debugfs.h>. Glue: glue/fs/debugfs.h
 */
#pragma once

#include <kxx/base/annotations.hpp>
#include <kxx/sync/context.hpp>
#include <kxx/glue/fs/debugfs.h>
#include <kxx/fs/seq_file.hpp>

namespace kxx {

/**
 * DebugfsDir - A directory of debugfs: /sys/kernel/debug/NAME, or NAME in another DebugfsDir
 *
 * Owns the directory, which must outlive its files. Cannot be moved. As in C, a failure to make
 * the directory is no error: its files do not exist then.
 *
 * Context: process, may sleep.
 */
class DebugfsDir {
public:
	/** DebugfsDir - debugfs_create_dir() */
	explicit DebugfsDir(const char *name) KXX_MAY_SLEEP
		: dir_(::debugfs_create_dir(name, nullptr))
	{
	}
	DebugfsDir(const char *name, const DebugfsDir &parent KXX_LIFETIMEBOUND) KXX_MAY_SLEEP
		: dir_(::debugfs_create_dir(name, parent.dir_))
	{
	}
	DebugfsDir(const DebugfsDir &) = delete;
	DebugfsDir &operator=(const DebugfsDir &) = delete;
	~DebugfsDir() KXX_MAY_SLEEP { ::debugfs_remove(dir_); }

private:
	template <typename T> friend class DebugfsFile;

	struct dentry *dir_;
};

/**
 * DebugfsFile - A file of debugfs with mode 0444: /sys/kernel/debug/NAME, or NAME in a DebugfsDir
 * @T: has void show(SeqFile &) const, which writes the text of the file. It runs in process
 *     context, perhaps for several readers at once, and may sleep
 *
 * Owns the file. Borrows the object, which must outlive the file. Cannot be moved. As in C, a
 * failure is no error: without debugfs, or if the name exists, there is no file.
 *
 * Context: process, may sleep; the destructor waits for readers.
 *
 *     struct Disk { void show(SeqFile &file) const { space.lock()->print(file); } ... };
 *     DebugfsFile<Disk> file("cxxnull_space", disk);
 */
template <typename T> class DebugfsFile {
public:
	/** DebugfsFile - debugfs_create_file() */
	DebugfsFile(const char *name, T &object KXX_LIFETIMEBOUND) KXX_MAY_SLEEP
		: file_{ .show = show, .object = &object, .dentry = nullptr }
	{
		kxx_debugfs_create_file(&file_, name, nullptr);
	}
	DebugfsFile(const char *name, T &object KXX_LIFETIMEBOUND,
		    const DebugfsDir &parent KXX_LIFETIMEBOUND) KXX_MAY_SLEEP
		: file_{ .show = show, .object = &object, .dentry = nullptr }
	{
		kxx_debugfs_create_file(&file_, name, parent.dir_);
	}
	DebugfsFile(const DebugfsFile &) = delete;
	DebugfsFile &operator=(const DebugfsFile &) = delete;
	~DebugfsFile() KXX_MAY_SLEEP { kxx_debugfs_remove(&file_); }

private:
	static void show(struct seq_file *raw, void *object) KXX_MAY_SLEEP
	{
		SeqFile file(raw);

		// SAFETY: the constructor stored a T, and the destructor's debugfs_remove()
		// waits for running calls.
		static_cast<const T *>(object)->show(file);
	}

	struct kxx_debugfs_file file_;
};

} // namespace kxx
