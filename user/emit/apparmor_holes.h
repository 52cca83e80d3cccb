/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Which bytes of a name vary, and over what. */
#ifndef LEASTCALL_APPARMOR_HOLES_H
#define LEASTCALL_APPARMOR_HOLES_H

#include "apparmor_pattern.h"

/* What varies, or one number of it, in one part. */
struct hole {
	size_t from, to;   /* the cells that vary */
	size_t start, end; /* the part */
	uint16_t class;
};

/*
 * Finds what varies in the samples, of `size` cells each, and over which classes; returns how many holes
 * there are, 0 where there is nothing random. There is room for a hole a cell.
 */
size_t holes_settle(const struct sample *samples, size_t count, size_t size, struct hole *holes);
/* A number that is not filled up with zeros, such as that of a process, has other lengths elsewhere. */
bool hole_number(const struct hole *hole, const struct sample *samples, size_t count);

#endif
