# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash disable=SC2154 # set by who sources it: top, suite, later
# Small Debian systems to install packages in: made once by debootstrap from where
# this machine's apt has its packages, kept as archives below ~/.cache. Needs root.
# For files that have sourced ../vm/lib.sh.
cache=${XDG_CACHE_HOME:-$HOME/.cache}/stlink-deb

# inside FOLDER COMMAND...: runs it in that system, with processes of its own, of
# which none survives, and mounts that go with it.
inside() {
	local dir=$1
	shift
	unshare --mount --propagation private --pid --fork --kill-child \
		--mount-proc="$dir/proc" chroot "$dir" /usr/bin/env -i \
		PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LANG=C.UTF-8 INITRD=No \
		DEBIAN_FRONTEND=noninteractive DEB_BUILD_OPTIONS="$DEB_BUILD_OPTIONS" \
		"$@" </dev/null
}

# Debian's own archives that apt has here, "URI SUITE COMPONENT" a line.
archives() {
	apt-get indextargets 'Created-By: Packages' 'Origin: Debian' \
		--format "\$(REPO_URI) \$(RELEASE) \$(COMPONENT)" | sort -u |
		awk -v suite="$suite" '$2 ~ "^" suite "(-|$)"'
}

# Proxies and the like that apt has to know.
ways() { apt-config dump | grep -E '^Acquire::(http|https|Check-|Retries|Force)'; }

# As apt has it, for debootstrap.
set_proxy() {
	local proxy=
	eval "$(apt-config shell proxy Acquire::http::Proxy)"
	[ -z "$proxy" ] || export http_proxy=$proxy
}

# $1 folder: the smallest Debian there is, and the packages in its apt's cache that
# are wanted later.
make_base() {
	local dir=$1 mirror
	mirror=$(archives | awk -v suite="$suite" '$2 == suite { print $1; exit }')
	[ -n "$mirror" ] || die "apt here has no archive of $suite"
	set_proxy
	# it leaves /proc mounted there when it is stopped
	unshare --mount --propagation private debootstrap --variant=minbase \
		"$suite" "$dir" "$mirror" || return
	cp /etc/resolv.conf /etc/hosts "$dir/etc/"
	archives | sed 's/^/deb /' >"$dir/etc/apt/sources.list"
	ways >"$dir/etc/apt/apt.conf.d/90ways"
	# nobody needs these systems after a power failure
	echo force-unsafe-io >"$dir/etc/dpkg/dpkg.cfg.d/unsafe"
	inside "$dir" apt-get -q update &&
		inside "$dir" apt-get -q install -y --download-only \
			--no-install-recommends "${later[@]}" &&
		inside "$dir" sh -c 'cd /var/cache/apt/archives &&
			apt-get -q download stlink-gui'
}

# $1 folder: the same with what builds and judges packages.
make_builder() {
	local dir=$1
	tar -C "$dir" -xzf "$(archive base)" || return
	rm -f "$dir"/var/cache/apt/archives/*.deb
	mkdir -p "$dir/tmp/source/debian"
	cp "$top/debian/control" "$dir/tmp/source/debian/"
	inside "$dir" apt-get -q install -y --no-install-recommends lintian &&
		inside "$dir" apt-get -q build-dep -y --no-install-recommends \
			/tmp/source || return
	rm -rf "$dir/tmp/source" "$dir"/var/cache/apt/archives/*.deb
}

# By content of all that they come from.
archive() { echo "$cache/$key-$1.tar.gz"; }
set_key() {
	key=$({ cat "${BASH_SOURCE[0]}" "$top/debian/control"; archives; ways
		echo "$suite ${later[*]}"; } | sha256sum | cut -c 1-16)
}

# fresh KIND FOLDER: unpacks a system that nobody has used; base or builder.
fresh() {
	local file
	file=$(archive "$1")
	mkdir -p "$2"
	[ -e "$file" ] || (locked "deb-$1" make_archive "$1" "$file") || return
	tar -C "$2" -xzf "$file"
}
make_archive() {
	[ ! -e "$2" ] || return 0
	[ "$1" = base ] || [ -e "$(archive base)" ] ||
		(locked deb-base make_archive base "$(archive base)") || return
	mkdir -p "$cache"
	# those of other sources, kernels or packages, that nobody has made lately
	find "$cache" -name "*.tar.gz" -mtime +14 -delete
	local dir=$work/make-$1
	mkdir "$dir"
	"make_$1" "$dir" >"$logs/$1.log" 2>&1 || {
		tail -n 30 "$logs/$1.log"
		return 1
	}
	tar -C "$dir" -cf - . | gzip -1 >"$2.new" && mv "$2.new" "$2"
	rm -rf "$dir"
}
