#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
# No memory, no copy: whatever is done with a probe is done again and again, and each
# time another allocation or copy within it fails, from the first to the last. The
# call must come to ENOMEM, EFAULT or success and to nothing else, the target and the
# session are what they were, and the next call works. What faults prints is the
# table of how many there were.
# sim: --fast --part F030F4
# kernel: debug
# timeout: 1500
# full-timeout: 4000
# leaks
# alone

# shellcheck disable=SC2154,SC2164 # set by bats; it stops where cd fails

load common

setup_file() {
	# A stack for each failure: to the log, not to a slow console.
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

@test "every ioctl and every kind of operation" {
	swept calls
}

@test "every attribute" {
	swept files
}

@test "opening, closing, and the end of a killed program" {
	swept open close exit
}

@test "the driver is bound and unbound" {
	swept -s "$(amount 9 1)" bind unbind
}

@test "the module is loaded and unloaded" {
	swept -s "$(amount 15 1)" load unload
}

@test "from some moment on there is no memory at all" {
	swept -d "$(amount 512 64)" "$(amount core_catch calls)"
	swept -d "$(amount 512 64)" detach write_32 close
	swept -d "$(amount 4096 256)" open bind
}
