#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
# The machine is suspended, as far as its devices, with a session under way, and each
# time another allocation fails, up to where the probe and its port are done.
# sim: --fast --part F030F4
# kernel: debug
# timeout: 600
# full-timeout: 1800
# in-memory

load common
load faults

@test "suspend with a session" {
	a_board
	swept -s "$(amount 3 1)" suspend
}
