/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* What is mapped in a process, and the process that reads it: see stack.h. unwind.c knows frames. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <seccomp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "model/text.h"
#include "stack.h"
#include "unwind.h"
#include "util/privileges.h"
#include "util/util.h"

#define JOBS_MAX    1024 /* that are kept: 16 MiB */
#define OPENED_MAX  512  /* files */
#define WAIT_MS     2000
#define SECONDS_MAX 2
#define MEMORY_MORE (UINT64_C(8) << 30) /* bytes of addresses: files are mapped, and may be large */

/* A program in a process. */
struct image {
	pid_t process;
	uint32_t exe;
	struct layout layout;
	const struct event_stack *events[JOBS_MAX]; /* owned by the jobs */
	size_t events_count;
};

struct stacks {
	struct stack_sink sink;
	struct mapped_files files;
	struct image **images;
	size_t images_count;
	size_t count; /* events, of all images */
};

/* ---- the process that reads the files ------------------------------------------------------ */

/* It may read files, and ask for memory: what a file can talk it into is a wrong answer. */
static int confine(void)
{
	static const char *const allowed[] = {
		"brk",     "mmap",     "munmap",    "mremap",     "madvise",      "read",
		"pread64", "lseek",    "fstat",     "newfstatat", "dup",          "fcntl",
		"close",   "readlink", "getrandom", "futex",      "rt_sigreturn", "exit_group",
	};
	scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ERRNO(EACCES));
	int r = filter ? 0 : -ENOMEM;

	for (size_t i = 0; r == 0 && i < ARRAY_SIZE(allowed); i++)
		r = seccomp_rule_add(filter, SCMP_ACT_ALLOW,
				     seccomp_syscall_resolve_name(allowed[i]), 0);
	if (r == 0)
		r = seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(openat), 1,
				     SCMP_A2(SCMP_CMP_MASKED_EQ, O_ACCMODE | O_CREAT, O_RDONLY));
	if (r == 0)
		r = seccomp_load(filter);
	return r;
}

static bool file_has(const struct mapped_files *files, int fd)
{
	for (size_t i = 0; i < files->count; i++)
		if (files->list[i].fd == fd)
			return true;
	return false;
}

/* Of the recorder's descriptors it keeps the files alone. */
static void descriptors_close(const struct mapped_files *files)
{
	int last = -1;

	for (size_t i = 0; i < files->count; i++)
		if (files->list[i].fd > last)
			last = files->list[i].fd;
	for (int fd = 0; fd <= last; fd++)
		if (!file_has(files, fd))
			close(fd);
	syscall(SYS_close_range, last + 1, ~0u, 0);
}

/* Of addresses: what it has, and some more. */
static struct rlimit memory_limit(void)
{
	_cleanup_fclose_ FILE *file = fopen("/proc/self/statm", "re");
	unsigned long pages = 0;
	uint64_t bytes = MEMORY_MORE;

	if (file && fscanf(file, "%lu", &pages) == 1)
		bytes += (uint64_t)pages * (uint64_t)sysconf(_SC_PAGESIZE);
	return (struct rlimit){bytes, bytes};
}

static _Noreturn void child_run(const struct stacks *stacks, const struct image *image,
				pid_t parent, struct found *ret)
{
	const struct rlimit seconds = {SECONDS_MAX, SECONDS_MAX};
	struct rlimit memory;

	stacks->sink.forget(stacks->sink.ctx);
	if (prctl(PR_SET_PDEATHSIG, SIGKILL) < 0 || getppid() != parent)
		_exit(1);
	descriptors_close(&stacks->files);
	memory = memory_limit();
	if (setrlimit(RLIMIT_CPU, &seconds) < 0 || setrlimit(RLIMIT_AS, &memory) < 0 ||
	    privileges_set(0, 0) < 0 || confine() < 0)
		_exit(1);
	unwind(image->events, image->events_count, &image->layout, &stacks->files, ret);
	_exit(0);
}

/* Until it has ended. */
static void child_wait(pid_t pid)
{
	_cleanup_close_ int fd = syscall(SYS_pidfd_open, pid, 0);
	struct pollfd end = {.fd = fd, .events = POLLIN};

	if (fd < 0 || poll(&end, 1, WAIT_MS) <= 0)
		kill(pid, SIGKILL);
	while (waitpid(pid, NULL, __WALL) < 0 && errno == EINTR)
		;
}

/* ---- the frames ---------------------------------------------------------------------------- */

static char *build_id_text(const struct found_frame *found)
{
	size_t size = found->build_id_size;
	char *text = size && size <= BUILD_ID_BYTES ? xcalloc(2 * size + 1, 1) : NULL;

	for (size_t i = 0; text && i < size; i++)
		snprintf(text + 2 * i, 3, "%02x", found->build_id[i]);
	return text;
}

/* False where its address is in no code. */
static bool frame_make(const struct stacks *stacks, const struct image *image,
		       const struct found_frame *found, bool is_inner, struct frame *ret)
{
	const struct segment *segment = segment_find(&image->layout, found->pc - !is_inner);
	size_t size = strnlen(found->function, FUNCTION_BYTES);
	const char *path;

	if (!segment)
		return false;
	path = stacks->files.list[segment->file].path;
	*ret = (struct frame){
		.file = text_escape(path, strlen(path)),
		.function = size ? text_escape(found->function, size) : NULL,
		.build_id = build_id_text(found),
		.offset = size ? found->offset : found->pc - segment->start + segment->offset,
	};
	return true;
}

/* Where the call was made is known even where no file could be read. */
static void stack_make(const struct stacks *stacks, const struct image *image,
		       const struct event_stack *event, const struct found *found,
		       struct stack *ret)
{
	const struct found_frame inner = {.pc = event->registers.ip};
	uint32_t count = found && found->count <= STACK_DEPTH ? found->count : 0;

	ret->count = 0;
	while (ret->count < count && frame_make(stacks, image, &found->frames[ret->count],
						!ret->count, &ret->frames[ret->count]))
		ret->count++;
	if (!ret->count && frame_make(stacks, image, &inner, true, &ret->frames[0]))
		ret->count = 1;
}

static void stack_drop(struct stack *stack)
{
	for (uint32_t i = 0; i < stack->count; i++) {
		free(stack->frames[i].file);
		free(stack->frames[i].function);
		free(stack->frames[i].build_id);
	}
}

static void image_tell(const struct stacks *stacks, const struct image *image)
{
	size_t size = image->events_count * sizeof(struct found);
	struct found *found =
		mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	pid_t parent = getpid(), pid = -1;
	struct stack stack;

	if (found != MAP_FAILED) /* no signal tells its end: those are the command's */
		pid = syscall(SYS_clone, 0, 0, 0, 0, 0);
	if (pid == 0)
		child_run(stacks, image, parent, found);
	if (pid > 0)
		child_wait(pid);
	for (size_t i = 0; i < image->events_count; i++) {
		stack_make(stacks, image, image->events[i], pid > 0 ? &found[i] : NULL, &stack);
		if (stack.count)
			stacks->sink.tell(stacks->sink.ctx, &image->events[i]->key, &stack);
		stack_drop(&stack);
	}
	if (found != MAP_FAILED)
		munmap(found, size);
}

/* ---- what is kept -------------------------------------------------------------------------- */

struct stacks *stacks_new(const struct stack_sink *sink)
{
	struct stacks *stacks = xcalloc(1, sizeof(*stacks));

	stacks->sink = *sink;
	return stacks;
}

static struct image *image_get(struct stacks *stacks, pid_t process, uint32_t exe)
{
	struct image *image;

	for (size_t i = stacks->images_count; i-- > 0;) {
		image = stacks->images[i];
		if (image->process == process && image->exe == exe)
			return image;
	}
	image = xcalloc(1, sizeof(*image));
	image->process = process;
	image->exe = exe;
	stacks->images =
		xrealloc(stacks->images, stacks->images_count + 1, sizeof(*stacks->images));
	return stacks->images[stacks->images_count++] = image;
}

/* Programs load code as they go: the newest layout is the best one, as long as the process is there and
 * has executed nothing else. */
static void image_look(struct stacks *stacks, struct image *image, uint64_t address)
{
	struct layout layout;

	if (layout_read(&layout, &stacks->files, image->process) &&
	    segment_find(&layout, address)) {
		layout_drop(&image->layout);
		image->layout = layout;
	} else {
		layout_drop(&layout);
	}
}

void stacks_take(struct stacks *stacks, const struct event_stack *event, uint32_t exe)
{
	struct image *image;
	struct event_stack *own;

	if (!event->process)
		return;
	if (stacks->count == JOBS_MAX || stacks->files.count >= OPENED_MAX)
		stacks_flush(stacks);
	image = image_get(stacks, event->process, exe);
	image_look(stacks, image, event->registers.ip);
	own = xcalloc(1, sizeof(*own));
	*own = *event;
	image->events[image->events_count++] = own;
	stacks->count++;
}

static void images_drop(struct stacks *stacks)
{
	for (size_t i = 0; i < stacks->images_count; i++) {
		struct image *image = stacks->images[i];

		for (size_t k = 0; k < image->events_count; k++)
			free((void *)image->events[k]);
		layout_drop(&image->layout);
		free(image);
	}
	free(stacks->images);
	mapped_files_drop(&stacks->files);
	stacks->images = NULL;
	stacks->images_count = stacks->count = 0;
}

void stacks_flush(struct stacks *stacks)
{
	for (size_t i = 0; i < stacks->images_count; i++)
		if (stacks->images[i]->layout.segments_count)
			image_tell(stacks, stacks->images[i]);
	images_drop(stacks);
}

void stacks_free(struct stacks *stacks)
{
	if (!stacks)
		return;
	images_drop(stacks);
	free(stacks);
}
