/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* systemd-analyze syscall-filter. What its text means is emit/systemd_groups.c's. */
#include "ask.h"
#include "systemd_ask.h"
#include "util/util.h"

void systemd_ask(struct systemd_groups *ret)
{
	static const char *const argv[] = {"systemd-analyze", "--no-pager", "syscall-filter", NULL};
	static const char *const env[] = {"LC_ALL=C", "SYSTEMD_COLORS=0", "SYSTEMD_URLIFY=0", NULL};
	_cleanup_free_ char *text = ask(argv, env);

	*ret = (struct systemd_groups){};
	if (text)
		systemd_groups_parse(text, ret);
}
