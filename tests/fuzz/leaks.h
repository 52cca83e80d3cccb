/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * What LeakSanitizer may leave unsaid: libseccomp 2.5.4 loses nodes of its own where rules of one
 * call and several comparisons overlap, and nobody outside can free them.
 */
#ifndef LEASTCALL_FUZZ_LEAKS_H
#define LEASTCALL_FUZZ_LEAKS_H

const char *__lsan_default_suppressions(void);

const char *__lsan_default_suppressions(void)
{
	return "leak:libseccomp.so\n";
}

#endif
