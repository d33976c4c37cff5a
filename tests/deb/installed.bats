#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
# The Debian packages at work: the machine has nothing of ours but them, and the
# module that DKMS made of one of them (tests/deb/run machine). A stand-in for DKMS
# puts that where DKMS would.

# shellcheck disable=SC2154 # set by bats

load ../e2e/common

out=$top/build/deb-test
tool=/usr/bin/stlink
unit=stlink-autoprogram@stlink0
conf=/etc/stlink/autoprogram.conf

setup_file() {
	local release
	release=$(uname -r)
	make -s -C "$top/tools" uninstall
	userdel stlink
	# of a host that is a container: no service is to be touched
	rm -f /usr/sbin/policy-rc.d
	rm -rf /etc/stlink /var/lib/stlink /var/log/stlink
	mkdir -p /usr/lib/dkms /srv/firmware /run/dpkg/{info,updates,triggers}
	touch /run/dpkg/{status,available}
	cat >/usr/lib/dkms/common.postinst <<-END
		#!/bin/sh
		[ "\$1" = stlink ] && [ -d "/usr/src/stlink-\$2" ] || exit 1
		[ -d /lib/modules/$release/updates/dkms ] ||
			mount --bind $out/root/lib/modules/$release \\
			/lib/modules/$release
	END
	cat >/usr/local/bin/dkms <<-END
		#!/bin/sh
		case \$1 in
		status)	echo "stlink/\$5: installed" ;;
		remove)	umount -l /lib/modules/$release ;;
		esac
	END
	chmod 755 /usr/lib/dkms/common.postinst /usr/local/bin/dkms
	install -m 644 "$firmware/demo.bin" /srv/firmware/
}

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
mode_is() { [ "$(stat -c '%a %G' "$1")" = "$2" ]; }
is() { [ "$(systemctl show -P "$1" $unit)" = "$2" ]; }

# dpkg without the database of this machine, which takes minutes to read here; so
# what the packages depend on is this machine's matter.
pkg() { timeout 100 dpkg --admindir=/run/dpkg --force-depends "$@"; }

# as USER COMMAND...
as() { runuser -u "$1" -- "${@:2}"; }

@test "nothing of ours is there, and the probe is plugged in" {
	[ ! -e /usr/lib/udev/rules.d/48-stlink.rules ]
	[ ! -e /sys/module/stlink ]
	[ ! -e $tool ]
	! modinfo stlink || false
	grep -qx 0483 /sys/bus/usb/devices/*/idVendor
}

@test "installed with a probe plugged in: it is there at once, for its group" {
	pkg -i "$out"/packages/stlink-kernel-tools_*.deb
	pkg -i "$out"/packages/stlink-dkms_*.deb
	soon [ -c /dev/stlink0 ]
	soon mode_is /dev/stlink0 "660 plugdev"
	soon [ -e /dev/stlink/by-path/1-1 ]
	[ "$(modinfo -F filename stlink)" = \
		"/lib/modules/$(uname -r)/updates/dkms/stlink.ko" ]
	id stlink
	mode_is /var/lib/stlink "750 stlink"
}

@test "plugged in: the module comes by itself" {
	sim 0 unplug
	soon gone /dev/stlink0
	soon modprobe -r stlink
	[ ! -e /sys/module/stlink ]
	sim 0 replug
	soon [ -e /dev/stlink/by-path/1-1 ]
	[ -e /sys/module/stlink ]
}

@test "members of plugdev can use it, others can't" {
	useradd --no-create-home --groups plugdev me
	useradd --no-create-home you
	run as me $tool list
	status_is 0
	output_has /dev/stlink0
	run as me $tool info
	status_is 0
	output_has STM32F030
	run as you $tool info
	status_is 4
}

@test "the service starts with the probe, and programs the board" {
	printf '[any]\nimage = /srv/firmware/demo.bin\n' >$conf
	sim 0 unplug
	soon gone /dev/stlink0
	new_board 0
	sim 0 replug
	soon is ActiveState active
	soon flash_is 0 "$firmware/demo.bin"
}

@test "upgraded while a program uses the probe: that goes on; the old module, too" {
	module=$(stat -c %i /sys/module/stlink)
	exec 9</dev/stlink0
	run pkg -i "$out"/packages/stlink-dkms_*.deb
	status_is 0
	output_has "modprobe -r stlink && modprobe stlink"
	[ "$(stat -c %i /sys/module/stlink)" = "$module" ]
	exec 9<&-
}

@test "upgraded while nobody does: the new module is in the old one's place" {
	systemctl stop $unit
	module=$(stat -c %i /sys/module/stlink)
	run pkg -i "$out"/packages/stlink-dkms_*.deb
	status_is 0
	[[ $output != *"modprobe -r"* ]]
	soon [ -e /dev/stlink/by-path/1-1 ]
	[ "$(stat -c %i /sys/module/stlink)" != "$module" ]
	soon is ActiveState active
}

@test "removed: service and module are gone, and purged: the rest is" {
	pkg -r stlink-kernel-tools
	is ActiveState inactive
	is LoadState not-found
	[ -z "$(pgrep -x stlink)" ]
	[ -e $conf ]
	pkg -r stlink-dkms
	[ ! -e /sys/module/stlink ]
	soon gone /dev/stlink0
	pkg -P stlink-kernel-tools stlink-dkms
	for file in /etc/stlink /var/lib/stlink /var/log/stlink \
		/usr/lib/udev/rules.d/48-stlink.rules; do
		[ ! -e $file ]
	done
}
