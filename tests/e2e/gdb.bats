#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
# stlink gdb with the real gdb-multiarch: a session at source level, as people have
# it, and what ends one.
# sim: --fast --part F030F4
# timeout: 900

# shellcheck disable=SC2154 # set by bats

load common

setup() {
	cd "$BATS_TEST_TMPDIR" || return
	ip link set lo up
}

teardown() {
	local pid
	for pid in $(jobs -p); do
		kill -9 "$pid" 2>/dev/null || true
	done
	wait
}

# serve [OPTION...]: a server at a port of its own, in $port, $server
serve() {
	local i
	stlink gdb --port 0 "$@" 2>server.log &
	server=$!
	for ((i = 0; i < 200; i++)); do
		port=$(sed -n 's/.*extended-remote :\([0-9]*\)".*/\1/p' server.log)
		[ -z "$port" ] || return 0
		sleep 0.1
	done
	cat server.log >&2
	return 1
}

# ends STATUS: the server ends with that
ends() {
	status=0
	wait "$server" || status=$?
	output=$(cat server.log)
	status_is "$1"
}

# debug FILE COMMAND...: gdb with the file and these commands, connected
debug() {
	local file=$1 command args=()
	shift
	for command in "set pagination off" "set confirm off" \
		"set remotetimeout 30" "target extended-remote ${target:-:$port}" "$@"; do
		args+=(-ex "$command")
	done
	run timeout 200 gdb-multiarch -q -nx -batch "${args[@]}" \
		"$firmware/$file.elf" </dev/null
	# for who reads what went wrong
	printf '%s\n' "$output" | sed 's/^/gdb: /'
}

# in_order TEXT...: all of them in the output of the last "run", in this order
in_order() {
	local rest=$output text
	for text in "$@"; do
		[[ $rest == *"$text"* ]] || {
			echo "no '$text' (any more) in:" >&2
			echo "$output" >&2
			return 1
		}
		rest=${rest#*"$text"}
	done
}

@test "a session at source level: load, break, step, finish, variables" {
	serve --once
	debug demo "load" "compare-sections" "break main" "continue" "backtrace" \
		"next" "step" "print status.version" "set var status.boots = 77" \
		"print status.boots" "tbreak systick" "continue" "backtrace" \
		"finish" "info registers msp psp primask control xpsr" \
		"print/x *(unsigned short *)0x08000000" "detach"
	status_is 0
	in_order "Loading section .text" "matched." "Breakpoint 1, main ()" \
		"#0  main ()" "= 77" "systick ()" "signal handler called" \
		"main ()" "msp" "control" "= 0x1000"
	[[ $output != *MIS-MATCHED* ]]
	ends 0
	output_has "verified"
	output_has "gdb has detached"
	runs 0 1
	# the second load finds all of it there
	serve --once
	sim 0 counters reset
	debug demo "load" "detach"
	ends 0
	output_has "0 of 13 pages erased, 0 bytes programmed"
	[ "$(counter 0 page_erases)" = 0 ]
	runs 0 1
}

@test "four breakpoints in flash, the fifth is an error; watchpoints" {
	serve --once
	debug demo "hbreak *0x08000100" "hbreak *0x08000200" "hbreak *0x08000300" \
		"hbreak *0x08000400" "hbreak *0x08000500" "continue" \
		"delete" "watch status.ticks" "continue" "continue" "delete" \
		"rwatch status.ticks" "continue" "delete" \
		"watch status.table_sum" "awatch status.boots" \
		"watch status.version" "continue"
	in_order "Could not insert hardware breakpoints" \
		"Hardware watchpoint" "Old value" "New value" "Old value" \
		"New value" "Hardware read watchpoint" "Value = "
	output_has "status.ticks"
	[[ $output == *"Could not insert hardware"*"Could not insert hardware"* ]]
	ends 0
	output_has "the chip has 4 for flash, and all are in use"
	output_has "of the chip's 2 comparators"
	# gdb is gone without a word: nothing stops the core
	runs 0 1
}

@test "code in SRAM: a breakpoint there, and what was there is back" {
	# nop; nop; nop; b to the second nop
	printf '\xc0\x46\xc0\x46\xc0\x46\xfc\xe7' >code
	serve --once
	debug demo "monitor reset halt" "maintenance flush register-cache" \
		"restore code binary 0x20000800" "set \$pc = 0x20000800" \
		"break *0x20000804" "continue" "x/4xh 0x20000800" "stepi" \
		"print \$pc" "continue" "delete" "detach"
	in_order "Breakpoint 1, 0x20000804" "0x46c0" "0x46c0" "0xe7fc" \
		"0x20000806" "Breakpoint 1, 0x20000804"
	ends 0
	[ "$(memory 0 0x20000800 8 | xxd -p)" = c046c046c046fce7 ]
	stlink reset
	runs 0 1
}

@test "Ctrl-C, monitor commands, reset; others may look meanwhile" {
	serve --once
	sed "s/PORT/$port/" <<-'EOT' >session
		set pagination off
		set confirm off
		set remotetimeout 30
		target extended-remote :PORT
		monitor help
		monitor info
		shell (sleep 4; kill -INT $(pgrep -x gdb-multiarch)) &
		continue
		print $_siginfo
		monitor nonsense
		monitor reset halt
		maintenance flush register-cache
		print (long)$pc == ((long *)0x08000000)[1] - 1
		shell stlink status; stlink halt; echo halt said $?
		detach
	EOT
	# -batch would end at the first error
	run timeout 200 gdb-multiarch -q -nx -iex "set debuginfod enabled off" \
		"$firmware/demo.elf" <session
	in_order "monitor reset [halt|run]" "flash 16 KiB" \
		"Program received signal SIGINT" "no such command: 'nonsense'" \
		"reset, halted at 0x" "= 1" "halted" "halt said 3"
	output_has "in use by stlink"
	ends 0
	runs 0 1
}

@test "firmware that is reset, that faults, that locks up" {
	stlink -q program "$firmware/fault-iwdg.bin"
	serve --once
	debug fault-iwdg "hbreak main" "continue" "continue"
	in_order "Breakpoint 1" "the chip was reset: independent watchdog" \
		"Breakpoint 1"
	ends 0
	stlink -q program "$firmware/fault-nowhere.bin"
	serve --once
	debug fault-nowhere "run" "backtrace" "detach"
	in_order "HardFault: the instruction at 0x" "SIGSEGV" "stuck ()" \
		"signal handler called" "go_wrong"
	ends 0
	# a blank one, or the rest of another image would go on working
	new_board 0
	head -c 1024 "$firmware/demo.bin" >cut.bin
	stlink -q program cut.bin
	serve --once
	debug demo "monitor catch-faults off" "run" "continue" "detach"
	output_has "the core is locked up"
	ends 0
}

@test "gdb killed, server killed: the target runs, the probe is free" {
	stlink -q program "$firmware/demo.bin"
	serve
	debug demo "break main" "shell kill -9 \$PPID"
	for ((i = 0; i < 100; i++)); do
		! grep -q "without a word" server.log || break
		sleep 0.1
	done
	runs 0 1
	stlink info
	timeout 60 gdb-multiarch -q -nx -batch -ex "target remote :$port" \
		-ex "break *0x08000100" -ex "shell kill -9 $server" \
		-ex "shell sleep 1" "$firmware/demo.elf" </dev/null || true
	wait "$server" || true
	runs 0 1
	stlink reset
	runs 0 1
}

@test "--pipe; a second client is refused; a kill; a target that goes away" {
	stlink -q program "$firmware/demo.bin"
	target="| stlink gdb --pipe"
	debug demo "info registers pc" "print/x *(int *)0x60000000" \
		"tbreak main" "run" "kill"
	target=
	in_order "pc " "Temporary breakpoint 1, main" "[Inferior 1"
	runs 0 1
	serve
	debug demo "shell timeout 60 gdb-multiarch -q -nx -batch -ex 'target remote :$port' 2>&1" \
		"tbreak main" "run" "detach"
	in_order "one at a time" "Temporary breakpoint 1"
	# the third has nothing to debug any more
	debug demo "shell (sleep 3; simctl 0 power off) >/dev/null &" "continue"
	in_order "the target doesn't answer any more" "SIGKILL"
	sim 0 power on
	debug demo "tbreak main" "run" "detach"
	output_has "Temporary breakpoint 1"
	kill "$server"
	ends 0
	runs 0 1
	# the port of another server is told
	serve
	run stlink gdb --port "$port"
	status_is 10
	output_has "--port"
	sim 0 unplug
	status=0
	timeout 60 gdb-multiarch -q -nx -batch -ex "target remote :$port" \
		</dev/null || true
	ends 2
	sim 0 replug
	udevadm settle
}
