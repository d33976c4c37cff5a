#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""An SVG of how many times the limit each tool takes.

    chart.py BENCH.JSON >BENCH.SVG

Logarithmic, since the others' times for one page are so far away. One grey for
all text, which can be read on white and on black.
"""
import json
import math
import sys
from pathlib import Path

GROUPS = (('whole', 16, 'whole 16 KiB'), ('page', 16, 'one page of 16'),
          ('read', 16, 'read 16 KiB'), ('whole', 64, 'whole 64 KiB'),
          ('whole', 256, 'whole 256 KiB'))
TOOLS = {'stlink': ('#2f81f7', 'stlink'), 'openocd': ('#d18616', 'openocd, HLA'),
         'openocd-dap': ('#a371f7', 'openocd, DAP'),
         'st-flash': ('#e5534b', 'st-flash')}
GREY = '#7d8590'
LEFT, WIDTH, BAR, GAP, TOP = 120, 560, 12, 14, 66
TICKS = (1, 2, 5, 10, 20, 50, 100)


def text(x, y, what, anchor='start', size=12):
    return (f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" '
            f'font-size="{size}">{what}</text>')


def main(name):
    jobs = {(j['job'], j['kib'], j['tool']): j['usb_ms']['median'] / j['limit_ms']
            for j in json.loads(Path(name).read_text())['jobs']
            if j['khz'] == 4000 and j['limit_ms']}
    least = 0.8
    scale = WIDTH / math.log(max(jobs.values()) * 1.5 / least)

    def place(ratio):
        return LEFT + scale * math.log(max(ratio, least) / least)

    out, y = [], TOP
    for job, kib, label in GROUPS:
        middle = y + len(TOOLS) * BAR / 2 + 4
        out.append(text(LEFT - 8, middle, label, 'end'))
        for tool, (colour, _) in TOOLS.items():
            end = place(jobs[job, kib, tool])
            out.append(f'<rect x="{LEFT}" y="{y}" width="{end - LEFT:.1f}" '
                       f'height="{BAR - 2}" fill="{colour}"/>')
            out.append(text(end + 4, y + BAR - 3, f'{jobs[job, kib, tool]:.2f}',
                            size=10))
            y += BAR
        y += GAP
    lines = []
    for tick in TICKS:
        if place(tick) > LEFT + WIDTH:
            break
        lines.append(f'<path d="M{place(tick):.1f} {TOP - 6}V{y - 6}" '
                     f'stroke="{GREY}" stroke-width="{2 if tick == 1 else 0.5}"/>')
        lines.append(text(place(tick), y + 8, f'{tick} x', 'middle', 10))
    x = LEFT
    for colour, label in TOOLS.values():
        lines.append(f'<rect x="{x}" y="34" width="10" height="10" '
                     f'fill="{colour}"/>')
        lines.append(text(x + 14, 43, label))
        x += 130
    head = ('Time on USB at 4 MHz, as a multiple of what flash (whole, page) or '
            'wire (read) need; logarithmic')
    print('<svg xmlns="http://www.w3.org/2000/svg" '
          f'viewBox="0 0 {LEFT + WIDTH + 40} {y + 20}" '
          f'font-family="sans-serif" fill="{GREY}">')
    print(text(20, 20, head, size=13))
    print('\n'.join(lines + out))
    print('</svg>')


main(*sys.argv[1:])
