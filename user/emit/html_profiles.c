/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The profiles in the page, as `leastcall profile` makes them where no AppArmor is installed, and
 * Docker's default beside the first.
 */
#include <stdlib.h>
#include <string.h>

#include "html.h"
#include "policy/summary.h"

/* What could not be said in a profile: a line each. */
static __attribute__((format(printf, 2, 3))) void note_add(void *ctx, const char *format, ...)
{
	FILE *out = ctx;
	va_list args;

	va_start(args, format);
	vfprintf(out, format, args);
	va_end(args);
	fputc('\n', out);
}

static void profile_print(const char *title, const char *text, const char *notes, FILE *out)
{
	fprintf(out, "<details class=\"profile\" data-print><summary>%s</summary>\n", title);
	if (*notes) {
		fputs("<pre class=\"notes\">", out);
		html_raw(notes, out);
		fputs("</pre>\n", out);
	}
	fprintf(out, "<pre class=\"copy\" tabindex=\"0\" role=\"region\" aria-label=\"%s\">",
		title);
	/* Where the first character is a newline, HTML drops it. */
	fputc('\n', out);
	html_raw(text, out);
	fputs("</pre>\n</details>\n", out);
}

static void failure_print(const char *title, const struct err *err, FILE *out)
{
	fprintf(out, "<p>%s: none can be made: ", title);
	html_text(err->text, out);
	fputs(".</p>\n", out);
}

static const char docker_title[] = "Beside Docker's default";
static const char *const docker_columns[] = {"Risk", "Docker's default allows",
					     "of these the profile closes", "the profile allows"};

static void docker_tiers(const struct seccomp_summary *summary, const struct policy *policy,
			 FILE *out)
{
	struct html_column columns[ARRAY_SIZE(docker_columns)];
	enum tier tier;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(columns); i++)
		columns[i] = (struct html_column){.title = docker_columns[i], .is_number = i > 0};
	html_table_begin("System calls by risk: Docker's default and this profile", columns,
			 ARRAY_SIZE(columns), out);
	for (tier = TIER_CRITICAL;; tier--) {
		size_t allowed = 0;

		for (i = 0; i < policy->rule_count; i++)
			allowed += !policy->rules[i].is_refused &&
				   tier_of(policy->rules[i].name) == tier;
		fprintf(out,
			"<tr><th scope=\"row\" data-v=\"%d\"><span class=\"tier "
			"%s\">%s</span></th>",
			(int)tier, tier_name(tier), tier_name(tier));
		html_cell_number(summary->docker_count[tier], out);
		html_cell_number(summary->closed_count[tier], out);
		html_cell_number(allowed, out);
		fputs("</tr>\n", out);
		if (tier == TIER_NONE)
			break;
	}
	html_table_end(out);
}

/* What it allows, and this profile does not: the riskiest first. */
static void docker_beyond(const struct policy *policy, FILE *out)
{
	int tier;
	size_t i;

	fputs("<details data-print><summary>What Docker's default allows beyond this "
	      "profile</summary>\n"
	      "<dl>\n",
	      out);
	for (tier = TIER_CRITICAL; tier >= TIER_NONE; tier--) {
		_cleanup_names_ struct names names = {};

		for (i = 0; i < docker_default_count; i++)
			if ((int)tier_of(docker_default_names[i]) == tier &&
			    !policy_allows(policy, docker_default_names[i]))
				names_add(&names, docker_default_names[i]);
		names_settle(&names);
		if (!names.count)
			continue;
		fprintf(out, "<dt><span class=\"tier %s\">%s</span></dt><dd>", tier_name(tier),
			tier_name(tier));
		html_names(&names, out);
		fputs("</dd>\n", out);
	}
	fputs("</dl></details>\n", out);
}

static void docker_print(struct html *html, const struct policy *policy,
			 const struct seccomp_summary *summary)
{
	FILE *out = html->out;

	if (!summary->has_docker) {
		fputs("<p>Docker's default is compared with recordings of x86-64 alone.</p>\n",
		      out);
		return;
	}
	if (summary->beyond_docker.count) {
		fprintf(out,
			"<p class=\"line\">Called beyond it, or added for what was called (%zu): ",
			summary->beyond_docker.count);
		html_names(&summary->beyond_docker, out);
		fputs("</p>\n", out);
	} else {
		fputs("<p class=\"line\">Docker's default allows all of it.</p>\n", out);
	}
	docker_tiers(summary, policy, out);
	docker_beyond(policy, out);
}

static void seccomp_print(struct html *html, const struct emit_options *options, char *const *notes)
{
	static const char title[] = "seccomp profile (OCI runtime-spec JSON)";
	_cleanup_policy_ struct policy policy = {};
	_cleanup_free_ char *text = NULL;
	struct seccomp_summary summary;
	struct err err = {};
	size_t size;
	FILE *file;
	int r = policy_make(html->model, options, &policy, &err);

	if (r) {
		failure_print(title, &err, html->out);
		html_heading(html, "docker", docker_title);
		fputs("<p>There is nothing to compare.</p>\n", html->out);
		return;
	}
	file = xmemstream(&text, &size);
	r = seccomp_emit(&policy, options, file, &err);
	fclose(file);
	fflush(options->warn_ctx);
	seccomp_summarise(&policy, &summary);
	if (r) {
		failure_print(title, &err, html->out);
	} else {
		fprintf(html->out,
			"<p>The seccomp profile allows %zu calls: %zu observed, %zu "
			"added.</p>\n",
			summary.observed + summary.added, summary.observed, summary.added);
		profile_print(title, text, *notes, html->out);
	}
	html_heading(html, "docker", docker_title);
	docker_print(html, &policy, &summary);
	seccomp_summary_drop(&summary);
}

static void apparmor_print(struct html *html, const struct emit_options *options,
			   char *const *notes)
{
	static const char title[] = "AppArmor profile";
	_cleanup_free_ char *text = NULL;
	struct err err = {};
	size_t size;
	FILE *file = xmemstream(&text, &size);
	int r = apparmor_emit(html->model, options, file, &err);

	fclose(file);
	fflush(options->warn_ctx);
	if (r)
		failure_print(title, &err, html->out);
	else
		profile_print(title, text, *notes, html->out);
}

static void noted_print(struct html *html, const char *group,
			void (*print)(struct html *html, const struct emit_options *options,
				      char *const *notes))
{
	struct emit_options options = *html->options;
	char *notes = NULL;
	size_t size;

	options.workload = group;
	options.warn = note_add;
	options.warn_ctx = xmemstream(&notes, &size);
	print(html, &options, &notes);
	fclose(options.warn_ctx);
	free(notes);
}

void html_profiles(struct html *html, const char *group)
{
	html_heading(html, "profiles", "Profiles");
	if (model_incomplete(html->model))
		fputs("<p class=\"alarm\"><strong>The recording is incomplete, and so may these "
		      "be.</strong> "
		      "<code>leastcall profile</code> makes them with "
		      "<code>--allow-incomplete</code> "
		      "only.</p>\n",
		      html->out);
	noted_print(html, group, apparmor_print);
	noted_print(html, group, seccomp_print);
}
