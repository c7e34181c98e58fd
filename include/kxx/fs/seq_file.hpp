/* SPDX-License-Identifier: GPL-2.0 */
/*
 * seq_file.hpp - a file whose text is generated when it is read
 * Wraps <linux/seq_file.h>. Glue: glue/fs/debugfs.h
 */
#pragma once

#include <kxx/glue/fs/debugfs.h>

namespace kxx {

/**
 * SeqFile - struct seq_file: the destination of a show()
 *
 * Valid until the callback returns. If the buffer is too small, the kernel enlarges it and calls
 * show() again, so show() must have no other effect than its text. Context: process.
 */
class SeqFile {
public:
	explicit SeqFile(struct seq_file *file) : file_(file) {}
	SeqFile(const SeqFile &) = delete;
	SeqFile &operator=(const SeqFile &) = delete;

	/** raw - Returns the seq_file, for seq_printf() and similar functions of C */
	struct seq_file *raw() { return file_; }

private:
	struct seq_file *file_;
};

} // namespace kxx
