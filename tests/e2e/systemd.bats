#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
# Where systemd is the first process: its udevd gives the nodes to the right
# people under the right names, its journal has what the driver says, and it
# starts and stops automatic programming. Debian's rules of stlink-tools and
# openocd are installed as well, which is the hard case for permissions.
# sim: --fast --serial raw:00112233445566778899AABB
# sim: --fast --serial 303030303030303030303031
# sim: --fast --serial 303030303030303030303031
# sim: --fast --serial none
# sim: --fast --serial 'a/../b c'
# timeout: 1800
# systemd

# shellcheck disable=SC2154 # set by bats

load common

by_path=/dev/stlink/by-path
by_serial=/dev/stlink/by-serial
unit=stlink-autoprogram@stlink0
conf=/etc/stlink/autoprogram.conf
log=/var/log/stlink/stand-in

# soon COMMAND...: it succeeds in the end
soon() {
	local i
	for ((i = 0; i < 200; i++)); do
		! "$@" 2>/dev/null || return 0
		sleep 0.1
	done
	echo "in vain: $*" >&2
	"$@"
}

gone() { [ ! -e "$1" ]; }
is() { [ "$(systemctl show -P "$1" "${3:-$unit}")" = "$2" ]; }
leads_to() { [ "$(readlink -f "$1")" = "$2" ]; }
mode_is() { [ "$(stat -c '%a %G' "$1")" = "$2" ]; }
restricted() { mode_is "$1" "660 plugdev"; }
logged() { [ "$(grep -cx "$1" $log)" = "$2" ]; }
no_unit_failed() {
	run systemctl --failed --no-legend
	[ -z "$output" ] || { echo "$output" >&2; return 1; }
}

# node_of N: simulator N is plugged into port N + 1 of the first bus
node_of() { readlink -f "$by_path/1-$(($1 + 1))"; }

# usb_node N: that of the USB device
usb_node() {
	local dev=/sys/bus/usb/devices/1-$(($1 + 1))
	printf '/dev/bus/usb/%03d/%03d\n' "$(cat "$dev/busnum")" \
		"$(cat "$dev/devnum")"
}

property() { udevadm info --query=property --property="$2" --value "$1"; }

# stand_in SCRIPT: takes the place of stlink watch
stand_in() {
	local dir=/run/systemd/system/stlink-autoprogram@.service.d
	printf '#!/bin/bash\n%s\n' "$1" >/usr/local/bin/stand-in
	chmod 755 /usr/local/bin/stand-in
	mkdir -p $dir
	printf '[Service]\nTimeoutStopSec=300\nExecStart=\nExecStart=%s\n' \
		"/usr/local/bin/stand-in /dev/%I" >$dir/stand-in.conf
	systemctl daemon-reload
}

# Writes down what becomes of it; ends when it is asked to, and not before command $1
# ends.
wait_for_end() {
	echo "trap '${1:-true}; echo stopped >>$log; exit' TERM
		echo \"started \$1\" >>$log
		while :; do sleep 0.1; done"
}

@test "systemd is the first process, and all of it is up" {
	[ "$(cat /proc/1/comm)" = systemd ]
	[ "$(systemctl is-system-running)" = running ]
	run journalctl -b -q -u systemd-udevd
	[[ ! $output =~ 48-stlink|stlink[0-9] ]]
}

@test "nodes have their group and mode, with other people's rules installed" {
	grep -q 'MODE:="0666"' /usr/lib/udev/rules.d/49-stlinkv2.rules
	grep -q 3748 /usr/lib/udev/rules.d/60-openocd.rules
	for n in 0 1 2 3 4; do
		restricted "$(node_of $n)"
		restricted "$(usb_node $n)"
		property "$(node_of $n)" TAGS | grep ':uaccess:'
		property "$(usb_node $n)" TAGS | grep ':uaccess:'
	done
	[ -z "$(find /dev -name 'stlink*' -type c -perm /o=rw)" ]
}

@test "the USB path is a name, with and without its controller" {
	for n in 0 1 2 3 4; do
		node=$(node_of $n)
		path=$(property "$node" ID_PATH)
		[[ $path == pci-*-usb-0:$((n + 1)):1.0 ]]
		leads_to "$by_path/$path" "$node"
		[ "$(stlink --usb-path 1-$((n + 1)) list --json |
			jq -r '.probes[] | select(.usb_path == "1-'$((n + 1))'")
			| .device')" = "$node" ]
	done
	[ "$(find $by_path -type l | wc -l)" = 10 ]
}

@test "the serial number is a name, as stlink list says it" {
	serial=$(stlink list --json | jq -r '.probes[] |
		select(.usb_path == "1-1") | .serial')
	# of the raw bytes the first is zero: the USB device shows nothing
	[ "$serial" = 00112233445566778899AABB ]
	[ -z "$(tr -d '\n' </sys/bus/usb/devices/1-1/serial)" ]
	leads_to "$by_serial/$serial" "$(node_of 0)"
	stlink -s "$serial" program "$firmware/demo.bin"
	runs 0 1
}

@test "no serial number, or one that is no file name: the path alone" {
	[ -z "$(tr -d '\n' <"/sys/class/stlink/$(basename "$(node_of 3)")/serial")" ]
	[ "$(cat "/sys/class/stlink/$(basename "$(node_of 4)")/serial")" = a/../b_c ]
	run ls $by_serial
	[ "$output" = "00112233445566778899AABB
303030303030303030303031" ]
	for n in 3 4; do
		run property "$(node_of $n)" DEVLINKS
		[[ $output != *by-serial* ]]
	done
}

@test "of two probes with one number the link has one, then the other" {
	link=$by_serial/303030303030303030303031
	one=$(node_of 1) two=$(node_of 2)
	[ "$one" != "$two" ]
	case $(readlink -f $link) in
	"$one")	n=1 rest=$two ;;
	"$two")	n=2 rest=$one ;;
	*)	false ;;
	esac
	sim $n unplug
	soon leads_to $link "$rest"
	sim $n replug
	soon [ -e "$by_path/1-$((n + 1))" ]
	# who came last has it
	soon leads_to $link "$(node_of $n)"
	sim 1 unplug
	sim 2 unplug
	soon gone $link
	sim 1 replug
	soon [ -e $by_path/1-2 ]
	soon leads_to $link "$(node_of 1)"
	sim 2 replug
	soon [ -e $by_path/1-3 ]
}

@test "udev knows what the probe is" {
	node=$(node_of 0)
	[ "$(property "$node" ID_SERIAL_SHORT)" = 00112233445566778899AABB ]
	[ "$(property "$node" ID_SERIAL)" = \
		STMicroelectronics_STM32_STLink_00112233445566778899AABB ]
	[ "$(property "$node" ID_VENDOR_ID)" = 0483 ]
	[ "$(property "$node" ID_MODEL_ID)" = 3748 ]
	[ "$(property "$node" ID_MODEL)" = STM32_STLink ]
	[ "$(property "$node" ID_MODEL_FROM_DATABASE)" = ST-LINK/V2 ]
}

@test "the daemon of USB/IP: only this machine reaches it" {
	cp "$top/tools/examples/remote/usbipd.service" /run/systemd/system/
	systemctl daemon-reload
	systemctl start usbipd
	ip link set lo up
	ip addr add 10.0.0.9/32 dev lo
	usbip bind -b 1-1
	usbip list -r localhost | grep -q "1-1: .*0483:"
	# from and to 10.0.0.9
	run timeout 5 usbip list -r 10.0.0.9
	[ "$status" = 124 ]
	usbip unbind -b 1-1
	soon [ -e $by_path/1-1 ]
	udevadm settle
	stlink -d "$(node_of 0)" info
	systemctl stop usbipd
}

@test "unplugged and plugged in again: nodes and names go and come" {
	for n in 0 1 2 3 4; do
		sim $n unplug
	done
	soon gone /dev/stlink0
	soon gone /dev/stlink
	sim 0 replug
	soon [ -e $by_path/1-1 ]
	leads_to $by_path/1-1 /dev/stlink0
	stlink info
	journalctl -b -q -k | grep -q 'registered new interface driver stlink'
}

@test "without a configuration nothing starts, and nothing fails" {
	property /dev/stlink0 SYSTEMD_WANTS | grep -w $unit.service
	property /dev/stlink0 TAGS | grep ':systemd:'
	soon is ConditionResult no
	[ "$(systemctl show -P ConditionTimestampMonotonic $unit)" != 0 ]
	is ActiveState inactive
	is LoadState loaded
	no_unit_failed
}

@test "user and folders are there" {
	id -u stlink
	mode_is /etc/stlink "755 root"
	mode_is /var/lib/stlink "750 stlink"
	mode_is /var/log/stlink "750 stlink"
}

@test "with a configuration it starts, and stops and starts with the probe" {
	stand_in "$(wait_for_end)"
	touch $conf
	systemctl --all restart 'stlink-autoprogram@*'
	is ActiveState active
	soon logged "started /dev/stlink0" 1
	sim 0 unplug
	soon is ActiveState inactive
	logged stopped 1
	is Result success
	sim 0 replug
	soon logged "started /dev/stlink0" 2
	is ActiveState active
	no_unit_failed
}

@test "each probe has its own" {
	for n in 1 2 3 4; do
		sim $n replug
		soon [ -e $by_path/1-$((n + 1)) ]
		node=$(node_of $n)
		soon is ActiveState active "stlink-autoprogram@${node#/dev/}"
		logged "started $node" 1
	done
	before=$(grep -cx stopped $log)
	sim 2 unplug
	soon logged stopped $((before + 1))
	[ "$(systemctl list-units --no-legend --state=running \
		'stlink-autoprogram@*' | wc -l)" = 4 ]
	no_unit_failed
}

@test "plugged in again while it is still ending: it starts once more" {
	local may_end=/run/stand-in-may-end
	stand_in "$(wait_for_end "until [ -e $may_end ]; do sleep 0.1; done")"
	rm $log
	systemctl restart $unit
	soon logged "started /dev/stlink0" 1
	rm $log
	sim 0 unplug
	soon is ActiveState deactivating
	sim 0 replug
	soon [ -e $by_path/1-1 ]
	is ActiveState deactivating
	touch $may_end
	soon logged stopped 1
	soon logged "started /dev/stlink0" 1
	[ "$(head -n 1 $log)" = stopped ]
	is ActiveState active
	no_unit_failed
}

@test "it can do its work" {
	install -m 644 "$firmware/demo.bin" /var/lib/stlink/
	# as root, with nothing but what the hint of the tool says
	echo 1 >/var/lib/stlink/counter
	new_board 0
	# shellcheck disable=SC2016 # for the stand-in
	stand_in 'exec >>'$log'.work 2>&1
		stlink -d $1 program /var/lib/stlink/demo.bin && echo programmed
		echo 2 >/var/lib/stlink/counter && echo counted
		mv /var/lib/stlink/counter /var/lib/stlink/new &&
			mv /var/lib/stlink/new /var/lib/stlink/counter &&
			echo replaced
		logger -t stand-in a record && echo in the journal
		timeout 20 udevadm monitor --udev --subsystem-match=stlink |
			grep -m 1 change && echo event
		echo end'
	systemctl restart $unit
	soon grep -q 'in the journal' $log.work
	for ((i = 0; i < 40; i++)); do
		udevadm trigger --subsystem-match=stlink
		! grep -qx event $log.work || break
		sleep 0.5
	done
	soon is ActiveState inactive
	cat $log.work
	for word in programmed counted replaced event end; do
		grep -qx $word $log.work
	done
	runs 0 1
	journalctl -b -q -t stand-in | grep 'a record'
	is Result success
}

@test "and nothing else" {
	other=$(node_of 1)
	mkdir -p /home/me
	touch /home/me/file /tmp/file
	# shellcheck disable=SC2016 # for the stand-in
	stand_in 'exec >'$log'.not 2>&1
		not() { "$@" && echo "can: $*"; }
		not touch /etc/stlink/x
		not touch /usr/local/bin/x
		not touch /var/x
		not test -e /home/me/file
		not test -e /tmp/file
		not stlink -d '"$other"' info
		not head -c 1 /dev/vda /dev/mem /dev/kmsg
		not test -e /proc/1/comm
		not python3 -c "import socket; socket.socket()"
		not python3 -c "import os; os.chown(\"/var/lib/stlink\", 0, 0)"
		not setpriv --reuid=0 true
		not unshare --user true
		not chmod u+s /var/lib/stlink/demo.bin
		not systemctl restart systemd-journald
		grep -E "^(Cap|NoNew)" /proc/self/status
		echo end'
	systemctl restart $unit
	soon grep -qx end $log.not
	cat $log.not
	[ "$(grep -c '^can:' $log.not)" = 0 ]
	[ "$(grep -c '^Cap.*0000000000000000$' $log.not)" = 5 ]
	grep -q '^NoNewPrivs:.*1$' $log.not
	sleep 1
	is Result success
}

@test "what ends with an error is not tried again" {
	stand_in "echo run >>$log.bad; exit 10"
	systemctl restart $unit
	soon is ActiveState failed
	sleep 12
	[ "$(wc -l <$log.bad)" = 1 ]
	is ActiveState failed
	is ExecMainStatus 10
	is NRestarts 0
	# "no probe" is none, whoever was first to see it go
	stand_in "exit 2"
	systemctl restart $unit
	soon is ActiveState inactive
	is Result success
}

@test "what dies is started again, but not for ever" {
	# shellcheck disable=SC2016 # for the stand-in
	stand_in 'echo run >>'$log'.dies; kill -SEGV $$'
	printf '[Unit]\nStartLimitBurst=15\n[Service]\nRestartSec=100ms\n' \
		>/run/systemd/system/stlink-autoprogram@.service.d/quick.conf
	systemctl daemon-reload
	systemctl reset-failed $unit
	systemctl restart $unit || :
	soon is ActiveState failed
	n=$(wc -l <$log.dies)
	[ "$n" -gt 1 ]
	[ "$n" -le 15 ]
	sleep 3
	[ "$(wc -l <$log.dies)" = "$n" ]
	rm /run/systemd/system/stlink-autoprogram@.service.d/quick.conf
	systemctl daemon-reload
	systemctl reset-failed $unit
}

@test "make uninstall takes everything back, make install counts at once" {
	rm -f $log
	stand_in "$(wait_for_end)"
	systemctl restart $unit
	soon logged "started /dev/stlink0" 1
	make -s -C "$top/tools" uninstall
	soon is ActiveState inactive
	is LoadState not-found
	for file in /usr/lib/{udev/rules.d/48-stlink.rules,sysusers.d/stlink.conf} \
		/usr/lib/tmpfiles.d/stlink.conf /usr/local/bin/stlink \
		/usr/lib/systemd/system/stlink-autoprogram{,-plugged}@.service; do
		[ ! -e "$file" ]
	done
	# what it is like without: the rules of stlink-tools have their way
	sim 0 unplug
	soon gone /dev/stlink0
	sim 0 replug
	soon mode_is /dev/stlink0 "666 root"
	[ ! -e $by_path/1-1 ]
	userdel stlink
	make -s -C "$top/tools" install
	soon restricted /dev/stlink0
	soon restricted "$(usb_node 0)"
	soon leads_to $by_path/1-1 /dev/stlink0
	soon logged "started /dev/stlink0" 2
	is ActiveState active
}

@test "make install puts all of it below DESTDIR, and nothing else anywhere" {
	cd "$BATS_TEST_TMPDIR"
	systemctl stop 'stlink-autoprogram@*'
	make -s -C "$top/tools" install DESTDIR="$PWD/root" prefix=/usr
	is ActiveState inactive
	[ "$(find root/usr/lib -type f | sort)" = \
"root/usr/lib/systemd/system/stlink-autoprogram-plugged@.service
root/usr/lib/systemd/system/stlink-autoprogram@.service
root/usr/lib/sysusers.d/stlink.conf
root/usr/lib/tmpfiles.d/stlink.conf
root/usr/lib/udev/rules.d/48-stlink.rules" ]
	[ "$(find root -mindepth 1 -maxdepth 2 | sort | paste -sd ' ')" = \
"root/usr root/usr/bin root/usr/include root/usr/lib root/usr/share" ]
	grep -q '^ExecStart=/usr/bin/stlink watch -d /dev/%I$' \
		root/usr/lib/systemd/system/stlink-autoprogram@.service
	[ -z "$(grep -r '@bindir@' root/usr/lib)" ]
	cmp root/usr/share/doc/stlink/examples/autoprogram.conf \
		"$top/tools/examples/autoprogram.conf"
	[ -z "$(find root -type f -perm /o=w)" ]
	make -s -C "$top/tools" uninstall DESTDIR="$PWD/root" prefix=/usr
	[ -z "$(find root -type f)" ]
}
