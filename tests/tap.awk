# SPDX-License-Identifier: GPL-2.0-only
# Counts the results in TAP on standard input; prints "passed failed skipped" and
# below it what failed, with what the program said about it. A missing or wrong
# plan, no test at all, and nothing but skipped ones (a machine without what they
# need), count as one failure each. Several programs may follow each other, each
# with its plan.
#
# NESTED=1: kselftest's form, in which each program's own TAP stands behind "# "
# and a line of the runner sums it up. The program's cases count, its line only
# where it tells more than they do: none was seen, or it failed by itself.

function fail(what) { failed++; list = list what "\n" }

# Comments of one test: the first few say where it failed, the last ones why.
function remember(comment) { said[++comments] = comment }
function tell(	i) {
	for (i = 1; i <= comments; i++) {
		if (i == 4 && comments > 15) {
			list = list "    ...\n"
			i = comments - 11
		}
		list = list "    " said[i] "\n"
	}
	comments = 0
}

# Counts one line "[not ]ok ..." that stands after PREFIX.
function result(line) {
	telling = line ~ /^not ok/ && line !~ /# *TODO/
	if (telling) {
		fail(line)
		bad = 1
	} else if (toupper(line) ~ /# *SKIP/) {
		skipped++
	} else {
		passed++
	}
}

function plan_of(line) {
	sub(/^[^.]*\.\./, "", line)
	return line + 0
}

function check_plan(where) {
	if (planned < 0)
		fail("no plan" where)
	else if (planned != seen)
		fail("plan of " planned " tests, but " seen " ran" where)
	planned = -1
	seen = 0
}

BEGIN { planned = outer_planned = -1; seen = outer = 0 }

{ sub(/\r$/, "") }

# In kselftest's form what a case says stands before its result, else behind it.
NESTED && /^# # / { remember(substr($0, 3)); next }
NESTED && /^# 1\.\.[0-9]+/ { planned = plan_of($0); next }
NESTED && /^# (not )?ok [0-9]+/ {
	seen++
	result(substr($0, 3))
	if (telling)
		tell()
	comments = 0
	next
}
!NESTED && /^#/ { if (telling) remember($0); next }
!NESTED { tell(); telling = 0 }

NESTED && /^1\.\.[0-9]+/ { outer_planned = plan_of($0); next }
NESTED && /^(not )?ok [0-9]+/ {
	outer++
	if (!seen && planned <= 0) {
		result($0)
		if (telling)
			tell()
	} else {
		# A crash or a time-out ends a program amid its cases.
		if (planned >= 0 && planned != seen) {
			check_plan(": " $0)
			tell()
		} else if (/^not ok/ && !bad)
			fail($0)
	}
	planned = -1
	seen = bad = comments = 0
	next
}

# A new plan ends the program before, unless that announces its own at the end.
!NESTED && /^1\.\.[0-9]+/ {
	if (planned >= 0)
		check_plan("")
	planned = plan_of($0)
	if (seen)
		check_plan("")
	plans++
	next
}
!NESTED && /^(not )?ok( |$)/ { seen++; result($0); next }
/^Bail out!/ { fail($0) }

END {
	if (!NESTED)
		tell()
	if (NESTED) {
		if (outer_planned < 0)
			fail("no plan")
		else if (outer_planned != outer)
			fail("plan of " outer_planned " programs, but " \
				outer " ended")
	} else if (planned >= 0 || seen) {
		check_plan("")
	}
	if (!NESTED && !plans && !failed)
		fail("no plan")
	if (passed + failed + skipped == 0)
		fail("no test ran")
	else if (passed + failed == 0)
		fail("every test was skipped")
	printf "%d %d %d\n%s", passed, failed, skipped, list
}
