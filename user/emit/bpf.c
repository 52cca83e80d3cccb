/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * What libseccomp makes of the profile: the filter itself, as the kernel takes it (an array of struct
 * sock_filter in this machine's byte order, for bwrap --seccomp), and its pseudo code (PFC).
 */
#include <errno.h>
#include <stdlib.h>

#include "profile/filter.h"
#include "rules.h"

int bpf_emit(const struct policy *policy, const struct emit_options *options, FILE *out,
	     struct err *err)
{
	struct filter_options how = {.warn = options->warn, .warn_ctx = options->warn_ctx};
	_cleanup_free_ char *json = NULL;
	struct filter filter;
	size_t size;
	int r;

	json = rules_json(policy, options, &size);
	r = filter_compile(json, size, &how, &filter, err);
	if (r)
		return r;
	/* A failed write shows when the output is committed. */
	fwrite(filter.code, sizeof(*filter.code), filter.length, out);
	filter_drop(&filter);
	return 0;
}

int pfc_emit(const struct policy *policy, const struct emit_options *options, FILE *out,
	     struct err *err)
{
	struct filter_options how = {.warn = options->warn, .warn_ctx = options->warn_ctx};
	_cleanup_free_ char *json = NULL, *text = NULL;
	size_t size;
	int r;

	json = rules_json(policy, options, &size);
	r = filter_describe(json, size, &how, &text, err);
	if (r)
		return r;
	fputs(text, out);
	return 0;
}
