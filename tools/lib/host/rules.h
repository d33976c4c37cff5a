/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * udev's rules: ours, and others that concern the same devices.
 */
#ifndef STL_RULES_H
#define STL_RULES_H

#include "host.h"

/** STL_RULE - name of the file of ours */
#define STL_RULE	"48-stlink.rules"

/**
 * stl_rule_find() - where our rule is
 * @h: machine
 * @masked: out: by an empty file or a link to /dev/null of that name
 * @path: out: of the file; 128 bytes
 *
 * Return: false if there is none, not even one that masks it.
 */
bool stl_rule_find(const struct stl_host *h, bool *masked, char *path);

/**
 * stl_rule_open() - a rule that opens raw USB nodes of ST-Links to everybody
 * @h: machine
 * @wins: also if ours is there
 * @path: out: of the file; 128 bytes
 *
 * Return: false if there is none. Of several, one that wins, else the first.
 */
bool stl_rule_open(const struct stl_host *h, bool *wins, char *path);

#endif
