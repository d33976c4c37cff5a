/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The fixture of tests about plugging in: a probe that each test makes as it
 * likes, and whether the driver takes it.
 *
 * To be included once by each test program, after kselftest_harness.h.
 */
#ifndef SELFTESTS_PLUG_H
#define SELFTESTS_PLUG_H

#include "fixture.h"

/* Long enough to see that no node appears, the driver's retries included */
#define NEVER_MS	1000

FIXTURE(plug) {
	struct probe *p;
	struct probe_options opt;
	char name[32];
	char text[128];
};

FIXTURE_SETUP(plug)
{
	self->opt = probe_default;
}

FIXTURE_TEARDOWN(plug)
{
	if (!self->p)
		return;
	EXPECT_CONFORMING(self->p);
	probe_free(self->p);
}

#define PLUG() do {							\
	self->p = probe_new(&self->opt);				\
	ASSERT_NE(NULL, self->p);					\
	ASSERT_EQ(0, client_plug(self->p));				\
} while (0)

#define EXPECT_NODE() EXPECT_TRUE(client_wait_node(self->p, self->name,	\
	sizeof(self->name), NODE_TIMEOUT_MS))

#define EXPECT_NO_NODE() do {						\
	ASSERT_TRUE(client_wait_enumerated(self->p, NODE_TIMEOUT_MS));	\
	EXPECT_FALSE(client_wait_node(self->p, self->name,		\
				      sizeof(self->name), NEVER_MS));	\
} while (0)

#endif
