/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Four processes whose children make one call each and end, as fast as can be, until they are killed. */
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

static _Noreturn void children_make(void)
{
	for (;;) {
		pid_t child = fork();

		if (child == 0) {
			getppid();
			_exit(0);
		}
		if (child < 0 || waitpid(child, NULL, 0) != child)
			_exit(1);
	}
}

int main(void)
{
	for (int i = 0; i < 4; i++)
		if (fork() == 0)
			children_make();
	for (;;)
		pause();
}
