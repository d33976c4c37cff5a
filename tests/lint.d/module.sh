# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# Checks of the driver as the kernel's own tools make them. For tests/lint, which
# is at the top of the tree.

# A copy of the driver in $build/modules/$1, to be built there.
fresh_copy() {
	rm -rf "${build:?}/modules/$1"
	mkdir -p "$build/modules/$1"
	cp -rp Kbuild driver uapi "$build/modules/$1/"
}

# $1 log, then what to make: fails for errors and warnings, and shows these.
make_quietly() {
	local log=$build/logs/$1
	shift
	if ! make CONFIG_DEBUG_INFO_BTF_MODULES= "$@" >"$log" 2>&1 ||
		grep -qE '(warning|error):' "$log"; then
		grep -E '(warning|error):' "$log" || cat "$log"
		return 1
	fi
}

# Byte order is checked unless one says no. $1 kernel.
sparse_finds_nothing() {
	local kdir
	kdir=$(tests/vm/kernel headers "$1") || return 1
	fresh_copy "sparse-$1"
	make_quietly "sparse-$1.log" -C "$kdir" M="$build/modules/sparse-$1" \
		C=2 CF=-Wsparse-error modules &&
		grep -q '^  CHECK .*/main\.c$' "$build/logs/sparse-$1.log"
}

# What CONFIG_USB_STLINK=y would compile: without MODULE other macros are in use.
# Only a whole kernel could link it.
no_warning_built_in() {
	local kdir objects
	kdir=$(tests/vm/kernel headers 6.1) || return 1
	fresh_copy built-in
	objects=(driver/*.c)
	make_quietly built-in.log -C "$kdir" M="$build/modules/built-in" \
		CONFIG_USB_STLINK=y W=1 KCFLAGS=-Wjump-misses-init \
		"${objects[@]/%.c/.o}" || return 1
	! grep -l -e '-DMODULE\>' "$build"/modules/built-in/driver/.*.o.cmd
}

# What the kernel's configuration makes of our file in a tree that has only this:
# as much as USB is, a module or built in, and nothing without it.
kconfig() (
	local conf tree=$PWD dir=$build/kconfig symbol usb got
	conf=$(tests/vm/kernel headers 6.1)/scripts/kconfig/conf || return 1
	symbol=$(sed -nE 's/^obj-\$\(CONFIG_(\w+)\) \+= stlink\.o/\1/p' \
		driver/Kbuild)
	mkdir -p "$dir"
	cd "$dir" || return 1
	for usb in y m n; do
		printf '%s\n' "config MODULES" "	def_bool y" "	modules" \
			"config USB" "	def_tristate $usb" \
			"source \"$tree/driver/Kconfig\"" >Kconfig
		"$conf" "--all$([ $usb = m ] && echo mod || echo yes)config" \
			Kconfig >log 2>&1 && ! grep -E 'warning|error' log ||
			{ cat log; return 1; }
		got=$(sed -nE "s/^CONFIG_$symbol=//p" .config)
		[ "${got:-n}" = $usb ] || {
			echo "CONFIG_USB=$usb, but CONFIG_$symbol=$got"
			return 1
		}
	done
)

# Leaves for the checks below where the module is.
no_warnings() { tests/vm/kernel warnings "$1" >"$build/logs/module-of-$1"; }
module_of() {
	cat "$build/logs/module-of-$1"
	[ -s "$build/logs/module-of-$1" ] || { echo "not built"; return 1; }
}

# A kernel stack is 16 KiB, of which those who call us have used some.
small_stack() {
	local ko arch=x86_64 prefix='' used scripts
	ko=$(module_of "$1") || { echo "$ko"; return 1; }
	scripts=$(tests/vm/kernel headers 6.1)/scripts || return 1
	case $1 in
	*-arm64) arch=arm64 prefix=aarch64-linux-gnu- ;;
	esac
	used=$("${prefix}objdump" -d "$ko" |
		perl "$scripts/checkstack.pl" $arch 0)
	grep -q stlink_ <<<"$used" || { echo "found no function"; return 1; }
	# "address name [module]:bytes", or "name:<tabs>bytes"
	awk '{ n = $NF; sub(/.*:/, "", n) } n + 0 > 512 { print; bad = 1 }
		END { exit bad }' <<<"$used"
}

module_info() {
	local ko id ids bad=0
	ko=$(module_of 6.1) || { echo "$ko"; return 1; }
	[ -n "$(modinfo -F description "$ko")" ] ||
		{ echo "no description"; bad=1; }
	[ "$(modinfo -F license "$ko")" = GPL ] || { echo "not GPL"; bad=1; }
	# udev loads it for all products that the driver has a name for.
	ids=$(sed -nE 's/^#define \w+_USB_PID_\w+\s+0x(\w{4})$/\1/p' \
		driver/protocol.h)
	[ -n "$ids" ] || { echo "found no product"; bad=1; }
	for id in $ids; do
		modinfo -F alias "$ko" | grep -qi "^usb:v0483p${id}d\*" ||
			{ echo "no alias for $id"; bad=1; }
	done
	return $bad
}
