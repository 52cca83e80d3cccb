# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#
# Which options --help lists, and which a page documents. It knows how both are laid out; $BUILD is the
# build directory.

commands() {
	"$BUILD/leastcall" --help | sed -nE 's/^  ([a-z]+) {2,}.*/\1/p'
}

# Where --help lists options, not where its examples or sentences mention some.
help_options() {
	"$BUILD/leastcall" "$1" --help 2>/dev/null | grep -E '^ {2,6}(-[a-zA-Z], )?--' |
		sed -E 's/([^ ])  +.*/\1/' | option_words
}

option_words() {
	grep -oE -- '(^|[ "])--?[a-zA-Z][a-z-]*' | tr -d ' "' | sort -u
}

# Where options are documented: what a .TP or .It paragraph begins with, not what prose mentions.
page_options() {
	awk '/^\.TP/ { getline; print } /^\.(It|TQ)/ { print }' "$1" |
		sed -e 's/\\-/-/g' -e 's/\\f[A-Z]//g' -e 's/\. *Fl -/--/g' -e 's/ Fl -/ --/g' |
		option_words
}
