// SPDX-License-Identifier: GPL-2.0-only
/*
 * One exchange with the probe: command block, then at most one data phase.
 *
 * What reads has both URBs queued together. What writes has not: they share an
 * endpoint, and data behind a command that was lost is a command to the probe. It
 * is never asked for more than one exchange at a time.
 */
#include <linux/jiffies.h>
#include <linux/wait_bit.h>

#include "stlink.h"
#include "trace.h"

/* An answer left behind is there at once or not at all */
#define STLINK_DRAIN_MS		20
#define STLINK_DRAIN_MAX	8

#define STLINK_PING_MS		500U
#define STLINK_OPTIONAL_MS	1000U

/* Nobody who unplugs, suspends or exits should wait for a silent probe */
#define STLINK_CLEANUP_MS	1000U

/**
 * struct stlink_phase - the data phase of an exchange
 * @buf: DMA-able, NULL for none
 * @in: from the probe
 * @status: it begins with a status
 * @min: fewest bytes
 * @max: most bytes, and exactly as many where a status tells of success
 * @timeout_ms: for the exchange as a whole
 */
struct stlink_phase {
	void *buf;
	bool in;
	bool status;
	size_t min;
	size_t max;
	unsigned int timeout_ms;
};

/**
 * stlink_cmd() - begin a command block
 * @st: the probe
 * @group: first byte
 * @op: second byte
 *
 * Return: the block, zero but for these two, for the caller to complete.
 */
union stlink_cmd *stlink_cmd(struct stlink *st, u8 group, u8 op)
{
	lockdep_assert_held(&st->io_lock);

	memset(st->cmd, 0, sizeof(*st->cmd));
	st->cmd->group = group;
	st->cmd->op = op;
	return st->cmd;
}

/* Commands that are the second half of one before, for which the probe waits */
static bool stlink_is_second(const union stlink_cmd *cmd)
{
	return cmd->group == STLINK_DEBUG &&
	       (cmd->op == STLINK_GETLASTRWSTATUS ||
		cmd->op == STLINK_GETLASTRWSTATUS2 ||
		cmd->op == STLINK_RW_MISC_IN);
}

/*
 * A command that came through gets its data, also when it was to be taken back: the
 * probe takes whatever comes next for them.
 */
static int stlink_send_data(struct stlink *st, unsigned long *left)
{
	int ret = stlink_urb_submit(st, &st->data, true);

	if (ret)
		return stlink_usb_errno(st, ret);
	*left = max(*left, msecs_to_jiffies(STLINK_DATA_MS));
	return stlink_urb_wait(st, &st->data, left);
}

static int stlink_transfer(struct stlink *st, const struct stlink_phase *ph,
			   size_t room)
{
	bool second = stlink_is_second(st->cmd);
	struct usb_device *udev = st->udev;
	unsigned int timeout_ms = ph->timeout_ms;
	unsigned long left;
	bool through, due = false;
	int ret, err;

	/* An URB that is still out there must not be filled anew */
	if (stlink_urbs_lost(st))
		return -EIO;

	if (st->uninterruptible)
		timeout_ms = min(timeout_ms, STLINK_CLEANUP_MS);
	left = msecs_to_jiffies(timeout_ms) + 1;

	stlink_urb_fill(&st->out, usb_sndbulkpipe(udev, st->ep_out), st->cmd,
			sizeof(*st->cmd));
	if (ph->buf)
		stlink_urb_fill(&st->data,
				ph->in ? usb_rcvbulkpipe(udev, st->ep_in) :
					 usb_sndbulkpipe(udev, st->ep_out),
				ph->buf, room);

	ret = stlink_urb_submit(st, &st->out, second);
	if (ret) {
		ret = stlink_usb_errno(st, ret);
		if (second)
			goto err_dirty;
		return ret;
	}

	if (ph->buf && ph->in) {
		ret = stlink_urb_submit(st, &st->data, true);
		if (ret) {
			stlink_urb_cancel(&st->out);
			ret = stlink_usb_errno(st, ret);
			goto err_dirty;
		}
	}

	ret = stlink_urb_wait(st, &st->out, &left);
	through = !stlink_urbs_lost(st) &&
		  st->out.urb->actual_length == sizeof(*st->cmd);
	if (!ret && !through)
		ret = -EIO;
	if (ph->buf && ph->in) {
		if (ret)
			stlink_urb_cancel(&st->data);
		else
			ret = stlink_urb_wait(st, &st->data, &left);
	} else if (ph->buf && through) {
		err = stlink_send_data(st, &left);
		due = err;
		ret = ret ?: err;
	} else if (ph->buf) {
		/* It may have it all the same, but for a stall, which refuses it */
		due = st->out.lost || st->out.urb->status != -EPIPE;
	}
	/* It would take a ping for its data, and write that to the target */
	if (due)
		set_bit(STLINK_DIRTY_DATA, &st->dirty);
	if (!ret)
		return 0;

err_dirty:
	/*
	 * Cut off in the middle, or between two commands that belong together;
	 * the next one in must make sure of the link.
	 */
	set_bit(STLINK_DIRTY_LINK, &st->dirty);
	return ret;
}

/* Is the data phase as it has to be, and what does its status say? */
static int stlink_judge(struct stlink *st, const struct stlink_phase *ph)
{
	size_t actual = st->data.urb->actual_length;
	const u8 *ans = ph->buf;
	int ret;

	if (!ph->buf)
		return 0;
	if (actual < ph->min || actual > ph->max) {
		dev_dbg(&st->dev, "data of %zu bytes, expected %zu to %zu\n",
			actual, ph->min, ph->max);
		set_bit(STLINK_DIRTY_LINK, &st->dirty);
		return ph->in ? -EPROTO : -EIO;
	}
	if (!ph->status)
		return 0;

	/* A LE16 whose upper byte is zero; like most hosts, look at the lower */
	st->status = ans[0];
	ret = stlink_status_errno(st->status);
	if (!ret && actual != ph->max) {
		/* Nothing that it says counts */
		st->status = 0;
		set_bit(STLINK_DIRTY_LINK, &st->dirty);
		return -EPROTO;
	}
	/* Likelier the rest of another answer, with the right one behind it */
	if (ret == -EPROTO)
		set_bit(STLINK_DIRTY_LINK, &st->dirty);
	return ret;
}

static void stlink_end_write(struct stlink *st)
{
	WRITE_ONCE(st->writing, false);
	/* Before wake_up_var() looks for who waits */
	smp_mb();
	wake_up_var(&st->writing);
}

/*
 * Either disconnect waits for this one, or it doesn't begin: a command that is taken
 * back on its way may have been taken all the same, and data be awaited.
 */
static bool stlink_begin_write(struct stlink *st)
{
	WRITE_ONCE(st->writing, true);
	/* Pairs with the one in stlink_xfer_settle() */
	smp_mb();
	if (!READ_ONCE(st->gone))
		return true;
	stlink_end_write(st);
	return false;
}

static int stlink_exchange(struct stlink *st, const struct stlink_phase *ph)
{
	unsigned int pipe = usb_rcvbulkpipe(st->udev, st->ep_in);
	unsigned int maxp = usb_maxpacket(st->udev, pipe);
	size_t room = ph->max;
	ktime_t start;
	u32 actual;
	int ret;

	lockdep_assert_held(&st->io_lock);

	/* Until an answer says otherwise: the probe has said nothing */
	st->status = 0;
	/* lifetime.pml: exchange */
	if (st->dead)
		return -ENODEV;
	/*
	 * Out of step: what comes next would get the wrong answer. A caller that
	 * went on in spite of an error is told that one.
	 */
	if (test_bit(STLINK_DIRTY_LINK, &st->dirty))
		return st->last.error ? -st->last.error : -EIO;

	/*
	 * The probe doesn't look at what it is asked for: leave room to the end
	 * of the packet, or a longer answer becomes a babble error. Never more
	 * than that: an answer of whole packets has no short packet behind it.
	 */
	if (ph->in && maxp)
		room = roundup(room, maxp);

	if (ph->buf && !ph->in && !stlink_begin_write(st))
		return -ENODEV;
	start = ktime_get();
	ret = stlink_transfer(st, ph, room);
	if (st->writing)
		stlink_end_write(st);
	if (!ret)
		ret = stlink_judge(st, ph);
	if (!ret)
		st->answered = true;

	st->last = (struct stlink_outcome) {
		.group = st->cmd->group,
		.op = st->cmd->op,
		.status = st->status,
		.error = -ret,
	};
	mutex_lock(&st->state_lock);
	st->exchanges++;
	mutex_unlock(&st->state_lock);
	actual = ph->buf ? st->data.urb->actual_length : 0;
	trace_stlink_exchange(st, ph->in, ph->max, actual,
			      stlink_us_since(start), ret);
	dev_dbg(&st->dev, "cmd %*ph, %s %u bytes, status %02x: %pe\n", 10,
		st->cmd, ph->in ? "in" : "out", actual, st->status,
		ERR_PTR(ret));
	return ret;
}

/**
 * stlink_xfer_settle() - let a write that is under way come to its end
 * @st: the probe, with @gone set; none of its locks held
 *
 * For disconnect: what lets the target run must not be taken for the data of a write.
 * None begins any more. Waits STLINK_DATA_MS at most.
 */
void stlink_xfer_settle(struct stlink *st)
{
	/* @gone is seen by who begins to write, or we see that he does */
	smp_mb();
	wait_var_event_timeout(&st->writing, !READ_ONCE(st->writing),
			       msecs_to_jiffies(STLINK_DATA_MS));
}

/**
 * stlink_xfer_none() - a command without data phase
 * @st: the probe, its command block filled in
 *
 * Return: 0, or the errno of the failed exchange.
 */
int stlink_xfer_none(struct stlink *st)
{
	const struct stlink_phase ph = { .timeout_ms = READ_ONCE(stlink_timeout_ms) };

	return stlink_exchange(st, &ph);
}

/**
 * stlink_xfer_read() - a command and what it reads
 * @st: the probe, its command block filled in
 * @buf: @st->buf or @st->ans
 * @min: shortest answer accepted, bytes
 * @max: longest answer accepted, bytes; room must be for whole packets
 *
 * Return: 0, -EPROTO for an answer of another length, or the errno of the
 * failed exchange.
 */
int stlink_xfer_read(struct stlink *st, void *buf, size_t min, size_t max)
{
	const struct stlink_phase ph = {
		.buf = buf,
		.in = true,
		.min = min,
		.max = max,
		.timeout_ms = READ_ONCE(stlink_timeout_ms),
	};

	return stlink_exchange(st, &ph);
}

/**
 * stlink_xfer_write() - a command and data from @st->buf
 * @st: the probe, its command block filled in
 * @len: bytes; no zero-length packet follows where it fills whole packets
 *
 * Return: 0, or the errno of the failed exchange.
 */
int stlink_xfer_write(struct stlink *st, size_t len)
{
	const struct stlink_phase ph = {
		.buf = st->buf,
		.min = len,
		.max = len,
		.timeout_ms = READ_ONCE(stlink_timeout_ms),
	};

	return stlink_exchange(st, &ph);
}

/**
 * stlink_xfer_answer() - a command and its answer without a status
 * @st: the probe, its command block filled in
 * @len: length of the answer, bytes, in @st->ans
 *
 * Return: 0, -EPROTO for an answer of another length, or the errno of the
 * failed exchange.
 */
int stlink_xfer_answer(struct stlink *st, size_t len)
{
	return stlink_xfer_read(st, st->ans, len, len);
}

/**
 * stlink_xfer_optional() - a command and an answer that may not come
 * @st: the probe, its command block filled in
 * @min: shortest answer accepted, bytes
 * @max: longest answer accepted, bytes, in @st->ans
 *
 * For what some probes are known not to answer and nobody needs: not waited
 * for as long as for others.
 *
 * Return: as stlink_xfer_read().
 */
int stlink_xfer_optional(struct stlink *st, size_t min, size_t max)
{
	const struct stlink_phase ph = {
		.buf = st->ans,
		.in = true,
		.min = min,
		.max = max,
		.timeout_ms = STLINK_OPTIONAL_MS,
	};

	return stlink_exchange(st, &ph);
}

/**
 * stlink_xfer_status() - a command and its answer that begins with a status
 * @st: the probe, its command block filled in
 * @len: length of the answer, bytes, in @st->ans
 *
 * An answer that tells of an error may be as short as its status.
 *
 * Return: 0, the errno of the status, or that of the failed exchange.
 */
int stlink_xfer_status(struct stlink *st, size_t len)
{
	const struct stlink_phase ph = {
		.buf = st->ans,
		.in = true,
		.status = true,
		.min = STLINK_ANS_STATUS_LEN,
		.max = len,
		.timeout_ms = READ_ONCE(stlink_timeout_ms),
	};

	return stlink_exchange(st, &ph);
}

/**
 * stlink_xfer_drain() - throw away answers that nobody waited for
 * @st: the probe
 */
void stlink_xfer_drain(struct stlink *st)
{
	unsigned int pipe = usb_rcvbulkpipe(st->udev, st->ep_in);
	unsigned long left;
	int i;

	lockdep_assert_held(&st->io_lock);

	for (i = 0; i < STLINK_DRAIN_MAX; i++) {
		if (stlink_urbs_lost(st))
			return;
		stlink_urb_fill(&st->data, pipe, st->buf, STLINK_MAX_BLOCK);
		if (stlink_urb_submit(st, &st->data, false))
			return;
		left = msecs_to_jiffies(STLINK_DRAIN_MS) + 1;
		stlink_urb_wait(st, &st->data, &left);
		/*
		 * Whole packets without a short one behind them end in the
		 * timeout: what counts is whether something came.
		 */
		if (!st->data.urb->actual_length)
			return;
		dev_dbg(&st->dev, "dropped a stale answer of %u bytes\n",
			st->data.urb->actual_length);
	}
}

/**
 * stlink_ping() - is the probe there, and in step with us?
 * @st: the probe
 *
 * GET_VERSION is good for that: it works in every mode and its answer has a
 * length and a content that no other answer has. The one exchange that is
 * allowed on a dirty link; clears STLINK_DIRTY_LINK. Not for a probe that may wait
 * for data (STLINK_DIRTY_DATA).
 *
 * Return: 0 with the version in @st->ans, -EPROTO for the wrong answer, or the
 * errno of the failed exchange.
 */
int stlink_ping(struct stlink *st)
{
	const struct stlink_ans_version *ans = st->ans;
	const struct stlink_phase ph = {
		.buf = st->ans,
		.in = true,
		.min = sizeof(*ans),
		.max = sizeof(*ans),
		.timeout_ms = STLINK_PING_MS,
	};
	int ret;

	clear_bit(STLINK_DIRTY_LINK, &st->dirty);
	stlink_cmd(st, STLINK_GET_VERSION, 0);
	ret = stlink_exchange(st, &ph);
	if (!ret && le16_to_cpu(ans->vid) != STLINK_USB_VENDOR)
		ret = -EPROTO;
	if (ret)
		set_bit(STLINK_DIRTY_LINK, &st->dirty);
	return ret;
}
