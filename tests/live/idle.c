/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Waits to be killed, whatever it is called and told: an engine's process, to be looked at from
 * outside. It makes the directory that IDLE_MKDIR names, as a runtime makes a container's cgroup.
 */
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

int main(void)
{
	const char *directory = getenv("IDLE_MKDIR");

	if (directory && mkdir(directory, 0755) != 0)
		return 1;
	for (;;)
		pause();
}
