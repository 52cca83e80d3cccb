/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Words of errors, memory and cleaning up: what util.h promises. Knows no file and no kernel. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "util.h"

int err_set(struct err *err, int code, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(err->text, sizeof(err->text), format, args);
	va_end(args);
	return code;
}

int err_errno(struct err *err, int code, const char *format, ...)
{
	va_list args;
	size_t used;

	va_start(args, format);
	vsnprintf(err->text, sizeof(err->text), format, args);
	va_end(args);
	used = strlen(err->text);
	snprintf(err->text + used, sizeof(err->text) - used, ": %s", strerror(-code));
	return code;
}

int err_prefix(struct err *err, int code, const char *format, ...)
{
	char tail[sizeof(err->text)];
	va_list args;
	size_t used;

	memcpy(tail, err->text, sizeof(tail));
	va_start(args, format);
	vsnprintf(err->text, sizeof(err->text), format, args);
	va_end(args);
	used = strlen(err->text);
	snprintf(err->text + used, sizeof(err->text) - used, ": %s", tail);
	return code;
}

static void *checked(void *ptr)
{
	static const char words[] = "leastcall: out of memory\n";

	if (ptr)
		return ptr;
	if (write(STDERR_FILENO, words, sizeof(words) - 1) < 0)
		_exit(125);
	_exit(125);
}

void *xcalloc(size_t count, size_t size)
{
	return checked(calloc(count ? count : 1, size ? size : 1));
}

void *xrealloc(void *ptr, size_t count, size_t size)
{
	return checked(reallocarray(ptr, count ? count : 1, size ? size : 1));
}

char *xstrdup(const char *text)
{
	return checked(strdup(text));
}

char *xstrndup(const char *text, size_t size)
{
	return checked(strndup(text, size));
}

char *xasprintf(const char *format, ...)
{
	char *text = NULL;
	va_list args;
	int len;

	va_start(args, format);
	len = vasprintf(&text, format, args);
	va_end(args);
	return checked(len < 0 ? NULL : text);
}

FILE *xmemstream(char **ret, size_t *ret_size)
{
	return checked(open_memstream(ret, ret_size));
}

void cleanup_free(void *ptr_to_ptr)
{
	free(*(void **)ptr_to_ptr);
}

void cleanup_fclose(FILE **file)
{
	if (*file)
		fclose(*file);
}

void cleanup_close(int *fd)
{
	if (*fd >= 0)
		close(*fd);
}
