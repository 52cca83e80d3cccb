/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * What an audit finds, a kind at a time. What a filter answers is profile/filter_answer.c's; how it is
 * told, emit/audit.c's.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "audit.h"
#include "capabilities.h"

#define NUMBERS_MAX 1024 /* above those of every table, but for arm's private ones */

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

static struct finding *finding_add(struct audit *audit, enum audit_kind kind, const char *name)
{
	struct finding *finding;

	audit->list = xrealloc(audit->list, audit->count + 1, sizeof(*audit->list));
	finding = &audit->list[audit->count++];
	*finding = (struct finding){.kind = kind, .severity = kinds[kind].severity, .name = name};
	return finding;
}

static bool subject_has(const struct audit_subject *subject, const struct fact *fact,
			unsigned int phases)
{
	return fact_counts(fact, subject->workload, phases);
}

static void who_add(struct finding *finding, const struct fact *fact)
{
	names_add(&finding->who, fact->exe ? fact->exe : "(unknown)");
}

static struct finding *call_finding(struct audit *audit, enum audit_kind kind, enum abi abi,
				    uint32_t nr)
{
	const char *name = syscall_name(abi, nr);
	struct finding *last = audit->count ? &audit->list[audit->count - 1] : NULL;

	if (last && last->kind == kind && last->abi == abi && name && last->name == name)
		return last;
	last = finding_add(audit, kind, name ? name : "(unknown)");
	last->abi = abi;
	last->tier = name ? tier_of(name) : TIER_NONE;
	return last;
}

/* With arguments that were recorded, what depends on them may be known. */
static enum judgement arguments_judge(const struct audit_subject *subject, enum abi abi,
				      uint32_t nr, uint32_t *ret_answer)
{
	enum judgement worst = JUDGED_ALLOWED, judged;
	const struct fact *facts;
	size_t count = model_facts(subject->model, FACT_ARGUMENTS, &facts);
	uint32_t answer;
	bool any = false;

	for (size_t i = 0; i < count; i++) {
		if (facts[i].arguments.abi != abi || facts[i].arguments.nr != nr ||
		    !subject_has(subject, &facts[i], PHASES_JUDGED))
			continue;
		any = true;
		judged = audit_judge(subject->filters, subject->filters_count, abi, nr, &facts[i],
				     &answer);
		if (judged > worst || audit_is_stricter(answer, *ret_answer))
			*ret_answer = answer;
		if (judged > worst)
			worst = judged;
	}
	return any ? worst : JUDGED_DEPENDS;
}

/* How many kinds of it were told apart; 0 where they were not looked at, or too many. */
static size_t arguments_known(const struct audit_subject *subject, enum abi abi, uint32_t nr)
{
	const struct fact *facts;
	size_t count = model_facts(subject->model, FACT_ARGUMENTS, &facts), known = 0;

	for (size_t i = 0; i < count; i++) {
		if (facts[i].arguments.abi != abi || facts[i].arguments.nr != nr ||
		    !subject_has(subject, &facts[i], PHASES_JUDGED))
			continue;
		if (!facts[i].arguments.known)
			return 0;
		known++;
	}
	return known;
}

/* The C library asks for clone3 first, and takes clone where it is told that there is none. */
static bool falls_back(const struct finding *finding, uint32_t answer)
{
	return !strcmp(finding->name, "clone3") && answer == (SECCOMP_RET_ERRNO | ENOSYS);
}

static void refused_tell(struct finding *finding, uint32_t answer)
{
	char buf[32];

	if (finding->text)
		return;
	if (falls_back(finding, answer)) {
		finding->severity = SEVERITY_NOTE;
		finding->text = xstrdup("answered with ENOSYS, so that the C library takes clone");
	} else {
		finding->text =
			xasprintf("the profile answers: %s", audit_answer_words(answer, buf));
	}
}

/* Facts of one call stand together. */
static void calls_audit(const struct audit_subject *subject, struct audit *audit)
{
	const struct fact *facts;
	size_t count = model_facts(subject->model, FACT_SYSCALL, &facts);

	for (size_t i = 0; i < count; i++) {
		enum abi abi = facts[i].syscall.abi;
		uint32_t nr = facts[i].syscall.nr, answer;
		enum judgement judged;
		struct finding *finding;

		if (!subject_has(subject, &facts[i], PHASES_JUDGED))
			continue;
		judged = audit_judge(subject->filters, subject->filters_count, abi, nr, NULL,
				     &answer);
		if (judged == JUDGED_ALLOWED && subject->filters_count &&
		    arguments_known(subject, abi, nr))
			call_finding(audit, AUDIT_ARGUMENTS, abi, nr);
		if (judged == JUDGED_DEPENDS)
			judged = arguments_judge(subject, abi, nr, &answer);
		if (judged == JUDGED_ALLOWED)
			continue;
		finding = call_finding(
			audit, judged == JUDGED_REFUSED ? AUDIT_REFUSED : AUDIT_DEPENDS, abi, nr);
		if (judged == JUDGED_REFUSED)
			refused_tell(finding, answer);
		finding->count = add_saturating(finding->count, facts[i].syscall.count);
		who_add(finding, &facts[i]);
	}
}

static void denials_audit(const struct audit_subject *subject, struct audit *audit)
{
	const struct fact *facts;
	size_t count = model_facts(subject->model, FACT_DENIED, &facts);

	for (size_t i = 0; i < count; i++) {
		const char *code = errno_name(facts[i].denied.errnum);
		struct finding *finding;

		if (!subject_has(subject, &facts[i], PHASES_JUDGED))
			continue;
		finding =
			call_finding(audit, AUDIT_DENIED, facts[i].denied.abi, facts[i].denied.nr);
		finding->count = add_saturating(finding->count, facts[i].denied.count);
		if (!finding->text)
			finding->text = xasprintf("while it was recorded, with %s",
						  code ? code : "a signal, or another answer");
		who_add(finding, &facts[i]);
	}
}

static bool was_called(const struct audit_subject *subject, enum abi abi, const char *name)
{
	const struct fact *facts;
	size_t count = model_facts(subject->model, FACT_SYSCALL, &facts);

	for (size_t i = 0; i < count; i++) {
		const char *own = syscall_name(facts[i].syscall.abi, facts[i].syscall.nr);

		if (facts[i].syscall.abi == abi && subject_has(subject, &facts[i], PHASES_JUDGED) &&
		    (!name || (own && !strcmp(own, name))))
			return true;
	}
	return false;
}

/* The machine's own ABI: where nothing was recorded, this one. */
static enum abi own_abi(const struct audit_subject *subject)
{
	const struct fact *facts;
	enum abi abi = ABI_X86_64;

	if (subject->model && model_facts(subject->model, FACT_RECORDING, &facts) &&
	    facts->recording.machine)
		abi_from_machine(facts->recording.machine, &abi);
	return abi;
}

static void unused_audit(const struct audit_subject *subject, struct audit *audit)
{
	enum abi abi = own_abi(subject);
	uint32_t answer;

	for (uint32_t nr = 0; nr < NUMBERS_MAX; nr++) {
		const char *name = syscall_name(abi, nr);
		bool called, allowed;
		struct finding *finding;

		if (!name)
			continue;
		called = subject->model && was_called(subject, abi, name);
		allowed = audit_judge(subject->filters, subject->filters_count, abi, nr, NULL,
				      &answer) != JUDGED_REFUSED;
		audit->called += called;
		audit->allowed += allowed;
		if (!allowed || called || !subject->model)
			continue;
		audit->unused++;
		finding = call_finding(audit, AUDIT_UNUSED, abi, nr);
		if (finding->tier >= TIER_HIGH)
			finding->severity = SEVERITY_WARNING;
		finding->text = finding->tier ? xstrdup(tier_row(name)->why) : NULL;
	}
}

/* Other ABIs of this machine, whose numbers mean other calls. */
static void abis_audit(const struct audit_subject *subject, struct audit *audit)
{
	static const enum abi others[] = {ABI_I386, ABI_X32};
	uint32_t answer;

	if (own_abi(subject) != ABI_X86_64 || !subject->filters_count)
		return;
	for (size_t i = 0; i < ARRAY_SIZE(others); i++) {
		size_t allowed = 0;
		struct finding *finding;

		for (uint32_t nr = 0; nr < NUMBERS_MAX; nr++)
			allowed += syscall_name(others[i], nr) &&
				   audit_judge(subject->filters, subject->filters_count, others[i],
					       nr, NULL, &answer) != JUDGED_REFUSED;
		if (!allowed || was_called(subject, others[i], NULL))
			continue;
		finding = finding_add(audit, AUDIT_ABI, abi_name(others[i]));
		finding->abi = others[i];
		finding->text =
			xasprintf("%zu calls of it are allowed, and none was made", allowed);
	}
}

static void open_audit(const struct audit_subject *subject, struct audit *audit)
{
	uint32_t answer;

	if (!subject->filters_count) {
		finding_add(audit, AUDIT_NO_PROFILE, NULL)->text =
			xstrdup("there is no seccomp filter: every call is allowed");
		return;
	}
	/* a number that nothing has */
	if (audit_judge(subject->filters, subject->filters_count, own_abi(subject), 0x0fffffff,
			NULL, &answer) != JUDGED_REFUSED)
		finding_add(audit, AUDIT_OPEN, NULL)->text =
			xstrdup("what the profile does not name is allowed");
}

/* ---- beside the calls ---------------------------------------------------------------------- */

static void process_audit(const struct audit_subject *subject, struct audit *audit)
{
	const struct audit_process *process = subject->process;
	struct capabilities used = {};

	if (!process)
		return;
	if (process->all && (process->effective & process->all) == process->all)
		finding_add(audit, AUDIT_PRIVILEGED, NULL)->text =
			xstrdup("the process has every capability that there is on this host");
	if (!process->no_new_privileges)
		finding_add(audit, AUDIT_NEW_PRIVILEGES, NULL)->text =
			xstrdup("no_new_privs is not set: what it executes may get more rights");
	if (subject->model)
		capabilities_gather(subject->model, subject->workload, &used);
	if (!used.is_known)
		return;
	for (uint32_t i = 0; i < 64; i++) {
		uint64_t bit = UINT64_C(1) << i;

		if (process->effective & bit && !(used.used & bit) && capability_name(i))
			finding_add(audit, AUDIT_CAPABILITY, capability_name(i))->text = xstrdup(
				used.silent & bit ? "it has it, and only asked for it in passing"
						  : "it has it, and never used it");
	}
}

/* "nop, openat"; the caller frees it. */
static char *names_joined(const struct names *names)
{
	size_t size;
	char *text;
	FILE *out = xmemstream(&text, &size);

	for (size_t i = 0; i < names->count; i++)
		fprintf(out, "%s%s", i ? ", " : "", names->list[i]);
	fclose(out);
	return text;
}

static void uring_audit(const struct audit_subject *subject, struct audit *audit)
{
	const struct fact *facts;
	size_t count = model_facts(subject->model, FACT_OPERATION, &facts), other = 0;
	_cleanup_names_ struct names asked = {};
	_cleanup_free_ char *list = NULL;

	if (!was_called(subject, own_abi(subject), "io_uring_setup") &&
	    !was_called(subject, own_abi(subject), "io_uring_enter"))
		return;
	for (size_t i = 0; i < count; i++) {
		if (!subject_has(subject, &facts[i], PHASES_JUDGED))
			continue;
		other += facts[i].operation.op == OP_IO_URING_OTHER;
		if (facts[i].operation.op == OP_IO_URING)
			names_add(&asked, io_uring_name((uint32_t)facts[i].operation.number)
						  ?: "of an unknown opcode");
	}
	names_settle(&asked);
	list = names_joined(&asked);
	finding_add(audit, AUDIT_IO_URING, NULL)->text = xasprintf(
		"io_uring is in use: what is done through it passes no filter, and is not "
		"among the calls%s%s; files, sockets and addresses of its requests are "
		"recorded as those of calls%s",
		*list ? "; its requests: " : "", list,
		other ? ", but there were requests whose doings are not known" : "");
}

static void recording_audit(const struct audit_subject *subject, struct audit *audit)
{
	struct capabilities used;

	if (model_incomplete(subject->model))
		finding_add(audit, AUDIT_INCOMPLETE, NULL)->text =
			xstrdup("the recording is incomplete: there may be more");
	capabilities_gather(subject->model, subject->workload, &used);
	if (!used.is_known)
		finding_add(audit, AUDIT_UNTOLD, NULL)->text =
			xstrdup("the recording does not tell which capabilities were used");
	if (!subject->process)
		finding_add(audit, AUDIT_UNTOLD, NULL)->text = xstrdup(
			"no process was looked at: which capabilities it holds is not known");
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
	return order ?: number_compare(a->abi, b->abi);
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
		names_drop(&audit->list[i].who);
	}
	free(audit->list);
	*audit = (struct audit){};
}
