/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Shared by profile, merge and show. Knows no output format. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cmd.h"
#include "model/text.h"
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

/* "; Docker's default allows 309, and lacks 2 of the profile's: bpf keyctl" */
static char *docker_words(const struct seccomp_summary *summary)
{
	const struct names *lacks = &summary->beyond_docker;
	char *text = NULL;
	size_t size = 0, i;
	FILE *out = summary->has_docker ? open_memstream(&text, &size) : NULL;

	if (!out)
		return xstrdup("");
	fprintf(out, "; Docker's default allows %zu", docker_default_count);
	if (lacks->count)
		fprintf(out, ", and lacks %zu of the profile's:", lacks->count);
	for (i = 0; i < lacks->count && i < DOCKER_LISTED_MAX; i++)
		fprintf(out, " %s", lacks->list[i]);
	if (i < lacks->count)
		fputs(" ...", out);
	fclose(out);
	return text;
}

void recordings_summarise_seccomp(const struct policy *policy, const char *path)
{
	_cleanup_free_ char *docker = NULL, *floor = NULL;
	struct seccomp_summary summary;
	bool is_stdout = !path || !strcmp(path, "-");

	seccomp_summarise(policy, &summary);
	docker = docker_words(&summary);
	floor = xasprintf("added for the container runtime (%s)",
			  runtime_name(summary.whose_floor));
	hint("%s%s: %zu system call%s observed, %zu added%s", is_stdout ? "profile" : "wrote ",
	     is_stdout ? "" : path, summary.observed, summary.observed == 1 ? "" : "s",
	     summary.added, docker);
	names_hint("observed only between the filter and the application's execve",
		   &summary.runtime);
	names_hint("added though denied while recording", &summary.denied);
	names_hint("added always", &summary.always);
	names_hint(floor, &summary.floor);
	names_hint("added in place of others", &summary.family);
	names_hint("answered with ENOSYS, so that the C library falls back", &summary.refused);
	seccomp_summary_drop(&summary);
}
