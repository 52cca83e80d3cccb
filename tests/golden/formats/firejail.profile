# leastcall: what workload "Web "+/\012\134\134:#" called, on x86_64.
# $436 is close_range.
# $462 is mseal.
seccomp.block-secondary
seccomp.keep brk,chown,clone,close,$436,execve,exit_group,fchown,fchownat,lchown,$462,nanosleep,openat,personality,prctl,read,socket,write
seccomp-error-action ENOSYS
