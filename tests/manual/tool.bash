# SPDX-License-Identifier: GPL-2.0-only
# Help and stlink(1) against the program.

page() { unescape <"$root/tools/man/stlink.1"; }

verbs_in_help() {
	fact verb | cut -d ' ' -f 1 >"$tmp/want"
	"$stlink" --help | sed -n '/^Verbs:/,/^$/s/^  \([a-z-]*\) .*/\1/p' >"$tmp/have"
	same 'no such verb in "stlink --help": see help_global() in tools/cmd/help.c' \
		'"stlink --help" has it, the parser has not'
}

# Options that every verb takes.
global_options() {
	fact takes | awk -v verbs="$(fact verb | wc -l)" '
		{ n[$2]++ } END { for (o in n) if (n[o] == verbs) print o }' | sort
}

options_in_help() {
	local verb bad=0
	{
		global_options
		fact option | awk 'NR == FNR { all[$1]; next }
			$2 != "-" && $1 in all { print "-" $2 }' "$tmp/globals" -
	} >"$tmp/want"
	"$stlink" --help | help_options >"$tmp/have"
	same 'every verb takes it, "stlink --help" has it not: see options[] in tools/cmd/help.c' \
		'"stlink --help" has it, but not every verb takes it: see options[] in tools/cmd/help.c' ||
		bad=1
	takes >"$tmp/want"
	fact verb | while read -r verb _; do
		"$stlink" help "$verb" | help_options | sed "s/^/$verb /"
	done >"$tmp/have"
	same 'the parser takes it, "stlink help VERB" has it not: see verb_options[] in tools/cmd/help.c' \
		'"stlink help VERB" has it, the parser refuses it: see taken_by() in tools/cmd/args.c' ||
		bad=1
	# what takes something shows it
	fact option | awk '$3 == 1 { print $1 }' >"$tmp/want"
	{ "$stlink" --help; fact verb | while read -r verb _; do
		"$stlink" help "$verb"
	done; } | sed -nE 's/^ {2,6}(-.*)/\1/p' | sed -E 's/ {2,}.*//' |
		sed -nE 's/.*(--[a-z0-9-]+) [A-Z].*/\1/p' >"$tmp/have"
	same 'takes something; its help lacks the word in capitals' \
		'its help says that it takes something; the parser has it otherwise' ||
		bad=1
	return $bad
}

# takes: "VERB --option" of the options that only some verbs take.
takes() {
	fact takes | awk 'NR == FNR { all[$1]; next } !($2 in all)' "$tmp/globals" -
}

verbs_in_page() {
	local bad=0 word verb
	fact verb | cut -d ' ' -f 1 >"$tmp/want"
	page | section VERBS | terms | cut -d ' ' -f 1 >"$tmp/have"
	same 'no such .TP below VERBS in tools/man/stlink.1' \
		'tools/man/stlink.1 has it below VERBS, the program has no such verb' ||
		bad=1
	while read -r word verb; do
		page | section VERBS | grep -qx "\.B $word" ||
			{ echo "$verb: no word of its alias in tools/man/stlink.1: .B $word"
			bad=1; }
	done < <(fact alias)
	return $bad
}

# Below OPTIONS a .TP for each that all verbs take. In its subsection "Options of
# some verbs" behind the term a line with the verbs in parentheses.
options_in_page() {
	local bad=0
	{
		cat "$tmp/globals"
		fact option | awk 'NR == FNR { all[$1]; next }
			$2 != "-" && $1 in all { print "-" $2 }' "$tmp/globals" -
	} >"$tmp/want"
	page | section OPTIONS | terms | options >"$tmp/have"
	same 'no such .TP below OPTIONS in tools/man/stlink.1' \
		'tools/man/stlink.1 has it below OPTIONS, where those are that every verb takes' ||
		bad=1
	takes >"$tmp/want"
	page | section OPTIONS 'Options of some verbs' | awk '
		tp { term = $0 }
		after { if (/^\.RB \(/) { gsub(/^\.RB \(|[",)]/, ""); print term "|" $0 }
			else print term "|?" }
		{ after = tp; tp = /^\.TP/ }' | while IFS='|' read -r term verbs; do
			for option in $(options <<<"$term" | grep ^--); do
				# shellcheck disable=SC2086 # words
				printf "%s $option\n" $verbs
			done
		done | grep -vE '^(set|show|load) ' >"$tmp/have"
	same 'the program has this option of the verb; no such .TP with .RB ( VERB ) behind it in "Options of some verbs" of tools/man/stlink.1' \
		'tools/man/stlink.1 has it in "Options of some verbs"; the program refuses it' ||
		bad=1
	return $bad
}

# run_examples: lines of standard input, by a shell that has nothing but stlink,
# which is the parser.
run_examples() (
	mkdir -p "$tmp/empty" && cd "$tmp/empty" || return 1
	PATH=$tmp/empty
	export HOME=$tmp/empty
	bad=0
	# shellcheck disable=SC2317 # called from the lines
	stlink() {
	
		"$facts" parse "$@" 2>&1 >&3 && ran=$((ran + 1)) && return 0
		bad=1
	}
	# shellcheck disable=SC2317
	command_not_found_handle() { :; }
	while IFS= read -r line; do
		ran=0
		said=$(eval "$line" 3>/dev/null </dev/null 2>&1)
		[ -z "$said" ] || { echo "$line: $said"; bad=1; }
	done
	exit $bad
)

examples_in_page() {
	local bad=0 verb
	page | awk '/^\.EE/ { on = 0 } on { print } /^\.EX/ { on = 1 }' >"$tmp/examples"
	grep -q stlink "$tmp/examples" ||
		{ echo 'found no example: between .EX and .EE in tools/man/stlink.1'; bad=1; }
	run_examples <"$tmp/examples" ||
		{ echo 'the above examples of tools/man/stlink.1 are refused'; bad=1; }
	# each verb has one, in its own entry
	fact verb | cut -d ' ' -f 1 >"$tmp/want"
	page | section VERBS | awk '
		tp { n = split($0, w, /[ "]+/); verb = w[2] }
		{ tp = /^\.TP/ }
		/^\.EE/ { on = 0 }
		on && $0 ~ "stlink( -[^ ]+( [^ ]+)?)* " verb "( |;|$)" { print verb }
		/^\.EX/ { on = 1 }' >"$tmp/have"
	same 'has no example in its own entry below VERBS of tools/man/stlink.1: .IP, .EX, a line, .EE' \
		'is no verb' || bad=1
	return $bad
}

examples_in_help() {
	local bad=0 verb
	while read -r verb _; do
		"$stlink" help "$verb" | sed -n '/^Examples:/,/^$/s/^  //p' >"$tmp/examples"
		grep -qE "^stlink .*\<$verb\>" "$tmp/examples" ||
			grep -qE "^stlink ($(fact alias | sed -n "s/ $verb\$//p" | paste -sd '|'))\>" \
			"$tmp/examples" ||
			{ echo "$verb: \"stlink help $verb\" has no example: last member in commands[], tools/stlink.c"
			bad=1; }
		run_examples <"$tmp/examples" || bad=1
	done < <(fact verb)
	return $bad
}

# What is after the "-" is a number; 128+N isn't in the enum.
exit_statuses() {
	local bad=0
	{
		sed -nE 's/^\tSTL_[A-Z_]+ = ([0-9]+),.*/\1/p' "$top/tools/lib/error.h"
	} >"$tmp/codes"
	cp "$tmp/codes" "$tmp/want"
	page | section 'EXIT STATUS' | terms | grep -oE '^[0-9]+' | grep -vx 128 >"$tmp/have"
	same 'no such exit status in EXIT STATUS of tools/man/stlink.1' \
		'exit status of tools/man/stlink.1 that enum stl_code has not' || bad=1
	cp "$tmp/codes" "$tmp/want"
	"$stlink" --help | sed -n '/^Exit status:/,/^$/p' |
		grep -oE '(^|  ) *[0-9]+  ' | tr -d ' ' >"$tmp/have"
	same 'no such exit status in exit_codes[] of tools/cmd/help.c' \
		'exit status in the help text that enum stl_code has not' || bad=1
	cp "$tmp/codes" "$tmp/want"
	sed -n '/^| exit status /,/^$/p' "$root/README.md" | grep -oE '\| [0-9]+ \|' |
		tr -d '| ' >"$tmp/have"
	# two columns share a bar
	sed -n '/^| exit status /,/^$/p' "$root/README.md" | tr '|' '\n' |
		grep -oE '^ [0-9]+ $' | tr -d ' ' >>"$tmp/have"
	same 'no such exit status in the table of README.md' \
		'exit status of README.md that enum stl_code has not' || bad=1
	return $bad
}

environment() {
	grep -rhoE '\<getenv\("[A-Z_]+"' "$top/tools" --include='*.c' |
		sed 's/.*"\(.*\)"/\1/' >"$tmp/want"
	page | section ENVIRONMENT | terms >"$tmp/have"
	same 'the program asks for it; no .TP below ENVIRONMENT in tools/man/stlink.1' \
		'in ENVIRONMENT of tools/man/stlink.1, the program asks for no such variable'
}

# Names in FILES are in what is installed, or in the program.
files() {
	local bad=0 name
	while read -r name; do
		case $name in
		/dev/*|share/*)	continue ;;
		esac
		# a folder that the makefile has as a variable
		grep -rqF -- "$name" "$top"/tools/{cmd,auto,lib,stlink.c,udev,systemd} ||
			grep -qF -- "${name##*/}" "$top/tools/Makefile" ||
			{ echo "$name: in FILES of tools/man/stlink.1, nowhere else"; bad=1; }
	done < <(page | section FILES | terms | tr -d , | tr ' ' '\n')
	return $bad
}

# Lines of README that are commands: "    stlink VERB".
readme() {
	local bad=0 verb file
	{ fact verb; fact alias; } | cut -d ' ' -f 1 | sort -u >"$tmp/words"
	for file in "$root"/README.md "$root"/tools/*.md; do
		[ -e "$file" ] || continue
		while read -r verb; do
			grep -qx -- "$verb" "$tmp/words" ||
				{ echo "${file#"$root/"}: stlink $verb: no such verb"; bad=1; }
		done < <({ grep -oE '^(    |\$ |    \$ )stlink [a-z-]+' "$file"
			grep -oE '`(sudo )?stlink [a-z][a-z-]+' "$file"; } |
			sed 's/.*stlink //' | sort -u)
		grep -oE '`stlink [a-z-]+ [^`]*`' "$file" | grep -oE -e ' --[a-z0-9-]+' |
			tr -d ' ' | sort -u | while read -r option; do
				fact option | grep -q "^$option " ||
					echo "${file#"$root/"}: stlink ... $option: no such option"
			done >"$tmp/out"
		[ ! -s "$tmp/out" ] || { cat "$tmp/out"; bad=1; }
	done
	return $bad
}
