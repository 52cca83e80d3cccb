/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* What the parts of container.h share; nobody else includes it. */
#ifndef LEASTCALL_CONTAINER_INTERNAL_H
#define LEASTCALL_CONTAINER_INTERNAL_H

#include <cjson/cJSON.h>
#include <sys/stat.h>

#include "container.h"

/* Of root's, of all others' together, and of one other's. */
#define OWN_MAX    64
#define OTHERS_MAX 64
#define OTHER_MAX  8

#define NAME_SIZE_MAX 255

#define CONFIG_SIZE_MAX (1 << 20)

/* Who says something about containers, and about whose it is believed. */
struct witness {
	uid_t uid;    /* 0, or the owner of the cgroups that it speaks of */
	char *within; /* the path of the cgroup that holds all it speaks of; "": any */
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

/* A cgroup of which nothing was found. */
struct miss {
	char *path;        /* NULL: none is here */
	uint64_t cgroup;   /* its id; 0: it is gone */
	uint64_t first_ns; /* CLOCK_MONOTONIC */
	uint64_t again_ns; /* not to be looked for before this */
};
#define MISSES_MAX 256

struct files;

struct containers {
	const struct cgroup_hierarchy *hierarchy;
	struct files *files;
	struct place places[OWN_MAX + OTHERS_MAX]; /* the oldest first */
	size_t place_count;
	struct bundle bundles[OWN_MAX + OTHERS_MAX]; /* the oldest first */
	size_t bundle_count;
	uint64_t bundles_added; /* ever */
	struct miss misses[MISSES_MAX];
	uint64_t scan_ns; /* CLOCK_MONOTONIC: not before this; 0: never yet */
};

/* ---- container_place.c: who is believed, and what was learnt ------------------------------ */

/* False where the process is gone, or is not what it seems to be: it has to run as whoever started
 * it, a program of this name (NULL: of any). ret->within is the caller's to free. */
bool witness_of(const struct containers *containers, pid_t pid, const char *program,
		struct witness *ret);
/* Whether it is root's, in no container. */
bool witness_is_root(const struct witness *witness);
/* Whether the witness is believed about the cgroup at the path's first `length` bytes. */
bool witness_speaks(const struct containers *containers, const struct witness *witness,
		    const char *path, size_t length);
/* Takes over `fd`, a directory; -1 adds nothing. */
void place_add(struct containers *containers, enum place_kind kind, int fd,
	       const struct witness *witness);
/* The bundle in the directory `fd`, if it is one; during its witness' turn (files_turn). */
void bundle_add(struct containers *containers, int fd, const char *id,
		const struct witness *witness);
void places_free(struct containers *containers);

/* ---- container_process.c: what the engines' processes say -------------------------------- */

/* Learns from one process what its command line, its root and its working directory tell; a
 * question (files_begin) by itself. */
void process_learn(struct containers *containers, pid_t pid);
/* Learns from all processes, and the usual places; not more often than a few times a second, and
 * less often where there are many. False: it was too soon. */
bool processes_scan(struct containers *containers);
/* The first process of the cgroup in this directory that has this command name; any where it is
 * NULL. 0: there is none. */
pid_t process_in(const char *directory, const char *comm);
/* The name of the machine of the systemd-nspawn process, one that is safe; NULL where it doesn't
 * say. */
char *process_machine(pid_t pid);

/* ---- container_file.c: the files themselves ---------------------------------------------- */

struct files *files_new(void);
void files_free(struct files *files);
/* Another question: each may take some time and some bytes, for root's state and as much for that of
 * all others, who may not take much of the time in the long run either. */
void files_begin(struct files *files);
/* What follows is on this witness' account; false where nothing is left of it. To be ended in
 * either case. */
bool files_turn(struct files *files, const struct witness *witness);
void files_turn_end(struct files *files);
/* Within a turn: whether anything is left. */
bool files_left(const struct files *files);
/*
 * Within a turn: the regular file's contents as JSON, less what nobody asks for. It lives until
 * the next call. NULL where there is no such file below `dir`, it is too large, it is no JSON, or
 * nothing is left to read it. Asking again for what has not changed costs nothing.
 */
const cJSON *state_read(struct files *files, int dir, const char *path, off_t size_max);

/* ---- container_state.c: what is in the places -------------------------------------------- */

/* Whether it may be part of other names, and of files' names. `name` may be NULL. */
bool name_is_safe(const char *name);
/* linux.cgroupsPath of a bundle's configuration, in it; NULL. */
const char *config_cgroup(const cJSON *config);
/* Whether linux.cgroupsPath (NULL: none) of the container `id` is the path's first `length` bytes. */
bool cgroup_fits(const char *cgroups_path, const char *id, const char *within, const char *path,
		 size_t length);
/* All of these: within a turn. Fills in engine, name, image and pod from the place, where it knows
 * the id. */
bool place_identify(struct files *files, const struct place *place, const char *id,
		    struct identity *ret);
/* The same for containerd's task in one namespace, if its cgroup is the one at the path. */
bool task_identify(struct files *files, const struct place *place, const char *space,
		   const char *id, const char *path, size_t length, struct identity *ret);
/* Finds the container whose state says that its cgroup is the one at the path: ENGINE_OCI. It has
 * the path's last component for its id, or (`all`) any. */
bool runtime_identify(struct files *files, const struct place *place,
		      const struct cgroup_hierarchy *hierarchy, const char *path, size_t length,
		      bool all, struct identity *ret);

#endif
