/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * What facts consist of: a row for every member of every kind. Writing, reading and merging go by
 * these rows, and know no kind but for what rows can't say.
 */
#ifndef LEASTCALL_FACT_FIELD_H
#define LEASTCALL_FACT_FIELD_H

#include "fact.h"

/* What a member is in struct fact, and what its value is in JSON. */
enum field_type {
	FIELD_TEXT,   /* const char * */
	FIELD_PATH,   /* the same, of bounded length */
	FIELD_ERRNOS, /* a call's errnos: an array */
	FIELD_VALUES, /* a call's arguments: an object */
	FIELD_NAME,   /* no member: what numbers are called, written for people and not read */
	/* those from here on have a field_number() */
	FIELD_NUMBER,     /* uint32_t or uint64_t */
	FIELD_ERRNO,      /* uint32_t, up to ERRNO_MAX */
	FIELD_STATUS,     /* int; none is -1 */
	FIELD_BOOL,       /* bool */
	FIELD_OWNER,      /* enum owner: true, false or absent */
	FIELD_PERMS,      /* uint32_t of enum perm: letters */
	FIELD_FLAGS,      /* uint32_t of enum path_flag: an array of words */
	FIELD_ABI,        /* enum abi: a word, and so on */
	FIELD_ARGS_LEVEL, /* enum args_level */
	FIELD_PHASE,      /* enum phase */
	FIELD_OPERATION,  /* enum operation */
	FIELD_PEER,       /* enum peer */
	FIELD_TYPES,
};

/* What merging makes of it; see the table in user/man/leastcall-recording.5. */
enum field_merge {
	MERGE_NONE,  /* it follows from the others */
	MERGE_WHO,   /* facts that differ in it are two: whose it is, and when */
	MERGE_FIRST, /* the same: what it is; they are sorted by these before ... */
	MERGE_KEY,   /* ... these */
	MERGE_WHOLE, /* the fact with the least of these is kept as it is */
	MERGE_LEAST,
	MERGE_MOST,
	MERGE_UNION, /* of bits or elements */
};

enum field_need {
	FIELD_MUST,    /* a line without it is refused */
	FIELD_MAY,     /* absent means 0, and 0 is not written */
	FIELD_WRITTEN, /* absent means 0, which is written all the same */
};

struct field {
	const char *key; /* NULL: behind the last one */
	enum field_type type;
	enum field_need need;
	enum field_merge merge;
	size_t offset, size; /* of the member */
	const char *(*name)(const struct fact *fact);
};

/* By enum fact_kind, in the order in which they are written: the run first. */
extern const struct field *const fact_fields[FACT_KINDS];

/* Its member is a const char *, and field_text() says where. */
bool field_is_text(const struct field *field);
const char **field_text(const struct fact *fact, const struct field *field);
/* Sorts as the member does; 0 where there is none. */
uint64_t field_number(const struct fact *fact, const struct field *field);
void field_number_set(struct fact *fact, const struct field *field, uint64_t number);
/* The word of one value, of those that are written as words; NULL where it has none. */
const char *field_word(enum field_type type, uint64_t number);
#define FIELD_WORDS_MAX 32 /* values above have no word */

#endif
