/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * An image as the library wants it.
 *
 * Copyright (C) 2026 The stlink project authors
 */
#ifndef STLINK_AUTO_SEGMENTS_H
#define STLINK_AUTO_SEGMENTS_H

#include "image/image.h"
#include "plan.h"

/**
 * auto_segments() - the segments of an image
 * @img: image; they point into it
 *
 * Return: array of @img->num, to be freed; NULL without memory.
 */
struct stl_segment *auto_segments(const struct image *img);

#endif /* STLINK_AUTO_SEGMENTS_H */
