#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
# Sixteen programs on four probes: they read, write, halt, claim, program, watch,
# while they are killed and stopped, and their probes are unbound, reset, suspended,
# without power and pulled out. What has been read is right, what fails says so by
# an errno that is documented for it, nobody waits for ever, and at the end all is
# idle and can be unloaded. STLINK_SEED=N repeats a run's choices; STLINK_SECONDS=N
# is how long.
# sim: --fast --part F030F4 --serial 066AFF495087534867200001
# sim: --fast --part F030x6 --serial 066AFF495087534867200002
# sim: --fast --part F030x8 --serial 066AFF495087534867200003
# sim: --fast --part F030xC --serial 066AFF495087534867200004
# short: 6.1
# timeout: 600
# full-timeout: 1800
# also: kcsan
# leaks
# in-memory

# shellcheck disable=SC2154,SC2164 # set by bats; it stops where cd fails

load common

watched=/sys/module/kcsan/parameters/skip_watch

@test "many programs, and nothing goes wrong" {
	cd "$BATS_TEST_TMPDIR"
	echo 1 >/sys/module/suspend/parameters/pm_test_delay
	# Of a driver that mostly waits few accesses are watched otherwise.
	[ ! -e $watched ] || echo 200 >$watched
	"$hard/crowd" "${STLINK_SECONDS:-$(amount 40 600)}" 1 \
		"${STLINK_SEED:-$SRANDOM}" "$STLINK_KO" \
		"$firmware"/{demo,demo2}.bin >&3
}

@test "nobody holds on to the driver" {
	[ "$(cat /sys/module/stlink/refcnt)" = 0 ]
	rmmod stlink
	[ ! -e /sys/class/stlink ]
	for n in 0 1 2 3; do
		[ "$(sim_value mode "$n" state)" = mass ]
	done
}
