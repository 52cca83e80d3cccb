/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * A seccomp profile, plain or in Docker's and Podman's dialect, as the policy that it is. Reads what
 * a container without options would get of it; says nothing about whether that is wise.
 */
#ifndef LEASTCALL_POLICY_READ_H
#define LEASTCALL_POLICY_READ_H

#include "policy.h"
#include "profile/filter.h"

/* What a profile says beside its rules. The words are constants. */
struct policy_defaults {
	const char *action; /* "SCMP_ACT_ERRNO" ...: what a call meets that no rule names */
	uint32_t errnum; /* ... with SCMP_ACT_ERRNO and SCMP_ACT_TRACE: EPERM where none is given */
	/*
	 * The action is SCMP_ACT_ALLOW: a list of what is denied. Its rules are refused ones; one with
	 * alternatives is refused for these arguments alone, and allowed for all others.
	 */
	bool is_open;
	bool is_logged; /* it is SCMP_ACT_LOG: a list of what is allowed, and all else runs, too */
	unsigned int flags;    /* enum profile_flag */
	const char *archs[32]; /* architectures in it that no ABI of ours is: "SCMP_ARCH_MIPS" */
	size_t arch_count;
};

/*
 * Reads the profile at PATH. archMap, includes and excludes are decided for this machine, Docker's
 * default capabilities and a kernel that has everything. Names that our tables lack are kept. SCMP_ACT_LOG in a
 * rule allows. Returns 0 and *ret, settled, for policy_drop(); or a negative errno with the words in
 * err, which name the file and the place in it.
 */
int policy_read(const char *path, struct policy *ret, struct policy_defaults *ret_defaults,
		struct err *err);
/* The same of a text; the words do not name a file. */
int policy_parse(const char *text, size_t size, struct policy *ret,
		 struct policy_defaults *ret_defaults, struct err *err);

#endif
