#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
# Why does this board not run? For each cause a board that has it, and healthy
# boards of which nothing is to be said.
# sim: --fast --part F030F4
# timeout: 1800

# shellcheck disable=SC2154,SC2164 # set by bats; it stops where cd fails

load common

setup() {
	cd "$BATS_TEST_TMPDIR"
	sim 0 inject off >/dev/null
	sim 0 boot0 0 >/dev/null
	sim 0 nrst-wired 1 >/dev/null
	sim 0 voltage 3300 >/dev/null
	new_board 0 F030F4
}

# board FILE [PART]: a new board with that flash, started
board() {
	sim 0 swap "${2:-F030F4}" flash "$1" >/dev/null
	sleep 0.1
	sim 0 counters reset >/dev/null
}

# guest_board FILE: the same with a file of the guest, which is smaller than flash
guest_board() {
	new_board 0 F030F4
	stlink -q program "$1" 2>/dev/null
	sim 0 counters reset >/dev/null
}

# option OFFSET BYTE: stores an option byte with its complement
option() {
	sim 0 poke $((0x1ffff800 + $1)) \
		"$(printf '%02x%02x' "$2" $((~$2 & 255)))" >/dev/null
	sim 0 reload-options >/dev/null
}

# poke ADDR HEX, then start
poke() {
	sim 0 poke "$1" "$2" >/dev/null
	sim 0 reset >/dev/null
	sleep 0.05
}

# diagnosed STATUS ID...: exactly these findings, in this order
diagnosed() {
	local expected=$1 got
	shift
	stlink --json diagnose "${options[@]}" >answer.json 2>errors ||
		true
	got=$(jq -r '.findings[].id' answer.json | xargs)
	[ "$got" = "$*" ] || {
		echo "found: '$got', expected: '$*'" >&2
		cat answer.json errors >&2
		return 1
	}
	got=$(jq -r '.error.code // 0' answer.json)
	[ "$got" = "$expected" ] || {
		echo "status $got, expected $expected" >&2
		cat answer.json >&2
		return 1
	}
	[ "$(jq '[.findings[] | select(.evidence | length == 0)] | length' \
		answer.json)" = 0 ]
}

# evidence TEXT: in the last answer
evidence() {
	jq -r '.findings[] | .text, .evidence[], .advice' answer.json |
		grep -qF -- "$1" || {
		echo "no '$1' in:" >&2
		cat answer.json >&2
		return 1
	}
}

@test "blank flash" {
	diagnosed 9 flash-blank
	evidence S_LOCKUP
	run stlink diagnose
	status_is 9
	output_has "cause: flash is blank"
	output_has "[flash-blank]"
}

@test "a copy of 0x400 bytes: names the address, and where it comes from" {
	head -c 1024 "$firmware/demo.bin" >cut.bin
	guest_board cut.bin
	diagnosed 9 truncated-copy
	evidence "0x08000400"
	evidence "calls 0x080031"
	evidence "default view of ST-LINK Utility"
	core 0 lockup
}

@test "a copy cut off elsewhere" {
	head -c 8192 "$firmware/demo.bin" >cut.bin
	guest_board cut.bin
	diagnosed 9 truncated-copy
	evidence "exactly 8 pages"
}

@test "blank vector table with code behind" {
	cp "$firmware/demo.bin" image.bin
	printf '\377%.0s' {1..192} |
		dd of=image.bin conv=notrunc status=none
	guest_board image.bin
	diagnosed 9 vector-table-blank
}

@test "stack pointer outside of SRAM; that of a bigger part" {
	board "$firmware/demo.bin"
	poke 0x08000000 00000000
	diagnosed 9 initial-sp-outside-sram in-hardfault
	poke 0x08000000 00200020
	diagnosed 9 image-for-other-part in-hardfault
	evidence "0x20002000"
	poke 0x08000000 00100020
	diagnosed 0
}

@test "reset vector outside of flash, or without the Thumb bit" {
	board "$firmware/demo.bin"
	poke 0x08000004 01000060
	diagnosed 9 reset-vector-outside-flash in-hardfault
	evidence "0x60000001"
	poke 0x08000004 c0000008
	diagnosed 9 reset-vector-even in-hardfault
	poke 0x08000004 01500008
	diagnosed 9 image-for-other-part in-hardfault
	evidence "0x08005000"
}

@test "faults that stay in the handler: --reset names the instruction" {
	while read -r name id text; do
		board "$firmware/fault-$name.bin"
		if [ "$name" = pointer ]; then
			options=()
			diagnosed 9 in-hardfault
			evidence "VECTACTIVE = 3"
			[ "$(counter 0 system_resets)" = 0 ]
		fi
		options=(--reset)
		diagnosed 9 "$id" in-hardfault
		evidence "$text"
	done <<-END
		pointer bad-function-pointer PC = 0x08000100
		blank ran-into-blank-flash PC = 0x08003f00
		unaligned unaligned-access store to 0x20000802
		nowhere access-to-nowhere load from 0x60000000
		undefined undefined-instruction Cortex-M3
		stack stack-overflow SRAM begins at 0x20000000
	END
}

@test "breakpoint instructions, semihosting: --reset stops there" {
	options=(--reset)
	board "$firmware/fault-bkpt.bin"
	diagnosed 9 bkpt-without-debugger in-hardfault
	evidence "BKPT 0x00"
	board "$firmware/fault-semihosting.bin"
	diagnosed 9 bkpt-without-debugger in-hardfault
	evidence semihosting
}

@test "HardFault vector erased: locked up, and why" {
	while read -r name id text; do
		board "$firmware/fault-$name.bin"
		poke 0x0800000c ffffffff
		core 0 lockup
		# shellcheck disable=SC2086 # words they are
		diagnosed 9 $id hardfault-vector-erased
		evidence "$text"
		core 0 lockup
	done <<-END
		bkpt bkpt-without-debugger BKPT 0x00
		pointer bad-function-pointer PC = 0x08000100
		blank ran-into-blank-flash PC = 0x08003f00
		unaligned unaligned-access store to 0x20000802
		nowhere access-to-nowhere load from 0x60000000
		undefined undefined-instruction Cortex-M3
		stack stack-overflow SRAM begins at 0x20000000
	END
}

@test "SRAM parity checked, SRAM not written" {
	board "$firmware/fault-parity.bin"
	option 2 0xbf
	sim 0 reset
	sleep 0.05
	diagnosed 9 sram-parity
	options=(--reset)
	diagnosed 9 sram-parity
	evidence "load from 0x20000a00"
}

@test "an interrupt without handler" {
	board "$firmware/fault-irq.bin"
	diagnosed 9 unhandled-interrupt
	evidence "interrupt 0"
}

@test "the watchdog of the option byte; one that the firmware started; resets" {
	board "$firmware/demo.bin"
	option 2 0xfe
	sim 0 reset
	diagnosed 9 watchdog-option
	evidence "WDG_SW = 0"
	evidence IWDGRSTF
	board "$firmware/fault-iwdg.bin"
	diagnosed 9 watchdog-reset
	board "$firmware/fault-reset.bin"
	diagnosed 9 reset-loop
	evidence SFTRSTF
}

@test "BOOT0 high: boot loader, or SRAM" {
	board "$firmware/demo.bin"
	sim 0 boot0 1
	sim 0 reset
	diagnosed 9 boots-system-memory
	evidence "0x1fffec00"
	option 2 0xef
	sim 0 power off
	sim 0 power on
	diagnosed 9 boots-sram
	evidence "nBOOT1 = 0"
	sim 0 boot0 0
	sim 0 reset
	diagnosed 0
}

@test "firmware that went to the boot loader itself" {
	board "$firmware/use-bootloader.bin"
	diagnosed 9 boots-system-memory
}

@test "a part that still believes that it is blank" {
	new_board 0 F030xC
	sim 0 load "$firmware/demo.bin"
	sim 0 reset
	sleep 0.1
	diagnosed 9 boots-system-memory
	evidence "power off for a moment"
}

@test "nRST held low by the board" {
	board "$firmware/demo.bin"
	sim 0 nrst hold
	diagnosed 9 nrst-low
	sim 0 nrst release
	sleep 0.1
	diagnosed 0
}

@test "no supply; too little of it" {
	board "$firmware/demo.bin"
	sim 0 power off
	diagnosed 5 no-voltage
	sim 0 power on
	sim 0 voltage 2100
	sleep 0.1
	diagnosed 9 low-voltage
	evidence "needed 2400 mV"
	sim 0 voltage none
	diagnosed 0
	sim 0 voltage a0=1500,a1=0	# not wired
	diagnosed 0
}

@test "nothing answers" {
	board "$firmware/demo.bin"
	sim 0 inject swd-dead on
	diagnosed 5 no-answer
}

@test "core left halted; vector catch left on" {
	board "$firmware/demo.bin"
	stlink halt
	diagnosed 9 core-halted
	evidence C_HALT
	core 0 halted
	stlink run
	diagnosed 0
	stlink halt
	stlink mw 0xe000edfc 1
	diagnosed 9 vector-catch-left
	stlink reset
	runs 0 1
	diagnosed 0
}

@test "SWD pins taken by the firmware: reset to look, and said so" {
	board "$firmware/swdoff.bin"
	diagnosed 9 swd-pins-reused
	grep -q "was reset" errors
	runs 0 5
}

@test "Stop mode is no fault" {
	board "$firmware/use-stop.bin"
	diagnosed 0 deep-sleep
	grep -q "was reset" errors
}

@test "read protection, write protection, the unique ID" {
	board "$firmware/demo.bin"
	option 8 0xfe
	sim 0 reset
	diagnosed 0 write-protection
	head -c 1024 "$firmware/demo.bin" >cut.bin
	guest_board cut.bin
	option 8 0xfe
	diagnosed 9 truncated-copy write-protection
	board "$firmware/demo.bin"
	option 0 0x00
	sim 0 reset
	diagnosed 9 read-protection
	board "$firmware/use-uid.bin"
	diagnosed 0 reads-unique-id
	evidence "undocumented"
	evidence "0x1ffff7ac"
}

@test "healthy boards of all kinds: nothing, and they don't notice" {
	while read -r part name; do
		board "$firmware/$name.bin" "$part"
		diagnosed 0
		[ "$(field 0 16)" = 1 ]
		[ "$(counter 0 system_resets)" = 0 ]
	done <<-END
		F030F4 demo
		F030F4 pll
		F030x6 demo2
		F030x8 pll
		F030xC demo
		F030F4 watchdog
	END
	run stlink diagnose
	status_is 0
	output_has "no reason found"
	runs 0 4
	options=(--reset)
	diagnosed 0
	runs 0 4
}

@test "without permission to change anything it looks all the same" {
	board "$firmware/demo.bin"
	chmod 644 /dev/stlink0
	run setpriv --reuid=nobody --clear-groups stlink diagnose
	chmod 660 /dev/stlink0
	status_is 0
	output_has "no reason found"
}

@test "images that look truncated are warned of, once" {
	head -c 1024 "$firmware/demo.bin" >cut.bin
	for verb in program verify; do
		run stlink "$verb" cut.bin
		status_is 0
		output_has "cut.bin looks like a truncated copy"
		output_has "0x08000400"
		[ "$(grep -c '^warning: cut' <<<"$output")" = 1 ]
	done
	run stlink read back.bin
	status_is 0
	output_has "the flash looks like a truncated copy"
	board "$firmware/demo.bin"
	run stlink read part.bin 0x08000000 0x400
	output_has "only 1024 of the 16384 bytes"
	output_has "0x08003"
	for name in demo demo2 pll watchdog swdoff use-uid; do
		run stlink program "$firmware/$name.hex"
		[[ $output != *truncated* ]]
	done
	run stlink read whole.bin
	[[ $output != *truncated* ]]
}
