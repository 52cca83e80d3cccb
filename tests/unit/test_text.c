/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* The escaped form of text.h, over all bytes. Knows the contract, not how it is kept. */
#include <stdlib.h>

#include "model/json.h"
#include "model/text.h"
#include "test.h"

/* Escaping and unescaping give the bytes back, and the form between is UTF-8. */
static bool survives(const char *bytes, size_t size)
{
	char *escaped = text_escape(bytes, size), *back;
	size_t back_size;
	bool ok;

	back = text_unescape(escaped, &back_size);
	ok = back_size == size && !memcmp(back, bytes, size) && back[size] == '\0' &&
	     text_is_utf8(escaped, strlen(escaped));
	free(escaped);
	free(back);
	return ok;
}

static void test_all_bytes(void)
{
	char bytes[3];
	int bad = 0, a, b, c;

	for (a = 1; a < 256; a++) {
		bytes[0] = (char)a;
		bad += !survives(bytes, 1);
		for (b = 1; b < 256; b++) {
			bytes[1] = (char)b;
			bad += !survives(bytes, 2);
		}
	}
	EQ(bad, 0, "every byte and every pair of bytes survives");
	/* Three bytes where lead bytes, continuation bytes, digits and backslashes meet. */
	static const unsigned char some[] = {'\\', '0',  '1',  '7',  '8',  0x7f, 0x80, 0xa0,
					     0xbf, 0xc2, 0xe0, 0xed, 0xf0, 0xf4, 0xff};
	for (a = 0, bad = 0; a < (int)sizeof(some); a++)
		for (b = 0; b < (int)sizeof(some); b++)
			for (c = 0; c < (int)sizeof(some); c++) {
				bytes[0] = (char)some[a];
				bytes[1] = (char)some[b];
				bytes[2] = (char)some[c];
				bad += !survives(bytes, 3);
			}
	EQ(bad, 0, "every three of the bytes that matter survive");
}

static void test_escape(const char *bytes, const char *want, const char *words)
{
	char *got = text_escape(bytes, strlen(bytes));

	EQ_STR(got, want, "escape: %s", words);
	free(got);
}

static void test_settle(const char *text, const char *want, const char *words)
{
	char *got = text_settle(text), *again = text_settle(got);

	EQ_STR(got, want, "one form: %s", words);
	EQ_STR(again, want, "one form: %s, again", words);
	free(got);
	free(again);
}

static void test_unescape(const char *text, const char *want, const char *words)
{
	size_t size;
	char *got = text_unescape(text, &size);

	EQ_STR(got, want, "unescape: %s", words);
	EQ(size, strlen(want), "unescape: %s: size", words);
	free(got);
}

static void test_printable(const char *text, const char *want, const char *words)
{
	char *got = text_printable(text);

	EQ_STR(got, want, "printable: %s", words);
	free(got);
}

/* Both ways into JSON write what acts on a terminal as an escape, and are read back as it was. */
static void test_json(const char *text, const char *want, const char *words)
{
	cJSON *value = cJSON_CreateString(text), *back = NULL;
	char *got[2] = {};
	struct err err;
	size_t size, i;
	FILE *out;

	for (i = 0; i < ARRAY_SIZE(got); i++) {
		out = xmemstream(&got[i], &size);
		if (i)
			json_print(value, out);
		else
			json_text_print(text, out);
		fclose(out);
		got[i][strcspn(got[i], "\n")] = '\0';
		EQ_STR(got[i], want, "JSON%s: %s", i ? " by cJSON" : "", words);
		CHECK(!json_parse(got[i], strlen(got[i]), &back, &err) &&
			      !strcmp(back->valuestring, text),
		      "JSON%s: %s: read back", i ? " by cJSON" : "", words);
		cJSON_Delete(back);
		back = NULL;
		free(got[i]);
	}
	cJSON_Delete(value);
}

/* What text_printable() changes, JSON escapes; and nothing else that is not ASCII. */
static void test_json_all(void)
{
	uint32_t c, bad = 0;

	/* Above the first plane, some of each. */
	for (c = 0x80; c < 0x110000; c += c < 0x10000 ? 1 : 0x81) {
		char bytes[5] = "", *shown, *text = NULL;
		size_t size;
		FILE *out;

		if (c >= 0xd800 && c <= 0xdfff)
			continue;
		if (c < 0x800)
			snprintf(bytes, sizeof(bytes), "%c%c", 0xc0 | c >> 6, 0x80 | (c & 0x3f));
		else if (c < 0x10000)
			snprintf(bytes, sizeof(bytes), "%c%c%c", 0xe0 | c >> 12,
				 0x80 | (c >> 6 & 0x3f), 0x80 | (c & 0x3f));
		else
			snprintf(bytes, sizeof(bytes), "%c%c%c%c", 0xf0 | c >> 18,
				 0x80 | (c >> 12 & 0x3f), 0x80 | (c >> 6 & 0x3f),
				 0x80 | (c & 0x3f));
		shown = text_printable(bytes);
		out = xmemstream(&text, &size);
		json_text_print(bytes, out);
		fclose(out);
		bad += (*shown == '\\') != (text[1] == '\\');
		free(shown);
		free(text);
	}
	EQ(bad, 0, "JSON escapes what is not printable");
}

static void test_utf8(void)
{
	CHECK(text_is_utf8("\xed\x9f\xbf\xee\x80\x80\xf4\x8f\xbf\xbf", 10), "utf8: edges are in");
	CHECK(!text_is_utf8("\xc0\x80", 2), "utf8: overlong of two bytes is out");
	CHECK(!text_is_utf8("\xe0\x9f\xbf", 3), "utf8: overlong of three bytes is out");
	CHECK(!text_is_utf8("\xf0\x8f\xbf\xbf", 4), "utf8: overlong of four bytes is out");
	CHECK(!text_is_utf8("\xed\xa0\x80", 3), "utf8: a surrogate is out");
	CHECK(!text_is_utf8("\xf4\x90\x80\x80", 4), "utf8: above U+10FFFF is out");
	CHECK(!text_is_utf8("\xc3", 1), "utf8: half a character is out");
	CHECK(!text_is_utf8("a\xbf", 2), "utf8: a lone continuation byte is out");
}

static void test_base(void)
{
	EQ_STR(path_base("/usr/bin/ls"), "ls", "base: the last part");
	EQ_STR(path_base("ls"), "ls", "base: of one part");
	EQ_STR(path_base("/usr/lib/"), "/usr/lib/", "base: a directory stays whole");
	EQ_STR(path_base("/"), "/", "base: so does the root");
}

int main(void)
{
	test_all_bytes();
	test_escape("/tmp/a b\n\"", "/tmp/a b\n\"", "what JSON can hold stays");
	test_escape("a\\b", "a\\134b", "a backslash");
	test_escape("\xff\xc3\xa9\xc3", "\\377\xc3\xa9\\303", "bytes that are not UTF-8");
	test_escape("", "", "nothing");
	test_unescape("\\400\\000\\12\\", "\\400\\000\\12\\", "what is no escape stays");
	test_settle("a\\101\\000\\134000", "aA\\000\\134000", "a byte 0 stays one");
	test_unescape("\\101\\377\\134", "A\xff\\", "escapes");
	test_unescape("\\\\101", "\\A", "a backslash before an escape");
	test_printable("a\nb\033[31m\x7f", "a\\012b\\033[31m\\177", "control characters");
	test_printable("\xc2\x9b"
		       "31m",
		       "\\302\\23331m", "a C1 control");
	test_printable("\xe2\x80\xae"
		       "gpj",
		       "\\342\\200\\256gpj", "a direction override");
	test_printable("\xf3\xa0\x81\x81", "\\363\\240\\201\\201", "a tag character");
	test_printable("caf\xc3\xa9 \xe2\x82\xac \xf0\x9f\x98\x80",
		       "caf\xc3\xa9 \xe2\x82\xac \xf0\x9f\x98\x80", "letters stay");
	test_printable("\\033 \xff", "\\033 \\377", "escapes and broken UTF-8");
	test_json("\033[31m\x7f\"\\", "\"\\u001b[31m\\u007f\\\"\\\\\"", "ASCII");
	test_json("\xc2\x85\xc2\x9b\xc2\x9f\xc2\xa0", "\"\\u0085\\u009b\\u009f\xc2\xa0\"",
		  "C1 controls");
	test_json("\xe2\x80\xa7\xe2\x80\xa8\xe2\x80\xae\xe2\x80\xaf",
		  "\"\xe2\x80\xa7\\u2028\\u202e\xe2\x80\xaf\"", "lines and directions");
	test_json("\xe2\x81\xa6\xe2\x81\xa9", "\"\\u2066\\u2069\"", "isolates");
	test_json("\xf3\xa0\x81\x81", "\"\\udb40\\udc41\"", "a tag character");
	test_json("caf\xc3\xa9 \xf0\x9f\x98\x80", "\"caf\xc3\xa9 \xf0\x9f\x98\x80\"",
		  "letters stay");
	test_json_all();
	test_base();
	test_utf8();
	return test_end();
}
