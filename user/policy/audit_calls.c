/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* What an audit finds of calls: those that were made, and those that are allowed. What a filter answers is
 * profile/filter_answer.c's. */
#include <errno.h>
#include <linux/seccomp.h>
#include <stdlib.h>
#include <string.h>

#include "audit_internal.h"
#include "model/text.h"

#define NUMBERS_MAX 1024 /* above those of every table, but for arm's private ones */

static void who_add(struct finding *finding, const struct fact *fact)
{
	names_add(&finding->who, fact->exe ? fact->exe : "(unknown)");
}

/* The one of this call, whichever of its facts it was made for; of those that were denied, with this
 * errno. */
static struct finding *call_finding(struct audit *audit, enum audit_kind kind, enum abi abi,
				    uint32_t nr, uint32_t errnum)
{
	const char *name = syscall_name(abi, nr);
	struct finding *finding;

	for (size_t i = 0; i < audit->count; i++) {
		finding = &audit->list[i];
		if (finding->kind == kind && finding->abi == abi && finding->nr == nr &&
		    finding->errnum == errnum)
			return finding;
	}
	finding = finding_add(audit, kind, name);
	if (!name)
		finding->name = finding->number = xasprintf("number %u", nr);
	finding->abi = abi;
	finding->nr = nr;
	finding->errnum = errnum;
	finding->tier = name ? tier_of(name) : TIER_NONE;
	return finding;
}

static bool is_same_call(const struct fact *call, const struct fact *arguments)
{
	return arguments->arguments.abi == call->syscall.abi &&
	       arguments->arguments.nr == call->syscall.nr && arguments->phase == call->phase &&
	       !text_compare(arguments->workload, call->workload) &&
	       !text_compare(arguments->run, call->run) && !text_compare(arguments->exe, call->exe);
}

/* With the arguments that were recorded, what depends on them may be known. *count becomes that of the
 * calls that are refused for them. */
static enum judgement arguments_judge(const struct audit_subject *subject, const struct fact *call,
				      uint32_t *ret_answer, uint64_t *count)
{
	enum judgement worst = JUDGED_ALLOWED, judged;
	const struct fact *facts;
	size_t facts_count = model_facts(subject->model, FACT_ARGUMENTS, &facts);
	uint64_t refused = 0;
	uint32_t answer;
	bool any = false;

	for (size_t i = 0; i < facts_count; i++) {
		if (!is_same_call(call, &facts[i]))
			continue;
		any = true;
		judged = audit_judge(subject->filters, subject->filters_count, call->syscall.abi,
				     call->syscall.nr, &facts[i], &answer);
		if (judged == JUDGED_REFUSED)
			refused = add_saturating(refused, facts[i].arguments.count);
		if (judged > worst || audit_is_stricter(answer, *ret_answer))
			*ret_answer = answer;
		if (judged > worst)
			worst = judged;
	}
	if (worst == JUDGED_REFUSED)
		*count = refused;
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

void calls_audit(const struct audit_subject *subject, struct audit *audit)
{
	const struct fact *facts;
	size_t count = model_facts(subject->model, FACT_SYSCALL, &facts);

	for (size_t i = 0; i < count; i++) {
		enum abi abi = facts[i].syscall.abi;
		uint32_t nr = facts[i].syscall.nr, answer;
		uint64_t calls = facts[i].syscall.count;
		enum judgement judged;
		struct finding *finding;

		if (!subject_has(subject, &facts[i], PHASES_JUDGED))
			continue;
		judged = audit_judge(subject->filters, subject->filters_count, abi, nr, NULL,
				     &answer);
		if (judged == JUDGED_ALLOWED && subject->filters_count &&
		    arguments_known(subject, abi, nr))
			call_finding(audit, AUDIT_ARGUMENTS, abi, nr, 0);
		if (judged == JUDGED_DEPENDS)
			judged = arguments_judge(subject, &facts[i], &answer, &calls);
		if (judged == JUDGED_ALLOWED)
			continue;
		finding = call_finding(audit,
				       judged == JUDGED_REFUSED ? AUDIT_REFUSED : AUDIT_DEPENDS,
				       abi, nr, 0);
		if (judged == JUDGED_REFUSED)
			refused_tell(finding, answer);
		finding->count = add_saturating(finding->count, calls);
		who_add(finding, &facts[i]);
	}
}

void denials_audit(const struct audit_subject *subject, struct audit *audit)
{
	const struct fact *facts;
	size_t count = model_facts(subject->model, FACT_DENIED, &facts);

	for (size_t i = 0; i < count; i++) {
		uint32_t errnum = facts[i].denied.errnum;
		const char *code = errno_name(errnum);
		struct finding *finding;

		if (!subject_has(subject, &facts[i], PHASES_JUDGED))
			continue;
		finding = call_finding(audit, AUDIT_DENIED, facts[i].denied.abi, facts[i].denied.nr,
				       errnum);
		finding->count = add_saturating(finding->count, facts[i].denied.count);
		if (!finding->text && errnum && !code)
			finding->text = xasprintf("while it was recorded, with errno %u", errnum);
		else if (!finding->text)
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

void unused_audit(const struct audit_subject *subject, struct audit *audit)
{
	enum abi abi = subject_abi(subject);
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
		finding = call_finding(audit, AUDIT_UNUSED, abi, nr, 0);
		if (finding->tier >= TIER_HIGH)
			finding->severity = SEVERITY_WARNING;
		finding->text = finding->tier ? xstrdup(tier_row(name)->why) : NULL;
	}
}

/* Other ABIs of this machine, whose numbers mean other calls. */
void abis_audit(const struct audit_subject *subject, struct audit *audit)
{
	static const enum abi others[] = {ABI_I386, ABI_X32};
	uint32_t answer;

	if (subject_abi(subject) != ABI_X86_64 || !subject->filters_count)
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

void open_audit(const struct audit_subject *subject, struct audit *audit)
{
	enum judgement judged;
	uint32_t answer;

	if (!subject->filters_count) {
		finding_add(audit, AUDIT_NO_PROFILE, NULL)->text =
			xstrdup("there is no seccomp filter: every call is allowed");
		return;
	}
	/* a number that nothing has */
	judged = audit_judge(subject->filters, subject->filters_count, subject_abi(subject),
			     0x0fffffff, NULL, &answer);
	if (judged == JUDGED_REFUSED ||
	    (answer & SECCOMP_RET_ACTION_FULL) == SECCOMP_RET_USER_NOTIF)
		return;
	finding_add(audit, AUDIT_OPEN, NULL)->text =
		xstrdup("what the profile does not name is allowed");
}
