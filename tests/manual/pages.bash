# SPDX-License-Identifier: GPL-2.0-only
# The form of all manual pages; stlink-autoprogram.conf(5) against the program.

conf_page() { unescape <"$root/tools/man/stlink-autoprogram.conf.5"; }

# Width of the source is a matter of taste; mandoc doesn't find pages of this tree.
form() {
	local page bad=0
	for page in "$root"/tools/man/*.[1-9]; do
		LC_ALL=C.UTF-8 MANROFFSEQ='' MANWIDTH=80 man --warnings -E UTF-8 -l \
			-Tutf8 -Z "$page" 2>&1 >/dev/null | sed "s,^,${page##*/}: ,"
		mandoc -T lint -W style "$page" |
			grep -vE 'input text line longer|referenced manual not found'
	done >"$tmp/out"
	[ ! -s "$tmp/out" ] || { cat "$tmp/out"; bad=1; }
	return $bad
}

# A .TP for each key, alone or with others, behind it the words it takes; and
# nothing else that looks like one.
keys() {
	local bad=0 key words word text
	fact key | cut -d ' ' -f 1 >"$tmp/want"
	conf_page | awk '/^\.S[HS]/ { on = /^\.SS/ && !/Sections/ } on' | terms |
		sed 's/ =.*//' | tr -d , | tr ' ' '\n' >"$tmp/have"
	same 'key without a .TP in tools/man/stlink-autoprogram.conf.5' \
		'in tools/man/stlink-autoprogram.conf.5, but the program has no such key' ||
		bad=1
	while read -r key words; do
		text=$(conf_page | awk -v key="$key" '
			/^\.(TP|S[HS])/ { on = 0 }
			tp { t = $0; sub(/ = .*/, "", t); sub(/" = .*/, "", t)
				gsub(/[",]/, " ", t)
				n = split(t, w, / +/)
				for (i = 2; i <= n; i++) if (w[i] == key) on = 1 }
			{ tp = /^\.TP/ } on')
		for word in $words; do
			grep -qwF -- "$word" <<<"$text" ||
				{ echo "$key takes '$word': not in its entry in tools/man/stlink-autoprogram.conf.5"
				bad=1; }
		done
	done < <(fact key)
	return $bad
}

# What a command after a board finds in its environment.
hook_environment() {
	sed -nE 's/.*export\("(STLINK_[A-Z0-9_]+)".*/\1/p' "$top/tools/auto/hook.c" \
		>"$tmp/want"
	conf_page | grep -oE 'STLINK_[A-Z0-9_]+' >"$tmp/have"
	same 'tools/auto/hook.c sets it; not in tools/man/stlink-autoprogram.conf.5' \
		'in tools/man/stlink-autoprogram.conf.5; tools/auto/hook.c sets no such variable'
}

# The example of the page, with its files here instead of all over the system.
conf_example() {
	local dir=$tmp/conf name
	mkdir -p "$dir"
	conf_page | section EXAMPLE | grep -v '^\.' |
		sed "s, = /.*/, = $dir/," >"$dir/autoprogram.conf"
	grep -q '^image' "$dir/autoprogram.conf" ||
		{ echo 'no example in tools/man/stlink-autoprogram.conf.5'; return 1; }
	for name in $(sed -n 's/^image = //p' "$dir/autoprogram.conf"); do
		case $name in
		*.elf)	cp "$built/fixture/dense.elf" "$name" ;;
		*.hex)	cp "$built/fixture/dense.hex" "$name" ;;
		*)	cp "$built/fixture/dense.bin" "$name" ;;
		esac
	done
	sed -n 's/^serial-file = //p' "$dir/autoprogram.conf" | while read -r name; do
		echo 1 >"$name"
	done
	"$stlink" watch --check --config "$dir/autoprogram.conf" >"$tmp/out" 2>&1 &&
		return
	cat "$tmp/out"
	return 1
}
