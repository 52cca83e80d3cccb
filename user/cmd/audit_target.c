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
	struct audit_target *target;
	uint64_t started; /* the oldest one, clock ticks since boot */
};

static void process_add(struct search *search, pid_t pid, uint64_t started)
{
	struct audit_target *target = search->target;

	target->pids = xrealloc(target->pids, target->count + 1, sizeof(*target->pids));
	target->pids[target->count++] = pid;
	if (target->oldest && started >= search->started)
		return;
	target->oldest = pid;
	search->started = started;
}

/* Those in just this cgroup. Returns whether there are some. */
static bool processes_find(struct search *search, const char *path)
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
		process_add(search, pid, started);
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
	if (!processes_find(search, path) || !search->text)
		return true;
	if (!search->found)
		search->found = xstrdup(search->meant);
	search->is_several |= strcmp(search->found, search->meant) != 0;
	return true;
}

static int search_run(struct search *search, const char *cgroup, const char *words, struct err *err)
{
	int r;

	search->containers = containers_new(search->hierarchy);
	r = cgroup_walk(search->hierarchy, cgroup, cgroup_visit, search);
	containers_free(search->containers);
	free(search->meant);
	free(search->found);
	if (r < 0 && r != -ELOOP)
		return err_errno(err, r, "cannot read the cgroup %s", cgroup);
	if (!search->target->oldest)
		return err_set(err, -ENOENT,
			       "nothing of %s is running: leastcall targets lists what is", words);
	if (search->is_several)
		return err_set(err, -EMLINK,
			       "more than one %s is running: choose one by its id, or with "
			       "--cgroup (leastcall targets)",
			       words);
	return 0;
}

int audit_target_find(const struct record_options *target, struct audit_target *ret,
		      struct err *err)
{
	struct cgroup_hierarchy hierarchy = {};
	struct search search = {.hierarchy = &hierarchy, .target = ret};
	_cleanup_free_ char *cgroup = NULL;
	int r;

	*ret = (struct audit_target){};
	if (target->pid) {
		process_add(&search, target->pid, 0);
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
		r = search_run(&search, cgroup ?: "/", target->cgroup ?: search.text, err);
	cgroup_hierarchy_drop(&hierarchy);
	if (r < 0)
		audit_target_drop(ret);
	return r;
}

void audit_target_drop(struct audit_target *target)
{
	free(target->pids);
	*target = (struct audit_target){};
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
