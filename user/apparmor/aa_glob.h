/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * One pattern of apparmor.d(5), "Globbing", and whether it matches a path. Exact: what
 * apparmor_parser makes of the pattern matches the same paths. Knows no variables and no rules.
 */
#ifndef LEASTCALL_AA_GLOB_H
#define LEASTCALL_AA_GLOB_H

#include "util/util.h"

struct aa_glob;

/* A longer pattern is an error. The longest that leastcall writes is half of it. */
#define AA_PATTERN_MAX 16384

/*
 * The pattern is as a profile has it, without its quotes. Slashes that follow one another become one,
 * as the parser has it. Returns 0, or -EINVAL with the words in err: groups or classes that do not
 * close, a class or a group with nothing in it, too long.
 */
int aa_glob_make(const char *pattern, struct aa_glob **ret, struct err *err);
void aa_glob_free(struct aa_glob *glob);

/*
 * Steps are about as long whatever they are for; who asks says how many may be made. Takes them from
 * *left; false where there are not as many, and none are left then.
 */
bool aa_steps_take(uint64_t *left, uint64_t count);

/* `path` is bytes, not escaped. Takes steps in proportion to path times pattern at most; where they do
 * not suffice the answer is false, and worth nothing. */
bool aa_glob_match(const struct aa_glob *glob, const char *path, uint64_t *left);
/* The one path that it matches, NULL where there are more. */
const char *aa_glob_literal(const struct aa_glob *glob);
/* What every path begins with that it matches; of a literal, all of it. */
const char *aa_glob_prefix(const struct aa_glob *glob);

/* A path that it matches, and that hardly anything does which matches fewer: stars stand for an odd
 * byte. NULL where it has groups of more than classes, of which every branch would want one. The caller
 * frees it. */
char *aa_glob_sample(const struct aa_glob *glob);

/*
 * The byte that the escape at *at (a backslash) stands for; *at moves behind it. Escapes: \ooo, \xHH,
 * \dNNN, the letters a e f n r t, and any other byte for itself. -1 where nothing follows.
 */
int aa_escape_read(const char **at);

#endif
