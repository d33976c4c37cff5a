#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
# The probe alone is suspended when nobody has it open, and woken again.
# sim: --part F030F4
# kernel: 6.12
# alone

# shellcheck disable=SC2154,SC2164 # set by bats; it stops where cd fails

load common
load power

setup() {
	cd "$BATS_TEST_TMPDIR"
	usb=$(readlink -f /sys/class/stlink/stlink0/device/..)
}

until_suspended() { until_it_says suspended runtime_status; }

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
	replug
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
