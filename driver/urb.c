// SPDX-License-Identifier: GPL-2.0-only
/*
 * The two URBs of a probe: one for commands, one for data. The only file that
 * submits USB I/O to the bulk pipes.
 */
#include <linux/delay.h>
#include <linux/jiffies.h>
#include <linux/slab.h>

#include "stlink.h"

/*
 * A vanishing device often shows as an error of some kind first. Waiting this long
 * for the disconnect lets the program hear ENODEV, which it can explain. Hubs are
 * asked for changes every 255 ms at worst (USB 2.0, 11.12.1), and a thread, which
 * may be at work on another port, has to act on them.
 */
#define STLINK_GONE_WAIT_US	1000000

/* A controller needs milliseconds to give back an URB */
#define STLINK_CANCEL_MS	1000U

/* Where there is no memory for what must be sent, there may be some soon */
#define STLINK_NOMEM_TRIES	10
#define STLINK_NOMEM_US		10000

static void stlink_urb_complete(struct urb *urb)
{
	struct stlink_urb *u = urb->context;

	complete(&u->done);
}

/*
 * What disconnect may look at while another exchange is being prepared is filled
 * in here, and stays: it poisons the URBs without io_lock.
 */
static int stlink_urb_alloc(struct stlink *st, struct stlink_urb *u)
{
	init_completion(&u->done);
	u->urb = usb_alloc_urb(0, GFP_KERNEL);
	if (!u->urb)
		return -ENOMEM;
	usb_fill_bulk_urb(u->urb, st->udev, 0, NULL, 0, stlink_urb_complete, u);
	return 0;
}

/**
 * stlink_urbs_alloc() - all memory that exchanges need, once
 * @st: the probe
 *
 * What fails half way is freed by stlink_urbs_free().
 *
 * Return: 0 or -ENOMEM.
 */
int stlink_urbs_alloc(struct stlink *st)
{
	/* Separate allocations: each is mapped for DMA by itself */
	st->cmd = kmalloc(sizeof(*st->cmd), GFP_KERNEL);
	st->ans = kmalloc(STLINK_ANS_SIZE, GFP_KERNEL);
	st->buf = kmalloc(STLINK_MAX_BLOCK, GFP_KERNEL);
	if (!st->cmd || !st->ans || !st->buf)
		return -ENOMEM;

	return stlink_urb_alloc(st, &st->out) ?: stlink_urb_alloc(st, &st->data);
}

/**
 * stlink_urbs_free() - undo stlink_urbs_alloc(), also half of it
 * @st: the probe
 */
void stlink_urbs_free(struct stlink *st)
{
	/* Of a probing that failed one may be lost */
	usb_kill_urb(st->data.urb);
	usb_kill_urb(st->out.urb);
	usb_free_urb(st->data.urb);
	usb_free_urb(st->out.urb);
	kfree(st->buf);
	kfree(st->ans);
	kfree(st->cmd);
}

/*
 * Unplugged: usbcore marks the device and disables its endpoints before it tells us,
 * and who is between its checks then is told -ENOENT (usb_hcd_link_urb_to_ep()).
 */
static bool stlink_vanished(struct stlink *st)
{
	return READ_ONCE(st->gone) ||
	       READ_ONCE(st->udev->state) == USB_STATE_NOTATTACHED;
}

/**
 * stlink_usb_errno() - what an URB's status is to a program
 * @st: the probe; a stall is noted in its @dirty
 * @status: of the URB, or of submitting it
 *
 * Return: 0, -ENODEV, -EIO, -EPROTO for more than there was room for, or -ENOMEM.
 */
int stlink_usb_errno(struct stlink *st, int status)
{
	switch (status) {
	case 0:
		return 0;
	case -ENODEV:
	case -ESHUTDOWN:
		return -ENODEV;
	case -EPIPE:
		set_bit(STLINK_DIRTY_STALL, &st->dirty);
		return -EIO;
	case -EOVERFLOW:
		return -EPROTO;
	case -ENOMEM:
		return -ENOMEM;
	default:
		dev_dbg(&st->dev, "USB: %pe\n", ERR_PTR(status));
		/* lifetime.pml: broken */
		if (!stlink_vanished(st))
			stlink_sleep(st, STLINK_GONE_WAIT_US);
		return stlink_vanished(st) ? -ENODEV : -EIO;
	}
}

static bool stlink_urb_lost(struct stlink_urb *u)
{
	if (u->lost && try_wait_for_completion(&u->done))
		u->lost = false;
	return u->lost;
}

/**
 * stlink_urbs_lost() - is the controller still holding on to an URB of ours?
 * @st: the probe
 *
 * Then it can't be reached, and a reset would wait for it as well.
 */
bool stlink_urbs_lost(struct stlink *st)
{
	lockdep_assert_held(&st->io_lock);

	return stlink_urb_lost(&st->out) || stlink_urb_lost(&st->data);
}

/**
 * stlink_urb_fill() - what an URB is to carry next
 * @u: the URB, not out there
 * @pipe: usb_sndbulkpipe() or usb_rcvbulkpipe()
 * @buf: DMA-able
 * @len: bytes
 */
void stlink_urb_fill(struct stlink_urb *u, unsigned int pipe, void *buf,
		     size_t len)
{
	u->urb->pipe = pipe;
	u->urb->transfer_buffer = buf;
	u->urb->transfer_buffer_length = len;
	/* Until it has been out there */
	u->urb->actual_length = 0;
}

/**
 * stlink_urb_submit() - send an URB out
 * @st: the probe
 * @u: the URB, filled
 * @begun: it belongs to an exchange that has begun
 *
 * The controller's driver allocates for each URB. Who is told ENOMEM can try again
 * later; but not where an exchange has begun: the probe takes whatever comes next
 * for the data it waits for. Nor is there a later for a clean-up.
 *
 * Return: 0 or what usb_submit_urb() says.
 */
int stlink_urb_submit(struct stlink *st, struct stlink_urb *u, bool begun)
{
	int ret, i;

	for (i = 0;; i++) {
		/* lifetime.pml: submit */
		reinit_completion(&u->done);
		ret = usb_submit_urb(u->urb, GFP_NOIO);
		if (ret != -ENOMEM || i == STLINK_NOMEM_TRIES ||
		    !(begun || st->uninterruptible))
			return ret;
		fsleep(STLINK_NOMEM_US);
	}
}

/**
 * stlink_urb_cancel() - take an URB back that was submitted
 * @u: the URB
 *
 * USB/IP asks another machine for it, which may never answer. So no
 * usb_kill_urb(): whoever waits would have to wait with it, and couldn't be killed.
 * Its memory stays until disconnect.
 *
 * Return: whether it came back.
 */
bool stlink_urb_cancel(struct stlink_urb *u)
{
	usb_unlink_urb(u->urb);
	u->lost = !wait_for_completion_timeout(&u->done,
					msecs_to_jiffies(STLINK_CANCEL_MS));
	return !u->lost;
}

/**
 * stlink_urb_wait() - wait for an URB, and take it back if it doesn't end
 * @st: the probe
 * @u: the URB
 * @left: what remains of the time for the whole exchange, jiffies
 *
 * A killed program gives each half of a write STLINK_DATA_MS more: what is taken back
 * may have been taken all the same, and only a reset would make sure of the probe.
 *
 * Return: 0, -ETIMEDOUT, -EINTR if killed, or as stlink_usb_errno().
 */
int stlink_urb_wait(struct stlink *st, struct stlink_urb *u,
		    unsigned long *left)
{
	const unsigned long grace = msecs_to_jiffies(STLINK_DATA_MS);
	bool killed;
	long ret;

	if (st->uninterruptible)
		ret = wait_for_completion_timeout(&u->done, *left);
	else
		ret = wait_for_completion_killable_timeout(&u->done, *left);
	killed = ret < 0;
	if (killed && st->writing)
		ret = wait_for_completion_timeout(&u->done, grace);
	if (ret > 0) {
		*left = ret;
		return stlink_usb_errno(st, u->urb->status);
	}

	*left = 1;
	/* lifetime.pml: cancel_urb */
	if (stlink_urb_cancel(u)) {
		/* It may have made it in the meantime */
		if (!u->urb->status)
			return 0;
		if (u->urb->status == -ESHUTDOWN)
			return -ENODEV;
	}
	if (READ_ONCE(st->gone))
		return -ENODEV;
	return killed ? -EINTR : -ETIMEDOUT;
}
