/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The image of one board: that of all boards, with its own serial number.
 *
 * Copyright (C) 2026 The stlink project authors
 */
#ifndef STLINK_AUTO_INJECT_H
#define STLINK_AUTO_INJECT_H

#include "chip.h"
#include "error.h"
#include "image/image.h"

/**
 * auto_inject() - lay bytes over an image
 * @img: image; stays as it is
 * @chip: identified chip, or one from auto_part_find()
 * @addr: target address of the first byte
 * @bytes: bytes
 * @len: how many, not 0
 * @out: receives the new image; free with image_free()
 * @err: STL_NO_FIT when not all of the bytes are in flash, STL_FILE when there
 *	is no memory; then @out is empty
 *
 * Where @img has data that is replaced, else added.
 */
int auto_inject(const struct image *img, const struct stl_chip *chip,
		uint32_t addr, const uint8_t *bytes, uint32_t len,
		struct image *out, struct stl_error *err);

/**
 * auto_image_crc() - CRC-32 by which an image is known
 * @img: image, without a serial number: it is the same for all boards
 *
 * That of zip, crc32(1) and the like, over all bytes from the first address to
 * the last; what lies between the segments counts as 0xff, as it does in a raw
 * file made from the image ("objcopy -O binary --gap-fill 0xff").
 *
 * Return: CRC-32, 0 for an image without data.
 */
uint32_t auto_image_crc(const struct image *img);

#endif /* STLINK_AUTO_INJECT_H */
