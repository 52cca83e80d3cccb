/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The abstractions that an AppArmor profile includes, and which file rules they make needless. Which
 * ones are worth it is apparmor/aa_abstractions.h's.
 */
#ifndef LEASTCALL_APPARMOR_INCLUDE_H
#define LEASTCALL_APPARMOR_INCLUDE_H

#include "apparmor/aa_abstractions.h"
#include "apparmor_files.h"

/* options->apparmor.abstractions, or where there are none base as leastcall knows it itself; without
 * base where it is not wanted. */
struct includes {
	struct aa_abstractions own; /* to be dropped */
	struct aa_abstractions all; /* what may be included; somebody else's */
	bool has_base, without_base;
};
void includes_open(const struct emit_options *options, struct includes *ret);
void includes_close(struct includes *includes);

/* Chooses for these rules, prints the includes, and takes the rules away that need not be written.
 * False where none is printed. */
bool includes_print(const struct includes *includes, struct file_rules *files, FILE *out);

#endif
