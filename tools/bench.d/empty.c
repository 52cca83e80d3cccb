/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Attaches the programs of empty.bpf.c that are named on its command line, prints "ready" and keeps
 * them attached until its standard input ends. Knows nothing of what is measured meanwhile.
 *
 * usage: empty PROGRAM...    enter_btf exit_btf enter_classic exit_classic
 */
#include <bpf/libbpf.h>
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "empty.skel.h"

static bool named(const char *name, int count, char **names)
{
	for (int i = 0; i < count; i++)
		if (!strcmp(name, names[i]))
			return true;
	return false;
}

static int attach(struct empty_bpf *skel, int count, char **names)
{
	struct bpf_program *prog;
	int found = 0, code;

	bpf_object__for_each_program(prog, skel->obj)
	{
		bool wanted = named(bpf_program__name(prog), count, names);

		bpf_program__set_autoload(prog, wanted);
		found += wanted;
	}
	if (found != count) {
		fprintf(stderr, "empty: no such program among the names\n");
		return -ENOENT;
	}
	code = empty_bpf__load(skel);
	return code ? code : empty_bpf__attach(skel);
}

int main(int argc, char **argv)
{
	struct empty_bpf *skel;
	char byte;
	int code;

	if (argc < 2) {
		fprintf(stderr, "usage: empty PROGRAM...\n");
		return 2;
	}
	skel = empty_bpf__open();
	if (!skel) {
		perror("empty: open");
		return 1;
	}
	code = attach(skel, argc - 1, argv + 1);
	if (code) {
		fprintf(stderr, "empty: %s\n", strerror(-code));
	} else {
		puts("ready");
		fflush(stdout);
		while (read(STDIN_FILENO, &byte, 1) > 0)
			;
	}
	empty_bpf__destroy(skel);
	return code ? 1 : 0;
}
