// SPDX-License-Identifier: GPL-2.0-only
/*
 * A firmware as people have it: a wave played by pulse width on PA4, most of
 * 16 KiB of flash, interrupts, sleep. What the switches add makes it hard to
 * replace:
 *
 * USE_PLL	runs at 48 MHz with a wait state
 * USE_IWDG	starts the watchdog with 100 ms and feeds it
 * TAKE_SWD=N	turns PA13 and PA14 into plain inputs after N ms
 * VERSION	number to be found in the status
 *
 * Register addresses and bits: ST RM0360, ARM DDI 0419.
 */
#include <stdint.h>

#include "status.h"

#define REG(a)		(*(volatile uint32_t *)(a))
#define RCC_CR		REG(0x40021000)
#define RCC_CFGR	REG(0x40021004)
#define RCC_AHBENR	REG(0x40021014)
#define FLASH_ACR	REG(0x40022000)
#define GPIOA_MODER	REG(0x48000000)
#define GPIOA_BSRR	REG(0x48000018)
#define IWDG_KR		REG(0x40003000)
#define IWDG_PR		REG(0x40003004)
#define IWDG_RLR	REG(0x40003008)
#define SYST_CSR	REG(0xe000e010)
#define SYST_RVR	REG(0xe000e014)
#define SYST_CVR	REG(0xe000e018)

#ifndef VERSION
#define VERSION 1
#endif
#ifdef USE_PLL
#define HCLK_HZ 48000000u
#else
#define HCLK_HZ 8000000u
#endif

extern const uint16_t wave[];
extern const uint32_t wave_length;

__attribute__((section(".status"))) struct status status;
static uint32_t phase;

static void clock_init(void)
{
#ifdef USE_PLL
	FLASH_ACR = 0x11;			/* prefetch, one wait state */
	RCC_CFGR = 10 << 18;			/* HSI / 2 times 12 */
	RCC_CR |= 1u << 24;
	while (!(RCC_CR & 1u << 25))
		;
	RCC_CFGR |= 2;
	while ((RCC_CFGR & 0xc) != 0x8)
		;
#endif
}

static void watchdog_init(void)
{
#ifdef USE_IWDG
	IWDG_KR = 0xcccc;
	IWDG_KR = 0x5555;
	IWDG_PR = 0;				/* 40 kHz / 4 */
	IWDG_RLR = 1000;			/* 100 ms */
	IWDG_KR = 0xaaaa;
#endif
}

void systick(void)
{
	status.ticks++;
#ifdef USE_IWDG
	IWDG_KR = 0xaaaa;
#endif
#ifdef TAKE_SWD
	if (status.ticks == TAKE_SWD)
		GPIOA_MODER &= ~(0xfu << 26);
#endif
}

static uint32_t sum_of_wave(void)
{
	uint32_t sum = 0, i;

	for (i = 0; i < wave_length; i++)
		sum = (sum << 1 | sum >> 31) + wave[i];
	return sum;
}

int main(void)
{
	clock_init();
	watchdog_init();
	RCC_AHBENR |= 1u << 17;			/* GPIOA */
	GPIOA_MODER |= 1u << 8;			/* PA4 is an output */

	status.version = VERSION;
	status.ticks = 0;
	status.boots = status.magic == STATUS_MAGIC ? status.boots + 1 : 1;
	status.table_sum = sum_of_wave();
	status.magic = STATUS_MAGIC;

	SYST_RVR = HCLK_HZ / 1000 - 1;
	SYST_CVR = 0;
	SYST_CSR = 7;
	for (;;) {
		__asm__ volatile("wfi");
		phase = (phase + 7) % wave_length;
		GPIOA_BSRR = wave[phase] > 0x8000 ? 1u << 4 : 1u << 20;
	}
}
