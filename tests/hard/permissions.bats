#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
# Who may do what: nobody, the group, who may only read; and what one program
# can take from another.
# sim: --part F030F4
# timeout: 900
# full-timeout: 2400

# shellcheck disable=SC2154,SC2164 # set by bats; it stops where cd fails

load common

nobody=(setpriv --reuid=65534 --regid=65534 --clear-groups)
member=(setpriv --reuid=65534 --regid=65534 --groups=plugdev)

setup() {
	# that of bats is for root alone
	work=$(mktemp -d /tmp/permissions.XXXXXX)
	chmod 777 "$work"
	cd "$work"
	new_board 0
	node=$(device 0)
	udevadm settle
	cp "$firmware/demo.bin" .
	chmod 644 demo.bin
}

teardown() {
	chmod 660 "$node"
}

# reached: exchanges with the probe and changes of the chip
reached() {
	simctl 0 counters | jq -c \
		'[.exchanges, .page_erases, .mass_erases, .option_erases, .halfwords,
		.option_halfwords, .system_resets]'
}

looking=("info" "status" "read out.bin" "md 0x20000000 4" "verify demo.bin"
	"option show" "checksum" "blank-check" "diagnose" "compare demo.bin")
changing=("program demo.bin" "erase --all" "erase --page 1" "reset" "halt"
	"run" "mw 0x20000000 1" "fill 0x55" "option set WDG_SW=0"
	"protect" "unprotect")

@test "who isn't in the group: EACCES, exit status 4, told what to do, nothing sent" {
	local verb before
	[ "$(stat -c '%a %U %G' "$node")" = "660 root plugdev" ]
	run "${nobody[@]}" bash -c ": <$node"
	output_has "Permission denied"
	before=$(reached)
	for verb in "${looking[@]}" "${changing[@]}"; do
		# shellcheck disable=SC2086
		run "${nobody[@]}" stlink -y -d "$node" $verb
		[ "$status" = 4 ] || {
			echo "stlink $verb: status $status: $output" >&2
			return 1
		}
		output_has "sudo usermod -aG plugdev"
	done
	[ "$(reached)" = "$before" ]
}

@test "who isn't: neither the probe's attributes nor its USB node" {
	local usb
	run "${nobody[@]}" bash -c \
		"echo 1000 >/sys/class/stlink/${node##*/}/target_poll_ms"
	output_has "Permission denied"
	usb=$(readlink -f "/sys/class/stlink/${node##*/}/device/..")
	usb=$(printf '/dev/bus/usb/%03d/%03d' "$(cat "$usb/busnum")" \
		"$(cat "$usb/devnum")")
	run "${nobody[@]}" bash -c ": <>$usb"
	output_has "Permission denied"
}

@test "a member of the group does the whole job" {
	"${member[@]}" stlink -d "$node" info
	"${member[@]}" stlink -d "$node" program demo.bin
	flash_is 0 demo.bin
	"${member[@]}" stlink -d "$node" verify demo.bin
	runs 0 1
}

@test "who may only read: looks, and changes nothing" {
	local verb before
	stlink -d "$node" program demo.bin
	chmod 640 "$node"
	for verb in "info" "status" "read out.bin" "md 0x20000000 4"; do
		# shellcheck disable=SC2086
		run "${member[@]}" stlink -y -d "$node" $verb
		[ "$status" = 0 ] || {
			echo "stlink $verb: status $status: $output" >&2
			return 1
		}
	done
	sim 0 counters reset
	before=$(reached)
	for verb in "${changing[@]}"; do
		# shellcheck disable=SC2086
		run "${member[@]}" stlink -y -d "$node" $verb
		[ "$status" = 4 ] || {
			echo "stlink $verb: status $status: $output" >&2
			return 1
		}
	done
	[ "$(reached)" = "$before" ]
	flash_is 0 demo.bin
	runs 0 1
}

@test "a read-only descriptor: every call that changes something is refused" {
	"$hard/readonly" 2>&1 | sed 's/^/# /' >&3
	[ "${PIPESTATUS[0]}" = 0 ]
}

@test "one program's longest calls: what another has to wait, and memory" {
	# shellcheck disable=SC2046 # two numbers
	"$hard/bounded" $(amount "2 4" "4 40") 2>&1 | sed 's/^/# /' >&3
	[ "${PIPESTATUS[0]}" = 0 ]
}
