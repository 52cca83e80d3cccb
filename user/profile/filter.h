/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * A seccomp profile, as the OCI runtime-spec writes it, compiled to what the kernel takes. Reads
 * what runc and crun read and refuses what they would misread; does not load anything.
 */
#ifndef LEASTCALL_FILTER_H
#define LEASTCALL_FILTER_H

#include <linux/filter.h>

#include "util/util.h"

/* What a call that the profile does not name meets, instead of what the profile says. */
enum filter_action {
	FILTER_AS_WRITTEN,
	FILTER_ERRNO, /* defaultErrnoRet, or ENOSYS */
	FILTER_KILL,  /* the whole process, by SIGSYS */
	FILTER_LOG,   /* allowed, and in the kernel's log */
};

/* Bits: SECCOMP_FILTER_FLAG_*. Without "flags" the runtimes set FLAG_SPEC_ALLOW. */
enum profile_flag {
	FLAG_TSYNC = 1 << 0,
	FLAG_LOG = 1 << 1,
	FLAG_SPEC_ALLOW = 1 << 2,
	FLAG_WAIT_KILLABLE = 1 << 3,
};

struct filter_options {
	enum filter_action action;
	bool for_reading; /* nothing is loaded: Docker's and Podman's dialect and NOTIFY will do */
	warn_fn *warn;
	void *warn_ctx;
};

struct filter {
	struct sock_filter *code; /* BPF_MAXINSNS at most; freed with filter_drop() */
	unsigned short length;
};

/*
 * Profile JSON to a filter. Returns 0, or -EBADMSG with the words in err, which name the place in
 * the profile ("syscalls[3].args[0].op: ..."), or another negative errno.
 */
int filter_compile(const char *json, size_t size, const struct filter_options *options,
		   struct filter *ret, struct err *err);
/* The same as libseccomp's pseudo code (PFC), for people. The caller frees *ret. */
int filter_describe(const char *json, size_t size, const struct filter_options *options, char **ret,
		    struct err *err);
/* The bytes of the profile at PATH (- is stdin), 4 MiB at most, and a NUL behind them. */
int profile_read(const char *path, char **ret, size_t *ret_size, struct err *err);
/* The same of what is open already; `name` is for the words. */
int profile_read_from(int fd, const char *name, char **ret, size_t *ret_size, struct err *err);
/* For a profile that could not be read: its name in front of the words, and that it is a recording
 * where it is one. Returns r. */
int profile_failed(const char *name, const char *text, int r, struct err *err);
/* The same as filter_compile() of a file; the words start with its name. */
int filter_read(const char *path, const struct filter_options *options, struct filter *ret,
		struct err *err);
void filter_drop(struct filter *filter);

#endif
