// SPDX-License-Identifier: GPL-2.0-only
/*
 * The status byte of the probe: what it means, and whether to try again.
 */
#include <linux/errno.h>

#include "stlink.h"

/* 1, 2, 4 ... 128 ms, as OpenOCD waits: 255 ms in all */
#define STLINK_MAX_RETRIES	8

/**
 * stlink_status_errno() - errno of a status byte
 * @status: as answered
 *
 * The only place that decides it; the table for programs is in the header.
 *
 * Return: 0 for success, -EPROTO for a status that nobody knows.
 */
int stlink_status_errno(u8 status)
{
	switch (status) {
	case STLINK_ST_OK:
		return 0;
	case STLINK_ST_COMMAND_WAIT:
	case STLINK_ST_AP_WAIT:
	case STLINK_ST_DP_WAIT:
		return -ETIMEDOUT;
	case STLINK_ST_NO_DEVICE:
	case STLINK_ST_JTAG_CHAIN:
	case STLINK_ST_IDCODE:
	case STLINK_ST_DEBUG_POWER:
	case STLINK_ST_AP_ERROR:
	case STLINK_ST_DP_ERROR:
	case STLINK_ST_BAD_AP:
	case STLINK_ST_TOO_MANY_AP:
		return -ENXIO;
	case STLINK_ST_FAULT:
	case STLINK_ST_UNKNOWN:
	case STLINK_ST_WRITE_ERROR:
	/* OpenOCD takes this one for success; that can hide a failed write */
	case STLINK_ST_WRITE_VERIFY:
	case STLINK_ST_AP_FAULT:
	case STLINK_ST_DP_FAULT:
	case STLINK_ST_AP_WDATA:
	case STLINK_ST_AP_STICKY:
	case STLINK_ST_AP_OVERRUN:
		return -EREMOTEIO;
	case STLINK_ST_AP_PARITY:
	case STLINK_ST_DP_PARITY:
		return -EBADMSG;
	case STLINK_ST_SPI:
	case STLINK_ST_DMA:
	case STLINK_ST_INTERNAL:
	case STLINK_ST_COMMAND:
	case STLINK_ST_ALIGNMENT:
	case STLINK_ST_OTHER_MODE:
		return -EIO;
	case STLINK_ST_SWV:
	case STLINK_ST_BAD_FREQ:
	case STLINK_ST_UNKNOWN_CMD:
		return -EOPNOTSUPP;
	default:
		return -EPROTO;
	}
}

/**
 * stlink_status_is_wait() - was the target busy?
 * @status: status byte
 *
 * The firmware repeats a WAIT by itself a few times before it says so.
 *
 * Return: true if the same again may succeed.
 */
bool stlink_status_is_wait(u8 status)
{
	return status == STLINK_ST_AP_WAIT || status == STLINK_ST_DP_WAIT ||
	       status == STLINK_ST_COMMAND_WAIT;
}

/**
 * stlink_status_is_fault() - did the target refuse the access?
 * @status: status byte
 *
 * Return: true if a sticky error may stand in the DP now.
 */
bool stlink_status_is_fault(u8 status)
{
	return stlink_status_errno(status) == -EREMOTEIO;
}

/**
 * stlink_retry() - shall an operation be repeated?
 * @st: the probe
 * @retry: zero before the first time
 * @ret: result of the operation, with its status in @st->status; replaced when
 *	the wait for the next time was cut short
 *
 * WAIT is retried after a growing pause. A FAULT right behind a WAIT is one
 * too: Black Magic Debug saw WAIT, FAULT, OK from a sleeping target.
 *
 * Return: true to repeat it as a whole.
 */
bool stlink_retry(struct stlink *st, struct stlink_retry *retry, int *ret)
{
	u8 status = st->status;
	int err;

	if (!*ret || retry->count >= STLINK_MAX_RETRIES)
		return false;

	if (stlink_status_is_wait(status))
		retry->waited = true;
	else if (retry->waited && stlink_status_is_fault(status))
		stlink_clear_fault(st);
	else
		return false;

	err = stlink_sleep(st, (1000 << retry->count++));
	st->status = status;
	if (err)
		*ret = err;
	return !err;
}
