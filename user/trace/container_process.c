/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * What the engines' processes say on their command lines about where their state is. Anybody may
 * call a process conmon: what it says counts for the cgroups of its own user and container only.
 * Knows no format of a state file.
 */
#include <ctype.h>
#include <dirent.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "container_internal.h"
#include "model/text.h"
#include "util/clock.h"

#define WORDS_SIZE_MAX   65536
#define SCAN_INTERVAL_NS 250000000ull
#define SCAN_PART        10   /* of all time one part of so many goes to looking at all processes */
#define MEMBERS_MAX      1024 /* of one cgroup, looked through */
#define COMM_SIZE        16   /* TASK_COMM_LEN */

/* ---- a process --------------------------------------------------------------------------- */

/* Reads a small file of /proc; 0 where it can't be read. NUL-terminated. */
static size_t proc_read(pid_t pid, const char *file, char *buf, size_t size)
{
	_cleanup_free_ char *name = xasprintf("/proc/%d/%s", pid, file);
	_cleanup_close_ int fd = open(name, O_RDONLY | O_CLOEXEC);
	size_t used = 0;
	ssize_t got;

	buf[0] = '\0';
	if (fd < 0)
		return 0;
	while (used + 1 < size && (got = read(fd, buf + used, size - 1 - used)) > 0)
		used += (size_t)got;
	buf[used] = '\0';
	return used;
}

static bool comm_read(pid_t pid, char comm[COMM_SIZE + 1])
{
	size_t size = proc_read(pid, "comm", comm, COMM_SIZE + 1);

	comm[strcspn(comm, "\n")] = '\0';
	return size > 0;
}

/* A command line: words that end with NUL each. */
struct words {
	char *text;
	size_t size;
};

static struct words words_read(pid_t pid, const char *file)
{
	struct words words = {.text = xcalloc(1, WORDS_SIZE_MAX)};

	words.size = proc_read(pid, file, words.text, WORDS_SIZE_MAX);
	return words;
}

static const char *word_next(const struct words *words, const char *word)
{
	const char *next = word ? word + strlen(word) + 1 : words->text;

	return next < words->text + words->size ? next : NULL;
}

/* The value of --NAME VALUE, --NAME=VALUE, -NAME VALUE (Go's) or -L VALUE; L: 0 for none. */
static const char *word_value(const struct words *words, const char *name, char letter)
{
	const char *word = word_next(words, NULL);
	size_t size = strlen(name);

	while (word && (word = word_next(words, word))) {
		const char *own = word + (word[0] == '-') + (word[0] == '-' && word[1] == '-');

		if (own == word)
			continue;
		if (!strncmp(own, name, size) && own[size] == '=')
			return own + size + 1;
		if (!strcmp(own, name) || (letter && word[1] == letter && !word[2]))
			return word_next(words, word);
	}
	return NULL;
}

static const char *word_last(const struct words *words)
{
	const char *word = word_next(words, NULL), *next;

	while (word && (next = word_next(words, word)))
		word = next;
	return word;
}

static bool has_word(const struct words *words, const char *text)
{
	const char *word = NULL;

	while ((word = word_next(words, word))) {
		if (!strcmp(word, text))
			return true;
	}
	return false;
}

/* A directory as the process sees it: below its root, or its working directory. -1. */
static int process_directory(pid_t pid, const char *path)
{
	struct open_how how = {
		.flags = O_PATH | O_DIRECTORY | O_CLOEXEC,
		.resolve = RESOLVE_IN_ROOT | RESOLVE_NO_MAGICLINKS,
	};
	_cleanup_free_ char *from = xasprintf("/proc/%d/%s", pid, path[0] == '/' ? "root" : "cwd");
	_cleanup_close_ int fd = open(from, O_PATH | O_DIRECTORY | O_CLOEXEC);

	return fd < 0 ? -1 : (int)syscall(SYS_openat2, fd, path, &how, sizeof(how));
}

/* ---- the engines' command lines ---------------------------------------------------------- */

/* dockerd(8): --data-root, before that --graph; else daemon.json; else the default. */
static void docker_learn(struct containers *containers, pid_t pid, const struct words *words,
			 const struct witness *witness)
{
	const char *root = word_value(words, "data-root", 0) ?: word_value(words, "graph", 'g');
	const char *file = word_value(words, "config-file", 0) ?: "/etc/docker/daemon.json";
	_cleanup_free_ char *above = xstrdup(file), *home = NULL;
	char *slash = strrchr(above, '/');
	_cleanup_close_ int fd = -1;
	const cJSON *config;

	if (slash)
		*slash = '\0';
	fd = process_directory(pid, slash && slash > above ? above : "/");
	if (!root && fd >= 0) {
		config = state_read(containers->files, fd, slash ? slash + 1 : file,
				    CONFIG_SIZE_MAX);
		root = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(config, "data-root"));
	}
	if (!root && witness->uid) { /* rootless */
		struct words environment = words_read(pid, "environ");
		const char *word = NULL;

		while ((word = word_next(&environment, word)) && !home) {
			if (!strncmp(word, "XDG_DATA_HOME=", 14))
				home = xasprintf("%s/docker", word + 14);
		}
		for (word = NULL; !home && (word = word_next(&environment, word));) {
			if (!strncmp(word, "HOME=", 5))
				home = xasprintf("%s/.local/share/docker", word + 5);
		}
		free(environment.text);
	}
	place_add(containers, PLACE_DOCKER,
		  process_directory(pid, root ?: home ?: "/var/lib/docker"), witness);
}

/* GRAPHROOT/DRIVER-containers/ID/userdata, and the same below RUNROOT: what knows the names lies
 * in the one or the other. */
static void storage_learn(struct containers *containers, pid_t pid, const char *bundle,
			  const struct words *words, const struct witness *witness)
{
	_cleanup_free_ char *list = xstrdup(bundle);
	const char *names[] = {"--root", "--runroot"};
	char *slash;

	for (int i = 0; i < 2; i++) {
		slash = strrchr(list, '/');
		if (!slash)
			return;
		*slash = '\0';
	}
	place_add(containers, PLACE_STORAGE, process_directory(pid, list), witness);
	slash = strrchr(list, '/');
	for (size_t i = 0; slash && i < ARRAY_SIZE(names); i++) {
		const char *word = NULL;
		_cleanup_free_ char *path = NULL;

		/* conmon holds what it will call at the end: --exit-command-arg before each word */
		while ((word = word_next(words, word)) && strcmp(word, names[i]) != 0)
			;
		for (int skip = 0; word && skip < 2; skip++)
			word = word_next(words, word);
		if (!word)
			continue;
		path = xasprintf("%s%s", word, slash);
		place_add(containers, PLACE_STORAGE, process_directory(pid, path), witness);
	}
}

/* containerd-shim-runc-v2: its working directory is STATE/NAMESPACE/ID. */
static void shim_learn(struct containers *containers, pid_t pid, const struct words *words,
		       const struct witness *witness)
{
	_cleanup_close_ int bundle = process_directory(pid, ".");
	const char *id = word_value(words, "id", 0);

	if (bundle < 0)
		return;
	place_add(containers, PLACE_TASKS,
		  openat(bundle, "../..", O_PATH | O_DIRECTORY | O_CLOEXEC), witness);
	if (id)
		bundle_add(containers, bundle, id, witness);
}

/* runc(8), crun(1) and what takes the same words: [--root STATE] run|create --bundle DIR ID. */
static void runtime_learn(struct containers *containers, pid_t pid, const struct words *words,
			  const struct witness *witness)
{
	const char *root = word_value(words, "root", 0);
	const char *path = word_value(words, "bundle", 'b') ?: ".", *id = word_last(words);
	_cleanup_close_ int bundle = process_directory(pid, path);

	if (root)
		place_add(containers, PLACE_RUNTIME, process_directory(pid, root), witness);
	if (bundle < 0 || !id)
		return;
	if (strstr(path, "/io.containerd.runtime.v2.task/"))
		place_add(containers, PLACE_TASKS,
			  openat(bundle, "../..", O_PATH | O_DIRECTORY | O_CLOEXEC), witness);
	else if (strstr(path, "-containers/"))
		storage_learn(containers, pid, path, words, witness);
	bundle_add(containers, bundle, id, witness);
}

/* The engine whose process calls itself so; NULL. */
static const char *engine_called(const char *comm)
{
	static const char *const programs[] = {"dockerd", "conmon"}, shim[] = "containerd-shim";

	for (size_t i = 0; i < ARRAY_SIZE(programs); i++) {
		if (!strcmp(comm, programs[i]))
			return programs[i];
	}
	return strncmp(comm, shim, strlen(shim)) ? NULL : shim;
}

static void words_learn(struct containers *containers, pid_t pid, const char *program,
			const struct words *words, const struct witness *witness)
{
	const char *bundle;

	if (!program) {
		runtime_learn(containers, pid, words, witness);
	} else if (!strcmp(program, "dockerd")) {
		docker_learn(containers, pid, words, witness);
	} else if (!strcmp(program, "conmon")) {
		bundle = word_value(words, "bundle", 'b');
		if (bundle)
			storage_learn(containers, pid, bundle, words, witness);
	} else {
		shim_learn(containers, pid, words, witness);
	}
}

void process_learn(struct containers *containers, pid_t pid)
{
	struct witness witness = {};
	char comm[COMM_SIZE + 1];
	struct words words;
	const char *program;

	if (!comm_read(pid, comm))
		return;
	program = engine_called(comm);
	words = words_read(pid, "cmdline");
	if (words.size && (program || has_word(&words, "create") || has_word(&words, "run")) &&
	    witness_of(containers, pid, program, &witness)) {
		files_begin(containers->files);
		if (files_turn(containers->files, &witness))
			words_learn(containers, pid, program, &words, &witness);
		files_turn_end(containers->files);
	}
	free(witness.within);
	free(words.text);
}

/* ---- all of them ------------------------------------------------------------------------- */

/* Where engines that root starts keep their state unless they are told otherwise. */
static const struct {
	enum place_kind kind;
	const char *path;
} usual_places[] = {
	{PLACE_DOCKER, "/var/lib/docker"},
	{PLACE_STORAGE, "/var/lib/containers/storage/overlay-containers"},
	{PLACE_STORAGE, "/var/lib/containers/storage/vfs-containers"},
	{PLACE_STORAGE, "/run/containers/storage/overlay-containers"},
	{PLACE_STORAGE, "/run/containers/storage/vfs-containers"},
	{PLACE_TASKS, "/run/containerd/io.containerd.runtime.v2.task"},
	{PLACE_RUNTIME, "/run/runc"},
	{PLACE_RUNTIME, "/run/crun"},
};

bool processes_scan(struct containers *containers)
{
	struct witness root = {.within = (char[]){""}};
	uint64_t begin = monotonic_ns(), took;
	struct dirent *entry;
	DIR *dir;

	if (begin < containers->scan_ns)
		return false;
	for (size_t i = 0; i < ARRAY_SIZE(usual_places); i++)
		place_add(containers, usual_places[i].kind,
			  open(usual_places[i].path, O_PATH | O_DIRECTORY | O_CLOEXEC), &root);
	dir = opendir("/proc");
	while (dir && (entry = readdir(dir))) {
		char comm[COMM_SIZE + 1];
		pid_t pid = isdigit((unsigned char)entry->d_name[0]) ? atoi(entry->d_name) : 0;

		if (pid && comm_read(pid, comm) && engine_called(comm))
			process_learn(containers, pid);
	}
	if (dir)
		closedir(dir);
	took = monotonic_ns() - begin;
	containers->scan_ns = begin + SCAN_INTERVAL_NS + SCAN_PART * took;
	return true;
}

pid_t process_in(const char *directory, const char *comm)
{
	_cleanup_fclose_ FILE *procs = cgroup_procs_open(directory);
	char own[COMM_SIZE + 1];
	pid_t pid;

	for (int i = 0; i < MEMBERS_MAX && cgroup_procs_next(procs, &pid); i++) {
		if (pid > 0 && (!comm || (comm_read(pid, own) && !strcmp(own, comm))))
			return pid;
	}
	return 0;
}

char *process_machine(pid_t pid)
{
	struct words words = words_read(pid, "cmdline");
	const char *name = word_value(&words, "machine", 'M'), *from;
	char *machine = name ? xstrdup(name) : NULL;

	if (!machine) {
		/* systemd-nspawn(1): the last component of the directory, or the image less its ".raw" */
		from = word_value(&words, "directory", 'D') ?: word_value(&words, "image", 'i');
		name = from ? path_base(from) : NULL;
		if (name && *name && strcmp(name, ".") != 0 && strcmp(name, "..") != 0) {
			size_t size = strlen(name);

			if (size > 4 && !strcmp(name + size - 4, ".raw"))
				size -= 4;
			machine = xstrndup(name, size);
		}
	}
	free(words.text);
	if (!name_is_safe(machine)) {
		free(machine);
		return NULL;
	}
	return machine;
}
