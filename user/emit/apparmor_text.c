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

/* A byte for the inside of quotes. */
static void byte_print(unsigned char c, FILE *out)
{
	if (c < 0x20 || c > 0x7e || c == '"' || c == '\\')
		fprintf(out, "\\%03o", c);
	else if (strchr(globs, c))
		fprintf(out, "\\%c", c);
	else
		fputc(c, out);
}

static bool cells_plain(const uint16_t *cells, size_t count)
{
	size_t i;

	for (i = 0; i < count; i++)
		if (cells[i] < CELL_DIGIT && !(cells[i] && strchr(plain, cells[i])))
			return false;
	return true;
}

/* variables and the cells behind them, in quotes where needed; variables are our own words. */
static char *word_make(const char *variables, const uint16_t *cells, size_t count)
{
	const char *quote = cells_plain(cells, count) ? "" : "\"";
	char *word = NULL;
	size_t size = 0, i;
	FILE *out = xmemstream(&word, &size);

	fprintf(out, "%s%s", quote, variables);
	for (i = 0; i < count; i++) {
		if (cells[i] < CELL_DIGIT)
			byte_print((unsigned char)cells[i], out);
		else
			fputs(cell_text(cells[i]), out);
	}
	fputs(quote, out);
	fclose(out);
	if (size > APPARMOR_WORD_MAX) {
		free(word);
		return NULL;
	}
	return word;
}

/* How long the process number at `at` is, as @{pid} of tunables/kernelvars has it; 0: none. */
static size_t pid_size(const struct cells *cells, size_t at)
{
	const uint16_t *digits = cells->list + at;
	size_t size = 0;

	while (at + size < cells->count && digits[size] >= '0' && digits[size] <= '9')
		size++;
	if (!size || *digits == '0' || size > 7 || (size == 7 && *digits > '4'))
		return 0;
	return at + size == cells->count || digits[size] == '/' ? size : 0;
}

void apparmor_cells(const char *bytes, struct cells *ret)
{
	static const uint16_t pid = CELL_PID, tid = CELL_TID;
	static const char task[] = "/proc/@/task/";
	size_t size, at;

	cells_make(ret, bytes);
	size = cells_begin(ret, "/proc/") ? pid_size(ret, 6) : 0;
	if (!size)
		return;
	cells_replace(ret, 6, 6 + size, &pid, 1);
	for (at = 7; at < sizeof(task) - 1; at++)
		if (at >= ret->count || ret->list[at] != (unsigned char)task[at])
			return;
	size = pid_size(ret, at);
	if (size)
		cells_replace(ret, at, at + size, &tid, 1);
}

/* Where the component at `at` ends, or the path. */
static size_t component_end(const struct cells *cells, size_t at)
{
	while (at < cells->count && cells->list[at] != '/')
		at++;
	return at;
}

/* Behind /usr/lib/TRIPLET, where a triplet is what @{multiarch} stands for; 0: it is none. */
static size_t multiarch_end(const struct cells *cells, size_t at)
{
	static const char mark[] = "-linux-gnu";
	size_t end = component_end(cells, at), i, k;

	for (i = at; i + sizeof(mark) - 1 <= end && cells->list[i] != '-'; i++)
		if (cells->list[i] >= CELL_DIGIT || !strchr(plain, cells->list[i]))
			return 0;
	for (k = 0; mark[k]; k++, i++)
		if (i == at || i >= end || cells->list[i] != (unsigned char)mark[k])
			return 0;
	for (; i < end; i++)
		if (cells->list[i] >= CELL_DIGIT || !strchr(plain, cells->list[i]))
			return 0;
	return end < cells->count ? end : 0;
}

/* What the start of the path can be called, and how many cells that stands for. */
static size_t variable_take(const struct cells *cells, unsigned int variables, const char **ret)
{
	static const struct {
		const char *prefix, *variable;
		unsigned int needs;
	} rows[] = {
		/* tunables/proc, sys, run, multiarch and home of AppArmor 3.0 */
		{"/proc/", "@{PROC}/", 0},
		{"/sys/", "@{sys}/", 0},
		{"/run/", "@{run}/", 0},
		{"/var/run/", "@{run}/", 0},
		{"/usr/lib/", "/usr/lib/@{multiarch}", APPARMOR_MULTIARCH},
		{"/lib/", "/lib/@{multiarch}", APPARMOR_MULTIARCH},
		{"/root/", "@{HOME}/", APPARMOR_HOME},
		{"/home/", "@{HOME}/", APPARMOR_HOME},
	};
	size_t i, size;

	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		if ((variables & rows[i].needs) != rows[i].needs ||
		    !cells_begin(cells, rows[i].prefix))
			continue;
		*ret = rows[i].variable;
		size = strlen(rows[i].prefix);
		if (rows[i].needs == APPARMOR_MULTIARCH)
			return multiarch_end(cells, size);
		if (rows[i].prefix[1] != 'h')
			return size;
		/* A user's name, and more behind it. */
		i = component_end(cells, size);
		return i > size && i < cells->count ? i + 1 : 0;
	}
	return 0;
}

char *apparmor_word(const struct cells *cells, unsigned int variables)
{
	const char *words;
	size_t taken = variable_take(cells, variables, &words);

	if (!cells->count || cells->list[0] != '/')
		return NULL;
	return word_make(taken ? words : "", cells->list + taken, cells->count - taken);
}

bool apparmor_is_path(const char *bytes)
{
	const char *part = bytes;
	size_t size;

	if (*bytes != '/')
		return false;
	while (*++part) {
		size = strcspn(part, "/");
		if (!size || (size <= 2 && !strncmp(part, "..", size)))
			return false;
		part += size;
		if (!*part)
			break;
	}
	return true;
}

char *apparmor_path(const char *path)
{
	_cleanup_free_ char *bytes = text_unescape(path, NULL);
	struct cells cells;
	char *word;

	if (!apparmor_is_path(bytes))
		return NULL;
	apparmor_cells(bytes, &cells);
	word = apparmor_word(&cells, 0);
	cells_drop(&cells);
	return word;
}

char *apparmor_path_literal(const char *path)
{
	_cleanup_free_ char *bytes = text_unescape(path, NULL);
	struct cells cells;
	char *word;

	cells_make(&cells, bytes);
	word = *bytes == '/' ? word_make("", cells.list, cells.count) : NULL;
	cells_drop(&cells);
	return word;
}

void apparmor_abstract_cells(const char *address, struct cells *ret)
{
	cells_make(ret, "/@/");
	ret->list = xrealloc(ret->list, ret->count + strlen(address) + 1, sizeof(*ret->list));
	for (address++; *address;) {
		const char *nul = strstr(address, TEXT_NUL), *end = strchrnul(address, '\0');
		_cleanup_free_ char *part =
			xstrndup(address, (size_t)((nul ? nul : end) - address));
		_cleanup_free_ char *bytes = text_unescape(part, NULL);
		const char *c;

		for (c = bytes; *c; c++)
			ret->list[ret->count++] = (unsigned char)*c;
		address = nul ? nul + strlen(TEXT_NUL) : end;
		if (nul)
			ret->list[ret->count++] = '\0';
	}
}

/* The parser leaves \000 to its pattern compiler, which takes it for the byte. */
char *apparmor_abstract(const struct cells *cells)
{
	return word_make("@", cells->list + APPARMOR_ABSTRACT, cells->count - APPARMOR_ABSTRACT);
}

const char *apparmor_perms(uint32_t perms, char buf[8])
{
	size_t used = 0;

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
