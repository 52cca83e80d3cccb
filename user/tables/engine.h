/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * What the path of a cgroup says by itself: which engine's container, or which systemd unit, a
 * component stands for. It reads no file: what only an engine's state can tell is not here.
 */
#ifndef LEASTCALL_ENGINE_H
#define LEASTCALL_ENGINE_H

#include <stdbool.h>
#include <stddef.h>

enum engine {
	ENGINE_NONE,
	ENGINE_DOCKER,
	ENGINE_PODMAN,
	ENGINE_CONTAINERD, /* without Kubernetes: ctr, nerdctl */
	ENGINE_CRI,        /* containerd or CRI-O under Kubernetes */
	ENGINE_LXC,
	ENGINE_NSPAWN,
	ENGINE_OCI,  /* runc, crun or another runtime, started by none of the above */
	ENGINE_UNIT, /* a systemd unit: no container */
};

/* The word in recordings and tables: "docker", "podman" ...; NULL for ENGINE_NONE. */
const char *engine_name(enum engine engine);

/* The hex digits of a container's id, as Docker, Podman and CRI make them. */
#define ENGINE_ID_SIZE 64

/* What a component stands for; the text is part of the path that was asked about. */
struct engine_match {
	enum engine engine;
	const char *text; /* the container's id or name, the unit's name; NULL: not in the path */
	size_t size;      /* of the text */
	bool is_id;       /* the text is an id of ENGINE_ID_SIZE hex digits */
	bool needs_state; /* it is a container only where something else says so */
};

/*
 * What the last component of the path's first `length` bytes stands for; false: nothing. A slice
 * is not told: it holds other units.
 */
bool engine_match(const char *path, size_t length, struct engine_match *ret);

#endif
