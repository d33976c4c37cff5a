#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
# No call shows memory of the kernel, or what another program has read. The kernel
# fills with 5a, 6b or aa what nobody has written to.
# no-wait
# append: slub_debug=P page_poison=1 init_on_alloc=0 init_on_free=0
# timeout: 900
# full-timeout: 2400

# shellcheck disable=SC2154 # set by common.bash

load common

@test "nothing but what belongs to the call comes back" {
	grep -q 'slub_debug=P' /proc/cmdline
	"$hard/poison" "$(amount 100 5)" 2>&1 | sed 's/^/# /' >&3
	[ "${PIPESTATUS[0]}" = 0 ]
}
