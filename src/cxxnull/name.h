/* SPDX-License-Identifier: GPL-2.0 */
/* name.h - what things are called: by names of their own, or with DROP_IN=1 by null_blk's */
#ifndef CXXNULL_NAME_H
#define CXXNULL_NAME_H

#ifdef CXXNULL_DROP_IN
#define CXXNULL_NAME "null_blk"
#define CXXNULL_DISK "nullb"
#define CXXNULL_CONFIGFS_DIR "nullb"
#else
#define CXXNULL_NAME "cxxnull"
#define CXXNULL_DISK "cxxnullb"
#define CXXNULL_CONFIGFS_DIR "cxxnull"
#endif

#endif
