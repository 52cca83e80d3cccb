/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The seccomp allow-list as the OCI runtime-spec has it (config-linux.md, "Seccomp"), without the
 * words that only Docker's or Podman's reader knows. Names come from our own tables, by ABI and
 * number; what a recording calls them does not count.
 *
 * The default errno is ENOSYS, 38: it is what a kernel without the call answers, so that libc falls
 * back to an older call; without it runc and crun answer unknown calls differently.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "call.h"

/* What the calls of a workload come to. */
struct allow {
	struct names names;
	bool abis[ABI_COUNT];
};

static void rows_add(struct names *names, const struct name_row *rows, size_t count)
{
	size_t i;

	for (i = 0; i < count; i++)
		names_add(names, rows[i].name);
}

static void unnamed_warn(const struct call *call, const struct emit_options *options)
{
	char *results;

	if (!options->warn)
		return;
	results = call_results(call);
	options->warn(options->warn_ctx,
		      "%s system call %u has no name and cannot be written: called %llu times, "
		      "returned: %s",
		      abi_name(call->abi), call->nr, (unsigned long long)call->count, results);
	free(results);
}

static void observed_gather(const struct model *model, const struct emit_options *options,
			    const char *workload, struct allow *ret)
{
	const struct fact *facts;
	size_t count = model_facts(model, FACT_SYSCALL, &facts), at = 0;
	struct call call;
	const char *name;

	while (call_next(facts, count, &at, &call)) {
		if (!workload_is(call.facts, workload))
			continue;
		name = call_name(&call);
		if (!name) {
			unnamed_warn(&call, options);
			continue;
		}
		/* An ABI is opened for what can be allowed in it, and for nothing less. */
		ret->abis[call.abi] = true;
		names_add(&ret->names, name);
	}
	names_settle(&ret->names);
}

static void always_gather(const struct emit_options *options, struct allow *ret)
{
	if (options->exact || options->no_always)
		return;
	rows_add(&ret->names, always_rows, always_count);
	if (ret->abis[ABI_I386])
		rows_add(&ret->names, always_i386_rows, always_i386_count);
	names_settle(&ret->names);
}

static bool x86_64_only(const struct allow *allow)
{
	enum abi abi;

	for (abi = 0; abi < ABI_COUNT; abi++)
		if (allow->abis[abi] != (abi == ABI_X86_64))
			return false;
	return true;
}

/* How many names Docker's default profile does not allow. */
static size_t beyond_docker(const struct names *names)
{
	size_t i, count = 0;

	for (i = 0; i < names->count; i++)
		count += !bsearch(&names->list[i], docker_default_names, docker_default_count,
				  sizeof(*docker_default_names), name_compare);
	return count;
}

void seccomp_summarise(const struct model *model, const struct emit_options *options,
		       struct seccomp_summary *ret)
{
	struct emit_options silent = *options;
	struct allow allow = {};

	silent.warn = NULL;
	observed_gather(model, &silent, options->workload, &allow);
	ret->observed = allow.names.count;
	always_gather(options, &allow);
	ret->added = allow.names.count - ret->observed;
	ret->has_docker = x86_64_only(&allow);
	ret->beyond_docker = ret->has_docker ? beyond_docker(&allow.names) : 0;
	names_drop(&allow.names);
}

/* Calls that seccomp refused while they were recorded did not run: they earn no place. */
static void denied_warn(const struct model *model, const struct emit_options *options,
			const char *workload)
{
	const struct fact *facts;
	size_t count = model_facts(model, FACT_DENIED, &facts), i;
	const struct fact *last = NULL;
	const char *name;

	for (i = 0; i < count && options->warn; i++) {
		if (!workload_is(&facts[i], workload))
			continue;
		if (last && last->denied.abi == facts[i].denied.abi &&
		    last->denied.nr == facts[i].denied.nr)
			continue;
		last = &facts[i];
		name = syscall_name(last->denied.abi, last->denied.nr);
		options->warn(options->warn_ctx,
			      "seccomp denied %s %s (%u) while recording: the profile does not "
			      "allow it for that alone",
			      abi_name(last->denied.abi), name ? name : "number", last->denied.nr);
	}
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
	struct allow allow = {};
	const char *workload;
	int code = workload_choose(model, options, &workload, err);

	if (code)
		return code;
	observed_gather(model, options, workload, &allow);
	if (!allow.names.count) {
		names_drop(&allow.names);
		return err_set(err, -ENODATA,
			       "the recording holds no system call that a profile could name");
	}
	denied_warn(model, options, workload);
	always_gather(options, &allow);
	fputs("{\n\t\"defaultAction\": \"SCMP_ACT_ERRNO\",\n\t\"defaultErrnoRet\": 38,\n", out);
	architectures_print(model, &allow, out);
	names_print(&allow.names, out);
	fputs("}\n", out);
	names_drop(&allow.names);
	return 0;
}
