/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What is to be programmed where: /etc/stlink/autoprogram.conf.
 *
 * Sections are stations: [path 1-2.3] for a place to plug a probe in, [serial
 * XXXX] for a probe, [any] for all others. One of them counts for a probe, the
 * first of these that fits. What it doesn't say, [default] does; a key without
 * a value takes back what [default] says. Comments have lines of their own, and
 * begin with # or ;. Lines have up to 197 characters.
 *
 * Copyright (C) 2026 The stlink project authors
 */
#ifndef STLINK_AUTO_CONF_H
#define STLINK_AUTO_CONF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "image/image.h"
#include "log.h"
#include "part.h"
#include "problem.h"
#include "probe.h"
#include "serial.h"

/** AUTO_CONF_PATH - where the configuration is */
#define AUTO_CONF_PATH		"/etc/stlink/autoprogram.conf"

/** AUTO_OPTIONS_MAX - the chips have no more option fields */
#define AUTO_OPTIONS_MAX	12

/** enum auto_section - kinds of sections */
enum auto_section {
	AUTO_DEFAULT,
	AUTO_ANY,
	AUTO_SERIAL,
	AUTO_PATH,
	AUTO_VOID,	/* an error; its keys are checked all the same */
};

/** enum auto_protect - read protection once a board is programmed */
enum auto_protect {
	AUTO_PROTECT_NONE,
	AUTO_PROTECT_LEVEL_1,
};

/** enum auto_verify - who sees to it that flash holds the image */
enum auto_verify {
	AUTO_VERIFY_CRC,	/* the chip sums up what it holds */
	AUTO_VERIFY_READ,	/* it is read back */
	AUTO_VERIFY_NONE,	/* not at all; for program --all alone */
};

/** enum auto_already - what to do with a board that holds the image */
enum auto_already {
	AUTO_ALREADY_SKIP,
	AUTO_ALREADY_PROGRAM,
};

/** enum auto_silent - a chip that is proved right, but doesn't answer once it runs */
enum auto_silent {
	AUTO_SILENT_FAIL,
	AUTO_SILENT_PASS,	/* the firmware uses the SWD pins */
};

/** enum auto_trigger - what begins a board; bits */
enum auto_trigger {
	AUTO_TRIGGER_PLUG = 1 << 0,	/* a probe is plugged in */
	AUTO_TRIGGER_TARGET = 1 << 1,	/* a board comes to a probe */
};

/**
 * struct auto_rule - a station, with what it inherits
 * @by: AUTO_ANY, AUTO_SERIAL or AUTO_PATH
 * @name: serial number or USB path; "" for any
 * @title: "any", "serial X", "path X", for messages and logs
 * @line: of its section
 * @image: file name, absolute
 * @format: enum image_format asked for; IMAGE_AUTO by default
 * @address: for raw images; start of flash by default
 * @content: the image, without option bytes
 * @crc: auto_image_crc() of @content
 * @has_part: @part is what has to be found
 * @part: auto_part_find(); without @has_part the biggest of the family
 * @part_name: as it was written, or NULL
 * @options: NAME=VALUE each, for stl_option_set(), without RDP
 * @num_options: how many
 * @protect: enum auto_protect; none by default
 * @verify: enum auto_verify; read by default
 * @already: enum auto_already; skip by default
 * @silent: enum auto_silent; fail by default
 * @clock_khz: fastest SWD clock, kHz; 0, the library's choice, by default
 * @mode: enum stl_mode; auto by default
 * @trigger: AUTO_TRIGGER_*; both by default
 * @debounce_ms: a board must be there for so long; 0 to 60000, 300 by default
 * @inject: there is a serial number, @serial
 * @serial: where it goes; format le by default
 * @on_success: command for /bin/sh after a board passed, or NULL
 * @on_failure: the same after one failed, or NULL
 * @hook_timeout_s: seconds for such a command; 1 to 3600, 10 by default
 * @log: file for records, absolute, or NULL
 * @log_format: enum auto_log_format; csv by default
 * @option_text: what @options point into
 */
struct auto_rule {
	enum auto_section by;
	char *name;
	char *title;
	unsigned int line;

	char *image;
	unsigned int format;
	uint32_t address;
	struct image content;
	uint32_t crc;

	bool has_part;
	struct stl_chip part;
	char *part_name;
	const char *options[AUTO_OPTIONS_MAX];
	size_t num_options;
	unsigned int protect;
	unsigned int verify;
	unsigned int already;
	unsigned int silent;
	unsigned int clock_khz;
	unsigned int mode;
	unsigned int trigger;
	unsigned int debounce_ms;

	bool inject;
	struct auto_serial serial;
	char *on_success;
	char *on_failure;
	unsigned int hook_timeout_s;
	char *log;
	unsigned int log_format;

	char *option_text;
};

/**
 * struct auto_conf - a configuration
 * @path: its file
 * @rule: stations, in the order of the file
 * @num: how many
 * @problems: sorted; without errors there is at least one station
 */
struct auto_conf {
	char *path;
	struct auto_rule *rule;
	size_t num;
	struct auto_problems problems;
};

/**
 * auto_conf_load() - read a configuration and everything it names
 * @path: its file. File names in it are relative to its folder
 * @conf: to fill; auto_conf_free() it, also after a failure
 *
 * Images are loaded, counters and logs looked at, nothing is changed.
 *
 * Return: STL_OK; STL_FILE with @conf->problems, and then nothing may be
 * programmed, on no station.
 */
enum stl_code auto_conf_load(const char *path, struct auto_conf *conf);

/**
 * auto_conf_find() - the station for a probe
 * @conf: configuration
 * @probe: its USB path counts first, then its serial number (in either case)
 *
 * Return: station, or NULL: the probe is to be left alone.
 */
const struct auto_rule *auto_conf_find(const struct auto_conf *conf,
				       const struct stl_probe *probe);

/** auto_conf_free() - free what a configuration holds */
void auto_conf_free(struct auto_conf *conf);

#endif /* STLINK_AUTO_CONF_H */
