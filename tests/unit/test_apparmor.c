/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Words of an AppArmor profile: paths, letters, names, comments; and that no file name leaves its
 * rule. Whether apparmor_parser takes them is tests/golden's to ask.
 */
#include <stdlib.h>

#include "emit/apparmor_text.h"
#include "emit/emit.h"
#include "model/text.h"
#include "replay.h"
#include "test.h"

static void path(const char *escaped, const char *want, const char *words)
{
	char *got = apparmor_path(escaped);

	EQ_STR(got, want, "path: %s", words);
	free(got);
}

static void test_paths(void)
{
	char long_path[5000];
	size_t i;

	path("/etc/ld.so.cache", "/etc/ld.so.cache", "plain");
	path("/tmp/a b", "\"/tmp/a b\"", "a space is quoted");
	path("/tmp/a\" r, capability, \"/b", "\"/tmp/a\\042 r, capability, \\042/b\"",
	     "quotes are escaped");
	path("/tmp/@{HOME}[x]*?^\\134", "\"/tmp/@\\{HOME\\}\\[x\\]\\*\\?\\^\\134\"",
	     "globs are, too");
	path("/tmp/ends\\134", "\"/tmp/ends\\134\"", "no backslash before the closing quote");
	path("/tmp/a\nb\\377", "\"/tmp/a\\012b\\377\"", "control and other bytes in octal");
	path("/tmp/#x", "\"/tmp/#x\"", "no comment begins");
	path("/tmp/caf\xc3\xa9", "\"/tmp/caf\\303\\251\"", "UTF-8 in octal");
	path("/proc/4711/stat", "@{PROC}/@{pid}/stat", "a process number");
	path("/proc/4711/task/4712/comm", "@{PROC}/@{pid}/task/@{tid}/comm", "a thread number");
	path("/proc/4711/task/x", "@{PROC}/@{pid}/task/x", "no thread number");
	path("/proc/4711", "@{PROC}/@{pid}", "a process number at the end");
	path("/proc/0123/stat", "@{PROC}/0123/stat", "no process number: 0 in front");
	path("/proc/4711x/stat", "@{PROC}/4711x/stat", "no process number: more behind");
	path("/proc/5000000/stat", "@{PROC}/5000000/stat", "no process number: too high");
	path("/proc/12345678/stat", "@{PROC}/12345678/stat", "no process number: too long");
	path("/proc/sys/kernel/osrelease", "@{PROC}/sys/kernel/osrelease", "proc");
	path("/proc", "/proc", "not below proc");
	path("/procedure/1", "/procedure/1", "not proc");
	path("/sys/devices/system/cpu/", "@{sys}/devices/system/cpu/", "sys");
	path("/run/x", "@{run}/x", "run");
	path("/var/run/x", "@{run}/x", "var/run");
	path("/runner/x", "/runner/x", "not run");
	path("/proc/1/a b", "\"@{PROC}/@{pid}/a b\"", "variables inside quotes");
	path("relative", NULL, "not absolute");
	path("", NULL, "empty");
	for (i = 0; i < 4095; i++)
		long_path[i] = i ? '\n' : '/';
	long_path[i] = '\0';
	path(long_path, NULL, "more than the parser can take");
	memset(long_path + 1, 'x', i - 1);
	path(long_path, long_path, "PATH_MAX is fine");
}

static void test_perms(void)
{
	static const struct {
		uint32_t bits;
		const char *want;
	} rows[] = {
		{PERM_READ, "r"},   {PERM_WRITE | PERM_APPEND, "w"},
		{PERM_APPEND, "a"}, {PERM_MAP, "mr"},
		{PERM_EXEC, ""},    {PERM_MAP | PERM_WRITE, "mrw"},
		{PERM_LINK, "l"},   {PERM_READ | PERM_WRITE | PERM_LOCK | PERM_LINK, "rwlk"},
		{~0u, "mrwlk"},
	};
	char buf[8];
	size_t i;

	for (i = 0; i < ARRAY_SIZE(rows); i++)
		EQ_STR(apparmor_perms(rows[i].bits, buf), rows[i].want, "letters: %s",
		       rows[i].want);
}

static void name(const char *text, const char *want)
{
	char *got = apparmor_name(text);

	EQ_STR(got, want, "name: %s", want);
	CHECK(apparmor_name_valid(got), "name: %s is valid", want);
	free(got);
}

static void test_names(void)
{
	char long_name[300];

	name("nginx", "nginx");
	name("python3.11", "python3.11");
	name("../etc/passwd", "_.._etc_passwd-62dab22f");
	name("..", "_..-a3d4a70d");
	name("-x", "_-x-4bcd60c0");
	name("", "_-811c9dc5");
	name("unconfined", "_unconfined-f080b18e");
	name("a b{}\n\\377", "a_b____-669fbefb");
	/* What comes to the same letters is told apart, also from one that is called like that. */
	name("shop!web!c", "shop_web_c-87da7b0a");
	name("shop/web/c", "shop_web_c-e1264156");
	name("shop_web_c", "shop_web_c");
	name("shop_web_c-e1264156", "shop_web_c-e1264156-2bb77d8f");
	name("shop_web_c-e126415", "shop_web_c-e126415");
	memset(long_name, 'n', sizeof(long_name) - 1);
	long_name[sizeof(long_name) - 1] = '\0';
	CHECK(!apparmor_name_valid(long_name), "name: 299 bytes are too many");
	char *cut = apparmor_name(long_name);

	CHECK(apparmor_name_valid(cut), "name: cut where it is too long");
	CHECK(cut[strlen(cut) - 9] == '-', "name: with a digest of all of it: %s", cut);
	free(cut);
	CHECK(!apparmor_name_valid(""), "name: not empty");
	CHECK(!apparmor_name_valid("a/b"), "name: no slash");
	CHECK(!apparmor_name_valid("a{"), "name: no brace");
	CHECK(!apparmor_name_valid(".a"), "name: no dot in front");
}

static void test_comments(void)
{
	char text[4000], *got = apparmor_comment("a\n  capability,\r\\012\xe2\x80\xa8");

	EQ_STR(got, "a\\012  capability,\\015\\012\\342\\200\\250", "comment: stays on its line");
	free(got);
	for (size_t i = 0; i + 1 < sizeof(text); i += 3)
		memcpy(text + i, "\xe2\x82\xac", 3);
	text[3999] = '\0';
	got = apparmor_comment(text);
	CHECK(strlen(got) < 1100 && strstr(got, "... (3999 bytes)"), "comment: cut");
	CHECK(text_is_utf8(got, strlen(got)), "comment: not in the middle of a character");
	free(got);
}

#define RUN "aaaaaaaaaaaaaaaa"

/*
 * What the parser would see: outside of quotes and comments, with escapes taken away. Counts what
 * could only come from an injection.
 */
static int structure(const char *text, int *ret_braces, int *ret_lines)
{
	bool quoted = false, comment = false;
	int depth = 0, worst = 0;

	*ret_braces = *ret_lines = 0;
	for (; *text; text++) {
		if (*text == '\n') {
			worst |= quoted;
			comment = false;
			++*ret_lines;
		} else if (comment) {
			continue;
		} else if (*text == '\\') {
			/* To the parser a quote behind any backslash is one inside. */
			worst |= text[1] == '"';
			text++;
		} else if (*text == '"') {
			quoted = !quoted;
		} else if (!quoted && *text == '#') {
			comment = true;
		} else if (text[0] == '@' && text[1] == '{') {
			text = strchr(text, '}');
		} else if (!quoted && *text == '{') {
			depth++;
			++*ret_braces;
		} else if (!quoted && *text == '}' && depth) {
			depth -= 1;
		}
	}
	return worst || quoted || depth;
}

/* Every byte as part of every name that a traced program chooses. */
static void test_injection(void)
{
	static const char *const tails[] = {"", "\n}\n", "\" r,\n/ rw,", "} capability, {", "*"};
	struct emit_options options = {};
	int bad = 0, byte, braces, lines;
	size_t tail, size;

	for (byte = 1; byte < 256; byte++) {
		for (tail = 0; tail < ARRAY_SIZE(tails); tail++) {
			struct fact fact = {.kind = FACT_FILE, .run = RUN};
			struct model *model = model_new();
			char raw[64], *escaped, *text = NULL;
			struct err err = {};
			FILE *out;

			snprintf(raw, sizeof(raw), "/x%c%s", byte, tails[tail]);
			escaped = text_escape(raw, strlen(raw));
			fact.workload = escaped;
			fact.exe = escaped;
			fact.file.path = escaped;
			fact.file.perms = PERM_READ | PERM_EXEC;
			model_add(model, &fact, &err);
			fact.file.path = "/y";
			fact.file.flags = PATH_FOREIGN;
			model_add(model, &fact, &err);
			fact = (struct fact){
				.kind = FACT_WORKLOAD, .run = RUN, .workload = escaped};
			fact.workload_.scope = "cgroup";
			fact.workload_.root = escaped;
			model_add(model, &fact, &err);
			fact = (struct fact){.kind = FACT_RECORDING, .run = RUN};
			fact.recording.what = "command";
			fact.recording.target = escaped;
			fact.recording.files = true;
			model_add(model, &fact, &err);
			model_seal(model);
			out = open_memstream(&text, &size);
			bad += apparmor_emit(model, &options, out, &err) != 0;
			fclose(out);
			/* One profile, and as many lines as with a harmless name. */
			bad += structure(text, &braces, &lines) || braces != 1 || lines != 23;
			free(text);
			free(escaped);
			model_free(model);
		}
	}
	EQ(bad, 0, "no byte in a name leaves its rule or its comment");
}

/* The same in all that an operation is told of, and in the name of a child. */
static void test_operations(void)
{
	static const char *const tails[] = {"", "\n}\n", "\" r,\n/ rw,", "), capability, (",
					    "{a,b}*"};
	static const char starts[] = {'/', '@', 'x'};
	struct emit_options options = {.apparmor = {.abi = APPARMOR_ABI_5_0, .no_base = true}};
	size_t tail, start, size;
	int bad = 0, byte, op;

	for (byte = 1; byte < 256; byte++) {
		struct model *model = model_new();
		struct err err = {};
		char *text = NULL;
		FILE *out;

		for (tail = 0; tail < ARRAY_SIZE(tails) * ARRAY_SIZE(starts); tail++) {
			char raw[64];
			_cleanup_free_ char *escaped = NULL;

			start = tail % ARRAY_SIZE(starts);
			snprintf(raw, sizeof(raw), "%c%c%s", starts[start], byte,
				 tails[tail / ARRAY_SIZE(starts)]);
			escaped = text_escape(raw, strlen(raw));
			for (op = 0; op < OPERATIONS; op++) {
				struct fact fact = {.kind = FACT_OPERATION,
						    .run = RUN,
						    .workload = "w",
						    .exe = escaped,
						    .operation = {.op = (enum operation)op,
								  .source = escaped,
								  .target = escaped,
								  .detail = escaped,
								  .number = 1,
								  .peer = PEER_OUTSIDE}};

				model_add(model, &fact, &err);
			}
		}
		model_seal(model);
		for (op = 0; op < APPARMOR_CHILDREN; op++) {
			_cleanup_free_ char *wrong = NULL;

			options.apparmor.children = (enum apparmor_children)op;
			out = open_memstream(&text, &size);
			bad += apparmor_emit(model, &options, out, &err) != 0;
			fclose(out);
			wrong = replay_form(text, op == CHILDREN_PROFILE ? ARRAY_SIZE(tails) : 0);
			if (wrong && !bad++)
				printf("# byte %d: %s\n", byte, wrong);
			free(text);
		}
		model_free(model);
	}
	EQ(bad, 0, "no byte of an operation leaves its rule or its comment");
}

/* A container's path is not the host's, and what its runtime did is not the application's. */
static void test_container(void)
{
	struct fact fact = {.kind = FACT_WORKLOAD, .run = RUN, .workload = "ns/pod/web"};
	struct model *model = model_new();
	struct emit_options options = {};
	struct err err = {};
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	fact.workload_.scope = "cgroup";
	fact.workload_.root = "/usr/sbin/nginx";
	fact.workload_.engine = "cri";
	model_add(model, &fact, &err);
	fact = (struct fact){.kind = FACT_FILE, .run = RUN, .workload = "ns/pod/web#2"};
	fact.file.perms = PERM_READ;
	for (enum phase phase = 0; phase < PHASES; phase++) {
		char path[32];

		snprintf(path, sizeof(path), "/srv/%s", phase_name(phase));
		fact.file.path = path;
		fact.phase = phase;
		model_add(model, &fact, &err);
	}
	model_seal(model);
	EQ(apparmor_emit(model, &options, out, &err), 0, "a container's profile is made");
	fclose(out);
	CHECK(strstr(text, "\nprofile leastcall-ns_pod_web-fe2a56bf flags=(attach_disconnected, "
			   "mediate_deleted) {\n"),
	      "it has a name that no program of the host has, and is attached to none");
	CHECK(!strstr(text, "exec_path") && !strstr(text, "nginx"), "not even to its own");
	CHECK(strstr(text, "\n  /srv/start ") && strstr(text, "\n  /srv/serving "),
	      "it holds what the application used, in whichever instance");
	CHECK(!strstr(text, "/srv/setup") && !strstr(text, "/srv/runtime"),
	      "and nothing that the runtime used");
	CHECK(strstr(text, "what the container's runtime did before execve\n"),
	      "but says that there was some");
	free(text);
	model_free(model);
}

int main(void)
{
	test_paths();
	test_perms();
	test_names();
	test_comments();
	test_injection();
	test_operations();
	test_container();
	return test_end();
}
