# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash disable=SC2034
# What the benches share in the machine: the driver and its first probe.

tracing=/sys/kernel/tracing
driver=/sys/bus/usb/drivers/stlink
interface=$(basename "$(readlink -f /sys/class/stlink/stlink0/device)")

wait_for_node() {
	local i
	for ((i = 0; i < 100; i++)); do
		[ ! -c /dev/stlink0 ] || break
		sleep 0.1
	done
	udevadm settle
}

# The probe is free for programs that use libusb.
take_driver_off() {
	echo "$interface" >"$driver/unbind"
}

put_driver_back() {
	echo "$interface" >"$driver/bind"
	wait_for_node
}

# What the module and its URBs allocate while it binds to a probe.
memory_of_a_probe() {
	take_driver_off
	echo >"$tracing/trace"
	echo 1 >"$tracing/events/kmem/kmalloc/enable"
	echo "$interface" >"$driver/bind"
	echo 0 >"$tracing/events/kmem/kmalloc/enable"
	wait_for_node
	# 256 bytes for a descriptor are given back at once; they count here.
	grep -E 'call_site=(stlink_|usb_alloc_urb)' "$tracing/trace" |
		sed -E 's/.*bytes_alloc=([0-9]+).*/\1/' |
		awk '{ n += $1 } END { print n }'
}
