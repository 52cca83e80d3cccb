/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* leastcall record's options: what may be said, and what goes with what. */
#include <errno.h>
#include <getopt.h>
#include <limits.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cmd.h"
#include "record.h"

static const char help[] =
	"usage: leastcall record [OPTION...] -- COMMAND [ARG...]\n"
	"       leastcall record [OPTION...] --container NAME | --pod NAMESPACE/NAME |\n"
	"                        --unit NAME | --cgroup PATH | --pid PID | --all\n"
	"\n"
	"Records what COMMAND, and all that it starts, asks of the kernel, from its\n"
	"execve on, until the last of its processes has ended; or what something does\n"
	"that already runs, or is started later.\n"
	"\n"
	"  -o, --output FILE     the recording, over what is there (default: a new\n"
	"                        NAME.leastcall.jsonl)\n"
	"      --seccomp FILE    write the seccomp profile at once, into a new FILE\n"
	"      --apparmor FILE   write the AppArmor profile at once, into a new FILE\n"
	"      --force           write over a profile, or a NAME.leastcall.jsonl, that is\n"
	"                        there\n"
	"      --exact           profiles hold what was observed and nothing else\n"
	"      --allow-incomplete  write profiles even where something was lost\n"
	"      --container NAME  a container of Docker, Podman, containerd, Kubernetes,\n"
	"                        LXC, systemd-nspawn, runc or crun; or the first digits\n"
	"                        of its id\n"
	"      --pod NAMESPACE/NAME[/CONTAINER]  the containers of a Kubernetes pod\n"
	"      --unit NAME       a systemd unit\n"
	"      --cgroup PATH     a cgroup and what is below it: a directory, or a path\n"
	"                        below the mount of the hierarchy\n"
	"      --pid PID         a process: its cgroup where it has one of its own, else\n"
	"                        the process and its descendants\n"
	"      --all             every cgroup of the host: containers, units, other\n"
	"                        cgroups\n"
	"      --split           with --cgroup: what is below it apart, as --all does\n"
	"      --wait            go on waiting for the next one when the target has ended\n"
	"                        (the first one is always waited for)\n"
	"      --serving-after WHAT  set the serving mark (see leastcall mark):\n"
	"                        first-accept, a number of seconds, or a text that is\n"
	"                        written\n"
	"      --runs N          run COMMAND N times, one after another, into one\n"
	"                        recording, and tell how the runs agree\n"
	"      --duration SEC    end the recording after this long\n"
	"      --name NAME       call the workload this\n"
	"      --user NAME       run COMMAND as this user\n"
	"      --no-files        system calls only: no results, files, sockets,\n"
	"                        capabilities ...\n"
	"      --args none|safe|all  which calls' arguments to tell apart: of the few\n"
	"                        where it matters most (safe, the default), of more\n"
	"                        (all), or of none\n"
	"      --stacks          keep who called whom when a call was first made, for\n"
	"                        leastcall explain\n"
	"      --btf FILE        the kernel's types, where /sys/kernel/btf/vmlinux is\n"
	"                        hidden\n"
	"      --ring-size BYTES  size of the ring buffer, a power of two (default\n"
	"                         4194304)\n"
	"      --progress        show progress though COMMAND has the terminal\n"
	"  -q, --quiet           say only what went wrong\n"
	"  -h, --help            this text\n"
	"\n"
	"The exit status is COMMAND's, of several runs the first that is not 0; 3 where\n"
	"it succeeded but the recording is incomplete; 125 where leastcall failed, 126\n"
	"where COMMAND can't be executed, 127 where it was not found.\n"
	"\n"
	"  sudo leastcall record --seccomp nginx.json -- nginx -g 'daemon off;'\n"
	"  sudo leastcall record --seccomp web.json --container web\n";

enum {
	OPT_SECCOMP = 256,
	OPT_APPARMOR,
	OPT_EXACT,
	OPT_ALLOW,
	OPT_FORCE,
	OPT_SERVING,
	OPT_RUNS,
	OPT_NAME,
	OPT_USER,
	OPT_NO_FILES,
	OPT_ARGS,
	OPT_STACKS,
	OPT_RING,
	OPT_PROGRESS
};

static const struct option long_options[] = {
	TARGET_OPTIONS,
	{"output", required_argument, NULL, 'o'},
	{"seccomp", required_argument, NULL, OPT_SECCOMP},
	{"apparmor", required_argument, NULL, OPT_APPARMOR},
	{"exact", no_argument, NULL, OPT_EXACT},
	{"allow-incomplete", no_argument, NULL, OPT_ALLOW},
	{"force", no_argument, NULL, OPT_FORCE},
	{"serving-after", required_argument, NULL, OPT_SERVING},
	{"runs", required_argument, NULL, OPT_RUNS},
	{"name", required_argument, NULL, OPT_NAME},
	{"user", required_argument, NULL, OPT_USER},
	{"no-files", no_argument, NULL, OPT_NO_FILES},
	{"args", required_argument, NULL, OPT_ARGS},
	{"stacks", no_argument, NULL, OPT_STACKS},
	{"ring-size", required_argument, NULL, OPT_RING},
	{"progress", no_argument, NULL, OPT_PROGRESS},
	{"quiet", no_argument, NULL, 'q'},
	{"help", no_argument, NULL, 'h'},
	{},
};

/* ---- options ----------------------------------------------------------------------------- */

#define RUNS_MAX 10000

static int runs_parse(const char *text, unsigned int *ret)
{
	uint64_t value;

	if (!option_number(text, &value) || value < 1 || value > RUNS_MAX)
		return usage_error("record", "--runs wants a number from 1 to %d, not %s", RUNS_MAX,
				   text);
	*ret = (unsigned int)value;
	return 0;
}

static int ring_size_parse(const char *text, size_t *ret)
{
	unsigned long page = sysconf(_SC_PAGESIZE), value;
	char *end;

	value = strtoul(text, &end, 10);
	if (*end || end == text || value < page || value > 1ul << 30 || value & (value - 1))
		return usage_error("record",
				   "--ring-size wants a power of two from %lu to 2^30, not %s",
				   page, text);
	*ret = value;
	return 0;
}

/* What the option switches on, or NULL. */
static bool *option_switch(struct record_options *options, int option)
{
	switch (option) {
	case OPT_EXACT:
		return &options->exact;
	case OPT_ALLOW:
		return &options->allow_incomplete;
	case OPT_FORCE:
		return &options->force;
	case OPT_NO_FILES:
		return &options->no_files;
	case OPT_STACKS:
		return &options->stacks;
	case OPT_PROGRESS:
		return &options->progress;
	case 'q':
		return &quiet;
	default:
		return NULL;
	}
}

/* Where its value is kept as it is given, or NULL. */
static const char **option_text(struct record_options *options, int option)
{
	switch (option) {
	case 'o':
		return &options->output;
	case OPT_SECCOMP:
		return &options->seccomp;
	case OPT_APPARMOR:
		return &options->apparmor;
	case OPT_NAME:
		return &options->name;
	case OPT_USER:
		return &options->user;
	default:
		return NULL;
	}
}

static int option_take(struct record_options *options, int option)
{
	bool *is_on = option_switch(options, option);
	const char **text = option_text(options, option);
	int status = target_option_take("record", options, option);

	if (status >= 0)
		return status;
	if (is_on)
		*is_on = true;
	if (text)
		*text = optarg;
	switch (option) {
	case OPT_SERVING:
		return serving_parse(optarg, options);
	case OPT_RUNS:
		return runs_parse(optarg, &options->runs);
	case OPT_ARGS:
		if (!args_level_from_name(optarg, &options->args))
			return usage_error("record", "--args wants none, safe or all, not %s",
					   optarg);
		return 0;
	case OPT_RING:
		return ring_size_parse(optarg, &options->ring_size);
	}
	return 0;
}

static bool is_same(const char *a, const char *b)
{
	return a && b && !strcmp(a, b) && strcmp(a, "/dev/null") != 0;
}

static int options_check(const struct record_options *options)
{
	int status, targets = target_options_count(options);

	if (targets == 0)
		return usage_error("record", "what? Name a COMMAND, --container, --pod, --unit, "
					     "--cgroup, --pid or --all");
	status = target_options_check("record", options);
	if (status)
		return status;
	if (options->name && (options->all || options->split || !*options->name))
		return usage_error("record", "--name wants a name, and one workload");
	if (options->user && !options->command)
		return usage_error("record", "--user goes with a COMMAND");
	if (options->runs > 1 && !options->command)
		return usage_error("record", "--runs goes with a COMMAND");
	if (options->runs > 1 && options->duration > 0)
		return usage_error("record",
				   "--runs waits for COMMAND's end: leave out --duration");
	if (options->command && options->output && !strcmp(options->output, "-"))
		return usage_error("record", "-o - is COMMAND's own output: name a file");
	if ((options->all || options->split) && (options->seccomp || options->apparmor))
		return usage_error("record", "a profile is of one workload: record without it, "
					     "then leastcall profile --each DIR");
	if (options->no_files && (options->serving_accept || options->serving_text))
		return usage_error("record", "--serving-after sees that on sys_exit: leave out "
					     "--no-files");
	if (is_same(options->output, options->seccomp) ||
	    is_same(options->output, options->apparmor) ||
	    is_same(options->seccomp, options->apparmor))
		return usage_error("record", "the recording and the profiles want a file each");
	if (is_same(options->output, "--") || is_same(options->seccomp, "--") ||
	    is_same(options->apparmor, "--"))
		return usage_error("record", "-o, --seccomp and --apparmor want a file's name");
	if (options->no_files && options->apparmor)
		return usage_error("record",
				   "an AppArmor profile needs files: leave out --no-files");
	return 0;
}

/* What would do nothing for COMMAND: most wrappers take such words in front of it only. */
static void command_hint(char *const *command)
{
	static const char *const names[] = {"--allow-incomplete", "--apparmor", "--duration",
					    "--no-files",         "--seccomp",  "--serving-after"};
	size_t i, size;

	for (command++; *command && strcmp(*command, "--") != 0; command++) {
		for (i = 0; i < ARRAY_SIZE(names); i++) {
			size = strlen(names[i]);
			if (strncmp(*command, names[i], size) != 0 ||
			    ((*command)[size] && (*command)[size] != '='))
				continue;
			hint("%s is COMMAND's here: options of record stand in front of COMMAND "
			     "(and -- between them says that this is meant)",
			     names[i]);
			return;
		}
	}
}

int record_options_parse(struct record_options *options, int argc, char **argv)
{
	int option, status;

	*options = (struct record_options){.ring_size = RING_SIZE, .args = ARGS_SAFE, .runs = 1};
	optind = 0;
	opterr = 0;
	while ((option = getopt_long(argc, argv, "+:o:qh", long_options, NULL)) != -1) {
		if (option == 'h') {
			fputs(help, stdout);
			return -1;
		}
		if (option == ':' || option == '?')
			return option_error("record", option, argv);
		status = option_take(options, option);
		if (status)
			return status;
	}
	if (optind < argc)
		options->command = argv + optind;
	if (!options->command && !options->progress)
		options->progress = isatty(STDERR_FILENO) && !quiet;
	status = options_check(options);
	if (status != 0)
		return status;
	serving_hint(options);
	if (options->command && strcmp(argv[optind - 1], "--") != 0)
		command_hint(options->command);
	return 0;
}
