/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Functions that each make one call of their own, through the C library and without it, and the ones
 * that call them: what stacks are held against. With an argument another thread does it. Ends when its
 * input does, so that it is there to be looked at.
 */
/* build: -fomit-frame-pointer -pthread */
#include <pthread.h>
#include <sys/personality.h>
#include <sys/syscall.h>
#include <unistd.h>

/* A frame of its own: no tail call, nothing inlined. */
#define APART __attribute__((noinline, noclone, noipa, visibility("default")))

APART void calls_getppid(void);
APART void calls_personality(void);
APART void calls_getpgid_by_number(void);
APART void middle(void (*inner)(void));
APART void outer(void);

static volatile int sink;

void calls_getppid(void)
{
	sink = getppid();
	sink++;
}

void calls_personality(void)
{
	char room[512]; /* a frame whose size a frame pointer would be needed for, or .eh_frame */

	room[0] = (char)personality(0xffffffff);
	sink = room[0];
}

void calls_getpgid_by_number(void)
{
	long result;

#ifdef __x86_64__
	__asm__ volatile("syscall"
			 : "=a"(result)
			 : "a"(SYS_getpgid), "D"(0)
			 : "rcx", "r11", "memory");
#else
	__asm__ volatile("int $0x80" : "=a"(result) : "a"(SYS_getpgid), "b"(0) : "memory");
#endif
	sink = (int)result;
}

void middle(void (*inner)(void))
{
	inner();
	sink++;
}

void outer(void)
{
	middle(calls_getppid);
	middle(calls_personality);
	calls_getpgid_by_number();
	sink++;
}

static void *thread(void *argument)
{
	outer();
	return argument;
}

int main(int argc, char **argv)
{
	pthread_t other;
	char byte;

	(void)argv;
	if (argc == 1)
		outer();
	else if (pthread_create(&other, NULL, thread, NULL) == 0)
		pthread_join(other, NULL);
	while (read(STDIN_FILENO, &byte, 1) > 0)
		;
	return 0;
}
