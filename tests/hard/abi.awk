# SPDX-License-Identifier: GPL-2.0-only
# Makes abi_table.c of what linux/stlink.h says: every ioctl, every member of
# every structure, every errno, every constant. Tests that go through them cover
# what is added to the header without being told.

# A structure that never says "in" or "out" only tells.
function is_out(name) {
	if (name == "size" || name == "flags")
		return "false"
	return !directions || name in out ? "true" : "false"
}

function emit_struct(	i) {
	printf "static const struct abi_field %s_fields[] = {\n", type
	for (i = 0; i < num; i++)
		printf "\tFIELD(%s, %s, %s),\n", type, field[i], is_out(field[i])
	printf "};\nstatic const struct abi_struct %s = STRUCT(%s);\n", type, type
	num_structs++
}

# Comes before its structure
/^ \* (struct|enum) stlink_[a-z_]+ - / { delete out; directions = 0 }
/^ \* @[a-z0-9_]+: / {
	name = substr($2, 2, length($2) - 2)
	if ($3 == "out:")
		out[name]
}
/^ \*.* (in|out): / { directions = 1 }

/^struct stlink_[a-z_]+ \{/ { type = $2; num = 0 }
/^\t__/ { name = $2; sub(/[;[].*/, "", name); field[num++] = name }
/^};/ && type { emit_struct(); type = "" }

# The table of errnos, between two rules
/^ \* =+  =+$/ { rules++ }
rules == 1 && /^ \* E[A-Z0-9]+ / { errnos[num_errnos++] = $2 }

/^\tSTLINK_[A-Z0-9_]+ = / { values[num_values++] = $1 }
/^#define STLINK_[A-Z0-9_]+[\t ]/ && !/_IO\(/ { values[num_values++] = $2 }

/^\/\*\* STLINK_IOC_[A-Z]+ - (struct|no) / {
	argument[$2] = $4 == "struct" ? $5 : ""
}
/^#define STLINK_IOC_[A-Z]+\t+_IO\(/ { ioctls[num_ioctls++] = $2 }

END {
	print "const struct abi_ioctl abi_ioctls[] = {"
	for (i = 0; i < num_ioctls; i++) {
		name = argument[ioctls[i]]
		ops = name
		ops = sub(/_xfer$/, "_op", ops) ? "&" ops : "NULL"
		printf "\t{ \"%s\", %s, %s, %s },\n", ioctls[i], ioctls[i],
			name ? "&" name : "NULL", ops
	}
	print "\t{ NULL, 0, NULL, NULL }\n};"
	print "const struct abi_value abi_errnos[] = {"
	for (i = 0; i < num_errnos; i++)
		printf "\t{ \"%s\", %s },\n", errnos[i], errnos[i]
	print "\t{ NULL, 0 }\n};\nconst struct abi_value abi_values[] = {"
	for (i = 0; i < num_values; i++)
		printf "\t{ \"%s\", %s },\n", values[i], values[i]
	print "\t{ NULL, 0 }\n};"
	print "const unsigned int abi_num_ioctls = " num_ioctls ";"
	print "const unsigned int abi_num_values = " num_values ";"
	# what there was when this was written; never less
	if (num_ioctls < 14 || num_errnos < 20 || num_structs < 16 ||
	    num_values < 60) {
		print "the header isn't understood any more" >"/dev/stderr"
		exit 1
	}
}

BEGIN {
	print "/* Made from linux/stlink.h by abi.awk */"
	print "#include <errno.h>\n#include <stddef.h>\n"
	print "#include <linux/stlink.h>\n\n#include \"abi.h\"\n"
	print "#define FIELD(s, f, out) \\"
	print "\t{ #f, offsetof(struct s, f), sizeof(((struct s *)0)->f), out }"
	print "#define STRUCT(s) { #s, sizeof(struct s), s##_fields, \\"
	print "\tsizeof(s##_fields) / sizeof(s##_fields[0]) }\n"
}
