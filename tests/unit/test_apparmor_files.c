/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * File rules from facts: which names become a glob, over what, and which never do. Names are short
 * here; that apparmor_parser takes them is tests/golden's to ask.
 */
#include <stdlib.h>
#include <unistd.h>

#include "emit/apparmor_files.h"
#include "emit/apparmor_known.h"
#include "test.h"

#define RUNS_MAX 4

static const char *const runs[RUNS_MAX] = {"aaaaaaaaaaaaaaaa", "bbbbbbbbbbbbbbbb",
					   "cccccccccccccccc", "dddddddddddddddd"};

static void fact_add(struct model *model, const struct fact *fact)
{
	struct err err;

	if (model_add(model, fact, &err)) {
		fprintf(stderr, "%s\n", err.text);
		abort();
	}
}

static uint32_t letters_read(const char *letters)
{
	uint32_t perms = 0;

	for (; *letters; letters++)
		perms |= 1u << (strchr(perm_letters, *letters) - perm_letters);
	return perms;
}

/* One line for each fact: "RUN LETTERS[!?+] PATH"; RUN is 1 to 4, ! deleted, ? unresolved, + owned. */
static struct model *model_made(const char *const *lines, bool backwards)
{
	struct model *model = model_new();
	size_t count = 0, i;

	while (lines[count])
		count++;
	for (i = 0; i < count; i++) {
		const char *line = lines[backwards ? count - 1 - i : i];
		const char *path = strchr(line + 2, ' ') + 1;
		struct fact fact = {.kind = FACT_FILE, .run = runs[line[0] - '1'], .workload = "w"};
		char letters[12] = "";

		sscanf(line + 2, "%11[a-z]", letters);
		fact.file.path = path;
		fact.file.perms = letters_read(letters);
		fact.file.flags = memchr(line, '!', (size_t)(path - line))   ? PATH_DELETED
				  : memchr(line, '?', (size_t)(path - line)) ? PATH_UNRESOLVED
									     : 0u;
		fact.file.owner = memchr(line, '+', (size_t)(path - line)) ? OWNER_YES : OWNER_NO;
		fact_add(model, &fact);
	}
	return model;
}

static char *rules_text(struct model *model, const struct emit_options *options, bool witnesses)
{
	struct file_rules files = {.model = model, .workload = "w", .options = options};
	char *text = NULL;
	size_t size;
	FILE *out = xmemstream(&text, &size);

	model_seal(model);
	file_rules_gather(&files);
	if (witnesses)
		apparmor_glob_witnesses(&files, out);
	else
		file_rules_print(&files, out);
	file_rules_drop(&files);
	fclose(out);
	model_free(model);
	return text;
}

/* Rules alone, one a line: columns and titles taken away. */
static void rules_flatten(char *text)
{
	char *out = text, *line = strtok(text, "\n");

	for (; line; line = strtok(NULL, "\n")) {
		line += strspn(line, " ");
		if (*line == '#')
			continue;
		for (; *line; line++)
			if (line[0] != ' ' || line[1] != ' ')
				*out++ = *line;
		*out++ = '\n';
	}
	*out = '\0';
}

static void rules_with(const struct emit_options *options, const char *const *lines,
		       const char *want, const char *words)
{
	char *there = rules_text(model_made(lines, false), options, false);
	char *back = rules_text(model_made(lines, true), options, false);

	EQ_STR(back, there, "%s: in any order", words);
	rules_flatten(there);
	EQ_STR(there, want, "%s", words);
	free(there);
	free(back);
}

#define RULES(words, want, ...)                                                                    \
	rules_with(&(struct emit_options){}, (const char *const[]){__VA_ARGS__, NULL}, want, words)
#define RULES_EXACT(words, want, ...)                                                              \
	rules_with(&(struct emit_options){.exact = true},                                          \
		   (const char *const[]){__VA_ARGS__, NULL}, want, words)
#define RULES_DIRS(least, words, want, ...)                                                        \
	rules_with(&(struct emit_options){.apparmor.glob_dirs = least},                            \
		   (const char *const[]){__VA_ARGS__, NULL}, want, words)

#define NUMBER "[0-9]*"
#define HEX4   "[0-9a-f][0-9a-f][0-9a-f][0-9a-f]"
#define UPPER4 "[0-9A-F][0-9A-F][0-9A-F][0-9A-F]"
#define ALNUM6 "[a-zA-Z0-9][a-zA-Z0-9][a-zA-Z0-9][a-zA-Z0-9][a-zA-Z0-9][a-zA-Z0-9]"
#define BAR4   "[a-z0-9_][a-z0-9_][a-z0-9_][a-z0-9_]"

static void test_runs(void)
{
	RULES("two runs", "/tmp/tmp" BAR4 BAR4 " rw, # 2 paths\n", "1 rw /tmp/tmpab12cd34",
	      "2 rw /tmp/tmpx9y8z7w6");
	RULES("three runs", "/tmp/tmp" BAR4 BAR4 " rw, # 3 paths\n", "1 rw /tmp/tmpab12cd34",
	      "2 rw /tmp/tmpx9y8z7w6", "3 rw /tmp/tmpq1_2e3r4");
	RULES("one run",
	      "/tmp/tmpab12cd34 rw, # one run: may hold a random part\n"
	      "/tmp/tmpx9y8z7w6 rw, # one run: may hold a random part\n",
	      "1 rw /tmp/tmpab12cd34", "1 rw /tmp/tmpx9y8z7w6");
	RULES("a name that two runs share is no random one",
	      "/tmp/app12345 rw,\n"
	      "/tmp/app67890 rw, # one run: may hold a random part\n",
	      "1 rw /tmp/app12345", "2 rw /tmp/app12345", "2 rw /tmp/app67890");
	RULES("different lengths",
	      "/tmp/a12345 rw, # one run: may hold a random part\n"
	      "/tmp/b1234567 rw, # one run: may hold a random part\n",
	      "1 rw /tmp/a12345", "2 rw /tmp/b1234567");
	RULES("different directories", "/srv/a/x1y2 rw,\n/srv/b/z3w4 rw,\n", "1 rw /srv/a/x1y2",
	      "2 rw /srv/b/z3w4");
	RULES("different permissions",
	      "/srv/x1y2z3 rw, # one run: may hold a random part\n"
	      "/srv/z3w4v5 r,\n",
	      "1 rw /srv/x1y2z3", "2 r /srv/z3w4v5");
	RULES("a file and a directory",
	      "/srv/x1y2z3 rw, # one run: may hold a random part\n"
	      "/srv/z3w4v5/ rw, # one run: may hold a random part\n",
	      "1 rw /srv/x1y2z3", "2 rw /srv/z3w4v5/");
	RULES("what fits a pattern was named by the same", "/srv/job" NUMBER " rwk, # 4 paths\n",
	      "1 rw /srv/job12345", "1 rwk /srv/job54321", "2 rw /srv/job67890",
	      "2 w /srv/job67891");
	RULES("a random directory, and what is in it",
	      "/srv/tmp." ALNUM6 "/ w, # 2 paths\n"
	      "/srv/tmp." ALNUM6 "/log rw, # 2 paths\n"
	      "/srv/tmp." ALNUM6 "/s" NUMBER " w, # 2 paths\n",
	      "1 w /srv/tmp.aB3dE6/", "2 w /srv/tmp.Zx9Yw8/", "1 rw /srv/tmp.aB3dE6/log",
	      "2 rw /srv/tmp.Zx9Yw8/log", "1 w /srv/tmp.aB3dE6/s1234", "2 w /srv/tmp.Zx9Yw8/s9876");
	RULES("processes of one run are no runs", "/proc_/1234 r,\n/proc_/5678 r,\n",
	      "1 r /proc_/1234", "1 r /proc_/5678");
	RULES("the numbers of processes",
	      "@{PROC}/@{pid}/stat r,\n@{PROC}/@{pid}/task/@{tid}/comm rw,\n", "1 r /proc/123/stat",
	      "2 r /proc/4567/stat", "1 rw /proc/123/task/124/comm",
	      "2 rw /proc/1234/task/12345/comm");
}

static void test_patterns(void)
{
	RULES("two makers in one directory",
	      "/srv/aaa_[a-z0-9][a-z0-9][a-z0-9][a-z0-9] rw, # 2 paths\n"
	      "/srv/bbb_[a-z0-9][a-z0-9][a-z0-9][a-z0-9] rw, # 2 paths\n",
	      "1 rw /srv/aaa_x1y2", "2 rw /srv/aaa_p9q8", "1 rw /srv/bbb_q3w4",
	      "2 rw /srv/bbb_m5n6");
	RULES("a prefix and a suffix", "/srv/state.json." ALNUM6 ".new w, # 2 paths\n",
	      "1 w /srv/state.json.k3Jd9x.new", "2 w /srv/state.json.P0s8aq.new");
	RULES("what is shared at the end by chance", "/srv/x-" ALNUM6 " w, # 2 paths\n",
	      "1 w /srv/x-k3Jd9q", "2 w /srv/x-P0s8aq");
	RULES("a number is all of it", "/srv/job" NUMBER ".pid w, # 2 paths\n",
	      "1 w /srv/job10231.pid", "2 w /srv/job10245.pid");
	RULES("what varies little is cut back to the last divider",
	      "/srv/log-[a-z0-9][a-z0-9][a-z0-9][a-z0-9][a-z0-9] w, # 2 paths\n",
	      "1 w /srv/log-abc1z", "2 w /srv/log-abc2y");
	RULES("a UUID",
	      "/srv/" HEX4 HEX4 "-" HEX4 "-" HEX4 "-" HEX4 "-" HEX4 HEX4 HEX4 " r, # 2 paths\n",
	      "1 r /srv/6f1c2d3e-1a2b-4c3d-8e9f-001122334455",
	      "2 r /srv/0a9b8c7d-dead-4eef-9abc-a1b2c3d4e5f6");
	RULES("a number", "/srv/" NUMBER " r, # 2 paths\n", "1 r /srv/1234", "2 r /srv/5679");
	RULES("a number that is shorter once", "/srv/a-" NUMBER ".db r, # 3 paths\n",
	      "1 r /srv/a-1234.db", "2 r /srv/a-5679.db", "2 r /srv/a-99.db");
	RULES("a number filled up with zeros", "/srv/a-[0-9][0-9][0-9][0-9] r, # 2 paths\n",
	      "1 r /srv/a-0012", "2 r /srv/a-0734");
	RULES("a number beside another", "/srv/a-" NUMBER "-" HEX4 " r, # 2 paths\n",
	      "1 r /srv/a-1234-1a34", "2 r /srv/a-5679-567f");
	RULES("hexadecimal", "/srv/" HEX4 " r, # 2 paths\n", "1 r /srv/1a34", "2 r /srv/567f");
	RULES("small letters", "/srv/[a-z0-9][a-z0-9][a-z0-9][a-z0-9] r, # 2 paths\n",
	      "1 r /srv/1z34", "2 r /srv/567f");
	RULES("with bars", "/srv/" BAR4 "[a-z0-9_] r, # 2 paths\n", "1 r /srv/1z_4a",
	      "2 r /srv/567fb");
	RULES("capitals", "/srv/[a-zA-Z0-9][a-zA-Z0-9][a-zA-Z0-9][a-zA-Z0-9] r, # 2 paths\n",
	      "1 r /srv/1Z34", "2 r /srv/567f");
	RULES("all of them",
	      "/srv/[a-zA-Z0-9_][a-zA-Z0-9_][a-zA-Z0-9_][a-zA-Z0-9_][a-zA-Z0-9_] r, # 2 paths\n",
	      "1 r /srv/1Z_4a", "2 r /srv/567fb");
	RULES("bars first, then capitals",
	      "/srv/[a-zA-Z0-9_][a-zA-Z0-9_][a-zA-Z0-9_][a-zA-Z0-9_][a-zA-Z0-9_] r, # 2 paths\n",
	      "1 r /srv/1_z4a", "2 r /srv/567FB");
	RULES("no class holds other bytes", "/srv/a+12 r,\n/srv/b3.4 r,\n", "1 r /srv/a+12",
	      "2 r /srv/b3.4");
	RULES("words are no random names", "/srv/posts.db rw,\n/srv/users.db rw,\n",
	      "1 rw /srv/users.db", "2 rw /srv/posts.db");
	RULES("who only reads reads what others named", "/srv/Report1 r,\n/srv/finalDoc r,\n",
	      "1 r /srv/Report1", "2 r /srv/finalDoc");
}

/* Each part that varies by itself; what is shared by chance and what is not. */
static void test_parts(void)
{
	RULES("a number with letters beside it", "/srv/lk." NUMBER "x w, # 2 paths\n",
	      "1 w /srv/lk.31746x", "2 w /srv/lk.31902x");
	RULES("... of many digits", "/tmp/x" NUMBER "y rw, # 2 paths\n",
	      "1 rw /tmp/x1205905350908052927y", "2 rw /tmp/x3043974115145420284y");
	RULES("... two of them", "/tmp/j" NUMBER "of" NUMBER " rw, # 2 paths\n",
	      "1 rw /tmp/j3174of711", "2 rw /tmp/j3190of922");
	RULES("... one stays", "/tmp/j" NUMBER "of12 rw, # 2 paths\n", "1 rw /tmp/j3174of12",
	      "2 rw /tmp/j3190of12");
	RULES("... of a hexadecimal one", "/tmp/" HEX4 HEX4 " rw, # 2 paths\n",
	      "1 rw /tmp/12a45b78", "2 rw /tmp/34a67b90");
	RULES("an address and a process",
	      "\"/srv/.#lk0x" HEX4 HEX4 HEX4 ".vm." NUMBER "x\" w, # 2 paths\n",
	      "1 w /srv/.#lk0x55d0c8a1b2c0.vm.4711x", "2 w /srv/.#lk0x55e1a8a102f0.vm.4890x");
	RULES("... and the zeros in front of it", "/srv/lk0x" HEX4 HEX4 HEX4 HEX4 " w, # 2 paths\n",
	      "1 w /srv/lk0x000055d0c8a1b2c0", "2 w /srv/lk0x000055d1a8a102f0");
	RULES("a process and a digest",
	      "/srv/.tmp-" NUMBER "-pack-" HEX4 HEX4 HEX4 ".idx w, # 2 paths\n",
	      "1 w /srv/.tmp-4711-pack-0a1b2c3d4e5f.idx",
	      "2 w /srv/.tmp-4890-pack-99f0e1d2c3b4.idx");
	RULES("a UUID with digits alone in a part",
	      "/srv/" HEX4 HEX4 "-" HEX4 "-" HEX4 "-" HEX4 "-" HEX4 HEX4 HEX4 " r, # 2 paths\n",
	      "1 r /srv/6f1c2d3e-1a2b-4c3d-8e9f-101122334455",
	      "2 r /srv/1a9b8c7d-dead-4eef-9abc-212345678901");
	RULES("pairs", "\"/srv/[0-9a-f][0-9a-f]:[0-9a-f][0-9a-f]:[0-9a-f][0-9a-f]\" r, # 2 paths\n",
	      "1 r /srv/1a:22:33", "2 r /srv/be:44:55");
	RULES("two of one maker", "/srv/" ALNUM6 "-" ALNUM6 " r, # 2 paths\n",
	      "1 r /srv/k3Jd9q-a1b2c3", "2 r /srv/P0s8aq-z9y8x7");
}

#define DIGITS2 "[0-9][0-9]"
#define DATE    DIGITS2 DIGITS2 "-" DIGITS2 "-" DIGITS2

static void test_dates(void)
{
	RULES("the day and the minute are others the next time",
	      "/srv/" DATE "T" DIGITS2 "_" DIGITS2 "_" DIGITS2 "_" NUMBER
	      "Z-debug-0.log w, # 2 paths\n",
	      "1 w /srv/2026-11-22T21_58_07_711Z-debug-0.log",
	      "2 w /srv/2026-11-22T21_58_12_194Z-debug-0.log");
	RULES("... and who did it", "/srv/" NUMBER "-" DATE "-" NUMBER " w, # 2 paths\n",
	      "1 w /srv/711-2026-11-22-4711", "2 w /srv/194-2026-11-22-4890");
	RULES("... of more digits", "/srv/" DATE "-" NUMBER " w, # 2 paths\n",
	      "1 w /srv/2026-11-22-9711", "2 w /srv/2026-11-22-10890");
	RULES("without dividers",
	      "/srv/" DIGITS2 DIGITS2 DIGITS2 DIGITS2 "-" NUMBER " w, # 2 paths\n",
	      "1 w /srv/20261122-4711", "2 w /srv/20261122-4890");
	RULES("the day alone", "/srv/log-" DATE ".txt w, # 2 paths\n",
	      "1 w /srv/log-2026-11-21.txt", "2 w /srv/log-2026-11-22.txt");
	RULES("no date", "/srv/2026-13-22-" NUMBER " w, # 2 paths\n", "1 w /srv/2026-13-22-4711",
	      "2 w /srv/2026-13-22-4890");
	RULES("no date, either", "/srv/12026-11-22-" NUMBER " w, # 2 paths\n",
	      "1 w /srv/12026-11-22-4711", "2 w /srv/12026-11-22-4890");
}

static void test_prefixes(void)
{
	RULES("capitals", "/srv/K" UPPER4 UPPER4 ".key w, # 2 paths\n", "1 w /srv/K0A1B2C3D.key",
	      "2 w /srv/KF9E8D7C6.key");
	RULES("a letter that is no digit", "/srv/K" HEX4 HEX4 " w, # 2 paths\n",
	      "1 w /srv/K0a1b2c3d", "2 w /srv/Kf9e8d7c6");
	RULES("... nor are these", "/srv/a.tmp" HEX4 "[0-9a-f][0-9a-f] w, # 2 paths\n",
	      "1 w /srv/a.tmp0a1b2c", "2 w /srv/a.tmpf9e8d7");
	RULES("... with a bar", "/srv/t_" HEX4 "[0-9a-f][0-9a-f] w, # 2 paths\n",
	      "1 w /srv/t_0a1b2c", "2 w /srv/t_f9e8d7");
	RULES("... of five", "/srv/X.tmp" HEX4 "[0-9a-f] w, # 2 paths\n", "1 w /srv/X.tmp0a1b2",
	      "2 w /srv/X.tmpf9e8d");
	RULES("a digit that was shared by chance",
	      "/srv/a.tmp" HEX4 "[0-9a-f][0-9a-f] w, # 2 paths\n", "1 w /srv/a.tmp3a1b2c",
	      "2 w /srv/a.tmp39e8d7");
	RULES("... a letter", "/srv/a.tmp" HEX4 "[0-9a-f][0-9a-f] w, # 2 paths\n",
	      "1 w /srv/a.tmpea1b2c", "2 w /srv/a.tmpe9e8d7");
	RULES("two makers, one of whom begins with two letters",
	      "/srv/Cu" ALNUM6 " rw, # 2 paths\n"
	      "/srv/" ALNUM6 "[a-zA-Z0-9][a-zA-Z0-9] rw, # 2 paths\n",
	      "1 rw /srv/Cu61XaQ1", "2 rw /srv/CukhXuxj", "1 rw /srv/k3Jd9qA1",
	      "2 rw /srv/P0s8aqZ2");
	RULES("... who share the first of them",
	      "/srv/Cu" ALNUM6 " rw, # 2 paths\n"
	      "/srv/" ALNUM6 "[a-zA-Z0-9][a-zA-Z0-9] rw, # 2 paths\n",
	      "1 rw /srv/Cu61XaQ1", "2 rw /srv/CukhXuxj", "1 rw /srv/C3Jd9qA1",
	      "2 rw /srv/P0s8aqZ2");
	RULES("one maker, by chance", "/srv/" ALNUM6 "[a-zA-Z0-9][a-zA-Z0-9] rw, # 5 paths\n",
	      "1 rw /srv/Cu61XaQ1", "2 rw /srv/Cv9hXux2", "1 rw /srv/k3Jd9qA1",
	      "2 rw /srv/P0s8aqZ2", "2 rw /srv/P1s9bqZ2");
}

/* What one run alone has in one directory, and several have beside it. */
static void test_siblings_of_directories(void)
{
	RULES("a directory beside it",
	      "/srv/o/12/tmp_obj_" ALNUM6 " w, # 1 path\n"
	      "/srv/o/9c/tmp_obj_" ALNUM6 " w, # 2 paths\n",
	      "1 w /srv/o/9c/tmp_obj_k3Jd9q", "2 w /srv/o/9c/tmp_obj_P0s8aq",
	      "2 w /srv/o/12/tmp_obj_xENGaY");
	RULES("one of the same name",
	      "/srv/a/o/[0-9a-f][0-9a-f]/ w, # 2 paths\n"
	      "/srv/b/o/[0-9a-f][0-9a-f]/ w, # 1 path\n",
	      "1 w /srv/a/o/1c/", "2 w /srv/a/o/a0/", "2 w /srv/b/o/12/");
	RULES("another form",
	      "/srv/o/12/tmp_obj_xENGa7b w, # one run: may hold a random part\n"
	      "/srv/o/9c/tmp_obj_" ALNUM6 " w, # 2 paths\n",
	      "1 w /srv/o/9c/tmp_obj_k3Jd9q", "2 w /srv/o/9c/tmp_obj_P0s8aq",
	      "2 w /srv/o/12/tmp_obj_xENGa7b");
	RULES("another place",
	      "/srv/p/12/tmp_obj_xENGaY w, # one run: may hold a random part\n"
	      "/srv/q/9c/tmp_obj_" ALNUM6 " w, # 2 paths\n",
	      "1 w /srv/q/9c/tmp_obj_k3Jd9q", "2 w /srv/q/9c/tmp_obj_P0s8aq",
	      "2 w /srv/p/12/tmp_obj_xENGaY");
	RULES("a word", "/srv/o/a/" ALNUM6 " w, # 2 paths\n/srv/o/b/status w,\n",
	      "1 w /srv/o/a/k3Jd9q", "2 w /srv/o/a/P0s8aq", "2 w /srv/o/b/status");
	RULES("a file, and directories",
	      "/srv/o/a/[0-9a-f][0-9a-f][0-9a-f]/ w, # 2 paths\n/srv/o/b/12c w,\n",
	      "1 w /srv/o/a/1c3/", "2 w /srv/o/a/a05/", "2 w /srv/o/b/12c");
	RULES("what several have", "/srv/o/a/job-[0-9]* w, # 2 paths\n/srv/o/b/job-7 w,\n",
	      "1 w /srv/o/a/job-12", "2 w /srv/o/a/job-34", "1 w /srv/o/b/job-7",
	      "2 w /srv/o/b/job-7");
}

static void test_kept(void)
{
	static const char *const kept[][2] = {
		{"/etc/ssh/ssh_host_key1", "/etc/ssh/ssh_host_key2"},
		{"/etc/sudoers.d/u1234", "/etc/sudoers.d/u5678"},
		{"/home/ann/.ssh/id_1234", "/home/ann/.ssh/id_5678"},
		{"/home/eve/.gnupg/x1234", "/home/eve/.gnupg/x5678"},
		{"/proc/sys/net/x1", "/proc/sys/net/x2"},
		{"/sys/kernel/debug/x1", "/sys/kernel/debug/x2"},
		{"/dev/sda1", "/dev/sda2"},
		{"/etc/xh4d0w", "/etc/gr0up7"},
		{"/run/abc123.sock", "/run/xyz789.sock"},
		{"/home/u01/x", "/home/u02/x"},
		{"/x1y2/a", "/z3w4/a"},
		{"/home/eve/.a1z/x", "/home/eve/.y2d/x"},
		{"/home/eve/.n1tr2", "/home/eve/.p9pq8"},
	};
	struct emit_options options = {.apparmor.glob_dirs = 2};
	char facts[2][100];
	size_t i, k;

	for (i = 0; i < ARRAY_SIZE(kept); i++) {
		const char *const lines[] = {facts[0], facts[1], NULL};
		char *text;

		for (k = 0; k < 2; k++)
			snprintf(facts[k], sizeof(facts[k]), "%zu w %s", k + 1, kept[i][k]);
		text = rules_text(model_made(lines, false), &options, false);
		CHECK(strstr(text, kept[i][0]) || strstr(text, strchr(kept[i][0] + 1, '/')),
		      "kept: %s has its rule", kept[i][0]);
		CHECK(!strpbrk(text, "*["), "kept: %s is never widened", kept[i][0]);
		free(text);
	}
	RULES("what is executed", "/srv/x1y2z3 mrix,\n/srv/z3w4v5 mrix,\n", "1 x /srv/x1y2z3",
	      "2 x /srv/z3w4v5");
}

/* What root executes or obeys: whoever may write a glob there may name anything. */
static void test_root_places(void)
{
	static const char *const places[] = {
		"/etc/",
		"/etc/systemd/system/",
		"/usr/bin/",
		"/usr/local/lib/",
		"/boot/",
		"/lib/",
		"/lib64/",
		"/bin/",
		"/sbin/",
		"/opt/app/bin/",
		"/root/",
		"/var/spool/cron/",
		"/var/spool/cron/crontabs/",
		"/run/systemd/system/",
		"/var/run/systemd/system/",
		"/var/run/udev/rules.d/",
		"/var/lib/dpkg/info/",
		"/sys/fs/cgroup/",
	};
	static const char *const others[] = {"/srv/",     "/var/lib/app/", "/var/spool/app/",
					     "/run/app/", "/tmp/etc/",     "/home/ann/usr/"};
	struct emit_options options = {};
	char facts[2][100];
	const char *const lines[] = {facts[0], facts[1], NULL};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(places) + ARRAY_SIZE(others); i++) {
		bool root = i < ARRAY_SIZE(places);
		const char *place = root ? places[i] : others[i - ARRAY_SIZE(places)];
		char *text;

		snprintf(facts[0], sizeof(facts[0]), "1 w+ %sx1y2z3w4v5", place);
		snprintf(facts[1], sizeof(facts[1]), "2 w+ %sq9p8o7n6m5", place);
		text = rules_text(model_made(lines, false), &options, false);
		EQ(!strchr(text, '['), root, "%s: %s glob is written", place, root ? "no" : "a");
		EQ(strstr(text, "varies between runs: a pattern would allow too much") != NULL,
		   root, "%s: ... %sand a comment says so", place, root ? "" : "not ");
		EQ(strstr(text, "owner ") != NULL, !root || strstr(place, "root") != NULL,
		   "%s: ... %sby its owner alone", place, root ? "not " : "");
		free(text);
		facts[0][2] = facts[1][2] = 'r';
		text = rules_text(model_made(lines, false), &options, false);
		CHECK(strchr(text, '['), "%s: a glob is read", place);
		free(text);
	}
}

/* The whole of a rule is looked at, not only the part that varies. */
static void test_finished(void)
{
	RULES("a socket that everybody knows",
	      "@{run}/x0zzzzzzzz/containerd.sock rw, # varies between runs: a pattern would allow "
	      "too much\n"
	      "@{run}/y1wwwwwwww/containerd.sock rw, # varies between runs: a pattern would allow "
	      "too much\n",
	      "1 rw /run/x0zzzzzzzz/containerd.sock", "2 rw /run/y1wwwwwwww/containerd.sock");
	RULES("... by its other name",
	      "@{run}/x0zz/crio.sock rw, # varies between runs: a pattern would allow too much\n"
	      "@{run}/y1ww/crio.sock rw, # varies between runs: a pattern would allow too much\n",
	      "1 rw /var/run/x0zz/crio.sock", "2 rw /var/run/y1ww/crio.sock");
	RULES("... and the place of it",
	      "/var/x0z/docker.sock r, # varies between runs: a pattern would allow too much\n"
	      "/var/y1w/docker.sock r, # varies between runs: a pattern would allow too much\n",
	      "1 r /var/x0z/docker.sock", "2 r /var/y1w/docker.sock");
	RULES("another socket",
	      "@{run}/[a-z0-9][a-z0-9][a-z0-9][a-z0-9][a-z0-9]/app.sock rw, # 2 paths\n",
	      "1 rw /run/x0zz5/app.sock", "2 rw /run/y1ww6/app.sock");
	RULES("a name of two bytes is not random",
	      "/srv/a1 rw, # varies between runs: a pattern would allow too much\n"
	      "/srv/b2 rw, # varies between runs: a pattern would allow too much\n",
	      "1 rw /srv/a1", "2 rw /srv/b2");
	RULES("... nor where something else is behind it",
	      "/srv/1a2/conf w, # varies between runs: a pattern would allow too much\n"
	      "/srv/2b3/conf w, # varies between runs: a pattern would allow too much\n",
	      "1 w /srv/1a2/conf", "2 w /srv/2b3/conf");
	RULES("... but read, with more that varies, a directory, a number",
	      "/srv/[0-9]* w, # 2 paths\n"
	      "/srv/o/[0-9a-f][0-9a-f]/ w, # 2 paths\n"
	      "/srv/o/[0-9a-f][0-9a-f]/" HEX4 " w, # 2 paths\n"
	      "/srv/r/[0-9a-f][0-9a-f] r, # 2 paths\n",
	      "1 r /srv/r/a1", "2 r /srv/r/b2", "1 w /srv/o/1a/", "2 w /srv/o/2b/",
	      "1 w /srv/o/1a/1a2b", "2 w /srv/o/2b/3c4d", "1 w /srv/7", "2 w /srv/12");
	RULES("who owned all of what a glob stands for",
	      "owner /srv/x/" ALNUM6 " rw, # 2 paths\n/srv/y/" ALNUM6 " rw, # 2 paths\n"
	      "/srv/z/" ALNUM6 " r, # 2 paths\n",
	      "1 rw+ /srv/x/k3Jd9q", "2 rw+ /srv/x/P0s8aq", "1 rw+ /srv/y/k3Jd9q",
	      "2 rw /srv/y/P0s8aq", "1 r+ /srv/z/k3Jd9q", "2 r+ /srv/z/P0s8aq");
	RULES("numbers of several lengths", "/srv/temp-[0-9]*.rdb rw, # 2 paths\n",
	      "1 rw /srv/temp-9999.rdb", "2 rw /srv/temp-10001.rdb");
}

static void test_known(void)
{
	RULES("versions of what is read and mapped",
	      "/usr/lib/@{multiarch}/libfoo.so* mr, # 2 paths; version left open\n"
	      "/usr/lib/modules/[0-9]*/modules.dep r, # version left open\n"
	      "/usr/lib/python3.[0-9]*/os.py r, # version left open\n"
	      "/usr/lib/python3/x.cpython-3[0-9]*.pyc r, # version left open\n",
	      "1 rm /usr/lib/x86_64-linux-gnu/libfoo.so.1.2.3",
	      "2 rm /usr/lib/x86_64-linux-gnu/libfoo.so.1.2.4", "1 r /usr/lib/python3.11/os.py",
	      "1 r /usr/lib/python3/x.cpython-311.pyc",
	      "1 r /usr/lib/modules/6.1.0-13-amd64/modules.dep");
	RULES("what is written keeps its version",
	      "/opt/libfoo.so.1 rw,\n/opt/python3.11/x a,\n/opt/x.so.2 rk,\n",
	      "1 rw /opt/libfoo.so.1", "1 a /opt/python3.11/x", "1 rk /opt/x.so.2");
	RULES("what is executed keeps its version, and its place",
	      "/usr/bin/python3.11 mrix,\n/usr/lib/x86_64-linux-gnu/ld.so.2 mrix,\n",
	      "1 x /usr/bin/python3.11", "1 x /usr/lib/x86_64-linux-gnu/ld.so.2");
	RULES("no versions", "/opt/a.so r,\n/opt/a.so. r,\n/opt/python3.x r,\n/opt/so.1 r,\n",
	      "1 r /opt/a.so", "1 r /opt/a.so.", "1 r /opt/python3.x", "1 r /opt/so.1");
	RULES("pseudo terminals",
	      "/dev/pts/[0-9]* rw, # 2 paths; any terminal\n/dev/pts/ptmx rw,\n", "1 rw /dev/pts/3",
	      "1 rw /dev/pts/14", "1 rw /dev/pts/ptmx");
	RULES("no triplet", "\"/usr/lib/a:b-linux-gnu/c\" r,\n/usr/lib/x86_64-linux/a r,\n",
	      "1 r /usr/lib/x86_64-linux/a", "1 r /usr/lib/a:b-linux-gnu/c");
	RULES("what has no name", "\"/tmp/#[0-9]*\" rw, # 2 paths; any file without a name\n",
	      "1 w! /tmp/#12", "1 r! /tmp/#13");
	RULES_EXACT("exact",
		    "/usr/lib/libfoo.so.1 r,\n/home/ann/x rw,\n@{run}/tmpab12cd34 rw, # one run: "
		    "may hold a random part\n"
		    "@{run}/tmpx9y8z7w6 rw, # one run: may hold a random part\n"
		    "@{PROC}/@{pid}/stat r,\n/dev/pts/3 rw,\n",
		    "1 rw /home/ann/x", "1 rw /run/tmpab12cd34", "2 rw /run/tmpx9y8z7w6",
		    "1 r /proc/12/stat", "1 rw /dev/pts/3", "1 r /usr/lib/libfoo.so.1");
}

static void test_owner(void)
{
	RULES("owners in places of their own",
	      "owner @{HOME}/.cache/x rw,\nowner /tmp/a rw,\nowner @{PROC}/@{pid}/fd/ r,\n"
	      "/srv/a rw,\n",
	      "1 rw+ /home/ann/.cache/x", "2 rw+ /home/bob/.cache/x", "1 rw+ /tmp/a",
	      "1 r+ /proc/12/fd/", "1 rw+ /srv/a");
	RULES("somebody does not own it", "/home/ann/x rw,\n/home/bob/x rw,\n/tmp/a rw,\n",
	      "1 rw /home/ann/x", "2 rw+ /home/bob/x", "2 rw /home/bob/x", "1 rw+ /tmp/a",
	      "2 r /tmp/a");
	RULES("a glob is owned where all of it is", "/tmp/tmp" BAR4 BAR4 " rw, # 2 paths\n",
	      "1 rw+ /tmp/tmpab12cd34", "2 rw /tmp/tmpx9y8z7w6");
	RULES("secrets are one user's", "owner /home/ann/.ssh/config r,\n",
	      "1 r+ /home/ann/.ssh/config");
	RULES("a home itself", "/home/ r,\nowner @{HOME}/ r,\n", "1 r+ /home/ann/", "1 r+ /home/");
}

static void test_unresolved(void)
{
	RULES("as it was spelled", "/var/a w, # not resolved\n", "1 w? /var/a");
	RULES("known otherwise", "/var/a r,\n/var/a w, # not resolved\n", "1 w? /var/a",
	      "2 r /var/a");
	RULES("what is sure is not told again", "/var/a rw,\n/var/a k, # not resolved\n",
	      "1 rk? /var/a", "2 r /var/a", "1 w /var/a", "1 a? /var/a");
	RULES("known as well", "/var/a rw,\n", "1 w? /var/a", "2 r /var/a", "1 w /var/a");
	RULES("of its owner", "owner /tmp/a rw,\n/tmp/a w, # not resolved\n", "1 w? /tmp/a",
	      "1 rw+ /tmp/a");
	RULES("of whoever", "/tmp/a rw,\n", "1 w?+ /tmp/a", "1 rw /tmp/a");
	RULES("beside what is deleted", "/var/a w, # not resolved\n", "1 w? /var/a", "1 r! /var/a");
	RULES("not absolute", "", "1 w? a/b");
}

static void test_siblings(void)
{
	RULES_DIRS(3, "siblings", "/srv/*.txt w, # 3 paths\n/srv/d.md w,\n", "1 w /srv/a.txt",
		   "1 w /srv/b.txt", "1 w /srv/c.txt", "1 w /srv/d.md");
	RULES_DIRS(3, "too few", "/srv/a.txt w,\n/srv/b.txt w,\n", "1 w /srv/a.txt",
		   "1 w /srv/b.txt");
	RULES_DIRS(2, "of those that are read there are no siblings",
		   "/srv/a.txt r,\n/srv/b.txt r,\n", "1 r /srv/a.txt", "1 r /srv/b.txt");
	RULES_DIRS(2, "without a suffix", "/srv/* w, # 2 paths; every name in the directory\n",
		   "1 w /srv/a", "1 w /srv/.b");
	RULES("never by itself", "/srv/a.txt w,\n/srv/b.txt w,\n/srv/c.txt w,\n", "1 w /srv/a.txt",
	      "1 w /srv/b.txt", "1 w /srv/c.txt");
}

static void test_witnesses(void)
{
	static const char *const lines[] = {"1 rw /tmp/tmpab12cd34", "2 rw /tmp/tmpx9y8z7w6",
					    "1 r /etc/passwd", NULL};
	char *text = rules_text(model_made(lines, false), &(struct emit_options){}, true);

	EQ_STR(text,
	       "/tmp/tmp" BAR4 BAR4 " rw\t/tmp/tmpab12cd34\n"
	       "/tmp/tmp" BAR4 BAR4 " rw\t/tmp/tmpx9y8z7w6\n",
	       "a glob tells what it came of, and nothing else does");
	free(text);
}

#define LONELY " # one run: may hold a random part\n"

/* Whatever looks so has the mark, for who sees it on some names takes the others for stable. */
static void test_marks(void)
{
	static const char *const drawn[] = {
		"tmp.cRahLJOLdt", "tmprghxjkdl",           "state-31746.json", "temp-31930.rdb",
		"host.31700.txt", "leastcall-demo.5QnlUN", "CukhXuxj",         "tmp0b4j2ef9",
		"out.CuT61Xa1",   "b64-.l+8QMm6emEA",      "b64-ltR.QZ+0IBpo", "sedrPxWqk",
		"0f1e2d3c",       ".#lk0x55d0c8.vm.4711x",
	};
	static const char *const words[] = {
		"settings",       "README",     "Makefile",    "my_files",     "web01",
		"appendonly.aof", "MyFile",     "WebData",     "index.html",   "app.log.1",
		"lockfile",       "sqlite3.db", "host12",      "sha256",       "Local State",
		"trustdb.gpg",    "bookmarks",  "access.log",  "libstdc++.so", "notepad++",
		"tmpfiles",       "x86_64",     "aarch64.txt", "v1.2.3",
	};
	char line[100];
	const char *const lines[] = {line, NULL};
	struct emit_options options = {};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(drawn) + ARRAY_SIZE(words); i++) {
		bool random = i < ARRAY_SIZE(drawn);
		const char *name = random ? drawn[i] : words[i - ARRAY_SIZE(drawn)];
		char *text;

		snprintf(line, sizeof(line), "1 w /srv/%s", name);
		text = rules_text(model_made(lines, false), &options, false);
		EQ(strstr(text, "may hold") != NULL, random, "%s: %s mark", name,
		   random ? "a" : "no");
		free(text);
	}
	RULES("what is in a directory has its mark",
	      "/tmp/tmp.oEDarhl2lb/ w," LONELY "/tmp/tmp.oEDarhl2lb/a.txt rw," LONELY
	      "/tmp/tmp.oEDarhl2lb/b.txt r," LONELY,
	      "1 w /tmp/tmp.oEDarhl2lb/", "1 rw /tmp/tmp.oEDarhl2lb/a.txt",
	      "1 r /tmp/tmp.oEDarhl2lb/b.txt");
	RULES("who only reads reads what others named", "/srv/k3Jd9q/a r,\n", "1 r /srv/k3Jd9q/a");
	RULES("of several runs one has it", "/srv/CukhXuxj rw," LONELY "/srv/a rw,\n",
	      "1 rw /srv/a", "2 rw /srv/a", "2 rw /srv/CukhXuxj");
	RULES("of several runs all have it", "/srv/app.k3Jd9q/ w,\n/srv/app.k3Jd9q/b w,\n",
	      "1 w /srv/app.k3Jd9q/", "2 w /srv/app.k3Jd9q/", "2 w /srv/app.k3Jd9q/b");
	RULES("a user's number", "@{run}/user/1000/a w,\n", "1 w /run/user/1000/a");
	RULES("within a pattern",
	      "/srv/tmp." ALNUM6 "/ w, # 2 paths\n"
	      "/srv/tmp." ALNUM6 "/job-4711 w, # 1 path; one run: may hold a random part\n",
	      "1 w /srv/tmp.aB3dE6/", "2 w /srv/tmp.Zx9Yw8/", "2 w /srv/tmp.Zx9Yw8/job-4711");
	RULES("... and another thing in it each", "/srv/app.k3Jd9q/a w,\n/srv/app.k3Jd9q/bc w,\n",
	      "1 w /srv/app.k3Jd9q/a", "2 w /srv/app.k3Jd9q/bc");
	RULES("a date", "/srv/log-2026-11-22.txt w, # holds a date\n",
	      "1 w /srv/log-2026-11-22.txt", "2 w /srv/log-2026-11-22.txt");
	RULES("an id",
	      "/var/88604e60cc087ebcca942b801d000fcf r,\n"
	      "@{sys}/fs/cgroup/88604e60cc087ebcca942b801d000fcf/x r, # holds an id of the running "
	      "system\n",
	      "1 r /sys/fs/cgroup/88604e60cc087ebcca942b801d000fcf/x",
	      "1 r /var/88604e60cc087ebcca942b801d000fcf");
}

/* What comes again and again in one name is no more work than its length. */
static void test_long(void)
{
	enum { REPEATS = 200000 };
	static const char part[] = "python3.1/";
	char *path = xcalloc(REPEATS + 1, sizeof(part)), *end = path;
	struct cells cells;
	size_t i;

	for (i = 0; i < REPEATS; i++)
		end = mempcpy(end, part, sizeof(part) - 1);
	cells_make(&cells, path);
	alarm(10);
	versions_widen(&cells, path, PERM_READ);
	alarm(0);
	EQ(cells.count, (size_t)REPEATS * sizeof(part), "a long name takes no time");
	cells_drop(&cells);
	free(path);
}

/* A traced program names its files in both runs. */
static void test_names(void)
{
	RULES("names that would be rules",
	      "\"/srv/\\{a,b\\}" NUMBER "\\042 rw,\\012\" rw, # 2 paths\n",
	      "1 rw /srv/{a,b}1234\" rw,\n", "2 rw /srv/{a,b}5678\" rw,\n");
	RULES("names that would be variables",
	      "\"/srv/@\\{HOME\\}" NUMBER "\\[\\^\\*\" rw, # 2 paths\n", "1 rw /srv/@{HOME}1234[^*",
	      "2 rw /srv/@{HOME}5678[^*");
}

int main(void)
{
	test_runs();
	test_patterns();
	test_parts();
	test_dates();
	test_siblings_of_directories();
	test_prefixes();
	test_kept();
	test_root_places();
	test_finished();
	test_known();
	test_owner();
	test_unresolved();
	test_siblings();
	test_witnesses();
	test_marks();
	test_names();
	test_long();
	return test_end();
}
