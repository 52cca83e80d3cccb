/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Sockets: a pair, a path, loopback with TCP and UDP, and a descriptor that travels (SCM_RIGHTS).
 */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

static union {
	struct cmsghdr header;
	char bytes[CMSG_SPACE(sizeof(int))];
} control;
static char byte;
static struct iovec vector = {&byte, 1};
static struct msghdr message = {.msg_iov = &vector,
				.msg_iovlen = 1,
				.msg_control = &control,
				.msg_controllen = sizeof(control)};

static int descriptor_travels(void)
{
	int ends[2], got = -1, status = 0;
	struct cmsghdr *part;
	pid_t pid;

	socketpair(AF_UNIX, SOCK_STREAM, 0, ends);
	pid = fork();
	if (!pid) {
		part = CMSG_FIRSTHDR(&message);
		part->cmsg_level = SOL_SOCKET;
		part->cmsg_type = SCM_RIGHTS;
		part->cmsg_len = CMSG_LEN(sizeof(int));
		memcpy(CMSG_DATA(part), &ends[0], sizeof(int));
		_exit(sendmsg(ends[0], &message, 0) == 1 ? 0 : 1);
	}
	waitpid(pid, &status, 0);
	if (recvmsg(ends[1], &message, 0) != 1)
		return -1;
	memcpy(&got, CMSG_DATA(CMSG_FIRSTHDR(&message)), sizeof(int));
	return got > 2 && dup2(got, 40) == 40 ? WEXITSTATUS(status) : -1;
}

static int stream(struct sockaddr *address, socklen_t size)
{
	int server = socket(address->sa_family, SOCK_STREAM, 0), client, peer;
	char text[8] = "";

	if (bind(server, address, size) || listen(server, 1) || getsockname(server, address, &size))
		return -1;
	client = socket(address->sa_family, SOCK_STREAM, 0);
	if (connect(client, address, size))
		return -1;
	peer = accept4(server, NULL, NULL, SOCK_CLOEXEC);
	send(client, "hello", 5, MSG_NOSIGNAL);
	shutdown(client, SHUT_WR);
	return (int)recv(peer, text, sizeof(text), 0);
}

static int datagram(void)
{
	struct sockaddr_in address = {.sin_family = AF_INET};
	socklen_t size = sizeof(address);
	int fd = socket(AF_INET, SOCK_DGRAM, 0), on = 1;
	char text[8];

	address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
	if (bind(fd, (struct sockaddr *)&address, size) ||
	    getsockname(fd, (struct sockaddr *)&address, &size))
		return -1;
	sendto(fd, "abc", 3, 0, (struct sockaddr *)&address, size);
	return (int)recvfrom(fd, text, sizeof(text), 0, NULL, NULL);
}

int main(void)
{
	struct sockaddr_un path = {.sun_family = AF_UNIX, .sun_path = "socket"};
	struct sockaddr_in inet = {.sin_family = AF_INET};
	int travelled = descriptor_travels(), over_path, over_inet;

	inet.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	unlink(path.sun_path);
	over_path = stream((struct sockaddr *)&path, sizeof(path));
	over_inet = stream((struct sockaddr *)&inet, sizeof(inet));
	printf("%d %d %d %d\n", travelled, over_path, over_inet, datagram());
	return 0;
}
