/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * System calls and text without a C library, for programs whose every call is their own: x86-64
 * and i386. The program says what a recording of it must hold, a line a fact, all of them with one
 * write at the end. It knows nothing of leastcall but the words of those lines:
 *
 *	syscall ABI NUMBER SUB COUNT ERRNOS    ERRNOS "0,2": 0 stands for no error,
 *	                                       also in a call that never returns; "-": none
 *	denied ABI NUMBER ERRNO COUNT
 *	interrupted ABI NUMBER COUNT
 *	socket FAMILY TYPE
 *	file PERMS FLAGS PATH                  FLAGS "-" where there are none
 *
 * Build with -static -nostdlib -ffreestanding -fno-stack-protector; define `int program(int argc,
 * char **argv)`, which never calls libc and ends with `return raw_end(status);`.
 */
#ifndef LEASTCALL_LIVE_RAW_H
#define LEASTCALL_LIVE_RAW_H

#include <stddef.h>
#include <stdint.h>

int program(int argc, char **argv);
__attribute__((noreturn, used)) void raw_start(long *stack);
void *memcpy(void *to, const void *from, size_t size);
void *memset(void *to, int byte, size_t size);

/* The compiler may call these two whatever it is told. */
void *memcpy(void *to, const void *from, size_t size)
{
	char *t = to;
	const char *f = from;

	while (size--)
		*t++ = *f++;
	return to;
}

void *memset(void *to, int byte, size_t size)
{
	volatile char *t = to;

	while (size--)
		*t++ = (char)byte;
	return to;
}

#ifdef __x86_64__
#define RAW_ABI        "x86_64"
#define RAW_WRITE      1
#define RAW_EXIT_GROUP 231

__asm__(".globl _start\n_start:\n\txor %ebp, %ebp\n\tmov %rsp, %rdi\n\tand $-16, %rsp\n"
	"\tcall raw_start\n");

static inline long raw6(long nr, long a, long b, long c, long d, long e, long f)
{
	register long r10 __asm__("r10") = d;
	register long r8 __asm__("r8") = e;
	register long r9 __asm__("r9") = f;
	long ret;

	__asm__ volatile("syscall"
			 : "=a"(ret)
			 : "0"(nr), "D"(a), "S"(b), "d"(c), "r"(r10), "r"(r8), "r"(r9)
			 : "rcx", "r11", "memory");
	return ret;
}
#else
#define RAW_ABI        "i386"
#define RAW_WRITE      4
#define RAW_EXIT_GROUP 252

__asm__(".globl _start\n_start:\n\txor %ebp, %ebp\n\tmov %esp, %eax\n\tand $-16, %esp\n"
	"\tsub $12, %esp\n\tpush %eax\n\tcall raw_start\n");

/* No call here needs a sixth argument. */
static inline long raw6(long nr, long a, long b, long c, long d, long e, long f)
{
	long ret;

	(void)f;
	__asm__ volatile("int $0x80"
			 : "=a"(ret)
			 : "0"(nr), "b"(a), "c"(b), "d"(c), "S"(d), "D"(e)
			 : "memory");
	return ret;
}
#endif

#define raw0(nr)                raw6((nr), 0, 0, 0, 0, 0, 0)
#define raw1(nr, a)             raw6((nr), (long)(a), 0, 0, 0, 0, 0)
#define raw2(nr, a, b)          raw6((nr), (long)(a), (long)(b), 0, 0, 0, 0)
#define raw3(nr, a, b, c)       raw6((nr), (long)(a), (long)(b), (long)(c), 0, 0, 0)
#define raw4(nr, a, b, c, d)    raw6((nr), (long)(a), (long)(b), (long)(c), (long)(d), 0, 0)
#define raw5(nr, a, b, c, d, e) raw6((nr), (long)(a), (long)(b), (long)(c), (long)(d), (long)(e), 0)

static char raw_text[16384];
static size_t raw_size;
static int raw_wrong;

static inline void say_text(const char *text)
{
	while (*text && raw_size < sizeof(raw_text))
		raw_text[raw_size++] = *text++;
}

static inline void say_number(unsigned long number)
{
	char digits[24], *at = digits + sizeof(digits);

	*--at = 0;
	do
		*--at = (char)('0' + number % 10);
	while (number /= 10);
	say_text(at);
}

static inline void say_call(const char *abi, uint32_t nr, uint32_t sub, unsigned long count,
			    const char *errnos)
{
	say_text("syscall ");
	say_text(abi);
	say_text(" ");
	say_number(nr);
	say_text(" ");
	say_number(sub);
	say_text(" ");
	say_number(count);
	say_text(" ");
	say_text(errnos);
	say_text("\n");
}

static inline void say_file(const char *perms, const char *flags, const char *directory,
			    const char *name)
{
	say_text("file ");
	say_text(perms);
	say_text(" ");
	say_text(flags);
	say_text(" ");
	say_text(directory);
	say_text(name);
	say_text("\n");
}

/* What a call must have returned; a program that was wrong about that exits with 99. */
static inline void must(long got, long want)
{
	if (got != want)
		raw_wrong = 1;
}

static inline void must_work(long got)
{
	if (got < 0)
		raw_wrong = 1;
}

/* Tells of the calls that every program makes, and writes everything down. */
static inline int raw_end(int status)
{
	say_call("x86_64", 59, 0, 1, "0"); /* execve, made by a 64-bit recorder */
	say_call(RAW_ABI, RAW_WRITE, 0, 1, "0");
	say_call(RAW_ABI, RAW_EXIT_GROUP, 0, 1, "0");
	must(raw3(RAW_WRITE, 1, raw_text, raw_size), (long)raw_size);
	return raw_wrong ? 99 : status;
}

void raw_start(long *stack)
{
	long status = program((int)stack[0], (char **)(stack + 1));

	for (;;)
		raw1(RAW_EXIT_GROUP, status);
}

#endif
