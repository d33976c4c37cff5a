# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash disable=SC2154
# What the tests of automatic programming share.

watch=

# conf LINE...: the configuration: [any], the demo firmware, and these lines
conf() {
	{
		echo "[any]"
		echo "image = ${image:-$firmware/demo.bin}"
		echo "log = $PWD/log.csv"
		printf '%s\n' "$@"
	} >auto.conf
	stlink watch --check --config auto.conf
}

# watch [OPTION...]: in the background; what it says goes to "said"
watch() {
	stlink watch --config auto.conf "$@" >said 2>&1 3>&- &
	watch=$!
}

# end_watch [STATUS]: tells it to stop; no process is left
end_watch() {
	kill -TERM "$watch" 2>/dev/null || true
	ends "${1:-0}"
}

# fails COMMAND...: it does ("!" alone doesn't end a test)
fails() {
	if "$@"; then
		echo "this should have failed: $*" >&2
		return 1
	fi
}

# ends [STATUS]: by itself
ends() {
	local code=0
	wait "$watch" || code=$?
	watch=
	cat said
	[ "$code" = "${1:-0}" ] || {
		echo "watch ended with $code, expected ${1:-0}" >&2
		return 1
	}
	! pgrep -x stlink || {
		echo "a process is left" >&2
		return 1
	}
}

# kill_watch: of a test that failed
kill_watch() {
	[ -z "$watch" ] || kill -KILL "$watch" || true
	pkill -KILL -x stlink || true
} 2>/dev/null

# says N PATTERN: N lines of what it said have the pattern, or some where N is "+",
# within 30 s
says() {
	local i n
	for ((i = 0; i < 300; i++)); do
		n=$(grep -cE "$2" said) || true
		[ "$n" != "$1" ] || return 0
		[ "$1" != + ] || [ "$n" = 0 ] || return 0
		sleep 0.1
	done
	echo "no $1 lines with '$2':" >&2
	cat said >&2
	return 1
}

# board_off N: taken off for longer than the driver's looks take
board_off() {
	sim "$1" power off
	sleep 0.6
}

# next_board N [PART]: another one comes to probe N
next_board() {
	board_off "$1"
	new_board "$@"
}

# logged FIELD...: of the last record in the log
logged() {
	local field
	for field; do
		python3 -c '
import csv, sys
print(list(csv.DictReader(open("log.csv")))[-1][sys.argv[1]])
' "$field"
	done
}

# log_is RESULT CODE [TEXT]: of the last record; TEXT is part of its reason
log_is() {
	local result code reason
	result=$(logged result) code=$(logged code) reason=$(logged reason)
	[ "$result" = "$1" ] && [ "$code" = "$2" ] &&
		[[ $reason == *"${3:-}"* ]] || {
		echo "the log has $result, $code, '$reason'; not $*" >&2
		return 1
	}
}

# records N: that many in the log
records() {
	[ "$(($(wc -l <log.csv) - 1))" = "$1" ] || {
		cat log.csv >&2
		return 1
	}
}

# in_the_middle N [HALFWORDS]: board N is being programmed
in_the_middle() {
	local i
	for ((i = 0; i < 600; i++)); do
		[ "$(counter "$1" halfwords)" -lt "${2:-500}" ] || return 0
		sleep 0.05
	done
	return 1
}

# bound N: waits until the probe of simulator N has its node
bound() {
	local i
	for ((i = 0; i < 100; i++)); do
		! device "$1" >/dev/null 2>&1 || break
		sleep 0.1
	done
	device "$1" >/dev/null
	udevadm settle
}

# next_works: another board at station 0, after whatever went wrong
next_works() {
	local before
	before=$(grep -c PASS said || true)
	next_board 0
	says $((before + 1)) PASS
	flash_is 0 "$firmware/demo.bin"
	runs 0 1
	log_is pass 0
}
