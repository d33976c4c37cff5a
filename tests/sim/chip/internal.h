/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Inside of the simulated STM32F030: the state of every block and what the
 * files of this directory offer one another.
 */
#ifndef SIM_CHIP_INTERNAL_H
#define SIM_CHIP_INTERNAL_H

#include "../cpu/cpu.h"
#include "../timing.h"
#include "chip.h"

#define NEVER		UINT64_MAX

#define FLASH_BASE	0x08000000u
#define OPT_BASE	0x1ffff800u
#define OPT_LEN		16u		/* bytes in use, with complements */
#define SRAM_BASE	0x20000000u
#define SYSMEM_END	0x1ffff800u

enum irq { IRQ_FLASH = 3 };

/** enum master - who is on the bus */
enum master { MASTER_CORE, MASTER_AP };

/** enum boot - what address 0 shows; the values are SYSCFG's MEM_MODE */
enum boot { BOOT_FLASH = 0, BOOT_SYSMEM = 1, BOOT_SRAM = 3 };

/** struct part - one row of the table of parts (RM0360 tables 1, 2 and 110) */
struct part {
	const char *names[4];
	uint32_t idcode;
	uint32_t flash_size;
	uint32_t page_size;
	uint32_t sram_size;
	uint32_t sysmem_base;
	uint32_t opt_end;	/* end of the option area, exclusive */
	uint32_t ports;		/* GPIO ports, bit 0 is A */
	bool empty_check;	/* blank flash boots the boot loader */
	bool pllsrc_2bit;	/* RCC_CFGR.PLLSRC has two bits */
};

enum flash_op {
	OP_NONE,
	OP_PROGRAM,
	OP_PAGE_ERASE,
	OP_MASS_ERASE,
	OP_OPT_ERASE,
	OP_OPT_PROGRAM,
	OP_RDP_UNLOCK,		/* mass erase, then OP_OPT_PROGRAM of RDP */
};

struct fpec {
	uint32_t acr, sr, cr, ar;
	unsigned int key_step, optkey_step;	/* correct keys so far */
	bool key_dead, optkey_dead;	/* wrong key: shut until reset */
	enum flash_op op;
	uint64_t op_start, op_end;
	uint64_t cut;		/* the supply fails then, 0 for never */
	uint32_t op_addr;
	uint16_t op_value;
	uint64_t strt_insn;	/* instruction count when STRT was set */
	uint64_t opt_erase_at;	/* start of the last option erase */
};

/* The option values that are in force, not those in flash. */
struct options {
	bool error;		/* OBR.OPTERR */
	unsigned int level;	/* RDP 0, 1, 2 */
	uint8_t user, data[2];
	uint32_t wrp;
	bool empty;		/* empty check flag */
};

struct rcc {
	uint32_t cr, cfgr, cir, ahbenr, apb1enr, apb2enr, bdcr, csr;
	uint32_t cfgr2, cfgr3, cr2;
	uint32_t ahbrstr, apb1rstr, apb2rstr;
	uint64_t hsi_at, hse_at, pll_at, lsi_at, hsi14_at;	/* ready then */
	uint32_t hclk;
};

struct gpio {
	uint32_t moder, otyper, ospeedr, pupdr, odr, lckr, afr[2];
	unsigned int lock_step;
};

struct crc {
	uint32_t dr, init, cr;
	uint8_t idr;
};

struct iwdg {
	bool running, unlocked;
	uint32_t pr, rlr, winr;
	uint64_t left;		/* ns until it bites */
	uint64_t sr_until[3];	/* PVU, RVU, WVU */
};

struct wwdg {
	uint32_t cr, cfr;
	bool ewif;
	uint64_t left;		/* ns until the next decrement */
};

struct usart {
	uint32_t cr1, cr2, cr3, brr, gtpr, rtor;
	uint64_t sent;
};

struct dp {
	bool dead;		/* no line reset seen since power-on */
	bool need_dpidr;
	uint32_t ctrl, select, dlcr;
	uint32_t rdbuff, last_read;
};

struct ap {
	uint32_t csw, tar;
	bool busy;		/* an access waits for the bus */
	bool write;
	unsigned int reg;
	uint32_t value;
};

struct chip {
	struct chip_options opt;
	const struct part *part;
	struct cpu *cpu;
	struct chip_counters count;
	struct chip_faults faults;

	/* memories */
	uint8_t *flash;
	uint32_t flash_len;	/* size of the array above */
	uint8_t optmem[OPT_LEN];
	uint8_t *sram;
	uint8_t *sram_valid;	/* one per byte, for parity */
	uint8_t *sysmem;
	uint8_t uid[12];

	/* pins and reset */
	bool powered, nrst_low, nrst_held, boot0;
	bool in_reset;
	uint64_t release_at;	/* end of reset unless nRST is low */
	uint32_t reset_cause;	/* reset asked for, RCC_CSR flags */
	bool debug_seen;	/* debugger was there since power-on (RDP 1) */
	enum boot boot;		/* as sampled at the end of reset */
	bool low_power_seen;	/* Stop or Standby entry already dealt with */

	/* time */
	uint64_t now;
	uint64_t core_now;	/* the core may be a few cycles ahead */
	uint64_t core_rem;	/* fraction of a ns, in 1/HCLK */
	bool in_core;		/* called from cpu_run() */
	bool synced, want_sync;	/* see bus_needs_sync() */
	bool resched;		/* something timed began: end the slice */
	uint64_t sync_insn;

	/* blocks */
	struct fpec fpec;
	struct options active;
	struct rcc rcc;
	struct gpio gpio[6];
	struct crc crc;
	struct iwdg iwdg;
	struct wwdg wwdg;
	struct usart usart;
	uint32_t syscfg[7];
	uint32_t pwr_cr, pwr_csr;
	uint32_t dbgmcu_cr, dbgmcu_fz[2];
	struct dp dp;
	struct ap ap;
};

/* part.c */
const struct part *part_find(const char *name);

/* bus.c, periph.c */
enum bus_result bus_read(struct chip *chip, enum master master, uint32_t addr,
			 unsigned int size, uint32_t *value);
enum bus_result bus_write(struct chip *chip, enum master master, uint32_t addr,
			  unsigned int size, uint32_t value);
bool bus_needs_sync(struct chip *chip, enum master master);
enum bus_result periph_read(struct chip *chip, enum master master,
			    uint32_t addr, unsigned int size, uint32_t *value);
enum bus_result periph_write(struct chip *chip, enum master master,
			     uint32_t addr, unsigned int size, uint32_t value);
uint32_t periph_merge(uint32_t old, uint32_t value, uint32_t mask);

/* flash.c: the array; fpec.c: the registers; options.c */
bool flash_busy(const struct chip *chip);
bool flash_denied(const struct chip *chip, enum master master);
enum bus_result flash_read(struct chip *chip, enum master master,
			   uint32_t off, unsigned int size, uint32_t *value);
enum bus_result flash_store(struct chip *chip, enum master master,
			    uint32_t addr, unsigned int size, uint32_t value);
void flash_erase_start(struct chip *chip);
void flash_begin(struct chip *chip, enum flash_op op, uint32_t addr,
		 uint16_t value, uint64_t ns);
void flash_error(struct chip *chip, uint32_t flag);
uint64_t flash_next(const struct chip *chip);
void flash_due(struct chip *chip);
void flash_abort(struct chip *chip);
void fpec_reset(struct chip *chip);
void fpec_irq(struct chip *chip);
enum bus_result fpec_read(struct chip *chip, enum master master,
			  unsigned int unit, uint32_t off, uint32_t *value);
enum bus_result fpec_write(struct chip *chip, enum master master,
			   unsigned int unit, uint32_t off, uint32_t value,
			   uint32_t mask);
void options_load(struct chip *chip);
enum bus_result options_store(struct chip *chip, uint32_t addr,
			      unsigned int size, uint32_t value);
void options_erase_start(struct chip *chip);
uint32_t options_obr(const struct chip *chip);

#define FPEC_SR_BSY	0x01u
#define FPEC_SR_PGERR	0x04u
#define FPEC_SR_WRPRT	0x10u
#define FPEC_SR_EOP	0x20u
#define FPEC_CR_PG	0x0001u
#define FPEC_CR_PER	0x0002u
#define FPEC_CR_MER	0x0004u
#define FPEC_CR_OPTPG	0x0010u
#define FPEC_CR_OPTER	0x0020u
#define FPEC_CR_STRT	0x0040u
#define FPEC_CR_LOCK	0x0080u
#define FPEC_CR_OPTWRE	0x0200u
#define FPEC_CR_ERRIE	0x0400u
#define FPEC_CR_EOPIE	0x1000u
#define FPEC_CR_OBL	0x2000u

/* option byte USER */
#define USER_WDG_SW	0x01u
#define USER_NRST_STOP	0x02u
#define USER_NRST_STDBY	0x04u
#define USER_NBOOT1	0x10u
#define USER_NO_PARITY	0x40u

/* rcc.c */
#define RCC_CSR_OBL	0x02000000u
#define RCC_CSR_PIN	0x04000000u
#define RCC_CSR_POR	0x08000000u
#define RCC_CSR_SFT	0x10000000u
#define RCC_CSR_IWDG	0x20000000u
#define RCC_CSR_WWDG	0x40000000u
#define RCC_CSR_LPWR	0x80000000u
#define RCC_CSR_V18	0x00800000u
void rcc_reset(struct chip *chip);
void rcc_stop(struct chip *chip);
uint64_t rcc_next(const struct chip *chip);
void rcc_due(struct chip *chip);
bool rcc_hsi_ready(const struct chip *chip);
uint32_t rcc_pclk(const struct chip *chip);
enum bus_result rcc_read(struct chip *chip, enum master master,
			 unsigned int unit, uint32_t off, uint32_t *value);
enum bus_result rcc_write(struct chip *chip, enum master master,
			  unsigned int unit, uint32_t off, uint32_t value,
			  uint32_t mask);

/* gpio.c */
void gpio_reset(struct chip *chip, unsigned int port);
bool gpio_swd_pins(const struct chip *chip);
enum bus_result gpio_read(struct chip *chip, enum master master,
			  unsigned int unit, uint32_t off, uint32_t *value);
enum bus_result gpio_write(struct chip *chip, enum master master,
			   unsigned int unit, uint32_t off, uint32_t value,
			   uint32_t mask);

/* crc.c */
void crc_reset(struct chip *chip);
enum bus_result crc_read(struct chip *chip, enum master master,
			 unsigned int unit, uint32_t off, uint32_t *value);
enum bus_result crc_write(struct chip *chip, enum master master,
			  unsigned int unit, uint32_t off, uint32_t value,
			  uint32_t mask);

/* iwdg.c, wwdg.c */
void iwdg_reset(struct chip *chip);
void iwdg_start(struct chip *chip);
bool iwdg_frozen(const struct chip *chip);
uint64_t iwdg_next(const struct chip *chip);
void iwdg_advance(struct chip *chip, uint64_t ns);
enum bus_result iwdg_read(struct chip *chip, enum master master,
			  unsigned int unit, uint32_t off, uint32_t *value);
enum bus_result iwdg_write(struct chip *chip, enum master master,
			   unsigned int unit, uint32_t off, uint32_t value,
			   uint32_t mask);
void wwdg_reset(struct chip *chip);
uint64_t wwdg_next(const struct chip *chip);
void wwdg_advance(struct chip *chip, uint64_t ns);
enum bus_result wwdg_read(struct chip *chip, enum master master,
			  unsigned int unit, uint32_t off, uint32_t *value);
enum bus_result wwdg_write(struct chip *chip, enum master master,
			   unsigned int unit, uint32_t off, uint32_t value,
			   uint32_t mask);

/* dbgmcu.c */
#define DBGMCU_CR_STOP		0x2u
#define DBGMCU_CR_STANDBY	0x4u
#define DBGMCU_FZ_IWDG		0x1000u
#define DBGMCU_FZ_WWDG		0x0800u
enum bus_result dbgmcu_read(struct chip *chip, enum master master,
			    unsigned int unit, uint32_t off, uint32_t *value);
enum bus_result dbgmcu_write(struct chip *chip, enum master master,
			     unsigned int unit, uint32_t off, uint32_t value,
			     uint32_t mask);

/* syscfg.c: SYSCFG and PWR */
void syscfg_reset(struct chip *chip);
enum bus_result syscfg_read(struct chip *chip, enum master master,
			    unsigned int unit, uint32_t off, uint32_t *value);
enum bus_result syscfg_write(struct chip *chip, enum master master,
			     unsigned int unit, uint32_t off, uint32_t value,
			     uint32_t mask);
#define PWR_CR_PDDS	0x2u
enum bus_result pwr_read(struct chip *chip, enum master master,
			 unsigned int unit, uint32_t off, uint32_t *value);
enum bus_result pwr_write(struct chip *chip, enum master master,
			  unsigned int unit, uint32_t off, uint32_t value,
			  uint32_t mask);

/* usart.c */
void usart_reset(struct chip *chip);
enum bus_result usart_read(struct chip *chip, enum master master,
			   unsigned int unit, uint32_t off, uint32_t *value);
enum bus_result usart_write(struct chip *chip, enum master master,
			    unsigned int unit, uint32_t off, uint32_t value,
			    uint32_t mask);

/* reset.c */
void reset_power_on(struct chip *chip);
void reset_power_off(struct chip *chip);
void reset_request(struct chip *chip, uint32_t cause);
void reset_pending(struct chip *chip);
bool reset_pin_low(const struct chip *chip);
void reset_pin(struct chip *chip);
void reset_due(struct chip *chip);

/* lowpower.c */
enum low_power { LP_NONE, LP_STOP, LP_STANDBY };
enum low_power low_power_mode(const struct chip *chip);
bool low_power_clock_off(const struct chip *chip);
void low_power_check(struct chip *chip);

/* ahbap.c */
void ap_reset(struct chip *chip);
void ap_poll(struct chip *chip);
bool ap_access(struct chip *chip, bool read, unsigned int reg, uint32_t value);
void ap_abort(struct chip *chip);

/* swdp.c */
#define DP_STICKYORUN	0x00000002u
#define DP_STICKYERR	0x00000020u
#define DP_WDATAERR	0x00000080u
void dp_reset(struct chip *chip);

#endif
