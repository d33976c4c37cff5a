#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
# Where systemd is the first process: its udevd gives the node to the right
# people under the right names, and its journal has what the driver says.
# sim: --fast
# systemd

# shellcheck disable=SC2154 # set by bats

load common

@test "systemd is the first process, and all of it is up" {
	[ "$(cat /proc/1/comm)" = systemd ]
	[ "$(systemctl is-system-running)" = running ]
}

@test "the node has its group, mode, tag and names" {
	[ "$(stat -c '%a %G' /dev/stlink0)" = "660 plugdev" ]
	serial=$(cat /sys/class/stlink/stlink0/serial)
	[ "$(readlink -f "/dev/stlink/by-serial/$serial")" = /dev/stlink0 ]
	udevadm info --query=property /dev/stlink0 | grep -q ':uaccess:'
	stlink -s "$serial" program "$firmware/demo.bin"
	runs 0 1
}

@test "the daemon of USB/IP: only this machine reaches it" {
	cp "$top/tools/examples/remote/usbipd.service" /run/systemd/system/
	systemctl daemon-reload
	systemctl start usbipd
	ip link set lo up
	ip addr add 10.0.0.9/32 dev lo
	usb=$(basename "$(readlink -f /sys/class/stlink/stlink0/device/..)")
	usbip bind -b "$usb"
	usbip list -r localhost | grep -q "$usb: .*0483:"
	# from and to 10.0.0.9
	run timeout 5 usbip list -r 10.0.0.9
	[ "$status" = 124 ]
	usbip unbind -b "$usb"
	for ((i = 0; i < 100; i++)); do
		[ -e /dev/stlink0 ] && break
		sleep 0.1
	done
	udevadm settle
	stlink info
	systemctl stop usbipd
}

@test "unplugged and plugged in again: nodes and names go and come" {
	sim 0 unplug
	for ((i = 0; i < 100; i++)); do
		[ -e /dev/stlink ] || break
		sleep 0.1
	done
	[ ! -e /dev/stlink0 ]
	[ ! -e /dev/stlink ]
	sim 0 replug
	for ((i = 0; i < 100; i++)); do
		[ -e /dev/stlink/by-path ] && break
		sleep 0.1
	done
	stlink info
	journalctl -b -q -k | grep -q 'registered new interface driver stlink'
}
