#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
# Option bytes and protection: what is written, in which order, and what a
# power cut leaves.
# sim: --fast --part F030F4
# sim: --fast --part F030xC --chip opt-not-erased-pgerr --chip bsy-late
# sim: --fast --part F030x8 --firmware V2J17S4 --chip optkey-wrong-ignored --chip rdp1=halt --nrst-wired 0
# timeout: 1800

# shellcheck disable=SC2154,SC2164 # set by bats; it stops where cd fails

load common

factory=aa55ff00ff00ff00ff00ff00ff00ff00

setup() {
	cd "$BATS_TEST_TMPDIR"
	node=$(device 0)
}

# stored N: option bytes of board N in its flash
stored() {
	sim_value stored "$1" options
}

# cycle N: take the board's supply away for a moment
cycle() {
	sim "$1" power off
	sleep 0.2
	sim "$1" power on
	sleep 0.2
}

# level N: RDP level in force, as the tool sees it
level() {
	stlink -d "$(device "$1")" --json info | jq .target.rdp_level
}

@test "show has every name and value of a factory-new chip" {
	new_board 0
	run stlink -d "$node" --json option show
	status_is 0
	[ "$(jq -r '.options | to_entries | map(.key + "=" + .value) | join(" ")' \
		<<<"$output")" = "RDP=0 WDG_SW=1 nRST_STOP=1 nRST_STDBY=1 nBOOT1=1 VDDA_MONITOR=1 RAM_PARITY_CHECK=1 DATA0=0xff DATA1=0xff WRP=none" ]
	[ "$(jq .pending <<<"$output")" = false ]
	run stlink -d "$node" option show
	status_is 0
	output_has "no read protection"
	output_has "aa55 ff00"
	# these dies are sold as F09x too, which has two more
	run stlink -d "$(device 1)" --json option show
	[ "$(jq -r .options.BOOT_SEL <<<"$output")" = 1 ]
	[ "$(jq -r .options.nBOOT0 <<<"$output")" = 1 ]
}

@test "looking at them leaves the firmware running" {
	stlink -d "$node" program "$firmware/demo.bin"
	runs 0 1
	boots=$(field 0 16)
	stlink -d "$node" option show
	[ "$(field 0 16)" = "$boots" ]
	runs 0 1
}

@test "set says old and new, writes, loads; nothing else changes" {
	for n in 0 1 2; do
		new_board $n
		at=$(device $n)
		stlink -d "$at" program "$firmware/demo.bin"
		run stlink -d "$at" -y option set DATA0=0x3c data1=18 WDG_SW=0
		status_is 0
		output_has "DATA0: 0xff -> 0x3c"
		output_has "DATA1: 0xff -> 0x12"
		output_has "WDG_SW: 1 -> 0"
		[ "$(stored $n)" = aa55fe013cc312edff00ff00ff00ff00 ]
		[ "$(counter $n option_erases)" = 1 ]
		[ "$(counter $n mass_erases)" = 0 ]
		[ "$(counter $n flash_errors)" = 0 ]
		flash_is $n "$firmware/demo.bin"
		run stlink -d "$at" --json option show
		[ "$(jq -r '.options.DATA0 + .options.WDG_SW' <<<"$output")" = 0x3c0 ]
		[ "$(jq .pending <<<"$output")" = false ]
		# the same again: nothing to do
		stlink -d "$at" -y option set DATA0=60
		[ "$(counter $n option_erases)" = 1 ]
	done
}

@test "firmware that feeds the watchdog runs with the hardware one; programming too" {
	stlink -d "$node" program "$firmware/watchdog.bin"
	runs 0 4
	stlink -d "$node" program "$firmware/demo.bin"
	stlink -d "$node" -y option set WDG_SW=1
	stlink -d "$node" reset
	runs 0 1
}

@test "without a yes nothing is written" {
	new_board 0
	run stlink -d "$node" option set DATA0=1 </dev/null
	status_is 1
	output_has --yes
	run stlink -d "$node" protect </dev/null
	status_is 1
	[ "$(stored 0)" = $factory ]
	[ "$(counter 0 option_erases)" = 0 ]
	for answer in y n; do
		echo $answer | script -qec "stlink -d $node option set DATA0=7" \
			/dev/null >said || [ $answer = n ]
		grep -q "DATA0: 0xff -> 0x07" said
		[ $answer = n ] || sim 0 poke 0x1ffff800 $factory
	done
	[ "$(counter 0 option_erases)" = 1 ]
}

@test "Ctrl-C in place of an answer ends it at once" {
	new_board 0
	for line in "option set DATA0=1" "protect --level-2-forever"; do
		run bash -c "until grep -qE '(N\]|it:) $' asked; do sleep 0.1; done |
			cat - <(printf '\003'; sleep 5) |
			script -qefc 'env --default-signal=INT stlink -d $node $line' asked"
		status_is 130
		output_has "stopped by a signal; nothing was changed"
		rm asked
	done
	[ "$(stored 0)" = $factory ]
}

@test "what makes no sense is refused with its reason" {
	new_board 0
	while IFS='|' read -r args reason; do
		# shellcheck disable=SC2086
		run stlink -d "$node" -y option $args
		status_is 1
		output_has "$reason"
	done <<-END
		set FROB=1|no option 'FROB'
		set RDP|NAME=VALUE
		set|NAME=VALUE
		set RDP=2|never be undone
		set RDP=0xaa|the level, 0 or 1
		set WDG_SW=2|0 or 1
		set BOOT_SEL=0|does not exist
		set DATA0=256|a byte
		set DATA0=-1|a byte
		set WRP=0-2|pages 0 to 3
		set WRP=16|of 0 to 15
		set WRP=3-1|none, all
		set WRP=0-3,|none, all
		frob|show, set or load
		show x|too many
	END
	[ "$(stored 0)" = $factory ]
}

@test "write protection by page ranges, on each part" {
	for n in 0 1 2; do
		new_board $n
		at=$(device $n)
		case $n in
		0)	pages=4-7,12-15 raw=f50a ;;
		1)	pages=0-1,62-127 raw=fe01ff00ff007f80 ;;
		2)	pages=8-15,60-63 raw=f30c7f80 ;;
		esac
		run stlink -d "$at" -y option set WRP=$pages
		status_is 0
		[[ $(stored $n) == aa55ff00ff00ff00$raw* ]]
		run stlink -d "$at" --json option show
		[ "$(jq -r .options.WRP <<<"$output")" = $pages ]
		run stlink -d "$at" erase --all -y
		status_is 6
		run stlink -d "$at" unprotect
		status_is 1
		run stlink -d "$at" unprotect --yes
		status_is 0
		[ "$(stored $n)" = $factory ]
		stlink -d "$at" erase --all -y
	done
}

@test "a change that waits for the next power-on" {
	new_board 0
	stlink -d "$node" -y option set --no-load DATA1=0x55
	run stlink -d "$node" option show
	output_has "option load"
	output=$(stlink -d "$node" --json option show)
	[ "$(jq .pending <<<"$output")" = true ]
	[ "$(jq -r .obr <<<"$output" | cut -c 1-4)" = 0xff ]
	stlink -d "$node" option load
	run stlink -d "$node" --json option show
	[ "$(jq -r .obr <<<"$output" | cut -c 1-4)" = 0x55 ]
	stlink -d "$node" -y option set --no-load DATA1=0x66
	cycle 0
	run stlink -d "$node" --json option show
	[ "$(jq .pending <<<"$output")" = false ]
}

@test "stored and not loaded: the firmware runs, from its beginning" {
	new_board 0
	stlink -q -d "$node" program "$firmware/demo.bin"
	stlink -q -d "$node" -y option set --no-load DATA1=0x55
	runs 0 1
	# the same once more, without --no-load: loads them
	stlink -q -d "$node" -y option set DATA1=0x55
	[ "$(stlink -d "$node" --json option show | jq .pending)" = false ]
	runs 0 1
}

@test "protect keeps the flash from being read, at once and with its own status" {
	for n in 0 1 2; do
		new_board $n
		at=$(device $n)
		stlink -d "$at" program "$firmware/demo.bin"
		run stlink -d "$at" --yes protect
		status_is 0
		output_has "power-cycle"
		cycle $n
		runs $n 1
		for line in "read x.bin" "verify $firmware/demo.bin" "erase --all -y" \
			"program $firmware/demo2.bin" "read x.bin 0x08000000 4"; do
			# shellcheck disable=SC2086
			run stlink -d "$at" $line
			status_is 6
			output_has "read protection level 1"
		done
		[ ! -e x.bin ]
		flash_is $n "$firmware/demo.bin"
		# SRAM can still be read
		stlink -d "$at" md 0x20000000 1
	done
}

@test "unprotect says that it erases, and does" {
	for n in 0 1 2; do
		at=$(device $n)
		[ "$(level $n)" = 1 ]
		run stlink -d "$at" unprotect </dev/null
		status_is 1
		output_has "erases the whole flash"
		flash_is $n "$firmware/demo.bin"
		run stlink -d "$at" unprotect --yes
		status_is 0
		[ "$(level $n)" = 0 ]
		[ "$(stored $n)" = $factory ]
		[ -z "$(memory $n 0x08000000 16384 | tr -d '\377')" ]
		stlink -d "$at" program "$firmware/demo2.bin"
		runs $n 2
	done
}

@test "level 2 is for a person who types it" {
	new_board 0
	run stlink -d "$node" --yes protect --level-2-forever
	status_is 1
	output_has terminal
	[ "$(stored 0)" = $factory ]
	for answer in yes y "lock it"; do
		run bash -c "echo '$answer' |
			script -qec 'stlink -d $node --yes protect --level-2-forever' /dev/null"
		output_has NEVER
		[ "$(stored 0)" = $factory ]
	done
	echo "lock it for ever" |
		script -qec "stlink -d $node protect --level-2-forever" /dev/null
	[[ $(stored 0) == cc33* ]]
	run stlink -d "$node" info
	status_is 5
	new_board 0
}

@test "level 2 that is stored only: nothing puts it in force by the way" {
	new_board 0
	echo "lock it for ever" >answer
	# shellcheck disable=SC2317 # it is called by "run", too
	forever() {
		script -qec "stlink -d $node protect --level-2-forever $*" \
			/dev/null <answer
	}
	run forever --no-load
	output_has "which locks the chip for ever"
	[[ $(stored 0) == cc33* ]]
	run stlink -d "$node" option show
	status_is 0
	output_has "level 2 is stored"
	fails_with_hint() {
		status_is 6
		output_has "level 2 is stored"
		output_has "option set RDP=0"
		output_has "--level-2-forever"
	}
	run stlink -d "$node" option load
	fails_with_hint
	for field in DATA0=0xff DATA0=0x12; do
		run stlink -d "$node" -y option set $field
		fails_with_hint
	done
	[ "$(level 0)" = 0 ]
	[ "$(counter 0 option_erases)" = 1 ]
	# programming and copies leave it alone, too
	stlink -q -d "$node" program "$firmware/demo.bin"
	stlink -q -d "$node" backup x.hex
	run stlink -d "$node" restore x.hex
	fails_with_hint
	[ "$(level 0)" = 0 ]
	# the way back
	stlink -d "$node" -y option set RDP=0
	[ "$(stored 0)" = $factory ]
	[ "$(stlink -d "$node" --json option show | jq .pending)" = false ]
	cycle 0
	[ "$(level 0)" = 0 ]
	# and, for who wants it, the way on
	forever --no-load
	forever
	run stlink -d "$node" info
	status_is 5
	new_board 0
}

# Steps of writing option bytes: 1 is the erase, 2 RDP, then the other seven.
@test "power cut at every step of a change: never locked, never erased by itself" {
	for step in 1 2 3 4 5 6 7 8 9; do
		percents=50
		[ $step -gt 3 ] || percents="0 50 100"
		for percent in $percents; do
			new_board 0
			stlink -q -d "$node" program "$firmware/demo.bin"
			sim 0 chip-fault power-cut $step $percent
			run stlink -q -d "$node" --yes option set DATA0=1 WRP=0-3
			[ "$status" != 0 ]
			cycle 0
			flash_is 0 "$firmware/demo.bin"
			runs 0 1
			# once RDP is written, nothing is protected any more
			now=$(level 0)
			if [ $step -ge 3 ] || { [ $step = 2 ] && [ $percent = 100 ]; }; then
				[ "$now" = 0 ]
			elif [ "$now" = 1 ]; then
				# the chip's own rule; it says so, and can be undone
				run stlink -d "$node" read x.bin
				status_is 6
				stlink -d "$node" unprotect --yes
				stlink -q -d "$node" program "$firmware/demo.bin"
			fi
			stlink -q -d "$node" --yes option set DATA0=1 WRP=0-3
			[[ $(stored 0) == aa55ff0001feff00fe01* ]]
			flash_is 0 "$firmware/demo.bin"
		done
	done
}

@test "reset at every step of a change: the same again puts all of them right" {
	for step in 1 2 3 5 9; do
		new_board 0
		sim 0 poke 0x1ffff800 aa55ef103cc355aafb04ff00ff00ff00
		sim 0 reload-options
		sim 0 chip-fault nrst-cut $step 50
		run stlink -q -d "$node" -y option set DATA0=1
		[ "$status" != 0 ]
		output_has "something holds nRST low"
		sim 0 nrst release
		stlink -q -d "$node" -y option set DATA0=1
		# FF that was left erased is in order, and means the same
		[[ $(stored 0) == aa55ef1001fe55aafb04ff00ff00ff@(00|ff) ]]
		cycle 0
		[ "$(level 0)" = 0 ]
	done
}

@test "what a power cut takes from the option bytes is told, and got back" {
	new_board 0
	stlink -q -d "$node" program "$firmware/demo.bin"
	sim 0 poke 0x1ffff800 aa55ef103cc355aafb04ff00ff00ff00
	sim 0 reload-options
	sim 0 chip-fault power-cut 1 50
	run stlink -q -d "$node" -y option set DATA0=1
	status_is 5
	output_has "has lost its supply"
	output_has "stlink option set nBOOT1=0 DATA0=0x01 DATA1=0x55 WRP=8-11"
	cycle 0
	[ "$(level 0)" = 1 ]
	for line in "read x.bin" "-y option set DATA0=1"; do
		# shellcheck disable=SC2086
		run stlink -d "$node" $line
		status_is 6
		output_has "the RDP byte is erased"
		output_has "stlink unprotect"
	done
	flash_is 0 "$firmware/demo.bin"
	stlink -q -d "$node" -y unprotect
	stlink -q -d "$node" -y option set nBOOT1=0 DATA0=0x01 DATA1=0x55 WRP=8-11
	[ "$(stored 0)" = aa55ef1001fe55aafb04ff00ff00ff00 ]
	# on purpose it stays protected
	sim 0 poke 0x1ffff800 ffff
	sim 0 reload-options
	stlink -q -d "$node" -y option set RDP=1 DATA0=2
	[ "$(level 0)" = 1 ]
	[[ $(stored 0) == ff00ef1002fd* ]]
}

@test "wires that fail while the option bytes are read are no chip that hides them" {
	new_board 0
	sim 0 counters reset
	stlink -q -d "$node" option show
	transfers=$(counter 0 bulk_transfers)
	for ((k = 1; k <= transfers; k++)); do
		sim 0 board-fault swd-dead usb $k 2
		run stlink -q -d "$node" option show
		[[ $output != *"on this chip"* ]]
		sim 0 board-fault off
	done
}

# Here 2 is the mass erase and 3 RDP, that make one operation for the library.
@test "power cut at every step of leaving level 1: repeat it" {
	for step in 1 2 3 7 10; do
		percents=50
		[ $step != 2 ] || percents="0 50 100"
		for percent in $percents; do
			new_board 0
			stlink -q -d "$node" program "$firmware/demo.bin"
			stlink -q -d "$node" --yes protect
			cycle 0
			sim 0 chip-fault power-cut $step $percent
			run stlink -q -d "$node" --yes unprotect
			cycle 0
			sim 0 chip-fault off
			stlink -q -d "$node" --yes unprotect
			[ "$(level 0)" = 0 ]
			[ -z "$(memory 0 0x08000000 16384 | tr -d '\377')" ]
			stlink -q -d "$node" program "$firmware/demo.bin"
			runs 0 1
		done
	done
}

# settled: the chip is as safe as before, whatever part of the change was done
settled() {
	# code in SRAM may be at it still
	sleep 0.2
	[[ $(stored 0) == aa55* ]]
	cycle 0
	[ "$(level 0)" = 0 ]
}

@test "a probe pulled in the middle: the chip keeps its RDP byte" {
	local at=$node transfers
	new_board 0
	sim 0 counters reset
	stlink -q -d "$at" --yes option set DATA0=1
	transfers=$(counter 0 bulk_transfers)
	[ "$transfers" -gt 100 ]
	# not to the end: how often it asks whether the chip is ready varies
	for ((k = 5; k < 3 * transfers / 4; k += 31)); do
		sim 0 inject unplug-at "$k"
		run timeout 60 stlink -q -d "$at" --yes option set DATA0="$((k % 200))"
		[ "$status" != 0 ]
		sim 0 inject off
		sim 0 replug
		for ((i = 0; i < 100; i++)); do
			at=$(device 0 2>/dev/null) && break
			sleep 0.1
		done
		settled
	done
}

@test "a program killed in the middle: the chip keeps its RDP byte" {
	local killed=0
	new_board 0
	for after in 0.06 0.08 0.1 0.12 0.15 0.2; do
		run timeout -s KILL $after \
			stlink -q -d "$node" --yes option set DATA0="${after#*.}"
		[ "$status" != 137 ] || killed=$((killed + 1))
		settled
	done
	[ $killed -gt 0 ]
	stlink -q -d "$node" --yes option set DATA0=7
	[[ $(stored 0) == aa55ff0007f8* ]]
}
