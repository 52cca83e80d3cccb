/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The words of an AppArmor profile: names, paths and comments. A traced program chooses the names
 * of its files, so everything that passes through here must stay one name, one path, one comment.
 */
#ifndef LEASTCALL_APPARMOR_TEXT_H
#define LEASTCALL_APPARMOR_TEXT_H

#include <stdbool.h>
#include <stdint.h>

/*
 * apparmor_parser's scanner can't take a word or a comment of more than 16 KiB; half of that is
 * plenty, for PATH_MAX is 4096.
 */
#define APPARMOR_WORD_MAX 8000

/*
 * The path of a rule, quoted and escaped where it must be: apparmor.d(5), "Globbing". The start of
 * it becomes a variable where that allows nothing else: @{PROC}, @{sys}, @{run}, and @{pid} and
 * @{tid} for the numbers of processes. Takes the escaped form of text.h. NULL where it can't be
 * written: not absolute, or too long. The caller frees it.
 */
char *apparmor_path(const char *path);
/* The same without variables: for the value of one. */
char *apparmor_path_literal(const char *path);
/* The rule for the nameless files of a directory (O_TMPFILE), DIR/#[0-9]*, where path is one of
 * them; else NULL. */
char *apparmor_path_nameless(const char *path);

/* Letters as in "mrwk", "mrix": what a rule grants for the PERM_ bits that were seen. */
const char *apparmor_perms(uint32_t perms, bool child, char buf[12]);

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
