#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
# A clone that is cut off at a random point, by the cable or by the supply, and
# repeated: in the end there are two boards that are the same, and run. On each
# part; the seed is printed.
# sim: --fast --part F030F4
# sim: --fast --part F030F4
# timeout: 1800

# shellcheck disable=SC2154,SC2164 # set by bats; it stops where cd fails

load common

setup_file() {
	seed=$((RANDOM << 15 | RANDOM))
	export seed
	echo "# seed $seed" >&3
}

setup() {
	cd "$BATS_TEST_TMPDIR"
	RANDOM=$((seed + BATS_TEST_NUMBER))
}

# random N: from 1 to N
random() {
	picked=$(((RANDOM << 15 | RANDOM) % $1 + 1))
}

# options N HEX: stores and loads option bytes
options() {
	sim "$1" poke 0x1ffff800 "$2"
	sim "$1" reload-options
}

# bound N: waits until the probe of simulator N has its node
bound() {
	for ((i = 0; i < 100; i++)); do
		! device "$1" >/dev/null 2>&1 || return 0
		sleep 0.1
	done
	device "$1"
}

# clone [OPTION...]: node numbers change when a probe is unplugged
clone() {
	stlink -q "$@" clone --from "$serial0" --to "$serial1"
}

# fresh PART: a destination with junk in it
fresh() {
	new_board 1 "$1"
	head -c "$size" /dev/urandom >junk.bin
	stlink -q -s "$serial1" program --no-reset junk.bin
	sim 1 counters reset
}

# cut KIND: begins a misfortune of that kind
cut() {
	case $1 in
	source)
		random "$transfers0"
		sim 0 inject unplug-at "$picked" ;;
	cable)
		random "$transfers1"
		sim 1 inject unplug-at "$picked" ;;
	power)
		random "$transfers1"
		sim 1 inject power-off-at "$picked" ;;
	flash)
		random "$operations"
		sim 1 chip-fault power-cut "$picked" $((RANDOM % 101)) ;;
	options)
		# an erase and eight bytes are the last that is done
		random 9
		sim 1 chip-fault power-cut $((operations - 9 + picked)) \
			$((RANDOM % 101)) ;;
	esac
	echo "$1 $picked"
}

# mended: everything is plugged in and powered again
mended() {
	for n in 0 1; do
		sim $n inject off
		sim $n chip-fault off
		sim $n replug
		bound $n
	done
	sim 1 power off
	sim 1 power on
}

# same: also where a byte of FF was left erased, without its complement; both are
# in order and mean the same, so the tool doesn't erase all of them for that
same() {
	local stored
	stored=$(sim_value stored 1 options | fold -w 4 |
		sed 's/^ffff$/ff00/' | tr -d '\n')
	flash_is 1 flash.bin && runs 1 1 || return
	[ "$stored" = "$wanted" ] || {
		echo "option bytes are $stored, should be $wanted" >&2
		return 1
	}
}

# cuts PART SIZE
cuts() {
	size=$2
	wanted=aa55ff003cc312edff00ff00ff00ff00
	serial0=$(sim_value serial 0 state)
	serial1=$(sim_value serial 1 state)
	head -c "$size" /dev/urandom >flash.bin
	dd if="$firmware/demo.bin" of=flash.bin conv=notrunc 2>/dev/null
	new_board 0 "$1"
	stlink -q -s "$serial0" program flash.bin
	options 0 "$wanted"
	sim 0 reset
	sim 0 counters reset
	fresh "$1"
	clone
	same
	transfers0=$(counter 0 bulk_transfers)
	transfers1=$(counter 1 bulk_transfers)
	operations=$(($(counter 1 page_erases) + $(counter 1 mass_erases) +
		$(counter 1 halfwords) + $(counter 1 option_erases) + 8))
	echo "$transfers0 and $transfers1 transfers, $operations operations"
	kinds=(source cable cable power flash options)
	# The large parts need minutes; tests/hard/board-faults.bats has more.
	if [ "$STLINK_AMOUNT" != full ] && [ "$size" -gt 32768 ]; then
		random 5
		kinds=("${kinds[@]:picked - 1:2}")
	fi
	for kind in "${kinds[@]}"; do
		fresh "$1"
		cut "$kind"
		clone || true
		mended
		clone --yes
		same
		flash_is 0 flash.bin
		[ "$(counter 0 halfwords)" = 0 ] # only looked at
	done
}

@test "F030F4" {
	cuts F030F4 16384
}

@test "F030x6" {
	cuts F030x6 32768
}

@test "F030x8" {
	cuts F030x8 65536
}

@test "F030xC" {
	cuts F030xC 262144
}
