/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Reads /proc/PID/status and /proc/PID/attr. Knows no cgroup. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "confinement.h"
#include "model/text.h"

/* Where AppArmor is on; attr/current may be another module's. */
bool apparmor_is_on(void)
{
	_cleanup_fclose_ FILE *file = fopen("/sys/module/apparmor/parameters/enabled", "re");

	return file && fgetc(file) == 'Y';
}

static char *apparmor_read(pid_t pid)
{
	/* the first one is there from Linux 5.8 on */
	_cleanup_free_ char *own = xasprintf("/proc/%d/attr/apparmor/current", pid);
	_cleanup_free_ char *shared = xasprintf("/proc/%d/attr/current", pid);
	_cleanup_fclose_ FILE *file = fopen(own, "re");
	char label[4096];

	if (!file && apparmor_is_on())
		file = fopen(shared, "re");
	if (!file || !fgets(label, sizeof(label), file))
		return NULL;
	label[strcspn(label, "\n")] = '\0';
	return text_escape(label, strlen(label));
}

int confinement_read(pid_t pid, struct confinement *ret)
{
	_cleanup_free_ char *name = xasprintf("/proc/%d/status", pid);
	_cleanup_fclose_ FILE *file = fopen(name, "re");
	struct confinement found = {.seccomp = -1};
	char line[512];

	if (!file)
		return -ESRCH;
	while (fgets(line, sizeof(line), file)) {
		sscanf(line, "Seccomp: %d", &found.seccomp);
		sscanf(line, "Seccomp_filters: %u", &found.filters);
	}
	found.apparmor = apparmor_read(pid);
	*ret = found;
	return 0;
}

void confinement_drop(struct confinement *confinement)
{
	free(confinement->apparmor);
	*confinement = (struct confinement){.seccomp = -1};
}

bool confinement_same_seccomp(const struct confinement *a, const struct confinement *b)
{
	return a->seccomp == b->seccomp && a->filters == b->filters;
}

bool confinement_same_apparmor(const struct confinement *a, const struct confinement *b)
{
	return !strcmp(a->apparmor ?: "", b->apparmor ?: "");
}
