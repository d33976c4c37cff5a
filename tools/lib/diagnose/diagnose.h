/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Why does this board not run?
 */
#ifndef STL_DIAGNOSE_H
#define STL_DIAGNOSE_H

#include "facts.h"
#include "finding.h"

/**
 * struct stl_diagnosis - what came of it
 * @facts: what was seen; stl_facts_free() it
 * @findings: what follows from that
 */
struct stl_diagnosis {
	struct stl_facts facts;
	struct stl_findings findings;
};

/**
 * stl_diagnose() - attach, look, judge, detach
 * @d: out, also after STL_NO_TARGET
 * @t: session, over when this returns; its chip stays valid
 * @fd: from stl_probe_open()
 * @probe: from stl_probe_open()
 * @opts: how to attach; with STL_MODE_AUTO a board that can't be looked at is
 *	connected under reset at last, which a note tells
 * @restart: restart the board to catch its first fault (needs STL_CHANGE)
 * @err: STL_NO_TARGET when it can't be reached, or isn't of this family;
 *	and as stl_target_open(), stl_facts_gather()
 *
 * Return: STL_OK also with findings.
 */
int stl_diagnose(struct stl_diagnosis *d, struct stl_target *t, int fd,
		 const struct stl_probe *probe,
		 const struct stl_attach_options *opts, bool restart,
		 struct stl_error *err);

#endif
