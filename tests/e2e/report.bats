#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
# stlink selftest finds out how each simulator was started; stlink report has what is
# there, and nothing by which somebody is known.
# sim: --part F030F4
# sim: --tar wraps --rw-misc go-on --nrst-wired 0 --voltage none --serial raw:0066FF80C3A9010203040506 --chip x4-upper-half=1 --chip obr-reserved-zero --chip dbgmcu-needs-clock --chip optkey-wrong-ignored --chip store=pgerr --chip busy-read-fault --chip bsy-late
# sim: --rw-misc need-ap --serial none --voltage a0=0,a1=0 --chip store=fault --wait-tries 1000 --start-mode 2
# sim: --rw-misc none --serial 000000000001 --chip clone
# timeout: 900

# shellcheck disable=SC2154,SC2164 # set by bats; it stops where cd fails

load common
bats_require_minimum_version 1.5.0

setup() {
	cd "$BATS_TEST_TMPDIR"
}

# probe N ARGUMENT...: the tool, with the probe of simulator N
probe() {
	local n=$1
	shift
	stlink --usb-path "1-$((n + 1))" "$@"
}

# finds N STATUS OPTION...: the last "run" ended so, and names these options of the
# simulator and no others
finds() {
	local n=$1 wanted found
	status_is "$2"
	shift 2
	wanted=$(for word in "$@"; do echo "$word"; done | sort)
	found=$(jq -r '.points[] | select(.verdict == "DIFFERENT") |
		.simulator // .id' <<<"$output" | sort -u)
	[ "$found" = "$wanted" ] || {
		diff - <(echo "$wanted") <<<"$found"
		echo "probe $n: $output"
		return 1
	}
}

# counts of what a person would not like to have changed
changes() {
	sim "$1" counters | jq -c '[.page_erases, .mass_erases, .halfwords,
		.system_resets, .flash_errors]'
}

@test "with the defaults everything is the same, and nothing was done to the target" {
	probe 0 -q program "$firmware/demo.bin"
	runs 0 1
	before=$(changes 0)
	memory 0 0x20000000 4 >sram
	run --separate-stderr probe 0 selftest
	status_is 0
	output_has "0 different"
	output_has "issue tracker"
	[[ $output == *"not asked; with --halt it is"* ]]
	[ "$(changes 0)" = "$before" ]
	memory 0 0x20000000 4 | cmp - sram
	runs 0 1
}

@test "so they are with all that is allowed, and the chip is put back" {
	run --separate-stderr probe 0 --json selftest --halt
	finds 0 0
	runs 0 1
	before=$(changes 0)
	run --separate-stderr probe 0 --json selftest --page 0 -y
	status_is 1
	[[ $(jq -r .error.message <<<"$output") == *"isn't blank"* ]]
	run --separate-stderr probe 0 selftest --page 15
	status_is 1
	[ "$(changes 0)" = "$before" ]
	run --separate-stderr probe 0 --json selftest --reset --page 15 -y
	finds 0 0
	[ "$(jq '[.points[] | select(.verdict == "open")] | length' \
		<<<"$output")" = 0 ]
	[ -z "$(memory 0 0x08003c00 1024 | tr -d '\377')" ]
	flash_is 0 "$firmware/demo.bin"
	runs 0 1
}

@test "each option of the simulator is found out, and named" {
	for n in 1 2 3; do
		probe "$n" -q program "$firmware/demo.bin" || [ "$n" = 3 ]
	done
	run --separate-stderr probe 1 --json selftest --reset --page 15 -y
	finds 1 9 "--tar wraps" "--rw-misc go-on" "--nrst-wired 0" \
		"--voltage none" "--serial raw:HEX24" "--chip x4-upper-half=1" \
		"--chip obr-reserved-zero" "--chip dbgmcu-needs-clock" \
		"--chip optkey-wrong-ignored" "--chip store=pgerr" \
		"--chip busy-read-fault" "--chip bsy-late"
	run --separate-stderr probe 2 -f 950k --json selftest --page 15 -y
	finds 2 9 "--rw-misc need-ap" "--serial none" "--voltage a0=0,a1=0" \
		"--chip store=fault" "--wait-tries 1000"
	run --separate-stderr probe 3 --json selftest
	finds 3 9 "--rw-misc none" "--serial TEXT" "--chip clone"
	jq -r .simulator <<<"$output" | grep -q -- "--rw-misc none"
}

@test "a report has all of it, and its numbers are shortened" {
	serial=$(sim_value serial 0 state)
	uid=$(probe 0 --json info | jq -r .target.uid)
	[ ${#serial} = 24 ] && [ ${#uid} = 24 ]
	before=$(changes 0)
	mountpoint -q /sys/kernel/tracing ||
		mount -t tracefs tracefs /sys/kernel/tracing
	hostname bench-of-alice
	echo "stlink: bench-of-alice has $serial" >/dev/kmsg
	HOME=/home/alice USER=alice run --separate-stderr probe 0 report r.txt
	status_is 0
	[ "$(changes 0)" = "$before" ]
	runs 0 1
	for part in Machine Probes "Checks of" Target Exercise "Last exchange" \
		"Kernel log" End; do
		grep -q "^== $part" r.txt
	done
	grep -q "^driver *loaded" r.txt
	grep -q "^firmware *V2J37S7" r.txt
	grep -q "^chip *STM32F030x4, DPIDR 0bb11477" r.txt
	grep -q "^start of flash .*: the same" r.txt
	grep -q "^reading " r.txt
	grep -q "stlink_exchange: stlink[0-9]* cmd f2" r.txt
	grep -q "\[host\] has \[serial ....\]" r.txt
	[ -z "$(ls /sys/kernel/tracing/instances)" ]
	for word in alice "$serial" "${serial,,}" "$uid" "${uid^^}" 000000000001 \
		0066FF80C3A9010203040506; do
		! grep -i -- "$word" r.txt || return 1
	done
	# one line of firmware would be enough to know it by
	! grep -i "$(xxd -p -l 8 "$firmware/demo.bin")" r.txt || return 1
}

@test "whatever is broken, there is a report that says so" {
	run --separate-stderr stlink report many.txt	# which of the probes?
	status_is 0
	grep -q "^target *not had: .*several\|^target *not had: .*probes" many.txt
	sim 0 power off
	run --separate-stderr probe 0 report off.txt
	status_is 0
	grep -q "^target *not had: " off.txt
	grep -q "^last .*f2 30: status 09" off.txt
	sim 0 power on
	chmod 755 .
	chmod 777 "$PWD"
	node=$(device 0)
	chmod 600 "$node"
	run --separate-stderr setpriv --reuid 65534 --regid 65534 --clear-groups \
		stlink -d "$node" report other.txt
	status_is 0
	grep -q "^target *not had: .*permi" other.txt
	grep -q "^trace *not had: tracing is for root" other.txt
	run --separate-stderr probe 0 report /no/such/folder/r.txt
	status_is 10
	rmmod stlink
	run --separate-stderr stlink report -
	status_is 0
	output_has "it isn't loaded"
	output_has "not had: "
}
