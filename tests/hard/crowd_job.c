// SPDX-License-Identifier: GPL-2.0-only
/* What a worker does in a session: reads that must be right, and the rest. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <unistd.h>

#include "crowd.h"

#define POISON	0xa5
#define MAX_READ 6144
#define SCATTERED 40

static struct board *board;
static int fd;

/* This worker's own piece of SRAM: what is there, if that is certain */
static uint32_t patch_addr;
static uint8_t patch[PATCH];
static bool patch_valid;
static unsigned int patch_upsets;

static bool certain(unsigned int upsets)
{
	return board->upsets == upsets && !board->flags;
}

static void differs(const char *what, uint32_t addr, const uint8_t *got,
		    const uint8_t *want, uint32_t len)
{
	uint32_t i;

	for (i = 0; i < len && got[i] == want[i]; i++)
		;
	if (i < len)
		complain("%s at %08x: %02x, expected %02x (%s)", what, addr + i,
			 got[i], want[i], board->serial);
	else
		me->checked += len;
}

/* What wasn't read must not have been touched. */
static void untouched(const uint8_t *buf, uint32_t from, uint32_t to)
{
	uint32_t i;

	for (i = from; i < to; i++)
		if (buf[i] != POISON) {
			complain("a read that failed after %u of %u bytes changed byte %u",
				 from, to, i);
			return;
		}
}

/* One read; returns how much of it is done. */
static uint32_t rd(uint32_t addr, uint8_t *buf, uint32_t len, uint8_t width)
{
	struct stlink_mem_op op = {
		.op = STLINK_OP_READ,
		.width = width,
		.addr = addr,
		.length = len,
		.buf = (uintptr_t)buf,
	};
	int err;

	memset(buf, POISON, len);
	err = mem(fd, &op, 1, NULL);
	if (op.done > len || (!err && op.done != len)) {
		complain("MEM: %u of %u bytes done, %s", op.done, len,
			 strerrorname_np(err));
		return 0;
	}
	untouched(buf, op.done, len);
	return op.done;
}

/* A range of flash, or of any memory, that @width can do */
static uint8_t range(uint32_t room, uint32_t *offset, uint32_t *len)
{
	static const uint8_t widths[] = { 0, 1, 2, 4 };
	uint8_t width = widths[below(4)];
	uint32_t align = width ? width : 1;

	*offset = below(room) / align * align;
	*len = 1 + below(below(4) ? 300 : MAX_READ);
	if (width == 1 && *len > 600)
		*len = 600;	/* 64 bytes an exchange */
	if (*len > room - *offset)
		*len = room - *offset;
	*len = *len / align * align;
	if (!*len)
		*len = align;
	return width;
}

static void read_flash(void)
{
	uint32_t offset, len, done;
	uint8_t buf[MAX_READ];
	uint8_t width = range(board->fixed_len, &offset, &len);

	done = rd(FIXED + offset, buf, len, width);
	differs("flash", FIXED + offset, buf, board->fixed + offset, done);
}

static void read_image(void)
{
	unsigned int upsets = board->upsets, image = board->image;
	uint32_t offset, len, done;
	uint8_t buf[MAX_READ], width;

	if (!image || !certain(upsets))
		return;
	width = range(crowd->image_len[image - 1], &offset, &len);
	done = rd(FLASH + offset, buf, len, width);
	if (certain(upsets) && board->image == image)
		differs("image", FLASH + offset, buf,
			crowd->image[image - 1] + offset, done);
}

/* Words here and there, which may travel together */
static void read_scattered(void)
{
	struct stlink_mem_op ops[SCATTERED] = { 0 };
	uint8_t buf[SCATTERED][4];
	uint32_t n = 3 + below(SCATTERED - 2), i, done, offset;

	memset(buf, POISON, sizeof(buf));
	for (i = 0; i < n; i++)
		ops[i] = (struct stlink_mem_op) {
			.op = STLINK_OP_READ,
			.addr = FIXED + below(board->fixed_len) / 4 * 4,
			.length = 4,
			.buf = (uintptr_t)buf[i],
		};
	mem(fd, ops, n, &done);
	for (i = 0; i < n; i++) {
		offset = ops[i].addr - FIXED;
		if (i < done)
			differs("scattered flash", ops[i].addr, buf[i],
				board->fixed + offset, 4);
		else
			untouched(buf[i], ops[i].done, 4);
	}
}

static void check_patch(void)
{
	uint32_t offset, len, done;
	uint8_t buf[PATCH], width;

	if (!patch_valid)
		return;
	width = range(PATCH, &offset, &len);
	done = rd(patch_addr + offset, buf, len, width);
	if (certain(patch_upsets))
		differs("SRAM", patch_addr + offset, buf, patch + offset, done);
	else
		patch_valid = false;
}

static void write_patch(void)
{
	unsigned int upsets = board->upsets, i;
	bool sure = !board->flags;
	struct stlink_mem_op op = {
		.op = STLINK_OP_WRITE,
		.width = below(2) ? 0 : 4,
		.addr = patch_addr,
		.length = PATCH,
		.buf = (uintptr_t)patch,
	};

	for (i = 0; i < PATCH; i++)
		patch[i] = rnd();
	patch_valid = false;
	if (mem(fd, &op, 1, NULL))
		return;
	patch_valid = sure;
	patch_upsets = upsets;
	check_patch();
}

/* A batch is one piece, also where all write to the same word. */
static void write_and_read_back(void)
{
	unsigned int upsets = board->upsets;
	uint32_t mine = rnd(), got = ~mine;
	struct stlink_mem_op ops[] = {
		{ .op = STLINK_OP_WRITE, .addr = SHARED_WORD, .length = 4,
		  .width = 4, .buf = (uintptr_t)&mine,
		  .flags = below(2) ? STLINK_MEM_TOGETHER : 0 },
		{ .op = STLINK_OP_POLL, .addr = SHARED_WORD, .length = 4,
		  .value = mine, .mask = ~0u, .timeout_ms = 100 },
		{ .op = STLINK_OP_READ, .addr = SHARED_WORD, .length = 4,
		  .width = 4, .buf = (uintptr_t)&got },
	};

	if (!mem(fd, ops, 3, NULL) && certain(upsets) && got != mine)
		complain("a batch wrote %08x and read %08x", mine, got);
}

/* Halt, step, run; what each says must be so at its end */
static void core_goes(void)
{
	static const uint32_t masks[] = { 0, STLINK_CORE_F_MASKINTS };
	struct stlink_core c;

	switch (below(5)) {
	case 0:
		if (!core(fd, STLINK_CORE_HALT, 0, &c) &&
		    !(c.state & STLINK_CORE_HALTED))
			complain("HALT: state %x", c.state);
		break;
	case 1:
		core(fd, STLINK_CORE_STEP, masks[below(2)], &c);
		break;
	case 2:
		core(fd, STLINK_CORE_RUN, masks[below(2)], &c);
		break;
	case 3:
		if (!core(fd, STLINK_CORE_RESET, STLINK_CORE_F_CATCH, &c) &&
		    !(c.state & STLINK_CORE_HALTED))
			complain("RESET with CATCH: state %x", c.state);
		break;
	default:
		core(fd, STLINK_CORE_STATUS, 0, &c);
	}
}

static void read_registers(void)
{
	struct stlink_reg_op ops[6] = { 0 };
	struct stlink_reg_xfer xfer = { .size = sizeof(xfer), .num_ops = 6,
					.ops = (uintptr_t)ops };
	unsigned int i;

	for (i = 0; i < 6; i++)
		ops[i] = (struct stlink_reg_op) { .op = STLINK_OP_READ,
						  .reg = 11 + i };
	call(fd, DO_REG, &xfer);
}

/* With a claim nobody else changes anything, so a register keeps its value. */
static void alone(void)
{
	struct stlink_claim claim = { .size = sizeof(claim) };
	struct stlink_reg_op op = { .op = STLINK_OP_WRITE, .reg = 8 };
	struct stlink_reg_xfer xfer = { .size = sizeof(xfer), .num_ops = 1,
					.ops = (uintptr_t)&op };
	unsigned int upsets = board->upsets, i;
	uint32_t value = rnd();
	struct stlink_core c;
	int err;

	err = call(fd, DO_CLAIM, &claim);
	if (err == EBUSY && claim.holder_pid == getpid())
		complain("CLAIM: taken by this very process");
	if (err)
		return;
	err = core(fd, STLINK_CORE_HALT, 0, &c);
	op.value = value;
	err = err ? err : call(fd, DO_REG, &xfer);
	for (i = 0; i < 4 && !err; i++) {
		read_flash();
		op.op = STLINK_OP_READ;
		op.value = ~value;
		err = call(fd, DO_REG, &xfer);
		if (!err && certain(upsets) && op.value != value)
			complain("r8 is %08x, expected %08x, in spite of a claim",
				 op.value, value);
	}
	core(fd, STLINK_CORE_RUN, 0, &c);
	if (below(4))
		call(fd, DO_RELEASE, NULL);
}

static void read_dpidr(void)
{
	struct stlink_dap_op op = { .op = STLINK_OP_READ,
				    .port = STLINK_DAP_DP };
	struct stlink_dap_xfer xfer = { .size = sizeof(xfer), .num_ops = 1,
					.ops = (uintptr_t)&op };

	if (!call(fd, DO_DAP, &xfer) && op.value != 0x0bb11477)
		complain("DPIDR is %08x", op.value);
}

static void ask(void)
{
	struct stlink_voltage voltage = { .size = sizeof(voltage) };
	struct stlink_last last = { .size = sizeof(last) };
	struct stlink_clock clock = { .size = sizeof(clock) };

	switch (below(3)) {
	case 0:
		call(fd, DO_LAST, &last);
		break;
	case 1:
		clock.khz = below(2) ? 0 : 950;
		call(fd, DO_CLOCK, &clock);
		break;
	default:
		if (!call(fd, DO_VOLTAGE, &voltage) && !board->flags &&
		    (voltage.millivolts < 3200 || voltage.millivolts > 3400) &&
		    !board->flags)
			complain("%u mV", voltage.millivolts);
	}
}

static void pulse(void)
{
	struct stlink_nrst nrst = { .size = sizeof(nrst),
				    .action = STLINK_NRST_PULSE };

	if (!below(4))
		nrst.action = STLINK_NRST_ASSERT;
	call(fd, DO_NRST, &nrst);
	if (nrst.action == STLINK_NRST_ASSERT && below(2)) {
		nrst.action = STLINK_NRST_RELEASE;
		call(fd, DO_NRST, &nrst);
	}
}

static void watch(void)
{
	struct pollfd pfd = { .fd = fd, .events = POLLPRI };
	struct stlink_events events = {
		.size = sizeof(events),
		.flags = STLINK_EVENTS_SET,
		.mask = below(64),
		.interval_ms = STLINK_MIN_INTERVAL_MS + below(60),
	};
	int n;

	if (call(fd, DO_EVENTS, &events))
		return;
	begin(DO_POLL);
	n = poll(&pfd, 1, below(400));
	end(n < 0 ? errno : 0);
	if (n > 0 && pfd.revents & POLLPRI) {
		events.flags = 0;
		call(fd, DO_EVENTS, &events);
	}
}

static void one_thing(void)
{
	switch (below(24)) {
	case 0 ... 4:	read_flash(); break;
	case 5 ... 6:	read_image(); break;
	case 7 ... 8:	read_scattered(); break;
	case 9 ... 10:	write_patch(); break;
	case 11 ... 13:	check_patch(); break;
	case 14 ... 15:	write_and_read_back(); break;
	case 16 ... 17:	core_goes(); break;
	case 18:	read_registers(); break;
	case 19:	alone(); break;
	case 20:	read_dpidr(); break;
	case 21:	ask(); break;
	case 22:	watch(); break;
	default:
		if (!below(3))
			pulse();
		else
			usleep(below(200000));
	}
}

/* Who may only look; EPERM would be a complaint */
static void look_only(unsigned int n)
{
	if (attach(fd, STLINK_ATTACH_HOTPLUG, 0))
		return;
	while (n-- && !me->failed) {
		switch (below(5)) {
		case 0:	read_flash(); break;
		case 1:	read_scattered(); break;
		case 2:	check_patch(); break;
		case 3:	read_dpidr(); break;
		default: watch();
		}
	}
}

/**
 * session() - open a probe, attach, do this and that, close it
 * @n: which board
 * @k: which piece of its SRAM is this worker's
 */
void session(unsigned int n, unsigned int k)
{
	struct stlink_detach detach = { .size = sizeof(detach) };
	unsigned int todo = 1 + below(40);
	bool look = !below(8);
	uint32_t mode;

	board = &crowd->board[n];
	patch_addr = PATCHES + k * PATCH;
	fd = open_node(board, (look ? O_RDONLY : O_RDWR) |
		       (below(6) ? 0 : O_NONBLOCK));
	if (fd < 0) {
		usleep(20000 + below(100000));
		return;
	}
	if (look) {
		look_only(todo / 4);
	} else {
		mode = below(12) ? STLINK_ATTACH_NORMAL :
				   STLINK_ATTACH_UNDER_RESET;
		if (attach(fd, mode, below(3) ? 0 : 4000))
			usleep(20000);	/* on with it all the same: ENOTCONN */
		while (todo-- && !me->failed && !crowd->finish)
			one_thing();
	}
	if (below(2))
		call(fd, DO_DETACH, &detach);
	close_node(fd);
}
