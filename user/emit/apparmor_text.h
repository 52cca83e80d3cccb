/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The words of an AppArmor profile: names, paths and comments. A traced program chooses the names
 * of its files, so everything that passes through here must stay one name, one path, one comment.
 */
#ifndef LEASTCALL_APPARMOR_TEXT_H
#define LEASTCALL_APPARMOR_TEXT_H

#include <stdbool.h>
#include <stdint.h>

#include "apparmor_cells.h"

/*
 * apparmor_parser's scanner can't take a word or a comment of more than 16 KiB; half of that is
 * plenty, for PATH_MAX is 4096.
 */
#define APPARMOR_WORD_MAX 8000

/*
 * The cells of a path, its bytes: the numbers of processes below /proc are CELL_PID and CELL_TID.
 * The caller drops them.
 */
void apparmor_cells(const char *bytes, struct cells *ret);

/* A path as the kernel has it: absolute, with no doubled slash and neither "." nor ".." in it. The
 * parser would make another one of any other. */
bool apparmor_is_path(const char *bytes);

/* Variables that stand for more than one place, for the start of a path. */
#define APPARMOR_MULTIARCH 1 /* @{multiarch}: every triplet's directory below lib */
#define APPARMOR_HOME      2 /* @{HOME}: everybody's */

/*
 * The path of a rule, quoted and escaped where it must be: apparmor.d(5), "Globbing". The start of
 * it becomes a variable where that allows nothing else (@{PROC}, @{sys}, @{run}), or is among those
 * of `variables`. NULL where it can't be written: no path, or too long. The caller frees it.
 */
char *apparmor_word(const struct cells *cells, unsigned int variables);
/* The same of a path in the escaped form of text.h, with none of the variables. */
char *apparmor_path(const char *path);
/* Without any variable: for the value of one. */
char *apparmor_path_literal(const char *path);
/* The cells of "@name" of an abstract socket, in the same form, with TEXT_NUL in it: without the @, and
 * behind a place of their own, of APPARMOR_ABSTRACT cells. The caller drops them. */
void apparmor_abstract_cells(const char *address, struct cells *ret);
#define APPARMOR_ABSTRACT 3
/* The word for such cells; NULL: too long for a rule. The caller frees it. */
char *apparmor_abstract(const struct cells *cells);

/* "mrwk": what a rule grants for the PERM_ bits, but for x: how to execute is the rule's to say. */
const char *apparmor_perms(uint32_t perms, char buf[8]);

/* May it be a profile's name: A-Z a-z 0-9 . _ -, not starting with . or -. */
bool apparmor_name_valid(const char *name);
/*
 * A valid name made of any text: the text itself where it is one, else with a digest at its end, so
 * that nobody who may choose a text gets the name of another's. The caller frees it.
 */
char *apparmor_name(const char *text);
/* What stands at the end of a name that was altered. */
uint32_t name_digest(const char *text);
/* What may stand behind a # on one line. The caller frees it. */
char *apparmor_comment(const char *text);

#endif
