/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Plugging in what may not be a probe at all, and making sure that nothing of it
 * is left. Whatever goes wrong ends the program with a line that says what.
 */
#ifndef HARD_PORT_H
#define HARD_PORT_H

#include <stdbool.h>
#include <stddef.h>

#include "probe.h"

/* No wait in usbcore or the driver is longer, however badly the device behaves */
#define LONGEST_MS	60000

/* printf, and the end */
#define fail(...) do {							\
	port_fail_at(__FILE__, __LINE__);				\
	printf(__VA_ARGS__);						\
	port_fail();							\
} while (0)

/* What is being tried just now; comes with every failure */
extern char trying[200];

void port_fail_at(const char *file, int line);
void port_fail(void) __attribute__((noreturn));
void port_begin(void);
unsigned int ms_since(uint64_t start_ns);
bool port_plug(struct probe *p, char *node, size_t len);
void port_unplug(struct probe *p);
void port_clean(void);
void port_honest(void);
void port_attributes(struct probe *p, const char *node);

#endif
