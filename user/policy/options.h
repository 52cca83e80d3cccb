/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* What may be asked for of a profile or a report, and what that comes to. Knows none of them. */
#ifndef LEASTCALL_OPTIONS_H
#define LEASTCALL_OPTIONS_H

#include "model/model.h"

struct policy;

/* What a call meets that a profile does not allow. */
enum refusal {
	REFUSAL_ERRNO,
	REFUSAL_KILL, /* the whole process, by SIGSYS */
	REFUSAL_TRAP, /* SIGSYS, which can be caught */
	REFUSAL_LOG,  /* it runs, and the kernel's log has it */
};

struct systemd_groups;
struct aa_abstractions;
struct capabilities;

/* Which features a profile is written for: the files of /etc/apparmor.d/abi. */
enum apparmor_abi {
	APPARMOR_ABI_3_0,
	APPARMOR_ABI_4_0, /* userns, mqueue */
	APPARMOR_ABI_5_0, /* io_uring */
	APPARMOR_ABIS,
};

/* What becomes of the programs that the workload executes. */
enum apparmor_children {
	CHILDREN_INHERIT,    /* the same profile */
	CHILDREN_PROFILE,    /* one of their own each, within it */
	CHILDREN_UNCONFINED, /* none */
	APPARMOR_CHILDREN,
};

/* What is written. */
enum apparmor_use {
	USE_PROFILE, /* the profile itself */
	USE_DOCKER,  /* how to name it to ... */
	USE_KUBERNETES,
	USE_SYSTEMD,
	APPARMOR_USES,
};

/* What only an AppArmor profile knows. */
struct apparmor_options {
	enum apparmor_abi abi;
	enum apparmor_children children;
	enum apparmor_use use;
	bool complain; /* nothing is denied yet, but logged */
	bool no_base;  /* literal rules in place of abstractions/base */
	const struct aa_abstractions *abstractions; /* apparmor/aa_abstractions.h: what may be
						     * included; NULL: base, as leastcall knows it */
	unsigned int parser; /* the apparmor_parser that is to read it: 301 for 3.1; 0: any */
	uint64_t glob_dirs;  /* DIR, a star and SUFFIX, for this many names made in DIR; 0: never */
	FILE *witnesses;     /* where every glob's paths go; NULL: nowhere */
};

/* Zero-initialised it asks for what most people want. */
struct emit_options {
	const char *workload; /* this one, or this group (call.h) only; NULL: all of them */
	bool exact;     /* what was observed: of calls names only, and no row of any table; of paths
		     * each as it is. Of both profiles; what follows is seccomp's */
	bool observed;  /* the same, with the arguments */
	bool no_args;   /* names only, whatever the arguments were */
	bool no_always; /* not what every profile needs (tables.h always_rows) */
	enum runtime runtime;   /* whose floor (tables.h floor_rows) */
	bool no_new_privs;      /* the container is started with no_new_privs: the smaller floor */
	bool phase_serving;     /* only what was called after the serving mark; no floor */
	bool include_denied;    /* also what seccomp denied while recording */
	enum families families; /* which calls stand in for those that were seen */
	bool archs[ABI_COUNT];  /* for these architectures; none: those of the recording */
	uint64_t min_count;     /* not what was called less often */
	bool drop_enosys;       /* not what the kernel never had */
	enum tier deny_tier;    /* nothing of this tier or above; TIER_NONE: whatever it is */
	const struct policy *base; /* nothing that this one does not allow; NULL: no limit */
	bool base_is_open;         /* ... where what it does not name runs (policy_read.h) */
	enum refusal refusal;      /* what a call meets that is not allowed */
	uint32_t errnum;           /* ... with REFUSAL_ERRNO; 0: ENOSYS */
	/* the others */
	struct apparmor_options apparmor;
	const char *name; /* AppArmor: the profile's name, attached to nothing; NULL: the
			   * executable's, attached to it. spo: the object's; NULL: the workload's */
	const char *file; /* k8s: what the profile's file is called */
	const struct capabilities *capabilities; /* k8s: policy/capabilities.h; NULL: not known */
	const struct systemd_groups
		*systemd; /* emit/systemd_groups.h; NULL: there is no systemd to ask */
	bool files;       /* show: every file, not only how many */
	bool setup;       /* show: what the container's runtime did itself as well */
	warn_fn *warn;
	warn_fn *
		hint; /* of AppArmor's: what is worth a line, and nothing wrong; NULL: nobody asks */
	void *warn_ctx;
};

/* The action that a call meets which is not allowed, "SCMP_ACT_ERRNO", and the number with it. */
const char *refusal_action(enum refusal refusal);
uint32_t refusal_errnum(const struct emit_options *options);
/* "SCMP_ACT_ERRNO ENOSYS". The caller frees it. */
char *answer_text(const char *action, uint32_t errnum);

#endif
