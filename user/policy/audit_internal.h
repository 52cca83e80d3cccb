/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* What audit.c, audit_calls.c and audit_beside.c share; nobody else includes it. */
#ifndef LEASTCALL_AUDIT_INTERNAL_H
#define LEASTCALL_AUDIT_INTERNAL_H

#include "audit.h"

/* One more, with its kind's severity; the rest is for the caller to fill in. Valid until the next one. */
struct finding *finding_add(struct audit *audit, enum audit_kind kind, const char *name);
/* The fact is of what is audited, in one of the phases (bits). */
bool subject_has(const struct audit_subject *subject, const struct fact *fact, unsigned int phases);
/* The machine's own ABI: where nothing was recorded, this one. */
enum abi subject_abi(const struct audit_subject *subject);

void open_audit(const struct audit_subject *subject, struct audit *audit);
void calls_audit(const struct audit_subject *subject, struct audit *audit);
void denials_audit(const struct audit_subject *subject, struct audit *audit);
void abis_audit(const struct audit_subject *subject, struct audit *audit);
void unused_audit(const struct audit_subject *subject, struct audit *audit);

void process_audit(const struct audit_subject *subject, struct audit *audit);
void uring_audit(const struct audit_subject *subject, struct audit *audit);
void recording_audit(const struct audit_subject *subject, struct audit *audit);

#endif
