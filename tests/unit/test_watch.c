/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* What is news, what it is called, and the lines of the live view: facts in, words out. */
#include <locale.h>
#include <stdlib.h>
#include <wchar.h>
#include <cjson/cJSON.h>

#include "test.h"
#include "watch/watch_view.h"

#define SECOND UINT64_C(1000000000)

static struct fact call(const char *workload, const char *name, const char *exe, uint64_t count)
{
	struct fact fact = {.kind = FACT_SYSCALL, .workload = workload, .exe = exe};

	fact.syscall.abi = ABI_X86_64;
	fact.syscall.count = count;
	CHECK(syscall_number(ABI_X86_64, name, &fact.syscall.nr), "%s is a call", name);
	return fact;
}

static struct fact denied(const char *workload, const char *name, uint64_t count)
{
	struct fact fact = call(workload, name, "/bin/x", 1), ret = {.kind = FACT_DENIED};

	ret.workload = workload;
	ret.exe = fact.exe;
	ret.denied.abi = ABI_X86_64;
	ret.denied.nr = fact.syscall.nr;
	ret.denied.errnum = 1;
	ret.denied.count = count;
	return ret;
}

static bool takes(struct watch *watch, struct fact fact, uint64_t now_ns)
{
	return watch_take(watch, &fact, now_ns);
}

/* ---- news -------------------------------------------------------------------------------- */

static void test_first_time(void)
{
	struct watch *watch = watch_new();

	CHECK(takes(watch, call("web", "read", "/bin/a", 1), SECOND), "a first call is new");
	CHECK(!takes(watch, call("web", "read", "/bin/a", 1), SECOND), "the second is not");
	CHECK(!takes(watch, call("web", "read", "/bin/b", 1), SECOND),
	      "nor that of another executable");
	CHECK(takes(watch, call("db", "read", "/bin/a", 1), SECOND), "of another workload it is");
	CHECK(takes(watch, denied("web", "read", 1), SECOND), "that it is denied is new, too");
	CHECK(!takes(watch, (struct fact){.kind = FACT_END}, SECOND), "an end is no news");
	EQ(watch_workloads(watch, &(const struct watch_workload *){0}), 2,
	   "there are two workloads");
	watch_free(watch);
}

static void test_expected(void)
{
	struct watch *watch = watch_new();
	struct fact web = call("web", "read", NULL, 1), any = call("other", "write", NULL, 1);

	watch_expect(watch, &web, false);
	watch_expect(watch, &any, true);
	watch_expect_call(watch, ABI_X86_64, "mount");
	watch_expect_call(watch, ABI_X86_64, "no_such_call");
	CHECK(!takes(watch, call("web", "read", NULL, 1), SECOND), "what is known is no news");
	CHECK(!takes(watch, call("web#2", "read", NULL, 1), SECOND),
	      "... in a later instance neither");
	CHECK(takes(watch, call("db", "read", NULL, 1), SECOND), "elsewhere it is");
	CHECK(takes(watch, call("webs", "read", NULL, 1), SECOND),
	      "... also where the name is longer");
	CHECK(!takes(watch, call("db", "write", NULL, 1), SECOND),
	      "what is known anywhere is no news");
	CHECK(!takes(watch, call("db", "mount", NULL, 1), SECOND), "nor what a profile allows");
	CHECK(takes(watch, denied("db", "mount", 1), SECOND), "that it is denied is");
	EQ(watch_recent(watch_find(watch, "web"), SECOND), 0, "no call of web is new");
	watch_free(watch);
}

static struct fact file(uint32_t perms)
{
	return (struct fact){
		.kind = FACT_FILE, .workload = "web", .file = {.path = "/lib/c", .perms = perms}};
}

/* A recording has all letters of a file in one fact; live they come one by one. */
static void test_expected_letters(void)
{
	struct watch *watch = watch_new();
	struct fact both = file(PERM_READ | PERM_MAP);

	watch_expect(watch, &both, true);
	CHECK(!takes(watch, file(PERM_READ), SECOND),
	      "what is known to be read and mapped is read");
	CHECK(!takes(watch, file(PERM_MAP), SECOND), "... and mapped");
	CHECK(!takes(watch, both, SECOND), "... or both");
	CHECK(takes(watch, file(PERM_READ | PERM_WRITE), SECOND), "that it is written is news");
	watch_free(watch);
}

static struct fact capability(enum phase phase, bool silent)
{
	return (struct fact){.kind = FACT_CAPABILITY,
			     .workload = "web",
			     .phase = phase,
			     .capability = {.capability = 21, .silent = silent}};
}

static void test_expected_capability(void)
{
	struct watch *watch = watch_new();
	struct fact used = capability(PHASE_START, false);

	watch_expect(watch, &used, true);
	CHECK(!takes(watch, capability(PHASE_START, true), SECOND),
	      "who uses a capability may ask for it");
	watch_free(watch);
	watch = watch_new();
	used.capability.silent = true;
	watch_expect(watch, &used, true);
	CHECK(takes(watch, capability(PHASE_START, false), SECOND),
	      "who only asked for it may not use it");
	watch_free(watch);
}

/* What a runtime does is no news, and no excuse for the application. */
static void test_application(void)
{
	struct watch *watch = watch_new();
	struct fact setup = capability(PHASE_SETUP, false);
	struct fact mount = call("web", "mount", "/runc", 1), refused = denied("web", "bpf", 1);

	mount.phase = setup.phase = refused.phase = PHASE_RUNTIME;
	watch_application_only(watch);
	watch_expect(watch, &setup, true);
	CHECK(!takes(watch, mount, SECOND), "a runtime's call is no news");
	CHECK(takes(watch, refused, SECOND), "... that it is denied, is");
	mount.phase = PHASE_SERVING;
	CHECK(takes(watch, mount, SECOND), "the same call by the application is");
	CHECK(takes(watch, capability(PHASE_START, false), SECOND),
	      "... and a capability that only the runtime used");
	watch_free(watch);
}

static void test_words(void)
{
	struct fact facts[] = {
		call("web", "ptrace", "/bin/gdb", 1),
		denied("web", "mount", 3),
		{.kind = FACT_CAPABILITY, .workload = "web", .capability = {.capability = 21}},
		{.kind = FACT_SOCKET, .workload = "web", .socket = {.family = 2, .type = 1}},
		{.kind = FACT_FILE, .workload = "web", .file = {.path = "/a", .perms = PERM_READ}},
		{.kind = FACT_SYSCALL, .workload = "web", .syscall = {.abi = ABI_I386, .nr = 26}},
		{.kind = FACT_SYSCALL,
		 .workload = "web",
		 .syscall = {.abi = ABI_X86_64, .nr = 999}},
		{.kind = FACT_SYSCALL,
		 .workload = "web",
		 .syscall = {.abi = ABI_I386, .nr = 102, .sub = 3}},
		{.kind = FACT_OPERATION,
		 .workload = "web",
		 .operation = {.op = OP_SIGNAL, .peer = PEER_OUTSIDE, .number = 9}},
		{.kind = FACT_WORKLOAD,
		 .workload = "web",
		 .workload_ = {.engine = "docker", .image = "nginx"}},
	};
	static const char *const words[] = {
		"web  new: call ptrace by /bin/gdb (risk: medium)",
		"web  denied call mount (EPERM) by /bin/x (risk: high)",
		"web  new: capability sys_admin",
		"web  new: socket inet stream",
		"web  new: file /a r",
		"web  new: call ptrace (i386) (risk: medium)",
		"web  new: call x86_64:999",
		"web  new: call connect (i386) (risk: medium)",
		"web  new: signal kill outside the workload",
		"web  new: workload of docker, image nginx",
	};

	for (size_t i = 0; i < ARRAY_SIZE(facts); i++) {
		_cleanup_free_ char *line = news_words(&facts[i]);

		EQ_STR(line, words[i], "words: %s", words[i]);
	}
}

static void test_json(void)
{
	struct fact fact = denied("we\\033b", "mount", 1);
	_cleanup_free_ char *line = news_json(&fact, "2026-01-02T03:04:05.678Z");
	cJSON *json = cJSON_Parse(line);

	CHECK(json && !strchr(line, '\n'), "news are one line of JSON");
	EQ_STR(cJSON_GetStringValue(cJSON_GetObjectItem(json, "time")), "2026-01-02T03:04:05.678Z",
	       "... with the time");
	EQ_STR(cJSON_GetStringValue(cJSON_GetObjectItem(json, "news")), "denied", "... the kind");
	EQ_STR(cJSON_GetStringValue(cJSON_GetObjectItem(json, "workload")), "we\\033b",
	       "... the workload as a recording has it");
	EQ_STR(cJSON_GetStringValue(cJSON_GetObjectItem(json, "name")), "mount", "... the call");
	EQ_STR(cJSON_GetStringValue(cJSON_GetObjectItem(json, "errno")), "EPERM", "... its error");
	EQ_STR(cJSON_GetStringValue(cJSON_GetObjectItem(json, "risk")), "high", "... its risk");
	cJSON_Delete(json);
}

/* ---- numbers ----------------------------------------------------------------------------- */

static void counted(struct watch *watch, const struct fact *facts, size_t count, uint64_t now_ns)
{
	watch_count_begin(watch);
	for (size_t i = 0; i < count; i++)
		watch_take(watch, &facts[i], now_ns);
	watch_count_end(watch, now_ns);
}

static void test_counts(void)
{
	struct watch *watch = watch_new();
	struct fact first[] = {call("web", "read", "/bin/a", 10), call("web", "read", "/bin/b", 5)};
	struct fact second[] = {call("web", "read", "/bin/a", 110),
				call("web", "read", "/bin/b", 5), denied("web", "mount", 7)};
	const struct watch_workload *web;

	takes(watch, first[0], SECOND);
	counted(watch, first, ARRAY_SIZE(first), 2 * SECOND);
	web = watch_find(watch, "web");
	EQ(web->total, 15, "two executables' calls are summed up");
	EQ(web->rate, 0, "one count tells no rate");
	counted(watch, second, ARRAY_SIZE(second), 4 * SECOND);
	web = watch_find(watch, "web");
	EQ(web->total, 115, "a count stands for the one before");
	EQ(web->rate, 50, "100 calls in two seconds are 50 a second");
	EQ(web->denied, 7, "denied calls are counted");
	EQ(watch_distinct(web), 1, "... and are no calls");
	EQ(watch_recent(web, 4 * SECOND), 1, "a call is new");
	EQ(watch_recent(web, 4 * SECOND + WATCH_NEW_NS), 0, "... and is not after a minute");
	CHECK(!watch_find(watch, "we"), "what there is not is not found");
	watch_free(watch);
}

/* ---- lines ------------------------------------------------------------------------------- */

static int columns(const char *line)
{
	wchar_t wide[1024];
	size_t size = mbstowcs(wide, line, ARRAY_SIZE(wide));

	return size == (size_t)-1 ? -1 : wcswidth(wide, size);
}

/* The names in the order of the view, with a space behind each. */
static char *order(const struct view *view, const struct watch *watch)
{
	_cleanup_view_rows_ struct view_rows rows = {};
	size_t size;
	char *text;
	FILE *out = xmemstream(&text, &size);

	view_rows_make(view, watch, 10 * SECOND, &rows);
	for (size_t i = 0; i < rows.count; i++)
		fprintf(out, "%s ", rows.list[i].name);
	fclose(out);
	return text;
}

static struct watch *three_workloads(void)
{
	struct watch *watch = watch_new();
	struct fact facts[] = {call("a", "read", "/bin/x", 1), call("b", "read", "/bin/x", 300),
			       call("b", "ptrace", "/bin/gdb", 2), call("c", "read", "/bin/x", 20),
			       denied("c", "mount", 1)};

	counted(watch, facts, ARRAY_SIZE(facts), 9 * SECOND);
	return watch;
}

static void test_order(void)
{
	static const struct {
		struct view view;
		const char *order;
	} rows[] = {
		{{.column = 0}, "c a b "},
		{{.column = 2}, "c b a "},
		{{.column = 2, .reverse = true}, "c a b "},
		{{.column = 0, .filter = "B"}, "b "},
		{{.column = 0, .filter = "none"}, ""},
		{{.column = 0, .workload = "b"}, "ptrace read "},
		{{.column = 2, .workload = "b"}, "read ptrace "},
		{{.column = 0, .workload = "c"}, "mount read "},
		{{.column = 0, .workload = "no"}, ""},
	};
	struct watch *watch = three_workloads();

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		_cleanup_free_ char *got = order(&rows[i].view, watch);

		EQ_STR(got, rows[i].order, "order %zu: %s", i, rows[i].order);
	}
	for (unsigned int column = 0; column < VIEW_COLUMNS; column++) {
		struct view view = {.column = column};
		_cleanup_free_ char *got = order(&view, watch);

		EQ(got[0], 'c', "column %u: what was denied comes first", column);
	}
	watch_free(watch);
}

static void test_line(void)
{
	struct watch *watch = three_workloads();
	struct view workloads = {.column = 1},
		    calls = {.workload = "b", .column = 2, .reverse = true};
	_cleanup_view_rows_ struct view_rows rows = {};
	_cleanup_free_ char *head = view_head(&workloads, 80), *line = NULL;
	_cleanup_free_ char *calls_head = view_head(&calls, 80), *summary = NULL, *long_line = NULL;

	EQ_STR(head,
	       "WORKLOAD                     CALLS/s*     CALLS  DISTINCT  NEW  DENIED  LAST NEW",
	       "the head");
	EQ_STR(calls_head,
	       "CALL                      CALLS/s    CALLS^     RISK    NEW  DENIED BY          ",
	       "... of calls");
	view_rows_make(&workloads, watch, 12 * SECOND, &rows);
	line = view_line(&workloads, &rows.list[0], 80);
	EQ_STR(line,
	       "c                                   0        20         1    1       1       3 s",
	       "a line");
	rows.list[0].name = "/system.slice/some-very-long-name.service";
	long_line = view_line(&workloads, &rows.list[0], 80);
	EQ_STR(long_line,
	       "...me-very-long-name.service        0        20         1    1       1       3 s",
	       "of a path the end is seen");
	summary = view_summary(watch, 12 * SECOND);
	EQ_STR(summary, "3 workloads, 0 calls/s, 4 new in the last minute, 1 denied",
	       "the summary");
	watch_free(watch);
}

static void test_width(void)
{
	static const char *const names[] = {
		"plain",
		"",
		"\xe6\xbc\xa2\xe5\xad\x97\xe6\xbc\xa2\xe5\xad\x97\xe6\xbc\xa2\xe5\xad\x97",
		"e\xcc\x81",
		"\\033[31mred",
		"tab\there\nand there\x7f",
		"\xff\xfe",
		"\xe2\x80\xae reversed",
		"/a/very/long/name/that/goes/on/and/on/and/on/and/on/and/on/and/on/and/on/and/on",
	};
	struct view_row row = {.calls = UINT64_MAX, .denied = 12345678, .rate = 1e18, .age_ns = 0};

	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		for (int width = 0; width < 200; width += width < 20 ? 1 : 17) {
			struct view view = {.workload = i % 2 ? "x" : NULL};
			_cleanup_free_ char *line = NULL;

			row.name = row.who = names[i];
			line = view_line(&view, &row, width);
			if (columns(line) != width)
				EQ(columns(line), width, "name %zu, width %d", i, width);
		}
		CHECK(true, "name %zu fits every width", i);
	}
}

int main(void)
{
	if (!setlocale(LC_CTYPE, "C.UTF-8"))
		SKIP("width: there is no locale C.UTF-8");
	else
		test_width();
	test_first_time();
	test_expected();
	test_expected_letters();
	test_expected_capability();
	test_application();
	test_words();
	test_json();
	test_counts();
	test_order();
	test_line();
	return test_end();
}
