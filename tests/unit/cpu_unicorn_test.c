// SPDX-License-Identifier: GPL-2.0-only
/*
 * The interpreter against Unicorn: random instructions, both single-stepped,
 * all registers, flags and memory compared after each.
 *
 * Each step picks a kind of instruction, fills in its operands at random, puts
 * it where the program counter is, and points the registers that it uses as
 * addresses at memory. All other state carries on from one to the next. What
 * ARMv6-M leaves UNPREDICTABLE is not generated; YIELD, WFI, WFE, SVC, BKPT and
 * exceptions are beyond Unicorn and have their own tests, and so have undefined
 * encodings: Unicorn's M0 runs much of Thumb-2.
 */
#include <unicorn/unicorn.h>

#include "cpu_test.h"

#define STEPS		200000
#define SEED		0x5eed0001u
/* each kind at least this often, or the run proves nothing about it */
#define KIND_MIN	500

/*
 * Code runs in the middle of both memories, so that short branches stay in
 * them. BL reaches 16 MiB, which only has to be mapped in Unicorn: it fetches
 * from the target of the last instruction, we don't.
 */
#define CODE_FIRST	0x4000u
#define CODE_LAST	0xc000u
#define BL_REACH	0x01000000u
#define DATA_FIRST	(SRAM_BASE + 0x400)
#define DATA_LAST	(SRAM_BASE + 0xc00)
#define COMPARED	0x1000u

/* what the operands of a kind have to be */
enum setup {
	ANY,
	HI,		/* 4-bit Rd and Rm, Rd not PC */
	CMP_HI,		/* one at least R8 to R14, none PC */
	TO_PC,		/* MOV or ADD to PC */
	EXCHANGE,	/* BX, BLX */
	REG1, REG2, REG4,	/* [Rn, Rm] of that size */
	IMM1, IMM2, IMM4,	/* [Rn, #imm5] */
	SP_IMM,
	PUSH, POP, POP_PC,
	LDM, STM,
	BRANCH,
	BL,
	WIDE,		/* 32 bits, second half-word in wide */
	MSR, MRS,
};

struct kind {
	const char *name;
	uint16_t base;
	uint16_t random;	/* bits to fill in */
	enum setup setup;
	uint16_t wide;
	unsigned long count;
};

static struct kind kinds[] = {
	{ "LSL imm", 0x0000, 0x07ff, ANY, 0, 0 },
	{ "LSR imm", 0x0800, 0x07ff, ANY, 0, 0 },
	{ "ASR imm", 0x1000, 0x07ff, ANY, 0, 0 },
	{ "ADD reg", 0x1800, 0x01ff, ANY, 0, 0 },
	{ "SUB reg", 0x1a00, 0x01ff, ANY, 0, 0 },
	{ "ADD imm3", 0x1c00, 0x01ff, ANY, 0, 0 },
	{ "SUB imm3", 0x1e00, 0x01ff, ANY, 0, 0 },
	{ "MOV imm", 0x2000, 0x07ff, ANY, 0, 0 },
	{ "CMP imm", 0x2800, 0x07ff, ANY, 0, 0 },
	{ "ADD imm8", 0x3000, 0x07ff, ANY, 0, 0 },
	{ "SUB imm8", 0x3800, 0x07ff, ANY, 0, 0 },
	{ "AND", 0x4000, 0x003f, ANY, 0, 0 },
	{ "EOR", 0x4040, 0x003f, ANY, 0, 0 },
	{ "LSL reg", 0x4080, 0x003f, ANY, 0, 0 },
	{ "LSR reg", 0x40c0, 0x003f, ANY, 0, 0 },
	{ "ASR reg", 0x4100, 0x003f, ANY, 0, 0 },
	{ "ADC", 0x4140, 0x003f, ANY, 0, 0 },
	{ "SBC", 0x4180, 0x003f, ANY, 0, 0 },
	{ "ROR", 0x41c0, 0x003f, ANY, 0, 0 },
	{ "TST", 0x4200, 0x003f, ANY, 0, 0 },
	{ "RSB", 0x4240, 0x003f, ANY, 0, 0 },
	{ "CMP reg", 0x4280, 0x003f, ANY, 0, 0 },
	{ "CMN", 0x42c0, 0x003f, ANY, 0, 0 },
	{ "ORR", 0x4300, 0x003f, ANY, 0, 0 },
	{ "MUL", 0x4340, 0x003f, ANY, 0, 0 },
	{ "BIC", 0x4380, 0x003f, ANY, 0, 0 },
	{ "MVN", 0x43c0, 0x003f, ANY, 0, 0 },
	{ "ADD high", 0x4400, 0x00ff, HI, 0, 0 },
	{ "CMP high", 0x4500, 0x00ff, CMP_HI, 0, 0 },
	{ "MOV high", 0x4600, 0x00ff, HI, 0, 0 },
	{ "ADD PC", 0x4487, 0x0078, TO_PC, 0, 0 },
	{ "MOV PC", 0x4687, 0x0078, TO_PC, 0, 0 },
	{ "BX", 0x4700, 0x0078, EXCHANGE, 0, 0 },
	{ "BLX", 0x4780, 0x0078, EXCHANGE, 0, 0 },
	{ "LDR literal", 0x4800, 0x07ff, ANY, 0, 0 },
	{ "STR reg", 0x5000, 0x01ff, REG4, 0, 0 },
	{ "STRH reg", 0x5200, 0x01ff, REG2, 0, 0 },
	{ "STRB reg", 0x5400, 0x01ff, REG1, 0, 0 },
	{ "LDRSB reg", 0x5600, 0x01ff, REG1, 0, 0 },
	{ "LDR reg", 0x5800, 0x01ff, REG4, 0, 0 },
	{ "LDRH reg", 0x5a00, 0x01ff, REG2, 0, 0 },
	{ "LDRB reg", 0x5c00, 0x01ff, REG1, 0, 0 },
	{ "LDRSH reg", 0x5e00, 0x01ff, REG2, 0, 0 },
	{ "STR imm", 0x6000, 0x07ff, IMM4, 0, 0 },
	{ "LDR imm", 0x6800, 0x07ff, IMM4, 0, 0 },
	{ "STRB imm", 0x7000, 0x07ff, IMM1, 0, 0 },
	{ "LDRB imm", 0x7800, 0x07ff, IMM1, 0, 0 },
	{ "STRH imm", 0x8000, 0x07ff, IMM2, 0, 0 },
	{ "LDRH imm", 0x8800, 0x07ff, IMM2, 0, 0 },
	{ "STR SP", 0x9000, 0x07ff, SP_IMM, 0, 0 },
	{ "LDR SP", 0x9800, 0x07ff, SP_IMM, 0, 0 },
	{ "ADR", 0xa000, 0x07ff, ANY, 0, 0 },
	{ "ADD Rd, SP", 0xa800, 0x07ff, ANY, 0, 0 },
	{ "ADD SP", 0xb000, 0x007f, ANY, 0, 0 },
	{ "SUB SP", 0xb080, 0x007f, ANY, 0, 0 },
	{ "SXTH", 0xb200, 0x003f, ANY, 0, 0 },
	{ "SXTB", 0xb240, 0x003f, ANY, 0, 0 },
	{ "UXTH", 0xb280, 0x003f, ANY, 0, 0 },
	{ "UXTB", 0xb2c0, 0x003f, ANY, 0, 0 },
	{ "PUSH", 0xb400, 0x00ff, PUSH, 0, 0 },
	{ "PUSH LR", 0xb500, 0x00ff, PUSH, 0, 0 },
	{ "CPSIE", 0xb662, 0x0000, ANY, 0, 0 },
	{ "CPSID", 0xb672, 0x0000, ANY, 0, 0 },
	{ "REV", 0xba00, 0x003f, ANY, 0, 0 },
	{ "REV16", 0xba40, 0x003f, ANY, 0, 0 },
	{ "REVSH", 0xbac0, 0x003f, ANY, 0, 0 },
	{ "POP", 0xbc00, 0x00ff, POP, 0, 0 },
	{ "POP PC", 0xbd00, 0x00ff, POP_PC, 0, 0 },
	{ "NOP", 0xbf00, 0x0000, ANY, 0, 0 },
	{ "SEV", 0xbf40, 0x0000, ANY, 0, 0 },
	{ "STM", 0xc000, 0x07ff, STM, 0, 0 },
	{ "LDM", 0xc800, 0x07ff, LDM, 0, 0 },
	{ "BEQ", 0xd000, 0x00ff, BRANCH, 0, 0 },
	{ "BNE", 0xd100, 0x00ff, BRANCH, 0, 0 },
	{ "BCS", 0xd200, 0x00ff, BRANCH, 0, 0 },
	{ "BCC", 0xd300, 0x00ff, BRANCH, 0, 0 },
	{ "BMI", 0xd400, 0x00ff, BRANCH, 0, 0 },
	{ "BPL", 0xd500, 0x00ff, BRANCH, 0, 0 },
	{ "BVS", 0xd600, 0x00ff, BRANCH, 0, 0 },
	{ "BVC", 0xd700, 0x00ff, BRANCH, 0, 0 },
	{ "BHI", 0xd800, 0x00ff, BRANCH, 0, 0 },
	{ "BLS", 0xd900, 0x00ff, BRANCH, 0, 0 },
	{ "BGE", 0xda00, 0x00ff, BRANCH, 0, 0 },
	{ "BLT", 0xdb00, 0x00ff, BRANCH, 0, 0 },
	{ "BGT", 0xdc00, 0x00ff, BRANCH, 0, 0 },
	{ "BLE", 0xdd00, 0x00ff, BRANCH, 0, 0 },
	{ "B", 0xe000, 0x07ff, BRANCH, 0, 0 },
	{ "BL", 0xf000, 0x07ff, BL, 0xd000, 0 },
	{ "MSR APSR", 0xf380, 0x000f, MSR, 0x8800, 0 },
	{ "MSR MSP", 0xf380, 0x000f, MSR, 0x8808, 0 },
	{ "MSR PSP", 0xf380, 0x000f, MSR, 0x8809, 0 },
	{ "MSR PRIMASK", 0xf380, 0x000f, MSR, 0x8810, 0 },
	{ "MSR CONTROL", 0xf380, 0x000f, MSR, 0x8814, 0 },
	{ "MRS APSR", 0xf3ef, 0x0000, MRS, 0x8000, 0 },
	{ "MRS IPSR", 0xf3ef, 0x0000, MRS, 0x8005, 0 },
	{ "MRS EPSR", 0xf3ef, 0x0000, MRS, 0x8006, 0 },
	{ "MRS xPSR", 0xf3ef, 0x0000, MRS, 0x8003, 0 },
	{ "MRS MSP", 0xf3ef, 0x0000, MRS, 0x8008, 0 },
	{ "MRS PSP", 0xf3ef, 0x0000, MRS, 0x8009, 0 },
	{ "MRS PRIMASK", 0xf3ef, 0x0000, MRS, 0x8010, 0 },
	{ "MRS CONTROL", 0xf3ef, 0x0000, MRS, 0x8014, 0 },
	{ "DSB", 0xf3bf, 0x0000, WIDE, 0x8f4f, 0 },
	{ "DMB", 0xf3bf, 0x0000, WIDE, 0x8f5f, 0 },
	{ "ISB", 0xf3bf, 0x0000, WIDE, 0x8f6f, 0 },
};

#define KINDS	(sizeof(kinds) / sizeof(kinds[0]))

/* everything compared, in one order for both */
enum { ALL_MSP = 16, ALL_PSP, ALL_APSR, ALL_PRIMASK, ALL_CONTROL, ALL };
static const char * const reg_names[ALL] = {
	"R0", "R1", "R2", "R3", "R4", "R5", "R6", "R7", "R8", "R9", "R10",
	"R11", "R12", "SP", "LR", "PC", "MSP", "PSP", "APSR", "PRIMASK",
	"CONTROL",
};
static const int uc_ids[ALL] = {
	UC_ARM_REG_R0, UC_ARM_REG_R1, UC_ARM_REG_R2, UC_ARM_REG_R3,
	UC_ARM_REG_R4, UC_ARM_REG_R5, UC_ARM_REG_R6, UC_ARM_REG_R7,
	UC_ARM_REG_R8, UC_ARM_REG_R9, UC_ARM_REG_R10, UC_ARM_REG_R11,
	UC_ARM_REG_R12, UC_ARM_REG_SP, UC_ARM_REG_LR, UC_ARM_REG_PC,
	UC_ARM_REG_MSP, UC_ARM_REG_PSP, UC_ARM_REG_APSR, UC_ARM_REG_PRIMASK,
	UC_ARM_REG_CONTROL,
};

struct pair {
	struct machine *m;
	uc_engine *uc;
	uint8_t code[CODE_SIZE] __attribute__((aligned(4096)));
	uint8_t sram[SRAM_SIZE] __attribute__((aligned(4096)));
	uint32_t uc_regs[ALL];
};

static uint64_t random_state;

static uint32_t rnd(void)
{
	/* xorshift64*, Vigna 2016 */
	random_state ^= random_state >> 12;
	random_state ^= random_state << 25;
	random_state ^= random_state >> 27;
	return random_state * 0x2545f4914f6cdd1dull >> 32;
}

/* Corner values as often as plain random ones. */
static uint32_t rnd_value(void)
{
	static const uint32_t corners[] = {
		0, 1, 2, 31, 32, 33, 255, 256, 0x7fffffff, 0x80000000,
		0x80000001, 0xffffffff, 0xfffffffe, 0xffff8000, 0x7fff, 0x8000,
		0x80, 0x7f,
	};

	if (rnd() & 1)
		return rnd();
	return corners[rnd() % (sizeof(corners) / sizeof(corners[0]))];
}

static void set_reg(struct pair *p, unsigned int n, uint32_t value)
{
	cpu_set_reg(p->m->cpu, n, value);
	assert_int_equal(uc_reg_write(p->uc, uc_ids[n], &value), UC_ERR_OK);
}

static uint32_t rnd_code(void)
{
	return (rnd() & 1 ? SRAM_BASE : 0) + CODE_FIRST +
	       rnd() % (CODE_LAST - CODE_FIRST);
}

static bool in_code(uint32_t pc)
{
	uint32_t offset = pc & ~SRAM_BASE;

	return offset >= CODE_FIRST && offset < CODE_LAST;
}

static uint32_t rnd_data(unsigned int align)
{
	return (DATA_FIRST + rnd() % (DATA_LAST - DATA_FIRST)) & -align;
}

/* Rn + Rm must be an address; with both the same, half of it each. */
static void setup_reg(struct pair *p, uint16_t op, unsigned int size)
{
	unsigned int rn = op >> 3 & 7, rm = op >> 6 & 7;
	uint32_t addr = rnd_data(size), offset = rnd_value();

	if (rn == rm) {
		set_reg(p, rn, (addr & ~7u) / 2);
		return;
	}
	set_reg(p, rm, offset);
	set_reg(p, rn, addr - offset);
}

static void setup_imm(struct pair *p, uint16_t op, unsigned int size)
{
	set_reg(p, op >> 3 & 7, rnd_data(size));
}

/* Rd stays out of PC and SP for the special registers. */
static unsigned int rnd_general(void)
{
	unsigned int n = rnd() % 14;

	return n == 13 ? 14 : n;
}

/*
 * Complete the instruction and the registers it needs. Return: false when
 * the operands drawn are UNPREDICTABLE.
 */
static bool prepare(struct pair *p, const struct kind *kind, uint16_t *op,
		    uint16_t *wide)
{
	unsigned int rm = *op >> 3 & 15, rd = (*op & 7) | (*op >> 4 & 8);
	uint32_t pc = reg(p->m, CPU_PC), list = *op & 255;

	switch (kind->setup) {
	case ANY:
	case WIDE:
		return true;
	case HI:
		/* Unicorn keeps bits 1:0 of SP, which do not exist */
		if (rd == 13 && rm != 15)
			set_reg(p, rm, rnd_value() & ~3u);
		return rd != 15 && !(rd == 13 && rm == 15 && pc & 2);
	case CMP_HI:
		return rd != 15 && rm != 15 && (rd > 7 || rm > 7);
	case TO_PC:
		if (rm == 15)
			return false;
		set_reg(p, rm, rm == 13 ? rnd_code() & ~3u : rnd_code());
		/* ADD: relative to PC + 4, which is in the middle already */
		if (kind->base == 0x4487)
			set_reg(p, rm, (rnd_code() - pc) & ~3u);
		return true;
	case EXCHANGE:
		/* SP and PC are even there: no Thumb bit */
		if (rm == 13 || rm == 15)
			return false;
		set_reg(p, rm, rnd_code() | 1);
		return true;
	case REG1:
	case REG2:
	case REG4:
		setup_reg(p, *op, 1u << (kind->setup - REG1));
		return true;
	case IMM1:
	case IMM2:
	case IMM4:
		setup_imm(p, *op, 1u << (kind->setup - IMM1));
		return true;
	case SP_IMM:
	case PUSH:
	case POP:
		set_reg(p, CPU_SP, rnd_data(4));
		return list || kind->setup == SP_IMM || *op & 256;
	case POP_PC:
		pc = rnd_data(4);
		set_reg(p, CPU_SP, pc);
		pc += __builtin_popcount(list) * 4;
		put32(p->m, pc, rnd_code() | 1);
		memcpy(p->sram + (pc - SRAM_BASE), p->m->sram +
		       (pc - SRAM_BASE), 4);
		return true;
	case STM:
		rd = *op >> 8 & 7;
		/* the base, when stored, has to be the first */
		if (list & 1u << rd && list & ((1u << rd) - 1))
			return false;
		/* fallthrough */
	case LDM:
		set_reg(p, *op >> 8 & 7, rnd_data(4));
		return list;
	case BRANCH:
		return true;
	case BL:
		*wide |= rnd() & 0x2fff;
		/* S: backwards, beyond 0 unless in SRAM */
		return !(*op & 1u << 10) || pc >= SRAM_BASE;
	case MSR:
		rm = *op & 15;
		if (rm == 13 || rm == 15)
			return false;
		/*
		 * No unprivileged mode on the M0: only SPSEL. No Q flag
		 * either, which Unicorn lets through.
		 */
		set_reg(p, rm, kind->wide == 0x8814 ? rnd() & 2 :
			       kind->wide == 0x8810 ? rnd() & 1 :
			       kind->wide == 0x8800 ? rnd() & ~(1u << 27) :
			       rnd_data(4));
		return true;
	case MRS:
		*wide |= rnd_general() << 8;
		return true;
	}
	return false;
}

static void put_both(struct pair *p, uint32_t addr, uint16_t op)
{
	memcpy(machine_at(p->m, addr, 2), &op, 2);
	memcpy(addr < SRAM_BASE ? p->code + addr :
				  p->sram + (addr - SRAM_BASE), &op, 2);
}

static uint32_t our_reg(struct pair *p, unsigned int i)
{
	switch (i) {
	case ALL_MSP:
		return reg(p->m, CPU_MSP);
	case ALL_PSP:
		return reg(p->m, CPU_PSP);
	case ALL_APSR:
		return reg(p->m, CPU_XPSR) & 0xf0000000;
	case ALL_PRIMASK:
		return reg(p->m, CPU_CONTROL) & 1;
	case ALL_CONTROL:
		return reg(p->m, CPU_CONTROL) >> 24;
	default:
		return reg(p->m, i);
	}
}

/* Return: whether all is the same; says what is not. */
static bool compare(struct pair *p)
{
	bool same = true;
	unsigned int i;

	for (i = 0; i < ALL; i++) {
		uint32_t theirs = 0, ours = our_reg(p, i);

		uc_reg_read(p->uc, uc_ids[i], &theirs);
		if (i == CPU_PC)
			theirs &= ~1u;
		if (i == ALL_APSR)
			theirs &= 0xf0000000;
		if (ours == theirs)
			continue;
		print_error("%s: %08x, Unicorn %08x\n", reg_names[i], ours,
			    theirs);
		same = false;
	}
	for (i = 0; i < COMPARED; i += 4) {
		if (!memcmp(p->m->sram + i, p->sram + i, 4))
			continue;
		print_error("memory at %08x differs\n", SRAM_BASE + i);
		same = false;
	}
	return same;
}

static struct pair *pair_new(void)
{
	struct pair *p = aligned_alloc(4096, (sizeof(*p) + 4095) & -4096ul);
	unsigned int i;

	assert_non_null(p);
	memset(p, 0, sizeof(*p));
	p->m = machine_new();
	for (i = 8; i < CODE_SIZE; i++)
		p->m->code[i] = rnd();
	for (i = 0; i < SRAM_SIZE; i++)
		p->m->sram[i] = rnd();
	memcpy(p->code, p->m->code, CODE_SIZE);
	memcpy(p->sram, p->m->sram, SRAM_SIZE);
	cpu_system_reset(p->m->cpu);

	assert_int_equal(uc_open(UC_ARCH_ARM, UC_MODE_THUMB | UC_MODE_MCLASS,
				 &p->uc), UC_ERR_OK);
	assert_int_equal(uc_ctl_set_cpu_model(p->uc, UC_CPU_ARM_CORTEX_M0),
			 UC_ERR_OK);
	assert_int_equal(uc_mem_map_ptr(p->uc, 0, CODE_SIZE, UC_PROT_ALL,
					p->code), UC_ERR_OK);
	assert_int_equal(uc_mem_map_ptr(p->uc, SRAM_BASE, SRAM_SIZE,
					UC_PROT_ALL, p->sram), UC_ERR_OK);
	for (i = 0; i < 3; i++) {
		const uint32_t near[] = {
			CODE_SIZE, SRAM_BASE - BL_REACH, SRAM_BASE + SRAM_SIZE,
		};

		assert_int_equal(uc_mem_map(p->uc, near[i], BL_REACH,
					    UC_PROT_ALL), UC_ERR_OK);
	}
	for (i = 0; i < 15; i++)
		set_reg(p, i, i == 13 ? STACK_TOP : rnd());
	set_reg(p, CPU_PC, CODE_FIRST);
	i = reg(p->m, CPU_XPSR) & 0xf0000000;
	uc_reg_write(p->uc, UC_ARM_REG_APSR, &i);
	i = 0;
	uc_reg_write(p->uc, UC_ARM_REG_PRIMASK, &i);
	uc_reg_write(p->uc, UC_ARM_REG_PSP, &i);
	return p;
}

static void pair_free(struct pair *p)
{
	uc_close(p->uc);
	machine_free(p->m);
	free(p);
}

/* One instruction of @kind on both. */
static bool step(struct pair *p, struct kind *kind)
{
	uint32_t pc = reg(p->m, CPU_PC);
	bool two = kind->setup >= BL;
	uint16_t op, wide;
	uc_err err;

	if (!in_code(pc)) {
		pc = rnd_code() & ~1u;
		set_reg(p, CPU_PC, pc);
	}
	/* fresh values now and then, or all ends up at 0 and -1 */
	set_reg(p, rnd() % 13, rnd_value());
	do {
		op = kind->base | (rnd() & kind->random);
		wide = kind->wide;
	} while (!prepare(p, kind, &op, &wide));
	put_both(p, pc, op);
	if (two)
		put_both(p, pc + 2, wide);
	/* Unicorn does not notice that its translation is out of date */
	uc_ctl_remove_cache(p->uc, pc, pc + 4);
	err = uc_emu_start(p->uc, pc | 1, 0xfffffffe, 0, 1);
	run_insns(p->m, 1);
	kind->count++;
	if (err == UC_ERR_OK && compare(p))
		return true;
	print_error("%s: %04x %04x at %08x: %s\n", kind->name, op,
		    two ? wide : 0, pc, uc_strerror(err));
	return false;
}

static void test_stream(void **state)
{
	const char *text = getenv("CPU_SEED");
	uint32_t seed = text ? strtoul(text, NULL, 0) : SEED;
	unsigned long i, total = 0;
	struct pair *p;

	(void)state;
	print_message("# seed 0x%08x (CPU_SEED)\n", seed);
	random_state = seed | 1ull << 32;
	p = pair_new();
	for (i = 0; i < STEPS; i++)
		if (!step(p, &kinds[rnd() % KINDS]))
			fail_msg("step %lu", i);
	for (i = 0; i < KINDS; i++) {
		print_message("# %-12s %6lu\n", kinds[i].name, kinds[i].count);
		assert_true(kinds[i].count >= KIND_MIN);
		total += kinds[i].count;
	}
	print_message("# %lu instructions of %zu kinds compared\n", total,
		      KINDS);
	assert_true(total >= 100000);
	pair_free(p);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_stream),
	};

	return cmocka_run_group_tests_name("cpu_unicorn", tests, NULL, NULL);
}
