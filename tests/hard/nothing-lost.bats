#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
# The tool is killed at random moments while it reads and clones: under the name of
# the file is the old one or the new one, never a part; the source of a clone is what
# it was and runs on; the probe works at once. STLINK_SEED repeats a run: moments are
# counted in system calls, some of them with a random time behind.
# sim: --fast --part F030F4
# sim: --fast --part F030F4
# sim: --fast --part F030F4
# sim: --fast --part F030F4
# short: 6.1
# timeout: 900
# full-timeout: 7200

# shellcheck disable=SC2154,SC2164 # set by bats; it stops where cd fails

load common

signals=(9 9 9 15 2 1)

setup_file() {
	seed=${STLINK_SEED:-$((RANDOM << 15 | RANDOM))}
	export seed
	echo "# seed $seed" >&3
}

setup() {
	cd "$BATS_TEST_TMPDIR"
	for n in 0 1 2 3; do
		new_board $n
		node[n]=$(device $n)
	done
}

# random N: from 0 to N - 1
random() {
	picked=$(((RANDOM << 15 | RANDOM) % $1))
}

# moment TOTAL: where to kill; half of the moments are near the end, where files get
# their names
moment() {
	if [ $((RANDOM % 2)) = 0 ]; then
		random "$1"
		call=$((picked + 1))
	else
		random 60
		call=$(($1 - picked))
		[ $call -gt 0 ] || call=1
	fi
	delay=0
	[ $((RANDOM % 3)) != 0 ] || { random 3000; delay=$picked; }
	signal=${signals[RANDOM % ${#signals[@]}]}
}

# not_changed N: since the counters were reset nothing was done to board N
not_changed() {
	sim "$1" counters | jq -e '.page_erases == 0 and .mass_erases == 0 and
		.halfwords == 0 and .option_erases == 0 and .system_resets == 0' \
		>/dev/null
}

# stale: number of files that a killed program left
stale() {
	find . -name '.*.??????' | wc -l
}

# complain WORD...: what was done, and that it was wrong
complain() {
	echo "$* (call $call, signal $signal, delay $delay: $result)" >&2
	ls -la >&2
	return 1
}

# known FILE: it is the old one, or what there is to be read, as a whole
known() {
	case $1 in
	*.bin)	cmp -s "$1" want.bin ;;
	*.hex)	cmp -s "$1" want.hex ;;
	*.srec)	cmp -s "$1" want.srec ;;
	*)	cmp -s "$1" want.backup ;;
	esac || cmp -s "$1" old
}

# kill_reading N TIMES: of board N
kill_reading() {
	local i total file existed
	stlink -q -d "${node[$1]}" program "$firmware/demo.bin"
	mkdir "r$1"
	cd "r$1"
	for file in bin hex srec; do
		stlink -q -d "${node[$1]}" read want.$file
	done
	stlink -q -d "${node[$1]}" backup want.backup
	cmp <(memory "$1" 0x08000000 16384) want.bin
	echo "what was there before" >old
	sim "$1" counters reset
	for ((i = 0; i < $2; i++)); do
		random 4
		file=$(sed "$((picked + 1))!d" <<<$'f.bin\nf.hex\nf.srec\nf')
		words=(read "$file")
		[ "$file" != f ] || words=(backup "$file")
		if [ -z "${total[picked]}" ]; then
			read -r "total[picked]" _ < <(kill_at 0 0 0 \
				stlink -q -d "${node[$1]}" "${words[@]}")
		fi
		rm -f f*
		existed=$((RANDOM % 2))
		[ $existed = 0 ] || cp old "$file"
		moment "${total[picked]}"
		result=$(kill_at "$call" "$signal" "$delay" \
			stlink -q -d "${node[$1]}" "${words[@]}" 2>/dev/null)
		echo "$result $signal" >>results
		if [ -e "$file" ]; then
			known "$file" || complain "part of a file: $file"
		else
			[ $existed = 0 ] || complain "lost: $file"
		fi || return
		case $result in
		*"killed 9")
			[ "$(stale)" -le 1 ] || complain "many files left" ;;
		*"exited 0")
			known "$file" && ! cmp -s "$file" old &&
				[ "$(stale)" = 0 ] || complain "not written" ;;
		*"exited $((128 + signal))"|*"killed $signal")
			[ "$(stale)" = 0 ] || complain "a file left" ;;
		*)	complain "strange end" ;;
		esac || return
		rm -f .f*
		# at once, and nobody noticed anything
		stlink -q -d "${node[$1]}" status >/dev/null &&
			core "$1" running sleeping && not_changed "$1" ||
			complain "after it" || return
	done
	runs "$1" 1
	cmp <(memory "$1" 0x08000000 16384) want.bin
}

# kill_cloning FROM TO TIMES
kill_cloning() {
	local i total
	mkdir "c$1"
	cd "c$1"
	stlink -q -d "${node[$1]}" program "$firmware/demo.bin"
	memory "$1" 0x08000000 16384 >flash
	sim "$1" poke 0x1ffff800 aa55ff003cc312edff00ff00ff00ff00
	sim "$1" reload-options
	sim "$1" reset
	memory "$1" 0x1ffff800 16 >options
	words=(stlink -q clone --from "${node[$1]}" --to "${node[$2]}" --yes)
	read -r total _ < <(kill_at 0 0 0 "${words[@]}")
	sim "$1" counters reset
	for ((i = 0; i < $3; i++)); do
		# blank, or what the one before has left
		[ $((RANDOM % 4)) = 0 ] || new_board "$2"
		moment "$total"
		result=$(kill_at "$call" "$signal" "$delay" "${words[@]}" 2>/dev/null)
		echo "$result $signal" >>results
		not_changed "$1" && core "$1" running sleeping ||
			complain "source was changed" || return
		stlink -q -d "${node[$1]}" status >/dev/null &&
			stlink -q -d "${node[$2]}" status >/dev/null ||
			complain "a probe doesn't work" || return
		[ "$(find . -type f | wc -l)" = 3 ] ||
			complain "a file left" || return
		[ $((i % 5)) = 0 ] || continue
		# and repeated it is done
		"${words[@]}" && flash_is "$2" flash &&
			memory "$2" 0x1ffff800 16 | cmp - options ||
			complain "can't be repeated" || return
	done
	cmp <(memory "$1" 0x08000000 16384) flash
	cmp <(memory "$1" 0x1ffff800 16) options
	runs "$1" 1
	"${words[@]}"
	runs "$2" 1
}

# in_parallel COMMAND...: each a shell of its own, with its own random numbers
in_parallel() {
	local i=0 line pids=()
	for line; do
		i=$((i + 1))
		(
			RANDOM=$((seed + BATS_TEST_NUMBER * 100 + i))
			eval "$line"
		) 3>&- &
		pids+=($!)
	done
	for line in "${pids[@]}"; do
		wait "$line"
	done
}

# told: how it ended, and at which calls
told() {
	awk '{ end[$3 " " $4]++; calls[$2]++; num++ }
	END {
		for (e in end)
			list = list ", " end[e] " " e
		for (c in calls)
			which = which " " c ":" calls[c]
		print "# " num " times" list "; at calls" which
	}' ./*/results >&3
}

PATH=$hard:$PATH

@test "read and backup: killed at random moments" {
	times=$(amount 3 125)
	in_parallel "kill_reading 0 $times" "kill_reading 1 $times" \
		"kill_reading 2 $times" "kill_reading 3 $times"
	told
}

@test "clone: killed at random moments" {
	times=$(amount 5 250)
	in_parallel "kill_cloning 0 1 $times" "kill_cloning 2 3 $times"
	told
}
