/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * What a reader must know of a name that stays as it is: that it may be called otherwise the next time.
 * Here the look of a name is all there is, so it changes no rule.
 */
#ifndef LEASTCALL_APPARMOR_MARKS_H
#define LEASTCALL_APPARMOR_MARKS_H

#include "apparmor_glob.h"

enum mark {
	MARK_LONELY = 1 << 0, /* looks random, and only one run has it */
	MARK_DATE = 1 << 1,   /* holds a date */
	MARK_ID = 1 << 2,     /* holds an id that the running system gave */
};

#define MARK_LONELY_WORDS "one run: may hold a random part"
#define MARK_DATE_WORDS   "holds a date"
#define MARK_ID_WORDS     "holds an id of the running system"

/* Sets the paths' marks. A path has those of the directories it is in. */
void marks_find(struct glob_path *paths, size_t count);

#endif
