# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# What the scripts of this directory share: places, messages, kernels by name.

top=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd -P)
build=${STLINK_BUILD:-$top/build}
me=${0##*/}

say() { echo "$me: $*" >&2; }
die() { say "$*"; exit 125; }

# apt with its own sandbox user off: that user cannot write to a home directory.
apt_download() {
	local dir=$build/kernels/deb
	mkdir -p "$dir"
	(cd "$dir" && apt-get -qq -o APT::Sandbox::User="$(id -un)" \
		download "$@") || die "cannot download $*"
}

# Unpacks packages $2... below directory $1.
unpack() {
	local into=$1 package file
	shift
	for package; do
		apt_download "$package"
		for file in "$build/kernels/deb/${package}"_*.deb; do
			dpkg -x "$file" "$into" || die "cannot unpack $file"
			rm -f "$file"
		done
	done
}

# Newest kernel release that apt offers for a name like 6.1, 6.12 or 6.1-rt.
newest_release() {
	local version=${1%-rt} flavour=amd64 pattern
	[ "$1" = "$version" ] || flavour=rt-amd64
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
