/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * What is to be recorded: finds the cgroups or the process that are there already, and starts the
 * command. It waits then, until the tracer is there.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cmd.h"
#include "model/text.h"
#include "record.h"
#include "trace/process.h"

void session_free(struct session *session)
{
	tracer_free(session->tracer);
	if (session->spawned)
		command_abandon(&session->command);
	cgroup_leaf_remove(&session->leaf);
	judge_drop(&session->judge);
	cgroup_hierarchy_drop(&session->hierarchy);
	for (size_t i = 0; i < session->found_count; i++) {
		struct found *found = &session->found[i];

		free(found->cgroup);
		free(found->name);
		free(found->engine_id);
		free(found->image);
	}
	free(session->found);
	free(session->targets);
	free(session->name);
	free(session->target);
	free(session->path);
	free(session->directory);
	free(session->awaited);
	mark_socket_close(&session->mark);
}

/* ---- what was found ---------------------------------------------------------------------- */

static char *text_copy(const char *text)
{
	return text ? xstrdup(text) : NULL;
}

/* `path`: of its cgroup, as it is; NULL where it has none. */
static void found_add(struct session *session, uint64_t id, const char *path,
		      const struct workload_name *name)
{
	struct found *found;

	session->found =
		xrealloc(session->found, session->found_count + 1, sizeof(*session->found));
	found = &session->found[session->found_count++];
	*found = (struct found){
		.id = id,
		.cgroup = path ? text_escape(path, strlen(path)) : NULL,
		.name = xstrdup(name->name),
		.engine = name->engine,
		.engine_id = text_copy(name->id),
		.image = text_copy(name->image),
		.kind = name->kind,
	};
}

static struct tracer_target found_target(const struct found *found)
{
	return (struct tracer_target){
		.cgroup_id = found->id,
		.cgroup = found->cgroup,
		.name = {.kind = found->kind,
			 .name = found->name,
			 .engine = found->engine,
			 .id = found->engine_id,
			 .image = found->image},
	};
}

/* What was found last, while the tracer is at work. */
static int found_follow(struct session *session, struct err *err)
{
	struct tracer_target target = found_target(&session->found[session->found_count - 1]);

	return tracer_add(session->tracer, &target, err);
}

/* For the tracer: what was found, as it is now. */
static void found_settle(struct session *session)
{
	session->targets = xcalloc(session->found_count + 1, sizeof(*session->targets));
	for (size_t i = 0; i < session->found_count; i++)
		session->targets[i] = found_target(&session->found[i]);
	session->trace.targets = session->targets;
	session->trace.targets_count = session->found_count;
}

/* The only workload there is. */
static void found_add_only(struct session *session, uint64_t id, const char *path)
{
	found_add(session, id, path, &(struct workload_name){.name = session->name});
}

/* ---- a command, a process ---------------------------------------------------------------- */

/* A leaf of its own for the command; without one its process tree is followed, and that is said. */
static int command_place(struct session *session, const struct record_options *options,
			 const sigset_t *mask, struct err *err)
{
	struct err why = {};
	int r_leaf = cgroup_hierarchy_find(&session->hierarchy, &why), r;

	if (r_leaf == 0)
		r_leaf = cgroup_leaf_make(&session->hierarchy, &session->leaf, &why);
	session->command.confine = options->confine;
	r = command_spawn(&session->command, session->path, options->command, options->user, mask,
			  err);
	if (r < 0)
		return r;
	session->spawned = true;
	if (r_leaf == 0)
		r_leaf = cgroup_leaf_add(&session->leaf, session->command.pid, &why);
	session->trace.from_exec = true;
	session->trace.pid = session->command.pid;
	session->trace.has_root = true;
	if (r_leaf < 0) {
		cgroup_leaf_remove(&session->leaf);
		hint("%s: following the process tree instead", why.text);
		session->trace.tree = true;
		found_add_only(session, 0, NULL);
		return 0;
	}
	found_add_only(session, session->leaf.id, session->leaf.path);
	return 0;
}

static int pid_place(struct session *session, pid_t pid, struct err *err)
{
	const struct cgroup_hierarchy *hierarchy = &session->hierarchy;
	_cleanup_free_ char *path = NULL;
	struct err ignored;
	uint64_t id;

	if (process_stat(pid, NULL, &session->wait.pid_start) < 0)
		return err_set(err, -ESRCH, "there is no process %d", pid);
	if (pid == getpid())
		return err_set(err, -EINVAL, "process %d is leastcall itself", pid);
	session->wait.pid = pid;
	if (cgroup_hierarchy_find(&session->hierarchy, &ignored) == 0 &&
	    cgroup_of_pid(hierarchy, pid, &path, &ignored) == 0) {
		session->directory = xasprintf("%s%s", hierarchy->mount, path);
		if (cgroup_is_own(session->directory, pid) &&
		    cgroup_id_read(hierarchy, session->directory, &id, &ignored) == 0) {
			found_add_only(session, id, path);
			return 0;
		}
	}
	session->trace.tree = true;
	session->trace.pid = pid;
	found_add_only(session, 0, NULL);
	return 0;
}

/* ---- cgroups ----------------------------------------------------------------------------- */

/* What is waited for: new cgroups come before the judge. */
static void session_await(struct session *session)
{
	session->trace.wait = true;
	session->trace.judge = (struct judge){judge_decide, &session->judge};
}

static int cgroup_place(struct session *session, const struct record_options *options,
			struct err *err)
{
	const struct cgroup_hierarchy *hierarchy = &session->hierarchy;
	_cleanup_free_ char *found = NULL;
	struct workload_name name = {};
	const char *path;
	bool is_there;
	uint64_t id;
	int r;

	session->trace.split = session->judge.split = options->split;
	r = cgroup_path_find(options->cgroup, hierarchy->mount, &found, err);
	if (r < 0)
		return r;
	session->directory = xasprintf("%s%s", hierarchy->mount, strcmp(found, "/") ? found : "");
	session->wait.cgroup = session->directory;
	is_there = access(session->directory, F_OK) == 0;
	if (!is_there || options->wait) {
		session->awaited = xstrdup(found);
		session_await(session);
	}
	path = session->directory + strlen(hierarchy->mount);
	path = *path ? path : "/";
	session->judge.path = path;
	if (!is_there)
		return 0;
	r = cgroup_id_read(hierarchy, session->directory, &id, err);
	if (r < 0)
		return r;
	session->trace.judge = (struct judge){judge_decide, &session->judge};
	judge_decide(&session->judge, path, 0, &name);
	found_add(session, id, path, &name);
	return 0;
}

static int all_place(struct session *session, struct err *err)
{
	struct workload_name name = {};
	uint64_t id;
	int r = cgroup_id_read(&session->hierarchy, session->hierarchy.mount, &id, err);

	if (r < 0)
		return r;
	session->trace.split = session->judge.split = true;
	session->trace.judge = (struct judge){judge_decide, &session->judge};
	judge_decide(&session->judge, "/", 0, &name);
	found_add(session, id, "/", &name);
	return 0;
}

struct scan {
	struct session *session;
	struct err *err;
	int r;
};

static bool is_found(const struct session *session, uint64_t id)
{
	for (size_t i = 0; i < session->found_count; i++) {
		if (session->found[i].id == id)
			return true;
	}
	return session->tracer && tracer_knows(session->tracer, id);
}

/* False: what is below it belongs to it. */
static bool found_look(void *ctx, const char *path, uint64_t id)
{
	struct scan *scan = ctx;
	struct session *session = scan->session;
	struct workload_name name = {};

	if (!judge_wants(&session->judge, path))
		return true;
	if (is_found(session, id) ||
	    judge_decide(&session->judge, path, 0, &name) != VERDICT_WANTED)
		return false;
	found_add(session, id, path, &name);
	if (session->tracer && scan->r == 0)
		scan->r = found_follow(session, scan->err);
	return false;
}

static int workloads_find(struct session *session, struct err *err)
{
	struct scan scan = {.session = session, .err = err};
	int r;

	session->judge.last = true; /* what is there already has said whose it is */
	r = cgroup_walk(&session->hierarchy, "/", found_look, &scan);
	session->judge.last = false;
	if (r < 0 && r != -ELOOP)
		return err_errno(err, r, "cannot look through the cgroups");
	return scan.r;
}

static int query_place(struct session *session, enum query query, const char *text, struct err *err)
{
	session->judge.query = query;
	session->judge.text = text;
	session->wait.lingers = true;
	session_await(session);
	return workloads_find(session, err);
}

/* The cgroup that is waited for, made before anybody looked out for it. */
static int awaited_find(struct session *session, struct err *err)
{
	struct workload_name name = {};
	struct err ignored;
	uint64_t id;

	if (cgroup_id_read(&session->hierarchy, session->directory, &id, &ignored) < 0 ||
	    is_found(session, id))
		return 0;
	judge_decide(&session->judge, session->awaited, 0, &name);
	found_add(session, id, session->awaited, &name);
	return found_follow(session, err);
}

int session_place_again(struct session *session, struct err *err)
{
	if (session->awaited)
		return awaited_find(session, err);
	return session->wait.lingers ? workloads_find(session, err) : 0;
}

/* ---- all of them ------------------------------------------------------------------------- */

static int target_place(struct session *session, const struct record_options *options,
			const sigset_t *mask, struct err *err)
{
	if (options->command)
		return command_place(session, options, mask, err);
	if (options->pid)
		return pid_place(session, options->pid, err);
	if (options->container)
		return query_place(session, QUERY_CONTAINER, options->container, err);
	if (options->pod)
		return query_place(session, QUERY_POD, options->pod, err);
	if (options->unit)
		return query_place(session, QUERY_UNIT, options->unit, err);
	if (options->cgroup)
		return cgroup_place(session, options, err);
	return all_place(session, err);
}

int session_place(struct session *session, const struct record_options *options,
		  const sigset_t *mask, struct err *err)
{
	int r = 0;

	session_describe(session, options);
	session->judge.given_name = options->name;
	if (!options->command && !options->pid) {
		r = cgroup_hierarchy_find(&session->hierarchy, err);
		if (r < 0)
			return r;
		session->judge.hierarchy = &session->hierarchy;
		session->judge.containers = containers_new(&session->hierarchy);
	}
	r = target_place(session, options, mask, err);
	if (r < 0)
		return r;
	session->trace.hierarchy = session->hierarchy.kind;
	session->trace.hierarchy_id = session->hierarchy.id;
	session->wait.judge = &session->judge;
	session->wait.mount = session->hierarchy.mount;
	found_settle(session);
	return 0;
}
