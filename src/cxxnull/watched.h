/* SPDX-License-Identifier: GPL-2.0 */
/* watched.h - whether any disk has more done to a request than to serve it, for C and C++ */
#ifndef CXXNULL_WATCHED_H
#define CXXNULL_WATCHED_H

#include <kxx/glue/types.h>

KXX_BEGIN_DECLS
/* Costs nothing while no disk is: a static key. */
bool cxxnull_any_watched(void);
/* For good. Context: process, may sleep. */
void cxxnull_watch(void);
KXX_END_DECLS

#endif
