/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Somebody who makes trouble around the sockets of leastcall mark. ADDRESS is what stands behind the
 * NUL of an abstract address.
 *
 *	squatter descriptors ADDRESS    sends 30 datagrams with 50 descriptors each, and says so
 *	squatter flood ADDRESS          sends datagrams without end, and says when it has begun
 *	squatter answer ADDRESS         has the address and answers what a recorder would
 *	squatter silent ADDRESS         has the address and answers nothing
 *
 * The last three end when they are killed, or after a minute.
 */
#include <errno.h>
#include <fcntl.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#define DATAGRAMS   30
#define DESCRIPTORS 50

static struct sockaddr_un address = {.sun_family = AF_UNIX};
static socklen_t address_size;

static int failed(const char *what)
{
	perror(what);
	return 1;
}

static void said(const char *word)
{
	puts(word);
	fflush(stdout);
}

/* A kernel that does not let them through says EPERM. */
static int descriptors(int fd)
{
	_Alignas(struct cmsghdr) char control[CMSG_SPACE(DESCRIPTORS * sizeof(int))] = {};
	struct iovec vector = {"x", 1};
	struct msghdr message = {.msg_name = &address,
				 .msg_namelen = address_size,
				 .msg_iov = &vector,
				 .msg_iovlen = 1,
				 .msg_control = control,
				 .msg_controllen = sizeof(control)};
	struct cmsghdr *part = CMSG_FIRSTHDR(&message);
	int sent[DESCRIPTORS], i, null = open("/dev/null", O_RDONLY);

	for (i = 0; i < DESCRIPTORS; i++)
		sent[i] = null;
	part->cmsg_level = SOL_SOCKET;
	part->cmsg_type = SCM_RIGHTS;
	part->cmsg_len = CMSG_LEN(sizeof(sent));
	memcpy(CMSG_DATA(part), sent, sizeof(sent));
	for (i = 0; i < DATAGRAMS; i++)
		if (sendmsg(fd, &message, 0) < 0 && errno != EPERM && errno != ETOOMANYREFS)
			return failed("sendmsg");
	said("sent");
	return 0;
}

static int flood(int fd)
{
	if (connect(fd, (struct sockaddr *)&address, address_size) != 0)
		return failed("connect");
	if (send(fd, "x", 1, 0) < 0)
		return failed("send");
	said("begun");
	while (send(fd, "x", 1, 0) == 1)
		;
	return 0;
}

static int squat(int fd, int answers)
{
	char words[64];
	struct sockaddr_un from;

	if (bind(fd, (struct sockaddr *)&address, address_size) != 0)
		return failed("bind");
	said("bound");
	for (;;) {
		socklen_t from_size = sizeof(from);
		ssize_t size =
			recvfrom(fd, words, sizeof(words), 0, (struct sockaddr *)&from, &from_size);
		const char *answer = size > 0 && *words == 'r' ? "here" : "marked";

		if (size < 0)
			return failed("recvfrom");
		if (answers)
			sendto(fd, answer, strlen(answer), 0, (struct sockaddr *)&from, from_size);
	}
}

int main(int argc, char **argv)
{
	int fd = socket(AF_UNIX, SOCK_DGRAM, 0);
	size_t size;

	if (argc != 3 || fd < 0)
		return 2;
	size = strlen(argv[2]);
	if (size >= sizeof(address.sun_path))
		return 2;
	memcpy(address.sun_path + 1, argv[2], size);
	address_size = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + 1 + size);
	alarm(60);
	if (!strcmp(argv[1], "descriptors"))
		return descriptors(fd);
	if (!strcmp(argv[1], "flood"))
		return flood(fd);
	return squat(fd, !strcmp(argv[1], "answer"));
}
