/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The seccomp allow-list as the OCI runtime-spec has it (config-linux.md, "Seccomp"), without the
 * words that only Docker's or Podman's reader knows. Which names are in it is allow.c's.
 *
 * The default errno is ENOSYS, 38: it is what a kernel without the call answers, so that libc falls
 * back to an older call; without it runc and crun answer unknown calls differently.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "allow.h"

static bool x86_64_only(const struct allow *allow)
{
	enum abi abi;

	for (abi = 0; abi < ABI_COUNT; abi++)
		if (allow->abis[abi] != (abi == ABI_X86_64))
			return false;
	return true;
}

/* The names that Docker's default profile does not allow. */
static void beyond_docker(const struct names *names, struct names *ret)
{
	size_t i;

	for (i = 0; i < names->count; i++)
		if (!bsearch(&names->list[i], docker_default_names, docker_default_count,
			     sizeof(*docker_default_names), name_compare))
			names_add(ret, names->list[i]);
	names_settle(ret);
}

void seccomp_summarise(const struct model *model, const struct emit_options *options,
		       struct seccomp_summary *ret)
{
	struct emit_options silent = *options;
	_cleanup_allow_ struct allow allow = {};

	silent.warn = NULL;
	allow_gather(model, &silent, options->workload, &allow);
	*ret = (struct seccomp_summary){.whose_floor = allow.runtime};
	ret->observed = allow.reasons[REASON_OBSERVED].count + allow.reasons[REASON_RUNTIME].count;
	ret->added = allow.names.count - ret->observed;
	ret->runtime = names_take(&allow.reasons[REASON_RUNTIME]);
	ret->denied = names_take(&allow.reasons[REASON_DENIED]);
	ret->always = names_take(&allow.reasons[REASON_ALWAYS]);
	ret->floor = names_take(&allow.reasons[REASON_FLOOR]);
	ret->has_docker = x86_64_only(&allow);
	if (ret->has_docker)
		beyond_docker(&allow.names, &ret->beyond_docker);
}

void seccomp_summary_drop(struct seccomp_summary *summary)
{
	names_drop(&summary->runtime);
	names_drop(&summary->denied);
	names_drop(&summary->always);
	names_drop(&summary->floor);
	names_drop(&summary->beyond_docker);
}

static int denied_compare(const void *a, const void *b)
{
	const struct fact *x = *(const struct fact *const *)a, *y = *(const struct fact *const *)b;
	int order = number_compare(x->denied.abi, y->denied.abi);

	return order ? order : number_compare(x->denied.nr, y->denied.nr);
}

/* Calls that seccomp refused while they were recorded did not run: they earn no place. */
static void denied_warn(const struct model *model, const struct emit_options *options,
			const char *workload, const struct allow *allow)
{
	const struct fact *facts;
	size_t count = model_facts(model, FACT_DENIED, &facts), used = 0, i;
	_cleanup_free_ const struct fact **list = xcalloc(count, sizeof(*list));
	const char *name;

	for (i = 0; i < count && options->warn; i++)
		if (fact_counts(&facts[i], workload, allow_phases(options)))
			list[used++] = &facts[i];
	if (used)
		qsort(list, used, sizeof(*list), denied_compare);
	for (i = 0; i < used; i++) {
		enum abi abi = list[i]->denied.abi;

		name = syscall_name(abi, list[i]->denied.nr);
		if ((i && !denied_compare(&list[i - 1], &list[i])) ||
		    (name && allow->abis[abi] && names_have(&allow->names, name)))
			continue;
		options->warn(options->warn_ctx,
			      "seccomp denied %s %s (%u) while recording: the profile does not "
			      "allow it for that alone%s",
			      abi_name(abi), name ? name : "number", list[i]->denied.nr,
			      name ? " (--include-denied does)" : "");
	}
}

static bool was_running(const struct model *model, const char *workload)
{
	const struct fact *notes;
	size_t count = model_facts(model, FACT_NOTE, &notes), i;

	for (i = 0; i < count; i++)
		if (!strcmp(notes[i].note.what, "already-running") &&
		    (!notes[i].workload || workload_is(&notes[i], workload)))
			return true;
	return false;
}

/* What ran before it was recorded never started in the recording. */
static void start_warn(const struct model *model, const struct emit_options *options,
		       const char *workload, const struct allow *allow)
{
	if (!options->warn || options->phase_serving || names_have(&allow->names, "execve") ||
	    names_have(&allow->names, "execveat") || !was_running(model, workload))
		return;
	options->warn(options->warn_ctx,
		      "execve is not in the profile, for what was recorded was running already: a "
		      "container or service started under it could not execute anything (merge a "
		      "recording of its start)");
}

/* The runtimes start from the native ABI; people look for it first. */
static void architectures_print(const struct model *model, const struct allow *allow, FILE *out)
{
	const struct fact *headers;
	size_t count = model_facts(model, FACT_RECORDING, &headers), i;
	bool native[ABI_COUNT] = {}, wanted;
	const char *comma = "";
	enum abi abi;
	int pass;

	for (i = 0; i < count; i++)
		if (headers[i].recording.machine &&
		    abi_from_machine(headers[i].recording.machine, &abi))
			native[abi] = true;
	fputs("\t\"architectures\": [", out);
	for (pass = 0; pass < 2; pass++) {
		for (abi = 0; abi < ABI_COUNT; abi++) {
			wanted = allow->abis[abi] && native[abi] == (pass == 0);
			if (!wanted)
				continue;
			fprintf(out, "%s\n\t\t\"%s\"", comma, abi_scmp_name(abi));
			comma = ",";
		}
	}
	fputs("\n\t],\n", out);
}

static void names_print(const struct names *names, FILE *out)
{
	size_t i;

	fputs("\t\"syscalls\": [\n\t\t{\n\t\t\t\"names\": [", out);
	for (i = 0; i < names->count; i++)
		fprintf(out, "%s\n\t\t\t\t\"%s\"", i ? "," : "", names->list[i]);
	fputs("\n\t\t\t],\n\t\t\t\"action\": \"SCMP_ACT_ALLOW\"\n\t\t}\n\t]\n", out);
}

int seccomp_emit(const struct model *model, const struct emit_options *options, FILE *out,
		 struct err *err)
{
	_cleanup_allow_ struct allow allow = {};
	_cleanup_free_ char *workload = NULL;
	int r = workload_choose(model, options, &workload, err);

	if (r)
		return r;
	allow_gather(model, options, workload, &allow);
	if (!allow.reasons[REASON_OBSERVED].count && options->phase_serving)
		return err_set(err, -ENODATA,
			       "the recording holds no call that was made after a serving mark");
	if (!allow.reasons[REASON_OBSERVED].count && !allow.reasons[REASON_RUNTIME].count)
		return err_set(err, -ENODATA,
			       "the recording holds no system call that a profile could name");
	denied_warn(model, options, workload, &allow);
	start_warn(model, options, workload, &allow);
	fputs("{\n\t\"defaultAction\": \"SCMP_ACT_ERRNO\",\n\t\"defaultErrnoRet\": 38,\n", out);
	architectures_print(model, &allow, out);
	names_print(&allow.names, out);
	fputs("}\n", out);
	return 0;
}
