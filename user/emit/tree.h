/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* One document of maps and lists, as JSON or as YAML. Knows nothing of what is in it. */
#ifndef LEASTCALL_TREE_H
#define LEASTCALL_TREE_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

enum tree_form { TREE_JSON, TREE_YAML };

#define TREE_DEPTH_MAX 16

/* Zero-initialised but for form and out. */
struct tree {
	enum tree_form form;
	FILE *out;
	/* tree.c's own */
	unsigned int depth;
	struct {
		bool is_list;
		bool has_any;
	} open[TREE_DEPTH_MAX];
	bool after_dash;
};

/* The key is NULL in a list, and for the document itself, which is a map. */
void tree_map(struct tree *tree, const char *key);
void tree_list(struct tree *tree, const char *key);
/* Ends the innermost map or list; the last one ends the document. */
void tree_end(struct tree *tree);
/* The text is well-formed UTF-8. */
void tree_text(struct tree *tree, const char *key, const char *text);
void tree_number(struct tree *tree, const char *key, uint64_t number);
void tree_bool(struct tree *tree, const char *key, bool value);

#endif
