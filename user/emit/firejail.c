/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Lines of a Firejail profile: firejail-profile(5), firejail(1) "seccomp.keep". A name that Firejail
 * does not know is dropped without a word, so that the newer calls are there by number, as $NUMBER.
 * seccomp.keep lets calls of other ABIs pass; seccomp.block-secondary does not.
 */
#include <errno.h>
#include <stdlib.h>

#include "format.h"
#include "rules.h"

/* The calls above have one number on every machine, and 0.9.60 knew none of them. */
#define NEW_NUMBER 424

int firejail_emit(const struct policy *policy, const struct emit_options *options, FILE *out,
		  struct err *err)
{
	_cleanup_free_ char *title = policy_title(policy);
	enum abi abi = policy_abi(policy);
	uint32_t number, errnum = refusal_errnum(options);
	struct names names;
	bool is_single = true;
	size_t i;

	(void)err;
	for (i = 0; i < ABI_COUNT; i++)
		is_single &= !policy->abis[i] || i == abi;
	policy_names_of(policy, abi, &names);
	fprintf(out, "# %s, on %s.\n", title, abi_name(abi));
	for (i = 0; i < names.count; i++)
		if (syscall_number(abi, names.list[i], &number) && number >= NEW_NUMBER)
			fprintf(out, "# $%u is %s.\n", number, names.list[i]);
	if (is_single)
		fputs("seccomp.block-secondary\n", out);
	for (i = 0; i < names.count; i++) {
		fputs(i ? "," : "seccomp.keep ", out);
		if (syscall_number(abi, names.list[i], &number) && number >= NEW_NUMBER)
			fprintf(out, "$%u", number);
		else
			fputs(names.list[i], out);
	}
	fputs("\nseccomp-error-action ", out);
	if (options->refusal == REFUSAL_ERRNO && errno_name(errnum))
		fprintf(out, "%s\n", errno_name(errnum));
	else
		fputs(options->refusal == REFUSAL_LOG ? "log\n" : "kill\n", out);
	if (options->warn && !is_single)
		options->warn(options->warn_ctx,
			      "firejail cannot filter the calls of a second ABI: all of them pass");
	if (options->warn && options->refusal == REFUSAL_TRAP)
		options->warn(options->warn_ctx,
			      "firejail has no trap: what is not allowed ends the process");
	if (options->warn && options->refusal == REFUSAL_ERRNO && !errno_name(errnum))
		options->warn(options->warn_ctx,
			      "firejail knows errnos by name, and %u has none: what is not allowed "
			      "ends the process",
			      errnum);
	if (options->refusal != REFUSAL_ERRNO || errnum != ENOSYS)
		warn_refused(policy, options, "firejail", "the same as the rest");
	warn_arguments(policy, options, "firejail");
	names_drop(&names);
	return 0;
}
