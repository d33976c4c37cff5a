#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
# Programs that drive the probe through libusb, and our driver: handing over and
# taking back. The second probe has a serial number as old firmware has it, with
# a byte 0 in it.
# sim: --part F030F4
# sim: --part F030x8 --serial raw:53FF6B064800555510470E87 --firmware V2J17S4 --fast
# timeout: 1800

# shellcheck disable=SC2154,SC2164 # set by bats; it stops where cd fails

load common

driver=/sys/bus/usb/drivers/stlink

# path N: where the probe of simulator N is plugged in
path() {
	basename "$(readlink -f "/sys/class/stlink/$(basename \
		"$(device "$1")")/device/..")"
}

setup() {
	cd "$BATS_TEST_TMPDIR"
	USB0=$(path 0)
	USB1=$(path 1)
	node=$(device 0)
	serial=$(sim_value serial 0 state)
	log=$(complaints)
	stlink -d "$node" program "$firmware/demo.bin"
}

teardown() {
	local left
	left=$(jobs -p)
	# shellcheck disable=SC2086 # a list of them
	[ -z "$left" ] || kill $left || true
	wait
	chmod 666 /dev/bus/usb/*/*
	rmmod usbserial 2>/dev/null || true
	modprobe stlink
	for usb in "$USB0" "$USB1"; do
		stlink attach --usb-path "$usb"
	done
}

# complaints: lines of the kernel log that are more than information; not those on
# a machine that is slow ("hrtimer: interrupt took")
complaints() {
	dmesg --level emerg,alert,crit,err,warn |
		grep -ciE 'stlink|usb|xhci|urb' || true
}

nothing_in_the_log() {
	[ "$(complaints)" = "$log" ] || {
		dmesg --level emerg,alert,crit,err,warn | tail -n 5 >&2
		return 1
	}
}

# bound N: simulator N has its driver
bound() {
	local usb=$USB0
	[ "$1" = 0 ] || usb=$USB1
	[ -e "$driver/$usb:1.0" ]
}

# unbound N: simulator N has no driver
unbound() {
	! bound "$1"
}

# ocd INTERFACE COMMAND: openocd on board 0
ocd() {
	timeout 120 openocd -f "interface/$1" -c "adapter serial $serial" \
		-c "gdb_port disabled; tcl_port disabled; telnet_port disabled" \
		-f target/stm32f0x.cfg -c "$2"
}

# until_debug: somebody has a session with board 0
until_debug() {
	local i
	for ((i = 0; i < 200; i++)); do
		[ "$(sim_value mode 0 state)" != debug ] || return 0
		sleep 0.05
	done
	return 1
}

# ends_with STATUS: the program $pid that is running
ends_with() {
	status=0
	wait "$pid" || status=$?
	output=$(cat errors)
	status_is "$1"
}

@test "st-info and st-flash after detach; attach takes it back" {
	stlink detach -d "$node"
	unbound 0
	bound 1
	runs 0 1
	run st-info --probe
	status_is 0
	output_has "$serial"
	st-flash --serial "$serial" write "$firmware/demo2.bin" 0x08000000
	st-flash --serial "$serial" reset
	runs 0 2
	[ "$(stlink -q attach --usb-path "$USB0")" = "$node" ]
	stlink -d "$node" verify "$firmware/demo2.bin"
	runs 0 2
	nothing_in_the_log
}

@test "openocd, both of its interfaces, after detach; attach takes it back" {
	for interface in stlink.cfg stlink-dap.cfg; do
		new_board 0
		run ocd $interface "init; shutdown"
		[ "$status" != 0 ]
		bound 0
		stlink detach --usb-path "$USB0"
		run ocd $interface "program $firmware/demo2.bin verify reset exit 0x08000000"
		status_is 0
		output_has "Verified OK"
		stlink attach
		stlink -d "$node" verify "$firmware/demo2.bin"
		runs 0 2
	done
	nothing_in_the_log
}

@test "detach and attach again and again" {
	stlink detach -d "$node"
	run stlink detach --usb-path "$USB0"
	status_is 0
	output_has already
	run stlink attach
	status_is 0
	output_has "$node"
	for verb in "attach" "attach --usb-path $USB0" "attach -d $node"; do
		# shellcheck disable=SC2086
		run stlink $verb
		status_is 0
		output_has already
	done
	stlink -d "$node" info
	for ((i = 0; i < 20; i++)); do
		stlink -q detach -s "$serial"
		[ ! -e "$node" ]
		stlink -q attach -s "$serial"
		stlink -q -d "$(device 0)" status
	done
	runs 0 1
	nothing_in_the_log
}

@test "of two probes the right one, by node, serial number and USB path" {
	other=$(device 1)
	raw=53FF6B064800555510470E87
	run stlink detach
	status_is 1
	output_has "$USB0"
	output_has "$USB1"
	bound 0
	bound 1
	stlink detach -d "$other"
	bound 0
	unbound 1
	# only one has its driver, only one hasn't
	stlink detach
	unbound 0
	run stlink attach
	status_is 1
	output_has "$USB1"
	unbound 0
	run stlink attach -d /dev/stlink7
	status_is 2
	output_has --usb-path
	stlink attach -s $raw
	bound 1
	unbound 0
	stlink attach
	bound 0
	stlink detach -s $raw
	unbound 1
	bound 0
	run stlink list
	status_is 0
	output_has "stlink attach --usb-path $USB1"
	run stlink -s $raw info
	status_is 2
	output_has "stlink attach --usb-path $USB1"
	stlink attach --usb-path "$USB1"
	stlink -s $raw info
	nothing_in_the_log
}

@test "while another program has a session: refused with its PID; --force" {
	# a hot-plug session, looked after now and then; ends with the errno
	python3 - "$node" 2>errors 3>&- <<-'END' &
		import fcntl, os, struct, sys, time
		fd = os.open(sys.argv[1], os.O_RDWR)
		fcntl.ioctl(fd, 0xbb08, bytearray(struct.pack("=10I", 40, *[0] * 9)))
		try:
		    while True:
		        time.sleep(0.1)
		        fcntl.ioctl(fd, 0xbb00, bytearray([112] + [0] * 111))
		except OSError as error:
		    sys.exit(error.errno)
	END
	pid=$!
	until_debug
	run stlink detach -d "$node"
	status_is 3
	output_has "python3 (PID $pid)"
	output_has --force
	bound 0
	kill -0 "$pid"
	stlink detach --force -d "$node"
	unbound 0
	# ENODEV
	ends_with 19
	runs 0 1
	stlink attach
	stlink -d "$node" verify "$firmware/demo.bin"
	nothing_in_the_log
}

@test "--force doesn't wait for a call that takes long; exit status 2 of our tool" {
	# 16 KiB at 5 kHz take more than half a minute, in one call
	stlink -q -f 5k -d "$node" read out.bin 2>errors 3>&- &
	pid=$!
	until_debug
	stlink detach --force -d "$node"
	unbound 0
	ends_with 2
	output_has detached
	[ ! -e out.bin ]
	runs 0 1
	stlink attach
	stlink -d "$node" verify "$firmware/demo.bin"
	nothing_in_the_log
}

@test "while another program has claimed it: refused with its PID; --force" {
	stlink -q -f 5k -d "$node" program "$firmware/demo2.bin" 2>errors 3>&- &
	pid=$!
	until_debug
	run stlink detach -d "$node"
	status_is 3
	output_has "PID $pid"
	output=$(stlink --json detach -d "$node" 2>/dev/null) || true
	[ "$(jq .error.code <<<"$output")" = 3 ]
	bound 0
	stlink detach -d "$node" --force
	unbound 0
	ends_with 2
	output_has detached
	stlink attach
	stlink -d "$node" program "$firmware/demo2.bin"
	flash_is 0 "$firmware/demo2.bin"
	runs 0 2
	nothing_in_the_log
}

@test "a libusb tool that detaches by itself: open handles get ENODEV" {
	stlink -q -f 5k -d "$node" read out.bin 2>errors 3>&- &
	pid=$!
	until_debug
	# a second handle, without a session; 19 is ENODEV
	run python3 - "$node" st-info --probe <<-'END'
		import fcntl, os, subprocess, sys
		fd = os.open(sys.argv[1], os.O_RDWR)
		fcntl.ioctl(fd, 0xbb00, bytearray([112] + [0] * 111))
		subprocess.run(sys.argv[2:], check=True)
		try:
		    fcntl.ioctl(fd, 0xbb00, bytearray([112] + [0] * 111))
		except OSError as error:
		    sys.exit(error.errno)
	END
	status_is 19
	ends_with 2
	[ ! -e out.bin ]
	unbound 0
	st-flash --serial "$serial" read st.bin 0x08000000 0x1000
	cmp -n 4096 st.bin "$firmware/demo.bin"
	# st-info took both; who comes first gets the first node
	stlink attach --usb-path "$USB0"
	stlink -s "$serial" verify "$firmware/demo.bin"
	stlink -s "$serial" reset
	runs 0 1
	nothing_in_the_log
}

@test "attach while openocd has the interface: refused; after it has ended" {
	stlink detach -d "$node"
	ocd stlink.cfg "init; sleep 60000; shutdown" >ocd.log 2>&1 3>&- &
	until_debug
	pid=$(pidof openocd)
	run stlink attach --usb-path "$USB0"
	status_is 3
	output_has "openocd (PID $pid)"
	output_has "$USB0"
	run stlink -s "$serial" info
	status_is 2
	output_has "openocd (PID $pid)"
	run stlink detach --usb-path "$USB0"
	status_is 0
	output_has "openocd (PID $pid)"
	kill "$pid"
	wait
	stlink attach
	stlink -d "$node" verify "$firmware/demo.bin"
	runs 0 1
	nothing_in_the_log
}

@test "without root: by the permission of libusb tools, else exit status 4" {
	usbfs=/dev/bus/usb/$(printf '%03d/%03d' \
		"$(cat "/sys/bus/usb/devices/$USB0/busnum")" \
		"$(cat "/sys/bus/usb/devices/$USB0/devnum")")
	member=(setpriv --reuid=nobody --regid=nogroup --groups=plugdev)
	nobody=(setpriv --reuid=nobody --regid=nogroup --clear-groups)
	chmod 600 "$usbfs"
	run "${member[@]}" stlink detach -d "$node"
	status_is 4
	output_has "sudo stlink detach --usb-path $USB0"
	bound 0
	stlink -d "$node" info
	chmod 666 "$usbfs"
	# who can't open the node can't tell whether it is in use
	run "${nobody[@]}" stlink detach -d "$node"
	status_is 4
	bound 0
	"${member[@]}" stlink detach -d "$node"
	unbound 0
	chmod 600 "$usbfs"
	run "${member[@]}" stlink attach
	status_is 4
	output_has "sudo stlink attach --usb-path $USB0"
	unbound 0
	chmod 666 "$usbfs"
	"${member[@]}" stlink attach
	bound 0
	"${member[@]}" stlink -d "$node" info
	nothing_in_the_log
}

@test "no driver, or another one: said, with what to do" {
	rmmod stlink
	run stlink attach --usb-path "$USB0"
	status_is 2
	output_has "modprobe stlink"
	run stlink detach --usb-path "$USB0"
	status_is 0
	output_has already
	modprobe stlink
	stlink attach --usb-path "$USB0"
	stlink detach --usb-path "$USB0"
	# it takes what it is told to, and sends nothing to it
	modprobe usbserial vendor=0x0483 product=0x3748
	for verb in attach detach; do
		run stlink $verb --usb-path "$USB0"
		status_is 3
		output_has "another driver: usbserial_generic"
	done
	rmmod usbserial
	stlink attach --usb-path "$USB0"
}

@test "--json" {
	output=$(stlink --json detach -d "$node" 2>/dev/null)
	[ "$(jq -c '[.ok, .attached, .changed, .probe.device]' <<<"$output")" = \
		"[true,false,true,null]" ]
	output=$(stlink --json attach -s "$serial" 2>/dev/null)
	[ "$(jq -c '[.ok, .attached, .changed, .probe.device, .probe.serial]' \
		<<<"$output")" = "[true,true,true,\"$node\",\"$serial\"]" ]
	output=$(stlink --json attach -s "$serial" 2>/dev/null)
	[ "$(jq -c '[.ok, .attached, .changed]' <<<"$output")" = \
		"[true,true,false]" ]
	output=$(stlink --json attach 2>/dev/null)
	[ "$(jq -c '[.ok, .probe]' <<<"$output")" = "[true,null]" ]
}
