#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
# Lines that scripts have for st-flash, given to Debian's st-flash and, as they
# are, to us: the chip, or the file, is the same afterwards.
# sim: --part F030F4 --serial 066DFF535550755187191037 --fast
# timeout: 900

# shellcheck disable=SC2154,SC2164 # set by bats; it stops where cd fails

load common

serial=066DFF535550755187191037

# What a line is to do, and the line. Images end with a page: what st-flash does
# with the rest of one has a test of its own.
lines=(
	"--hot-plug write page.bin 0x8000c00"
	"--format ihex --reset write demo.hex"
	"--connect-under-reset --format=binary write page.hex 0x08001000"
	"--opt write tail.bin 0x08000000"
	"--debug --flash=16k --area=main --freq=4000k --serial $serial write page.bin 0x08000000"
	"--reset --flash=0x4000 --serial=$serial read out 0x08000000 0x4000"
	"--format ihex read out 0x08000400 1024"
	"erase"
	"--connect-under-reset --reset erase"
	"--freq 950 reset"
)

setup_file() {
	export DIR=$BATS_FILE_TMPDIR
	cd "$DIR"
	head -c 16384 /dev/urandom | tr '\377' '\376' >before
	head -c 1024 /dev/urandom | tr '\377' '\376' >page.bin
	head -c 500 page.bin >half.bin
	{ cat page.bin; head -c 1024 /dev/zero | tr '\0' '\377'; } >tail.bin
	# a text is data too, where the line says so
	{ printf ':00000001FF\n'; head -c 1012 /dev/zero; } >page.hex
	cp "$firmware/demo.bin" demo.bin
	truncate -s %1024 demo.bin
	arm-none-eabi-objcopy -I binary -O ihex --change-addresses 0x08000000 \
		demo.bin demo.hex
}

setup() {
	cd "$DIR"
}

# prepare: the board holds "before", and runs something else
prepare() {
	rm -f out
	sim 0 swap >/dev/null
	sim 0 poke 0x08000000 "$(xxd -p before | tr -d '\n')" >/dev/null
}

# kept NAME: what came of it
kept() {
	memory 0 0x08000000 16384 >"$1.flash"
	[ ! -e out ] || mv out "$1.out"
}

# all PROGRAM NAME: each line, its results in NAME.number
all() {
	local i
	for i in "${!lines[@]}"; do
		prepare
		# shellcheck disable=SC2086 # a list of words
		timeout 60 $1 ${lines[i]} >log 2>&1 </dev/null || {
			echo "$1 ${lines[i]}: status $?" >&2
			cat log >&2
			return 1
		}
		kept "$2.$i"
	done
}

# rest PROGRAM NAME: what becomes of the rest of a page
rest() {
	prepare
	$1 write half.bin 0x08000000
	kept "$2.rest"
}

@test "st-flash does them all" {
	stlink detach
	all st-flash theirs
	rest st-flash theirs
	stlink attach
}

@test "so do we" {
	all stlink ours
	rest stlink ours
}

@test "with the same result" {
	local i bad=
	for i in "${!lines[@]}"; do
		cmp "theirs.$i.flash" "ours.$i.flash" || bad+=" $i"
		[[ " ${lines[i]} " == *" read "* ]] || continue
		for who in theirs ours; do
			case ${lines[i]} in
			*ihex*)
				arm-none-eabi-objcopy -I ihex -O binary \
					"$who.$i.out" "$who.$i.out" ;;
			esac
		done
		[ -s "ours.$i.out" ] && cmp "theirs.$i.out" "ours.$i.out" ||
			bad+=" $i"
	done
	for i in $bad; do
		echo "not the same: ${lines[i]}" >&2
	done
	[ -z "$bad" ]
	# and not for the reason that nothing ever happens
	cmp page.bin <(tail -c +3073 ours.0.flash | head -c 1024)
	cmp before ours.5.out
	[ "$(tr -d '\377' <ours.7.flash | wc -c)" = 0 ]
}

@test "the rest of a page is kept, where st-flash blanks it" {
	cmp ours.rest.flash <(cat half.bin <(tail -c +501 before))
	cmp theirs.rest.flash <(cat half.bin \
		<(head -c 524 /dev/zero | tr '\0' '\377') \
		<(tail -c +1025 before))
}

@test "firmware runs after write, --reset or not, and after reset" {
	new_board 0
	stlink write demo.bin 0x08000000
	runs 0 1
	stlink --reset write "$firmware/demo2.bin" 0x08000000
	runs 0 2
	stlink reset
	runs 0 2
	stlink halt
	stlink --reset --area=system read out 0x1fffec00 3k
	[ "$(stat -c %s out)" = 3072 ]
	runs 0 2
}

@test "--flash that isn't so is refused, and nothing happens" {
	prepare
	for line in "write page.bin 0x08000000" "erase" "reset" \
		"read out 0x08000000 4"; do
		# shellcheck disable=SC2086
		run stlink --flash=128k $line </dev/null
		status_is 11
		output_has "16384 bytes, not 131072"
	done
	memory 0 0x08000000 16384 | cmp - before
	[ ! -e out ]
}
