#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
# The machine is suspended, as far as its devices, with a session under way, and each
# time another allocation fails, up to where the probe and its port are done.
# sim: --fast --part F030F4
# kernel: debug
# timeout: 600
# full-timeout: 1800
# in-memory

# shellcheck disable=SC2154,SC2164 # set by bats; it stops where cd fails

load common

setup() {
	cd "$BATS_TEST_TMPDIR"
}

@test "suspend with a session" {
	dmesg -n 1
	sim 0 load "$firmware/demo.bin" 0x08000000
	sim 0 reset
	runs 0 1
	"$hard/faults" -s "$(amount 7 1)" suspend >table
	sed 's/^/# /' table >&3
}
