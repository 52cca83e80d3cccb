# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#
# The completion for fish.

function said(text) {
	gsub(/\\/, "\\\\", text)
	return quoted(text, "\\'")
}

function row(condition, rest) {
	printf "complete -c leastcall -n %s %s\n", said(condition), rest
}

function option_print(i,    condition, rest) {
	condition = of[i] == "" ? "__leastcall_first" : "__leastcall_is " of[i]
	rest = option[i] ~ /^--/ ? "-l " substr(option[i], 3) : "-s " substr(option[i], 2)
	if (kind[i] == "file")
		rest = rest " -r -F"
	else if (kind[i] == "dir")
		rest = rest " -x -a '(__fish_complete_directories)'"
	else if (kind[i] == "user")
		rest = rest " -x -a '(__fish_complete_users)'"
	else if (kind[i] ~ /^=/)
		rest = rest " -x -a '" substr(kind[i], 2) "'"
	else if (kind[i] == "word")
		rest = rest " -x"
	else if (kind[i] != "-")
		rest = rest " -x -a '(__leastcall_targets " kind[i] ")'"
	row(condition, rest " -d " said(text[i]))
}

END {
	begin("fish")
	print "function __leastcall_targets\n\tswitch $argv[1]"
	split("container pod unit", asked, " ")
	for (i = 1; i <= 3; i++)
		printf "\t\tcase %s\n\t\t\t%s\n", asked[i], asking(asked[i])
	print "\tend\nend\n\ncomplete -c leastcall -f"
	for (i = 1; i <= commands; i++)
		row("__leastcall_first", "-a " command[i] " -d " said(about[command[i]]))
	for (i = 1; i <= formats; i++)
		row("__leastcall_is profile; and test (__leastcall_given) -eq 0", \
		    "-a " format[i] " -d " said(format_about[format[i]]))
	for (i = 1; i <= owners; i++) {
		if (owner[i] in shown)
			continue
		shown[owner[i]] = 1
		given = (owner[i], "format") in takes
		if ((owner[i], "file") in takes)
			row("__leastcall_is " owner[i] "; and test (__leastcall_given) -ge " given, "-F")
		if ((owner[i], "name") in takes)
			row("__leastcall_is " owner[i] "; and test (__leastcall_given) -ge 1", \
			    "-a '" substr(name, 2) "'")
		if ((owner[i], "command") in takes)
			row("__leastcall_behind " owner[i], "-a '(__leastcall_command)'")
	}
	for (i = 1; i <= options; i++)
		option_print(i)
}
