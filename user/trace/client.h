/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Programs that have a daemon do their work, which is then done in another cgroup. Knows no more of
 * them than their names.
 */
#ifndef LEASTCALL_CLIENT_H
#define LEASTCALL_CLIENT_H

struct client {
	const char *name;   /* the last part of its path */
	const char *daemon; /* who does the work */
	const char *advice; /* what to do instead, for people; "" */
};

/* The client with this path; NULL where it is none, or the path is NULL. */
const struct client *client_find(const char *exe);

#endif
