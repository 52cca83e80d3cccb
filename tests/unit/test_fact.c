/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* A fact as a line and back; and everything that a line can be wrong about. */
#include <errno.h>
#include <stdlib.h>

#include "model/fact.h"
#include "test.h"

#define RUN   "\"run\":\"3f2c91d0a7b4e611\""
#define START "\"phase\":\"start\""

/* Parses, writes, and returns what was written, without the newline; or the error. */
static const char *through(const char *line, size_t size)
{
	static char text[8192];
	struct fact_storage *storage = NULL;
	struct err err = {};
	struct fact fact;
	char *written = NULL;
	size_t written_size = 0;
	FILE *out;

	if (fact_parse(line, size, &fact, &storage, &err) < 0) {
		snprintf(text, sizeof(text), "error: %s", err.text);
		return text;
	}
	out = open_memstream(&written, &written_size);
	if (!out || fact_write(&fact, out) < 0 || fclose(out) == EOF)
		abort();
	snprintf(text, sizeof(text), "%.*s", (int)strcspn(written, "\n"), written);
	free(written);
	fact_free(storage);
	return text;
}

static void same(const char *line)
{
	EQ_STR(through(line, strlen(line)), line, "the same: %.60s", line);
}

static void becomes(const char *line, const char *want, const char *words)
{
	EQ_STR(through(line, strlen(line)), want, "%s", words);
}

static void refused(const char *line, const char *why)
{
	const char *got = through(line, strlen(line));

	CHECK(!strncmp(got, "error: ", 7) && strstr(got, why), "refused, %s: %s", why, got);
}

static void test_kinds(void)
{
	same("{\"fact\":\"recording\"," RUN
	     ",\"format\":1,\"tool\":\"leastcall 0.1.0\",\"kernel\":\"6.18.44\",\"machine\":"
	     "\"x86_64\",\"what\":\"command\",\"target\":\"/bin/ls "
	     "-l\",\"started\":\"2026-11-22T06:30:00Z\",\"files\":true}");
	same("{\"fact\":\"workload\"," RUN ",\"workload\":\"ls\",\"cgroup\":\"/leastcall-4711\","
	     "\"scope\":\"cgroup\",\"root\":\"/usr/bin/ls\"}");
	same("{\"fact\":\"workload\"," RUN ",\"workload\":\"web\",\"cgroup\":\"/docker/01\","
	     "\"scope\":\"cgroup\",\"engine\":\"docker\",\"id\":\"01\",\"image\":\"nginx:1\"}");
	same("{\"fact\":\"syscall\"," RUN ",\"workload\":\"ls\",\"exe\":\"/usr/bin/ls\"," START
	     ",\"abi\":"
	     "\"x86_64\",\"nr\":257,\"name\":\"openat\",\"count\":12,\"first_ns\":83120,"
	     "\"interrupted\":1,\"errnos\":[0,2]}");
	same("{\"fact\":\"syscall\"," RUN ",\"workload\":\"ls\"," START
	     ",\"abi\":\"i386\",\"nr\":102,"
	     "\"name\":\"socketcall\",\"sub\":1,\"sub_name\":\"socket\",\"count\":1,\"first_ns\":"
	     "0}");
	same("{\"fact\":\"syscall\"," RUN ",\"workload\":\"ls\"," START
	     ",\"abi\":\"i386\",\"nr\":102,"
	     "\"name\":\"socketcall\",\"sub\":4294967295,\"count\":1,\"first_ns\":0}");
	same("{\"fact\":\"syscall\"," RUN ",\"workload\":\"ls\"," START
	     ",\"abi\":\"x86_64\",\"nr\":4294967295,"
	     "\"count\":\"18446744073709551615\",\"first_ns\":9007199254740991,\"errnos\":[]}");
	same("{\"fact\":\"denied\"," RUN ",\"workload\":\"ls\"," START
	     ",\"abi\":\"x86_64\",\"nr\":121,"
	     "\"name\":\"getpgid\",\"errno\":1,\"count\":40}");
	same("{\"fact\":\"arguments\"," RUN ",\"workload\":\"ls\"," START
	     ",\"abi\":\"x86_64\",\"nr\":41,"
	     "\"name\":\"socket\",\"args\":{\"0\":2,\"1\":1,\"5\":\"18446744073709551615\"},"
	     "\"count\":3}");
	same("{\"fact\":\"arguments\"," RUN ",\"workload\":\"ls\"," START
	     ",\"abi\":\"x86_64\",\"nr\":41,\"name\":\"socket\",\"count\":3}");
	same("{\"fact\":\"file\"," RUN ",\"workload\":\"ls\"," START
	     ",\"path\":\"/a\\n\\\"b\\\\134\",\"perms\":"
	     "\"rwamklx\",\"flags\":[\"deleted\",\"detached\",\"foreign\",\"truncated\","
	     "\"unresolved\"],\"owner\":false}");
	same("{\"fact\":\"file\"," RUN ",\"workload\":\"ls\"," START
	     ",\"path\":\"/a\",\"perms\":\"r\",\"owner\":true}");
	same("{\"fact\":\"operation\"," RUN ",\"workload\":\"ls\"," START
	     ",\"op\":\"mount\",\"source\":\"/a\",\"target\":\"/b/\",\"detail\":\"ext4\","
	     "\"number\":4096,\"flags\":[\"unresolved\"]}");
	same("{\"fact\":\"operation\"," RUN ",\"workload\":\"ls\"," START
	     ",\"op\":\"signal\",\"number\":15,\"peer\":\"outside\"}");
	same("{\"fact\":\"frame\"," RUN ",\"workload\":\"ls\"," START
	     ",\"abi\":\"x86_64\",\"nr\":41,\"name\":\"socket\",\"depth\":0,"
	     "\"file\":\"/lib/libc.so.6\",\"function\":\"socket\",\"offset\":7,"
	     "\"build_id\":\"00ff\"}");
	same("{\"fact\":\"frame\"," RUN ",\"workload\":\"ls\"," START
	     ",\"abi\":\"i386\",\"nr\":102,\"name\":\"socketcall\",\"sub\":1,\"depth\":31,"
	     "\"file\":\"/app\",\"offset\":0}");
	same("{\"fact\":\"socket\"," RUN ",\"workload\":\"ls\"," START
	     ",\"family\":2,\"family_name\":\"inet\","
	     "\"type\":1,\"type_name\":\"stream\"}");
	same("{\"fact\":\"socket\"," RUN ",\"workload\":\"ls\"," START
	     ",\"family\":4000000000,\"type\":9}");
	same("{\"fact\":\"capability\"," RUN ",\"workload\":\"ls\"," START
	     ",\"capability\":10,\"name\":"
	     "\"net_bind_service\",\"inferred\":true,\"silent\":true}");
	same("{\"fact\":\"note\"," RUN ",\"what\":\"already-running\",\"text\":\"It ran.\"}");
	same("{\"fact\":\"incomplete\"," RUN
	     ",\"workload\":\"ls\",\"what\":\"events\",\"text\":\"Lost.\",\"count\":3}");
	same("{\"fact\":\"end\"," RUN ",\"calls\":1234,\"events\":61,\"dropped\":0,\"repaired\":0,"
	     "\"duration_ns\":123456789,\"complete\":true,\"status\":0}");
	same("{\"fact\":\"end\"," RUN ",\"calls\":1,\"events\":1,\"dropped\":0,\"repaired\":0,"
	     "\"duration_ns\":1,\"complete\":false}");
	same("{\"fact\":\"weather\",\"sky\":\"blue\",\"n\":12345678901234567890,\"x\":{\"y\":[]}}");
}

#define CALL(nr, more)                                                                             \
	"{\"fact\":\"syscall\"," RUN ",\"workload\":\"w\",\"abi\":\"x86_64\",\"nr\":" nr           \
	",\"count\":1,\"first_ns\":1" more "}"
#define WITH_ARGS(args)                                                                            \
	"{\"fact\":\"arguments\"," RUN                                                             \
	",\"workload\":\"w\",\"abi\":\"x86_64\",\"nr\":41,\"args\":" args ",\"count\":1}"
#define FILE_FACT(path, perms)                                                                     \
	"{\"fact\":\"file\"," RUN ",\"workload\":\"w\",\"path\":" path ",\"perms\":" perms "}"

static void test_tolerated(void)
{
	const char *want =
		"{\"fact\":\"syscall\"," RUN ",\"workload\":\"w\"," START ",\"abi\":\"x86_64\","
		"\"nr\":1,\"name\":\"write\",\"count\":1,\"first_ns\":1,\"errnos\":[0,2]}";

	becomes(CALL("1", ",\"errnos\":[2,0,2,0]"), want, "errnos are sorted and unique");
	becomes(CALL("\"1\"", ",\"errnos\":[0,2]"), want, "a number may be a string of digits");
	becomes(CALL("1.0e0", ",\"errnos\":[0,2]"), want, "a number is its value");
	becomes(" \t" CALL("1", ",\"errnos\":[0,2]") "\r", want, "space around the object");
	becomes(CALL("1", ",\"name\":\"reboot\",\"errnos\":[0,2]"), want,
		"the name is the table's, not the line's");
	becomes(CALL("1", ",\"new_key\":{\"a\":1},\"errnos\":[0,2]"), want,
		"keys that are not known are dropped");
	becomes(FILE_FACT("\"/a\\\\101\\\\b\"", "\"mr\""),
		"{\"fact\":\"file\"," RUN ",\"workload\":\"w\"," START
		",\"path\":\"/aA\\\\134b\",\"perms\":\"rm\"}",
		"strings take the one escaped form");
}

#define WITH_PHASE(phase)                                                                          \
	"{\"fact\":\"syscall\"," RUN ",\"workload\":\"w\",\"exe\":\"/e\",\"phase\":" phase         \
	",\"abi\":\"x86_64\",\"nr\":1,\"name\":\"write\",\"count\":1,\"first_ns\":1}"

static void test_phases(void)
{
	same(WITH_PHASE("\"start\""));
	same(WITH_PHASE("\"serving\""));
	same(WITH_PHASE("\"setup\""));
	same(WITH_PHASE("\"runtime\""));
	becomes(CALL("1", ""),
		"{\"fact\":\"syscall\"," RUN ",\"workload\":\"w\"," START
		",\"abi\":\"x86_64\",\"nr\":1,\"name\":\"write\",\"count\":1,"
		"\"first_ns\":1}",
		"without a phase it is the start");
	refused(WITH_PHASE("\"lunch\""), "unknown phase \"lunch\"");
	refused(WITH_PHASE("\"Start\""), "unknown phase \"Start\"");
	refused(WITH_PHASE("0"), "\"phase\" is not a string");
	becomes("{\"fact\":\"note\"," RUN ",\"phase\":\"lunch\",\"what\":\"w\",\"text\":\"t\"}",
		"{\"fact\":\"note\"," RUN ",\"what\":\"w\",\"text\":\"t\"}",
		"a kind that has no phase knows no such key");
	CHECK(!phase_name(PHASES), "there is no other phase");
}

/* A file fact whose path has that many bytes behind the slash, each as an escape or itself. */
static char *long_path(size_t count, const char *byte)
{
	char *line = NULL;
	size_t size;
	FILE *out = open_memstream(&line, &size);

	fputs("{\"fact\":\"file\"," RUN ",\"workload\":\"w\",\"perms\":\"r\",\"path\":\"/", out);
	while (count--)
		fputs(byte, out);
	fputs("\"}", out);
	fclose(out);
	return line;
}

static void test_long_paths(void)
{
	static const char *const bytes[] = {"a", "\\\\377"};
	size_t i;

	for (i = 0; i < 2; i++) {
		char *fits = long_path(8191, bytes[i]), *longer = long_path(8192, bytes[i]);

		CHECK(strncmp(through(fits, strlen(fits)), "error: ", 7) != 0,
		      "a path of 8192 bytes as %s", bytes[i]);
		CHECK(strstr(through(longer, strlen(longer)),
			     "\"path\" has 8193 bytes, a path at most 8192"),
		      "... and not of one more");
		free(fits);
		free(longer);
	}
}

static void test_refused(void)
{
	static const char nul[] = "{\"fact\":\"x\0\"}";

	refused("", "not JSON");
	refused("nonsense", "not JSON");
	refused("{\"fact\":\"end\"", "not JSON");
	refused("{\"fact\":\"x\"} {\"fact\":\"y\"}", "something follows");
	refused("{\"fact\":\"x\",\"a\":1,\"b\":2,\"a\":3}", "\"a\" stands twice");
	refused("{\"fact\":\"x\",\"deep\":[{\"a\":1,\"a\":1}]}", "\"a\" stands twice");
	refused("[]", "not a JSON object");
	refused("{}", "\"fact\" is missing");
	refused("{\"fact\":7}", "\"fact\" is not a string");
	CHECK(strstr(through(nul, sizeof(nul) - 1), "NUL"), "refused: a NUL byte");
	refused("{\"fact\":\"x\",\"a\":\"\\u0000\"}", "NUL");
	refused("{\"fact\":\"x\",\"a\":\"\033\"}", "control character");
	refused("{\"fact\":\"x\",\"a\":\"\xff\"}", "UTF-8");
	refused("{\"fact\":\"end\",\"run\":\"3F2C91D0A7B4E611\"}", "16 lower-case hex");
	refused("{\"fact\":\"end\",\"run\":\"3f2c\"}", "16 lower-case hex");
	refused("{\"fact\":\"end\"}", "\"run\" is missing");
	refused(CALL("-1", ""), "\"nr\" is not a whole number");
	refused(CALL("1.5", ""), "\"nr\" is not a whole number");
	refused(CALL("4294967296", ""), "\"nr\" is not a whole number");
	refused(CALL("1e400", ""), "\"nr\" is not a whole number");
	refused(CALL("9007199254740993", ""), "\"nr\" is not a whole number");
	refused(CALL("\"-1\"", ""), "\"nr\" is not a whole number");
	refused(CALL("\"\"", ""), "\"nr\" is not a whole number");
	refused(CALL("\" 1\"", ""), "\"nr\" is not a whole number");
	refused(CALL("null", ""), "\"nr\" is not a whole number");
	refused(CALL("1", ",\"interrupted\":\"99999999999999999999999\""), "\"interrupted\"");
	refused(CALL("1", ",\"interrupted\":9007199254740993"), "\"interrupted\"");
	refused(CALL("1", ",\"errnos\":[4096]"), "\"errnos\"");
	refused(CALL("1", ",\"errnos\":[\"x\"]"), "\"errnos\"");
	refused(CALL("1", ",\"errnos\":{}"), "\"errnos\"");
	refused(CALL("1", ",\"exe\":1"), "\"exe\" is not a string");
	refused(WITH_ARGS("[]"), "\"args\" is not an object");
	refused(WITH_ARGS("{}"), "\"args\" is not an object");
	refused(WITH_ARGS("{\"6\":1}"), "index from 0 to 5");
	refused(WITH_ARGS("{\"00\":1}"), "index from 0 to 5");
	refused(WITH_ARGS("{\"0\":-1}"), "whole numbers");
	refused(WITH_ARGS("{\"0\":1,\"0\":2}"), "stands twice");
	refused("{\"fact\":\"syscall\"," RUN ",\"workload\":\"w\",\"abi\":\"vax\",\"nr\":1,"
		"\"count\":1,\"first_ns\":1}",
		"unknown abi \"vax\"");
	refused("{\"fact\":\"syscall\"," RUN ",\"workload\":\"\",\"abi\":\"x86_64\",\"nr\":1,"
		"\"count\":1,\"first_ns\":1}",
		"\"workload\" is empty");
	refused(FILE_FACT("\"/a\"", "\"rz\""), "\"perms\"");
	refused(FILE_FACT("\"/a\"", "\"r\",\"flags\":[\"odd\"]"), "unknown flag");
	refused(FILE_FACT("\"/a\"", "\"r\",\"flags\":\"deleted\""), "\"flags\" is not an array");
	refused(FILE_FACT("[]", "\"r\""), "\"path\" is not a string");
	refused("{\"fact\":\"recording\"," RUN ",\"format\":2,\"what\":\"all\",\"files\":true}",
		"format 2");
	refused("{\"fact\":\"recording\"," RUN ",\"format\":1,\"what\":\"all\",\"files\":1}",
		"\"files\" is neither");
}

/* A megabyte of brackets: nothing recurses without a bound. */
static void test_deep(void)
{
	size_t size = 1 << 20;
	char *line = malloc(size + 1);

	if (!line)
		abort();
	memset(line, '[', size);
	line[size] = '\0';
	CHECK(strstr(through(line, size), "not JSON"), "a million brackets are refused");
	memcpy(line, "{\"fact\":", 8);
	CHECK(strstr(through(line, size), "not JSON"), "inside an object as well");
	free(line);
}

static int written(const struct fact *fact, size_t *ret_size)
{
	char *text = NULL;
	FILE *out = open_memstream(&text, ret_size);
	int r;

	if (!out)
		abort();
	r = fact_write(fact, out);
	fclose(out);
	free(text);
	return r;
}

/* What is written can be read: the reader's bound is the writer's. */
static void test_long(void)
{
	struct fact fact = {.kind = FACT_WORKLOAD, .run = "3f2c91d0a7b4e611", .workload = "w"};
	char *text = calloc(LINE_SIZE_MAX + 2, 1);
	size_t size = 0, around;

	if (!text)
		abort();
	fact.workload_.image = "x";
	EQ(written(&fact, &around), 0, "a short line is written");
	around -= strlen("x") + strlen("\n");
	memset(text, 'x', LINE_SIZE_MAX + 1 - around);
	fact.workload_.image = text;
	EQ(written(&fact, &size), -EMSGSIZE, "a line that nobody could read is not");
	EQ(size, 0, "... nor a part of it");
	text[LINE_SIZE_MAX - around] = '\0';
	EQ(written(&fact, &size), 0, "the longest line that can be read is");
	EQ(size, LINE_SIZE_MAX + 1, "... and as long as it may be");
	memset(text, ' ', LINE_SIZE_MAX + 1);
	fact = (struct fact){.kind = FACT_OTHER, .other.line = text};
	EQ(written(&fact, &size), -EMSGSIZE, "nor a line of a kind that is not known");
	free(text);
}

int main(void)
{
	char perms[8];

	test_kinds();
	test_tolerated();
	test_phases();
	test_refused();
	test_long_paths();
	test_deep();
	test_long();
	EQ_STR(perms_text(0, perms), "", "no perms, no letters");
	EQ_STR(perms_text(~0u, perms), "rwamklx", "all perms, all letters");
	return test_end();
}
