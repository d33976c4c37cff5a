/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A scripted ST-Link V2 on vhci-hcd.
 *
 * Left alone it behaves as a healthy probe of the chosen firmware version
 * with the chip of target.h. A test overrides the answer to chosen exchanges
 * with struct rule, reads the log of everything the host sent, and at the end
 * asks for the list of violations: things that no host may do (conform.c).
 */
#ifndef SELFTESTS_PROBE_H
#define SELFTESTS_PROBE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "target.h"
#include "usbip.h"

#define PROBE_CMD_LEN		16
#define PROBE_DATA_MAX		6144
#define PROBE_LOG_MAX		32768
#define PROBE_RULES_MAX		16

enum probe_mode {
	MODE_DFU = 0,
	MODE_MASS = 1,
	MODE_DEBUG = 2,
	MODE_SWIM = 3,
	MODE_BOOTLOADER = 4
};

/**
 * enum usb_shape - descriptors, right and wrong
 * @SHAPE_NORMAL: what the product id says (three endpoints; four interfaces
 *	for 374b, three for 3752)
 * @SHAPE_NO_ENDPOINTS: debug interface without endpoints
 * @SHAPE_NO_IN: without a bulk IN endpoint
 * @SHAPE_NO_OUT: without a bulk OUT endpoint
 * @SHAPE_INTERRUPT: interrupt endpoints instead of bulk ones
 * @SHAPE_WRONG_CLASS: interface 0 is of class HID
 * @SHAPE_SWAPPED: endpoints at other addresses, OUT first
 */
enum usb_shape {
	SHAPE_NORMAL,
	SHAPE_NO_ENDPOINTS,
	SHAPE_NO_IN,
	SHAPE_NO_OUT,
	SHAPE_INTERRUPT,
	SHAPE_WRONG_CLASS,
	SHAPE_SWAPPED
};

/**
 * enum rule_action - what to do instead of the normal answer
 * @RULE_STATUS: don't execute; status byte @arg (for a memory command: the
 *	one that the next status query returns)
 * @RULE_STALL: don't execute; STALL in the IN phase
 * @RULE_SILENT: don't execute; no answer ever
 * @RULE_SHORT: execute; only the first @arg bytes of the answer, 0 being a
 *	zero-length packet
 * @RULE_LONG: execute; @arg bytes more
 * @RULE_REPLACE: don't execute; answer with @arg bytes at @data
 * @RULE_DELAY: execute; answer @arg milliseconds later
 * @RULE_HOLD: execute; answer after probe_release()
 * @RULE_UNPLUG: unplug instead of an answer
 */
enum rule_action {
	RULE_STATUS,
	RULE_STALL,
	RULE_SILENT,
	RULE_SHORT,
	RULE_LONG,
	RULE_REPLACE,
	RULE_DELAY,
	RULE_HOLD,
	RULE_UNPLUG
};

#define ANY	(-1)
/* rule.count for "always" */
#define FOREVER	0xffffffffu

/**
 * struct rule - one override
 * @group: first command byte, or ANY
 * @op: second command byte, or ANY
 * @by_addr: only commands whose address field (bytes 2 to 5) is @addr
 * @addr: see there
 * @skip: matching commands to leave alone first
 * @count: matching commands to override then
 * @action: what to do
 * @arg: see enum rule_action
 * @data: see there
 * @hits: out: commands overridden
 */
struct rule {
	int group;
	int op;
	bool by_addr;
	uint32_t addr;
	unsigned int skip;
	unsigned int count;
	enum rule_action action;
	unsigned int arg;
	const void *data;
	unsigned int hits;
};

/**
 * struct log_entry - one command as received
 * @cmd: command block
 * @status: status byte that it ended with, 0 if it has none
 * @out_len: bytes of its OUT data phase
 * @ms: milliseconds since the probe was plugged in
 */
struct log_entry {
	uint8_t cmd[PROBE_CMD_LEN];
	uint8_t status;
	uint16_t out_len;
	uint32_t ms;
};

/* Words of one RW_MISC exchange on a V2 */
#define MISC_MAX_ITEMS	64
/* The op byte of an item */
#define MISC_SET_ADDR	1
#define MISC_WRITE	2
#define MISC_READ	3
#define MISC_SELECT_AP	5

/**
 * enum misc_ap - which AP the items go to when none was selected in this
 *	exchange; nobody has written down what the firmware does
 * @MISC_AP_DEFAULT: AP 0
 * @MISC_AP_KEEP: the one selected last, by whatever host
 * @MISC_AP_REQUIRED: none: status 1d
 */
enum misc_ap {
	MISC_AP_DEFAULT,
	MISC_AP_KEEP,
	MISC_AP_REQUIRED
};

/**
 * enum misc_lack - firmware that should know RW_MISC by its version
 * @MISC_THERE: and does
 * @MISC_UNKNOWN: answers 42 to F2 51 at once, takes the data phase for an
 *	unknown command block, and answers 42 to F2 52
 * @MISC_SILENT: says nothing to either
 */
enum misc_lack {
	MISC_THERE,
	MISC_UNKNOWN,
	MISC_SILENT
};

/**
 * struct misc - RW_MISC (F2 51 and 52)
 * @go_on: an item that fails doesn't keep those behind it from being executed
 * @ap_rule: see there
 * @lack: see there
 * @garbage: an AP without a memory behind it answers zeros, not status 1d
 * @ap: selected last
 * @num: items of the last F2 51
 * @op: their op bytes
 * @arg: their words
 * @value: what they gave
 * @status: how they ended
 * @due: F2 52 must come next
 */
struct misc {
	bool go_on;
	enum misc_ap ap_rule;
	enum misc_lack lack;
	bool garbage;
	uint32_t ap;
	unsigned int num;
	uint8_t op[MISC_MAX_ITEMS];
	uint32_t arg[MISC_MAX_ITEMS];
	uint32_t value[MISC_MAX_ITEMS];
	uint8_t status[MISC_MAX_ITEMS];
	bool due;
};

struct probe;

/**
 * struct twist - how a test falsifies what the probe says
 * @control: a request on endpoint 0 is answered with @len bytes at @data (room for
 *	4096), -1 being a stall: returns the length to answer with instead
 * @command: a command has come; false stalls the OUT endpoint
 * @taken: a command was taken; false loses its acknowledgement, a bus error to the host
 * @late: in how many ms the controller is through with a command that was taken
 * @data: data of a write have come; false loses them by a bus error
 * @answer: a command is answered with @len bytes at @r (room for TWIST_MAX), -1
 *	being nothing: returns the length to answer with instead; @due_ns is when
 * @unlinked: the host took back a transfer of the answer endpoint
 *
 * Each may be NULL; called with the device locked.
 */
struct twist {
	int (*control)(struct probe *p, const uint8_t setup[8], uint8_t *data,
		       int len);
	bool (*command)(struct probe *p, const uint8_t *cmd);
	bool (*taken)(struct probe *p, const uint8_t *cmd);
	int (*late)(struct probe *p, const uint8_t *cmd);
	bool (*data)(struct probe *p);
	int (*answer)(struct probe *p, const uint8_t *cmd, uint8_t *r, int len,
		      uint64_t *due_ns);
	void (*unlinked)(struct probe *p);
};

#define TWIST_MAX	(PROBE_DATA_MAX + 64)

/**
 * struct probe_options - which probe
 * @pid: product id
 * @j: firmware version, debug part
 * @s: firmware version, SWIM or mass storage part
 * @mode: at power-up
 * @reenumerate: F3 07 makes it vanish and come back instead of just starting
 * @serial: serial number text, NULL for none
 * @serial_raw: 12 raw bytes, used instead of @serial unless NULL
 * @shape: descriptors
 * @tar_wraps: blocks that cross 1 KiB go on at its beginning
 */
struct probe_options {
	uint16_t pid;
	unsigned int j;
	unsigned int s;
	enum probe_mode mode;
	bool reenumerate;
	const char *serial;
	const uint8_t *serial_raw;
	enum usb_shape shape;
	bool tar_wraps;
};

/**
 * struct probe - state of one scripted probe, protected by the device's lock
 *
 * The members that tests set or look at: @opt, @target, @adc (readings of
 * reference and target voltage), @replug_wanted (it left for DFU exit), @misc,
 * @twist with @twist_ctx for its own use, @controls (requests on endpoint 0).
 */
struct probe {
	struct usbip_dev *usb;
	struct probe_options opt;
	struct target target;

	enum probe_mode mode;
	unsigned int ep_in;
	unsigned int ep_out;
	uint32_t adc[2];
	uint16_t divisor;
	bool ap_open;
	uint8_t rw_status;
	uint32_t rw_addr;
	bool replug_wanted;
	struct misc misc;
	const struct twist *twist;
	void *twist_ctx;
	unsigned int controls;

	/* write data phase under way */
	uint8_t pending[PROBE_CMD_LEN];
	struct rule *pending_rule;
	size_t pending_len;
	size_t pending_got;
	uint8_t data[PROBE_DATA_MAX];
	/* last buffer content, what a failed read delivers */
	uint8_t stale[PROBE_DATA_MAX];

	struct rule rules[PROBE_RULES_MAX];
	unsigned int num_rules;

	struct log_entry log[PROBE_LOG_MAX];
	unsigned int num_log;
	uint64_t plugged_ns;

	unsigned int resets;
	unsigned int clear_halts;
	unsigned int set_interfaces;
	unsigned int overflows;

	/* conform.c */
	bool status_due;
	bool excused;
	unsigned int crossings;
	unsigned int num_violations;
	char violation[160];
};

/* probe.c: life of the probe */
struct probe *probe_new(const struct probe_options *opt);
void probe_free(struct probe *p);
int probe_plug(struct probe *p);
void probe_unplug(struct probe *p);
extern const struct probe_options probe_default;

/* firmware.c: a command and its data */
int firmware_out(struct probe *p, const uint8_t *data, size_t len);
void firmware_usb_reset(struct probe *p);

/* firmware_mem.c: memory commands */
bool mem_is_read(uint8_t op);
bool mem_is_write(uint8_t op);
unsigned int mem_width(uint8_t op);
void mem_read(struct probe *p, const uint8_t *cmd, uint8_t *data);
void mem_write(struct probe *p, const uint8_t *cmd, const uint8_t *data);

/* firmware_misc.c: scattered words in one exchange */
size_t misc_data_len(const uint8_t *cmd);
void misc_execute(struct probe *p, const uint8_t *data, int status);
int misc_answer(struct probe *p, uint8_t *r);
bool misc_refused(struct probe *p, const uint8_t *cmd);

/* descriptors.c */
int descriptors_control(struct probe *p, const uint8_t setup[8],
			uint8_t *data);

/* conform.c: what no host may do */
void conform_command(struct probe *p, const uint8_t *cmd);
void conform_misc(struct probe *p, const uint8_t *data);
void conform_excuse(struct probe *p);
void violation(struct probe *p, const uint8_t *cmd, const char *what);

/* script.c: overrides and log */
struct rule *probe_rule(struct probe *p, struct rule rule);
void probe_clear_rules(struct probe *p);
struct rule *script_match(struct probe *p, const uint8_t *cmd);
void script_log(struct probe *p, const uint8_t *cmd);
void script_status(struct probe *p, uint8_t status);
void probe_release(struct probe *p);
void probe_clear_log(struct probe *p);
unsigned int probe_count(struct probe *p, int group, int op);
int probe_find(struct probe *p, unsigned int from, int group, int op);
int probe_find_write(struct probe *p, unsigned int from, uint32_t addr,
		     uint32_t value);
bool probe_wait_command(struct probe *p, int group, int op, unsigned int n,
			unsigned int ms);
void probe_dump(struct probe *p, unsigned int from);
uint32_t get32(const uint8_t *p);
uint16_t get16(const uint8_t *p);
void put32(uint8_t *p, uint32_t v);

#endif
