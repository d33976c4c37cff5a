/* SPDX-License-Identifier: GPL-2.0-only */
/* Looking at the core for a while. */
#ifndef STL_WATCH_H
#define STL_WATCH_H

#include "facts.h"

/**
 * stl_facts_watch() - look at the core again and again for a second
 * @f: receives the counts, the active exception and program counters
 * @t: session
 *
 * A second is longer than the watchdog of the option byte lives, so that a
 * reset loop is seen; after one reset it waits longer for the next.
 */
void stl_facts_watch(struct stl_facts *f, struct stl_target *t);

#endif
