/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The page's style and script, taken in when this is compiled, and the Content-Security-Policy with
 * their digests. Knows nothing of what is in them.
 */
#include <sha2.h>
#include <string.h>

#include "html.h"

/* The paths are those of a build at the top of the tree. */
#define TAKE_IN(name, path)                                                                        \
	__asm__(".section .rodata\n"                                                               \
		".global " name "\n" name ":\n"                                                    \
		".incbin \"" path "\"\n"                                                           \
		".byte 0\n"                                                                        \
		".previous\n")
TAKE_IN("page_css", "user/emit/page.css");
TAKE_IN("page_js", "user/emit/page.js");

/* RFC 4648, of a digest: 32 bytes are 10 times three and two more. */
static void base64_put(const uint8_t digest[SHA256_DIGEST_LENGTH], char ret[45])
{
	static const char letters[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	size_t i, k;

	for (i = 0; i < SHA256_DIGEST_LENGTH; i += 3) {
		uint32_t three = (uint32_t)digest[i] << 16 | (uint32_t)digest[i + 1] << 8;

		if (i + 2 < SHA256_DIGEST_LENGTH)
			three |= digest[i + 2];
		for (k = 0; k < 4; k++)
			*ret++ = letters[three >> (18 - 6 * k) & 63];
	}
	ret[-1] = '=';
	*ret = '\0';
}

static void digest_put(const char *text, char ret[45])
{
	uint8_t digest[SHA256_DIGEST_LENGTH];
	SHA2_CTX context;

	SHA256Init(&context);
	SHA256Update(&context, (const uint8_t *)text, strlen(text));
	SHA256Final(digest, &context);
	base64_put(digest, ret);
}

char *page_policy(void)
{
	char style[45], script[45];

	digest_put(page_css, style);
	digest_put(page_js, script);
	return xasprintf("default-src 'none'; style-src 'sha256-%s'; script-src 'sha256-%s'; "
			 "base-uri 'none'; form-action 'none'; require-trusted-types-for 'script'",
			 style, script);
}
