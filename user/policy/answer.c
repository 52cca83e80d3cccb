/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* What calls are answered that a profile does not allow, in the runtime-spec's words. */
#include <errno.h>
#include <string.h>

#include "options.h"
#include "util/util.h"

const char *refusal_action(enum refusal refusal)
{
	static const char *const words[] = {
		[REFUSAL_ERRNO] = "SCMP_ACT_ERRNO",
		[REFUSAL_KILL] = "SCMP_ACT_KILL_PROCESS",
		[REFUSAL_TRAP] = "SCMP_ACT_TRAP",
		[REFUSAL_LOG] = "SCMP_ACT_LOG",
	};

	return words[refusal];
}

uint32_t refusal_errnum(const struct emit_options *options)
{
	return options->errnum ? options->errnum : ENOSYS;
}

char *answer_text(const char *action, uint32_t errnum)
{
	const char *name = errno_name(errnum);

	if (strcmp(action, "SCMP_ACT_ERRNO") != 0 && strcmp(action, "SCMP_ACT_TRACE") != 0)
		return xstrdup(action);
	return name ? xasprintf("%s %s", action, name) : xasprintf("%s %u", action, errnum);
}
