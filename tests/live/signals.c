/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* build: -pthread */
/*
 * Signals of every kind: handled on a stack of their own, nested, queued, waited for, interrupting
 * calls that are taken up again and such that are not, stopping and continuing a child.
 */
#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static volatile sig_atomic_t count, faults;
static sigjmp_buf out;
static char own_stack[65536];

static void nested(int number)
{
	count++;
	if (number == SIGUSR1 && count < 50)
		raise(SIGUSR2);
}

static void fault(int number)
{
	(void)number;
	faults++;
	siglongjmp(out, 1);
}

static void install(int number, void (*handler)(int), int flags)
{
	struct sigaction action = {.sa_handler = handler, .sa_flags = flags};

	sigaction(number, &action, NULL);
}

/* A child that sleeps is stopped and continued: the kernel takes its sleep up with
 * restart_syscall. */
static int stopped_child(void)
{
	struct timespec time = {0, 200000000};
	int status = 0;
	pid_t pid = fork();

	if (!pid) {
		nanosleep(&time, NULL);
		_exit(7);
	}
	nanosleep(&(struct timespec){0, 50000000}, NULL);
	kill(pid, SIGSTOP);
	waitpid(pid, &status, WUNTRACED);
	kill(pid, SIGCONT);
	waitpid(pid, &status, 0);
	return WEXITSTATUS(status);
}

static void *thread_wait(void *arg)
{
	sigset_t set;
	int number;

	(void)arg;
	sigemptyset(&set);
	sigaddset(&set, SIGRTMIN + 1);
	sigwait(&set, &number);
	return NULL;
}

int main(void)
{
	stack_t stack = {.ss_sp = own_stack, .ss_size = sizeof(own_stack)};
	struct signalfd_siginfo info;
	pthread_t thread;
	sigset_t set, old;
	int fd;

	sigaltstack(&stack, NULL);
	install(SIGUSR1, nested, SA_NODEFER | SA_ONSTACK);
	install(SIGUSR2, nested, 0);
	install(SIGSEGV, fault, SA_ONSTACK);
	for (int i = 0; i < 20; i++)
		raise(SIGUSR1);
	if (!sigsetjmp(out, 1))
		*(volatile int *)8 = 1;

	sigemptyset(&set);
	sigaddset(&set, SIGRTMIN);
	sigaddset(&set, SIGRTMIN + 1);
	pthread_sigmask(SIG_BLOCK, &set, &old);
	for (int i = 0; i < 3; i++)
		sigqueue(getpid(), SIGRTMIN, (union sigval){.sival_int = i});
	sigpending(&set);
	sigemptyset(&set);
	sigaddset(&set, SIGRTMIN);
	fd = signalfd(-1, &set, 0);
	if (read(fd, &info, sizeof(info)) != sizeof(info))
		return 1;
	sigtimedwait(&set, NULL, &(struct timespec){1, 0});
	sigwaitinfo(&set, NULL);

	pthread_create(&thread, NULL, thread_wait, NULL);
	pthread_kill(thread, SIGRTMIN + 1);
	pthread_join(thread, NULL);
	poll(NULL, 0, 1);
	printf("%d %d %d\n", (int)count > 20, (int)faults, stopped_child());
	return 0;
}
