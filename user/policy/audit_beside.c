/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* What an audit finds beside calls: of the process, of io_uring, of the recording itself. */
#include <stdlib.h>
#include <string.h>

#include "audit_internal.h"
#include "capabilities.h"

/* One process stands for all; not where others may do more, and with a note where they may do less. */
static void threads_audit(const struct audit_process *process, struct audit *audit)
{
	if (process->fewer)
		finding_add(audit, AUDIT_THREADS, NULL)->text = xasprintf(
			"%zu of %zu threads have fewer filters than the process that was looked "
			"at, %zu of them none",
			process->fewer, process->threads, process->none);
	if (process->capable)
		finding_add(audit, AUDIT_THREADS, NULL)->text = xasprintf(
			"%zu of %zu threads have capabilities that the process that was looked "
			"at has not",
			process->capable, process->threads);
	if (process->more) {
		struct finding *finding = finding_add(audit, AUDIT_THREADS, NULL);

		finding->severity = SEVERITY_NOTE;
		finding->text = xasprintf(
			"%zu of %zu threads have more filters than the process that was looked at",
			process->more, process->threads);
	}
}

void process_audit(const struct audit_subject *subject, struct audit *audit)
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
	threads_audit(process, audit);
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

static bool is_of_ring(const struct fact *fact)
{
	const char *name = syscall_name(fact->syscall.abi, fact->syscall.nr);

	return name && (!strcmp(name, "io_uring_setup") || !strcmp(name, "io_uring_enter"));
}

/* A ring that was refused is none. */
static bool has_ring(const struct audit_subject *subject)
{
	const struct fact *facts;
	size_t count = model_facts(subject->model, FACT_SYSCALL, &facts);

	for (size_t i = 0; i < count; i++) {
		const struct errno_set *errnos = &facts[i].syscall.errnos;

		if (is_of_ring(&facts[i]) && subject_has(subject, &facts[i], PHASES_JUDGED) &&
		    (!facts[i].syscall.has_errnos || (errnos->count && !errnos->codes[0])))
			return true;
	}
	return false;
}

void uring_audit(const struct audit_subject *subject, struct audit *audit)
{
	const struct fact *facts;
	size_t count = model_facts(subject->model, FACT_OPERATION, &facts), other = 0;
	_cleanup_names_ struct names asked = {};
	_cleanup_free_ char *list = NULL;

	if (!has_ring(subject))
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

void recording_audit(const struct audit_subject *subject, struct audit *audit)
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
