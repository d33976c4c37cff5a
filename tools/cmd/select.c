// SPDX-License-Identifier: GPL-2.0-only
/*
 * One word that says which probe.
 *
 * Copyright (C) 2026 The stlink project authors
 */
#include <ctype.h>
#include <string.h>

#include "cmd.h"

/* "stlink0" as in /dev */
static bool is_node(const char *word)
{
	const char *digits = word + strlen("stlink");

	if (strncmp(word, "stlink", strlen("stlink")) || !*digits)
		return false;
	return strspn(digits, "0123456789") == strlen(digits);
}

/* "1-2.3" as in /sys/bus/usb/devices: bus, port, ports of hubs */
static bool is_usb_path(const char *word)
{
	const char *p = word + strspn(word, "0123456789");

	if (p == word || *p != '-')
		return false;
	do {
		if (!isdigit((unsigned char)*++p))
			return false;
		p += strspn(p, "0123456789");
	} while (*p == '.');
	return !*p;
}

/**
 * select_word() - which probe is meant by a word of --from or --to
 * @word: a node ("/dev/...", "stlink0", a link of udev's), a USB path
 *	("1-2.3"), else a serial number
 * @select: receives it; points to @word
 */
void select_word(const char *word, struct stl_select *select)
{
	*select = (struct stl_select){ 0 };
	if (strchr(word, '/') || is_node(word))
		select->device = word;
	else if (is_usb_path(word))
		select->usb_path = word;
	else
		select->serial = word;
}

/**
 * select_probe() - mean this probe and no other, whatever number its node has
 * @probe: found before
 * @select: receives it; points into @probe
 */
void select_probe(const struct stl_probe *probe, struct stl_select *select)
{
	*select = (struct stl_select){ 0 };
	if (*probe->usb_path)
		select->usb_path = probe->usb_path;
	else
		select->device = probe->device;
	if (*probe->serial)
		select->serial = probe->serial;
}
