/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * An AppArmor profile for one workload: every rule stands for something that was recorded, and what
 * can't be a rule stands there as a comment. Syntax of apparmor.d(5) as AppArmor 3.0 reads it; its
 * words are made in apparmor_text.c, the rules for files in apparmor_files.c, the comments on top in
 * apparmor_head.c.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "apparmor_files.h"
#include "apparmor_head.h"
#include "apparmor_text.h"
#include "policy/call.h"
#include "model/text.h"

#define ROOTS_MAX 16

struct profile {
	const struct model *model;
	const struct emit_options *options;
	const char *workload;
	bool container;               /* its paths are not the host's */
	const char *roots[ROOTS_MAX]; /* the commands' own executables */
	size_t root_count;
	bool attached; /* to the roots */
	char *name;
	struct file_rules files;
};

static void profile_warn(const struct profile *profile, const char *words, const char *text)
{
	char *shown = apparmor_comment(text);

	if (profile->options->warn)
		profile->options->warn(profile->options->warn_ctx, "AppArmor: %s: %s", words,
				       shown);
	free(shown);
}

/*
 * Programs that run other programs' words: a profile attached to one of them would confine every
 * script of the host.
 */
static bool interpreter(const char *path)
{
	static const char *const names[] = {"ash",    "awk",  "bash", "busybox", "dash",
					    "env",    "gawk", "java", "ksh",     "lua",
					    "mawk",   "node", "perl", "php",     "pypy",
					    "python", "ruby", "sh",   "tclsh",   "zsh"};
	const char *base = path_base(path);
	size_t i, size;

	for (i = 0; i < ARRAY_SIZE(names); i++) {
		size = strlen(names[i]);
		if (!strncmp(base, names[i], size) &&
		    !base[size + strspn(base + size, "0123456789.-")])
			return true;
	}
	return false;
}

static bool root_known(const struct profile *profile, const char *path)
{
	size_t i;

	for (i = 0; i < profile->root_count; i++)
		if (!strcmp(profile->roots[i], path))
			return true;
	return false;
}

static void roots_gather(struct profile *profile)
{
	const struct fact *facts;
	size_t count = model_facts(profile->model, FACT_WORKLOAD, &facts), i;

	profile->attached = !profile->options->name;
	/* Without roots it is attached to nothing. */
	for (i = 0; i < count && !profile->container; i++) {
		const char *root = facts[i].workload_.root;
		_cleanup_free_ char *word = NULL;

		if (!root || !workload_is(&facts[i], profile->workload) ||
		    root_known(profile, root))
			continue;
		word = apparmor_path_literal(root);
		if (!word || profile->root_count == ROOTS_MAX) {
			profile_warn(profile, "cannot attach to", root);
			profile->attached = false;
			continue;
		}
		if (profile->attached && interpreter(root)) {
			profile_warn(profile,
				     "not attached, for it would confine every script of the host; "
				     "start with aa-exec -p",
				     root);
			profile->attached = false;
		}
		profile->roots[profile->root_count++] = root;
	}
	/* Several values become {A,B}, where a comma in one would make two of it. */
	for (i = 0; i < profile->root_count && profile->root_count > 1; i++) {
		if (!strchr(profile->roots[i], ','))
			continue;
		profile_warn(profile, "cannot attach to several programs and", profile->roots[i]);
		profile->attached = false;
	}
	if (!profile->root_count)
		profile->attached = false;
}

/*
 * From --name, else the executable where all runs agree on its last part and it is the program
 * itself, else the workload; a container's must not be taken for that of a program of the host.
 */
static int name_choose(struct profile *profile, struct err *err)
{
	const char *name = profile->options->name;
	const char *text = profile->root_count ? path_base(profile->roots[0]) : profile->workload;
	_cleanup_free_ char *own = NULL;
	size_t i;

	if (name && !apparmor_name_valid(name))
		return err_set(
			err, -EINVAL,
			"\"%s\" cannot be a profile's name: letters, digits, . _ and - "
			"only, not starting with . or -, at most 100, and not \"unconfined\"",
			name);
	for (i = 1; i < profile->root_count; i++)
		if (strcmp(path_base(profile->roots[i]), text) != 0)
			text = profile->workload;
	if (profile->root_count && interpreter(profile->roots[0]))
		text = profile->workload;
	own = apparmor_name(text);
	if (name)
		profile->name = xstrdup(name);
	else
		profile->name = xasprintf("%s%s", profile->container ? "leastcall-" : "", own);
	return 0;
}

struct capability {
	const char *name; /* NULL: none */
	uint32_t number;
	bool inferred;
};

static int capability_compare(const void *a, const void *b)
{
	const struct capability *x = a, *y = b;

	if (!x->name || !y->name)
		return x->name ? -1 : y->name ? 1 : number_compare(x->number, y->number);
	return strcmp(x->name, y->name);
}

/* False where a line was printed. */
static bool capability_print(const struct profile *profile, const struct capability *one,
			     bool first, FILE *out)
{
	char number[16];

	if (one->name) {
		fprintf(out, "%s  capability %s,%s\n", first ? "\n" : "", one->name,
			one->inferred ? " # inferred" : "");
		return false;
	}
	snprintf(number, sizeof(number), "%u", one->number);
	profile_warn(profile, "no word for the capability", number);
	return true;
}

/* By name, each once; inferred where no run knew better. */
static void capabilities_print(const struct profile *profile, FILE *out)
{
	const struct fact *facts;
	size_t count = model_facts(profile->model, FACT_CAPABILITY, &facts), i, used = 0;
	_cleanup_free_ struct capability *list = xcalloc(count, sizeof(*list));
	bool first = true;

	for (i = 0; i < count; i++)
		if (fact_counts(&facts[i], profile->workload, PHASES_APPLICATION))
			list[used++] = (struct capability){
				capability_name(facts[i].capability.capability),
				facts[i].capability.capability, facts[i].capability.inferred};
	if (used)
		qsort(list, used, sizeof(*list), capability_compare);
	for (i = 0; i < used; i++) {
		if (i + 1 < used && list[i + 1].number == list[i].number) {
			list[i + 1].inferred = list[i + 1].inferred && list[i].inferred;
			continue;
		}
		first = capability_print(profile, &list[i], first, out) && first;
	}
}

static bool socket_print(const struct profile *profile, const struct fact *fact, bool first,
			 FILE *out)
{
	const char *family = family_name(fact->socket.family);
	const char *type = socket_type_name(fact->socket.type);
	char numbers[48];

	if (family && type) {
		fprintf(out, "%s  network %s %s,\n", first ? "\n" : "", family, type);
		return true;
	}
	snprintf(numbers, sizeof(numbers), "family %u, type %u", fact->socket.family,
		 fact->socket.type);
	profile_warn(profile, "no word for a socket of", numbers);
	return false;
}

static int socket_compare(const void *a, const void *b)
{
	const struct fact *x = *(const struct fact *const *)a, *y = *(const struct fact *const *)b;
	int order = number_compare(x->socket.family, y->socket.family);

	return order ? order : number_compare(x->socket.type, y->socket.type);
}

/* By number, each once. */
static void sockets_print(const struct profile *profile, FILE *out)
{
	const struct fact *facts;
	size_t count = model_facts(profile->model, FACT_SOCKET, &facts), used = 0, i;
	_cleanup_free_ const struct fact **list = xcalloc(count, sizeof(*list));
	bool any = false;

	for (i = 0; i < count; i++)
		if (fact_counts(&facts[i], profile->workload, PHASES_APPLICATION))
			list[used++] = &facts[i];
	if (used)
		qsort(list, used, sizeof(*list), socket_compare);
	for (i = 0; i < used; i++)
		if (!i || socket_compare(&list[i - 1], &list[i]))
			any |= socket_print(profile, list[i], !any, out);
}

static void profile_print(const struct profile *profile, FILE *out)
{
	char *word;
	size_t i;

	fputs("\nabi <abi/3.0>,\ninclude <tunables/global>\n\n", out);
	if (profile->attached) {
		fputs("@{exec_path} =", out);
		for (i = 0; i < profile->root_count; i++) {
			word = apparmor_path_literal(profile->roots[i]);
			fprintf(out, " %s", word);
			free(word);
		}
		fputs("\n\n", out);
	}
	if (!profile->attached)
		fprintf(out,
			"# Attached to no executable: start with aa-exec -p %s, or name it to a "
			"container runtime.\n",
			profile->name);
	fprintf(out, "profile %s %s{\n  include <abstractions/base>\n", profile->name,
		profile->attached ? "@{exec_path} " : "");
	capabilities_print(profile, out);
	sockets_print(profile, out);
	file_rules_print(&profile->files, out);
	fprintf(out, "\n  include if exists <local/%s>\n}\n", profile->name);
}

int apparmor_emit(const struct model *model, const struct emit_options *options, FILE *out,
		  struct err *err)
{
	struct profile profile = {.model = model, .options = options};
	_cleanup_free_ char *workload = NULL;
	int r = workload_choose(model, options, &workload, err);

	if (r)
		return r;
	profile.workload = workload;
	profile.container = workload_container(model, workload) != NULL;
	roots_gather(&profile);
	r = name_choose(&profile, err);
	if (!r)
		r = apparmor_head_print(model, options, profile.workload, out, err);
	if (!r) {
		profile.files = (struct file_rules){.model = model,
						    .workload = profile.workload,
						    .roots = profile.roots,
						    .root_count = profile.root_count,
						    .attached = profile.attached,
						    .options = options};
		file_rules_gather(&profile.files);
		profile_print(&profile, out);
		file_rules_drop(&profile.files);
	}
	free(profile.name);
	return r;
}
