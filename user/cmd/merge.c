/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* leastcall merge: several recordings, one set of facts. The set is the model's. */
#include <errno.h>
#include <getopt.h>
#include <stdlib.h>

#include "cmd.h"
#include "recordings.h"

static const char help[] =
	"usage: leastcall merge [OPTION...] RECORDING...\n"
	"\n"
	"Makes one recording of several: the union of their facts, sorted. The order of the\n"
	"RECORDINGs does not matter, and one that is given twice counts once. - is stdin.\n"
	"Of an incomplete one it is incomplete, too: that is said.\n"
	"\n"
	"  -o, --output FILE  write there instead of to stdout; may be one of the RECORDINGs\n"
	"  -q, --quiet        say only what went wrong\n"
	"  -h, --help         this text\n"
	"\n"
	"  leastcall merge -o app.jsonl test-run-*.jsonl\n";

static const struct option long_options[] = {
	{"output", required_argument, NULL, 'o'},
	{"quiet", no_argument, NULL, 'q'},
	{"help", no_argument, NULL, 'h'},
	{},
};

int cmd_merge(int argc, char **argv, struct err *err)
{
	_cleanup_model_ struct model *model = NULL;
	_cleanup_free_ char *lack = NULL;
	const char *path = NULL;
	struct output out;
	int option, r;

	optind = 0;
	opterr = 0;
	while ((option = getopt_long(argc, argv, ":o:qh", long_options, NULL)) != -1) {
		switch (option) {
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
			return option_error("merge", option, argv);
		}
	}
	if (optind == argc)
		return usage_error("merge", "no RECORDING was given");
	/* All is read before anything is written: the output may be one of the inputs. */
	r = recordings_read(argv + optind, argc - optind, &model, err);
	if (r)
		return r;
	if (model_incomplete(model)) {
		lack = recordings_lack(model);
		say("the recording is incomplete: %s", lack);
	}
	r = output_open(&out, path, err);
	if (r)
		return r;
	/* A write that fails shows again in output_commit(), which says it better. */
	r = model_write(model, out.file);
	if (r == -ENOMEM || r == -EMSGSIZE)
		err_errno(err, r, "cannot write a fact");
	else
		r = 0;
	return recordings_finish(&out, r, err);
}
