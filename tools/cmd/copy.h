/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Content of a whole board, taken from a chip or a file and put onto another
 * chip: what clone, backup and restore have in common.
 *
 * Copyright (C) 2026 The stlink project authors
 */
#ifndef STLINK_COPY_H
#define STLINK_COPY_H

#include "cmd.h"

/**
 * struct board_copy - everything that makes two boards the same
 * @origin: words for messages, "the source" or a file name
 * @part: name of the part, "" if not known
 * @dev_id: DEV_ID of it, 0 if not known
 * @has_uid: @uid is known
 * @uid: unique id of the chip it was taken from
 * @size: bytes of flash
 * @flash: content of all of it, from STL_FLASH_BASE on
 * @has_options: @options is known
 * @options: option bytes as stored, each with its complement
 */
struct board_copy {
	const char *origin;
	char part[24];
	uint16_t dev_id;
	bool has_uid;
	uint32_t uid[3];
	uint32_t size;
	uint8_t *flash;
	bool has_options;
	uint8_t options[STL_OPTION_SIZE];
};

/**
 * enum copy_rule - onto which chips a copy may go
 * @COPY_SAME_PART: the same die and size
 * @COPY_SAME_DIE: the same die, of any size that holds what isn't blank
 * @COPY_FITS: any with pages of the same size that holds it
 */
enum copy_rule {
	COPY_SAME_PART,
	COPY_SAME_DIE,
	COPY_FITS,
};

/* copy_take.c */
enum stl_code copy_take(struct context *ctx, struct board_copy *copy);
void copy_free(struct board_copy *copy);

/* copy_fit.c */
uint32_t copy_used(const struct board_copy *copy);
enum stl_code copy_fit(const struct board_copy *copy,
		       const struct stl_chip *chip, enum copy_rule rule,
		       char *remark, size_t len, struct stl_error *err);
void copy_options_want(const struct board_copy *copy,
		       const struct stl_option_bytes *now,
		       bool with_protection, struct stl_option_bytes *want);
void copy_locked_pages(const struct stl_chip *chip,
		       const struct stl_option_bytes *b, char *buf,
		       size_t len);

/* copy_option.c */
enum stl_code copy_check_usage(struct context *ctx);
enum stl_code copy_unprotect(struct context *ctx, bool *erased);
enum stl_code copy_unlock(struct context *ctx, bool *unlocked);
enum stl_code copy_put_options(struct context *ctx,
			       const struct board_copy *copy);

/* copy_put.c */
enum stl_code copy_put(struct context *ctx, const struct board_copy *copy,
		       enum copy_rule rule);

/* swap.c */
bool same_chip(const struct board_copy *copy, const struct stl_chip *chip);
enum stl_code swap_wait(struct context *ctx, const struct board_copy *copy,
			struct stl_probe *probe);

#endif /* STLINK_COPY_H */
