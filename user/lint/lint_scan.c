/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The smallest parts of JSON (RFC 8259), and what people write in their place. Knows nothing of what
 * they are parts of.
 */
#include <errno.h>
#include <strings.h>

#include "lint_internal.h"

static bool starts(const struct node_reader *reader, const char *words)
{
	size_t size = strlen(words);

	return reader->size - reader->at >= size && !memcmp(reader->text + reader->at, words, size);
}

/* Places come in order, mostly: it goes on from the last one. */
size_t scan_line(struct node_reader *reader, size_t offset)
{
	const char *at = reader->text + reader->line_at, *end = reader->text + offset;

	if (offset < reader->line_at || !reader->line) {
		at = reader->text;
		reader->line = 1;
	}
	while ((at = memchr(at, '\n', (size_t)(end - at)))) {
		reader->line++;
		at++;
	}
	reader->line_at = offset;
	return reader->line;
}

/* Behind the comment that begins here; false where there is none. */
static bool comment_pass(struct node_reader *reader)
{
	bool is_hash = starts(reader, "#"), is_line = is_hash || starts(reader, "//");
	const char *end, *start = reader->text + reader->at;
	size_t left = reader->size - reader->at;

	if (!is_line && !starts(reader, "/*"))
		return false;
	lint_add(reader->lint, LINT_JSON_COMMENT, reader->at, "JSON has no comments: take it out%s",
		 is_hash ? "" : " (crun takes such ones, but runc and Docker refuse the file)");
	end = is_line ? memchr(start, '\n', left) : memmem(start + 2, left - 2, "*/", 2);
	if (!end)
		reader->at = reader->size;
	else
		reader->at = (size_t)(end - reader->text) + (is_line ? 1 : 2);
	return true;
}

void scan_space(struct node_reader *reader)
{
	bool told = false;

	while (reader->at < reader->size) {
		if (memchr(" \t\r\n", reader->text[reader->at], 4)) {
			reader->at++;
		} else if (starts(reader, "\xc2\xa0")) {
			if (!told)
				lint_add(reader->lint, LINT_JSON_SYNTAX, reader->at,
					 "a no-break space, which looks like a space and is none: "
					 "type it again");
			told = true;
			reader->at += 2;
		} else if (!comment_pass(reader)) {
			return;
		}
	}
}

char scan_quote(const struct node_reader *reader)
{
	if (reader->at >= reader->size)
		return 0;
	if (starts(reader, "\"") || starts(reader, "'"))
		return reader->text[reader->at];
	return starts(reader, "\xe2\x80\x9c") || starts(reader, "\xe2\x80\x9d") ||
			       starts(reader, "\xe2\x80\x9e") || starts(reader, "\xe2\x80\x98") ||
			       starts(reader, "\xe2\x80\x99")
		       ? '?'
		       : 0;
}

static int hex4(const char *text)
{
	int value = 0, i;

	for (i = 0; i < 4; i++) {
		const char *digits = "0123456789abcdef0123456789ABCDEF";
		const char *digit = text[i] ? strchr(digits, text[i]) : NULL;

		if (!digit)
			return -1;
		value = value * 16 + (int)((digit - digits) % 16);
	}
	return value;
}

static char *put_utf8(char *out, uint32_t c)
{
	if (c < 0x80) {
		*out++ = (char)c;
	} else if (c < 0x800) {
		*out++ = (char)(0xc0 | c >> 6);
		*out++ = (char)(0x80 | (c & 0x3f));
	} else if (c < 0x10000) {
		*out++ = (char)(0xe0 | c >> 12);
		*out++ = (char)(0x80 | (c >> 6 & 0x3f));
		*out++ = (char)(0x80 | (c & 0x3f));
	} else {
		*out++ = (char)(0xf0 | c >> 18);
		*out++ = (char)(0x80 | (c >> 12 & 0x3f));
		*out++ = (char)(0x80 | (c >> 6 & 0x3f));
		*out++ = (char)(0x80 | (c & 0x3f));
	}
	return out;
}

/* The character of \uXXXX, of two where they are a pair; U+FFFD for what is none. */
static char *unicode_read(struct node_reader *reader, char *out)
{
	int high, low = -1;

	high = reader->size - reader->at < 6 ? -1 : hex4(reader->text + reader->at + 2);
	if (high <= 0) {
		lint_add(reader->lint, LINT_JSON_SYNTAX, reader->at,
			 high ? "\\u wants four hex digits" : "a NUL within a string");
		reader->at += 2;
		return put_utf8(out, 0xfffd);
	}
	reader->at += 6;
	if (high < 0xd800 || high > 0xdfff)
		return put_utf8(out, (uint32_t)high);
	if (high < 0xdc00 && reader->size - reader->at >= 6 && starts(reader, "\\u"))
		low = hex4(reader->text + reader->at + 2);
	if (low < 0xdc00 || low > 0xdfff)
		return put_utf8(out, 0xfffd);
	reader->at += 6;
	return put_utf8(out, 0x10000 + (((uint32_t)high & 0x3ff) << 10) + ((uint32_t)low & 0x3ff));
}

static char *escape_read(struct node_reader *reader, char *out)
{
	static const char letters[] = "\"\\/bfnrt", bytes[] = "\"\\/\b\f\n\r\t";
	char letter = reader->at + 1 < reader->size ? reader->text[reader->at + 1] : '\0';
	const char *found = letter ? strchr(letters, letter) : NULL;

	if (letter == 'u')
		return unicode_read(reader, out);
	if (found) {
		*out++ = bytes[found - letters];
	} else {
		lint_add(reader->lint, LINT_JSON_SYNTAX, reader->at,
			 "no escape of JSON: write \\\\ for a backslash");
		*out++ = '\\';
		if (letter)
			*out++ = letter;
	}
	reader->at += letter ? 2 : 1;
	return out;
}

/* Where the string that the quote at reader->at begins is closed; reader->size where it is not in its
 * line. */
static size_t string_end(struct node_reader *reader, char quote)
{
	size_t start = reader->at, end;
	char c, found;

	for (reader->at += quote == '?' ? 3 : 1; reader->at < reader->size;) {
		c = reader->text[reader->at];
		found = scan_quote(reader);
		if (found == quote || (found == '"' && quote == '?') || c == '\n')
			break;
		reader->at++;
		if (c == '\\' && reader->at < reader->size && reader->text[reader->at] != '\n')
			reader->at++;
	}
	end = reader->at < reader->size && scan_quote(reader) ? reader->at : reader->size;
	reader->at = start;
	return end;
}

char *scan_string(struct node_reader *reader)
{
	size_t start = reader->at, end;
	char quote = scan_quote(reader), *text, *out;
	bool told = false;

	end = string_end(reader, quote);
	if (end == reader->size) {
		lint_add(reader->lint, LINT_JSON_BRACKETS, start,
			 "the quote that begins here is not closed in its line");
		reader->stopped = true;
		return xstrdup("");
	}
	reader->at += quote == '?' ? 3 : 1;
	/* No escape is shorter than half of what it comes to. */
	text = out = xcalloc(end - reader->at + 1, 2);
	while (reader->at < end) {
		unsigned char c = (unsigned char)reader->text[reader->at];

		if (c == '\\') {
			out = escape_read(reader, out);
			continue;
		}
		if (c < 0x20 && !told)
			lint_add(reader->lint, LINT_JSON_SYNTAX, reader->at,
				 "a control character within a string: write it as an escape, \\t");
		told = told || c < 0x20;
		*out++ = reader->text[reader->at++];
	}
	reader->at += scan_quote(reader) == '?' ? 3 : 1;
	if (quote != '"')
		lint_add(reader->lint, LINT_JSON_QUOTES, start,
			 "JSON has straight double quotes only: \"%.60s\"", text);
	return text;
}

static size_t digits_pass(const char **at)
{
	size_t count = 0;

	for (; **at >= '0' && **at <= '9'; (*at)++)
		count++;
	return count;
}

static bool is_number(const char *text)
{
	const char *at = text + (*text == '-');
	bool zero = *at == '0';
	size_t count = digits_pass(&at);

	if (!count || (zero && count > 1))
		return false;
	if (*at == '.') {
		at++;
		if (!digits_pass(&at))
			return false;
	}
	if (*at == 'e' || *at == 'E') {
		at++;
		at += *at == '+' || *at == '-';
		if (!digits_pass(&at))
			return false;
	}
	return !*at;
}

/* What was meant by something like a number; it takes its place. */
static void number_repair(struct node_reader *reader, size_t offset, char **text)
{
	bool is_hex = !strncasecmp(*text, "0x", 2);
	unsigned long long value;
	char *end = NULL;

	errno = 0;
	value = strtoull(*text, &end, 0);
	if (errno || *end || **text == '-') {
		lint_add(reader->lint, LINT_JSON_NUMBER, offset, "%.60s is no number", *text);
		value = 0;
	} else {
		lint_add(reader->lint, LINT_JSON_NUMBER, offset,
			 "JSON has no %s numbers: write %llu", is_hex ? "hex" : "such", value);
	}
	free(*text);
	*text = xasprintf("%llu", value);
}

static void bare_word(struct node_reader *reader, size_t offset, struct node *node)
{
	static const struct {
		const char *word, *json;
		enum node_kind kind;
	} words[] = {
		{"true", NULL, NODE_BOOL},     {"false", NULL, NODE_BOOL},
		{"null", NULL, NODE_NULL},     {"True", "true", NODE_BOOL},
		{"False", "false", NODE_BOOL}, {"None", "null", NODE_NULL},
		{"nil", "null", NODE_NULL},
	};

	for (size_t i = 0; i < ARRAY_SIZE(words); i++) {
		if (strcmp(words[i].word, node->text) != 0)
			continue;
		node->kind = words[i].kind;
		if (words[i].json)
			lint_add(reader->lint, LINT_JSON_QUOTES, offset, "JSON writes this %s",
				 words[i].json);
		return;
	}
	node->kind = NODE_STRING;
	lint_add(reader->lint, LINT_JSON_QUOTES, offset, "a word wants double quotes: \"%.60s\"",
		 node->text);
}

void scan_word(struct node_reader *reader, struct node *node)
{
	size_t start = reader->at;

	while (reader->at < reader->size) {
		char c = reader->text[reader->at];

		if ((c < '0' || c > '9') && (c < 'a' || c > 'z') && (c < 'A' || c > 'Z') &&
		    (!c || !strchr("_.+-$@", c)))
			break;
		reader->at++;
	}
	node->text = xstrndup(reader->text + start, reader->at - start);
	if (reader->at == start) {
		node->kind = NODE_NULL;
		reader->stopped = true;
	} else if (strchr("0123456789-+.", *node->text)) {
		node->kind = NODE_NUMBER;
		if (!is_number(node->text))
			number_repair(reader, start, &node->text);
	} else {
		bare_word(reader, start, node);
	}
}
