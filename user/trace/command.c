/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Finds a command's file as execvp() would, forks, becomes its user and waits in the child. Knows no
 * cgroup and no tracer: whoever has it wait does.
 */
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <pwd.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "command.h"

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
	STAGE_EXECUTE,
};

struct failure {
	enum stage stage;
	int code; /* a negative errno */
};

static _Noreturn void child_run(const struct command *command, const char *path, char **argv,
				const struct passwd *user, const sigset_t *mask)
{
	struct failure failure = {.stage = STAGE_USER, .code = user ? user_become(user) : 0};
	char go;

	if (read(command->release_fd, &go, 1) != 1)
		_exit(125); /* the recorder gave up */
	if (failure.code == 0) {
		sigaction(SIGCHLD, &command->sigchld, NULL);
		sigprocmask(SIG_SETMASK, mask, NULL);
		execv(path, argv);
		failure = (struct failure){STAGE_EXECUTE, -errno};
	}
	if (write(command->result_fd, &failure, sizeof(failure)) < 0)
		_exit(125);
	_exit(126);
}

int command_spawn(struct command *command, const char *path, char **argv, const char *user,
		  const sigset_t *mask, struct err *err)
{
	struct passwd *entry = NULL;
	int release[2], result[2];

	if (user) {
		errno = 0;
		entry = getpwnam(user);
		if (!entry && errno && errno != ENOENT)
			return err_errno(err, -errno, "cannot look up the user %s", user);
		if (!entry)
			return err_set(err, -EINVAL, "there is no user \"%s\"", user);
	}
	if (pipe2(release, O_CLOEXEC) != 0)
		return err_errno(err, -errno, "cannot make a pipe");
	if (pipe2(result, O_CLOEXEC) != 0) {
		close(release[0]);
		close(release[1]);
		return err_errno(err, -errno, "cannot make a pipe");
	}
	/* an inherited SIG_IGN would reap the command before anyone could ask how it ended */
	sigaction(SIGCHLD, &(struct sigaction){.sa_handler = SIG_DFL}, &command->sigchld);
	command->pid = fork();
	if (command->pid == 0) {
		close(release[1]);
		close(result[0]);
		command->release_fd = release[0];
		command->result_fd = result[1];
		child_run(command, path, argv, entry, mask);
	}
	close(release[0]);
	close(result[1]);
	command->release_fd = release[1];
	command->result_fd = result[0];
	if (command->pid < 0) {
		int r = -errno;

		close(release[1]);
		close(result[0]);
		return err_errno(err, r, "cannot fork");
	}
	return 0;
}

int command_release(struct command *command, const char *path, struct err *err)
{
	struct failure failure = {};
	ssize_t size;

	if (write(command->release_fd, "", 1) != 1)
		failure = (struct failure){STAGE_EXECUTE, -errno};
	close(command->release_fd);
	do {
		/* nothing comes once it executes */
		size = read(command->result_fd, &failure, sizeof(failure));
	} while (size < 0 && errno == EINTR);
	close(command->result_fd);
	if (failure.code == 0)
		return 0;
	if (failure.stage == STAGE_USER) {
		err_errno(err, failure.code, "cannot become the user");
		return -EPERM;
	}
	err_errno(err, failure.code, "cannot execute %s", path);
	return failure.code == -ENOENT ? -ENOENT : -EACCES;
}

void command_abandon(struct command *command)
{
	close(command->release_fd);
	close(command->result_fd);
	waitpid(command->pid, NULL, 0);
}
