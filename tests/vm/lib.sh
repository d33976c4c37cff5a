# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# What the scripts of this directory share: places, messages, kernels by name.

top=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd -P)
build=${STLINK_BUILD:-$top/build}
me=${0##*/}

say() { echo "$me: $*" >&2; }
die() { say "$*"; exit 125; }

# Unpacks packages $2... below directory $1. Downloaded to a place of its own,
# since others may want the same package at the same time; with apt's sandbox
# user off, which cannot write to a home directory.
unpack() {
	local into=$1 deb file
	shift
	mkdir -p "$build/kernels"
	deb=$(mktemp -d "$build/kernels/deb.XXXXXX") || die "cannot write"
	(cd "$deb" && apt-get -qq -o APT::Sandbox::User="$(id -un)" \
		download "$@") || { rm -rf "$deb"; die "cannot download $*"; }
	for file in "$deb"/*.deb; do
		dpkg -x "$file" "$into" || die "cannot unpack $file"
	done
	rm -rf "$deb"
}

# Newest kernel release that apt offers for a name like 6.1, 6.1-rt or 6.1-arm64.
newest_release() {
	local version=${1%%-*} flavour pattern
	case $1 in
	*-rt)		flavour=rt-amd64 ;;
	*-arm64)	flavour=arm64 ;;
	*)		flavour=amd64 ;;
	esac
	# 6.1.0-56-amd64 (Debian's own) or 6.12.117+deb12-amd64 (later ones).
	pattern="^linux-image-(${version//./\\.}\.[0-9]+([-+][a-z0-9]+)?-$flavour)\$"
	apt-cache search --names-only "$pattern" | awk '{ print $1 }' |
		sed -nE "s/$pattern/\\1/p" | sort -V | tail -n 1
}

# Runs the rest of the line while no other script holds lock $1.
locked() {
	local lock=$build/lock/$1
	shift
	mkdir -p "$build/lock"
	(
		flock 9
		"$@" 9>&-
	) 9>"$lock"
}
