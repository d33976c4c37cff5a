// SPDX-License-Identifier: GPL-2.0-only
/*
 * Reset and clock control at 40021000 (RM0360 7): oscillators that take time
 * to start, the PLL, the switch, and what HCLK comes to.
 */
#include "internal.h"

enum {
	CR = 0x00, CFGR = 0x04, CIR = 0x08, APB2RSTR = 0x0c, APB1RSTR = 0x10,
	AHBENR = 0x14, APB2ENR = 0x18, APB1ENR = 0x1c, BDCR = 0x20, CSR = 0x24,
	AHBRSTR = 0x28, CFGR2 = 0x2c, CFGR3 = 0x30, CR2 = 0x34,
};

#define CR_HSION	0x00000001u
#define CR_HSIRDY	0x00000002u
#define CR_HSITRIM	0x000000f8u
#define CR_HSICAL	0x0000ff00u
#define CR_HSEON	0x00010000u
#define CR_HSERDY	0x00020000u
#define CR_HSEBYP	0x00040000u
#define CR_CSSON	0x00080000u
#define CR_PLLON	0x01000000u
#define CR_PLLRDY	0x02000000u
#define CR_WRITABLE	(CR_HSION | CR_HSITRIM | CR_HSEON | CR_HSEBYP | \
			 CR_CSSON | CR_PLLON)
#define CFGR_SW		0x00000003u
#define CFGR_SWS	0x0000000cu
#define CFGR_PLL	0x003f8000u	/* PLLSRC, PLLXTPRE, PLLMUL */
#define CSR_LSION	0x1u
#define CSR_LSIRDY	0x2u
#define CSR_RMVF	0x01000000u
#define CSR_FLAGS	0xfe800000u
#define CR2_HSI14ON	0x1u
#define CR2_HSI14RDY	0x2u

enum { SW_HSI, SW_HSE, SW_PLL };

static uint32_t hse_hz(const struct chip *chip)
{
	return chip->opt.hse_hz ? chip->opt.hse_hz : 8000000u;
}

static bool ready(const struct chip *chip, uint64_t at)
{
	return chip->now >= at;
}

/* Reads of HSIRDY and so on are those of the moment. */
static uint32_t cr_value(const struct chip *chip)
{
	const struct rcc *r = &chip->rcc;

	return r->cr | (ready(chip, r->hsi_at) ? CR_HSIRDY : 0) |
	       (ready(chip, r->hse_at) ? CR_HSERDY : 0) |
	       (ready(chip, r->pll_at) ? CR_PLLRDY : 0);
}

static uint32_t pll_hz(const struct chip *chip)
{
	const struct rcc *r = &chip->rcc;
	uint32_t mul = (r->cfgr >> 18 & 15) + 2;
	uint32_t src = r->cfgr >> 15 & 3;
	uint32_t prediv = (r->cfgr2 & 15) + 1;
	uint32_t in;

	if (!chip->part->pllsrc_2bit)
		src = src & 2;
	if (src & 2)
		in = hse_hz(chip) / prediv;
	else if (src == 1)
		in = HSI_HZ / prediv;
	else
		in = HSI_HZ / 2;
	return in * (mul > 16 ? 16 : mul);
}

static bool source_ready(const struct chip *chip, uint32_t sw)
{
	const struct rcc *r = &chip->rcc;

	switch (sw) {
	case SW_HSI:
		return ready(chip, r->hsi_at);
	case SW_HSE:
		return ready(chip, r->hse_at);
	case SW_PLL:
		return ready(chip, r->pll_at);
	}
	return false;
}

/* Let the switch follow SW when its source runs, and recompute HCLK. */
static void update(struct chip *chip)
{
	static const uint8_t shift[] = { 1, 2, 3, 4, 6, 7, 8, 9 };
	struct rcc *r = &chip->rcc;
	uint32_t sw = r->cfgr & CFGR_SW;
	uint32_t hz, hpre;

	if (source_ready(chip, sw))
		r->cfgr = (r->cfgr & ~CFGR_SWS) | sw << 2;
	sw = r->cfgr >> 2 & 3;
	hz = sw == SW_PLL ? pll_hz(chip) : sw == SW_HSE ? hse_hz(chip) : HSI_HZ;
	hpre = r->cfgr >> 4 & 15;
	if (hpre & 8)
		hz >>= shift[hpre & 7];
	if (hz != r->hclk) {
		r->hclk = hz;
		chip->core_rem = 0;
	}
}

/** rcc_reset() - reset values; CSR keeps its flags */
void rcc_reset(struct chip *chip)
{
	uint32_t flags = chip->rcc.csr & CSR_FLAGS;

	chip->rcc = (struct rcc){
		.cr = 0x5000 | 0x80 | CR_HSION,	/* factory HSICAL, TRIM 16 */
		.ahbenr = 0x14,
		.csr = flags,
		.cr2 = 0x80,
		.hse_at = NEVER, .pll_at = NEVER, .lsi_at = NEVER,
		.hsi14_at = NEVER,
	};
	update(chip);
}

/** rcc_stop() - Stop mode ends on HSI with HSE and PLL off (RM0360 6.3.5) */
void rcc_stop(struct chip *chip)
{
	struct rcc *r = &chip->rcc;

	r->cr &= ~(CR_HSEON | CR_PLLON | CR_CSSON);
	r->cr |= CR_HSION;
	r->hsi_at = chip->now;
	r->hse_at = r->pll_at = NEVER;
	r->cfgr &= ~CFGR_SW;
	update(chip);
}

/** rcc_hsi_ready() - flash programming needs HSI (RM0091 3.2.2) */
bool rcc_hsi_ready(const struct chip *chip)
{
	return ready(chip, chip->rcc.hsi_at);
}

/** rcc_pclk() - APB clock in Hz */
uint32_t rcc_pclk(const struct chip *chip)
{
	uint32_t ppre = chip->rcc.cfgr >> 8 & 7;

	return chip->rcc.hclk >> (ppre & 4 ? (ppre & 3) + 1 : 0);
}

static uint64_t sooner(uint64_t now, uint64_t best, uint64_t at)
{
	return at > now && at < best ? at : best;
}

/** rcc_next() - when the next oscillator will be ready, or NEVER */
uint64_t rcc_next(const struct chip *chip)
{
	const struct rcc *r = &chip->rcc;
	uint64_t best = NEVER;

	best = sooner(chip->now, best, r->hsi_at);
	best = sooner(chip->now, best, r->hse_at);
	best = sooner(chip->now, best, r->pll_at);
	best = sooner(chip->now, best, r->lsi_at);
	return sooner(chip->now, best, r->hsi14_at);
}

/** rcc_due() - an oscillator may have become ready */
void rcc_due(struct chip *chip)
{
	update(chip);
}

/* When an oscillator switched on or off by a write will be ready. */
static uint64_t start(const struct chip *chip, bool was, bool on, uint64_t at,
		      uint64_t ns)
{
	if (!on)
		return NEVER;
	if (was)
		return at;
	return chip->now + (chip->opt.fast ? 0 : ns);
}

static void write_cr(struct chip *chip, uint32_t value)
{
	struct rcc *r = &chip->rcc;
	uint32_t sws = r->cfgr >> 2 & 3;
	bool pll_hse = r->cfgr >> 16 & 1;
	uint32_t old = r->cr;

	/* what SYSCLK runs on cannot be switched off (RM0360 7.4.1) */
	if (sws == SW_HSI || (sws == SW_PLL && !pll_hse))
		value |= CR_HSION;
	if (sws == SW_HSE || (sws == SW_PLL && pll_hse))
		value |= CR_HSEON;
	if (sws == SW_PLL)
		value |= CR_PLLON;
	r->cr = (value & CR_WRITABLE) | (old & CR_HSICAL);
	r->hsi_at = start(chip, old & CR_HSION, value & CR_HSION, r->hsi_at,
			  T_HSI_NS);
	r->hse_at = start(chip, old & CR_HSEON, value & CR_HSEON, r->hse_at,
			  T_HSE_NS);
	if (chip->opt.no_hse)
		r->hse_at = NEVER;
	r->pll_at = start(chip, old & CR_PLLON, value & CR_PLLON, r->pll_at,
			  T_PLL_NS);
	if (pll_hse && r->hse_at == NEVER)
		r->pll_at = NEVER;
}

static void write_cfgr(struct chip *chip, uint32_t value)
{
	struct rcc *r = &chip->rcc;

	/* PLL settings can be changed only while it is off (RM0360 7.4.2) */
	if (r->cr & CR_PLLON)
		value = (value & ~CFGR_PLL) | (r->cfgr & CFGR_PLL);
	/* PLLXTPRE is the same bit as CFGR2.PREDIV[0] */
	else
		r->cfgr2 = (r->cfgr2 & ~1u) | (value >> 17 & 1);
	r->cfgr = (value & ~CFGR_SWS) | (r->cfgr & CFGR_SWS);
}

static void write_csr(struct chip *chip, uint32_t value)
{
	struct rcc *r = &chip->rcc;
	uint32_t old = r->csr;

	r->csr = (old & CSR_FLAGS) | (value & CSR_LSION);
	if (value & CSR_RMVF)
		r->csr &= ~CSR_FLAGS;
	r->lsi_at = start(chip, old & CSR_LSION || chip->iwdg.running,
			  value & CSR_LSION || chip->iwdg.running,
			  r->lsi_at, T_LSI_NS);
}

/* AHBRSTR, APB1RSTR, APB2RSTR: blocks whose bit is 1 are set back. */
static void reset_blocks(struct chip *chip)
{
	const struct rcc *r = &chip->rcc;
	unsigned int port;

	for (port = 0; port < 6; port++)
		if (r->ahbrstr >> (17 + port) & 1)
			gpio_reset(chip, port);
	if (r->apb2rstr & 0x1)
		syscfg_reset(chip);
	if (r->apb2rstr & 0x4000)
		usart_reset(chip);
	if (r->apb1rstr & 0x800)
		wwdg_reset(chip);
}

static uint32_t *plain(struct rcc *r, uint32_t off)
{
	switch (off) {
	case APB2RSTR:
		return &r->apb2rstr;
	case APB1RSTR:
		return &r->apb1rstr;
	case AHBENR:
		return &r->ahbenr;
	case APB2ENR:
		return &r->apb2enr;
	case APB1ENR:
		return &r->apb1enr;
	case BDCR:
		return &r->bdcr;
	case AHBRSTR:
		return &r->ahbrstr;
	case CFGR2:
		return &r->cfgr2;
	case CFGR3:
		return &r->cfgr3;
	}
	return NULL;
}

/** rcc_read() - register read */
enum bus_result rcc_read(struct chip *chip, enum master master,
			 unsigned int unit, uint32_t off, uint32_t *value)
{
	struct rcc *r = &chip->rcc;
	uint32_t *reg = plain(r, off);

	(void)master;
	(void)unit;
	if (reg)
		*value = *reg;
	else if (off == CR)
		*value = cr_value(chip);
	else if (off == CFGR)
		*value = r->cfgr;
	else if (off == CIR)
		*value = r->cir;
	else if (off == CSR)
		*value = r->csr | (ready(chip, r->lsi_at) ? CSR_LSIRDY : 0);
	else if (off == CR2)
		*value = r->cr2 |
			 (ready(chip, r->hsi14_at) ? CR2_HSI14RDY : 0);
	else
		*value = 0;
	return BUS_OK;
}

/** rcc_write() - register write, byte lanes in @mask */
enum bus_result rcc_write(struct chip *chip, enum master master,
			  unsigned int unit, uint32_t off, uint32_t value,
			  uint32_t mask)
{
	struct rcc *r = &chip->rcc;
	uint32_t *reg = plain(r, off);
	uint32_t old = 0;

	rcc_read(chip, master, unit, off, &old);
	value = periph_merge(old, value, mask);
	if (reg) {
		*reg = value;
		reset_blocks(chip);
		if (off == CFGR2)	/* PREDIV[0] is PLLXTPRE too */
			r->cfgr = (r->cfgr & ~(1u << 17)) | (value & 1) << 17;
	} else if (off == CR) {
		write_cr(chip, value);
	} else if (off == CFGR) {
		write_cfgr(chip, value);
	} else if (off == CIR) {
		r->cir = value & 0x3f00;	/* interrupt enables */
	} else if (off == CSR) {
		write_csr(chip, value);
	} else if (off == CR2) {
		r->hsi14_at = start(chip, r->cr2 & CR2_HSI14ON,
				    value & CR2_HSI14ON, r->hsi14_at,
				    T_HSI_NS);
		r->cr2 = value & 0xfd;
	}
	update(chip);
	return BUS_OK;
}
