/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef FACTS_H
#define FACTS_H

/** tell_keys() - "key NAME WORD..." for each key of a configuration */
void tell_keys(void);

#endif
