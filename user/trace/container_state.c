/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * What the engines' files say of a container; what can't be read is not known, and what is too long
 * to be a name is none. Knows no process.
 */
#include <dirent.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>

#include "container_internal.h"
#include "model/text.h"

#define STATE_SIZE_MAX (64 << 10) /* of a runtime */
#define LIST_SIZE_MAX  (4 << 20)  /* containers/storage's, of all containers */
#define IMAGE_SIZE_MAX 512
#define SHORT_ID       12  /* what stands for a name where there is none */
#define STATES_MAX     256 /* of a runtime, looked through for one cgroup */
#define NAMESPACES_MAX 64  /* of containerd */

/* A text at a path of keys, NULL-terminated; NULL where it is none. */
static const char *json_text(const cJSON *value, const char *const *keys)
{
	for (; *keys && value; keys++)
		value = cJSON_GetObjectItemCaseSensitive(value, *keys);
	return cJSON_IsString(value) && *value->valuestring ? value->valuestring : NULL;
}
#define json_text(value, ...) (json_text)(value, (const char *const[]){__VA_ARGS__, NULL})

const char *config_cgroup(const cJSON *config)
{
	return json_text(config, "linux", "cgroupsPath");
}

/* ---- names ------------------------------------------------------------------------------- */

bool name_is_safe(const char *name)
{
	return name && *name && strlen(name) <= NAME_SIZE_MAX && !strchr(name, '/') &&
	       strcmp(name, ".") != 0 && strcmp(name, "..") != 0;
}

static char *escaped(const char *text)
{
	return text ? text_escape(text, strlen(text)) : NULL;
}

static char *image_escaped(const char *image)
{
	size_t size = image ? strlen(image) : 0;

	if (size > IMAGE_SIZE_MAX) {
		size = IMAGE_SIZE_MAX;
		while (size > 0 && ((unsigned char)image[size] & 0xc0) == 0x80)
			size--; /* no half of a character */
	}
	return image ? text_escape(image, size) : NULL;
}

/* `name` may be NULL, or nothing that can be used. */
static void identity_name(struct identity *identity, const char *name)
{
	free(identity->name);
	identity->name =
		name_is_safe(name) ? escaped(name) : xasprintf("%.*s", SHORT_ID, identity->id);
}

/* Where the kubelet's names are: in a bundle's annotations, or in Docker's labels. */
static const struct kubernetes_keys {
	const char *type, *sandbox, *name, *pod, *space, *image;
} kubernetes_keys[] = {
	/* containerd, pkg/cri/annotations */
	{"io.kubernetes.cri.container-type", "sandbox", "io.kubernetes.cri.container-name",
	 "io.kubernetes.cri.sandbox-name", "io.kubernetes.cri.sandbox-namespace",
	 "io.kubernetes.cri.image-name"},
	/* CRI-O, pkg/annotations */
	{"io.kubernetes.cri-o.ContainerType", "sandbox", "io.kubernetes.container.name",
	 "io.kubernetes.pod.name", "io.kubernetes.pod.namespace", "io.kubernetes.cri-o.ImageName"},
	/* cri-dockerd, core */
	{"io.kubernetes.docker.type", "podsandbox", "io.kubernetes.container.name",
	 "io.kubernetes.pod.name", "io.kubernetes.pod.namespace", "image"},
};

/* Fills in what Kubernetes calls it. False where it is none of its containers. */
static bool kubernetes_fill(struct identity *identity, const cJSON *labels)
{
	for (size_t i = 0; i < ARRAY_SIZE(kubernetes_keys); i++) {
		const struct kubernetes_keys *keys = &kubernetes_keys[i];
		const char *type = json_text(labels, keys->type);
		const char *name = json_text(labels, keys->name);
		const char *pod = json_text(labels, keys->pod);
		const char *space = json_text(labels, keys->space);
		const char *image = json_text(labels, keys->image);
		_cleanup_free_ char *joined = NULL;

		if (!type)
			continue;
		identity->sandbox = !strcmp(type, keys->sandbox);
		if (!name_is_safe(pod) || !name_is_safe(space) ||
		    (!identity->sandbox && !name_is_safe(name)))
			return false;
		joined = xasprintf("%s/%s", space, pod);
		identity->pod = escaped(joined);
		identity->container = identity->sandbox ? NULL : escaped(name);
		free(identity->name);
		identity->name = xasprintf("%s/%s", identity->pod,
					   identity->sandbox ? "(sandbox)" : identity->container);
		if (image && !identity->image)
			identity->image = image_escaped(image);
		return true;
	}
	return false;
}

/* ---- cgroups ----------------------------------------------------------------------------- */

static bool ends_with(const char *text, size_t length, const char *end)
{
	size_t size = strlen(end);

	return size <= length && !memcmp(text + length - size, end, size);
}

/* Where the runtime's path is taken from the root of the container that it runs in itself. */
static bool path_is(const char *path, size_t length, const char *within, const char *below)
{
	size_t outer = strlen(within);

	if (strlen(below) == length && !memcmp(path, below, length))
		return true;
	return length == outer + strlen(below) && !memcmp(path, within, outer) &&
	       !memcmp(path + outer, below, length - outer);
}

/* SLICE:PREFIX:NAME, as the runtimes' systemd drivers take it; false where it is no such triple. */
static bool scope_of(const char *cgroups_path, char **ret)
{
	const char *prefix = strchr(cgroups_path, ':');
	const char *name = prefix ? strchr(prefix + 1, ':') : NULL;

	if (!name)
		return false;
	*ret = ends_with(name, strlen(name), ".slice") ? xasprintf("/%s", name + 1)
	       : name == prefix + 1                    ? xasprintf("/%s.scope", name + 1)
				    : xasprintf("/%.*s-%s.scope", (int)(name - prefix - 1),
						prefix + 1, name + 1);
	return true;
}

bool cgroup_fits(const char *cgroups_path, const char *id, const char *within, const char *path,
		 size_t length)
{
	_cleanup_free_ char *end = NULL;

	if (cgroups_path && cgroups_path[0] == '/')
		return path_is(path, length, within, cgroups_path);
	/* a relative one begins at the runtime's own cgroup; so does the default, which is the id */
	if (!cgroups_path || !scope_of(cgroups_path, &end))
		end = xasprintf("/%s", cgroups_path ? cgroups_path : id);
	return ends_with(path, length, end);
}

/* ---- the places -------------------------------------------------------------------------- */

static bool docker_identify(struct files *files, const struct place *place, const char *id,
			    struct identity *ret)
{
	_cleanup_free_ char *path = xasprintf("containers/%s/config.v2.json", id);
	const cJSON *state = state_read(files, place->fd, path, CONFIG_SIZE_MAX);
	const char *name;

	if (!state)
		return false;
	name = json_text(state, "Name");
	ret->engine = ENGINE_DOCKER;
	ret->image = image_escaped(json_text(state, "Config", "Image"));
	if (!kubernetes_fill(ret,
			     cJSON_GetObjectItemCaseSensitive(
				     cJSON_GetObjectItemCaseSensitive(state, "Config"), "Labels")))
		identity_name(ret, name && name[0] == '/' ? name + 1 : name);
	return true;
}

/* One of containers/storage's lists, where the id is in it. */
static bool storage_list_identify(struct files *files, const struct place *place, const char *file,
				  const char *id, struct identity *ret)
{
	const cJSON *list = state_read(files, place->fd, file, LIST_SIZE_MAX);
	const cJSON *item, *names;

	cJSON_ArrayForEach (item, list) {
		const char *own = json_text(item, "id"), *more = json_text(item, "metadata");
		cJSON *metadata;

		if (!own || strcmp(own, id) != 0)
			continue;
		metadata = more ? cJSON_Parse(more) : NULL;
		names = cJSON_GetObjectItemCaseSensitive(item, "names");
		identity_name(ret, cJSON_GetStringValue(cJSON_GetArrayItem(names, 0)));
		ret->image = image_escaped(json_text(metadata, "image-name"));
		cJSON_Delete(metadata);
		return true;
	}
	return false;
}

static bool storage_identify(struct files *files, const struct place *place, const char *id,
			     struct identity *ret)
{
	_cleanup_free_ char *path = xasprintf("%s/userdata/config.json", id);
	bool found = storage_list_identify(files, place, "containers.json", id, ret) ||
		     storage_list_identify(files, place, "volatile-containers.json", id, ret);
	const cJSON *config = state_read(files, place->fd, path, CONFIG_SIZE_MAX), *notes;
	const char *manager;

	notes = cJSON_GetObjectItemCaseSensitive(config, "annotations");
	manager = json_text(notes, "io.container.manager");
	if (manager && !strcmp(manager, "cri-o"))
		found |= kubernetes_fill(ret, notes);
	else if (found) /* Podman marks a pod's own container in the same way */
		ret->sandbox = !strcmp(json_text(notes, "io.kubernetes.cri-o.ContainerType") ?: "",
				       "sandbox");
	if (found)
		ret->engine = ret->pod ? ENGINE_CRI : ENGINE_PODMAN;
	return found;
}

static bool task_config_identify(const cJSON *config, const char *id, struct identity *ret)
{
	const cJSON *notes = cJSON_GetObjectItemCaseSensitive(config, "annotations");

	ret->engine = ENGINE_CONTAINERD;
	if (kubernetes_fill(ret, notes)) {
		ret->engine = ENGINE_CRI;
		return true;
	}
	if (!ret->id)
		ret->id = escaped(id);
	/* nerdctl, pkg/labels; ctr has nothing but the id */
	identity_name(ret, json_text(notes, "nerdctl/name") ?: id);
	return true;
}

bool task_identify(struct files *files, const struct place *place, const char *space,
		   const char *id, const char *path, size_t length, struct identity *ret)
{
	_cleanup_free_ char *file = xasprintf("%s/%s/config.json", space, id);
	const cJSON *config = state_read(files, place->fd, file, CONFIG_SIZE_MAX);

	return config &&
	       cgroup_fits(config_cgroup(config), id, place->witness.within, path, length) &&
	       task_config_identify(config, id, ret);
}

/* The id in whichever of containerd's namespaces; Docker's own has no names. */
static bool tasks_identify(struct files *files, const struct place *place, const char *id,
			   struct identity *ret)
{
	int fd = openat(place->fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *dir = fd < 0 ? NULL : fdopendir(fd);
	struct dirent *entry;
	bool found = false;

	for (int i = 0; dir && !found && i < NAMESPACES_MAX && (entry = readdir(dir)); i++) {
		_cleanup_free_ char *file = xasprintf("%s/%s/config.json", entry->d_name, id);
		const cJSON *config;

		if (entry->d_name[0] == '.' || !strcmp(entry->d_name, "moby"))
			continue;
		config = state_read(files, place->fd, file, CONFIG_SIZE_MAX);
		found = config && task_config_identify(config, id, ret);
	}
	if (dir)
		closedir(dir);
	return found;
}

bool place_identify(struct files *files, const struct place *place, const char *id,
		    struct identity *ret)
{
	switch (place->kind) {
	case PLACE_DOCKER:
		return docker_identify(files, place, id, ret);
	case PLACE_STORAGE:
		return storage_identify(files, place, id, ret);
	case PLACE_TASKS:
		return tasks_identify(files, place, id, ret);
	case PLACE_RUNTIME:
		break; /* it knows ids, and no names */
	}
	return false;
}

/* ---- a runtime's own state --------------------------------------------------------------- */

/* The path below the mount of what is one in the file system of whoever mounted it where. */
static const char *below_mount(const char *directory, const struct cgroup_hierarchy *hierarchy)
{
	static const char usual[] = "/sys/fs/cgroup", unified[] = "/unified";
	const char *controller = hierarchy->controller ?: "";
	size_t size = strlen(hierarchy->mount);

	if (!strncmp(directory, hierarchy->mount, size) && directory[size] == '/')
		return directory + size;
	if (strncmp(directory, usual, strlen(usual)) != 0)
		return directory;
	directory += strlen(usual);
	if (directory[0] != '/')
		return directory;
	if (!strncmp(directory, unified, strlen(unified)) && directory[strlen(unified)] == '/')
		return directory + strlen(unified);
	size = strlen(controller);
	if (size && !strncmp(directory + 1, controller, size) && directory[1 + size] == '/')
		return directory + 1 + size;
	return directory;
}

/* Where the state of this container says that its cgroup is: runc's state.json has a directory for
 * each hierarchy, cgroup2 is ""; crun's status has the path. The caller frees it. */
static char *state_cgroup(struct files *files, const struct place *place,
			  const struct cgroup_hierarchy *hierarchy, const char *id)
{
	_cleanup_free_ char *runc = xasprintf("%s/state.json", id);
	_cleanup_free_ char *crun = xasprintf("%s/status", id);
	const cJSON *state = state_read(files, place->fd, runc, STATE_SIZE_MAX);
	const char *path;

	if (state) {
		const cJSON *paths = cJSON_GetObjectItemCaseSensitive(state, "cgroup_paths");

		path = cJSON_GetStringValue(
			cJSON_GetObjectItemCaseSensitive(paths, hierarchy->controller ?: ""));
		path = path ? below_mount(path, hierarchy) : NULL;
	} else {
		state = state_read(files, place->fd, crun, STATE_SIZE_MAX);
		path = json_text(state, "cgroup-path");
	}
	return path ? xstrdup(path) : NULL;
}

static bool state_fits(struct files *files, const struct place *place,
		       const struct cgroup_hierarchy *hierarchy, const char *id, const char *path,
		       size_t length, struct identity *ret)
{
	_cleanup_free_ char *cgroup = NULL;

	if (!name_is_safe(id))
		return false;
	cgroup = state_cgroup(files, place, hierarchy, id);
	if (!cgroup || !path_is(path, length, place->witness.within, cgroup))
		return false;
	ret->engine = ENGINE_OCI;
	ret->id = escaped(id);
	ret->name = escaped(id);
	return true;
}

bool runtime_identify(struct files *files, const struct place *place,
		      const struct cgroup_hierarchy *hierarchy, const char *path, size_t length,
		      bool all, struct identity *ret)
{
	_cleanup_free_ char *name = xasprintf("%.*s", (int)length, path);
	bool found = state_fits(files, place, hierarchy, strrchr(name, '/') + 1, path, length, ret);
	struct dirent *entry;
	DIR *dir;
	int fd;

	if (found || !all)
		return found;
	fd = openat(place->fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	dir = fd < 0 ? NULL : fdopendir(fd);
	for (int i = 0;
	     dir && !found && i < STATES_MAX && files_left(files) && (entry = readdir(dir)); i++) {
		/* an engine's: its path says so itself */
		if (strlen(entry->d_name) != ENGINE_ID_SIZE)
			found = state_fits(files, place, hierarchy, entry->d_name, path, length,
					   ret);
	}
	if (dir)
		closedir(dir);
	return found;
}
