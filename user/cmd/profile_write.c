/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Which formats leastcall profile has, and how a profile gets where it is to be: a file, a file with
 * another one beside it, or a directory. The profiles themselves are made in emit/.
 */
#include <errno.h>
#include <string.h>

#include "cmd.h"
#include "emit/oci_artifact.h"
#include "model/text.h"
#include "policy/capabilities.h"
#include "profile_write.h"
#include "recordings.h"
#include "superset.h"

const struct format formats[] = {
	{.name = "seccomp", .suffix = ".json", .emit = seccomp_emit},
	{.name = "apparmor", .suffix = ".aa", .takes_name = true},
	{.name = "docker",
	 .suffix = ".json",
	 .emit = docker_emit,
	 .is_for_containers = true,
	 .adds_capabilities = true},
	{.name = "podman",
	 .suffix = ".json",
	 .emit = podman_emit,
	 .is_for_containers = true,
	 .adds_capabilities = true},
	{.name = "k8s",
	 .suffix = ".json",
	 .emit = seccomp_emit,
	 .is_for_containers = true,
	 .beside = kubernetes_manifest_emit,
	 .beside_suffix = ".yaml"},
	{.name = "spo",
	 .suffix = ".yaml",
	 .emit = spo_emit,
	 .is_for_containers = true,
	 .takes_name = true},
	{.name = "oci-artifact",
	 .suffix = ".oci",
	 .emit = seccomp_emit,
	 .is_for_containers = true,
	 .is_directory = true},
	{.name = "systemd", .suffix = ".conf", .emit = systemd_emit, .asks_systemd = true},
	{.name = "minijail", .suffix = ".policy", .emit = minijail_emit},
	{.name = "firejail", .suffix = ".profile", .emit = firejail_emit},
	{.name = "bpf", .suffix = ".bpf", .emit = bpf_emit, .is_binary = true},
	{.name = "c", .suffix = ".c", .emit = c_emit},
	{.name = "pfc", .suffix = ".pfc", .emit = pfc_emit},
	{},
};

static bool is_stdout(const char *path)
{
	return !path || !strcmp(path, "-");
}

/* FILE.json's is FILE.yaml. */
static char *beside_path(const struct format *format, const char *path)
{
	size_t length = strlen(path), end = strlen(format->suffix);

	if (length > end && !strcmp(path + length - end, format->suffix))
		length -= end;
	return xasprintf("%.*s%s", (int)length, path, format->beside_suffix);
}

static int file_write(const struct policy *policy, const struct emit_options *emit,
		      policy_emit_fn *fn, const char *path, struct err *err)
{
	struct output out;
	int r = output_open(&out, path, err);

	if (r)
		return r;
	r = fn(policy, emit, out.file, err);
	return recordings_finish(&out, r, err);
}

/* What a container needs of them: a seccomp profile alone leaves it all that its engine gives it. */
static void capabilities_tell(const struct format *format, const struct capabilities *capabilities)
{
	_cleanup_free_ char *text = NULL;
	const char *sign = format->adds_capabilities ? " --cap-add=" : " ";
	char name[32];
	size_t size;
	uint32_t i;
	FILE *out;

	for (i = 0; i < 64; i++)
		if (capabilities->silent & UINT64_C(1) << i)
			hint("asked for silently, so not counted as used (the kernel goes on "
			     "without): %s",
			     capability_upper_name(i, name));
	if (!capabilities->is_known || !(capabilities->used || format->adds_capabilities))
		return;
	out = xmemstream(&text, &size);
	for (i = 0; i < 64; i++)
		if (capabilities->used & UINT64_C(1) << i)
			fprintf(out, "%s%s%s", sign, capability_upper_name(i, name),
				capabilities->inferred & UINT64_C(1) << i &&
						!format->adds_capabilities
					? " (inferred)"
					: "");
	fclose(out);
	hint("capabilities used:%s%s%s", format->adds_capabilities ? " --cap-drop=ALL" : "", text,
	     capabilities->inferred && format->adds_capabilities ? " (some are inferred)" : "");
}

/* What belongs to the profile at PATH, in a file of its own. */
static int beside_write(const struct policy *policy, const struct profile_options *options,
			const struct capabilities *capabilities, const char *path, struct err *err)
{
	_cleanup_free_ char *beside = NULL;
	struct emit_options emit = options->emit;
	int r;

	if (is_stdout(path)) {
		hint("with -o FILE what the manifest says is written, too: FILE%s",
		     options->format->beside_suffix);
		return 0;
	}
	beside = beside_path(options->format, path);
	if (recordings_include(options->recordings, options->recording_count, beside))
		return err_set(err, -EEXIST, "%.300s is a RECORDING: name another file", beside);
	if (options->explain && !strcmp(options->explain, beside))
		return err_set(err, -EEXIST, "%.300s is where --explain-to goes: name another file",
			       beside);
	emit.file = path_base(path);
	emit.capabilities = capabilities;
	r = file_write(policy, &emit, options->format->beside, beside, err);
	if (!r)
		hint("wrote %s", beside);
	return r;
}

static int artifact_write(const struct policy *policy, const struct emit_options *emit,
			  const char *path, struct err *err)
{
	_cleanup_artifact_ struct artifact artifact = {};

	oci_artifact_make(policy, emit, &artifact);
	return directory_write(path, artifact.files, ARTIFACT_FILES, err);
}

static int explain_write(const struct model *model, const struct policy *policy,
			 const struct profile_options *options, struct err *err)
{
	struct output out;
	int r = output_open(&out, options->explain, err);

	if (r)
		return r;
	provenance_emit(model, policy, &options->emit, out.file);
	return recordings_finish(&out, 0, err);
}

static int apparmor_write(const struct model *model, const struct profile_options *options,
			  const char *path, struct err *err)
{
	struct emit_options emit = options->emit;
	struct output out, witnesses;
	bool is_empty = false;
	int r = 0;

	if (options->explain)
		r = output_open(&witnesses, options->explain, err);
	if (r)
		return r;
	emit.apparmor.witnesses = options->explain ? witnesses.file : NULL;
	r = output_open(&out, path, err);
	if (!r) {
		r = apparmor_emit(model, &emit, out.file, err);
		is_empty = options->explain && ftello(witnesses.file) == 0;
		/* The profile comes last: where it is there, all of it is. */
		if (options->explain)
			r = recordings_finish(&witnesses, r, err);
		r = recordings_finish(&out, r, err);
	} else if (options->explain) {
		output_abandon(&witnesses);
	}
	if (!r && !is_stdout(path))
		hint("wrote %s", path);
	if (!r && is_empty)
		hint("%s is empty: no rule of the profile has a pattern", options->explain);
	return r;
}

int profile_write(const struct model *model, const struct profile_options *options,
		  const char *path, struct err *err)
{
	const struct emit_options *emit = &options->emit;
	_cleanup_policy_ struct policy policy = {};
	struct capabilities capabilities;
	int r;

	if (!options->format->emit)
		return apparmor_write(model, options, path, err);
	r = policy_make(model, emit, &policy, err);
	if (!r && options->superset_of)
		r = superset_check(&policy, emit, options->superset_of, err);
	if (r)
		return r;
	capabilities_gather(model, policy.workload, &capabilities);
	/* First, as it is no good without the profile, and the profile is without it. */
	if (options->explain)
		r = explain_write(model, &policy, options, err);
	if (r)
		return r;
	if (options->format->is_directory)
		r = artifact_write(&policy, emit, path, err);
	else
		r = file_write(&policy, emit, options->format->emit, path, err);
	if (!r && options->format->beside)
		r = beside_write(&policy, options, &capabilities, path, err);
	if (r)
		return r;
	recordings_summarise_seccomp(&policy, path);
	capabilities_tell(options->format, &capabilities);
	recordings_tell_completeness(model, policy.workload, &policy);
	return 0;
}
