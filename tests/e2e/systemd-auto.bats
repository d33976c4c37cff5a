#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
# Automatic programming as it is installed: udev has systemd start a station for
# a probe that is plugged in, and the journal has a record for each board.
# sim: --part F030F4
# timeout: 1800
# systemd

# shellcheck disable=SC2154 # set by bats

load common

unit=stlink-autoprogram@stlink0
conf=/etc/stlink/autoprogram.conf

setup_file() {
	mkdir -p /srv/firmware
	install -m 644 "$firmware/demo.bin" /srv/firmware/
}

# configuration LINE...
configuration() {
	printf '%s\n' "[any]" "image = /srv/firmware/demo.bin" \
		"log = /var/log/stlink/boards.json" "log-format = json" \
		"$@" >$conf
	chmod 644 $conf
}

# record FIELD: of the last record in the journal
record() {
	journalctl -b -q -o json --output-fields="STLINK_$1" -n 1 \
		MESSAGE_ID=dd05da295a0c4d49812eef4b9732c9f1 |
		jq -r ".STLINK_$1"
}

records() {
	journalctl -b -q -o cat MESSAGE_ID=dd05da295a0c4d49812eef4b9732c9f1 |
		wc -l
}

# soon_records N: there are that many within a minute
soon_records() {
	local i
	for ((i = 0; i < 240; i++)); do
		[ "$(records)" -lt "$1" ] || break
		sleep 0.25
	done
	[ "$(records)" = "$1" ] || {
		journalctl -b -q -u $unit | tail -n 20 >&2
		return 1
	}
}

in_the_middle() {
	local i
	for ((i = 0; i < 600; i++)); do
		[ "$(counter 0 halfwords)" -lt 300 ] || return 0
		sleep 0.05
	done
	return 1
}

# nothing_left: no process, and no unit that failed
nothing_left() {
	local i
	for ((i = 0; i < 200; i++)); do
		[ "$(systemctl show -P ActiveState $unit)" != inactive ] || break
		sleep 0.1
	done
	[ "$(systemctl show -P ActiveState $unit)" = inactive ]
	[ -z "$(pgrep -x stlink)" ]
	[ -z "$(systemctl --failed --no-legend)" ]
}

pull() {
	sim 0 unplug
	nothing_left
}

@test "a probe is plugged in: its board is programmed, the journal has a record" {
	pull
	echo 7 >/var/lib/stlink/counter
	configuration "part = STM32F030F4P6" "serial-address = 0x08003ff8" \
		"serial-width = 4" "serial-file = /var/lib/stlink/counter"
	new_board 0
	sim 0 replug
	soon_records 1
	flash_is 0 "$firmware/demo.bin"
	runs 0 1
	[ "$(memory 0 0x08003ff8 4 | xxd -p)" = 07000000 ]
	for pair in RESULT=pass PART=STM32F030x4 STATION=any USB_PATH=1-1 \
		DEVICE=/dev/stlink0 SERIAL_NUMBER=7 IMAGE=/srv/firmware/demo.bin \
		CODE=0 "SERIAL=$(cat /sys/class/stlink/stlink0/serial)"; do
		[ "$(record "${pair%%=*}")" = "${pair#*=}" ]
	done
	[ "$(record CRC32)" = "$(gzip -c "$firmware/demo.bin" | tail -c 8 |
		head -c 4 | od -An -tx4 | tr -d ' ')" ]
	[ "$(record DURATION_MS)" -gt 0 ]
	# it is the service's own, and the file has it, too
	journalctl -b -q -u $unit STLINK_RESULT=pass | grep -q .
	[ "$(jq -r .result /var/log/stlink/boards.json)" = pass ]
	[ "$(cat /var/lib/stlink/counter)" = 8 ]
}

@test "the next board on the same probe" {
	sim 0 power off
	sleep 1
	new_board 0
	soon_records 2
	[ "$(record RESULT)" = pass ]
	[ "$(record SERIAL_NUMBER)" = 8 ]
	runs 0 1
}

@test "the probe pulled out in the middle: a failure; the next one passes" {
	configuration "clock = 25k"
	systemctl restart $unit
	sim 0 power off
	sleep 1
	new_board 0
	in_the_middle
	pull
	soon_records 3
	[ "$(record RESULT)" = fail ]
	[[ $(record REASON) == *"probe was unplugged"* ]]
	sim 0 replug
	soon_records 4
	[ "$(record RESULT)" = pass ]
	flash_is 0 "$firmware/demo.bin"
	runs 0 1
}

@test "the service stopped in the middle: a failure; started, it passes" {
	sim 0 power off
	sleep 1
	new_board 0
	in_the_middle
	systemctl stop $unit
	nothing_left
	[ "$(systemctl show -P Result $unit)" = success ]
	soon_records 5
	[ "$(record RESULT)" = fail ]
	[[ $(record REASON) == "stopped by a signal"* ]]
	systemctl start $unit
	soon_records 6
	[ "$(record RESULT)" = pass ]
	flash_is 0 "$firmware/demo.bin"
}

@test "a configuration that is wrong: nothing is programmed, the journal says why" {
	pull
	configuration "clock = fast"
	new_board 0
	sim 0 replug
	for ((i = 0; i < 200; i++)); do
		[ "$(systemctl show -P ActiveState $unit)" != failed ] || break
		sleep 0.1
	done
	[ "$(systemctl show -P ExecMainStatus $unit)" = 10 ]
	journalctl -b -q -u $unit -o cat |
		grep '^/etc/stlink/autoprogram.conf:5: clock takes'
	[ "$(counter 0 halfwords)" = 0 ]
	[ "$(records)" = 6 ]
	configuration
	systemctl restart $unit
	soon_records 7
	runs 0 1
}

@test "without a configuration it is off" {
	rm $conf
	pull
	new_board 0
	sim 0 replug
	sleep 5
	[ -e /dev/stlink0 ]
	[ -z "$(pgrep -x stlink)" ]
	[ "$(counter 0 halfwords)" = 0 ]
	[ -z "$(systemctl --failed --no-legend)" ]
}
