#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
# What program does of what it is asked for: no more than it must, and all of it
# with --full; the plan alone; without code on the target.
# sim: --part F030F4 --fast
# sim: --part F030F4 --wait-tries 1
# sim: --part F030F4 --firmware V2J17S4 --fast

# shellcheck disable=SC2154,SC2164 # set by bats; it stops where cd fails

load common

setup() {
	cd "$BATS_TEST_TMPDIR"
	node=$(device 0)
	head -c 16384 /dev/urandom >data.bin
	cp "$firmware/demo.bin" full.bin
	size=$(stat -c %s full.bin)
	tail -c +$((size + 1)) data.bin >>full.bin
}

# changed FILE OFFSET: a copy of FILE with another byte there, as other.bin
changed() {
	cp "$1" other.bin
	printf %02x $((0x$(xxd -s "$2" -l 1 -p "$1") ^ 0x55)) | xxd -r -p |
		dd of=other.bin bs=1 seek="$2" conv=notrunc status=none
}

on_board() {
	new_board "$1"
	stlink -q -d "$(device "$1")" program full.bin
	sim "$1" counters reset >/dev/null
}

@test "--dry-run says what program does then, and changes nothing" {
	on_board 0
	changed full.bin 14000
	before=$(field 0 4)
	plan=$(stlink --json -d "$node" program --dry-run other.bin)
	[ "$(jq .pages_to_erase <<<"$plan")" = 1 ]
	[ "$(jq .bytes_to_program <<<"$plan")" = 1024 ]
	[ "$(jq .mass_erase <<<"$plan")" = false ]
	[ "$(jq .flash_ms <<<"$plan")" = 57 ]
	[[ $(jq -r .plan <<<"$plan") == "erase page 13, program 1024 bytes in page 13;"* ]]
	[ "$(counter 0 system_resets)" = 0 ]
	[ "$(counter 0 page_erases)" = 0 ]
	flash_is 0 full.bin
	[ "$(field 0 4)" -gt "$before" ]
	result=$(stlink --json -d "$node" program other.bin)
	[ "$(jq .pages_erased <<<"$result")" = 1 ]
	[ "$(jq .bytes_programmed <<<"$result")" = 1024 ]
	[ "$(counter 0 page_erases)" = 1 ]
	flash_is 0 other.bin
}

@test "a single bit in each of two pages costs two pages" {
	on_board 0
	changed full.bin 3000
	mv other.bin once.bin
	changed once.bin 16383
	stlink -d "$node" program other.bin
	[ "$(counter 0 page_erases)" = 2 ]
	[ "$(counter 0 mass_erases)" = 0 ]
	flash_is 0 other.bin
}

@test "all at once where nothing else is lost, and only there" {
	# the rest of the chip is blank
	new_board 0
	sim 0 poke 0x08000000 "$(head -c 8192 /dev/zero | xxd -p | tr -d '\n')" \
		>/dev/null
	sim 0 counters reset >/dev/null
	head -c 8192 full.bin >half.bin
	stlink -d "$node" program half.bin
	[ "$(counter 0 mass_erases)" = 1 ]
	[ "$(counter 0 page_erases)" = 0 ]
	flash_is 0 half.bin
	# a single byte of it isn't, and belongs to nobody here
	on_board 0
	changed full.bin 100
	head -c 8192 data.bin >half.bin
	stlink -d "$node" program half.bin
	[ "$(counter 0 mass_erases)" = 0 ]
	memory 0 0x08002000 8192 | cmp - <(tail -c 8192 full.bin)
	flash_is 0 half.bin
}

@test "blank stretches aren't programmed, nor what is there already" {
	new_board 0
	head -c 16384 /dev/zero | tr '\0' '\377' >sparse.bin
	dd if=full.bin of=sparse.bin bs=1 count=600 conv=notrunc status=none
	dd if=full.bin of=sparse.bin bs=1 count=7 skip=9001 seek=9001 \
		conv=notrunc status=none
	stlink -d "$node" program sparse.bin
	flash_is 0 sparse.bin
	[ "$(counter 0 halfwords)" -le 304 ]
	[ "$(counter 0 page_erases)" = 0 ]
	[ "$(counter 0 mass_erases)" = 0 ]
	# more of it into a page that has something: no erase for that
	sim 0 counters reset >/dev/null
	dd if=full.bin of=sparse.bin bs=1 count=100 skip=700 seek=700 \
		conv=notrunc status=none
	stlink -d "$node" program sparse.bin
	[ "$(counter 0 page_erases)" = 0 ]
	[ "$(counter 0 halfwords)" -le 50 ]
	flash_is 0 sparse.bin
}

@test "--full does it all again, and keeps what is beside it" {
	on_board 0
	head -c 1500 full.bin >part.bin
	stlink -d "$node" program --full part.bin
	[ "$(counter 0 page_erases)" = 2 ]
	[ "$(counter 0 halfwords)" -gt 900 ]
	flash_is 0 full.bin
}

@test "--verify=read reads flash back, crc doesn't" {
	on_board 0
	changed full.bin 5000
	stlink -d "$node" program --verify=read other.bin
	[ "$(counter 0 bytes_in)" -gt 16384 ]
	sim 0 counters reset >/dev/null
	stlink -d "$node" program full.bin
	[ "$(counter 0 bytes_in)" -lt 8192 ]
	run stlink program --verify=no full.bin
	status_is 1
}

@test "--no-loader keeps SRAM, and copes with a probe that doesn't wait" {
	for n in 0 1; do
		node=$(device $n)
		new_board $n
		stlink -q -d "$node" program "$firmware/demo.bin"
		sim $n swap >/dev/null
		stlink -q -d "$node" reset --halt
		sim $n poke 0x20000400 "$(head -c 2048 data.bin | xxd -p |
			tr -d '\n')" >/dev/null
		result=$(stlink --json -d "$node" program --no-loader \
			--no-reset full.bin)
		[ "$(jq .without_loader <<<"$result")" = true ]
		[ "$(jq .verified <<<"$result")" = true ]
		flash_is $n full.bin
		memory $n 0x20000400 2048 | cmp - <(head -c 2048 data.bin)
	done
	[ "$(counter 1 swd_waits)" -gt 0 ]
}

@test "--no-loader is refused where the probe can't write 16 bits" {
	on_board 2
	changed full.bin 100
	run stlink -d "$(device 2)" program --no-loader other.bin
	status_is 1
	output_has V2J26
	[ "$(counter 2 system_resets)" = 0 ]
	flash_is 2 full.bin
}
