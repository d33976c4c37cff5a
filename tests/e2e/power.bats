#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
# Suspend of the machine and of the probe alone, with and without a session.
# sim: --part F030F4
# kernel: 6.1 6.12
# alone

# shellcheck disable=SC2154,SC2164 # set by bats; it stops where cd fails

load common

setup() {
	cd "$BATS_TEST_TMPDIR"
	usb=$(readlink -f /sys/class/stlink/stlink0/device/..)
}

# Devices are suspended and resumed for real; the machine itself isn't
suspend_devices() {
	echo devices >/sys/power/pm_test
	echo freeze >/sys/power/state
	echo none >/sys/power/pm_test
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

@test "suspend without a session changes nothing" {
	stlink program "$firmware/demo.bin"
	suspend_devices
	stlink verify "$firmware/demo.bin"
	runs 0 1
}

@test "suspend in the middle of programming: one clear error, then again" {
	in_the_middle
	suspend_devices
	status=0
	wait "$pid" || status=$?
	[ "$status" = 7 ] || [ "$status" = 8 ] || {
		echo "status $status: $(cat errors)" >&2
		return 1
	}
	[ -s errors ]
	[ "$(sim 0 state | jq -r .core)" != halted ]
	stlink program "$firmware/demo.bin"
	flash_is 0 "$firmware/demo.bin"
	runs 0 1
}

@test "a halted core runs again after a suspend took its session" {
	stlink program "$firmware/demo.bin"
	stlink halt
	core 0 halted
	suspend_devices
	# left halted on purpose: there was no session to end
	core 0 halted
	stlink run
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

@test "a probe that needs a reset to wake up is found again" {
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
	suspend_devices
	stlink verify "$firmware/demo.bin"
	in_the_middle
	suspend_devices
	status=0
	wait "$pid" || status=$?
	[ "$status" = 7 ] || [ "$status" = 8 ]
	stlink program "$firmware/demo.bin"
	flash_is 0 "$firmware/demo.bin"
	runs 0 1
}
