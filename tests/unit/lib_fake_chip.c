// SPDX-License-Identifier: GPL-2.0-only
/*
 * The chip: memory map and registers as ST RM0360 describes them, as far as
 * the library can notice.
 */
#include <string.h>

#include "lib_fake.h"

struct fake fake;

#define KEY1	0x45670123u
#define KEY2	0xcdef89abu

void fake_reset(unsigned int part)
{
	static const struct {
		unsigned int part;
		uint32_t idcode, flash, page, sram;
	} kinds[] = {
		{ 0x4, 0x10006444, 16384, 1024, 4096 },
		{ 0x6, 0x10006444, 32768, 1024, 4096 },
		{ 0x8, 0x10016440, 65536, 1024, 8192 },
		{ 0xc, 0x10006442, 262144, 2048, 32768 },
	};
	unsigned int i;

	memset(&fake, 0, sizeof(fake));
	memset(fake.flash, 0xff, sizeof(fake.flash));
	memcpy(fake.option, "\xaa\x55\xff\x00\xff\x00\xff\x00"
	       "\xff\x00\xff\x00\xff\x00\xff\x00", 16);
	for (i = 0; i < 4; i++) {
		if (kinds[i].part != part)
			continue;
		fake.idcode = kinds[i].idcode;
		fake.flash_size = kinds[i].flash;
		fake.page_size = kinds[i].page;
		fake.sram_size = kinds[i].sram;
	}
	fake.size_reg = 0xffff0000 | fake.flash_size / 1024;
	fake.dpidr = 0x0bb11477;
	fake.cpuid = 0x410cc200;
	fake.obr = 0xffff7700;
	fake.wrpr = 0xffffffff;
	fake.uid[0] = 0x00230041;
	fake.uid[1] = 0x51330a0b;
	fake.uid[2] = 0x20313858;
	fake.busy_reads = 3;
	fake.fault_addr_known = true;
	fake.millivolts = 3250;
	fake.rcc_csr = 1u << 27 | 1u << 26;
	fake_system_reset();
	fake.resets = 0;
	fake.was_reset = false;
}

void fake_system_reset(void)
{
	if (fake.late_write) {
		fake.flash[fake.late_write - 0x08000000] = 0x12;
		fake.late_write = 0;
	}
	fake.cr = 0x80;
	fake.sr = 0;
	fake.keys = 0;
	fake.optkeys = 0;
	fake.rcc_cr = 0x83;
	fake.apb2enr = 0;
	fake.ahbenr = 0x14;
	fake.was_reset = true;
	fake.crc = 0xffffffff;
	fake.crc_cr = 0;
	fake.halted = false;
	fake.lockup = fake.locks_up;
	fake.busy_left = 0;
	fake.resets++;
}

static bool busy(void)
{
	if (fake.stuck_busy && fake.sr & 1)
		return true;
	if (fake.busy_left && !--fake.busy_left) {
		/* The flags come when it is over, not before. */
		fake.sr = (fake.sr & ~1u) | fake.pending;
		fake.pending = 0;
	}
	return fake.sr & 1;
}

void fake_begin(void)
{
	/* the bus held it off until what went on was over */
	fake.sr |= 1 | fake.pending;
	fake.busy_left = fake.busy_reads + 1;
	fake.pending = 0;
}

static bool protected_at(uint32_t off)
{
	uint32_t bit = off / 4096;

	return !(fake.wrpr >> (bit > 31 ? 31 : bit) & 1);
}

static void start_erase(void)
{
	uint32_t i, off = fake.ar - 0x08000000;

	fake_begin();
	if (fake.cr & 4) {
		for (i = 0; i < fake.flash_size; i += 4096)
			if (protected_at(i)) {
				fake.pending = 0x10;
				return;
			}
		fake.mass_erases++;
		if (!fake.no_erase)
			memset(fake.flash, 0xff, fake.flash_size);
	} else {
		off -= off % fake.page_size;
		if (off >= fake.flash_size || protected_at(off)) {
			fake.pending = 0x10;
			return;
		}
		fake.page_erases++;
		if (!fake.no_erase)
			memset(fake.flash + off, 0xff, fake.page_size);
	}
	fake.pending = fake.ar == fake.no_eop_at ? 0 : 0x20;
}

static bool write_key(uint32_t value)
{
	if (!(fake.cr & 0x80))
		return true;
	if (fake.keys == 0 && value == KEY1) {
		fake.keys = 1;
		return true;
	}
	if (fake.keys == 1 && value == KEY2) {
		if (!fake.unlock_broken)
			fake.cr &= ~0x80u;
		fake.keys = 0;
		return true;
	}
	fake.keys = 2;		/* until reset */
	return false;
}

static bool program(uint32_t off, unsigned int size, uint32_t value)
{
	uint32_t addr = 0x08000000 + off;
	uint16_t old = fake.flash[off] | fake.flash[off + 1] << 8;

	if (!(fake.cr & 1))
		return true;
	if (size != 2)
		return false;
	fake_begin();
	if (protected_at(off)) {
		fake.pending = 0x10;
		return true;
	}
	if (addr == fake.pgerr_at || (old != 0xffff && value)) {
		fake.pending = 4;
		return true;
	}
	if (addr == fake.flip_at)
		value |= 1;
	fake.flash[off] = value;
	fake.flash[off + 1] = value >> 8;
	fake.half_words++;
	if (addr != fake.no_eop_at)
		fake.pending = 0x20;
	return true;
}

/* CRC unit, for whole words reversed at both ends: all that the loader uses */
static void crc_write(uint32_t value)
{
	int i;

	if (!(fake.ahbenr & 0x40) || fake.crc_cr != 0xe0)
		return;
	fake.crc ^= value;
	for (i = 0; i < 32; i++)
		fake.crc = fake.crc >> 1 ^ (fake.crc & 1 ? 0xedb88320 : 0);
	if (fake.crc_broken)
		fake.crc ^= 0x100;
}

static uint32_t *reg(uint32_t addr)
{
	switch (addr) {
	case 0x40022010: return &fake.cr;
	case 0x40022014: return &fake.ar;
	case 0x4002201c: return &fake.obr;
	case 0x40022020: return &fake.wrpr;
	case 0x40021000: return &fake.rcc_cr;
	case 0x40021014: return &fake.ahbenr;
	case 0x40021018: return &fake.apb2enr;
	case 0x40021024: return &fake.rcc_csr;
	case 0x40015800: return &fake.idcode;
	case 0x40015808: return &fake.apb1_fz;
	case 0x1ffff7ac: return &fake.uid[0];
	case 0x1ffff7b0: return &fake.uid[1];
	case 0x1ffff7b4: return &fake.uid[2];
	case 0x1ffff7cc: return &fake.size_reg;
	case 0xe000ed00: return &fake.cpuid;
	case 0xe000edfc: return &fake.demcr;
	}
	return NULL;
}

static uint8_t *memory(uint32_t addr, unsigned int size)
{
	if (addr >= 0x08000000 && addr - 0x08000000 + size <= fake.flash_size)
		return (fake.obr & 6) ? NULL : fake.flash + (addr - 0x08000000);
	if (addr >= 0x20000000 && addr - 0x20000000 + size <= fake.sram_size)
		return fake.sram + (addr - 0x20000000);
	if (addr >= 0x1ffff800 && addr - 0x1ffff800 + size <= 16)
		return fake.option + (addr - 0x1ffff800);
	return NULL;
}

/* The ROM: at the same places the same, wherever it is */
static bool is_rom(uint32_t addr)
{
	return fake.boots_sysmem &&
	       (addr < 0x20 || (addr >= 0x1fffc000 && addr < 0x1ffff7a0));
}

bool fake_read(uint32_t addr, unsigned int size, uint32_t *value)
{
	uint8_t *m = memory(addr, size);
	uint32_t *r;

	*value = 0;
	if (is_rom(addr)) {
		*value = 0xb0070000 | (addr & 0xff);
		return true;
	}
	if (fake.no_read_at && addr == fake.no_read_at)
		return false;
	if (m) {
		memcpy(value, m, size);
		return true;
	}
	if (addr == 0x4002200c) {
		*value = busy() | (fake.sr & ~1u);
		return true;
	}
	if (fake.crc_missing && addr >= 0x40023000 && addr < 0x40023400)
		return false;
	if (addr == 0x40023000) {
		*value = fake.crc;
		return true;
	}
	/* ROM table: ST's, as of the F030 */
	if (addr >= 0xe00fffd0 && addr < 0xe00ffff0) {
		*value = addr == 0xe00fffe0 ? 0x44 : addr == 0xe00fffe4 ? 4 :
			 addr == 0xe00fffe8 ? 0x0a : 0;
		return true;
	}
	if (fake_debug_read(addr, value))
		return true;
	r = reg(addr & ~3u);
	if (r) {
		*value = *r >> 8 * (addr & 3);
		return true;
	}
	return addr >= 0x40000000 && addr < 0x40030000;
}

bool fake_write(uint32_t addr, unsigned int size, uint32_t value)
{
	uint8_t *m = memory(addr, size);

	fake.writes++;
	if (fake.crc_missing && addr >= 0x40023000 && addr < 0x40023400)
		return false;
	if (m && addr >= 0x20000000) {
		memcpy(m, &value, size);
		return true;
	}
	if (m && addr >= 0x1ffff800)
		return fake_option_program(addr - 0x1ffff800, size, value);
	if (m && addr < 0x10000000)
		return program(addr - 0x08000000, size, value);
	if (fake_debug_write(addr, value))
		return true;
	switch (addr) {
	case 0x40022004:
		return write_key(value);
	case 0x40022008:
		return fake_option_key(value);
	case 0x4002200c:
		fake.sr &= ~(value & 0x34);
		return true;
	case 0x40022010:
		if (value & 0x2000) {
			fake.option_loads++;
			fake.boots_sysmem &= !memcmp(fake.flash,
						     "\xff\xff\xff\xff", 4);
			fake_option_load();
			fake_system_reset();
			return false;	/* its status is lost */
		}
		if (fake.cr & 0x80 || fake.sr & 1)
			return true;
		/* OPTWRE can be cleared here, not set */
		fake.cr = (value & ~0x240u) | (fake.cr & value & 0x200);
		if (value & 0x40 && fake.cr & 0x20 && fake.cr & 0x200)
			fake_option_erase();
		else if (value & 0x40)
			start_erase();
		return true;
	case 0x40023000:
		crc_write(value);
		return true;
	case 0x40023008:
		fake.crc_cr = value & 0xe0;
		if (value & 1)
			fake.crc = 0xffffffff;
		return true;
	case 0x40003000:
		fake.reloads += value == 0xaaaa;
		return true;
	case 0x40015808:
		if (fake.apb2enr & 1u << 22)
			fake.apb1_fz = value;
		return true;
	case 0x40021000:
		fake.rcc_cr = (value & ~2u) | (value & 1) << 1;
		return true;
	case 0x40022014:
	case 0x40021014:
	case 0x40021018:
	case 0xe000edfc:
		*reg(addr) = value;
		return true;
	}
	return (addr >= 0x40000000 && addr < 0x40030000) ||
	       addr == 0xe000ed0c;
}
