// SPDX-License-Identifier: GPL-2.0-only
/*
 * Turning failures into sentences: errno of the ioctls and status bytes of
 * the probe, in the words of the uAPI header's table.
 */
#include <errno.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "error.h"

void stl_printable(char *text)
{
	for (; *text; text++) {
		if ((unsigned char)*text < ' ' || *text == '\177')
			*text = '?';
	}
}

int stl_fail(struct stl_error *err, enum stl_code code, const char *fmt, ...)
{
	va_list ap;

	if (!err)
		return code;
	memset(err, 0, sizeof(*err));
	err->code = code;
	va_start(ap, fmt);
	vsnprintf(err->message, sizeof(err->message), fmt, ap);
	va_end(ap);
	stl_printable(err->message);
	return code;
}

void stl_hint(struct stl_error *err, const char *fmt, ...)
{
	size_t used;
	va_list ap;

	if (!err)
		return;
	used = strlen(err->hint);
	if (used && used + 1 < sizeof(err->hint)) {
		err->hint[used++] = '\n';
		err->hint[used] = '\0';
	}
	va_start(ap, fmt);
	vsnprintf(err->hint + used, sizeof(err->hint) - used, fmt, ap);
	va_end(ap);
	stl_printable(err->hint + used);
}

const char *stl_status_text(uint32_t status)
{
	static const struct {
		uint8_t status;
		const char *text;
	} names[] = {
		{ 0x01, "unknown error" },
		{ 0x02, "SPI error" },
		{ 0x03, "DMA error" },
		{ 0x04, "unknown JTAG chain" },
		{ 0x05, "no device connected" },
		{ 0x06, "internal error" },
		{ 0x07, "command WAIT" },
		{ 0x08, "command error" },
		{ 0x09, "ID code could not be read" },
		{ 0x0a, "wrong alignment" },
		{ 0x0b, "debug power-up failed" },
		{ 0x0c, "write error" },
		{ 0x0d, "write verify error" },
		{ 0x0e, "in another mode" },
		{ 0x10, "AP WAIT" },
		{ 0x11, "AP FAULT" },
		{ 0x12, "AP error" },
		{ 0x13, "AP parity error" },
		{ 0x14, "DP WAIT" },
		{ 0x15, "DP FAULT" },
		{ 0x16, "DP error" },
		{ 0x17, "DP parity error" },
		{ 0x18, "AP write data error" },
		{ 0x19, "AP sticky error" },
		{ 0x1a, "AP sticky overrun" },
		{ 0x1d, "bad AP" },
		{ 0x20, "SWV not available" },
		{ 0x29, "too many APs" },
		{ 0x41, "frequency not supported" },
		{ 0x42, "unknown command" },
		{ 0x80, "OK" },
		{ 0x81, "FAULT" },
	};
	size_t i;

	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (names[i].status == (status & 0xff))
			return names[i].text;
	return "unknown status";
}

static bool is_wait(uint32_t status)
{
	return status == 0x07 || status == 0x10 || status == 0x14;
}

/* Nothing came in time: who is it that is waited for? */
static void classify_timeout(uint32_t status, const char **text,
			     const char **hint)
{
	if (status == STL_SILENT) {
		*text = "the probe gives no answer";
		*hint = "check the cable; unplug the probe and plug it in again";
	} else if (is_wait(status)) {
		*text = "the target stays busy";
		*hint = "reset or power-cycle the board; lower the clock (--freq)";
	} else {
		*text = "the target did not get there in time";
		*hint = "reset or power-cycle the board, then try again";
	}
}

/* What an errno of the uAPI means, and the class it belongs to. */
static enum stl_code classify(int errnum, uint32_t status, const char **text,
			      const char **hint)
{
	*hint = NULL;
	switch (errnum) {
	case ENODEV:
		*text = "the probe was unplugged, or detached from its driver";
		*hint = "plug it in again, then repeat the command";
		return STL_NO_PROBE;
	case ENXIO:
		*text = "the target does not answer";
		*hint = STL_HINT_NO_ANSWER;
		return STL_NO_TARGET;
	case ENOTCONN:
		*text = "the session with the target was lost";
		*hint = "the probe was reset or suspended; try again";
		return STL_LINK;
	case EREMOTEIO:
		*text = "the target refused the access";
		*hint = "reset or power-cycle the board, then try again";
		return STL_LINK;
	case ETIMEDOUT:
		classify_timeout(status, text, hint);
		return STL_LINK;
	case EBADMSG:
		*text = "parity error on SWD";
		*hint = "shorten the leads or lower the clock";
		return STL_LINK;
	case EPROTO:
		*text = "the probe answered nonsense";
		*hint = "unplug the probe and plug it in again";
		return STL_LINK;
	case EIO:
		*text = status ? "the probe failed" : "USB error";
		*hint = "check the cable; unplug the probe and plug it in again";
		return STL_LINK;
	case EBUSY:
		*text = "another program has the probe";
		return STL_PROBE_BUSY;
	case EACCES:
	case EPERM:
		*text = "no permission to change the target";
		return STL_NO_PERMISSION;
	case EOPNOTSUPP:
		*text = "the firmware of this probe can't do that";
		*hint = "update it with a tool of ST";
		return STL_LINK;
	case ENODATA:
		*text = "the core is running";
		return STL_LINK;
	case EINTR:
		*text = "interrupted";
		return STL_LINK;
	case E2BIG:
	case ENOTTY:
		*text = "the kernel module is of another version";
		*hint = "load the stlink module that came with this program";
		return STL_LINK;
	default:
		*text = strerror(errnum);
		return STL_LINK;
	}
}

int stl_fail_errno(struct stl_error *err, int ret, uint32_t status,
		   const char *fmt, ...)
{
	const char *text, *hint;
	enum stl_code code;
	char what[256];
	va_list ap;

	code = classify(-ret, status, &text, &hint);
	if (!err)
		return code;
	va_start(ap, fmt);
	vsnprintf(what, sizeof(what), fmt, ap);
	va_end(ap);
	if (status && status != 0x80 && status != STL_SILENT)
		stl_fail(err, code, "%s: %s (%s, status %02x)", what, text,
			 stl_status_text(status), status & 0xff);
	else
		stl_fail(err, code, "%s: %s", what, text);
	err->errnum = -ret;
	err->status = status;
	if (hint)
		stl_hint(err, "%s", hint);
	return code;
}
