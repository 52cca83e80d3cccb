/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Bytes that must survive JSON. File names are bytes, JSON is UTF-8: a backslash, and every byte
 * that is not part of well-formed UTF-8, is written as a backslash and three octal digits, as
 * /proc/self/mountinfo does. Every other byte stays. The form is unique and loses nothing.
 */
#ifndef LEASTCALL_TEXT_H
#define LEASTCALL_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The escaped form of `size` bytes (no NUL among them). The caller frees it. */
char *text_escape(const char *bytes, size_t size);
/*
 * The bytes behind an escaped form, NUL-terminated; *ret_size without the NUL. The caller frees
 * them. A backslash that no three octal digits follow stays as it is (\400 and above, and \000,
 * count as no escape).
 */
char *text_unescape(const char *escaped, size_t *ret_size);
/* The byte 0, which no path has: the names of abstract sockets may. Nothing unescapes it. */
#define TEXT_NUL "\\000"
/* The unique form of one that may be spelled otherwise: \101 is A, \000 stays. The caller frees it. */
char *text_settle(const char *escaped);
/*
 * For a terminal or a comment: control characters, backslash-escaped bytes and anything that is not
 * well-formed UTF-8 come out visible and harmless (\n as \012 ...). So do the characters that
 * reorder or hide text on a screen. The caller frees it.
 */
char *text_printable(const char *escaped);
/* Is it a character that text_printable() changes? */
bool text_acts(uint32_t character);
/* How many bytes the well-formed character at `text` has, of `size` bytes; 0 where there is none. */
size_t text_character(const char *text, size_t size, uint32_t *ret);
/* The last part of a path, within it; all of it where it ends with a slash. */
const char *path_base(const char *path);
/* Well-formed as the Unicode Standard's table 3-7 has it: nothing overlong, no surrogates. */
bool text_is_utf8(const char *bytes, size_t size);
/* strcmp(3) where NULL is a value, too, before all others. */
int text_compare(const char *a, const char *b);
/* How many bytes are, up to the first that is not. */
size_t text_utf8_size(const char *bytes, size_t size);

#endif
