#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
# The examples of direct use, in C, Python and shell: each does what it says, and
# leaves board and firmware as they were.
# sim: --part F030F4
# sim: --part F030xC --firmware V2J17S4 --fast
# timeout: 1800

# shellcheck disable=SC2154,SC2164,SC2030,SC2031 # set by bats; it stops where cd fails

load common

examples=$top/tools/examples

setup_file() {
	cc -Wall -Wextra -Werror -I "$top/uapi" \
		-o "$BATS_FILE_TMPDIR/stlink-example" \
		"$examples/stlink-example.c"
}

setup() {
	cd "$BATS_TEST_TMPDIR"
	node=$(device 0)
	new_board 0
	stlink -d "$node" program "$firmware/demo.bin"
	before=$(registers)
}

teardown() {
	sim 0 chip-fault off
	sim 0 power on
}

# example LANGUAGE [OPERAND...]; python without any package
example() {
	local language=$1
	shift
	case $language in
	c)	"$BATS_FILE_TMPDIR/stlink-example" "$@" ;;
	python)	python3 -I -S "$examples/stlink-example.py" "$@" ;;
	shell)	sh "$examples/stlink-example.sh" "$@" ;;
	esac
}

# registers: those that the examples borrow; ODR is the firmware's own
registers() {
	stlink -d "$node" md 0x48000000 1
	stlink -d "$node" md 0x40021014 1
}

# unharmed: nothing is left behind but the files that $1 names
unharmed() {
	[ "$(ls -A)" = "$1" ]
	[ "$(registers)" = "$before" ]
	core 0 running sleeping
	runs 0 1
}

works() {
	run example "$1" flash.bin "$node"
	status_is 0
	output_has "CPUID 0x410cc200"
	output_has "16 KiB of flash"
	output_has "PA4 set: 1, PA4 reset: 0"
	[ "$(stat -c %s flash.bin)" = 16384 ]
	flash_is 0 flash.bin
	unharmed flash.bin
}

# A pin that nobody ever used: port off, input, after reset
works_on_a_blank_board() {
	new_board 0
	before=$(registers)
	run example "$1" flash.bin "$node"
	status_is 0
	output_has "PA4 set: 1, PA4 reset: 0"
	[ "$(tr -d '\377' <flash.bin | wc -c)" = 0 ]
	[ "$(registers)" = "$before" ]
	# the latch, with the port on for a moment
	stlink -d "$node" mw 0x40021014 0x20014
	[ "$(stlink -d "$node" md 0x48000014 1 | cut -d' ' -f2)" = 00000000 ]
}

# The output can't be read; by then the core is halted and the port on
fails_half_way() {
	sim 0 chip-fault read 0x48000014 4
	run example "$1" flash.bin "$node"
	[ "$status" != 0 ]
	output_has 0x48000014
	sim 0 chip-fault off
	flash_is 0 flash.bin
	unharmed flash.bin
}

# An error in flash: where, and what was there before stays
fails_to_read() {
	echo "an older dump" >flash.bin
	sim 0 chip-fault read 0x08003ffc 4
	run example "$1" flash.bin "$node"
	[ "$status" != 0 ]
	output_has 0x08003ffc
	sim 0 chip-fault off
	[ "$(cat flash.bin)" = "an older dump" ]
	unharmed flash.bin
}

fails_without() {
	run example "$1" flash.bin /dev/stlink9
	[ "$status" != 0 ]
	output_has /dev/stlink9
	[[ $output != *Traceback* ]]
	run example "$1" /nowhere/flash.bin "$node"
	[ "$status" != 0 ]
	output_has /nowhere/flash.bin
	output_has "No such file or directory"
	[[ $output != *Traceback* ]]
	run example "$1"
	[ "$status" != 0 ]
	output_has usage
	unharmed ""
	sim 0 power off
	run example "$1" flash.bin "$node"
	sim 0 power on
	[ "$status" != 0 ]
	output_has target
	[[ $output != *Traceback* ]]
	[ -z "$(ls -A)" ]
}

@test "C: CPUID, whole flash, pin" {
	works c
}

@test "Python: CPUID, whole flash, pin" {
	works python
}

@test "shell: CPUID, whole flash, pin" {
	works shell
}

@test "the largest part, at a probe whose firmware can't read half-words" {
	node=$(device 1)
	stlink -d "$node" program "$firmware/demo2.bin"
	for language in c python shell; do
		run example $language flash.bin "$node"
		status_is 0
		output_has "256 KiB of flash"
		output_has "PA4 set: 1, PA4 reset: 0"
		[ "$(stat -c %s flash.bin)" = 262144 ]
		flash_is 1 flash.bin
		runs 1 2
		rm flash.bin
	done
}

@test "a blank board, where the port is off" {
	for language in c python shell; do
		works_on_a_blank_board $language
	done
}

@test "a failure while the pin is borrowed: told, and undone" {
	for language in c python shell; do
		fails_half_way $language
	done
}

@test "a failure in flash: told, and an older file stays" {
	for language in c python shell; do
		fails_to_read $language
	done
}

@test "no probe, no place for the file, no operand, no target" {
	for language in c python shell; do
		fails_without $language
		stlink -d "$node" program "$firmware/demo.bin"
	done
}

@test "make install brings them, uninstall removes them" {
	make -s -C "$top/tools" install DESTDIR="$PWD/root" prefix=/usr
	docs=root/usr/share/doc/stlink/examples
	diff -r -x __pycache__ $docs "$examples"
	[ -x $docs/stlink-example.py ]
	[ -x $docs/stlink-example.sh ]
	[ -x $docs/labgrid/stlink_exporter.py ]
	make -s -C "$top/tools" uninstall DESTDIR="$PWD/root" prefix=/usr
	[ -z "$(find root -type f)" ]
	[ ! -e $docs ]
}
