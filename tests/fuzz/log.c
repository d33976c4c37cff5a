// SPDX-License-Identifier: GPL-2.0-only
/*
 * Log files: the first byte chooses the form, the rest is what is there when a
 * record is to be added.
 */
#include <stdlib.h>
#include <string.h>

#include <json-c/json.h>

#include "auto/log.h"
#include "fuzz.h"

#define FIELDS	13

/* A line that was made here has all fields, and quotes that end within it. */
static void whole(enum auto_log_format form, const char *line, size_t len)
{
	char *copy = fuzz_text((const uint8_t *)line, len);
	struct json_object *o;
	bool quoted = false;
	int fields = 1;
	char *p;

	if (form == AUTO_LOG_JSON) {
		o = json_tokener_parse(copy);
		fuzz_check(o && json_object_object_length(o) == FIELDS);
		json_object_put(o);
	} else {
		for (p = copy; *p; p++) {
			if (*p == '"')
				quoted = !quoted;
			fields += *p == ',' && !quoted;
		}
		fuzz_check(!quoted && fields == FIELDS);
	}
	fuzz_plain(copy);
	free(copy);
}

/* what is added to what there was: a header, or a torn line; then the record */
static void added(enum auto_log_format form, const char *text, size_t from,
		  size_t size, const char *record)
{
	size_t len = strlen(record);
	const char *end;

	fuzz_check(size >= from + len);
	fuzz_check(!memcmp(text + size - len, record, len));
	size -= len;
	if (from == size)
		return;
	if (!from && form == AUTO_LOG_CSV) {
		fuzz_check(size == strlen(AUTO_LOG_HEADER));
		fuzz_check(!memcmp(text, AUTO_LOG_HEADER, size));
		return;
	}
	/* one line and no more */
	end = memchr(text + from, '\n', size - from);
	fuzz_check(end == text + size - 1);
	whole(form, text + from, size - from - 1);
}

/* Where the last two whole lines begin, of which zeros may not stay. */
static size_t last_two(const uint8_t *text, size_t size)
{
	int ends = 0;

	while (size && (ends += text[size - 1] == '\n') < 3)
		size--;
	return size;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	enum auto_log_format form;
	struct auto_record r = {
		.time = { 1769884199, 7000000 },
		.station = "any",
		.image = "/fw/a, \"b\".hex",
		.result = AUTO_FAIL,
		.reason = "why",
	};
	struct stl_error err = { 0 };
	char *record, *first, *then;
	size_t had, len, more, kept, two;
	const uint8_t *zero;
	int checked, ret;

	if (!size)
		return 0;
	form = data[0] & 1 ? AUTO_LOG_JSON : AUTO_LOG_CSV;
	had = --size;
	fuzz_put("log", ++data, size);
	record = auto_log_line(form, &r);
	fuzz_check(record);
	whole(form, record, strlen(record) - 1);
	checked = auto_log_check(fuzz_path("log"), form, &err);
	if (checked)
		fuzz_plain(err.message);
	ret = auto_log_append(fuzz_path("log"), form, &r, &err);
	fuzz_check(ret == checked);
	first = fuzz_get("log", &len);
	if (ret) {
		fuzz_check(len == had && !memcmp(first, data, had));
	} else {
		for (kept = 0; kept < had && kept < len &&
		     first[kept] == (char)data[kept]; kept++)
			;
		/* whole lines stay as they are */
		while (kept && first[kept - 1] != '\n')
			kept--;
		two = last_two(data, had);
		zero = had > two ? memchr(data + two, 0, had - two) : NULL;
		fuzz_check(!zero || kept <= (size_t)(zero - data));
		added(form, first, kept, len, record);
		/* there is nothing to be mended any more */
		fuzz_check(!auto_log_append(fuzz_path("log"), form, &r, &err));
		then = fuzz_get("log", &more);
		fuzz_check(more == len + strlen(record));
		fuzz_check(!memcmp(then, first, len));
		fuzz_check(!strcmp(then + len, record));
		free(then);
	}
	free(first);
	free(record);
	return 0;
}
