// SPDX-License-Identifier: GPL-2.0-only
/*
 * ELF executables, by libelf.
 *
 * Copyright (C) 2026 The stlink project authors
 */
#include <errno.h>
#include <libelf.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "internal.h"

/*
 * For each of these the sections may have to be looked at, of which a bad file can
 * have very many; linkers make some ten.
 */
#define MAX_HEADERS	1000

static int elf_refuse(struct collect *c, const char *why)
{
	return image_fail(c->err, -EBADMSG, "%s: %s", c->name, why);
}

static int elf_cut(struct collect *c, const char *why)
{
	elf_refuse(c, why);
	return image_hint(c->err, -EBADMSG, "copy the file or link it again");
}

/* What else there is on a desk: for a message, not for a decision. */
static const char *elf_machine(unsigned int machine)
{
	switch (machine) {
	case EM_386:
		return "an x86 computer";
	case EM_X86_64:
		return "an x86-64 computer";
	case EM_AARCH64:
		return "a 64-bit ARM computer";
	case EM_AVR:
		return "an AVR";
	case EM_XTENSA:
		return "an Xtensa (ESP32)";
	case EM_RISCV:
		return "a RISC-V";
	default:
		return "another processor";
	}
}

static int elf_other(struct collect *c, unsigned int machine)
{
	image_fail(c->err, -EBADMSG, "%s: ELF file is for %s, not for ARM",
		   c->name, elf_machine(machine));
	return image_hint(c->err, -EBADMSG,
			  "it is another project's, or was built with the wrong compiler (arm-none-eabi-gcc is the right one)");
}

static int elf_type(struct collect *c, unsigned int type)
{
	switch (type) {
	case ET_EXEC:
		return 0;
	case ET_REL:
		elf_refuse(c, "ELF file is an object file that wasn't linked");
		return image_hint(c->err, -EBADMSG,
				  "take the file that the linker made of it");
	case ET_DYN:
		elf_refuse(c, "ELF file is not an executable for a fixed address");
		return image_hint(c->err, -EBADMSG,
				  "link it without -pie and -shared");
	default:
		return elf_refuse(c, "ELF file is not an executable");
	}
}

/*
 * The machine is asked for first: a file for the host is of the wrong class as
 * well, but that isn't what went wrong. It has its place in every class.
 */
static int elf_check(struct collect *c, Elf *elf, const Elf32_Ehdr **ehdr,
		     const uint8_t *buf, size_t len)
{
	const uint8_t *m = buf + offsetof(Elf32_Ehdr, e_machine);
	unsigned int machine;
	bool big;

	if (elf_kind(elf) != ELF_K_ELF || len < sizeof(Elf32_Ehdr))
		return elf_cut(c, "not a complete ELF file");
	big = buf[EI_DATA] == ELFDATA2MSB;
	machine = big ? m[0] << 8 | m[1] : m[1] << 8 | m[0];
	if (machine != EM_ARM)
		return elf_other(c, machine);
	if (buf[EI_CLASS] != ELFCLASS32)
		return elf_refuse(c, "not a 32-bit ELF file");
	if (big) {
		elf_refuse(c, "ELF file is big-endian, the target is little-endian");
		return image_hint(c->err, -EBADMSG,
				  "build it with -mlittle-endian");
	}
	*ehdr = elf32_getehdr(elf);
	if (!*ehdr)
		return elf_cut(c, "ELF header is damaged or cut short");
	return elf_type(c, (*ehdr)->e_type);
}

/*
 * Where the first allocated section begins within the file range of a
 * segment, or its end if there is none.
 */
static uint32_t first_section(Elf *elf, const Elf32_Phdr *ph)
{
	uint32_t end = ph->p_offset + ph->p_filesz;
	uint32_t first = end;
	Elf_Scn *scn = NULL;

	while ((scn = elf_nextscn(elf, scn))) {
		const void *p = elf32_getshdr(scn);
		Elf32_Shdr sh;

		if (!p)
			continue;
		memcpy(&sh, p, sizeof(sh));
		if (!(sh.sh_flags & SHF_ALLOC) || sh.sh_type == SHT_NOBITS ||
		    !sh.sh_size)
			continue;
		if (sh.sh_offset >= ph->p_offset && sh.sh_offset < first)
			first = sh.sh_offset;
	}
	return first;
}

/* are bytes of the file at @off, @size of them, within the segment? */
static bool holds(const Elf32_Phdr *ph, uint64_t off, uint64_t size)
{
	return size && off < (uint64_t)ph->p_offset + ph->p_filesz &&
	       off + size > ph->p_offset;
}

/*
 * A linker without a page size for this target puts the file's own headers
 * into the first segment, before the first section. They are not firmware.
 */
static int headers_in_segment(struct collect *c, Elf *elf,
			      const Elf32_Ehdr *eh, const Elf32_Phdr *ph,
			      unsigned int num, uint32_t *skip)
{
	size_t sections;

	*skip = 0;
	if (!holds(ph, 0, eh->e_ehsize) &&
	    !holds(ph, eh->e_phoff, (uint64_t)eh->e_phnum * eh->e_phentsize))
		return 0;
	if (!elf_getshdrnum(elf, &sections) && sections) {
		*skip = first_section(elf, ph) - ph->p_offset;
		return 0;
	}
	image_fail(c->err, -EBADMSG,
		   "%s: program header %u begins with the headers of the file itself, and no section says where the firmware begins",
		   c->name, num);
	return image_hint(c->err, -EBADMSG,
			  "take the file from before its section headers were stripped");
}

static int elf_segment(struct collect *c, Elf *elf, const Elf32_Ehdr *eh,
		       const Elf32_Phdr *ph, unsigned int num,
		       const uint8_t *buf, size_t len)
{
	uint32_t skip;
	int ret;

	if (ph->p_type != PT_LOAD || !ph->p_filesz)
		return 0;
	if (ph->p_offset > len || ph->p_filesz > len - ph->p_offset) {
		image_fail(c->err, -EBADMSG,
			   "%s: program header %u points outside the file; it is cut short",
			   c->name, num);
		return image_hint(c->err, -EBADMSG,
				  "copy the file or link it again");
	}
	if (ph->p_filesz > ph->p_memsz)
		return image_fail(c->err, -EBADMSG,
				  "%s: program header %u has more bytes in the file than in memory",
				  c->name, num);
	if (ph->p_filesz - 1 > UINT32_MAX - ph->p_paddr)
		return image_fail(c->err, -EBADMSG,
				  "%s: program header %u goes beyond address 0xffffffff",
				  c->name, num);
	ret = headers_in_segment(c, elf, eh, ph, num, &skip);
	if (ret)
		return ret;
	return collect_add(c, num, ph->p_paddr + skip,
			   buf + ph->p_offset + skip, ph->p_filesz - skip);
}

/*
 * The EABI of ARM has no use for p_paddr, and ARM's tools of its time leave it
 * 0 ("ARM ELF", 4.6): then the virtual address is the one to load to. Of a
 * program that is linked for address 0 both are 0.
 */
static bool no_paddr(const uint8_t *table, size_t num)
{
	Elf32_Phdr ph;
	size_t i;

	for (i = 0; i < num; i++) {
		memcpy(&ph, table + i * sizeof(ph), sizeof(ph));
		if (ph.p_type == PT_LOAD && ph.p_filesz && ph.p_paddr)
			return false;
	}
	return true;
}

static int elf_segments(struct collect *c, Elf *elf, const Elf32_Ehdr *eh,
			const uint8_t *buf, size_t len)
{
	const uint8_t *table;
	bool use_vaddr;
	Elf32_Phdr ph;
	size_t num;
	size_t i;
	int ret;

	if (elf_getphdrnum(elf, &num))
		return elf_cut(c, "program headers are damaged or cut short");
	/* libelf hands out the file's own bytes, which a bad file misaligns */
	table = num ? (const void *)elf32_getphdr(elf) : NULL;
	if (num && !table)
		return elf_cut(c, "program headers are damaged or cut short");
	if (num > MAX_HEADERS)
		return elf_refuse(c, "has more program headers than any firmware");
	use_vaddr = no_paddr(table, num);
	for (i = 0; i < num; i++) {
		memcpy(&ph, table + i * sizeof(ph), sizeof(ph));
		if (use_vaddr)
			ph.p_paddr = ph.p_vaddr;
		ret = elf_segment(c, elf, eh, &ph, i, buf, len);
		if (ret)
			return ret;
	}
	return 0;
}

/**
 * elf_read() - read an ELF executable
 * @buf: the whole file
 * @len: its size
 * @c: receives what PT_LOAD segments have in the file, at physical addresses
 *	(the load address of initialised data, not its address at run time)
 * @img: receives the entry point
 *
 * Return: 0, or -EBADMSG and the errors of collect_add(), with a message.
 */
int elf_read(const uint8_t *buf, size_t len, struct collect *c,
	     struct image *img)
{
	const Elf32_Ehdr *eh = NULL;
	uint8_t *copy;
	Elf *elf;
	int ret;

	if (elf_version(EV_CURRENT) == EV_NONE)
		return elf_refuse(c, elf_errmsg(-1));
	/* libelf wants memory that is aligned and that it may write to */
	copy = malloc(len);
	if (!copy)
		return image_fail(c->err, -ENOMEM, "%s: %s", c->name,
				  strerror(ENOMEM));
	memcpy(copy, buf, len);
	elf = elf_memory((char *)copy, len);
	if (!elf) {
		ret = elf_cut(c, "not a complete ELF file");
	} else {
		ret = elf_check(c, elf, &eh, copy, len);
		if (!ret)
			ret = elf_segments(c, elf, eh, copy, len);
		if (!ret) {
			img->has_entry = true;
			img->entry = eh->e_entry;
		}
		elf_end(elf);
	}
	free(copy);
	return ret;
}
