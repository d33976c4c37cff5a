// SPDX-License-Identifier: GPL-2.0-only
/* See usb-kinds.h. */
#include <stddef.h>
#include <string.h>

#include "usb-kinds.h"

/* exit statuses, see README.md of the project */
#define GONE		(1u << 2)
#define TARGET		(1u << 5)
#define LINK		(1u << 7)
#define PROGRAM		(1u << 8)
#define LIES		(1u << 5 | 1u << 6 | 1u << 7 | 1u << 8 | 1u << 9 | 1u << 11)

#define UNPLUGGED	{ "unplugged", "no probe", "no ST-Link" }
#define ANYTHING	{ "" }
/*
 * The driver has reset the probe, at a transfer whose failure is nothing to the tool:
 * while the chip resets itself to load option bytes. The next one tells.
 */
#define RESET		"the probe was reset"
/* Or it was to load them that failed, after they were stored */
#define UNLOADED	"option bytes in force are not the stored ones"

const struct kind kinds[] = {
	{ "unplug-before", GONE, .unplugs = true, .words = UNPLUGGED },
	{ "unplug-middle", GONE, .unplugs = true, .words = UNPLUGGED },
	{ "unplug-after", GONE, .unplugs = true, .words = UNPLUGGED },
	{ "reset-before", GONE, .restarts = true, .words = UNPLUGGED },
	{ "reset-middle", GONE, .restarts = true, .words = UNPLUGGED },
	{ "reset-after", GONE, .restarts = true, .words = UNPLUGGED },
	{ "stall", LINK, .words = { "USB error", RESET } },
	{ "silence", LINK, .words = { "no answer", RESET } },
	/* else it is silence */
	{ "late", LINK, .answer = true, .words = { "no answer", RESET } },
	/* a controller tries again, but what is lost doesn't come twice */
	{ "error", LINK, .words = { "USB error", "no answer", RESET } },
	{ "babble", LINK, .answer = true, .words = { "nonsense", RESET } },
	{ "short", LINK, ARG_SHORT, .answer = true, .words = { "nonsense", RESET } },
	{ "long", LINK, ARG_LONG, .answer = true, .words = { "nonsense", RESET } },
	{ "garbage", LIES, ARG_SEED, .answer = true, .lies = true,
	  .words = ANYTHING },
	{ "status", TARGET | LINK | PROGRAM, ARG_STATUS, .command = true,
	  .words = { "status", "AP ", "DP ", " error", "protected",
		     "nonsense" } },
	{ "wait", TARGET | LINK | PROGRAM, .command = true, .words = { "WAIT" } },
};

const unsigned int num_kinds = sizeof(kinds) / sizeof(kinds[0]);

bool kind_allows(const struct kind *k, int status, const char *text)
{
	if (status == 8 && k->codes & LINK && strstr(text, UNLOADED))
		return true;
	return status > 0 && status < 32 && k->codes & 1u << status;
}

bool kind_says(const struct kind *k, const char *text)
{
	const char *message = strstr(text, "stlink: ");
	size_t i;

	if (message && k->codes & LINK && strstr(message, UNLOADED))
		return true;
	for (i = 0; message && i < 8 && k->words[i]; i++)
		if (strstr(message, k->words[i]))
			return true;
	return false;
}

uint32_t kind_arg(const struct kind *k, uint32_t random)
{
	/* in the driver's table or not */
	static const uint8_t status[] = {
		0x01, 0x05, 0x08, 0x09, 0x0b, 0x0c, 0x0d, 0x11, 0x12, 0x13,
		0x15, 0x16, 0x17, 0x18, 0x19, 0x1a, 0x1d, 0x20, 0x42, 0x99,
	};
	/* by one, to nothing; by one, beyond the packet, beyond any answer */
	static const uint32_t missing[] = { 1, 2, 65536 };
	static const uint32_t more[] = { 1, 2, 64, 100, 7000 };

	switch (k->arg) {
	case ARG_SHORT:
		return missing[random % 3];
	case ARG_LONG:
		return more[random % 5];
	case ARG_SEED:
		return random;
	case ARG_STATUS:
		return status[random % sizeof(status)];
	case ARG_NONE:
		break;
	}
	return 0;
}
