// SPDX-License-Identifier: GPL-2.0-only
/*
 * Option bytes by name. ST RM0360 rev 5, 4.1.1 (USER), 4.1.2 (DATA), 4.1.3
 * (WRP) and 3.3.1 (RDP); RM0091 4.1.1 for nBOOT0 and BOOT_SEL.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "option_field.h"
#include "pages.h"

enum kind { RDP, USER, DATA, WRP };

struct field {
	const char *name;
	enum kind kind;
	unsigned int index;	/* bit of USER, number of DATA */
	const char *meaning[2];
};

static const struct field fields[] = {
	{ "RDP", RDP, 0, { NULL, NULL } },
	{ "WDG_SW", USER, 0, { "hardware starts the watchdog at each reset",
			       "firmware starts the watchdog, if at all" } },
	{ "nRST_STOP", USER, 1, { "entering Stop mode resets the chip",
				  "no reset on entering Stop mode" } },
	{ "nRST_STDBY", USER, 2, { "entering Standby mode resets the chip",
				   "no reset on entering Standby mode" } },
	{ "nBOOT0", USER, 3, { "with BOOT_SEL 0: as if pin BOOT0 were high",
			       "with BOOT_SEL 0: as if pin BOOT0 were low" } },
	{ "nBOOT1", USER, 4, { "BOOT0 high boots from SRAM",
			       "BOOT0 high boots the ROM boot loader" } },
	{ "VDDA_MONITOR", USER, 5, { "VDDA is not supervised",
				     "VDDA is supervised" } },
	{ "RAM_PARITY_CHECK", USER, 6, { "SRAM parity is checked",
					 "SRAM parity is not checked" } },
	{ "BOOT_SEL", USER, 7, { "nBOOT0 takes the place of pin BOOT0",
				 "pin BOOT0 counts" } },
	{ "DATA0", DATA, 0, { NULL, NULL } },
	{ "DATA1", DATA, 1, { NULL, NULL } },
	{ "WRP", WRP, 0, { NULL, NULL } },
};

static const char *const rdp_words[] = {
	"no read protection",
	"flash can't be read by a debugger; going back erases it",
	"no debugger ever again",
};

static bool exists(const struct stl_chip *chip, const struct field *f)
{
	return f->kind != USER || stl_option_user_mask(chip) >> f->index & 1;
}

static const struct field *nth(const struct stl_chip *chip, size_t n)
{
	size_t i;

	for (i = 0; i < sizeof(fields) / sizeof(fields[0]); i++)
		if (exists(chip, &fields[i]) && !n--)
			return &fields[i];
	return NULL;
}

const char *stl_option_field(const struct stl_chip *chip, size_t n)
{
	const struct field *f = nth(chip, n);

	return f ? f->name : NULL;
}

uint32_t stl_option_locked(const struct stl_chip *chip,
			   const struct stl_option_bytes *b, bool *pages)
{
	uint32_t i, num = chip->flash_size / chip->page_size;
	struct stl_chip c = *chip;

	c.wrpr = b->wrp[0] | b->wrp[1] << 8 | b->wrp[2] << 16 |
		 (uint32_t)b->wrp[3] << 24;
	for (i = 0; i < num; i++)
		pages[i] = stl_write_protected(&c, STL_FLASH_BASE +
					       i * chip->page_size);
	return num;
}

static void wrp_text(const struct stl_chip *chip,
		     const struct stl_option_bytes *b, char *buf)
{
	bool pages[STL_PAGES_MAX];
	uint32_t i, hits = 0, num = stl_option_locked(chip, b, pages);

	for (i = 0; i < num; i++)
		hits += pages[i];
	if (!hits || hits == num)
		strcpy(buf, hits ? "all" : "none");
	else
		stl_pages_text(pages, num, ",", buf, STL_FIELD_TEXT);
}

void stl_option_value(const struct stl_chip *chip,
		      const struct stl_option_bytes *b, size_t n, char *buf)
{
	const struct field *f = nth(chip, n);

	if (!f)
		buf[0] = '\0';
	else if (f->kind == RDP)
		sprintf(buf, "%u", stl_rdp_byte_level(b->rdp));
	else if (f->kind == USER)
		sprintf(buf, "%u", b->user >> f->index & 1u);
	else if (f->kind == DATA)
		sprintf(buf, "0x%02x", b->data[f->index]);
	else
		wrp_text(chip, b, buf);
}

void stl_option_meaning(const struct stl_chip *chip,
			const struct stl_option_bytes *b, size_t n, char *buf)
{
	const struct field *f = nth(chip, n);
	bool pages[STL_PAGES_MAX];
	uint32_t i, hits = 0, num;

	buf[0] = '\0';
	if (!f || f->kind == DATA)
		return;
	if (f->kind == RDP) {
		strcpy(buf, rdp_words[stl_rdp_byte_level(b->rdp)]);
	} else if (f->kind == USER) {
		strcpy(buf, f->meaning[b->user >> f->index & 1]);
	} else {
		num = stl_option_locked(chip, b, pages);
		for (i = 0; i < num; i++)
			hits += pages[i];
		if (hits)
			sprintf(buf, "%u of %u pages can't be erased or programmed",
				hits, num);
		else
			strcpy(buf, "no page is write-protected");
	}
}

void stl_option_command(const struct stl_chip *chip,
			const struct stl_option_bytes *b, char *buf, size_t len)
{
	char value[STL_FIELD_TEXT], erased[STL_FIELD_TEXT];
	struct stl_option_bytes blank;
	const char *name;
	size_t i, used = 0;

	memset(&blank, 0xff, sizeof(blank));
	/* level 0 can't be got back this way */
	blank.rdp = STL_RDP_LEVEL_0;
	buf[0] = '\0';
	for (i = 0; (name = stl_option_field(chip, i)) && used < len; i++) {
		stl_option_value(chip, b, i, value);
		stl_option_value(chip, &blank, i, erased);
		if (strcmp(value, erased))
			used += snprintf(buf + used, len - used, "%s%s=%s",
					 used ? " " : "", name, value);
	}
}

static int fail_value(const struct field *f, const char *value,
		      const char *wants, struct stl_error *err)
{
	stl_fail(err, STL_USAGE, "%s takes %s, not '%s'", f->name, wants,
		 value);
	return STL_USAGE;
}

static int set_rdp(struct stl_option_bytes *b, const struct field *f,
		   const char *value, struct stl_error *err)
{
	if (!strcmp(value, "0")) {
		b->rdp = STL_RDP_LEVEL_0;
	} else if (!strcmp(value, "1")) {
		/* Level 1 already: leave the byte, whichever it is. */
		if (stl_rdp_byte_level(b->rdp) != 1)
			b->rdp = STL_RDP_LEVEL_1;
	} else if (!strcmp(value, "2")) {
		stl_fail(err, STL_USAGE,
			 "RDP=2 can never be undone; it is not set this way");
		stl_hint(err, "see stlink help protect");
		return STL_USAGE;
	} else {
		return fail_value(f, value, "the level, 0 or 1", err);
	}
	return STL_OK;
}

static int set_user(struct stl_option_bytes *b, const struct field *f,
		    const char *value, struct stl_error *err)
{
	if (strcmp(value, "0") && strcmp(value, "1"))
		return fail_value(f, value, "0 or 1", err);
	b->user &= ~(1u << f->index);
	b->user |= (value[0] - '0') << f->index;
	return STL_OK;
}

static int set_data(struct stl_option_bytes *b, const struct field *f,
		    const char *value, struct stl_error *err)
{
	unsigned long v;
	char *end;

	v = strtoul(value, &end, strncasecmp(value, "0x", 2) ? 10 : 16);
	if (value[0] < '0' || value[0] > '9' || *end || v > 0xff)
		return fail_value(f, value, "a byte, 0 to 255 or 0x00 to 0xff",
				  err);
	b->data[f->index] = v;
	return STL_OK;
}

static unsigned int page_bit(const struct stl_chip *chip, uint32_t page)
{
	return stl_wrp_bit(chip, STL_FLASH_BASE + page * chip->page_size);
}

/* One bit is for several pages, the last of the biggest part for very many. */
static int check_units(const struct stl_chip *chip, const bool *pages,
		       uint32_t num, struct stl_error *err)
{
	uint32_t i, first, last;

	for (i = 1; i < num; i++) {
		if (page_bit(chip, i) != page_bit(chip, i - 1) ||
		    pages[i] == pages[i - 1])
			continue;
		for (first = i; first &&
		     page_bit(chip, first - 1) == page_bit(chip, i); first--)
			;
		for (last = i; last + 1 < num &&
		     page_bit(chip, last + 1) == page_bit(chip, i); last++)
			;
		return stl_fail(err, STL_USAGE,
				"pages %u to %u have one WRP bit: protect all of them or none",
				first, last);
	}
	return STL_OK;
}

static int set_wrp(const struct stl_chip *chip, struct stl_option_bytes *b,
		   const struct field *f, const char *value,
		   struct stl_error *err)
{
	uint32_t i, bit, num = chip->flash_size / chip->page_size;
	bool pages[STL_PAGES_MAX] = { false };
	int ret;

	if (!strcmp(value, "all"))
		memset(pages, true, sizeof(pages));
	else if (strcmp(value, "none") && !stl_pages_parse(value, num, pages))
		return stl_fail(err, STL_USAGE,
				"%s takes none, all, or pages such as 0-3,8-11, of 0 to %u, not '%s'",
				f->name, num - 1, value);
	ret = check_units(chip, pages, num, err);
	if (ret)
		return ret;
	memset(b->wrp, 0xff, sizeof(b->wrp));
	for (i = 0; i < num; i++) {
		bit = page_bit(chip, i);
		if (pages[i])
			b->wrp[bit / 8] &= ~(1u << bit % 8);
	}
	return STL_OK;
}

int stl_option_set(const struct stl_chip *chip, struct stl_option_bytes *b,
		   const char *text, struct stl_error *err)
{
	const char *value = strchr(text, '=');
	const struct field *f = NULL;
	size_t i, len;

	if (!value || !value[1])
		return stl_fail(err, STL_USAGE,
				"'%s' is not of the form NAME=VALUE", text);
	len = value++ - text;
	for (i = 0; i < sizeof(fields) / sizeof(fields[0]); i++)
		if (strlen(fields[i].name) == len &&
		    !strncasecmp(fields[i].name, text, len))
			f = &fields[i];
	if (!f) {
		stl_fail(err, STL_USAGE, "there is no option '%.*s'", (int)len,
			 text);
		stl_hint(err, "stlink option show has their names");
		return STL_USAGE;
	}
	if (!exists(chip, f))
		return stl_fail(err, STL_USAGE,
				"%s does not exist on this chip (%s): the bit is reserved",
				f->name, chip->name);
	switch (f->kind) {
	case RDP:
		return set_rdp(b, f, value, err);
	case USER:
		return set_user(b, f, value, err);
	case DATA:
		return set_data(b, f, value, err);
	default:
		return set_wrp(chip, b, f, value, err);
	}
}
