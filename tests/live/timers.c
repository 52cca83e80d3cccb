/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Every kind of timer, and the calls that end when one fires.
 */
#include <poll.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/epoll.h>
#include <sys/select.h>
#include <sys/time.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

static volatile sig_atomic_t fired;

static void fire(int number)
{
	(void)number;
	fired++;
}

int main(void)
{
	struct itimerspec spec = {{0, 0}, {0, 1000000}}, off = {{0, 0}, {0, 0}};
	struct itimerval often = {{0, 2000}, {0, 2000}}, never = {{0, 0}, {0, 0}};
	struct sigevent event = {.sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGUSR1};
	struct sigaction action = {.sa_handler = fire, .sa_flags = SA_RESTART};
	struct timespec resolution, cpu, pause_time = {0, 3000000};
	struct epoll_event ready;
	uint64_t expired = 0;
	int fd, epoll;
	timer_t timer;

	sigaction(SIGUSR1, &action, NULL);
	sigaction(SIGALRM, &action, NULL);
	timer_create(CLOCK_MONOTONIC, &event, &timer);
	timer_settime(timer, 0, &spec, NULL);
	while (!fired)
		nanosleep(&pause_time, NULL);
	timer_gettime(timer, &spec);
	timer_getoverrun(timer);
	timer_settime(timer, 0, &off, NULL);
	timer_delete(timer);

	setitimer(ITIMER_REAL, &often, NULL);
	while (fired < 5)
		clock_nanosleep(CLOCK_MONOTONIC, 0, &pause_time, NULL);
	setitimer(ITIMER_REAL, &never, NULL);
	alarm(0);

	fd = timerfd_create(CLOCK_MONOTONIC, 0);
	spec = (struct itimerspec){{0, 0}, {0, 1000000}};
	timerfd_settime(fd, 0, &spec, NULL);
	epoll = epoll_create1(0);
	epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &(struct epoll_event){.events = EPOLLIN});
	epoll_wait(epoll, &ready, 1, 1000);
	if (read(fd, &expired, sizeof(expired)) != sizeof(expired))
		return 1;
	timerfd_gettime(fd, &spec);
	select(0, NULL, NULL, NULL, &(struct timeval){0, 1000});
	pselect(0, NULL, NULL, NULL, &(struct timespec){0, 1000000}, NULL);
	clock_getres(CLOCK_PROCESS_CPUTIME_ID, &resolution);
	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &cpu);
	printf("%d %d\n", fired >= 5, (int)expired);
	return 0;
}
