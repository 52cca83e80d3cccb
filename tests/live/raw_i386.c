/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* build: -m32 -static -nostdlib -ffreestanding -fno-stack-protector -fno-pic -no-pie */
/*
 * A 32-bit program: the i386 table, and the two calls that are many, socketcall and ipc.
 */
#include <errno.h>
#include <linux/ipc.h>
#include <linux/net.h>
#include <sys/socket.h>

#include "raw.h"

#define GETPPID    64
#define CLOSE      6
#define SOCKETCALL 102
#define IPC        117
#define SOCKET     359

static long socketcall(long call, long a, long b, long c)
{
	long args[6] = {a, b, c, 0, 0, 0};

	return raw2(SOCKETCALL, call, args);
}

int program(int argc, char **argv)
{
	long fd, queue;
	int pair[2];

	(void)argc, (void)argv;
	for (int i = 0; i < 20; i++)
		must_work(raw0(GETPPID));
	say_call("i386", GETPPID, 0, 20, "0");

	for (int i = 0; i < 3; i++) {
		fd = socketcall(SYS_SOCKET, AF_UNIX, SOCK_STREAM, 0);
		must_work(fd);
		must(socketcall(SYS_LISTEN, fd, 1, 0), -EINVAL);
		must(raw1(CLOSE, fd), 0);
	}
	must(socketcall(SYS_SOCKET, 4711, SOCK_STREAM, 0), -EAFNOSUPPORT);
	must(raw2(SOCKETCALL, SYS_SOCKETPAIR,
		  ((long[6]){AF_UNIX, SOCK_DGRAM, 0, (long)pair, 0, 0})),
	     0);
	must(raw2(SOCKETCALL, 77, 0), -EINVAL);
	say_call("i386", SOCKETCALL, SYS_SOCKET, 4, "0,97");
	say_call("i386", SOCKETCALL, SYS_LISTEN, 3, "22");
	say_call("i386", SOCKETCALL, SYS_SOCKETPAIR, 1, "0");
	say_call("i386", SOCKETCALL, 77, 1, "22");

	fd = raw3(SOCKET, AF_INET, SOCK_DGRAM, 0);
	must_work(fd);
	must(raw1(CLOSE, fd), 0);
	say_call("i386", SOCKET, 0, 1, "0");
	say_call("i386", CLOSE, 0, 4, "0");

	queue = raw5(IPC, MSGGET, 0, 0600 | 01000, 0, 0);
	must_work(queue);
	must(raw5(IPC, MSGCTL, queue, 0, 0, 0), 0); /* IPC_RMID */
	must(raw5(IPC, SEMGET, 0, -1, 0, 0), -EINVAL);
	say_call("i386", IPC, MSGGET, 1, "0");
	say_call("i386", IPC, MSGCTL, 1, "0");
	say_call("i386", IPC, SEMGET, 1, "22");

	must(raw0(9999), -ENOSYS);
	say_call("i386", 9999, 0, 1, "38");
	say_text("socket 1 1\nsocket 1 2\nsocket 2 2\n");
	return raw_end(0);
}
