#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
# Stations in the middle of a board, which takes its time here: whatever ends it
# is told and logged, no process is left, and the next board is programmed.
# sim: --part F030F4
# timeout: 1800

# shellcheck disable=SC2154,SC2164 # set by bats; it stops where cd fails

load common
load station

setup() {
	cd "$BATS_TEST_TMPDIR"
	new_board 0
	bound 0
}

teardown() { kill_watch; }

@test "taken off while it is programmed: a failure; the next board passes" {
	conf "clock = 25k"
	watch
	in_the_middle 0
	sim 0 power off
	says 1 'FAIL .*taken off or lost its supply while it was programmed'
	grep -vq '^0' <<<"$(logged code)"
	next_works
	end_watch
	grep -q '^1 passed, 0 skipped, 1 failed' said
	records 2
}

@test "the probe pulled out while it programs: a failure; then all is well" {
	conf "clock = 25k"
	watch
	in_the_middle 0
	sim 0 unplug
	says 1 'FAIL .*the probe was unplugged.*while the board was programmed'
	says 1 'gone'
	log_is fail 2 unplugged
	sim 0 replug
	says 1 PASS
	flash_is 0 "$firmware/demo.bin"
	next_works
	end_watch
}

@test "the driver unbound while it programs: a failure; then all is well" {
	conf "clock = 25k"
	watch
	in_the_middle 0
	interface=$(basename "$(readlink -f /sys/class/stlink/stlink0/device)")
	echo "$interface" >/sys/bus/usb/drivers/stlink/unbind
	says 1 'FAIL .*detached from its driver'
	says 1 'gone'
	echo "$interface" >/sys/bus/usb/drivers/stlink/bind
	says 1 PASS
	next_works
	end_watch
}

@test "stopped while it programs: told so, logged, nothing is left" {
	conf "clock = 25k"
	watch
	in_the_middle 0
	end_watch
	grep -q 'FAIL .*stopped by a signal: the board is not done' said
	grep -q '^0 passed, 0 skipped, 1 failed' said
	log_is fail 8 "stopped by a signal"
	fails flash_is 0 "$firmware/demo.bin"
	watch
	says 1 PASS
	flash_is 0 "$firmware/demo.bin"
	end_watch
	# killed, the driver ends the session; the station goes with its parent
	next_board 0
	watch
	in_the_middle 0
	kill -KILL "$watch"
	fails wait "$watch"
	for ((i = 0; i < 100; i++)); do
		pgrep -x stlink >/dev/null || break
		sleep 0.1
	done
	fails pgrep -x stlink
	watch --once
	ends 0
	flash_is 0 "$firmware/demo.bin"
	runs 0 1
}

@test "program --all, stopped: exit status of the signal, and what is not done" {
	stlink -f 25k program --all "$firmware/demo.bin" >said 2>&1 3>&- &
	watch=$!
	in_the_middle 0
	end_watch 143
	grep -q 'FAIL .*stopped by a signal: the board is not done' said
	grep -q '^0 passed, 0 skipped, 1 failed' said
	sim 0 power off
	stlink --json program --all "$firmware/demo.bin" >said 3>&- &
	watch=$!
	sleep 2
	kill -INT "$watch"
	ends 130
	[ "$(jq -r '.boards[0].result' said)" = fail ]
	sim 0 power on
}

@test "a probe that another program has: waits until it is free" {
	conf
	image=$firmware/demo2.bin
	stlink -q -f 25k program "$image" 3>&- &
	other=$!
	in_the_middle 0 100
	watch
	# it looks again and again, and says so each time
	says + 'waiting /dev/stlink0 is in use by stlink'
	wait "$other"
	says 1 PASS
	flash_is 0 "$firmware/demo.bin"
	# two stations for one probe: the second one ends
	run stlink watch --config auto.conf -d /dev/stlink0
	status_is 0
	output_has "another station serves /dev/stlink0 already"
	# in between the probe is free for others
	stlink verify "$firmware/demo.bin"
	end_watch
}

@test "a station killed while it programs: told, logged; it takes the next board" {
	conf "clock = 25k"
	watch
	in_the_middle 0
	pkill -KILL -P "$watch"
	says 1 'FAIL the station was ended by signal 9'
	log_is fail 7 "signal 9"
	says 1 'waiting the board that is there was there before'
	next_works
	end_watch
	records 2
}
