/* SPDX-License-Identifier: GPL-2.0 */
/* params.h - the names of the module and its disks, and its parameters, for C and C++ */
#ifndef CXXNULL_PARAMS_H
#define CXXNULL_PARAMS_H

#include <kxx/glue/types.h>

/* With DROP_IN=1 the module and its disks have the names of null_blk and its disks. */
#ifdef CXXNULL_DROP_IN
#define CXXNULL_NAME "null_blk"
#define CXXNULL_DISK "nullb"
#define CXXNULL_CONFIGFS_DIR "nullb"
#else
#define CXXNULL_NAME "cxxnull"
#define CXXNULL_DISK "cxxnullb"
#define CXXNULL_CONFIGFS_DIR "cxxnull"
#endif

typedef unsigned int cxxnull_uint;
typedef unsigned long cxxnull_ulong;
typedef bool cxxnull_bool;
typedef int cxxnull_int;
/* An int from 0 to 2. */
typedef int cxxnull_mode;

/* Size of the string of a fault injection parameter, as in null_blk. */
#define CXXNULL_FAULT_SIZE 80

struct cxxnull_params {
#define CXXNULL_PARAM(name, type, default, rule, min, max, unit, text) cxxnull_##type name;
#define CXXNULL_SETTING(name, type, param, param_type, default, rule, min, max, when, unit, text) \
	cxxnull_##param_type param;
#define CXXNULL_FAULT(name, group, text) char name[CXXNULL_FAULT_SIZE];
#include "attributes.def"
};

KXX_BEGIN_DECLS
/* Corrects @params, which must stay valid until cxxnull_exit(). Returns 0 or a negative errno. */
__visible int cxxnull_init(struct cxxnull_params *params);
__visible void cxxnull_exit(void);
KXX_END_DECLS

#endif
