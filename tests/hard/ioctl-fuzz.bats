#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
# A program that makes all the calls there are, right ones and wrong ones, from
# eight threads, while probe and module come and go. What the kernel says of it is
# judged with the rest of its log.
# no-wait
# leaks
# timeout: 900
# full-timeout: 7200

# shellcheck disable=SC2154 # set by common.bash

load common

# fuzz PROGRAM CALLS: each run with a seed of its own, told in any case
fuzz() {
	local seed=${STLINK_SEED:-$(od -An -N4 -tu4 /dev/urandom)}
	set -o pipefail
	"$hard/$1" --calls "$2" --seed $((seed)) 2>&1 | tee out | sed 's/^/# /' >&3
	grep -q '^all is well$' out
}

setup() {
	cd "$BATS_TEST_TMPDIR" || return
}

@test "calls of a 64-bit program" {
	fuzz ioctl_fuzz "$(amount 6000 900000)"
}

@test "calls of a 32-bit program" {
	fuzz ioctl_fuzz32 "$(amount 2000 150000)"
}

@test "afterwards it works as ever" {
	[ -d /sys/module/stlink ]
	rmmod stlink
	modprobe stlink
}
