#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
# The same as alloc-faults.bats where usbcore and the kernel's own threads have a part:
# the device comes and goes, is reset, sleeps and wakes up, is looked at.
# sim: --fast --part F030F4
# kernel: debug
# timeout: 1500
# full-timeout: 4000
# leaks
# alone

# shellcheck disable=SC2154,SC2164 # set by bats; it stops where cd fails

load common

setup_file() {
	dmesg -n 1
}

setup() {
	cd "$BATS_TEST_TMPDIR"
}

# swept ARGUMENTS...: of faults; its table goes to whoever runs this
swept() {
	local status=0
	"$hard/faults" "$@" >table || status=$?
	sed 's/^/# /' table >&3
	return "$status"
}

@test "a board to begin with" {
	sim 0 load "$firmware/demo.bin" 0x08000000
	sim 0 reset
	runs 0 1
}

@test "its device comes and goes, is reset, is woken up" {
	swept -s "$(amount 15 1)" plug unplug reset wake
}

@test "what the kernel does by itself: unplug, looks at the core, suspend" {
	swept -s "$(amount 8 1)" pull look target_poll sleep
}

@test "plugged in, as the hub's own thread does it" {
	swept -s "$(amount 40 1)" push
}
