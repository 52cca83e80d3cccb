/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * JSON that knows where each value stands, and that goes on reading behind the usual slips so that
 * more than the first is told. Knows nothing of profiles.
 */
#ifndef LEASTCALL_LINT_JSON_H
#define LEASTCALL_LINT_JSON_H

#include "lint.h"

enum node_kind {
	NODE_NULL = 1 << 0,
	NODE_BOOL = 1 << 1,
	NODE_NUMBER = 1 << 2,
	NODE_STRING = 1 << 3,
	NODE_ARRAY = 1 << 4,
	NODE_OBJECT = 1 << 5,
};
/* "a string" ... */
const char *node_kind_name(enum node_kind kind);

struct node {
	enum node_kind kind;
	size_t offset, end; /* its first byte, and the one behind it */
	char *text;         /* NODE_STRING: without escapes; NODE_NUMBER: as it stands */
	char *key;          /* of a member of an object */
	size_t key_offset;
	struct node *child, *last, *next; /* elements and members, in their order */
};

/*
 * What stands in the text, and a finding for each slip. NULL where there is nothing that could be
 * used, or where reading had to stop; there is an error among the findings then. For node_drop().
 */
struct node *node_read(const char *text, size_t size, struct lint *lint);
void node_drop(struct node *node);

/* The member of that name, the last one of several; else one that differs in case only; or NULL.
 * One that is null is none. */
const struct node *node_member(const struct node *object, const char *key);
size_t node_count(const struct node *node);

/* lint_scan.c, for lint_json.c. */
struct node_reader {
	const char *text;
	size_t size, at;
	struct lint *lint;
	unsigned int depth;
	size_t nodes;
	size_t line, line_at; /* of scan_line() */
	bool stopped;         /* nothing sensible can be read any more */
};
/* Passes over white space, and comments, which are findings. */
void scan_space(struct node_reader *reader);
/* A string at a quotation mark of any kind; it and its place. */
char *scan_string(struct node_reader *reader);
/* A number or a bare word; sets node->kind and node->text. */
void scan_word(struct node_reader *reader, struct node *node);
/* A quotation mark at this place: '"', '\\'', or '?' for the curly ones; 0 where there is none. */
char scan_quote(const struct node_reader *reader);
/* The line of a place, from 1. */
size_t scan_line(struct node_reader *reader, size_t offset);

#endif
