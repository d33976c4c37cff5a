#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
# A hostile device: descriptors that are wrong in every way, and a firmware that
# lies. The driver never trusts a length or a count that a device tells. Each program
# prints its seed; STLINK_SEED=N in the environment repeats a run.
# no-wait
# append: modprobe.blacklist=usb_storage,uas,cdc_acm
# timeout: 900
# full-timeout: 7200

# shellcheck disable=SC2154 # set by bats and "load"

load common

# run_told PROGRAM...: what it says of itself is shown, the rest if it fails
run_told() {
	run "$hard/$1" "${@:2}"
	grep '^# ' <<<"$output" >&3
	status_is 0
}

@test "descriptors: one by one, everything that can be wrong" {
	run_told device_shapes table "$(amount 10 1)"
}

@test "descriptors: each byte, and an end after each byte" {
	run_told device_shapes bytes "$(amount 160 1)"
}

@test "descriptors: several bytes, any strings" {
	run_told device_shapes random "$(amount 5 300)"
}

@test "answers: falsified in every way, to calls of all kinds" {
	run_told device_replies "$(amount 4000 200000)" "$(amount 5 100)"
}
