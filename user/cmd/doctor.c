/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* leastcall doctor: the table of features, asked and told. */
#include <getopt.h>
#include <stdio.h>
#include <string.h>
#include <sys/utsname.h>

#include <bpf/libbpf.h>
#include <cjson/cJSON.h>

#include "cmd.h"
#include "model/json.h"
#include "trace/btf.h"
#include "trace/features.h"

static const char help[] =
	"usage: leastcall doctor [OPTION...]\n"
	"\n"
	"Tries what this kernel and this user can do, and says what is lost where they\n"
	"can't.\n"
	"\n"
	"      --json      one JSON object: {\"kernel\": ..., \"features\": [...]}\n"
	"      --btf FILE  the kernel's types, where /sys/kernel/btf/vmlinux is hidden\n"
	"  -h, --help      this text\n"
	"\n"
	"The exit status is 1 where nothing can be recorded here.\n";

static const struct option long_options[] = {
	{"json", no_argument, NULL, 'j'},
	{"btf", required_argument, NULL, 'b'},
	{"help", no_argument, NULL, 'h'},
	{},
};

static void feature_print(const struct feature *feature, bool has, const struct err *why)
{
	printf("%-4s %s\n", has ? "yes" : "no", feature->words);
	if (has)
		return;
	if (why->text[0])
		printf("     why: %s\n", why->text);
	printf("     so:  %s\n", feature->without);
}

static void feature_add(cJSON *list, const struct feature *feature, bool has, const struct err *why)
{
	cJSON *row = cJSON_CreateObject();

	cJSON_AddStringToObject(row, "name", feature->name);
	cJSON_AddBoolToObject(row, "has", has);
	cJSON_AddBoolToObject(row, "needed", feature->needed);
	cJSON_AddStringToObject(row, "words", feature->words);
	if (!has && why->text[0])
		cJSON_AddStringToObject(row, "why", why->text);
	if (!has)
		cJSON_AddStringToObject(row, "without", feature->without);
	cJSON_AddItemToArray(list, row);
}

static int report(void *ctx, struct err *err)
{
	const bool *json_wanted = ctx, json = *json_wanted;
	cJSON *root = cJSON_CreateObject(), *list;
	struct utsname host;
	bool able = true;

	(void)err;
	uname(&host);
	cJSON_AddStringToObject(root, "kernel", host.release);
	list = cJSON_AddArrayToObject(root, "features");
	if (!json)
		printf("Linux %s, %s\n\n", host.release, host.machine);
	for (size_t i = 0; i < features_count; i++) {
		struct err why = {};
		bool has = features[i].probe(&why);

		able &= has || !features[i].needed;
		if (json)
			feature_add(list, &features[i], has, &why);
		else
			feature_print(&features[i], has, &why);
		/* without it nothing else that needs BPF can be told from a kernel that lacks it */
		if (!has && !strcmp(features[i].name, "permission"))
			break;
	}
	if (json) {
		json_print(root, stdout);
	} else {
		printf("\n%s\n", able ? "Recording works here." : "Recording does not work here.");
	}
	cJSON_Delete(root);
	return able ? 0 : EXIT_FINDING;
}

int cmd_doctor(int argc, char **argv, struct err *err)
{
	const char *btf = NULL;
	bool json = false;
	int option;

	optind = 0;
	opterr = 0;
	while ((option = getopt_long(argc, argv, ":h", long_options, NULL)) != -1) {
		switch (option) {
		case 'j':
			json = true;
			break;
		case 'b':
			btf = optarg;
			break;
		case 'h':
			fputs(help, stdout);
			return 0;
		default:
			return option_error("doctor", option, argv);
		}
	}
	if (optind < argc)
		return usage_error("doctor", "it takes no argument: %s", argv[optind]);
	libbpf_set_print(NULL);
	return btf_lend(btf, report, &json, err);
}
