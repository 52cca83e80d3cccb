/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* See lookup.h. */
#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <linux/magic.h>
#include <linux/openat2.h>
#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/vfs.h>
#include <sys/xattr.h>
#include <time.h>
#include <unistd.h>

#include "lookup.h"
#include "roots.h"
#include "util/privileges.h"
#include "util/util.h"

enum question {
	ASK_OPEN,  /* a descriptor */
	ASK_PATH,  /* what is it? */
	ASK_PROC,  /* is it of procfs? */
	ASK_RULES, /* has it rules of its own? */
};

/* One question at a time. Shared by two threads; not freed where the one that answers is stuck. */
struct lookups {
	pthread_mutex_t mutex;
	pthread_cond_t asked, answered;
	pthread_t thread;
	bool running;
	bool ending;
	bool stuck; /* an answer did not come in time: until it has, nothing is asked */
	enum question question;
	int root; /* of the question: -1: there is none */
	int flags;
	char path[2 * 4096];
	int answer;
	struct looked looked; /* of ASK_PATH, where the answer is 0 */
	bool has_answer;
};

static int open_below(int root, const char *path, int flags, unsigned long long resolve)
{
	struct open_how how = {
		.flags = O_PATH | O_CLOEXEC | flags,
		.resolve = RESOLVE_IN_ROOT | RESOLVE_NO_MAGICLINKS | resolve,
	};
	int fd = syscall(SYS_openat2, root, path, &how, sizeof(how));

	return fd < 0 ? -errno : fd;
}

static bool is_of_proc(int fd)
{
	struct statfs fs;

	return fstatfs(fd, &fs) == 0 && fs.f_type == PROC_SUPER_MAGIC;
}

/* An access control list, or a file system whose server decides. */
static bool has_rules(int fd)
{
	static const __fsword_t servers[] = {
		FUSE_SUPER_MAGIC, NFS_SUPER_MAGIC, CIFS_SUPER_MAGIC,
		SMB2_SUPER_MAGIC, V9FS_MAGIC,      CEPH_SUPER_MAGIC,
	};
	struct statfs fs;
	char link[40];

	if (fstatfs(fd, &fs) != 0)
		return false;
	for (size_t i = 0; i < ARRAY_SIZE(servers); i++)
		if (fs.f_type == servers[i])
			return true;
	snprintf(link, sizeof(link), "/proc/self/fd/%d", fd);
	return getxattr(link, "system.posix_acl_access", NULL, 0) > 0;
}

/* Closes it: nothing is asked between that might take time. */
static int look(int fd, struct looked *ret)
{
	if (statx(fd, "", AT_EMPTY_PATH | AT_STATX_DONT_SYNC,
		  STATX_TYPE | STATX_MODE | STATX_UID | STATX_GID | STATX_MNT_ID, &ret->st) != 0)
		ret->st.stx_mask = 0;
	ret->path = descriptor_path(fd);
	close(fd);
	return 0;
}

static int question_answer(enum question question, int root, const char *path, int flags,
			   struct looked *ret)
{
	int fd = open_below(root, path, flags, 0), r;

	if (question == ASK_OPEN || fd < 0)
		return fd;
	if (question == ASK_PATH)
		return look(fd, ret);
	r = question == ASK_PROC ? is_of_proc(fd) : has_rules(fd);
	close(fd);
	return r;
}

static void *answer(void *arg)
{
	struct lookups *lookups = arg;
	char path[sizeof(lookups->path)];
	enum question question;
	struct looked looked;
	int root, flags, r;

	privileges_set(PRIVILEGE(CAP_SYS_PTRACE) | PRIVILEGE(CAP_DAC_READ_SEARCH),
		       PRIVILEGE(CAP_SYS_PTRACE) | PRIVILEGE(CAP_DAC_READ_SEARCH));
	pthread_mutex_lock(&lookups->mutex);
	for (;;) {
		while (lookups->root < 0 && !lookups->ending)
			pthread_cond_wait(&lookups->asked, &lookups->mutex);
		if (lookups->ending)
			break;
		question = lookups->question;
		root = lookups->root;
		flags = lookups->flags;
		memcpy(path, lookups->path, sizeof(path));
		pthread_mutex_unlock(&lookups->mutex);
		looked = (struct looked){};
		r = question_answer(question, root, path, flags, &looked);
		pthread_mutex_lock(&lookups->mutex);
		lookups->root = -1;
		if (lookups->stuck) { /* nobody waits for it any more */
			lookups->stuck = false;
			if (question == ASK_OPEN && r >= 0)
				close(r);
			free(looked.path);
			continue;
		}
		lookups->answer = r;
		lookups->looked = looked;
		lookups->has_answer = true;
		pthread_cond_signal(&lookups->answered);
	}
	pthread_mutex_unlock(&lookups->mutex);
	return NULL;
}

static void thread_start(struct lookups *lookups)
{
	sigset_t all, before;

	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before); /* signals are the recorder's affair */
	lookups->running = pthread_create(&lookups->thread, NULL, answer, lookups) == 0;
	pthread_sigmask(SIG_SETMASK, &before, NULL);
}

struct lookups *lookups_new(void)
{
	struct lookups *lookups = xcalloc(1, sizeof(*lookups));
	pthread_condattr_t clock;

	lookups->root = -1;
	pthread_mutex_init(&lookups->mutex, NULL);
	pthread_condattr_init(&clock);
	pthread_condattr_setclock(&clock, CLOCK_MONOTONIC);
	pthread_cond_init(&lookups->asked, NULL);
	pthread_cond_init(&lookups->answered, &clock);
	pthread_condattr_destroy(&clock);
	/* Now, before there is anything to record: whoever traces us knows it for ours. */
	thread_start(lookups);
	return lookups;
}

/* The answer in time, or -EAGAIN. */
static int answer_wait(struct lookups *lookups)
{
	struct timespec until;
	int r = 0;

	clock_gettime(CLOCK_MONOTONIC, &until);
	until.tv_nsec += LOOKUP_MS * 1000000l;
	until.tv_sec += until.tv_nsec / 1000000000;
	until.tv_nsec %= 1000000000;
	while (!lookups->has_answer && r == 0)
		r = pthread_cond_timedwait(&lookups->answered, &lookups->mutex, &until);
	if (!lookups->has_answer) {
		lookups->stuck = true;
		return -EAGAIN;
	}
	lookups->has_answer = false;
	return lookups->answer;
}

static int ask(struct lookups *lookups, enum question question, int root, const char *path,
	       int flags)
{
	int r = -EAGAIN;

	if (strlen(path) >= sizeof(lookups->path) || !lookups->running)
		return r;
	pthread_mutex_lock(&lookups->mutex);
	if (!lookups->stuck) {
		lookups->question = question;
		lookups->root = root;
		lookups->flags = flags;
		memcpy(lookups->path, path, strlen(path) + 1);
		pthread_cond_signal(&lookups->asked);
		r = answer_wait(lookups);
	}
	pthread_mutex_unlock(&lookups->mutex);
	return r;
}

int lookup_open(struct lookups *lookups, int root, const char *path, int flags)
{
	int fd = open_below(root, path, flags, RESOLVE_CACHED);

	return fd == -EAGAIN ? ask(lookups, ASK_OPEN, root, path, flags) : fd;
}

bool lookup_is_proc(struct lookups *lookups, int root, const char *path)
{
	return ask(lookups, ASK_PROC, root, path, O_DIRECTORY) > 0;
}

int lookup_path(struct lookups *lookups, int root, const char *path, int flags, struct looked *ret)
{
	int fd = open_below(root, path, flags, RESOLVE_CACHED), r;

	*ret = (struct looked){};
	if (fd >= 0)
		return look(fd, ret);
	if (fd != -EAGAIN)
		return fd;
	r = ask(lookups, ASK_PATH, root, path, flags);
	if (r == 0)
		*ret = lookups->looked;
	return r;
}

bool lookup_has_rules(struct lookups *lookups, int root, const char *path, int flags)
{
	return ask(lookups, ASK_RULES, root, path, flags) > 0;
}

void lookups_free(struct lookups *lookups)
{
	bool stuck;

	if (!lookups)
		return;
	pthread_mutex_lock(&lookups->mutex);
	lookups->ending = true;
	stuck = lookups->stuck;
	pthread_cond_signal(&lookups->asked);
	pthread_mutex_unlock(&lookups->mutex);
	if (stuck) { /* it may be there until the process ends, and needs what it has */
		pthread_detach(lookups->thread);
		return;
	}
	if (lookups->running)
		pthread_join(lookups->thread, NULL);
	pthread_mutex_destroy(&lookups->mutex);
	pthread_cond_destroy(&lookups->asked);
	pthread_cond_destroy(&lookups->answered);
	free(lookups);
}
