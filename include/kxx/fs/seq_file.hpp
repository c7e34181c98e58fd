/* SPDX-License-Identifier: GPL-2.0 */
/*
 * seq_file.hpp - a file whose text is made when it is read
 * Wraps <linux/seq_file.h>. Glue: glue/fs/debugfs.h
 */
#pragma once

#include <kxx/glue/fs/debugfs.h>

namespace kxx {

/**
 * SeqFile - what a show() writes to; struct seq_file
 *
 * Valid until the callback returns. It grows as is needed, by running show() again: so show()
 * may have no effect but its text. Context: process.
 */
class SeqFile {
public:
	explicit SeqFile(struct seq_file *file) : file_(file) {}
	SeqFile(const SeqFile &) = delete;
	SeqFile &operator=(const SeqFile &) = delete;

	/** raw - for seq_printf() and its kin, which C++ calls as they are */
	struct seq_file *raw() { return file_; }

private:
	struct seq_file *file_;
};

} // namespace kxx
