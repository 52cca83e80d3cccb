/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * What holds of file rules whatever was recorded: every recorded access is allowed, no canary is, no
 * glob is executed, and neither the order of facts nor the names of runs change a byte. The witness is
 * user/apparmor, which reads the rules as apparmor_parser does and knows nothing of how they are made.
 */
#include <stdlib.h>

#include "apparmor/aa_match.h"
#include "emit/apparmor_files.h"
#include "made.h"
#include "model/text.h"
#include "test.h"

#define FACTS_MAX 60

static const char *const runs[][4] = {
	{"aaaaaaaaaaaaaaaa", "bbbbbbbbbbbbbbbb", "cccccccccccccccc", "dddddddddddddddd"},
	{"eeeeeeeeeeeeeeee", "dddddddddddddddd", "3333333333333333", "2222222222222222"},
};

struct access {
	char path[200]; /* bytes */
	char *escaped;
	unsigned int run;
	uint32_t perms, flags;
	enum owner owner;
};

struct scene {
	struct access list[FACTS_MAX];
	size_t count;
	struct emit_options options;
};

/* Nobody may have these who did not use them. */
static const char *const canaries[] = {
	"/etc/shadow",
	"/etc/gshadow",
	"/etc/sudoers",
	"/etc/passwd",
	"/etc/ssh/ssh_host_rsa_key",
	"/etc/sudoers.d/admin",
	"/home/ann/.ssh/id_rsa",
	"/home/u12/.gnupg/key",
	"/home/u12/.netrc",
	"/run/docker.sock",
	"/var/run/docker.sock",
	"/run/containerd/containerd.sock",
	"/var/run/crio/crio.sock",
	"/dev/sda",
	"/dev/mem",
	"/proc/sys/kernel/core_pattern",
	"/sys/kernel/uevent_helper",
	"/usr/bin/passwd",
	"/",
};

static void random_name(char *name, size_t size)
{
	static const char bytes[] =
		"abcdefghijklmnopqrstuvwxyz0123456789_ABCDEFGHIJKLMNOPQRSTUVWXYZ"
		".-.-{}[]*?^\"\\@# ,\n\t\1\377$()=";
	static const unsigned int makers[] = {10, 36, 37, 63, sizeof(bytes) - 1};
	unsigned int below = makers[random_below(ARRAY_SIZE(makers))], i;
	unsigned int length = 1 + random_below(random_below(2) ? 8 : 3);

	/* Digits stand behind the letters. */
	for (i = 0; i < length && i + 1 < size; i++)
		name[i] = bytes[below == 10 ? 26 + random_below(10) : random_below(below)];
	name[i] = '\0';
}

static void random_component(char *name, size_t size)
{
	static const char *const prefixes[] = {"", "", "tmp", "state.json.", "x-", ".", "lib"};
	static const char *const suffixes[] = {"", "", "", ".txt", ".so.1.2", "-lock", ".pid"};
	static const char *const words[] = {".ssh",   "docker.sock", "passwd",
					    "shadow", "python3.11",  "log"};
	char middle[20];

	if (!random_below(6)) {
		snprintf(name, size, "%s", words[random_below(ARRAY_SIZE(words))]);
		return;
	}
	random_name(middle, sizeof(middle));
	snprintf(name, size, "%s%s%s", prefixes[random_below(ARRAY_SIZE(prefixes))], middle,
		 suffixes[random_below(ARRAY_SIZE(suffixes))]);
	if (!strcmp(name, ".") || !strcmp(name, ".."))
		snprintf(name, size, "dots");
}

static void random_path(char *path, size_t size)
{
	static const char *const places[] = {
		"/tmp",
		"/tmp",
		"/srv/data",
		"/etc",
		"/run",
		"/var/run",
		"/home",
		"/home/u1",
		"/dev/pts",
		"/dev/shm",
		"",
		"/lib/modules",
		"/dev",
		"/sys/kernel",
		"/proc/sys",
		"/usr/lib/x86_64-linux-gnu",
		"/proc/12",
		"/proc/34/task/7",
		"/var/lib/app",
	};
	unsigned int depth = 1 + random_below(3);
	char name[60];
	size_t used;

	snprintf(path, size, "%s", places[random_below(ARRAY_SIZE(places))]);
	for (; depth; depth--) {
		random_component(name, sizeof(name));
		used = strlen(path);
		snprintf(path + used, size - used, "/%s", name);
	}
	used = strlen(path);
	if (!random_below(6))
		snprintf(path + used, size - used, "/");
}

static void scene_make(struct scene *scene, uint64_t number)
{
	static const uint32_t perms[] = {
		PERM_READ,   PERM_READ | PERM_WRITE, PERM_WRITE,
		PERM_APPEND, PERM_READ | PERM_MAP,   PERM_READ | PERM_WRITE | PERM_LOCK,
		PERM_EXEC,   PERM_LINK | PERM_WRITE,
	};
	size_t i;

	random_seed(number);
	*scene = (struct scene){.count = 1 + random_below(FACTS_MAX)};
	scene->options.exact = !random_below(6);
	if (!scene->options.exact && !random_below(3))
		scene->options.apparmor.glob_dirs = 2 + random_below(3);
	for (i = 0; i < scene->count; i++) {
		struct access *access = &scene->list[i];

		/* Often the same place again, by another run. */
		if (i && random_below(3)) {
			*access = scene->list[random_below((unsigned int)i)];
			char *slash = strrchr(access->path, '/');

			if (slash[1] && slash - access->path < 100 && random_below(4)) {
				size_t at;

				for (at = 1; slash[at]; at++)
					if (slash[at] >= '0' && slash[at] <= 'z' && random_below(2))
						slash[at] = "a1z9_Q"[random_below(6)];
			}
		} else {
			random_path(access->path, sizeof(access->path));
			access->perms = perms[random_below(ARRAY_SIZE(perms))];
			access->owner = random_below(3);
		}
		access->run = random_below(4);
		access->flags = random_below(10) ? 0u : (uint32_t)PATH_UNRESOLVED;
		access->escaped = text_escape(access->path, strlen(access->path));
	}
}

static void scene_drop(struct scene *scene)
{
	size_t i;

	for (i = 0; i < scene->count; i++)
		free(scene->list[i].escaped);
}

/* The scene's rules, as they come of the facts forwards, or backwards and with other runs' names. */
static char *rules_make(const struct scene *scene, bool backwards)
{
	struct model *model = model_new();
	struct file_rules files = {.model = model, .workload = "w", .options = &scene->options};
	char *text = NULL;
	size_t size, i;
	FILE *out = xmemstream(&text, &size);

	for (i = 0; i < scene->count; i++) {
		const struct access *access = &scene->list[backwards ? scene->count - 1 - i : i];
		struct fact fact = {
			.kind = FACT_FILE,
			.run = runs[backwards][access->run],
			.workload = "w",
			.file = {access->escaped, access->perms, access->flags, access->owner}};

		made_add(model, &fact);
		if (backwards)
			made_add(model, &fact);
	}
	model_seal(model);
	file_rules_gather(&files);
	fputs("include <tunables/global>\nprofile p {\n", out);
	file_rules_print(&files, out);
	fputs("}\n", out);
	file_rules_drop(&files);
	fclose(out);
	model_free(model);
	return text;
}

/* /var/run is /run: both are called @{run}. */
static const char *plain_path(const char *path)
{
	return strncmp(path, "/var/run/", 9) ? path : path + 4;
}

static bool recorded(const struct scene *scene, const char *path)
{
	size_t i;

	for (i = 0; i < scene->count; i++)
		if (!strcmp(plain_path(scene->list[i].path), plain_path(path)))
			return true;
	return false;
}

/* As merging has it: of one path in one run, known wins over unknown. */
static bool access_owned(const struct scene *scene, const struct access *access)
{
	bool owned = false;
	size_t i;

	for (i = 0; i < scene->count; i++)
		owned |= scene->list[i].owner == OWNER_YES && scene->list[i].run == access->run &&
			 !strcmp(scene->list[i].path, access->path);
	return owned && access->owner != OWNER_NO;
}

static bool access_lacks(const struct aa_file *file, const struct scene *scene,
			 const struct access *access)
{
	struct aa_access wanted = {.path = access->path,
				   .perms = access->perms,
				   .owner = access_owned(scene, access),
				   .child = true};

	return aa_profile_lacks(file, 0, &wanted, NULL) != 0;
}

static bool canary_lives(const struct aa_file *file, const struct scene *scene, const char *path)
{
	struct aa_access wanted = {.path = path, .owner = true, .child = true};
	uint32_t perm;

	for (perm = PERM_READ; perm <= PERM_EXEC; perm <<= 1) {
		wanted.perms = perm;
		/* Of m and l nobody asks on its own. */
		if (perm != PERM_MAP && !recorded(scene, path) &&
		    !aa_profile_lacks(file, 0, &wanted, NULL))
			return false;
	}
	return true;
}

/* A path that is like a recorded one, but for one byte more. */
static bool longer_lives(const struct aa_file *file, const struct scene *scene)
{
	size_t i;
	char path[210];

	for (i = 0; i < scene->count && scene->options.exact; i++) {
		struct aa_access wanted = {.path = path, .perms = PERM_READ, .owner = true};

		snprintf(path, sizeof(path), "%s~", scene->list[i].path);
		if (strncmp(path, "/usr/lib/", 9) != 0 && !aa_profile_lacks(file, 0, &wanted, NULL))
			return false;
	}
	return true;
}

static unsigned int globs_executed(const struct aa_file *file)
{
	unsigned int bad = 0;
	size_t i, k;

	for (i = 0; i < file->rule_count; i++)
		for (k = 0; k < file->rules[i].glob_count; k++)
			bad += file->rules[i].perms & PERM_EXEC && file->rules[i].glob_count == 1 &&
			       !aa_glob_literal(file->rules[i].globs[k]);
	return bad;
}

static struct {
	unsigned int broken, lacking, dead, longer, executed, unstable, globs;
} seen;

static void scene_try(uint64_t number)
{
	_cleanup_aa_file_ struct aa_file file = {};
	_cleanup_free_ char *text = NULL, *again = NULL;
	struct scene scene;
	struct err err;
	size_t i;

	scene_make(&scene, number);
	text = rules_make(&scene, false);
	again = rules_make(&scene, true);
	if (strcmp(text, again) != 0 && !seen.unstable++)
		printf("# %llu: %s%s", (unsigned long long)number, text, again);
	seen.globs += strstr(text, " paths\n") != NULL;
	if (aa_file_parse("rules", text, strlen(text), NULL, &file, &err)) {
		if (!seen.broken++)
			printf("# %llu: %s\n%s", (unsigned long long)number, err.text, text);
		scene_drop(&scene);
		return;
	}
	for (i = 0; i < scene.count; i++)
		if (access_lacks(&file, &scene, &scene.list[i]) && !seen.lacking++)
			printf("# %llu: lacks %s\n%s", (unsigned long long)number,
			       scene.list[i].escaped, text);
	for (i = 0; i < ARRAY_SIZE(canaries); i++)
		if (!canary_lives(&file, &scene, canaries[i]) && !seen.dead++)
			printf("# %llu: canary %s\n%s", (unsigned long long)number, canaries[i],
			       text);
	if (!longer_lives(&file, &scene) && !seen.longer++)
		printf("# %llu: longer\n%s", (unsigned long long)number, text);
	seen.executed += globs_executed(&file);
	scene_drop(&scene);
}

int main(void)
{
	uint64_t rounds = made_rounds(1500), number;

	for (number = 0; number < rounds; number++)
		scene_try(number);
	EQ(seen.broken, 0, "rules that can be read");
	EQ(seen.lacking, 0, "every access that was recorded is allowed");
	EQ(seen.dead, 0, "no secret is that nobody used");
	EQ(seen.longer, 0, "what is exact is no more than that");
	EQ(seen.executed, 0, "nothing is executed by a glob");
	EQ(seen.unstable, 0, "no order, no repetition and no run's name matters");
	CHECK(seen.globs > rounds / 10, "globs there were: in %u of %llu", seen.globs,
	      (unsigned long long)rounds);
	return test_end();
}
