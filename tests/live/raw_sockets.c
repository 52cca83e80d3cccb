/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* build: -static -nostdlib -ffreestanding -fno-stack-protector */
/*
 * Sockets: family and type without their flags, each told once, and none for those that failed.
 */
#include <asm/unistd.h>
#include <errno.h>
#include <sys/socket.h>

#include "raw.h"

int program(int argc, char **argv)
{
	int pair[2];

	(void)argc, (void)argv;
	for (int i = 0; i < 5; i++)
		must_work(raw3(__NR_socket, AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
	must_work(raw3(__NR_socket, AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0));
	say_text("socket 1 1\n");
	must_work(raw3(__NR_socket, AF_INET, SOCK_STREAM, 0));
	say_text("socket 2 1\n");
	must_work(raw3(__NR_socket, AF_INET, SOCK_DGRAM, 0));
	say_text("socket 2 2\n");
	must_work(raw3(__NR_socket, AF_NETLINK, SOCK_RAW, 0));
	say_text("socket 16 3\n");
	must(raw4(__NR_socketpair, AF_UNIX, SOCK_SEQPACKET, 0, pair), 0);
	say_text("socket 1 5\n");

	must(raw3(__NR_socket, 4711, SOCK_STREAM, 0), -EAFNOSUPPORT);
	must(raw3(__NR_socket, AF_UNIX, 11, 0), -EINVAL);
	must(raw3(__NR_socket, AF_INET, SOCK_STREAM, 200), -EPROTONOSUPPORT);
	must(raw4(__NR_socketpair, AF_INET, SOCK_STREAM, 0, pair), -EOPNOTSUPP);
	say_call("x86_64", __NR_socket, 0, 12, "0,22,93,97");
	say_call("x86_64", __NR_socketpair, 0, 2, "0,95");
	return raw_end(0);
}
