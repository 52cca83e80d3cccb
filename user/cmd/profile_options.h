/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* What leastcall profile is asked for. It knows no option's name. */
#ifndef LEASTCALL_PROFILE_OPTIONS_H
#define LEASTCALL_PROFILE_OPTIONS_H

#include "emit/emit.h"
#include "policy_options.h"

/* What can be made of a recording. */
struct format {
	const char *name;
	const char *suffix;     /* of files that --each names */
	policy_emit_fn *emit;   /* of a seccomp profile; NULL: apparmor_emit() */
	policy_emit_fn *beside; /* of a second file, which belongs to the first; or NULL */
	const char *beside_suffix;
	bool is_for_containers; /* whatever was recorded, a runtime starts it under the profile */
	bool adds_capabilities; /* who reads it is told of them by --cap-add */
	bool is_directory;      /* OCI's layout, with what emit makes in it */
	bool is_binary;
	bool takes_name;
	bool asks_systemd;
};

struct profile_options {
	const struct format *format;
	const char *output, *each, *explain, *superset_of;
	const char *abstractions, *apparmor_dir; /* as given */
	const char *apparmor_given; /* the last option that is AppArmor's only: "abi" */
	bool allow_incomplete;
	struct policy_options policy;
	struct emit_options emit;
	char **recordings;
	int recording_count;
};

/* `formats` ends with an empty row. 0, an exit status, or -1 where help was printed. */
int profile_options_read(struct profile_options *options, const struct format *formats, int argc,
			 char **argv);
void profile_options_drop(struct profile_options *options);
#define _cleanup_profile_options_ __attribute__((cleanup(profile_options_drop)))

#endif
