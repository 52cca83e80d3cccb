/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * A container's or a unit's names, and whether they are the ones that somebody asked for. Pure: who
 * finds them out is trace/container.h.
 */
#ifndef LEASTCALL_IDENTITY_H
#define LEASTCALL_IDENTITY_H

#include "tables/engine.h"
#include "util/util.h"

/* All texts are escaped (model/text.h), and may be NULL. None of them has a ".." component. */
struct identity {
	enum engine engine;
	size_t length;   /* bytes of the cgroup's path up to and including its own cgroup */
	char *name;      /* NULL: it is a container, and nothing names it yet: ask again */
	char *id;        /* as its engine has it, in full */
	char *image;     /* as its engine was told */
	char *pod;       /* Kubernetes: NAMESPACE/NAME; its name is NAMESPACE/NAME/CONTAINER then */
	char *container; /* Kubernetes' name of the container within the pod */
	bool sandbox;    /* the pod's own container, which runs nothing of the application's */
};
/* Frees what it holds. */
void identity_drop(struct identity *identity);

enum query {
	/* A name, 3 or more hex digits that a hex id begins with, Kubernetes' name of the container
	 * or all of NAMESPACE/POD/CONTAINER. A sandbox by its id only. */
	QUERY_CONTAINER,
	QUERY_POD,  /* NAMESPACE/POD or NAMESPACE/POD/CONTAINER; never a sandbox */
	QUERY_UNIT, /* a unit's name, ".service" added where it has no suffix of a unit */
};
/* `text` as the user gave it. A slice is no identity: ask path_names() for one. */
bool identity_matches(const struct identity *identity, enum query query, const char *text);

/* True where the last component of the cgroup's path is `text`: what a runtime does that was told
 * nothing else with a container of this id, and systemd with a slice. */
bool path_names(const char *path, const char *text);

#endif
