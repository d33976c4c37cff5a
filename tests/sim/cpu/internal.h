/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * State of the core and what its parts call in each other.
 *
 * Abbreviations in comments: [ARM] is the ARMv6-M Architecture Reference
 * Manual, ARM DDI 0419; [TRM] the Cortex-M0 r0p0 TRM, ARM DDI 0432C; [UG] the
 * Cortex-M0 Devices Generic User Guide, ARM DUI 0497.
 */
#ifndef SIM_CPU_INTERNAL_H
#define SIM_CPU_INTERNAL_H

#include <stddef.h>

#include "cpu.h"

#define likely(x)	__builtin_expect(!!(x), 1)
#define unlikely(x)	__builtin_expect(!!(x), 0)

/* exception numbers, [ARM] B1.5.2 */
enum {
	EXC_NONE	= 0,
	EXC_NMI		= 2,
	EXC_HARDFAULT	= 3,
	EXC_SVC		= 11,
	EXC_PENDSV	= 14,
	EXC_SYSTICK	= 15,
	EXC_IRQ0	= 16,
	EXC_COUNT	= EXC_IRQ0 + 32,
};

#define EXC_BIT(n)	(1ull << (n))
/* what DHCSR.C_MASKINTS holds back: PendSV, SysTick, external interrupts */
#define EXC_MASKABLE	(~0ull << EXC_PENDSV)

/* exec_priority() with nothing active; lower numbers win */
#define PRIO_THREAD	256

/* address map, [ARM] B3.1 */
#define PPB_BASE	0xe0000000u
#define PPB_SIZE	0x00100000u
#define LOCKUP_PC	0xfffffffeu

/*
 * Reasons to leave the fast loop before the next instruction. The loop tests
 * one word, so whatever needs a look sets its bit here.
 */
enum {
	ATT_EXCEPTION	= 1 << 0,	/* a pending exception may be taken */
	ATT_SLEEP	= 1 << 1,
	ATT_LOCKUP	= 1 << 2,
	ATT_NO_THUMB	= 1 << 3,	/* EPSR.T is 0 */
	ATT_HALTED	= 1 << 4,	/* Debug state */
	ATT_HALT_REQ	= 1 << 5,	/* go to Debug state, reason in halt_why */
	ATT_STEP	= 1 << 6,
	ATT_PC_MATCH	= 1 << 7,	/* BPU or a DWT PC comparator is armed */
	ATT_STOP	= 1 << 8,	/* held in reset, or reset requested */
	ATT_RESUME	= 1 << 9,	/* cpu->resume says what comes first */
};

/* what an instruction handler returns instead of its cycles (1 and more) */
enum {
	INSN_FAULT	= -1,	/* HardFault, returning to this instruction */
	INSN_STALL	= -2,	/* a bus access was held off */
	INSN_SVC	= -3,
	INSN_BKPT	= -4,
};

/* what is to be taken up again after a stall */
enum resume {
	RESUME_NONE,
	RESUME_INSN,	/* cpu->op, already fetched */
	RESUME_ENTRY,	/* exception entry, cpu->entry_exc */
	RESUME_RETURN,	/* exception return by cpu->exc_return */
	RESUME_UNSTACK,	/* the same, reading the frame */
	RESUME_CHAIN,	/* tail-chaining to cpu->entry_exc */
	RESUME_RESET,	/* vectors at reset */
};

/* DFSR bits, also the reasons to halt; [ARM] C1.6.1 */
#define DFSR_HALTED	(1u << 0)
#define DFSR_BKPT	(1u << 1)
#define DFSR_DWTTRAP	(1u << 2)
#define DFSR_VCATCH	(1u << 3)
#define DFSR_EXTERNAL	(1u << 4)
#define DFSR_MASK	0x1fu

#define DHCSR_C_DEBUGEN		(1u << 0)
#define DHCSR_C_HALT		(1u << 1)
#define DHCSR_C_STEP		(1u << 2)
#define DHCSR_C_MASKINTS	(1u << 3)
#define DHCSR_S_REGRDY		(1u << 16)
#define DHCSR_S_HALT		(1u << 17)
#define DHCSR_S_SLEEP		(1u << 18)
#define DHCSR_S_LOCKUP		(1u << 19)
#define DHCSR_S_RETIRE_ST	(1u << 24)
#define DHCSR_S_RESET_ST	(1u << 25)

#define DEMCR_VC_CORERESET	(1u << 0)
#define DEMCR_VC_HARDERR	(1u << 10)
#define DEMCR_DWTENA		(1u << 24)

#define SCR_SLEEPONEXIT		(1u << 1)
#define SCR_SLEEPDEEP		(1u << 2)
#define SCR_SEVONPEND		(1u << 4)

#define BPU_COMPARATORS		4
#define DWT_COMPARATORS		2

/* longest list of accesses in one step: LDM/POP of 9, frame of 8 and vector */
#define LOG_SIZE		10

struct systick {
	uint32_t csr;		/* ENABLE, TICKINT, CLKSOURCE */
	bool countflag;
	uint32_t reload;
	uint32_t value;		/* CVR as of cycle base */
	uint64_t base;
	uint32_t calib;
	unsigned int ref_div;	/* core cycles per reference clock, 0: none */
};

struct dwt_comparator {
	uint32_t comp;
	uint32_t mask;
	uint32_t function;
	bool matched;
};

struct cpu {
	struct cpu_bus bus;

	/* core registers; r[13] is the stack pointer in use, r[15] the
	 * address of the instruction that runs or is next
	 */
	uint32_t r[16];
	uint32_t sp_other;	/* the banked one: PSP, or MSP while PSP is in r[13] */
	uint32_t next;		/* where to go after this instruction */
	/* flags as the results they are derived from */
	uint32_t nf;		/* N is bit 31 */
	uint32_t zf;		/* Z when 0 */
	uint32_t cf;		/* 0 or 1 */
	uint32_t vf;		/* V is bit 31 */
	unsigned int ipsr;
	bool thumb;		/* EPSR.T */
	bool spsel;		/* CONTROL.SPSEL */
	bool primask;

	/* running */
	unsigned int attention;
	uint64_t cycle;		/* core clocks spent outside of Debug state */
	uint64_t tick_at;	/* cycle of the next SysTick zero, or never */
	uint64_t instructions;
	uint64_t debt;		/* cycles used past the end of a cpu_run() */
	bool held;
	bool halted;
	bool sleeping;
	bool sleeping_wfe;	/* in WFE rather than WFI */
	bool lockup;
	bool event;		/* WFE's event register */

	/* a step that the bus has stalled */
	bool stalled;
	enum resume resume;
	uint32_t op;
	unsigned int entry_exc;
	uint32_t exc_return;
	unsigned int log_pos;	/* accesses of this step so far, this try */
	unsigned int log_len;	/* accesses done in tries before */
	uint32_t log[LOG_SIZE];	/* what they read */

	/* NVIC and system control; a bit for each exception number */
	uint64_t pending;
	uint64_t active;
	uint64_t enabled;
	uint8_t prio[EXC_COUNT];	/* 0 to 3 */
	uint32_t irq_level;
	uint32_t scr;
	unsigned int rom_designer;
	unsigned int rom_part;
	struct systick tick;

	/* debug */
	uint32_t dhcsr;		/* C_ bits */
	uint32_t demcr;
	uint32_t dfsr;
	uint32_t dcrdr;
	bool reset_st;
	uint64_t retire_mark;	/* instructions at the last DHCSR read */
	uint32_t halt_why;	/* DFSR bits to set when ATT_HALT_REQ is served */
	bool bp_enable;
	uint32_t bp_comp[BPU_COMPARATORS];
	struct dwt_comparator dwt[DWT_COMPARATORS];
	bool dwt_data;		/* a data comparator is armed */
};

static inline void attend(struct cpu *cpu, unsigned int bit, bool on)
{
	if (on)
		cpu->attention |= bit;
	else
		cpu->attention &= ~bit;
}

static inline bool in_ppb(uint32_t addr)
{
	return addr - PPB_BASE < PPB_SIZE;
}

/* state.c: registers in their architectural form */
uint32_t xpsr_get(const struct cpu *cpu);
void apsr_set(struct cpu *cpu, uint32_t value);
void thumb_set(struct cpu *cpu, bool thumb);
uint32_t msp_get(const struct cpu *cpu);
uint32_t psp_get(const struct cpu *cpu);
void msp_set(struct cpu *cpu, uint32_t value);
void psp_set(struct cpu *cpu, uint32_t value);
void spsel_set(struct cpu *cpu, bool psp);
void primask_set(struct cpu *cpu, bool on);

/* access.c: the core's own accesses, logged so that a stall can be retried */
enum bus_result core_fetch(struct cpu *cpu, uint32_t addr, uint32_t *op);
enum bus_result core_read(struct cpu *cpu, uint32_t addr, unsigned int size,
			  uint32_t *value);
enum bus_result core_write(struct cpu *cpu, uint32_t addr, unsigned int size,
			   uint32_t value);
enum bus_result core_vector(struct cpu *cpu, unsigned int exc,
			    uint32_t *value);

static inline void log_start(struct cpu *cpu)
{
	cpu->log_pos = 0;
}

static inline void log_done(struct cpu *cpu)
{
	cpu->log_pos = 0;
	cpu->log_len = 0;
}

/** insn_result() - what a handler returns for a failed access */
static inline int insn_result(enum bus_result result)
{
	return result == BUS_STALL ? INSN_STALL : INSN_FAULT;
}

/* decode.c */
typedef int (*insn_fn)(struct cpu *cpu, uint32_t op);
extern const insn_fn insn_table[1024];	/* by the upper ten bits */
int insn_undefined(struct cpu *cpu, uint32_t op);

/* flow.c, for POP as well */
void branch_exchange(struct cpu *cpu, uint32_t target);

/* run.c */
void resume_later(struct cpu *cpu, enum resume what, bool stalled);

/* nvic.c: which exception runs next */
int exec_priority(const struct cpu *cpu);
unsigned int exception_best(const struct cpu *cpu);
void exceptions_update(struct cpu *cpu);
void exception_pend(struct cpu *cpu, unsigned int exc);
void exception_deactivate(struct cpu *cpu, unsigned int exc);

/* exception.c: entry and return */
void exception_entry(struct cpu *cpu, unsigned int exc);
void exception_return(struct cpu *cpu);
void exception_unstack(struct cpu *cpu);
void exception_chain(struct cpu *cpu, unsigned int exc);
void exception_fault(struct cpu *cpu);
void exception_svc(struct cpu *cpu);
void lockup_enter(struct cpu *cpu, unsigned int exc);

/* sleep.c */
void sleep_enter(struct cpu *cpu, bool wfe);
void sleep_leave(struct cpu *cpu);
void event_set(struct cpu *cpu);

/* reset.c */
void reset_sequence(struct cpu *cpu);

/* systick.c */
void systick_reset(struct cpu *cpu);
void systick_advance(struct cpu *cpu);
uint32_t systick_read(struct cpu *cpu, uint32_t addr, bool debugger);
void systick_write(struct cpu *cpu, uint32_t addr, uint32_t value);

/* scs.c, debug.c, bpu.c, dwt.c, coresight.c: words of the private bus */
uint32_t scs_read(struct cpu *cpu, uint32_t addr, bool debugger);
void scs_write(struct cpu *cpu, uint32_t addr, uint32_t value, bool debugger);
uint32_t nvic_read(struct cpu *cpu, uint32_t addr);
void nvic_write(struct cpu *cpu, uint32_t addr, uint32_t value);
bool debug_register(uint32_t addr);
uint32_t debug_read(struct cpu *cpu, uint32_t addr);
void debug_write(struct cpu *cpu, uint32_t addr, uint32_t value);
uint32_t bpu_read(const struct cpu *cpu, uint32_t addr);
void bpu_write(struct cpu *cpu, uint32_t addr, uint32_t value);
uint32_t dwt_read(struct cpu *cpu, uint32_t addr);
void dwt_write(struct cpu *cpu, uint32_t addr, uint32_t value);
bool coresight_register(uint32_t addr);
uint32_t coresight_read(const struct cpu *cpu, uint32_t addr);

/* debug.c */
void debug_halt(struct cpu *cpu, uint32_t why);
void debug_halt_request(struct cpu *cpu, uint32_t why);

static inline bool debug_enabled(const struct cpu *cpu)
{
	return cpu->dhcsr & DHCSR_C_DEBUGEN;
}

/* bpu.c */
bool bpu_match(const struct cpu *cpu, uint32_t pc);
bool bpu_armed(const struct cpu *cpu);

/* dwt.c */
void match_update(struct cpu *cpu);
void dwt_pc(struct cpu *cpu, uint32_t pc);
void dwt_access(struct cpu *cpu, uint32_t addr, unsigned int size, bool write);

#endif
