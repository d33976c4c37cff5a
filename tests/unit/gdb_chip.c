// SPDX-License-Identifier: GPL-2.0-only
/*
 * stlink gdb on the simulated chip alone: no probe, no driver, no virtual machine.
 * The ioctls are answered here, through the chip's SWD pins, so that the real gdb
 * can be tried in seconds:
 *
 *	gdb_chip PART FIRMWARE.bin
 *
 * speaks the remote protocol on standard input and output.
 */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

/* unistd.h has one, too */
#define access chip_access
#include "chip_test.h"
#include "control.h"
#include "gdb/gdb.h"
#include "ioctl.h"
#include "pace.h"
#include "priv.h"

#define DFSR		0xe000ed30u
#define S_HALT		(1u << 17)
#define S_LOCKUP	(1u << 19)
#define S_RESET_ST	(1u << 25)
#define SLICE_MS	2

static uint32_t watched, pending, seen;
static bool was_reset;

uint64_t stl_now_us(void)
{
	return chip_now(chip) / US;
}

void stl_wait_until_us(uint64_t when)
{
	if (when > stl_now_us())
		later((when - stl_now_us()) * US);
}

void stl_sleep_ms(unsigned int ms)
{
	later(ms * MS);
}

static bool get(uint32_t addr, uint32_t *value)
{
	return access(true, addr, 4, value) == SWD_OK;
}

static bool put(uint32_t addr, uint32_t value)
{
	return access(false, addr, 4, &value) == SWD_OK;
}

/* as the driver does at each reading of DHCSR */
static uint32_t dhcsr(void)
{
	uint32_t value = 0, now;

	get(DHCSR, &value);
	if (value & S_RESET_ST) {
		was_reset = true;
		pending |= STLINK_EVENT_RESET;
	}
	now = (value & S_HALT ? STLINK_EVENT_HALTED : 0) |
	      (value & S_LOCKUP ? STLINK_EVENT_LOCKUP : 0);
	pending |= now & ~seen;
	seen = now;
	return value;
}

int stl_ioc_info(int fd, struct stlink_info *info)
{
	(void)fd;
	memset(info, 0, sizeof(*info));
	info->version_hw = 2;
	info->version_jtag = 37;
	info->features = STLINK_FEAT_FAULT_ADDR | STLINK_FEAT_MEM16;
	return 0;
}

int stl_ioc_claim(int fd, struct stlink_claim *claim)
{
	(void)fd;
	(void)claim;
	return 0;
}

int stl_ioc_release(int fd)
{
	(void)fd;
	return 0;
}

int stl_ioc_last(int fd, struct stlink_last *last)
{
	(void)fd;
	(void)last;
	return 0;
}

int stl_ioc_attach(int fd, struct stlink_attach *a)
{
	uint32_t cpuid = 0;

	(void)fd;
	if (attach() != SWD_OK || !put(DHCSR, 0xa05f0001))
		return -ENXIO;
	get(0xe000ed00, &cpuid);
	dhcsr();
	a->dpidr = 0x0bb11477;
	a->cpuid = cpuid;
	return 0;
}

int stl_ioc_detach(int fd, struct stlink_detach *d)
{
	(void)fd;
	(void)d;
	put(DHCSR, 0xa05f0000);
	return 0;
}

int stl_ioc_clock(int fd, struct stlink_clock *clock)
{
	(void)fd;
	(void)clock;
	return -EOPNOTSUPP;
}

int stl_ioc_voltage(int fd, struct stlink_voltage *v)
{
	(void)fd;
	v->millivolts = 3300;
	return 0;
}

int stl_ioc_nrst(int fd, struct stlink_nrst *nrst)
{
	(void)fd;
	(void)nrst;
	return 0;
}

int stl_ioc_dap(int fd, struct stlink_dap_xfer *xfer)
{
	(void)fd;
	(void)xfer;
	return -EOPNOTSUPP;
}

static int poll_op(struct stlink_mem_op *op)
{
	unsigned int i;

	for (i = 0; i < 10000; i++, later(100 * US)) {
		if (get(op->addr, &op->value) &&
		    (op->value & op->mask) == op->value)
			return 0;
	}
	return -ETIMEDOUT;
}

static int mem_op(struct stlink_mem_op *op)
{
	bool reading = op->op == STLINK_OP_READ;
	uint8_t *buf = (uint8_t *)(uintptr_t)op->buf;
	uint32_t value, addr;
	unsigned int size;

	if (op->op == STLINK_OP_POLL)
		return poll_op(op);
	for (; op->done < op->length; op->done += size) {
		addr = op->addr + (op->flags & STLINK_MEM_NO_INCREMENT ? 0 :
				   op->done);
		size = op->width ? op->width :
		       addr % 4 || op->length - op->done < 4 ? 1 : 4;
		value = 0;
		memcpy(&value, buf + op->done, reading ? 0 : size);
		if (access(reading, addr, size, &value) != SWD_OK) {
			op->status = 0x11;
			op->fault_addr = addr;
			op->result = STLINK_MEM_FAULT_ADDR;
			return -EREMOTEIO;
		}
		if (reading)
			memcpy(buf + op->done, &value, size);
	}
	return 0;
}

int stl_ioc_mem(int fd, struct stlink_mem_xfer *xfer)
{
	struct stlink_mem_op *ops = (void *)(uintptr_t)xfer->ops;
	int ret;

	(void)fd;
	for (; xfer->num_done < xfer->num_ops; xfer->num_done++) {
		ops[xfer->num_done].done = 0;
		ret = mem_op(&ops[xfer->num_done]);
		if (ret)
			return ret;
	}
	return 0;
}

int stl_ioc_reg(int fd, struct stlink_reg_xfer *xfer)
{
	struct stlink_reg_op *ops = (void *)(uintptr_t)xfer->ops;
	uint32_t i;

	(void)fd;
	if (!(dhcsr() & S_HALT))
		return -ENODATA;
	for (i = 0; i < xfer->num_ops; i++) {
		if (ops[i].op == STLINK_OP_WRITE) {
			put(DCRDR, ops[i].value);
			put(DCRSR, 1u << 16 | ops[i].reg);
		} else {
			put(DCRSR, ops[i].reg);
			get(DCRDR, &ops[i].value);
		}
	}
	return 0;
}

static int until(uint32_t bits, struct stlink_core *c)
{
	unsigned int i;

	for (i = 0; i < 500; i++, later(MS)) {
		c->dhcsr = dhcsr();
		if (c->dhcsr & bits)
			return 0;
	}
	return -ETIMEDOUT;
}

static void go(uint32_t how)
{
	put(DHCSR, 0xa05f0003 | (how & 8));
	put(DFSR, 0x1f);
	seen = 0;
	put(DHCSR, 0xa05f0001 | how);
}

static int core_op(struct stlink_core *c)
{
	uint32_t demcr = 0;
	int ret;

	c->dhcsr = dhcsr();
	switch (c->op) {
	case STLINK_CORE_HALT:
		if (!(c->dhcsr & S_HALT))
			put(DFSR, 0x1f);
		put(DHCSR, 0xa05f0003);
		return until(S_HALT, c);
	case STLINK_CORE_RUN:
		if (c->dhcsr & S_HALT)
			go(0);
		c->dhcsr = dhcsr();
		return 0;
	case STLINK_CORE_STEP:
		if (!(c->dhcsr & S_HALT))
			return -ENODATA;
		go(c->flags & STLINK_CORE_F_MASKINTS ? 12 : 4);
		return until(S_HALT | S_LOCKUP, c);
	case STLINK_CORE_RESET:
		get(DEMCR, &demcr);
		if (c->flags & STLINK_CORE_F_CATCH)
			put(DEMCR, demcr | 1);
		seen = 0;
		put(AIRCR, 0x05fa0004);
		ret = until(S_RESET_ST, c);
		if (!ret && c->flags & STLINK_CORE_F_CATCH)
			ret = until(S_HALT, c);
		put(DEMCR, demcr);
		return ret;
	case STLINK_CORE_WAIT:
		return until(S_HALT | S_LOCKUP, c);
	default:
		return 0;
	}
}

int stl_ioc_core(int fd, struct stlink_core *c)
{
	int ret = core_op(c);

	(void)fd;
	if (c->dhcsr & S_HALT)
		get(DFSR, &c->dfsr);
	c->state = (c->dhcsr & S_HALT ? STLINK_CORE_HALTED : 0) |
		   (c->dhcsr & S_LOCKUP ? STLINK_CORE_LOCKUP : 0) |
		   (was_reset ? STLINK_CORE_WAS_RESET : 0);
	was_reset = false;
	return ret;
}

int stl_ioc_events(int fd, struct stlink_events *events)
{
	(void)fd;
	if (events->flags & STLINK_EVENTS_SET) {
		watched = events->mask;
		return 0;
	}
	events->pending = pending & watched;
	pending = 0;
	return 0;
}

int stl_control_poll(struct stl_target *t, struct pollfd *others,
		     unsigned int num, int timeout_ms, uint32_t *events,
		     struct stl_error *err)
{
	int ret;

	do {
		later(SLICE_MS * MS);
		dhcsr();
		ret = poll(others, num, timeout_ms ? 1 : 0);
		timeout_ms -= SLICE_MS;
	} while (!ret && !(pending & watched) && timeout_ms > 0);
	return stl_control_events(t, events, err);
}

static void print(void *ctx, bool warning, const char *text)
{
	(void)ctx;
	fprintf(stderr, "%s%s\n", warning ? "warning: " : "", text);
}

static bool stop(void *ctx)
{
	(void)ctx;
	return false;
}

static void load(const char *name)
{
	uint8_t buf[256 * 1024];
	FILE *f = fopen(name, "rb");
	size_t n;

	if (!f) {
		perror(name);
		exit(1);
	}
	n = fread(buf, 1, sizeof(buf), f);
	fclose(f);
	chip_poke(chip, FLASH, buf, n);
}

int main(int argc, char **argv)
{
	const struct gdb_options opts = {
		.in = STDIN_FILENO,
		.out = STDOUT_FILENO,
		.listen = -1,
		.own_console = true,
		.print = print,
		.stop = stop,
	};
	struct stl_attach_options how = { .purpose = STL_CHANGE,
					  .share = true };
	struct chip_options options = { .fast = true };
	struct stl_error err = { 0 };
	struct stl_target t;
	int end, ret;

	if (argc < 2)
		return 1;
	signal(SIGINT, SIG_IGN);
	options.part = argv[1];
	patience = 1000;
	chip = chip_new(&options);
	if (argc > 2)
		load(argv[2]);
	chip_power(chip, true);
	later(MS);
	ret = stl_target_open(&t, 99, NULL, &how, &err);
	if (!ret)
		ret = stl_target_identify(&t, &err);
	if (ret) {
		fprintf(stderr, "%s\n%s\n", err.message, err.hint);
		return ret;
	}
	end = gdb_serve(&t, &opts, &err);
	later(50 * MS);
	fprintf(stderr, "end %d, core %s\n", end, chip_core_state(chip));
	chip_free(chip);
	return end == GDB_FAILED ? err.code : 0;
}
