/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The formats of a seccomp profile, each held against what its reader documents: grammars, schemas
 * and limits stand here as rows, with their sources. No reader runs; tests/containers/formats has
 * those that Debian packages.
 */
#include <cjson/cJSON.h>
#include <ctype.h>
#include <errno.h>
#include <sha256.h>
#include <stdarg.h>
#include <stdlib.h>

#include "emit/filter.h"
#include "emit/format.h"
#include "emit/oci_artifact.h"
#include "emit/rules.h"
#include "emit/systemd.h"
#include "interpret.h"
#include "model/json.h"
#include "random.h"
#include "test.h"

#define LINES_MAX 4000

static char warnings[8192];

static void warn(void *ctx, const char *format, ...)
{
	size_t used = strlen(warnings);
	va_list args;

	(void)ctx;
	va_start(args, format);
	vsnprintf(warnings + used, sizeof(warnings) - used, format, args);
	va_end(args);
	used = strlen(warnings);
	snprintf(warnings + used, sizeof(warnings) - used, ". ");
}

static struct emit_options options = {.warn = warn, .file = "web.json"};

/* ---- policies ----------------------------------------------------------------------------- */

static void allow(struct policy *policy, const char *name)
{
	policy_add(policy, &(struct rule){.name = name, .reason = REASON_OBSERVED});
}

static struct alternative masked(unsigned int index, uint64_t mask, uint64_t value)
{
	return (struct alternative){{{index, COMPARE_MASKED, mask, value}}, 1};
}

static void allow_when(struct policy *policy, const char *name, struct alternative alternative)
{
	policy_add(
		policy,
		&(struct rule){.name = name, .alternatives = &alternative, .alternative_count = 1});
}

/* What a small server is allowed; on x86-64. */
static struct policy server(const char *workload)
{
	static const char *const names[] = {"execve",     "read", "write",   "chown",     "fchown",
					    "lchown",     "brk",  "openat",  "nanosleep", "mseal",
					    "exit_group", "mmap", "fchownat"};
	struct policy policy = {.abis = {true}, .is_native = {true}};
	struct alternative both = masked(0, UINT32_MAX, 2);
	size_t i;

	policy.workload = workload ? xstrdup(workload) : NULL;
	for (i = 0; i < ARRAY_SIZE(names); i++)
		allow(&policy, names[i]);
	both.list[1] = (struct condition){1, COMPARE_MASKED, 0xf, 1};
	both.count = 2;
	allow_when(&policy, "socket", both);
	allow_when(&policy, "socket", masked(0, UINT32_MAX, 1));
	allow_when(&policy, "clone", masked(0, 0x7e020000, 0));
	allow_when(&policy, "personality", masked(0, UINT32_MAX, UINT32_MAX));
	allow_when(&policy, "ptrace", masked(0, UINT64_MAX, UINT64_C(1) << 63));
	policy_add(&policy, &(struct rule){.name = "clone3", .is_refused = true});
	policy_settle(&policy, &options);
	return policy;
}

static char *emitted(policy_emit_fn *fn, const struct policy *policy)
{
	struct err err = {};
	char *text = NULL;
	size_t size;
	FILE *out = xmemstream(&text, &size);
	int r;

	warnings[0] = '\0';
	r = fn(policy, &options, out, &err);
	fclose(out);
	if (!r)
		return text;
	printf("# %s\n", err.text);
	free(text);
	return xstrdup("");
}

static char *emitted_of_server(policy_emit_fn *fn)
{
	struct policy policy = server("web");
	char *text = emitted(fn, &policy);

	policy_drop(&policy);
	return text;
}

/* The first line that begins so, without that; NULL: none. The caller frees it. */
static char *line_of(const char *text, const char *start)
{
	size_t length = strlen(start);

	for (; text && *text; text = strchr(text, '\n'), text = text ? text + 1 : NULL)
		if (!strncmp(text, start, length))
			return xstrndup(text + length, strcspn(text + length, "\n"));
	return NULL;
}

static size_t line_split(char *text, char **lines)
{
	size_t count = 0;
	char *rest;

	for (text = strtok_r(text, "\n", &rest); text && count < LINES_MAX;
	     text = strtok_r(NULL, "\n", &rest))
		lines[count++] = text;
	return count;
}

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

/* ---- systemd ------------------------------------------------------------------------------ */

static const char groups_text[] = "@default\n    # always\n    brk\n    execve\n    getpid\n"
				  "    riscv_hwprobe\n\n"
				  "@chown\n    chown\n    chown32\n    fchown\n    fchown32\n"
				  "    fchownat\n    lchown\n    lchown32\n\n"
				  "@basic-io\n    close\n    read\n    write\n\n"
				  "@odd\n    read\n    write\n    nosuchcall\n\n"
				  "@nest\n    @chown\n    read\n    write\n\n"
				  "@lost\n    @nosuch\n    read\n    write\n\n"
				  "@loop\n    @loop\n    read\n    write\n"
				  "# Unlisted System Calls (supported by the local kernel):\n"
				  "#   mseal\n";

static struct systemd_groups groups;

/* Does a line of the unit name the call, itself or by a group? */
static bool words_have(const char *words, const char *name)
{
	char *copy = xstrdup(words), *word, *rest;
	const struct systemd_group *group;
	bool found = false;

	for (word = strtok_r(copy, " ", &rest); word; word = strtok_r(NULL, " ", &rest)) {
		group = systemd_group_find(&groups, word);
		found |= group ? names_have(&group->members, name) : !strcmp(word, name);
	}
	free(copy);
	return found;
}

/* systemd.exec(5): the lists add up, those with ~ take away, and @default is in from the start. */
static bool systemd_allows(char **lines, size_t count, const char *name)
{
	bool allowed = words_have("@default", name);
	size_t i;

	for (i = 0; i < count; i++) {
		if (!strncmp(lines[i], "SystemCallFilter=~", 18))
			allowed &= !words_have(lines[i] + 18, name);
		else if (!strncmp(lines[i], "SystemCallFilter=", 17))
			allowed |= words_have(lines[i] + 17, name);
	}
	return allowed;
}

static void test_systemd(void)
{
	struct policy policy = server("web");
	char *text, *line;

	systemd_groups_parse(groups_text, &groups);
	EQ(groups.count, 7, "systemd: groups in the text of systemd-analyze");
	EQ(systemd_group_find(&groups, "@nest")->members.count, 9, "systemd: groups in groups");
	options.systemd = &groups;
	text = emitted(systemd_emit, &policy);
	line = line_of(text, "SystemCallFilter=");
	EQ_STR(line,
	       "@default @nest clone exit_group mmap mseal nanosleep openat personality ptrace",
	       "systemd: few words, each group's calls all allowed or not this machine's");
	free(line);
	CHECK(strstr(text, "\nSystemCallFilter=socket\n"), "systemd: a long list has more lines");
	line = line_of(text, "SystemCallFilter=~");
	EQ_STR(line, "getpid", "systemd: what it allows by itself, and the policy does not");
	free(line);
	CHECK(strstr(text, "\nNoNewPrivileges=yes\nSystemCallArchitectures=native\n"
			   "SystemCallErrorNumber=ENOSYS\n"),
	      "systemd: what the filter is for");
	CHECK(strstr(text, "\nRestrictAddressFamilies=AF_INET AF_UNIX\n"),
	      "systemd: the families of sockets");
	CHECK(strstr(text, "\nRestrictNamespaces=yes\n"), "systemd: no namespaces");
	CHECK(strstr(text, "\nLockPersonality=yes\n"), "systemd: no other personality");
	CHECK(strstr(warnings, "clone personality ptrace socket"),
	      "systemd: whose arguments are not looked at is told: %s", warnings);
	free(text);

	allow(&policy, "setns");
	allow(&policy, "socket");
	allow_when(&policy, "personality", masked(0, UINT32_MAX, 8));
	policy.abis[ABI_I386] = true;
	policy_settle(&policy, &options);
	options.refusal = REFUSAL_KILL;
	text = emitted(systemd_emit, &policy);
	CHECK(!strstr(text, "RestrictAddress") && !strstr(text, "RestrictNamespaces") &&
		      !strstr(text, "LockPersonality"),
	      "systemd: nothing is restricted that the policy allows");
	CHECK(!strstr(text, "@nest") && !strstr(text, "@chown"),
	      "systemd: i386's chown32 is a call where i386 is filtered");
	CHECK(strstr(text, "\nSystemCallArchitectures=native x86\n"), "systemd: two ABIs");
	CHECK(!strstr(text, "SystemCallErrorNumber"), "systemd: without an errno it kills");
	CHECK(strstr(warnings, "clone3 meets its end"),
	      "systemd: what that does to clone3 is told");
	free(text);
	options.refusal = REFUSAL_LOG;
	text = emitted(systemd_emit, &policy);
	CHECK(strstr(text, "\nSystemCallLog=~") && !strstr(text, "SystemCallFilter"),
	      "systemd: what is only logged is not filtered");
	free(text);
	options.refusal = REFUSAL_ERRNO;
	options.systemd = NULL;
	text = emitted(systemd_emit, &policy);
	CHECK(strstr(warnings, "no systemd-analyze") && !strchr(strstr(text, "[Service]"), '@'),
	      "systemd: without one, names only, and that is told");
	free(text);
	policy_drop(&policy);
}

/* Random policies over the fixture's names: the lists come to the policy, no more and no less. */
static void test_systemd_property(void)
{
	static const char *const names[] = {"brk",    "chown",  "fchown", "fchownat",
					    "lchown", "close",  "read",   "write",
					    "getpid", "openat", "mseal"};
	static char *lines[LINES_MAX];
	size_t count, i, wrong = 0;
	int round;

	options.systemd = &groups;
	for (round = 0; round < 2000; round++) {
		struct policy policy = {.abis = {true}, .is_native = {true}};
		uint64_t bits = random_bits();
		char *text;

		allow(&policy, "execve");
		for (i = 0; i < ARRAY_SIZE(names); i++)
			if (bits >> i & 1)
				allow(&policy, names[i]);
		policy_settle(&policy, &options);
		text = emitted(systemd_emit, &policy);
		count = line_split(text, lines);
		for (i = 0; i < ARRAY_SIZE(names); i++)
			wrong += systemd_allows(lines, count, names[i]) != (bits >> i & 1);
		free(text);
		policy_drop(&policy);
	}
	EQ(wrong, 0, "systemd: 2000 policies, and what systemd would allow of each call");
	options.systemd = NULL;
}

/* ---- minijail ----------------------------------------------------------------------------- */

/* One "argN OP NUMBER" of minijail0(5), moved over; -1: it is none. */
static int atom_holds(const char **at, const uint64_t *args)
{
	static const char *const signs[] = {"==", "!=", "<=", ">=", "<", ">", "&", "in"};
	const char *c = *at;
	uint64_t got, number;
	size_t i;
	char *end;

	if (strncmp(c, "arg", 3) != 0 || c[3] < '0' || c[3] > '5' || c[4] != ' ')
		return -1;
	got = args[c[3] - '0'];
	c += 5;
	for (i = 0; i < ARRAY_SIZE(signs); i++)
		if (!strncmp(c, signs[i], strlen(signs[i])) && c[strlen(signs[i])] == ' ')
			break;
	if (i == ARRAY_SIZE(signs))
		return -1;
	c += strlen(signs[i]) + 1;
	errno = 0;
	number = strtoull(c, &end, 0);
	if (end == c || errno)
		return -1;
	*at = end;
	switch (i) {
	case 0:
		return got == number;
	case 1:
		return got != number;
	case 2:
		return got <= number;
	case 3:
		return got >= number;
	case 4:
		return got < number;
	case 5:
		return got > number;
	case 6:
		return (got & number) != 0;
	default:
		return (got & ~number) == 0;
	}
}

/* "A && B || C && D", to the end of the text; -1: it is none. */
static int expression_holds(const char *text, const uint64_t *args)
{
	int any = 0, all = 1, one;

	for (;;) {
		one = atom_holds(&text, args);
		if (one < 0)
			return -1;
		all &= one;
		if (!strncmp(text, " && ", 4)) {
			text += 4;
			continue;
		}
		any |= all;
		all = 1;
		if (!*text)
			return any;
		if (strncmp(text, " || ", 4) != 0)
			return -1;
		text += 4;
	}
}

static void test_minijail(void)
{
	char *text = emitted_of_server(minijail_emit), *line;
	static char *lines[LINES_MAX];
	const uint64_t args[6] = {};
	size_t count, i;

	CHECK(strstr(text, "\nread: 1\n"), "minijail: a call that is allowed");
	CHECK(strstr(text, "\nclone3: return 38\n"), "minijail: one that meets an errno");
	line = line_of(text, "clone: ");
	EQ_STR(line, "arg0 in 0xffffffff81fdffff", "minijail: no bit of a mask");
	free(line);
	line = line_of(text, "ptrace: ");
	EQ_STR(line, "arg0 == 0x8000000000000000", "minijail: a number of 64 bits");
	free(line);
	CHECK(strstr(warnings, "minijail ends the process"), "minijail: that it kills is told");
	count = line_split(text, lines);
	for (i = 0; i < count; i++) {
		const char *policy = strstr(lines[i], ": ");

		if (*lines[i] == '#')
			continue;
		if (!policy || (strcmp(policy, ": 1") != 0 && strcmp(policy, ": return 38") != 0 &&
				expression_holds(policy + 2, args) < 0))
			break;
	}
	EQ(i, count, "minijail: every line is one of minijail0(5): %s", i < count ? lines[i] : "");
	free(text);
}

static bool alternatives_hold(const struct rule *rule, const uint64_t *args)
{
	size_t i;

	for (i = 0; i < rule->alternative_count; i++) {
		const struct alternative *alternative = &rule->alternatives[i];
		bool all = true;
		unsigned int k;

		for (k = 0; k < alternative->count; k++)
			all &= (args[alternative->list[k].index] & alternative->list[k].mask) ==
			       alternative->list[k].value;
		if (all)
			return true;
	}
	return false;
}

/* Mask and equality in minijail's operators: whatever the masks, the values and the arguments. */
static void test_minijail_property(void)
{
	size_t wrong = 0, held = 0;
	int round, k;

	for (round = 0; round < 5000; round++) {
		struct policy policy = {.abis = {true}, .is_native = {true}};
		uint64_t mask = random_below(2) ? random_bits() & random_bits() & random_bits()
						: random_bits(),
			 args[6];
		char *text, *line;

		mask = mask ? mask : 1;
		allow_when(&policy, "ioctl", masked(random_below(6), mask, mask & random_bits()));
		allow_when(&policy, "ioctl", masked(random_below(6), mask, mask & random_bits()));
		policy_settle(&policy, &options);
		text = emitted(minijail_emit, &policy);
		line = line_of(text, "ioctl: ");
		for (k = 0; k < 6; k++)
			args[k] = random_bits();
		/* Arguments that hold are rare by chance. */
		if (random_below(2)) {
			const struct condition *one = policy.rules[0].alternatives[0].list;

			args[one->index] &= ~one->mask;
			args[one->index] |= one->value;
		}
		held += alternatives_hold(&policy.rules[0], args);
		wrong += expression_holds(line, args) != alternatives_hold(&policy.rules[0], args);
		free(line);
		free(text);
		policy_drop(&policy);
	}
	CHECK(held > 1000 && held < 4500, "minijail: arguments that hold, and that do not");
	EQ(wrong, 0, "minijail: 5000 expressions say what the conditions say");
}

/* ---- Firejail, C, classic BPF ------------------------------------------------------------- */

static void test_firejail(void)
{
	struct policy policy = server("web");
	char *text = emitted(firejail_emit, &policy), *line;

	line = line_of(text, "seccomp.keep ");
	CHECK(line && strstr(line, ",read,") && strstr(line, ",$462,") && !strstr(line, "mseal"),
	      "firejail: names, and numbers for those that it may not know: %s", line);
	free(line);
	CHECK(strstr(text, "\nseccomp-error-action ENOSYS\n"), "firejail: the answer to the rest");
	CHECK(strstr(text, "\nseccomp.block-secondary\n"), "firejail: no calls of another ABI");
	free(text);
	policy.abis[ABI_I386] = true;
	text = emitted(firejail_emit, &policy);
	CHECK(!strstr(text, "block-secondary") && strstr(warnings, "all of them pass"),
	      "firejail: that i386 cannot be filtered is told");
	free(text);
	policy_drop(&policy);
}

static void test_c(void)
{
	char *text = emitted_of_server(c_emit);

	CHECK(strstr(text, "\t{\"read\", 0, SCMP_ACT_ALLOW, 0, {{0}}},\n"), "c: a call");
	CHECK(strstr(text, "\t{\"clone\", 56, SCMP_ACT_ALLOW, 1, "
			   "{{0, SCMP_CMP_MASKED_EQ, 0x7e020000u, 0x0u}}},\n"),
	      "c: one with a condition");
	CHECK(strstr(text, "\t{\"clone3\", 435, SCMP_ACT_ERRNO(38), 0, {{0}}},\n"),
	      "c: one that is refused");
	CHECK(strstr(text, "leastcall_archs[] = {SCMP_ARCH_X86_64, };"), "c: the architecture");
	free(text);
}

static void test_compiled(void)
{
	struct policy policy = server("web");
	struct seccomp_data data = {.arch = 0xc000003e};
	struct filter filter = {};
	struct err err = {};
	char *code = NULL, *text;
	size_t size;
	FILE *out = xmemstream(&code, &size);

	EQ(bpf_emit(&policy, &options, out, &err), 0, "bpf: it compiles: %s", err.text);
	fclose(out);
	EQ(size % sizeof(*filter.code), 0, "bpf: whole instructions");
	filter = (struct filter){(void *)code, (unsigned short)(size / sizeof(*filter.code))};
	data.nr = 0;
	EQ(filter_answer(&filter, &data), SECCOMP_RET_ALLOW, "bpf: read is allowed");
	data.nr = 462;
	EQ(filter_answer(&filter, &data), SECCOMP_RET_ALLOW,
	   "bpf: a call that is newer than libseccomp, too");
	data.nr = 83;
	EQ(filter_answer(&filter, &data), SECCOMP_RET_ERRNO | ENOSYS, "bpf: mkdir is not");
	free(code);
	text = emitted(pfc_emit, &policy);
	CHECK(strstr(text, "# pseudo filter code start") && strstr(text, "action ERRNO(38);"),
	      "pfc: libseccomp's text");
	free(text);
	policy_drop(&policy);
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
	test_systemd();
	test_systemd_property();
	test_minijail();
	test_minijail_property();
	test_firejail();
	test_c();
	test_compiled();
	systemd_groups_drop(&groups);
	return test_end();
}
