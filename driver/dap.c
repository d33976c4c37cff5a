// SPDX-License-Identifier: GPL-2.0-only
/*
 * Registers of the Debug Port and the Access Ports (ADIv5).
 */
#include <linux/bitmap.h>

#include "stlink.h"

#define DP_ABORT		0x0
#define DP_ABORT_CLEAR_STICKY	0x1e	/* ORUN, WDERR, STKERR, STKCMP */
#define DP_CTRL_STAT		0x4
#define DP_CTRL_STAT_ORUNDETECT	BIT(0)
#define DP_SELECT		0x8
#define DP_RDBUFF		0xc
#define AP_IDR			0xfc

static void stlink_dap_cmd(struct stlink *st, u8 op, u16 port, u16 reg,
			   u32 value)
{
	union stlink_cmd *cmd = stlink_cmd(st, STLINK_DEBUG, op);

	cmd->dap_reg.port = cpu_to_le16(port);
	cmd->dap_reg.reg = cpu_to_le16(reg);
	cmd->dap_reg.value = cpu_to_le32(value);
}

/**
 * stlink_read_dp_ap() - read a DP or AP register
 * @st: the probe; needs STLINK_FEAT_DAP
 * @port: STLINK_DAP_DP or AP number
 * @reg: address
 * @value: what was read; untouched on error
 *
 * Return: 0 or the errno of the exchange.
 */
int stlink_read_dp_ap(struct stlink *st, u16 port, u16 reg, u32 *value)
{
	const struct stlink_ans_value *ans = st->ans;
	struct stlink_retry retry = {};
	int ret;

	do {
		stlink_dap_cmd(st, STLINK_READ_DAP_REG, port, reg, 0);
		ret = stlink_xfer_status(st, sizeof(*ans));
	} while (stlink_retry(st, &retry, &ret));

	if (!ret)
		*value = le32_to_cpu(ans->value);
	return ret;
}

/**
 * stlink_write_dp_ap() - write a DP or AP register
 * @st: the probe; needs STLINK_FEAT_DAP
 * @port: STLINK_DAP_DP or AP number
 * @reg: address
 * @value: what to write
 *
 * Return: 0 or the errno of the exchange.
 */
int stlink_write_dp_ap(struct stlink *st, u16 port, u16 reg, u32 value)
{
	struct stlink_retry retry = {};
	u32 dummy;
	int ret;

	do {
		stlink_dap_cmd(st, STLINK_WRITE_DAP_REG, port, reg, value);
		ret = stlink_xfer_status(st, STLINK_ANS_STATUS_LEN);
	} while (stlink_retry(st, &retry, &ret));

	/* AP writes are posted; reading RDBUFF brings a fault to light */
	if (!ret && port != STLINK_DAP_DP)
		ret = stlink_read_dp_ap(st, STLINK_DAP_DP, DP_RDBUFF, &dummy);
	return ret;
}

/**
 * stlink_open_ap() - open an access port, once a session
 * @st: the probe
 * @ap: its number
 *
 * Below J28 there is no such command and only AP 0. From V2J37 on memory
 * accesses fail unless the AP was opened (OpenOCD); stlink-org never opens it
 * and works too, so on older firmware a refusal is no reason to give up.
 *
 * Return: 0 or the errno of the exchange.
 */
int stlink_open_ap(struct stlink *st, u8 ap)
{
	struct stlink_retry retry = {};
	int ret;

	if (test_bit(ap, st->ap_open))
		return 0;
	if (!stlink_has(st, STLINK_FEAT_AP_INIT))
		return ap ? -ENXIO : 0;

	do {
		stlink_cmd(st, STLINK_DEBUG, STLINK_INIT_AP)->arg = ap;
		ret = stlink_xfer_status(st, STLINK_ANS_STATUS_LEN);
	} while (stlink_retry(st, &retry, &ret));

	if (ret && st->status && !ap && st->version_jtag < 37)
		ret = 0;
	if (!ret)
		set_bit(ap, st->ap_open);
	return ret;
}

/*
 * Old firmware has no way to write ABORT; most seems to clear the sticky
 * error by itself. Where it didn't, even CPUID can't be read, and only
 * leaving and entering again helps.
 */
static void stlink_clear_fault_old(struct stlink *st)
{
	union stlink_cmd *cmd;

	cmd = stlink_cmd(st, STLINK_DEBUG, STLINK_READDEBUGREG);
	cmd->debug_reg.addr = cpu_to_le32(0xe000ed00);
	if (!stlink_xfer_status(st, sizeof(struct stlink_ans_value)) ||
	    !stlink_status_is_fault(st->status))
		return;

	if (!stlink_exit_debug(st))
		stlink_enter_debug(st);
}

/**
 * stlink_clear_fault() - make the link usable again after a FAULT
 * @st: the probe
 *
 * The DP's STICKYERR stays set and fails every AP access until it is cleared.
 * @st->status and @st->last are kept: the caller still has to report them.
 */
void stlink_clear_fault(struct stlink *st)
{
	struct stlink_outcome last = st->last;
	u8 status = st->status;

	if (stlink_has(st, STLINK_FEAT_DAP)) {
		stlink_dap_cmd(st, STLINK_WRITE_DAP_REG, STLINK_DAP_DP,
			       DP_ABORT, DP_ABORT_CLEAR_STICKY);
		stlink_xfer_status(st, STLINK_ANS_STATUS_LEN);
	} else {
		stlink_clear_fault_old(st);
	}
	st->status = status;
	st->last = last;
}

/**
 * stlink_dap_check() - can this operation be carried out?
 * @st: the probe
 * @op: the operation
 *
 * Return: 0, -EINVAL, or -EOPNOTSUPP.
 */
int stlink_dap_check(const struct stlink *st, const struct stlink_dap_op *op)
{
	bool write = op->op == STLINK_OP_WRITE;

	if (op->op > STLINK_OP_POLL || op->reserved0 || op->reserved1)
		return -EINVAL;
	if (op->op != STLINK_OP_POLL && (op->mask || op->timeout_ms))
		return -EINVAL;
	if (op->timeout_ms > STLINK_MAX_TIMEOUT_MS)
		return -EINVAL;

	if (op->port != STLINK_DAP_DP) {
		if (op->port >= STLINK_MAX_AP || op->reg > AP_IDR)
			return -EINVAL;
		if (op->port && !stlink_has(st, STLINK_FEAT_AP_INIT))
			return -EOPNOTSUPP;
		return op->reg & 3 ? -EINVAL : 0;
	}

	if (op->reg & 3 || op->reg > 0xfc)
		return -EINVAL;
	if (op->reg & 0xf0 && !stlink_has(st, STLINK_FEAT_DP_BANK))
		return -EOPNOTSUPP;
	if (write && (op->reg & 0xf) == DP_SELECT)
		return -EINVAL;
	if (write && op->reg == DP_CTRL_STAT &&
	    op->value & DP_CTRL_STAT_ORUNDETECT)
		return -EINVAL;
	return 0;
}

static int stlink_dap_poll(struct stlink *st, struct stlink_dap_op *op)
{
	ktime_t start = ktime_get();
	ktime_t end = ktime_add_ms(start, op->timeout_ms);
	u32 value;
	bool late;
	int ret;

	for (;;) {
		late = ktime_after(ktime_get(), end);
		ret = stlink_read_dp_ap(st, op->port, op->reg, &value);
		if (ret)
			return ret;
		if ((value & op->mask) == op->value) {
			op->value = value;
			return 0;
		}
		if (late) {
			op->value = value;
			st->status = 0;
			return -ETIMEDOUT;
		}
		ret = stlink_pause(st, start);
		if (ret)
			return ret;
	}
}

/**
 * stlink_dap_op() - one operation of a batch
 * @st: the probe
 * @op: the operation, checked; value and status are filled in
 *
 * Return: 0 or the errno of the exchange.
 */
int stlink_dap_op(struct stlink *st, struct stlink_dap_op *op)
{
	int ret = 0;

	st->status = 0;

	/* An AP's identification may be read without opening it (OpenOCD) */
	if (op->port != STLINK_DAP_DP && op->reg != AP_IDR) {
		ret = stlink_open_ap(st, op->port);
		if (ret)
			goto out;
	}

	switch (op->op) {
	case STLINK_OP_READ:
		ret = stlink_read_dp_ap(st, op->port, op->reg, &op->value);
		break;
	case STLINK_OP_WRITE:
		ret = stlink_write_dp_ap(st, op->port, op->reg, op->value);
		break;
	case STLINK_OP_POLL:
		ret = stlink_dap_poll(st, op);
		break;
	}
out:
	op->status = st->status;
	if (ret && stlink_status_is_fault(st->status))
		stlink_clear_fault(st);
	return ret;
}
