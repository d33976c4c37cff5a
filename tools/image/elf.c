// SPDX-License-Identifier: GPL-2.0-only
/*
 * ELF executables, by libelf.
 *
 * Copyright (C) 2026 The stlink project authors
 */
#include <errno.h>
#include <libelf.h>
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

static int elf_check(struct collect *c, Elf *elf, const Elf32_Ehdr **ehdr)
{
	const char *ident;
	size_t len;

	ident = elf_getident(elf, &len);
	if (elf_kind(elf) != ELF_K_ELF || !ident || len < EI_NIDENT)
		return elf_refuse(c, "not a complete ELF file");
	if (ident[EI_CLASS] != ELFCLASS32)
		return elf_refuse(c, "not a 32-bit ELF file; was it built for the host?");
	if (ident[EI_DATA] != ELFDATA2LSB)
		return elf_refuse(c, "ELF file is big-endian, the target is little-endian");
	*ehdr = elf32_getehdr(elf);
	if (!*ehdr)
		return elf_refuse(c, "ELF header is damaged or cut short");
	if ((*ehdr)->e_machine != EM_ARM)
		return elf_refuse(c, "ELF file is not for ARM");
	if ((*ehdr)->e_type == ET_REL)
		return elf_refuse(c, "ELF file is an object file that wasn't linked");
	if ((*ehdr)->e_type != ET_EXEC)
		return elf_refuse(c, "ELF file is not an executable");
	return 0;
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

/*
 * A linker without a page size for this target puts the file's own headers
 * into the first segment, before the first section. They are not firmware.
 */
static uint32_t headers_in_segment(Elf *elf, const Elf32_Ehdr *eh,
				   const Elf32_Phdr *ph)
{
	size_t sections;

	if (ph->p_offset >= eh->e_ehsize)
		return 0;
	if (elf_getshdrnum(elf, &sections) || !sections)
		return 0;
	return first_section(elf, ph) - ph->p_offset;
}

static int elf_segment(struct collect *c, Elf *elf, const Elf32_Ehdr *eh,
		       const Elf32_Phdr *ph, unsigned int num,
		       const uint8_t *buf, size_t len)
{
	uint32_t skip;

	if (ph->p_type != PT_LOAD || !ph->p_filesz)
		return 0;
	if (ph->p_offset > len || ph->p_filesz > len - ph->p_offset)
		return image_fail(c->err, -EBADMSG,
				  "%s: program header %u points outside the file; it is cut short",
				  c->name, num);
	if (ph->p_filesz > ph->p_memsz)
		return image_fail(c->err, -EBADMSG,
				  "%s: program header %u has more bytes in the file than in memory",
				  c->name, num);
	if (ph->p_filesz - 1 > UINT32_MAX - ph->p_paddr)
		return image_fail(c->err, -EBADMSG,
				  "%s: program header %u goes beyond address 0xffffffff",
				  c->name, num);
	skip = headers_in_segment(elf, eh, ph);
	return collect_add(c, num, ph->p_paddr + skip,
			   buf + ph->p_offset + skip, ph->p_filesz - skip);
}

static int elf_segments(struct collect *c, Elf *elf, const Elf32_Ehdr *eh,
			const uint8_t *buf, size_t len)
{
	const uint8_t *table;
	Elf32_Phdr ph;
	size_t num;
	size_t i;
	int ret;

	if (elf_getphdrnum(elf, &num))
		return elf_refuse(c, "program headers are damaged or cut short");
	/* libelf hands out the file's own bytes, which a bad file misaligns */
	table = num ? (const void *)elf32_getphdr(elf) : NULL;
	if (num && !table)
		return elf_refuse(c, "program headers are damaged or cut short");
	if (num > MAX_HEADERS)
		return elf_refuse(c, "has more program headers than any firmware");
	for (i = 0; i < num; i++) {
		memcpy(&ph, table + i * sizeof(ph), sizeof(ph));
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
		ret = elf_refuse(c, "not a complete ELF file");
	} else {
		ret = elf_check(c, elf, &eh);
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
