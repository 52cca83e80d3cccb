/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* What several filters answer together, as the kernel has it. */
#include <inttypes.h>
#include <linux/audit.h>
#include <stdio.h>

#include "audit.h"

#define X32_BIT 0x40000000u /* asm/unistd.h __X32_SYSCALL_BIT */

/* The kernel's order, the strictest first: seccomp(2), "Filter return values". The action is signed. */
bool audit_is_stricter(uint32_t a, uint32_t b)
{
	return (int32_t)(a & SECCOMP_RET_ACTION_FULL) < (int32_t)(b & SECCOMP_RET_ACTION_FULL);
}

static bool is_pass(uint32_t answer)
{
	uint32_t action = answer & SECCOMP_RET_ACTION_FULL;

	return action == SECCOMP_RET_ALLOW || action == SECCOMP_RET_LOG;
}

static enum judgement filter_judge(const struct filter *filter, const struct seccomp_data *data,
				   unsigned int known, uint32_t *ret_answer)
{
	struct answers answers;
	bool passes = false, stops = false;

	filter_answers(filter, data, known, &answers);
	*ret_answer = SECCOMP_RET_ALLOW;
	for (size_t i = 0; i < answers.count; i++) {
		uint32_t answer = answers.list[i];

		if (audit_is_stricter(answer, *ret_answer))
			*ret_answer = answer;
		passes |= is_pass(answer);
		stops |= !is_pass(answer);
		if ((answer & SECCOMP_RET_ACTION_FULL) == SECCOMP_RET_USER_NOTIF)
			passes = true; /* or not: whoever is asked knows */
	}
	if (answers.is_cut)
		passes = stops = true;
	return passes && stops ? JUDGED_DEPENDS : passes ? JUDGED_ALLOWED : JUDGED_REFUSED;
}

enum judgement audit_judge(const struct filter *filters, size_t count, enum abi abi, uint32_t nr,
			   const struct fact *arguments, uint32_t *ret_answer)
{
	struct seccomp_data data = {
		.arch = abi == ABI_X32 ? AUDIT_ARCH_X86_64 : abi_scmp_token(abi),
		.nr = (int)(abi == ABI_X32 ? nr | X32_BIT : nr),
	};
	enum judgement worst = JUDGED_ALLOWED, judged;
	unsigned int known = 0;
	uint32_t answer;

	for (unsigned int i = 0; arguments && i < CALL_ARGS; i++) {
		data.args[i] = arguments->arguments.values[i];
		known |= arguments->arguments.known & 1u << i;
	}
	*ret_answer = SECCOMP_RET_ALLOW;
	for (size_t i = 0; i < count; i++) {
		judged = filter_judge(&filters[i], &data, known, &answer);
		if (judged > worst)
			worst = judged;
		if (!audit_is_stricter(*ret_answer, answer)) /* as strict: the newer one's data */
			*ret_answer = answer;
	}
	return worst;
}

const char *audit_answer_words(uint32_t answer, char buf[32])
{
	uint32_t data = answer & SECCOMP_RET_DATA;
	const char *name = errno_name(data);

	switch (answer & SECCOMP_RET_ACTION_FULL) {
	case SECCOMP_RET_ALLOW:
		return "allowed";
	case SECCOMP_RET_LOG:
		return "allowed and logged";
	case SECCOMP_RET_TRACE:
		return "a tracer is asked";
	case SECCOMP_RET_USER_NOTIF:
		return "a supervisor is asked";
	case SECCOMP_RET_TRAP:
		return "SIGSYS";
	case SECCOMP_RET_ERRNO:
		if (name)
			snprintf(buf, 32, "%s", name);
		else
			snprintf(buf, 32, "errno %" PRIu32, data);
		return buf;
	default:
		return "it is killed";
	}
}
