/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * An OCI image layout (image-spec image-layout.md) with one artifact in it, as Kubernetes' KEP-6061
 * has them: a manifest whose config and artifact have the media type of a seccomp profile, and one
 * layer, which is the runtime-spec's JSON itself. The layer's own media type means nothing there;
 * application/json is what the Security Profiles Operator gives it. Same profile, same bytes.
 */
#include <sha256.h>
#include <stdlib.h>
#include <string.h>

#include "oci_artifact.h"
#include "rules.h"

#define TYPE_PROFILE  "application/vnd.cncf.seccomp-profile.config.v1+json"
#define TYPE_MANIFEST "application/vnd.oci.image.manifest.v1+json"
#define TYPE_INDEX    "application/vnd.oci.image.index.v1+json"

/* What container runtimes take by default. */
#define PROFILE_SIZE_MAX (1u << 20)

/* Keeps the text, which is the file's now, under its digest. */
static void blob_keep(struct directory_file *file, char *text, size_t size)
{
	char digest[SHA256_DIGEST_STRING_LENGTH];

	SHA256Data((const uint8_t *)text, size, digest);
	*file = (struct directory_file){xasprintf("blobs/sha256/%s", digest), text, size};
}

/* The keys of a descriptor into the map that is open. */
static void descriptor_write(struct tree *tree, const char *type, const struct directory_file *blob)
{
	_cleanup_free_ char *digest = xasprintf("sha256:%s", strrchr(blob->path, '/') + 1);

	tree_text(tree, "mediaType", type);
	tree_text(tree, "digest", digest);
	tree_number(tree, "size", blob->size);
}

static void annotation_write(struct tree *tree, const char *key, const char *text)
{
	tree_map(tree, "annotations");
	tree_text(tree, key, text);
	tree_end(tree);
}

static void manifest_write(struct tree *tree, const struct directory_file *config,
			   const struct directory_file *profile)
{
	tree_map(tree, NULL);
	tree_number(tree, "schemaVersion", 2);
	tree_text(tree, "mediaType", TYPE_MANIFEST);
	tree_text(tree, "artifactType", TYPE_PROFILE);
	tree_map(tree, "config");
	descriptor_write(tree, TYPE_PROFILE, config);
	tree_end(tree);
	tree_list(tree, "layers");
	tree_map(tree, NULL);
	descriptor_write(tree, "application/json", profile);
	annotation_write(tree, "org.opencontainers.image.title", "profile.json");
	tree_end(tree);
	tree_end(tree);
	tree_end(tree);
}

static void index_write(struct tree *tree, const struct directory_file *manifest)
{
	tree_map(tree, NULL);
	tree_number(tree, "schemaVersion", 2);
	tree_text(tree, "mediaType", TYPE_INDEX);
	tree_list(tree, "manifests");
	tree_map(tree, NULL);
	descriptor_write(tree, TYPE_MANIFEST, manifest);
	annotation_write(tree, "org.opencontainers.image.ref.name", "latest");
	tree_end(tree);
	tree_end(tree);
	tree_end(tree);
}

void oci_artifact_make(const struct policy *policy, const struct emit_options *options,
		       struct artifact *ret)
{
	static const char layout[] = "{\"imageLayoutVersion\":\"1.0.0\"}";
	struct directory_file *profile = &ret->files[0], *config = &ret->files[1],
			      *manifest = &ret->files[2], *index = &ret->files[3];
	struct tree tree = {.form = TREE_JSON};
	char *text;
	size_t size;

	text = rules_json(policy, options, &size);
	if (size > PROFILE_SIZE_MAX && options->warn)
		options->warn(options->warn_ctx,
			      "the profile has %zu bytes: container runtimes take artifacts of %u",
			      size, PROFILE_SIZE_MAX);
	blob_keep(profile, text, size);
	blob_keep(config, xstrdup("{}"), 2);

	tree.out = xmemstream(&text, &size);
	manifest_write(&tree, config, profile);
	fclose(tree.out);
	blob_keep(manifest, text, size);

	index->path = xstrdup("index.json");
	tree.out = xmemstream(&index->text, &index->size);
	index_write(&tree, manifest);
	fclose(tree.out);
	ret->files[4] =
		(struct directory_file){xstrdup("oci-layout"), xstrdup(layout), strlen(layout)};
}

void artifact_drop(struct artifact *artifact)
{
	size_t i;

	for (i = 0; i < ARTIFACT_FILES; i++)
		directory_file_drop(&artifact->files[i]);
}
