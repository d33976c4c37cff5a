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

load common
load faults

@test "a board to begin with" {
	a_board
}

@test "its device comes and goes, is reset, is woken up" {
	swept -s "$(amount 100 1)" plug unplug reset wake
}

@test "what the kernel does by itself: unplug, looks at the core, suspend" {
	swept -s "$(amount 6 1)" pull look target_poll sleep
}

# Thousands of times, nearly all of them usbcore's.
@test "plugged in, as the hub's own thread does it" {
	swept -s "$(amount 500 20)" push
}
