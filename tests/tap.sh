# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# For programs whose tests are commands: one line of TAP for each.
number=0 bad=0

# test_that NAME COMMAND...: passes where the command succeeds. Then only lines
# that it begins with "note: " are shown.
test_that() {
	local name=$1 test_output
	shift
	number=$((number + 1))
	if test_output=$("$@" 2>&1); then
		echo "ok $number $name"
		sed -n 's/^note: /# /p' <<<"$test_output"
	else
		bad=1
		echo "not ok $number $name"
		sed 's/^/# /' <<<"$test_output"
	fi
}

# The plan, and the status that goes with the results.
end_tests() {
	echo "1..$number"
	exit $bad
}
