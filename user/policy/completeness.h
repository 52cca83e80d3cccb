/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * How complete a recording of a workload is, as far as it can tell itself: when its calls were new, how
 * its runs agree, how many calls none of them made, and what it did not exercise. Knows no words.
 *
 * A sample is one run of one instance: NAME and NAME#2 of one run are two. Only the application's calls
 * count; those of different ABIs are different ones.
 */
#ifndef LEASTCALL_COMPLETENESS_H
#define LEASTCALL_COMPLETENESS_H

#include "call.h"

/* After how many percent of a sample's calls the time is taken. */
#define SATURATION_POINTS 4
extern const unsigned int saturation_percents[SATURATION_POINTS];

struct sample {
	const char *run, *workload;
	const struct fact *header;           /* NULL: the run has lost it */
	size_t calls;                        /* that it made, each counted once */
	size_t fresh;                        /* ... and that no sample before it did */
	size_t once, twice;                  /* ... and that it made so often */
	uint64_t seen_ns[SATURATION_POINTS]; /* since its first call: so much had been seen */
	uint64_t length_ns; /* from its first call to the run's end; 0: that is not known */
};

struct sampled_call {
	const char *name; /* NULL: none */
	enum abi abi;
	uint32_t nr, sub;
	size_t samples;   /* that made it */
	uint64_t serving; /* how often it was made once the application was serving */
};

/* Zero-initialised it is of nothing. The strings are the model's. */
struct completeness {
	struct sample *samples; /* in the order in which the runs were started */
	size_t sample_count;
	struct sampled_call *calls; /* what fewest samples made first, then by name */
	size_t call_count;
	struct names names; /* of the calls */
	enum abi abi;       /* of most of the calls */
	unsigned int whens; /* bits: enum rare_when, of which kinds the program is */
	bool has_errnos;    /* known for every call */
	uint64_t errnos[ERRNO_WORDS];
};

/* Of the workload or group (call.h) of that name; NULL: of all. The caller drops *ret. */
void completeness_make(const struct model *model, const char *workload, struct completeness *ret);
void completeness_drop(struct completeness *completeness);
#define _cleanup_completeness_ __attribute__((cleanup(completeness_drop)))

/* How many calls were made by exactly so many samples. */
size_t completeness_shared(const struct completeness *completeness, size_t samples);

/*
 * At least how many calls there are that no sample made, from Q1 calls that one of m samples made and Q2
 * that two did: Chao2, A. Chao, "Estimating the population size for capture-recapture data with unequal
 * catchability", Biometrics 43 (1987), in its bias-corrected form
 *
 *	(m - 1) / m * Q1 (Q1 - 1) / (2 (Q2 + 1))
 *
 * It takes the samples for draws of the same. 0 for one sample, which tells nothing about that.
 */
double completeness_unseen(const struct completeness *completeness);
/* How many new calls one more sample is expected to bring, Q1 / m: I. J. Good, "The population
 * frequencies of species and the estimation of population parameters", Biometrika 40 (1953). */
double completeness_next(const struct completeness *completeness);

/*
 * What counts tell. At the start many calls are made exactly once by all programs, so only those that
 * were made while the application was serving are looked at, and only where it was marked.
 */
struct abundance {
	uint64_t total; /* calls; 0: nothing can be told */
	size_t calls;   /* different ones */
	size_t once, twice;
	/* At least how many are missing: Chao1, A. Chao, "Nonparametric estimation of the number of
	 * classes in a population", Scandinavian Journal of Statistics 11 (1984), bias-corrected:
	 * (n - 1) / n * f1 (f1 - 1) / (2 (f2 + 1)). */
	double unseen;
	/* How likely the next call is one that was not seen yet: f1 / n, Good (1953). */
	double next;
};
void completeness_abundance(const struct completeness *completeness, struct abundance *ret);

/* Of which kinds the program is that made these calls: bits of enum rare_when. */
unsigned int completeness_whens(const struct model *model, const char *workload,
				const struct names *names);
/* What a profile of the recording allows at least: its calls, and always_rows. The caller drops it. */
void completeness_allowed(const struct completeness *completeness, struct names *ret);
/*
 * The rows of rare_paths that are to be expected of the program, of which there is no sign, and that may
 * call what `allowed`, settled, lacks. Returns how many, in *ret for the caller to free.
 */
size_t completeness_lacks(const struct completeness *completeness, const struct names *allowed,
			  const struct rare_path ***ret);

#endif
