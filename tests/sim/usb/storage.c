// SPDX-License-Identifier: GPL-2.0-only
/*
 * The disk of a V2-1, as a reader without a medium: enough of bulk-only
 * transport and SCSI that the host attaches it quietly. Programming by copying
 * a file is not simulated.
 */
#include <string.h>

#include "endpoint.h"

#define CBW_SIZE	31
#define KEY_NOT_READY	2
#define KEY_ILLEGAL	5
#define ASC_NO_MEDIUM	0x3a
#define ASC_BAD_OPCODE	0x20

enum { SCSI_TEST_READY = 0x00, SCSI_SENSE = 0x03, SCSI_INQUIRY = 0x12,
       SCSI_START_STOP = 0x1b, SCSI_ALLOW_REMOVAL = 0x1e };

void storage_reset(struct usb_storage *s)
{
	memset(s, 0, sizeof(*s));
}

static size_t inquiry(uint8_t *out)
{
	memset(out, 0, 36);
	out[1] = 0x80;			/* removable */
	out[2] = 2;			/* SCSI-2 */
	out[3] = 2;
	out[4] = 36 - 5;
	memcpy(out + 8, "MBED    microcontroller 1.0 ", 28);
	return 36;
}

static size_t sense(struct usb_storage *s, uint8_t *out)
{
	memset(out, 0, 18);
	out[0] = 0x70;
	out[2] = s->sense_key;
	out[7] = 10;
	out[12] = s->sense_code;
	s->sense_key = 0;
	s->sense_code = 0;
	return 18;
}

/* returns bytes of data for the host; *ok: command status */
static size_t scsi(struct usb_storage *s, const uint8_t *cb, uint8_t *out,
		   bool *ok)
{
	*ok = true;
	switch (cb[0]) {
	case SCSI_INQUIRY:
		if (!(cb[1] & 1))	/* no vital product data */
			return inquiry(out);
		break;
	case SCSI_SENSE:
		return sense(s, out);
	case SCSI_START_STOP:
	case SCSI_ALLOW_REMOVAL:
		return 0;
	}
	*ok = false;
	if (cb[0] == SCSI_INQUIRY) {
		s->sense_key = KEY_ILLEGAL;
		s->sense_code = ASC_BAD_OPCODE;
	} else {
		s->sense_key = KEY_NOT_READY;
		s->sense_code = ASC_NO_MEDIUM;
	}
	return 0;
}

static void put32(uint8_t *p, uint32_t v)
{
	p[0] = v;
	p[1] = v >> 8;
	p[2] = v >> 16;
	p[3] = v >> 24;
}

static void command(struct usb_device *dev, struct usb_storage *s,
		    uint8_t in_ep, const uint8_t *cbw, uint64_t t)
{
	uint32_t want = cbw[8] | cbw[9] << 8 | cbw[10] << 16 |
		(uint32_t)cbw[11] << 24;
	bool in = cbw[12] & 0x80, ok;
	uint8_t data[36];
	size_t n = scsi(s, cbw + 15, data, &ok);

	n = in && n < want ? n : in ? want : 0;
	memcpy(s->csw, "USBS", 4);
	memcpy(s->csw + 4, cbw + 4, 4);
	put32(s->csw + 8, want - n);
	s->csw[12] = !ok;
	if (want && !in) {
		s->want_data = want;
	} else if (in && want && !ok) {
		/* nothing to send: halt, the status follows the clear-halt */
		s->csw_after_clear = true;
		usb_halt(dev, in_ep, t);
	} else {
		if (in && want)
			usb_answer(dev, in_ep, data, n, t);
		usb_answer(dev, in_ep, s->csw, sizeof(s->csw), t);
	}
}

/** storage_out() - a packet of bulk-only transport */
void storage_out(struct usb_device *dev, struct usb_storage *s, uint8_t in_ep,
		 const uint8_t *data, size_t len, uint64_t t_ns)
{
	if (s->want_data) {
		s->want_data -= len < s->want_data ? len : s->want_data;
		if (!s->want_data)
			usb_answer(dev, in_ep, s->csw, sizeof(s->csw), t_ns);
		return;
	}
	if (len != CBW_SIZE || memcmp(data, "USBC", 4)) {
		usb_halt(dev, in_ep, t_ns);
		return;
	}
	command(dev, s, in_ep, data, t_ns);
}

/** storage_halt_cleared() - the host has recovered: now the status */
void storage_halt_cleared(struct usb_device *dev, struct usb_storage *s,
			  uint8_t in_ep, uint64_t t_ns)
{
	if (!s->csw_after_clear)
		return;
	s->csw_after_clear = false;
	usb_answer(dev, in_ep, s->csw, sizeof(s->csw), t_ns);
}
