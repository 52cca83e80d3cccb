/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Opens what may be a recording or a profile. What does not seek is copied to memory first. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "input.h"

#define HEAD_SIZE     4096
#define COPY_SIZE_MAX (UINT64_C(1) << 30)

static int all_write(int fd, const char *bytes, size_t size)
{
	ssize_t put;

	while (size) {
		put = write(fd, bytes, size);
		if (put < 0 && errno != EINTR)
			return -errno;
		if (put > 0) {
			bytes += put;
			size -= (size_t)put;
		}
	}
	return 0;
}

/* All of a pipe, in a file without a name. The caller closes *ret. */
static int pipe_copy(int from, const char *name, int *ret, struct err *err)
{
	_cleanup_close_ int fd = memfd_create("leastcall-input", MFD_CLOEXEC);
	_cleanup_free_ char *bytes = xcalloc(1, 1 << 16);
	uint64_t size = 0;
	ssize_t got;
	int r = fd < 0 ? -errno : 0;

	while (!r) {
		got = read(from, bytes, 1 << 16);
		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0) {
			r = got < 0 ? -errno : 0;
			break;
		}
		size += (size_t)got;
		r = size > COPY_SIZE_MAX ? -EFBIG : all_write(fd, bytes, (size_t)got);
	}
	if (!r && lseek(fd, 0, SEEK_SET) < 0)
		r = -errno;
	if (r)
		return err_errno(err, r, "cannot read %s", name);
	*ret = fd;
	fd = -1;
	return 0;
}

bool input_is_apparmor(const char *head)
{
	static const char *const words[] = {"abi ",     "include ", "include\t", "alias ",
					    "profile ", "@{",       "/",         "\"/"};
	size_t i;

	while (*head && (strchr(" \t\r\n", *head) || *head == '#')) {
		if (!strncmp(head, "#include", 8))
			return true;
		head += *head == '#' ? strcspn(head, "\n") : 1;
	}
	if (!strncmp(head, "//", 2) || !strncmp(head, "/* ", 3)) /* JSON's readers see those */
		return false;
	for (i = 0; i < ARRAY_SIZE(words); i++)
		if (!strncmp(head, words[i], strlen(words[i])))
			return true;
	return false;
}

/* A recording's lines are objects that say which fact they are. A profile is an object, too. */
static int kind_find(struct input *input, struct err *err)
{
	char head[HEAD_SIZE + 1] = {};
	ssize_t got = pread(input->fd, head, HEAD_SIZE, 0);
	const char *start = head + strspn(head, " \t\r\n");
	size_t line = strcspn(start, "\n");

	if (got < 0)
		return err_errno(err, -errno, "cannot read %s", input->name);
	input->is_apparmor = *start != '{' && input_is_apparmor(head);
	input->is_profile = true;
	if (input->is_apparmor)
		return 0;
	if (*start != '{')
		return err_set(err, -EBADMSG, "%s is neither a recording nor a profile",
			       input->name);
	input->is_profile = !memmem(start, line, "\"fact\"", 6);
	return 0;
}

int input_open(const char *path, struct input *ret, struct err *err)
{
	bool is_stdin = !strcmp(path, "-");
	struct input input = {.name = is_stdin ? "stdin" : path, .fd = -1};
	int copy = -1, r = 0;

	input.fd = is_stdin ? fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, STDERR_FILENO + 1)
			    : open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	if (input.fd < 0)
		return err_errno(err, -errno, "cannot read %s", path);
	if (lseek(input.fd, 0, SEEK_CUR) < 0 && errno == ESPIPE) {
		r = pipe_copy(input.fd, input.name, &copy, err);
		if (!r) {
			close(input.fd);
			input.fd = copy;
		}
	}
	if (!r)
		r = kind_find(&input, err);
	if (r)
		input_drop(&input);
	else
		*ret = input;
	return r;
}

void input_drop(struct input *input)
{
	if (input->fd >= 0)
		close(input->fd);
	input->fd = -1;
}
