# SPDX-License-Identifier: GPL-2.0-only
# Completion is run, by the shells it is for, with three probes in a sysfs of the
# test's: two with nodes, and one that is detached.

# A shell knows the program by its name, and the scripts by their folder.
fake_system() {
	local sys=$tmp/sys dev
	[ ! -e "$sys" ] || return 0
	mkdir -p "$sys"/class/stlink/stlink{0,1} "$tmp/bin" "$tmp/cwd/folder"
	ln -s "$stlink" "$tmp/bin/stlink"
	touch "$tmp"/cwd/{a.hex,b.ELF,c.txt}
	for dev in '0 1-1 066DFF01' '1 1-2.3 066DFF02'; do
		read -r number_ path serial <<<"$dev"
		mkdir -p "$sys/bus/usb/devices/$path:1.0"
		fake_usb "$sys/bus/usb/devices/$path" "$serial" 3748
		ln -s /drivers/stlink "$sys/bus/usb/devices/$path:1.0/driver"
		ln -s "$sys/bus/usb/devices/$path:1.0" \
			"$sys/class/stlink/stlink$number_/device"
		echo "$serial" >"$sys/class/stlink/stlink$number_/serial"
	done
	mkdir -p "$sys/bus/usb/devices/2-1:1.0"
	fake_usb "$sys/bus/usb/devices/2-1" 066DFF03 374b
	fake_usb "$sys/bus/usb/devices/2-2" NOTOURS 374f
}
fake_usb() {
	mkdir -p "$1"
	echo 0483 >"$1/idVendor"
	echo "$3" >"$1/idProduct"
	echo "$2" >"$1/serial"
}

# in_bash LINE: what is offered at its end, a line each. Words are split as bash
# does: at blanks and "=", which is a word of its own.
in_bash() {
	fake_system
	(
		cd "$tmp/cwd" || exit
		PATH=$tmp/bin:$PATH _stlink_sys=$tmp/sys bash --norc -c '
			. "$1"
			line=$2
			read -ra COMP_WORDS <<<"${line//=/ = }"
			case $line in
			*[\ ])	COMP_WORDS+=("") ;;
			esac
			COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
			COMP_LINE=$line COMP_POINT=${#line}
			[ "$(complete -p stlink)" = "complete -F _stlink stlink" ] || exit
			_stlink stlink "${COMP_WORDS[COMP_CWORD]}" ""
			printf "%s\n" "${COMPREPLY[@]}"
		' bash "$root/tools/completion/stlink.bash" "$1" 2>&1 | sort -u
	)
}

# What both shells have to offer: "LINE|WORDS". That a word is there is no more
# than half of it: nothing else may be.
expected() {
	cat <<'END'
stlink -d /dev/stl|/dev/stlink0 /dev/stlink1
stlink info -s |066DFF01 066DFF02
stlink info --serial=|066DFF01 066DFF02
stlink info --usb-path |1-1 1-2.3
stlink attach --usb-path |2-1
stlink attach -s |066DFF03
stlink clone --from 1|1-1 1-2.3
stlink clone --to 066|066DFF01 066DFF02
stlink read --format |bin hex srec elf
stlink --mode |auto normal under-reset hot-plug
stlink --mode=h|hot-plug
stlink program --verify |crc read
stlink --freq 4|4M 480k
stlink program |a.hex b.ELF folder
stlink verify c|c.txt
stlink backup a|a.hex
stlink program a.hex |0x08000000 0x20000000
stlink option |show set load
stlink option set WRP=|none all 0-3
stlink option set wdg_sw=|0 1
stlink erase --page 1|1 10 11 12 13 14 15
stlink help ver|verify version
stlink -d /dev/stlink0 pro|program protect
stlink --freq=4M inf|info
stlink help write |
stlink list |
END
}

# offers SHELL-FUNCTION: both lists of words
offers() {
	local bad=0 line words
	while IFS='|' read -r line words; do
		# with nothing else to offer zsh offers options
		[ -n "$words" ] || line+=x
		tr ' ' '\n' <<<"$words" | grep . >"$tmp/want"
		"$1" "$line" | sed 's,/$,,; s/ $//; s/\\:/:/g' | grep . >"$tmp/have"
		sort -u "$tmp/want" -o "$tmp/want"
		sort -u "$tmp/have" -o "$tmp/have"
		cmp -s "$tmp/have" "$tmp/want" ||
			{ echo "$line<TAB> offers $(paste -sd ' ' "$tmp/have"), not $words"
			bad=1; }
	done < <(expected)
	return $bad
}

# values_known SHELL-FUNCTION: of each option that takes something, all that is
# offered is taken by the parser; where the program has words, all are offered.
values_known() {
	local bad=0 option letter verb word
	while read -r option letter _; do
		verb=$(fact takes | sed -n "s/ $option\$//p" | head -n 1)
		"$1" "stlink $verb $option " | sed 's,/$,,; s/ $//' >"$tmp/values"
		while IFS= read -r word; do
			[ -n "$word" ] || continue
			accepted "$verb" "$option" "$word" ||
				{ echo "$verb $option $word: offered, and refused by the program"
				bad=1; }
		done <"$tmp/values"
	done < <(fact option | awk '$3 == 1')
	# options that take words of a list: neither numbers nor any name
	while read -r option word; do
		verb=$(fact takes | sed -n "s/ $option\$//p" | head -n 1)
		! accepted "$verb" "$option" xyzzy || continue
		! accepted "$verb" "$option" 0x08000000 || continue
		[[ $word != [0-9]* ]] || continue
		"$1" "stlink $verb $option " | sed 's/ $//' | grep -qx -- "$word" ||
			{ echo "$verb $option $word: the program takes it, the completion lacks it: see _stlink_values() and _stlink_value() in tools/completion"
			bad=1; }
	done < <(fact accepts)
	fact byte >"$tmp/want"
	"$1" 'stlink option set ' | sed 's/[ =]$//' | grep . >"$tmp/have"
	same 'no such option byte in tools/completion' \
		'offered by completion, there is no such option byte' || bad=1
	return $bad
}
accepted() {
	local operands=(1 2) n
	for n in 0 1 2; do
		"$facts" parse "$1" "$2=$3" "${operands[@]:0:n}" 2>/dev/null &&
			return
	done
	return 1
}

bash_verbs() {
	fact verb | cut -d ' ' -f 1 >"$tmp/want"
	in_bash 'stlink ' >"$tmp/have"
	same 'bash offers no such verb: see _stlink_verbs() in tools/completion/stlink.bash' \
		'bash offers a verb that the program has not'
}
bash_options() {
	local verb
	fact takes >"$tmp/want"
	fact option | awk 'NR == FNR { all[$1]; next }
		$2 != "-" && $1 in all { print $2 }' "$tmp/globals" - >"$tmp/letters"
	fact verb | while read -r verb _; do
		sed "s/^/$verb -/" "$tmp/letters" >>"$tmp/want"
		in_bash "stlink $verb -" | sed "s/^/$verb /"
	done >"$tmp/have"
	same 'bash offers no such option: it reads "stlink help VERB", see _stlink_options() in tools/completion/stlink.bash' \
		'bash offers an option that the program refuses'
}
bash_values() {
	local bad=0
	[ "$(in_bash 'stlink --format hex res' | paste -sd ' ')" = 'reset restore' ] ||
		{ echo "bash takes the value of an option for the verb"; bad=1; }
	offers in_bash || bad=1
	values_known in_bash || bad=1
	return $bad
}

# in_zsh LINE: the same by zsh, which completes in a terminal only: one that stays,
# with what it is offered written to a file by a compadd of ours.
in_zsh() {
	fake_system
	zsh_one "$1" | sort -u
}
zsh_start() {
	fake_system
	mkfifo "$tmp/zsh.in" "$tmp/zsh.out"
	PATH=$tmp/bin:$PATH zsh -f "$top/tests/manual/zsh" "$root/tools/completion" \
		"$tmp/sys" "$tmp/cwd" "$tmp" <"$tmp/zsh.in" >"$tmp/zsh.out" 2>"$tmp/zsh.err" &
	zsh_pid=$!
	exec 7>"$tmp/zsh.in" 8<"$tmp/zsh.out"
	zsh_root=$root
}
zsh_stop() {
	[ -n "$zsh_pid" ] || return 0
	exec 7>&- 8<&-
	wait "$zsh_pid"
	rm -f "$tmp/zsh.in" "$tmp/zsh.out"
	zsh_pid=
}
zsh_one() {
	local line
	printf '%s\n' "$1" >&7
	while IFS= read -r -t 30 line <&8; do
		[ "$line" != --end-- ] || return 0
		printf '%s\n' "$line"
	done
	echo "zsh doesn't answer: $(cat "$tmp/zsh.err")"
}
# in_one_zsh CHECK...
in_one_zsh() {
	local status
	zsh_start
	"$@"
	status=$?
	zsh_stop
	return $status
}

zsh_verbs() { in_one_zsh zsh_verbs_; }
zsh_verbs_() {
	fact verb | cut -d ' ' -f 1 >"$tmp/want"
	in_zsh 'stlink ' >"$tmp/have"
	same 'zsh offers no such verb: see _stlink_verbs() in tools/completion/_stlink' \
		'zsh offers a verb that the program has not'
}
zsh_options() { in_one_zsh zsh_options_; }
zsh_options_() {
	local verb
	fact takes >"$tmp/want"
	fact verb | while read -r verb _; do
		in_zsh "stlink $verb --" | sed "s/^/$verb /; s/=\$//"
	done >"$tmp/have"
	same 'zsh offers no such option: it reads "stlink help VERB", see _stlink_specs() in tools/completion/_stlink' \
		'zsh offers an option that the program refuses'
}
zsh_values() { in_one_zsh zsh_values_; }
zsh_values_() {
	local bad=0
	offers in_zsh || bad=1
	values_known in_zsh || bad=1
	return $bad
}
