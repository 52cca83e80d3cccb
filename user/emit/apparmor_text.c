/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Escaping for apparmor_parser, tried out with 3.0.8: inside quotes a backslash before one of the
 * globbing characters, three octal digits for control bytes and what is not ASCII. Needless
 * backslashes are a warning there, so only what must be escaped is. Quotes and backslashes are
 * octal too: the scanner takes every \" for a quote inside, also in "/ends\\", and would read on.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "apparmor_text.h"
#include "model/fact.h"
#include "model/text.h"

#define NAME_SIZE_MAX    100
#define DIGEST_SIZE      9 /* "-0123abcd" */
#define COMMENT_SIZE_MAX 1000

static const char plain[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789/._+-";
static const char globs[] = "[]{}*?^";

/* Bytes for the inside of quotes. */
static void bytes_print(const char *bytes, FILE *out)
{
	unsigned char c;

	for (; *bytes; bytes++) {
		c = (unsigned char)*bytes;
		if (c < 0x20 || c > 0x7e || c == '"' || c == '\\')
			fprintf(out, "\\%03o", c);
		else if (strchr(globs, c))
			fprintf(out, "\\%c", c);
		else
			fputc(c, out);
	}
}

/* variables + bytes + tail, in quotes where needed; variables and tail are our own words. */
static char *word_make(const char *variables, const char *bytes, const char *tail)
{
	bool quoted = *tail || bytes[strspn(bytes, plain)];
	char *word = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&word, &size);

	if (!out)
		return NULL;
	fprintf(out, "%s%s", quoted ? "\"" : "", variables);
	bytes_print(bytes, out);
	fprintf(out, "%s%s", tail, quoted ? "\"" : "");
	fclose(out);
	if (size > APPARMOR_WORD_MAX) {
		free(word);
		return NULL;
	}
	return word;
}

/* How long the process number at `text` is, as @{pid} of tunables/kernelvars has it; 0: none. */
static size_t pid_size(const char *text)
{
	size_t size = strspn(text, "0123456789");

	if (!size || *text == '0' || size > 7 || (size == 7 && *text > '4'))
		return 0;
	return text[size] == '/' || !text[size] ? size : 0;
}

/* The variables that stand for the start of the path; *bytes moves behind it. */
static void variables_take(const char **bytes, char *variables, size_t size)
{
	static const struct {
		const char *prefix, *variable;
	} rows[] = {
		/* tunables/proc, sys and run of AppArmor 3.0 */
		{"/proc/", "@{PROC}/"},
		{"/sys/", "@{sys}/"},
		{"/run/", "@{run}/"},
		{"/var/run/", "@{run}/"},
	};
	size_t i, digits;

	for (i = 0; i < ARRAY_SIZE(rows); i++)
		if (!strncmp(*bytes, rows[i].prefix, strlen(rows[i].prefix)))
			break;
	if (i == ARRAY_SIZE(rows)) {
		*variables = '\0';
		return;
	}
	*bytes += strlen(rows[i].prefix);
	digits = i == 0 ? pid_size(*bytes) : 0;
	if (!digits) {
		snprintf(variables, size, "%s", rows[i].variable);
		return;
	}
	*bytes += digits;
	digits = strncmp(*bytes, "/task/", 6) ? 0 : pid_size(*bytes + 6);
	*bytes += digits ? 6 + digits : 0;
	snprintf(variables, size, "@{PROC}/@{pid}%s", digits ? "/task/@{tid}" : "");
}

static char *path_word(const char *bytes, const char *tail)
{
	char variables[40];

	if (*bytes != '/')
		return NULL;
	variables_take(&bytes, variables, sizeof(variables));
	return word_make(variables, bytes, tail);
}

char *apparmor_path(const char *path)
{
	_cleanup_free_ char *bytes = text_unescape(path, NULL);

	return path_word(bytes, "");
}

char *apparmor_path_literal(const char *path)
{
	_cleanup_free_ char *bytes = text_unescape(path, NULL);

	return *bytes == '/' ? word_make("", bytes, "") : NULL;
}

char *apparmor_path_nameless(const char *path)
{
	_cleanup_free_ char *bytes = text_unescape(path, NULL);
	char *slash = strrchr(bytes, '/');

	if (!slash || slash[1] != '#' || !slash[2] || slash[2 + strspn(slash + 2, "0123456789")])
		return NULL;
	slash[1] = '\0';
	return path_word(bytes, "#[0-9]*");
}

const char *apparmor_perms(uint32_t perms, bool child, char buf[12])
{
	size_t used = 0;

	if (perms & PERM_EXEC)
		perms |= PERM_MAP;
	if (perms & PERM_MAP)
		buf[used++] = 'm';
	if (perms & (PERM_READ | PERM_MAP))
		buf[used++] = 'r';
	/* w holds a, and the parser refuses both in one rule. */
	if (perms & PERM_WRITE)
		buf[used++] = 'w';
	else if (perms & PERM_APPEND)
		buf[used++] = 'a';
	if (perms & PERM_LINK)
		buf[used++] = 'l';
	if (perms & PERM_LOCK)
		buf[used++] = 'k';
	if (perms & PERM_EXEC && child) {
		buf[used++] = 'i';
		buf[used++] = 'x';
	}
	buf[used] = '\0';
	return buf;
}

static const char name_bytes[] =
	"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-";

bool apparmor_name_valid(const char *name)
{
	size_t size = strspn(name, name_bytes);

	return size && size <= NAME_SIZE_MAX && !name[size] && *name != '.' && *name != '-' &&
	       strcmp(name, "unconfined") != 0;
}

/* FNV-1a of 32 bits. Without a key, for the name is to be the same the next time. */
uint32_t name_digest(const char *text)
{
	uint32_t digest = 2166136261u;

	for (; *text; text++)
		digest = (digest ^ (unsigned char)*text) * 16777619u;
	return digest;
}

static bool name_ends_in_digest(const char *name)
{
	size_t size = strlen(name);

	return size >= DIGEST_SIZE && name[size - DIGEST_SIZE] == '-' &&
	       strspn(name + size - DIGEST_SIZE + 1, "0123456789abcdef") == DIGEST_SIZE - 1;
}

char *apparmor_name(const char *text)
{
	_cleanup_free_ char *bytes = text_unescape(text, NULL), *name = NULL;
	bool leading = *bytes == '.' || *bytes == '-' || !*bytes || !strcmp(bytes, "unconfined");
	char *c;

	/* A leading dot would make <local/..> a directory, and the parser reads all of one. */
	name = xasprintf("%s%.*s", leading ? "_" : "", NAME_SIZE_MAX - 1, bytes);
	for (c = name; *c; c++)
		if (!strchr(name_bytes, *c))
			*c = '_';
	/* One that looks as if it had a digest gets one: it would be somebody else's name. */
	if (!strcmp(name, text) && !name_ends_in_digest(name))
		return take(name);
	return xasprintf("%.*s-%08x", NAME_SIZE_MAX - DIGEST_SIZE, name, name_digest(text));
}

char *apparmor_comment(const char *text)
{
	_cleanup_free_ char *printable = text_printable(text);
	size_t size = strlen(printable), cut = COMMENT_SIZE_MAX;

	if (size <= cut)
		return take(printable);
	/* Not in the middle of a character. */
	while (cut && ((unsigned char)printable[cut] & 0xc0) == 0x80)
		cut--;
	return xasprintf("%.*s... (%zu bytes)", (int)cut, printable, size);
}
