/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Shared by profile, merge and show. Knows no output format. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cmd.h"
#include "model/text.h"
#include "policy/summary.h"
#include "recordings.h"

int recordings_read(char **paths, int count, struct model **ret, struct err *err)
{
	struct model *model = model_new();
	int i, r = 0;

	for (i = 0; i < count && !r; i++)
		r = model_read(model, paths[i], err);
	if (r) {
		model_free(model);
		return r;
	}
	model_seal(model);
	*ret = model;
	return 0;
}

bool recordings_include(char **paths, int count, const char *path)
{
	struct stat written, read;
	int i, r;

	if (!path || !strcmp(path, "-") || stat(path, &written) < 0 || !S_ISREG(written.st_mode))
		return false;
	for (i = 0; i < count; i++) {
		r = strcmp(paths[i], "-") ? stat(paths[i], &read) : fstat(STDIN_FILENO, &read);
		if (r == 0 && read.st_dev == written.st_dev && read.st_ino == written.st_ino)
			return true;
	}
	return false;
}

void recordings_drop(struct model **model)
{
	model_free(*model);
}

char *recordings_where(const struct model *model, const struct fact *fact)
{
	const char *file = model_files(model) > 1 ? model_source(model, fact->run) : NULL;
	const char *workload = fact->workload;

	if (!file && !workload)
		return xstrdup("");
	return xasprintf(" (%.200s%s%s%.100s)", file ? file : "", file && workload ? ", " : "",
			 workload ? "workload " : "", workload ? workload : "");
}

char *recordings_lack(const struct model *model)
{
	const struct fact *facts;
	size_t count = model_facts(model, FACT_INCOMPLETE, &facts);
	_cleanup_free_ char *text = NULL, *where = NULL;

	if (!count)
		return xstrdup("its last line says so");
	text = text_printable(facts[0].incomplete.text);
	where = recordings_where(model, &facts[0]);
	if (count == 1)
		return xasprintf("%.300s%s", text, where);
	return xasprintf("%.300s%s; and %zu more", text, where, count - 1);
}

void recordings_warn(void *ctx, const char *format, ...)
{
	char text[1024];
	va_list args;

	(void)ctx;
	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	say("%s", text);
}

void recordings_hint(void *ctx, const char *format, ...)
{
	char text[1024];
	va_list args;

	(void)ctx;
	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	hint("%s", text);
}

int recordings_finish(struct output *out, int r, struct err *err)
{
	if (r) {
		output_abandon(out);
		return r;
	}
	r = output_commit(out, err);
	if (r == -EPIPE)
		err->text[0] = '\0';
	return r;
}

/* "a b c (3)" */
static void names_hint(const char *words, const struct names *names)
{
	_cleanup_free_ char *text = NULL;
	size_t size = 0, i;
	FILE *out;

	if (!names->count)
		return;
	out = open_memstream(&text, &size);
	if (!out)
		return;
	for (i = 0; i < names->count; i++)
		fprintf(out, "%s ", names->list[i]);
	fclose(out);
	hint("%s: %s(%zu)", words, text, names->count);
}

#define DOCKER_LISTED_MAX 5

/* " (critical 1 of 1, high 4 of 5)" */
static void closed_print(const struct seccomp_summary *summary, FILE *out)
{
	const char *sign = " (";
	enum tier tier;

	for (tier = TIER_CRITICAL; tier > TIER_INFO; tier--) {
		if (!summary->docker_count[tier])
			continue;
		fprintf(out, "%s%s %zu of %zu", sign, tier_name(tier), summary->closed_count[tier],
			summary->docker_count[tier]);
		sign = ", ";
	}
	fputc(')', out);
}

/* "; Docker's default allows 309, 251 of them are closed (...), and lacks 2 of the profile's: ..." */
static char *docker_words(const struct seccomp_summary *summary)
{
	const struct names *lacks = &summary->beyond_docker;
	size_t size = 0, closed = 0, i;
	char *text = NULL;
	FILE *out;

	if (!summary->has_docker)
		return xstrdup("");
	for (i = 0; i < TIERS; i++)
		closed += summary->closed_count[i];
	out = xmemstream(&text, &size);
	fprintf(out, "; Docker's default allows %zu, %zu of them are closed", docker_default_count,
		closed);
	closed_print(summary, out);
	if (lacks->count)
		fprintf(out, ", and lacks %zu of the profile's:", lacks->count);
	for (i = 0; i < lacks->count && i < DOCKER_LISTED_MAX; i++)
		fprintf(out, " %s", lacks->list[i]);
	if (i < lacks->count)
		fputs(" ...", out);
	fclose(out);
	return text;
}

/* The riskiest first; what has no tier, or a remark only, is not worth a line. */
static void tiers_hint(const struct seccomp_summary *summary)
{
	enum tier tier;

	for (tier = TIER_CRITICAL; tier > TIER_INFO; tier--) {
		_cleanup_free_ char *words = xasprintf("allowed, %s risk", tier_name(tier));

		names_hint(words, &summary->tiers[tier]);
	}
}

/* A line for each reason. What an architecture lacks is archs_hint()'s, unless it was called. */
static void cuts_hint(const struct policy *policy, bool was_called)
{
	_cleanup_names_ struct names whys = {};
	size_t i, k;

	for (i = 0; i < policy->cut_count; i++)
		if (policy->cuts[i].was_called == was_called &&
		    (was_called || strcmp(policy->cuts[i].why, CUT_NO_ABI) != 0))
			names_add(&whys, policy->cuts[i].why);
	names_settle(&whys);
	for (i = 0; i < whys.count; i++) {
		_cleanup_free_ char *words = xasprintf(
			"left out%s, %s", was_called ? " though observed" : "", whys.list[i]);
		_cleanup_names_ struct names names = {};

		for (k = 0; k < policy->cut_count; k++)
			if (policy->cuts[k].was_called == was_called &&
			    !strcmp(policy->cuts[k].why, whys.list[i]))
				names_add(&names, policy->cuts[k].name);
		names_settle(&names);
		names_hint(words, &names);
	}
}

static void archs_hint(const struct seccomp_summary *summary)
{
	enum abi abi;

	for (abi = 0; abi < ABI_COUNT; abi++) {
		_cleanup_free_ char *lacking = xasprintf("%s lacks", abi_name(abi));
		_cleanup_free_ char *lost =
			xasprintf("%s lacks, and nothing stands in for them", abi_name(abi));

		names_hint(lacking, &summary->lacking[abi]);
		names_hint(lost, &summary->lost[abi]);
	}
}

void recordings_summarise_seccomp(const struct policy *policy, const char *path)
{
	_cleanup_free_ char *docker = NULL, *floor = NULL, *called = NULL;
	struct seccomp_summary summary;
	bool is_stdout = !path || !strcmp(path, "-");

	seccomp_summarise(policy, &summary);
	docker = docker_words(&summary);
	floor = xasprintf("added for the container runtime (%s)",
			  runtime_name(summary.whose_floor));
	if (summary.called > summary.observed)
		called = xasprintf(" of %zu", summary.called);
	hint("%s%s: %zu%s system call%s observed, %zu added%s", is_stdout ? "profile" : "wrote ",
	     is_stdout ? "" : path, summary.observed, called ? called : "",
	     summary.called == 1 ? "" : "s", summary.added, docker);
	cuts_hint(policy, true);
	names_hint("observed only between the filter and the application's execve",
		   &summary.runtime);
	names_hint("added though denied while recording", &summary.denied);
	names_hint("added always", &summary.always);
	names_hint(floor, &summary.floor);
	names_hint("added in place of others", &summary.family);
	names_hint("answered with ENOSYS, so that the C library falls back", &summary.refused);
	archs_hint(&summary);
	cuts_hint(policy, false);
	tiers_hint(&summary);
	seccomp_summary_drop(&summary);
}

/* Of those that the profile may lack calls for. */
static void lacks_hint(const struct completeness *completeness, const struct policy *policy)
{
	_cleanup_names_ struct names allowed = {};
	_cleanup_free_ const struct rare_path **paths = NULL;
	_cleanup_free_ char *text = NULL;
	size_t count, size = 0, i;
	FILE *out;

	if (!policy)
		completeness_allowed(completeness, &allowed);
	for (i = 0; policy && i < policy->rule_count; i++)
		if (!policy->rules[i].is_refused)
			names_add(&allowed, policy->rules[i].name);
	names_settle(&allowed);
	count = completeness_lacks(completeness, &allowed, &paths);
	if (!count)
		return;
	out = xmemstream(&text, &size);
	for (i = 0; i < count; i++)
		fprintf(out, "%s%s", i ? ", " : "", paths[i]->what);
	fclose(out);
	hint("no sign of: %s (leastcall show tells how to provoke them)", text);
}

void recordings_tell_completeness(const struct model *model, const char *workload,
				  const struct policy *policy)
{
	_cleanup_completeness_ struct completeness completeness = {};
	_cleanup_free_ char *line = NULL;

	completeness_make(model, workload, &completeness);
	if (!completeness.sample_count)
		return;
	line = completeness_line(&completeness);
	hint("%s", line);
	lacks_hint(&completeness, policy);
}
