#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
# Every part, and firmware of the probe from the oldest on the market to the
# newest; the last one is a V2-1 with its four interfaces.
# sim: --fast --part F030F4 --firmware V2J17S4
# sim: --fast --part F030x6 --firmware V2J24S4
# sim: --fast --part F030x8 --firmware V2J28S7 --start-mode 2
# sim: --fast --part F030xC --pid 374b --firmware V2J45M30
# timeout: 1800

# shellcheck disable=SC2154,SC2164 # set by bats; it stops where cd fails

load common

size=(16384 32768 65536 262144)
page=(1024 1024 1024 2048)
sram=(4096 4096 8192 32768)
version=(V2J17S4 V2J24S4 V2J28S7 V2J45M30)

setup() {
	cd "$BATS_TEST_TMPDIR"
}

@test "all four are listed, with their firmware" {
	run stlink --json list
	status_is 0
	[ "$(jq '.probes | length' <<<"$output")" = 4 ]
	for n in 0 1 2 3; do
		node=$(device $n)
		[ "$(jq -r ".probes[] | select(.device == \"$node\") | .firmware" \
			<<<"$output")" = "${version[n]}" ]
	done
}

@test "without saying which one, nothing is done" {
	run stlink info
	status_is 1
	output_has /dev/stlink0
	output_has /dev/stlink3
}

@test "each part is identified" {
	for n in 0 1 2 3; do
		run stlink -d "$(device $n)" --json info
		status_is 0
		[ "$(jq .target.flash_size <<<"$output")" = "${size[n]}" ]
		[ "$(jq .target.page_size <<<"$output")" = "${page[n]}" ]
		[ "$(jq .target.sram_size <<<"$output")" = "${sram[n]}" ]
	done
}

@test "firmware is programmed, verified and runs on each" {
	for n in 0 1 2 3; do
		node=$(device $n)
		stlink -d "$node" program "$firmware/demo.hex"
		flash_is $n "$firmware/demo.bin"
		stlink -d "$node" verify "$firmware/demo.elf"
		runs $n 1
		stlink -d "$node" reset
		runs $n 1
	done
}

@test "the whole flash is filled with random data and read back, on each" {
	for n in 0 1 2 3; do
		node=$(device $n)
		head -c "${size[n]}" /dev/urandom >random.bin
		stlink -d "$node" program --no-reset random.bin
		flash_is $n random.bin
		stlink -d "$node" read -q back.bin
		cmp random.bin back.bin
		[ "$(counter $n flash_errors)" = 0 ]
	done
}

@test "one byte too many is refused on each, and nothing is erased" {
	for n in 0 1 2 3; do
		memory $n 0x08000000 "${size[n]}" >before.bin
		sim $n counters reset
		head -c $((size[n] + 1)) /dev/urandom >big.bin
		run stlink -d "$(device $n)" program big.bin
		status_is 11
		flash_is $n before.bin
		[ "$(counter $n page_erases)" = 0 ]
		[ "$(counter $n mass_erases)" = 0 ]
	done
}

@test "last page alone, on each" {
	for n in 0 1 2 3; do
		node=$(device $n)
		memory $n 0x08000000 "${size[n]}" >expected.bin
		head -c "${page[n]}" /dev/urandom >last.bin
		dd if=last.bin of=expected.bin bs=1 conv=notrunc \
			seek=$((size[n] - page[n])) 2>/dev/null
		stlink -d "$node" program --no-reset last.bin \
			$((0x08000000 + size[n] - page[n]))
		flash_is $n expected.bin
	done
}

@test "a board is copied to another one, by read and program" {
	new_board 0
	stlink -d "$(device 1)" erase --all -y
	stlink -d "$(device 0)" program "$firmware/demo2.bin"
	stlink -d "$(device 0)" read copy.bin
	stlink -d "$(device 1)" program copy.bin
	flash_is 1 "$firmware/demo2.bin"
	runs 1 2
}

@test "the four work at the same time" {
	for n in 0 1 2 3; do
		stlink -q -d "$(device $n)" program "$firmware/demo.bin" &
		pids[n]=$!
	done
	for n in 0 1 2 3; do
		wait "${pids[n]}"
		flash_is $n "$firmware/demo.bin"
		runs $n 1
	done
}

@test "mass storage and serial port of the V2-1 stay with their drivers" {
	usb=$(readlink -f "/sys/class/stlink/$(basename "$(device 3)")/device/..")
	[ "$(basename "$(readlink "$usb"/*:1.0/driver)")" = stlink ]
	for interface in "$usb"/*:1.[1-9]; do
		[ -e "$interface" ]
		[ "$(readlink -f "$interface/driver")" != \
			/sys/bus/usb/drivers/stlink ]
	done
}
