# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash disable=SC2034,SC2154
# Part of run: the second machine of --peer. It boots the same kernel on the same
# root; it has the probes and no driver of ours, an end of a wire that is all of
# the network, and a port for orders from the first one.
#
# Beside debug and kcsan it boots 6.1: usbip-host (6.1.192) uses what it has freed
# where it submits a transfer, takes one back and is unbound with two of its events
# waiting, and KASAN has no second report.

# Starts it, and waits until the first one can be connected.
start_peer() {
	local place=$work/peer address=10.0.0.2 peer=no ko='' leaks=no
	local memory_root=no memory=$((memory / 2)) smp=1 tries
	local kernel=$kernel folder=$folder
	local timeout=$((timeout + 60)) append="kmemleak=off"
	local initramfs=$initramfs root_device more=(
		-netdev "stream,id=net,server=on,addr.type=unix,addr.path=$work/wire"
		-device "virtio-net-pci,netdev=net,romfile="
		-chardev "socket,id=orders,server=on,wait=off,path=$work/orders"
		-device "virtserialport,chardev=orders,name=orders")
	case $kernel in
	debug|kcsan)
		kernel=6.1
		folder=$("$here/kernel" image "$kernel") || exit 125
		initramfs=$("$here/initramfs" "$folder") || exit 125
		[ "$module" = no ] ||
			peer_ko=$("$here/kernel" module "$kernel") || exit 125 ;;
	esac
	mkdir "$place"
	plug_probes
	write_guest_files "$here/obey"
	root_options
	machine >"$place/qemu.log" 2>&1 </dev/null &
	peer_pid=$!
	for ((tries = 100; tries; tries--)); do
		[ ! -S "$work/wire" ] || [ ! -S "$work/orders" ] || return 0
		kill -0 $peer_pid 2>/dev/null || break
		sleep 0.05
	done
	cat "$place/qemu.log" >&2
	die "the second machine did not start"
}

# The first machine's end of the wire and of the port.
join_peer() {
	address=10.0.0.1 wait=no
	more+=(
		-netdev "stream,id=net,server=off,addr.type=unix,addr.path=$work/wire"
		-device "virtio-net-pci,netdev=net,romfile="
		-chardev "socket,id=peer,path=$work/orders"
		-device "virtserialport,chardev=peer,name=peer")
}

# It ends by itself when the first one has: obey hears of that.
end_peer() {
	local waited=0
	while kill -0 "$peer_pid" 2>/dev/null && [ $waited -lt 300 ]; do
		sleep 0.1
		waited=$((waited + 1))
	done
	kill "$peer_pid" 2>/dev/null
	wait "$peer_pid"
	peer_status=$?
	peer_pid=
}

# of_peer COMMAND...: one of run's functions, about the second machine
of_peer() {
	local place=$work/peer other="second "
	"$@"
}

# Adds what the second machine came to. What the test says of itself counts only
# where both machines are well.
judge_peer() {
	local first=$code found=$complaints qemu_status=$peer_status
	of_peer judge_machine
	[ -z "$complaints" ] || found+="${found:+$'\n'}second machine:
$complaints"
	complaints=$found
	if [ "$first" -ge 122 ] || [ "$code" = 0 ]; then
		code=$first
	fi
}
