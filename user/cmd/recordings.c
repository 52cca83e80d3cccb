/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Shared by profile, merge and show. Knows no output format. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "cmd.h"
#include "model/text.h"
#include "recordings.h"

int recordings_read(char **paths, int count, struct model **ret, struct err *err)
{
	struct model *model = model_new();
	int i, code = 0;

	for (i = 0; i < count && !code; i++)
		code = model_read(model, paths[i], err);
	if (code) {
		model_free(model);
		return code;
	}
	model_seal(model);
	*ret = model;
	return 0;
}

void recordings_drop(struct model **model)
{
	model_free(*model);
}

char *recordings_lack(const struct model *model)
{
	const struct fact *facts;
	size_t count = model_facts(model, FACT_INCOMPLETE, &facts);
	_cleanup_free_ char *text = NULL;

	if (!count)
		return xstrdup("its last line says so");
	text = text_printable(facts[0].incomplete.text);
	if (count == 1)
		return xasprintf("%.300s", text);
	return xasprintf("%.300s; and %zu more", text, count - 1);
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

int recordings_finish(struct output *out, int code, struct err *err)
{
	if (code) {
		output_abandon(out);
		return code;
	}
	code = output_commit(out, err);
	if (code == -EPIPE)
		err->text[0] = '\0';
	return code;
}

void recordings_summarise_seccomp(const struct model *model, const struct emit_options *options,
				  const char *path)
{
	_cleanup_free_ char *docker = NULL;
	struct seccomp_summary summary;
	bool is_stdout = !path || !strcmp(path, "-");

	seccomp_summarise(model, options, &summary);
	if (summary.has_docker && summary.beyond_docker)
		docker = xasprintf("; Docker's default allows %zu, and lacks %zu of the profile's",
				   docker_default_count, summary.beyond_docker);
	else if (summary.has_docker)
		docker = xasprintf("; Docker's default allows %zu", docker_default_count);
	hint("%s%s: %zu system call%s observed, %zu added%s", is_stdout ? "profile" : "wrote ",
	     is_stdout ? "" : path, summary.observed, summary.observed == 1 ? "" : "s",
	     summary.added, docker ? docker : "");
}
