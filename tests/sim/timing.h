/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Every duration the simulator knows, in one table, each with its source.
 *
 * Sources: [DS] STM32F0 data sheet values quoted in public sources; [RM]
 * ST RM0360; [SWD] count of bits in ADIv5; [LOG] durations in published logs of
 * real probes; [MODEL] an assumption fitted to published throughput figures
 * (50 KiB/s on old firmware and 98 KiB/s on V2J25 at 1.8 MHz); not verified.
 */
#ifndef SIM_TIMING_H
#define SIM_TIMING_H

/* chip */
#define T_HALFWORD_NS		53500ull	/* [DS] typical */
#define T_PAGE_ERASE_NS		30000000ull	/* [DS] typical */
#define T_MASS_ERASE_NS		30000000ull	/* [DS] typical */
#define T_OPTION_ERASE_NS	30000000ull	/* as a page erase */
#define T_RESET_PULSE_NS	20000ull	/* [RM] 7.1.2: 20 us at least */
#define T_POWER_ON_NS		2500000ull	/* [DS] reset temporisation */
#define T_HSI_NS		2000ull		/* [DS] start-up, maximum */
#define T_HSE_NS		2000000ull	/* [DS] start-up, typical */
#define T_PLL_NS		200000ull	/* [DS] lock, maximum */
#define T_LSI_NS		85000ull	/* [DS] start-up, maximum */
#define HSI_HZ			8000000u	/* [RM] */
#define LSI_HZ			40000u		/* [RM] */

/* SWD */
#define SWD_CLOCKS_PER_TRANSFER	46u		/* [SWD] 8+1+3+33+1 */
/* f = 72 MHz / (20 * (divisor + 1)), Black Magic Debug's formula */
#define SWD_HZ(divisor)		(72000000u / (20u * ((divisor) + 1u)))

/* probe, per USB phase; serial when the host submits IN after OUT completed */
#define T_USB_PHASE_NS		100000ull	/* [MODEL] frame wait, queued */
#define T_USB_BYTE_NS		822ull		/* 1216 bytes a frame of 1 ms */
#define T_ENTER_NS		20000000ull	/* [LOG] 20 to 120 ms */
#define T_INIT_AP_NS		5000000ull	/* [LOG] 5 to 20 ms */
#define T_NRST_PULSE_NS		1000000ull	/* [MODEL] DRIVE_NRST 2 */
#define T_DFU_EXIT_NS		1500000000ull	/* [LOG] when it re-enumerates */

#endif
