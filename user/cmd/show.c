/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* leastcall show: what a recording says. The table and the JSON are emit/show*.c's, the page is
 * emit/html*.c's. */
#include <errno.h>
#include <getopt.h>
#include <stdlib.h>

#include "cmd.h"
#include "emit/emit.h"
#include "recordings.h"

static const char help[] =
	"usage: leastcall show [OPTION...] RECORDING...\n"
	"\n"
	"Shows what was called, how often, with which results and by whom; what was\n"
	"denied, opened, and lost. Several RECORDINGs are summed up. - is stdin.\n"
	"\n"
	"      --files          list every file and operation, not only how many\n"
	"      --setup          list what a container's runtime did before its filter,\n"
	"                       too\n"
	"      --json           all of it as one JSON object\n"
	"      --html FILE      a page for browsers that needs nothing else: with the\n"
	"                       profiles, and Docker's default beside them; - is stdout\n"
	"      --workload NAME  only this one, with its later instances NAME#2, NAME#3\n"
	"                       ...\n"
	"  -o, --output FILE    write there instead of to stdout\n"
	"  -q, --quiet          say only what went wrong\n"
	"  -h, --help           this text\n"
	"\n"
	"  leastcall show app.leastcall.jsonl\n"
	"  leastcall show --json app.leastcall.jsonl | jq -r '.workloads[].calls[].name'\n";

enum { OPT_FILES = 256, OPT_SETUP, OPT_JSON, OPT_HTML, OPT_WORKLOAD };

static const struct option long_options[] = {
	{"files", no_argument, NULL, OPT_FILES},
	{"setup", no_argument, NULL, OPT_SETUP},
	{"json", no_argument, NULL, OPT_JSON},
	{"html", required_argument, NULL, OPT_HTML},
	{"workload", required_argument, NULL, OPT_WORKLOAD},
	{"output", required_argument, NULL, 'o'},
	{"quiet", no_argument, NULL, 'q'},
	{"help", no_argument, NULL, 'h'},
	{},
};

typedef int show_fn(const struct model *model, const struct emit_options *options, FILE *out,
		    struct err *err);

static int show(char **paths, int count, const char *path, const struct emit_options *options,
		show_fn *fn, struct err *err)
{
	_cleanup_model_ struct model *model = NULL;
	struct output out;
	int r = recordings_read(paths, count, &model, err);

	if (r)
		return r;
	r = output_open(&out, path, err);
	if (r)
		return r;
	r = fn(model, options, out.file, err);
	return recordings_finish(&out, r, err);
}

int cmd_show(int argc, char **argv, struct err *err)
{
	struct emit_options options = {.warn = recordings_warn};
	const char *path = NULL, *page = NULL;
	show_fn *fn = show_emit;
	int option;

	optind = 0;
	opterr = 0;
	while ((option = getopt_long(argc, argv, ":o:qh", long_options, NULL)) != -1) {
		switch (option) {
		case OPT_FILES:
			options.files = true;
			break;
		case OPT_SETUP:
			options.setup = true;
			break;
		case OPT_JSON:
			fn = show_emit_json;
			break;
		case OPT_HTML:
			page = optarg;
			break;
		case OPT_WORKLOAD:
			options.workload = optarg;
			break;
		case 'o':
			path = optarg;
			break;
		case 'q':
			quiet = true;
			break;
		case 'h':
			fputs(help, stdout);
			return 0;
		default:
			return option_error("show", option, argv);
		}
	}
	if (optind == argc)
		return usage_error("show", "no RECORDING was given");
	if (page && (path || fn == show_emit_json))
		return usage_error("show", "--html FILE goes with neither -o nor --json");
	if (page) {
		path = page;
		fn = show_emit_html;
	}
	if (recordings_include(argv + optind, argc - optind, path))
		return usage_error("show", "%s %s is the RECORDING: name another file",
				   page ? "--html" : "-o", path);
	return show(argv + optind, argc - optind, path, &options, fn, err);
}
