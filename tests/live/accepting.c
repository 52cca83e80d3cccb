/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * umask(), then a connection to itself; when FILE, which is the recording, says that the serving
 * mark was set: kill().
 */
#include <arpa/inet.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

static int is_marked(const char *name)
{
	FILE *file = fopen(name, "r");
	char line[4096];
	int found = 0;

	while (file && !found && fgets(line, sizeof(line), file))
		found = strstr(line, "\"what\":\"serving\"") != NULL;
	if (file)
		fclose(file);
	return found;
}

int main(int argc, char **argv)
{
	struct sockaddr_in address = {.sin_family = AF_INET};
	socklen_t size = sizeof(address);
	int listening = socket(AF_INET, SOCK_STREAM, 0), client = socket(AF_INET, SOCK_STREAM, 0);

	umask(022);
	address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	if (argc != 2 || bind(listening, (struct sockaddr *)&address, size) != 0 ||
	    listen(listening, 1) != 0 ||
	    getsockname(listening, (struct sockaddr *)&address, &size) != 0 ||
	    connect(client, (struct sockaddr *)&address, size) != 0 ||
	    accept(listening, NULL, NULL) < 0)
		return 1;
	for (int i = 0; i < 500 && !is_marked(argv[1]); i++)
		nanosleep(&(struct timespec){.tv_nsec = 20000000}, NULL);
	kill(getpid(), 0);
	return 0;
}
