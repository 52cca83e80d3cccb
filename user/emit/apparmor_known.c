/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Names that may be widened without a second run, and names that never may. */
#include <stdio.h>
#include <string.h>

#include "apparmor_known.h"
#include "model/fact.h"
#include "util/util.h"

/* No name of so few bytes is random. */
#define SHORT_MAX 3

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
	"/run/k3s/containerd/containerd.sock",
	"/run/cri-dockerd.sock",
	"/run/systemd/private",
	/* the places, as directories */
	"/etc/ssh",
	"/etc/sudoers.d",
	"/proc/sys",
	"/sys/kernel",
};

static const char run[] = "/run/", var_run[] = "/var/run/";

bool path_is_kept(const char *bytes)
{
	bool is_run = !strncmp(bytes, var_run, sizeof(var_run) - 1);
	const char *plain = is_run ? bytes + sizeof(var_run) - sizeof(run) : bytes, *at;
	size_t i, size;

	for (i = 0; i < ARRAY_SIZE(kept_paths); i++)
		if (!strcmp(plain, kept_paths[i]))
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

/* One is a symbolic link to the other, and @{run} is both. */
static bool match_run(const struct cells *cells, const char *path)
{
	char other[64];

	if (cells_match(cells->list, cells->count, path))
		return true;
	if (strncmp(path, run, sizeof(run) - 1) != 0)
		return false;
	snprintf(other, sizeof(other), "/var%s", path);
	return cells_match(cells->list, cells->count, other);
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
		if (match_run(cells, kept_paths[i]))
			return true;
	for (i = 0; i < ARRAY_SIZE(kept_names); i++)
		if (kept_names[i].directory == directory && (directory || home) &&
		    cells_match(cells->list + last, cells->count - last, kept_names[i].name))
			return true;
	return false;
}

/* Who may name a file there may have root execute or obey it. */
static const char *const root_places[] = {
	"/bin/",
	"/boot/",
	"/efi/",
	"/etc/",
	"/gnu/",
	"/lib/",
	"/lib32/",
	"/lib64/",
	"/libx32/",
	"/nix/",
	"/opt/",
	"/root/",
	"/run/NetworkManager/",
	"/run/systemd/",
	"/run/udev/",
	"/sbin/",
	"/snap/",
	"/sys/",
	"/usr/",
	"/var/lib/containerd/",
	"/var/lib/containers/",
	"/var/lib/docker/",
	"/var/lib/dpkg/",
	"/var/lib/kubelet/",
	"/var/lib/rpm/",
	"/var/lib/snapd/",
	"/var/lib/systemd/",
	"/var/spool/anacron/",
	"/var/spool/at/",
	"/var/spool/atjobs/",
	"/var/spool/cron/",
};

/* Is it, or may it be, below the place? */
static bool cells_below(const struct cells *cells, const char *place)
{
	size_t slashes = 0, at;
	const char *c;

	for (c = place; *c; c++)
		slashes += *c == '/';
	for (at = 0; at < cells->count && slashes; at++)
		slashes -= cells->list[at] == '/';
	return !slashes && cells_match(cells->list, at, place);
}

static bool cells_in_root_place(const struct cells *cells)
{
	char other[64];
	size_t i;

	for (i = 0; i < ARRAY_SIZE(root_places); i++) {
		snprintf(other, sizeof(other), "/var%s", root_places[i]);
		if (cells_below(cells, root_places[i]) ||
		    (!strncmp(root_places[i], run, sizeof(run) - 1) && cells_below(cells, other)))
			return true;
	}
	return false;
}

/*
 * Where nothing is known of any name that varies but its few bytes: 16 times 16 names are soon other
 * names, too. A number is a number, however short.
 */
static bool cells_short(const struct cells *cells)
{
	size_t at = 0, end, varies, i;
	bool any = false;

	for (; at < cells->count; at = end + 1) {
		for (end = at, varies = 0; end < cells->count && cells->list[end] != '/'; end++)
			continue;
		for (i = at; i < end; i++)
			varies += cells->list[i] >= CELL_DIGIT && cells->list[i] <= CELL_STAR;
		if (!varies)
			continue;
		if (varies < end - at || varies > SHORT_MAX || cells->list[at] == CELL_DIGIT ||
		    cells->list[at] == CELL_STAR)
			return false;
		any = true;
	}
	return any;
}

bool cells_too_wide(const struct cells *cells, uint32_t perms)
{
	bool directory = cells->list[cells->count - 1] == '/';

	if (cells_hold_kept(&(struct cells){cells->list, cells->count - directory}, directory))
		return true;
	if (!(perms & (PERM_WRITE | PERM_APPEND | PERM_LINK)))
		return false;
	return cells_in_root_place(cells) || (!directory && cells_short(cells));
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

/* The numbers behind `mark`, where the name goes on with one of `behind` or ends. */
static void numbers_widen(struct cells *cells, const char *mark, const char *behind)
{
	struct cells wide = {.list = xcalloc(2 * cells->count + 1, sizeof(*wide.list))};
	size_t size = strlen(mark), at, i, end;

	for (at = 0; at < cells->count; at++) {
		for (i = 0; i < size && at + i < cells->count &&
			    cells->list[at + i] == (unsigned char)mark[i];
		     i++)
			;
		for (end = at + i; i == size && digit(cells, end); end++)
			;
		if (i < size || end == at + size || !ends(cells, end, behind)) {
			wide.list[wide.count++] = cells->list[at];
			continue;
		}
		memcpy(wide.list + wide.count, cells->list + at, size * sizeof(*wide.list));
		memcpy(wide.list + wide.count + size, number, sizeof(number));
		wide.count += size + ARRAY_SIZE(number);
		at = end - 1;
	}
	cells_drop(cells);
	*cells = wide;
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

const char *versions_widen(struct cells *cells, const char *bytes, uint32_t perms)
{
	static const char pts[] = "/dev/pts/";
	size_t end = sizeof(pts) - 1;

	if (cells_begin(cells, pts) && !(perms & (PERM_EXEC | PERM_MAP))) {
		while (digit(cells, end))
			end++;
		if (end > sizeof(pts) - 1 && end == cells->count) {
			cells_replace(cells, sizeof(pts) - 1, end, number, 2);
			return "any terminal";
		}
	}
	if (perms & ~(uint32_t)(PERM_READ | PERM_MAP) || path_is_kept(bytes))
		return NULL;
	library_widen(cells);
	numbers_widen(cells, "python3.", "./");
	numbers_widen(cells, ".cpython-3", ".-");
	release_widen(cells, "/lib/modules/");
	release_widen(cells, "/usr/lib/modules/");
	return cells_are_glob(cells) ? "version left open" : NULL;
}
