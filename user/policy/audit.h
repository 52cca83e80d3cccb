/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * What was called, held against what may be: by the filters that judge it, whoever they are of. Knows no
 * profile's form, no process, and not who is told.
 */
#ifndef LEASTCALL_AUDIT_H
#define LEASTCALL_AUDIT_H

#include "call.h"
#include "profile/filter_answer.h"

enum severity {
	SEVERITY_NOTE,
	SEVERITY_WARNING,
	SEVERITY_ERROR,
	SEVERITIES,
};
/* "note" ... And from names: false where there is no such one. */
const char *severity_name(enum severity severity);
bool severity_from_name(const char *name, enum severity *ret);

/* In the order in which they are told. */
enum audit_kind {
	AUDIT_NO_PROFILE,     /* there is no filter */
	AUDIT_OPEN,           /* what the filter does not name runs */
	AUDIT_REFUSED,        /* called, and the filter refuses it */
	AUDIT_DEPENDS,        /* called, and the filter looks at its arguments */
	AUDIT_DENIED,         /* it was refused while it was recorded */
	AUDIT_PRIVILEGED,     /* the process has every capability */
	AUDIT_NEW_PRIVILEGES, /* an execve may give it more: no_new_privs is off */
	AUDIT_THREADS,        /* others have other filters, or more capabilities */
	AUDIT_CAPABILITY,     /* it has a capability that was never used */
	AUDIT_ARGUMENTS,      /* allowed whatever its arguments are; they are known */
	AUDIT_ABI,            /* calls of another ABI are allowed, and none was made */
	AUDIT_IO_URING,       /* what is done through it passes no filter */
	AUDIT_UNUSED,         /* allowed, and never called */
	AUDIT_INCOMPLETE,     /* something was lost: there may be more */
	AUDIT_UNTOLD,         /* capabilities, denials ... that the recording does not tell */
	AUDIT_KINDS,
};
/* "called-not-allowed" ..., for programs. */
const char *audit_kind_name(enum audit_kind kind);

struct finding {
	enum audit_kind kind;
	enum severity severity;
	const char *name; /* of a call, a capability or an ABI; NULL: of none */
	char *number;     /* ... of one that the tables don't have; owned */
	enum abi abi;     /* of a call, as what follows */
	uint32_t nr;
	uint32_t errnum;  /* it was denied with; 0: a signal, or another answer */
	uint64_t count;   /* how often; 0: that is no question */
	enum tier tier;   /* of a call */
	char *text;       /* the rest, for people; owned */
	struct names who; /* executables */
};

/* A process that was looked at. */
struct audit_process {
	uint64_t effective, bounding; /* capabilities, bits */
	uint64_t all;                 /* that anybody can have on this host */
	bool no_new_privileges;
	/* threads of all its processes; with fewer, no, and more filters than it, and with capabilities
	 * that it has not */
	size_t threads, fewer, none, more, capable;
};

/* What is audited. */
struct audit_subject {
	const struct model *model; /* NULL: nothing was recorded */
	bool is_sample;            /* ... of a while: that something was not called says little */
	const char *workload;      /* of it; NULL: all of them */
	const struct filter *filters;
	size_t filters_count;                /* 0: there is none */
	const struct audit_process *process; /* NULL: none was looked at */
};

struct audit {
	struct finding *list; /* by kind; of a kind the riskiest first, then by name */
	size_t count;
	size_t called, allowed, unused; /* calls by name, of the machine's own ABI */
};

/* What the filters together answer a call of this number: the strictest one counts, seccomp(2). */
enum judgement {
	JUDGED_ALLOWED,
	JUDGED_DEPENDS, /* on its arguments, or on a supervisor */
	JUDGED_REFUSED,
};
/* The oldest filter first. `arguments`: a fact of FACT_ARGUMENTS whose values the call has; NULL: any.
 * *ret_answer: the strictest one that there may be. */
enum judgement audit_judge(const struct filter *filters, size_t count, enum abi abi, uint32_t nr,
			   const struct fact *arguments, uint32_t *ret_answer);
/* Of two SECCOMP_RET_*: which one the kernel takes. */
bool audit_is_stricter(uint32_t a, uint32_t b);
/* "EPERM", "kills the process" ... of SECCOMP_RET_*. buf holds at least 32 bytes. */
const char *audit_answer_words(uint32_t answer, char buf[32]);

/* The caller drops *ret. */
void audit_make(const struct audit_subject *subject, struct audit *ret);
/* The worst of them; SEVERITY_NOTE where there is none. */
enum severity audit_worst(const struct audit *audit);
void audit_drop(struct audit *audit);
#define _cleanup_audit_ __attribute__((cleanup(audit_drop)))

#endif
