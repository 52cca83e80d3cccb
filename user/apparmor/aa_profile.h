/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * An AppArmor profile, as apparmor.d(5) has it: its rules, those of the files that it includes, and
 * where each of them stands. What the rules allow is asked in aa_match.h. Rules that are not understood
 * are an error, and in what is included count as none; alias rules and conditions (if) are kept and have
 * no effect.
 */
#ifndef LEASTCALL_AA_PROFILE_H
#define LEASTCALL_AA_PROFILE_H

#include "aa_glob.h"
#include "aa_scan.h"

enum aa_class {
	AA_FILE,
	AA_LINK,
	AA_CAPABILITY,
	AA_NETWORK,
	AA_UNIX,
	AA_SIGNAL,
	AA_PTRACE,
	AA_MOUNT,
	AA_REMOUNT,
	AA_UMOUNT,
	AA_PIVOT_ROOT,
	AA_CHANGE_PROFILE,
	AA_DBUS,
	AA_MQUEUE,
	AA_USERNS,
	AA_IO_URING,
	AA_RLIMIT,
	AA_ALL,   /* all, */
	AA_ABI,   /* abi <abi/3.0>, */
	AA_OTHER, /* unknown: nothing is said of what it allows */
	AA_CLASSES,
};
/* "file", "capability" ...: the word that its rules begin with. */
extern const char *const aa_class_names[AA_CLASSES];

/* What an executed program runs under. */
enum aa_transition {
	AA_TRANSITION_NONE,
	AA_TRANSITION_INHERIT,    /* ix: the same profile */
	AA_TRANSITION_LEAVE,      /* px, cx and those that may fall back to ix */
	AA_TRANSITION_UNCONFINED, /* ux and those that may fall back to it */
};

#define AA_NONE SIZE_MAX

struct aa_rule {
	enum aa_class class;
	size_t profile; /* index; AA_NONE: stands in front of them all */
	bool audit, deny, owner;
	bool in_block;         /* of a { that begins no profile */
	struct aa_words words; /* without the words in front; as they are written */
	/* of files, links */
	char *path; /* the pattern, without quotes; NULL: of every file */
	char *target;
	uint32_t perms; /* enum perm; PERM_EXEC: any transition */
	enum aa_transition transition;
	struct aa_glob **globs; /* the pattern with its variables' values: any of them */
	size_t glob_count;
	char *trouble;        /* why its pattern matches nothing; NULL: it is sound */
	struct aa_work *work; /* the file's */
	/* where it stands */
	const char *source; /* the included file; NULL: the file itself */
	size_t start, end;  /* in that file */
	unsigned int line;
};

struct aa_profile {
	char *name;         /* a child's with its parents': a//b */
	char *attachment;   /* NULL: none; a name that is a path is one */
	char *flags;        /* "flags=(complain)", or NULL */
	size_t parent;      /* AA_NONE: it stands by itself */
	bool is_included;   /* the rest is not about the file itself */
	size_t open, close; /* offsets: behind its {, and of its } */
	unsigned int line;
};

struct aa_variable {
	char *name; /* without @{} */
	char **values;
	size_t count;
};

/*
 * The questions that are put to a file's profiles may take so many steps in all, and what a variable
 * stands for is one. Who wrote the patterns is not known: some would be asked for hours.
 */
#define AA_STEPS_MAX UINT64_C(800000000)
struct aa_work {
	uint64_t left;
	const struct aa_rule *last; /* that was asked when none was left */
};

/* One path or pattern of a rule for files, so that few have to be asked. */
struct aa_entry {
	size_t profile;
	const char *path;           /* the one that it matches; NULL: the glob's, or any */
	const struct aa_glob *glob; /* NULL: a path, or any */
	const struct aa_rule *rule;
};

/* An include that says what was included. */
struct aa_include {
	size_t profile;
	char *path; /* as it was written: abstractions/base */
	size_t start, end;
	const char *source; /* the file that it stands in; NULL: the file itself */
	bool is_magic;      /* <> */
	bool if_exists, is_missing;
	unsigned int line;
};

struct aa_file {
	char *name; /* for people */
	char *text; /* of the file itself, as it is */
	size_t size;
	struct aa_rule *rules;
	size_t rule_count, rule_room;
	struct aa_profile *profiles;
	size_t profile_count;
	struct aa_variable *variables;
	size_t variable_count, variable_room; /* by name */
	struct aa_include *includes;
	size_t include_count;
	char **sources; /* what the sources of rules point to */
	size_t source_count;
	struct aa_entry *entries; /* by profile; patterns in front, then by path */
	size_t entry_count;
	struct aa_work *work;
};

/*
 * Parses the text of a profile. What it includes is read below `dir`; where dir is NULL, or holds no
 * abstractions at all, a few words of our own stand in for AppArmor's (aa_builtin.h). An include that
 * is not there is marked and is no error. Returns 0 and *ret for aa_file_drop(), or a negative errno
 * with the words in err, "NAME:LINE: ...".
 */
int aa_file_parse(const char *name, const char *text, size_t size, const char *dir,
		  struct aa_file *ret, struct err *err);
void aa_file_drop(struct aa_file *file);
#define _cleanup_aa_file_ __attribute__((cleanup(aa_file_drop)))

/*
 * Were there steps enough for all that was asked of the file until now? Else what was answered is worth
 * nothing: -E2BIG with the words in err, "NAME:LINE: ...".
 */
int aa_file_decided(const struct aa_file *file, struct err *err);

/* The profile of that name, or AA_NONE. */
size_t aa_profile_find(const struct aa_file *file, const char *name);

/* The values of a text with variables; `profile` may be AA_NONE. A negative errno with the words
 * where one is not known, there are too many, or no steps are left. The caller frees *ret with
 * aa_values_free(). */
int aa_variables_expand(const struct aa_file *file, size_t profile, const char *text, char ***ret,
			size_t *ret_count, struct err *err);
void aa_values_free(char **list, size_t count);

#endif
