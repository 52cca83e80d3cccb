/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Reads /proc/PID/maps; which files are opened, and that they are the ones that are mapped. */
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "layout.h"
#include "util/util.h"

/* More code than any program has, in pieces. */
#define MODULES_MAX  512
#define SEGMENTS_MAX 1024
#define VDSO_MAX     65536

/* A line of /proc/PID/maps. */
struct mapping {
	uint64_t start, end, offset, device, inode;
	bool is_code;
	const char *path;
};

/* The vDSO is in no file: 32-bit programs make their calls in it, vdso(7). */
static int vdso_copy(pid_t process, const struct mapping *mapping)
{
	_cleanup_free_ char *path = xasprintf("/proc/%d/mem", process);
	_cleanup_close_ int memory = open(path, O_RDONLY | O_CLOEXEC);
	size_t size = mapping->end - mapping->start;
	_cleanup_free_ char *bytes = size <= VDSO_MAX ? malloc(size) : NULL;
	int fd = memory >= 0 && bytes ? memfd_create("vdso", MFD_CLOEXEC) : -1;

	if (fd >= 0 && (pread(memory, bytes, size, mapping->start) != (ssize_t)size ||
			write(fd, bytes, size) != (ssize_t)size)) {
		close(fd);
		fd = -1;
	}
	return fd;
}

/* The file of this name, or -1 where that is another one. Who is recorded may have put anything in its
 * place, and to open a device does something: it is looked at before. */
static int file_open(const char *path, const struct mapping *mapping)
{
	_cleanup_close_ int place = open(path, O_PATH | O_CLOEXEC);
	_cleanup_free_ char *again = xasprintf("/proc/self/fd/%d", place);
	struct stat there;

	/* its device is another one where it lies on overlayfs */
	if (place < 0 || fstat(place, &there) < 0 || !S_ISREG(there.st_mode) ||
	    there.st_ino != mapping->inode)
		return -1;
	return open(again, O_RDONLY | O_CLOEXEC);
}

/* The kernel spells names from the reader's root, or, of another mount namespace, from its root. */
static int mapped_open(pid_t process, const struct mapping *mapping)
{
	_cleanup_free_ char *path = xasprintf("/proc/%d/root%s", process, mapping->path);
	int fd;

	if (*mapping->path != '/')
		return vdso_copy(process, mapping);
	fd = file_open(path, mapping);
	return fd >= 0 ? fd : file_open(mapping->path, mapping);
}

static size_t file_add(struct mapped_files *files, pid_t process, const struct mapping *mapping)
{
	struct mapped_file *file;

	for (size_t i = 0; i < files->count; i++) {
		file = &files->list[i];
		if (file->device == mapping->device && file->inode == mapping->inode &&
		    !strcmp(file->path, mapping->path))
			return i;
	}
	files->list = xrealloc(files->list, files->count + 1, sizeof(*files->list));
	file = &files->list[files->count];
	*file = (struct mapped_file){mapping->device, mapping->inode, xstrdup(mapping->path),
				     mapped_open(process, mapping)};
	return files->count++;
}

static bool mapping_parse(char *line, struct mapping *ret)
{
	unsigned int major, minor;
	char perms[5];
	int at = 0;

	line[strcspn(line, "\n")] = '\0';
	if (sscanf(line, "%" SCNx64 "-%" SCNx64 " %4s %" SCNx64 " %x:%x %" SCNu64 " %n",
		   &ret->start, &ret->end, perms, &ret->offset, &major, &minor, &ret->inode,
		   &at) < 7 ||
	    !at)
		return false;
	ret->device = makedev(major, minor);
	ret->is_code = perms[2] == 'x';
	ret->path = line + at;
	return *ret->path && (ret->inode || !strcmp(ret->path, "[vdso]"));
}

/* The parts of a file come one after another, with nothing but memory between them. */
static void mapping_add(struct layout *layout, size_t file, const struct mapping *mapping)
{
	struct module *last =
		layout->modules_count ? &layout->modules[layout->modules_count - 1] : NULL;

	if (last && last->file == file) {
		last->high = mapping->end;
	} else if (layout->modules_count < MODULES_MAX) {
		layout->modules = xrealloc(layout->modules, layout->modules_count + 1,
					   sizeof(*layout->modules));
		layout->modules[layout->modules_count++] =
			(struct module){mapping->start, mapping->end, file};
	}
	if (!mapping->is_code || layout->segments_count == SEGMENTS_MAX)
		return;
	layout->segments =
		xrealloc(layout->segments, layout->segments_count + 1, sizeof(*layout->segments));
	layout->segments[layout->segments_count++] =
		(struct segment){mapping->start, mapping->end, mapping->offset, file};
}

bool layout_read(struct layout *ret, struct mapped_files *files, pid_t process)
{
	_cleanup_free_ char *path = xasprintf("/proc/%d/maps", process), *line = NULL;
	_cleanup_fclose_ FILE *file = fopen(path, "re");
	struct mapping mapping;
	size_t size = 0;

	*ret = (struct layout){};
	while (file && getline(&line, &size, file) > 0)
		if (mapping_parse(line, &mapping))
			mapping_add(ret, file_add(files, process, &mapping), &mapping);
	return ret->segments_count;
}

void layout_drop(struct layout *layout)
{
	free(layout->modules);
	free(layout->segments);
	*layout = (struct layout){};
}

void mapped_files_drop(struct mapped_files *files)
{
	for (size_t i = 0; i < files->count; i++) {
		free(files->list[i].path);
		if (files->list[i].fd >= 0)
			close(files->list[i].fd);
	}
	free(files->list);
	*files = (struct mapped_files){};
}

const struct segment *segment_find(const struct layout *layout, uint64_t address)
{
	for (size_t i = 0; i < layout->segments_count; i++)
		if (address >= layout->segments[i].start && address < layout->segments[i].end)
			return &layout->segments[i];
	return NULL;
}
