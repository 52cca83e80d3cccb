/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* What a fact is called when it is news: in words for people, and as JSON for programs. */
#include <stdlib.h>
#include <string.h>
#include <cjson/cJSON.h>

#include "model/json.h"
#include "watch.h"

const char *news_call(enum abi abi, uint32_t nr, uint32_t sub)
{
	const char *name = sub ? syscall_sub_name(abi, nr, sub) : NULL;

	return name ?: syscall_name(abi, nr);
}

char *news_call_name(enum abi abi, uint32_t nr, uint32_t sub)
{
	const char *name = news_call(abi, nr, sub);

	if (!name)
		return xasprintf("%s:%u", abi_name(abi), nr);
	return abi == ABI_X86_64 ? xstrdup(name) : xasprintf("%s (%s)", name, abi_name(abi));
}

/* ---- things ------------------------------------------------------------------------------ */

static char *number_word(const char *word, uint32_t number)
{
	return word ? xstrdup(word) : xasprintf("%u", number);
}

static char *denied_thing(const struct fact *fact)
{
	_cleanup_free_ char *name = news_call_name(fact->denied.abi, fact->denied.nr, 0);
	_cleanup_free_ char *code = NULL;

	if (!fact->denied.errnum)
		return xasprintf("denied call %s (killed, trapped or answered 0)", name);
	code = number_word(errno_name(fact->denied.errnum), fact->denied.errnum);
	return xasprintf("denied call %s (%s)", name, code);
}

static char *file_thing(const struct fact *fact)
{
	char perms[8];

	return xasprintf("file %s %s", fact->file.path, perms_text(fact->file.perms, perms));
}

static char *socket_thing(const struct fact *fact)
{
	_cleanup_free_ char *family =
		number_word(family_name(fact->socket.family), fact->socket.family);
	_cleanup_free_ char *type =
		number_word(socket_type_name(fact->socket.type), fact->socket.type);

	return xasprintf("socket %s %s", family, type);
}

static char *capability_thing(const struct fact *fact)
{
	uint32_t number = fact->capability.capability;
	_cleanup_free_ char *name = number_word(capability_name(number), number);

	return xasprintf("capability %s%s", name,
			 fact->capability.silent ? ", asked for without a log" : "");
}

char *news_thing(const struct fact *fact)
{
	_cleanup_free_ char *name = NULL;

	switch (fact->kind) {
	case FACT_WORKLOAD:
		return xstrdup("workload");
	case FACT_SYSCALL:
		name = news_call_name(fact->syscall.abi, fact->syscall.nr, fact->syscall.sub);
		return xasprintf("call %s", name);
	case FACT_DENIED:
		return denied_thing(fact);
	case FACT_FILE:
		return file_thing(fact);
	case FACT_SOCKET:
		return socket_thing(fact);
	case FACT_CAPABILITY:
		return capability_thing(fact);
	case FACT_OPERATION:
		return operation_words(fact);
	default:
		return NULL;
	}
}

/* ---- lines ------------------------------------------------------------------------------- */

/* The name that its risk is looked up by; NULL: it is no call, or not known. */
static const char *risky_name(const struct fact *fact)
{
	if (fact->kind == FACT_SYSCALL)
		return news_call(fact->syscall.abi, fact->syscall.nr, fact->syscall.sub);
	if (fact->kind == FACT_DENIED)
		return news_call(fact->denied.abi, fact->denied.nr, 0);
	return NULL;
}

static enum tier risk_of(const struct fact *fact)
{
	const char *name = risky_name(fact);

	return name ? tier_of(name) : TIER_NONE;
}

static char *workload_words(const struct fact *fact)
{
	if (!fact->workload_.engine)
		return xasprintf("%s  new: workload", fact->workload);
	return xasprintf("%s  new: workload of %s%s%s", fact->workload, fact->workload_.engine,
			 fact->workload_.image ? ", image " : "", fact->workload_.image ?: "");
}

char *news_words(const struct fact *fact)
{
	_cleanup_free_ char *thing = news_thing(fact);
	enum tier tier = risk_of(fact);
	char *text;
	size_t size;
	FILE *out;

	if (fact->kind == FACT_WORKLOAD)
		return workload_words(fact);
	out = xmemstream(&text, &size);
	fprintf(out, "%s  %s%s", fact->workload ?: "-",
		fact->kind == FACT_DENIED ? "" : "new: ", thing);
	if (fact->exe)
		fprintf(out, " by %s", fact->exe);
	if (tier >= TIER_MEDIUM)
		fprintf(out, " (risk: %s)", tier_name(tier));
	fclose(out);
	return text;
}

static void text_add(cJSON *object, const char *key, const char *text)
{
	if (text)
		cJSON_AddStringToObject(object, key, text);
}

static void call_add(cJSON *object, enum abi abi, uint32_t nr, uint32_t sub)
{
	text_add(object, "name", news_call(abi, nr, sub));
	text_add(object, "abi", abi_name(abi));
	cJSON_AddNumberToObject(object, "nr", nr);
}

/* What stands beside the thing in words, for those who choose by it. */
static void members_add(cJSON *object, const struct fact *fact)
{
	char perms[8];

	switch (fact->kind) {
	case FACT_SYSCALL:
		call_add(object, fact->syscall.abi, fact->syscall.nr, fact->syscall.sub);
		break;
	case FACT_DENIED:
		call_add(object, fact->denied.abi, fact->denied.nr, 0);
		text_add(object, "errno", errno_name(fact->denied.errnum));
		break;
	case FACT_FILE:
		text_add(object, "path", fact->file.path);
		text_add(object, "perms", perms_text(fact->file.perms, perms));
		break;
	case FACT_CAPABILITY:
		text_add(object, "name", capability_name(fact->capability.capability));
		break;
	case FACT_WORKLOAD:
		text_add(object, "engine", fact->workload_.engine);
		text_add(object, "id", fact->workload_.id);
		text_add(object, "image", fact->workload_.image);
		break;
	default:
		break;
	}
	if (risky_name(fact))
		text_add(object, "risk", tier_name(risk_of(fact)));
}

char *news_json(const struct fact *fact, const char *time)
{
	_cleanup_free_ char *thing = news_thing(fact), *text = NULL;
	cJSON *object = cJSON_CreateObject();

	text_add(object, "time", time);
	text_add(object, "news", fact_kind_name(fact->kind));
	text_add(object, "workload", fact->workload);
	text_add(object, "what", thing);
	text_add(object, "exe", fact->exe);
	if (fact_has_phase(fact->kind))
		text_add(object, "phase", phase_name(fact->phase));
	members_add(object, fact);
	text = cJSON_PrintUnformatted(object);
	cJSON_Delete(object);
	return json_escape(text);
}
