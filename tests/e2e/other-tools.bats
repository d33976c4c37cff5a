#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
# The simulated probe and board as unmodified tools of other people see them:
# Debian's st-info, st-flash and openocd. What they did is read back from the
# board itself, not through the probe. Real timing on the first board.
# sim: --serial 066DFF535550755187191037 --part F030F4
# sim: --serial 0673FF505353667267080635 --part F030F4 --firmware V2J17S4 --fast
# sim: --serial 0669FF485371706787508765 --part F030F4 --firmware V2J45M30 --pid 374b --fast
# no-module
# timeout: 1800

# shellcheck disable=SC2154,SC2164 # set by bats; it stops where cd fails

load common

serials=(066DFF535550755187191037 0673FF505353667267080635 0669FF485371706787508765)

setup() {
	cd "$BATS_TEST_TMPDIR"
}

# hex FILE: its bytes
hex() {
	od -An -v -tx1 "$1" | tr -d ' \n'
}

# board_has N FILE: flash of board N begins with the file
board_has() {
	local length
	length=$(stat -c %s "$2")
	sim_value hex "$1" peek 0x08000000 "$length" >board.hex
	hex "$2" >file.hex
	echo >>file.hex
	cmp board.hex file.hex
}

# board_blank N: nothing in its flash
board_blank() {
	[ "$(sim_value hex "$1" peek 0x08000000 16384 | tr -d f)" = "" ]
}

# ocd N INTERFACE COMMAND: openocd on board N
ocd() {
	timeout 120 openocd -f "interface/$2" -c "adapter serial ${serials[$1]}" \
		-f target/stm32f0x.cfg -c "$3"
}

# st_cycle N: st-flash writes, reads, resets and erases board N. Not on a fresh
# board: st-info leaves a session open, and st-flash goes on with it.
st_cycle() {
	local serial=${serials[$1]} image=$firmware/demo.bin
	sim "$1" counters reset >/dev/null
	run st-flash --serial "$serial" write "$image" 0x08000000
	status_is 0
	output_has "Flash written and verified"
	board_has "$1" "$image"
	[ "$(counter "$1" halfwords)" -gt 4000 ]
	st-flash --serial "$serial" reset
	runs "$1" 1
	st-flash --serial "$serial" read back.bin 0x08000000 16384
	[ "$(stat -c %s back.bin)" = 16384 ]
	cmp -n "$(stat -c %s "$image")" back.bin "$image"
	st-flash --serial "$serial" erase
	board_blank "$1"
	[ "$(counter "$1" mass_erases)" -ge 1 ]
}

# ocd_cycle N INTERFACE: openocd programs, verifies, dumps, erases board N
ocd_cycle() {
	local image=$firmware/demo2.bin byte
	new_board "$1"
	run ocd "$1" "$2" "program $image verify reset exit 0x08000000"
	status_is 0
	output_has "Verified OK"
	board_has "$1" "$image"
	runs "$1" 2
	[ "$(sim_value mode "$1" state)" = mass ]
	run ocd "$1" "$2" "init; reset halt; \
		dump_image back.bin 0x08000000 16384; reg; shutdown"
	status_is 0
	cmp -n "$(stat -c %s "$image")" back.bin "$image"
	# halted at the reset vector, and it stays so
	core "$1" halted
	byte=$(sim "$1" state | jq -r .registers.pc)
	[ $((byte)) = $((0x$(od -An -tx4 -j4 -N4 "$image" | tr -d ' ') & ~1)) ]
	# one byte of the board's flash changes: verify must see it
	sim "$1" poke 0x08000123 5a >/dev/null
	run ocd "$1" "$2" "init; reset halt; \
		verify_image $image 0x08000000 bin; shutdown"
	[ "$status" != 0 ]
	ocd "$1" "$2" "init; reset halt; stm32f1x mass_erase 0; shutdown"
	board_blank "$1"
}

@test "st-info finds all three" {
	run st-info --probe
	status_is 0
	output_has "Found 3 stlink programmers"
	[ "$(grep -c 'chipid:     0x0444' <<<"$output")" = 3 ]
	[ "$(grep -c 'flash:      16384 (pagesize: 1024)' <<<"$output")" = 3 ]
	[ "$(grep -c 'sram:       4096' <<<"$output")" = 3 ]
	output_has V2J37S7
	output_has V2J17S4
}

@test "st-flash writes, reads, resets, erases: real timing" {
	st_cycle 0
}

@test "st-flash, firmware V2J17S4" {
	st_cycle 1
}

@test "st-flash, V2-1 with firmware V2J45M30" {
	st_cycle 2
}

@test "openocd with interface/stlink.cfg: real timing" {
	ocd_cycle 0 stlink.cfg
}

@test "openocd with interface/stlink.cfg, firmware V2J17S4" {
	ocd_cycle 1 stlink.cfg
}

@test "openocd with interface/stlink.cfg, V2-1" {
	ocd_cycle 2 stlink.cfg
}

@test "openocd with interface/stlink-dap.cfg: real timing" {
	ocd_cycle 0 stlink-dap.cfg
}

@test "openocd with interface/stlink-dap.cfg, V2-1" {
	ocd_cycle 2 stlink-dap.cfg
}

@test "openocd with interface/stlink-dap.cfg refuses V2J17S4" {
	run ocd 1 stlink-dap.cfg "init; shutdown"
	[ "$status" != 0 ]
	output_has "does not support DAP direct"
}

@test "openocd reads widths and odd addresses as they are in SRAM" {
	for interface in stlink.cfg stlink-dap.cfg; do
		new_board 0
		sim 0 poke 0x200003fa 0102030405060708090a0b0c >/dev/null
		run ocd 0 $interface "init; halt; \
			echo [read_memory 0x200003fb 8 9]; \
			echo [read_memory 0x200003fc 16 4]; \
			echo [read_memory 0x200003fc 32 2]; \
			write_memory 0x200003ff 8 {0xaa 0xbb}; shutdown"
		status_is 0
		output_has "0x2 0x3 0x4 0x5 0x6 0x7 0x8 0x9 0xa"
		output_has "0x403 0x605 0x807 0xa09"
		output_has "0x6050403 0xa090807"
		run sim 0 peek 0x200003fa 12
		output_has 0102030405aabb08090a0b0c
	done
}

@test "openocd reports a bus fault and goes on" {
	for interface in stlink.cfg stlink-dap.cfg; do
		run ocd 0 $interface "init; halt; \
			if {![catch {read_memory 0x60000000 32 1}]} \
				{echo NO-ERROR}; \
			echo [read_memory 0xe000ed00 32 1]; shutdown"
		status_is 0
		[[ $output != *NO-ERROR* ]]
		output_has 0x410cc200
	done
}

@test "openocd gets over WAIT" {
	for interface in stlink.cfg stlink-dap.cfg; do
		new_board 0
		sim 0 poke 0x20000100 78563412 >/dev/null
		sim 0 inject off >/dev/null
		ocd 0 $interface "init; halt; shutdown"
		sim 0 inject wait 3 >/dev/null
		run ocd 0 $interface "init; halt; \
			echo [read_memory 0x20000100 32 1]; shutdown"
		sim 0 inject off >/dev/null
		status_is 0
		output_has 0x12345678
	done
}

@test "openocd sees an unpowered board" {
	sim 0 power off >/dev/null
	run ocd 0 stlink.cfg "init; shutdown"
	sim 0 power on >/dev/null
	[ "$status" != 0 ]
}

@test "disk and serial port of a V2-1 attach without complaint" {
	modprobe -a usb-storage cdc-acm sd_mod
	for ((i = 0; i < 100; i++)); do
		[ -e /dev/ttyACM0 ] && dmesg |
			grep -q 'Attached SCSI removable disk' && break
		sleep 0.2
	done
	[ -c /dev/ttyACM0 ]
	dmesg | grep -q 'Attached SCSI removable disk'
	[ "$(dmesg --level emerg,alert,crit,err | grep -cE 'usb|scsi|sd |acm')" \
		= 0 ]
}
