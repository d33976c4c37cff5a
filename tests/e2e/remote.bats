#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
# A probe that is plugged into another machine, through USB/IP: as good as one
# here, and what happens when something between the two goes. The commands are
# those of tools/examples/remote.
# sim: --part F030F4
# timeout: 1200
# peer

# shellcheck disable=SC2154,SC2164 # set by bats; it stops where cd fails

load common
load power

there=10.0.0.2
remote=$top/tools/examples/remote
retries=/proc/sys/net/ipv4/tcp_retries2

# peer COMMAND...: on the other machine
peer() { "$top/tests/vm/peer" "$@"; }

# busid: where the probe is plugged in there
busid() { peer usbip list -pl | sed -nE 's/^busid=([^#]*)#usbid=0483:.*/\1/p'; }

lend() { peer usbip bind -b "$(busid)"; }

# can_be_had: "yes" when the other machine lends the probe
can_be_had() { usbip list -r "$there" 2>&1 | grep -q 0483: && echo yes; }

# borrow [HOST]: from then on it is plugged in here
borrow() {
	usbip attach -r "${1:-$there}" -b "$(busid)" || return
	until_it_says there node && udevadm settle
}

setup_file() {
	peer modprobe usbip-host
	peer usbipd -D
	modprobe vhci-hcd
	lend
}

# whatever became of the test before
setup() {
	cd "$BATS_TEST_TMPDIR"
	[ -e /dev/stlink0 ] && return
	sim 0 replug || true
	[ "$(can_be_had)" = yes ] || lend
	borrow
}

teardown() {
	[ ! -s errors ] || cat errors >&2
	peer ip link set wire up
}

# ends_with CODE SECONDS: what becomes of in_the_middle, within that time
ends_with() {
	local i code=0
	for ((i = 0; i < $2 * 10; i++)); do
		kill -0 "$pid" 2>/dev/null || break
		sleep 0.1
	done
	if kill -0 "$pid" 2>/dev/null; then
		echo "still in state $(awk '{ print $3 }' "/proc/$pid/stat")" >&2
		return 1
	fi
	wait "$pid" || code=$?
	[ "$code" = "$1" ] || {
		echo "exit status $code, expected $1" >&2
		return 1
	}
}

# hanging: programs that can't be killed, the kernel's threads among them
hanging() {
	awk '$3 == "D" { print $2 }' /proc/[0-9]*/stat 2>/dev/null
}

# all_gone: node and names, nobody hangs, and no kernel has a complaint
all_gone() {
	until_it_says gone node
	udevadm settle
	[ ! -e /dev/stlink ]
	until_it_says "" hanging
	run stlink info
	status_is 2
	quiet dmesg
	quiet peer dmesg
}

# quiet DMESG: its kernel has no worse to say of us than what it informs of
quiet() {
	if "$@" --level emerg,alert,crit,err,warn | grep -v ' taints kernel' |
		grep -i stlink >&2
	then
		return 1
	fi
}

# works: it can be had again, and what was cut off succeeds
works() {
	[ -e /dev/stlink0 ] || borrow
	stlink program "$firmware/demo.bin"
	stlink verify "$firmware/demo.bin"
	flash_is 0 "$firmware/demo.bin"
	runs 0 1
}

@test "the other machine's probe is a node here, with serial number and names" {
	serial=$(sim_value serial 0 state)
	[ "$(cat /sys/class/stlink/stlink0/serial)" = "$serial" ]
	[ "$(readlink -f "/dev/stlink/by-serial/$serial")" = /dev/stlink0 ]
	path=$(basename /dev/stlink/by-path/*)
	[[ $(readlink -f "/sys/bus/usb/devices/$path") == */vhci_hcd* ]]
	run stlink list
	status_is 0
	output_has "$serial"
	output_has "$path"
	usbip port | grep -q "$path -> usbip://$there:3240/$(busid)"
}

@test "info, program, verify, read: as with a probe that is plugged in here" {
	new_board 0
	run stlink info
	status_is 0
	output_has "STM32F030x4"
	# 80 % of the flash, then all of it
	works
	stlink read read.bin
	flash_is 0 read.bin
	[ "$(stat -c %s read.bin)" = 16384 ]
	cmp -n "$(stat -c %s "$firmware/demo.bin")" read.bin \
		"$firmware/demo.bin"
	head -c 16384 /dev/urandom >all.bin
	stlink program --no-reset all.bin 0x08000000
	flash_is 0 all.bin
	stlink read -q again.bin
	cmp all.bin again.bin
}

@test "given back in the middle of programming" {
	in_the_middle
	usbip detach -p 0
	ends_with 2 10
	grep -q unplugged errors
	all_gone
	works
}

@test "the cable over there pulled in the middle of programming" {
	in_the_middle
	sim 0 unplug
	ends_with 2 10
	grep -q unplugged errors
	all_gone
	sim 0 replug
	until_it_says "$(sim_value serial 0 state)" \
		peer sh -c 'cat /sys/bus/usb/devices/1-1/serial'
	# it has to be lent anew
	run usbip attach -r "$there" -b "$(busid)"
	[ "$status" != 0 ]
	lend
	works
}

@test "taken back over there in the middle of programming" {
	in_the_middle
	peer usbip unbind -b "$(busid)"
	ends_with 2 10
	grep -q unplugged errors
	all_gone
	lend
	works
}

@test "the daemon over there killed: needed for the next to come only" {
	in_the_middle
	peer kill -9 "$(peer pidof usbipd)"
	ends_with 0 60
	flash_is 0 "$firmware/demo.bin"
	usbip detach -p 0
	all_gone
	run usbip attach -r "$there" -b "$(busid)"
	[ "$status" != 0 ]
	peer usbipd -D
	works
}

@test "the network away for a moment: it only takes longer" {
	in_the_middle
	peer ip link set wire down
	sleep 0.5
	peer ip link set wire up
	ends_with 0 60
	flash_is 0 "$firmware/demo.bin"
	runs 0 1
}

# works_again: the node that stayed, once TCP has tried anew
works_again() {
	local i
	for ((i = 0; i < 120; i++)); do
		! stlink info >/dev/null 2>&1 || break
		sleep 1
	done
	works
}

@test "the network gone: the program ends, and the probe is usable when it is back" {
	in_the_middle
	peer ip link set wire down
	ends_with 7 30
	until_it_says "" hanging
	[ -e /dev/stlink0 ]
	run timeout 30 stlink info
	status_is 7
	quiet dmesg
	peer ip link set wire up
	works_again
}

@test "the network gone: a program that waits for it can be killed" {
	in_the_middle
	peer ip link set wire down
	sleep 1
	kill -9 "$pid"
	ends_with 137 5
	peer ip link set wire up
	works_again
}

@test "the network gone: given back, and borrowed anew when it is there again" {
	in_the_middle
	peer ip link set wire down
	ends_with 7 30
	usbip detach -p 0
	all_gone
	peer ip link set wire up
	# over there nobody knows that we have given up
	peer usbip unbind -b "$(busid)"
	lend
	works
}

@test "the network gone: TCP gives up early where it is told to" {
	before=$(cat "$retries")
	echo 5 >"$retries"
	in_the_middle
	peer ip link set wire down
	ends_with 7 30
	for ((i = 0; i < 60; i++)); do
		[ -e /dev/stlink0 ] || break
		sleep 1
	done
	echo "$before" >"$retries"
	all_gone
	peer ip link set wire up
	peer usbip unbind -b "$(busid)"
	lend
	works
}

# tunnel: of ssh, as described; what is behind "-F none" is for this test
tunnel() {
	ssh -f -N -o ServerAliveInterval=5 -o ServerAliveCountMax=2 \
		-o ExitOnForwardFailure=yes -L 3240:localhost:3240 \
		-F none -i key -o UserKnownHostsFile=known \
		-o StrictHostKeyChecking=no "root@$there" 3>&-
}

@test "through a tunnel of ssh, which ends where the network does" {
	usbip detach -p 0
	until_it_says gone node
	ssh-keygen -q -t ed25519 -N '' -f key
	peer sh -c "mkdir -p -m 700 /root/.ssh
		echo '$(cat key.pub)' >/root/.ssh/authorized_keys
		dropbearkey -t ed25519 -f /run/host-key
		dropbear -P /run/dropbear.pid -r /run/host-key" >/dev/null
	tunnel
	borrow localhost
	works
	in_the_middle
	peer ip link set wire down
	ends_with 7 30
	for ((i = 0; i < 60; i++)); do
		[ -e /dev/stlink0 ] || break
		sleep 1
	done
	all_gone
	[ -z "$(pidof ssh)" ]
	peer ip link set wire up
	# the one that listens: the others end by themselves about now
	peer kill "$(peer cat /run/dropbear.pid)"
	peer usbip unbind -b "$(busid)"
	lend
	works
}

@test "with our driver over there too: lent, it lets go, and gets it back" {
	usbip detach -p 0
	peer usbip unbind -b "$(busid)"
	new_board 0
	peer insmod "$STLINK_PEER_KO"
	until_it_says /dev/stlink0 peer ls /dev/stlink0
	peer sh -c "(stlink -q -f 25k program '$firmware/demo.bin'
		echo \$? >/run/code) >/dev/null 2>&1 &"
	for ((i = 0; i < 600; i++)); do
		[ "$(counter 0 halfwords)" -lt 500 ] || break
		sleep 0.05
	done
	lend
	until_it_says 2 peer cat /run/code
	run peer ls /dev/stlink0
	[ "$status" != 0 ]
	works
	usbip detach -p 0
	until_it_says gone node
	peer usbip unbind -b "$(busid)"
	until_it_says /dev/stlink0 peer ls /dev/stlink0
	peer stlink verify "$firmware/demo.bin"
	quiet peer dmesg
	peer rmmod stlink
	lend
}

@test "the rule: lent as soon as it is plugged in" {
	usbip detach -p 0
	peer cp "$remote/90-stlink-usbip.rules" /run/udev/rules.d/
	peer udevadm control --reload
	sim 0 unplug
	until_it_says "" can_be_had
	sim 0 replug
	until_it_says yes can_be_had
	works
}
