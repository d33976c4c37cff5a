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

/* Values of the RDP byte; each other one means level 1. RM0360 3.3.1 */
#define STL_RDP_LEVEL_0		0xaau
#define STL_RDP_LEVEL_1		0xbbu
#define STL_RDP_LEVEL_2		0xccu

/** STL_OPTION_SIZE - stored option bytes, each with its complement */
#define STL_OPTION_SIZE		16u

/**
 * struct stl_option_bytes - the eight option bytes, without complements
 * @rdp: read protection, STL_RDP_*
 * @user: USER bits, RM0360 4.1.1
 * @data: DATA0 and DATA1
 * @wrp: WRP0 to WRP3, a bit for 4 KiB of flash, 0 protects
 */
struct stl_option_bytes {
	uint8_t rdp;
	uint8_t user;
	uint8_t data[2];
	uint8_t wrp[4];
};

/**
 * stl_option_unpack() - option bytes as the chip will load them
 * @b: out
 * @raw: STL_OPTION_SIZE bytes as stored at 0x1ffff800
 *
 * A byte whose complement is wrong counts as FF, so that a damaged RDP means
 * level 1.
 *
 * Return: true if all complements are right.
 */
bool stl_option_unpack(struct stl_option_bytes *b, const uint8_t *raw);

/**
 * stl_option_base() - the option bytes that a change starts from
 * @b: out: what is stored; in place of a byte that is erased or damaged, as a change
 *	that was cut off leaves it, the one in force
 * @o: from stl_options_read(), with @o->raw_valid
 * @chip: identified chip
 *
 * An erased RDP byte would become level 1 otherwise, which nobody asked for.
 *
 * Return: true if nothing had to be taken from those in force.
 */
bool stl_option_base(struct stl_option_bytes *b, const struct stl_options *o,
		     const struct stl_chip *chip);

/**
 * stl_rdp_lost() - is level 1 in force because the RDP byte is erased or damaged?
 * @o: from stl_options_read()
 */
bool stl_rdp_lost(const struct stl_options *o);

/**
 * stl_level_2_waits() - is level 2 stored, and not yet in force?
 * @o: from stl_options_read()
 *
 * Then the next power-on or load of the option bytes locks the chip for ever.
 */
bool stl_level_2_waits(const struct stl_options *o);

/** stl_option_pack() - the other way round, as stl_option_write() leaves it */
void stl_option_pack(const struct stl_option_bytes *b, uint8_t *raw);

/** stl_option_user_mask() - bits of USER that mean something on this die */
uint8_t stl_option_user_mask(const struct stl_chip *chip);

/** stl_rdp_byte_level() - level 0, 1 or 2 that an RDP byte stands for */
unsigned int stl_rdp_byte_level(uint8_t rdp);

/**
 * enum stl_option_allow - what stl_option_write() and stl_option_load() only do on
 * request
 */
enum stl_option_allow {
	STL_ALLOW_LEVEL_2 = 1 << 0,	/* lock the chip for ever */
	STL_ALLOW_ERASE = 1 << 1,	/* from level 1 to 0: erases the flash */
	STL_ALLOW_CLONE = 1 << 2,	/* not a genuine part */
};

/**
 * stl_option_write() - erase the option bytes and program them
 * @t: identified target (STL_CHANGE)
 * @want: new values. Reserved bits are written as 1
 * @allow: STL_ALLOW_*
 * @err: STL_USAGE or STL_PROTECTED for what isn't allowed, with nothing
 *	changed; STL_PROGRAM, STL_LINK, with a hint how what may be lost is got back
 *
 * Code in SRAM erases, programs RDP at once and then the others, without the
 * probe being needed: once begun, neither a pulled cable nor a killed program
 * leaves the chip without its RDP byte; only a power cut within these 30 ms
 * does, and then the chip comes up at level 1, which can be undone. All are
 * read back before this returns. Nothing takes effect until
 * stl_option_load() or the next power-on.
 *
 * From level 1 to level 0 the hardware erases the flash. The core is left
 * halted at reset.
 */
int stl_option_write(struct stl_target *t, const struct stl_option_bytes *want,
		     unsigned int allow, struct stl_error *err);

/**
 * stl_option_check_write() - refuse what stl_option_write() would refuse
 * @t: identified target
 * @want: new values
 * @allow: STL_ALLOW_*
 * @err: STL_USAGE or STL_PROTECTED for what isn't allowed
 */
int stl_option_check_write(const struct stl_target *t,
			   const struct stl_option_bytes *want,
			   unsigned int allow, struct stl_error *err);

/**
 * stl_option_load() - put the stored option bytes in force (OBL_LAUNCH)
 * @t: identified target (STL_CHANGE)
 * @allow: STL_ALLOW_LEVEL_2 or 0
 * @err: STL_PROTECTED when that would put level 2 in force, which isn't allowed, with
 *	nothing changed; STL_PROGRAM when those in force are not the stored ones
 *	afterwards, STL_LINK
 *
 * The chip resets and runs. @t->chip is brought up to date. After level 2 has
 * come into force nothing answers any more, and nothing is to be closed
 * properly; that is STL_OK.
 */
int stl_option_load(struct stl_target *t, unsigned int allow,
		    struct stl_error *err);

/**
 * stl_option_check_load() - refuse what stl_option_load() would refuse
 * @o: from stl_options_read()
 * @allow: STL_ALLOW_LEVEL_2 or 0
 * @err: STL_PROTECTED: level 2 is stored, and not in force
 */
int stl_option_check_load(const struct stl_options *o, unsigned int allow,
			  struct stl_error *err);

/** stl_option_same() - would both act alike on this chip? */
bool stl_option_same(const struct stl_chip *chip,
		     const struct stl_option_bytes *a,
		     const struct stl_option_bytes *b);

#endif
