// SPDX-License-Identifier: GPL-2.0
#include <linux/err.h>

#include <kxx/glue/base/err.h>

bool kxx_is_err(const void *pointer)
{
	return IS_ERR(pointer);
}

int kxx_ptr_err(const void *pointer)
{
	return PTR_ERR(pointer);
}

void *kxx_err_ptr(int err)
{
	return ERR_PTR(err);
}
