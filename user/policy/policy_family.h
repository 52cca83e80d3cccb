/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Calls that stand in for those that were seen. */
#ifndef LEASTCALL_POLICY_FAMILY_H
#define LEASTCALL_POLICY_FAMILY_H

#include "policy.h"

/*
 * Adds what equivalent_rows has for the calls that are in, by options->families: only what one of the
 * policy's ABIs has, unless it is to be for any machine; nothing of a higher tier than the call it
 * stands in for, and no name that was cut. Arguments carry over where they are the same ones;
 * otherwise such a call comes in for harmless arguments only. Of a settled policy, and leaves one.
 */
void policy_add_families(struct policy *policy, const struct emit_options *options);

/* The level that the options come to: never FAMILIES_AUTO. */
enum families policy_families(const struct emit_options *options);

#endif
