#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
# Whatever a cable or a probe does at whatever transfer of a job: the tool ends, says
# what it was, and then the same job succeeds. The full cut takes each transfer with
# each kind of fault, in an order by STLINK_SEED, as far as an hour goes (or as many
# STLINK_SECONDS), and says with which STLINK_FROM the next hour goes on.
# sim: --fast --part F030F4
# sim: --fast --part F030F4
# sim: --fast --part F030F4
# sim: --fast --part F030F4
# sim: --fast --part F030F4
# sim: --fast --part F030F4
# timeout: 900
# full-timeout: 6000
# alone
# leaks

# shellcheck disable=SC2154,SC2164 # set by bats; it stops where cd fails

load common

@test "something goes wrong at any transfer, then all is well" {
	cd "$BATS_TEST_TMPDIR"
	seed=${STLINK_SEED:-$((RANDOM << 15 | RANDOM))}
	read -ra much <<<"$(amount '-n 1' "-a -b ${STLINK_SECONDS:-3600} -f ${STLINK_FROM:-0}")"
	run "$hard/usb-faults" -s "$seed" "${much[@]}" "$top" 6
	echo "$output"
	grep '^#' <<<"$output" >&3
	echo "kind, command, exit status, message, and how often:"
	sort outcomes | uniq -c | sort -rn
	status_is 0
}

# Where an object was allocated is told in names of the module while it is there.
@test "nothing of it was lost, and the module can be unloaded" {
	leaks=/sys/kernel/debug/kmemleak
	if [ -w $leaks ] && echo scan >$leaks; then
		sleep 6
		echo scan >$leaks
		run grep -c '\[stlink\]' $leaks
		[ "$output" = 0 ] || {
			cat $leaks >&2
			return 1
		}
	fi
	rmmod stlink
	[ ! -e /sys/module/stlink ]
	modprobe stlink
	for ((i = 0; i < 300; i++)); do
		n=$(find /sys/class/stlink/ -mindepth 1 | wc -l)
		[ "$n" != 6 ] || break
		sleep 0.1
	done
	[ "$n" = 6 ]
}
