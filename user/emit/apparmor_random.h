/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Is a name a word that somebody chose, or was it drawn? Knows the look of bytes and who is known to
 * draw names; nothing of paths or rules.
 */
#ifndef LEASTCALL_APPARMOR_RANDOM_H
#define LEASTCALL_APPARMOR_RANDOM_H

#include "apparmor_pattern.h"

/* What was drawn: the cells from `from` up to `to`, of the class. */
struct drawn {
	size_t from, to;
	uint16_t class;
};

/*
 * Not words, with or without a number behind: of several samples one that is none will do where they
 * were written; who reads files reads what others have named, so there all must be none.
 */
bool samples_random(const struct sample *samples, size_t count, const struct drawn *part);
/* True where the samples, of `size` cells each, look as if one of the known makers had drawn them. */
bool samples_maker(const struct sample *samples, size_t count, size_t size, struct drawn *ret);

/* Is a name, by its look alone, likely to be another one the next time? Of words the mark is rare. */
bool name_looks_random(const uint16_t *cells, size_t size);

/* The class of all that the samples have from `from` up to `to`; 0: none holds it. */
uint16_t samples_class(const struct sample *samples, size_t count, size_t from, size_t to);
bool samples_share(const struct sample *samples, size_t count, size_t at);

#endif
