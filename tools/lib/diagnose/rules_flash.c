// SPDX-License-Identifier: GPL-2.0-only
/*
 * What is in flash: blank, cut off, built for something else.
 */
#include "rules.h"
#include "stm32f0.h"

/* Main stack of other STM32 with SRAM at the same address, bytes */
#define FOREIGN_SRAM	(192u * 1024)

#define VECTOR(n)	(STL_FLASH_BASE + 4 * (n))

static bool all_blank(const struct stl_facts *f)
{
	uint32_t i;

	for (i = 0; i < f->chip.flash_size; i++)
		if (f->flash[i] != 0xff)
			return false;
	return true;
}

/* A vector table may be written for flash itself or for its alias at 0. */
static bool in_flash(const struct stl_facts *f, uint32_t vector)
{
	uint32_t addr = vector & ~1u;

	return addr - STL_FLASH_BASE < f->chip.flash_size ||
	       (addr >= 8 && addr < f->chip.flash_size);
}

static enum stl_severity severity(const struct stl_facts *f)
{
	return stl_facts_alive(f) ? STL_SUSPICION : STL_CAUSE;
}

static void say_lockup(const struct stl_facts *f, struct stl_finding *to)
{
	if (f->lockups)
		stl_evidence(to, "DHCSR: S_LOCKUP, the core is locked up, in %u of %u looks",
			     f->lockups, f->watched);
}

/* What is missing may have been refused. */
static void blame_protection(const struct stl_facts *f,
			     struct stl_findings *out, uint32_t addr)
{
	struct stl_finding *to = stl_find_id(out, "write-protection");

	if (!to || !stl_write_protected(&f->chip, addr))
		return;
	to->severity = STL_SUSPICION;
	stl_evidence(to, "the block with 0x%08x, where something is missing, is among them",
		     addr);
}

static void judge_blank(const struct stl_facts *f, struct stl_findings *out)
{
	struct stl_finding *to;

	if (all_blank(f)) {
		to = stl_found(out, "flash-blank", STL_CAUSE,
			       "flash is blank: there is no program");
		stl_evidence(to, "0x%08x to 0x%08x: all FF", STL_FLASH_BASE,
			     STL_FLASH_BASE + f->chip.flash_size - 1);
	} else {
		to = stl_found(out, "vector-table-blank", STL_CAUSE,
			       "the vector table is blank, so nothing can start; the rest of the flash is not");
		stl_evidence(to, "0x%08x = 0xffffffff 0xffffffff",
			     STL_FLASH_BASE);
	}
	say_lockup(f, to);
	stl_advice(to, "stlink program FILE");
	blame_protection(f, out, STL_FLASH_BASE);
}

static void judge_truncated(const struct stl_facts *f,
			    struct stl_findings *out)
{
	const struct stl_truncated *cut = &f->cut;
	uint32_t page = (cut->end - STL_FLASH_BASE) / f->chip.page_size;
	struct stl_finding *to;
	char text[320], ref[80];
	unsigned int i;

	if (!cut->found)
		return;
	stl_truncated_text(cut, "the flash", &f->chip, text, sizeof(text));
	to = stl_found(out, "truncated-copy",
		       cut->weak ? STL_SUSPICION : STL_CAUSE, "%s", text);
	stl_evidence(to, "flash is blank from 0x%08x (page %u) on", cut->end,
		     page);
	for (i = 0; i < cut->num_refs; i++) {
		stl_ref_text(&cut->refs[i], ref, sizeof(ref));
		stl_evidence(to, "%s", ref);
	}
	if (cut->total > cut->num_refs)
		stl_evidence(to, "and %u more such references",
			     cut->total - cut->num_refs);
	say_lockup(f, to);
	stl_advice(to, "program the whole image; a board is copied as a whole by stlink clone, and read as a whole by stlink read FILE without numbers");
	blame_protection(f, out, cut->refs[0].to & ~1u);
}

static void judge_sp(const struct stl_facts *f, struct stl_findings *out)
{
	uint32_t sp = stl_facts_word(f, VECTOR(0));
	uint32_t top = STL_SRAM_BASE + f->chip.sram_size;
	struct stl_finding *to;

	if (sp > STL_SRAM_BASE && sp <= top)
		return;
	if (sp > top && sp <= STL_SRAM_BASE + FOREIGN_SRAM) {
		to = stl_found(out, "image-for-other-part", severity(f),
			       "the firmware is for a part with more SRAM: its stack begins above the end of this one's");
		stl_evidence(to, "initial SP = 0x%08x, SRAM of this %s ends at 0x%08x",
			     sp, f->chip.name, top - 1);
		stl_advice(to, "build it for this part, or put it onto one with %u KiB of SRAM",
			   (sp - STL_SRAM_BASE + 1023) / 1024);
	} else {
		to = stl_found(out, "initial-sp-outside-sram", severity(f),
			       "the initial stack pointer is not in SRAM: nothing can be put on the stack");
		stl_evidence(to, "0x%08x (initial SP) = 0x%08x, SRAM is 0x%08x to 0x%08x",
			     VECTOR(0), sp, STL_SRAM_BASE, top - 1);
		stl_advice(to, "is it really an image for this chip, at the right address?");
	}
	say_lockup(f, to);
}

static void judge_size(const struct stl_facts *f, struct stl_findings *out)
{
	const struct stl_truncated *cut = &f->cut;
	struct stl_finding *to;
	char ref[80];

	if (!cut->beyond_part)
		return;
	stl_ref_text(&cut->part_ref, ref, sizeof(ref));
	to = stl_find_id(out, "image-for-other-part");
	if (!to)
		to = stl_found(out, "image-for-other-part", STL_CAUSE,
			       "the firmware is for a part with more flash: it refers beyond the end of this one's");
	stl_evidence(to, "%s; flash of this %s ends at 0x%08x", ref,
		     f->chip.name, STL_FLASH_BASE + f->chip.flash_size - 1);
}

static void judge_reset_vector(const struct stl_facts *f,
			       struct stl_findings *out)
{
	uint32_t vector = stl_facts_word(f, VECTOR(1));
	struct stl_finding *to;

	if (!in_flash(f, vector)) {
		/* a call into a bigger part's flash is told of already */
		if (f->cut.beyond_part && f->cut.part_ref.from == VECTOR(1))
			return;
		to = stl_found(out, "reset-vector-outside-flash", severity(f),
			       vector == 0xffffffff ?
			       "the reset vector is erased" :
			       "the reset vector points outside of flash");
	} else if (!(vector & 1)) {
		to = stl_found(out, "reset-vector-even", severity(f),
			       "the reset vector lacks the Thumb bit: its first instruction faults");
	} else {
		return;
	}
	stl_evidence(to, "0x%08x (reset vector) = 0x%08x", VECTOR(1), vector);
	say_lockup(f, to);
	stl_advice(to, "is it really an image for this chip, at the right address?");
}

static void judge_hardfault_vector(const struct stl_facts *f,
				   struct stl_findings *out)
{
	uint32_t reset = stl_facts_word(f, VECTOR(1)) & ~1u;
	uint32_t vector = stl_facts_word(f, VECTOR(3));
	struct stl_finding *to;

	/* a table of two entries, with code right behind it */
	if (reset - STL_FLASH_BASE < 16 || reset < 16)
		return;
	if (vector == 0xffffffff) {
		to = stl_found(out, "hardfault-vector-erased",
			       f->lockups ? STL_CAUSE : STL_SUSPICION,
			       "the HardFault vector is erased: any fault locks the core up");
	} else if (f->lockups && (!(vector & 1) || !in_flash(f, vector))) {
		to = stl_found(out, "hardfault-vector-bad", STL_CAUSE,
			       "the HardFault vector leads nowhere: any fault locks the core up");
	} else {
		return;
	}
	stl_evidence(to, "0x%08x (HardFault vector) = 0x%08x", VECTOR(3),
		     vector);
	say_lockup(f, to);
	stl_advice(to, "give the vector table all its entries; stlink diagnose --reset finds the fault itself");
}

/* Constants are aligned; by chance a word is one of three in 2^32. */
static void judge_uid(const struct stl_facts *f, struct stl_findings *out)
{
	struct stl_finding *to = NULL;
	uint32_t at, value;

	for (at = STL_FLASH_BASE; at - STL_FLASH_BASE < f->chip.flash_size;
	     at += 4) {
		value = stl_facts_word(f, at);
		if (value != SIGNATURE_UID && value != SIGNATURE_UID + 4 &&
		    value != SIGNATURE_UID + 8)
			continue;
		if (!to)
			to = stl_found(out, "reads-unique-id", STL_REMARK,
				       "the firmware has the address of the chip's unique ID: it may be keyed to the chip it came from (the ID of an F030 is undocumented, but there)");
		stl_evidence(to, "0x%08x: constant 0x%08x", at, value);
	}
	if (to)
		stl_advice(to, "if a copy refuses to run while the original does, this may be why");
}

/* RM0360 7.4.6: its clock can be off while the core sleeps. */
static void unreadable(const struct stl_facts *f, struct stl_findings *out)
{
	struct stl_finding *to;

	if (f->chip.rdp_level)
		return;		/* told of elsewhere */
	to = stl_found(out, "flash-unreadable", STL_REMARK,
		       "the flash could not be read, so what is in it was not examined");
	stl_evidence(to, "read protection level 0, yet reading fails");
	stl_advice(to, "try again with a slower clock (-f 480k), or: stlink --mode under-reset diagnose");
}

void stl_judge_flash(const struct stl_facts *f, struct stl_findings *out)
{
	if (!f->flash) {
		unreadable(f, out);
		return;
	}
	if (stl_facts_word(f, VECTOR(0)) == 0xffffffff &&
	    stl_facts_word(f, VECTOR(1)) == 0xffffffff) {
		judge_blank(f, out);
		return;
	}
	judge_truncated(f, out);
	judge_sp(f, out);
	judge_size(f, out);
	judge_reset_vector(f, out);
	judge_hardfault_vector(f, out);
	judge_uid(f, out);
}
