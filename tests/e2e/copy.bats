#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
# Copies of whole boards: from probe to probe, with one probe and two boards,
# through a file; and what looks at a whole board.
# sim: --fast --part F030F4
# sim: --fast --part F030F4
# sim: --part F030F4
# timeout: 1800

# shellcheck disable=SC2154,SC2164 # set by bats; it stops where cd fails

load common

size=16384

setup() {
	cd "$BATS_TEST_TMPDIR"
	new_board 0 F030F4
	new_board 1 F030F4
	a=$(device 0)
	b=$(device 1)
}

# same: both boards hold the same, in flash and option bytes
same() {
	cmp <(memory 0 0x08000000 $size) <(memory 1 0x08000000 $size) &&
		cmp <(memory 0 0x1ffff800 16) <(memory 1 0x1ffff800 16)
}

# untouched N: nothing was erased or programmed on board N
untouched() {
	[ "$(counter "$1" page_erases)" = 0 ] &&
		[ "$(counter "$1" mass_erases)" = 0 ] &&
		[ "$(counter "$1" halfwords)" = 0 ]
}

@test "clone: from one probe to the other, identical and running" {
	stlink -d "$a" program "$firmware/demo.bin"
	head -c $size /dev/urandom >junk.bin
	stlink -d "$b" program --no-reset junk.bin
	run stlink clone --from "$a" --to "$b"
	status_is 0
	same
	runs 0 1
	runs 1 1
}

@test "clone: the source is only looked at" {
	stlink -d "$a" program "$firmware/demo.bin"
	runs 0 1
	boots=$(field 0 16)
	sim 0 counters reset
	stlink clone --from "$a" --to "$b"
	untouched 0
	[ "$(counter 0 system_resets)" = 0 ]
	[ "$(field 0 16)" = "$boots" ]
	runs 0 1
}

@test "clone: probes by serial number and USB path; --json tells all" {
	stlink -d "$a" program "$firmware/demo2.bin"
	from=$(cat "/sys/class/stlink/${a##*/}/serial")
	run stlink --json list
	to=$(jq -r ".probes[] | select(.device == \"$b\") | .usb_path" \
		<<<"$output")
	output=$(stlink --json clone --from "$from" --to "$to" 2>/dev/null)
	[ "$(jq -r .source.probe.device <<<"$output")" = "$a" ]
	[ "$(jq -r .destination.probe.device <<<"$output")" = "$b" ]
	[ "$(jq .source.flash_size <<<"$output")" = $size ]
	[ "$(jq .verified <<<"$output")" = true ]
	[[ $(jq -r .core.state <<<"$output") =~ ^(running|sleeping)$ ]]
	same
	runs 1 2
}

@test "clone: a second time there is nothing to do" {
	stlink -d "$a" program "$firmware/demo.bin"
	stlink clone --from "$a" --to "$b"
	sim 1 counters reset
	stlink clone --from "$a" --to "$b"
	untouched 1
	runs 1 1
}

@test "clone: refused before the destination is touched" {
	run stlink clone --from "$a" --to "$b"
	status_is 1
	output_has blank
	stlink -d "$a" program "$firmware/demo.bin"
	run stlink clone
	status_is 1
	output_has "--from"
	run stlink clone --from "$a" --to nothing
	status_is 2
	new_board 1 F030x8
	run stlink clone --from "$a" --to "$b"
	status_is 11
	output_has "DEV_ID 440"
	untouched 1
}

@test "clone: a larger chip of the same kind, and back" {
	stlink -d "$a" program "$firmware/demo.bin"
	new_board 1 F030x6
	stlink -d "$b" fill -y 0
	run stlink clone --from "$a" --to "$b"
	status_is 0
	output_has "the rest becomes blank"
	cmp <(memory 0 0x08000000 $size) <(memory 1 0x08000000 $size)
	[ -z "$(memory 1 0x08004000 $size | tr -d '\377')" ]
	new_board 0 F030F4
	run stlink clone --from "$b" --to "$a"
	status_is 0
	cmp <(memory 0 0x08000000 $size) <(memory 1 0x08000000 $size)
	stlink -d "$b" fill --8 0 0x08007fff 1
	run stlink clone --from "$b" --to "$a"
	status_is 11
	output_has 0x08007fff
}

@test "clone: a source that reads differently each time" {
	c=$(device 2)
	stlink -d "$c" program "$firmware/demo.bin"
	sim 1 counters reset
	# two seconds each time
	stlink -f 100k clone --from "$c" --to "$b" 2>clone.out &
	clone=$!
	while kill -0 "$clone" 2>/dev/null; do
		sim 2 poke 0x08003000 "$(printf '%04x' "$RANDOM")"
		sleep 0.1
	done
	status=0
	wait "$clone" || status=$?
	status_is 7
	grep 0x0800300 clone.out
	grep halt clone.out
	untouched 1
}

# swap_clone: begins a clone with one probe, in the background
swap_clone() {
	stlink -d "$a" clone >clone.out 2>&1 &
	clone=$!
	for ((i = 0; i < 200; i++)); do
		! grep -q "connect the next" clone.out || return 0
		sleep 0.1
	done
	cat clone.out >&2
	return 1
}

@test "clone with one probe: boards are swapped" {
	stlink -d "$a" program "$firmware/demo.bin"
	memory 0 0x08000000 $size >source.bin
	swap_clone
	sim 0 power off
	sleep 0.5
	sim 0 swap
	wait "$clone"
	flash_is 0 source.bin
	runs 0 1
}

@test "clone with one probe: the same board again is not taken" {
	stlink -d "$a" program "$firmware/demo.bin"
	memory 0 0x08000000 $size >source.bin
	swap_clone
	sim 0 power off
	sleep 1
	sim 0 power on
	sleep 2
	kill -0 "$clone"
	grep "first board again" clone.out
	sim 0 swap
	wait "$clone"
	flash_is 0 source.bin
	runs 0 1
}

@test "clone with one probe: the probe is unplugged meanwhile" {
	stlink -d "$a" program "$firmware/demo2.bin"
	memory 0 0x08000000 $size >source.bin
	swap_clone
	sim 0 unplug
	sleep 1
	sim 0 swap
	sim 0 replug
	wait "$clone"
	flash_is 0 source.bin
	runs 0 2
}

@test "clone with one probe: Ctrl-C while waiting, 130 and nothing changed" {
	stlink -d "$a" program "$firmware/demo.bin"
	sim 0 counters reset
	# a background job of a script ignores SIGINT
	python3 - "$a" <<-'PYTHON'
		import signal, subprocess, sys
		signal.signal(signal.SIGINT, signal.SIG_DFL)
		p = subprocess.Popen(['stlink', '-d', sys.argv[1], 'clone'],
		                     stderr=subprocess.PIPE, text=True)
		for line in p.stderr:
		    if 'connect the next' in line:
		        p.send_signal(signal.SIGINT)
		sys.exit(p.wait() != 130)
	PYTHON
	untouched 0
	runs 0 1
}

@test "backup and restore: all of a board, and what others read" {
	stlink -d "$a" program "$firmware/demo.bin"
	stlink -d "$a" backup board.hex
	memory 0 0x08000000 $size >flash.bin
	memory 0 0x1ffff800 16 >options.bin
	arm-none-eabi-objdump -h board.hex
	arm-none-eabi-objcopy -I ihex -O binary --only-section=.sec1 \
		board.hex back.bin
	cmp back.bin flash.bin
	arm-none-eabi-objcopy -I ihex -O binary --only-section=.sec2 \
		board.hex back.bin
	cmp back.bin options.bin
	# OpenOCD compares both, and isn't troubled by what follows them
	serial=$(sim_value serial 0 state)
	stlink -d "$a" detach
	run timeout 120 openocd -f interface/stlink.cfg \
		-c "adapter serial $serial" -f target/stm32f0x.cfg \
		-c "init; reset halt; echo [verify_image board.hex]; shutdown"
	[ "$(stlink -s "$serial" attach)" = "$a" ]
	status_is 0
	output_has "verified 16400 bytes"
	stlink -d "$b" restore board.hex
	same
	runs 1 1
	# as a firmware it can be programmed and verified, too
	new_board 1 F030F4
	run stlink -d "$b" program board.hex
	status_is 0
	output_has "16 option bytes"
	stlink -d "$b" compare board.hex
	# others than the chip has (USER, with the watchdog by hardware) stay out of it
	printf '%s\n' :020000041FFFDC :04F80000AA55FE0106 :020000040800F2 \
		:0400000001020304F2 :00000001FF >other.hex
	run stlink -d "$b" program --no-reset other.hex
	status_is 0
	output_has "4 option bytes at 0x1ffff800; they are left out"
	memory 1 0x1ffff800 16 | cmp - options.bin
}

@test "restore: a damaged file, another part, no backup" {
	stlink -d "$a" program "$firmware/demo.bin"
	stlink -d "$a" backup board.hex
	# a byte and the checksum of its line: only the CRC notices
	python3 - <<-'PYTHON'
		lines = open('board.hex').read().split('\n')
		record = bytearray.fromhex(lines[5][1:])
		record[6] ^= 1
		record[-1] = -sum(record[:-1]) & 255
		lines[5] = ':' + record.hex().upper()
		open('changed.hex', 'w').write('\n'.join(lines))
	PYTHON
	head -c 5000 board.hex >short.hex
	sed '100s/..$/00/' board.hex >line.hex
	grep -v '^#' board.hex >bare.hex
	sed 's/flash_crc32=/flash_crc32=x/' board.hex >record.hex
	for file in changed short line bare record; do
		run stlink -d "$b" restore $file.hex
		[ "$status" = 10 ] || {
			echo "$file: status $status: $output" >&2
			return 1
		}
	done
	run stlink -d "$b" restore changed.hex
	output_has "CRC-32"
	untouched 1
	stlink -d "$b" restore --force bare.hex
	same
	new_board 1 F030x6
	run stlink -d "$b" restore board.hex
	status_is 11
	untouched 1
	run stlink -d "$b" restore --force board.hex
	status_is 0
	flash_is 1 "$firmware/demo.bin"
	new_board 1 F030xC
	run stlink -d "$b" restore --force board.hex
	status_is 11
	untouched 1
}

@test "blank-check" {
	stlink -d "$a" blank-check
	printf x >x.bin
	stlink -d "$a" program --no-reset x.bin 0x08001234
	run stlink -d "$a" blank-check
	status_is 9
	output_has 0x08001234
	stlink -d "$a" blank-check 0x08000000 0x1234
	output=$(stlink -d "$a" --json blank-check 2>/dev/null) || status=$?
	[ "$status" = 9 ]
	[ "$(jq .pages_not_blank <<<"$output")" = 1 ]
	[ "$(jq -r .value <<<"$output")" = 0x78 ]
}

@test "checksum is that of zlib" {
	stlink -d "$a" program --no-reset "$firmware/demo.bin"
	crc() {
		python3 -c 'import sys, zlib
print("crc32 0x%08x" % zlib.crc32(sys.stdin.buffer.read()))'
	}
	run stlink -d "$a" checksum
	status_is 0
	output_has "$(memory 0 0x08000000 $size | crc)  0x08000000 0x4000"
	run stlink -d "$a" checksum 0x08000003 1001
	output_has "$(memory 0 0x08000003 1001 | crc)  0x08000003 0x3e9"
	run stlink -d "$a" checksum 0x1ffff800 16
	output_has "$(memory 0 0x1ffff800 16 | crc)"
}

@test "fill: flash, the rest of a page, SRAM" {
	stlink -d "$a" program --no-reset "$firmware/demo.bin"
	memory 0 0x08000000 $size >want.bin
	stlink -d "$a" fill 0x11223344 0x08000410 8
	printf '\x44\x33\x22\x11\x44\x33\x22\x11' |
		dd of=want.bin bs=1 seek=$((0x410)) conv=notrunc 2>/dev/null
	flash_is 0 want.bin
	stlink -d "$a" halt
	stlink -d "$a" fill --8 0x5a 0x20000801 3
	[ "$(memory 0 0x20000801 3)" = ZZZ ]
	run stlink -d "$a" fill 0
	status_is 1
	flash_is 0 want.bin
	stlink -d "$a" fill -y --16 0xa55a
	[ -z "$(memory 0 0x08000000 $size | tr -d '\132\245')" ]
	run stlink -d "$a" fill 0 0x40000000 4
	status_is 11
	run stlink -d "$a" fill 0 0x08003ffc 8
	status_is 11
}

# stopped COUNTER AT COMMAND...: a signal stops it at the slow probe when the counter is
# there; what it said is in "said"
stopped() {
	local count=$1 at=$2 code=0 i
	shift 2
	sim 2 counters reset
	stlink -d "$(device 2)" "$@" >said 2>&1 3>&- &
	for ((i = 0; i < 600; i++)); do
		[ "$(counter 2 "$count")" -lt "$at" ] || break
		sleep 0.01
	done
	kill -TERM $!
	wait $! || code=$?
	cat said
	[ "$code" = 143 ]
}

@test "erase and fill, stopped: what they did is said" {
	new_board 2 F030F4
	head -c 16384 /dev/zero >zero.bin
	stlink -q -d "$(device 2)" program --no-reset "$PWD/zero.bin"
	stopped page_erases 2 -f 5k erase --page 1-15
	grep -qE 'stopped by a signal with [0-9]+ pages erased: pages [0-9]+ to 15 are as they were' said
	left=$(sed -n 's/.*: pages \([0-9]*\) to 15 .*/\1/p' said)
	[ "$(grep -oE 'with [0-9]+ pages' said)" = "with $((left - 1)) pages" ]
	memory 2 0x08000000 $size >is.bin
	{
		head -c 1024 zero.bin
		head -c $(((left - 1) * 1024)) /dev/zero | tr '\0' '\377'
		head -c $(((16 - left) * 1024)) zero.bin
	} | cmp - is.bin
	stlink -q -d "$(device 2)" program --no-reset "$PWD/zero.bin"
	stopped page_erases 2 -f 25k fill 0x11223344 0x08000000 8K
	grep -qE 'stopped by a signal with [0-9]+ pages erased' said
	grep -q 'a part of the range is filled' said
	grep -q 'repeat' said
}

@test "compare: which pages differ, in a pipe and on a terminal" {
	head -c 5000 /dev/urandom >image.bin
	stlink -d "$a" program --no-reset image.bin
	run stlink -d "$a" compare image.bin
	status_is 0
	output_has "0x08000000-0x080013ff  pages 0-4  same"
	output_has "0x08001400-0x08003fff  pages 5-15  blank"
	stlink -d "$a" fill --8 0 0x08002c00 1
	stlink -d "$a" fill 0 0x08000800 1024
	run stlink -d "$a" compare image.bin
	status_is 9
	output_has "pages 2-2  different"
	output_has "pages 11-11  not in the image"
	output_has "1 of 16 pages differ"
	output=$(stlink -d "$a" --json compare image.bin 2>/dev/null) || true
	[ "$(jq '.pages | length' <<<"$output")" = 16 ]
	[ "$(jq -r '.pages[2].status' <<<"$output")" = different ]
	[ "$(jq -r '.pages[15].status' <<<"$output")" = blank ]
	# protected: pages 8 to 11
	sim 0 poke 0x1ffff808 fb04
	sim 0 reload-options
	NO_COLOR=1 script -qec "stlink -d $a compare image.bin" seen || true
	grep -F '0x08000000  ssdss...BBBO....' seen
}

@test "read protection level 1: said at once, and flash is not touched" {
	stlink -d "$a" program "$firmware/demo.bin"
	sim 0 poke 0x1ffff800 00ff
	sim 0 reload-options
	sim 1 counters reset
	for line in "read x.bin" "backup x.hex" "compare $firmware/demo.bin" \
		checksum blank-check; do
		# shellcheck disable=SC2086
		run stlink -d "$a" $line
		[ "$status" = 6 ] || {
			echo "stlink $line: status $status: $output" >&2
			return 1
		}
		output_has "read protection level 1"
	done
	run stlink clone --from "$a" --to "$b"
	status_is 6
	output_has "read protection level 1"
	[ -z "$(ls -A)" ]
	untouched 1
}

@test "read outside of memory: what is there, what can be read, no file" {
	run timeout 20 stlink -d "$a" read x.bin 0x0 0x10000000
	status_is 7
	output_has "0x00004000"
	output_has "can be read in this range: 0x00000000-0x00003fff, 0x08000000-0x08003fff"
	output_has "0x20000000-0x20000fff  SRAM"
	[ -z "$(ls -A)" ]
	run stlink -d "$a" checksum 0x08003ffc 8
	status_is 7
	output_has 0x08004000
}

# options N HEX: stores and loads option bytes
options() {
	sim "$1" poke 0x1ffff800 "$2"
	sim "$1" reload-options
}

# stored N: option bytes of board N
stored() {
	sim_value stored "$1" options
}

factory=aa55ff00ff00ff00ff00ff00ff00ff00

@test "option bytes are copied, write protection only if asked for" {
	stlink -d "$a" program "$firmware/demo.bin"
	# DATA0, DATA1; pages 0 to 3 protected
	options 0 aa55ff003cc312edfe01ff00ff00ff00
	run stlink clone --from "$a" --to "$b"
	status_is 0
	output_has "write-protected in pages 0-3: not copied"
	[ "$(stored 1)" = aa55ff003cc312edff00ff00ff00ff00 ]
	runs 1 1
	run stlink --json clone --from "$a" --to "$b" --with-protection
	[ "$(stored 1)" = aa55ff003cc312edfe01ff00ff00ff00 ]
	same
	runs 1 1
	# again: nothing is written
	sim 1 counters reset
	output=$(stlink --json clone --from "$a" --to "$b" --with-protection \
		2>/dev/null)
	[ "$(jq -r .option_bytes <<<"$output")" = same ]
	[ "$(counter 1 option_erases)" = 0 ]
	untouched 1
	# the destination's own is in the way of another firmware
	stlink -d "$a" --yes option set WRP=none
	stlink -d "$a" program "$firmware/pll.bin"
	memory 1 0x08000000 $size >before.bin
	run stlink clone --from "$a" --to "$b"
	status_is 6
	output_has "--with-protection"
	flash_is 1 before.bin
	run stlink clone --from "$a" --to "$b" --with-protection
	status_is 0
	same
	runs 1 3
}

@test "option bytes: --no-options leaves them, a wrong complement is no copy" {
	stlink -d "$a" program "$firmware/demo.bin"
	options 0 aa55ff003cc312edff00ff00ff00ff00
	output=$(stlink --json clone --from "$a" --to "$b" --no-options)
	[ "$(jq -r .option_bytes <<<"$output")" = "not copied" ]
	[ "$(stored 1)" = $factory ]
	runs 1 1
	options 0 aa55ff003cc212edff00ff00ff00ff00
	run stlink clone --from "$a" --to "$b"
	status_is 0
	output_has "complement disagree"
	[ "$(stored 1)" = $factory ]
}

@test "a destination at read protection level 1 needs a yes" {
	stlink -d "$a" program "$firmware/demo.bin"
	stlink -d "$b" program "$firmware/demo2.bin"
	options 1 00ffff003cc312edff00ff00ff00ff00
	sim 1 counters reset
	run stlink clone --from "$a" --to "$b"
	status_is 6
	output_has "stlink unprotect"
	untouched 1
	flash_is 1 "$firmware/demo2.bin"
	run stlink --yes clone --from "$a" --to "$b"
	status_is 0
	same
	runs 1 1
}

@test "stopped when read protection was taken off: that flash was erased is said" {
	stlink -d "$a" program "$firmware/demo.bin"
	stlink -d "$b" program "$firmware/demo2.bin"
	options 1 00ffff003cc312edff00ff00ff00ff00
	python3 - "$a" "$b" <<-'PYTHON'
		import signal, subprocess, sys
		p = subprocess.Popen(['stlink', '--yes', 'clone', '--from',
		                      sys.argv[1], '--to', sys.argv[2]],
		                     stdout=subprocess.PIPE,
		                     stderr=subprocess.STDOUT, text=True, bufsize=1)
		said = ''
		for line in p.stdout:
		    said += line
		    if 'taking read protection off' in line:
		        p.send_signal(signal.SIGTERM)
		print(said)
		assert p.wait() == 143
		assert 'stopped by a signal; flash was erased' in said
		assert 'repeat the command' in said
		assert 'as it was' not in said
	PYTHON
	[ "$(memory 1 0x08000000 16 | xxd -p)" = ffffffffffffffffffffffffffffffff ]
	stlink clone --from "$a" --to "$b"
	same
}

@test "read protection of a backup: only if asked for, level 2 never" {
	stlink -d "$a" program "$firmware/demo.bin"
	# stored, but not in force
	sim 0 poke 0x1ffff800 cc33
	stlink -d "$a" backup board.hex
	run stlink -d "$b" restore --with-protection board.hex
	status_is 0
	output_has "level 2 stored: not copied"
	[ "$(stored 1)" = $factory ]
	sim 0 poke 0x1ffff800 00ff
	stlink -d "$a" backup board.hex
	run stlink -d "$b" restore board.hex
	status_is 0
	output_has "level 1 stored: not copied"
	[ "$(stored 1)" = $factory ]
	run stlink -d "$b" restore --with-protection board.hex
	status_is 0
	[ "$(stored 1)" = 00ffff00ff00ff00ff00ff00ff00ff00 ]
	sim 1 power off
	sim 1 power on
	runs 1 1
}

# What it was like with other tools: the view of the first 1 KiB taken for all,
# "programming succeeded", and a board that doesn't run.
@test "the story: a copy of what the window shows, and what really happened" {
	stlink -d "$a" program "$firmware/demo.bin"
	runs 0 1
	run stlink -d "$a" read first.bin 0x08000000 0x400
	status_is 0
	output_has "1024 of the 16384 bytes"
	run stlink -d "$b" program first.bin
	# programming succeeded, as the bytes are right
	status_is 0
	flash_is 1 first.bin
	# unable to run
	core 1 lockup
	output_has "locked up"
	output_has "first.bin"
	run stlink -d "$b" compare first.bin
	status_is 0
	run stlink -d "$b" diagnose
	output_has "truncated"
	# and the way out of it
	stlink clone --from "$a" --to "$b"
	same
	runs 1 1
}
