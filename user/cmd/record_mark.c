/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Where a recorder is told that its application is serving: a datagram socket in the abstract
 * namespace, whose name says who it is (unix(7)). It belongs to the network namespace: containers
 * with one of their own do not see it.
 */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "mark.h"
#include "record.h"

void mark_socket_open(struct mark_socket *ret, const char *name)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	size_t room = sizeof(address.sun_path) - 1;
	int size, on = 1;

	size = snprintf(address.sun_path + 1, room, MARK_PREFIX "%d/%s", getpid(), name);
	if (size > (int)room - 1)
		size = room - 1; /* the rest of a long name is not needed to find it */
	ret->fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (ret->fd < 0)
		return;
	if (setsockopt(ret->fd, SOL_SOCKET, SO_PASSCRED, &on, sizeof(on)) != 0 ||
	    bind(ret->fd, (struct sockaddr *)&address,
		 offsetof(struct sockaddr_un, sun_path) + 1 + size) != 0) {
		close(ret->fd);
		ret->fd = -1;
	}
}

/* Only root, and whoever runs the recorder, may set the mark. */
static bool sender_may(struct msghdr *message)
{
	for (struct cmsghdr *part = CMSG_FIRSTHDR(message); part;
	     part = CMSG_NXTHDR(message, part)) {
		struct ucred who;

		if (part->cmsg_level != SOL_SOCKET || part->cmsg_type != SCM_CREDENTIALS)
			continue;
		memcpy(&who, CMSG_DATA(part), sizeof(who));
		return who.uid == 0 || who.uid == geteuid();
	}
	return false;
}

bool mark_socket_asked(struct mark_socket *socket, struct sockaddr_un *ret_from,
		       socklen_t *ret_size)
{
	char words[64], control[CMSG_SPACE(sizeof(struct ucred)) + 256];
	struct iovec vector = {words, sizeof(words)};

	for (;;) {
		struct msghdr message = {.msg_name = ret_from,
					 .msg_namelen = sizeof(*ret_from),
					 .msg_iov = &vector,
					 .msg_iovlen = 1,
					 .msg_control = control,
					 .msg_controllen = sizeof(control)};
		ssize_t size;

		if (socket->fd < 0)
			return false;
		size = recvmsg(socket->fd, &message, MSG_DONTWAIT | MSG_CMSG_CLOEXEC);
		if (size < 0)
			return false;
		*ret_size = message.msg_namelen;
		if (size == strlen(MARK_REQUEST) && !memcmp(words, MARK_REQUEST, size) &&
		    sender_may(&message))
			return true;
	}
}

void mark_socket_answer(struct mark_socket *socket, const struct sockaddr_un *to, socklen_t size,
			const char *words)
{
	/* who does not wait for the answer gets none */
	sendto(socket->fd, words, strlen(words), MSG_DONTWAIT | MSG_NOSIGNAL,
	       (const struct sockaddr *)to, size);
}
