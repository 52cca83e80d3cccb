/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * What is to be recorded: finds the cgroup or the process, and starts the command. It waits then,
 * until the tracer is there.
 */
#include <errno.h>
#include <limits.h>
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
	cgroup_hierarchy_drop(&session->hierarchy);
	free(session->name);
	free(session->target);
	free(session->path);
	free(session->directory);
	free(session->cgroup);
}

static char *words_join(char **words)
{
	char *text = xstrdup("");

	for (; *words; words++) {
		_cleanup_free_ char *word = text_escape(*words, strlen(*words)), *before = text;

		text = xasprintf("%s%s%s", before, *before ? " " : "", word);
	}
	return text;
}

static char *basename_escaped(const char *path)
{
	const char *name = strrchr(path, '/') ? strrchr(path, '/') + 1 : path;

	return text_escape(name, strlen(name));
}

/* A leaf of its own for the command; without one its process tree is followed, and that is said. */
static int command_place(struct session *session, const struct record_options *options,
			 const sigset_t *mask, struct err *err)
{
	struct err why = {};
	int r_leaf = cgroup_hierarchy_find(&session->hierarchy, &why), r;

	if (r_leaf == 0)
		r_leaf = cgroup_leaf_make(&session->hierarchy, &session->leaf, &why);
	r = command_spawn(&session->command, session->path, options->command, options->user, mask,
			  err);
	if (r < 0)
		return r;
	session->spawned = true;
	if (r_leaf == 0)
		r_leaf = cgroup_leaf_add(&session->leaf, session->command.pid, &why);
	session->trace.from_exec = true;
	session->trace.has_root = true;
	if (r_leaf < 0) {
		cgroup_leaf_remove(&session->leaf);
		hint("%s: following the process tree instead", why.text);
		session->trace.target = TARGET_TREE;
		session->trace.pid = session->command.pid;
		return 0;
	}
	session->trace.target = TARGET_CGROUP;
	session->trace.cgroup_id = session->leaf.id;
	session->cgroup = text_escape(session->leaf.path, strlen(session->leaf.path));
	return 0;
}

static int pid_place(struct session *session, pid_t pid, struct err *err)
{
	const struct cgroup_hierarchy *hierarchy = &session->hierarchy;
	_cleanup_free_ char *path = NULL, *name = NULL;
	struct err ignored;

	if (process_stat(pid, NULL, &session->wait.pid_start) < 0)
		return err_set(err, -ESRCH, "there is no process %d", pid);
	if (pid == getpid())
		return err_set(err, -EINVAL, "process %d is leastcall itself", pid);
	name = process_name(pid);
	session->name = text_escape(name, strlen(name));
	session->target = xasprintf("%d", pid);
	session->wait.pid = pid;
	session->trace.target = TARGET_TREE;
	session->trace.pid = pid;
	if (cgroup_hierarchy_find(&session->hierarchy, &ignored) < 0 ||
	    cgroup_of_pid(hierarchy, pid, &path, &ignored) < 0)
		return 0;
	session->directory = xasprintf("%s%s", hierarchy->mount, path);
	if (!cgroup_is_own(session->directory, pid) ||
	    cgroup_id_read(hierarchy, session->directory, &session->trace.cgroup_id, &ignored) < 0)
		return 0;
	session->trace.target = TARGET_CGROUP;
	session->cgroup = text_escape(path, strlen(path));
	return 0;
}

/* PATH is a directory of the cgroup2 mount, or a path below it. The caller frees *ret. */
static int cgroup_directory(const char *given, const char *mount, char **ret, struct err *err)
{
	_cleanup_free_ char *below = xasprintf("%s/%s", mount, given);
	size_t length = strlen(mount);
	char resolved[PATH_MAX];

	if (given[0] == '/' && realpath(given, resolved) && !strncmp(resolved, mount, length) &&
	    (resolved[length] == '/' || !resolved[length])) {
		*ret = xstrdup(resolved);
		return 0;
	}
	if (!*given || !realpath(below, resolved))
		return err_set(err, -ENOENT, "there is no cgroup \"%s\" below %s", given, mount);
	*ret = xstrdup(resolved);
	return 0;
}

static int cgroup_place(struct session *session, const char *given, struct err *err)
{
	const struct cgroup_hierarchy *hierarchy = &session->hierarchy;
	const char *path;
	int r = cgroup_hierarchy_find(&session->hierarchy, err);

	if (r == 0)
		r = cgroup_directory(given, hierarchy->mount, &session->directory, err);
	if (r == 0)
		r = cgroup_id_read(hierarchy, session->directory, &session->trace.cgroup_id, err);
	if (r < 0)
		return r;
	path = session->directory + strlen(hierarchy->mount);
	session->trace.target = TARGET_CGROUP;
	session->cgroup = *path ? text_escape(path, strlen(path)) : xstrdup("/");
	session->name = xstrdup(session->cgroup);
	session->target = xstrdup(session->name);
	session->wait.cgroup = session->directory;
	return 0;
}

static int target_place(struct session *session, const struct record_options *options,
			const sigset_t *mask, struct err *err)
{
	if (options->command) {
		session->what = "command";
		session->name = basename_escaped(options->command[0]);
		session->target = words_join(options->command);
		return command_place(session, options, mask, err);
	}
	if (options->pid) {
		session->what = "pid";
		return pid_place(session, options->pid, err);
	}
	if (options->cgroup) {
		session->what = "cgroup";
		return cgroup_place(session, options->cgroup, err);
	}
	session->what = "all";
	session->trace.target = TARGET_ALL;
	return 0;
}

int session_place(struct session *session, const struct record_options *options,
		  const sigset_t *mask, struct err *err)
{
	int r = target_place(session, options, mask, err);

	if (r < 0 || !options->name)
		return r;
	free(session->name);
	session->name = text_escape(options->name, strlen(options->name));
	return 0;
}
