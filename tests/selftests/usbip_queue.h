/* SPDX-License-Identifier: GPL-2.0-only */
/* What the device wants to send, and the IN transfers that wait for it. */
#ifndef SELFTESTS_USBIP_QUEUE_H
#define SELFTESTS_USBIP_QUEUE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/**
 * struct transfer - one IN transfer of the host
 * @next: list
 * @seqnum: its USB/IP number
 * @ep: endpoint number
 * @len: size of the host's buffer
 * @got: bytes there so far
 * @buf: the bytes, owned
 */
struct transfer {
	struct transfer *next;
	uint32_t seqnum;
	unsigned int ep;
	uint32_t len;
	uint32_t got;
	uint8_t *buf;
};

/**
 * struct answer - data, or a STALL, that the device has to offer
 * @next: list
 * @ep: endpoint number
 * @due_ns: now_ns() time before which the endpoint answers NAK
 * @stall: STALL instead of data
 * @len: bytes
 * @pos: of which the host has fetched these
 * @data: the bytes
 */
struct answer {
	struct answer *next;
	unsigned int ep;
	uint64_t due_ns;
	bool stall;
	size_t len;
	size_t pos;
	uint8_t data[];
};

/**
 * struct usb_queue - both lists, oldest first
 * @transfers: waiting IN transfers
 * @answers: what there is to send
 * @packet: bytes of a full packet
 * @complete: a transfer is over, with a status as in urb->status; it is freed
 *	afterwards
 * @overflow: a packet was longer than what was left of the buffer
 * @ctx: handed to both
 */
struct usb_queue {
	struct transfer *transfers;
	struct answer *answers;
	size_t packet;
	void (*complete)(void *ctx, const struct transfer *t, int status);
	void (*overflow)(void *ctx, unsigned int ep);
	void *ctx;
};

bool queue_transfer(struct usb_queue *q, uint32_t seqnum, unsigned int ep,
		    uint8_t *buf, uint32_t len);
bool queue_cancel(struct usb_queue *q, uint32_t seqnum, unsigned int *ep);
void queue_answer(struct usb_queue *q, unsigned int ep, const void *data,
		  size_t len, uint64_t due_ns, bool stall);
void queue_pump(struct usb_queue *q, uint64_t now);
uint64_t queue_next_due(struct usb_queue *q, uint64_t now);
void queue_release(struct usb_queue *q);
void queue_flush(struct usb_queue *q);
void queue_clear(struct usb_queue *q);

#endif
