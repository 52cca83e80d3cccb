/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Profiles and reports: each a function from a sealed model to text, one file a format. Pure: no
 * root, no kernel, same model, same bytes. What a format could not say is told through `warn`, a
 * line at a time, without a newline.
 */
#ifndef LEASTCALL_EMIT_H
#define LEASTCALL_EMIT_H

#include "policy/completeness.h"
#include "policy/policy.h"

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
/* "3.0" ... And from names: false where there is no such one; *ret is untouched then. */
const char *apparmor_abi_name(enum apparmor_abi abi);
const char *apparmor_children_name(enum apparmor_children word);
bool apparmor_abi_from_name(const char *name, enum apparmor_abi *ret);
bool apparmor_children_from_name(const char *name, enum apparmor_children *ret);
bool apparmor_use_from_name(const char *name, enum apparmor_use *ret);
/* What differs between two of those: a line each, and one JSON object as of other profiles (policy/
 * diff.h). Does B grant more? */
struct aa_diff;
bool apparmor_diff_has_new(const struct aa_diff *diff);
void apparmor_diff_print(const struct aa_diff *diff, FILE *out);
void apparmor_diff_print_json(const struct aa_diff *diff, FILE *out);
/* Docker's default as a profile, for comparison: tables.h docker_default_names. The caller frees it. */
char *docker_default_json(size_t *ret_size);
/* The table of `leastcall show`, for people. */
int show_emit(const struct model *model, const struct emit_options *options, FILE *out,
	      struct err *err);
/* The same as one JSON object, for programs. */
int show_emit_json(const struct model *model, const struct emit_options *options, FILE *out,
		   struct err *err);
/* The same, with how complete it is, the profiles, and Docker's default beside them, as one page of HTML
 * that needs nothing else. */
int show_emit_html(const struct model *model, const struct emit_options *options, FILE *out,
		   struct err *err);

/* How complete a recording is: a part of the table, and of the object. Nothing without a sample. */
void completeness_print(const struct completeness *completeness, FILE *out);
/* Members of an object, the first without a comma. */
void completeness_print_json(const struct completeness *completeness, FILE *out);
/* How its runs agree, in a line; at least one sample. The caller frees it. */
char *completeness_line(const struct completeness *completeness);

/*
 * Why the call of this name is in the seccomp profile of these options, or why not, for people: who
 * made it, who was denied it, which table adds it. Without options->workload of all that there are.
 * *ret_in: it is in one of the profiles.
 */
int explain_emit(const struct model *model, const struct emit_options *options, const char *name,
		 FILE *out, bool *ret_in, struct err *err);

/* Is the word a path, or a capability (with or without "cap_"), whose number is then *ret_capability? */
bool explain_rules_knows(const char *word, uint32_t *ret_capability);
/* The same of such a word and the AppArmor profile: who used it, and which of its rules speak of it. */
int explain_rules_emit(const struct model *model, const struct emit_options *options,
		       const char *word, FILE *out, bool *ret_in, struct err *err);

/*
 * Why each name is in the profile, or is left out of it: a line each, by name, NAME, PROVENANCE and
 * WHY with a tab between them. PROVENANCE is observed, runtime, denied, always, floor, family,
 * refused or cut, the first of these that holds.
 */
void provenance_emit(const struct model *model, const struct policy *policy,
		     const struct emit_options *options, FILE *out);

#endif
