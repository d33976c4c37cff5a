#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
# Files that can't be written or read: full disks of each size, limits, folders and
# files without permission, and names that lead to something else than a file. What
# was there stays, and nothing else appears.
# sim: --fast --part F030F4
# short: 6.1
# timeout: 900
# full-timeout: 1800

# shellcheck disable=SC2154,SC2164 # set by bats; it stops where cd fails

load common

setup() {
	# where others may go, too
	place=/tmp/full-disk.$BATS_TEST_NUMBER
	mkdir -m 755 "$place"
	cd "$place"
	new_board 0
	node=$(device 0)
	stlink -q -d "$node" program "$firmware/demo.bin"
	memory 0 0x08000000 16384 >flash
	mkdir small
}

teardown() {
	umount "$place/small" 2>/dev/null || true
}

# nobody COMMAND...: as somebody who may use the probe, and that is all
nobody() {
	chmod o+rw "$node"
	setpriv --reuid 65534 --regid 65534 --clear-groups "$@"
}

# the files of these verbs, of some 16, 46, 52 and 46 KiB
outputs=("read f.bin" "read f.hex" "read f.srec" "backup f")

# whole FILE: it holds the flash of the board
whole() {
	local seen
	case $1 in
	*.bin)	seen=$1 ;;
	*.srec)	seen=seen.bin
		arm-none-eabi-objcopy -I srec -O binary "$1" seen.bin ;;
	*)	seen=seen.bin
		arm-none-eabi-objcopy -I ihex -O binary --gap-fill 0xff \
			--remove-section=.sec2 "$1" seen.bin ;;
	esac
	cmp "$seen" flash
	[ "$seen" = "$1" ] || rm seen.bin
}

# refused STATUS TEXT COMMAND...
refused() {
	local code=$1 text=$2
	shift 2
	run "$@"
	status_is "$code"
	output_has "$text"
}

# alone FOLDER FILE...: these are all that is there
alone() {
	local folder=$1
	shift
	[ "$(find "$folder" -mindepth 1 -printf '%f\n' | sort | xargs)" = "$*" ] ||
		{ ls -la "$folder" >&2; return 1; }
}

@test "a full disk, at each size: no part of a file, the old one stays" {
	for words in "${outputs[@]}"; do
		read -r verb file <<<"$words"
		done=0
		for ((pages = 1; pages < 40 && done < 2; pages += $(amount 15 1))); do
			mount -t tmpfs -o "size=$((pages * 4))k" tmpfs small
			echo "what was there before" >"small/$file"
			run stlink -q -d "$node" "$verb" "small/$file"
			if [ "$status" = 0 ]; then
				whole "small/$file"
				done=$((done + 1))
			else
				status_is 10
				output_has "No space left on device"
				[ "$(<"small/$file")" = "what was there before" ]
			fi
			alone small "$file"
			umount small
		done
		# it was too small, and it was large enough
		[ $done = 2 ]
		[ $pages -gt 5 ]
	done
	runs 0 1
}

@test "a limit of the size of files, at each KiB" {
	for words in "${outputs[@]}"; do
		read -r verb file <<<"$words"
		echo "what was there before" >"small/$file"
		size=0
		for ((kib = 0; kib <= 60; kib += $(amount 20 1))); do
			run bash -c "ulimit -f $kib; exec stlink -q -d $node $verb small/$file"
			if [ "$status" = 0 ]; then
				whole "small/$file"
				size=$(stat -c %s "small/$file")
				[ "$size" -le $((kib * 1024)) ]
				echo "what was there before" >"small/$file"
			else
				status_is 10
				output_has "File too large"
				[ "$(<"small/$file")" = "what was there before" ]
				[ "$size" = 0 ]
			fi
			alone small "$file"
		done
		[ "$size" -gt 0 ]
		rm "small/$file"
	done
}

@test "a folder that can't be written, a file that may not be" {
	echo "what was there before" >small/old
	chmod 444 small/old
	chmod 555 small
	for words in "read small/new" "backup small/new" "read nowhere/new" \
		"read small/old" "backup small/old" "read small/old/new"; do
		# shellcheck disable=SC2086
		run nobody stlink -q -d "$node" $words
		status_is 10
		alone small old
		[ "$(<small/old)" = "what was there before" ]
	done
	chmod 777 small
	refused 10 "Permission denied" nobody stlink -q -d "$node" read small/old
	chmod 755 small
	mount -t tmpfs tmpfs small
	echo "what was there before" >small/old
	mount -o remount,ro small
	for words in "read small/new" "read small/old" "backup small/old"; do
		# shellcheck disable=SC2086
		refused 10 "Read-only file system" stlink -q -d "$node" $words
	done
	[ "$(<small/old)" = "what was there before" ]
	alone small old
}

@test "names that lead to a folder, a link, a pipe, a device" {
	cd small
	mkdir folder real
	ln -s real/file link
	ln -s nowhere dangling
	ln -s loop loop
	mkfifo pipe
	refused 10 "Is a directory" stlink -q -d "$node" read folder
	refused 10 "Is a directory" stlink -q -d "$node" backup folder
	refused 10 "Too many levels" stlink -q -d "$node" read loop
	refused 10 "No space left" stlink -q -d "$node" read /dev/full
	stlink -q -d "$node" read /dev/null
	[ -c /dev/null ]
	# through a link to what is behind it, which stays what it is
	echo "what was there before" >real/file
	stlink -q -d "$node" read link
	[ -L link ]
	cmp real/file ../flash
	alone real file
	# one that leads nowhere becomes the file
	stlink -q -d "$node" read dangling
	cmp dangling ../flash
	[ ! -e nowhere ]
	cat pipe >through &
	stlink -q -d "$node" read pipe
	wait $!
	[ -p pipe ]
	cmp through ../flash
	stlink -q -d "$node" read - | cmp - ../flash
	# a name of 255 letters has a temporary one that is no longer
	long=$(printf '%0251d.bin' 0)
	stlink -q -d "$node" read "$long"
	cmp "$long" ../flash
	run stlink -q -d "$node" read "0$long"
	status_is 10
	alone . "$long" dangling file folder link loop pipe real through
}

@test "images that can't be read: refused before the probe is touched" {
	sim 0 counters reset
	cp "$firmware/demo.bin" small/secret
	chmod 000 small/secret
	refused 10 "Permission denied" nobody stlink -d "$node" program small/secret
	refused 10 "Permission denied" nobody stlink -d "$node" restore small/secret
	refused 10 "Is a directory" stlink -d "$node" program small
	refused 10 "No such file" stlink -d "$node" verify small/none
	refused 10 "file is empty" stlink -d "$node" program /dev/null
	refused 10 "larger than 16 MiB" timeout 60 stlink -d "$node" program /dev/zero
	[ "$(counter 0 page_erases)" = 0 ]
	[ "$(counter 0 bulk_transfers)" = 0 ]
	flash_is 0 flash
}

@test "without standard output and error: no message goes into the file" {
	stlink -v -d "$node" read f.bin >&- 2>&-
	cmp f.bin flash
	stlink -v -d "$node" read f.bin <&- >&- 2>&-
	cmp f.bin flash
	stlink -v -d "$node" backup f.hex <&- >&- 2>&-
	whole f.hex
	run bash -c "stlink -d $node read - >&-"
	status_is 10
	# nobody got the device, or a file, in the place of one of them
	strace -qq -o trace -e trace=open,openat \
		sh -c "exec stlink -d $node read f.bin <&- >&- 2>&-"
	run grep -E "(${node##*/}|f\\.bin\\.).* = [012]\$" trace
	[ "$status" = 1 ]
	grep -E "${node##*/}.* = [3-9]\$" trace
}
