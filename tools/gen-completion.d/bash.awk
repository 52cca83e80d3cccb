# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#
# The completion for bash, with and without the package bash-completion.

function options_of(which,    i, list) {
	for (i = 1; i <= options; i++)
		if (of[i] == which)
			list = list (list == "" ? "" : " ") option[i]
	return list
}

function words_of(which,    list) {
	list = (which, "format") in takes ? " format" : ""
	list = list ((which, "file") in takes ? " file" : "")
	list = list ((which, "name") in takes ? " name" : "")
	return substr(list, 2)
}

function tables_print(    i, list) {
	print "# $1 is a command: its options, and what it takes beside them.\n_leastcall_options() {\n\tcase $1 in"
	for (i = 1; i <= commands; i++) {
		list = list (i > 1 ? " " : "") command[i]
		printf "\t%s) options='%s' words='%s' ;;\n", command[i], options_of(command[i]), words_of(command[i])
	}
	printf "\t*) options='%s' words='%s' ;;\n", options_of(""), list
	print "\tesac\n}\n\n# $1 is a command, $2 an option of it: what it takes.\n_leastcall_takes() {\n\tcase \"$1 $2\" in"
	for (i = 1; i <= options; i++)
		if (kind[i] != "-")
			printf "\t'%s %s') takes='%s' ;;\n", of[i], option[i], kind[i]
	print "\t*) takes= ;;\n\tesac\n}\n\n# What is there to be recorded: containers, pods or units.\n_leastcall_targets() {\n\tcase $1 in"
	printf "\tcontainer) %s ;;\n\tpod) %s ;;\n\tunit) %s ;;\n\tesac\n}\n\n", asking("container"), asking("pod"), asking("unit")
	printf "_leastcall_formats='"
	for (i = 1; i <= formats; i++)
		printf "%s%s", (i > 1 ? " " : ""), format[i]
	printf "'\n_leastcall_names='%s'\n\n", substr(name, 2)
}

END {
	begin("bash")
	tables_print()
}
