#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# Direct use of a probe in shell, by sysfs and the program stlink:
#
#	./stlink-example.sh flash.bin [/dev/stlink1]
#
# Prints the CPUID, dumps the whole flash of an STM32F030 into a file, toggles its
# pin PA4, and leaves the firmware running. stlink(1) has the verbs and the exit
# status of each failure, which is this script's too.

# ST RM0360 and ARM DDI 0432
cpuid=0xe000ed00
flash=0x08000000
flash_size=0x1ffff7cc		# half-word, KiB
rcc_ahbenr=0x40021014
rcc_iopaen=$((1 << 17))
gpioa_moder=0x48000000
moder_pin4=$((3 << 8))
moder_pin4_out=$((1 << 8))
gpioa_odr=0x48000014
gpioa_bsrr=0x48000018
pin4=$((1 << 4))

die() {
	echo "stlink-example.sh: $2" >&2
	exit "$1"
}

# The program has said what went wrong, and where; its exit status says it too.
probe() {
	stlink -q -d "$node" "$@" || exit
}

# get ADDRESS: the word there, as a number
get() {
	line=$(probe md "$1" 1) || exit
	line=${line#*: }
	echo $((0x${line%% *}))
}

put() {
	probe mw "$1" "$2"
}

# drive LEVEL: drives PA4, prints its output latch
drive() {
	if [ "$1" = 1 ]; then
		put $gpioa_bsrr $pin4
	else
		put $gpioa_bsrr $((pin4 << 16))
	fi
	odr=$(get $gpioa_odr) || exit
	echo $((odr / pin4 % 2))
}

# undo ADDRESS VALUE: nothing if the value was never read
undo() {
	[ -z "$2" ] || stlink -q -d "$node" mw "$1" "$2" || undone=no
}

# However the script ends: as it was, and running.
restore() {
	status=$?
	trap - EXIT
	undone=yes
	undo $gpioa_bsrr "$latch"
	undo $gpioa_moder "$moder"
	undo $rcc_ahbenr "$ahbenr"
	stlink -q -d "$node" run || undone=no
	[ $undone = yes ] || [ "$status" != 0 ] || status=1
	exit "$status"
}

# The core is halted meanwhile, since firmware may use the pin itself. From verb
# to verb it stays halted.
toggle() {
	latch='' moder='' ahbenr=''
	trap restore EXIT
	trap 'exit 130' INT
	trap 'exit 143' HUP TERM
	probe halt
	ahbenr=$(get $rcc_ahbenr) || exit
	put $rcc_ahbenr $((ahbenr | rcc_iopaen))
	moder=$(get $gpioa_moder) || exit
	latch=$(get $gpioa_odr) || exit
	latch=$((latch & pin4 ? pin4 : pin4 << 16))
	put $gpioa_moder $((moder & ~moder_pin4 | moder_pin4_out))
	high=$(drive 1) || exit
	low=$(drive 0) || exit
	echo "PA4 set: $high, PA4 reset: $low"
	[ "$high$low" = 10 ] || die 1 "PA4 doesn't follow GPIOA_BSRR"
}

[ $# = 1 ] || [ $# = 2 ] || die 1 "usage: stlink-example.sh FILE [NODE]"
file=$1
node=${2:-/dev/stlink0}
# What can be known without asking the probe is in sysfs.
class=/sys/class/stlink/$(basename "$node")
[ -d "$class" ] || die 2 "$node: no such probe; there are: $(ls /sys/class/stlink \
	2>/dev/null)"
echo "probe $(cat "$class/serial"), firmware $(cat "$class/firmware")"

value=$(get $cpuid) || exit
printf 'CPUID 0x%08x\n' "$value"

# A range, to show it; without numbers "stlink read" takes the whole flash. The
# file gets its name when all of it is there.
value=$(get $flash_size) || exit
kib=$((value & 0xffff))
probe read --format bin "$file" $flash ${kib}K
echo "$kib KiB of flash are in $file"

toggle
