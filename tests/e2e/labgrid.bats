#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
# labgrid with the example's resources and driver: a board of this machine, one
# of another host by ssh, and one that is a place: labgrid's own coordinator,
# exporter and client, with a router of ours between them. The other host is this
# machine with a name and mounts of its own.
# sim: --part F030F4 --fast
# sim: --part F030F4 --fast
# full-only
# timeout: 2400

# shellcheck disable=SC2154,SC2164 # set by bats; it stops where cd fails

load common

example=$top/tools/examples/labgrid

setup_file() {
	export PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1 PYTHONWARNINGS=ignore
	export LG_HOST=exporter LG_USERNAME=somebody
	ip link set lo up
	echo "127.0.0.2 exporter" >>/etc/hosts
	install -m 755 "$top/build/tools/stlink" /usr/bin/stlink
	other_host 3>&-
}

# It has a member of plugdev, lab, and this machine's root may log in as that. The
# client's files are not there.
other_host() {
	local keys=/run/labgrid group
	unshare --mount --uts sleep infinity &
	export there=$!
	sleep 1
	mount -t tmpfs -o mode=700 tmpfs /root
	mkdir -p /root/.ssh $keys/home/.ssh
	group=$(getent group plugdev | cut -d: -f 3)
	echo "lab:x:4711:$group::$keys/home:/bin/bash" >>/etc/passwd
	ssh-keygen -q -t ed25519 -N '' -f /root/.ssh/id_ed25519
	cp /root/.ssh/id_ed25519.pub $keys/home/.ssh/authorized_keys
	chown -R 4711 $keys/home
	dropbearkey -t ed25519 -f $keys/host | sed -n 's/^ssh-/exporter &/p' \
		>/root/.ssh/known_hosts
	printf '%s\n' "Host exporter" "User lab" >/root/.ssh/config
	there hostname exporter
	there mount -t tmpfs tmpfs "$BATS_RUN_TMPDIR"
	there dropbear -E -R -s -p 127.0.0.2:22 -r $keys/host -P $keys/pid \
		2>$keys/log
}

# there COMMAND...: on the other host, as root
there() {
	nsenter --target "$there" --mount --uts "$@"
}

teardown_file() {
	kill "$(cat /run/labgrid/pid)" "$there"
	umount /root
	sed -i '/^lab:/d' /etc/passwd
	sed -i '/ exporter$/d' /etc/hosts
	rm -rf /run/labgrid /usr/bin/stlink
}

setup() {
	cd "$BATS_TEST_TMPDIR"
	new_board 0
	new_board 1
	LG_SERIAL=$(sim_value serial 0 state)
	LG_FIRMWARE=$BATS_TEST_TMPDIR/demo.bin
	export LG_SERIAL LG_FIRMWARE
	cp "$firmware/demo.bin" "$firmware/demo2.bin" .
}

teardown() {
	local left
	left=$(jobs -p)
	# shellcheck disable=SC2086 # a list of them
	[ -z "$left" ] || kill $left || true
	wait
	sim 0 power on
	sim 0 replug || true
}

# driver ENVIRONMENT EXPRESSION...: labgrid's driver is "stlink" in these. One that
# fails doesn't keep the others from being tried.
driver() {
	python3 - "$@" <<-'END'
		import os, sys, traceback
		from labgrid import Environment
		target = Environment(sys.argv[1]).get_target()
		stlink = target.get_driver('BootstrapProtocol')
		bad = False
		for expression in sys.argv[2:]:
		    try:
		        print(eval(expression))
		    except Exception:
		        traceback.print_exc()
		        bad = True
		sys.exit(bad)
	END
}

# environment NAME RESOURCE [KEY VALUE]...: as the example has it, but for the probe
environment() {
	local file=$1
	{
		printf '%s\n' targets: "  main:" "    resources:" "      $2:"
		shift 2
		printf "        %s: '%s'\n" "$@"
		printf '%s\n' "    drivers:" "      StlinkDriver: {}"
		printf '%s\n' imports: "  - $example/stlink_labgrid.py"
	} >"$file"
}

# untouched N: board N is as blank as it was
untouched() {
	[ "$(memory "$1" 0x08000000 16384 | tr -d '\377' | wc -c)" = 0 ]
}

# nothing_left_there: no image that was sent is on the other host any more
nothing_left_there() {
	[ -z "$(there find /tmp -maxdepth 1 -name 'tmp.*')" ]
}

@test "pytest: the example programs a board and tests it" {
	run pytest-3 -p no:cacheprovider --lg-env "$example/local.yaml" \
		"$example/test_board.py"
	status_is 0
	output_has "3 passed"
	stlink -s "$LG_SERIAL" verify demo.bin
	runs 0 1
	untouched 1
}

@test "Python: load, verify, info, diagnose, backup, reset" {
	run driver "$example/local.yaml" 'stlink.load("demo2.bin")["ok"]' \
		'stlink.verify("demo2.bin")["ok"]' 'stlink.info()["core"]' \
		'stlink.diagnose()' 'stlink.backup("board.hex")' \
		'os.system("simctl 0 counters reset")' 'stlink.reset()'
	status_is 0
	[ "$(counter 0 system_resets)" -gt 0 ]
	runs 0 2
	stlink -s "$LG_SERIAL" verify demo2.bin
	runs 0 2
	untouched 1
	new_board 0
	stlink -s "$LG_SERIAL" restore board.hex
	runs 0 2
	[ "$(ls)" = "$(printf '%s\n' board.hex demo.bin demo2.bin)" ]
}

@test "a probe by its serial number, USB path, node and udev's properties" {
	node=$(device 0)
	usb=$(basename "$(readlink -f "/sys/class/stlink/${node##*/}/device/..")")
	for probe in "StlinkProbe serial $LG_SERIAL" "StlinkProbe usb_path $usb" \
		"StlinkProbe device $node"; do
		# shellcheck disable=SC2086 # words
		environment env.yaml $probe
		new_board 0
		driver env.yaml 'stlink.load("demo.bin")'
		flash_is 0 demo.bin
	done
	environment env.yaml USBStlinkProbe match "@sys_name"
	sed -i "s/match: .*/match: {'@sys_name': '$usb'}/" env.yaml
	driver env.yaml 'stlink.load("demo2.bin")'
	runs 0 2
	untouched 1
	# what the driver can be told
	sed -i 's/StlinkDriver: .*/StlinkDriver: {address: 0x08003000, options: ["--mode", "under-reset"]}/' \
		env.yaml
	head -c 64 demo.bin >part.bin
	driver env.yaml 'stlink.load("part.bin")'
	memory 0 0x08003000 64 | cmp - part.bin
	untouched 1
	# which of the two?
	environment env.yaml StlinkProbe device ""
	run driver env.yaml 'stlink.load("demo.bin")'
	[ "$status" != 0 ]
	output_has "2 probes match"
}

@test "what stlink says comes out as exception, and nothing is programmed" {
	stlink -s "$LG_SERIAL" program demo.bin
	head -c 20000 /dev/zero >large.bin
	run driver "$example/local.yaml" 'stlink.load("large.bin")' \
		'stlink.load("gone.bin")' 'stlink.verify("demo2.bin")'
	status_is 1
	output_has "StlinkError: stlink: image has data at 0x08000000"
	output_has "[exit status 11]"
	output_has "StlinkError: stlink: $PWD/gone.bin: No such file"
	output_has "[exit status 10]"
	output_has "[exit status 9]"
	stlink -s "$LG_SERIAL" verify demo.bin
	runs 0 1
	sim 0 power off
	run driver "$example/local.yaml" 'stlink.load()' 'stlink.verify()' \
		'stlink.reset()' 'stlink.info()' 'stlink.backup("b.hex")'
	status_is 1
	echo "$output"
	[ "$(grep -c '^stlink_labgrid.StlinkError: stlink: ' <<<"$output")" = 5 ]
	[ "$(grep -c '\[exit status 5\]$' <<<"$output")" = 5 ]
	[ ! -e b.hex ]
	run driver "$example/local.yaml" 'stlink.diagnose()'
	status_is 0
	output_has "'severity': 'cause'"
	output_has supply
	untouched 1
}

@test "no probe, no program: said, and no other board is taken" {
	environment env.yaml StlinkProbe serial 123456
	run driver env.yaml 'stlink.load("demo.bin")'
	[ "$status" != 0 ]
	output_has "no probe with serial 123456"
	output_has "[exit status 2]"
	LG_SERIAL=123456 run driver "$example/local.yaml" 'stlink.load()'
	[ "$status" != 0 ]
	output_has "Not all resources are available"
	environment env.yaml StlinkProbe serial "$LG_SERIAL"
	printf '%s\n' tools: "  stlink: /nowhere/stlink" >>env.yaml
	run driver env.yaml 'stlink.load("demo.bin")'
	[ "$status" != 0 ]
	output_has "can't run /nowhere/stlink: No such file or directory"
	untouched 0
	# pulled out after labgrid found it, and plugged in again
	run driver "$example/local.yaml" \
		'os.system("simctl 0 unplug; udevadm settle; sleep 2")' \
		'stlink.load()'
	[ "$status" != 0 ]
	output_has "the probe is not plugged in"
	sim 0 replug
	driver "$example/local.yaml" 'stlink.load()'
	flash_is 0 demo.bin
	untouched 1
}

@test "a board of another host, by ssh: file sent, programmed, read back" {
	cp demo2.bin "with blank & \$x.bin"
	head -c 20000 /dev/zero >large.bin
	run driver "$example/ssh.yaml" 'stlink.load()["ok"]' \
		'stlink.backup("board.hex")' \
		"stlink.load('with blank & \$x.bin')['ok']" 'stlink.reset()' \
		'stlink.info()["probe"]' 'stlink.load("large.bin")' \
		'stlink.load("gone.bin")'
	status_is 1
	output_has "$LG_SERIAL"
	[ "$(grep -c Traceback <<<"$output")" = 2 ]
	output_has "[exit status 11]"
	output_has "No such file or directory: 'gone.bin'"
	runs 0 2
	nothing_left_there
	new_board 0
	stlink -s "$LG_SERIAL" restore board.hex
	runs 0 1
	LG_SERIAL=123456 run driver "$example/ssh.yaml" 'stlink.load()'
	[ "$status" != 0 ]
	output_has "no probe with serial 123456"
	LG_HOST=localhost run driver "$example/ssh.yaml" 'stlink.load()'
	[ "$status" != 0 ]
	output_has "failed to connect to localhost"
	nothing_left_there
	runs 0 1
	untouched 1
}

# client ARGUMENT...: labgrid's, from the place of the example
client() {
	python3 -m labgrid.remote.client "$@"
}

# until_says FILE TEXT: of a program that runs beside
until_says() {
	local i
	for ((i = 0; i < 600; i++)); do
		! grep -q -e "$2" "$1" || return 0
		sleep 0.1
	done
	tail "$1" >&2
	return 1
}

# seen_again: the exporter has its probe, which was gone meanwhile
seen_again() {
	local i
	for ((i = 0; i < 300; i++)); do
		! grep "'avail'" exporter.log | tail -n 1 |
			grep -q "'avail': True" || return 0
		sleep 0.1
	done
	tail exporter.log >&2
	return 1
}

# The exporter runs on the other host, as lab, the rest here.
start_labgrid() {
	"$BATS_TEST_DIRNAME/wamp-router.py" 20408 >router.log 2>&1 3>&- &
	until_says router.log listening
	python3 -m labgrid.remote.coordinator >coordinator.log 2>&1 3>&- &
	until_says coordinator.log ready
	there setpriv --reuid 4711 --regid plugdev --clear-groups \
		env HOME=/run/labgrid/home python3 \
		"$example/stlink_exporter.py" "$example/exporter.yaml" \
		>exporter.log 2>&1 3>&- &
	until_says exporter.log "'avail': True"
	client -p board create
	client -p board add-match '*/board/NetworkStlinkProbe'
}

@test "a place: coordinator, exporter, client, the probe gone and back" {
	start_labgrid
	run client -v resources
	status_is 0
	output_has "exporter/board/NetworkStlinkProbe"
	output_has "'serial': '$LG_SERIAL'"
	# nobody has acquired it
	run client -c "$example/place.yaml" bootstrap demo.bin
	[ "$status" != 0 ]
	output_has "not acquired"
	untouched 0
	client -p board acquire
	client -c "$example/place.yaml" bootstrap demo.bin
	flash_is 0 demo.bin
	runs 0 1
	# too large: what stlink said, from over there
	head -c 20000 /dev/zero >large.bin
	run client -c "$example/place.yaml" bootstrap large.bin
	[ "$status" != 0 ]
	output_has "[exit status 11]"
	runs 0 1
	run pytest-3 -p no:cacheprovider --lg-env "$example/place.yaml" \
		"$example/test_board.py"
	status_is 0
	output_has "3 passed"
	# gone while labgrid has it: the other board is not taken for it
	run driver "$example/place.yaml" \
		'os.system("simctl 0 unplug; sleep 4")' \
		'stlink.probe.poll()' 'stlink.load("demo2.bin")'
	[ "$status" != 0 ]
	output_has "the probe of exporter is not plugged in"
	run client -c "$example/place.yaml" bootstrap demo2.bin
	[ "$status" != 0 ]
	output_has "Not all resources are available"
	sim 0 replug
	seen_again
	client -c "$example/place.yaml" bootstrap demo2.bin
	runs 0 2
	client -p board release
	untouched 1
}
