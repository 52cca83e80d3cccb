/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * An AppArmor profile for one workload: every rule stands for something that was recorded, and what
 * can't be a rule stands there as a comment. Syntax of apparmor.d(5) as AppArmor 3.0 reads it, newer
 * abis aside. It puts the parts together: rules for files are apparmor_files.c's, the others
 * apparmor_classes.c's, who executes whom apparmor_children.c's, the comments on top apparmor_head.c's.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "apparmor_children.h"
#include "apparmor_files.h"
#include "apparmor_head.h"
#include "apparmor_include.h"
#include "apparmor_root.h"
#include "apparmor_rules.h"
#include "apparmor_snippet.h"
#include "apparmor_text.h"
#include "policy/call.h"
#include "model/text.h"

#define ROOTS_MAX 16

struct profile {
	const struct model *model;
	const struct emit_options *options;
	const char *workload;
	const struct fact *container; /* its paths are not the host's; NULL: it is none */
	const char *roots[ROOTS_MAX]; /* the commands' own executables */
	size_t root_count;
	bool attached; /* to the roots */
	const char
		*runner; /* a root that is not attached to, for it runs other programs; or NULL */
	char *name;
	char *flags;       /* "flags=(complain) ", or nothing */
	bool disconnected; /* ... for what was seen */
	struct children children;
	struct includes includes;
};

static void profile_warn(const struct profile *profile, const char *words, const char *text)
{
	char *shown = apparmor_comment(text);

	if (profile->options->warn)
		profile->options->warn(profile->options->warn_ctx, "AppArmor: %s: %s", words,
				       shown);
	free(shown);
}

static bool root_known(const struct profile *profile, const char *path)
{
	size_t i;

	for (i = 0; i < profile->root_count; i++)
		if (!strcmp(profile->roots[i], path))
			return true;
	return false;
}

static void roots_gather(struct profile *profile)
{
	const struct fact *facts;
	size_t count = model_facts(profile->model, FACT_WORKLOAD, &facts), i;

	profile->attached = !profile->options->name;
	/* Without roots it is attached to nothing. */
	for (i = 0; i < count && !profile->container; i++) {
		const char *root = facts[i].workload_.root;
		_cleanup_free_ char *word = NULL;

		if (!root || !workload_is(&facts[i], profile->workload) ||
		    root_known(profile, root))
			continue;
		word = apparmor_path_literal(root);
		if (!word || profile->root_count == ROOTS_MAX) {
			profile_warn(profile, "cannot attach to", root);
			profile->attached = false;
			continue;
		}
		if (profile->attached && root_runs_others(root)) {
			profile->runner = root;
			profile->attached = false;
		}
		profile->roots[profile->root_count++] = root;
	}
	/* Several values become {A,B}, where a comma in one would make two of it. */
	for (i = 0; i < profile->root_count && profile->root_count > 1; i++) {
		if (!strchr(profile->roots[i], ','))
			continue;
		profile_warn(profile, "cannot attach to several programs and", profile->roots[i]);
		profile->attached = false;
	}
	if (!profile->root_count)
		profile->attached = false;
}

/*
 * From --name, else the executable where all runs agree on its last part and it is the program
 * itself, else the workload; a container's must not be taken for that of a program of the host.
 */
static int name_choose(struct profile *profile, struct err *err)
{
	const char *name = profile->options->name;
	const char *text = profile->root_count ? path_base(profile->roots[0]) : profile->workload;
	_cleanup_free_ char *own = NULL;
	size_t i;

	if (name && !apparmor_name_valid(name))
		return err_set(
			err, -EINVAL,
			"\"%s\" cannot be a profile's name: letters, digits, . _ and - "
			"only, not starting with . or -, at most 100, and not \"unconfined\"",
			name);
	for (i = 1; i < profile->root_count; i++)
		if (strcmp(path_base(profile->roots[i]), text) != 0)
			text = profile->workload;
	if (profile->root_count && root_runs_others(profile->roots[0]))
		text = profile->workload;
	own = apparmor_name(text);
	if (name)
		profile->name = xstrdup(name);
	else
		profile->name = xasprintf("%s%s", profile->container ? "leastcall-" : "", own);
	return 0;
}

/* Of the files that were used: what a flag of the profile is for. */
struct evidence {
	bool disconnected; /* of a mount in no, or in another mount namespace; a message queue */
	bool deleted;      /* without a name, and linked, mapped or executed */
};

static struct evidence evidence_gather(const struct profile *profile)
{
	const uint32_t needs_name = PERM_EXEC | PERM_LINK | PERM_MAP;
	struct evidence found = {};
	const struct fact *facts;
	size_t count = model_facts(profile->model, FACT_FILE, &facts), i;

	for (i = 0; i < count; i++) {
		if (!fact_counts(&facts[i], profile->workload, PHASES_APPLICATION))
			continue;
		found.disconnected |= facts[i].file.flags & (PATH_FOREIGN | PATH_DETACHED);
		found.deleted |=
			facts[i].file.flags & PATH_DELETED && facts[i].file.perms & needs_name;
	}
	count = model_facts(profile->model, FACT_OPERATION, &facts);
	for (i = 0; i < count; i++) {
		if (!fact_counts(&facts[i], profile->workload, PHASES_APPLICATION))
			continue;
		found.disconnected |= facts[i].operation.op == OP_MQUEUE;
		found.deleted |=
			facts[i].operation.flags & PATH_DELETED &&
			(facts[i].operation.op == OP_LINK || facts[i].operation.op == OP_EXEC);
	}
	return found;
}

/* "flags=(...) ", or nothing. A container's root is mounted by its runtime, elsewhere. */
static void flags_make(struct profile *profile)
{
	struct evidence found = evidence_gather(profile);
	bool disconnected = found.disconnected || profile->container;
	bool deleted = found.deleted || profile->container;
	bool complain = profile->options->apparmor.complain;

	profile->flags = xasprintf(
		"%s%s%s%s%s%s%s", disconnected || deleted || complain ? "flags=(" : "",
		disconnected ? "attach_disconnected" : "",
		disconnected && (deleted || complain) ? ", " : "", deleted ? "mediate_deleted" : "",
		deleted && complain ? ", " : "", complain ? "complain" : "",
		disconnected || deleted || complain ? ") " : "");
	profile->disconnected = found.disconnected;
}

/* Who may stop the container: the templates of moby, containerd and containers/common. */
static void runtime_print(const struct profile *profile, FILE *out)
{
	if (!profile->container)
		return;
	fputs("\n  # the runtime's, to stop the container\n"
	      "  signal (receive) peer={unconfined,runc,crun},\n",
	      out);
	if (!strcmp(profile->container->workload_.engine, "podman"))
		fputs("  signal (receive) peer={/usr/bin/,/usr/sbin/,}podman,\n", out);
}

/* How a rule calls the workload's own tasks. The caller frees it. */
static char *self_make(const struct profile *profile)
{
	if (!profile->children.count)
		return xstrdup("@{profile_name}");
	if (profile->options->apparmor.children == CHILDREN_PROFILE)
		return xasprintf("%s{,//*}", profile->name);
	return xasprintf("{%s,unconfined}", profile->name);
}

/* The rules for the executables of `exes`, or for all but `not_exes`. */
static void rules_write(const struct profile *profile, const struct child *child,
			const struct names *exes, const struct names *not_exes, FILE *out)
{
	struct child_asks asks = {&profile->children, child};
	_cleanup_free_ char *self = self_make(profile), *text = NULL;
	struct class_rules rules = {.model = profile->model,
				    .workload = profile->workload,
				    .options = profile->options,
				    .exes = exes,
				    .not_exes = not_exes,
				    .self = self,
				    .has_base = profile->includes.has_base};
	struct file_rules files = {.model = profile->model,
				   .workload = profile->workload,
				   .options = profile->options,
				   .roots = child ? &child->exe : profile->roots,
				   .root_count = child ? 1 : profile->root_count,
				   .attached = !child && profile->attached,
				   .exes = exes,
				   .not_exes = not_exes,
				   .exec_words = exes || not_exes ? children_exec : NULL,
				   .exec_ctx = &asks};
	size_t size;
	FILE *body = xmemstream(&text, &size);
	bool includes;

	class_rules_gather(&rules);
	file_rules_gather(&files);
	includes = includes_print(&profile->includes, &files, out);
	class_rules_print(&rules, body);
	if (!child)
		runtime_print(profile, body);
	file_rules_print(&files, body);
	if (profile->options->apparmor.witnesses)
		apparmor_glob_witnesses(&files, profile->options->apparmor.witnesses);
	fclose(body);
	/* No blank line on top. */
	fputs(text + (!includes && *text == '\n'), out);
	class_rules_drop(&rules);
	file_rules_drop(&files);
}

/* A profile within the profile: its lines, further in. */
static void child_print(const struct profile *profile, const struct child *child, FILE *out)
{
	_cleanup_names_ struct names exes = {};
	_cleanup_free_ char *text = NULL;
	char *line, *next;
	size_t size;
	FILE *lines = xmemstream(&text, &size);

	names_add(&exes, child->exe);
	names_settle(&exes);
	rules_write(profile, child, &exes, NULL, lines);
	fclose(lines);
	fprintf(out, "\n  profile %s %s{\n", child->name, profile->flags);
	for (line = text; *line; line = next) {
		next = strchr(line, '\n') + 1;
		fprintf(out, "%s%.*s", *line == '\n' ? "" : "  ", (int)(next - line), line);
	}
	fputs("  }\n", out);
}

static void children_warn(const struct profile *profile)
{
	const struct names *exes = &profile->children.exes;
	_cleanup_free_ char *list = names_shown(exes->list, exes->count);

	if (!exes->count || !profile->options->warn)
		return;
	if (profile->options->apparmor.children == CHILDREN_UNCONFINED)
		profile_warn(profile,
			     "these run unconfined, free to do what the profile does not "
			     "allow",
			     list);
	else
		profile_warn(
			profile,
			"what its parent opened and handed down is in no recording of a child: "
			"try their profiles with --complain first",
			list);
}

static void attachment_print(const struct profile *profile, FILE *out)
{
	_cleanup_free_ char *name = root_started_as(profile->model, profile->workload);
	size_t i;

	if (!profile->attached) {
		fprintf(out,
			"# Attached to no executable: start with aa-exec -p %s, or name it to a "
			"container runtime.\n",
			profile->name);
		return;
	}
	if (name)
		fprintf(out,
			"# Started as %s: what counts is the executable, whatever name leads to "
			"it.\n",
			name);
	fputs("@{exec_path} =", out);
	for (i = 0; i < profile->root_count; i++) {
		_cleanup_free_ char *word = apparmor_path_literal(profile->roots[i]);

		fprintf(out, " %s", word);
	}
	fputs("\n\n", out);
}

/* What to do where loading the profile is not enough, or what it is named to will not go with it. */
static void use_tell(const struct profile *profile)
{
	const struct emit_options *options = profile->options;
	enum apparmor_use use = options->apparmor.use;

	if (use == USE_PROFILE && profile->runner && options->hint)
		options->hint(options->warn_ctx,
			      "AppArmor: profile %s is attached to no program, for all that %s "
			      "runs would be confined: start with aa-exec -p %s -- COMMAND (--name "
			      "gives it another name)",
			      profile->name, profile->runner, profile->name);
	if ((use == USE_DOCKER || use == USE_KUBERNETES) && !profile->container)
		profile_warn(profile,
			     "recorded on the host, whose paths it has; for a container record one",
			     profile->workload);
}

static void profile_print(const struct profile *profile, FILE *out)
{
	const struct children *children = &profile->children;
	size_t i;

	fprintf(out, "\nabi <abi/%s>,\ninclude <tunables/global>\n\n",
		apparmor_abi_name(profile->options->apparmor.abi));
	attachment_print(profile, out);
	if (profile->disconnected)
		fputs("# attach_disconnected: files without a path from the root were used. Not "
		      "safe: "
		      "apparmor.d(5).\n",
		      out);
	fprintf(out, "profile %s %s%s{\n", profile->name, profile->attached ? "@{exec_path} " : "",
		profile->flags);
	rules_write(profile, NULL, NULL, children->count ? &children->exes : NULL, out);
	if (profile->options->apparmor.children == CHILDREN_PROFILE)
		for (i = 0; i < children->count; i++)
			child_print(profile, &children->list[i], out);
	fprintf(out, "\n  include if exists <local/%s>\n}\n", profile->name);
}

static void profile_drop(struct profile *profile)
{
	free(profile->name);
	free(profile->flags);
	children_drop(&profile->children);
	includes_close(&profile->includes);
}
#define _cleanup_profile_ __attribute__((cleanup(profile_drop)))

int apparmor_emit(const struct model *model, const struct emit_options *options, FILE *out,
		  struct err *err)
{
	_cleanup_free_ char *workload = NULL;
	_cleanup_profile_ struct profile profile = {.model = model, .options = options};
	int r = workload_choose(model, options, &workload, err);

	if (r)
		return r;
	profile.workload = workload;
	profile.container = workload_container(model, workload);
	roots_gather(&profile);
	r = name_choose(&profile, err);
	if (r)
		return r;
	use_tell(&profile);
	if (options->apparmor.use != USE_PROFILE) {
		apparmor_snippet_print(options->apparmor.use, profile.name, out);
		return 0;
	}
	r = children_gather(model, profile.workload, profile.roots, profile.root_count,
			    profile.name, options->apparmor.children, &profile.children, err);
	if (r)
		return r;
	r = apparmor_head_print(model, options, profile.workload, out, err);
	if (r)
		return r;
	children_warn(&profile);
	flags_make(&profile);
	includes_open(options, &profile.includes);
	profile_print(&profile, out);
	return 0;
}
