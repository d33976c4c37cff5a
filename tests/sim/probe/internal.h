/* SPDX-License-Identifier: GPL-2.0-only */
/* Shared by the files of the probe firmware, and by nobody else. */
#ifndef SIM_PROBE_INTERNAL_H
#define SIM_PROBE_INTERNAL_H

#include "probe.h"

/* Status codes, as OpenOCD, pyOCD and probe-rs name them */
enum probe_status {
	ST_OK = 0x80,
	ST_UNKNOWN_ERROR = 0x01,
	ST_UNKNOWN_JTAG_CHAIN = 0x04,
	ST_NO_DEVICE = 0x05,
	ST_COMMAND_ERROR = 0x08,
	ST_NO_IDCODE = 0x09,
	ST_ALIGNMENT = 0x0a,
	ST_POWERUP_FAILED = 0x0b,
	ST_OTHER_MODE = 0x0e,
	ST_AP_WAIT = 0x10,
	ST_AP_FAULT = 0x11,
	ST_AP_ERROR = 0x12,
	ST_AP_PARITY = 0x13,
	ST_DP_WAIT = 0x14,
	ST_DP_FAULT = 0x15,
	ST_DP_ERROR = 0x16,
	ST_DP_PARITY = 0x17,
	ST_AP_WDATA = 0x18,
	ST_AP_STICKY = 0x19,
	ST_AP_OVERRUN = 0x1a,
	ST_BAD_AP = 0x1d,
	ST_SWV_NOT_AVAILABLE = 0x20,
	ST_TOO_MANY_APS = 0x29,
	ST_UNKNOWN_COMMAND = 0x42,
};

#define CMD_SIZE	16
/* 8-bit and other accesses per command: OpenOCD STLINK_MAX_RW8, _RW16_32 */
#define MEM8_MAX	64
#define MEM32_MAX	6144
#define MISC_MAX_ITEMS	64	/* OpenOCD STLINK_V2_RW_MISC_SIZE */
#define TRACE_MAX_BAUD	2000000	/* stlink-org; OpenOCD says 2.25 MHz */

struct probe {
	struct probe_options opt;
	struct probe_sink sink;
	struct chip *chip;
	FILE *log;
	struct probe_inject inject;
	struct probe_counters counters;

	uint64_t t;		/* where the firmware is on the timeline */
	enum probe_mode mode;
	unsigned int divisor;
	bool nrst_low;
	uint8_t open_aps[256 / 8];

	/* DP and AP registers as the firmware left them */
	uint32_t select;
	bool select_known;
	uint32_t csw;
	bool csw_known;

	uint8_t rw_status;
	uint32_t rw_fault;

	uint8_t cmd[CMD_SIZE];
	size_t out_want;	/* bytes of the data phase, 0: command is next */
	size_t out_have;
	bool out_ignore;	/* swallow the data phase only */

	unsigned int misc_items;	/* answered by the next 52 */
	uint8_t misc_status;
	unsigned int misc_ap;		/* told last */
	uint8_t misc[2 * 4 * MISC_MAX_ITEMS];

	/*
	 * One buffer for everything, as in the device: what a failed read does
	 * not overwrite is what an earlier exchange left there.
	 */
	uint8_t buf[65536];
};

static inline uint16_t get16(const uint8_t *p)
{
	return p[0] | p[1] << 8;
}

static inline uint32_t get32(const uint8_t *p)
{
	return p[0] | p[1] << 8 | p[2] << 16 | (uint32_t)p[3] << 24;
}

static inline void put16(uint8_t *p, uint16_t v)
{
	p[0] = v;
	p[1] = v >> 8;
}

static inline void put32(uint8_t *p, uint32_t v)
{
	put16(p, v);
	put16(p + 2, v >> 16);
}

/* version.c */
uint16_t version_word(const struct probe_version *version);

/* swd.c: all return an enum probe_status */
uint8_t swd_dp_read(struct probe *p, unsigned int a, uint32_t *value);
uint8_t swd_dp_write(struct probe *p, unsigned int a, uint32_t value);
uint8_t swd_ap_read(struct probe *p, unsigned int a, uint32_t *value);
uint8_t swd_ap_write(struct probe *p, unsigned int a, uint32_t value);
uint8_t swd_rdbuff(struct probe *p, uint32_t *value);
void swd_reset_line(struct probe *p);
void probe_spend(struct probe *p, uint64_t ns);

/* dap.c */
#define DP_ABORT	0x0
#define DP_DPIDR	0x0
#define DP_CTRL_STAT	0x4
#define DP_SELECT	0x8
#define DP_RDBUFF	0xc
#define AP_CSW		0x0
#define AP_TAR		0x4
#define AP_DRW		0xc
#define AP_IDR		0xfc
uint8_t dap_connect(struct probe *p);
void dap_forget(struct probe *p);
uint8_t dap_select(struct probe *p, unsigned int ap, unsigned int reg);
uint8_t dap_clear_sticky(struct probe *p, uint8_t status);
uint8_t dap_read_reg(struct probe *p, unsigned int port, unsigned int reg,
		     uint32_t *value);
uint8_t dap_write_reg(struct probe *p, unsigned int port, unsigned int reg,
		      uint32_t value);
bool ap_is_open(const struct probe *p, unsigned int ap);
uint8_t ap_open(struct probe *p, unsigned int ap);
uint8_t ap_close(struct probe *p, unsigned int ap);

/* memory.c */
/**
 * struct mem_access - one block through a MEM-AP
 * @ap: access port
 * @addr: first address
 * @count: elements
 * @size: bytes of each, 1, 2 or 4
 * @increment: address goes up with each element
 * @csw_top: CSW[31:8] as the host wants it, 0 for the firmware's own
 */
struct mem_access {
	unsigned int ap;
	uint32_t addr;
	unsigned int count;
	unsigned int size;
	bool increment;
	uint32_t csw_top;
};
uint8_t mem_read(struct probe *p, const struct mem_access *m, uint8_t *data,
		 uint32_t *fault);
uint8_t mem_write(struct probe *p, const struct mem_access *m,
		  const uint8_t *data, uint32_t *fault);
uint8_t mem_read32(struct probe *p, uint32_t addr, uint32_t *value);
uint8_t mem_write32(struct probe *p, uint32_t addr, uint32_t value);

/* core.c */
uint8_t core_read_reg(struct probe *p, unsigned int reg, uint32_t *value);
uint8_t core_write_reg(struct probe *p, unsigned int reg, uint32_t value);
uint8_t core_system_reset(struct probe *p);

/* command.c */
void reply(struct probe *p, size_t len);
void reply_status(struct probe *p, uint8_t status, size_t len);
void reply_stall(struct probe *p);
void reply_unknown(struct probe *p, size_t len);
void expect_data(struct probe *p, size_t len, bool ignore);
void drive_nrst(struct probe *p, bool low);
void probe_log(struct probe *p, const char *what, const uint8_t *data,
	       size_t len);

/* debug.c, debug_mem.c, misc.c: group F2 */
void debug_command(struct probe *p);
void debug_data(struct probe *p);
void debug_leave(struct probe *p);
uint8_t inject_status(struct probe *p);
void debug_mem_command(struct probe *p);
void debug_mem_data(struct probe *p);
void debug_mem_refuse(struct probe *p, uint8_t status);
void misc_out_command(struct probe *p);
void misc_out_data(struct probe *p);
size_t misc_out_length(const struct probe *p);
void misc_in_command(struct probe *p);

#endif
