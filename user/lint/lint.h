/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * What is wrong with a seccomp profile, in words, each with its place. Any bytes are a profile to it;
 * it makes none and loads none.
 */
#ifndef LEASTCALL_LINT_H
#define LEASTCALL_LINT_H

#include "policy/policy.h"

enum lint_level { LINT_NOTE, LINT_WARNING, LINT_ERROR, LINT_LEVELS };
/* "note" ... */
const char *lint_level_name(enum lint_level level);

/* Who reads the profile: what one takes, another passes over in silence. */
enum lint_reader {
	READER_GUESS,   /* by the keys in it */
	READER_RUNTIME, /* the runtime-spec: runc, crun, youki; "linux.seccomp" of a config.json */
	READER_DOCKER,
	READER_PODMAN, /* and CRI-O */
	READER_K8S,    /* a Localhost profile, which containerd reads as the runtime-spec has it */
	READERS,
};
/* "runtime" ... */
const char *lint_reader_name(enum lint_reader reader);
/* False where there is no such reader; *ret is untouched then. */
bool lint_reader_from_name(const char *name, enum lint_reader *ret);

/* What can be found; a level, an id and words for each in lint.inc. */
enum lint_id {
#define FINDING(symbol, level, id, words) LINT_##symbol,
#include "lint.inc"
#undef FINDING
	LINT_IDS,
};
struct lint_row {
	const char *id; /* stable: scripts and people look for it */
	enum lint_level level;
	const char *words;
};
extern const struct lint_row lint_rows[LINT_IDS];

struct lint_finding {
	enum lint_id id;
	size_t offset; /* of the byte that it is about */
	size_t line;   /* from 1 */
	size_t column; /* from 1, in characters */
	char *words;   /* one line, printable */
};

struct lint {
	enum lint_reader reader;   /* never READER_GUESS */
	struct lint_finding *list; /* by place */
	size_t count, room;
	size_t seen[LINT_IDS];      /* with those that are too many for the list */
	size_t counts[LINT_LEVELS]; /* the same, by level */
};

/* Zero-initialised it asks for what most people want. */
struct lint_options {
	enum lint_reader reader;
	enum runtime runtime; /* RUNTIME_AUTO: all of them, and what they need is a note */
	bool no_new_privs;
};

/* Looks at `size` bytes; text[size] is NUL. The caller drops *ret. */
void lint_profile(const char *text, size_t size, const struct lint_options *options,
		  struct lint *ret);
void lint_drop(struct lint *lint);

/* "FILE:LINE:COLUMN: error: words [id]", a line each; those of `least` and above. */
void lint_print(const struct lint *lint, const char *file, enum lint_level least, FILE *out);
/* Elements of a JSON array, each on a line; *first: none was written yet. */
void lint_print_json(const struct lint *lint, const char *file, enum lint_level least, bool *first,
		     FILE *out);

#endif
