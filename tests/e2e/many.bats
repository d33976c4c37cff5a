#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
# Eight probes on one machine, two of them with the same serial number, as
# clones have it: all stations work, each for itself.
# sim: --fast --part F030F4 --serial 066AFF495087534867100001
# sim: --fast --part F030F4 --serial 066AFF495087534867100002
# sim: --fast --part F030F4 --serial 066AFF495087534867100003
# sim: --fast --part F030F4 --serial 066AFF495087534867100004
# sim: --fast --part F030F4 --serial 066AFF495087534867100005
# sim: --fast --part F030F4 --serial 066AFF495087534867100006
# sim: --fast --part F030F4 --serial 303030303030303030303031
# sim: --fast --part F030F4 --serial 303030303030303030303031
# timeout: 1800

# shellcheck disable=SC2154,SC2164 # set by bats; it stops where cd fails

load common
load station

setup() {
	cd "$BATS_TEST_TMPDIR"
	for n in {0..7}; do
		new_board "$n"
	done
	all_bound
}

teardown() { kill_watch; }

all_bound() {
	local i nodes
	for ((i = 0; i < 200; i++)); do
		nodes=(/sys/class/stlink/stlink*)
		[ ${#nodes[@]} = 8 ] && break
		sleep 0.1
	done
	[ ${#nodes[@]} = 8 ]
	udevadm settle
}

# all_hold FILE: flash of each board begins with the file
all_hold() {
	local n
	for n in {0..7}; do
		flash_is "$n" "$1"
	done
}

# all_off, all_on: at the same time, or nearly so
all_off() { for n in {0..7}; do sim "$n" power off >/dev/null; done; sleep 0.8; }
all_on() { for n in {0..7}; do sim "$n" power on >/dev/null; done; }

@test "a number that another probe has by the time it is opened" {
	local clones=() node
	cc -Wall -Wextra -Werror -shared -fPIC -o other.so \
		"$BATS_TEST_DIRNAME/other-node.c"
	export LD_PRELOAD=$PWD/other.so
	NODE_MEANT=$(device 0) NODE_INSTEAD=$(device 1) NODE_TIMES=1
	export NODE_MEANT NODE_INSTEAD NODE_TIMES
	run stlink -s 066AFF495087534867100001 program "$firmware/demo.bin"
	status_is 0
	flash_is 0 "$firmware/demo.bin"
	[ "$(sim_value halfwords 1 counters)" = 0 ]
	NODE_TIMES=100
	run stlink -s 066AFF495087534867100001 program "$firmware/demo2.bin"
	status_is 2
	output_has "it is another probe"
	output_has "repeat the command"
	[ "$(sim_value halfwords 1 counters)" = 0 ]
	# those that share a number: the port tells
	for node in /sys/class/stlink/stlink*; do
		[ "$(cat "$node/serial")" != 303030303030303030303031 ] ||
			clones+=("/dev/${node##*/}")
	done
	NODE_MEANT=${clones[0]} NODE_INSTEAD=${clones[1]}
	node=$(readlink "/sys/class/stlink/${clones[0]#/dev/}/device")
	node=${node##*/}
	run stlink --usb-path "${node%:*}" program "$firmware/demo.bin"
	unset LD_PRELOAD
	status_is 2
	output_has "it is another probe"
}

@test "program --all: every board, and every board is told of" {
	stlink program --all "$firmware/demo.bin" >said
	all_hold "$firmware/demo.bin"
	[ "$(grep -c 'PASS STM32F030x4' said)" = 8 ]
	# one without a board is a failure, the others are done all the same
	for n in {0..7}; do new_board "$n"; done
	sim 3 power off
	stlink --json program --all "$firmware/demo2.bin" >answer && false
	[ "$(jq .error.code answer)" = 5 ]
	[ "$(jq '.boards | length' answer)" = 8 ]
	[ "$(jq -r '.passed, .failed' answer | xargs)" = "7 1" ]
	[ "$(jq -r '.boards[] | select(.result == "fail") | .serial' answer)" = \
		066AFF495087534867100004 ]
	sim 3 power on
	for n in 0 1 2 4 5 6 7; do
		flash_is "$n" "$firmware/demo2.bin"
	done
	# only those that are meant
	stlink program --all -s 303030303030303030303031 "$firmware/demo.bin" >said
	[ "$(grep -c PASS said)" = 2 ]
	flash_is 6 "$firmware/demo.bin"
	flash_is 7 "$firmware/demo.bin"
	flash_is 0 "$firmware/demo2.bin"
}

@test "program --all: a probe that can't be used is a failure, the others are done" {
	exec 8<"$(device 3)"
	flock 8
	run stlink --json program --all "$firmware/demo.bin"
	exec 8<&-
	status_is 3
	sed -n '/^{/,$p' <<<"$output" >answer
	[ "$(jq -r '.passed, .failed' answer | xargs)" = "7 1" ]
	[ "$(jq '.boards | length' answer)" = 8 ]
	[ "$(jq -r '.boards[] | select(.result == "fail") |
		.serial, .code' answer | xargs)" = "066AFF495087534867100004 3" ]
	[[ "$(jq -r .error.message answer)" == *"another station serves"* ]]
	flash_is 7 "$firmware/demo.bin"
	# no process for one of them
	cat >no-fork.c <<-'END'
		#include <errno.h>
		#include <sys/syscall.h>
		#include <unistd.h>
		int fork(void)
		{
			static int times;

			if (++times != 3)
				return syscall(SYS_fork);
			errno = EAGAIN;
			return -1;
		}
	END
	cc -shared -fPIC -o no-fork.so no-fork.c
	LD_PRELOAD=$PWD/no-fork.so run stlink program --all "$firmware/demo2.bin"
	status_is 10
	output_has "7 passed, 0 skipped, 1 failed"
	output_has "no process for its station"
}

@test "all at once, three times over: no serial number twice" {
	echo 1 >counter
	conf "serial-address = 0x08003ff0" "serial-width = 8" \
		"serial-format = hex" "serial-file = counter"
	watch
	says 8 'PASS .*serial number'
	for round in 2 3; do
		all_off
		for n in {0..7}; do
			sim "$n" swap >/dev/null
		done
		says $((8 * round)) 'PASS .*serial number'
	done
	end_watch
	all_hold "$firmware/demo.bin"
	[ "$(cat counter)" = 25 ]
	records 24
	[ -z "$(cut -d , -f 13 log.csv | sort | uniq -d)" ]
	# what is in flash is what was logged, for the probe that it was
	for n in 0 5 7; do
		grep -q ",$(memory "$n" 0x08003ff0 8)\$" log.csv
	done
}

@test "all probes plugged in at the same time; one board fails, seven pass" {
	conf "part = F030F4"
	watch
	says 8 PASS
	for n in {0..7}; do sim "$n" unplug >/dev/null; done
	says 8 gone
	for n in {0..7}; do new_board "$n"; done
	new_board 2 F030x8
	for n in {0..7}; do sim "$n" replug >/dev/null; done
	says 15 PASS
	says 1 'FAIL .*wrong part'
	end_watch
	records 16
	[ "$(counter 2 halfwords)" = 0 ]
}

@test "two probes with the same serial number: told apart by USB path" {
	cat >auto.conf <<-END
		[path 1-7]
		image = $firmware/demo.bin
		[path 1-8]
		image = $firmware/demo2.bin
	END
	watch
	says 2 PASS
	sleep 2
	end_watch
	flash_is 6 "$firmware/demo.bin"
	flash_is 7 "$firmware/demo2.bin"
	for n in {0..5}; do
		[ "$(counter "$n" halfwords)" = 0 ]
	done
}
