/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * How a loaded profile is named to who starts the program: systemd.exec(5), docker-run(1), and
 * Kubernetes' securityContext.appArmorProfile (from 1.30 on). A profile's name has no character that
 * means anything to one of them.
 */
#include "apparmor_snippet.h"

void apparmor_snippet_print(enum apparmor_use use, const char *name, FILE *out)
{
	switch (use) {
	case USE_SYSTEMD:
		fprintf(out, "[Service]\nAppArmorProfile=%s\n", name);
		break;
	case USE_DOCKER:
		fprintf(out, "--security-opt apparmor=%s\n", name);
		break;
	case USE_KUBERNETES:
		fprintf(out,
			"securityContext:\n  appArmorProfile:\n    type: Localhost\n"
			"    localhostProfile: %s\n",
			name);
		break;
	default:
		break;
	}
}
