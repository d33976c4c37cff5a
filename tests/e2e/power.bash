# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash disable=SC2154
# What the tests of power management share.

# in_the_middle: of programming in the background, slowly; its messages go to
# "errors", its process is $pid
in_the_middle() {
	local i
	new_board 0
	stlink -q -f 25k program "$firmware/demo.bin" 2>errors 3>&- &
	pid=$!
	for ((i = 0; i < 600; i++)); do
		[ "$(counter 0 halfwords)" -lt 500 ] || return 0
		sleep 0.05
	done
	return 1
}

# until TEXT COMMAND...: COMMAND prints TEXT, within 10 s
until_it_says() {
	local i text=$1
	shift
	for ((i = 0; i < 100; i++)); do
		[ "$("$@" 2>/dev/null)" != "$text" ] || return 0
		sleep 0.1
	done
	echo "'$*' says '$("$@" 2>&1)', not '$text'" >&2
	return 1
}

# node: "there" or "gone"
node() {
	[ -e /dev/stlink0 ] && echo there || echo gone
}

runtime_status() {
	cat /sys/class/stlink/stlink0/device/../power/runtime_status
}

# replug: the probe is pulled out and plugged in again
replug() {
	sim 0 unplug
	until_it_says gone node
	sim 0 replug
	until_it_says there node
	udevadm settle
}

holder=

# suspended: the machine, and woken up again
suspended() {
	local from till
	dmesg -c >/dev/null
	# An error here: somebody refused, and nothing was suspended.
	echo mem >/sys/power/state
	dmesg >kernel.log
	from=$(at 'PM: suspend entry')
	till=$(at 'Preparing to enter system sleep state S3')
	# One block that was begun is waited for, 2.4 s at the slowest clock.
	echo "suspended from $from to $till"
	awk -v FROM="$from" -v TILL="$till" 'BEGIN {
		exit !(FROM && TILL && TILL - FROM < 5)
	}'
}

# while_asleep N COMMAND...: given to simulator N during the next suspend
while_asleep() {
	echo "$*" >/dev/virtio-ports/asleep
}

# at TEXT: time of that line in the kernel log, seconds
at() {
	sed -nE "s/^\[ *([0-9.]+)\] .*$1.*/\1/p" kernel.log | tail -n 1
}

# hold: a program has the probe open and waits for orders
hold() {
	rm -f orders answers
	mkfifo orders answers
	holder /dev/stlink0 <orders >answers 3>&- &
	holder=$!
	exec {orders}>orders {answers}<answers
	heard ok
}

# heard ANSWER: is what the program says next
heard() {
	local line
	IFS= read -r -t 60 line <&"$answers" || line=nothing
	# shellcheck disable=SC2053 # a pattern
	[[ $line == $1 ]] || {
		echo "the program heard $line, expected $1" >&2
		return 1
	}
}

order() { echo "$*" >&"$orders"; }

# hears ANSWER ORDER...: the program does that and this is what comes of it
hears() {
	local expected=$1
	shift
	order "$@"
	heard "$expected" || {
		echo "... to $*" >&2
		return 1
	}
}

# let_go: the program closes the probe and ends
let_go() {
	exec {orders}>&- {answers}<&-
	wait "$holder"
	holder=
}

# end_holder: of a test that failed
end_holder() {
	[ -z "$holder" ] || kill "$holder" 2>/dev/null || true
}

# saw TEXT: in the kernel log of the last suspend
saw() {
	grep -F "$1" kernel.log || {
		echo "no '$1' in the kernel log" >&2
		return 1
	}
}

# of_probe NAME: of the probe's state as the simulator sees it
of_probe() { sim_value "$1" 0 state; }

# halt_core: by the program, in a session of its own. It may also hear that the
# chip was reset since it asked last (8).
halt_core() {
	hears ok attach 1
	hears "ok 0x1[19]" core 1
	core 0 halted
}

# session_lost_and_found: what a program goes through whose session is over
session_lost_and_found() {
	local word
	word=$(memory 0 0x08000000 4 | od -An -tx4 | tr -d ' ')
	hears ENOTCONN word 0x08000000
	hears ENOTCONN core 0
	hears ENOTCONN nrst 1
	hears ENOTCONN word 0x08000000
	hears "ok 0x0" info
	hears ok attach 1
	hears "ok 0x$(sed 's/^0*//' <<<"$word")" word 0x08000000
	hears "ok 0x1[19]" core 1
	core 0 halted
	let_go
	runs 0 1
}

# program_fails_and_succeeds: what becomes of in_the_middle
program_fails_and_succeeds() {
	local code=0
	wait "$pid" || code=$?
	cat errors >&2
	[ "$code" = 7 ] || [ "$code" = 8 ]
	grep -q suspend errors
	stlink program "$firmware/demo.bin"
	flash_is 0 "$firmware/demo.bin"
	runs 0 1
}
