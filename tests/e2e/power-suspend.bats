#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
# The whole machine is suspended (ACPI S3), with the probe in all kinds of use. As
# the controller loses its state, what wakes up is reset_resume.
# sim: --part F030F4
# kernel: 6.1
# timeout: 1800
# in-memory

# shellcheck disable=SC2154,SC2164 # set by bats; it stops where cd fails

load common
load power

teardown() { end_holder; }

setup() {
	cd "$BATS_TEST_TMPDIR"
	[ "$(of_probe plugged)" = true ] || sim 0 replug
	until_it_says there node
}

@test "a board to begin with" {
	stlink program "$firmware/demo.bin"
	runs 0 1
}

@test "suspend with a probe that nobody has open" {
	sim 0 counters reset
	suspended
	runs 0 1
	stlink verify "$firmware/demo.bin"
	[ "$(counter 0 system_resets)" = 0 ]
	runs 0 1
}

@test "suspend with a probe that was suspended already" {
	echo 0 >/sys/class/stlink/stlink0/device/../power/autosuspend_delay_ms
	echo auto >/sys/class/stlink/stlink0/device/../power/control
	until_it_says suspended runtime_status
	suspended
	stlink verify "$firmware/demo.bin"
	until_it_says suspended runtime_status
	echo on >/sys/class/stlink/stlink0/device/../power/control
	runs 0 1
}

@test "suspend with a session: the core runs, attach again" {
	hold
	halt_core
	[ "$(of_probe mode)" = debug ]
	suspended
	saw 'reset full-speed USB device'
	# Nobody has called anything since.
	runs 0 1
	session_lost_and_found
}

@test "suspend with nRST held low: released" {
	hold
	hears ok attach 1
	hears ok nrst 1
	[ "$(of_probe nrst_low)" = true ]
	suspended
	[ "$(of_probe nrst_low)" = false ]
	runs 0 1
	hears ENOTCONN nrst 1
	[ "$(of_probe nrst_low)" = false ]
	let_go
}

@test "suspend twice in a row, with the session not taken up between" {
	hold
	halt_core
	suspended
	suspended
	runs 0 1
	session_lost_and_found
}

@test "suspend in the middle of waiting" {
	hold
	hears ok attach 1
	order poll 0x20000000 0 30000
	sleep 0.5
	suspended
	heard ENOTCONN
	session_lost_and_found
}

@test "suspend in the middle of slow reading" {
	hold
	hears ok attach 1 5
	order read 0x08000000 0x4000
	sleep 0.5
	suspended
	heard "E*"
	session_lost_and_found
}

@test "suspend in the middle of programming: an error, and once more" {
	in_the_middle
	suspended
	program_fails_and_succeeds
}

@test "probe pulled out while suspended: ENODEV" {
	hold
	halt_core
	while_asleep 0 unplug
	suspended
	until_it_says gone node
	hears ENODEV word 0x08000000
	hears ENODEV info
	let_go
	sim 0 replug
	until_it_says there node
	stlink verify "$firmware/demo.bin"
}

@test "probe without power while suspended: as if only suspended" {
	hold
	halt_core
	while_asleep 0 unplug
	while_asleep 0 replug
	suspended
	# As it is after its power went on.
	[ "$(of_probe mode)" = dfu ]
	runs 0 1
	session_lost_and_found
}

@test "session taken away by a reset: the core runs in suspend at the latest" {
	hold
	halt_core
	usbreset 0483:3748
	core 0 halted
	suspended
	runs 0 1
	session_lost_and_found
}
