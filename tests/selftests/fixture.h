/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The fixture that most tests share: one probe, plugged in and opened for
 * reading and writing. At the end the list of violations must be empty.
 *
 * To be included once by each test program, after kselftest_harness.h.
 */
#ifndef SELFTESTS_FIXTURE_H
#define SELFTESTS_FIXTURE_H

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "client.h"
#include "probe.h"

/* No host behaviour was seen that a ST-Link must never see. */
#define EXPECT_CONFORMING(p) do {					\
	EXPECT_EQ(0, (p)->num_violations);				\
	if ((p)->num_violations) {					\
		TH_LOG("violation: %s", (p)->violation);		\
		probe_dump(p, (p)->num_log > 40 ? (p)->num_log - 40 : 0); \
	}								\
	EXPECT_EQ(0, (p)->clear_halts);					\
	EXPECT_EQ(0, (p)->set_interfaces);				\
	EXPECT_EQ(0, (p)->overflows);					\
} while (0)

/* What each fixture with a probe has */
#define PROBE_DATA							\
	struct probe *p;						\
	int fd

#define PROBE_SETUP(options) do {					\
	self->fd = -1;							\
	self->p = probe_new(options);					\
	ASSERT_NE(NULL, self->p);					\
	ASSERT_EQ(0, client_plug(self->p));				\
	self->fd = client_open(self->p, O_RDWR);			\
	ASSERT_LE(0, self->fd);						\
} while (0)

#define PROBE_TEARDOWN() do {						\
	if (self->fd >= 0)						\
		close(self->fd);					\
	EXPECT_CONFORMING(self->p);					\
	probe_free(self->p);						\
} while (0)

/* V2J37S7, plugged in and opened */
FIXTURE(probe) {
	PROBE_DATA;
};

FIXTURE_SETUP(probe)
{
	PROBE_SETUP(&probe_default);
}

FIXTURE_TEARDOWN(probe)
{
	PROBE_TEARDOWN();
}

/*
 * TEST_HARNESS_MAIN, with the check whether the program can run at all: a
 * program whose tests all skip would count as passed.
 */
#define PROBE_TEST_MAIN							\
	static void __attribute__((constructor))			\
	__constructor_order_last(void)					\
	{								\
		if (!__constructor_order)				\
			__constructor_order = _CONSTRUCTOR_ORDER_BACKWARD; \
	}								\
									\
	int main(int argc, char **argv)					\
	{								\
		client_preconditions();					\
		return test_harness_run(argc, argv);			\
	}

#endif
