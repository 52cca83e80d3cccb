/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* build: -static -pthread */
/*
 * Calls that a seccomp profile answers in the kernel's place. It knows the profile, as it is the one
 * who wrote it, and says what must have been denied:
 *
 *	denied profile        the profile, as JSON: 40 calls with an errno each, one that traps, one
 *	                      that kills the process, one that kills the thread
 *	denied calls [FILE]   waits for FILE, makes them between 100,000 ordinary calls, forks,
 *	                      threads and signals, and prints "NUMBER ERRNO COUNT" for each
 */
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

struct call {
	long nr;
	const char *name;
};
#define CALL(name)                                                                                 \
	{                                                                                          \
		SYS_##name, #name                                                                  \
	}

/* With arguments of 0 none of them does harm where it is not denied. The errno: 1 + its place. */
static const struct call calls[] = {
	CALL(getpgid),
	CALL(getsid),
	CALL(getpriority),
	CALL(setpriority),
	CALL(sched_getparam),
	CALL(sched_getscheduler),
	CALL(sched_get_priority_max),
	CALL(sched_get_priority_min),
	CALL(sched_rr_get_interval),
	CALL(times),
	CALL(getitimer),
	CALL(setitimer),
	CALL(alarm),
	CALL(getrusage),
	CALL(sysinfo),
	CALL(getresuid),
	CALL(getresgid),
	CALL(personality),
	CALL(ustat),
	CALL(statfs),
	CALL(mincore),
	CALL(msync),
	CALL(mlock),
	CALL(munlock),
	CALL(flock),
	CALL(fsync),
	CALL(fdatasync),
	CALL(truncate),
	CALL(rename),
	CALL(mkdir),
	CALL(rmdir),
	CALL(link),
	CALL(unlink),
	CALL(symlink),
	CALL(chmod),
	CALL(lchown),
	CALL(utime),
	CALL(mknod),
	CALL(inotify_init),
	CALL(memfd_create),
};
enum { DENIED = sizeof(calls) / sizeof(calls[0]), TRAPS = 5 };
_Static_assert(DENIED == 40, "40 calls");
static const struct call trap = CALL(sched_setaffinity);
static const struct call kill_process = CALL(settimeofday);
static const struct call kill_thread = CALL(adjtimex);

static volatile sig_atomic_t trapped, signalled;
static bool wrong;

static void must(bool held, const char *what)
{
	if (held)
		return;
	wrong = true;
	fprintf(stderr, "denied: %s\n", what);
}

static void rule_print(const char *name, const char *action, int errnum)
{
	printf(",\n  {\"names\": [\"%s\"], \"action\": \"SCMP_ACT_%s\"", name, action);
	if (errnum)
		printf(", \"errnoRet\": %d", errnum);
	printf("}");
}

static void profile_print(void)
{
	printf("{\"defaultAction\": \"SCMP_ACT_ALLOW\", \"architectures\": "
	       "[\"SCMP_ARCH_X86_64\"],\n"
	       " \"syscalls\": [\n  {\"names\": [\"acct\"], \"action\": \"SCMP_ACT_ERRNO\"}");
	for (int i = 0; i < DENIED; i++)
		rule_print(calls[i].name, "ERRNO", i + 1);
	rule_print(trap.name, "TRAP", 0);
	rule_print(kill_process.name, "KILL_PROCESS", 0);
	rule_print(kill_thread.name, "KILL_THREAD", 0);
	printf("]}\n");
}

static void on_signal(int signal)
{
	if (signal == SIGSYS)
		trapped++;
	else
		signalled++;
}

/* What a profile allows, also where the kernel refuses it: 250 calls, a signal, and a child. */
static void ordinary(void)
{
	int status = -1;
	pid_t pid;

	for (int i = 0; i < 80; i++) {
		must(syscall(SYS_getppid) >= 0, "getppid");
		must(close(-1) < 0 && errno == EBADF, "close");
		must(kill(0x3fffffff, 0) < 0 && errno == ESRCH, "kill");
	}
	must(!raise(SIGUSR1), "raise");
	pid = fork();
	if (!pid)
		_exit(7);
	must(waitpid(pid, &status, 0) == pid && WEXITSTATUS(status) == 7, "fork");
}

static void *thread_ordinary(void *arg)
{
	for (int i = 0; i < 100; i++)
		must(syscall(SYS_getppid) >= 0, "getppid in a thread");
	return arg;
}

static void *thread_killed(void *arg)
{
	syscall(kill_thread.nr, 0, 0, 0);
	must(false, "a thread survived");
	return arg;
}

/* A child that makes one call, and must die of it; or a child whose only other thread does. */
static void killed(bool thread)
{
	int status = -1;
	pthread_t other;
	pid_t pid = fork();

	if (!pid && !thread) {
		syscall(kill_process.nr, 0, 0, 0);
		_exit(0);
	}
	if (!pid) {
		must(!pthread_create(&other, NULL, thread_killed, NULL), "pthread_create");
		pthread_join(other, NULL);
		_exit(wrong ? 1 : 31);
	}
	must(waitpid(pid, &status, 0) == pid, "waitpid");
	must(thread ? WEXITSTATUS(status) == 31 : WTERMSIG(status) == SIGSYS, "a kill");
}

static void denied_make(void)
{
	pthread_t threads[10];

	for (int i = 0; i < DENIED; i++) {
		for (int n = 0; n < i + 1; n++) {
			errno = 0;
			must(syscall(calls[i].nr, 0, 0, 0, 0, 0, 0) == -1 && errno == i + 1,
			     calls[i].name);
		}
		for (int n = 0; n < 10; n++)
			ordinary();
		for (int n = 0; n < 10; n++)
			must(!pthread_create(&threads[n], NULL, thread_ordinary, NULL), "thread");
		for (int n = 0; n < 10; n++)
			pthread_join(threads[n], NULL);
	}
	for (int i = 0; i < TRAPS; i++)
		syscall(trap.nr, 0, 0, 0);
	killed(false);
	killed(true);
	must(signalled == 10 * DENIED, "signals");
	must(trapped == TRAPS, "traps");
}

int main(int argc, char **argv)
{
	struct sigaction action = {.sa_handler = on_signal, .sa_flags = SA_RESTART};

	if (argc > 1 && !strcmp(argv[1], "profile")) {
		profile_print();
		return 0;
	}
	while (argc > 2 && access(argv[2], F_OK))
		usleep(10000);
	sigaction(SIGUSR1, &action, NULL);
	sigaction(SIGSYS, &action, NULL);
	denied_make();
	for (int i = 0; i < DENIED; i++)
		printf("%ld %d %d\n", calls[i].nr, i + 1, i + 1);
	printf("%ld 0 %d\n", trap.nr, TRAPS);
	printf("%ld 0 1\n%ld 0 1\n", kill_process.nr, kill_thread.nr);
	return wrong;
}
