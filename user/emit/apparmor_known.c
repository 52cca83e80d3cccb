/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Names that may be widened without a second run, and names that never may. */
#include <string.h>

#include "apparmor_known.h"
#include "model/fact.h"
#include "util/util.h"

/* All that is below these. /dev/shm is no place of devices: any program makes files there. */
static const char *const kept_places[] = {
	"/etc/ssh/", "/etc/sudoers.d/", "/proc/sys/", "/sys/kernel/", "/dev/",
};
static const char dev_shm[] = "/dev/shm/";

/* In whoever's home. */
static const struct {
	const char *name;
	bool directory;
} kept_names[] = {
	{".ssh", true},
	{".gnupg", true},
	{".aws", true},
	{".kube", true},
	{".netrc", false},
	{".pgpass", false},
	{".password-store", true},
};

/* passwd and group are no secrets, but who may write them may do anything. */
static const char *const kept_paths[] = {
	"/etc/shadow",
	"/etc/shadow-",
	"/etc/gshadow",
	"/etc/gshadow-",
	"/etc/sudoers",
	"/etc/passwd",
	"/etc/group",
	"/run/docker.sock",
	"/run/containerd/containerd.sock",
	"/run/crio/crio.sock",
	"/run/podman/podman.sock",
	"/var/run/docker.sock",
	"/var/run/containerd/containerd.sock",
	"/var/run/crio/crio.sock",
	"/var/run/podman/podman.sock",
	/* the places, as directories */
	"/etc/ssh",
	"/etc/sudoers.d",
	"/proc/sys",
	"/sys/kernel",
};

bool path_is_kept(const char *bytes)
{
	const char *at;
	size_t i, size;

	for (i = 0; i < ARRAY_SIZE(kept_paths); i++)
		if (!strcmp(bytes, kept_paths[i]))
			return true;
	for (i = 0; i < ARRAY_SIZE(kept_places); i++)
		if (!strncmp(bytes, kept_places[i], strlen(kept_places[i])) &&
		    strncmp(bytes, dev_shm, sizeof(dev_shm) - 1) != 0)
			return true;
	for (at = bytes; *at; at += size) {
		at++;
		size = strcspn(at, "/");
		for (i = 0; i < ARRAY_SIZE(kept_names); i++)
			if (strlen(kept_names[i].name) == size &&
			    !strncmp(at, kept_names[i].name, size))
				return true;
	}
	return false;
}

bool cells_hold_kept(const struct cells *cells, bool directory)
{
	bool home = cells_begin(cells, "/home/") || cells_begin(cells, "/root/");
	size_t last = cells->count, i;

	while (last && cells->list[last - 1] != '/')
		last--;
	/* What is directly below the root, and whose home it is, is nobody's to guess. */
	if (last <= 1 || cells_match(cells->list, last, "/home/"))
		return true;
	for (i = 0; i < ARRAY_SIZE(kept_paths); i++)
		if (cells_match(cells->list, cells->count, kept_paths[i]))
			return true;
	for (i = 0; i < ARRAY_SIZE(kept_names); i++)
		if (kept_names[i].directory == directory && (directory || home) &&
		    cells_match(cells->list + last, cells->count - last, kept_names[i].name))
			return true;
	return false;
}

static const uint16_t star[] = {CELL_STAR};
static const uint16_t number[] = {CELL_DIGIT, CELL_STAR};

static bool digit(const struct cells *cells, size_t at)
{
	return at < cells->count && cells->list[at] >= '0' && cells->list[at] <= '9';
}

static bool ends(const struct cells *cells, size_t at, const char *bytes)
{
	return at == cells->count ||
	       (cells->list[at] < CELL_DIGIT && strchr(bytes, (int)cells->list[at]));
}

/* libc.so.6 and libc.so.6.1 are libc.so*. */
static void library_widen(struct cells *cells)
{
	static const char mark[] = ".so.";
	size_t at = cells->count, i;

	while (at && (digit(cells, at - 1) || cells->list[at - 1] == '.'))
		at--;
	if (at < 3 || at + 1 >= cells->count || cells->list[at] != '.' || !digit(cells, at + 1))
		return;
	for (i = 0; i < 3; i++)
		if (cells->list[at - 3 + i] != (unsigned char)mark[i])
			return;
	cells_replace(cells, at, cells->count, star, 1);
}

/* The number behind `mark`, where the name goes on with one of `behind` or ends. */
static void numbers_widen(struct cells *cells, const char *mark, const char *behind)
{
	size_t size = strlen(mark), at, i, end;

	for (at = 0; at + size < cells->count; at++) {
		for (i = 0; i < size && cells->list[at + i] == (unsigned char)mark[i]; i++)
			;
		for (end = at + size; digit(cells, end); end++)
			;
		if (i < size || end == at + size || !ends(cells, end, behind))
			continue;
		cells_replace(cells, at + size, end, number, 2);
	}
}

/* The directory behind `place`, whose name begins with a digit. */
static void release_widen(struct cells *cells, const char *place)
{
	size_t at = strlen(place), end = at;

	if (!cells_begin(cells, place) || !digit(cells, at))
		return;
	while (end < cells->count && cells->list[end] != '/')
		end++;
	if (end < cells->count)
		cells_replace(cells, at, end, number, 2);
}

void versions_widen(struct cells *cells, const char *bytes, uint32_t perms)
{
	static const char pts[] = "/dev/pts/";
	size_t end = sizeof(pts) - 1;

	if (cells_begin(cells, pts) && !(perms & (PERM_EXEC | PERM_MAP))) {
		while (digit(cells, end))
			end++;
		if (end > sizeof(pts) - 1 && end == cells->count)
			cells_replace(cells, sizeof(pts) - 1, end, number, 2);
	}
	if (perms & ~(uint32_t)(PERM_READ | PERM_MAP) || path_is_kept(bytes))
		return;
	library_widen(cells);
	numbers_widen(cells, "python3.", "./");
	numbers_widen(cells, ".cpython-3", ".-");
	release_widen(cells, "/lib/modules/");
	release_widen(cells, "/usr/lib/modules/");
}
