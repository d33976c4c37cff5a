// SPDX-License-Identifier: GPL-2.0-only
/*
 * What the device wants to send, and the IN transfers that wait for it.
 *
 * Answers leave in packets of 64 bytes as a full-speed device sends them, or of
 * 512 at high speed: a short packet ends a transfer, a full one does not, and a
 * packet for which the host left no room is an overflow. No zero-length packet
 * is added.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "usbip.h"
#include "usbip_queue.h"

static void drop_answer(struct answer **link)
{
	struct answer *a = *link;

	*link = a->next;
	free(a);
}

static void drop_transfer(struct transfer **link)
{
	struct transfer *t = *link;

	*link = t->next;
	free(t->buf);
	free(t);
}

/**
 * queue_transfer() - the host waits for data
 * @q: queue
 * @seqnum: number of the transfer
 * @ep: endpoint number
 * @buf: buffer from malloc(), taken over
 * @len: size of that
 *
 * Return: false without memory; then @buf is still the caller's.
 */
bool queue_transfer(struct usb_queue *q, uint32_t seqnum, unsigned int ep,
		    uint8_t *buf, uint32_t len)
{
	struct transfer *t = calloc(1, sizeof(*t)), **tail;

	if (!t)
		return false;
	t->seqnum = seqnum;
	t->ep = ep;
	t->len = len;
	t->buf = buf;
	for (tail = &q->transfers; *tail; tail = &(*tail)->next)
		;
	*tail = t;
	return true;
}

/**
 * queue_cancel() - the host doesn't wait any more
 * @q: queue
 * @seqnum: number of the transfer
 * @ep: out: its endpoint
 *
 * Return: false if there is no such transfer (any more).
 */
bool queue_cancel(struct usb_queue *q, uint32_t seqnum, unsigned int *ep)
{
	struct transfer **tl;

	for (tl = &q->transfers; *tl; tl = &(*tl)->next) {
		if ((*tl)->seqnum != seqnum)
			continue;
		*ep = (*tl)->ep;
		drop_transfer(tl);
		return true;
	}
	return false;
}

/**
 * queue_answer() - the device has something to send
 * @q: queue
 * @ep: endpoint number
 * @data: bytes, copied
 * @len: their number, 0 for a zero-length packet
 * @due_ns: when, see struct answer
 * @stall: STALL instead
 */
void queue_answer(struct usb_queue *q, unsigned int ep, const void *data,
		  size_t len, uint64_t due_ns, bool stall)
{
	struct answer *a = calloc(1, sizeof(*a) + len), **tail;

	if (!a)
		abort();
	a->ep = ep;
	a->due_ns = due_ns;
	a->stall = stall;
	a->len = len;
	if (len)
		memcpy(a->data, data, len);
	for (tail = &q->answers; *tail; tail = &(*tail)->next)
		;
	*tail = a;
}

static void complete(struct usb_queue *q, struct transfer **tl, int status)
{
	q->complete(q->ctx, *tl, status);
	drop_transfer(tl);
}

/* Move one packet; false while there is none to move. */
static bool move_packet(struct usb_queue *q, struct transfer **tl,
			struct answer **al, uint64_t now)
{
	struct transfer *t = *tl;
	struct answer *a = *al;
	size_t n;

	if (a->due_ns == USBIP_HELD || a->due_ns > now)
		return false;
	if (a->stall) {
		/* The halt stays until the endpoint is reset: queue_flush() */
		complete(q, tl, -EPIPE);
		return true;
	}
	n = a->len - a->pos;
	if (n > q->packet)
		n = q->packet;
	if (n > t->len - t->got) {
		drop_answer(al);
		q->overflow(q->ctx, t->ep);
		complete(q, tl, -EOVERFLOW);
		return true;
	}
	memcpy(t->buf + t->got, a->data + a->pos, n);
	t->got += n;
	a->pos += n;
	if (a->pos == a->len)
		drop_answer(al);
	if (n < q->packet || t->got == t->len)
		complete(q, tl, 0);
	return true;
}

/**
 * queue_pump() - move all packets that can be moved
 * @q: queue
 * @now: now_ns() time
 */
void queue_pump(struct usb_queue *q, uint64_t now)
{
	struct transfer **tl = &q->transfers;
	struct answer **al;

	while (*tl) {
		for (al = &q->answers; *al; al = &(*al)->next)
			if ((*al)->ep == (*tl)->ep)
				break;
		if (*al && move_packet(q, tl, al, now))
			tl = &q->transfers;
		else
			tl = &(*tl)->next;
	}
}

/**
 * queue_next_due() - when queue_pump() may have something to do again
 * @q: queue
 * @now: what queue_pump() was told, or an answer that came due since would be
 *	forgotten
 *
 * Return: now_ns() time, USBIP_HELD for never by itself.
 */
uint64_t queue_next_due(struct usb_queue *q, uint64_t now)
{
	uint64_t best = USBIP_HELD;
	struct answer *a;

	for (a = q->answers; a; a = a->next)
		if (a->due_ns > now && a->due_ns < best)
			best = a->due_ns;
	return best;
}

/**
 * queue_release() - make all answers due
 * @q: queue
 */
void queue_release(struct usb_queue *q)
{
	struct answer *a;

	for (a = q->answers; a; a = a->next)
		a->due_ns = 0;
}

/**
 * queue_flush() - throw all answers away
 * @q: queue
 */
void queue_flush(struct usb_queue *q)
{
	while (q->answers)
		drop_answer(&q->answers);
}

/**
 * queue_clear() - throw answers and transfers away
 * @q: queue
 */
void queue_clear(struct usb_queue *q)
{
	queue_flush(q);
	while (q->transfers)
		drop_transfer(&q->transfers);
}
