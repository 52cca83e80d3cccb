/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Finds a command's file as execvp() would, forks, becomes its user and waits in the child, which is
 * confined last of all. Knows no cgroup and no tracer: whoever has it wait does; and no profile.
 */
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <linux/seccomp.h>
#include <pwd.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "command.h"
#include "process.h"

#ifndef SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV /* since Linux 5.19 */
#define SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV (1UL << 5)
#endif

static int file_check(const char *path)
{
	struct stat st;

	if (stat(path, &st) != 0)
		return -errno;
	if (S_ISDIR(st.st_mode) || access(path, X_OK) != 0)
		return -EACCES;
	return 0;
}

int command_find(const char *name, char **ret_path, struct err *err)
{
	const char *list = getenv("PATH"), *part, *end;
	int r, worst = -ENOENT;

	if (strchr(name, '/')) {
		worst = file_check(name);
		if (worst == 0) {
			*ret_path = xstrdup(name);
			return 0;
		}
	}
	if (!list || !*list)
		list = "/bin:/usr/bin"; /* confstr(_CS_PATH) */
	for (part = list; !strchr(name, '/'); part = end + 1) {
		_cleanup_free_ char *path = NULL;

		end = strchrnul(part, ':');
		path = end == part ? xasprintf("./%s", name)
				   : xasprintf("%.*s/%s", (int)(end - part), part, name);
		r = *name ? file_check(path) : -ENOENT;
		if (r == 0) {
			*ret_path = take(path);
			return 0;
		}
		if (r == -EACCES)
			worst = r;
		if (!*end)
			break;
	}
	if (worst == -EACCES)
		return err_set(err, -EACCES, "cannot execute %s: it is no executable file", name);
	return err_set(err, -ENOENT, "%s: command not found", name);
}

static int user_become(const struct passwd *user)
{
	if (initgroups(user->pw_name, user->pw_gid) != 0 || setgid(user->pw_gid) != 0 ||
	    setuid(user->pw_uid) != 0)
		return -errno;
	setenv("HOME", user->pw_dir, 1);
	setenv("USER", user->pw_name, 1);
	setenv("LOGNAME", user->pw_name, 1);
	return 0;
}

/* What the child could not do. */
enum stage {
	STAGE_USER,
	STAGE_APPARMOR,
	STAGE_FILTER,
	STAGE_EXECUTE,
};

struct command_report {
	volatile int listener; /* the descriptor and 1; or a negative errno; 0: not yet */
	volatile enum stage stage;
	volatile int code; /* a negative errno; 0: nothing failed */
};

static int seccomp_load(unsigned long flags, const struct sock_fprog *program)
{
	int r = syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, flags, program);

	return r < 0 ? -errno : r;
}

/* Without CAP_SYS_ADMIN a filter wants no_new_privs, see seccomp(2). */
static int filter_load(unsigned long flags, const struct sock_fprog *program)
{
	int r = seccomp_load(flags, program);

	if (r != -EACCES)
		return r;
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0)
		return -errno;
	return seccomp_load(flags, program);
}

/* A signal interrupts a call that waits for its answer, and it is asked about twice, unless the kernel
 * can do without. Returns the descriptor, or a negative errno and no filter is loaded. */
static int filter_load_asking(const struct sock_fprog *program)
{
	int fd = filter_load(
		SECCOMP_FILTER_FLAG_NEW_LISTENER | SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV, program);

	return fd == -EINVAL ? filter_load(SECCOMP_FILTER_FLAG_NEW_LISTENER, program) : fd;
}

/* aa_change_onexec(3): the kernel's own file, or before Linux 5.8 the one that modules share. */
static int apparmor_enter(const char *name)
{
	_cleanup_free_ char *words = xasprintf("exec %s", name);
	_cleanup_close_ int fd = open("/proc/thread-self/attr/apparmor/exec", O_WRONLY | O_CLOEXEC);

	if (fd < 0)
		fd = open("/proc/thread-self/attr/exec", O_WRONLY | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	return write(fd, words, strlen(words)) < 0 ? -errno : 0;
}

static int apparmor_failed(const struct confine *confine, int code, struct err *err)
{
	return err_errno(err, code, "cannot enter the AppArmor profile %s (is it loaded?)",
			 confine->apparmor);
}

static int filter_failed(int code, struct err *err)
{
	return err_errno(err, code, "cannot load the filter");
}

int confine_enter(const struct confine *confine, struct err *err)
{
	int r = confine->apparmor ? apparmor_enter(confine->apparmor) : 0;

	if (r < 0)
		return apparmor_failed(confine, r, err);
	r = filter_load(0, &confine->filter);
	return r < 0 ? filter_failed(r, err) : 0;
}

static _Noreturn void child_fail(const struct command *command, enum stage stage, int code)
{
	command->report->stage = stage;
	command->report->code = code;
	_exit(126);
}

static void child_confine(const struct command *command)
{
	const struct confine *confine = command->confine;
	int r = confine->apparmor ? apparmor_enter(confine->apparmor) : 0;

	if (r < 0)
		child_fail(command, STAGE_APPARMOR, r);
	if (confine->asking.len) {
		r = filter_load_asking(&confine->asking);
		command->report->listener = r < 0 ? r : r + 1;
		if (r >= 0)
			return;
	}
	r = filter_load(0, &confine->filter);
	if (r < 0)
		child_fail(command, STAGE_FILTER, r);
}

/* With a listener the child shares our descriptors, and the one that the kernel gives it is ours. */
static bool is_asking(const struct command *command)
{
	return command->confine && command->confine->asking.len;
}

static _Noreturn void child_run(const struct command *command, const char *path, char **argv,
				const struct passwd *user, const sigset_t *mask)
{
	int code = user ? user_become(user) : 0;
	char go;

	if (read(command->release_fd, &go, 1) != 1)
		_exit(125); /* the recorder gave up */
	if (code < 0)
		child_fail(command, STAGE_USER, code);
	sigaction(SIGCHLD, &command->sigchld, NULL);
	sigprocmask(SIG_SETMASK, mask, NULL);
	if (is_asking(command))
		prctl(PR_SET_PDEATHSIG, 0);
	if (command->confine)
		child_confine(command);
	execv(path, argv);
	child_fail(command, STAGE_EXECUTE, -errno);
}

static int user_find(const char *user, struct passwd **ret, struct err *err)
{
	if (!user)
		return 0;
	errno = 0;
	*ret = getpwnam(user);
	if (!*ret && errno && errno != ENOENT)
		return err_errno(err, -errno, "cannot look up the user %s", user);
	if (!*ret)
		return err_set(err, -EINVAL, "there is no user \"%s\"", user);
	return 0;
}

static void report_drop(struct command *command)
{
	if (command->report)
		munmap(command->report, sizeof(*command->report));
	command->report = NULL;
}

/* What the child tells goes through memory: it may be forbidden to write. */
static int report_make(struct command *command, struct err *err)
{
	void *shared = mmap(NULL, sizeof(*command->report), PROT_READ | PROT_WRITE,
			    MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	if (shared == MAP_FAILED)
		return err_errno(err, -errno, "cannot share memory with a command");
	command->report = shared;
	return 0;
}

/* One that shares our descriptors would not see the end of a pipe whose other end it has itself: it
 * dies with us. */
static pid_t child_make(const struct command *command)
{
	pid_t parent = getpid(), pid;

	if (!is_asking(command))
		return fork();
	pid = syscall(SYS_clone, CLONE_FILES | SIGCHLD, 0, 0, 0, 0);
	if (pid == 0 && (prctl(PR_SET_PDEATHSIG, SIGKILL) < 0 || getppid() != parent))
		_exit(125);
	return pid;
}

static int child_start(struct command *command, const char *path, char **argv,
		       const struct passwd *user, const sigset_t *mask, struct err *err)
{
	int release[2], result[2] = {-1, -1}, r;

	if (pipe2(release, O_CLOEXEC) != 0)
		return err_errno(err, -errno, "cannot make a pipe");
	if (!is_asking(command) && pipe2(result, O_CLOEXEC) != 0) {
		r = -errno;
		close(release[0]);
		close(release[1]);
		return err_errno(err, r, "cannot make a pipe");
	}
	/* an inherited SIG_IGN would reap the command before anyone could ask how it ended */
	sigaction(SIGCHLD, &(struct sigaction){.sa_handler = SIG_DFL}, &command->sigchld);
	command->release_fd = release[0];
	command->pid = child_make(command);
	r = -errno;
	if (command->pid == 0) {
		if (!is_asking(command)) {
			close(release[1]);
			close(result[0]);
		}
		child_run(command, path, argv, user, mask);
	}
	command->release_fd = release[1];
	command->result_fd = is_asking(command) ? release[0] : result[0];
	close(is_asking(command) ? -1 : release[0]);
	close(result[1]);
	if (command->pid > 0)
		return 0;
	close(command->release_fd);
	close(command->result_fd);
	return err_errno(err, r, "cannot fork");
}

int command_spawn(struct command *command, const char *path, char **argv, const char *user,
		  const sigset_t *mask, struct err *err)
{
	struct passwd *entry = NULL;
	int r = user_find(user, &entry, err);

	if (r == 0)
		r = report_make(command, err);
	if (r == 0)
		r = child_start(command, path, argv, entry, mask, err);
	if (r < 0)
		report_drop(command);
	return r;
}

int command_release(struct command *command, const char *path, struct err *err)
{
	ssize_t size;
	char end;

	if (write(command->release_fd, "", 1) != 1)
		*command->report = (struct command_report){.stage = STAGE_EXECUTE, .code = -errno};
	close(command->release_fd);
	if (is_asking(command))
		return 0;
	do {
		/* nothing ever comes: it is closed once the child executes, or is gone */
		size = read(command->result_fd, &end, 1);
	} while (size < 0 && errno == EINTR);
	return command_outcome(command, path, err);
}

int command_listener(const struct command *command)
{
	int listener = command->report->listener;

	if (!listener)
		return -EAGAIN;
	return listener > 0 ? listener - 1 : listener;
}

int command_outcome(struct command *command, const char *path, struct err *err)
{
	enum stage stage = command->report->stage;

	command->code = command->report->code;
	close(command->result_fd);
	report_drop(command);
	if (command->code == 0) {
		if (!command->confine || process_has_executed(command->pid))
			return 0;
		return err_set(err, -EACCES, "cannot execute %s: it was killed for it", path);
	}
	switch (stage) {
	case STAGE_USER:
		err_errno(err, command->code, "cannot become the user");
		return -EPERM;
	case STAGE_APPARMOR:
		apparmor_failed(command->confine, command->code, err);
		return -EPERM;
	case STAGE_FILTER:
		filter_failed(command->code, err);
		return -EPERM;
	case STAGE_EXECUTE:
		break;
	}
	err_errno(err, command->code, "cannot execute %s", path);
	return command->code == -ENOENT ? -ENOENT : -EACCES;
}

void command_abandon(struct command *command)
{
	close(command->release_fd);
	close(command->result_fd);
	report_drop(command);
	waitpid(command->pid, NULL, 0);
}
