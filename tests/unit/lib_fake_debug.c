// SPDX-License-Identifier: GPL-2.0-only
/*
 * Debug units of the fake core, as far as registers go, and the events that the
 * driver tells: a test says what has happened.
 */
#include <poll.h>
#include <string.h>

#include "control.h"
#include "ioctl.h"
#include "lib_fake.h"

#define BP_CTRL		0xe0002000u
#define BP_COMP		0xe0002008u
#define DWT_CTRL	0xe0001000u
#define DWT_FIRST	0xe0001020u

static uint32_t *find(uint32_t addr)
{
	if (addr >= BP_COMP && addr < BP_COMP + 16)
		return &fake.bp_comp[(addr - BP_COMP) / 4];
	if (addr >= DWT_FIRST && addr < DWT_FIRST + 32)
		return &fake.dwt[(addr - DWT_FIRST) / 16]
				[(addr - DWT_FIRST) % 16 / 4];
	if (addr == 0x40015804)
		return &fake.dbgmcu_cr;
	return NULL;
}

bool fake_debug_read(uint32_t addr, uint32_t *value)
{
	uint32_t *r = find(addr);

	if (addr == BP_CTRL)
		*value = 0x40 | fake.bp_ctrl;
	else if (addr == DWT_CTRL)
		*value = 2u << 28;
	else if (r)
		*value = *r;
	else
		return false;
	if (addr >= DWT_FIRST && addr < DWT_FIRST + 32 && addr % 16 == 8)
		*r &= ~(1u << 24);
	return true;
}

bool fake_debug_write(uint32_t addr, uint32_t value)
{
	uint32_t *r = find(addr);

	if (addr == BP_CTRL) {
		if (value & 2)
			fake.bp_ctrl = value & 1;
		return true;
	}
	if (!r)
		return false;
	if (addr >= DWT_FIRST && addr < DWT_FIRST + 32 && addr % 16 == 4)
		value &= fake.narrow_mask ? 3 : 0x1f;
	*r = value;
	return true;
}

int stl_ioc_events(int fd, struct stlink_events *events)
{
	(void)fd;
	if (events->flags & STLINK_EVENTS_SET) {
		fake.events_mask = events->mask;
		return 0;
	}
	events->pending = fake.events & fake.events_mask;
	fake.events = 0;
	return 0;
}

int stl_control_poll(struct stl_target *t, struct pollfd *others,
		     unsigned int num, int timeout_ms, uint32_t *events,
		     struct stl_error *err)
{
	bool soon = fake.events & fake.events_mask || fake.unplugged;

	/* no test waits */
	poll(others, num, soon || !timeout_ms ? 0 : 1);
	*events = 0;
	if (fake.unplugged) {
		stl_fail(err, STL_NO_PROBE, "the probe was unplugged");
		return STL_NO_PROBE;
	}
	return stl_control_events(t, events, err);
}
