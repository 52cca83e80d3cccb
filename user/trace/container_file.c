/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Reads the files that hold state, and remembers what was in them. They are somebody else's input:
 * bounded in size, no link is followed, and the time that one question may take is bounded too; what
 * comes too late is not known yet. Knows no engine; of their files only which keys are of use.
 */
#include <fcntl.h>
#include <linux/openat2.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "container_internal.h"
#include "util/clock.h"

#define QUESTION_NS_MAX   20000000ll
#define QUESTION_SIZE_MAX (4 << 20)
/* What others than root may take: at once, and of each stretch of time one part of so many. */
#define CREDIT_NS_MAX 400000000ll
#define CREDIT_PART   5

#define REMEMBERED_MAX 512
#define WEIGHT_MAX     (8 << 20)  /* bytes in memory, of all that is remembered */
#define TEXT_SIZE_MAX  (64 << 10) /* a longer one is no name, nor holds any */
/* A file that was changed again within one tick of the kernel's clock may look the same. */
#define TICK_NS 20000000ll

/* What a file came to; json is NULL where that is nothing. */
struct file {
	dev_t dev;
	ino_t ino; /* 0: nothing is here */
	off_t size;
	int64_t changed_ns;
	cJSON *json;
	size_t weight;
};

/* What was taken for the question that is being asked. */
struct spent {
	int64_t ns;
	off_t size;
};

struct files {
	struct file ring[REMEMBERED_MAX];
	size_t next; /* the oldest */
	size_t weight;
	struct spent own, others; /* on root's state, on that of anybody else */
	int64_t credit_ns;        /* of the others */
	int64_t credited_ns;      /* CLOCK_MONOTONIC */
	bool is_own;              /* whose turn it is */
	int64_t turn_ns;          /* since when, in processor time */
};

struct files *files_new(void)
{
	struct files *files = xcalloc(1, sizeof(*files));

	files->credit_ns = CREDIT_NS_MAX;
	files->credited_ns = monotonic_ns();
	return files;
}

static void file_drop(struct files *files, struct file *file)
{
	cJSON_Delete(file->json);
	files->weight -= file->weight;
	*file = (struct file){};
}

void files_free(struct files *files)
{
	for (size_t i = 0; i < REMEMBERED_MAX; i++)
		file_drop(files, &files->ring[i]);
	free(files);
}

/* ---- what may be taken ------------------------------------------------------------------- */

void files_begin(struct files *files)
{
	int64_t now = monotonic_ns();

	files->credit_ns += (now - files->credited_ns) / CREDIT_PART;
	if (files->credit_ns > CREDIT_NS_MAX)
		files->credit_ns = CREDIT_NS_MAX;
	files->credited_ns = now;
	files->own = files->others = (struct spent){};
}

static bool size_is_left(const struct files *files, off_t size)
{
	return (files->is_own ? files->own : files->others).size + size <= QUESTION_SIZE_MAX;
}

bool files_left(const struct files *files)
{
	/* the processor's time: a busy machine is nobody's fault */
	int64_t taken = clock_ns(CLOCK_THREAD_CPUTIME_ID) - files->turn_ns;

	if (files->is_own)
		return files->own.ns + taken < QUESTION_NS_MAX;
	return files->others.ns + taken < QUESTION_NS_MAX && taken < files->credit_ns;
}

bool files_turn(struct files *files, const struct witness *witness)
{
	files->is_own = witness_is_root(witness);
	files->turn_ns = clock_ns(CLOCK_THREAD_CPUTIME_ID);
	return files_left(files);
}

void files_turn_end(struct files *files)
{
	int64_t taken = clock_ns(CLOCK_THREAD_CPUTIME_ID) - files->turn_ns;

	if (files->is_own) {
		files->own.ns += taken;
	} else {
		files->others.ns += taken;
		files->credit_ns -= taken;
	}
}

/* ---- what is remembered ------------------------------------------------------------------ */

/* Whoever reads another key adds it here. */
static bool is_wanted(const char *key)
{
	static const char *const keys[] = {
		"Config",
		"Image",
		"Labels",
		"Name",
		"annotations",
		"cgroup-path",
		"cgroup_paths",
		"cgroupsPath",
		"data-root",
		"id",
		"image",
		"linux",
		"metadata",
		"names",
		"nerdctl/name",
		"ociVersion",
		"io.container.manager",
	};

	for (size_t i = 0; i < ARRAY_SIZE(keys); i++) {
		if (!strcmp(key, keys[i]))
			return true;
	}
	return !strncmp(key, "io.kubernetes.", strlen("io.kubernetes."));
}

/* Takes out all that nobody asks for; returns how much memory the rest holds. The parser has bounded
 * how deep it is. */
static size_t json_prune(cJSON *value)
{
	size_t weight = sizeof(*value);
	bool keeps_all =
		cJSON_IsArray(value) || (value->string && !strcmp(value->string, "cgroup_paths"));
	cJSON *next;

	for (cJSON *item = value->child; item; item = next) {
		bool is_text = cJSON_IsString(item);

		next = item->next;
		if (!(is_text || cJSON_IsObject(item) || cJSON_IsArray(item)) ||
		    (is_text && strlen(item->valuestring) > TEXT_SIZE_MAX) ||
		    !(keeps_all || is_wanted(item->string)))
			cJSON_Delete(cJSON_DetachItemViaPointer(value, item));
		else
			weight += json_prune(item);
	}
	return weight + (value->string ? strlen(value->string) : 0) +
	       (cJSON_IsString(value) ? strlen(value->valuestring) : 0);
}

static int64_t changed_ns(const struct stat *st)
{
	return st->st_ctim.tv_sec * 1000000000ll + st->st_ctim.tv_nsec;
}

static const struct file *file_find(const struct files *files, const struct stat *st)
{
	for (size_t i = 0; i < REMEMBERED_MAX; i++) {
		const struct file *file = &files->ring[i];

		if (file->ino == st->st_ino && file->dev == st->st_dev &&
		    file->size == st->st_size && file->changed_ns == changed_ns(st))
			return file;
	}
	return NULL;
}

/* Takes over `json`. */
static const cJSON *file_add(struct files *files, const struct stat *st, cJSON *json)
{
	struct file file = {
		.dev = st->st_dev,
		.ino = st->st_ino,
		.size = st->st_size,
		.changed_ns = changed_ns(st),
		.json = json,
		.weight = json ? json_prune(json) : 0,
	};
	size_t at = files->next;

	file_drop(files, &files->ring[at]);
	files->weight += file.weight;
	files->next = (at + 1) % REMEMBERED_MAX;
	for (size_t i = files->next; i != at && files->weight > WEIGHT_MAX;
	     i = (i + 1) % REMEMBERED_MAX)
		file_drop(files, &files->ring[i]);
	if ((int64_t)clock_ns(CLOCK_REALTIME) - file.changed_ns < TICK_NS)
		file.ino = 0; /* not to be found again */
	files->ring[at] = file;
	return json;
}

/* ---- reading ----------------------------------------------------------------------------- */

static cJSON *json_read(int fd, size_t size)
{
	_cleanup_free_ char *text = xcalloc(1, size + 1);
	size_t used = 0;

	while (used < size) {
		ssize_t got = read(fd, text + used, size - used);

		if (got <= 0)
			break;
		used += (size_t)got;
	}
	return cJSON_ParseWithLength(text, used);
}

const cJSON *state_read(struct files *files, int dir, const char *path, off_t size_max)
{
	struct open_how how = {
		.flags = O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC,
		.resolve = RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS | RESOLVE_NO_MAGICLINKS,
	};
	_cleanup_close_ int fd = (int)syscall(SYS_openat2, dir, path, &how, sizeof(how));
	struct spent *spent = files->is_own ? &files->own : &files->others;
	const struct file *known;
	struct stat st;

	if (fd < 0 || fstat(fd, &st) != 0 || !S_ISREG(st.st_mode) || st.st_size > size_max)
		return NULL;
	known = file_find(files, &st);
	if (known)
		return known->json;
	if (!files_left(files) || !size_is_left(files, st.st_size))
		return NULL;
	spent->size += st.st_size;
	return file_add(files, &st, json_read(fd, (size_t)st.st_size));
}
