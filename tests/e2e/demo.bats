#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
# What "make demo" shows, which ends at the first thing that is not as it says.
# sim: --part F030F4 --serial 066AFF495087534867100001
# sim: --part F030F4 --serial 066BFF495087534867100002

# shellcheck disable=SC2154 # set by bats

load common

@test "the demonstration, from the first command to the last" {
	run "$top/tests/demo/show"
	status_is 0
	output_has "That was it."
	output_has "00001003"
}
