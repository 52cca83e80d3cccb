/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * What somebody's AppArmor profile lacks for what was recorded, and the same profile with it: every
 * byte that was there stays. Knows no files.
 */
#ifndef LEASTCALL_APPARMOR_UPDATE_H
#define LEASTCALL_APPARMOR_UPDATE_H

#include "apparmor/aa_match.h"
#include "emit.h"

struct update_rule {
	char *text;   /* without its comma */
	char *remark; /* what is doubtful about it, as its profile would say; or NULL */
	enum aa_class class;
	size_t at,
		order; /* where it is put in the profile's text; among those that are put there */
	const char *indent; /* the profile's blanks in front of it, indent_size of them */
	size_t indent_size;
	enum update_place {
		PLACE_LINE,   /* a line of its own at the start of one */
		PLACE_LAST,   /* ... and a blank one behind it */
		PLACE_INSIDE, /* within a line */
	} place;
};

struct update {
	struct update_rule *rules; /* as they are to be added */
	size_t count;
	char **denied; /* what a deny rule of the profile takes, and no other rule can give back */
	size_t denied_count;
	char *stranger; /* what was recorded, where the profile is attached to another program */
};

/*
 * Compares. The caller drops *ret, which points into `file`. Returns 0 or a negative errno with the
 * words in err.
 */
int update_make(const struct model *model, const struct emit_options *options,
		const struct aa_file *file, size_t profile, struct update *ret, struct err *err);
void update_drop(struct update *update);
#define _cleanup_update_ __attribute__((cleanup(update_drop)))

/* The recording's own profile, read back: every rule written down, attached to nothing, so that it can
 * be compared. It has options->name; children speak of it. The caller drops *ret. Returns 0 or a negative errno with the words in err. */
int apparmor_rules_make(const struct model *model, const struct emit_options *options,
			struct aa_file *ret, struct err *err);

/* apparmor_place.c: where in the file the rule belongs: behind those that are most like it. `path` is a
 * file rule's, or NULL. Looks at *left rules at most, and takes from it; then the place is the end. */
void update_place(const struct aa_file *file, size_t profile, const char *path, uint64_t *left,
		  struct update_rule *rule);
/* The profile's text with the rules in it. */
void update_print(const struct aa_file *file, const struct update *update, FILE *out);

#endif
