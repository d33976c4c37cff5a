# SPDX-License-Identifier: GPL-2.0-only
# Reads records of /dev/kmsg, writes them the way dmesg does to the file LOG, and
# what the kernel itself complained about to standard output. Records that a
# program wrote have a facility other than 0 (the kernel forces that), so that
# neither a false alarm nor a hidden one can come from a program.

/^END$/ { complete = 1; next }
/^LOST$/ { print "part of the kernel log was lost"; next }
/^ / { next }			# fields of the record before

{
	head = substr($0, 1, index($0, ";") - 1)
	text = substr($0, index($0, ";") + 1)
	split(head, field, ",")
	printf "[%5d.%06d] %s\n", int(field[3] / 1000000), field[3] % 1000000, \
		text > LOG
	if (field[1] >= 8)
		next
	# The kernel has data races of its own; the titles of ours name us.
	if (text ~ /BUG: KCSAN: / && text !~ /\[stlink\]/)
		next
	if (text ~ /(^|[^A-Za-z])(WARNING|BUG|Oops|KASAN|KCSAN|KFENCE|UBSAN|ODEBUG):? / ||
	    text ~ /INFO: (task|trying to register|suspicious|rcu|possible|lockdep)/ ||
	    text ~ /possible (circular|recursive) locking|deadlock/ ||
	    text ~ /inconsistent lock state|[Ii]nvalid wait context/ ||
	    text ~ /suspicious RCU usage|detected stalls|self-detected stall/ ||
	    text ~ /soft lockup|hard LOCKUP|blocked for more than/ ||
	    text ~ /general protection fault|unable to handle|stack guard page/ ||
	    text ~ /refcount_t: |list_(add|del) corruption|bad unlock balance/ ||
	    text ~ /still held|held lock freed|lock held when returning/ ||
	    text ~ /does not have a release\(\) function|tried to add|tried to init/ ||
	    text ~ /cannot create duplicate filename|usercopy:|kernel BUG at/ ||
	    text ~ /scheduling while atomic|sleeping function called/)
		print text
}

END {
	if (!complete)
		print "the kernel log ends early"
}
