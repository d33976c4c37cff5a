#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
# What goes wrong on a bench: each with its message, its exit status, and
# nothing lost.
# sim: --part F030F4
# timeout: 1800

# shellcheck disable=SC2154,SC2164 # set by bats; it stops where cd fails

load common

setup() {
	cd "$BATS_TEST_TMPDIR"
	new_board 0 F030F4
}

# option OFFSET BYTE: stores an option byte with its complement
option() {
	sim 0 poke $((0x1ffff800 + $1)) \
		"$(printf '%02x%02x' "$2" $((~$2 & 255)))" >/dev/null
	sim 0 reload-options >/dev/null
}

# until_programmed N: that many half-words by a tool in the background
until_programmed() {
	local i
	for ((i = 0; i < 600; i++)); do
		[ "$(counter 0 halfwords)" -lt "$1" ] || return 0
		sleep 0.05
	done
	return 1
}

# node yes|no: waits until there is a node, or none
node() {
	local i there
	for ((i = 0; i < 100; i++)); do
		there=yes
		[ -e /dev/stlink0 ] || there=no
		[ $there != "$1" ] || break
		sleep 0.1
	done
	[ $there = "$1" ] && udevadm settle
}

# back: pulled out already or not, it comes back
back() {
	sim 0 unplug
	node no
	sim 0 replug
	node yes
}

untouched() {
	[ "$(counter 0 page_erases)" = 0 ] &&
		[ "$(counter 0 mass_erases)" = 0 ] &&
		[ "$(counter 0 halfwords)" = 0 ]
}

@test "read protection level 1: said at once, exit status 6" {
	stlink program "$firmware/demo.bin"
	option 0 0x00
	sim 0 counters reset
	run stlink info
	status_is 0
	output_has "level 1"
	for line in "read out.bin" "verify $firmware/demo.bin" \
		"program $firmware/demo2.bin" "erase --page 1"; do
		# shellcheck disable=SC2086
		run stlink $line
		[ "$status" = 6 ] || {
			echo "stlink $line: status $status: $output" >&2
			return 1
		}
		output_has "level 1"
	done
	[ ! -e out.bin ]
	untouched
	flash_is 0 "$firmware/demo.bin"
}

@test "a write-protected page: named, nothing erased" {
	stlink program "$firmware/demo.bin"
	option 8 0xfe
	sim 0 counters reset
	run stlink program "$firmware/pll.bin"
	status_is 6
	output_has "protect"
	untouched
	flash_is 0 "$firmware/demo.bin"
	run stlink erase --all -y
	status_is 6
	untouched
}

@test "pages beside the protected ones can still be written" {
	option 8 0xfb
	head -c 1024 /dev/urandom >page.bin
	stlink program --no-reset page.bin 0x08000000
	flash_is 0 page.bin
}

@test "images that can't be are refused before anything is erased" {
	stlink program "$firmware/demo.bin"
	sim 0 counters reset
	head -c 16385 /dev/urandom >big.bin
	run stlink program big.bin
	status_is 11
	run stlink program "$firmware/demo.bin" 0x08001000
	status_is 11
	run stlink program "$firmware/demo.bin" 0x20000000
	status_is 11
	run stlink program nothing.bin
	status_is 10
	: >empty.bin
	run stlink program empty.bin
	status_is 10
	sed 's/^:10/:11/' "$firmware/demo.hex" >bad.hex
	run stlink program bad.hex
	status_is 10
	output_has "bad.hex"
	head -n 20 "$firmware/demo.hex" >short.hex
	run stlink program short.hex
	status_is 10
	# another stack pointer than the first record has
	{
		head -n -1 "$firmware/demo.hex"
		echo :0400000000000000FC
		tail -n 1 "$firmware/demo.hex"
	} >twice.hex
	run stlink program twice.hex
	status_is 10
	untouched
	runs 0 1
}

@test "no target on the wire, no supply: exit status 5" {
	sim 0 inject swd-dead on
	run stlink info
	status_is 5
	run stlink read out.bin
	status_is 5
	[ ! -e out.bin ]
	sim 0 inject swd-dead off
	sim 0 power off
	run stlink info
	status_is 5
	sim 0 power on
	stlink info
}

@test "no probe: exit status 2, and it works again when it is back" {
	sim 0 unplug
	node no
	run stlink info
	status_is 2
	run stlink list
	back
	stlink info
}

@test "unplugged while reading: exit status, no partial file" {
	stlink program "$firmware/demo.bin"
	sim 0 inject unplug-at 15
	run stlink read out.bin
	[ "$status" = 7 ] || [ "$status" = 2 ]
	[ ! -e out.bin ]
	[ -z "$(ls -A)" ]
	back
	stlink read out.bin
	flash_is 0 out.bin
}

# Nobody takes what it reads, so it hasn't detached when the probe is pulled out
@test "unplugged when all has been read: a warning, and all that was read" {
	local i pid
	new_board 0 F030xC
	stlink read whole.bin
	mkfifo pipe
	stlink read - >pipe 2>said &
	pid=$!
	exec 7<pipe
	for ((i = 0; i < 100; i++)); do
		! grep -q pipe_write "/proc/$pid/wchan" || break
		sleep 0.1
	done
	sim 0 unplug
	node no
	cat <&7 >out.bin
	exec 7<&-
	wait "$pid"
	grep 'all was done by then' said
	cmp whole.bin out.bin
	back
	stlink read out.bin
}

@test "power lost while programming: told; the same again succeeds" {
	sim 0 counters reset
	stlink -q -f 25k program "$firmware/demo.bin" &
	pid=$!
	until_programmed 500
	sim 0 power off
	status=0
	wait "$pid" || status=$?
	[ "$status" = 5 ] || [ "$status" = 7 ] || [ "$status" = 8 ]
	sim 0 power on
	stlink program "$firmware/demo.bin"
	flash_is 0 "$firmware/demo.bin"
	runs 0 1
}

@test "reset while programming: by what, and that it is held" {
	stlink program "$firmware/demo.bin"
	sim 0 chip-fault nrst-cut 100 50
	run stlink program "$firmware/pll.bin"
	status_is 8
	output_has "the chip was reset meanwhile by: nRST pin, or software"
	output_has "something holds nRST low"
	sim 0 nrst release
	stlink program "$firmware/pll.bin"
	runs 0 3
}

@test "another program has the probe: exit status 3, and who" {
	stlink -q -f 5k program "$firmware/demo.bin" &
	pid=$!
	for ((i = 0; i < 100; i++)); do
		run stlink info
		[ "$status" != 3 ] || break
		sleep 0.05
	done
	status_is 3
	output_has "$pid"
	kill "$pid"
	wait "$pid" || true
	stlink info
}

@test "killed while programming: the probe is free, the core runs or is blank" {
	sim 0 counters reset
	stlink -q -f 25k program "$firmware/demo.bin" &
	pid=$!
	until_programmed 500
	kill -9 "$pid"
	wait "$pid" || true
	[ "$(sim_value core 0 state)" != halted ]
	[ "$(sim_value mode 0 state)" != debug ]
	stlink program "$firmware/demo.bin"
	runs 0 1
}

@test "no permission: exit status 4" {
	run setpriv --reuid=nobody --clear-groups stlink info
	status_is 4
	output_has plugdev
}

@test "a watchdog that runs from reset on" {
	option 2 0xfe
	stlink program "$firmware/watchdog.bin"
	flash_is 0 "$firmware/watchdog.bin"
	runs 0 4
	stlink program "$firmware/demo2.bin" --no-reset
	flash_is 0 "$firmware/demo2.bin"
}

@test "firmware that started the watchdog itself is replaced" {
	stlink program "$firmware/watchdog.bin"
	runs 0 4
	stlink program "$firmware/demo.bin"
	flash_is 0 "$firmware/demo.bin"
	runs 0 1
}

@test "firmware that runs at 48 MHz is replaced" {
	stlink program "$firmware/pll.bin"
	runs 0 3
	stlink program "$firmware/demo.bin"
	flash_is 0 "$firmware/demo.bin"
	runs 0 1
	stlink program "$firmware/pll.bin"
	runs 0 3
}

@test "firmware that took the SWD pins: under reset" {
	stlink program "$firmware/swdoff.bin"
	runs 0 5
	run stlink info
	status_is 5
	output_has under-reset
	run stlink program "$firmware/demo.bin"
	status_is 0
	output_has reset
	flash_is 0 "$firmware/demo.bin"
	runs 0 1
}

@test "reset line not wired: programmed all the same" {
	sim 0 nrst-wired 0
	stlink program "$firmware/demo.bin"
	runs 0 1
	stlink reset
	runs 0 1
	stlink --mode under-reset program "$firmware/demo2.bin"
	runs 0 2
	sim 0 nrst-wired 1
}

@test "a copy that was cut off at 1 KiB: that it locks up is said, and why" {
	head -c 1024 "$firmware/demo.bin" >cut.bin
	run stlink program cut.bin
	status_is 0
	output_has lock
	flash_is 0 cut.bin
	output=$(stlink --json program cut.bin 2>/dev/null)
	[ "$(jq -r .core.state <<<"$output")" = lockup ]
	[ "$(jq '.warnings | length' <<<"$output")" -gt 0 ]
}

@test "bad values: a busy target, refused accesses, a probe in trouble" {
	stlink program "$firmware/demo.bin"
	sim 0 inject wait 5
	stlink read -q out.bin
	flash_is 0 out.bin
	sim 0 inject status 0x11 1
	run stlink md 0x20000000 4
	sim 0 inject silent 1
	stlink info || stlink info
	stlink read -q out2.bin
	flash_is 0 out2.bin
	runs 0 1
}

@test "reading where nothing is: the address is named, no file" {
	run stlink read out.bin 0x0 0x10000000
	status_is 7
	output_has 0x00004000
	[ ! -e out.bin ]
	run stlink read out.bin 0x20000000 0x1001
	status_is 7
	output_has 0x20001000
	[ ! -e out.bin ]
}

@test "a file that can't be written: exit status 10, nothing left" {
	run stlink read /proc/nothing.bin
	status_is 10
	run stlink read /nowhere/out.bin
	status_is 10
	[ -z "$(ls -A)" ]
}

@test "--json speaks of errors too" {
	sim 0 power off
	output=$(stlink --json info 2>/dev/null) || status=$?
	status_is 5
	[ "$(jq .ok <<<"$output")" = false ]
	[ "$(jq .error.code <<<"$output")" = 5 ]
	[ -n "$(jq -r .error.message <<<"$output")" ]
	sim 0 power on
}
