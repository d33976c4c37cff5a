#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
# A station whose boards have a chip that isn't genuine.
# sim: --fast --part F030F4 --chip clone
# timeout: 600

# shellcheck disable=SC2154,SC2164 # set by bats; it stops where cd fails

load common
load station

setup() {
	cd "$BATS_TEST_TMPDIR"
	new_board 0
	bound 0
}

teardown() { kill_watch; }

@test "option bytes that would be refused: nothing is changed, no number taken" {
	echo 7 >counter
	conf "options = DATA0=0x12" "serial-address = 0x08003ff0" \
		"serial-width = 4" "serial-file = counter"
	watch --once
	ends 6
	log_is fail 6 "not a genuine part"
	[ "$(counter 0 halfwords)" = 0 ]
	[ "$(cat counter)" = 7 ]
	# those that it has are no reason
	conf "options = DATA0=0xff"
	watch --once
	ends 0
	flash_is 0 "$firmware/demo.bin"
}
