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

load common
load faults

@test "a board to begin with" {
	a_board
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
	swept -s "$(amount 60 1)" bind unbind
}

@test "from some moment on there is no memory at all" {
	swept -d "$(amount 512 64)" "$(amount core_catch calls)"
	swept -d "$(amount 512 64)" detach write_32 close
	swept -d "$(amount 4096 256)" open bind
}
