/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * What a successful call did that is no access to a file, and that AppArmor has rules for: addresses
 * of unix sockets, user namespaces, message queues, io_uring, changes of the profile. Mounts are calls
 * with names (names.bpf.h), what is done to other tasks is in peers.bpf.h.
 */
#ifndef LEASTCALL_OPERATIONS_H
#define LEASTCALL_OPERATIONS_H

#define SOCK_STREAM    1
#define SOCK_DGRAM     2
#define S_IFSOCK       0140000
#define UNIX_NAME      108 /* bytes of sun_path: linux/un.h */
#define AUTOBIND_BYTES 6   /* a NUL and five hexadecimal digits: unix_autobind() */

#define SYS_BIND    2 /* linux/net.h */
#define SYS_CONNECT 3
#define SYS_SENDTO  11
#define SYS_SENDMSG 16

#define CLONE_NEWUSER               0x10000000
#define IORING_SETUP_SQPOLL         (1u << 1)
#define IORING_REGISTER_PERSONALITY 9
#define PROC_SUPER_MAGIC            0x9fa0 /* linux/magic.h */
#define LSM_ATTR_CURRENT            100    /* linux/lsm.h */
#define LSM_ATTR_EXEC               101
#define LSM_CONTEXT_BYTES           32 /* struct lsm_ctx before the text */
#define O_ACCMODE                   3

/* What has neither a path nor a word. `peer`: the workload that it was done to. */
static __always_inline void operation_add(__u32 slot, __u32 done, __u64 number, __u32 peer)
{
	struct operation_key key = {.slot = slot, .done = done, .peer = peer, .number = number};
	__u64 one = 1;

	if (bpf_map_lookup_elem(&operations, &key))
		return;
	if (bpf_map_update_elem(&operations, &key, &one, BPF_ANY))
		LOST(operations);
}

/* ---- words ------------------------------------------------------------------------------- */

/* A key to fill in: too large for the stack. */
static __always_inline struct word_key *word_begin(__u32 slot, __u32 done, __u32 number)
{
	struct path_record *record = path_scratch();
	struct word_key *key;

	if (!record)
		return 0;
	key = (void *)record->text;
	__builtin_memset(key, 0, sizeof(*key));
	key->slot = slot;
	key->done = done;
	key->number = number;
	return key;
}

static __always_inline void word_add(struct word_key *key)
{
	__u64 one = 1;

	if (bpf_map_lookup_elem(&words, key))
		return;
	if (bpf_map_update_elem(&words, key, &one, BPF_ANY))
		LOST(operations);
}

/* ---- unix sockets ------------------------------------------------------------------------ */

static __always_inline struct sock *sock_of(struct file *file)
{
	struct socket *socket;

	if (!file || (BPF_CORE_READ(file, f_inode, i_mode) & S_IFMT) != S_IFSOCK)
		return 0;
	socket = BPF_CORE_READ(file, private_data);
	return BPF_CORE_READ(socket, sk);
}

/* That an abstract name is a number of the kernel's: such names differ from run to run. */
static __always_inline bool is_autobound(const struct word_key *key)
{
	if (key->length != AUTOBIND_BYTES)
		return false;
	for (int i = 1; i < AUTOBIND_BYTES; i++) {
		char digit = key->text[i];

		if (!(digit >= '0' && digit <= '9') && !(digit >= 'a' && digit <= 'f'))
			return false;
	}
	return true;
}

/* An abstract name, which begins with a NUL, or none at all. */
static __always_inline void unix_word_add(struct word_key *key)
{
	if (is_autobound(key)) {
		__builtin_memcpy(key->text, "auto\0", AUTOBIND_BYTES);
		key->length = sizeof("auto") - 1;
	} else if (key->length) {
		key->text[0] = '@';
	}
	word_add(key);
}

/* `named` is the one whose address it is. */
static __noinline int unix_use(__u32 slot, __u32 done, struct sock *own, struct unix_sock *named)
{
	__u32 type = BPF_CORE_READ(own, sk_type), index;
	struct unix_address *address = BPF_CORE_READ(named, addr);
	__u64 dentry = (__u64)BPF_CORE_READ(named, path.dentry);
	struct word_key *key;
	__u64 size;

	if (dentry) {
		index = type == SOCK_STREAM ? 0 : type == SOCK_DGRAM ? 1 : 2;
		/* connecting, and sending, asks for both where the kernel asks at all */
		path_use((__u64)BPF_CORE_READ(named, path.mnt), dentry, slot,
			 USE_UNIX(done, index) | USE_WRITE |
				 (done == DONE_UNIX_BIND ? 0 : USE_READ));
		return 0;
	}
	key = word_begin(slot, done, type);
	if (!key)
		return 0;
	if (address) {
		size = BPF_CORE_READ(address, len) - sizeof(__u16); /* without the family */
		barrier_var(size);
		if (size > UNIX_NAME)
			return 0;
		bpf_probe_read_kernel(key->text, size, &address->name[0].sun_path);
		key->length = size;
	}
	unix_word_add(key);
	return 0;
}

static __always_inline void unix_look(struct sock *sock, __u32 slot, __u32 done)
{
	struct unix_sock *own = (void *)sock, *peer;

	if (!sock || BPF_CORE_READ(sock, __sk_common.skc_family) != AF_UNIX)
		return;
	if (done == DONE_UNIX_BIND) {
		unix_use(slot, done, sock, own);
		return;
	}
	peer = (void *)BPF_CORE_READ(own, peer);
	if (peer) /* else another thread has closed it already, or nothing was connected to */
		unix_use(slot, done, sock, peer);
}

/* A datagram that was sent to an address: the kernel keeps no trace of whose it was. */
struct sending {
	__u64 name;
	__u64 size;
	__u32 fd;
};

static __always_inline void sending_take(struct sending *sending, __u32 abi, __u64 at)
{
	struct message message;

	if (!message_read(at, abi, &message))
		return;
	sending->name = message.name;
	sending->size = (__u32)message.name_length; /* an int, and padding */
}

/* socketcall(2) has its arguments in memory, as 32-bit longs. */
static __always_inline void sending_read(struct sending *sending, struct pt_regs *regs, __u32 class,
					 __u32 abi)
{
	__u32 args[6] = {};

	sending->fd = call_arg(regs, abi, 0);
	switch (class) {
	case CLASS_SENDTO:
		sending->name = call_arg(regs, abi, 4);
		sending->size = call_arg(regs, abi, 5);
		break;
	case CLASS_SENDMSG:
		sending_take(sending, abi, call_arg(regs, abi, 1));
		break;
	case CLASS_SOCKETCALL:
		bpf_probe_read_user(args, sizeof(args), (void *)call_arg(regs, abi, 1));
		sending->fd = args[0];
		if (call_sub(regs) == SYS_SENDMSG) {
			sending_take(sending, abi, args[1]);
		} else if (call_sub(regs) == SYS_SENDTO) {
			sending->name = args[4];
			sending->size = args[5];
		}
		break;
	}
}

static __always_inline bool is_unix_datagram(struct sock *sock)
{
	return sock && BPF_CORE_READ(sock, __sk_common.skc_family) == AF_UNIX &&
	       BPF_CORE_READ(sock, sk_type) == SOCK_DGRAM;
}

/* A global function, apart from sockets_look() for the sake of the stack. */
__noinline int send_look(__u32 class, __u32 slot, __u32 abi)
{
	struct task_struct *task = task_current();
	struct name_call call = {.slot = slot, .op = NAME_UNIX_SEND, .part = 1, .dirfd = AT_FDCWD};
	struct sending sending = {};
	struct word_key *key;
	__u16 family = 0;
	char first = 0;
	__u64 size;

	sending_read(&sending, task_registers(task), class, abi);
	size = sending.size - sizeof(family);
	barrier_var(size);
	if (!sending.name || !size || size > UNIX_NAME ||
	    bpf_probe_read_user(&family, sizeof(family), (void *)sending.name) ||
	    family != AF_UNIX || !is_unix_datagram(sock_of(file_of(task, sending.fd))))
		return 0;
	call.name = sending.name + sizeof(family);
	call.limit = size;
	bpf_probe_read_user(&first, sizeof(first), (void *)call.name);
	if (first) {
		call.root = root_id();
		return name_tell(&call, false);
	}
	key = word_begin(slot, DONE_UNIX_SEND, SOCK_DGRAM);
	if (!key || bpf_probe_read_user(key->text, size, (void *)call.name))
		return 0;
	key->length = size;
	unix_word_add(key);
	return 0;
}

/* bind and connect; 0 where socketcall(2) was for something else. A global function, too. */
__noinline int sockets_look(__u32 class, __u32 slot, __u32 abi)
{
	struct task_struct *task = task_current();
	struct pt_regs *regs = task_registers(task);
	__u32 fd = call_arg(regs, abi, 0), done = DONE_UNIX_CONNECT;

	if (class == CLASS_SOCKETCALL) {
		if (call_sub(regs) != SYS_BIND && call_sub(regs) != SYS_CONNECT)
			return 0;
		if (call_sub(regs) == SYS_BIND)
			done = DONE_UNIX_BIND;
		bpf_probe_read_user(&fd, sizeof(fd), (void *)call_arg(regs, abi, 1));
	} else if (class == CLASS_BIND) {
		done = DONE_UNIX_BIND;
	}
	unix_look(sock_of(file_of(task, fd)), slot, done);
	return 1;
}

/* ---- the rest ---------------------------------------------------------------------------- */

static __always_inline void queue_look(struct file *file, __u32 slot, __u32 flags)
{
	struct word_key *key = word_begin(slot, DONE_MQUEUE, flags & (O_ACCMODE | O_CREAT));
	long size;

	if (!key || !file)
		return;
	size = bpf_probe_read_kernel_str(key->text, sizeof(key->text),
					 BPF_CORE_READ(file, f_path.dentry, d_name.name));
	if (size <= 0)
		return;
	key->length = size - 1;
	word_add(key);
}

static __always_inline void userns_look(__u32 slot, __u64 flags)
{
	if (flags & CLONE_NEWUSER)
		operation_add(slot, DONE_USERNS, 0, WORKLOAD_NONE);
}

/* struct io_uring_params has its flags as the third word. */
static __always_inline void uring_setup_look(__u32 slot, __u64 params)
{
	__u32 words[3] = {};

	bpf_probe_read_user(words, sizeof(words), (void *)params);
	if (words[2] & IORING_SETUP_SQPOLL)
		operation_add(slot, DONE_URING_SQPOLL, 0, WORKLOAD_NONE);
	/* before 5.12 the thread that submits is the kernel's own */
	if (config.uring_blind || (KERNEL_IS_OLD && words[2] & IORING_SETUP_SQPOLL))
		LOST(uring);
}

/* Is it NAME of a process's attributes: /proc/PID/attr/NAME, or the LSM's own directory there? */
static __always_inline __u32 attribute_of(struct file *file)
{
	struct dentry *dentry = BPF_CORE_READ(file, f_path.dentry);
	char name[8] = {}, above[16] = {};

	if (BPF_CORE_READ(file, f_inode, i_sb, s_magic) != PROC_SUPER_MAGIC)
		return DONES;
	bpf_probe_read_kernel_str(name, sizeof(name), BPF_CORE_READ(dentry, d_name.name));
	bpf_probe_read_kernel_str(above, sizeof(above),
				  BPF_CORE_READ(dentry, d_parent, d_name.name));
	if (text_differs(above, sizeof(above), "attr") &&
	    text_differs(above, sizeof(above), "apparmor"))
		return DONES;
	if (!text_differs(name, sizeof(name), "current"))
		return DONE_PROFILE_CHANGE;
	return text_differs(name, sizeof(name), "exec") ? DONES : DONE_PROFILE_EXEC;
}

/* "changeprofile NAME", "exec NAME": which of them are meant, the user side knows. */
static __always_inline void attribute_look(__u32 slot, __u32 done, __u64 text, __u64 size)
{
	struct word_key *key;

	if (done == DONES)
		return;
	key = word_begin(slot, done, 0);
	barrier_var(size);
	if (!key || !size)
		return;
	if (size > WORD_BYTES) {
		LOST(operations);
		return;
	}
	if (bpf_probe_read_user(key->text, size, (void *)text))
		return;
	key->length = size;
	word_add(key);
}

/* lsm_set_self_attr(2): struct lsm_ctx has the length of its text before it. */
static __always_inline void attribute_set_look(__u32 slot, __u64 attribute, __u64 context)
{
	__u64 length = 0;

	if (attribute != LSM_ATTR_CURRENT && attribute != LSM_ATTR_EXEC)
		return;
	bpf_probe_read_user(&length, sizeof(length),
			    (void *)context + LSM_CONTEXT_BYTES - sizeof(length));
	attribute_look(slot, attribute == LSM_ATTR_EXEC ? DONE_PROFILE_EXEC : DONE_PROFILE_CHANGE,
		       context + LSM_CONTEXT_BYTES, length);
}

__noinline int operations_look(__u32 class, __u32 slot, __u32 abi, __u64 ret)
{
	struct task_struct *task = task_current();
	struct pt_regs *regs = task_registers(task);
	struct task_state *state;

	switch (class) {
	case CLASS_UNSHARE:
		userns_look(slot, call_arg(regs, abi, 0));
		break;
	case CLASS_CLONE3: /* its flags are in memory, which the new task may have changed */
		state = state_of(task);
		if (state && state->userns)
			userns_look(slot, CLONE_NEWUSER);
		break;
	case CLASS_URING_SETUP:
		uring_setup_look(slot, call_arg(regs, abi, 1));
		break;
	case CLASS_URING_REGISTER:
		if (call_arg(regs, abi, 1) == IORING_REGISTER_PERSONALITY)
			operation_add(slot, DONE_URING_CREDENTIALS, 0, WORKLOAD_NONE);
		break;
	case CLASS_MQ_OPEN:
		queue_look(file_of(task, ret), slot, call_arg(regs, abi, 1));
		break;
	case CLASS_WRITE:
		attribute_look(slot, attribute_of(file_of(task, call_arg(regs, abi, 0))),
			       call_arg(regs, abi, 1), ret);
		break;
	case CLASS_ATTRIBUTE_SET:
		attribute_set_look(slot, call_arg(regs, abi, 0), call_arg(regs, abi, 1));
		break;
	}
	return 0;
}

#endif
