// SPDX-License-Identifier: GPL-2.0-only
/*
 * Firmware with something wrong, one thing each, chosen by FAULT_*; each runs
 * for a moment first. USE_* are in order, but hard to understand from outside.
 *
 * Register addresses and bits: ST RM0360, ARM DDI 0419.
 */
#include <stdint.h>

#include "status.h"

#define REG(a)		(*(volatile uint32_t *)(a))
#define RCC_APB2ENR	REG(0x40021018)
#define SYSCFG_CFGR1	REG(0x40010000)
#define IWDG_KR		REG(0x40003000)
#define AIRCR		REG(0xe000ed0c)
#define NVIC_ISER	REG(0xe000e100)
#define NVIC_ISPR	REG(0xe000e200)
#define SCR		REG(0xe000ed10)
#define UID		((volatile uint32_t *)0x1ffff7ac)

__attribute__((section(".status"))) struct status status;
static volatile uint32_t sink;

void systick(void)
{
	status.ticks++;
}

#ifdef FAULT_STACK
__attribute__((noinline)) static uint32_t deeper(uint32_t n)
{
	volatile uint32_t room[16];

	room[n % 16] = n;
	return n == sink ? 0 : deeper(n + 1) + room[n % 16];
}
#endif

static void go_wrong(void)
{
#if defined(FAULT_BKPT)
	__asm__ volatile("bkpt 0");
#elif defined(FAULT_SEMIHOSTING)
	__asm__ volatile("movs r0, #4\n bkpt 0xab" ::: "r0");
#elif defined(FAULT_POINTER)
	((void (*)(void))(0x08000100 + sink))();	/* no Thumb bit */
#elif defined(FAULT_BLANK)
	((void (*)(void))(0x08003f00 + sink + 1))();
#elif defined(FAULT_UNALIGNED)
	/* in C it would become two accesses */
	__asm__ volatile("str %0, [%1]" :: "l"(1), "l"(0x20000802));
#elif defined(FAULT_NOWHERE)
	sink = REG(0x60000000);
#elif defined(FAULT_UNDEFINED)
	__asm__ volatile(".short 0xe92d, 0x4ff0");	/* PUSH.W of a Cortex-M3 */
#elif defined(FAULT_STACK)
	sink = deeper(sink + 1);
#elif defined(FAULT_PARITY)
	sink = REG(0x20000a00);
#elif defined(FAULT_IWDG)
	IWDG_KR = 0xcccc;
#elif defined(FAULT_RESET)
	AIRCR = 0x05fa0004;
#elif defined(FAULT_IRQ)
	NVIC_ISER = 1;
	NVIC_ISPR = 1;
#elif defined(USE_STOP)
	SCR = 4;
	for (;;)
		__asm__ volatile("wfi");
#elif defined(USE_UID)
	sink = UID[0] ^ UID[1] ^ UID[2];
#elif defined(USE_BOOTLOADER)
	/* as firmware does that has its own update started */
	RCC_APB2ENR |= 1;
	SYSCFG_CFGR1 = 1;
	__asm__ volatile("movs r0, #0\n ldr r1, [r0]\n msr msp, r1\n"
			 "ldr r1, [r0, #4]\n bx r1" ::: "r0", "r1");
#endif
}

int main(void)
{
	volatile uint32_t wait;

	status.boots = status.magic == STATUS_MAGIC ? status.boots + 1 : 1;
	status.magic = STATUS_MAGIC;
	status.version = 10;
	for (wait = 0; wait < 2000; wait++)
		;
	go_wrong();
	for (;;)
		status.ticks++;
}
