// SPDX-License-Identifier: GPL-2.0-only
/*
 * Changing option bytes. ST RM0360 rev 5, chapter 4; the order is that of its
 * 3.3.1: an erased RDP byte is level 1, so it is programmed first.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "exec.h"
#include "fpec.h"
#include "loader/layout.h"
#include "mem.h"
#include "option.h"
#include "option_code.h"
#include "option_field.h"
#include "plan.h"
#include "priv.h"
#include "stm32f0.h"
#include "xfer.h"

_Static_assert(sizeof(option_code) == LOADER_CODE_MAX,
	       "the code fills its room exactly");

/* Each of nine steps ends by itself after some two seconds. */
#define RUN_TIMEOUT_MS		20000u
/* A chip that is reset or browns out in the middle gets another try. */
#define TRIES			2
/* From OBL_LAUNCH until the chip is out of the reset that it causes. */
#define RELOAD_MS		20u
#define RELOAD_TRIES		25

struct control {
	struct stl_option_bytes values;
	uint32_t result;
	uint32_t sr;
	uint32_t step;
};

_Static_assert(sizeof(struct control) == OPT_SIZE, "layout.h says otherwise");

static const struct stl_code_block code_block = {
	.name = "option byte writer",
	.doing = "writing option bytes",
	.bytes = option_code,
	.size = sizeof(option_code),
	.start = OPTION_START,
	.stop = OPTION_STOP,
};

/* Step of option.S, which is the byte's place too. */
static const char *const step_names[] = {
	"erasing the option bytes", "programming RDP", "programming USER",
	"programming DATA0", "programming DATA1", "programming WRP0",
	"programming WRP1", "programming WRP2", "programming WRP3",
};

int stl_option_check_write(const struct stl_target *t,
			   const struct stl_option_bytes *want,
			   unsigned int allow, struct stl_error *err)
{
	unsigned int level = stl_rdp_byte_level(want->rdp);

	if (t->chip.rdp_level == 2)
		return stl_fail(err, STL_PROTECTED,
				"read protection level 2: option bytes can never be changed again");
	if (level == 2 && !(allow & STL_ALLOW_LEVEL_2)) {
		stl_fail(err, STL_USAGE,
			 "read protection level 2 can never be undone; it is not set by the way");
		stl_hint(err,
			 "if it is what is stored already: stlink option set RDP=0 takes it back, as long as the board keeps its supply");
		return STL_USAGE;
	}
	if (level == 0 && t->chip.rdp_level == 1 && !(allow & STL_ALLOW_ERASE))
		return stl_check_readable(&t->chip, err);
	if (t->chip.flags & (STL_CHIP_NOT_M0 | STL_CHIP_NOT_ST) &&
	    !(allow & STL_ALLOW_CLONE)) {
		stl_fail(err, STL_PROTECTED,
			 "this is not a genuine part: how its option bytes are written is not known, and a mistake could lock it");
		stl_hint(err, "--force writes them all the same");
		return STL_PROTECTED;
	}
	return STL_OK;
}

/* Reserved bits stay 1 (RM0360 4.1.1), and so does WRP beyond the flash. */
static struct stl_option_bytes tidy(const struct stl_chip *chip,
				    const struct stl_option_bytes *want)
{
	struct stl_option_bytes b = *want;
	unsigned int i;

	b.user |= ~stl_option_user_mask(chip);
	for (i = chip->part->wrp_bits / 8; i < sizeof(b.wrp); i++)
		b.wrp[i] = 0xff;
	return b;
}

static int unlock(struct stl_target *t, struct stl_error *err)
{
	uint32_t keys[2] = { FLASH_KEY1, FLASH_KEY2 }, cr = 0;
	struct stlink_mem_op ops[2] = { 0 };
	unsigned int i;
	uint32_t status;
	int ret, keyed;

	ret = stl_fpec_unlock(t, err);
	if (ret)
		return ret;
	for (i = 0; i < 2; i++) {
		ops[i].op = STLINK_OP_WRITE;
		ops[i].flags = STLINK_MEM_ONCE;
		ops[i].width = 4;
		ops[i].addr = FLASH_OPTKEYR;
		ops[i].length = 4;
		ops[i].buf = (uintptr_t)&keys[i];
	}
	/* As in stl_fpec_unlock(): what counts is CR afterwards. */
	keyed = stl_mem_ops(t->fd, ops, 2, NULL);
	status = stl_failed_status();
	ret = stl_mem_read32(t->fd, FLASH_CR, &cr);
	if (ret)
		return stl_fail_errno(err, ret, stl_failed_status(),
				      "reading FLASH_CR");
	if (cr & FLASH_CR_OPTWRE)
		return STL_OK;
	if (keyed)
		return stl_fail_errno(err, keyed, status,
				      "unlocking the option bytes");
	stl_fail(err, STL_PROGRAM,
		 "the option bytes do not unlock (FLASH_CR 0x%08x)", cr);
	stl_hint(err, "power-cycle the board and try again");
	return STL_PROGRAM;
}

/* What the chip will load, and whether that is what it should be. */
static int read_back(struct stl_target *t, const struct stl_option_bytes *want,
		     const struct control *ctrl, struct stl_error *err)
{
	const char *step = "writing option bytes";
	uint8_t raw[STL_OPTION_SIZE], right[STL_OPTION_SIZE];
	size_t i;
	int ret;

	ret = stl_read_quiet(t, STL_OPTION_BASE, raw, sizeof(raw), err);
	if (ret)
		return ret;
	stl_option_pack(want, right);
	if (!memcmp(raw, right, sizeof(raw)))
		return STL_OK;
	if (ctrl->step < sizeof(step_names) / sizeof(step_names[0]))
		step = step_names[ctrl->step];
	if (ctrl->result == LOADER_LOCKED)
		return stl_fail(err, STL_PROGRAM,
				"%s: the flash controller is locked", step);
	if (ctrl->result == LOADER_BUSY)
		return stl_fail_flash(t, err, ctrl->sr, step);
	/* Both flags mean the same here: the byte wasn't erased. */
	if (ctrl->result == LOADER_FLAGS)
		return stl_fail(err, STL_PROGRAM, "%s: refused (FLASH_SR 0x%02x)",
				step, ctrl->sr);
	for (i = 0; raw[i] == right[i]; i++)
		;
	return stl_fail(err, STL_PROGRAM,
			"option byte at 0x%08x reads back 0x%02x, should be 0x%02x",
			STL_OPTION_BASE + (uint32_t)i, raw[i], right[i]);
}

static int run(struct stl_target *t, const struct stl_option_bytes *want,
	       struct control *ctrl, bool *begun, struct stl_error *err)
{
	struct stl_fault fault = { 0 };
	struct stl_exec exec;
	int ret;

	*ctrl = (struct control){ .values = *want, .result = LOADER_RUNNING };
	ret = stl_exec_begin(&exec, t, &code_block, err);
	if (ret)
		return ret;
	ret = stl_mem_write(t->fd, OPTION_CTRL, ctrl, sizeof(*ctrl), 4,
			    &fault);
	if (ret)
		ret = stl_fail_access(t, err, ret, true, fault.addr,
				      fault.status);
	if (!ret) {
		*begun = true;
		ret = stl_exec_run(&exec, t, RUN_TIMEOUT_MS, err);
	}
	if (!ret) {
		ret = stl_mem_read(t->fd, OPTION_CTRL, ctrl, sizeof(*ctrl), 4,
				   &fault);
		if (ret)
			ret = stl_fail_access(t, err, ret, false, fault.addr,
					      fault.status);
	}
	stl_exec_end(&exec, t);
	return ret;
}

static int attempt(struct stl_target *t, const struct stl_option_bytes *want,
		   bool *begun, struct stl_error *err)
{
	struct control ctrl;
	int ret;

	ret = stl_reset_halt(t, err);
	if (!ret)
		ret = unlock(t, err);
	if (!ret)
		ret = run(t, want, &ctrl, begun, err);
	if (!ret)
		ret = read_back(t, want, &ctrl, err);
	stl_fpec_lock(t);
	return ret;
}

/* Is the chip one power cut away from what nobody asked for, or behind it? */
static void warn_of_power(struct stl_target *t,
			  const struct stl_option_bytes *want, bool begun,
			  struct stl_error *err)
{
	struct stl_option_bytes now = { 0 };
	uint8_t raw[STL_OPTION_SIZE];
	char text[STL_FIELD_TEXT + 160];
	bool known = !stl_mem_read(t->fd, STL_OPTION_BASE, raw, sizeof(raw), 4,
				   NULL);

	if (known)
		stl_option_unpack(&now, raw);
	if (stl_rdp_byte_level(want->rdp) == 0 && known &&
	    now.rdp != STL_RDP_LEVEL_0)
		stl_hint(err,
			 "keep the board powered and repeat the command: without its RDP byte the chip comes up at read protection level 1, and leaving that erases the flash");
	if (!begun || (known && !memcmp(&now, want, sizeof(now))))
		return;
	if (stl_rdp_byte_level(want->rdp) == 0 && !known)
		stl_hint(err,
			 "if the supply was lost while the option bytes were erased, the chip comes up at read protection level 1: stlink unprotect leads out of it, and erases the flash");
	stl_option_command(&t->chip, want, text, sizeof(text));
	if (*text)
		stl_hint(err,
			 "after a loss of the supply all of them are got back by: stlink option set %s",
			 text);
}

/* Firmware, when it is let run, shall begin at its beginning. */
static void leave(struct stl_target *t)
{
	if (!stl_core(t->fd, STLINK_CORE_RESET, STLINK_CORE_F_CATCH, 0, NULL))
		stl_freeze_watchdogs(t, NULL);
}

int stl_option_write(struct stl_target *t, const struct stl_option_bytes *want,
		     unsigned int allow, struct stl_error *err)
{
	struct stl_option_bytes b;
	struct stl_error first = { 0 };
	bool begun = false;
	int ret, i;

	ret = stl_require_change(t, err);
	if (!ret)
		ret = stl_option_check_write(t, want, allow, err);
	if (ret)
		return ret;
	b = tidy(&t->chip, want);
	for (i = 0; i < TRIES; i++) {
		ret = attempt(t, &b, &begun, &first);
		if (ret != STL_PROGRAM)
			break;
	}
	if (ret)
		warn_of_power(t, &b, begun, &first);
	leave(t);
	if (ret && err)
		*err = first;
	return ret;
}

void stl_option_launch(struct stl_target *t)
{
	/* The reset that follows often eats the answer to the write. */
	stl_mem_write32(t->fd, FLASH_CR, FLASH_CR_LOCK | FLASH_CR_OBL_LAUNCH);
	stl_sleep_ms(RELOAD_MS);
}

int stl_option_check_load(const struct stl_options *o, unsigned int allow,
			  struct stl_error *err)
{
	if (allow & STL_ALLOW_LEVEL_2 || !stl_level_2_waits(o))
		return STL_OK;
	stl_fail(err, STL_PROTECTED,
		 "read protection level 2 is stored, though not in force yet: loading the option bytes would lock this chip for ever");
	stl_hint(err,
		 "stlink option set RDP=0 takes it back, as long as the board keeps its supply: the next power-on puts it in force");
	stl_hint(err, "stlink protect --level-2-forever puts it in force");
	return STL_PROTECTED;
}

int stl_option_load(struct stl_target *t, unsigned int allow,
		    struct stl_error *err)
{
	struct stl_error failure = { 0 };
	struct stl_option_bytes b = { 0 };
	struct stl_options o;
	int ret, i;

	ret = stl_require_change(t, err);
	if (!ret)
		ret = stl_options_read(t, &o, err);
	if (!ret)
		ret = stl_option_check_load(&o, allow, err);
	if (ret)
		return ret;
	if (o.raw_valid)
		stl_option_unpack(&b, o.raw);
	stl_unfreeze(t);
	stl_option_launch(t);
	/* The chip may take its time to come back. */
	for (i = 0; i < RELOAD_TRIES; i++) {
		ret = stl_options_read(t, &o, &failure);
		if (!ret)
			break;
		stl_sleep_ms(RELOAD_MS);
	}
	if (ret && stl_rdp_byte_level(b.rdp) == 2) {
		t->chip.rdp_level = 2;
		return STL_OK;
	}
	if (ret) {
		if (err)
			*err = failure;
		return ret;
	}
	t->chip.obr = o.obr;
	t->chip.wrpr = o.wrpr;
	t->chip.rdp_level = o.rdp_level;
	if (!o.load_error && !(o.raw_valid && o.pending))
		return STL_OK;
	stl_fail(err, STL_PROGRAM,
		 "the option bytes in force are not the stored ones (FLASH_OBR 0x%08x, FLASH_WRPR 0x%08x)",
		 o.obr, o.wrpr);
	stl_hint(err, "power-cycle the board, then look with stlink option show");
	return STL_PROGRAM;
}
