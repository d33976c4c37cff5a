#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
# The main job on the smallest board, with real timing.
# sim: --part F030F4

# shellcheck disable=SC2154,SC2164 # set by bats; it stops where cd fails

load common

setup() {
	cd "$BATS_TEST_TMPDIR"
}

@test "list names the probe, its serial number and firmware" {
	run stlink list
	status_is 0
	output_has /dev/stlink0
	output_has "$(cat /sys/class/stlink/stlink0/serial)"
	output_has V2J37S7
}

@test "the node is for plugdev, not for everybody" {
	[ "$(stat -c %a /dev/stlink0)" = 660 ]
	[ "$(stat -c %G /dev/stlink0)" = plugdev ]
}

@test "udev makes names by serial number and by USB path" {
	serial=$(cat /sys/class/stlink/stlink0/serial)
	[ "$(readlink -f "/dev/stlink/by-serial/$serial")" = /dev/stlink0 ]
	run stlink --json list
	path=$(jq -r '.probes[0].usb_path' <<<"$output")
	[ "$(readlink -f "/dev/stlink/by-path/$path")" = /dev/stlink0 ]
	stlink -s "$serial" info
	stlink --usb-path "$path" info
	stlink -d "/dev/stlink/by-serial/$serial" info
}

@test "info of a blank board: all that a report needs" {
	new_board 0
	run stlink --json info
	status_is 0
	for key in probe.device probe.serial probe.firmware probe.usb_path \
		target.voltage_mv target.dpidr target.cpuid target.dev_id \
		target.part target.flash_size target.page_size \
		target.sram_size target.uid target.rdp_level core.state; do
		[ "$(jq "(.$key | type) != \"null\"" <<<"$output")" = true ] || {
			echo "no $key" >&2
			return 1
		}
	done
	[ "$(jq .target.flash_size <<<"$output")" = 16384 ]
	[ "$(jq .target.page_size <<<"$output")" = 1024 ]
	[ "$(jq .target.sram_size <<<"$output")" = 4096 ]
	[ "$(jq .target.rdp_level <<<"$output")" = 0 ]
	[ "$(jq -r .core.state <<<"$output")" = lockup ]
	voltage=$(jq .target.voltage_mv <<<"$output")
	[ "$voltage" -gt 3200 ] && [ "$voltage" -lt 3400 ]
}

@test "program, verify and run" {
	run stlink program "$firmware/demo.bin"
	status_is 0
	flash_is 0 "$firmware/demo.bin"
	runs 0 1
	run stlink verify "$firmware/demo.bin"
	status_is 0
	runs 0 1
}

@test "the same image again changes nothing" {
	sim 0 counters reset
	stlink program "$firmware/demo.bin"
	[ "$(counter 0 page_erases)" = 0 ]
	[ "$(counter 0 mass_erases)" = 0 ]
	[ "$(counter 0 halfwords)" = 0 ]
	runs 0 1
}

@test "another version: only the pages that differ" {
	sim 0 counters reset
	stlink program "$firmware/demo2.bin"
	flash_is 0 "$firmware/demo2.bin"
	runs 0 2
	[ "$(counter 0 page_erases)" -ge 1 ]
	[ "$(counter 0 page_erases)" -le 2 ]
	[ "$(counter 0 mass_erases)" = 0 ]
	[ "$(counter 0 flash_errors)" = 0 ]
}

@test "HEX, S-record and ELF mean the same as bin" {
	for kind in hex srec elf; do
		new_board 0
		stlink program "$firmware/demo.$kind"
		flash_is 0 "$firmware/demo.bin"
		stlink verify "$firmware/demo.bin"
	done
	cp "$firmware/demo.hex" image
	stlink verify image
	run stlink verify --format bin image
	[ "$status" != 0 ]
}

@test "read without numbers: the whole flash, and nothing but" {
	run stlink read all.bin
	status_is 0
	[ "$(stat -c %s all.bin)" = 16384 ]
	flash_is 0 all.bin
	runs 0 1
	stlink read all.hex
	stlink verify all.hex
	stlink read all.srec
	stlink verify all.srec
	arm-none-eabi-objcopy -I ihex -O binary all.hex hex.bin
	cmp hex.bin all.bin
}

@test "read of a range, of all lengths and alignments" {
	stlink read -q all.bin
	for range in "0 1" "1 1" "3 7" "1023 2" "1000 1100" "5 64" "16380 4"; do
		read -r at length <<<"$range"
		stlink read -q part.bin $((0x08000000 + at)) "$length"
		[ "$(stat -c %s part.bin)" = "$length" ]
		cmp <(tail -c +$((at + 1)) all.bin | head -c "$length") part.bin
	done
}

@test "st-flash's way of writing lines works" {
	new_board 0
	stlink write "$firmware/demo.bin" 0x08000000
	flash_is 0 "$firmware/demo.bin"
	stlink read out.bin 0x8000000 0x400
	[ "$(stat -c %s out.bin)" = 1024 ]
}

@test "an image at an odd place, of an odd length, in the middle of a page" {
	stlink read -q before.bin
	printf 'seven b' >seven.bin
	stlink program --no-reset seven.bin 0x08003d01
	stlink read -q after.bin
	cp before.bin expected.bin
	dd if=seven.bin of=expected.bin bs=1 seek=$((0x3d01)) conv=notrunc \
		2>/dev/null
	cmp after.bin expected.bin
}

@test "verify names the first difference" {
	cp "$firmware/demo.bin" other.bin
	printf '\x55' | dd of=other.bin bs=1 seek=4660 conv=notrunc 2>/dev/null
	run stlink verify other.bin
	status_is 9
	output_has 0x08001234
}

@test "erase of a page, of a range, of everything" {
	new_board 0
	stlink program "$firmware/demo.bin"
	stlink erase --page 2
	head -c 1024 /dev/zero | tr '\0' '\377' >blank
	memory 0 0x08000800 1024 | cmp - blank
	memory 0 0x08000000 2048 | cmp - <(head -c 2048 "$firmware/demo.bin")
	stlink erase --addr 0x08000400 --size 1024
	memory 0 0x08000400 2048 | cmp - <(cat blank blank)
	stlink erase --all -y
	[ -z "$(memory 0 0x08000000 16384 | tr -d '\377')" ]
}

@test "erase asks first, on a terminal" {
	stlink program "$firmware/demo.bin"
	for line in "erase" "erase --all"; do
		run script -qec "stlink $line" /dev/null <<<n
		status_is 1
		output_has "Erase the whole flash?"
		flash_is 0 "$firmware/demo.bin"
	done
	script -qec "stlink erase" /dev/null <<<y
	[ -z "$(memory 0 0x08000000 16384 | tr -d '\377')" ]
}

@test "halt, run, reset and reset --halt leave the core so" {
	stlink program "$firmware/demo.bin"
	stlink halt
	core 0 halted
	run stlink status
	output_has halted
	core 0 halted
	stlink info
	core 0 halted
	stlink run
	runs 0 1
	stlink reset --halt
	core 0 halted
	run stlink --json status
	[ "$(jq -r .core.state <<<"$output")" = halted ]
	stlink reset
	runs 0 1
}

@test "looking doesn't disturb the running program" {
	stlink program "$firmware/demo.bin"
	runs 0 1
	sim 0 counters reset
	boots=$(field 0 16)
	stlink list
	stlink info
	stlink status
	stlink md 0x20000000 5
	stlink read -q all.bin
	runs 0 1
	[ "$(field 0 16)" = "$boots" ]
	[ "$(counter 0 system_resets)" = 0 ]
}

@test "md and mw: all widths" {
	stlink mw 0x20000800 0x12345678
	run stlink md 0x20000800 1
	output_has "20000800: 12345678"
	stlink mw --8 0x20000801 0xaa
	run stlink md --8 0x20000800 4
	output_has "78 aa 34 12"
	stlink mw --16 0x20000802 0xbeef
	run stlink md --16 0x20000800 2
	output_has "aa78 beef"
}

@test "the program in the README does what it says" {
	awk '/^```c$/ { code = 1; next } /^```$/ { code = 0 } code' \
		"$top/README.md" >example.c
	gcc -Wall -Wextra -Werror -I "$top/uapi" -o example example.c
	stlink program "$firmware/demo.bin"
	run ./example /dev/stlink0
	status_is 0
	output_has "CPUID 410cc200"
	output_has "stack 20001000, reset vector 080000c1"
	runs 0 1
}

@test "an argument that makes no sense is a matter of usage" {
	run stlink erase --page 99
	status_is 11
	for line in "" "frobnicate" "read" "md" "md xyzzy" "read a b" "-f 0 info" \
		"program" "erase 0x08000000" "erase --page x" "--mode odd info" "mw 0x20000000"; do
		# shellcheck disable=SC2086
		run stlink $line
		[ "$status" = 1 ] || {
			echo "stlink $line: status $status: $output" >&2
			return 1
		}
	done
}
