# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash disable=SC2154
# What the end-to-end tests share. They run in the virtual machine, as root,
# with build/tools/stlink and simctl on PATH.
top=$(cd "$BATS_TEST_DIRNAME/../.." && pwd -P)
# shellcheck disable=SC2034
firmware=$top/build/firmware

# sim N COMMAND...: fails unless the simulator says ok
sim() {
	local answer
	answer=$(simctl "$@") || {
		echo "simctl $*: $answer" >&2
		return 1
	}
	echo "$answer"
}

# sim_value NAME N COMMAND...: one string or number of the simulator's answer. No jq:
# that takes longer to start, on an emulated processor, than all the rest together.
sim_value() {
	local answer
	answer=$(sim "${@:2}") || return
	[[ $answer =~ [{,]\"$1\":\"?([^,\"}]*) ]] || {
		echo "no $1: $answer" >&2
		return 1
	}
	echo "${BASH_REMATCH[1]}"
}

# status_is CODE: of the last "run"
status_is() {
	[ "$status" = "$1" ] || {
		echo "status $status, expected $1; output:" >&2
		echo "$output" >&2
		return 1
	}
}

# output_has TEXT: somewhere in the output of the last "run"
output_has() {
	[[ $output == *"$1"* ]] || {
		echo "no '$1' in:" >&2
		echo "$output" >&2
		return 1
	}
}

# device N: the node of the probe of simulator N. Serial numbers tell.
device() {
	local serial node
	serial=$(sim_value serial "$1" state) || return
	for node in /sys/class/stlink/stlink*; do
		[ "$(cat "$node/serial")" != "$serial" ] || {
			echo "/dev/${node##*/}"
			return
		}
	done
	echo "no node for simulator $1 ($serial)" >&2
	return 1
}

# memory N ADDRESS LENGTH: as seen by the simulator, not through the probe
memory() {
	local hex
	hex=$(sim_value hex "$1" peek "$2" "$3") || return
	xxd -r -p <<<"$hex"
}

# flash_is N FILE: flash of board N begins with the file
flash_is() {
	memory "$1" 0x08000000 "$(stat -c %s "$2")" | cmp - "$2"
}

# field N OFFSET: word of the firmware's status in SRAM of board N
field() {
	local hex
	hex=$(sim_value hex "$1" peek $((0x20000000 + $2)) 4) || return
	echo $((0x${hex:6:2}${hex:4:2}${hex:2:2}${hex:0:2}))
}

# runs N VERSION: the firmware of that version is running: its counter counts
runs() {
	local i before
	for ((i = 0; i < 20; i++)); do
		[ "$(field "$1" 8)" = "$2" ] && [ "$(field "$1" 4)" -gt 0 ] && break
		sleep 0.2
	done
	[ "$(field "$1" 0)" = $((0x30303346)) ] &&
		[ "$(field "$1" 8)" = "$2" ] || {
		echo "firmware $2 is not in SRAM: $(sim "$1" peek 0x20000000 20)" >&2
		return 1
	}
	before=$(field "$1" 4)
	sleep 0.3
	[ "$(field "$1" 4)" -gt "$before" ]
}

# core N STATE...: core state of board N as the simulator sees it, one of these. It
# is looked at once: firmware goes to sleep and wakes up between two looks.
core() {
	local state
	state=$(sim_value core "$1" state)
	[[ " ${*:2} " == *" $state "* ]] || {
		echo "core is $state, expected ${*:2}" >&2
		return 1
	}
}

# new_board N [PART]: a fresh board on simulator N
new_board() {
	sim "$1" swap ${2:+"$2"} >/dev/null && sim "$1" counters reset >/dev/null
}

# counter N NAME
counter() {
	sim_value "$2" "$1" counters
}
