# SPDX-License-Identifier: GPL-2.0-only
# Completion of stlink(1) for bash.
#
# Verbs, options and operands are those of the program's own help text, so there is
# no second list of them here; what is here is what they take. Probes come from
# sysfs: neither they nor their targets are asked anything.
#
# Copyright (C) 2026 The stlink project authors

# where sysfs is; tests have another one
: "${_stlink_sys:=/sys}"

# Verbs, a line each.
_stlink_verbs() {
	"$1" --help 2>/dev/null | sed -n '/^Verbs:/,/^$/s/^  \([a-z][a-z0-9-]*\) .*/\1/p'
}

# Options of a help text, a line each: "-d --device NODE".
_stlink_options() {
	sed -nE 's/^ +(-[^ ]+(, -[^ ]+)*( [^ ]+)?)  .*/\1/p' | tr -d ,
}

# Options that may be given: those of all verbs, and those of the verb.
_stlink_all_options() {
	{
		"$1" --help 2>/dev/null
		[ -z "$2" ] || "$1" help "$2" 2>/dev/null
	} | _stlink_options
}

# Operands, a line each, of the usage line of a help text: without options, and
# without what is in the way of a list.
_stlink_operands() {
	"$1" help "$2" 2>/dev/null |
		sed -n '1{s/^Usage: stlink \[OPTION\.\.\.\] [^ ]* *//
			s/\[-[^]]*\(\[[^]]*\][^]]*\)*\]//g
			/|/d; s/[][]//g; s/  */\n/g; p;}' | sed '/^$/d'
}

# node|serial|path of the probes that have a node.
_stlink_probes() {
	local dir what
	for dir in "$_stlink_sys"/class/stlink/*/; do
		[ -e "$dir" ] || continue
		dir=${dir%/}
		case $1 in
		node)	echo "/dev/${dir##*/}" ;;
		serial)	cat "$dir/serial" ;;
		path)	what=$(readlink "$dir/device") && what=${what##*/} &&
				echo "${what%%:*}" ;;
		esac
	done 2>/dev/null
}

# serial|path of the probes that the driver could have, and hasn't.
_stlink_detached() {
	local dir product driver
	for dir in "$_stlink_sys"/bus/usb/devices/*/; do
		dir=${dir%/}
		[ "$(cat "$dir/idVendor")" = 0483 ] || continue
		product=$(cat "$dir/idProduct")
		case $product in
		3748|374b|3752)	;;
		*)		continue ;;
		esac
		driver=$(readlink "$_stlink_sys/bus/usb/devices/${dir##*/}:1.0/driver")
		[ "${driver##*/}" != stlink ] || continue
		case $1 in
		serial)	cat "$dir/serial" ;;
		path)	echo "${dir##*/}" ;;
		esac
	done 2>/dev/null
}

# Values of an option. "@..." is what isn't words.
_stlink_values() {
	local of=_stlink_probes
	[ "$2" != attach ] || of=_stlink_detached
	case $1 in
	-d|--device)	_stlink_probes node; echo @files ;;
	-s|--serial)	$of serial ;;
	--usb-path)	$of path ;;
	--from|--to)	_stlink_probes node; _stlink_probes path
			_stlink_probes serial ;;
	-f|--freq)	printf '%s\n' 4M 1800k 1200k 950k 480k 240k 125k 100k 50k \
				25k 15k 5k ;;
	--format)	printf '%s\n' bin hex srec elf ;;
	--mode)		printf '%s\n' auto normal under-reset hot-plug ;;
	--verify)	printf '%s\n' crc read ;;
	--area)		printf '%s\n' main system ;;
	--config)	echo @files ;;
	--page)		seq 0 15 ;;	# those that every part has
	--addr)		echo 0x08000000 ;;
	--size)		printf '%s\n' 1K 2K 4K 8K 16K 32K 64K ;;
	esac
}

# What an operand may be, by its name in the usage line.
_stlink_operand() {
	case $2 in
	FILE*)
		case $3 in
		program|write|flash|verify|compare)	echo @images ;;
		*)					echo @files ;;
		esac ;;
	ADDR*)		printf '%s\n' 0x08000000 0x20000000 ;;
	SIZE*)		_stlink_values --size ;;
	VERB*)		_stlink_verbs "$1" ;;
	esac
}

# Values of an option byte, by its name in either case.
_stlink_option_byte() {
	case ${1^^} in
	WRP)		printf '%s\n' none all 0-3 ;;
	DATA*)		printf '%s\n' 0x00 0xff ;;
	*)		printf '%s\n' 0 1 ;;
	esac
}

_stlink_option_bytes='RDP= WDG_SW= nRST_STOP= nRST_STDBY= nBOOT0= nBOOT1=
	VDDA_MONITOR= RAM_PARITY_CHECK= BOOT_SEL= DATA0= DATA1= WRP='

# Files, into COMPREPLY: images first, all where there is none.
_stlink_files() {
	local cur=$1 name found=()
	compopt -o filenames 2>/dev/null
	if [ "$2" = images ]; then
		while IFS= read -r name; do
			case ${name,,} in
			*.bin|*.img|*.hex|*.ihex|*.ihx|*.srec|*.s19|*.s28|*.s37|\
			*.mot|*.elf|*.axf|*.out)
				found+=("$name") ;;
			esac
		done < <(compgen -f -- "$cur")
		if [ ${#found[@]} -gt 0 ]; then
			while IFS= read -r name; do
				found+=("$name")
			done < <(compgen -d -- "$cur")
		fi
	fi
	if [ ${#found[@]} = 0 ]; then
		while IFS= read -r name; do
			found+=("$name")
		done < <(compgen -f -- "$cur")
	fi
	COMPREPLY+=("${found[@]}")
}

# Offers lines of standard input that begin with $1.
_stlink_offer() {
	local line
	while IFS= read -r line; do
		case $line in
		@files)		_stlink_files "$1" all ;;
		@images)	_stlink_files "$1" images ;;
		"$1"*)		COMPREPLY+=("$line") ;;
		esac
	done
}

_stlink() {
	local program=${1/#\~\//$HOME/} cur=${COMP_WORDS[COMP_CWORD]}
	local i word verb='' count=0 wants='' options operand names=()
	COMPREPLY=()

	# "--format=hex" and "WRP=all" come in three words
	if [ "$cur" = = ]; then
		cur='' wants=${COMP_WORDS[COMP_CWORD - 1]}
	elif [ "$COMP_CWORD" -gt 1 ] && [ "${COMP_WORDS[COMP_CWORD - 1]}" = = ]; then
		wants=${COMP_WORDS[COMP_CWORD - 2]}
	fi

	# the verb may stand behind options, also its own, which aren't known yet
	options=$(_stlink_all_options "$program" '')
	for ((i = 1; i < COMP_CWORD; i++)); do
		word=${COMP_WORDS[i]}
		case $word in
		-*)
			if [ "${COMP_WORDS[i + 1]}" = = ]; then
				i=$((i + 2))
			elif grep -qE -- "(^| )$word .*[A-Z][^ ]*\$" <<<"$options"; then
				i=$((i + 1))
				[ "$i" -lt "$COMP_CWORD" ] || wants=$word
			fi ;;
		=)	i=$((i + 1)) ;;
		*)
			if [ -z "$verb" ]; then
				"$program" help "$word" >/dev/null 2>&1 || continue
				verb=$word
				options=$(_stlink_all_options "$program" "$verb")
			else
				names[count++]=$word
			fi ;;
		esac
	done

	if [[ $wants == -* ]]; then
		_stlink_offer "$cur" < <(_stlink_values "$wants" "$verb")
	elif [ -n "$wants" ]; then
		_stlink_offer "$cur" < <(_stlink_option_byte "$wants")
	elif [[ $cur == -* ]]; then
		_stlink_offer "$cur" < <(tr ' ' '\n' <<<"$options" | grep '^-')
	elif [ -z "$verb" ]; then
		_stlink_offer "$cur" < <(_stlink_verbs "$program")
	elif [ "$verb" = option ]; then
		if [ "$count" = 0 ]; then
			_stlink_offer "$cur" < <(printf '%s\n' show set load)
		elif [ "${names[0]}" = set ]; then
			compopt -o nospace 2>/dev/null
			_stlink_offer "$cur" < <(tr -s ' \t' '\n' \
				<<<"$_stlink_option_bytes")
		fi
	else
		operand=$(_stlink_operands "$program" "$verb" |
			sed -n "$((count + 1))p")
		_stlink_offer "$cur" < <(_stlink_operand "$program" "$operand" \
			"$verb")
	fi
}

complete -F _stlink stlink
