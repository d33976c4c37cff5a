# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash disable=SC2154,SC2164
# What the tests with failing allocations share.

setup_file() {
	# A stack for each failure: to the log, not to a slow console.
	dmesg -n 1
}

setup() {
	cd "$BATS_TEST_TMPDIR"
}

# a_board: with a firmware that runs
a_board() {
	sim 0 load "$firmware/demo.bin" 0x08000000
	sim 0 reset
	runs 0 1
}

# swept ARGUMENTS...: of faults; its table goes to whoever runs this
swept() {
	local status=0
	"$hard/faults" "$@" >table || status=$?
	sed 's/^/# /' table >&3
	return "$status"
}
