# SPDX-License-Identifier: GPL-2.0-only
# What the checks of this folder share. Each prints what is wrong, and where it is
# to be put right, and fails then. They look at the texts below $root, which is this
# tree, or a spoilt copy of it; the program is always the one that was built.
top=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
built=${STLINK_UNIT_OUT:-$top/build/unit}
stlink=$built/tools/stlink
facts=$built/manual_facts
root=$top

# fact KIND: the lines of this kind, without it.
fact() { sed -n "s/^$1 //p" "$tmp/facts"; }

# same A B: lists in $tmp/have and $tmp/want; what is missing, what is too much.
same() {
	local line bad=0
	sort -u "$tmp/have" -o "$tmp/have"
	sort -u "$tmp/want" -o "$tmp/want"
	[ -s "$tmp/want" ] || { echo "found nothing to compare with: $1"; bad=1; }
	while IFS= read -r line; do
		echo "'$line': $1"
		bad=1
	done < <(comm -13 "$tmp/have" "$tmp/want")
	while IFS= read -r line; do
		echo "'$line': $2"
		bad=1
	done < <(comm -23 "$tmp/have" "$tmp/want")
	return $bad
}

# troff without the commonest of its escapes and fonts
unescape() {
	sed -E -e '/^\.\\"/d; s/\\-/-/g; s/\\\(aq/'\''/g; s/\\\(dq/"/g; s/\\&//g' \
		-e 's/\\f[BIR]//g; s/\\e/\\/g'
}

# section NAME [SUB]: a section of standard input, or of it a subsection; with no
# SUB what is before the first one.
section() {
	awk -v want="$1" -v sub_="$2" '
		/^\.S[HS]/ {
			name = $0
			sub(/^\.S[HS] +/, "", name)
			gsub(/"/, "", name)
			if ($1 == ".SH")
				in_sh = name == want
			on = in_sh && ($1 == ".SH" ? sub_ == "" : name == sub_)
			next
		}
		on'
}

# The terms of a list, a line each: without the request, fonts and quotation marks.
terms() {
	awk 'tp { print } { tp = /^\.TP/ }' |
		sed -E 's/^\.[A-Z]+ //; s/" "/ /g; s/"//g; s/ +/ /g; s/ ,/,/g'
}

# Options in a text, a line each.
options() {
	grep -oE -e '(^|[^-a-zA-Z0-9])--?[a-zA-Z0-9][a-z0-9-]*' |
		sed -E 's/^[^-]+//'
}

# Options of a help text: names at the beginning of a line.
help_options() {
	sed -nE 's/^ {2,6}(-.*)/\1/p' | sed -E 's/ {2,}.*//; s/ [A-Z].*//' | options
}
