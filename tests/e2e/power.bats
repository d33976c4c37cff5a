#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
# The probe alone is suspended when nobody has it open, and woken again. Suspend
# of the machine can't be tested here: 9p, on which it stands, doesn't survive.
# sim: --part F030F4
# kernel: 6.12
# alone

# shellcheck disable=SC2154,SC2164 # set by bats; it stops where cd fails

load common

setup() {
	cd "$BATS_TEST_TMPDIR"
	usb=$(readlink -f /sys/class/stlink/stlink0/device/..)
}

# until_suspended: the probe, by itself
until_suspended() {
	local i
	for ((i = 0; i < 100; i++)); do
		[ "$(cat "$usb/power/runtime_status")" != suspended ] || return 0
		sleep 0.1
	done
	echo "the probe is $(cat "$usb/power/runtime_status")" >&2
	return 1
}

# in_the_middle: of programming in the background, slowly
in_the_middle() {
	local i
	new_board 0
	stlink -q -f 100k program "$firmware/demo.bin" 2>errors &
	pid=$!
	for ((i = 0; i < 600; i++)); do
		[ "$(counter 0 halfwords)" -lt 500 ] || return 0
		sleep 0.05
	done
	return 1
}

@test "a board to begin with" {
	stlink program "$firmware/demo.bin"
	runs 0 1
}

@test "the probe sleeps when nobody has it open, and wakes for the next" {
	echo 0 >"$usb/power/autosuspend_delay_ms"
	echo auto >"$usb/power/control"
	until_suspended
	stlink verify "$firmware/demo.bin"
	until_suspended
	run stlink --json info
	status_is 0
	runs 0 1
	echo on >"$usb/power/control"
}

@test "it stays awake as long as a program has it open" {
	echo 0 >"$usb/power/autosuspend_delay_ms"
	echo auto >"$usb/power/control"
	in_the_middle
	[ "$(cat "$usb/power/runtime_status")" = active ]
	wait "$pid"
	flash_is 0 "$firmware/demo.bin"
	until_suspended
	echo on >"$usb/power/control"
}

@test "a probe that needs a reset to wake up is used as if nothing was" {
	echo 0483:3748:b >/sys/module/usbcore/parameters/quirks
	sim 0 unplug
	for ((i = 0; i < 50; i++)); do
		[ -e /dev/stlink0 ] || break
		sleep 0.1
	done
	sim 0 replug
	for ((i = 0; i < 100; i++)); do
		[ ! -e /dev/stlink0 ] || break
		sleep 0.1
	done
	udevadm settle
	usb=$(readlink -f /sys/class/stlink/stlink0/device/..)
	stlink program "$firmware/demo.bin"
	echo 0 >"$usb/power/autosuspend_delay_ms"
	echo auto >"$usb/power/control"
	until_suspended
	dmesg -c >/dev/null
	stlink verify "$firmware/demo.bin"
	dmesg | grep -q 'reset full-speed USB device'
	runs 0 1
	until_suspended
	stlink program "$firmware/demo2.bin"
	flash_is 0 "$firmware/demo2.bin"
	runs 0 2
}
