#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""What the bench has measured: tables on standard output, and a JSON file.

    report.py TIMING.H RAW.JSONL BENCH.JSON
"""
import json
import statistics
import sys
from collections import defaultdict
from pathlib import Path

from goals import judge
from limits import Limits

COUNTERS = ('exchanges', 'bulk_transfers', 'bytes_out', 'bytes_in',
            'swd_transfers', 'swd_clocks', 'busy_ns', 'page_erases',
            'mass_erases', 'halfwords', 'flash_busy_ns')
JOBS = {'whole': 'whole: erase, program, verify, reset',
        'same': 'the same image again', 'page': 'one byte of one page changed',
        'read': 'read all'}


def spread(values):
    values = list(values)
    return {'median': statistics.median(values), 'min': min(values),
            'max': max(values)}


def summary(runs):
    """Of all rounds of one thing."""
    cell = {'rounds': len(runs),
            'wall_ms': spread(r['wall_us'] / 1e3 for r in runs),
            'usb_ms': spread(r['usb_us'] / 1e3 for r in runs),
            'cpu_ms': spread(r['cpu_us'] / 1e3 for r in runs),
            'rss_kib': spread(r['rss_kib'] for r in runs)}
    cell['counters'] = {name: spread(r['counters'][name] for r in runs)
                        for name in COUNTERS}
    return cell


def grouped(raw, kind, *keys):
    groups = defaultdict(list)
    for r in raw:
        if r['kind'] == kind:
            groups[tuple(r[k] for k in keys)].append(r)
    return groups


def jobs(raw, limits):
    """By job, KiB, kHz, tool."""
    cells = {}
    for key, runs in grouped(raw, 'job', 'job', 'kib', 'khz', 'tool').items():
        cells[key] = summary(runs)
        cells[key]['limit_ms'] = limits.of(*key[:3])
    return cells


def in_parallel(raw):
    """By kHz, number of probes. board_ms is what the tool says of the slowest."""
    cells = {}
    for key, runs in grouped(raw, 'parallel', 'khz', 'probes').items():
        cells[key] = summary(runs)
        cells[key]['board_ms'] = spread(r['board_ms'] for r in runs)
    return cells


def show_spread(s, scale=1):
    return '%.0f (%.0f-%.0f)' % tuple(s[k] / scale
                                      for k in ('median', 'min', 'max'))


def show_jobs(cells):
    for job, kib, khz in dict.fromkeys(key[:3] for key in cells):
        tools = {key[3]: c for key, c in cells.items()
                 if key[:3] == (job, kib, khz)}
        ours, limit = tools['stlink'], tools['stlink']['limit_ms']
        what = 'wire' if job == 'read' else 'flash'
        print(f'\n{JOBS[job]}, {kib} KiB, {khz / 1000:g} MHz',
              f'(limit of the {what}: {limit:.0f} ms)' if limit else
              '(nothing to be done in flash)')
        print(f'  {"":12}{"command, ms":>22}{"on USB, ms":>22}{"/limit":>8}'
              f'{"/stlink":>9}{"CPU, ms":>9}{"MiB":>6}')
        for tool, c in tools.items():
            by_limit = f'{c["usb_ms"]["median"] / limit:.2f}' if limit else '-'
            by_ours = c['usb_ms']['median'] / ours['usb_ms']['median']
            print(f'  {tool:12}{show_spread(c["wall_ms"]):>22}'
                  f'{show_spread(c["usb_ms"]):>22}{by_limit:>8}{by_ours:>9.2f}'
                  f'{c["cpu_ms"]["median"]:>9.0f}'
                  f'{c["rss_kib"]["max"] / 1024:>6.1f}')
        print(f'  {"":12}{"exchanges":>10}{"bytes":>9}{"SWD":>9}'
              f'{"probe busy, ms":>16}{"erases":>8}{"half-words":>12}')
        for tool, c in tools.items():
            n = {name: c['counters'][name]['median'] for name in COUNTERS}
            print(f'  {tool:12}{n["exchanges"]:>10.0f}'
                  f'{n["bytes_out"] + n["bytes_in"]:>9.0f}'
                  f'{n["swd_transfers"]:>9.0f}{n["busy_ns"] / 1e6:>16.0f}'
                  f'{n["page_erases"] + n["mass_erases"]:>8.0f}'
                  f'{n["halfwords"]:>12.0f}')


def show_growth(cells):
    print('\nstlink, whole job at 4 MHz by size: milliseconds per KiB')
    for (job, kib, khz, tool), c in cells.items():
        if (job, khz, tool) == ('whole', 4000, 'stlink'):
            print(f'  {kib:>4} KiB  command {c["wall_ms"]["median"] / kib:5.1f}'
                  f'  on USB {c["usb_ms"]["median"] / kib:5.1f}'
                  f'  limit {c["limit_ms"] / kib:5.1f}')


def show_parallel(parallel):
    print('\nstlink program --all, whole 16 KiB on each probe')
    for (khz, probes), c in sorted(parallel.items(), reverse=True):
        one = parallel[khz, 1]
        print(f'  {khz:>4} kHz, {probes} probe{"s"[probes == 1:]}: command '
              f'{show_spread(c["wall_ms"])} ms, on USB '
              f'{show_spread(c["usb_ms"])} ms,'
              f' slowest board {show_spread(c["board_ms"])} ms: '
              f'{c["wall_ms"]["median"] / one["wall_ms"]["median"]:.2f} and '
              f'{c["usb_ms"]["median"] / one["usb_ms"]["median"]:.2f} x one')


def show_goals(rows):
    print('\nGoals, at 4 MHz. "command": the whole command by the clock, start of '
          'its process\non the emulated processor included; "on USB": from its '
          'first transfer to its last.')
    print(f'{"":44}{"goal":<23}{"command":>8}{"on USB":>9}')
    for row in rows:
        digits = 2 if row['unit'] else 0
        usb = '' if row['usb'] is None else f'{row["usb"]:.2f}'
        print(f'{row["name"]:44}{row["goal"]:<23}{row["clock"]:>8.{digits}f}'
              f'{usb:>9} {row["unit"]:4}{row["verdict"]}')


def as_json(cells, parallel, words, driver, rows, limits):
    def flat(groups, *names):
        return [dict(zip(names, key), **cell) for key, cell in groups.items()]

    return {'constants': limits.t, 'kernel': driver['kernel'],
            'driver_bytes_per_probe': driver['probe_bytes'],
            'jobs': flat(cells, 'job', 'kib', 'khz', 'tool'),
            'parallel': flat(parallel, 'khz', 'probes'), 'words': words,
            'goals': rows}


def main(timing, raw_file, json_file):
    raw_file = Path(raw_file)
    limits = Limits(timing, raw_file.parent / 'images')
    raw = [json.loads(line) for line in raw_file.read_text().splitlines()]
    cells = jobs(raw, limits)
    parallel = in_parallel(raw)
    words = [r for r in raw if r['kind'] == 'words']
    words = {name: spread(r[name] for r in words)
             for name in words[0] if name != 'kind'}
    driver = next(r for r in raw if r['kind'] == 'driver')
    rows = judge(cells, parallel, words, driver)
    Path(json_file).write_text(json.dumps(as_json(
        cells, parallel, words, driver, rows, limits), indent=1) + '\n')
    show_jobs(cells)
    show_growth(cells)
    show_parallel(parallel)
    show_goals(rows)


main(*sys.argv[1:])
