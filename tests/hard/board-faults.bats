#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
# The board fails at each step of a job: its supply is cut, its nRST held, its SWD
# lines dead, for good or for a while, at a transfer or in the middle of what the
# flash does. The command ends, names the fault and says what to do; repeated, it
# makes the board right; and no chip is at read protection level 1 unless it has to.
# STLINK_SEED=N repeats a run. The full cut takes STLINK_SECONDS for each job, from the
# fault on that STLINK_FROM="JOB:N JOB:N..." says.
# sim: --fast --part F030F4
# sim: --fast --part F030F4
# sim: --fast --part F030F4
# sim: --fast --part F030F4
# sim: --part F030F4
# kernel: 6.1
# timeout: 1200
# full-timeout: 9000
# alone

# shellcheck disable=SC2154,SC2164 # set by bats; it stops where cd fails

load common

setup() {
	cd "$BATS_TEST_TMPDIR"
}

# faults JOB SHORT: at so many steps, or at each of them as far as there is time
faults() {
	local much from=0
	[[ ! " $STLINK_FROM " =~ \ $1:([0-9]+) ]] || from=${BASH_REMATCH[1]}
	read -ra much <<<"$(amount "$2" \
		"all --from $from --seconds ${STLINK_SECONDS:-1200}")"
	python3 "$BATS_TEST_DIRNAME/boardfaults.py" "$1" "${much[@]}" \
		${STLINK_SEED:+--seed "$STLINK_SEED"} >said || {
		cat said
		return 1
	}
	sed 's/^/# /' said >&3
}

# By the chip's own clock: nothing of it depends on the host.
@test "how long a chip is without its RDP byte: the erase, a half-word, a few us" {
	stlink -q -d "$(device 4)" -y option set DATA0=0x12
	open=$(counter 4 rdp_open_ns)
	flash=$((30000000 + 53500))
	echo "# $((open / 1000)) us, of which the flash needs $((flash / 1000))" >&3
	[ "$open" -ge "$flash" ]
	[ "$open" -lt $((flash + 50000)) ]
}

@test "program" {
	faults program 8
}

@test "program without the loader" {
	faults program-no-loader 4
}

@test "clone, with option bytes that differ" {
	faults clone 6
}

@test "option set" {
	faults option-set 8
}

@test "protect" {
	faults protect 4
}

@test "unprotect" {
	faults unprotect 4
}
