/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The formats of a seccomp profile that are JSON or YAML, each held against what its reader documents:
 * schemas and limits stand here as rows, with their sources; and for all formats, what a hostile name
 * can do. No reader runs; tests/containers/formats has those that Debian packages.
 */
#include <cjson/cJSON.h>
#include <ctype.h>
#include <errno.h>
#include <sha256.h>

#include "emit/format.h"
#include "emit/oci_artifact.h"
#include "emit/rules.h"
#include "formats.h"
#include "model/json.h"

/* ---- trees -------------------------------------------------------------------------------- */

static void test_yaml(void)
{
	static const char *const plain[] = {"read", "SCMP_ACT_ALLOW", "a/b-1.json", "nosuch"};
	static const char *const quoted[] = {"",   "no", "Yes",  "null", "1.5",  "0x1f",
					     "-",  "~",  "#x",   "a: b", "a #b", "[a",
					     "*a", "&a", "a\nb", "\"",   "\\",   "2026-11-22",
					     "on", "y",  "true", "@a",   "`a",   " a"};
	struct tree tree = {.form = TREE_YAML};
	char *text = NULL;
	size_t size, i;

	tree.out = xmemstream(&text, &size);
	tree_map(&tree, NULL);
	tree_list(&tree, "empty");
	tree_end(&tree);
	tree_map(&tree, "a");
	tree_list(&tree, "list");
	tree_map(&tree, NULL);
	tree_number(&tree, "x", 1);
	tree_list(&tree, "y");
	tree_text(&tree, NULL, "z");
	tree_end(&tree);
	tree_end(&tree);
	tree_map(&tree, NULL);
	tree_bool(&tree, "x", false);
	tree_end(&tree);
	tree_end(&tree);
	tree_end(&tree);
	tree_map(&tree, "last");
	tree_end(&tree);
	tree_end(&tree);
	fclose(tree.out);
	EQ_STR(text,
	       "empty: []\na:\n  list:\n    - x: 1\n      y:\n        - z\n    - x: false\n"
	       "last: {}\n",
	       "YAML: blocks");
	free(text);
	for (i = 0; i < ARRAY_SIZE(plain) + ARRAY_SIZE(quoted); i++) {
		bool is_plain = i < ARRAY_SIZE(plain);

		tree = (struct tree){.form = TREE_YAML};
		tree.out = xmemstream(&text, &size);
		tree_map(&tree, NULL);
		tree_text(&tree, "k", is_plain ? plain[i] : quoted[i - ARRAY_SIZE(plain)]);
		tree_end(&tree);
		fclose(tree.out);
		CHECK((text[3] != '"') == is_plain && strchr(text, '\n') == text + size - 1,
		      "YAML: a text that is %s: %.*s", is_plain ? "plain" : "quoted", (int)size - 1,
		      text);
		free(text);
	}
}

/* ---- names that somebody chose to do harm ------------------------------------------------- */

static const struct {
	const char *name;
	policy_emit_fn *emit;
	unsigned int lines; /* that may differ: titles, and the name of an object */
} all_formats[] = {
	{"seccomp", seccomp_emit, 0},
	{"docker", docker_emit, 0},
	{"podman", podman_emit, 0},
	{"k8s", kubernetes_manifest_emit, 1},
	{"spo", spo_emit, 2},
	{"systemd", systemd_emit, 1},
	{"minijail", minijail_emit, 1},
	{"firejail", firejail_emit, 1},
	{"c", c_emit, 1},
	{"pfc", pfc_emit, 0},
};

/* As a recording has them: \012 is a newline, \134 a backslash. */
static const char *const evil_names[] = {"a\\012read: 1",
					 "a\\134",
					 "*/ int main(void){} /*",
					 "\"",
					 "a\"\\012\\012[Service]\\012",
					 "# a: {b: [c]} %",
					 "a\\015",
					 "\342\200\250 a\302\205b",
					 "",
					 "?\?/",
					 "${x} $(y) `z` %n%s",
					 "../../etc/passwd",
					 "no",
					 "\\012metadata:\\012  name: b"};

static bool is_title(const char *line)
{
	return line[0] == '#' || !strncmp(line, " * ", 3) || !strncmp(line, "  name: ", 8);
}

static void test_evil(policy_emit_fn *emit, const char *format, unsigned int lines,
		      const char *evil)
{
	struct policy policy = server(evil), harmless = server("web");
	char *text = emitted(emit, &policy), *want = emitted(emit, &harmless);
	static char *got_lines[LINES_MAX], *want_lines[LINES_MAX];
	size_t got = line_split(text, got_lines), count = line_split(want, want_lines), i;
	unsigned int differ = 0;
	bool is_safe = got == count;

	for (i = 0; i < got && is_safe; i++) {
		if (!strcmp(got_lines[i], want_lines[i]))
			continue;
		differ++;
		is_safe = is_title(got_lines[i]) && !strstr(got_lines[i], "*/") &&
			  !strstr(got_lines[i], "/*") &&
			  got_lines[i][strlen(got_lines[i]) - 1] != '\\' &&
			  !strpbrk(got_lines[i], "\r\x1b");
	}
	CHECK(is_safe && differ <= lines && count > 3,
	      "%s: a workload's name puts nothing in (line %zu of %zu)", format, i, got);
	free(text);
	free(want);
	policy_drop(&policy);
	policy_drop(&harmless);
}

/* RFC 1123: 63 of a-z, 0-9 and -, the first and the last no dash. */
static void test_labels(void)
{
	char *first = label_make("shop/web"), *second = label_make("shop!web"), *label;
	size_t i, length;

	CHECK(strcmp(first, second) != 0, "labels: two names are two labels: %s, %s", first,
	      second);
	free(first);
	free(second);
	label = label_make("web-1");
	EQ_STR(label, "web-1", "labels: one that is one stays");
	free(label);
	for (i = 0; i < ARRAY_SIZE(evil_names); i++) {
		label = label_make(evil_names[i]);
		length = strlen(label);
		CHECK(length && length <= 63 &&
			      strspn(label, "abcdefghijklmnopqrstuvwxyz0123456789-") == length &&
			      *label != '-' && label[length - 1] != '-',
		      "labels: %s", label);
		free(label);
	}
}

/* ---- JSON: runtime-spec, Docker, Podman --------------------------------------------------- */

static cJSON *parsed(policy_emit_fn *fn, const struct policy *policy)
{
	char *text = emitted(fn, policy);
	struct err err;
	cJSON *json = NULL;

	if (json_parse(text, strlen(text), &json, &err))
		printf("# %s\n", err.text);
	free(text);
	return json;
}

static const cJSON *member(const cJSON *object, const char *key)
{
	return cJSON_GetObjectItemCaseSensitive(object, key);
}

static const char *text_of(const cJSON *object, const char *key)
{
	return cJSON_GetStringValue(member(object, key));
}

/* The first rule that names the call. */
static const cJSON *rule_of(const cJSON *profile, const char *name)
{
	const cJSON *rule, *item;

	cJSON_ArrayForEach (rule, member(profile, "syscalls"))
		cJSON_ArrayForEach (item, member(rule, "names"))
			if (!strcmp(cJSON_GetStringValue(item), name))
				return rule;
	return NULL;
}

static void test_docker(void)
{
	struct policy policy = server("web");
	cJSON *json = parsed(docker_emit, &policy);
	const cJSON *map;

	EQ(member(json, "defaultErrnoRet")->valueint, 38, "docker: the default errno");
	CHECK(member(json, "architectures") && !member(json, "archMap"),
	      "docker: one ABI, no archMap: both are an error (moby/profiles seccomp_linux.go)");
	EQ_STR(text_of(rule_of(json, "read"), "comment"), "observed", "docker: why a rule is in");
	EQ_STR(text_of(rule_of(json, "statx"), "action"), "SCMP_ACT_ERRNO",
	       "docker: what libraries fall back from has a rule, for dockerd 20.10");
	EQ(member(rule_of(json, "statx"), "errnoRet")->valueint, ENOSYS, "docker: ... ENOSYS");
	EQ_STR(text_of(rule_of(json, "mseal"), "action"), "SCMP_ACT_ALLOW",
	       "docker: ... but what is allowed is allowed");
	cJSON_Delete(json);
	policy.abis[ABI_I386] = true;
	json = parsed(docker_emit, &policy);
	map = cJSON_GetArrayItem(member(json, "archMap"), 0);
	CHECK(!member(json, "architectures"), "docker: several ABIs, no architectures");
	EQ_STR(text_of(map, "architecture"), "SCMP_ARCH_X86_64", "docker: archMap");
	EQ_STR(cJSON_GetStringValue(cJSON_GetArrayItem(member(map, "subArchitectures"), 0)),
	       "SCMP_ARCH_X86", "docker: archMap's second ABI");
	cJSON_Delete(json);
	options.refusal = REFUSAL_KILL;
	json = parsed(docker_emit, &policy);
	CHECK(!rule_of(json, "statx") && !member(json, "defaultErrnoRet"),
	      "docker: who is killed meets no errno");
	options.refusal = REFUSAL_ERRNO;
	options.errnum = EACCES;
	cJSON_Delete(json);
	cJSON_Delete(parsed(docker_emit, &policy));
	CHECK(strstr(warnings, "EPERM") && strstr(warnings, "EACCES"),
	      "docker: an errno that an old dockerd loses is told: %s", warnings);
	options.errnum = 0;
	policy_drop(&policy);
}

static void test_podman(void)
{
	struct policy policy = server("web");
	cJSON *json = parsed(podman_emit, &policy);

	EQ_STR(text_of(json, "defaultErrno"), "ENOSYS", "podman: the default errno by name");
	EQ(member(json, "defaultErrnoRet")->valueint, ENOSYS, "podman: ... and by number");
	EQ_STR(text_of(rule_of(json, "clone3"), "errno"), "ENOSYS", "podman: a rule's by name");
	CHECK(!rule_of(json, "statx"), "podman: it keeps the default errno, no rules for it");
	cJSON_Delete(json);
	policy.abis[ABI_I386] = true;
	json = parsed(podman_emit, &policy);
	EQ(cJSON_GetArraySize(member(json, "architectures")), 2, "podman: two ABIs");
	CHECK(!member(json, "archMap"), "podman: no archMap, which knows too few machines");
	cJSON_Delete(json);
	policy_drop(&policy);
}

/* ---- Kubernetes --------------------------------------------------------------------------- */

static void test_k8s(void)
{
	char *text = emitted_of_server(kubernetes_manifest_emit);

	CHECK(strstr(text, "\n    type: Localhost\n    localhostProfile: profiles/web.json\n"),
	      "k8s: the manifest names the file");
	CHECK(!strstr(text, "allowPrivilegeEscalation"), "k8s: no word about privileges");
	free(text);
	options.no_new_privs = true;
	options.file = "a\n: b.json";
	text = emitted_of_server(kubernetes_manifest_emit);
	CHECK(strstr(text, "\n  allowPrivilegeEscalation: false\n"),
	      "k8s: one where the profile counts on no_new_privs");
	CHECK(strstr(text, "localhostProfile: \"profiles/a\\u000a: b.json\"\n"),
	      "k8s: any file name is one text");
	free(text);
	options.no_new_privs = false;
	options.file = "web.json";
}

/* api/seccompprofile/v1/seccompprofile_types.go of the Security Profiles Operator, its markers. */
static const struct {
	const char *path; /* of keys, a list's items under [] */
	const char *prefix;
	uint64_t max; /* of a number; 0: it is a text, which begins with prefix */
} crd_rules[] = {
	{"apiVersion", "security-profiles-operator.x-k8s.io/v1", 0},
	{"kind", "SeccompProfile", 0},
	{"metadata.name", "", 0},
	{"spec.defaultAction", "SCMP_ACT_", 0},
	{"spec.architectures[]", "SCMP_ARCH_", 0},
	{"spec.syscalls[].names[]", "", 0},
	{"spec.syscalls[].action", "SCMP_ACT_", 0},
	{"spec.syscalls[].errnoRet", NULL, 4095},
	{"spec.syscalls[].args[].index", NULL, 5},
	{"spec.syscalls[].args[].value", NULL, INT64_MAX},
	{"spec.syscalls[].args[].valueTwo", NULL, INT64_MAX},
	{"spec.syscalls[].args[].op", "SCMP_CMP_", 0},
};

static bool crd_allows(const char *path, const char *value)
{
	size_t i;
	char *end;

	for (i = 0; i < ARRAY_SIZE(crd_rules); i++) {
		if (strcmp(crd_rules[i].path, path) != 0)
			continue;
		if (crd_rules[i].prefix)
			return !strncmp(value, crd_rules[i].prefix, strlen(crd_rules[i].prefix));
		errno = 0;
		return isdigit((unsigned char)*value) &&
		       strtoull(value, &end, 10) <= crd_rules[i].max && !*end && !errno;
	}
	return false;
}

/* Our own YAML line by line: "path" of what is open, by indentation; NULL value: something opens. */
static bool crd_line(char *line, char paths[12][80])
{
	size_t depth = strspn(line, " ") / 2;
	char *word = line + depth * 2, *value, path[80];

	snprintf(path, sizeof(path), "%s", depth ? paths[depth - 1] : "");
	if (!strncmp(word, "- ", 2)) {
		word += 2;
		snprintf(path + strlen(path), sizeof(path) - strlen(path), "[]");
		snprintf(paths[depth], 80, "%s", path);
		depth++;
	}
	value = strstr(word, ": ");
	if (value)
		*value = '\0';
	else if (word[strlen(word) - 1] != ':')
		return crd_allows(path, word);
	snprintf(path + strlen(path), sizeof(path) - strlen(path), "%s%.*s", *path ? "." : "",
		 (int)strcspn(word, ":"), word);
	snprintf(paths[depth], 80, "%s", path);
	return !value || crd_allows(path, value + 2);
}

static void test_spo(void)
{
	char *text = emitted_of_server(spo_emit), paths[12][80] = {};
	static char *lines[LINES_MAX];
	size_t count, i;

	CHECK(strstr(warnings,
		     "holds no numbers above 9223372036854775807: of argument 0 of ptrace"),
	      "spo: what an int64 cannot hold is told: %s", warnings);
	CHECK(strstr(text, "          value: 9223372036854775807\n          valueTwo: 0\n"),
	      "spo: ... and the rest of it is compared");
	CHECK(strstr(text, "  name: web\n"), "spo: the object is called as the workload");
	CHECK(strstr(text, "        - statx\n") && strstr(text, "errnoRet: 38\n"),
	      "spo: what libraries fall back from has a rule: there is no default errno");
	CHECK(!strstr(text, "defaultErrno"), "spo: no key that the CRD lacks");
	count = line_split(text, lines);
	for (i = 1; i < count && crd_line(lines[i], paths); i++)
		continue;
	EQ(i, count, "spo: every line is as the CRD's schema has it (%s)",
	   i < count ? lines[i] : "all");
	free(text);
	options.name = "Mine";
	text = emitted_of_server(spo_emit);
	CHECK(strstr(text, "  name: mine-"), "spo: --name names the object, as far as it may");
	free(text);
	options.name = NULL;
}

/* ---- the OCI artifact --------------------------------------------------------------------- */

static const struct directory_file *file_of(const struct artifact *artifact, const char *path)
{
	size_t i;

	for (i = 0; i < ARTIFACT_FILES; i++)
		if (!strcmp(artifact->files[i].path, path))
			return &artifact->files[i];
	return NULL;
}

/* The file that a descriptor is of: image-spec descriptor.md. */
static const struct directory_file *blob_of(const struct artifact *artifact,
					    const cJSON *descriptor)
{
	const char *digest = text_of(descriptor, "digest");
	const struct directory_file *file;
	char sum[SHA256_DIGEST_STRING_LENGTH], *path;

	if (!digest || strncmp(digest, "sha256:", 7) != 0)
		return NULL;
	path = xasprintf("blobs/sha256/%s", digest + 7);
	file = file_of(artifact, path);
	free(path);
	if (!file || (double)file->size != member(descriptor, "size")->valuedouble)
		return NULL;
	SHA256Data((const uint8_t *)file->text, file->size, sum);
	return strcmp(sum, digest + 7) ? NULL : file;
}

static cJSON *json_of(const struct directory_file *file)
{
	return file ? cJSON_ParseWithLength(file->text, file->size) : NULL;
}

/* What a runtime looks at: KEP-6061 "OCI Artifact Format". */
static void test_artifact(void)
{
	static const char type[] = "application/vnd.cncf.seccomp-profile.config.v1+json";
	struct policy policy = server("web");
	struct artifact artifact = {};
	const struct directory_file *profile;
	cJSON *index, *manifest, *layout;
	size_t size;
	char *want = rules_json(&policy, &options, &size);

	oci_artifact_make(&policy, &options, &artifact);
	layout = json_of(file_of(&artifact, "oci-layout"));
	EQ_STR(text_of(layout, "imageLayoutVersion"), "1.0.0", "oci-artifact: a layout");
	index = json_of(file_of(&artifact, "index.json"));
	manifest = json_of(blob_of(&artifact, cJSON_GetArrayItem(member(index, "manifests"), 0)));
	CHECK(manifest, "oci-artifact: the index leads to the manifest");
	EQ_STR(text_of(member(manifest, "config"), "mediaType"), type, "oci-artifact: its kind");
	EQ_STR(text_of(manifest, "artifactType"), type,
	       "oci-artifact: ... said the other way, too");
	EQ(cJSON_GetArraySize(member(manifest, "layers")), 1, "oci-artifact: exactly one layer");
	CHECK(blob_of(&artifact, member(manifest, "config")), "oci-artifact: its config is there");
	profile = blob_of(&artifact, cJSON_GetArrayItem(member(manifest, "layers"), 0));
	CHECK(profile && profile->size == size && !memcmp(profile->text, want, size),
	      "oci-artifact: the layer is the profile itself");
	cJSON_Delete(layout);
	cJSON_Delete(index);
	cJSON_Delete(manifest);
	artifact_drop(&artifact);
	policy_drop(&policy);
	free(want);
}

int main(void)
{
	size_t i, k;

	test_yaml();
	test_labels();
	for (i = 0; i < ARRAY_SIZE(all_formats); i++)
		for (k = 0; k < ARRAY_SIZE(evil_names); k++)
			test_evil(all_formats[i].emit, all_formats[i].name, all_formats[i].lines,
				  evil_names[k]);
	test_docker();
	test_podman();
	test_k8s();
	test_spo();
	test_artifact();
	return test_end();
}
