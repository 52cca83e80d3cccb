/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* The targets as a table and as JSON. It reads nothing of the system. */
#include <stdlib.h>
#include <string.h>

#include <cjson/cJSON.h>

#include "model/json.h"
#include "model/text.h"
#include "targets.h"

/* ---- the table --------------------------------------------------------------------------- */

enum column {
	COLUMN_KIND,
	COLUMN_NAME,
	COLUMN_IMAGE,
	COLUMN_POD,
	COLUMN_SECCOMP,
	COLUMN_APPARMOR,
	COLUMN_ID,
	COLUMN_CGROUP,
	COLUMNS
};

/* proc_pid_status(5). */
static const char *const seccomp_modes[] = {"off", "strict", "filter"};

static const char *kind_text(const struct target *target)
{
	if (target->rank == RANK_SANDBOX)
		return "sandbox";
	return engine_name(target->identity.engine) ?: "cgroup";
}

static char *seccomp_text(const struct target *target)
{
	int mode = target->oldest.seccomp;

	if (target->mixed_seccomp)
		return xstrdup("mixed");
	if (mode < 0 || mode >= (int)ARRAY_SIZE(seccomp_modes))
		return NULL;
	return target->oldest.filters
		       ? xasprintf("%s %u", seccomp_modes[mode], target->oldest.filters)
		       : xstrdup(seccomp_modes[mode]);
}

static char *printable(const char *text)
{
	return text ? text_printable(text) : NULL;
}

/* NULL in ret: there is none. */
static void row_fill(const struct target *target, char *ret[COLUMNS])
{
	const struct identity *identity = &target->identity;

	ret[COLUMN_KIND] = xstrdup(kind_text(target));
	ret[COLUMN_NAME] = !identity->name && identity->engine ? xstrdup("(not known)")
							       : printable(identity->name);
	ret[COLUMN_IMAGE] = printable(identity->image);
	ret[COLUMN_POD] = printable(identity->pod);
	ret[COLUMN_SECCOMP] = seccomp_text(target);
	ret[COLUMN_APPARMOR] =
		target->mixed_apparmor ? xstrdup("mixed") : printable(target->oldest.apparmor);
	ret[COLUMN_ID] = identity->id ? xasprintf("%.12s", identity->id) : NULL;
	ret[COLUMN_CGROUP] = printable(target->path);
}

/* Columns on a terminal: characters, not bytes. */
static int width_of(const char *text)
{
	int width = 0;

	for (; *text; text++)
		width += (*text & 0xc0) != 0x80;
	return width;
}

void targets_print_table(const struct survey *survey)
{
	static const char *const heads[COLUMNS] = {"KIND",    "NAME",     "IMAGE", "POD",
						   "SECCOMP", "APPARMOR", "ID",    "CGROUP"};
	char *(*rows)[COLUMNS] = xcalloc(survey->count + 1, sizeof(*rows));
	int widths[COLUMNS] = {};
	size_t count = 1;

	for (int column = 0; column < COLUMNS; column++)
		rows[0][column] = xstrdup(heads[column]);
	for (size_t i = 0; i < survey->count; i++) {
		if (target_is_shown(survey, &survey->targets[i]))
			row_fill(&survey->targets[i], rows[count++]);
	}
	for (size_t i = 0; i < count; i++) {
		for (int column = 0; column < COLUMNS; column++) {
			int width = width_of(rows[i][column] ?: "-");

			widths[column] = width > widths[column] ? width : widths[column];
		}
	}
	for (size_t i = 0; i < count; i++) {
		for (int column = 0; column < COLUMNS; column++) {
			const char *text = rows[i][column] ?: "-";
			int pad = column + 1 < COLUMNS ? widths[column] - width_of(text) + 2 : 0;

			printf("%s%*s", text, pad, "");
			free(rows[i][column]);
		}
		putchar('\n');
	}
	free(rows);
}

/* ---- JSON -------------------------------------------------------------------------------- */

static void json_text(cJSON *row, const char *key, const char *text)
{
	if (text)
		cJSON_AddStringToObject(row, key, text);
	else
		cJSON_AddNullToObject(row, key);
}

static cJSON *target_json(const struct target *target)
{
	const struct identity *identity = &target->identity;
	int mode = target->oldest.seccomp;
	cJSON *row = cJSON_CreateObject();

	json_text(row, "kind", kind_text(target));
	json_text(row, "engine", engine_name(identity->engine));
	json_text(row, "name", target->rank == RANK_CGROUP ? target->path : identity->name);
	json_text(row, "image", identity->image);
	json_text(row, "pod", identity->pod);
	json_text(row, "container", identity->container);
	json_text(row, "id", identity->id);
	json_text(row, "cgroup", target->path);
	cJSON_AddNumberToObject(row, "processes", (double)target->processes);
	json_text(row, "seccomp",
		  mode >= 0 && mode < (int)ARRAY_SIZE(seccomp_modes) ? seccomp_modes[mode] : NULL);
	cJSON_AddNumberToObject(row, "filters", target->oldest.filters);
	json_text(row, "apparmor", target->oldest.apparmor);
	cJSON_AddBoolToObject(row, "mixed", target->mixed_seccomp || target->mixed_apparmor);
	return row;
}

void targets_print_json(const struct survey *survey)
{
	_cleanup_free_ char *mount =
		text_escape(survey->hierarchy->mount, strlen(survey->hierarchy->mount));
	cJSON *root = cJSON_CreateObject(), *hierarchy, *list;

	hierarchy = cJSON_AddObjectToObject(root, "hierarchy");
	json_text(hierarchy, "mount", mount);
	json_text(hierarchy, "controller", survey->hierarchy->controller);
	list = cJSON_AddArrayToObject(root, "targets");
	for (size_t i = 0; i < survey->count; i++) {
		if (target_is_shown(survey, &survey->targets[i]))
			cJSON_AddItemToArray(list, target_json(&survey->targets[i]));
	}
	json_print(root, stdout);
	cJSON_Delete(root);
}
