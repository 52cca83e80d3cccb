/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Names that were drawn, of those who are known to draw them: of two runs or three comes a glob that
 * has the next name, too, but for less than one time in 10,000 (in 1,000 where eight small letters,
 * digits and bars may stand anywhere). Names that somebody chose come to no glob. The same numbers
 * every time.
 */
#include <stdlib.h>

#include "emit/apparmor_glob.h"
#include "model/fact.h"
#include "made.h"
#include "test.h"

#define RUNS_MAX 3

static const char *const runs[RUNS_MAX] = {"aaaaaaaaaaaaaaaa", "bbbbbbbbbbbbbbbb",
					   "cccccccccccccccc"};

#define DIGITS "0123456789"
#define LOWER  "abcdefghijklmnopqrstuvwxyz"
#define UPPER  "ABCDEFGHIJKLMNOPQRSTUVWXYZ"

static const struct {
	const char *before, *bytes, *behind;
	unsigned int size;
	unsigned int misses; /* fewer of 100,000 */
} makers[] = {
	{"/tmp/", LOWER UPPER DIGITS, "", 6, 10},
	{"/var/lib/app/state.json.", LOWER UPPER DIGITS, "", 6, 10},
	{"/srv/repo.git/objects/pack/tmp_pack_", LOWER UPPER DIGITS, "", 6, 10},
	{"/srv/repo.git/objects/info/packs_", LOWER UPPER DIGITS, "", 6, 10},
	{"/srv/sed", LOWER UPPER DIGITS, "", 6, 10},
	{"/tmp/cc", LOWER UPPER DIGITS, ".o", 6, 10},
	{"/tmp/x-", LOWER UPPER DIGITS, "/log", 6, 10},
	{"/tmp/tmp", LOWER DIGITS "_", "", 8, 10},
	{"/tmp/job-", LOWER DIGITS "_", ".json", 8, 100},
	{"/tmp/tmp.", LOWER UPPER DIGITS, "", 10, 10},
};

static void name_draw(size_t maker, char *path, size_t size)
{
	const char *bytes = makers[maker].bytes;
	size_t used, i;

	snprintf(path, size, "%s", makers[maker].before);
	used = strlen(path);
	for (i = 0; i < makers[maker].size; i++)
		path[used++] = bytes[random_below((unsigned int)strlen(bytes))];
	snprintf(path + used, size - used, "%s", makers[maker].behind);
}

/* The glob of `count` names, each of a run of its own, allows the next. */
static bool next_allowed(char names[RUNS_MAX + 1][100], size_t count)
{
	struct glob_path paths[RUNS_MAX] = {};
	bool allowed;
	size_t i;

	for (i = 0; i < count; i++) {
		paths[i].run = runs[i];
		paths[i].perms = PERM_READ | PERM_WRITE;
		cells_make(&paths[i].cells, names[i]);
	}
	globs_find(paths, count);
	allowed = cells_match(paths[0].cells.list, paths[0].cells.count, names[count]);
	for (i = 0; i < count; i++)
		cells_drop(&paths[i].cells);
	return allowed;
}

static void test_makers(uint64_t rounds)
{
	char names[RUNS_MAX + 1][100];
	size_t maker, count, i;
	uint64_t round, bad;

	for (maker = 0; maker < ARRAY_SIZE(makers); maker++) {
		for (count = 2; count <= RUNS_MAX; count++) {
			random_seed(maker * RUNS_MAX + count);
			for (round = 0, bad = 0; round < rounds; round++) {
				for (i = 0; i <= count; i++)
					name_draw(maker, names[i], sizeof(names[i]));
				if (!next_allowed(names, count) && bad++ < 3)
					printf("# %s %s: not %s\n", names[0], names[1],
					       names[count]);
			}
			/* in fewer rounds, under the sanitizers, chance weighs more */
			CHECK(bad * 100000 < rounds * makers[maker].misses ||
				      (rounds < 100000 && bad < 3),
			      "%s%u bytes%s: %zu runs miss %llu of %llu", makers[maker].before,
			      makers[maker].size, makers[maker].behind, count,
			      (unsigned long long)bad, (unsigned long long)rounds);
		}
	}
}

/* Every two of one length, each in a run of its own: a glob would have the other's. */
static void test_words(void)
{
	static const char *const words[] = {
		"users",      "posts",      "state",      "cache",      "index",      "queue",
		"lock",       "main",       "master",     "config",     "README",     "readme",
		"backup",     "report",     "server",     "client",     "worker",     "status",
		"access",     "errors",     "output",     "spool",      "daily",      "weekly",
		"monday",     "friday",     "sunday",     "january",    "october",    "march",
		"april",      "nginx",      "httpd",      "redis",      "mysql",      "postgres",
		"mariadb",    "sqlite",     "apache",     "docker",     "podman",     "kernel",
		"debian",     "ubuntu",     "fedora",     "alpine",     "bullseye",   "trixie",
		"jammy",      "noble",      "focal",      "bionic",     "berlin",     "london",
		"paris",      "tokyo",      "madrid",     "alice",      "carol",      "trent",
		"mallory",    "settings",   "database",   "sessions",   "messages",   "metadata",
		"manifest",   "Makefile",   "Settings",   "my_files",   "old_data",   "user_log",
		"app_data",   "web01",      "app02",      "mail1",      "host12",     "node34",
		"prod01",     "test02",     "aarch64",    "riscv64",    "sha256",     "latin1",
		"release2",   "version3",   "history",    "journal",    "archive",    "default",
		"staging",    "testing",    "unstable",   "frontend",   "workspace",  "temporary",
		"downloads",  "documents",  "references", "production", "monitoring", "collection",
		"statistics", "Repository",
	};
	static const char *const versions[][2] = {
		{"1.2.3", "1.2.4"},
		{"app-1.9", "app-1.10"},
		{"v9", "v10"},
		{"2.6.32", "6.18.44"},
		{"jdk-17.0.1", "jdk-21.0.2"},
		{"10.0.0.12", "10.0.0.13"},
		{"web-eu-west", "web-us-east"},
		{"data-v9.db", "data-v10.db"},
		{"007", "0080"},
	};
	char names[RUNS_MAX + 1][100];
	size_t i, k, bad = 0, tried = 0;

	for (i = 0; i < ARRAY_SIZE(words); i++) {
		for (k = 0; k < ARRAY_SIZE(words); k++) {
			if (i == k || strlen(words[i]) != strlen(words[k]))
				continue;
			snprintf(names[0], sizeof(names[0]), "/srv/%s", words[i]);
			snprintf(names[1], sizeof(names[1]), "/srv/%s", words[k]);
			snprintf(names[2], sizeof(names[2]), "%s", names[1]);
			tried++;
			if (next_allowed(names, 2) && bad++ < 20)
				printf("# %s %s\n", words[i], words[k]);
		}
	}
	CHECK(tried > 1000, "words: %zu pairs", tried);
	EQ(bad, 0, "words stay what they are");
	for (i = 0; i < ARRAY_SIZE(versions); i++) {
		snprintf(names[0], sizeof(names[0]), "/srv/%s", versions[i][0]);
		snprintf(names[1], sizeof(names[1]), "/srv/%s", versions[i][1]);
		snprintf(names[2], sizeof(names[2]), "%s", names[1]);
		CHECK(!next_allowed(names, 2), "%s and %s stay what they are", versions[i][0],
		      versions[i][1]);
	}
}

static void test_numbers(void)
{
	static const char *const numbers[][3] = {
		{"temp-9999.rdb", "temp-10001.rdb", "temp-631.rdb"},
		{"temp-rewriteaof-bg-77.aof", "temp-rewriteaof-bg-32768.aof",
		 "temp-rewriteaof-bg-4.aof"},
		{"12", "9041", "7"},
		{".tmp-9-pack-", ".tmp-591-pack-", ".tmp-44-pack-"},
		{"job9.of.120", "job10.of.120", "job4711.of.120"},
	};
	char names[RUNS_MAX + 1][100];
	size_t i, k;

	for (i = 0; i < ARRAY_SIZE(numbers); i++) {
		for (k = 0; k < 3; k++)
			snprintf(names[k], sizeof(names[k]), "/srv/%s", numbers[i][k]);
		CHECK(next_allowed(names, 2), "%s and %s: %s is one, too", numbers[i][0],
		      numbers[i][1], numbers[i][2]);
		snprintf(names[2], sizeof(names[2]), "/srv/x%s", numbers[i][0]);
		CHECK(!next_allowed(names, 2), "... and x%s is none", numbers[i][0]);
	}
}

int main(void)
{
	test_makers(made_rounds(100000));
	test_words();
	test_numbers();
	return test_end();
}
