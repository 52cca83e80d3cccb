/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* The version of apparmor_parser(8), the files of features beside its profiles, and abstractions. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "apparmor_ask.h"
#include "ask.h"
#include "cmd.h"
#include "emit/emit.h"

/* "AppArmor parser version 3.0.8" */
static unsigned int version_parse(const char *text)
{
	unsigned int major, minor;
	const char *number = strstr(text, "version ");

	if (!number || sscanf(number, "version %3u.%2u", &major, &minor) != 2)
		return 0;
	return major * 100 + minor;
}

void apparmor_ask(struct apparmor_options *options)
{
	/* It is an administrator's: not in everybody's PATH. */
	static const char *const names[] = {"apparmor_parser", "/usr/sbin/apparmor_parser",
					    "/sbin/apparmor_parser"};
	static const char *const env[] = {"LC_ALL=C", NULL};
	const char *abi = apparmor_abi_name(options->abi);
	_cleanup_free_ char *path = xasprintf("/etc/apparmor.d/abi/%s", abi);
	size_t i;

	for (i = 0; i < ARRAY_SIZE(names) && !options->parser; i++) {
		const char *const argv[] = {names[i], "--version", NULL};
		_cleanup_free_ char *text = ask(argv, env);

		options->parser = text ? version_parse(text) : 0;
	}
	if (options->parser && access(path, F_OK) < 0)
		hint("AppArmor: there is no %s here: the apparmor_parser of this machine will not "
		     "take a profile with --abi %s",
		     path, abi);
}

int apparmor_abstractions(const char *dir, const char *words, struct aa_abstractions *ret,
			  struct err *err)
{
	_cleanup_free_ char *path = xasprintf("%s/abstractions", dir ? dir : "");

	if (dir && access(path, F_OK) < 0)
		return err_errno(err, -errno, "%s holds no abstractions", dir);
	return aa_abstractions_read(dir ? dir : "/etc/apparmor.d", words ? words : "auto", ret,
				    err);
}
