{
	"defaultAction": "SCMP_ACT_ERRNO",
	"syscalls": [
		{
			"names": ["accept4", "bind", "brk", "clock_gettime", "clone3", "epoll_wait", "execve",
				"exit_group", "futex", "listen", "openat", "read", "rt_sigreturn", "write"],
			"action": "SCMP_ACT_ALLOW"
		},
		{
			"names": ["clone"],
			"action": "SCMP_ACT_ALLOW",
			"args": [{"index": 0, "value": 2114060288, "valueTwo": 0, "op": "SCMP_CMP_MASKED_EQ"}]
		},
		{
			"names": ["socket"],
			"action": "SCMP_ACT_ALLOW",
			"args": [{"index": 0, "value": 38, "op": "SCMP_CMP_LT"}]
		}
	]
}
