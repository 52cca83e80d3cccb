/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * What is known of workloads while they run: what each of them calls, how often, since when, and what of
 * that is new. Takes facts from whoever records; knows no kernel, no terminal and no clock: times are
 * nanoseconds of CLOCK_MONOTONIC that the caller gives.
 */
#ifndef LEASTCALL_WATCH_H
#define LEASTCALL_WATCH_H

#include "model/fact.h"

/* How long something is new. */
#define WATCH_NEW_NS (UINT64_C(60) * 1000000000)

/* A system call of one workload, whoever of it makes it. */
struct watch_call {
	enum abi abi;
	uint32_t nr, sub;
	const char *name; /* "ptrace", "ptrace (i386)", "x86_64:1000" */
	const char *exe;  /* who made it first, escaped; NULL: not known */
	enum tier tier;
	uint64_t calls, denied; /* so far; calls that were denied are no calls */
	/* ... at the count before the last one */
	uint64_t calls_before, denied_before;
	double rate;     /* calls per second between the two */
	uint64_t new_ns; /* since when it is known; 0: it was to be expected */
};

/* Texts live as long as the watch. */
struct watch_workload {
	const char *name;           /* escaped, as the rest */
	const char *engine, *image; /* NULL: not known */
	struct watch_call *calls;   /* by ABI and number */
	size_t count;
	uint64_t total, denied;
	double rate;
	uint64_t new_ns; /* when the last news of it came; 0: none */
};

struct watch;

struct watch *watch_new(void);
void watch_free(struct watch *watch);

/* What a runtime does on its way to the application is no news then, unless it is denied; nor is it to be
 * expected of the application. */
void watch_application_only(struct watch *watch);
/* What is in a recording is to be expected, and no news: of its workload, or with `anywhere` of all. */
void watch_expect(struct watch *watch, const struct fact *fact, bool anywhere);
/* The same of a call by its name, in every workload. */
void watch_expect_call(struct watch *watch, enum abi abi, const char *name);

/* Is it the first time that this is told of its workload, and was it not to be expected? */
bool watch_take(struct watch *watch, const struct fact *fact, uint64_t now_ns);
/*
 * Between these two watch_take() is told everything that was counted so far: what it says is summed up
 * where it belongs together, and stands for what was there before.
 */
void watch_count_begin(struct watch *watch);
void watch_count_end(struct watch *watch, uint64_t now_ns);
/* Instead of the latter, where not everything could be told: all numbers are as before. */
void watch_count_undo(struct watch *watch);

/* By name. */
size_t watch_workloads(const struct watch *watch, const struct watch_workload **ret);
/* NULL: there is none. */
const struct watch_workload *watch_find(const struct watch *watch, const char *name);
/* Calls that were made at all, and of them those that are new. */
size_t watch_distinct(const struct watch_workload *workload);
size_t watch_recent(const struct watch_workload *workload, uint64_t now_ns);

/* ---- watch_news.c ------------------------------------------------------------------------ */

/*
 * What a fact tells, whoever did it: "call ptrace", "capability sys_admin". NULL where its kind is no
 * news. The same words are the same thing. The caller frees it, as the rest.
 */
char *news_thing(const struct fact *fact);
/* A line for people: "web  new: call ptrace by /usr/bin/gdb (risk: critical)", not yet printable. */
char *news_words(const struct fact *fact);
/* One for programs: a JSON object; `time` is RFC 3339. */
char *news_json(const struct fact *fact, const char *time);
/* The table's name of a call; NULL: it has none. And the name as in struct watch_call. */
const char *news_call(enum abi abi, uint32_t nr, uint32_t sub);
char *news_call_name(enum abi abi, uint32_t nr, uint32_t sub);

#endif
