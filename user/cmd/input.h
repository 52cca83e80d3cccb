/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Files that may be recordings or profiles: which it is, is seen, and nobody has to say. Knows
 * nothing of what is done with them.
 */
#ifndef LEASTCALL_INPUT_H
#define LEASTCALL_INPUT_H

#include "util/util.h"

struct input {
	const char *name; /* what the user called it, or "stdin" */
	int fd;           /* at its start */
	bool is_profile;  /* else it is a recording, as far as its first line tells */
	bool is_apparmor; /* with is_profile: AppArmor's, else seccomp's */
};

/*
 * PATH, or "-" for stdin; pipes will do. Returns 0 and *ret for input_drop(), or a negative errno with
 * the words in err.
 */
int input_open(const char *path, struct input *ret, struct err *err);
void input_drop(struct input *input);
/* Has the text, behind comments and blank lines, a word that a profile of AppArmor may begin with? */
bool input_is_apparmor(const char *text);
#define _cleanup_input_ __attribute__((cleanup(input_drop)))

#endif
