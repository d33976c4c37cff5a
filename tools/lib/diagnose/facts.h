/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What can be seen of a board without disturbing it. The rules judge it; they
 * need nothing else, so that they can be tested without a board.
 */
#ifndef STL_FACTS_H
#define STL_FACTS_H

#include "option.h"
#include "target.h"
#include "truncated.h"

/** enum stl_boot - what address 0 shows, and with it where a reset leads */
enum stl_boot {
	STL_BOOT_UNKNOWN,
	STL_BOOT_FLASH,
	STL_BOOT_SYSMEM,
	STL_BOOT_SRAM,
};

/** STL_FACTS_PCS - program counters that are kept */
#define STL_FACTS_PCS	8
/** STL_FACTS_STACK - words of the stack that are kept */
#define STL_FACTS_STACK	64
/** STL_FACTS_WORDS - words kept of what address 0 and SRAM begin with */
#define STL_FACTS_WORDS	16

/**
 * struct stl_facts - what was seen
 * @reached: there was a session; without, only the next members count
 * @voltage_known: the probe measures the target's supply
 * @voltage_mv: as measured
 * @port_answered: the debug port did while the core didn't
 * @writable: the descriptor may change the target
 * @reset_tried: connecting under reset was tried because nothing else worked
 * @under_reset: and it worked; the board was reset by that
 * @nrst_dead: the probe's nRST does not reset the board
 * @joined: another program has a session with it
 * @chip: identified
 * @opt: option bytes, if @opt_valid
 * @dhcsr: DHCSR at the beginning
 * @dfsr: DFSR, if halted
 * @demcr: DEMCR as found, if @demcr_valid
 * @watched: looks at the core in a second or more
 * @resets: looks that saw a reset since the one before
 * @retired: looks that saw instructions completed since the one before
 * @lockups: looks that saw it locked up
 * @halts: looks that saw it halted
 * @sleeps: looks that saw it asleep
 * @active_same: all looks saw one and the same active exception, @active
 * @active: its number, 0 for none
 * @pcs: program counters sampled, @num_pcs of them
 * @csr: RCC_CSR, if @csr_valid
 * @cfgr1: SYSCFG_CFGR1, if @cfgr1_valid; reads 0 while SYSCFG has no clock
 * @cfgr2: SYSCFG_CFGR2
 * @boot: what address 0 shows
 * @zero: words at address 0
 * @sram: words at the start of SRAM, if address 0 shows that
 * @flash: content of flash, chip.flash_size bytes, or NULL
 * @cut: whether that looks truncated
 * @regs_valid: registers were read with the core halted
 * @caught: that was at its first fault after a reset (or at the halt that came
 *	instead), on request
 * @regs: numbered as STLINK_REG_*
 * @stack_addr: address of @stack: the main stack
 * @stack: what is on it, @stack_num words
 * @psp_valid: @psp_frame was read
 * @psp_frame: eight words at PSP
 */
struct stl_facts {
	bool reached;
	bool voltage_known;
	uint32_t voltage_mv;
	bool port_answered;
	bool writable;
	bool reset_tried;
	bool under_reset;
	bool nrst_dead;
	bool joined;

	struct stl_chip chip;
	bool opt_valid;
	struct stl_options opt;

	uint32_t dhcsr;
	uint32_t dfsr;
	bool demcr_valid;
	uint32_t demcr;
	unsigned int watched;
	unsigned int resets;
	unsigned int retired;
	unsigned int lockups;
	unsigned int halts;
	unsigned int sleeps;
	bool active_same;
	unsigned int active;
	uint32_t pcs[STL_FACTS_PCS];
	unsigned int num_pcs;

	bool csr_valid;
	uint32_t csr;
	bool cfgr1_valid;
	uint32_t cfgr1;
	uint32_t cfgr2;
	enum stl_boot boot;
	uint32_t zero[STL_FACTS_WORDS];
	uint32_t sram[STL_FACTS_WORDS];

	uint8_t *flash;
	struct stl_truncated cut;

	bool regs_valid;
	bool caught;
	uint32_t regs[21];
	uint32_t stack_addr;
	uint32_t stack[STL_FACTS_STACK];
	unsigned int stack_num;
	bool psp_valid;
	uint32_t psp_frame[8];
};

/** stl_facts_word() - word of flash at an address in it; FFFFFFFF outside */
uint32_t stl_facts_word(const struct stl_facts *f, uint32_t addr);

/** stl_facts_half() - the same for a half-word */
uint16_t stl_facts_half(const struct stl_facts *f, uint32_t addr);

/** stl_facts_alive() - seen to execute firmware, and not in a fault handler */
bool stl_facts_alive(const struct stl_facts *f);

/** stl_facts_held() - held in reset: never seen out of it */
bool stl_facts_held(const struct stl_facts *f);

/**
 * stl_facts_gather() - look at an identified target
 * @f: to fill; stl_facts_free() it
 * @t: session
 * @err: STL_LINK, STL_NO_TARGET, when the core can't even be asked how it is
 *
 * A running core goes on; one that is locked up executes nothing and is halted
 * for a moment to read its registers, where the descriptor allows that.
 */
int stl_facts_gather(struct stl_facts *f, struct stl_target *t,
		     struct stl_error *err);

/**
 * stl_facts_catch() - restart the board and stop it at its first fault
 * @f: gathered; receives the registers
 * @t: session with STL_CHANGE
 * @err: STL_LINK when the reset doesn't work
 *
 * The core runs again afterwards.
 */
int stl_facts_catch(struct stl_facts *f, struct stl_target *t,
		    struct stl_error *err);

/** stl_facts_free() - free what @f holds */
void stl_facts_free(struct stl_facts *f);

/** stl_facts_registers() - registers and stack of a halted core, into @f */
void stl_facts_registers(struct stl_facts *f, struct stl_target *t);

#endif
