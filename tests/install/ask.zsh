# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#
# What zsh offers, in a terminal of its own, for a command line that ends where the cursor is:
#
#	zsh -f ask.zsh DIRECTORY LINE	DIRECTORY is the first of $fpath
#
# What the terminal showed from the line on, up to "the end". It knows no command line.
zmodload zsh/zpty
until_shown() {
	local text
	zpty -r -m terminal text "*$1*" && REPLY=$text
}
zpty terminal "TERM=dumb exec zsh -f -i"
zpty -w terminal "stty -echo cols 300 rows 2000; PS1=; LISTMAX=10000; fpath=(${(q)1} \$fpath)
autoload -Uz compinit; compinit -D -u; zstyle ':completion:*' verbose no"
zpty -w terminal "ask() {
	BUFFER=${(q)2}; CURSOR=\$#BUFFER; zle list-choices; zle -R; print; print the en''d
}; zle -N ask; bindkey '^T' ask; echo rea''dy"
until_shown ready
zpty -w -n terminal $'\C-t'
until_shown "the end"
print -r -- "$REPLY"
zpty -d terminal
