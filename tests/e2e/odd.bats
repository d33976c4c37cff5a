#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
# What no source settles about probes and chips is a switch of the simulator
# (tests/sim/README.md). Here each is set to what the other tests don't have;
# the job has to be done all the same.
# sim: --fast --voltage none --dfu-exit reenumerate --chip dbgmcu-needs-clock --rw-misc go-on --tar wraps
# sim: --fast --voltage a0=0,a1=0 --stale-in --start-mode 3 --chip store=fault --chip bsy-late --rw-misc keep-ap
# sim: --fast --start-mode 4 --unknown stall --serial raw:0066FF80C3A9010203040506 --chip store=pgerr --chip obr-reserved-zero --rw-misc need-ap
# sim: --fast --unknown silence --ap-open always --usb-reset mass --serial 000000000001 --chip x4-upper-half=1 --rw-misc none
# sim: --fast --ap-open never --toggle ignored --nrst-wired 0 --firmware V2J29S7 --chip busy-read-fault
# sim: --fast --readreg-running error --serial 000000000001 --chip wrp-mass-erase-partial --chip x4-upper-half=2 --rw-misc none
# timeout: 1800

# shellcheck disable=SC2154,SC2164 # set by bats; it stops where cd fails

load common

boards="0 1 2 3 4 5"

setup() {
	cd "$BATS_TEST_TMPDIR"
}

# Two have the same serial number, one a raw one: the USB path tells.
node() {
	local path
	path=$(stlink --json list | jq -r ".probes[] |
		select(.usb_path == \"1-$(($1 + 1))\") | .device")
	[ -n "$path" ] && echo "$path"
}

@test "all are there, the raw serial number as 24 digits" {
	run stlink list
	status_is 0
	for n in $boards; do
		node "$n"
	done
	output_has 0066FF80C3A9010203040506
}

@test "all are identified, whatever they say of the voltage" {
	for n in $boards; do
		run stlink -d "$(node "$n")" --json info
		status_is 0
		[ "$(jq .target.flash_size <<<"$output")" = 16384 ]
	done
}

@test "all are programmed, verified and run" {
	for n in $boards; do
		node=$(node "$n")
		stlink -d "$node" program "$firmware/demo.bin"
		flash_is "$n" "$firmware/demo.bin"
		runs "$n" 1
		stlink -d "$node" verify "$firmware/demo.hex"
		runs "$n" 1
	done
}

@test "part of a page is changed and the rest kept" {
	for n in $boards; do
		stlink -d "$(node "$n")" program "$firmware/demo2.bin"
		flash_is "$n" "$firmware/demo2.bin"
		runs "$n" 2
	done
}

@test "scattered words are right, however the firmware batches them" {
	cc -Wall -Wextra -Werror -I "$top/uapi" -o scatter \
		"$BATS_TEST_DIRNAME/scatter.c"
	for n in $boards; do
		run ./scatter "$(node "$n")"
		status_is 0
		case $n in
		0|1)	output_has "together 2" ;;	# one pair
		2)	output_has "together 5" ;;	# one for nothing, and what had no room
		*)	output_has "together 64" ;;
		esac
	done
}

@test "all are reset, halted, run, under reset too" {
	for n in $boards; do
		node=$(node "$n")
		stlink -d "$node" reset
		runs "$n" 2
		stlink -d "$node" halt
		core "$n" halted
		stlink -d "$node" run
		runs "$n" 2
		stlink -d "$node" --mode under-reset reset
		runs "$n" 2
	done
}

@test "all are read and erased" {
	for n in $boards; do
		node=$(node "$n")
		stlink -d "$node" read -q all.bin
		[ "$(stat -c %s all.bin)" = 16384 ]
		flash_is "$n" all.bin
		stlink -d "$node" erase --all -y
		[ -z "$(memory "$n" 0x08000000 16384 | tr -d '\377')" ]
	done
}

@test "a probe that loses its mode at a USB reset, or its answer: next time" {
	for n in 0 3; do
		node=$(node "$n")
		sim "$n" inject stall 1
		stlink -d "$node" info || stlink -d "$node" info
		sim "$n" inject long 1
		stlink -d "$node" info || stlink -d "$node" info
		sim "$n" inject short 1
		stlink -d "$node" info || stlink -d "$node" info
		stlink -d "$node" program "$firmware/demo.bin"
		runs "$n" 1
	done
}
