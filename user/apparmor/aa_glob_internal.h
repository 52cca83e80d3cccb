/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* What a pattern becomes: aa_glob.c makes it, aa_glob_match.c runs it; nobody else includes it. */
#ifndef LEASTCALL_AA_GLOB_INTERNAL_H
#define LEASTCALL_AA_GLOB_INTERNAL_H

#include "aa_glob.h"

/* No instruction. */
#define NONE UINT32_MAX

enum code {
	CODE_BYTE,  /* this byte */
	CODE_SET,   /* one of a set */
	CODE_SPLIT, /* goes on here and there */
	CODE_JUMP,  /* goes on there */
	CODE_END,   /* the path must end here */
};

struct instruction {
	enum code code;
	uint32_t value; /* the byte, the set's number, or where to go */
};

struct set {
	uint64_t bits[4];
};

struct aa_glob {
	struct instruction *list;
	uint32_t count, room;
	struct set *sets;
	uint32_t set_count;
	char *prefix; /* what every match begins with */
	size_t prefix_size;
	bool is_literal; /* ... and ends with */
};

#endif
