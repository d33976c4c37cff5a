// SPDX-License-Identifier: GPL-2.0-only
/*
 * AHB-AP of the Cortex-M0 (ARM IHI 0031, MEM-AP; register values as seen on
 * an STM32F042). An access that the bus holds off keeps the AP busy.
 */
#include "internal.h"

enum {
	CSW = 0x00, TAR = 0x04, DRW = 0x0c, BD0 = 0x10, BD3 = 0x1c,
	CFG = 0xf4, BASE = 0xf8, IDR = 0xfc,
};

#define AP_IDR		0x04770021u
#define AP_BASE		0xe00ff003u
#define CSW_RESET	0x03000040u
/* Size up to words, single increment; packed transfers do not exist */
#define CSW_WRITABLE	0x7f000013u
#define CSW_ADDRINC	0x10u
#define CSW_DEVICEEN	0x40u

#define PPB_BASE	0xe0000000u
#define PPB_LEN		0x00100000u
#define CPUID		0xe000ed00u
#define CPUID_M0PLUS	0x410cc601u
#define DHCSR		0xe000edf0u

/** ap_reset() - power-on */
void ap_reset(struct chip *chip)
{
	chip->ap = (struct ap){ .csw = CSW_RESET };
}

static enum bus_result ppb_read(struct chip *chip, uint32_t addr,
				unsigned int size, uint32_t *value)
{
	enum bus_result res;

	res = cpu_ppb_read(chip->cpu, addr, size, true, value);
	if (chip->opt.clone && addr == CPUID)
		*value = CPUID_M0PLUS;
	return res;
}

/*
 * A memory access by the debug port: is this what makes an RDP level 1 part
 * cut off its flash?
 */
static void rdp1_watch(struct chip *chip, bool write, uint32_t addr,
		       uint32_t value)
{
	bool seen = false;

	if (chip->opt.rdp1_trigger == CHIP_RDP1_AP_ACCESS)
		seen = true;
	else if (chip->opt.rdp1_trigger == CHIP_RDP1_DEBUGEN)
		seen = write && addr == DHCSR &&
		       (value & 0xffff0001) == 0xa05f0001;
	else if (chip->opt.rdp1_trigger == CHIP_RDP1_HALT)
		seen = cpu_halted(chip->cpu);
	if (seen)
		chip->debug_seen = true;
}

static enum bus_result mem(struct chip *chip, bool write, uint32_t addr,
			   unsigned int size, uint32_t *value)
{
	rdp1_watch(chip, write, addr, *value);
	if (addr - PPB_BASE < PPB_LEN)
		return write ? cpu_ppb_write(chip->cpu, addr, size, true,
					     *value) :
			       ppb_read(chip, addr, size, value);
	return write ? bus_write(chip, MASTER_AP, addr, size, *value) :
		       bus_read(chip, MASTER_AP, addr, size, value);
}

/* TAR counts within 1 KiB only and wraps there. */
static void increment(struct ap *ap, unsigned int size)
{
	if (ap->csw & CSW_ADDRINC)
		ap->tar = (ap->tar & ~0x3ffu) | ((ap->tar + size) & 0x3ff);
}

/* DRW and BD0-3. Return: false when the bus held the access off. */
static bool memory(struct chip *chip)
{
	struct ap *ap = &chip->ap;
	bool drw = ap->reg == DRW;
	unsigned int size = drw ? 1u << (ap->csw & 3) : 4;
	uint32_t addr, value = ap->value;
	unsigned int lane;
	enum bus_result res;

	if (size > 4)
		size = 4;
	addr = drw ? ap->tar & ~(size - 1) :
		     (ap->tar & ~0xfu) | (ap->reg & 0xc);
	lane = 8 * (addr & 3);
	if (ap->write) {
		if (chip->opt.clone && size == 2 && addr & 2)
			lane = 0;	/* the wrong half is taken */
		value = value >> lane & 0xffffffffu >> (32 - 8 * size);
	}
	res = mem(chip, ap->write, addr, size, &value);
	if (res == BUS_STALL)
		return false;
	if (res == BUS_FAULT) {
		chip->dp.ctrl |= DP_STICKYERR;
		return true;
	}
	if (!ap->write) {
		value &= 0xffffffffu >> (32 - 8 * size);
		chip->dp.rdbuff = value << lane;
	}
	if (drw)
		increment(ap, size);
	return true;
}

static uint32_t reg_read(const struct ap *ap)
{
	switch (ap->reg) {
	case CSW:
		return ap->csw | CSW_DEVICEEN;
	case TAR:
		return ap->tar;
	case BASE:
		return AP_BASE;
	case IDR:
		return AP_IDR;
	default:	/* CFG, and what does not exist */
		return 0;
	}
}

static bool perform(struct chip *chip)
{
	struct ap *ap = &chip->ap;

	if (low_power_clock_off(chip))
		return false;
	if (ap->reg == DRW || (ap->reg >= BD0 && ap->reg <= BD3))
		return memory(chip);
	if (!ap->write)
		chip->dp.rdbuff = reg_read(ap);
	else if (ap->reg == CSW)
		ap->csw = (ap->csw & ~CSW_WRITABLE) |
			  (ap->value & CSW_WRITABLE);
	else if (ap->reg == TAR)
		ap->tar = ap->value;
	return true;
}

/**
 * ap_poll() - try again to finish an access that the bus held off
 *
 * A reset that the access has asked for takes place right after it.
 */
void ap_poll(struct chip *chip)
{
	if (!chip->ap.busy)
		return;
	chip->ap.busy = !perform(chip);
	reset_pending(chip);
}

/**
 * ap_access() - a transfer the DP has acknowledged
 * @chip: the chip
 * @read: result goes to the DP's read buffer
 * @reg: A[3:2]; the bank comes from SELECT
 * @value: written
 *
 * Return: true when it is finished, false while the bus holds it off.
 */
bool ap_access(struct chip *chip, bool read, unsigned int reg, uint32_t value)
{
	struct ap *ap = &chip->ap;

	if (chip->dp.select >> 24) {	/* there is AP 0 only */
		if (read)
			chip->dp.rdbuff = 0;
		return true;
	}
	ap->write = !read;
	ap->reg = (chip->dp.select & 0xf0) | reg;
	ap->value = value;
	ap->busy = true;
	ap_poll(chip);
	return !ap->busy;
}

/** ap_abort() - ABORT.DAPABORT: give up the access in progress */
void ap_abort(struct chip *chip)
{
	chip->ap.busy = false;
}
