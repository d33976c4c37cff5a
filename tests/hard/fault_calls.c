// SPDX-License-Identifier: GPL-2.0-only
/*
 * Every ioctl, each kind of operation of every batch, and poll(). Whatever a call
 * came to, the session and the target are as they were, and the same call works when
 * it is made again.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdint.h>
#include <string.h>
#include <unistd.h>

#include "board.h"
#include "fault_things.h"
#include "ioctl.h"

#define DP_ABORT	0x0
#define DP_CTRL_STAT	0x4
#define AP_CSW		0x0
#define AP_TAR		0x4

static unsigned char big[STLINK_MAX_BYTES];

/* A descriptor and nothing more */
static int opened(void)
{
	struct stlink_info info;

	return board_open() || board_info(board_fd, &info);
}

/* A session with the core in a known state. Without one the last call was wrong. */
static int attached(unsigned int core)
{
	struct stlink_info info;

	if (board_open() || board_info(board_fd, &info))
		return 1;
	if (!(info.state & STLINK_STATE_ATTACHED) &&
	    (board_attach(board_fd, STLINK_ATTACH_NORMAL) ||
	     board_put_pattern(board_fd)))
		return 1;
	return board_core(board_fd, core) != 0;
}

static int halted(void) { return attached(STLINK_CORE_HALT); }
static int running(void) { return attached(STLINK_CORE_RUN); }

static int detached(void)
{
	struct stlink_detach d = { 0 };

	return opened() || stl_ioc_detach(board_fd, &d);
}

/*
 * Where a write's data couldn't be sent, it takes a reset to get in step again, which
 * is not done twice within seconds.
 */
static bool was_reset(void)
{
	int ret, i;

	for (i = 0; i < 300; i++) {
		ret = board_core(board_fd, STLINK_CORE_STATUS);
		if (!ret || ret == -ENOTCONN)
			break;
		usleep(100000);
	}
	return ret;
}

/* Whatever there was: the session goes on, and the target is what it was */
static int same_session(void)
{
	struct stlink_info info;

	if (board_info(board_fd, &info))
		return bad("INFO fails");
	if (!(info.state & STLINK_STATE_ATTACHED))
		return bad("the session is lost");
	if (fault_dry && was_reset())
		return halted();
	if (!board_has_pattern(board_fd))
		return bad("memory isn't what it was");
	return 0;
}

static int again(int (*act)(void), int normal)
{
	int ret = act();

	return ret == normal ? 0 : bad("the next call: %s",
				       ret ? strerrorname_np(-ret) : "done");
}

/* The core doesn't go or stop by itself */
static int still_halted(void)
{
	return board_is("core", "\"halted\"") ? 0 : bad("the core isn't halted");
}

/* Makes "NAME_act", and "NAME_after": the session, the core, and once more */
#define CALL(name, body)						\
	static int name##_act(void) body				\
	static int name##_after(int ret)				\
	{								\
		(void)ret;						\
		return same_session() || again(name##_act, 0);		\
	}
#define KEEPS(name, body)						\
	static int name##_act(void) body				\
	static int name##_after(int ret)				\
	{								\
		(void)ret;						\
		return same_session() || still_halted() ||		\
		       again(name##_act, 0);				\
	}

KEEPS(info, {
	struct stlink_info info;

	return board_info(board_fd, &info);
})

KEEPS(last, {
	struct stlink_last last = { 0 };

	return stl_ioc_last(board_fd, &last);
})

KEEPS(claim, {
	struct stlink_claim claim = { 0 };

	return stl_ioc_claim(board_fd, &claim);
})

KEEPS(release, { return stl_ioc_release(board_fd); })

static int events(unsigned int flags)
{
	struct stlink_events e = {
		.flags = flags,
		.mask = STLINK_EVENT_HALTED | STLINK_EVENT_REMOVED,
		.interval_ms = 60000,
	};

	return stl_ioc_events(board_fd, &e);
}

KEEPS(events_set, { return events(STLINK_EVENTS_SET); })
KEEPS(events_get, { return events(0); })

KEEPS(poll, {
	struct pollfd p = { .fd = board_fd };

	p.events = POLLPRI;
	return poll(&p, 1, 0) < 0 ? -errno : 0;
})

static int attach_after(int ret)
{
	struct stlink_info info;

	if (board_info(board_fd, &info))
		return bad("INFO fails");
	if (ret == -ENOMEM && info.state & STLINK_STATE_SESSION)
		return bad("failed, but there is a session");
	if (ret == -ENOMEM && !board_left_running(fault_dry))
		return bad("failed, but the core isn't left running");
	return again(halted, 0) || again(detached, 0) ||
	       (board_runs() ? 0 : bad("the core isn't left running"));
}

static int attach_act(void)
{
	return board_attach(board_fd, STLINK_ATTACH_NORMAL);
}

static int attach_hotplug_act(void)
{
	return board_attach(board_fd, STLINK_ATTACH_HOTPLUG);
}

static int attach_reset_act(void)
{
	return board_attach(board_fd, STLINK_ATTACH_UNDER_RESET);
}

/* A second descriptor takes part, with the first one's session under way */
static int second = -1;

static int joined_ready(void)
{
	char node[64];

	if (halted())
		return 1;
	if (second >= 0)
		close(second);
	if (!board_wait_node(node, sizeof(node)))
		return 1;
	second = open(node, O_RDWR | O_CLOEXEC);
	return second < 0;
}

static int joined_end(void)
{
	close(second);
	second = -1;
	return 0;
}

KEEPS(join, { return board_attach(second, STLINK_ATTACH_HOTPLUG); })

static int detach_act(void)
{
	struct stlink_detach d = { 0 };

	return stl_ioc_detach(board_fd, &d);
}

static int detach_after(int ret)
{
	if (!ret && !board_left_running(fault_dry))
		return bad("done, but the core isn't left running");
	return again(detach_act, 0) ||
	       (board_runs() ? 0 : bad("the core isn't left running"));
}

static int keep_halted_act(void)
{
	struct stlink_detach d = { .flags = STLINK_DETACH_KEEP_HALTED };

	return stl_ioc_detach(board_fd, &d);
}

static int keep_halted_after(int ret)
{
	(void)ret;
	return still_halted() || again(halted, 0) || again(running, 0);
}

static int set_clock(unsigned int khz)
{
	struct stlink_clock c = { .khz = khz };

	return stl_ioc_clock(board_fd, &c);
}

KEEPS(clock_ask, { return set_clock(0); })
KEEPS(clock_set, { return set_clock(1800); })

KEEPS(voltage, {
	struct stlink_voltage v = { 0 };

	return stl_ioc_voltage(board_fd, &v) ?:
	       v.millivolts > 3000 && v.millivolts < 3600 ? 0 : -EBADMSG;
})

static int nrst(unsigned int action)
{
	struct stlink_nrst n = { .action = action };

	return stl_ioc_nrst(board_fd, &n);
}

/* Memory is not what it was after a reset, and the core runs */
static int nrst_after(int ret)
{
	struct stlink_info info;

	(void)ret;
	if (board_info(board_fd, &info) ||
	    !(info.state & STLINK_STATE_ATTACHED))
		return bad("the session is lost");
	if (nrst(STLINK_NRST_RELEASE) || !board_is("nrst_low", "false"))
		return bad("nRST can't be released");
	return again(halted, 0) || board_put_pattern(board_fd);
}

static int nrst_low_act(void) { return nrst(STLINK_NRST_ASSERT); }
static int nrst_pulse_act(void) { return nrst(STLINK_NRST_PULSE); }

static int nrst_pulse_after(int ret)
{
	if (ret == 0 && !board_is("nrst_low", "false"))
		return bad("done, but nRST is low");
	return nrst_after(ret);
}

static int nrst_is_low(void)
{
	return halted() || nrst(STLINK_NRST_ASSERT);
}

static int nrst_release_act(void) { return nrst(STLINK_NRST_RELEASE); }

static int dap(struct stlink_dap_op op)
{
	struct stlink_dap_xfer x = { .num_ops = 1, .ops = (uintptr_t)&op };

	return stl_ioc_dap(board_fd, &x);
}

#define DAP(name, ...) KEEPS(name, {					\
	return dap((struct stlink_dap_op) { __VA_ARGS__ });		\
})

DAP(dap_read, .op = STLINK_OP_READ, .port = STLINK_DAP_DP, .reg = DP_CTRL_STAT)
DAP(dap_write, .op = STLINK_OP_WRITE, .port = STLINK_DAP_DP, .reg = DP_ABORT,
    .value = 0x1e)
DAP(dap_poll, .op = STLINK_OP_POLL, .port = STLINK_DAP_DP, .reg = DP_CTRL_STAT,
    .timeout_ms = 1000)
DAP(dap_read_ap, .op = STLINK_OP_READ, .reg = AP_CSW)
DAP(dap_write_ap, .op = STLINK_OP_WRITE, .reg = AP_TAR, .value = PATTERN_ADDR)

static int mem(struct stlink_mem_op op)
{
	struct stlink_mem_xfer x = { .num_ops = 1, .ops = (uintptr_t)&op };

	op.buf = op.op == STLINK_OP_POLL ? 0 : (uintptr_t)big;
	return stl_ioc_mem(board_fd, &x);
}

#define MEM(name, ...) KEEPS(name, {					\
	return mem((struct stlink_mem_op) { __VA_ARGS__ });		\
})

#define ELSEWHERE	(PATTERN_ADDR + PATTERN_LEN)

MEM(read_8, .addr = ELSEWHERE + 1, .length = 65, .width = 1)
MEM(read_16, .addr = ELSEWHERE, .length = 64, .width = 2)
MEM(read_32, .addr = ELSEWHERE, .length = 64, .width = 4)
MEM(read_word, .addr = ELSEWHERE, .length = 4, .width = 4)
MEM(read_mix, .addr = ELSEWHERE + 1, .length = 65)
MEM(read_flash, .addr = 0x08000000, .length = 0x4000)
MEM(read_once, .addr = ELSEWHERE, .length = 64, .width = 4,
    .flags = STLINK_MEM_ONCE)
MEM(read_fifo, .addr = ELSEWHERE, .length = 64, .width = 4,
    .flags = STLINK_MEM_NO_INCREMENT)
MEM(write_8, .op = STLINK_OP_WRITE, .addr = ELSEWHERE + 1, .length = 65,
    .width = 1)
MEM(write_16, .op = STLINK_OP_WRITE, .addr = ELSEWHERE, .length = 64,
    .width = 2)
MEM(write_32, .op = STLINK_OP_WRITE, .addr = ELSEWHERE, .length = 64,
    .width = 4)
MEM(write_word, .op = STLINK_OP_WRITE, .addr = ELSEWHERE, .length = 4,
    .width = 4)
MEM(write_mix, .op = STLINK_OP_WRITE, .addr = ELSEWHERE + 1, .length = 65)
MEM(write_once, .op = STLINK_OP_WRITE, .addr = ELSEWHERE, .length = 64,
    .width = 4, .flags = STLINK_MEM_ONCE)
MEM(write_fifo, .op = STLINK_OP_WRITE, .addr = ELSEWHERE, .length = 64,
    .width = 4, .flags = STLINK_MEM_NO_INCREMENT)
MEM(poll_word, .op = STLINK_OP_POLL, .addr = ELSEWHERE, .length = 4,
    .timeout_ms = 1000)

/* @n words, none next to another */
static int words(unsigned int op, unsigned int flags, unsigned int n)
{
	struct stlink_mem_op ops[16];
	struct stlink_mem_xfer x = { .num_ops = n, .ops = (uintptr_t)ops };
	unsigned int i;

	for (i = 0; i < n; i++)
		ops[i] = (struct stlink_mem_op) {
			.op = op,
			.width = 4,
			.flags = flags,
			.addr = ELSEWHERE + 8 * i,
			.length = 4,
			.buf = (uintptr_t)(big + 4 * i),
		};
	return stl_ioc_mem(board_fd, &x);
}

KEEPS(read_words, { return words(STLINK_OP_READ, 0, 9); })
KEEPS(write_words, {
	return words(STLINK_OP_WRITE, STLINK_MEM_TOGETHER, 9);
})

static int regs(unsigned int op, unsigned int first, unsigned int n)
{
	struct stlink_reg_op ops[21] = { 0 };
	struct stlink_reg_xfer x = { .num_ops = n, .ops = (uintptr_t)ops };
	unsigned int i;

	for (i = 0; i < n; i++) {
		ops[i].op = op;
		ops[i].reg = first + i;
	}
	return stl_ioc_reg(board_fd, &x);
}

KEEPS(read_reg, { return regs(STLINK_OP_READ, STLINK_REG_PC, 1); })
KEEPS(read_regs, { return regs(STLINK_OP_READ, 0, 19); })
/* r12: what it held is lost, but nobody but the firmware has it, and that sleeps */
KEEPS(write_reg, { return regs(STLINK_OP_WRITE, 12, 1); })

static int core(unsigned int op, unsigned int flags)
{
	struct stlink_core c = { .op = op, .flags = flags };

	return stl_ioc_core(board_fd, &c);
}

KEEPS(core_status, { return core(STLINK_CORE_STATUS, 0); })
KEEPS(core_wait, { return core(STLINK_CORE_WAIT, 0); })
CALL(core_halt, { return core(STLINK_CORE_HALT, 0); })
CALL(core_run, { return core(STLINK_CORE_RUN, 0); })
CALL(core_masked, { return core(STLINK_CORE_RUN, STLINK_CORE_F_MASKINTS); })

/* The failure may have come when the step was done, or before */
static int core_step_act(void)
{
	return core(STLINK_CORE_STEP, 0);
}

static int core_step_after(int ret)
{
	(void)ret;
	return same_session() || again(halted, 0) || again(core_step_act, 0) ||
	       still_halted();
}

static int core_reset_act(void) { return core(STLINK_CORE_RESET, 0); }

static int core_catch_act(void)
{
	return core(STLINK_CORE_RESET, STLINK_CORE_F_CATCH);
}

static int core_line_act(void)
{
	return core(STLINK_CORE_RESET, STLINK_CORE_F_NRST);
}

const struct thing fault_calls[] = {
#define SIMPLE(what, how) THING(#what, how, what##_act, what##_after)
	SIMPLE(info, halted),
	SIMPLE(last, halted),
	SIMPLE(claim, halted),
	SIMPLE(release, halted),
	SIMPLE(events_set, halted),
	SIMPLE(events_get, halted),
	SIMPLE(poll, halted),
	THING("attach", detached, attach_act, attach_after),
	THING("attach_hotplug", detached, attach_hotplug_act, attach_after),
	THING("attach_reset", detached, attach_reset_act, attach_after),
	{ .name = "join", .ready = joined_ready, .act = join_act,
	  .after = join_after, .end = joined_end },
	SIMPLE(detach, halted),
	SIMPLE(keep_halted, halted),
	SIMPLE(clock_ask, halted),
	SIMPLE(clock_set, halted),
	SIMPLE(voltage, halted),
	THING("nrst_low", halted, nrst_low_act, nrst_after),
	SIMPLE(nrst_pulse, halted),
	THING("nrst_release", nrst_is_low, nrst_release_act, nrst_after),
	SIMPLE(dap_read, halted),
	SIMPLE(dap_write, halted),
	SIMPLE(dap_poll, halted),
	SIMPLE(dap_read_ap, halted),
	SIMPLE(dap_write_ap, halted),
	SIMPLE(read_8, halted),
	SIMPLE(read_16, halted),
	SIMPLE(read_32, halted),
	SIMPLE(read_word, halted),
	SIMPLE(read_mix, halted),
	SIMPLE(read_flash, halted),
	SIMPLE(read_once, halted),
	SIMPLE(read_fifo, halted),
	SIMPLE(write_8, halted),
	SIMPLE(write_16, halted),
	SIMPLE(write_32, halted),
	SIMPLE(write_word, halted),
	SIMPLE(write_mix, halted),
	SIMPLE(write_once, halted),
	SIMPLE(write_fifo, halted),
	SIMPLE(poll_word, halted),
	SIMPLE(read_words, halted),
	SIMPLE(write_words, halted),
	SIMPLE(read_reg, halted),
	SIMPLE(read_regs, halted),
	SIMPLE(write_reg, halted),
	SIMPLE(core_status, halted),
	SIMPLE(core_wait, halted),
	SIMPLE(core_halt, running),
	SIMPLE(core_run, halted),
	SIMPLE(core_masked, halted),
	SIMPLE(core_step, halted),
	THING("core_reset", halted, core_reset_act, nrst_after),
	THING("core_catch", halted, core_catch_act, nrst_after),
	THING("core_line", halted, core_line_act, nrst_after),
	{ .name = NULL }
};
