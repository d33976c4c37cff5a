// SPDX-License-Identifier: GPL-2.0-only
/* Debug Port and access ports: connecting, SELECT, sticky errors, INIT_AP. */
#include <string.h>

#include "../timing.h"
#include "internal.h"

/* ADIv5 CTRL/STAT and ABORT */
#define STICKYORUN	(1u << 1)
#define WDATAERR	(1u << 7)
#define POWERUP_REQ	0x50000000u	/* CSYSPWRUPREQ, CDBGPWRUPREQ */
#define POWERUP_ACK	0xa0000000u
#define ABORT_CLEAR_ALL	0x1eu		/* ORUN, WDATA, STKERR, STKCMP */
#define POWERUP_TRIES	100
#define CONNECT_TRIES	2

/** dap_forget() - registers of DP and AP are no longer what we wrote */
void dap_forget(struct probe *p)
{
	p->select_known = false;
	p->csw_known = false;
}

/**
 * dap_connect() - line reset, identification, power-up of the debug domain
 *
 * Return: ST_OK, ST_NO_IDCODE (nobody there) or ST_POWERUP_FAILED.
 */
uint8_t dap_connect(struct probe *p)
{
	uint8_t status = ST_NO_IDCODE;
	uint32_t v = 0;
	int i;

	dap_forget(p);
	for (i = 0; i < CONNECT_TRIES && status != ST_OK; i++) {
		swd_reset_line(p);
		status = swd_dp_read(p, DP_DPIDR, &v);
	}
	if (status != ST_OK || v == 0 || v == 0xffffffff)
		return ST_NO_IDCODE;

	if (swd_dp_write(p, DP_ABORT, ABORT_CLEAR_ALL) != ST_OK ||
	    swd_dp_write(p, DP_SELECT, 0) != ST_OK ||
	    swd_dp_write(p, DP_CTRL_STAT, POWERUP_REQ) != ST_OK)
		return ST_POWERUP_FAILED;
	p->select = 0;
	p->select_known = true;
	for (i = 0; i < POWERUP_TRIES; i++) {
		if (swd_dp_read(p, DP_CTRL_STAT, &v) == ST_OK &&
		    (v & POWERUP_ACK) == POWERUP_ACK)
			return ST_OK;
	}
	return ST_POWERUP_FAILED;
}

static uint8_t write_select(struct probe *p, uint32_t value)
{
	uint8_t status;

	if (p->select_known && p->select == value)
		return ST_OK;
	p->select_known = false;
	p->csw_known = false;
	status = swd_dp_write(p, DP_SELECT, value);
	if (status == ST_OK) {
		p->select = value;
		p->select_known = true;
	}
	return status;
}

/** dap_select() - make AP register @reg (0 to 0xfc) of @ap reachable */
uint8_t dap_select(struct probe *p, unsigned int ap, unsigned int reg)
{
	return write_select(p, (uint32_t)ap << 24 | (reg & 0xf0));
}

/**
 * dap_clear_sticky() - after a FAULT, find out why and make the AP usable
 *
 * The high-level commands do that by themselves: hosts that never clear
 * sticky errors work (stlink-org, OpenOCD's hla mode).
 *
 * Return: @status, or a more exact one.
 */
uint8_t dap_clear_sticky(struct probe *p, uint8_t status)
{
	uint32_t v = 0;

	p->csw_known = false;
	if (status != ST_AP_FAULT && status != ST_DP_FAULT)
		return status;
	if (swd_dp_read(p, DP_CTRL_STAT, &v) == ST_OK) {
		if (v & WDATAERR)
			status = ST_AP_WDATA;
		else if (v & STICKYORUN)
			status = ST_AP_OVERRUN;
	}
	swd_dp_write(p, DP_ABORT, ABORT_CLEAR_ALL);
	return status;
}

/**
 * dap_read_reg() - READ_DAP_REG
 * @port: 0xffff for the DP, else the AP
 * @reg: of the DP bank << 4 | address, of an AP its address
 *
 * Sticky errors stay: the host asked for bare registers.
 */
uint8_t dap_read_reg(struct probe *p, unsigned int port, unsigned int reg,
		     uint32_t *value)
{
	uint8_t status;

	if (port == 0xffff) {
		status = write_select(p, reg >> 4 & 0xf);
		if (status != ST_OK)
			return status;
		return swd_dp_read(p, reg & 0xc, value);
	}
	status = dap_select(p, port, reg);
	if (status == ST_OK)
		status = swd_ap_read(p, reg & 0xc, value);
	if (status == ST_OK)
		status = swd_rdbuff(p, value);
	return status;
}

/** dap_write_reg() - WRITE_DAP_REG; AP writes are posted, none is awaited */
uint8_t dap_write_reg(struct probe *p, unsigned int port, unsigned int reg,
		      uint32_t value)
{
	uint8_t status;

	if (port != 0xffff) {
		status = dap_select(p, port, reg);
		if (status == ST_OK)
			status = swd_ap_write(p, reg & 0xc, value);
		p->csw_known = false;
		return status;
	}
	if (reg == DP_SELECT) {
		p->select_known = false;
		return write_select(p, value);
	}
	/* only address 4 is banked, ABORT and SELECT are not */
	if (reg >> 4) {
		status = write_select(p, reg >> 4 & 0xf);
		if (status != ST_OK)
			return status;
	}
	return swd_dp_write(p, reg & 0xc, value);
}

/** ap_is_open() - was it opened, and not closed since? */
bool ap_is_open(const struct probe *p, unsigned int ap)
{
	return ap < 256 && (p->open_aps[ap / 8] >> ap % 8 & 1);
}

static unsigned int open_count(const struct probe *p)
{
	unsigned int i, n = 0;

	for (i = 0; i < 256; i++)
		n += ap_is_open(p, i);
	return n;
}

/**
 * ap_open() - INIT_AP
 *
 * Return: ST_BAD_AP where there is none, ST_TOO_MANY_APS above three (up to
 * J31) or eight (OpenOCD's documentation).
 */
uint8_t ap_open(struct probe *p, unsigned int ap)
{
	uint32_t idr = 0;
	uint8_t status;

	if (ap_is_open(p, ap))
		return ST_OK;
	if (open_count(p) >= (p->opt.version.j >= 32 ? 8 : 3))
		return ST_TOO_MANY_APS;
	status = dap_read_reg(p, ap, AP_IDR, &idr);
	if (status != ST_OK)
		return dap_clear_sticky(p, status);
	if (!idr)
		return ST_BAD_AP;
	p->open_aps[(ap & 0xff) / 8] |= 1u << ap % 8;
	return ST_OK;
}

/** ap_close() - CLOSE_AP_DBG */
uint8_t ap_close(struct probe *p, unsigned int ap)
{
	bool was_open = ap_is_open(p, ap);

	p->open_aps[(ap & 0xff) / 8] &= ~(1u << ap % 8);
	/* V2J28 says so although it worked (OpenOCD, pyOCD) */
	if (p->opt.version.j == 28)
		return ST_BAD_AP;
	return was_open ? ST_OK : ST_BAD_AP;
}
