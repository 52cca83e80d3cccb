# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#
# The programs whose AppArmor profiles are tried. Each is a function program_NAME COMMAND... that does
# the program's work once in the current directory, which is empty, behind COMMAND (a recorder,
# aa-exec, or nothing) and returns its exit status; programs_have NAME says what is missing. They draw
# new random names each time. What asks them, a client, runs beside COMMAND. It knows nothing of
# recordings and profiles.
#
# shellcheck disable=SC2154 # until_true and bounded are lib.sh's

clean=(env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin LC_ALL=C)

programs_have() {
	local tool
	case $1 in
	shell | calls) set -- ;;
	python) set -- /usr/bin/python3 ;;
	redis) set -- redis-server redis-cli ;;
	*) set -- "$1" ;;
	esac
	for tool in "$@"; do
		command -v "$tool" >/dev/null || echo "no $tool"
	done
}

program_shell() {
	mkdir text tmp
	printf 'a needle\nhay\n' >text/a
	printf 'no\nneedles\n' >text/b
	# shellcheck disable=SC2016 # for that shell
	"${clean[@]}" TMPDIR="$PWD/tmp" "$@" sh -ec 'mkdir -p deep/er
		grep -h needle text/a text/b | sort -r | tee deep/out >deep/copy
		cat deep/out >>log; echo more >>log
		mv deep/out deep/sorted; mv deep moved; ln -s moved link; cat link/sorted >/dev/null
		ln moved/sorted moved/hard; chmod 600 moved/hard; touch moved/hard
		new=$(mktemp); echo new >"$new"; mv "$new" kept
		scratch=$(mktemp -d); echo "$scratch" >"$scratch/name"; rm -r "$scratch"
		rmdir moved/er; rm -r link moved; [ "$(cat log | wc -l)" = 3 ]'
}

program_python() {
	mkdir tmp
	cat >work.py <<'PYTHON'
import fcntl, os, shutil, subprocess, tempfile
with tempfile.NamedTemporaryFile(prefix="work-", suffix=".txt") as f:
    f.write(b"named"); f.flush(); fcntl.flock(f, fcntl.LOCK_EX)
with tempfile.TemporaryFile() as f:
    f.write(b"nameless"); f.seek(0); assert f.read() == b"nameless"
directory = tempfile.mkdtemp()
os.mkdir(os.path.join(directory, "inner"))
with open(os.path.join(directory, "inner", "new"), "w") as f: f.write("x")
shutil.rmtree(directory)
fd, path = tempfile.mkstemp(); os.close(fd); os.chmod(path, 0o644)
os.truncate(path, 10); os.replace(path, "kept"); os.symlink("kept", "link"); os.unlink("link")
with open("kept", "a") as f: f.write("more")
assert subprocess.run(["/bin/echo", "child"], capture_output=True).stdout == b"child\n"
PYTHON
	"${clean[@]}" TMPDIR="$PWD/tmp" "$@" /usr/bin/python3 work.py
}

program_git() {
	mkdir home
	printf 'file %s\n' "$RANDOM" >home/file
	"${clean[@]}" HOME="$PWD/home" GIT_CONFIG_NOSYSTEM=1 GIT_{AUTHOR,COMMITTER}_NAME=t \
		GIT_{AUTHOR,COMMITTER}_EMAIL=t@t "$@" sh -ec 'git init -q -b main tree; cd tree
		cp ../home/file .; git add file; git commit -q -m one; echo more >>file
		git commit -q -a -m two; git log --oneline | cat >../home/log
		git branch side; git checkout -q side; git status --short; git gc -q
		[ "$(wc -l <../home/log)" = 2 ]'
}

# request PORT PATH [BODY]: what a server of HTTP/1.0 answers; its first line is the status.
request() (
	method=GET body=${3:-}
	[[ -z $body ]] || method=PUT
	exec 3<>"/dev/tcp/127.0.0.1/$1" || exit 1
	printf '%s %s HTTP/1.0\r\nContent-Length: %s\r\n\r\n%s' "$method" "$2" "${#body}" "$body" >&3
	timeout 10 cat <&3
) 2>/dev/null

nginx_conf() {
	cat <<-CONF
		daemon off; worker_processes 2; pid $PWD/nginx.pid; user www-data;
		events { worker_connections 32; }
		http {
			access_log $PWD/access.log;
			client_body_temp_path $PWD/body 1; proxy_temp_path $PWD/proxy;
			fastcgi_temp_path $PWD/fastcgi; uwsgi_temp_path $PWD/uwsgi; scgi_temp_path $PWD/scgi;
			server {
				listen 127.0.0.1:$1; root $PWD/html;
				location /outside/ { root $PWD; }
				location /up { client_body_in_file_only clean; proxy_pass http://127.0.0.1:$1/; }
			}
		}
	CONF
}

# Its answers are the exit status, where its own is 0: 10 and the number of the one that was wrong.
nginx_asked() {
	request "$1" /page | grep -q '^content' || return 10
	request "$1" /none | grep -q '^HTTP/1.1 404' || return 11
	request "$1" /up "$(printf '%2000s' x)" | grep -q '^HTTP/1.1 40' || return 12
	mv access.log access.log.1
	kill -USR1 "$(<nginx.pid)"
	until_true 20 test -e access.log || return 13
	kill -HUP "$(<nginx.pid)"
	until_true 20 request "$1" /page >/dev/null || return 14
	[[ -z ${PRY:-} ]] || request "$1" /outside/secret | awk 'NR == 1 { print $2 }' >pried
}

program_nginx() {
	local port=$((20000 + RANDOM % 12000)) server status=0 asked=0
	mkdir html outside
	echo content >html/page
	echo secret >outside/secret
	nginx_conf "$port" >nginx.conf
	"${clean[@]}" "$@" nginx -e "$PWD/error.log" -c "$PWD/nginx.conf" &
	server=$!
	if until_true 30 server_is "$server" request "$port" /page >/dev/null; then
		nginx_asked "$port" || asked=$?
		kill -QUIT "$(<nginx.pid)"
	else
		asked=1
		kill "$server"
	fi
	await "$server" || status=$?
	return $((status ? status : asked))
}

# server_is PID COMMAND...: it answers, or has gone.
server_is() {
	"${@:2}" || ! kill -0 "$1" 2>/dev/null
}

redis_saved() {
	[[ $(redis-cli -p "$1" info persistence | tr -d '\r') =~ \
		rdb_bgsave_in_progress:0.*aof_rewrite_in_progress:0.*aof_rewrite_scheduled:0 ]]
}

redis_asked() {
	[[ $(redis-cli -p "$1" set key value) == OK ]] || return 10
	[[ $(redis-cli -p "$1" get key) == value ]] || return 11
	redis-cli -p "$1" bgsave >/dev/null
	until_true 20 redis_saved "$1" || return 12
	[[ $(redis-cli -p "$1" config set appendonly yes) == OK ]] || return 13
	until_true 20 redis_saved "$1" || return 14
	redis-cli -p "$1" set other value >/dev/null
	[[ $(redis-cli -p "$1" save) == OK && -s dump.rdb ]] || return 15
	[[ -n ${PRY:-} ]] || return 0
	mkdir outside
	[[ $(redis-cli -p "$1" config set dir "$PWD/outside") == OK ]] || return 16
	redis-cli -p "$1" save | cut -d ' ' -f 1 >pried
	[[ $(<pried) != OK || -s outside/dump.rdb ]] || return 17
	redis-cli -p "$1" config set dir "$PWD" >/dev/null
}

# Few clients, for more want more descriptors than some machines allow without a capability.
program_redis() {
	local port=$((20000 + RANDOM % 12000)) server status=0 asked=0
	printf '%s\n' "port $port" "bind 127.0.0.1" "dir $PWD" "logfile $PWD/log" 'save ""' \
		"unixsocket $PWD/socket" "pidfile $PWD/pid" "maxclients 100" \
		"enable-protected-configs yes" >redis.conf
	"${clean[@]}" "$@" redis-server "$PWD/redis.conf" &
	server=$!
	if until_true 30 server_is "$server" redis_answers "$port"; then
		redis_asked "$port" || asked=$?
		redis-cli -p "$port" shutdown save >/dev/null
	else
		asked=1
		kill "$server"
	fi
	await "$server" || status=$?
	return $((status ? status : asked))
}

redis_answers() {
	[[ $(redis-cli -p "$1" ping 2>/dev/null) == PONG ]]
}

# What every probe is made under: little, and of each class something else than the probes want.
program_calls() {
	"${clean[@]}" "$@" "$LIVE/forbidden" work
}
