#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""Boards that fail at each step of a job: supply, reset line, debug wires.

Measures how many steps a job has, then repeats it with a fault at one of them.
Afterwards the board is well again, and the same command has to make it right. Runs in
the test machine; several boards are at work at the same time.

"all" means: each USB transfer, with each kind of fault or (clone and others) with one
that the seed decides; each erase and option byte, at 0, 50, 99 and 100 % of its time;
and of what there are thousands of and all alike, half-words and SWD transfers, some
that the seed picks. A number means so many of those; the option bytes without their
RDP byte are always among them. They come in an order by the seed: what --seconds cuts
off is gone on with by --from, which is printed then.
"""
import argparse
import queue
import random
import re
import subprocess
import sys
import threading
import time

from boardjobs import JOBS, Board, Wrong

LIMIT = 180             # seconds that a command may take on a slow machine
FAILED = (5, 7, 8)      # no target or supply; link; program or erase
PROTECTED = 6
SHARES = (0, 50, 99, 100)       # of an operation's time, when it is cut
ALIKE = 100             # so many of what there are thousands of

# what a message has to name, and what it has to advise
NAMES = {
    'power-off': re.compile('supply|power'),
    'nrst-held': re.compile('nRST'),
    'swd-dead': re.compile('SWDIO|wires'),
}
GOT_BACK = re.compile('got back by: stlink option set (.*)')
ADVICE = re.compile('(repeat|again|look at|check|power-cycle)', re.I)


class Fault:
    """One misfortune: what, in which unit it is counted, when, for how long."""

    def __init__(self, kind, unit, at, extra=0, side=0, cycle=False):
        self.kind, self.unit, self.at = kind, unit, at
        self.extra, self.side, self.cycle = extra, side, cycle

    def __str__(self):
        text = f'{self.kind} at {self.unit} {self.at}'
        if self.unit == 'operation':
            text += f' {self.extra} %'
        elif self.extra:
            text += f' for {self.extra}'
        return text + (' of the source' if self.side else '') + \
            (', cycled' if self.cycle else '')

    def arm(self, board):
        if self.unit == 'operation':
            cut = 'power-cut' if self.kind == 'power-off' else 'nrst-cut'
            board.sim('chip-fault', cut, self.at, self.extra)
        else:
            board.sim('board-fault', self.kind, self.unit, self.at, self.extra)

    def in_window(self, job):
        """Does it hit the option bytes while their RDP byte is not there?"""
        first = job.first_option
        return self.unit == 'operation' and first and \
            (self.at == first or
             (self.at <= first + job.rdp_after and self.extra < 100))


def operations(job, rng):
    """Cuts in the middle of what the flash controller does."""
    first = job.first_option or job.counts['operations'] + 1
    half_words = range(job.erases + 1, first)
    some = set(rng.sample(half_words, min(ALIKE, len(half_words))))
    for at in range(1, job.counts['operations'] + 1):
        if at in half_words and at not in some:
            continue
        for share in (rng.choice(SHARES),) if at in some else SHARES:
            yield Fault('power-off', 'operation', at, share)
            yield Fault('nrst-held', 'operation', at, share,
                        cycle=rng.random() < 0.5)


def transfers(job, rng):
    """Faults that begin with a transfer, and may end with another."""
    sorts = [*((kind, 0) for kind in NAMES), ('swd-dead', 60),
             ('nrst-held', 60)]
    for side in range(len(job.boards)):
        counts = job.counts if not side else job.source_counts
        wire = range(1, counts['swd'] + 1)
        steps = [('usb', at) for at in range(1, counts['usb'] + 1)] + \
            [('swd', at) for at in rng.sample(wire, min(ALIKE, len(wire)))]
        for unit, at in steps:
            for kind, longest in sorts if job.each_kind and unit == 'usb' \
                    else (rng.choice(sorts),):
                yield Fault(kind, unit, at, longest and
                            rng.randint(1, longest), side, rng.random() < 0.5)


def pick(job, rng, amount):
    """All of them, or as many as asked for, of each sort."""
    sorts, every = {}, [*operations(job, rng), *transfers(job, rng)]
    if amount == 'all':
        rng.shuffle(every)
        return every
    for fault in every:
        key = fault.kind, fault.unit, bool(fault.extra), fault.side
        if fault.unit == 'operation':
            key = fault.kind, fault.unit, \
                bool(job.first_option) and fault.at >= job.first_option
        sorts.setdefault(key, []).append(fault)
    rng.shuffle(order := list(sorts.values()))
    chosen = [rng.choice(order[i % len(order)]) for i in range(int(amount))]
    if job.first_option:
        for at in (job.first_option, job.first_option + job.rdp_after):
            chosen += [Fault('power-off', 'operation', at, 50),
                       Fault('nrst-held', 'operation', at, 50),
                       Fault('nrst-held', 'operation', at, 50, cycle=True)]
    return chosen


class Result:
    def __init__(self):
        self.lock = threading.Lock()
        self.runs = self.unhurt = self.level_1 = 0
        self.slowest = 0
        self.wrong = []
        self.codes = {}
        self.said = {}

    def add(self, fault, code, seconds, said):
        with self.lock:
            self.runs += 1
            self.unhurt += code == 0
            self.slowest = max(self.slowest, seconds)
            self.codes[code] = self.codes.get(code, 0) + 1
            if code:
                text = re.sub('0x[0-9a-f]+|[0-9]+', 'N', said.strip())
                self.said.setdefault((fault.kind, code, text), []).append(
                    str(fault))


def command(argv):
    start = time.monotonic()
    try:
        p = subprocess.run(argv, stdin=subprocess.DEVNULL, timeout=LIMIT,
                           stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                           check=False)
    except subprocess.TimeoutExpired as late:
        raise Wrong(f'{" ".join(argv)}: not over after {LIMIT} s') from late
    return p.returncode, p.stdout.decode(errors='replace'), \
        time.monotonic() - start


def check_said(fault, code, said):
    if code not in FAILED:
        raise Wrong(f'exit status {code}: {said}')
    if not NAMES[fault.kind].search(said) and not fault.extra:
        raise Wrong(f'status {code}, but the fault is not named: {said}')
    if not ADVICE.search(said):
        raise Wrong(f'status {code}, but no advice: {said}')


def again(job, surprise, advised):
    """The same command on a board that is well, and what it was said to do."""
    code, said, _ = command(job.argv)
    if surprise and not job.leaves_level_1:
        # the chip's rule: nothing but an erase leads out of level 1
        if code != PROTECTED or 'RDP byte' not in said or \
           'unprotect' not in said:
            raise Wrong(f'level 1 is not explained, status {code}: {said}')
        for argv in job.rescue():
            code, said, _ = command(argv)
            if code:
                raise Wrong(f'{" ".join(argv)}: status {code}: {said}')
        code, said, _ = command(job.argv)
    if code:
        raise Wrong(f'repeated: status {code}: {said}')
    if not advised:
        return
    code, said, _ = command(job.tool('--yes', 'option', 'set',
                                     *advised.group(1).split()))
    if code:
        raise Wrong(f'{advised.group(0)}: status {code}: {said}')


def one(job, fault, result):
    job.prepare()
    victim = job.boards[fault.side]
    fault.arm(victim)
    code, said, seconds = command(job.argv)
    result.add(fault, code, seconds, said)
    if code:
        check_said(fault, code, said)
    victim.well()
    advised = None
    if fault.cycle or fault.kind == 'power-off':
        victim.cycle()
        # what the chip has lost by that the tool has told
        advised = GOT_BACK.search(said)
    target = job.boards[0]
    level = target.level()
    if level == 2:
        raise Wrong(f'LEVEL 2: {target.stored()}')
    surprise = level == 1 and not job.level_1_is_fine
    if surprise and not fault.in_window(job):
        raise Wrong(f'level 1, option bytes {target.stored()}: {said}')
    if code == 0 and not surprise:
        job.check()
    again(job, surprise, advised)
    job.check()
    with result.lock:
        result.level_1 += surprise


def work(job, todo, result, most, end):
    while len(result.wrong) < most and time.monotonic() < end:
        try:
            number, fault = todo.get_nowait()
        except queue.Empty:
            return
        try:
            one(job, fault, result)
        except Exception as why:        # whatever it is, the fault is named
            with result.lock:
                result.wrong.append(f'{job.name}, fault {number}, {fault}: '
                                    f'{type(why).__name__}: {why}')
        finally:
            for board in job.boards:
                board.well()


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument('job', choices=JOBS)
    parser.add_argument('amount', help='a number, or "all"')
    parser.add_argument('--seed', type=int)
    parser.add_argument('--only', help='part of a description of faults')
    parser.add_argument('--said', action='store_true',
                        help='print the messages, and how often each came')
    parser.add_argument('--most', type=int, default=5,
                        help='so many wrong ones end it (5)')
    parser.add_argument('--boards', type=int, default=4)
    parser.add_argument('--from', type=int, default=0, dest='first',
                        help='the first of them, from 0')
    parser.add_argument('--seconds', type=float, default=float('inf'),
                        help='begin no more after so long')
    args = parser.parse_args()
    seed = args.seed or random.randrange(1, 1 << 30)
    print(f'{args.job}: seed {seed}', flush=True)
    make = JOBS[args.job]
    boards = [Board(n) for n in range(args.boards)]
    each = make.needs
    jobs = [make(boards[i:i + each], random.Random(seed))
            for i in range(0, len(boards) - each + 1, each)]
    jobs[0].measure()
    for job in jobs[1:]:
        job.same_as(jobs[0])
    faults = pick(jobs[0], random.Random(seed), args.amount)
    if args.only:
        faults = [f for f in faults if args.only in str(f)]
    todo = queue.Queue()
    for item in [*enumerate(faults)][args.first:]:
        todo.put(item)
    print(f'{args.job}: {jobs[0].counts}, {len(faults)} faults', flush=True)
    result, start = Result(), time.monotonic()
    end = start + args.seconds
    threads = [threading.Thread(target=work,
                                args=(j, todo, result, args.most, end))
               for j in jobs]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    if args.said:
        for (kind, code, text), where in sorted(result.said.items()):
            print(f'-- {kind}, status {code}, {len(where)} times, '
                  f'first {where[0]}\n{text}')
    print(f'{args.job}: {result.runs} of {len(faults)} faults in '
          f'{time.monotonic() - start:.0f} s, {result.unhurt} without harm, '
          f'{result.level_1} left at level 1 by the chip, slowest command '
          f'{result.slowest:.1f} s, exit status '
          f'{dict(sorted(result.codes.items()))}')
    if todo.qsize():
        print(f'{args.job}: the rest: --seed {seed} --from '
              f'{len(faults) - todo.qsize()}')
    for line in result.wrong:
        print('WRONG:', line)
    gave_up = todo.qsize() and (time.monotonic() < end or not result.runs)
    return 1 if result.wrong or gave_up else 0


if __name__ == '__main__':
    sys.exit(main())
