// SPDX-License-Identifier: GPL-2.0-only
/*
 * stlink watch --check
 *
 * Copyright (C) 2026 The stlink project authors
 */
#include <inttypes.h>

#include "check.h"
#include "counter.h"
#include "target.h"

static void print_image(const struct auto_rule *r, FILE *out)
{
	fprintf(out, "  image       %s, %zu bytes at 0x%08x, CRC-32 %08" PRIx32 "\n",
		r->image, image_bytes(&r->content), r->content.seg[0].addr,
		r->crc);
	if (r->has_part)
		fprintf(out, "  part        %s, or another that is the same inside (DEV_ID %03x, %u KiB flash)\n",
			r->part_name, r->part.dev_id,
			r->part.flash_size / 1024);
	else
		fprintf(out, "  part        any\n");
}

static void print_job(const struct auto_rule *r, FILE *out)
{
	static const char * const modes[] = {
		[STL_MODE_AUTO] = "auto",
		[STL_MODE_NORMAL] = "normal",
		[STL_MODE_UNDER_RESET] = "under-reset",
		[STL_MODE_HOT_PLUG] = "hot-plug",
	};
	size_t i;

	fprintf(out, "  begins when %s%s%s", r->trigger & AUTO_TRIGGER_PLUG ?
		"a probe is plugged in" : "",
		r->trigger == (AUTO_TRIGGER_PLUG | AUTO_TRIGGER_TARGET) ?
		" or " : "",
		r->trigger & AUTO_TRIGGER_TARGET ? "a board arrives" : "");
	fprintf(out, ", after %u ms\n", r->debounce_ms);
	fprintf(out, "  attach      mode %s, ", modes[r->mode]);
	if (r->clock_khz)
		fprintf(out, "at most %u kHz\n", r->clock_khz);
	else
		fprintf(out, "usual clock\n");
	fprintf(out, "  verify      %s\n", r->verify == AUTO_VERIFY_READ ?
		"read back" : "by the chip's CRC unit");
	fprintf(out, "  already     %s\n", r->already == AUTO_ALREADY_SKIP ?
		"skip a board that holds the image" :
		"program a board that holds the image all the same");
	if (r->silent == AUTO_SILENT_PASS)
		fprintf(out, "  silent      a chip that doesn't answer once it runs passes\n");
	fprintf(out, "  options    ");
	for (i = 0; i < r->num_options; i++)
		fprintf(out, " %s", r->options[i]);
	fprintf(out, "%s\n", i ? "" : " left as they are");
	fprintf(out, "  protect     %s\n",
		r->protect == AUTO_PROTECT_LEVEL_1 ? "level 1" : "no");
}

static void print_serial(const struct auto_rule *r, FILE *out)
{
	const struct auto_serial *s = &r->serial;
	char first[AUTO_SERIAL_MAX + 1], last[AUTO_SERIAL_MAX + 1];
	uint64_t next;

	if (!r->inject) {
		fprintf(out, "  serial      none\n");
		return;
	}
	fprintf(out, "  serial      %u bytes at 0x%08x from %s", s->width,
		s->addr, s->file);
	/* another program may have taken the last one in the meantime */
	if (!auto_counter_read(s->file, &next, NULL) &&
	    next <= auto_serial_last(s)) {
		auto_serial_text(s, next, first);
		auto_serial_text(s, auto_serial_last(s), last);
		fprintf(out, ", next %s, last %s", first, last);
	}
	fputc('\n', out);
}

static void print_afterwards(const struct auto_rule *r, FILE *out)
{
	if (r->on_success)
		fprintf(out, "  on-success  %s\n", r->on_success);
	if (r->on_failure)
		fprintf(out, "  on-failure  %s\n", r->on_failure);
	if (r->on_success || r->on_failure)
		fprintf(out, "  timeout     %u s\n", r->hook_timeout_s);
	if (r->log)
		fprintf(out, "  log         %s, %s\n", r->log,
			r->log_format == AUTO_LOG_JSON ? "json" : "csv");
}

void auto_conf_print(const struct auto_conf *conf, FILE *out)
{
	size_t i;

	for (i = 0; i < conf->num; i++) {
		const struct auto_rule *r = &conf->rule[i];

		fprintf(out, "[%s] (line %u)\n", r->title, r->line);
		print_image(r, out);
		print_job(r, out);
		print_serial(r, out);
		print_afterwards(r, out);
	}
}

enum stl_code auto_check(const char *path, FILE *out)
{
	struct auto_conf conf;
	enum stl_code code = auto_conf_load(path, &conf);

	auto_problems_print(&conf.problems, path, out);
	if (!code) {
		fprintf(out, "%s: good, %zu %s\n", path, conf.num,
			conf.num == 1 ? "station" : "stations");
		auto_conf_print(&conf, out);
	}
	auto_conf_free(&conf);
	return code;
}
