#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
# What the rest of the system sees of a probe: attributes, a sensor, uevents,
# tracepoints, dynamic debug.
# sim: --part F030F4
# kernel: 6.1 6.12

# shellcheck disable=SC2154,SC2164 # set by bats; it stops where cd fails

load common

tracing=/sys/kernel/tracing

setup() {
	cd "$BATS_TEST_TMPDIR"
	sysfs=/sys/class/stlink/stlink0
}

teardown() {
	echo 0 >"$sysfs/target_poll_ms"
	echo 0 >"$tracing/events/stlink/enable"
}

# until_target STATE: as the attribute says
until_target() {
	local i
	for ((i = 0; i < 100; i++)); do
		[ "$(cat "$sysfs/target")" != "$1" ] || return 0
		sleep 0.1
	done
	echo "target is $(cat "$sysfs/target"), expected $1" >&2
	return 1
}

@test "attributes say what the probe is and does" {
	stlink program "$firmware/demo.bin"
	[ "$(cat "$sysfs/serial")" = "$(sim_value serial 0 state)" ]
	[ "$(cat "$sysfs/firmware")" = V2J37S7 ]
	[ "$(cat "$sysfs/features")" = \
		"voltage fault_addr clock dap mem16 ap_init dp_bank rw_misc" ]
	[ "$(cat "$sysfs/mode")" = idle ]
	[ "$(cat "$sysfs/clock_khz")" = 1800 ]
	[ "$(cat "$sysfs/target")" = present ]
	sim 0 voltage 2700
	mv=$(cat "$sysfs/target_voltage_mv")
	[ "$mv" -gt 2650 ] && [ "$mv" -lt 2750 ]
	sim 0 voltage a0=0,a1=0
	run cat "$sysfs/target_voltage_mv"
	status_is 1
	output_has "No data available"
	sim 0 voltage 3300
}

@test "sensors shows the target's supply" {
	run sensors
	status_is 0
	output_has "stlink-"
	output_has "target:"
	output_has "3.30 V"
}

@test "udev hears of boards that come and go, and the firmware doesn't care" {
	stlink program "$firmware/demo.bin"
	udevadm monitor --udev --property --subsystem-match=stlink >events &
	pid=$!
	sleep 1
	echo 100 >"$sysfs/target_poll_ms"
	until_target present
	runs 0 1
	sim 0 power off
	until_target absent
	sim 0 power on
	until_target present
	runs 0 1
	# Off again: not a word to the probe
	echo 0 >"$sysfs/target_poll_ms"
	sleep 0.5
	udevadm settle
	kill "$pid"
	before=$(counter 0 exchanges)
	sleep 1
	[ "$(counter 0 exchanges)" = "$before" ]
	[ "$(grep -c STLINK_TARGET=present events)" = 2 ]
	[ "$(grep -c STLINK_TARGET=absent events)" = 1 ]
	[ "$(sim_value mode 0 state)" = mass ]
}

@test "each exchange and each operation can be traced, with who asked" {
	stlink program "$firmware/demo.bin"
	echo >"$tracing/trace"
	echo 1 >"$tracing/events/stlink/enable"
	before=$(counter 0 exchanges)
	stlink read all.bin &
	wait $!
	echo 0 >"$tracing/events/stlink/enable"
	after=$(counter 0 exchanges)
	[ "$(grep -c stlink_exchange: "$tracing/trace")" = $((after - before)) ]
	# Its name is the kernel's to add, and not recorded on emulated processors.
	grep -q -- "-$! .*stlink_mem: stlink0 read 08000000" "$tracing/trace"
}

@test "dynamic debug says what is exchanged" {
	echo 'module stlink +p' >/sys/kernel/debug/dynamic_debug/control
	dmesg -c >/dev/null
	stlink info
	echo 'module stlink -p' >/sys/kernel/debug/dynamic_debug/control
	dmesg | grep -q 'stlink0: cmd f2 36 00 ed 00 e0'
}
