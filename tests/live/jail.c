/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Namespaces and roots: a new mount, pid, uts and network namespace, a chroot, a child in each.
 */
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

int main(void)
{
	int status = 0, home;
	pid_t pid;

	home = open("/proc/self/ns/uts", O_RDONLY);
	if (home < 0 || unshare(CLONE_NEWNS | CLONE_NEWPID | CLONE_NEWUTS | CLONE_NEWNET)) {
		perror("unshare");
		return 1;
	}
	pid = fork();
	if (!pid) {
		if (mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) ||
		    mount("none", "/mnt", "tmpfs", 0, "size=1m") || mkdir("/mnt/root", 0755))
			_exit(10);
		sethostname("jail", 4);
		if (chroot("/mnt/root") || chdir("/"))
			_exit(11);
		if (fork() == 0)
			_exit(getpid() == 2 ? mkdir("/inside", 0700) : 12);
		wait(&status);
		_exit(WEXITSTATUS(status) ? 13 : access("/inside", F_OK) ? 14 : 6);
	}
	waitpid(pid, &status, 0);
	printf("%d %d\n", setns(home, CLONE_NEWUTS), WEXITSTATUS(status));
	return 0;
}
