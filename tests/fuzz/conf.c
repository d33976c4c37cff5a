// SPDX-License-Identifier: GPL-2.0-only
/*
 * The configuration of automatic programming, beside files that it may name.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "auto/conf.h"
#include "fuzz.h"
#include "option_field.h"
#include "plan.h"

static void make_files(void)
{
	static const uint8_t fw[512] = {
		0x00, 0x10, 0x00, 0x20, 0xc1, 0, 0, 8, 0xc1, 0, 0, 8
	};
	static const char hex[] =
		":020000040800F2\n"
		":0800000000100020C1000008FF\n"
		":00000001FF\n";

	if (!access(fuzz_path("fw.bin"), F_OK))
		return;
	fuzz_put("fw.bin", fw, sizeof(fw));
	fuzz_put("fw.hex", hex, strlen(hex));
	fuzz_put("n", "41\n", 3);
	fuzz_put("log", AUTO_LOG_HEADER, strlen(AUTO_LOG_HEADER));
	fuzz_check(!mkdir(fuzz_path("d"), 0755));
}

static char *said(const struct auto_conf *conf)
{
	char *text = NULL;
	size_t len;
	FILE *out = open_memstream(&text, &len);

	fuzz_check(out);
	auto_problems_print(&conf->problems, "c", out);
	fuzz_check(!fclose(out));
	return text;
}

/* Every line is of a line that there is, and can be shown. */
static void problems(const struct auto_conf *conf, unsigned int lines)
{
	const struct auto_problems *p = &conf->problems;
	size_t i, errors = 0;

	for (i = 0; i < p->num; i++) {
		fuzz_check(p->list[i].line <= lines);
		fuzz_check(!i || p->list[i].line >= p->list[i - 1].line);
		fuzz_plain(p->list[i].text);
		errors += !p->list[i].warning;
	}
	fuzz_check(errors == p->errors);
}

/* What nothing was said against can be done. */
static void rule(const struct auto_rule *r)
{
	struct stl_option_bytes bytes = { .rdp = STL_RDP_LEVEL_0 };
	struct stl_segment segs[8];
	struct stl_error err;
	size_t i;

	fuzz_check(r->name && r->title && r->image && *r->image == '/');
	fuzz_check(r->content.num > 0);
	for (i = 0; i < r->content.num && i < 8; i++)
		segs[i] = (struct stl_segment){
			r->content.seg[i].addr, r->content.seg[i].size,
			r->content.seg[i].data
		};
	fuzz_check(!stl_plan_check(&r->part, segs, i, &err));
	fuzz_check(r->num_options <= AUTO_OPTIONS_MAX);
	for (i = 0; i < r->num_options; i++)
		fuzz_check(!stl_option_set(&r->part, &bytes, r->options[i],
					   &err));
	fuzz_check(stl_rdp_byte_level(bytes.rdp) == 0);
	fuzz_check(r->debounce_ms <= 60000);
	fuzz_check(r->hook_timeout_s >= 1 && r->hook_timeout_s <= 3600);
	fuzz_check(r->clock_khz <= 100000);
	fuzz_check(r->trigger && r->trigger <= 3);
	if (r->inject) {
		fuzz_check(r->serial.file && *r->serial.file == '/');
		fuzz_check(r->serial.width >= 1 &&
			   r->serial.width <= AUTO_SERIAL_MAX);
		fuzz_check(r->serial.addr - STL_FLASH_BASE +
			   r->serial.width <= r->part.flash_size);
	}
	if (r->log)
		fuzz_check(*r->log == '/');
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct stl_probe probe = { .usb_path = "1-2", .serial = "ABC" };
	const struct auto_rule *found;
	struct auto_conf conf, again;
	unsigned int lines = 1;
	enum stl_code code;
	char *a, *b;
	size_t i;

	make_files();
	fuzz_put("c", data, size);
	for (i = 0; i < size; i++)
		lines += data[i] == '\n';
	code = auto_conf_load(fuzz_path("c"), &conf);
	fuzz_check(code == (conf.problems.errors ? STL_FILE : STL_OK));
	problems(&conf, lines);
	if (!code) {
		fuzz_check(conf.num > 0);
		for (i = 0; i < conf.num; i++)
			rule(&conf.rule[i]);
		found = auto_conf_find(&conf, &probe);
		fuzz_check(!found || (found >= conf.rule &&
				      found < conf.rule + conf.num));
	}
	/* nothing was changed by looking */
	a = fuzz_get("n", NULL);
	fuzz_check(!strcmp(a, "41\n"));
	free(a);
	fuzz_check(auto_conf_load(fuzz_path("c"), &again) == code);
	a = said(&conf);
	b = said(&again);
	fuzz_check(!strcmp(a, b));
	free(a);
	free(b);
	auto_conf_free(&conf);
	auto_conf_free(&again);
	return 0;
}
