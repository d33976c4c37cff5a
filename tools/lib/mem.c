// SPDX-License-Identifier: GPL-2.0-only
/*
 * Target memory with explanations.
 */
#include <errno.h>

#include "mem.h"
#include "priv.h"
#include "xfer.h"

#define CHUNK			4096u
/* Below that a read is over before anybody looks. */
#define PROGRESS_MIN		1024u

int stl_fail_access(struct stl_target *t, struct stl_error *err, int ret,
		    bool write, uint32_t addr, uint32_t status)
{
	const struct stl_chip *chip = &t->chip;
	const char *verb = write ? "writing" : "reading";
	const char *region;

	if (ret != -EREMOTEIO || !chip->part)
		return stl_fail_errno(err, ret, status, "%s 0x%08x", verb,
				      addr);
	if (chip->rdp_level && addr >= STL_FLASH_BASE &&
	    addr < STL_FLASH_BASE + chip->flash_size) {
		stl_fail(err, STL_PROTECTED,
			 "%s 0x%08x: flash is read-protected (RDP level %u)",
			 verb, addr, chip->rdp_level);
		return STL_PROTECTED;
	}
	region = stl_chip_region(chip, addr, NULL);
	stl_fail(err, STL_LINK, "%s 0x%08x failed: %s (%s)", verb, addr,
		 stl_status_text(status), region);
	if (err)
		err->errnum = -ret;
	if (stl_chip_readable(chip, addr))
		stl_hint(err, "reset or power-cycle the board, then try again");
	else if (addr >= STL_FLASH_BASE && addr < chip->part->sysmem_base)
		stl_hint(err, "flash of this %s ends at 0x%08x", chip->name,
			 STL_FLASH_BASE + chip->flash_size - 1);
	else if (addr >= STL_SRAM_BASE && addr < 0x40000000)
		stl_hint(err, "SRAM of this %s ends at 0x%08x", chip->name,
			 STL_SRAM_BASE + chip->sram_size - 1);
	else
		stl_hint(err, "is there anything at that address of this %s?",
			 chip->name);
	return STL_LINK;
}

static int check_range(uint32_t addr, uint32_t len, unsigned int width,
		       struct stl_error *err)
{
	if (width != 0 && width != 1 && width != 2 && width != 4)
		return stl_fail(err, STL_USAGE, "no accesses %u bytes wide",
				width);
	if (width && (addr % width || len % width))
		return stl_fail(err, STL_USAGE,
				"0x%08x and %u bytes is not a multiple of %u",
				addr, len, width);
	if (len && (uint64_t)addr + len > 0x100000000ull)
		return stl_fail(err, STL_USAGE,
				"0x%08x and %u bytes goes beyond 0xffffffff",
				addr, len);
	return STL_OK;
}

/*
 * Probes before J15 don't tell which address failed, so look for it: from the
 * last certain byte in small, then in smallest steps. Only for plain memory,
 * where reading twice does no harm.
 */
static int narrow(struct stl_target *t, uint32_t addr, uint8_t *buf,
		  uint32_t len, struct stl_fault *fault)
{
	uint32_t done = fault->done, step, n;
	struct stl_fault f;
	int ret = -EREMOTEIO;

	for (step = 256; step; step = step > 4 ? 4 : 0) {
		while (done < len) {
			n = step - (addr + done) % step;
			if (n > len - done)
				n = len - done;
			ret = stl_mem_read(t->fd, addr + done, buf + done, n,
					   0, &f);
			if (ret)
				break;
			done += n;
		}
		if (done == len)
			return 0;	/* it works now */
		if (ret != -EREMOTEIO)
			break;
	}
	*fault = f;
	fault->done = done;
	fault->addr = addr + done;
	return ret;
}

static bool plain_memory(uint32_t addr)
{
	return addr < 0x40000000;
}

static uint32_t next_chunk(uint32_t addr, uint32_t left)
{
	uint32_t n = CHUNK - addr % CHUNK;

	return n < left ? n : left;
}

int stl_read_quiet(struct stl_target *t, uint32_t addr, void *buf,
		   uint32_t len, struct stl_error *err)
{
	struct stl_callbacks cb = t->cb;
	int ret;

	t->cb.progress = NULL;
	ret = stl_read(t, addr, buf, len, 0, NULL, err);
	t->cb = cb;
	return ret;
}

int stl_read(struct stl_target *t, uint32_t addr, void *buf, uint32_t len,
	     unsigned int width, uint32_t *done, struct stl_error *err)
{
	bool show = len > PROGRESS_MIN;
	struct stl_fault fault = { 0 };
	uint32_t at = 0, n;
	int ret;

	if (done)
		*done = 0;
	ret = check_range(addr, len, width, err);
	if (!ret)
		ret = stl_check_rdp_read(t, addr, len, err);
	if (ret)
		return ret;
	while (at < len) {
		if (show && stl_progress(t, STL_PHASE_READ, at, len))
			return stl_fail_stopped(err, STL_LINK);
		n = next_chunk(addr + at, len - at);
		ret = stl_mem_read(t->fd, addr + at, (uint8_t *)buf + at, n,
				   width, &fault);
		if (ret == -EREMOTEIO && !fault.exact && !width &&
		    plain_memory(addr + at))
			ret = narrow(t, addr + at, (uint8_t *)buf + at, n,
				     &fault);
		if (done)
			*done = at + (ret ? fault.done : n);
		if (ret)
			return stl_fail_access(t, err, ret, false, fault.addr,
					       fault.status);
		at += n;
	}
	if (show)
		stl_progress(t, STL_PHASE_READ, len, len);
	return STL_OK;
}

static bool overlaps(uint32_t addr, uint32_t len, uint32_t start, uint32_t size)
{
	return (uint64_t)addr + len > start && addr < (uint64_t)start + size;
}

int stl_write(struct stl_target *t, uint32_t addr, const void *buf,
	      uint32_t len, unsigned int width, struct stl_error *err)
{
	struct stl_fault fault = { 0 };
	int ret;

	ret = check_range(addr, len, width, err);
	if (ret || !len)
		return ret;
	if (t->chip.part &&
	    (overlaps(addr, len, STL_FLASH_BASE, t->chip.flash_size) ||
	     overlaps(addr, len, 0, t->chip.flash_size) ||
	     overlaps(addr, len, STL_OPTION_BASE, 16))) {
		stl_fail(err, STL_USAGE,
			 "0x%08x is %s: it can't be written like memory", addr,
			 stl_chip_region(&t->chip, addr, NULL));
		stl_hint(err, "flash is written with `program`");
		return STL_USAGE;
	}
	ret = stl_mem_write(t->fd, addr, buf, len, width, &fault);
	if (ret)
		return stl_fail_access(t, err, ret, true, fault.addr,
				       fault.status);
	return STL_OK;
}
