#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
# Programs that drive the probe through libusb, with our driver bound.
# sim: --part F030F4

# shellcheck disable=SC2154,SC2164 # set by bats; it stops where cd fails

load common

driver=/sys/bus/usb/drivers/stlink

setup() {
	cd "$BATS_TEST_TMPDIR"
	stlink program "$firmware/demo.bin"
	interface=$(basename "$(readlink -f /sys/class/stlink/stlink0/device)")
}

teardown() {
	[ -e "$driver/$interface" ] || echo "$interface" >"$driver/bind"
	udevadm settle
}

@test "st-flash takes the probe away by itself; bind gives it back" {
	st-flash read st.bin 0x08000000 0x1000
	cmp -n 4096 st.bin "$firmware/demo.bin"
	[ ! -e "$driver/$interface" ]
	echo "$interface" >"$driver/bind"
	udevadm settle
	stlink verify "$firmware/demo.bin"
}

@test "who has the probe open when it is taken away hears of it" {
	stlink -q -f 5k read out.bin 2>errors &
	pid=$!
	sleep 2
	st-info --probe
	status=0
	wait "$pid" || status=$?
	[ "$status" = 2 ] || [ "$status" = 7 ]
	[ -s errors ]
	[ ! -e out.bin ]
}

@test "openocd works once the driver is unbound" {
	run openocd -f interface/stlink-dap.cfg -f target/stm32f0x.cfg \
		-c "init; shutdown"
	[ "$status" != 0 ]
	echo "$interface" >"$driver/unbind"
	openocd -f interface/stlink-dap.cfg -f target/stm32f0x.cfg \
		-c "init; reset run; shutdown"
	echo "$interface" >"$driver/bind"
	udevadm settle
	stlink verify "$firmware/demo.bin"
	runs 0 1
}
