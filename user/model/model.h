/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * What one or several recordings say, as a set of facts. Adding is a union: commutative,
 * associative, idempotent. Within a run the same fact told twice agrees on the largest count, the
 * smallest first_ns and the union of its sets; facts of different runs stand side by side, and
 * whoever sums them up adds their counts.
 */
#ifndef LEASTCALL_MODEL_H
#define LEASTCALL_MODEL_H

#include "fact.h"

struct model;

struct model *model_new(void);
void model_free(struct model *model);

/* Takes the fact in (strings are copied). Returns 0, or -E2BIG with the words in err where the
 * recording has more distinct facts than a sane one can have (MODEL_FACTS_MAX). */
#define MODEL_FACTS_MAX (4u << 20)
int model_add(struct model *model, const struct fact *fact, struct err *err);

/*
 * Reads a whole recording: PATH, or "-" for stdin. A last line without its newline that does not
 * parse was cut short by the end of a recorder: it is left out. Any other bad line is an error
 * "PATH:LINE: what". A run without an end fact gets a FACT_INCOMPLETE "cut-short" from model_seal().
 * Lines over 1 MiB, and files that hold no fact at all, are errors.
 */
int model_read(struct model *model, const char *path, struct err *err);
/* The same of what is open already; `name` is what the user called it. */
int model_read_from(struct model *model, int fd, const char *name, struct err *err);

/* The file that told of this run ended in the middle of a line: model_seal() says "cut-short". */
void model_mark_torn(struct model *model, const char *run);

/*
 * Where the words about a run may point: the first file that told of it, as model_read() was given
 * it; NULL where that is not known. And how many files were read.
 */
void model_count_file(struct model *model);
void model_note_source(struct model *model, const char *run, const char *path);
const char *model_source(const struct model *model, const char *run);
size_t model_files(const struct model *model);

/* Call once after the last add: finds runs that were cut short and sorts. The getters below and
 * model_write() want a sealed model. */
void model_seal(struct model *model);

/* The facts of one kind, sorted by (workload, then the kind's own key, phase as time goes, exe,
 * run): the order does not depend on the order of adding. *ret points into the model. */
size_t model_facts(const struct model *model, enum fact_kind kind, const struct fact **ret);

/* The header of a run (FACT_RECORDING), or its end; NULL where it has none. */
const struct fact *model_run_fact(const struct model *model, enum fact_kind kind, const char *run);

/* True where any run lost something or was cut short. */
bool model_incomplete(const struct model *model);

/* The recording of it all: sorted, same facts give the same bytes. What model_seal() found is not
 * in it: a later line may still complete a run. Returns 0 or a negative errno. */
int model_write(const struct model *model, FILE *out);

#endif
