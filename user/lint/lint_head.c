/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * What a profile says of all calls: its default, its architectures and its flags. Knows no rule.
 */
#include "lint_internal.h"

/* Words that profiles have and libseccomp, or this tool, has no use for. */
static const char *const archs_new[] = {"SCMP_ARCH_LOONGARCH64", "SCMP_ARCH_M68K", "SCMP_ARCH_SH",
					"SCMP_ARCH_SHEB"};

static void default_read(struct linter *linter)
{
	const struct node *node = node_member(linter->top, "defaultAction");
	enum lint_reader reader = linter->lint->reader;

	linter->default_node = node;
	/* Docker's own way to say that nothing is filtered. */
	if (node && node->kind == NODE_STRING && !*node->text && reader != READER_RUNTIME &&
	    reader != READER_K8S && !node_count(node_member(linter->top, "syscalls"))) {
		lint_add(linter->lint, LINT_FILTERS_NOTHING, node->offset,
			 "no action and no rules: this switches seccomp off");
		return;
	}
	if (!node || node->kind == NODE_STRING)
		linter->has_default =
			lint_action(linter, linter->top, "defaultAction", "defaultErrnoRet",
				    &linter->default_action, &linter->has_default_errno);
	if (!node)
		lint_add(linter->lint, LINT_DEFAULT_MISSING, linter->top->offset,
			 "\"defaultAction\" is missing: what becomes of a call that no rule names? "
			 "Usual is \"defaultAction\": \"SCMP_ACT_ERRNO\"; without it runc and crun "
			 "refuse the profile");
	if (linter->has_default && linter->default_action == SCMP_ACT_NOTIFY)
		lint_add(linter->lint, LINT_NOTIFY_PLACE, node->offset,
			 "SCMP_ACT_NOTIFY cannot be the default: runc refuses it");
}

static void arch_read(struct linter *linter, const struct node *node)
{
	_cleanup_free_ char *longer = NULL;
	const char *nearest;
	uint32_t token;
	size_t i;
	int abi;

	if (node->kind != NODE_STRING) {
		lint_add(linter->lint, LINT_WRONG_TYPE, node->offset,
			 "an architecture is a string, as \"SCMP_ARCH_X86_64\"");
		return;
	}
	for (abi = 0; abi < ABI_COUNT; abi++)
		linter->abis[abi] |= !strcmp(node->text, abi_scmp_name((enum abi)abi));
	if (!strcmp(node->text, "SCMP_ARCH_RISCV64"))
		lint_add(linter->lint, LINT_ARCH_NEW, node->offset,
			 "runc 1.1 refuses SCMP_ARCH_RISCV64, on any machine");
	else if (!strcmp(node->text, "SCMP_ARCH_X32"))
		lint_add(linter->lint, LINT_ARCH_X32, node->offset,
			 "hardly a kernel or a program has x32: leave it out");
	if (profile_word_value(node->text, profile_archs, profile_arch_count, &token))
		return;
	longer = xasprintf("SCMP_ARCH_%.60s", node->text);
	if (profile_word_value(longer, profile_archs, profile_arch_count, &token)) {
		lint_add(linter->lint, LINT_ARCH_PREFIX, node->offset,
			 "\"%.60s\" is written \"%s\": crun takes it, runc refuses it", node->text,
			 longer);
		return;
	}
	for (i = 0; i < ARRAY_SIZE(archs_new); i++) {
		if (strcmp(archs_new[i], node->text) != 0)
			continue;
		lint_add(linter->lint, LINT_ARCH_NEW, node->offset,
			 "runc 1.1, and libseccomp 2.5, refuse %s, on any machine", archs_new[i]);
		return;
	}
	nearest = profile_word_nearest(node->text, profile_archs, profile_arch_count);
	if (!strcmp(node->text, "SCMP_ARCH_NATIVE"))
		lint_add(linter->lint, LINT_ARCH_NATIVE, node->offset,
			 "runc and crun refuse SCMP_ARCH_NATIVE: name the architecture, as "
			 "\"SCMP_ARCH_X86_64\"; the machine's own is always in");
	else
		lint_add(linter->lint, LINT_ARCH_UNKNOWN, node->offset,
			 "there is no architecture \"%.60s\"%s%s%s", node->text,
			 nearest ? ": is \"" : "", nearest ? nearest : "",
			 nearest ? "\" meant?" : "");
}

static void archs_read(struct linter *linter)
{
	bool has_map =
		linter->lint->reader == READER_DOCKER || linter->lint->reader == READER_PODMAN;
	const struct node *list = node_member(linter->top, "architectures"), *node, *sub;
	const struct node *map = has_map ? node_member(linter->top, "archMap") : NULL;
	uint32_t token;

	for (node = list ? list->child : NULL; node; node = node->next)
		arch_read(linter, node);
	linter->has_archs = node_count(list) > 0;
	for (node = map ? map->child : NULL; node; node = node->next) {
		const struct node *arch = node_member(node, "architecture");

		/* Of this machine: the others' entries are not used here. */
		if (!arch || arch->kind != NODE_STRING ||
		    !profile_word_value(arch->text, profile_archs, profile_arch_count, &token) ||
		    token != seccomp_arch_native())
			continue;
		linter->has_archs = true;
		for (int abi = 0; abi < ABI_COUNT; abi++)
			linter->abis[abi] |= abi_scmp_token((enum abi)abi) == token;
		sub = node_member(node, "subArchitectures");
		for (sub = sub ? sub->child : NULL; sub; sub = sub->next)
			arch_read(linter, sub);
	}
	if (!linter->has_archs)
		for (int abi = 0; abi < ABI_COUNT; abi++)
			linter->abis[abi] = abi_scmp_token((enum abi)abi) == seccomp_arch_native();
}

void lint_archs(struct linter *linter)
{
	const struct node *list = node_member(linter->top, "architectures");
	size_t place = list ? list->offset : linter->top->offset;
	bool denies_little = linter->has_default && action_allows(linter->default_action);

	if (!linter->has_archs && (!list || list->kind == NODE_ARRAY))
		lint_add(linter->lint, LINT_ARCH_MISSING, place,
			 "no \"architectures\": the machine's own one is filtered, and programs of "
			 "every other one are killed, 32-bit ones among them");
	if (linter->abis[ABI_I386] && !linter->abis[ABI_X86_64])
		lint_add(linter->lint, LINT_ARCH_FOREIGN, place,
			 "SCMP_ARCH_X86 without SCMP_ARCH_X86_64: a 64-bit machine's own calls are "
			 "filtered, too, by the same names");
	if (!linter->abis[ABI_X86_64] || linter->abis[ABI_I386])
		return;
	if (denies_little)
		lint_add(linter->lint, LINT_ARCH_KILLS, place,
			 "32-bit programs are killed, though %.60s denies nothing: add "
			 "\"SCMP_ARCH_X86\"",
			 linter->default_node->text);
}

static void flags_read(struct linter *linter)
{
	const struct node *list = node_member(linter->top, "flags"), *node;
	const char *nearest;
	uint32_t flag;

	for (node = list ? list->child : NULL; node; node = node->next) {
		bool is_text = node->kind == NODE_STRING;

		if (is_text &&
		    profile_word_value(node->text, profile_flags, profile_flag_count, &flag))
			continue;
		nearest = is_text ? profile_word_nearest(node->text, profile_flags,
							 profile_flag_count)
				  : NULL;
		lint_add(linter->lint, LINT_FLAG_UNKNOWN, node->offset,
			 "there is no such flag: runc and crun refuse it%s%s%s",
			 nearest ? "; is \"" : "", nearest ? nearest : "",
			 nearest ? "\" meant?" : "");
	}
	if (list && list->child)
		lint_add(linter->lint, LINT_FLAG_OLD, list->key_offset,
			 "runc 1.1 refuses every profile with flags in it");
}

void lint_head(struct linter *linter)
{
	default_read(linter);
	archs_read(linter);
	flags_read(linter);
}
