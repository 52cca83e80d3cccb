/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Walks the cgroups as leastcall targets does, until it has what was asked for; records it as leastcall
 * record does, into a model. */
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "audit_target.h"
#include "cmd.h"
#include "trace/process.h"

struct search {
	const struct cgroup_hierarchy *hierarchy;
	struct containers *containers;
	enum query query;
	const char *text; /* of the query; NULL: every cgroup that is walked */
	char *meant;      /* ... the last cgroup that it names: so does what is below it */
	char *found;      /* ... the first of them with processes */
	bool is_several;  /* ... and there is another one */
	pid_t oldest;
	uint64_t started;
};

/* Returns whether there is a process in just this cgroup. */
static bool oldest_find(struct search *search, const char *path)
{
	_cleanup_free_ char *directory = xasprintf("%s%s", search->hierarchy->mount, path);
	_cleanup_fclose_ FILE *procs = cgroup_procs_open(directory);
	bool is_there = false;
	uint64_t started;
	pid_t pid;

	while (cgroup_procs_next(procs, &pid)) {
		if (pid <= 0 || process_stat(pid, NULL, &started) < 0)
			continue;
		is_there = true;
		if (search->oldest && started >= search->started)
			continue;
		search->oldest = pid;
		search->started = started;
	}
	return is_there;
}

/* Of a query: is the cgroup at `path` meant? Parents are asked for before what is below them. */
static bool is_meant(struct search *search, const char *path)
{
	struct identity identity;
	size_t at = 0, length = 0;

	if (search->meant && path_is_below(path, search->meant))
		return true;
	if (path_names(path, search->text))
		length = strlen(path);
	while (!length && container_next(search->containers, path, &at, &identity)) {
		if (identity_matches(&identity, search->query, search->text))
			length = identity.length;
		identity_drop(&identity);
	}
	if (!length)
		return false;
	free(search->meant);
	search->meant = xstrndup(path, length);
	return true;
}

static bool cgroup_visit(void *ctx, const char *path, uint64_t id)
{
	struct search *search = ctx;

	(void)id;
	if (search->text && !is_meant(search, path))
		return true;
	if (!oldest_find(search, path) || !search->text)
		return true;
	if (!search->found)
		search->found = xstrdup(search->meant);
	search->is_several |= strcmp(search->found, search->meant) != 0;
	return true;
}

static int search_run(struct search *search, const char *cgroup, const char *words, pid_t *ret,
		      struct err *err)
{
	int r;

	search->containers = containers_new(search->hierarchy);
	r = cgroup_walk(search->hierarchy, cgroup, cgroup_visit, search);
	containers_free(search->containers);
	if (r < 0 && r != -ELOOP)
		return err_errno(err, r, "cannot read the cgroup %s", cgroup);
	if (!search->oldest)
		return err_set(err, -ENOENT,
			       "nothing of %s is running: leastcall targets lists what is", words);
	if (search->is_several)
		return err_set(err, -EMLINK,
			       "more than one %s is running: choose one by its id, or with "
			       "--cgroup (leastcall targets)",
			       words);
	*ret = search->oldest;
	return 0;
}

int audit_target_find(const struct record_options *target, pid_t *ret, struct err *err)
{
	struct cgroup_hierarchy hierarchy = {};
	struct search search = {.hierarchy = &hierarchy};
	_cleanup_free_ char *cgroup = NULL;
	int r;

	if (target->pid) {
		*ret = target->pid;
		return 0;
	}
	r = cgroup_hierarchy_find(&hierarchy, err);
	if (r < 0)
		return r;
	if (target->container || target->pod || target->unit) {
		search.query = target->container ? QUERY_CONTAINER
			       : target->pod     ? QUERY_POD
						 : QUERY_UNIT;
		search.text = target->container ?: target->pod ?: target->unit;
	}
	if (target->cgroup)
		r = cgroup_path_find(target->cgroup, hierarchy.mount, &cgroup, err);
	if (r == 0)
		r = search_run(&search, cgroup ?: "/", target->cgroup ?: search.text, ret, err);
	free(search.meant);
	free(search.found);
	cgroup_hierarchy_drop(&hierarchy);
	return r;
}

static double seconds_of(const struct model *model)
{
	const struct fact *facts;
	size_t count = model_facts(model, FACT_END, &facts);

	return count ? facts[0].end.duration_ns / 1e9 : 0;
}

int audit_target_sample(const struct record_options *target, struct model **ret,
			double *ret_seconds, struct err *err)
{
	struct recorder recorder = {.options = *target, .model = model_new()};
	struct session session = {.leaf.lock = -1, .mark.fd = -1};
	sigset_t mask;
	int r = session_run(&session, &recorder, &mask, err);

	if (r == EXIT_FINDING)
		r = err_set(err, -ESRCH, "%s ended before it could be recorded", session.target);
	if (r >= 0) {
		*ret = take(recorder.model);
		*ret_seconds = seconds_of(*ret);
		r = 0;
	}
	session_free(&session);
	recorder_drop(&recorder);
	sigprocmask(SIG_SETMASK, &mask, NULL);
	return r;
}
