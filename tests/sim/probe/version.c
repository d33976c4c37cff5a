// SPDX-License-Identifier: GPL-2.0-only
/* Firmware versions: as text and as the word that GET_VERSION answers. */
#include <stdio.h>

#include "internal.h"

bool probe_version_parse(const char *text, struct probe_version *version)
{
	unsigned int v, j, s;
	char letter;
	int end = 0;

	if (sscanf(text, "V%1uJ%2u%c%2u%n", &v, &j, &letter, &s, &end) != 4 ||
	    text[end])
		return false;
	if (v != 2 || j < 1 || j > 63 || s > 63 ||
	    (letter != 'S' && letter != 'M'))
		return false;
	version->v = v;
	version->j = j;
	version->s = s;
	version->letter = letter;
	return true;
}

/* [15:12] hardware, [11:6] J, [5:0] S or M; sent most significant byte first */
uint16_t version_word(const struct probe_version *version)
{
	return version->v << 12 | version->j << 6 | version->s;
}
