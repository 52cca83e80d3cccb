/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Rows, and the search in them. podman has no daemon: what it starts descends from it. */
#include <string.h>

#include "client.h"
#include "util/util.h"

#define USE_CONTAINER " (record --container NAME does)"
#define USE_UNIT      " (record --unit NAME does)"

static const struct client rows[] = {
	{"docker", "dockerd", USE_CONTAINER},
	{"docker-compose", "dockerd", USE_CONTAINER},
	{"ctr", "containerd", USE_CONTAINER},
	{"nerdctl", "containerd", USE_CONTAINER},
	{"crictl", "the container runtime", USE_CONTAINER},
	{"kubectl", "Kubernetes", " (record --pod NAMESPACE/NAME does)"},
	{"podman-remote", "podman's service", USE_CONTAINER},
	{"systemctl", "systemd", USE_UNIT},
	{"systemd-run", "systemd", USE_UNIT},
	{"machinectl", "systemd-machined", USE_CONTAINER},
	{"incus", "incusd", USE_CONTAINER},
	{"lxc", "lxd", USE_CONTAINER},
};

const struct client *client_find(const char *exe)
{
	const char *base = exe ? strrchr(exe, '/') : NULL;

	for (size_t i = 0; base && i < ARRAY_SIZE(rows); i++) {
		if (!strcmp(base + 1, rows[i].name))
			return &rows[i];
	}
	return NULL;
}
