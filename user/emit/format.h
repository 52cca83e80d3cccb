/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* What the formats that are no JSON share: comments, choosing names, and telling what they cannot
 * say. Knows none of them. */
#ifndef LEASTCALL_FORMAT_H
#define LEASTCALL_FORMAT_H

#include "emit.h"

/* Any text, made fit for a comment of one line in every format, in quotes. The caller frees it. */
char *comment_quote(const char *text);
/* "leastcall: what workload "web" called" for the top of a file. The caller frees it. */
char *policy_title(const struct policy *policy);
/* A label as RFC 1123 has it, of any text: one that had to be altered ends in a digest. The caller
 * frees it. */
char *label_make(const char *text);

/* The policy's own ABI: of the machine of the recording, or the first of its own. */
enum abi policy_abi(const struct policy *policy);
/* The names that are allowed, whatever the arguments, in this ABI; settled. */
void policy_names_of(const struct policy *policy, enum abi abi, struct names *ret);

/* What `consumer` cannot say, one line each: that arguments decide; what of the options. */
void warn_arguments(const struct policy *policy, const struct emit_options *options,
		    const char *consumer);
void warn_abis(const struct policy *policy, const struct emit_options *options,
	       const char *consumer);
/* Refused calls meet `instead`. */
void warn_refused(const struct policy *policy, const struct emit_options *options,
		  const char *consumer, const char *instead);

#endif
