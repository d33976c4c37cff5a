/* SPDX-License-Identifier: GPL-2.0-only */
/* What is done while something fails, each list up to one without a name. */
#ifndef HARD_FAULT_THINGS_H
#define HARD_FAULT_THINGS_H

#include "fault.h"

extern const struct thing fault_calls[];	/* ioctls, poll() */
extern const struct thing fault_files[];	/* attributes */
extern const struct thing fault_lives[];	/* from plug to close and unplug */
extern const struct thing fault_workers[];	/* what the kernel does by itself */
extern const struct thing fault_suspend[];	/* of the machine */

#endif
