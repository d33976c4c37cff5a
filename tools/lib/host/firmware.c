// SPDX-License-Identifier: GPL-2.0-only
/*
 * The firmware of the probe: what it can't do, how old it is, whose it may be.
 */
#include <ctype.h>
#include <string.h>

#include "check.h"

/* The newest that was seen in public: V2J46S7, in logs of STM32CubeProgrammer
 * 2.21.0 in ST's forum.
 */
#define NEWEST	46
/* before V2J21S4 the serial number changes (OpenOCD's manual, "hla_serial") */
#define STEADY_SERIAL	21

/*
 * What came with which version, as the driver has it (stlink.h of the uAPI), in
 * the words of who lacks it.
 */
static const struct {
	unsigned int since;
	const char *lacks;
} gates[] = {
	{ 13, "no measuring of the target's supply" },
	{ 22, "SWD clock fixed at 1.8 MHz" },
	{ 24, "no DP and AP registers" },
	{ 26, "no 16-bit access (--no-loader)" },
	{ 32, "a round trip for each scattered word, so slower" },
};

/*
 * When a version was in use at the latest, by dated posts of its users in ST's
 * forum: J26 in February 2016, J34 in February 2021, J39 in December 2021. Versions
 * only grow.
 */
static const struct {
	unsigned int version;
	unsigned int year;
} seen[] = {
	{ 26, 2016 }, { 39, 2021 },
};

static void age(unsigned int version, char *buf, size_t len)
{
	size_t i;

	buf[0] = '\0';
	for (i = 0; i < sizeof(seen) / sizeof(*seen); i++) {
		if (version <= seen[i].version) {
			snprintf(buf, len, ", of %u or before", seen[i].year);
			return;
		}
	}
}

static void todo_update(const struct stl_usb *usb, struct stl_check *k)
{
	stl_todo(k, "ST's updater, STSW-LINK007 on www.st.com, brings a newer one: stlink detach --usb-path %s before, stlink attach afterwards; it refuses clones as a rule, which then stay as they are",
		 usb->probe.usb_path);
}

void stl_check_firmware(const struct stl_usb *usb, struct stl_checks *c)
{
	const struct stl_probe *p = &usb->probe;
	char lacks[240] = "", when[32];
	unsigned int version = 0;
	struct stl_check *k;
	size_t i;

	if (sscanf(p->firmware, "V2J%u", &version) != 1)
		return;
	age(version, when, sizeof(when));
	for (i = 0; i < sizeof(gates) / sizeof(*gates); i++) {
		if (version < gates[i].since)
			snprintf(lacks + strlen(lacks),
				 sizeof(lacks) - strlen(lacks), "%s%s",
				 *lacks ? ", " : "", gates[i].lacks);
	}
	if (version >= NEWEST) {
		stl_good(c, "firmware", "%s: %s: the newest known", p->usb_path,
			 p->firmware);
	} else if (!*lacks) {
		stl_good(c, "firmware",
			 "%s: %s%s: can all that is needed; V2J%u is known",
			 p->usb_path, p->firmware, when, NEWEST);
	} else {
		k = stl_odd(c, "firmware", "%s: %s%s: %s%s; V2J%u is known",
			    p->usb_path, p->firmware, when, lacks,
			    version < STEADY_SERIAL ?
			    ", and the serial number may change once it was used" :
			    "", NEWEST);
		todo_update(usb, k);
	}
}

/* ST's are the 96 bits of their chip's unique id, so that no two are the same. */
static bool like_st(const char *serial)
{
	return strlen(serial) == 24 &&
	       strspn(serial, "0123456789ABCDEFabcdef") == 24;
}

void stl_check_serials(const struct stl_usb *list, size_t num,
		       struct stl_checks *c)
{
	struct stl_check *k;
	size_t i, j;

	for (i = 0; i < num; i++) {
		const struct stl_probe *p = &list[i].probe;

		if (!list[i].supported)
			continue;
		if (!list[i].cut && !like_st(p->serial))
			stl_good(c, "serial",
				 "%s: %s%s: not a number of ST's: a clone, or the ADC and nRST of one may be missing",
				 p->usb_path, *p->serial ? "serial number " :
				 "no serial number", p->serial);
		for (j = 0; *p->serial && j < i; j++) {
			if (strcmp(p->serial, list[j].probe.serial))
				continue;
			k = stl_odd(c, "serial",
				    "the probes at %s and %s have one serial number, %s: clones",
				    list[j].probe.usb_path, p->usb_path,
				    p->serial);
			stl_todo(k, "choose between them by --usb-path or by -d, not by -s");
			break;
		}
	}
}
