/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* A stack's frames by libdw. Runs where whatever the ELF files make of it does no harm: stack.c. */
#include <elfutils/libdwfl.h>
#include <string.h>
#include <unistd.h>

#include "unwind.h"
#include "util/util.h"

struct unwinding {
	const struct event_stack *event;
	struct found *found;
};

static int elf_find(Dwfl_Module *module, void **userdata, const char *name, Dwarf_Addr base,
		    char **file_name, Elf **elf)
{
	const struct mapped_file *own = *userdata;

	(void)module;
	(void)name;
	(void)base;
	(void)file_name;
	(void)elf;
	return own && own->fd >= 0 ? dup(own->fd) : -1;
}

/* One thread: the one that made the call. */
static pid_t thread_next(Dwfl *dwfl, void *arg, void **thread_arg)
{
	if (*thread_arg)
		return 0;
	*thread_arg = arg;
	return dwfl_pid(dwfl);
}

static bool memory_read(Dwfl *dwfl, Dwarf_Addr address, Dwarf_Word *ret, void *arg)
{
	const struct event_stack *event = ((struct unwinding *)arg)->event;
	uint64_t size = (uint64_t)event->pages * STACK_PAGE, at = address - event->base;

	(void)dwfl;
	if (at >= size || size - at < sizeof(*ret))
		return false;
	memcpy(ret, event->bytes[0] + at, sizeof(*ret));
	return true;
}

/* By the numbers that the ABIs' supplements give them for DWARF. */
static bool registers_set(Dwfl_Thread *thread, void *arg)
{
	const struct stack_registers *r = &((struct unwinding *)arg)->event->registers;
	const Dwarf_Word wide[] = {r->ax,  r->dx,  r->cx,  r->bx,  r->si,  r->di,
				   r->bp,  r->sp,  r->r8,  r->r9,  r->r10, 0,
				   r->r12, r->r13, r->r14, r->r15, r->ip};
	const Dwarf_Word narrow[] = {r->ax, r->cx, r->dx, r->bx, r->sp, r->bp, r->si, r->di, r->ip};

	return dwfl_thread_state_registers(thread, 0, ARRAY_SIZE(wide), wide) ||
	       dwfl_thread_state_registers(thread, 0, ARRAY_SIZE(narrow), narrow);
}

static void symbol_find(Dwfl_Module *module, uint64_t address, struct found_frame *frame)
{
	const unsigned char *build_id;
	const char *name;
	GElf_Sym symbol;
	GElf_Addr where;
	GElf_Off offset;
	int size = dwfl_module_build_id(module, &build_id, &where);

	if (size > 0) {
		frame->build_id_size = size > BUILD_ID_BYTES ? BUILD_ID_BYTES : size;
		memcpy(frame->build_id, build_id, frame->build_id_size);
	}
	name = dwfl_module_addrinfo(module, address, &offset, &symbol, NULL, NULL, NULL);
	/* libdw names what comes before a gap, too */
	if (!name || (symbol.st_size && offset >= symbol.st_size))
		return;
	strncpy(frame->function, name, FUNCTION_BYTES - 1);
	frame->offset = offset;
}

static int frame_take(Dwfl_Frame *state, void *arg)
{
	struct unwinding *unwinding = arg;
	struct found *found = unwinding->found;
	Dwfl *dwfl = dwfl_thread_dwfl(dwfl_frame_thread(state));
	struct found_frame *frame = &found->frames[found->count];
	Dwfl_Module *module;
	bool is_activation;
	Dwarf_Addr pc;

	if (!dwfl_frame_pc(state, &pc, &is_activation))
		return DWARF_CB_ABORT;
	frame->pc = pc;
	pc -= is_activation ? 0
			    : 1; /* within the call: what is behind it may be another function */
	module = dwfl_addrmodule(dwfl, pc);
	if (!module)
		return DWARF_CB_ABORT;
	symbol_find(module, pc, frame);
	found->count++;
	return found->count < STACK_DEPTH ? DWARF_CB_OK : DWARF_CB_ABORT;
}

static void modules_report(Dwfl *dwfl, const struct layout *layout,
			   const struct mapped_files *files)
{
	void **userdata;

	dwfl_report_begin(dwfl);
	for (size_t i = 0; i < layout->modules_count; i++) {
		const struct module *own = &layout->modules[i];
		struct mapped_file *file = &files->list[own->file];
		Dwfl_Module *module = dwfl_report_module(dwfl, file->path, own->low, own->high);

		if (!module)
			continue;
		dwfl_module_info(module, &userdata, NULL, NULL, NULL, NULL, NULL, NULL);
		*userdata = file;
	}
	dwfl_report_end(dwfl, NULL, NULL);
}

void unwind(const struct event_stack *const *events, size_t count, const struct layout *layout,
	    const struct mapped_files *files, struct found *ret)
{
	static const Dwfl_Callbacks callbacks = {
		.find_elf = elf_find,
		.find_debuginfo = dwfl_build_id_find_debuginfo,
	};
	static const Dwfl_Thread_Callbacks threads = {
		.next_thread = thread_next,
		.memory_read = memory_read,
		.set_initial_registers = registers_set,
	};
	struct unwinding unwinding = {};
	pid_t process = events[0]->process;
	Dwfl *dwfl = dwfl_begin(&callbacks);

	if (!dwfl)
		return;
	modules_report(dwfl, layout, files);
	if (dwfl_attach_state(dwfl, NULL, process, &threads, &unwinding)) {
		for (size_t i = 0; i < count; i++) {
			unwinding.event = events[i];
			unwinding.found = &ret[i];
			dwfl_getthread_frames(dwfl, process, frame_take, &unwinding);
		}
	}
	dwfl_end(dwfl);
}
