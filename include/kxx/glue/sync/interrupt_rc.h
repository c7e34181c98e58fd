/* SPDX-License-Identifier: GPL-2.0 */
/* glue/sync/interrupt_rc.h - <linux/interrupt_rc.h> for C++ */
#ifndef KXX_GLUE_INTERRUPT_RC_H
#define KXX_GLUE_INTERRUPT_RC_H

#include <kxx/glue/types.h>

KXX_BEGIN_DECLS
void kxx_local_interrupt_disable(void);
void kxx_local_interrupt_enable(void);
KXX_END_DECLS

#endif
