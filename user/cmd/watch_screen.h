/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* The live view of leastcall watch, on a terminal: draws, and answers keys. Knows no kernel. */
#ifndef LEASTCALL_WATCH_SCREEN_H
#define LEASTCALL_WATCH_SCREEN_H

#include "watch/watch.h"

struct screen;

/* `target`: what is watched, in words, escaped; borrowed, as the watch. *interval: seconds between two
 * counts, which the user may change. */
struct screen *screen_new(const struct watch *watch, const char *target, double *interval);
/*
 * Takes the terminal: stdin and stdout. What goes to stderr is kept until screen_free(), and its last line
 * shown. Returns 0, or a negative errno with the words in err: then the terminal is as it was.
 */
int screen_begin(struct screen *screen, struct err *err);
/* A line that is new; copied. */
void screen_news(struct screen *screen, const char *words);
/* Answers keys, and draws where that is worth it. False where the user has enough. */
bool screen_look(struct screen *screen, bool was_counted, uint64_t now_ns);
/* Gives the terminal back as it was, and writes to stderr what was kept. */
void screen_free(struct screen *screen);

#endif
