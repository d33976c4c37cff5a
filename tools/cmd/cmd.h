/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the commands of the tool share.
 *
 * Copyright (C) 2026 The stlink project authors
 */
#ifndef STLINK_CMD_H
#define STLINK_CMD_H

#include <json-c/json.h>
#include <stdbool.h>
#include <stdint.h>

#include "image/image.h"
#include "stlink-lib.h"

/* options that only some verbs take; struct command.takes */
#define TAKES_FORMAT	(1u << 0)	/* --format */
#define TAKES_PROGRAM	(1u << 1)	/* --dry-run, --full, --no-verify ... */
#define TAKES_ERASE	(1u << 2)	/* --all, --page, --addr, --size */
#define TAKES_HALT	(1u << 3)	/* --halt */
#define TAKES_WIDTH	(1u << 4)	/* --8, --16, --32 */
#define TAKES_FORCE	(1u << 5)	/* --force: another program's probe */
#define TAKES_FORCE_PART (1u << 6)	/* --force: another part */
#define TAKES_CLONE	(1u << 7)	/* --from, --to */
#define TAKES_OPTIONS	(1u << 8)	/* --[no|with]-options, --with-protection */
#define TAKES_NO_LOAD	(1u << 9)	/* --no-load */
#define TAKES_LEVEL_2	(1u << 10)	/* --level-2-forever */
#define TAKES_RESET	(1u << 11)	/* --reset */
#define TAKES_FORCE_MAKER (1u << 12)	/* --force: not a genuine part */

#define TAKES_WATCH	(1u << 13)	/* --check, --config, --once */
#define TAKES_ALL	(1u << 14)	/* --all: every probe */
#define TAKES_RESET_AFTER (1u << 15)	/* --reset: afterwards */
#define TAKES_ST_FLASH	(1u << 16)	/* --area, --flash */
#define TAKES_GDB	(1u << 17)	/* --port, --pipe, --once */
#define TAKES_SELFTEST	(1u << 18)	/* --halt, --list, --page, --reset */

struct context;

/**
 * struct command - a verb
 * @name: what is typed, and "command" in machine-readable output
 * @alias: other words for it, or NULL
 * @args: operands, for the usage line
 * @summary: one line
 * @detail: more, for "help VERB"
 * @takes: TAKES_* options it has
 * @min: fewest operands
 * @max: most operands, -1 for any number
 * @run: does it; the failure, if any, goes to &struct context.err
 * @examples: lines for "help VERB", each a command; tests read them
 */
struct command {
	const char *name;
	const char * const *alias;
	const char *args;
	const char *summary;
	const char *detail;
	unsigned int takes;
	int min;
	int max;
	enum stl_code (*run)(struct context *ctx);
	const char *examples;
};

/**
 * struct context - one run of the tool
 * @cmd: verb
 * @argc: operands at @argv
 * @argv: operands
 * @select: which probe
 * @mode: --mode
 * @clock_khz: --freq in kHz, 0 if not given
 * @format: --format
 * @json: --json
 * @quiet: --quiet
 * @verbose: --verbose
 * @yes: --yes
 * @help: --help after a verb
 * @no_verify: --no-verify
 * @verify_read: --verify=read
 * @dry_run: --dry-run
 * @full: --full
 * @no_loader: --no-loader
 * @no_reset: --no-reset
 * @halt: --halt
 * @force: --force
 * @from: --from, or NULL
 * @to: --to, or NULL
 * @no_options: --no-options
 * @with_protection: --with-protection
 * @no_load: --no-load
 * @level_2: --level-2-forever
 * @reset: --reset
 * @system: --area system
 * @flash: --flash, 0 if not given
 * @trim: --opt
 * @config: --config, or NULL
 * @check: --check
 * @once: --once
 * @pipe: --pipe
 * @has_port: --port was given
 * @port: --port
 * @share: others may look at the target meanwhile
 * @list: --list
 * @width: bytes of an access, from --8, --16, --32; 4 if not given
 * @all: --all
 * @has_page: --page was given
 * @first: first page of --page
 * @last: last page of it
 * @has_addr: --addr was given
 * @addr: --addr
 * @has_size: --size was given
 * @size: --size
 * @fd: open probe, or -1
 * @probe: description of it
 * @target: session, while @attached
 * @attached: there is a session
 * @out: members of the machine-readable answer
 * @warnings: those given so far
 * @err: why the verb failed
 */
struct context {
	const struct command *cmd;
	int argc;
	char **argv;

	struct stl_select select;
	enum stl_mode mode;
	uint32_t clock_khz;
	enum image_format format;
	bool json;
	bool quiet;
	bool verbose;
	bool yes;
	bool help;

	bool no_verify;
	bool verify_read;
	bool dry_run;
	bool full;
	bool no_loader;
	bool no_reset;
	bool halt;
	bool force;
	const char *from;
	const char *to;
	bool no_options;
	bool with_protection;
	bool no_load;
	bool level_2;
	bool reset;
	bool system;
	uint32_t flash;
	bool trim;
	const char *config;
	bool check;
	bool once;
	bool pipe;
	bool has_port;
	uint32_t port;
	bool share;
	bool list;
	unsigned int width;
	bool all;
	bool has_page;
	uint32_t first;
	uint32_t last;
	bool has_addr;
	uint32_t addr;
	bool has_size;
	uint32_t size;

	int fd;
	struct stl_probe probe;
	struct stl_target target;
	bool attached;
	struct json_object *out;
	struct json_object *warnings;
	struct stl_error err;
};

/* args.c */
enum stl_code args_parse(struct context *ctx, int argc, char **argv);
extern const struct command commands[];
const struct command *command_find(const char *word);

/* help.c */
void help_global(void);
void help_verb(const struct command *cmd);

/* number.c */
bool parse_u32(const char *text, uint32_t *value);
bool parse_khz(const char *text, uint32_t *khz);
bool parse_pages(const char *text, uint32_t *first, uint32_t *last);

/* ask.c */
enum stl_code ask_person(struct context *ctx, const char *what,
			 const char *hint, const char *question,
			 bool (*right)(const char *answer));
enum stl_code confirm(struct context *ctx, const char *what,
		      const char *question);

/* range.c */
enum stl_code range_operands(struct context *ctx, int at, bool *given,
			     uint32_t *addr, uint32_t *size);
enum stl_code range_read(struct context *ctx, int at, uint32_t *addr,
			 uint32_t *size, uint8_t **buf);

/* select.c */
void select_word(const char *word, struct stl_select *select);
void select_probe(const struct stl_probe *probe, struct stl_select *select);

/* say.c */
void say(struct context *ctx, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
void warn(struct context *ctx, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
void say_error(struct context *ctx, enum stl_code code);
void add_string(struct json_object *to, const char *key, const char *value);
void add_int(struct json_object *to, const char *key, int64_t value);
void add_bool(struct json_object *to, const char *key, bool value);
void add_hex(struct json_object *to, const char *key, uint32_t value,
	     int digits);
struct json_object *add_object(struct json_object *to, const char *key);
void json_finish(struct context *ctx, int status);

/* progress.c */
void progress_init(bool wanted);
int progress_show(void *ctx, enum stl_phase phase, uint32_t done,
		  uint32_t total);
void progress_clear(void);
void signals_catch(void);
void signal_taken(int sig);
int signal_caught(void);

/* session.c */
struct stl_attach_options session_options(struct context *ctx,
					  enum stl_purpose purpose);
enum stl_code session_probe(struct context *ctx, enum stl_purpose purpose);
enum stl_code session_open(struct context *ctx, enum stl_purpose purpose);
enum stl_code session_close(struct context *ctx, enum stl_code code,
			    enum stl_leave leave);
void session_probe_json(struct json_object *to, const struct stl_probe *p);

/* firmware.c */
const char *firmware_name(const struct context *ctx);
enum stl_code file_fail(struct context *ctx, const struct image_error *why);
enum stl_code firmware_load(struct context *ctx, struct image *img,
			    struct stl_segment **segs, size_t *num);
void firmware_check(struct context *ctx, const struct stl_segment *segs,
		    size_t num);

/* program_all.c */
enum stl_code program_all(struct context *ctx, const struct image *img,
			  const struct stl_segment *segs);

/* whole.c */
bool looks_truncated(struct context *ctx, const struct stl_segment *segs,
		     size_t num, struct stl_truncated *t);
void warn_truncated(struct context *ctx, const char *what,
		    const struct stl_segment *segs, size_t num);

/* stop.c */
bool explain_stop(struct context *ctx, const struct stl_program_result *r,
		  const char *left);

/* core.c */
enum stl_code core_restart(struct context *ctx);

/* state.c */
void state_json(struct context *ctx, const struct stl_core_state *s);
void state_say(struct context *ctx, const struct stl_core_state *s);
void state_sentence(const struct stl_core_state *s, char *buf, size_t len);

/* option.c */
enum stl_code option_read(struct context *ctx, struct stl_options *o,
			  struct stl_option_bytes *b);
void option_base(struct context *ctx, const struct stl_options *o,
		 struct stl_option_bytes *b);
enum stl_code option_load_pending(struct context *ctx, unsigned int allow);
enum stl_code option_change(struct context *ctx,
			    const struct stl_option_bytes *old,
			    const struct stl_option_bytes *b,
			    const char *what, const char *question,
			    unsigned int allow);
void option_remark(struct context *ctx);

/* the verbs */
enum stl_code cmd_list(struct context *ctx);
enum stl_code cmd_info(struct context *ctx);
enum stl_code cmd_read(struct context *ctx);
enum stl_code cmd_program(struct context *ctx);
enum stl_code cmd_verify(struct context *ctx);
enum stl_code cmd_erase(struct context *ctx);
enum stl_code cmd_blank_check(struct context *ctx);
enum stl_code cmd_fill(struct context *ctx);
enum stl_code cmd_compare(struct context *ctx);
enum stl_code cmd_checksum(struct context *ctx);
enum stl_code cmd_clone(struct context *ctx);
enum stl_code cmd_backup(struct context *ctx);
enum stl_code cmd_restore(struct context *ctx);
enum stl_code cmd_reset(struct context *ctx);
enum stl_code cmd_halt(struct context *ctx);
enum stl_code cmd_run(struct context *ctx);
enum stl_code cmd_status(struct context *ctx);
enum stl_code cmd_md(struct context *ctx);
enum stl_code cmd_mw(struct context *ctx);
enum stl_code cmd_option(struct context *ctx);
enum stl_code cmd_protect(struct context *ctx);
enum stl_code cmd_unprotect(struct context *ctx);
enum stl_code cmd_diagnose(struct context *ctx);
enum stl_code cmd_doctor(struct context *ctx);
enum stl_code cmd_report(struct context *ctx);
enum stl_code cmd_selftest(struct context *ctx);
enum stl_code cmd_watch(struct context *ctx);
enum stl_code cmd_detach(struct context *ctx);
enum stl_code cmd_attach(struct context *ctx);
enum stl_code cmd_gdb(struct context *ctx);
enum stl_code cmd_help(struct context *ctx);
enum stl_code cmd_version(struct context *ctx);

#endif /* STLINK_CMD_H */
