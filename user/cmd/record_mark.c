/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Where a recorder is told that its application is serving: a datagram socket in the abstract
 * namespace, whose name says who it is (unix(7)). It belongs to the network namespace: containers
 * with one of their own do not see it. Everybody else may send what they like.
 */
#include <errno.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cmd.h"
#include "mark.h"
#include "record.h"

#define DATAGRAMS_MAX 64 /* at a time: whoever sends without end does not stop the recorder */

static int address_take(int fd, const char *name)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	size_t room = sizeof(address.sun_path) - 1;
	int size;

	size = snprintf(address.sun_path + 1, room, MARK_PREFIX "%d/%s", getpid(), name);
	if (size > (int)room - 1)
		size = room - 1; /* the rest of a long name is not needed to find it */
	return bind(fd, (struct sockaddr *)&address,
		    offsetof(struct sockaddr_un, sun_path) + 1 + size) != 0
		       ? -errno
		       : 0;
}

void mark_socket_close(struct mark_socket *socket)
{
	if (socket->fd >= 0)
		close(socket->fd);
	socket->fd = -1;
	free(take(socket->here));
}

void mark_socket_open(struct mark_socket *ret, const char *name, const char *what,
		      const char *target)
{
	int r;

	ret->fd = mark_fd_make();
	ret->here = xasprintf(MARK_HERE " %s%s%.*s", what, target ? " " : "", MARK_WORDS_SIZE,
			      target ? target : "");
	r = ret->fd < 0 ? ret->fd : address_take(ret->fd, name);
	if (r == 0)
		return;
	mark_socket_close(ret);
	/* somebody who guessed the process id may have it */
	hint("leastcall mark cannot reach this recorder (%s): set the mark with kill -USR1 %d",
	     strerror(-r), getpid());
}

/* Only root, and whoever runs the recorder, may set the mark or learn anything. */
static bool sender_may(const struct mark_message *message)
{
	return message->who.pid && (message->who.uid == 0 || message->who.uid == geteuid());
}

bool mark_socket_asked(struct mark_socket *socket, struct sockaddr_un *ret_from,
		       socklen_t *ret_size)
{
	struct mark_message message;
	int i;

	if (socket->fd < 0)
		return false;
	for (i = 0; i < DATAGRAMS_MAX && mark_receive(socket->fd, &message) == 0; i++) {
		if (!sender_may(&message))
			continue;
		if (!strcmp(message.words, MARK_QUESTION))
			mark_socket_answer(socket, &message.from, message.from_size, socket->here);
		if (strcmp(message.words, MARK_REQUEST) != 0)
			continue;
		*ret_from = message.from;
		*ret_size = message.from_size;
		return true;
	}
	return false;
}

void mark_socket_answer(struct mark_socket *socket, const struct sockaddr_un *to, socklen_t size,
			const char *words)
{
	/* who does not wait for the answer gets none */
	sendto(socket->fd, words, strlen(words), MSG_DONTWAIT | MSG_NOSIGNAL,
	       (const struct sockaddr *)to, size);
}
