// SPDX-License-Identifier: GPL-2.0-only
/*
 * The flash loader: filling its slots, and what it says that it did.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <zlib.h>

#include "fpec.h"
#include "loader.h"
#include "loader/layout.h"
#include "loader_code.h"
#include "pace.h"
#include "priv.h"
#include "stm32f0.h"
#include "xfer.h"

_Static_assert(LOADER_BASE + sizeof(loader_code) == LOADER_REPORT &&
	       sizeof(loader_code) % 16 == 0, "the loader fills its room");
_Static_assert(LOADER_START == LOADER_BASE && LOADER_STOP < LOADER_REPORT,
	       "entry and stop lie in the code");
_Static_assert(LOADER_REPORT + REPORT_SIZE <= LOADER_SLOTS &&
	       LOADER_SLOTS + 2 * SLOT_STRIDE == LOADER_END &&
	       LOADER_END - LOADER_BASE <= LOADER_CODE_MAX,
	       "report and slots have their room");

/* Of an STM32F030's datasheet, and a dozen cycles of the loader at 8 MHz */
#define TYPICAL_NS		55000u
/* 40 us is the shortest known, 70 us the longest */
#define SHORTEST_NS		38000u
#define LONGEST_NS		75000u
/* an erase takes 20 ms at least (data sheets of the family), 30 typically */
#define ERASE_MIN_US		20000u
/*
 * How much later than that a look is taken while something else waits in the
 * other slot: it goes on by itself, so it is worth more to come once than soon.
 */
#define LATE_US			1500u
/* It is enough to learn from every fourth how fast the chip is. */
#define LEARN_EVERY		4u
#define CRC_NS_PER_WORD		532u	/* 17 cycles for four words */
/* Over and above what is expected; an erase may take 40 ms, a worn one more */
#define SPARE_MS		600u

struct report {
	uint32_t result;
	uint32_t sr;
	uint32_t where;
};

_Static_assert(sizeof(struct report) == REPORT_SIZE, "layout.h says otherwise");

static uint32_t slot_addr(unsigned int slot)
{
	return LOADER_SLOTS + slot * SLOT_STRIDE;
}

static uint32_t buf_addr(const struct stl_loader *l, unsigned int slot)
{
	return LOADER_BUF + slot * l->buf_size;
}

static struct stlink_mem_op write_op(uint32_t addr, const void *buf,
				     uint32_t len)
{
	return (struct stlink_mem_op){
		.op = STLINK_OP_WRITE,
		.width = 4,
		.addr = addr,
		.length = len,
		.buf = (uintptr_t)buf,
	};
}

int stl_loader_begin(struct stl_loader *l, struct stl_target *t, bool crc,
		     struct stl_error *err)
{
	uint32_t room = STL_SRAM_BASE + t->chip.sram_size - LOADER_STACK -
			LOADER_BUF;
	/* What it does first: sum up itself, or program nothing at all. */
	const uint32_t first[SLOT_WORDS] = {
		LOADER_BUF, crc ? LOADER_BASE : STL_FLASH_BASE, crc,
		sizeof(loader_code), crc ? OP_CRC : OP_PROGRAM,
	};
	uint8_t image[LOADER_END - LOADER_BASE] = { 0 };
	const struct stl_code_block block = {
		.name = "flash loader",
		.doing = "programming",
		.bytes = image,
		.size = sizeof(image),
		.start = LOADER_START,
		.stop = LOADER_STOP,
	};
	int ret;

	memcpy(image, loader_code, sizeof(loader_code));
	memcpy(image + (LOADER_SLOTS - LOADER_BASE), first, sizeof(first));
	memset(l, 0, sizeof(*l));
	l->buf_size = room / 2 - room / 2 % 1024;
	if (l->buf_size > STL_LOADER_BUF_MAX)
		l->buf_size = STL_LOADER_BUF_MAX;
	l->ns_per_half_word = TYPICAL_NS;
	ret = stl_exec_begin(&l->exec, t, &block, err);
	if (!ret)
		ret = stl_exec_start(&l->exec, t, err);
	if (ret)
		return ret;
	l->crc = crc;
	l->due_us = stl_now_us();
	l->slots[0] = (struct stl_loader_slot){ .op = first[SLOT_WORDS - 1] };
	l->turn = 1;
	return STL_OK;
}

static void say_doing(const struct stl_target *t,
		      const struct stl_loader_slot *slot, uint32_t addr,
		      char *buf, size_t len)
{
	if (slot->op != OP_ERASE)
		snprintf(buf, len, "programming 0x%08x", addr);
	else if (slot->addr == STL_ALL_PAGES)
		snprintf(buf, len, "erasing all of flash");
	else
		snprintf(buf, len, "erasing page %u",
			 (slot->addr - STL_FLASH_BASE) / t->chip.page_size);
}

/* It stopped by itself and left word why. */
static int fail_report(struct stl_loader *l, struct stl_target *t,
		       const struct stl_loader_slot *slot,
		       struct stl_error *err)
{
	struct report report = { 0 };
	char doing[48];
	int ret;

	ret = stl_exec_wait(&l->exec, t, SPARE_MS, err);
	if (ret)
		return ret;
	ret = stl_mem_read(t->fd, LOADER_REPORT, &report, sizeof(report), 4,
			   NULL);
	if (ret)
		return stl_fail_errno(err, ret, stl_failed_status(),
				      "reading what the flash loader reports");
	say_doing(t, slot, report.where, doing, sizeof(doing));
	if (report.result == LOADER_LOCKED)
		return stl_fail(err, STL_PROGRAM,
				"%s: the flash controller is locked", doing);
	if (report.result == LOADER_FLAGS)
		return stl_fail_flash(t, err, report.sr, doing);
	return stl_fail(err, STL_PROGRAM,
			"the flash loader left nonsense (result 0x%x, FLASH_SR 0x%x, address 0x%08x)",
			report.result, report.sr, report.where);
}

/* It neither did its work nor stopped. A reset, a crash, a flash that hangs? */
static int fail_late(struct stl_loader *l, struct stl_target *t,
		     const struct stl_loader_slot *slot, struct stl_error *err)
{
	struct stlink_core core = { 0 };
	uint32_t sr = 0;
	char doing[48];
	int ret;

	stl_core(t->fd, STLINK_CORE_STATUS, 0, 0, &core);
	l->exec.state |= core.state;
	if (!(l->exec.state & (STLINK_CORE_HALTED | STLINK_CORE_LOCKUP |
			       STLINK_CORE_WAS_RESET)) &&
	    !stl_mem_read32(t->fd, FLASH_SR, &sr) && sr & FLASH_SR_BSY) {
		say_doing(t, slot, slot->addr, doing, sizeof(doing));
		return stl_fail_flash(t, err, sr, doing);
	}
	ret = stl_exec_wait(&l->exec, t, 1, err);
	if (ret)
		return ret;
	stl_fail(err, STL_PROGRAM, "the flash loader stopped without a word");
	stl_hint(err, "try again; --no-loader does without it");
	return STL_PROGRAM;
}

/*
 * It is done: @early, the first look found it so, and it may have been for a
 * while; else it was just now. That tells when what follows will be done, and how
 * fast this chip is.
 */
static void learn(struct stl_loader *l, const struct stl_loader_slot *slot,
		  const struct stl_loader_slot *other, bool early)
{
	uint64_t due = stl_now_us() + (other->op ? other->took_us : 0);
	uint32_t *ns = &l->ns_per_half_word;

	if (!early || due < l->due_us)
		l->due_us = due;
	if (slot->op != OP_PROGRAM)
		return;
	if (early)
		*ns -= *ns / 32;
	else
		*ns += *ns / 64;
	if (*ns < SHORTEST_NS)
		*ns = SHORTEST_NS;
	if (*ns > LONGEST_NS)
		*ns = LONGEST_NS;
}

/* When to look first whether the slot whose turn it is has been done. */
static uint64_t look_at(const struct stl_loader *l,
			const struct stl_loader_slot *slot,
			const struct stl_loader_slot *other)
{
	if (other->op)
		return l->due_us - other->took_us + LATE_US;
	if (slot->op == OP_ERASE)
		return l->due_us - STL_PAGE_ERASE_US + ERASE_MIN_US;
	return l->due_us;
}

static void account(struct stl_loader *l, struct stl_loader_slot *slot)
{
	if (slot->op == OP_PROGRAM)
		l->programmed += 2 * slot->half_words;
	else if (slot->op == OP_ERASE)
		l->erased++;
	slot->op = 0;
}

static bool pending(const struct stl_loader *l)
{
	return l->slots[0].op || l->slots[1].op;
}

/*
 * Waits until the slot whose turn it is has been done, and gives it what comes
 * next in the same batch: @ops[0] is for the poll, @num with it. Two things are
 * under way at most, so the one before was done when this one is.
 */
static int take_turn(struct stl_loader *l, struct stl_target *t,
		     struct stlink_mem_op *ops, size_t num,
		     struct stl_error *err)
{
	struct stl_loader_slot *slot = &l->slots[l->turn];
	const struct stl_loader_slot *other = &l->slots[l->turn ^ 1];
	struct stlink_mem_op *poll = ops;
	uint32_t word = 1;
	size_t done;
	bool look;
	int ret;

	*poll = (struct stlink_mem_op){
		.op = STLINK_OP_POLL,
		.width = 4,
		.addr = slot_addr(l->turn) + SLOT_OP,
		.length = 4,
		.mask = 0xff,
		.timeout_ms = SPARE_MS + slot->took_us / 1000,
	};
	if (slot->op)
		stl_wait_until_us(look_at(l, slot, other));
	/* A look by itself tells which of us is late. */
	look = slot->op && (!other->op || l->turns++ % LEARN_EVERY == 0);
	if (look && stl_mem_read32(t->fd, poll->addr, &word))
		word = 1;
	ret = stl_mem_ops(t->fd, slot->op ? ops : ops + 1,
			  slot->op ? num : num - 1, &done);
	if (!slot->op)
		done++;
	if (ret == -ETIMEDOUT && !done && !poll->status)
		return fail_late(l, t, slot, err);
	if (ret)
		return stl_fail_access(t, err, ret, done > 0,
				       ops[done].addr + ops[done].done,
				       ops[done].status);
	if (slot->op && poll->value)
		return fail_report(l, t, slot, err);
	if (look)
		learn(l, slot, other, !word);
	account(l, slot);
	return STL_OK;
}

/* Fills the slot whose turn it is. @data goes into its buffer, if there is any. */
static int put(struct stl_loader *l, struct stl_target *t,
	       const struct stl_loader_slot *next, uint32_t size,
	       const void *data, uint32_t len, struct stl_error *err)
{
	uint32_t src = buf_addr(l, l->turn), words[SLOT_WORDS] = {
		src, next->addr, next->half_words, size, next->op,
	};
	struct stlink_mem_op ops[3];
	uint64_t now;
	size_t num = 1;
	int ret;

	if (len)
		ops[num++] = write_op(src, data, len);
	ops[num] = write_op(slot_addr(l->turn), words, sizeof(words));
	/* Sent again, it would be done twice. */
	ops[num++].flags = STLINK_MEM_ONCE;
	ret = take_turn(l, t, ops, num, err);
	if (ret)
		return ret;
	l->slots[l->turn] = *next;
	l->turn ^= 1;
	now = stl_now_us();
	if (!l->slots[l->turn].op || l->due_us < now)
		l->due_us = now;
	l->due_us += next->took_us;
	return STL_OK;
}

int stl_loader_erase(struct stl_loader *l, struct stl_target *t, uint32_t page,
		     struct stl_error *err)
{
	bool all = page == STL_ALL_PAGES;
	struct stl_loader_slot next = {
		.op = OP_ERASE,
		.addr = all ? STL_FLASH_BASE :
			STL_FLASH_BASE + page * t->chip.page_size,
		.took_us = STL_PAGE_ERASE_US,
	};
	unsigned int turn = l->turn;
	int ret;

	ret = put(l, t, &next, all ? FLASH_CR_MER : FLASH_CR_PER, NULL, 0, err);
	if (all)
		l->slots[turn].addr = STL_ALL_PAGES;
	return ret;
}

int stl_loader_program(struct stl_loader *l, struct stl_target *t,
		       uint32_t addr, const uint8_t *data, uint32_t len,
		       struct stl_error *err)
{
	uint32_t padded = (len + 3) & ~3u, used = 0, i;
	struct stl_loader_slot next = {
		.op = OP_PROGRAM,
		.addr = addr,
		.half_words = len / 2,
	};
	uint8_t buf[STL_LOADER_BUF_MAX];
	unsigned int turn = l->turn;
	int ret;

	if (!len || len % 2 || addr % 2 || len > l->buf_size)
		return stl_fail(err, STL_USAGE,
				"%u bytes at 0x%08x are not for the flash loader",
				len, addr);
	memcpy(buf, data, len);
	memset(buf + len, 0xff, padded - len);
	for (i = 0; i < len; i += 2)
		used += buf[i] != 0xff || buf[i + 1] != 0xff;
	next.took_us = used * l->ns_per_half_word / 1000;
	ret = put(l, t, &next, 0, buf, padded, err);
	if (!ret)
		l->slots[turn].half_words = used;
	return ret;
}

int stl_loader_drain(struct stl_loader *l, struct stl_target *t,
		     struct stl_error *err)
{
	struct stlink_mem_op poll;
	int ret = STL_OK;

	while (!ret && pending(l)) {
		if (l->slots[l->turn].op)
			ret = take_turn(l, t, &poll, 1, err);
		l->turn ^= 1;
	}
	return ret;
}

static int read_words(struct stl_target *t, uint32_t addr, uint32_t *words,
		      uint32_t count, struct stl_error *err)
{
	struct stl_fault fault = { 0 };
	int ret;

	ret = stl_mem_read(t->fd, addr, words, 4 * count, 4, &fault);
	if (ret)
		return stl_fail_access(t, err, ret, false, fault.addr,
				       fault.status);
	return STL_OK;
}

int stl_loader_crc(struct stl_loader *l, struct stl_target *t, uint32_t addr,
		   uint32_t size, uint32_t count, uint32_t *crc,
		   struct stl_error *err)
{
	struct stl_loader_slot next = {
		.op = OP_CRC,
		.addr = addr,
		.half_words = count,
		.took_us = (uint64_t)size / 4 * count * CRC_NS_PER_WORD / 1000,
	};
	uint32_t results = buf_addr(l, l->turn), i;
	int ret;

	if (!count || count > STL_LOADER_CRC_MAX || !size || size % 16 ||
	    addr % 4)
		return stl_fail(err, STL_USAGE,
				"%u blocks of %u bytes at 0x%08x can't be summed up",
				count, size, addr);
	ret = put(l, t, &next, size, NULL, 0, err);
	if (!ret)
		ret = stl_loader_drain(l, t, err);
	if (ret)
		return ret;
	ret = read_words(t, results, crc, count, err);
	if (ret)
		return ret;
	for (i = 0; i < count; i++)
		crc[i] = ~crc[i];
	return STL_OK;
}

int stl_loader_crc_works(struct stl_loader *l, struct stl_target *t,
			 bool *works, struct stl_error *err)
{
	uint32_t self = 0;
	int ret;

	*works = false;
	ret = stl_loader_drain(l, t, err);
	if (ret || !l->crc)
		return ret;
	ret = read_words(t, buf_addr(l, 0), &self, 1, err);
	*works = ~self == crc32(0, loader_code, sizeof(loader_code));
	return ret;
}

int stl_loader_end(struct stl_loader *l, struct stl_target *t, bool failed,
		   struct stl_error *err)
{
	static const struct stl_loader_slot stop = { .op = OP_STOP };
	int ret = STL_OK;

	if (!failed) {
		ret = stl_loader_drain(l, t, err);
		if (!ret)
			ret = put(l, t, &stop, 0, NULL, 0, err);
		if (!ret)
			ret = stl_exec_wait(&l->exec, t, SPARE_MS, err);
	}
	if (failed || ret)
		stl_core(t->fd, STLINK_CORE_HALT, 0, 0, NULL);
	stl_exec_end(&l->exec, t);
	return ret;
}
