// SPDX-License-Identifier: GPL-2.0-only
/*
 * The machine is suspended with a program in the middle of its work, as far as its
 * devices, and wakes up.
 */
#include <stdio.h>
#include <string.h>

#include "board.h"
#include "fault_things.h"

static int awake(void)
{
	struct stlink_info info;

	/* In this thread, one after the other, and at once back again */
	if (sysfs_write("/sys/power/pm_async", "0") ||
	    sysfs_write("/sys/power/pm_test", "devices") ||
	    sysfs_write("/sys/module/suspend/parameters/pm_test_delay", "0"))
		return bad("this kernel can't test it");
	if (board_fd >= 0 && board_info(board_fd, &info))
		board_close();
	return board_open() || board_attach(board_fd, STLINK_ATTACH_NORMAL) ||
	       board_core(board_fd, STLINK_CORE_HALT);
}

static int suspend_act(void)
{
	return sysfs_write("/sys/power/state", "mem");
}

/* Where it came to nothing before our device was asked, nothing has happened */
static int suspend_after(int ret)
{
	struct stlink_info info;

	if (board_info(board_fd, &info))
		return bad("INFO fails");
	if (info.state & STLINK_STATE_ATTACHED)
		return ret && !board_core(board_fd, STLINK_CORE_STATUS) ? 0 :
		       bad("there is a session");
	if (!board_left_running(fault_dry))
		return bad("the target isn't left running");
	board_close();
	return board_works() ? bad("it doesn't work") : 0;
}

const struct thing fault_suspend[] = {
	{ .name = "suspend", .ready = awake, .act = suspend_act,
	  .after = suspend_after, .foreign = true, .others = true },
	{ .name = NULL }
};
