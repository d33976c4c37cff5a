# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# What the hard tests share, beside what they have from the end-to-end tests.
# shellcheck source=tests/e2e/common.bash
. "$BATS_TEST_DIRNAME/../e2e/common.bash"
# shellcheck disable=SC2034
hard=$top/build/hard

# amount SHORT FULL: how much of it this run does
amount() {
	[ "$STLINK_AMOUNT" = full ] && echo "$2" || echo "$1"
}
