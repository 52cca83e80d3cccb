/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Who is behind a cgroup: its path, what the engines keep on disk, and the command lines of their
 * processes. It runs no program, asks no daemon, and believes nobody about cgroups that are not
 * theirs. It knows nothing of BPF.
 */
#ifndef LEASTCALL_CONTAINER_H
#define LEASTCALL_CONTAINER_H

#include <sys/types.h>

#include "cgroup.h"
#include "model/identity.h"

/* What has been found out so far: where engines keep their state, and the names read there. */
struct containers;
/* The hierarchy must live as long. */
struct containers *containers_new(const struct cgroup_hierarchy *hierarchy);
void containers_free(struct containers *containers);

/*
 * The next container or unit on a cgroup's path (raw bytes, from the hierarchy's root on),
 * outermost first; *at is 0 to begin with. False at the end. *ret is the caller's to
 * identity_drop().
 * Asking again may tell more: a name that was NULL, and a container where there was none, as a
 * runtime may say only after it made the cgroup that it is one (ENGINE_OCI, ENGINE_CONTAINERD with
 * a cgroup path of the user's own, ENGINE_NSPAWN).
 */
bool container_next(struct containers *containers, const char *path, size_t *at,
		    struct identity *ret);

/*
 * What the process that makes a cgroup (runc create, lxc-start, conmon ...) says on its command
 * line about where its engine keeps its state; to be called as soon as it is known, while it lives.
 * Never needed: it saves a search, and finds state in unusual places.
 */
void containers_learn(struct containers *containers, pid_t maker);

#endif
