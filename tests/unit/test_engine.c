/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * What cgroup paths say: the rows of engine.inc against paths that were seen on real hosts or stand
 * in the engines' documentation, and names against what somebody asks for.
 */
#include <stdlib.h>

#include "model/identity.h"
#include "tables/engine.h"
#include "test.h"
#include "util/util.h"

#define ID        "303e51c3647f14d276231e38b62408b354392bc8dc13f4e5cb11e1387e17bd68"
#define POD       "pod0f1c2d3e4b5a69788796a5b4c3d2e1f0"
#define POD_SLICE "kubepods-burstable-pod0f1c2d3e_4b5a_6978_8796_a5b4c3d2e1f0.slice"

/* The last component's engine and text; engine NULL: it stands for nothing by itself. */
static const struct {
	const char *path, *engine, *text;
} paths[] = {
	/* seen: Podman 4.3, both cgroup managers */
	{"/libpod_parent/libpod-" ID, "podman", ID},
	{"/machine.slice/libpod-" ID ".scope", "podman", ID},
	{"/machine.slice/libpod-conmon-" ID ".scope", "unit", "libpod-conmon-" ID ".scope"},
	{"/libpod_parent/conmon", NULL, NULL},
	{"/libpod_parent", NULL, NULL},
	{"/system.slice/web.service/libpod-payload-" ID, "podman", ID},
	/* seen: Docker 20.10, both drivers, --cgroup-parent */
	{"/docker/" ID, "docker", ID},
	{"/system.slice/docker-" ID ".scope", "docker", ID},
	{"/build/job-7/" ID, "docker", ID},
	{"/docker/" ID "/docker/" ID, "docker", ID},
	{"/docker", NULL, NULL},
	/* seen: ctr's /NAMESPACE/ID says nothing by itself; --cgroup even less */
	{"/ct1/c1", NULL, NULL},
	/* seen: a bundle's cgroupsPath */
	{"/ctlab/b1", NULL, NULL},
	/* seen: Buildah 1.28 */
	{"/buildah-buildah219583471", "oci", "buildah219583471"},
	/* seen: LXC 5.0, lxc-attach */
	{"/lxc.payload.t1", "lxc", "t1"},
	{"/lxc.payload.web.example", "lxc", "web.example"},
	{"/lxc.payload.t1/.lxc", NULL, NULL},
	{"/lxc.monitor.t1", NULL, NULL},
	{"/lxc/t1", "lxc", "t1"},
	{"/lxc.payload/t1", "lxc", "t1"},
	/* seen: nspawn 252 with --keep-unit; systemd-nspawn@.service; machined */
	{"/a/payload", "nspawn", NULL},
	{"/a/supervisor", NULL, NULL},
	{"/machine.slice/systemd-nspawn@deb.service/payload", "nspawn", "deb"},
	{"/machine.slice/machine-my\\x2dbox.scope/payload", "nspawn", "my\\x2dbox"},
	{"/a/payload/system.slice/dbus.service", "unit", "dbus.service"},
	/* seen: kubelet 1.20 with containerd, cgroupfs driver */
	{"/kubepods/burstable/" POD "/" ID, "cri", ID},
	{"/kubepods/" POD "/" ID, "cri", ID},
	{"/kubepods/burstable/" POD, NULL, NULL},
	{"/kubepods/besteffort", NULL, NULL},
	/* Kubernetes' documentation: systemd driver */
	{"/kubepods.slice/kubepods-burstable.slice/" POD_SLICE "/cri-containerd-" ID ".scope",
	 "cri", ID},
	{"/kubepods.slice/kubepods-burstable.slice/" POD_SLICE "/crio-" ID ".scope", "cri", ID},
	{"/kubepods.slice/kubepods-burstable.slice/" POD_SLICE "/docker-" ID ".scope", "docker",
	 ID},
	{"/kubepods.slice/" POD_SLICE "/crio-conmon-" ID ".scope", "unit",
	 "crio-conmon-" ID ".scope"},
	{"/kubepods.slice/kubepods-burstable.slice/" POD_SLICE, NULL, NULL},
	{"/kubepods/burstable/" POD "/crio-" ID, "cri", ID},
	/* nerdctl's and the runtimes' documentation: systemd driver */
	{"/system.slice/nerdctl-" ID ".scope", "containerd", ID},
	{"/system.slice/runc-b1.scope", "oci", "b1"},
	{"/system.slice/crun-b-2.scope", "oci", "b-2"},
	/* systemd */
	{"/system.slice/nginx.service", "unit", "nginx.service"},
	{"/system.slice/_cpu.service", "unit", "cpu.service"},
	{"/user.slice/user-1000.slice/session-3.scope", "unit", "session-3.scope"},
	{"/user.slice/user-1000.slice/user@1000.service", "unit", "user@1000.service"},
	{"/system.slice/dev-hugepages.mount", "unit", "dev-hugepages.mount"},
	{"/init.scope", "unit", "init.scope"},
	{"/system.slice/ssh.socket", "unit", "ssh.socket"},
	{"/system.slice/dev-sda2.swap", "unit", "dev-sda2.swap"},
	{"/system.slice", NULL, NULL},
	{"/system.slice/.service", NULL, NULL},
	/* what is almost an id, or almost a name */
	{"/docker/" ID "0", NULL, NULL},
	{"/docker/303e51c3647f", NULL, NULL},
	{"/docker/303E51C3647F14D276231E38B62408B354392BC8DC13F4E5CB11E1387E17BD68", NULL, NULL},
	{"/docker/" ID "/init", NULL, NULL},
	{"/x/docker-" ID, NULL, NULL},
	{"/lxc.payload.", NULL, NULL},
	{"/", NULL, NULL},
	{"", NULL, NULL},
};

static void test_paths(void)
{
	for (size_t i = 0; i < ARRAY_SIZE(paths); i++) {
		const char *path = paths[i].path, *want = paths[i].engine;
		struct engine_match match = {};
		bool found = engine_match(path, strlen(path), &match);
		_cleanup_free_ char *text = match.text ? xstrndup(match.text, match.size) : NULL;

		EQ_STR(found ? engine_name(match.engine) : NULL, want, "%s is %s", path,
		       want ?: "nothing by itself");
		EQ_STR(text, paths[i].text, "%s names %s", path, paths[i].text ?: "nothing");
	}
}

static void test_parts(void)
{
	static const char nested[] = "/docker/" ID "/system.slice/a.service";
	struct engine_match match;

	EQ(engine_match(nested, strlen("/docker/" ID), &match) ? match.engine : 0, ENGINE_DOCKER,
	   "the length says which component is asked about");
	CHECK(match.is_id && !match.needs_state, "an id is an id");
	CHECK(!engine_match(nested, strlen("/docker/" ID "/system.slice"), &match),
	      "a slice stands for nothing");
	CHECK(engine_match("/a/payload", strlen("/a/payload"), &match) && match.needs_state,
	      "a payload needs more than its name");
	CHECK(engine_match("/lxc.payload." ID, strlen("/lxc.payload." ID), &match) && !match.is_id,
	      "a name that looks like an id is a name");
	for (int engine = ENGINE_DOCKER; engine <= ENGINE_UNIT; engine++)
		CHECK(engine_name(engine), "engine %d has a name", engine);
	CHECK(!engine_name(ENGINE_NONE) && !engine_name(ENGINE_UNIT + 1), "nothing has no name");
}

static struct identity web = {.engine = ENGINE_DOCKER, .name = "web", .id = ID};
static struct identity app = {
	.engine = ENGINE_CRI,
	.name = "shop/front/app",
	.pod = "shop/front",
	.container = "app",
	.id = ID,
};
static struct identity pause_ = {
	.engine = ENGINE_CRI,
	.name = "shop/front/(sandbox)",
	.pod = "shop/front",
	.id = ID,
	.sandbox = true,
};
static struct identity unit = {.engine = ENGINE_UNIT, .name = "nginx.service"};
static struct identity scope = {.engine = ENGINE_UNIT, .name = "init.scope"};
static struct identity free_id = {.engine = ENGINE_CONTAINERD, .name = "c1", .id = "c1"};
static struct identity hex_name = {.engine = ENGINE_OCI, .name = "abcdef", .id = "abcdef"};
static struct identity nameless = {.engine = ENGINE_DOCKER, .id = ID};
static struct identity odd = {.engine = ENGINE_LXC, .name = "a\\134b"};

static const struct {
	const struct identity *who;
	enum query query;
	const char *text;
	bool want;
} questions[] = {
	{&web, QUERY_CONTAINER, "web", true},
	{&web, QUERY_CONTAINER, "we", false},
	{&web, QUERY_CONTAINER, "WEB", false},
	{&web, QUERY_CONTAINER, "", false},
	{&web, QUERY_CONTAINER, ID, true},
	{&web, QUERY_CONTAINER, "303e51c3647f", true},
	{&web, QUERY_CONTAINER, "303E51C3647F", true},
	{&web, QUERY_CONTAINER, "303", true},
	{&web, QUERY_CONTAINER, "30", false},
	{&web, QUERY_CONTAINER, "03e51c", false},
	{&web, QUERY_CONTAINER, ID "0", false},
	{&web, QUERY_CONTAINER, "303z", false},
	{&web, QUERY_POD, "web", false},
	{&web, QUERY_UNIT, "web", false},
	{&app, QUERY_CONTAINER, "app", true},
	{&app, QUERY_CONTAINER, "shop/front/app", true},
	{&app, QUERY_CONTAINER, "shop/front", false},
	{&app, QUERY_CONTAINER, "front/app", false},
	{&app, QUERY_POD, "shop/front", true},
	{&app, QUERY_POD, "shop/front/app", true},
	{&app, QUERY_POD, "shop/front/other", false},
	{&app, QUERY_POD, "front", false},
	{&app, QUERY_POD, "shop/front/", false},
	{&pause_, QUERY_POD, "shop/front", false},
	{&pause_, QUERY_POD, "shop/front/(sandbox)", false},
	{&pause_, QUERY_CONTAINER, "shop/front/(sandbox)", false},
	{&pause_, QUERY_CONTAINER, "303e", true},
	{&unit, QUERY_UNIT, "nginx", true},
	{&unit, QUERY_UNIT, "nginx.service", true},
	{&unit, QUERY_UNIT, "nginx.socket", false},
	{&unit, QUERY_UNIT, "ngin", false},
	{&unit, QUERY_CONTAINER, "nginx.service", false},
	{&unit, QUERY_POD, "nginx.service", false},
	{&scope, QUERY_UNIT, "init.scope", true},
	{&scope, QUERY_UNIT, "init", false},
	{&free_id, QUERY_CONTAINER, "c1", true},
	{&hex_name, QUERY_CONTAINER, "abcdef", true},
	{&hex_name, QUERY_CONTAINER, "abc", false},
	{&nameless, QUERY_CONTAINER, "web", false},
	{&nameless, QUERY_CONTAINER, "303e", true},
	{&nameless, QUERY_POD, "a/b", false},
	{&odd, QUERY_CONTAINER, "a\\b", true},
	{&odd, QUERY_CONTAINER, "a\\134b", false},
};

static void test_questions(void)
{
	static const char *const words[] = {"--container", "--pod", "--unit"};

	for (size_t i = 0; i < ARRAY_SIZE(questions); i++)
		EQ(identity_matches(questions[i].who, questions[i].query, questions[i].text),
		   questions[i].want, "%s \"%s\" %s %s %s", words[questions[i].query],
		   questions[i].text, questions[i].want ? "means" : "does not mean",
		   engine_name(questions[i].who->engine), questions[i].who->name ?: ID);
}

static void test_path_names(void)
{
	CHECK(path_names("/ctlab/b1", "b1"), "a bundle's id is its cgroup's last component");
	CHECK(path_names("/b1", "b1"), "also at the top");
	CHECK(!path_names("/b1/c", "b1"), "not one above it");
	CHECK(!path_names("/ab1", "b1"), "not its end");
	CHECK(!path_names("/", ""), "nothing names nothing");
	CHECK(!path_names("/a/b", "a/b"), "a component has no slash");
	CHECK(path_names("/system.slice/foo.slice", "foo.slice"), "a slice is found by its name");
}

static void test_drop(void)
{
	struct identity full = {
		.engine = ENGINE_CRI,
		.name = xstrdup("n"),
		.id = xstrdup("i"),
		.image = xstrdup("m"),
		.pod = xstrdup("p"),
		.container = xstrdup("c"),
	};

	identity_drop(&full);
	CHECK(!full.name && !full.id && !full.image && !full.pod && !full.container &&
		      full.engine == ENGINE_NONE,
	      "a dropped identity holds nothing");
}

int main(void)
{
	test_paths();
	test_parts();
	test_questions();
	test_path_names();
	test_drop();
	return test_end();
}
