/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Words, numbers and places of a profile's JSON: config-linux.md "Seccomp" of the runtime-spec. Knows
 * no key, and not what a word does.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "filter_reader.h"
#include "model/text.h"

#define EXACT_DIGITS 15 /* as many as a double keeps */
/* Marks a number that was put in quotes to keep it exact, see reader_numbers_keep(). */
#define NUMBER_MARK '#'

const struct profile_word profile_actions[] = {
	{"SCMP_ACT_KILL", SCMP_ACT_KILL},
	{"SCMP_ACT_KILL_PROCESS", SCMP_ACT_KILL_PROCESS},
	{"SCMP_ACT_KILL_THREAD", SCMP_ACT_KILL_THREAD},
	{"SCMP_ACT_TRAP", SCMP_ACT_TRAP},
	{"SCMP_ACT_ERRNO", SCMP_ACT_ERRNO(0)},
	{"SCMP_ACT_TRACE", SCMP_ACT_TRACE(0)},
	{"SCMP_ACT_ALLOW", SCMP_ACT_ALLOW},
	{"SCMP_ACT_LOG", SCMP_ACT_LOG},
	{"SCMP_ACT_NOTIFY", SCMP_ACT_NOTIFY},
};
const size_t profile_action_count = ARRAY_SIZE(profile_actions);

const struct profile_word profile_archs[] = {
	{"SCMP_ARCH_X86", SCMP_ARCH_X86},
	{"SCMP_ARCH_X86_64", SCMP_ARCH_X86_64},
	{"SCMP_ARCH_X32", SCMP_ARCH_X32},
	{"SCMP_ARCH_ARM", SCMP_ARCH_ARM},
	{"SCMP_ARCH_AARCH64", SCMP_ARCH_AARCH64},
	{"SCMP_ARCH_MIPS", SCMP_ARCH_MIPS},
	{"SCMP_ARCH_MIPS64", SCMP_ARCH_MIPS64},
	{"SCMP_ARCH_MIPS64N32", SCMP_ARCH_MIPS64N32},
	{"SCMP_ARCH_MIPSEL", SCMP_ARCH_MIPSEL},
	{"SCMP_ARCH_MIPSEL64", SCMP_ARCH_MIPSEL64},
	{"SCMP_ARCH_MIPSEL64N32", SCMP_ARCH_MIPSEL64N32},
	{"SCMP_ARCH_PPC", SCMP_ARCH_PPC},
	{"SCMP_ARCH_PPC64", SCMP_ARCH_PPC64},
	{"SCMP_ARCH_PPC64LE", SCMP_ARCH_PPC64LE},
	{"SCMP_ARCH_S390", SCMP_ARCH_S390},
	{"SCMP_ARCH_S390X", SCMP_ARCH_S390X},
	{"SCMP_ARCH_PARISC", SCMP_ARCH_PARISC},
	{"SCMP_ARCH_PARISC64", SCMP_ARCH_PARISC64},
	{"SCMP_ARCH_RISCV64", SCMP_ARCH_RISCV64},
};
const size_t profile_arch_count = ARRAY_SIZE(profile_archs);

const struct profile_word profile_operators[] = {
	{"SCMP_CMP_NE", SCMP_CMP_NE},
	{"SCMP_CMP_LT", SCMP_CMP_LT},
	{"SCMP_CMP_LE", SCMP_CMP_LE},
	{"SCMP_CMP_EQ", SCMP_CMP_EQ},
	{"SCMP_CMP_GE", SCMP_CMP_GE},
	{"SCMP_CMP_GT", SCMP_CMP_GT},
	{"SCMP_CMP_MASKED_EQ", SCMP_CMP_MASKED_EQ},
};
const size_t profile_operator_count = ARRAY_SIZE(profile_operators);

const struct profile_word profile_flags[] = {
	{"SECCOMP_FILTER_FLAG_TSYNC", FLAG_TSYNC},
	{"SECCOMP_FILTER_FLAG_LOG", FLAG_LOG},
	{"SECCOMP_FILTER_FLAG_SPEC_ALLOW", FLAG_SPEC_ALLOW},
	{"SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV", FLAG_WAIT_KILLABLE},
};
const size_t profile_flag_count = ARRAY_SIZE(profile_flags);

int reader_wrong(const struct reader *reader, const char *key, const char *words)
{
	size_t place = strlen(reader->place);

	if (!*key && place) /* of the object itself: without its last dot */
		place--;
	return err_set(reader->err, -EBADMSG, "%.*s%s: %s", (int)place, reader->place, key, words);
}

void reader_ignore(const struct reader *reader, const cJSON *object, const char *key,
		   const char *why)
{
	if (reader->options->warn && cJSON_GetObjectItemCaseSensitive(object, key))
		reader->options->warn(reader->options->warn_ctx, "%s%s is ignored: %s",
				      reader->place, key, why);
}

int reader_word(const struct reader *reader, const char *key, const cJSON *item,
		const struct profile_word *words, size_t count, uint32_t *ret)
{
	_cleanup_free_ char *shown = NULL;
	size_t i;

	if (!cJSON_IsString(item))
		return reader_wrong(reader, key, item ? "not a string" : "missing");
	for (i = 0; i < count; i++) {
		if (!strcmp(words[i].text, item->valuestring)) {
			*ret = words[i].value;
			return 0;
		}
	}
	shown = text_printable(item->valuestring);
	return err_set(reader->err, -EBADMSG, "%s%s: %.60s is not known here", reader->place, key,
		       shown);
}

int reader_number(const struct reader *reader, const cJSON *object, const char *key, bool required,
		  uint64_t max, uint64_t *ret)
{
	const cJSON *item = cJSON_GetObjectItemCaseSensitive(object, key);
	const char *digits;
	uint64_t value = 0;

	if (!item)
		return required ? reader_wrong(reader, key, "missing") : 0;
	digits = cJSON_IsString(item) ? item->valuestring : "";
	errno = 0;
	if (cJSON_IsNumber(item) && item->valuedouble >= 0 && item->valuedouble < 1e15)
		value = (uint64_t)item->valuedouble;
	else if (*digits == NUMBER_MARK)
		value = strtoull(digits + 1, NULL, 10);
	else
		return reader_wrong(reader, key, "not a whole number");
	if (errno || (cJSON_IsNumber(item) && (double)value != item->valuedouble))
		return reader_wrong(reader, key, "not a whole number");
	if (value > max)
		return err_set(reader->err, -EBADMSG, "%s%s: above %llu", reader->place, key,
			       (unsigned long long)max);
	*ret = value;
	return 0;
}

char *reader_numbers_keep(const char *text, size_t *size)
{
	/* A number so long is at least 16 bytes; quotes and mark are 3. */
	char *kept = xcalloc(*size + *size / 5 + 4, 1), *out = kept;
	size_t i = 0, digits;
	bool inside = false;

	while (i < *size) {
		for (digits = 0; !inside && i + digits < *size && text[i + digits] >= '0' &&
				 text[i + digits] <= '9';)
			digits++;
		if (digits > EXACT_DIGITS && digits <= 20 && i &&
		    strchr(": \t\n\r[,", text[i - 1]) && i + digits < *size &&
		    strchr(" \t\n\r,]}", text[i + digits])) {
			*out++ = '"';
			*out++ = NUMBER_MARK;
			out = mempcpy(out, text + i, digits);
			*out++ = '"';
			i += digits;
			continue;
		}
		if (digits) {
			out = mempcpy(out, text + i, digits);
			i += digits;
			continue;
		}
		if (text[i] == '"')
			inside = !inside;
		else if (inside && text[i] == '\\' && i + 1 < *size)
			*out++ = text[i++];
		*out++ = text[i++];
	}
	*size = (size_t)(out - kept);
	return kept;
}
