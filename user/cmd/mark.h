/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * What leastcall mark and a recorder agree upon. Everybody on the host can bind such an address and
 * send to one: what counts is whom the kernel names as the sender (SCM_CREDENTIALS, unix(7)).
 */
#ifndef LEASTCALL_MARK_H
#define LEASTCALL_MARK_H

#include <sys/socket.h>
#include <sys/types.h>
#include <sys/un.h>

/* The address, behind its NUL: this, the recorder's process id, a slash, the workload's name. */
#define MARK_PREFIX "leastcall/mark/"

/* What is said. Behind some, after a blank, there is more for people. */
#define MARK_QUESTION "recorder?" /* answered, and nothing else is done */
#define MARK_HERE     "here"      /* ... what is recorded: "here container web" */
#define MARK_REQUEST  "serving"   /* set it */
#define MARK_DONE     "marked"
#define MARK_ALREADY  "already"
#define MARK_FAILED   "failed" /* ... why */

#define MARK_WORDS_SIZE 256 /* what is longer is cut */

struct mark_message {
	char words[MARK_WORDS_SIZE];
	struct sockaddr_un from;
	socklen_t from_size;
	struct ucred who; /* pid 0 where the kernel did not say */
};

/* A datagram socket that hears who sends, takes no descriptors and never blocks, for the caller to
 * close; or a negative errno. */
int mark_fd_make(void);
/* The next datagram, if there is one: 0, or a negative errno (-EAGAIN: none). */
int mark_receive(int fd, struct mark_message *ret);
/* What stands behind the word, "" where nothing does; NULL where the words are not about it. */
const char *mark_words_after(const char *words, const char *word);

#endif
