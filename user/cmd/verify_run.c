/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Runs of a command under a profile, several at a time: each in a process of its own, for a run traces, forks and
 * waits. What it came to is handed over in a file that nobody else has. Knows no words for people but
 * those of the command itself.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cmd.h"
#include "model/text.h"
#include "recordings.h"
#include "util/clock.h"
#include "verify.h"

#define SAID_MAX    400 /* bytes of the end of what a command said */
#define GRACE_NS    2000000000ull
#define SECOND_NS   1000000000ull
#define NO_WORKER   (-1)
#define OURS_FAILED (-1) /* a worker's status: the run was none */
#define DENIALS_MAX 65536

/* What a worker hands over; behind it the denials, and the words of `blind`. */
struct handed {
	int status; /* the command's, or OURS_FAILED */
	bool complete;
	uint64_t denial_count;
};

struct worker {
	pid_t pid; /* its process group, too; NO_WORKER: there is none */
	int result, output;
	uint64_t begun_ns;
	unsigned int asked; /* times that it was asked to end */
	bool is_slow;
};

/* ---- the process of one run -------------------------------------------------------------- */

static void text_hand(const char *text, FILE *out)
{
	uint32_t size = text ? strlen(text) + 1 : 0;

	fwrite(&size, sizeof(size), 1, out);
	if (size)
		fwrite(text, size, 1, out);
}

static void result_hand(const struct enforced_result *result, int status, FILE *out)
{
	struct handed handed = {
		.status = status,
		.complete = result->complete && result->denial_count <= DENIALS_MAX,
		.denial_count =
			result->denial_count <= DENIALS_MAX ? result->denial_count : DENIALS_MAX,
	};
	size_t i;

	fwrite(&handed, sizeof(handed), 1, out);
	text_hand(result->blind, out);
	for (i = 0; i < handed.denial_count; i++) {
		fwrite(&result->denials[i], sizeof(result->denials[i]), 1, out);
		text_hand(result->denials[i].exe, out);
	}
}

static void stdio_replace(int output)
{
	int nothing = open("/dev/null", O_RDONLY | O_CLOEXEC);

	dup2(nothing, STDIN_FILENO);
	dup2(output, STDOUT_FILENO);
	dup2(output, STDERR_FILENO);
}

static __attribute__((noreturn)) void run_once(const struct verify_way *way, int result_fd,
					       int output)
{
	const struct enforced enforced = {
		.profile = way->profile,
		.apparmor = way->options->apparmor,
		.command = way->options->command,
		.path = way->options->path,
		.no_trace = way->no_trace,
	};
	struct enforced_result result = {};
	struct err err = {};
	FILE *out = fdopen(result_fd, "w");
	int r;

	setpgid(0, 0);
	prctl(PR_SET_PDEATHSIG, SIGTERM); /* it passes that on */
	stdio_replace(output);
	quiet = true;
	r = enforced_run(&enforced, &result, &err);
	if (r < 0)
		say("%s", err.text);
	if (!out)
		_exit(EXIT_OURS);
	result_hand(&result, r < 0 ? OURS_FAILED : result.status, out);
	fclose(out);
	_exit(0);
}

/* ---- what it handed over ----------------------------------------------------------------- */

static bool text_take(FILE *in, char **ret)
{
	uint32_t size;

	*ret = NULL;
	if (fread(&size, sizeof(size), 1, in) != 1)
		return false;
	if (!size)
		return true;
	*ret = xcalloc(size, 1);
	return fread(*ret, size, 1, in) == 1 && !(*ret)[size - 1];
}

static void denial_add(struct verify_sum *sum, const struct denial *denial, char *exe)
{
	struct denial own = *denial;
	size_t i;

	own.exe = exe; /* the pointer that came was another process's */
	for (i = 0; i < sum->denial_count; i++) {
		if (denial_compare(&sum->denials[i].denial, &own) != 0)
			continue;
		sum->denials[i].denial.count += own.count;
		sum->denials[i].runs++;
		free(exe);
		return;
	}
	sum->denials = xrealloc(sum->denials, sum->denial_count + 1, sizeof(*sum->denials));
	sum->denials[sum->denial_count++] = (struct verify_denial){.denial = own, .runs = 1};
}

/* The last lines, made printable; of a longer text none that is cut. The caller frees them. */
static char *said_read(int output)
{
	off_t size = lseek(output, 0, SEEK_END), from = size > SAID_MAX ? size - SAID_MAX : 0;
	_cleanup_free_ char *text = xcalloc(SAID_MAX + 1, 1);
	ssize_t got = pread(output, text, SAID_MAX, from);
	const char *line = text, *end, *next;
	char *ret = NULL;
	size_t ret_size = 0;
	FILE *out;

	if (got <= 0)
		return NULL;
	out = xmemstream(&ret, &ret_size);
	end = text + got;
	for (; line < end; line = next + 1) {
		_cleanup_free_ char *shown = NULL;

		next = memchr(line, '\n', end - line);
		next = next ? next : end;
		shown = text_escape(line, next - line);
		if (*shown && (line > text || !from || next == end))
			fprintf(out, "%s\n", shown);
	}
	fclose(out);
	return ret;
}

static void failure_note(struct verify_sum *sum, const struct worker *worker, int status)
{
	sum->failed++;
	sum->slow += worker->is_slow;
	if (sum->failed > 1)
		return;
	sum->status = status;
	sum->said = said_read(worker->output);
}

static int result_take(struct verify_sum *sum, const struct worker *worker, FILE *in,
		       struct err *err)
{
	_cleanup_free_ char *blind = NULL, *said = NULL;
	struct handed handed;
	bool denied = false;

	if (fread(&handed, sizeof(handed), 1, in) != 1 || !text_take(in, &blind) ||
	    handed.denial_count > DENIALS_MAX)
		handed = (struct handed){.status = worker->is_slow ? 128 + SIGKILL : OURS_FAILED};
	if (handed.status == OURS_FAILED) {
		said = said_read(worker->output);
		return err_set(err, -ECANCELED, "a run did not come to its end: %s",
			       said ? said : "it was killed");
	}
	sum->runs++;
	sum->unknown += !handed.complete;
	if (blind && !sum->blind)
		sum->blind = take(blind);
	for (uint64_t i = 0; i < handed.denial_count; i++) {
		struct denial denial;
		char *exe;

		if (fread(&denial, sizeof(denial), 1, in) != 1 || !text_take(in, &exe))
			return err_set(err, -EIO, "what a run came to could not be read");
		denied |= denial.kind == DENIAL_DEFAULT || denial.kind == DENIAL_LOGGED;
		denial_add(sum, &denial, exe);
	}
	sum->denying += denied;
	if (handed.status || worker->is_slow)
		failure_note(sum, worker, handed.status);
	else
		sum->passed += !denied;
	return 0;
}

/* ---- several of them --------------------------------------------------------------------- */

/* What signals did before: a command is to find them so. */
struct signals_before {
	sigset_t mask;
	struct sigaction on_child;
};

static int worker_start(const struct verify_way *way, const struct signals_before *before,
			struct worker *worker, struct err *err)
{
	*worker = (struct worker){.pid = NO_WORKER, .begun_ns = monotonic_ns()};
	worker->result = memfd_create("result", MFD_CLOEXEC);
	worker->output = memfd_create("output", MFD_CLOEXEC);
	if (worker->result >= 0 && worker->output >= 0) {
		fflush(NULL);
		worker->pid = fork();
	}
	if (worker->pid == 0) {
		sigaction(SIGCHLD, &before->on_child, NULL);
		sigprocmask(SIG_SETMASK, &before->mask, NULL);
		run_once(way, worker->result, worker->output);
	}
	if (worker->pid > 0) {
		setpgid(worker->pid, 0); /* the worker does so, too: whoever comes first */
		return 0;
	}
	return err_errno(err, -errno, "cannot start a run");
}

static int worker_end(struct worker *worker, struct verify_sum *sum, struct err *err)
{
	FILE *in;
	int r;

	worker->pid = NO_WORKER;
	in = fdopen(worker->result, "r");
	if (in)
		rewind(in);
	r = in ? result_take(sum, worker, in, err) : err_errno(err, -errno, "cannot read a result");
	if (in)
		fclose(in);
	close(worker->output);
	return r;
}

/* Asked twice, a run ends its watching; then all of it is ended. */
static void worker_hurry(struct worker *worker, uint64_t now)
{
	worker->begun_ns = now;
	worker->asked++;
	if (worker->asked <= 2)
		kill(worker->pid, SIGTERM);
	else
		kill(-worker->pid, SIGKILL);
}

static void workers_watch(struct worker *workers, size_t count, uint64_t limit_ns, bool ending)
{
	uint64_t now = monotonic_ns();

	for (size_t i = 0; i < count; i++) {
		struct worker *worker = &workers[i];

		if (worker->pid == NO_WORKER)
			continue;
		if (worker->asked ? now - worker->begun_ns > GRACE_NS
				  : ending || (limit_ns && now - worker->begun_ns > limit_ns)) {
			worker->is_slow = worker->is_slow || !ending;
			worker_hurry(worker, now);
		}
	}
}

/* Takes in what has ended. Returns the first failure. */
static int workers_reap(struct worker *workers, size_t count, struct verify_sum *sum,
			struct err *err)
{
	struct err later;
	int r = 0, r_one;
	size_t i;

	for (i = 0; i < count; i++) {
		struct worker *worker = &workers[i];
		siginfo_t info = {};

		if (worker->pid == NO_WORKER ||
		    waitid(P_PID, worker->pid, &info, WEXITED | WNOHANG | WNOWAIT) < 0 ||
		    !info.si_pid)
			continue;
		kill(-worker->pid, SIGKILL); /* what it left behind, while the number is its own */
		waitpid(worker->pid, NULL, 0);
		r_one = worker_end(worker, sum, r ? &later : err);
		r = r ? r : r_one;
	}
	return r;
}

static size_t workers_running(const struct worker *workers, size_t count)
{
	size_t running = 0;

	for (size_t i = 0; i < count; i++)
		running += workers[i].pid != NO_WORKER;
	return running;
}

int verify_runs(const struct verify_way *way, struct verify_sum *sum, int *ret_signal,
		struct err *err)
{
	const struct timespec tick = {.tv_nsec = 100000000};
	_cleanup_free_ struct worker *workers = NULL;
	const struct sigaction seen = {.sa_handler = SIG_DFL}; /* ignored, it would hide the ends */
	size_t jobs = way->options->jobs, i;
	struct signals_before before;
	uint64_t left = way->runs;
	int r = 0, r_reap, got;
	sigset_t signals;

	sigemptyset(&signals);
	sigaddset(&signals, SIGCHLD);
	sigaddset(&signals, SIGINT);
	sigaddset(&signals, SIGTERM);
	sigaddset(&signals, SIGHUP);
	sigaddset(&signals, SIGQUIT);
	sigprocmask(SIG_BLOCK, &signals, &before.mask);
	sigaction(SIGCHLD, &seen, &before.on_child);
	workers = xcalloc(jobs, sizeof(*workers));
	for (i = 0; i < jobs; i++)
		workers[i].pid = NO_WORKER;
	while (left || workers_running(workers, jobs)) {
		for (i = 0; r == 0 && left && i < jobs; i++) {
			if (workers[i].pid != NO_WORKER)
				continue;
			r = worker_start(way, &before, &workers[i], err);
			left--;
		}
		got = sigtimedwait(&signals, NULL, &tick);
		if (got > 0 && got != SIGCHLD) {
			*ret_signal = got;
			r = -EINTR;
		}
		r_reap = workers_reap(workers, jobs, sum, err);
		r = r ? r : r_reap;
		if (r || (way->ends_at_one && sum->failed))
			left = 0;
		workers_watch(workers, jobs, way->options->timeout * SECOND_NS, r != 0);
	}
	sigaction(SIGCHLD, &before.on_child, NULL);
	sigprocmask(SIG_SETMASK, &before.mask, NULL);
	return r;
}

void verify_sum_drop(struct verify_sum *sum)
{
	for (size_t i = 0; i < sum->denial_count; i++)
		free((char *)sum->denials[i].denial.exe);
	free(sum->denials);
	free(sum->said);
	free(sum->blind);
	*sum = (struct verify_sum){};
}
