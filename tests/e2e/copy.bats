#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
# Copies of whole boards: from probe to probe, with one probe and two boards,
# through a file; and what looks at a whole board.
# sim: --fast --part F030F4
# sim: --fast --part F030F4
# timeout: 900

# shellcheck disable=SC2154,SC2164 # set by bats; it stops where cd fails

load common

size=16384

setup() {
	cd "$BATS_TEST_TMPDIR"
	new_board 0
	new_board 1
	a=$(device 0)
	b=$(device 1)
}

# same: both boards hold the same, in flash and option bytes
same() {
	cmp <(memory 0 0x08000000 $size) <(memory 1 0x08000000 $size) &&
		cmp <(memory 0 0x1ffff800 16) <(memory 1 0x1ffff800 16)
}

# untouched N: nothing was erased or programmed on board N
untouched() {
	[ "$(counter "$1" page_erases)" = 0 ] &&
		[ "$(counter "$1" mass_erases)" = 0 ] &&
		[ "$(counter "$1" halfwords)" = 0 ]
}

@test "clone: from one probe to the other, identical and running" {
	stlink -d "$a" program "$firmware/demo.bin"
	head -c $size /dev/urandom >junk.bin
	stlink -d "$b" program --no-reset junk.bin
	run stlink clone --from "$a" --to "$b"
	status_is 0
	same
	runs 0 1
	runs 1 1
}
