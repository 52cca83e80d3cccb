/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Names of errors, capabilities, address families, socket types, signals, mount flags and opcodes against
 * witnesses that are not the tables: the C library, the installed headers, apparmor_parser.
 */
#include <linux/capability.h>
#include <linux/io_uring.h>
#include <signal.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/socket.h>
#include <unistd.h>

#include "tables/row.h"
#include "tables/tables.h"
#include "test.h"
#include "witness.h"

#define PARSER "/usr/sbin/apparmor_parser"

static void test_errno(void)
{
	struct tally tally = {0};

	for (int code = 1; code < 512; code++)
		AGREE(&tally, errno_name((uint32_t)code), strerrorname_np(code), "errno %d", code);
	ALL_AGREE(&tally, 511, "the C library agrees on the names of errors");
	CHECK(!errno_name(0) && !errno_name(4096), "0 and 4096 are no errors");
}

/* Whether AppArmor's compiler takes a profile with this one rule. */
static bool parser_takes(const char *keyword, const char *word)
{
	const char *const argv[] = {PARSER, "-Q", "-K", "-S", NULL};
	_cleanup_free_ char *profile = xasprintf("profile x {\n %s %s,\n}\n", keyword, word);

	return run(argv, profile, NULL) == 0;
}

/*
 * A header's constants against one of our tables. The word is the constant's, in lower case; it is
 * missing from the table only where AppArmor has no such word. Other names for a number (AF_ROUTE,
 * AF_LOCAL, AF_FILE) are not words. `least` is how many words there must be.
 */
static void test_words(const char *header, const char *prefix, const char *keyword,
		       const char *(*name_of)(uint32_t), uint32_t end, int least)
{
	static const char *const flags[4] = {NULL};
	bool parser = access(PARSER, X_OK) == 0;
	struct tally words = {0}, taken = {0};
	struct macros macros = {0};

	if (!CHECK(macros_read(header, flags, &macros), "%s can be read", header))
		return;
	for (uint32_t i = 0; i < end; i++) {
		const char *ours = name_of(i);
		bool found = false;

		for (size_t j = 0; j < macros.count; j++) {
			const char *macro = macros.rows[j].name;
			_cleanup_free_ char *word = NULL;
			uint32_t number;

			if (strncmp(macro, prefix, strlen(prefix)) != 0 || strchr(macro, '(') ||
			    !macros_number(&macros, macros.rows[j].value, &number) || number != i)
				continue;
			word = xstrdup(macro + strlen(prefix));
			for (char *c = word; *c; c++)
				*c = (char)tolower((unsigned char)*c);
			found = found || (ours && strcmp(ours, word) == 0);
			if (!ours && parser)
				AGREE(&taken, parser_takes(keyword, word) ? word : NULL, NULL,
				      "%s %u has no word", keyword, i);
		}
		if (ours)
			AGREE(&words, found ? ours : NULL, ours, "%s %u in %s", keyword, i, header);
		if (ours && parser)
			AGREE(&taken, parser_takes(keyword, ours) ? ours : NULL, ours,
			      "apparmor_parser takes %s %s", keyword, ours);
	}
	ALL_AGREE(&words, least, "%s agrees on the names of %s rules", header, keyword);
	CHECK(!name_of(end), "%s: %u is the first that is not there", keyword, end);
	if (parser) {
		CHECK(!parser_takes(keyword, "nosuchword"), "apparmor_parser refuses %s nosuchword",
		      keyword);
		ALL_AGREE(&taken, least, "apparmor_parser takes these %s rules and no more",
			  keyword);
	} else {
		SKIP("no " PARSER ": %s rules", keyword);
	}
	macros_free(&macros);
}

static void test_socket_types(void)
{
	static const struct number_row types[] = {
		{SOCK_STREAM, "stream"}, {SOCK_DGRAM, "dgram"},         {SOCK_RAW, "raw"},
		{SOCK_RDM, "rdm"},       {SOCK_SEQPACKET, "seqpacket"}, {SOCK_PACKET, "packet"},
	};
	uint32_t flags = SOCK_CLOEXEC | SOCK_NONBLOCK;

	for (size_t i = 0; i < ARRAY_SIZE(types); i++)
		EQ_STR(socket_type_name(types[i].number | (i % 2 ? flags : 0)), types[i].name,
		       "socket type %s", types[i].name);
	CHECK(!socket_type_name(SOCK_DCCP) && !socket_type_name(0), "dccp and 0 have no word");
}

/* The C library's own words, but for those that AppArmor spells otherwise. */
static void test_signals(void)
{
	static const struct number_row others[] = {
		{SIGTSTP, "stp"}, {SIGIO, "io"}, {0, "exists"}, {32, "rtmin+0"}, {64, "rtmin+32"}};
	struct tally agree = {0}, taken = {0};
	bool parser = access(PARSER, X_OK) == 0;
	uint32_t i;

	for (i = 1; i < 32; i++) {
		const char *abbreviation = sigabbrev_np((int)i);
		char word[16] = {};

		for (size_t k = 0; abbreviation && abbreviation[k] && k + 1 < sizeof(word); k++)
			word[k] = (char)tolower((unsigned char)abbreviation[k]);
		if (i != SIGTSTP && i != SIGIO)
			AGREE(&agree, signal_name(i), word, "signal %u", i);
	}
	ALL_AGREE(&agree, 29, "sigabbrev_np() agrees on the names of signals");
	for (i = 0; i < ARRAY_SIZE(others); i++)
		EQ_STR(signal_name(others[i].number), others[i].name, "signal %u",
		       others[i].number);
	for (i = 0; i <= SIGNAL_MAX && signal_name(i); i++) {
		_cleanup_free_ char *set = xasprintf("set=(%s)", signal_name(i));

		if (parser)
			AGREE(&taken, parser_takes("signal", set) ? set : NULL, set,
			      "apparmor_parser takes signal %s", set);
	}
	EQ(i, SIGNAL_MAX + 1, "every signal up to the last has a word");
	CHECK(!signal_name(i), "and none behind it");
	if (parser) {
		CHECK(!parser_takes("signal", "set=(nosuch)"), "apparmor_parser refuses others");
		ALL_AGREE(&taken, 65, "apparmor_parser takes these signals");
	} else {
		SKIP("no " PARSER ": signals");
	}
}

/* <linux/io_uring.h>, as far as it goes: newer kernels have more. */
static void test_io_uring(void)
{
#define OP(name)                                                                                   \
	{                                                                                          \
		IORING_OP_##name, #name                                                            \
	}
	static const struct number_row opcodes[] = {
		OP(NOP),
		OP(READV),
		OP(WRITEV),
		OP(FSYNC),
		OP(READ_FIXED),
		OP(WRITE_FIXED),
		OP(POLL_ADD),
		OP(POLL_REMOVE),
		OP(SYNC_FILE_RANGE),
		OP(SENDMSG),
		OP(RECVMSG),
		OP(TIMEOUT),
		OP(TIMEOUT_REMOVE),
		OP(ACCEPT),
		OP(ASYNC_CANCEL),
		OP(LINK_TIMEOUT),
		OP(CONNECT),
		OP(FALLOCATE),
		OP(OPENAT),
		OP(CLOSE),
		OP(FILES_UPDATE),
		OP(STATX),
		OP(READ),
		OP(WRITE),
		OP(FADVISE),
		OP(MADVISE),
		OP(SEND),
		OP(RECV),
		OP(OPENAT2),
		OP(EPOLL_CTL),
		OP(SPLICE),
		OP(PROVIDE_BUFFERS),
		OP(REMOVE_BUFFERS),
		OP(TEE),
		OP(SHUTDOWN),
		OP(RENAMEAT),
		OP(UNLINKAT),
		OP(MKDIRAT),
		OP(SYMLINKAT),
		OP(LINKAT),
		OP(MSG_RING),
		OP(FSETXATTR),
		OP(SETXATTR),
		OP(FGETXATTR),
		OP(GETXATTR),
		OP(SOCKET),
		OP(URING_CMD),
		OP(SEND_ZC),
		OP(SENDMSG_ZC),
	};
#undef OP
	struct tally agree = {0};

	for (size_t i = 0; i < ARRAY_SIZE(opcodes); i++) {
		char word[32] = {};

		for (size_t k = 0; opcodes[i].name[k]; k++)
			word[k] = (char)tolower((unsigned char)opcodes[i].name[k]);
		AGREE(&agree, io_uring_name(opcodes[i].number), word, "opcode %s", word);
	}
	ALL_AGREE(&agree, 49, "linux/io_uring.h agrees on the names of io_uring's opcodes");
	CHECK(!io_uring_name(255), "and there is none that no kernel has");
}

/* <sys/mount.h> as the parser's words have it. */
static void test_mount_flags(void)
{
	static const struct number_row flags[] = {
		{MS_RDONLY, "ro"},
		{MS_NOSUID, "nosuid"},
		{MS_NODEV, "nodev"},
		{MS_NOEXEC, "noexec"},
		{MS_SYNCHRONOUS, "sync"},
		{MS_REMOUNT, "remount"},
		{MS_MANDLOCK, "mand"},
		{MS_DIRSYNC, "dirsync"},
		{1 << 8, "nosymfollow"},
		{MS_NOATIME, "noatime"},
		{MS_NODIRATIME, "nodiratime"},
		{MS_BIND, "bind"},
		{MS_MOVE, "move"},
		{MS_SILENT, "silent"},
		{MS_POSIXACL, "acl"},
		{MS_UNBINDABLE, "unbindable"},
		{MS_PRIVATE, "private"},
		{MS_SLAVE, "slave"},
		{MS_SHARED, "shared"},
		{MS_RELATIME, "relatime"},
		{MS_I_VERSION, "iversion"},
		{MS_STRICTATIME, "strictatime"},
		{MS_LAZYTIME, "lazytime"},
	};
	bool parser = access(PARSER, X_OK) == 0;
	struct tally taken = {0};
	uint32_t bit, words = 0;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(flags); i++) {
		_cleanup_free_ char *option = xasprintf("options=(%s)", flags[i].name);
		bool newer = flags[i].number == 1 << 8 || flags[i].number == MS_LAZYTIME;

		if (parser && !newer)
			AGREE(&taken, parser_takes("mount", option) ? option : NULL, option,
			      "apparmor_parser takes mount %s", option);
		EQ_STR(mount_flag_name((uint32_t)__builtin_ctz(flags[i].number)), flags[i].name,
		       "mount flag %s", flags[i].name);
	}
	if (parser)
		ALL_AGREE(&taken, (int)ARRAY_SIZE(flags) - 2,
			  "apparmor_parser takes these mount flags");
	else
		SKIP("no " PARSER ": mount flags");
	for (bit = 0; bit < 40; bit++)
		words += mount_flag_name(bit) != NULL;
	EQ(words, ARRAY_SIZE(flags), "no other mount flag has a word");
}

int main(void)
{
	/* A program that refuses its input before it has read it is an answer, not our end. */
	signal(SIGPIPE, SIG_IGN);
	test_errno();
	test_words("linux/capability.h", "CAP_", "capability", capability_name, CAP_LAST_CAP + 1,
		   41);
	test_words("sys/socket.h", "AF_", "network", family_name, AF_MAX, 45);
	test_socket_types();
	test_signals();
	test_io_uring();
	test_mount_flags();
	return test_end();
}
