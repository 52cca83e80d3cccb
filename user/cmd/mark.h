/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* What leastcall mark and a recorder agree upon. */
#ifndef LEASTCALL_MARK_H
#define LEASTCALL_MARK_H

/* The address, behind its NUL: this, the recorder's process id, a slash, the workload's name. */
#define MARK_PREFIX  "leastcall/mark/"
#define MARK_REQUEST "serving"

#endif
