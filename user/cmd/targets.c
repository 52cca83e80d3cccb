/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * leastcall targets: walks the cgroups and asks who is behind each. It records nothing and needs no
 * BPF, and knows no format of what is printed.
 */
#include <errno.h>
#include <getopt.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cmd.h"
#include "model/text.h"
#include "targets.h"
#include "trace/process.h"

static const char help[] =
	"usage: leastcall targets [OPTION...]\n"
	"\n"
	"Lists the containers, the systemd units and the other cgroups with processes\n"
	"that leastcall record can be given, and whether seccomp and AppArmor confine\n"
	"them.\n"
	"\n"
	"      --all     every cgroup, empty ones and those inside of containers and\n"
	"                units too\n"
	"      --json    one JSON object: {\"hierarchy\": ..., \"targets\": [...]}\n"
	"  -h, --help    this text\n"
	"\n"
	"Run it as root: names are read from what the container engines keep on disk.\n";

static const struct option long_options[] = {
	{"all", no_argument, NULL, 'a'},
	{"json", no_argument, NULL, 'j'},
	{"help", no_argument, NULL, 'h'},
	{},
};

/* ---- who is there ------------------------------------------------------------------------ */

static struct target *target_add(struct survey *survey, enum rank rank, const char *path)
{
	if (survey->count == survey->size) {
		survey->size = survey->size ? 2 * survey->size : 64;
		survey->targets = xrealloc(survey->targets, survey->size, sizeof(*survey->targets));
	}
	survey->targets[survey->count] = (struct target){
		.rank = rank,
		.path = text_escape(path, strlen(path)),
		.oldest.seccomp = -1,
	};
	return &survey->targets[survey->count++];
}

static void target_drop(struct target *target)
{
	free(target->path);
	identity_drop(&target->identity);
	confinement_drop(&target->oldest);
}

/* A cgroup by itself has its own processes; a container and a unit have those below them as well. */
static bool is_its(const struct target *target, const char *path)
{
	return target->rank == RANK_CGROUP ? !strcmp(path, target->path)
					   : path_is_below(path, target->path);
}

static void process_count(struct target *target, uint64_t started, const struct confinement *own)
{
	target->processes++;
	if (!own) {
		target->unread++;
		return;
	}
	if (target->processes - target->unread > 1) {
		target->mixed_seccomp |= !confinement_same_seccomp(&target->oldest, own);
		target->mixed_apparmor |= !confinement_same_apparmor(&target->oldest, own);
		if (started >= target->started)
			return;
	}
	confinement_drop(&target->oldest);
	target->oldest = *own;
	target->oldest.apparmor = own->apparmor ? xstrdup(own->apparmor) : NULL;
	target->started = started;
}

static void process_visit(struct survey *survey, const char *path, pid_t pid)
{
	struct confinement own = {};
	uint64_t started;
	bool is_read;

	if (process_stat(pid, NULL, &started) < 0)
		return;
	is_read = confinement_read(pid, &own) == 0;
	for (size_t i = 0; i < survey->count; i++) {
		if (is_its(&survey->targets[i], path))
			process_count(&survey->targets[i], started, is_read ? &own : NULL);
	}
	confinement_drop(&own);
}

/* The processes of one cgroup that have a number here. */
static pid_t *processes_read(const struct cgroup_hierarchy *hierarchy, const char *path,
			     size_t *ret_count)
{
	_cleanup_free_ char *directory = xasprintf("%s%s", hierarchy->mount, path);
	_cleanup_fclose_ FILE *procs = cgroup_procs_open(directory);
	size_t count = 0, size = 0;
	pid_t *pids = NULL, pid;

	while (cgroup_procs_next(procs, &pid)) {
		if (pid <= 0)
			continue;
		if (count == size) {
			size = size ? 2 * size : 64;
			pids = xrealloc(pids, size, sizeof(*pids));
		}
		pids[count++] = pid;
	}
	*ret_count = count;
	return pids;
}

static bool cgroup_visit(void *ctx, const char *path, uint64_t id)
{
	struct survey *survey = ctx;
	size_t above = (size_t)(strrchr(path, '/') - path), count;
	_cleanup_free_ pid_t *pids = processes_read(survey->hierarchy, path, &count);
	_cleanup_free_ char *escaped = text_escape(path, strlen(path));
	struct identity identity;
	bool is_covered = false;

	(void)id;
	for (size_t i = 0; i < survey->count; i++)
		is_covered |= is_its(&survey->targets[i], escaped);
	if (container_next(survey->containers, path, &above, &identity)) {
		enum rank rank = identity.sandbox                 ? RANK_SANDBOX
				 : identity.engine == ENGINE_UNIT ? RANK_UNIT
								  : RANK_CONTAINER;

		target_add(survey, rank, path)->identity = identity;
	} else if (survey->all || (count && !is_covered)) {
		target_add(survey, RANK_CGROUP, path);
	}
	for (size_t i = 0; i < count; i++)
		process_visit(survey, escaped, pids[i]);
	return true;
}

static int text_order(const char *a, const char *b)
{
	return a && b ? strcmp(a, b) : !a - !b;
}

static int target_order(const void *a_, const void *b_)
{
	const struct target *a = a_, *b = b_;
	int order = number_compare(a->rank, b->rank);

	if (order == 0)
		order = text_order(engine_name(a->identity.engine),
				   engine_name(b->identity.engine));
	if (order == 0)
		order = text_order(a->identity.name, b->identity.name);
	return order ?: strcmp(a->path, b->path);
}

bool target_is_shown(const struct survey *survey, const struct target *target)
{
	return survey->all || target->processes;
}

/* ---- the command ------------------------------------------------------------------------- */

/* What is missing in the table, and why. */
static void unread_tell(const struct survey *survey)
{
	size_t unnamed = 0, unread = 0;

	for (size_t i = 0; i < survey->count; i++) {
		const struct target *target = &survey->targets[i];

		if (!target_is_shown(survey, target))
			continue;
		unnamed += target->identity.engine && !target->identity.name;
		unread += target->unread;
	}
	if (unnamed)
		say("%zu container%s: no engine's state that can be read here holds the name%s",
		    unnamed, unnamed == 1 ? "" : "s", geteuid() ? " (root can read more)" : "");
	if (unread)
		say("%zu process%s: what confines %s can't be read%s", unread,
		    unread == 1 ? "" : "es", unread == 1 ? "it" : "them",
		    geteuid() ? " (root can)" : "");
	if (geteuid() && !unnamed && !unread)
		hint("not root: containers whose path does not say so may be listed as cgroups");
}

static int targets_list(bool all, bool json, struct err *err)
{
	struct cgroup_hierarchy hierarchy = {};
	struct survey survey = {.hierarchy = &hierarchy, .all = all};
	int r = cgroup_hierarchy_find(&hierarchy, err);

	if (r < 0)
		return r;
	survey.containers = containers_new(&hierarchy);
	r = cgroup_walk(&hierarchy, "/", cgroup_visit, &survey);
	if (r == -ELOOP)
		say("cgroups deeper than %d levels are not listed", CGROUP_DEPTH_MAX);
	else if (r < 0)
		err_errno(err, r, "cannot read %s", hierarchy.mount);
	if (survey.count)
		qsort(survey.targets, survey.count, sizeof(*survey.targets), target_order);
	if (r == 0 || r == -ELOOP) {
		r = 0;
		if (json)
			targets_print_json(&survey);
		else
			targets_print_table(&survey);
		unread_tell(&survey);
	}
	for (size_t i = 0; i < survey.count; i++)
		target_drop(&survey.targets[i]);
	free(survey.targets);
	containers_free(survey.containers);
	cgroup_hierarchy_drop(&hierarchy);
	return r;
}

int cmd_targets(int argc, char **argv, struct err *err)
{
	bool all = false, json = false;
	int option;

	optind = 0;
	opterr = 0;
	while ((option = getopt_long(argc, argv, ":h", long_options, NULL)) != -1) {
		switch (option) {
		case 'a':
			all = true;
			break;
		case 'j':
			json = true;
			break;
		case 'h':
			fputs(help, stdout);
			return 0;
		default:
			return option_error("targets", option, argv);
		}
	}
	if (optind < argc)
		return usage_error("targets", "it takes no argument: %s", argv[optind]);
	return targets_list(all, json, err);
}
