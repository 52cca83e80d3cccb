# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#
# The completion for zsh: a function of the name _leastcall, to be found along $fpath.

function spec(i,    words, takes_, what) {
	words = text[i]
	gsub(/[][\\:]/, "\\\\&", words)
	takes_ = kind[i]
	what = ""
	if (takes_ != "-") {
		what = ":" value[i] ":"
		gsub(/[][|]/, " ", what)
		if (takes_ ~ /^=/)
			what = what "(" substr(takes_, 2) ")"
		else if (takes_ == "file")
			what = what "_files"
		else if (takes_ == "dir")
			what = what "_files -/"
		else if (takes_ == "user")
			what = what "_users"
		else if (takes_ != "word")
			what = what " _leastcall_targets " takes_
		else
			what = what " "
	}
	takes_ = takes_ == "-" ? "" : option[i] ~ /^--/ ? "=" : "+"
	return quoted(option[i] takes_ "[" words "]" what, "'\\''")
}

function arguments_print(which, indent,    i) {
	for (i = 1; i <= options; i++)
		if (of[i] == which)
			printf " \\\n%s%s", indent, spec(i)
}

function described(what, text) {
	gsub(/:/, "\\:", what)
	return quoted(what ":" text, "'\\''")
}

END {
	print "#compdef leastcall"
	begin("zsh")
	print "_leastcall_targets() {\n\tlocal -a found\n\tcase $1 in"
	split("container pod unit", asked, " ")
	for (i = 1; i <= 3; i++)
		printf "\t%s) found=(${(f)\"$(%s)\"}) ;;\n", asked[i], asking(asked[i])
	print "\tesac\n\tcompadd -a found\n}\n\n_leastcall_commands() {\n\tlocal -a all=("
	for (i = 1; i <= commands; i++)
		printf "\t\t%s\n", described(command[i], about[command[i]])
	print "\t)\n\t_describe command all\n}\n\n_leastcall_formats() {\n\tlocal -a all=("
	for (i = 1; i <= formats; i++)
		printf "\t\t%s\n", described(format[i], format_about[format[i]])
	print "\t)\n\t_describe format all\n}\n\n_leastcall_names() {"
	printf "\tlocal -a all=(%s)\n\t_files\n\tcompadd -a all\n}\n\n", substr(name, 2)
	printf "if ((CURRENT == 2)); then\n\t_arguments"
	arguments_print("", "\t\t")
	print " \\\n\t\t'1: :_leastcall_commands'\n\treturn\nfi\nshift words\n((CURRENT--))\ncase $words[1] in"
	for (i = 1; i <= commands; i++) {
		printf "%s)\n\t_arguments -s -S", command[i]
		arguments_print(command[i], "\t\t")
		if ((command[i], "format") in takes)
			printf " \\\n\t\t'1: :_leastcall_formats'"
		if ((command[i], "name") in takes)
			printf " \\\n\t\t'1:FILE:_files' \\\n\t\t'*: :_leastcall_names'"
		else if ((command[i], "file") in takes)
			printf " \\\n\t\t'*:FILE:_files'"
		if ((command[i], "command") in takes)
			printf " \\\n\t\t'*::: :_normal'"
		print "\n\t;;"
	}
	print "*) return 1 ;;\nesac"
}
