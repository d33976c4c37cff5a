/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Debug registers of ARMv6-M and ARMv7-M (ARM DDI 0419, C1): what it takes to
 * halt, run, step and reset a core, and no more.
 */
#ifndef STLINK_CORTEX_M_H
#define STLINK_CORTEX_M_H

#include <linux/bits.h>

#define CM_CPUID			0xe000ed00
#define CM_AIRCR			0xe000ed0c
#define CM_AIRCR_SYSRESETREQ		0x05fa0004
#define CM_DFSR				0xe000ed30
#define CM_DFSR_ALL			0x1f	/* write one to clear */

#define CM_DHCSR			0xe000edf0
#define CM_DHCSR_KEY			0xa05f0000
#define CM_DHCSR_C_DEBUGEN		BIT(0)
#define CM_DHCSR_C_HALT			BIT(1)
#define CM_DHCSR_C_STEP			BIT(2)
#define CM_DHCSR_C_MASKINTS		BIT(3)
#define CM_DHCSR_S_HALT			BIT(17)
#define CM_DHCSR_S_SLEEP		BIT(18)
#define CM_DHCSR_S_LOCKUP		BIT(19)
#define CM_DHCSR_S_RESET_ST		BIT(25)	/* cleared by reading */

#define CM_DEMCR			0xe000edfc
#define CM_DEMCR_VC_CORERESET		BIT(0)

/* Breakpoint unit; FP_CTRL of ARMv7-M has the same two bits here */
#define CM_BP_CTRL			0xe0002000
#define CM_BP_CTRL_DISABLE		0x00000002	/* KEY set, ENABLE clear */
#define CM_DWT_FUNCTION0		0xe0001028
#define CM_DWT_FUNCTION1		0xe0001038

#endif
