/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Registers of the STM32F0 and of the Cortex-M0's debug that the library
 * uses. ST RM0360 rev 5 (chapters named), ARM DDI 0419 for the core.
 */
#ifndef STL_STM32F0_H
#define STL_STM32F0_H

/* flash interface, RM0360 3.5 */
#define FLASH_KEYR		0x40022004u
#define FLASH_OPTKEYR		0x40022008u
#define FLASH_SR		0x4002200cu
#define FLASH_CR		0x40022010u
#define FLASH_AR		0x40022014u
#define FLASH_OBR		0x4002201cu
#define FLASH_WRPR		0x40022020u
#define FLASH_KEY1		0x45670123u
#define FLASH_KEY2		0xcdef89abu
#define FLASH_SR_BSY		0x01u
#define FLASH_SR_PGERR		0x04u
#define FLASH_SR_WRPRTERR	0x10u
#define FLASH_SR_EOP		0x20u
#define FLASH_SR_FLAGS		0x34u	/* all that are cleared by writing 1 */
#define FLASH_CR_PG		0x0001u
#define FLASH_CR_PER		0x0002u
#define FLASH_CR_MER		0x0004u
#define FLASH_CR_STRT		0x0040u
#define FLASH_CR_LOCK		0x0080u
#define FLASH_CR_OPTWRE		0x0200u
#define FLASH_CR_OBL_LAUNCH	0x2000u

/* typical times; data sheet of the STM32F030 (DS9773), flash memory */
#define STL_HALF_WORD_NS	53500u
#define STL_PAGE_ERASE_US	30000u
#define STL_MASS_ERASE_US	30000u

/* reset and clock control, RM0360 7.4 */
#define RCC_CR			0x40021000u
#define RCC_CR_HSION		0x00000001u
#define RCC_CR_HSIRDY		0x00000002u
#define RCC_AHBENR		0x40021014u
#define RCC_AHBENR_DMAEN	0x00000001u
#define RCC_APB2ENR		0x40021018u
#define RCC_APB2ENR_DBGMCUEN	0x00400000u
#define RCC_CSR			0x40021024u
#define RCC_CSR_PORRSTF		0x08000000u

/* system configuration, RM0360 9.1 */
#define SYSCFG_CFGR1		0x40010000u
#define SYSCFG_CFGR1_MEM_MODE	0x00000003u
#define MEM_MODE_SRAM		3u
#define SYSCFG_CFGR2		0x40010018u
#define SYSCFG_CFGR2_SRAM_PEF	0x00000100u

/* independent watchdog, RM0360 20.4 */
#define IWDG_KR			0x40003000u
#define IWDG_KR_RELOAD		0xaaaau

/* debug support, RM0360 26.9 */
#define DBGMCU_IDCODE		0x40015800u
#define DBGMCU_APB1_FZ		0x40015808u
#define DBGMCU_APB1_FZ_WWDG	0x00000800u
#define DBGMCU_APB1_FZ_IWDG	0x00001000u

/* electronic signature, RM0360 27; UID as ST's device headers have it */
#define SIGNATURE_UID		0x1ffff7acu
#define SIGNATURE_SIZE		0x1ffff7ccu

/* core */
#define SCB_CPUID		0xe000ed00u
#define SCB_ICSR		0xe000ed04u
#define SCB_ICSR_VECTACTIVE	0x0000003fu
#define SCB_AIRCR		0xe000ed0cu
#define SCB_AIRCR_KEY		0x05fa0000u
#define SCB_AIRCR_VECTCLRACTIVE	0x00000002u
#define SCB_DEMCR		0xe000edfcu
#define SCB_DEMCR_VC_CORERESET	0x00000001u
#define SCB_DEMCR_VC_HARDERR	0x00000400u
#define SCB_DEMCR_DWTENA	0x01000000u
#define DWT_PCSR		0xe000101cu
#define DHCSR_C_DEBUGEN		0x00000001u
#define DHCSR_S_HALT		0x00020000u
#define DHCSR_S_LOCKUP		0x00080000u
#define DHCSR_S_RETIRE_ST	0x01000000u
#define DFSR_BKPT		0x02u
#define DFSR_DWTTRAP		0x04u
#define DFSR_VCATCH		0x08u
#define DFSR_EXTERNAL		0x10u

#endif
