// SPDX-License-Identifier: GPL-2.0-only
/* The scripted probe's chip: memories and debug registers. */
#include <string.h>

#include "target.h"

/* Reset values: vector table of the flash pattern */
#define RESET_SP	(SRAM_BASE + SRAM_SIZE)
#define RESET_PC	(FLASH_BASE + 0x100)

/**
 * target_init() - a healthy chip whose firmware has run for a while
 * @t: chip
 */
void target_init(struct target *t)
{
	uint32_t vector[2] = { RESET_SP, RESET_PC | 1 };
	size_t i;

	memset(t, 0, sizeof(*t));
	t->present = true;
	t->nrst_wired = true;
	t->sysreset_works = true;
	t->halt_works = true;
	t->dpidr = DPIDR_M0;
	/* A pattern in which no two places within 64 KiB look alike. */
	for (i = 0; i < FLASH_SIZE; i++)
		t->flash[i] = i * 7 + (i >> 8) * 13 + 1;
	for (i = 0; i < SRAM_SIZE; i++)
		t->sram[i] = i * 3 + (i >> 8) * 29 + 0x40;
	for (i = 0; i < BIGRAM_SIZE; i++)
		t->bigram[i] = i * 5 + (i >> 8) * 31 + (i >> 16) * 7 + 2;
	memcpy(t->flash, vector, sizeof(vector));
	for (i = 0; i <= 12; i++)
		t->reg[i] = 0x01010101 * i;
	t->reg[13] = RESET_SP - 0x20;
	t->reg[14] = RESET_PC + 0x11;
	t->reg[15] = RESET_PC + 0x40;
	t->reg[16] = 0x01000000;
	t->reg[17] = t->reg[13];
	t->reg[18] = SRAM_BASE + 0x800;
	t->fifo_reads = 0xf1f00000;
	t->fifo_room = 0xffffffff;
}

/**
 * target_fault() - make a range of addresses bad
 * @t: chip
 * @lo: first address
 * @hi: last address
 * @status: status byte of accesses that touch it
 *
 * Return: the entry, for its other members.
 */
struct target_fault *target_fault(struct target *t, uint32_t lo, uint32_t hi,
				  uint8_t status)
{
	size_t i = 0;

	while (i < sizeof(t->fault) / sizeof(t->fault[0]) - 1 &&
	       t->fault[i].status)
		i++;
	t->fault[i] = (struct target_fault){ lo, hi, status };
	return &t->fault[i];
}

static void core_reset(struct target *t)
{
	t->resets++;
	t->was_reset = true;
	t->locked_up = false;
	t->asleep = false;
	t->halted = false;
	/* Only C_DEBUGEN outlives a reset. */
	t->control &= C_DEBUGEN;
	memcpy(&t->reg[13], t->flash, 4);
	memcpy(&t->reg[15], t->flash + 4, 4);
	t->reg[15] &= ~1u;
	t->reg[14] = 0xffffffff;
	t->reg[16] = 0x01000000;
	t->reg[17] = t->reg[13];
	t->reg[20] = 0;
	if ((t->control & C_DEBUGEN) && !t->nrst_low) {
		if (t->demcr & VC_CORERESET)
			t->dfsr |= DFSR_VCATCH;
		t->halted = t->demcr & VC_CORERESET;
	}
}

/**
 * target_nrst() - the level that the probe drives
 * @t: chip
 * @low: true for reset
 */
void target_nrst(struct target *t, bool low)
{
	if (!t->nrst_wired)
		return;
	if (low && !t->nrst_low) {
		t->nrst_low = true;
		core_reset(t);
	} else if (!low && t->nrst_low) {
		t->nrst_low = false;
		core_reset(t);
		t->resets--;
	}
}

static uint32_t read_dhcsr(struct target *t)
{
	uint32_t v = t->control | S_REGRDY;

	if (t->halt_after && !t->halted && (t->control & C_DEBUGEN) &&
	    !--t->halt_after) {
		t->halted = true;
		t->dfsr |= DFSR_BKPT;
	}
	v |= t->halted ? S_HALT | C_HALT : 0;
	v |= t->asleep && !t->halted ? S_SLEEP : 0;
	v |= t->locked_up && !t->halted ? S_LOCKUP : 0;
	v |= t->was_reset ? S_RESET_ST : 0;
	t->was_reset = t->nrst_low;
	return v;
}

static void write_dhcsr(struct target *t, uint32_t value)
{
	bool debugen = t->control & C_DEBUGEN;

	if ((value & 0xffff0000) != DHCSR_KEY)
		return;
	if (!(value & C_DEBUGEN)) {
		t->control = 0;
		t->halted = false;
		return;
	}
	t->control = value & (C_DEBUGEN | C_HALT | C_STEP | C_MASKINTS);
	if (t->nrst_low)
		return;
	if (value & C_HALT) {
		if (!t->halted && t->halt_works) {
			t->dfsr |= DFSR_HALTED;
			t->halted = true;
		}
		t->locked_up = t->locked_up && !t->halted;
	} else if (t->halted && (value & C_STEP) && debugen) {
		t->reg[15] += 2;
		t->dfsr |= DFSR_HALTED;
	} else {
		t->halted = false;
	}
}

static void write_dcrsr(struct target *t, uint32_t value)
{
	unsigned int sel = value & 0x1f;

	if (!t->halted || sel > 20 || sel == 19)
		return;
	if (value & (1u << 16))
		t->reg[sel] = t->dcrdr;
	else
		t->dcrdr = t->reg[sel];
}

static bool system_read(struct target *t, uint32_t addr, uint32_t *v)
{
	if (addr >= REG_BPU_COMP && addr < REG_BPU_COMP + 16)
		*v = t->bpu[(addr - REG_BPU_COMP) / 4];
	else if (addr >= REG_DWT_COMP && addr < REG_DWT_COMP + 32)
		*v = t->dwt[(addr - REG_DWT_COMP) / 4];
	else if (addr == REG_CPUID)
		*v = CPUID_M0;
	else if (addr == REG_AIRCR)
		*v = 0xfa050000;
	else if (addr == REG_DFSR)
		*v = t->dfsr;
	else if (addr == REG_DHCSR)
		*v = read_dhcsr(t);
	else if (addr == REG_DCRDR)
		*v = t->dcrdr;
	else if (addr == REG_DEMCR)
		*v = t->demcr;
	else if (addr == REG_BPU_CTRL)
		*v = t->bpu_ctrl | 4 << 4;
	else if (addr == REG_DWT_CTRL)
		*v = 2u << 28;
	else if (addr == REG_DCRSR || addr >> 16 == 0xe00f)
		*v = 0;
	else
		return false;
	return true;
}

static bool system_write(struct target *t, uint32_t addr, uint32_t v)
{
	if (addr >= REG_BPU_COMP && addr < REG_BPU_COMP + 16)
		t->bpu[(addr - REG_BPU_COMP) / 4] = v;
	else if (addr >= REG_DWT_COMP && addr < REG_DWT_COMP + 32)
		t->dwt[(addr - REG_DWT_COMP) / 4] = v;
	else if (addr == REG_DHCSR)
		write_dhcsr(t, v);
	else if (addr == REG_DCRSR)
		write_dcrsr(t, v);
	else if (addr == REG_DCRDR)
		t->dcrdr = v;
	else if (addr == REG_DEMCR)
		t->demcr = v & 0x01000401;
	else if (addr == REG_DFSR)
		t->dfsr &= ~v;
	else if (addr == REG_BPU_CTRL && (v & 2))
		t->bpu_ctrl = v & 1;
	else if (addr == REG_AIRCR && v >> 16 == 0x05fa &&
		 (v & 4) && t->sysreset_works && !t->nrst_low)
		core_reset(t);
	else
		return addr == REG_AIRCR || addr == REG_BPU_CTRL ||
		       addr == REG_DWT_CTRL;
	return true;
}

/**
 * target_ram() - the memory behind an address, as the test may touch it
 * @t: chip
 * @addr: address
 *
 * Return: the byte, NULL where there is no memory.
 */
uint8_t *target_ram(struct target *t, uint32_t addr)
{
	if (addr - FLASH_BASE < FLASH_SIZE)
		return t->flash + (addr - FLASH_BASE);
	if (addr - SRAM_BASE < SRAM_SIZE)
		return t->sram + (addr - SRAM_BASE);
	if (addr - BIGRAM_BASE < BIGRAM_SIZE)
		return t->bigram + (addr - BIGRAM_BASE);
	if (addr - TOP_BASE < TOP_SIZE)
		return t->top + (addr - TOP_BASE);
	return NULL;
}

static uint8_t bad_address(struct target *t, uint32_t addr,
			   unsigned int width, bool write)
{
	uint8_t status = 0;
	size_t i;

	for (i = 0; !status && i < sizeof(t->fault) / sizeof(t->fault[0]);
	     i++) {
		struct target_fault *f = &t->fault[i];

		if (!f->status || addr > f->hi || addr + (width - 1) < f->lo ||
		    (!write && f->writes_only))
			continue;
		status = f->status;
		if (f->times && !--f->times)
			f->status = 0;
	}
	if (!status && addr == FIFO_ADDR) {
		status = t->fifo_room ? 0 : ST_AP_FAULT;
		t->fifo_room -= !!t->fifo_room;
	}
	return status;
}

/**
 * target_read() - one access of the MEM-AP
 * @t: chip
 * @addr: address, a multiple of @width
 * @width: 1, 2 or 4 bytes
 * @value: what was read, untouched on failure
 *
 * Return: ST_OK or another status byte of the probe.
 */
uint8_t target_read(struct target *t, uint32_t addr, unsigned int width,
		    uint32_t *value)
{
	uint8_t bad = bad_address(t, addr, width, false);
	uint8_t *ram = target_ram(t, addr);

	if (t->on_read)
		t->on_read(t, addr);
	if (bad)
		return bad;
	if (ram) {
		*value = 0;
		memcpy(value, ram, width);
		return ST_OK;
	}
	if (addr == FIFO_ADDR) {
		*value = t->fifo_reads++;
		return ST_OK;
	}
	if (addr == BUSY_ADDR) {
		*value = t->poll_after ? 1 : 0x100;
		t->poll_after -= !!t->poll_after;
		return ST_OK;
	}
	if (width == 4 && system_read(t, addr, value))
		return ST_OK;
	return ST_AP_FAULT;
}

/**
 * target_write() - one access of the MEM-AP
 * @t: chip
 * @addr: address, a multiple of @width
 * @width: 1, 2 or 4 bytes
 * @value: to write, in the low @width bytes
 *
 * Return: ST_OK or another status byte of the probe; flash is read-only.
 */
uint8_t target_write(struct target *t, uint32_t addr, unsigned int width,
		     uint32_t value)
{
	uint8_t bad = bad_address(t, addr, width, true);
	uint8_t *ram = target_ram(t, addr);

	t->writes++;
	if (bad)
		return bad;
	if (ram && addr - FLASH_BASE >= FLASH_SIZE) {
		memcpy(ram, &value, width);
		return ST_OK;
	}
	if (addr == FIFO_ADDR) {
		if (t->fifo_writes < FIFO_DEPTH)
			t->fifo[t->fifo_writes] = value;
		t->fifo_writes++;
		return ST_OK;
	}
	if (width == 4 && system_write(t, addr, value))
		return ST_OK;
	return ST_AP_FAULT;
}
