/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* The options that say what is recorded, and for how long: of every command that records what runs. */
#include <limits.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "cmd.h"
#include "record.h"

static int pid_parse(const char *command, const char *text, pid_t *ret)
{
	uint64_t value;

	if (!option_number(text, &value) || value < 1 || value > INT_MAX)
		return usage_error(command, "--pid wants a process id, not %s", text);
	*ret = (pid_t)value;
	return 0;
}

int option_seconds(const char *command, const char *option, const char *text, double *ret)
{
	char *end;
	double value = strtod(text, &end);

	if (*end || end == text || !isfinite(value) || value <= 0 || value > 1e9)
		return usage_error(command, "%s wants seconds, not %s", option, text);
	*ret = value;
	return 0;
}

static int name_take(const char *command, const char *option, const char *text, const char **ret)
{
	if (!*text)
		return usage_error(command, "%s wants a name", option);
	if (*ret)
		return usage_error(command, "%s goes once: %s and %s are two targets", option, *ret,
				   text);
	*ret = text;
	return 0;
}

int target_option_take(const char *command, struct record_options *options, int option)
{
	switch (option) {
	case TARGET_CONTAINER:
		return name_take(command, "--container", optarg, &options->container);
	case TARGET_POD:
		if (!strchr(optarg, '/'))
			return usage_error(command, "--pod wants NAMESPACE/NAME, not %s", optarg);
		return name_take(command, "--pod", optarg, &options->pod);
	case TARGET_UNIT:
		return name_take(command, "--unit", optarg, &options->unit);
	case TARGET_CGROUP:
		return name_take(command, "--cgroup", optarg, &options->cgroup);
	case TARGET_PID:
		return pid_parse(command, optarg, &options->pid);
	case TARGET_DURATION:
		return option_seconds(command, "--duration", optarg, &options->duration);
	case TARGET_ALL:
		options->all = true;
		return 0;
	case TARGET_SPLIT:
		options->split = true;
		return 0;
	case TARGET_WAIT:
		options->wait = true;
		return 0;
	case TARGET_BTF:
		options->btf = optarg;
		return 0;
	default:
		return -1;
	}
}

int target_options_count(const struct record_options *options)
{
	return !!options->container + !!options->pod + !!options->unit + !!options->cgroup +
	       !!options->pid + options->all + !!options->command;
}

int target_options_check(const char *command, const struct record_options *options)
{
	bool comes = options->container || options->pod || options->unit || options->cgroup;

	if (target_options_count(options) > 1)
		return usage_error(command, "one target at a time, please");
	if (options->split && !options->cgroup)
		return usage_error(command, "--split goes with --cgroup");
	if (options->wait && !comes)
		return usage_error(command, "--wait goes with --container, --pod, --unit or "
					    "--cgroup");
	return 0;
}
