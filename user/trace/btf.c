/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * libbpf looks for what its programs are attached to in fixed places only, whichever file it is given
 * for the rest (bpf_object_open_opts.btf_custom_path). So the file is mounted over the first of them,
 * in a mount namespace that one thread has.
 */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <sys/mount.h>
#include <unistd.h>

#include "btf.h"

#define DIRECTORY   "/sys/kernel/btf"
#define VMLINUX     DIRECTORY "/vmlinux"
#define NO_MOUNTING "cannot mount it at " VMLINUX

struct lending {
	const char *file;
	btf_user_t *user;
	void *ctx;
	struct err *err;
	int r;
};

static int namespace_make(void)
{
	if (unshare(CLONE_NEWNS) != 0)
		return -errno;
	return mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) == 0 ? 0 : -errno;
}

/* Where there is no such file, sysfs has none or something lies over it. */
static int place_make(void)
{
	_cleanup_close_ int fd = -1;

	if (access(VMLINUX, F_OK) == 0)
		return 0;
	if (access(DIRECTORY, F_OK) != 0 && mount("sysfs", "/sys", "sysfs", 0, NULL) != 0)
		return -errno;
	if (access(VMLINUX, F_OK) == 0)
		return 0;
	if (mount("btf", DIRECTORY, "tmpfs", 0, "size=64k,mode=755") != 0)
		return -errno;
	fd = open(VMLINUX, O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0444);
	return fd < 0 ? -errno : 0;
}

static int lend(struct lending *lending)
{
	int r;

	if (access(lending->file, R_OK) != 0)
		return err_errno(lending->err, -errno, "%s", lending->file);
	r = namespace_make();
	if (r == 0)
		r = place_make();
	if (r == 0 && mount(lending->file, VMLINUX, NULL, MS_BIND, NULL) != 0)
		r = -errno;
	if (r < 0)
		return err_errno(lending->err, r, "%s: " NO_MOUNTING, lending->file);
	return lending->user(lending->ctx, lending->err);
}

static void *lend_in_thread(void *arg)
{
	struct lending *lending = arg;

	lending->r = lend(lending);
	return NULL;
}

int btf_lend(const char *file, btf_user_t *user, void *ctx, struct err *err)
{
	struct lending lending = {.file = file, .user = user, .ctx = ctx, .err = err};
	pthread_t thread;
	int r;

	if (!file)
		return user(ctx, err);
	r = -pthread_create(&thread, NULL, lend_in_thread, &lending);
	if (r < 0)
		return err_errno(err, r, "cannot start a thread");
	pthread_join(thread, NULL);
	return lending.r;
}
