/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* The page's tables of capabilities, sockets, arguments and operations. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "html.h"

static void named_cell(const char *name, uint32_t number, FILE *out)
{
	_cleanup_free_ char *text = xasprintf("number %u", number);

	html_cell(name ? name : text, out);
}

static void capability_cells(const struct span *group, FILE *out)
{
	bool inferred = true, silent = true;
	uint32_t number = group->facts->capability.capability;

	for (size_t i = 0; i < group->count; i++) {
		inferred = inferred && group->facts[i].capability.inferred;
		silent = silent && group->facts[i].capability.silent;
	}
	named_cell(capability_name(number), number, out);
	html_cell(inferred ? "inferred from calls and their results"
		  : silent ? "asked for silently: the program goes on without"
			   : "checked by the kernel",
		  out);
}

static void socket_cells(const struct span *group, FILE *out)
{
	const struct fact *fact = group->facts;

	named_cell(family_name(fact->socket.family), fact->socket.family, out);
	named_cell(socket_type_name(fact->socket.type), fact->socket.type, out);
}

static void argument_cells(const struct span *group, FILE *out)
{
	const struct fact *fact = group->facts;
	_cleanup_free_ char *text = NULL;
	const char *comma = "";
	size_t size;
	FILE *words;
	int i;

	named_cell(syscall_name(fact->arguments.abi, fact->arguments.nr), fact->arguments.nr, out);
	words = xmemstream(&text, &size);
	for (i = 0; i < CALL_ARGS; i++) {
		if (!(fact->arguments.known & 1u << i))
			continue;
		fprintf(words, "%sarg%d = %" PRIu64, comma, i, fact->arguments.values[i]);
		comma = ", ";
	}
	fclose(words);
	html_cell(fact->arguments.known ? text : "others, too many to be kept", out);
}

static void operation_cells(const struct span *group, FILE *out)
{
	_cleanup_free_ char *words = operation_words(group->facts);

	html_cell(operation_names[group->facts->operation.op], out);
	html_cell(words, out);
}

/* What is shown alike: two columns of its own, then when and who. */
static const struct use {
	enum fact_kind kind;
	const char *id, *heading, *caption, *first, *second;
	void (*cells)(const struct span *group, FILE *out);
} uses[] = {
	{FACT_CAPABILITY, "capabilities", "Capabilities", "Capabilities that were used",
	 "Capability", "How it is known", capability_cells},
	{FACT_SOCKET, "network", "Network", "Kinds of sockets that were made", "Family", "Type",
	 socket_cells},
	{FACT_ARGUMENTS, "arguments", "Arguments", "Arguments of calls where they matter most",
	 "Call", "Arguments", argument_cells},
	{FACT_OPERATION, "operations", "Operations",
	 "Mounts, signals, executions and what else has rules of its own in AppArmor", "Operation",
	 "In words", operation_cells},
};

static void use_print(struct html *html, const struct use *use, const struct span *span)
{
	const struct html_column columns[] = {{.title = use->first},
					      {.title = use->second},
					      {.title = "Phase"},
					      {.title = "Who"}};
	unsigned int phases = html->options->setup ? PHASES_ALL : PHASES_APPLICATION, phase;
	FILE *out = html->out;
	bool any = false;
	struct span group;

	html_heading(html, use->id, use->heading);
	for (size_t p = 0; p < PHASES; p++) {
		phase = PHASE_BIT(shown_phases[p]) & phases;
		for (size_t at = 0; group_next(span, phase, &at, &group); any = true) {
			if (!any)
				html_table_begin(use->caption, columns, ARRAY_SIZE(columns), out);
			fputs("<tr>", out);
			use->cells(&group, out);
			html_cell(phase_name(shown_phases[p]), out);
			html_cell_who(&group, phase, out);
			fputs("</tr>\n", out);
		}
	}
	if (any)
		html_table_end(out);
	else
		fputs("<p class=\"muted\">None was seen.</p>\n", out);
}

void html_uses(struct html *html, const struct span *kinds)
{
	for (size_t i = 0; i < ARRAY_SIZE(uses); i++)
		use_print(html, &uses[i], &kinds[uses[i].kind]);
}
