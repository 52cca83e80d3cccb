# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#
# What the completions of all shells share: the rows of help.awk taken in, how a running system is asked,
# and the part of each that is written by hand.

BEGIN { FS = "\t" }

function begin(shell,    line) {
	print "# " shell " completion of leastcall. Made by tools/gen-completion of its --help; do not edit."
	while ((getline line < body) > 0)
		print line
}

# In single quotes of the shell; what stands for one in them is the shell's own.
function quoted(text, quote) {
	gsub(/'/, quote, text)
	return "'" text "'"
}

# A command line that prints the names of what is there, one a line. Names are somebody else's: only
# those are passed on that no shell can take for more.
function asking(kind,    program) {
	if (kind == "container")
		program = "$1 !~ /^(KIND|unit|cgroup|sandbox)$/ { print $2 }"
	else if (kind == "unit")
		program = "$1 == \"unit\" { print $2 }"
	else
		program = "index($4, \"/\") { print $4 }"
	return "leastcall targets 2>/dev/null | awk '" program "' | grep -xE '[A-Za-z0-9][A-Za-z0-9_.@:/-]*' | sort -u"
}

$1 == "command" { command[++commands] = $2; about[$2] = $3 }
$1 == "words" { takes[$2, $3] = 1; owner[++owners] = $2 }
$1 == "format" { format[++formats] = $2; format_about[$2] = $3 }
$1 == "name" { name = name " " $2 }
$1 == "option" {
	of[++options] = $2
	option[options] = $3
	value[options] = $4
	kind[options] = $5
	text[options] = $6
}
