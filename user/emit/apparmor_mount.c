/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Rules for mounting: one for each call that was seen, with its flags as the kernel holds them against
 * a rule (security/apparmor/mount.c): what a bind mount or a change of propagation is called with
 * beside that is not looked at. A flag without a word makes a comment of the rule.
 */
#include <stdlib.h>
#include <sys/mount.h>

#include "apparmor_rules.h"

#define PROPAGATION (MS_SHARED | MS_PRIVATE | MS_SLAVE | MS_UNBINDABLE)
#define KERNELS_OWN (1u << 22 | 1u << 28 | 1u << 29 | 1u << 30) /* AA_MS_IGNORE_MASK */
#define NOSYMFOLLOW (1u << 8)
#define LAZYTIME    (1u << 25)

/* "(rw, rbind)"; NULL where one of them has no word. */
static char *flags_text(const struct class_rules *rules, uint32_t flags)
{
	bool is_recursive = flags & MS_REC;
	const char *read_only = flags & MS_RDONLY ? "ro" : "rw";
	uint32_t wordless = 0, bit;
	_cleanup_free_ char *text = NULL;
	size_t size;
	FILE *out = xmemstream(&text, &size);

	if (rules->options->apparmor.abi < APPARMOR_ABI_4_0)
		wordless = flags & (NOSYMFOLLOW | LAZYTIME);
	if (is_recursive && !(flags & (MS_BIND | PROPAGATION)))
		wordless |= MS_REC;
	fprintf(out, "(%s", read_only);
	for (bit = 1; bit < 32; bit++) {
		uint32_t flag = flags & 1u << bit;

		if (!flag || flag == MS_REC)
			continue;
		if (mount_flag_name(bit))
			fprintf(out, ", %s%s",
				is_recursive && flag & (MS_BIND | PROPAGATION) ? "r" : "",
				mount_flag_name(bit));
		else
			wordless |= flag;
	}
	fputc(')', out);
	fclose(out);
	return wordless ? NULL : take(text);
}

/* The flags that the rule is held against, and whether the source and the type are, too. */
static uint32_t flags_of(const struct fact *mount, bool *ret_has_source, bool *ret_has_type)
{
	uint32_t flags = (uint32_t)mount->operation.number & ~KERNELS_OWN;

	*ret_has_source =
		!(flags & (MS_REMOUNT | PROPAGATION)) || (!(flags & MS_REMOUNT) && flags & MS_BIND);
	*ret_has_type = false;
	if (flags & MS_REMOUNT)
		return flags & ~MS_REMOUNT;
	if (flags & MS_BIND)
		return flags & (MS_BIND | MS_REC);
	if (flags & PROPAGATION)
		return flags & (PROPAGATION | MS_REC | MS_SILENT);
	if (flags & MS_MOVE)
		return MS_MOVE;
	*ret_has_type = true;
	return flags;
}

/* A path that could not be resolved has a rule as it was spelled. */
static const char *doubt_remark(const struct fact *fact)
{
	return fact->operation.flags & PATH_UNRESOLVED ? "not resolved" : NULL;
}

/* " SOURCE": a path, or any word where only a type reads it. NULL: it is a note now. */
static char *source_text(struct class_rules *rules, const struct fact *mount, bool is_path)
{
	const char *source = mount->operation.source;
	_cleanup_free_ char *word = NULL;

	if (!source && !is_path)
		return xstrdup("");
	if (is_path || *source == '/')
		word = class_path(rules, mount, source, PATH_UNRESOLVED);
	else
		word = class_word(source);
	return word ? xasprintf(" %s", word) : NULL;
}

static void mount_add(struct class_rules *rules, const struct fact *mount)
{
	_cleanup_free_ char *target = NULL, *source = NULL, *type = NULL, *words = NULL;
	bool has_source, has_type;
	uint32_t flags = flags_of(mount, &has_source, &has_type);

	target = class_path(rules, mount, mount->operation.target, PATH_UNRESOLVED);
	if (!target)
		return;
	words = flags_text(rules, flags);
	if (!words) {
		class_add(rules, RULE_NOTE, NULL,
			  "mount: on %s: no word with this abi for one of the flags 0x%x", target,
			  flags);
		return;
	}
	if (mount->operation.number & MS_REMOUNT) {
		class_add(rules, RULE_MOUNT, doubt_remark(mount), "remount options=%s %s", words,
			  target);
		return;
	}
	source = has_source ? source_text(rules, mount, !has_type) : xstrdup("");
	if (!source)
		return;
	type = has_type ? class_word(mount->operation.detail ? mount->operation.detail : "") : NULL;
	if (has_type && type && *type)
		class_add(rules, RULE_MOUNT, doubt_remark(mount),
			  "mount fstype=%s options=%s%s -> %s", type, words, source, target);
	else if (has_type)
		class_add(rules, RULE_NOTE, NULL, "mount: on %s: the type is not known", target);
	else
		class_add(rules, RULE_MOUNT, doubt_remark(mount), "mount options=%s%s -> %s", words,
			  source, target);
}

/* A mount that was nowhere has no path: the kernel looks at where it goes (from 6.17 on). */
static void move_add(struct class_rules *rules, const struct fact *move)
{
	bool is_detached = !move->operation.source || move->operation.flags & PATH_DETACHED;
	_cleanup_free_ char *source = NULL, *target = NULL;

	target = class_path(rules, move, move->operation.target, PATH_DETACHED | PATH_UNRESOLVED);
	source = is_detached ? xstrdup("")
			     : class_path(rules, move, move->operation.source, PATH_UNRESOLVED);
	if (target && source)
		class_add(rules, RULE_MOUNT,
			  is_detached ? "from nowhere: fsmount(2), open_tree(2)"
				      : doubt_remark(move),
			  "mount options=(rw, move)%s%s -> %s", *source ? " " : "", source, target);
}

static void pivot_add(struct class_rules *rules, const struct fact *pivot)
{
	_cleanup_free_ char *put =
		class_path(rules, pivot, pivot->operation.source, PATH_UNRESOLVED);
	_cleanup_free_ char *root =
		class_path(rules, pivot, pivot->operation.target, PATH_UNRESOLVED);

	if (put && root)
		class_add(rules, RULE_MOUNT, doubt_remark(pivot), "pivot_root oldroot=%s %s", put,
			  root);
}

void class_mount_add(struct class_rules *rules)
{
	const struct fact *fact;
	size_t at = 0;

	while ((fact = class_next(rules, FACT_OPERATION, &at))) {
		_cleanup_free_ char *target = NULL;

		switch (fact->operation.op) {
		case OP_MOUNT:
			mount_add(rules, fact);
			break;
		case OP_MOVE_MOUNT:
			move_add(rules, fact);
			break;
		case OP_PIVOT_ROOT:
			pivot_add(rules, fact);
			break;
		case OP_UMOUNT:
			target = class_path(rules, fact, fact->operation.target, PATH_UNRESOLVED);
			if (target)
				class_add(rules, RULE_MOUNT, doubt_remark(fact), "umount %s",
					  target);
			break;
		default:
			break;
		}
	}
}
