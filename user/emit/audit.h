/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* An audit, told. */
#ifndef LEASTCALL_EMIT_AUDIT_H
#define LEASTCALL_EMIT_AUDIT_H

#include "policy/audit.h"

/* What was audited, for people and programs: strings are escaped text. */
struct audit_words {
	const char *subject; /* "web.jsonl", "process 17" */
	const char *profile; /* "web.json", "2 loaded filters" */
	int process;         /* that was looked at; 0: none */
	double sampled;      /* for so many seconds it was recorded while it ran; 0: it was not */
	double wanted;       /* ... of so many */
	bool all;            /* every unused call by name, of whatever tier */
};

void audit_print(const struct audit *audit, const struct audit_words *words, FILE *out);
/* One JSON object; leastcall-audit(1) has its members. */
void audit_print_json(const struct audit *audit, const struct audit_words *words, FILE *out);

#endif
