// SPDX-License-Identifier: GPL-2.0-only
/*
 * What no host may do to a ST-Link, whatever the test is about: noted as a
 * violation, which the fixture turns into a failure.
 */
#include <stdio.h>
#include <string.h>

#include "probe.h"

/* Firmware version from which on a debug command exists (J of the V2) */
static const struct {
	uint8_t op;
	uint8_t j;
} since[] = {
	{ 0x3e, 15 }, { 0x40, 13 }, { 0x41, 13 }, { 0x42, 13 }, { 0x43, 22 },
	{ 0x44, 24 }, { 0x45, 24 }, { 0x46, 24 }, { 0x47, 26 }, { 0x48, 26 },
	{ 0x4b, 28 }, { 0x4c, 28 }, { 0x50, 26 }, { 0x51, 32 }, { 0x52, 32 },
	{ 0x53, 32 }, { 0x54, 32 }, { 0x56, 36 },
};

/**
 * violation() - note that the host did something wrong
 * @p: probe
 * @cmd: command block or NULL
 * @what: in words
 */
void violation(struct probe *p, const uint8_t *cmd, const char *what)
{
	static const uint8_t none[PROBE_CMD_LEN];

	if (!cmd)
		cmd = none;
	if (!p->num_violations++)
		snprintf(p->violation, sizeof(p->violation),
			 "%02x %02x %08x %02x%02x%02x%02x: %s", cmd[0], cmd[1],
			 get32(cmd + 2), cmd[6], cmd[7], cmd[8], cmd[9], what);
}

/**
 * conform_excuse() - the exchange under way broke down, not by the host's
 *	fault: it need not ask for the status, and may find old answers
 * @p: probe
 */
void conform_excuse(struct probe *p)
{
	p->status_due = false;
	p->excused = true;
}

/*
 * A block across 1 KiB, which not every probe can do: a host may try it, reading
 * a bit of flash, and then stick to what it found.
 */
static void check_crossing(struct probe *p, const uint8_t *cmd)
{
	bool trial = cmd[1] == 0x07 && get32(cmd + 2) < SRAM_BASE &&
		     get16(cmd + 6) <= 2048;

	if (cmd[1] != 0x07 && cmd[1] != 0x08)
		violation(p, cmd, "crosses a 1 KiB boundary");
	if (p->opt.j < 24)
		violation(p, cmd, "crosses a 1 KiB boundary before J24");
	if (!p->crossings && !trial)
		violation(p, cmd, "crosses a 1 KiB boundary untried");
	if (p->opt.tar_wraps && p->crossings >= 3)
		violation(p, cmd, "crosses a 1 KiB boundary again");
	if (p->opt.tar_wraps && !trial)
		violation(p, cmd, "crosses a 1 KiB boundary in earnest");
	p->crossings++;
}

static void check_memory(struct probe *p, const uint8_t *cmd)
{
	unsigned int width = mem_width(cmd[1]);
	uint32_t addr = get32(cmd + 2);
	uint32_t len = get16(cmd + 6);
	bool fixed = cmd[1] == 0x50 || cmd[1] == 0x54;

	if (!len)
		violation(p, cmd, "memory command of length zero");
	if (addr % width || len % width)
		violation(p, cmd, "memory command not aligned");
	if (len > (width == 1 ? 64u : 6144u))
		violation(p, cmd, "memory command too long");
	if (width > 1 && !fixed && len &&
	    addr / 1024 != (addr + (len - 1)) / 1024)
		check_crossing(p, cmd);
	if (cmd[8])
		violation(p, cmd, "memory command through another AP");
	if ((cmd[9] | cmd[10] | cmd[11]) && p->opt.j < 32)
		violation(p, cmd, "CSW field before J32");
	p->status_due = true;
}

static void check_dap(struct probe *p, const uint8_t *cmd)
{
	uint16_t port = get16(cmd + 2), reg = get16(cmd + 4);

	if (port != 0xffff)
		return;
	if ((reg & 0xf0) && p->opt.j < 32)
		violation(p, cmd, "banked DP register before J32");
	if (cmd[1] != 0x46)
		return;
	if ((reg & 0xf) == 8)
		violation(p, cmd, "SELECT written");
	if (reg == 4 && (get32(cmd + 6) & 1))
		violation(p, cmd, "ORUNDETECT set");
}

/**
 * conform_misc() - look at the items of F2 51 before they are executed
 * @p: probe
 * @data: data phase
 */
void conform_misc(struct probe *p, const uint8_t *data)
{
	const uint8_t *cmd = p->pending;
	uint32_t n = get32(cmd + 2), i;
	const uint8_t *word = data + (n + 3) / 4 * 4;
	bool addressed = false;

	for (i = 0; i < n; i++) {
		uint32_t w = get32(word + 4 * i);

		if (data[i] < MISC_SET_ADDR || data[i] == 4 ||
		    data[i] > MISC_SELECT_AP)
			violation(p, cmd, "unknown item");
		if (data[i] == MISC_SELECT_AP && w)
			violation(p, cmd, "item for another AP");
		if (data[i] == MISC_WRITE && !addressed)
			violation(p, cmd, "item writes to no address");
		if ((data[i] == MISC_SET_ADDR || data[i] == MISC_READ) && w % 4)
			violation(p, cmd, "item not aligned");
		addressed = data[i] == MISC_SET_ADDR;
	}
	for (; i % 4; i++)
		if (data[i])
			violation(p, cmd, "padding behind the items not zero");
}

static void check_debug(struct probe *p, const uint8_t *cmd)
{
	uint8_t op = cmd[1];
	size_t i;

	for (i = 0; i < sizeof(since) / sizeof(since[0]); i++)
		if (since[i].op == op && p->opt.j < since[i].j)
			violation(p, cmd, "firmware doesn't have it yet");
	if (op < 0x0c && op != 0x07 && op != 0x08)
		violation(p, cmd, "API v1 command");
	if (op == 0x22)
		violation(p, cmd, "READCOREID stalls on some firmware");
	if (op == 0x30 && cmd[2] != 0xa3)
		violation(p, cmd, "ENTER with another protocol than SWD");
	if (op == 0x30 && p->mode == MODE_DEBUG)
		violation(p, cmd, "ENTER without EXIT");
	if ((op == 0x33 || op == 0x34 || op == 0x3a) && !p->target.halted)
		violation(p, cmd, "core register of a running core");
	if ((op == 0x35 || op == 0x36) && get32(cmd + 2) % 4)
		violation(p, cmd, "debug register not aligned");
	if (op == 0x51 && !misc_data_len(cmd))
		violation(p, cmd, "number of items not 1 to 64");
	if (op == 0x52 && !p->misc.due && !p->excused)
		violation(p, cmd, "F2 52 without F2 51");
	if (op == 0x45 || op == 0x46)
		check_dap(p, cmd);
	if (mem_is_read(op) || mem_is_write(op))
		check_memory(p, cmd);
}

/**
 * conform_command() - look at a command before it is executed
 * @p: probe
 * @cmd: command block
 */
void conform_command(struct probe *p, const uint8_t *cmd)
{
	bool query = cmd[0] == 0xf2 && (cmd[1] == 0x3b || cmd[1] == 0x3e);

	if (!p->excused && usbip_queued(p->usb, p->ep_in))
		violation(p, cmd, "the answer before wasn't fetched");
	/* GET_VERSION is the ping of a resynchronisation, after a kill. */
	if (p->status_due && !query && cmd[0] != 0xf1 && !p->excused)
		violation(p, cmd, "no status query after a memory command");
	if (query && !p->status_due && !p->excused)
		violation(p, cmd, "status query without a memory command");
	if (p->misc.due && cmd[0] != 0xf1 && !p->excused &&
	    !(cmd[0] == 0xf2 && cmd[1] == 0x52))
		violation(p, cmd, "no F2 52 after F2 51");
	p->status_due = false;
	if (cmd[0] == 0xf1 && !usbip_queued(p->usb, p->ep_in))
		p->excused = false;
	switch (cmd[0]) {
	case 0xf1:
	case 0xf5:
		break;
	case 0xf2:
		check_debug(p, cmd);
		break;
	case 0xf3:
		if (cmd[1] != 0x07)
			violation(p, cmd, "firmware update command");
		break;
	case 0xf4:
		if (cmd[1] != 0x01)
			violation(p, cmd, "SWIM command");
		break;
	case 0xf7:
		if (p->opt.j < 13)
			violation(p, cmd, "voltage before J13");
		break;
	default:
		violation(p, cmd, "unknown command group");
	}
	p->misc.due = false;
}
