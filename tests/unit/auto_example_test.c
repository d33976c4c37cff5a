// SPDX-License-Identifier: GPL-2.0-only
/*
 * The example of a configuration that is installed.
 */
#include <ctype.h>

#include "auto_conf_test.h"

#include "auto/conf_priv.h"

/* as it is, or with each line in use that could be */
static char *read_example(bool in_use)
{
	FILE *f = fopen(EXAMPLE, "re");
	char line[256];
	char *text = NULL;
	size_t len;
	FILE *out = open_memstream(&text, &len);

	assert_non_null(f);
	assert_non_null(out);
	while (fgets(line, sizeof(line), f)) {
		bool setting = *line == '#' &&
			(line[1] == '[' || islower((unsigned char)line[1]));
		const char *rest = line + (in_use && setting);
		const char *of;

		/* files of the system are not at hand */
		of = strstr(rest, "= /var/");
		if (of)
			fprintf(out, "%.*s= %s\n", (int)(of - rest), rest,
				strrchr(rest, '/') + 1);
		else
			fputs(rest, out);
	}
	fclose(f);
	assert_int_equal(fclose(out), 0);
	return text;
}

static void does_nothing_as_it_is(void **state)
{
	char *text = read_example(false);

	(void)state;
	check_said(text, strlen(text),
		   "c: there is no station: add a section [any], [serial NUMBER] or [path 1-2.3]\n");
	free(text);
}

static void is_good_in_use(void **state)
{
	char *text = read_example(true);
	struct auto_conf conf;
	size_t i, len = 0;
	char *image;

	(void)state;
	image = get("fw.hex", &len);
	put("firmware.hex", image, len);
	free(image);
	image = get("fw.bin", &len);
	put("second.bin", image, len);
	free(image);
	put_text("counter", "1\n");
	conf = good(text);
	assert_int_equal(conf.num, 3);
	for (i = 0; i < conf.num; i++)
		assert_int_equal(conf.rule[i].inject,
				 conf.rule[i].by != AUTO_PATH);
	auto_conf_free(&conf);
	free(text);
}

static void has_every_key(void **state)
{
	char *text = read_example(true);
	char line[64];
	int key;

	(void)state;
	for (key = 0; key < NUM_KEYS; key++) {
		snprintf(line, sizeof(line), "\n%s =", conf_key_name(key));
		if (!strstr(text, line))
			fail_msg("no %s", conf_key_name(key));
	}
	free(text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(does_nothing_as_it_is),
		cmocka_unit_test(is_good_in_use),
		cmocka_unit_test(has_every_key),
	};

	return cmocka_run_group_tests(tests, group, remove_dir);
}
