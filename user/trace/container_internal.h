/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* What the parts of container.h share; nobody else includes it. */
#ifndef LEASTCALL_CONTAINER_INTERNAL_H
#define LEASTCALL_CONTAINER_INTERNAL_H

#include <cjson/cJSON.h>
#include <sys/stat.h>

#include "container.h"

#define PLACES_MAX  64
#define BUNDLES_MAX 64

/* Who says something about containers, and about whose it is believed. */
struct witness {
	uid_t uid;    /* 0, or the owner of the cgroups that it speaks of */
	char *within; /* the path of the container that it runs in itself; "": in none */
};

/* Where an engine keeps its state. */
enum place_kind {
	PLACE_DOCKER,  /* a data root: containers/ID/config.v2.json */
	PLACE_STORAGE, /* Podman's, CRI-O's: containers.json, ID/userdata/config.json */
	PLACE_TASKS,   /* containerd's: NAMESPACE/ID/config.json */
	PLACE_RUNTIME, /* runc's, crun's: ID/state.json, ID/status */
};

struct place {
	enum place_kind kind;
	int fd;
	dev_t dev;
	ino_t ino;
	struct witness witness;
};

/* A bundle that a runtime or a shim named on its command line. */
struct bundle {
	char *id;
	char *cgroups_path; /* linux.cgroupsPath; NULL: it has none */
	uint64_t cgroup;    /* the id of the one it was found to be; another one is not its */
	struct witness witness;
};

struct containers {
	const struct cgroup_hierarchy *hierarchy;
	struct place places[PLACES_MAX];
	size_t place_count;
	struct bundle bundles[BUNDLES_MAX]; /* a ring */
	size_t bundle_count;                /* that were ever added */
	uint64_t scanned_ns;                /* CLOCK_MONOTONIC; 0: never */
};

/* ---- container_place.c: who is believed, and what was learnt ------------------------------ */

/* False where the process is gone. ret->within is the caller's to free. */
bool witness_of(const struct containers *containers, pid_t pid, struct witness *ret);
/* Whether the witness is believed about the cgroup at the path's first `length` bytes. */
bool witness_speaks(const struct containers *containers, const struct witness *witness,
		    const char *path, size_t length);
/* Takes over `fd`, a directory; -1 adds nothing. */
void place_add(struct containers *containers, enum place_kind kind, int fd,
	       const struct witness *witness);
/* The bundle in the directory `fd`, if it is one. */
void bundle_add(struct containers *containers, int fd, const char *id,
		const struct witness *witness);
void places_free(struct containers *containers);

/* ---- container_process.c: what the engines' processes say -------------------------------- */

/* Learns from one process what its command line, its root and its working directory tell. */
void process_learn(struct containers *containers, pid_t pid);
/* Learns from all processes, and the usual places; not more often than a few times a second.
 * False: it was too soon. */
bool processes_scan(struct containers *containers);
/* The first process of the cgroup in this directory that has this command name; any where it is
 * NULL. 0: there is none. */
pid_t process_in(const char *directory, const char *comm);
/* The name of the machine of the systemd-nspawn process; NULL where it doesn't say. */
char *process_machine(pid_t pid);

/* ---- container_state.c: what is in the places -------------------------------------------- */

/* The regular file's contents as JSON; NULL where there is no such file below `dir`, it is larger
 * than 4 MiB, or it is no JSON. cJSON_Delete(). */
cJSON *state_read(int dir, const char *path);
/* linux.cgroupsPath of a bundle's configuration, in it; NULL. */
const char *config_cgroup(const cJSON *config);
/* Whether linux.cgroupsPath (NULL: none) of the container `id` is the path's first `length` bytes. */
bool cgroup_fits(const char *cgroups_path, const char *id, const char *within, const char *path,
		 size_t length);
/* Fills in engine, name, image and pod from the place, where it knows the id. */
bool place_identify(const struct place *place, const char *id, struct identity *ret);
/* The same for containerd's task in one namespace, if its cgroup is the one at the path. */
bool task_identify(const struct place *place, const char *space, const char *id, const char *path,
		   size_t length, struct identity *ret);
/* Finds the container whose state says that its cgroup is the one at the path: ENGINE_OCI. */
bool runtime_identify(const struct place *place, const struct cgroup_hierarchy *hierarchy,
		      const char *path, size_t length, struct identity *ret);

#endif
