#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
# Whatever a cable or a probe does at whatever transfer of a job: the tool ends, says
# what it was, and then the same job succeeds.
# sim: --fast --part F030F4
# sim: --fast --part F030F4
# sim: --fast --part F030F4
# sim: --fast --part F030F4
# sim: --fast --part F030F4
# sim: --fast --part F030F4
# timeout: 900
# full-timeout: 5400
# leaks

# shellcheck disable=SC2154,SC2164 # set by bats; it stops where cd fails

load common

@test "something goes wrong at any transfer, then all is well" {
	cd "$BATS_TEST_TMPDIR"
	seed=${STLINK_SEED:-$((RANDOM << 15 | RANDOM))}
	run "$hard/usb-faults" "$top" 6 -s "$seed" "$(amount -n3 -a)"
	grep '^#' <<<"$output" >&3
	sort outcomes | uniq -c | sort -rn
	status_is 0
}
