# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#
# Lines of --help, each behind its command and a tab, into rows with tabs between what is in them:
#
#	command COMMAND TEXT
#	words   COMMAND KIND			what it takes beside options: format, file, name, command
#	format  WORD TEXT
#	option  COMMAND OPTION VALUE KIND TEXT	VALUE is as --help calls it; COMMAND "": leastcall's own
#
# The KIND of an option is "-" where it takes nothing, "=A B" where it takes one of these words, else
# file, dir, user, container, pod, unit, or "word" for what nobody can know. What --help only says to be
# an option of profile's as well is told as it is there. It knows how --help is laid out, and of the
# options only those whose names say what their value is.

BEGIN { FS = OFS = "\t" }

function indent(line) {
	match(line, /^ */)
	return RLENGTH
}

# What it is for, in one line: up to what is said in passing.
function clause(text) {
	sub(/(;| \().*/, "", text)
	if (length(text) > 78) {
		text = substr(text, 1, 76)
		sub(/ [^ ]*$/, " ...", text)
	}
	return text
}

# What to offer for the value of an option.
function kind_of(option, value,    list, count, i, words) {
	if (value == "")
		return "-"
	if (value ~ /^(FILE|PROFILE)$/)
		return "file"
	if (value ~ /^(DIR|PATH)$/)
		return "dir"
	if (option ~ /^--(container|pod|unit|user)$/)
		return substr(option, 3)
	count = split(value, list, "|")
	for (i = 1; i <= count; i++)
		if (list[i] !~ /[A-Z]/)
			words = words (words == "" ? "" : " ") list[i]
	return words == "" ? "word" : "=" words
}

function held_print() {
	if (held != "" && kind == "format")
		print kind, held, clause(text)
	if (held != "" && kind == "option") {
		rows++
		command_of[rows] = owner
		option_of[rows] = held
		value[owner, held] = takes
		words[owner, held] = clause(text)
	}
	held = ""
}

function hold(what, word, takes_, text_) {
	held_print()
	kind = what
	owner = $1
	held = word
	takes = takes_
	text = text_
}

# The words of an option line up to the two spaces, in `head`; what is behind them, in `rest`.
function line_split(line) {
	sub(/^ +/, "", line)
	head = line
	rest = ""
	if (match(line, /  +/)) {
		head = substr(line, 1, RSTART - 1)
		rest = substr(line, RSTART + RLENGTH)
	}
}

function options_take(    list, count, long, i, takes_) {
	line_split($2)
	count = split(head, list, /, */)
	takes_ = index(list[count], " ") ? substr(list[count], index(list[count], " ") + 1) : ""
	for (i = 1; i <= count; i++) {
		sub(/ .*/, "", list[i])
		if (list[i] ~ /^-/)
			hold("option", list[i], takes_, rest)
		long += list[i] ~ /^--/
	}
	if (long > 1 && rest == "")
		held_print() # what follows is about all of them
}

function usage_take(    line) {
	line = $2
	if (line ~ / FORMAT/)
		print "words", $1, "format"
	if (line ~ / (RECORDING|PROFILE)\.\.\.| RECORDING| A B$/)
		print "words", $1, "file"
	if (line ~ / CALL\|/)
		print "words", $1, "name"
	if (line ~ / -- COMMAND/)
		print "words", $1, "command"
}

$1 == "" {
	line_split($2)
	if (head ~ /^-/)
		options_take()
	else if (indent($2) == 2 && rest != "")
		print "command", head, rest
	next
}
indent($2) < 10 && $2 ~ /^ +-/ { options_take(); next }
indent($2) > 10 && held != "" {
	sub(/^ +/, "", $2)
	text = text (text == "" ? "" : " ") $2
	next
}
{ held_print() }
$2 ~ /^(usage:|      ) leastcall / { usage_take() }
$1 == "profile" && indent($2) == 2 {
	line_split($2)
	if (rest != "")
		hold("format", head, "", rest)
}
END {
	held_print()
	for (i = 1; i <= rows; i++) {
		from = command_of[i]
		option = option_of[i]
		if (words[from, option] == "" && ("profile", option) in words)
			from = "profile"
		print "option", command_of[i], option, value[from, option], \
			kind_of(option, value[from, option]), words[from, option]
	}
}
