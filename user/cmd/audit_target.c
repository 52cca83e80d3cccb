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
	pid_t oldest;
	uint64_t started;
};

/* Of the processes there, all below it are walked, too. */
static void oldest_find(struct search *search, const char *path)
{
	_cleanup_free_ char *directory = xasprintf("%s%s", search->hierarchy->mount, path);
	_cleanup_fclose_ FILE *procs = cgroup_procs_open(directory);
	uint64_t started;
	pid_t pid;

	while (cgroup_procs_next(procs, &pid)) {
		if (pid <= 0 || process_stat(pid, NULL, &started) < 0 ||
		    (search->oldest && started >= search->started))
			continue;
		search->oldest = pid;
		search->started = started;
	}
}

static bool is_wanted(struct search *search, const char *path)
{
	struct identity identity;
	bool wanted = !search->text || path_names(path, search->text);
	size_t at = 0;

	while (!wanted && container_next(search->containers, path, &at, &identity)) {
		wanted = identity_matches(&identity, search->query, search->text);
		identity_drop(&identity);
	}
	return wanted;
}

static bool cgroup_visit(void *ctx, const char *path, uint64_t id)
{
	struct search *search = ctx;

	(void)id;
	if (is_wanted(search, path))
		oldest_find(search, path);
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
