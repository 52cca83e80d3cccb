# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#
# The programs that truth and loop trace. Each is a function program_NAME that makes what it needs
# in the current, empty directory and sets argv; it returns 1 with `reason` set where this machine
# cannot run it. It knows nothing of tracing.
#
# shellcheck disable=SC2034 # argv and reason are the caller's

programs=(sh_loop sh_pipe bash_jobs script ls cp sort tar find dd sed gcc make python perl awk grep
	git sqlite node openssl xz orphan many daemon spawn iouring i386 mixed signals timers tiny
	threadexec jail sockets threads calls static)

needs() {
	local tool
	for tool in "$@"; do
		command -v "$tool" >/dev/null && continue
		reason="no $tool here"
		return 1
	done
}

# Files with fixed names, contents and times.
make_tree() {
	local i
	mkdir -p tree/a/b tree/c
	for i in 1 2 3 4 5 6; do
		printf 'line %s\nneedle %s\n' "$i" "$i" >"tree/a/$i.txt"
		printf 'some text %s\n' "$i" >"tree/a/b/$i.c"
	done
	ln -s a tree/link
	find tree -exec touch -h -d '2020-01-01 00:00:00 UTC' {} +
}

program_sh_loop() {
	argv=(sh -c 'i=0; while [ $i -lt 50 ]; do i=$((i+1)); [ -e /etc/passwd ] || exit 1; done
		echo $i >out; read n <out; echo $n; umask 077; ulimit -n 100; trap "echo bye" EXIT')
}

program_sh_pipe() {
	argv=(sh -c 'seq 1 1000 | grep 7 | sort -rn | head -n 3 | tr 7 x; echo "$(basename /a/b)"')
}

program_bash_jobs() {
	argv=(bash -c 'set -m; sleep 0.05 & sleep 5 & kill %2; wait %1; wait %2; echo $?
		(exit 3); echo $?; coproc cat; echo hi >&"${COPROC[1]}"; read -r x <&"${COPROC[0]}"
		eval "exec ${COPROC[1]}>&-"; wait; echo $x')
}

program_script() {
	printf '#!/bin/sh\necho "$0" "$1"\n' >own-script
	chmod +x own-script
	argv=(env -i ./own-script one)
}

program_ls() {
	make_tree
	argv=(ls -lRn --time-style=+%s tree)
}

program_cp() {
	make_tree
	argv=(cp -a tree copy) # -v would tell the order of the inodes, which is another one each time
}

program_sort() {
	seq 200000 -1 1 >numbers
	argv=(sort --parallel=2 -S 1M -n -o sorted numbers)
}

program_tar() {
	make_tree
	argv=(tar czf archive.tar.gz tree)
}

program_find() {
	make_tree
	argv=(find tree -name '*.c' -newermt 1999-01-01 -exec cat {} +)
}

program_dd() {
	argv=(dd if=/dev/zero of=out bs=64k count=20 conv=fsync status=none)
}

program_sed() {
	make_tree
	argv=(sed -i.old s/needle/pin/ tree/a/1.txt)
}

program_gcc() {
	needs gcc || return 1
	printf '#include <stdio.h>\nint main(void) { return puts("hi") < 0; }\n' >hi.c
	argv=(gcc -O1 -o hi hi.c)
}

program_make() {
	needs make || return 1
	printf 'all: a b\na b: %%: ; echo $@ >$@; cat $@ >/dev/null\n' >Makefile
	argv=(make -s -j2)
}

program_python() {
	needs python3 || return 1
	cat >work.py <<'PYTHON'
import subprocess, tempfile, threading
total = []
threads = [threading.Thread(target=lambda n=n: total.append(n)) for n in range(4)]
for t in threads: t.start()
for t in threads: t.join()
with tempfile.TemporaryFile() as f:
    f.write(b"x" * 10000); f.seek(0); size = len(f.read())
out = subprocess.run(["/bin/echo", "child"], capture_output=True).stdout
print(sum(total), size, out.decode().strip())
PYTHON
	argv=("$(python3 -c 'import sys; print(sys.executable)')" work.py)
}

program_perl() {
	needs perl || return 1
	argv=(perl -e 'use POSIX; my @l = map { $_ * 2 } 1..1000; open(my $f, ">", "p") or die;
		print $f "@l\n"; close $f; my $k = fork(); if (!$k) { POSIX::_exit(4) }
		waitpid($k, 0); print $? >> 8, " ", -s "p", " ", `echo sub`; rename "p", "q"; unlink "q"')
}

program_awk() {
	make_tree
	argv=(awk '{ n[$1]++ } END { for (k in n) print k, n[k] | "sort"; close("sort")
		"date -u -d @0 +%Y" | getline y; print y }' tree/a/1.txt tree/a/2.txt)
}

program_grep() {
	make_tree
	argv=(grep -rn needle tree)
}

program_git() {
	needs git || return 1
	export GIT_CONFIG_NOSYSTEM=1 HOME=$PWD
	export GIT_AUTHOR_NAME=t GIT_AUTHOR_EMAIL=t@t GIT_COMMITTER_NAME=t GIT_COMMITTER_EMAIL=t@t
	export GIT_AUTHOR_DATE='2020-01-01T00:00:00Z' GIT_COMMITTER_DATE='2020-01-01T00:00:00Z'
	make_tree
	argv=(sh -c 'git init -q -b main r && cd r && cp -r ../tree . && git add tree &&
		git commit -q -m one && git log --oneline && git status --short')
}

program_sqlite() {
	needs sqlite3 || return 1
	argv=(sqlite3 data.db 'pragma journal_mode=wal; create table t(a); insert into t values (1),(2);
		select sum(a) from t; vacuum;')
}

program_node() {
	needs node || return 1
	argv=(node -e 'const fs = require("fs"), cp = require("child_process");
		fs.writeFileSync("n", "x"); fs.promises.readFile("n").then(b => {
		console.log(b.toString(), cp.execSync("echo child").toString().trim()); });')
}

program_openssl() {
	needs openssl || return 1
	argv=(openssl dgst -sha256 /etc/passwd)
}

program_xz() {
	needs xz || return 1
	seq 1 300000 >numbers
	argv=(xz -T2 --block-size=256KiB -k numbers)
}

# The command ends before the processes that it leaves behind.
program_orphan() {
	argv=(sh -c '(sleep 0.2; echo late >late; ln late later) >/dev/null 2>&1 & echo now')
}

program_many() {
	argv=(sh -c "i=0; while [ \$i -lt 60 ]; do i=\$((i+1)); $LIVE/tiny & done; wait; echo \$i")
}

program_daemon() {
	: >out
	argv=("$LIVE/daemon" out)
}

program_iouring() {
	local status=0
	"$LIVE/iouring" >/dev/null || status=$?
	if [[ $status -eq 77 ]]; then
		reason="this kernel has no io_uring or refuses it"
		return 1
	fi
	argv=("$LIVE/iouring")
}

program_spawn() { argv=("$LIVE/spawn"); }
program_i386() { argv=("$LIVE/i386"); }
program_mixed() { argv=("$LIVE/raw_mixed"); }
program_signals() { argv=("$LIVE/signals"); }
program_timers() { argv=("$LIVE/timers"); }
program_tiny() { argv=("$LIVE/tiny"); }
program_threadexec() { argv=("$LIVE/threadexec"); }
program_jail() { argv=("$LIVE/jail"); }
program_sockets() { argv=("$LIVE/sockets"); }
program_threads() { argv=("$LIVE/threads"); }
program_calls() { argv=("$LIVE/raw_calls"); }
program_static() { argv=("$LIVE/raw_sockets"); }

# fresh NAME: an empty directory of the run's own, and the program's argv in it. It stays the
# same path, so that programs which print it say the same. The caller is in a subshell.
fresh() {
	# shellcheck disable=SC2154 # work is from lib.sh
	rm -rf "$work/run" && mkdir "$work/run" && cd "$work/run" && "program_$1"
}
