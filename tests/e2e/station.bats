#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
# Stations: boards are programmed as they come, and what goes wrong is told,
# logged, and no matter to the next board.
# sim: --fast --part F030F4
# timeout: 1800

# shellcheck disable=SC2154,SC2164 # set by bats; it stops where cd fails

load common
load station

setup() {
	cd "$BATS_TEST_TMPDIR"
	new_board 0
	bound 0
}

teardown() { kill_watch; }

@test "a probe that is there, one that is plugged in, a board that comes" {
	conf "part = STM32F030F4P6"
	watch
	says 1 'PASS STM32F030x4'
	flash_is 0 "$firmware/demo.bin"
	runs 0 1
	sim 0 unplug
	says 1 'gone'
	new_board 0
	sim 0 replug
	says 2 'PASS STM32F030x4'
	next_works
	# the same board again: it is left as it is
	board_off 0
	sim 0 counters reset
	sim 0 power on
	says 1 'PASS.*holds the image already'
	[ "$(counter 0 halfwords)" = 0 ]
	end_watch
	grep -q '^3 passed, 1 skipped, 0 failed' said
	records 4
	log_is skipped 0 "already"
	[ "$(logged crc32)" = "$(stlink --json watch --check --config auto.conf 2>&1 |
		sed -n 's/.*CRC-32 //p')" ]
	[ "$(logged part serial usb_path device)" = "STM32F030x4
$(cat /sys/class/stlink/stlink0/serial)
1-1
/dev/stlink0" ]
}

@test "twenty boards, one after the other: each with a serial number of its own" {
	echo 95 >counter
	conf "serial-address = 0x08003ffc" "serial-width = 4" \
		"serial-format = decimal" "serial-file = counter"
	board_off 0
	watch
	for ((board = 95; board < 115; board++)); do
		next_board 0
		says 1 "PASS .*serial number 0*$board,"
		flash_is 0 "$firmware/demo.bin"
		[ "$(memory 0 0x08003ffc 4)" = "$(printf %04d $board)" ]
	done
	# a board that has its number keeps it
	board_off 0
	sim 0 power on
	says 1 'holds the image already'
	[ "$(memory 0 0x08003ffc 4)" = 0114 ]
	end_watch
	[ "$(cat counter)" = 115 ]
	records 21
	[ -z "$(cut -d , -f 13 log.csv | sort | uniq -d)" ]
}

@test "wrong part, protected part: refused, untouched; the next board passes" {
	new_board 0 F030x8
	conf "part = STM32F030F4"
	watch
	says 1 'FAIL .*wrong part: .*STM32F030x8.*expected is STM32F030F4'
	log_is fail 11 "wrong part"
	[ "$(counter 0 halfwords)" = 0 ]
	next_board 0 F030F4
	says 1 PASS
	board_off 0
	sim 0 poke 0x1ffff800 00ff
	sim 0 counters reset
	sim 0 power on
	says 1 'FAIL .*read protection level 1'
	log_is fail 6 "read protection level 1"
	[ "$(counter 0 mass_erases)" = 0 ]
	next_works
	end_watch
}

@test "no supply: said so, nothing is done; with it the board is programmed" {
	board_off 0
	conf
	watch
	says 1 'waiting no supply voltage'
	new_board 0
	says 1 PASS
	fails grep 'contact bounces' said
	end_watch
	records 1
	# where a probe brings its board, none is a failure
	sim 0 power off
	conf "trigger = plug"
	watch --once
	ends 5
	grep -q 'FAIL' said
	log_is fail 5
}

@test "a board that comes and goes: reported, and programmed when it stays" {
	board_off 0
	conf "debounce = 5000"
	watch
	says 1 'waiting no supply'
	sim 0 counters reset
	for ((i = 0; i < 3; i++)); do
		sim 0 power on
		sleep 0.9
		sim 0 power off
		sleep 0.6
	done
	says 1 'a contact bounces'
	[ "$(counter 0 halfwords)" = 0 ]
	sim 0 power on
	says 1 PASS
	flash_is 0 "$firmware/demo.bin"
	end_watch
	records 1
}

@test "the image is missing, or anything else is wrong: nothing is programmed" {
	conf
	sed -i 's/^image.*/image = nowhere.bin/' auto.conf
	sim 0 counters reset
	watch
	ends 10
	grep -q '^auto.conf:2: image: .*nowhere.bin: No such file' said
	run -10 stlink watch --check --config auto.conf
	output_has "auto.conf:2: "
	printf '[any]\nimage = %s\n[path 1-1]\nverify = no\n' \
		"$firmware/demo.bin" >auto.conf
	watch
	ends 10
	grep -q '^auto.conf:4: verify takes crc or read' said
	[ "$(counter 0 halfwords)" = 0 ]
	[ ! -e log.csv ]
}

@test "the disk is full: the board fails for want of a record; then all is well" {
	mkdir disk
	mount -t tmpfs -o size=16k tmpfs disk
	conf
	sed -i "s,^log.*,log = $PWD/disk/log.csv," auto.conf
	head -c 16384 /dev/zero >disk/junk || true
	watch
	says 1 'FAIL .*could not be recorded: .*No space left'
	rm disk/junk
	next_board 0
	says 1 PASS
	end_watch
	cp disk/log.csv .
	umount disk
	records 1
	log_is pass 0
}

@test "the first KiB of a firmware: warned of, and a failure since it locks up" {
	head -c 1024 "$firmware/demo.bin" >truncated.bin
	image=$PWD/truncated.bin conf >checked
	grep -q 'auto.conf:2: warning: image: .*truncated' checked
	watch
	says 1 'FAIL .*the firmware locks up'
	log_is fail 8 "locks up"
	flash_is 0 truncated.bin
	image=$firmware/demo.bin conf
	end_watch
	watch
	says 1 PASS
	end_watch
}

@test "firmware that takes the SWD pins: a failure, unless it may" {
	image=$firmware/swdnow.bin
	conf
	watch
	says 1 'FAIL .*does not answer once it runs'
	log_is fail 5
	end_watch
	new_board 0
	conf "silent = pass"
	watch
	says 1 "PASS .*the new firmware can't be looked at"
	end_watch
	flash_is 0 "$image"
}

@test "option bytes and protection last; proved before" {
	conf "options = WDG_SW=1 DATA0=0x5a" "protect = level1"
	watch
	says 1 'PASS .*read protection is on'
	flash_is 0 "$firmware/demo.bin"
	end_watch
	[ "$(memory 0 0x1ffff800 6 | xxd -p | cut -c 1-2)" != aa ]
	[ "$(memory 0 0x1ffff804 2 | xxd -p)" = 5aa5 ]
	run stlink info
	output_has "level 1"
	# it is not programmed again, and not erased
	board_off 0
	sim 0 power on
	watch --once
	ends 6
	flash_is 0 "$firmware/demo.bin"
}

@test "what a board can't take is found before a serial number is" {
	echo 7 >counter
	number=("serial-address = 0x08003ff0" "serial-width = 4" "serial-file = counter")
	head -c 20000 /dev/urandom >big.bin
	# once compared with what is there, once not
	for already in skip program; do
		image=$PWD/big.bin conf "already = $already" "${number[@]}"
		next_board 0
		watch --once
		ends 11
		log_is fail 11 "outside of the flash"
		[ "$(counter 0 halfwords)" = 0 ]
		[ "$(cat counter)" = 7 ]
	done
	# a page that must change and can't
	next_board 0
	stlink -q -y option set WRP=0-3
	conf "${number[@]}"
	watch --once
	ends 6
	log_is fail 6 "write-protected: page 0"
	[ "$(cat counter)" = 7 ]
	# one that need not
	next_board 0
	stlink -q program "$firmware/demo.bin"
	stlink -q -y option set WRP=0-3
	watch --once
	ends 0
	[ "$(cat counter)" = 8 ]
}

@test "commands after success and failure" {
	cat >hook <<-'END'
		#!/bin/sh
		echo "$1 $STLINK_RESULT $STLINK_CODE $STLINK_PART $STLINK_DEVICE $STLINK_USB_PATH" >>hooked
	END
	chmod +x hook
	conf "part = F030F4" "on-success = cd $PWD && ./hook good" \
		"on-failure = cd $PWD && ./hook bad"
	watch
	says 1 PASS
	next_board 0 F030x8
	says 1 FAIL
	next_board 0 F030F4
	says 2 PASS
	# said when the board is done; the command may still run
	for ((i = 0; i < 100; i++)); do
		[ "$(wc -l <hooked)" -lt 3 ] || break
		sleep 0.1
	done
	end_watch
	diff hooked - <<-END
		good pass 0 STM32F030x4 /dev/stlink0 1-1
		bad fail 11 STM32F030x8 /dev/stlink0 1-1
		good pass 0 STM32F030x4 /dev/stlink0 1-1
	END
	# one that fails, one that hangs: said; the board is as good as before
	conf "on-success = exit 3"
	watch
	says 1 'PASS .*exit 3: ended with status 3'
	end_watch
	conf "on-success = sleep 1000" "hook-timeout = 1"
	next_board 0
	watch
	says 1 'PASS .*took too long and was killed'
	fails pgrep -f "sleep 1000"
	end_watch
}

@test "for a node: ends with the probe; for a probe without section: at once" {
	conf
	watch -d /dev/stlink0
	says 1 PASS
	sim 0 unplug
	ends 0
	sim 0 replug
	bound 0
	sed -i 's/^\[any\]/[serial 0123]/' auto.conf
	run stlink watch --config auto.conf -d /dev/stlink0
	status_is 1
	output_has "no section for /dev/stlink0"
	run stlink watch --config auto.conf -d /dev/stlink7
	status_is 2
}

@test "--once: a station that did no board is a failure" {
	conf
	# another station has it
	exec 8</dev/stlink0
	flock 8
	watch --once
	ends 3
	grep -q 'FAIL another station serves' said
	grep -q '^0 passed, 0 skipped, 1 failed' said
	exec 8<&-
	# killed, or without its probe, while it waits for a board
	board_off 0
	watch --once
	says 1 'waiting no supply'
	pkill -KILL -P "$watch"
	ends 7
	grep -q 'FAIL the station was ended by signal 9' said
	watch --once --json
	sleep 3
	sim 0 unplug
	ends 2
	grep -q '"result":"fail","code":2,' said
	sim 0 replug
	bound 0
	# it has its result: that it goes then is no other one
	conf "on-success = sleep 600" "trigger = target"
	watch --once
	says 1 'waiting no supply'
	new_board 0
	says 1 PASS
	pkill -KILL -P "$watch"
	ends 0
	pkill -f 'sleep 600'
	grep -q '^1 passed, 0 skipped, 0 failed' said
}

@test "--once: a signal is told from the end of the work" {
	conf
	board_off 0
	watch --once
	says 1 'waiting no supply'
	end_watch 143
	grep -q 'FAIL stopped by a signal before its board was begun' said
	grep -q '^0 passed, 0 skipped, 1 failed' said
	watch --once
	says 1 'waiting no supply'
	kill -HUP "$watch"
	ends 129
	# without --once that is how it ends
	watch
	says 1 'waiting no supply'
	end_watch
	grep -q '^0 passed, 0 skipped, 0 failed' said
	# all boards are done, and only a command is still at work
	conf "on-success = sleep 600"
	watch --once
	says 1 'waiting no supply'
	new_board 0
	says 1 PASS
	end_watch
	# there was never a probe
	sim 0 unplug
	sleep 1
	watch --once
	sleep 3
	end_watch 143
	sim 0 replug
	bound 0
}

@test "program --all without a probe, with one" {
	stlink program --all "$firmware/demo.bin"
	flash_is 0 "$firmware/demo.bin"
	run setpriv --reuid=nobody --clear-groups \
		stlink program --all "$firmware/demo.bin"
	status_is 4
	output_has "0 passed, 0 skipped, 1 failed"
	sim 0 power off
	run stlink program --all "$firmware/demo.bin"
	status_is 5
	sim 0 unplug
	sleep 1
	run stlink program --all "$firmware/demo.bin"
	status_is 2
	output_has "no ST-Link"
	sim 0 replug
	bound 0
}

@test "program --all: by a link to the node" {
	ln -s /dev/stlink0 link
	stlink program --all -d link "$firmware/demo.bin"
	flash_is 0 "$firmware/demo.bin"
	run stlink program --all -d nowhere "$firmware/demo.bin"
	status_is 2
}

@test "program --all --opt: blank bytes at the end are left out" {
	{ cat "$firmware/demo.bin"; head -c 4096 /dev/zero | tr '\0' '\377'; } >long.bin
	head -c 16384 /dev/urandom >old.bin
	stlink -q program "$PWD/old.bin" --no-reset
	run stlink program --all --opt long.bin
	status_is 0
	output_has "left out"
	flash_is 0 "$firmware/demo.bin"
	size=$(stat -c %s "$firmware/demo.bin")
	memory 0 $((0x08000000 + size + 4)) 2048 | cmp -n 2048 - old.bin 0 $((size + 4))
}

@test "on a terminal: a line for the station, with a bar, the result, the counts" {
	conf
	TERM=xterm COLUMNS=100 script -qec \
		"stty cols 100; stlink watch --once --config auto.conf" said </dev/null
	grep -q 'waiting' said
	grep -qE '(programming|verifying) +\[#* *\] +[0-9]+%' said
	grep -q $'\e\[1;32mPASS' said
	grep -q '1 ok   0 failed' said
	# nothing is wider than the screen
	[ "$(sed -e '/^Script /d' -e 's/\x1b\[[0-9;]*[A-Za-z]//g' -e 's/\r//g' said |
		awk 'length > m { m = length } END { print m }')" -le 100 ]
}
