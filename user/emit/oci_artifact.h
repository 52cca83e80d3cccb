/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* A profile as an OCI artifact: the files of an image layout. Writes none of them. */
#ifndef LEASTCALL_OCI_ARTIFACT_H
#define LEASTCALL_OCI_ARTIFACT_H

#include "policy/policy.h"
#include "util/directory.h"

#define ARTIFACT_FILES 5
struct artifact {
	struct directory_file files[ARTIFACT_FILES];
};

/* The caller drops *ret. */
void oci_artifact_make(const struct policy *policy, const struct emit_options *options,
		       struct artifact *ret);
void artifact_drop(struct artifact *artifact);
#define _cleanup_artifact_ __attribute__((cleanup(artifact_drop)))

#endif
