// SPDX-License-Identifier: GPL-2.0-only
/*
 * USART1 at 40013800 (RM0360, USART chapter) with nobody at the other end:
 * what is sent is counted and gone at once, nothing is ever received.
 */
#include "internal.h"

enum {
	CR1 = 0x00, CR2 = 0x04, CR3 = 0x08, BRR = 0x0c, GTPR = 0x10,
	RTOR = 0x14, ISR = 0x1c, TDR = 0x28,
};

#define CR1_UE		0x01u
#define CR1_RE		0x04u
#define CR1_TE		0x08u
#define ISR_IDLE_LINE	0xc0u		/* TC, TXE */
#define ISR_TEACK	(1u << 21)
#define ISR_REACK	(1u << 22)

/** usart_reset() - reset values */
void usart_reset(struct chip *chip)
{
	chip->usart = (struct usart){ .sent = chip->usart.sent };
}

static uint32_t *plain(struct usart *u, uint32_t off)
{
	switch (off) {
	case CR1:
		return &u->cr1;
	case CR2:
		return &u->cr2;
	case CR3:
		return &u->cr3;
	case BRR:
		return &u->brr;
	case GTPR:
		return &u->gtpr;
	case RTOR:
		return &u->rtor;
	}
	return NULL;
}

/** usart_read() - register read */
enum bus_result usart_read(struct chip *chip, enum master master,
			   unsigned int unit, uint32_t off, uint32_t *value)
{
	struct usart *u = &chip->usart;
	uint32_t *reg = plain(u, off);

	(void)master;
	(void)unit;
	*value = reg ? *reg : 0;
	if (off == ISR) {
		*value = ISR_IDLE_LINE;
		if (u->cr1 & CR1_UE && u->cr1 & CR1_TE)
			*value |= ISR_TEACK;
		if (u->cr1 & CR1_UE && u->cr1 & CR1_RE)
			*value |= ISR_REACK;
	}
	return BUS_OK;
}

/** usart_write() - register write */
enum bus_result usart_write(struct chip *chip, enum master master,
			    unsigned int unit, uint32_t off, uint32_t value,
			    uint32_t mask)
{
	struct usart *u = &chip->usart;
	uint32_t *reg = plain(u, off);

	(void)master;
	(void)unit;
	(void)mask;
	if (reg)
		*reg = value;
	else if (off == TDR && u->cr1 & CR1_UE && u->cr1 & CR1_TE)
		u->sent++;
	return BUS_OK;
}
