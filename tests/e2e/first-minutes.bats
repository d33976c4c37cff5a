#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
# The first five minutes: what stands between a person and a probe, and that it is
# said with what to type.
# sim: --part F030F4 --fast
# timeout: 600

# shellcheck disable=SC2154,SC2164 # set by bats; it stops where cd fails

load common

setup() {
	cd "$BATS_TEST_TMPDIR"
	new_board 0
	usb=$(basename "$(readlink -f /sys/class/stlink/stlink0/device/..)")
}

teardown() {
	rm -f /etc/modprobe.d/no-stlink.conf
	modprobe stlink
	[ -e /dev/stlink0 ] || stlink attach --usb-path "$usb"
}

# says CHECK VERDICT TEXT: one of the lines of the last doctor
says() {
	grep -E "^$2 +$1 " <<<"$output" | grep -qF -- "$3" || {
		echo "no $2 $1 with '$3' in:" >&2
		echo "$output" >&2
		return 1
	}
}

@test "all is well: exit status 0, and nothing is sent to the target" {
	stlink program "$firmware/demo.bin"
	before=$(sim 0 counters)
	run stlink doctor
	status_is 0
	says module ok "loaded, version"
	says probe ok "is /dev/stlink0"
	says access ok "group plugdev"
	says firmware ok V2J37S7
	says autoprogram ok "off"
	[[ $output != *problem* ]]
	[ "$(sim_value mode 0 state)" != debug ]
	[ "$(sim 0 counters)" = "$before" ]
	runs 0 1
	output=$(stlink doctor --json 2>/dev/null)
	[ "$(jq .ok <<<"$output")" = true ]
	[ "$(jq -r '.checks[] | select(.check == "probe") | .verdict' \
		<<<"$output")" = ok ]
}

@test "no module: not loaded, banned, not installed" {
	rmmod stlink
	run stlink info
	status_is 2
	output_has "$usb is there, and waits for the driver"
	output_has "the driver isn't loaded"
	output_has "type: sudo modprobe stlink"
	run stlink doctor
	status_is 2
	says module problem "isn't loaded"
	echo "blacklist stlink" >/etc/modprobe.d/no-stlink.conf
	run stlink list
	status_is 2
	output_has "blacklisted (/etc/modprobe.d/no-stlink.conf:1)"
	echo "install stlink /bin/false" >/etc/modprobe.d/no-stlink.conf
	run modprobe stlink
	[ "$status" != 0 ]
	run stlink attach --usb-path "$usb"
	status_is 2
	output_has "do nothing instead (/etc/modprobe.d/no-stlink.conf:1)"
	rm /etc/modprobe.d/no-stlink.conf
	# the rule by which the module is found on this machine
	mv /run/modprobe.d/stlink.conf rule
	run stlink info
	mv rule /run/modprobe.d/stlink.conf
	status_is 2
	output_has "isn't installed for the running kernel, $(uname -r)"
	modprobe stlink
	stlink info
}

@test "no permission: rule, group, login" {
	nobody=(setpriv --reuid=nobody --regid=nogroup --clear-groups)
	run "${nobody[@]}" stlink info
	status_is 4
	output_has "sudo usermod -aG plugdev nobody"
	run "${nobody[@]}" stlink doctor
	status_is 4
	says access problem "no permission to open /dev/stlink0"
	sed 's/^\(plugdev:.*\)/\1nobody/' /etc/group >group
	cat group >/etc/group
	run "${nobody[@]}" stlink info
	status_is 4
	output_has "nobody is in group plugdev, but this login began before that"
	output_has "newgrp plugdev"
	setpriv --reuid=nobody --regid=nogroup --groups plugdev stlink info
	sed 's/^\(plugdev:.*\)nobody$/\1/' group >/etc/group
	chown root:root /dev/stlink0
	run "${nobody[@]}" stlink info
	chown root:plugdev /dev/stlink0
	status_is 4
	output_has "wasn't applied"
	output_has "udevadm trigger"
	raw=$(printf '/dev/bus/usb/%03d/%03d' "$(cat /sys/bus/usb/devices/"$usb"/busnum)" \
		"$(cat /sys/bus/usb/devices/"$usb"/devnum)")
	chmod 666 "$raw"
	run stlink doctor
	chmod 660 "$raw"
	status_is 0
	says access warning "$raw is open to everybody"
}

@test "in use: by one of ours, by a program with libusb, by nobody" {
	# one that waits for an answer, in the middle of its job
	{ sleep 60 | script -qefc "stlink option set DATA0=1" asked; } \
		>/dev/null 3>&- &
	for ((i = 0; i < 300; i++)); do
		grep -q 'y/N' asked && break
		sleep 0.1
	done
	pid=$(pidof stlink)
	run stlink erase </dev/null
	status_is 3
	output_has "in use by stlink (PID $pid)"
	output_has "or end it: kill $pid"
	run stlink doctor
	status_is 0
	says probe warning "in use by stlink (PID $pid)"
	kill -9 "$pid"
	while [ -e "/proc/$pid" ]; do
		sleep 0.1
	done
	stlink detach
	run stlink doctor
	status_is 2
	says probe problem "is detached from the driver"
	output_has "stlink attach --usb-path $usb"
	# its handler of SIGTERM may wait for a lock that its main loop holds: for ever
	timeout -k 5 60 st-util >log 2>&1 3>&- &
	pid=$!
	for ((i = 0; i < 200; i++)); do
		run stlink doctor
		[[ $output != *libusb* ]] || break
		sleep 0.1
	done
	kill "$pid"
	wait "$pid" || true
	status_is 3
	says probe problem "in use by st-util (PID "
	output_has "through libusb"
}

@test "a clone that can't measure, nRST not wired: said, and it works" {
	sim 0 voltage 40
	run stlink info
	status_is 0
	output_has "the chip answers: VTref isn't wired"
	sim 0 voltage a0=0,a1=0
	run stlink info
	status_is 0
	output_has "not known: VTref isn't wired"
	sim 0 inject swd-dead on
	run stlink info
	status_is 5
	output_has "doesn't tell whether the board has its supply"
	sim 0 inject swd-dead off
	sim 0 voltage 3300
	sim 0 nrst-wired 0
	run stlink --mode under-reset program "$firmware/demo.bin"
	sim 0 nrst-wired 1
	status_is 0
	output_has "nRST of the probe does not reset the target: not wired?"
	runs 0 1
}

@test "automatic programming: as watch --check" {
	mkdir -p /etc/stlink
	printf '[any]\nimage = /no/such\n' >/etc/stlink/autoprogram.conf
	run stlink doctor
	status_is 10
	says autoprogram problem "/etc/stlink/autoprogram.conf:2"
	printf '[any]\nimage = %s\n' "$firmware/demo.bin" \
		>/etc/stlink/autoprogram.conf
	run stlink doctor
	rm /etc/stlink/autoprogram.conf
	status_is 0
	says autoprogram ok "good, 1 station"
	says autoprogram warning "systemd doesn't run here"
}
