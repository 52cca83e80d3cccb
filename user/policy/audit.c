/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The findings of an audit as a whole. What is found of calls is audit_calls.c's, of everything else
 * audit_beside.c's; how it is told, emit/audit.c's.
 */
#include <stdlib.h>
#include <string.h>

#include "audit_internal.h"

static const struct {
	const char *name;
	enum severity severity;
} kinds[AUDIT_KINDS] = {
	[AUDIT_NO_PROFILE] = {"no-profile", SEVERITY_ERROR},
	[AUDIT_OPEN] = {"open", SEVERITY_ERROR},
	[AUDIT_REFUSED] = {"called-not-allowed", SEVERITY_ERROR},
	[AUDIT_DEPENDS] = {"called-depends", SEVERITY_NOTE},
	[AUDIT_DENIED] = {"denied", SEVERITY_WARNING},
	[AUDIT_PRIVILEGED] = {"privileged", SEVERITY_ERROR},
	[AUDIT_NEW_PRIVILEGES] = {"new-privileges", SEVERITY_NOTE},
	[AUDIT_THREADS] = {"threads-differ", SEVERITY_WARNING},
	[AUDIT_CAPABILITY] = {"capability-unused", SEVERITY_WARNING},
	[AUDIT_ARGUMENTS] = {"arguments-unused", SEVERITY_NOTE},
	[AUDIT_ABI] = {"abi-unused", SEVERITY_WARNING},
	[AUDIT_IO_URING] = {"io-uring", SEVERITY_WARNING},
	[AUDIT_UNUSED] = {"allowed-unused", SEVERITY_NOTE},
	[AUDIT_INCOMPLETE] = {"incomplete", SEVERITY_WARNING},
	[AUDIT_UNTOLD] = {"not-known", SEVERITY_NOTE},
};

const char *audit_kind_name(enum audit_kind kind)
{
	return kinds[kind].name;
}

static const char *const severity_names[SEVERITIES] = {
	[SEVERITY_NOTE] = "note",
	[SEVERITY_WARNING] = "warning",
	[SEVERITY_ERROR] = "error",
};

const char *severity_name(enum severity severity)
{
	return severity_names[severity];
}

bool severity_from_name(const char *name, enum severity *ret)
{
	for (size_t i = 0; i < SEVERITIES; i++) {
		if (!strcmp(name, severity_names[i])) {
			*ret = (enum severity)i;
			return true;
		}
	}
	return false;
}

/* ---- findings ------------------------------------------------------------------------------ */

struct finding *finding_add(struct audit *audit, enum audit_kind kind, const char *name)
{
	struct finding *finding;

	audit->list = xrealloc(audit->list, audit->count + 1, sizeof(*audit->list));
	finding = &audit->list[audit->count++];
	*finding = (struct finding){.kind = kind, .severity = kinds[kind].severity, .name = name};
	return finding;
}

bool subject_has(const struct audit_subject *subject, const struct fact *fact, unsigned int phases)
{
	return fact_counts(fact, subject->workload, phases);
}

enum abi subject_abi(const struct audit_subject *subject)
{
	const struct fact *facts;
	enum abi abi = ABI_X86_64;

	if (subject->model && model_facts(subject->model, FACT_RECORDING, &facts) &&
	    facts->recording.machine)
		abi_from_machine(facts->recording.machine, &abi);
	return abi;
}

/* What was not seen in a while may come later. */
static void absences_soften(struct audit *audit)
{
	for (size_t i = 0; i < audit->count; i++) {
		struct finding *finding = &audit->list[i];

		if (finding->kind == AUDIT_CAPABILITY || finding->kind == AUDIT_ABI ||
		    finding->kind == AUDIT_UNUSED)
			finding->severity = SEVERITY_NOTE;
	}
}

static int finding_compare(const void *a_, const void *b_)
{
	const struct finding *a = a_, *b = b_;
	int order = number_compare(a->kind, b->kind);

	if (!order)
		order = number_compare(b->tier, a->tier);
	if (!order)
		order = strcmp(a->name ?: "", b->name ?: "");
	if (!order)
		order = number_compare(a->abi, b->abi);
	return order ?: strcmp(a->text ?: "", b->text ?: "");
}

void audit_make(const struct audit_subject *subject, struct audit *ret)
{
	*ret = (struct audit){};
	open_audit(subject, ret);
	if (subject->model) {
		calls_audit(subject, ret);
		denials_audit(subject, ret);
		uring_audit(subject, ret);
		recording_audit(subject, ret);
		abis_audit(subject, ret);
	}
	process_audit(subject, ret);
	unused_audit(subject, ret);
	if (subject->is_sample)
		absences_soften(ret);
	for (size_t i = 0; i < ret->count; i++)
		names_settle(&ret->list[i].who);
	if (ret->count)
		qsort(ret->list, ret->count, sizeof(*ret->list), finding_compare);
}

enum severity audit_worst(const struct audit *audit)
{
	enum severity worst = SEVERITY_NOTE;

	for (size_t i = 0; i < audit->count; i++)
		if (audit->list[i].severity > worst)
			worst = audit->list[i].severity;
	return worst;
}

void audit_drop(struct audit *audit)
{
	for (size_t i = 0; i < audit->count; i++) {
		free(audit->list[i].text);
		free(audit->list[i].number);
		names_drop(&audit->list[i].who);
	}
	free(audit->list);
	*audit = (struct audit){};
}
