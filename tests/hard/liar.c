// SPDX-License-Identifier: GPL-2.0-only
/*
 * Firmware that lies. Answers of memory contents are coloured, lies or not, and
 * so is whatever may be taken for the answer to a later command. Thus a byte in
 * a program's buffer without the colour of the call came from the kernel.
 */
#include <stdio.h>
#include <string.h>

#include "liar.h"

const char * const lie_names[LIES] = {
	[LIE_STATUS] = "status", [LIE_BITS] = "bits", [LIE_WORD] = "word",
	[LIE_RANDOM] = "random", [LIE_SHORT] = "short", [LIE_LONG] = "long",
	[LIE_EMPTY] = "empty", [LIE_AGAIN] = "again", [LIE_NOISE] = "noise",
	[LIE_TWICE] = "twice", [LIE_SWAPPED] = "swapped", [LIE_LATE] = "late",
	[LIE_STATUSES] = "statuses", [LIE_SILENCE] = "silence",
	[LIE_STALL] = "stall", [LIE_STALL_OUT] = "stall out",
};

/* Of a thousand lies; the last ones cost seconds, or a reset */
static const unsigned int weight[LIES] = {
	[LIE_STATUS] = 250, [LIE_BITS] = 120, [LIE_WORD] = 120,
	[LIE_RANDOM] = 100, [LIE_SHORT] = 60, [LIE_LONG] = 60,
	[LIE_EMPTY] = 30, [LIE_AGAIN] = 60, [LIE_NOISE] = 50,
	[LIE_TWICE] = 30, [LIE_SWAPPED] = 30, [LIE_LATE] = 20,
	[LIE_STATUSES] = 60, [LIE_SILENCE] = 3, [LIE_STALL] = 5,
	[LIE_STALL_OUT] = 2,
};

/* Those that a driver knows; any byte may come as well */
static const uint8_t statuses[] = {
	0x80, 0x80, 0x81, 0x01, 0x02, 0x03, 0x04, 0x05, 0x06, 0x07, 0x08, 0x09,
	0x0a, 0x0b, 0x0c, 0x0d, 0x0e, 0x10, 0x11, 0x12, 0x13, 0x14, 0x15, 0x16,
	0x17, 0x18, 0x19, 0x1a, 0x1d, 0x20, 0x29, 0x41, 0x42,
};

static const uint32_t limits[] = {
	0, 1, 2, 4, 0x10, 0x40, 0xff, 0x100, 0x7fff, 0x8000, 0xffff, 0x10000,
	0x1800, 0x7fffffff, 0x80000000, 0xfffffffe, 0xffffffff, 0x0bb11477,
	0x20000000, 0x00030003, 0x02030003, 0x000f000f,
};

static void colour(uint8_t *r, size_t len, unsigned int which)
{
	for (; len; len--, r++)
		if (*r != 0x80)
			*r = 0xc0 | which << 2 | (*r & 3);
}

/* What of an answer may get to a program as memory contents */
static void colour_answer(struct probe *p, const uint8_t *cmd, uint8_t *r,
			  int right, int len)
{
	const struct liar *l = p->twist_ctx;
	int from = right < 0 ? 0 : right;

	/* What is behind the end of the right one comes later, if at all */
	if (len > from)
		colour(r + from, len - from, ANY_TIME);
	else
		from = len;
	if (cmd[0] == 0xf2 && mem_is_read(cmd[1])) {
		colour(r, from, l->colour);
	} else if (cmd[0] == 0xf2 && cmd[1] == 0x36 && from > 4 &&
		   get32(cmd + 2) < COLOURED_END) {
		colour(r + 4, from - 4, l->colour);
	} else if (cmd[0] == 0xf2 && cmd[1] == 0x52) {
		colour(r, from < (int)(4 * p->misc.num) ? from :
			  (int)(4 * p->misc.num), l->colour);
	}
}

static enum lie pick(struct dice *d)
{
	unsigned int n = below(d, 1000), i;

	for (i = 0; i < LIES - 1 && n >= weight[i]; i++)
		n -= weight[i];
	return i;
}

static void remember(struct liar *l, const uint8_t *r, int len)
{
	unsigned int i = l->num_old++ % OLD_ANSWERS;

	l->old_len[i] = len < OLD_LEN ? len : OLD_LEN;
	memcpy(l->old[i], r, l->old_len[i]);
}

static int recall(struct liar *l, uint8_t *r)
{
	unsigned int n = l->num_old < OLD_ANSWERS ? l->num_old : OLD_ANSWERS;
	unsigned int i = below(&l->dice, n);

	if (!n)
		return 0;
	memcpy(r, l->old[i], l->old_len[i]);
	return l->old_len[i];
}

static int swap(struct liar *l, uint8_t *r, int len)
{
	uint8_t tmp[OLD_LEN];
	int was = l->kept_len;

	if (len > OLD_LEN)
		return len;
	memcpy(tmp, l->kept, sizeof(tmp));
	memcpy(l->kept, r, len);
	l->kept_len = len;
	if (was < 0)
		return recall(l, r);
	memcpy(r, tmp, was);
	return was;
}

static void noise(struct dice *d, uint8_t *r, int len)
{
	while (len-- > 0)
		*r++ = roll(d);
}

static uint8_t any_status(struct dice *d)
{
	return one_in(d, 4) ? roll(d) : ONE_OF(d, statuses);
}

/* Statuses of scattered words, each a word behind the values */
static void change_statuses(struct liar *l, struct probe *p, uint8_t *r,
			    int len)
{
	unsigned int n = p->misc.num, i, k;

	if (len < (int)(8 * n))
		return;
	for (k = 1 + below(&l->dice, 3); n && k; k--) {
		i = below(&l->dice, n);
		put32(r + 4 * (n + i), one_in(&l->dice, 4) ? roll(&l->dice) :
		      any_status(&l->dice));
	}
}

/* An answer to a command that has none counts as one of no bytes */
static int falsify(struct liar *l, struct probe *p, const uint8_t *cmd,
		   uint8_t *r, int len, enum lie lie, uint64_t *due_ns)
{
	struct dice *d = &l->dice;
	int n = len < 0 ? 0 : len, i;

	switch (lie) {
	case LIE_STATUS:
		if (n)
			r[0] = any_status(d);
		return len;
	case LIE_BITS:
		for (i = 1 + below(d, 8); n && i; i--)
			r[below(d, n)] ^= 1 << below(d, 8);
		return len;
	case LIE_WORD:
		if (n >= 4)
			put32(r + below(d, n / 4) * 4, ONE_OF(d, limits));
		return len;
	case LIE_RANDOM:
		noise(d, r, n);
		return len;
	case LIE_SHORT:
		/* Whole packets and no more are silence to the host */
		n = below(d, n);
		return n && n % USBIP_PACKET == 0 ? n - 1 : n;
	case LIE_LONG:
		i = one_in(d, 4) ? 1 + below(d, 200) : 1 + below(d, 8);
		if (n + i > TWIST_MAX)
			i = TWIST_MAX - n;
		noise(d, r + n, i);
		return n + i;
	case LIE_EMPTY:
		return 0;
	case LIE_AGAIN:
		return recall(l, r);
	case LIE_NOISE:
		n = one_in(d, 8) ? below(d, TWIST_MAX) : below(d, 600);
		n += n && n % USBIP_PACKET == 0;
		noise(d, r, n);
		return n;
	case LIE_TWICE:
		if (len >= 0)
			usbip_answer(p->usb, p->ep_in, r, len, 0);
		return len;
	case LIE_SWAPPED:
		return len < 0 ? len : swap(l, r, len);
	case LIE_LATE:
		*due_ns = now_ns() + below(d, 30) * 1000000ULL;
		return len;
	case LIE_STATUSES:
		if (cmd[0] == 0xf2 && cmd[1] == 0x52)
			change_statuses(l, p, r, n);
		else if (n)
			r[0] = any_status(d);
		return len;
	case LIE_STALL:
		usbip_stall(p->usb, p->ep_in);
		return -1;
	default:
		return -1;
	}
}

static bool lies_now(struct liar *l, const uint8_t *cmd)
{
	if (!one_in(&l->dice, l->rate))
		return false;
	/* Else most of the time would go by in getting in step again */
	if (cmd[0] == 0xf1 && !l->version_too)
		return one_in(&l->dice, 16);
	return l->only == ALL_OPS || (cmd[0] == 0xf2 && cmd[1] == l->only);
}

static int liar_answer(struct probe *p, const uint8_t *cmd, uint8_t *r,
		       int len, uint64_t *due_ns)
{
	struct liar *l = p->twist_ctx;
	bool whole = false;
	enum lie lie;
	int right = len;

	if (len >= 0)
		remember(l, r, len);
	l->prompt = true;
	if (lies_now(l, cmd)) {
		lie = pick(&l->dice);
		if (lie == LIE_STALL_OUT)	/* those have had their turn */
			lie = LIE_SILENCE;
		l->lies[lie]++;
		whole = lie == LIE_LATE;
		/* The first of two is the one that is fetched */
		if (lie == LIE_TWICE) {
			if (len > 0)
				colour_answer(p, cmd, r, right, len);
			len = falsify(l, p, cmd, r, len, lie, due_ns);
			whole = true;
		} else {
			len = falsify(l, p, cmd, r, len, lie, due_ns);
		}
	}
	if (len > 0 && whole) {
		colour(r, len, ANY_TIME);
		l->prompt = false;
	} else if (len > 0) {
		colour_answer(p, cmd, r, right, len);
		l->prompt = right >= 0;
	}
	return len;
}

/* What is never right to send, whatever the probe said before */
static const char *forbidden(const uint8_t *cmd)
{
	static const uint8_t known[] = {
		0x07, 0x08, 0x0c, 0x0d, 0x21, 0x30, 0x31, 0x33, 0x34, 0x35,
		0x36, 0x3a, 0x3b, 0x3c, 0x3e, 0x43, 0x45, 0x46, 0x47, 0x48,
		0x4b, 0x4c, 0x50, 0x51, 0x52, 0x54,
	};
	unsigned int width = mem_width(cmd[1]), len = get16(cmd + 6);

	switch (cmd[0]) {
	case 0xf1:
	case 0xf5:
	case 0xf7:
		return NULL;
	case 0xf3:
		return cmd[1] == 0x07 ? NULL : "a firmware update";
	case 0xf4:
		return cmd[1] == 0x01 ? NULL : "a SWIM command";
	case 0xf2:
		break;
	default:
		return "an unknown group";
	}
	if (!memchr(known, cmd[1], sizeof(known)))
		return "an unknown debug command";
	if (cmd[1] == 0x51 && !misc_data_len(cmd))
		return "a wrong number of items";
	if (!mem_is_read(cmd[1]) && !mem_is_write(cmd[1]))
		return NULL;
	if (!len || len > (width == 1 ? 64 : PROBE_DATA_MAX))
		return "a memory command of a wrong length";
	return (get32(cmd + 2) | len) % width ? "a crooked memory command" :
						NULL;
}

static bool liar_command(struct probe *p, const uint8_t *cmd)
{
	struct liar *l = p->twist_ctx;
	const char *what = forbidden(cmd);

	l->exchanges++;
	if (what && !l->forbidden[0])
		snprintf(l->forbidden, sizeof(l->forbidden),
			 "%02x %02x %08x %04x: %s", cmd[0], cmd[1],
			 get32(cmd + 2), get16(cmd + 6), what);
	/* Nobody reads it, and it has an end */
	p->num_log = 0;
	if (l->rate && one_in(&l->dice, 500 * l->rate)) {
		l->lies[LIE_STALL_OUT]++;
		return false;
	}
	return true;
}

/*
 * A host that was too slow to see an answer: what has no colour must not be taken
 * for memory contents later.
 */
static void liar_unlinked(struct probe *p)
{
	struct liar *l = p->twist_ctx;

	if (l->prompt)
		usbip_flush(p->usb);
}

const struct twist liar_twist = {
	.command = liar_command,
	.answer = liar_answer,
	.unlinked = liar_unlinked,
};

/**
 * liar_init() - one that tells the truth as yet
 * @l: liar
 * @seed: of its lies
 */
void liar_init(struct liar *l, uint64_t seed)
{
	dice_seed(&l->dice, seed);
	l->rate = 0;
	l->only = ALL_OPS;
	l->version_too = false;
	l->num_old = 0;
	l->kept_len = -1;
	l->prompt = false;
}
