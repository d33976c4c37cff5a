/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Option bytes: what they say. Layout from ST RM0360, chapter 4.
 */
#ifndef STL_OPTION_H
#define STL_OPTION_H

#include "target.h"

/**
 * struct stl_options - option bytes as they act (loaded) and as stored
 * @obr: FLASH_OBR
 * @wrpr: FLASH_WRPR
 * @rdp_level: 0, 1 or 2
 * @load_error: OPTERR: a byte and its complement disagreed when loaded
 * @wdg_sw: watchdog is started by software; false: runs from reset on
 * @nrst_stop: no reset on entering Stop
 * @nrst_stdby: no reset on entering Standby
 * @nboot1: BOOT0 high boots the ROM boot loader; false: SRAM
 * @vdda_monitor: VDDA is supervised
 * @ram_parity_off: SRAM parity is not checked
 * @data: DATA0 and DATA1
 * @raw: the 16 bytes at 0x1ffff800
 * @raw_valid: they could be read
 * @pending: stored bytes differ from the loaded: they take effect at the next
 *	power-on or reload
 */
struct stl_options {
	uint32_t obr;
	uint32_t wrpr;
	unsigned int rdp_level;
	bool load_error;
	bool wdg_sw;
	bool nrst_stop;
	bool nrst_stdby;
	bool nboot1;
	bool vdda_monitor;
	bool ram_parity_off;
	uint8_t data[2];
	uint8_t raw[16];
	bool raw_valid;
	bool pending;
};

/** stl_options_decode() - from register values and stored bytes (or NULL) */
void stl_options_decode(struct stl_options *o, const struct stl_chip *chip,
			uint32_t obr, uint32_t wrpr, const uint8_t *raw);

/** stl_options_read() - read and decode; STL_LINK on failure */
int stl_options_read(struct stl_target *t, struct stl_options *o,
		     struct stl_error *err);

/** stl_rdp_level() - level 0, 1 or 2 from FLASH_OBR */
unsigned int stl_rdp_level(uint32_t obr);

#endif
