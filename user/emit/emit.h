/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Profiles and reports: each a function from a sealed model to text, one file a format. Pure: no
 * root, no kernel, same model, same bytes. What a format could not say is told through `warn`, a
 * line at a time, without a newline.
 */
#ifndef LEASTCALL_EMIT_H
#define LEASTCALL_EMIT_H

#include "model/model.h"
#include "names.h"

struct policy;

typedef void warn_fn(void *ctx, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* What a call meets that a profile does not allow. */
enum refusal {
	REFUSAL_ERRNO,
	REFUSAL_KILL, /* the whole process, by SIGSYS */
	REFUSAL_TRAP, /* SIGSYS, which can be caught */
	REFUSAL_LOG,  /* it runs, and the kernel's log has it */
};

struct systemd_groups;

/* Zero-initialised it asks for what most people want. */
struct emit_options {
	const char *workload; /* this one, or this group (call.h) only; NULL: all of them */
	/* seccomp */
	bool exact;             /* what was observed, names only, and no row of any table */
	bool observed;          /* the same, with the arguments */
	bool no_args;           /* names only, whatever the arguments were */
	bool no_always;         /* not what every profile needs (tables.h always_rows) */
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
	bool base_is_open;         /* ... where it lists what is denied (policy_read.h) */
	enum refusal refusal;      /* what a call meets that is not allowed */
	uint32_t errnum;           /* ... with REFUSAL_ERRNO; 0: ENOSYS */
	/* the others */
	const char *name; /* AppArmor: the profile's name, attached to nothing; NULL: the
			   * executable's, attached to it. spo: the object's; NULL: the workload's */
	const char *file; /* k8s: what the profile's file is called */
	const struct systemd_groups *systemd; /* systemd.h; NULL: there is no systemd to ask */
	bool files;                           /* show: every file, not only how many */
	bool setup; /* show: what the container's runtime did itself as well */
	warn_fn *warn;
	void *warn_ctx;
};

/*
 * What the workload that the options choose may call (policy.h); every seccomp format is written from
 * it. Returns 0 and *ret for policy_drop(), or a negative errno with the words in err: no such
 * workload, several, or -ENODATA where nothing was recorded that could be allowed.
 */
int policy_make(const struct model *model, const struct emit_options *options, struct policy *ret,
		struct err *err);
/* A format of a policy. Returns 0 or a negative errno with the words in err. */
typedef int policy_emit_fn(const struct policy *policy, const struct emit_options *options,
			   FILE *out, struct err *err);

/* OCI runtime-spec LinuxSeccomp as JSON: config-linux.md "Seccomp". */
policy_emit_fn seccomp_emit;
/* The same with what only Docker's, or only Podman's and CRI-O's reader knows. */
policy_emit_fn docker_emit, podman_emit;
/* What a manifest of Kubernetes says to use the runtime-spec's JSON, options->file, as a Localhost
 * profile. */
policy_emit_fn kubernetes_manifest_emit;
/* A SeccompProfile of the Security Profiles Operator, v1, as YAML. */
policy_emit_fn spo_emit;
/* A drop-in for a service: systemd.exec(5). */
policy_emit_fn systemd_emit;
/* A policy for minijail0 -S: minijail0(5). */
policy_emit_fn minijail_emit;
/* Lines of a profile: firejail-profile(5). */
policy_emit_fn firejail_emit;
/* Classic BPF in this machine's byte order, for bwrap --seccomp; and libseccomp's pseudo code. */
policy_emit_fn bpf_emit, pfc_emit;
/* C that loads it through libseccomp. */
policy_emit_fn c_emit;
/* An AppArmor profile: apparmor.d(5). */
int apparmor_emit(const struct model *model, const struct emit_options *options, FILE *out,
		  struct err *err);
/* The table of `leastcall show`, for people. */
int show_emit(const struct model *model, const struct emit_options *options, FILE *out,
	      struct err *err);
/* The same as one JSON object, for programs. */
int show_emit_json(const struct model *model, const struct emit_options *options, FILE *out,
		   struct err *err);

/*
 * Why the call of this name is in the seccomp profile of these options, or why not, for people: who
 * made it, who was denied it, which table adds it. Without options->workload of all that there are.
 * *ret_in: it is in one of the profiles.
 */
int explain_emit(const struct model *model, const struct emit_options *options, const char *name,
		 FILE *out, bool *ret_in, struct err *err);

/*
 * Why each name is in the profile, or is left out of it: a line each, by name, NAME, PROVENANCE and
 * WHY with a tab between them. PROVENANCE is observed, runtime, denied, always, floor, family,
 * refused or cut, the first of these that holds.
 */
void provenance_emit(const struct model *model, const struct policy *policy,
		     const struct emit_options *options, FILE *out);

/* What a profile allows, for the lines about it. The names are the tables'. */
struct seccomp_summary {
	size_t observed;            /* names seen */
	size_t added;               /* names that are in though nobody was seen to call them */
	struct names runtime;       /* of those seen: only between the filter and execve */
	struct names denied;        /* of those added: they were denied, include_denied */
	struct names always;        /* of those added: every profile needs them */
	struct names floor;         /* of those added: the container's runtime needs them */
	struct names family;        /* of those added: they stand in for others */
	struct names refused;       /* neither: answered with ENOSYS, so that libc falls back */
	struct names tiers[TIERS];  /* all that are in, by their tier; not TIER_NONE */
	size_t narrowed;            /* allowed for some arguments only */
	enum runtime whose_floor;   /* never RUNTIME_AUTO */
	bool has_docker;            /* all are x86-64's: they compare with docker_default_names */
	struct names beyond_docker; /* those that Docker's default does not allow */
	size_t docker_count[TIERS]; /* how many of a tier Docker's default allows */
	size_t closed_count[TIERS]; /* ... and the profile does not */
	/* Of an architecture that was asked for: which of the names it lacks, and for which of these
	 * nothing stands in. */
	struct names lacking[ABI_COUNT];
	struct names lost[ABI_COUNT];
};
/* The caller drops *ret. */
void seccomp_summarise(const struct policy *policy, struct seccomp_summary *ret);
void seccomp_summary_drop(struct seccomp_summary *summary);

#endif
