/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The rules of an AppArmor profile that are not about files: whose they are, the list of them, and
 * who makes which. Knows nothing of the profile around them.
 */
#ifndef LEASTCALL_APPARMOR_RULES_H
#define LEASTCALL_APPARMOR_RULES_H

#include "emit.h"
#include "model/names.h"

/* In the order of upstream's profiles. */
enum rule_class {
	RULE_CAPABILITY,
	RULE_NETWORK,
	RULE_UNIX,
	RULE_MOUNT,
	RULE_USERNS,
	RULE_SIGNAL,
	RULE_PTRACE,
	RULE_MQUEUE,
	RULE_IO_URING,
	RULE_CHANGE_PROFILE,
	RULE_EXEC,
	RULE_NOTE, /* a comment: what can't be a rule */
	RULE_CLASSES,
};

struct class_rule;

struct class_rules {
	const struct model *model;
	const char *workload;
	const struct emit_options *options;
	/* Whose: as struct file_rules has them. */
	const struct names *exes, *not_exes;
	const char *self; /* what a rule calls a peer of the same workload */
	bool has_base;    /* abstractions/base is in the profile: what it grants is left out */
	/* made by class_rules_gather(), and added to by whoever has more */
	struct class_rule *list;
	size_t count, room;
};

/* Everything that the facts ask for, but for files. */
void class_rules_gather(struct class_rules *rules);
/* Sorted, each once; a blank line in front of each class. */
void class_rules_print(const struct class_rules *rules, FILE *out);
/* Others of the workload have a profile of their own, or none. */
bool class_rules_apart(const struct class_rules *rules);
void class_rules_drop(struct class_rules *rules);

/* One rule without its comma, or one comment without its sign. The remark, or NULL, goes behind it. */
void class_add(struct class_rules *rules, enum rule_class class, const char *remark,
	       const char *format, ...) __attribute__((format(printf, 4, 5)));
/* The next fact of the kind that counts, from *at on, which moves behind it; NULL at the end. */
const struct fact *class_next(const struct class_rules *rules, enum fact_kind kind, size_t *at);
/* Of FACT_OPERATION, the next of this operation. */
const struct fact *class_next_operation(const struct class_rules *rules, enum operation op,
					size_t *at);
/* Tells of something that has no word in a profile. */
void class_warn(const struct class_rules *rules, const char *words, const char *text);
/* The path in a rule; NULL, and a note of it, where it can't be one: flagged, not absolute, too long.
 * `flags` are those that may stand. The caller frees it. */
char *class_path(struct class_rules *rules, const struct fact *operation, const char *path,
		 uint32_t flags);
/* Any text as one word: quoted and escaped where it must be. The caller frees it; NULL: too long. */
char *class_word(const char *text);

/* apparmor_unix.c: sockets of AF_UNIX. */
void class_unix_add(struct class_rules *rules);
/* apparmor_mount.c: mount, remount, umount, pivot_root. */
void class_mount_add(struct class_rules *rules);

#endif
