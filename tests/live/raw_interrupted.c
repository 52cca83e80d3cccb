/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* build: -static -nostdlib -ffreestanding -fno-stack-protector */
/*
 * Calls that a signal interrupts: with a handler, the call ends with a code that is the kernel's
 * own and no errno (linux/errno.h ERESTART...). Without one, SIGSTOP and SIGCONT, it is taken up
 * again as restart_syscall.
 */
#include <asm/unistd.h>
#include <errno.h>
#include <linux/signal.h>
#include <linux/time_types.h>

#include "raw.h"

struct kernel_sigaction {
	void (*handler)(int);
	unsigned long flags;
	void (*restorer)(void);
	unsigned long mask;
};

#define RESTORER 0x04000000

static volatile int handled;

static void handle(int number)
{
	(void)number;
	handled++;
}

__asm__("restore:\n\tmov $15, %eax\n\tsyscall\n"); /* __NR_rt_sigreturn */
void restore(void);

static void say_interrupted(uint32_t nr, unsigned long count)
{
	say_text("interrupted x86_64 ");
	say_number(nr);
	say_text(" ");
	say_number(count);
	say_text("\n");
}

/* pause(2), again and again, ended by a timer's signal. */
static void pause_until_signal(void)
{
	struct kernel_sigaction action = {handle, RESTORER, restore, 0};
	struct __kernel_timespec first = {0, 20000000}, every = {0, 20000000};
	struct {
		struct __kernel_timespec interval, value;
	} timer = {every, first};
	int id = 0;

	must(raw4(__NR_rt_sigaction, SIGALRM, &action, 0, 8), 0);
	/* A timer that fires until it is deleted: pause() can't wait for a signal that is gone. */
	must(raw3(__NR_timer_create, 1, 0, &id), 0);
	must(raw4(__NR_timer_settime, id, 0, &timer, 0), 0);
	for (int i = 0; i < 5; i++)
		must(raw0(__NR_pause), -EINTR);
	must(raw1(__NR_timer_delete, id), 0);
	say_call("x86_64", __NR_pause, 0, 5, "-");
	say_interrupted(__NR_pause, 5);
}

/* The state letter of a process: the field after the name's bracket, proc(5). */
static char state_of(long pid)
{
	char path[32] = "/proc/", text[512], *at = path + 6, digits[16];
	long fd, size;
	int n = 0;

	for (; pid; pid /= 10)
		digits[n++] = (char)('0' + pid % 10);
	while (n)
		*at++ = digits[--n];
	memcpy(at, "/stat", 6);
	fd = raw4(__NR_openat, -100, path, 0, 0);
	size = raw3(__NR_read, fd, text, sizeof(text));
	raw1(__NR_close, fd);
	while (size-- > 0)
		if (text[size] == ')')
			return text[size + 2];
	return 0;
}

/* Stopped and continued in the middle of a sleep: the rest of it is restart_syscall's. */
static void sleep_stopped(void)
{
	struct __kernel_timespec time = {0, 300000000};
	int status = 0;
	long pid = raw0(__NR_fork);

	if (!pid) {
		raw2(__NR_nanosleep, &time, 0);
		for (;;)
			raw1(__NR_exit, 0);
	}
	while (state_of(pid) != 'S')
		raw0(__NR_sched_yield);
	raw2(__NR_kill, pid, SIGSTOP);
	must(raw4(__NR_wait4, pid, &status, 2 /* WUNTRACED */, 0), pid);
	raw2(__NR_kill, pid, SIGCONT);
	must(raw4(__NR_wait4, pid, &status, 0, 0), pid);
	must(status, 0);
	say_call("x86_64", __NR_nanosleep, 0, 1, "-");
	say_interrupted(__NR_nanosleep, 1);
	say_call("x86_64", __NR_restart_syscall, 0, 1, "0");
}

int program(int argc, char **argv)
{
	(void)argc, (void)argv;
	pause_until_signal();
	sleep_stopped();
	return raw_end(0);
}
