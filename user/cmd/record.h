/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* What the parts of leastcall record share; beside them enforced.c includes it, which records a run
 * under a profile, audit and watch, which record what runs. */
#ifndef LEASTCALL_RECORD_H
#define LEASTCALL_RECORD_H

#include <sys/socket.h>
#include <sys/un.h>

#include "model/model.h"
#include "trace/cgroup.h"
#include "trace/command.h"
#include "trace/container.h"
#include "trace/tracer.h"
#include "util/output.h"
#include "util/util.h"

#define RING_SIZE (4u << 20) /* unless --ring-size says otherwise */

struct record_options {
	const char *output, *seccomp, *apparmor;
	const char *name; /* the workload's; NULL: from the target */
	const char *user;
	const char *container, *pod, *unit, *cgroup; /* as they were given */
	bool split;                                  /* --split: each cgroup below apart */
	bool wait;                                   /* --wait: for the next one, too */
	bool serving_accept;                         /* --serving-after first-accept */
	const char *serving_text;
	double serving_seconds; /* 0: no mark after a time */
	pid_t pid;              /* --pid; 0: not given */
	bool all;
	bool no_files;
	bool stacks;
	enum args_level args;
	bool exact;
	bool allow_incomplete;
	bool force; /* write over what is there */
	bool progress;
	double duration; /* seconds; 0: no end */
	const char *btf;
	size_t ring_size;
	unsigned int runs;             /* of the command, one after another */
	char **command;                /* NULL: none */
	const struct confine *confine; /* what the command is run under; NULL: nothing */
	const struct watcher *watcher; /* who looks on; NULL: nobody */
	bool is_sample;                /* for a model of the caller's: leastcall audit */
	/* With one of these three there is a recording only where `output` names one. */
};

/* Somebody who sees what comes while it comes: leastcall watch. */
struct watcher {
	int fd; /* look() should not wait when it is readable; -1: none */
	/* Each fact that is new to the recorder, at once, and those of the last reading. */
	void (*fact)(void *ctx, const struct fact *fact);
	/* Ten times a second. False where nothing more is wanted. */
	bool (*look)(void *ctx, struct tracer *tracer);
	void *ctx;
};

/* ---- record_sink.c ----------------------------------------------------------------------- */

struct recorder {
	struct record_options options;
	char *path;  /* the recording's; NULL: there is none */
	bool is_new; /* it is a file that this run has made */
	struct output file;
	FILE *early; /* what is told before anything of the target came, while FILE is as it was */
	char *early_text;
	size_t early_size;
	int file_error;      /* the first failed write of the recording */
	struct model *model; /* NULL: facts are for the recording alone */
	int model_error;
	struct err model_err;
};

/*
 * Opens the recording: -o, or NAME.leastcall.jsonl. One that is there, and may be replaced, is written
 * over when something has come to put in its place.
 */
int recorder_open(struct recorder *recorder, const char *name, struct err *err);
void recorder_add(void *recorder, const struct fact *fact); /* a struct sink's add */
void recorder_add_header(struct recorder *recorder, const char *run, const char *what,
			 const char *target);
void recorder_add_note(struct recorder *recorder, const char *run, const char *what,
		       const char *text);
/* What was learnt is on disk a tenth of a second later; a full disk is said while there is time. */
void recorder_flush(void *recorder);
/* The recording's last bytes: a full disk shows here at the latest. */
int recorder_close(struct recorder *recorder, struct err *err);
/* Nothing came of it: what this run made goes, what was there stays as it was. */
void recorder_abandon(struct recorder *recorder);
void recorder_drop(struct recorder *recorder);
/* Writes the profiles that were asked for, unless the recording is incomplete. */
int recorder_write_profiles(struct recorder *recorder, bool complete, struct err *err);

/* How the recording came to its end. */
struct record_end {
	int status;   /* the command's; 128 + N where a signal ended it; -1: it has not ended */
	int signal;   /* the one that ended the recording; 0: none */
	bool is_told; /* by a signal: the command was, or the recorder */
};

struct record_wait {
	const struct record_options *options;
	struct tracer *tracer;
	pid_t command;      /* 0: none */
	const char *cgroup; /* a directory: the recording ends when it is gone; or NULL */
	bool has_lived;     /* something of it lives at the start */
	const char *mount;  /* of the hierarchy */
	bool lingers;       /* ... a while after the last task of what was waited for */
	struct record_judge *judge;
	struct mark_socket *mark;
	pid_t pid;               /* the recording ends with it and those that came of it; or 0 */
	uint64_t pid_start;      /* its start time in clock ticks */
	void (*tick)(void *ctx); /* after each drain: flush */
	void *ctx;
};

/* ---- record_judge.c ---------------------------------------------------------------------- */

struct record_judge {
	const struct cgroup_hierarchy *hierarchy;
	struct containers *containers;
	bool split;             /* every cgroup is wanted */
	const char *path;       /* this one is, and what is below it; or NULL: */
	enum query query;       /* ... a container, a pod or a unit */
	const char *text;       /* ... that is called so */
	const char *given_name; /* --name; NULL: its own */
	bool last;              /* no doubt is left: it is not asked again */
	/* the rest is its own and record_name.c's */
	char *pod; /* the cgroup of the pod, once one of its containers was seen */
	char *name;
	struct identity identity;
	struct instance *instances;
	size_t instances_count;
	struct doubt *doubts;
	size_t doubts_count;
};

/* A struct judge's decide. What it returns is valid until the next call. */
enum verdict judge_decide(void *judge, const char *path, pid_t maker, struct workload_name *ret);
/* The same question about a cgroup that is there, without taking note of it. */
bool judge_wants(struct record_judge *judge, const char *path);
/* True where it wants to be asked again soon. */
bool judge_doubts(const struct record_judge *judge);
void judge_drop(struct record_judge *judge);

/* ---- record_name.c ----------------------------------------------------------------------- */

/* Names what judge->identity and `path` stand for; the strings are the judge's until the next call. */
void judge_name(struct record_judge *judge, const char *path, struct workload_name *ret);
/* What is below a container that was wanted, but was made before that was said: then *ret is it. */
bool identity_continues(const struct record_judge *judge, const char *path, struct identity *ret);
/* Who may make cgroups beside the one at the path's first `length` bytes: the owner of the directory
 * that it is in, or of the nearest one above that is still there. */
uid_t owner_above(const struct record_judge *judge, const char *path, size_t length);
void instances_drop(struct record_judge *judge);

/* ---- record_mark.c ----------------------------------------------------------------------- */

/* Where `leastcall mark` reaches a recorder: an abstract socket (unix(7)). */
struct mark_socket {
	int fd;     /* -1: there is none */
	char *here; /* what it answers who asks whether it is a recorder */
};
/* `name`: the workload's; `what` and `target` as in the header, the target may be NULL. Where it
 * can't be made there is no mark but SIGUSR1. */
void mark_socket_open(struct mark_socket *ret, const char *name, const char *what,
		      const char *target);
void mark_socket_close(struct mark_socket *socket);
/* True where somebody may, and does, ask for the mark; answer with mark_socket_answer(). */
bool mark_socket_asked(struct mark_socket *socket, struct sockaddr_un *ret_from,
		       socklen_t *ret_size);
void mark_socket_answer(struct mark_socket *socket, const struct sockaddr_un *to, socklen_t size,
			const char *words);

/* ---- target_options.c -------------------------------------------------------------------- */

enum target_option {
	TARGET_CONTAINER = 512,
	TARGET_POD,
	TARGET_UNIT,
	TARGET_CGROUP,
	TARGET_PID,
	TARGET_ALL,
	TARGET_SPLIT,
	TARGET_WAIT,
	TARGET_DURATION,
	TARGET_BTF,
};
/* Rows for getopt_long(). */
#define TARGET_OPTIONS                                                                             \
	{"container", required_argument, NULL, TARGET_CONTAINER},                                  \
		{"pod", required_argument, NULL, TARGET_POD},                                      \
		{"unit", required_argument, NULL, TARGET_UNIT},                                    \
		{"cgroup", required_argument, NULL, TARGET_CGROUP},                                \
		{"pid", required_argument, NULL, TARGET_PID},                                      \
		{"all", no_argument, NULL, TARGET_ALL},                                            \
		{"split", no_argument, NULL, TARGET_SPLIT},                                        \
		{"wait", no_argument, NULL, TARGET_WAIT},                                          \
		{"duration", required_argument, NULL, TARGET_DURATION},                            \
	{                                                                                          \
		"btf", required_argument, NULL, TARGET_BTF                                         \
	}
/* Takes the option, its value from optarg. 0, an exit status, or -1 where it is none of these. */
int target_option_take(const char *command, struct record_options *options, int option);
/* How many targets were named, a command among them. */
int target_options_count(const struct record_options *options);
/* What goes with what, of those that were named. 0, or EXIT_USAGE. */
int target_options_check(const char *command, const struct record_options *options);
/* The value of an option that is a time. 0, or EXIT_USAGE. */
int option_seconds(const char *command, const char *option, const char *text, double *ret);

/* ---- record_options.c -------------------------------------------------------------------- */

/* Returns 0, an exit status above 0, or -1 where help was printed and that was all. */
int record_options_parse(struct record_options *ret, int argc, char **argv);

/* ---- record_serving.c -------------------------------------------------------------------- */

/* The value of --serving-after: 0, or EXIT_USAGE. */
int serving_parse(const char *text, struct record_options *options);
/* Says so where it was taken as a text and looks like a slip. */
void serving_hint(const struct record_options *options);

/* ---- record_cgroup.c --------------------------------------------------------------------- */

/*
 * The cgroup that --cgroup names, by a directory of the host or from the mount of the hierarchy on:
 * its path below the mount, whether it is there or still to come. The caller frees *ret. Fails where
 * it never can come.
 */
int cgroup_path_find(const char *given, const char *mount, char **ret, struct err *err);

/* ---- record_target.c --------------------------------------------------------------------- */

/* A workload that is there already, or a command's; owns its strings. */
struct found {
	uint64_t id;
	char *cgroup; /* escaped */
	char *name, *engine_id, *image;
	const char *engine;
	enum workload_kind kind;
};

struct session {
	char run[17];
	const char *what;
	char *name;      /* of the recording's file and of its only workload, escaped */
	char *target;    /* for the header, escaped; NULL for --all */
	char *path;      /* of the command's file */
	char *directory; /* of the target's cgroup */
	char *awaited;   /* the path of a cgroup that is not there yet */
	struct cgroup_hierarchy hierarchy;
	struct cgroup_leaf leaf;
	struct command command;
	bool spawned;
	struct record_judge judge;
	struct found *found;
	struct tracer_target *targets; /* the same for the tracer */
	size_t found_count;
	struct mark_socket mark;
	struct tracer_options trace;
	struct tracer *tracer;
	struct record_wait wait;
	bool is_last; /* of the runs: nothing is attached after it */
	/* how it went */
	bool is_released; /* the command was let go; */
	bool has_started; /* ... and its execve succeeded */
	bool is_complete;
	struct record_end end;
};

/*
 * One run, all of it; the facts go to recorder->model, too, where the caller has made one. A command's
 * path is session->path. It blocks record_signals() and leaves them blocked; *ret_mask is what it was.
 * Returns an exit status, or a negative errno with the words in err; the caller drops both either way.
 */
int session_run(struct session *session, struct recorder *recorder, sigset_t *ret_mask,
		struct err *err);
/* Finds the target. A command is started here, and waits. `mask`: the signal mask it gets. */
int session_place(struct session *session, const struct record_options *options,
		  const sigset_t *mask, struct err *err);
/* What was made between looking for it and attaching. */
int session_place_again(struct session *session, struct err *err);
void session_free(struct session *session);

/* ---- record_describe.c ------------------------------------------------------------------- */

/* What it is called: `what`, `name` and `target`. */
void session_describe(struct session *session, const struct record_options *options);

/* ---- record_privileges.c ----------------------------------------------------------------- */

/* Gives up all capabilities that recording does not need; some stay until privileges_raise(). */
int privileges_lower(const struct session *session, struct err *err);
/* For the end: what is written then, and removed. */
void privileges_raise(void);

/* ---- record_wait.c ----------------------------------------------------------------------- */

/* The signals that recording answers to; block them before forking. */
void record_signals(sigset_t *ret);
/* Drains and waits until the command, the cgroup or the process has ended, the time is over, or
 * signals say so. Returns 0, or a negative errno with the words in err. */
int record_wait(const struct record_wait *wait, struct record_end *ret, struct err *err);

#endif
