/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The datagrams between leastcall mark and a recorder: what was said, and by whom. Who may say it is
 * for the two of them to know.
 */
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "mark.h"
#include "util/util.h"

#ifndef SO_PASSRIGHTS
#define SO_PASSRIGHTS 83 /* Linux 6.16, asm-generic/socket.h */
#endif

int mark_fd_make(void)
{
	_cleanup_close_ int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	int on = 1, off = 0, given;

	if (fd < 0 || setsockopt(fd, SOL_SOCKET, SO_PASSCRED, &on, sizeof(on)) != 0)
		return -errno;
	/* Older kernels lack it; they drop what finds no room, see mark_receive(). */
	setsockopt(fd, SOL_SOCKET, SO_PASSRIGHTS, &off, sizeof(off));
	given = fd;
	fd = -1;
	return given;
}

static void descriptors_close(struct cmsghdr *part)
{
	size_t at;
	int fd;

	for (at = CMSG_LEN(0); at + sizeof(fd) <= part->cmsg_len; at += sizeof(fd)) {
		memcpy(&fd, (char *)part + at, sizeof(fd));
		close(fd);
	}
}

int mark_receive(int fd, struct mark_message *ret)
{
	/* Room for credentials and nothing else: descriptors that anybody sends would fill our table. */
	_Alignas(struct cmsghdr) char control[CMSG_SPACE(sizeof(struct ucred))];
	struct iovec vector = {ret->words, sizeof(ret->words) - 1};
	struct msghdr message = {.msg_name = &ret->from,
				 .msg_namelen = sizeof(ret->from),
				 .msg_iov = &vector,
				 .msg_iovlen = 1,
				 .msg_control = control,
				 .msg_controllen = sizeof(control)};
	struct cmsghdr *part;
	ssize_t size;

	memset(ret, 0, sizeof(*ret));
	size = recvmsg(fd, &message, MSG_DONTWAIT | MSG_CMSG_CLOEXEC);
	if (size < 0)
		return -errno;
	ret->words[size] = '\0';
	ret->from_size = message.msg_namelen;
	for (part = CMSG_FIRSTHDR(&message); part; part = CMSG_NXTHDR(&message, part)) {
		if (part->cmsg_level != SOL_SOCKET)
			continue;
		if (part->cmsg_type == SCM_CREDENTIALS)
			memcpy(&ret->who, CMSG_DATA(part), sizeof(ret->who));
		else if (part->cmsg_type == SCM_RIGHTS)
			descriptors_close(part);
	}
	return 0;
}

const char *mark_words_after(const char *words, const char *word)
{
	size_t size = strlen(word);

	if (strncmp(words, word, size) != 0 || (words[size] && words[size] != ' '))
		return NULL;
	return words + size + (words[size] == ' ');
}
