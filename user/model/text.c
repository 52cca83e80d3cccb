/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The escaped form of bytes, and what of a text may go to a terminal. Knows UTF-8 and octal
 * escapes; knows nothing of JSON or of any profile format.
 */
#include <stdlib.h>
#include <string.h>

#include "text.h"
#include "util/util.h"

/* An escape is four bytes, so four times the input always fits. */
#define ESCAPE_SIZE 4

/* How many bytes the well-formed character at `s` has; 0 where there is none. */
static size_t utf8_size(const unsigned char *s, size_t left)
{
	unsigned char low = 0x80, high = 0xbf;
	size_t size, i;

	if (s[0] < 0x80)
		return 1;
	if (s[0] >= 0xc2 && s[0] <= 0xdf)
		size = 2;
	else if (s[0] >= 0xe0 && s[0] <= 0xef)
		size = 3;
	else if (s[0] >= 0xf0 && s[0] <= 0xf4)
		size = 4;
	else
		return 0;
	if (size > left)
		return 0;
	/* Unicode table 3-7: only the second byte's range depends on the first. */
	if (s[0] == 0xe0)
		low = 0xa0;
	else if (s[0] == 0xed)
		high = 0x9f;
	else if (s[0] == 0xf0)
		low = 0x90;
	else if (s[0] == 0xf4)
		high = 0x8f;
	if (s[1] < low || s[1] > high)
		return 0;
	for (i = 2; i < size; i++)
		if (s[i] < 0x80 || s[i] > 0xbf)
			return 0;
	return size;
}

size_t text_utf8_size(const char *bytes, size_t size)
{
	const unsigned char *s = (const unsigned char *)bytes;
	size_t i = 0, step;

	while (i < size) {
		step = utf8_size(s + i, size - i);
		if (!step)
			break;
		i += step;
	}
	return i;
}

bool text_is_utf8(const char *bytes, size_t size)
{
	return text_utf8_size(bytes, size) == size;
}

static char *put_octal(char *out, unsigned char byte)
{
	*out++ = '\\';
	*out++ = (char)('0' + (byte >> 6));
	*out++ = (char)('0' + ((byte >> 3) & 7));
	*out++ = (char)('0' + (byte & 7));
	return out;
}

static char *put_escaped(char *out, const char *bytes, size_t size)
{
	const unsigned char *s = (const unsigned char *)bytes;
	size_t i = 0, step;

	while (i < size) {
		step = utf8_size(s + i, size - i);
		if (step && s[i] != '\\') {
			out = mempcpy(out, s + i, step);
			i += step;
		} else {
			out = put_octal(out, s[i++]);
		}
	}
	return out;
}

char *text_escape(const char *bytes, size_t size)
{
	char *text;

	size = strnlen(bytes, size);
	text = xcalloc(size + 1, ESCAPE_SIZE);
	*put_escaped(text, bytes, size) = '\0';
	return text;
}

/* The byte that \ooo at `s` stands for; 0 where it is no escape. */
static unsigned char octal_byte(const char *s)
{
	unsigned int value = 0, i;

	if (s[0] != '\\')
		return 0;
	for (i = 1; i <= 3; i++) {
		if (s[i] < '0' || s[i] > '7')
			return 0;
		value = value * 8 + (unsigned int)(s[i] - '0');
	}
	return value > 0xff ? 0 : (unsigned char)value;
}

char *text_unescape(const char *escaped, size_t *ret_size)
{
	char *bytes = xcalloc(strlen(escaped) + 1, 1), *out = bytes;
	unsigned char byte;

	while (*escaped) {
		byte = octal_byte(escaped);
		if (byte) {
			*out++ = (char)byte;
			escaped += ESCAPE_SIZE;
		} else {
			*out++ = *escaped++;
		}
	}
	*out = '\0';
	if (ret_size)
		*ret_size = (size_t)(out - bytes);
	return bytes;
}

char *text_settle(const char *escaped)
{
	static const char nul[] = TEXT_NUL;
	char *text = xcalloc(strlen(escaped) + 1, ESCAPE_SIZE), *out = text;

	while (*escaped) {
		const char *found = strstr(escaped, nul), *end = strchrnul(escaped, '\0');
		_cleanup_free_ char *part =
			xstrndup(escaped, (size_t)((found ? found : end) - escaped));
		_cleanup_free_ char *bytes = text_unescape(part, NULL);

		out = put_escaped(out, bytes, strlen(bytes));
		escaped = found ? found + ESCAPE_SIZE : end;
		if (found)
			out = mempcpy(out, nul, ESCAPE_SIZE);
	}
	*out = '\0';
	return text;
}

/*
 * What a terminal or an editor acts upon instead of showing it: C0, DEL and C1 controls, and the
 * characters that turn the direction of text, break lines or take no room (UAX 9; UTR 36).
 */
static const struct {
	uint32_t first, last;
} acting[] = {
	{0x0, 0x1f},        {0x7f, 0x9f},     {0xad, 0xad},     /* C0, DEL and C1, soft hyphen */
	{0x61c, 0x61c},     {0x200b, 0x200f}, {0x2028, 0x202e}, /* no room, direction, lines */
	{0x2060, 0x206f},   {0xfeff, 0xfeff},                   /* no room, byte order mark */
	{0xc0000, 0xfffff},                                     /* plane 14: tags; 15: private */
};

bool text_acts(uint32_t character)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(acting); i++)
		if (character >= acting[i].first && character <= acting[i].last)
			return true;
	return false;
}

size_t text_character(const char *text, size_t size, uint32_t *ret)
{
	/* What the first byte has of the character's bits. */
	static const unsigned char bits[] = {0, 0x7f, 0x1f, 0xf, 0x7};
	const unsigned char *s = (const unsigned char *)text;
	size_t count = utf8_size(s, size), i;

	*ret = s[0] & bits[count];
	for (i = 1; i < count; i++)
		*ret = *ret << 6 | (s[i] & 0x3fu);
	return count;
}

char *text_printable(const char *escaped)
{
	size_t size = strlen(escaped), i = 0, step;
	char *text = xcalloc(size + 1, ESCAPE_SIZE), *out = text;
	uint32_t character;

	while (i < size) {
		step = text_character(escaped + i, size - i, &character);
		if (step && !text_acts(character)) {
			out = mempcpy(out, escaped + i, step);
			i += step;
			continue;
		}
		for (step = step ? step : 1; step; step--)
			out = put_octal(out, (unsigned char)escaped[i++]);
	}
	*out = '\0';
	return text;
}

const char *path_base(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash && slash[1] ? slash + 1 : path;
}

int text_compare(const char *a, const char *b)
{
	if (!a || !b)
		return (a != NULL) - (b != NULL);
	return strcmp(a, b);
}
