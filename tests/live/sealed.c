/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* build: -pthread */
/*
 * sealed strict|thread|many: a process that waits under seccomp's strict mode; one whose second thread
 * alone has a filter; one with as many filters as the kernel takes.
 */
#include <pthread.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <linux/filter.h>
#include <linux/seccomp.h>

static int filter_load(void)
{
	struct sock_filter allow = BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW);
	struct sock_fprog filter = {1, &allow};

	prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
	return (int)syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &filter);
}

static void *thread(void *none)
{
	filter_load();
	pause();
	return none;
}

int main(int argc, char **argv)
{
	const char *kind = argc == 2 ? argv[1] : "";
	pthread_t other;
	int ends[2];
	char byte;

	if (pipe(ends) < 0)
		return 1;
	if (!strcmp(kind, "strict"))
		return prctl(PR_SET_SECCOMP, SECCOMP_MODE_STRICT) < 0 ||
		       read(ends[0], &byte, 1) < 0;
	if (!strcmp(kind, "thread"))
		pthread_create(&other, NULL, thread, NULL);
	else if (strcmp(kind, "many") != 0)
		return 2;
	else
		while (filter_load() == 0)
			;
	prctl(PR_SET_NAME, "ready");
	for (;;)
		pause();
}
