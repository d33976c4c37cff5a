#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
# The module is loaded and unloaded, and each allocation of that fails once.
# sim: --fast --part F030F4
# kernel: debug
# full-only
# timeout: 1500
# full-timeout: 4000
# leaks
# alone

load common
load faults

@test "a board to begin with" {
	a_board
}

@test "the module is loaded and unloaded" {
	swept -s "$(amount 15 1)" load unload
}
