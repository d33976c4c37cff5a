# SPDX-License-Identifier: GPL-2.0-only
"""What boardfaults.py interrupts: boards, jobs, and when a board is right."""
import fcntl
import glob
import json
import os
import random
import struct
import time

FLASH, SRAM, OPTIONS = 0x08000000, 0x20000000, 0x1ffff800
FLASH_SIZE, IMAGE_SIZE = 16384, 3072
FACTORY = 'aa55ff00ff00ff00ff00ff00ff00ff00'
# something in each of them: USER, DATA, WRP; none keeps the firmware from running
SPECIAL = 'aa55ef103cc355aafb04ff00ff00ff00'


class Wrong(Exception):
    """The tool, or the chip, did what it must not."""


def image(version, rng):
    """Firmware that counts at SRAM + 4 and says its version at SRAM + 8."""
    code = struct.pack('<8HII', 0x4803, 0x4904, 0x6081, 0x2200, 0x3201,
                       0x6042, 0xe7fc, 0xbf00, SRAM, version)
    vectors = struct.pack('<48I', SRAM + 0x1000, *[FLASH + 0xc1] * 47)
    data = vectors + code
    return data + rng.randbytes(IMAGE_SIZE - len(data))


class Board:
    """A simulated probe with its board."""

    def __init__(self, number):
        self.number = number
        self.serial = self.sim('state')['serial']
        self.node = None
        for path in glob.glob('/sys/class/stlink/stlink*'):
            with open(path + '/serial', encoding='ascii') as file:
                if file.read().strip() == self.serial:
                    self.node = '/dev/' + os.path.basename(path)

    def sim(self, *words):
        """A command to the simulator, as simctl sends it."""
        line = ' '.join(map(str, words)) + '\n'
        with open(f'/run/lock-sim.{self.number}', 'w',
                  encoding='ascii') as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            with open(f'/dev/virtio-ports/sim.{self.number}', 'r+b',
                      buffering=0) as port:
                data = line.encode()
                while data:
                    data = data[port.write(data):]
                answer = b''
                while not answer.endswith(b'\n'):
                    answer += port.read(65536)
        answer = json.loads(answer)
        if not answer['ok']:
            raise Wrong(f'simulator: {line.strip()}: {answer["error"]}')
        return answer

    def fresh(self, flash, options):
        self.sim('swap')
        self.sim('poke', hex(FLASH), flash.hex())
        self.sim('poke', hex(OPTIONS), options)
        self.cycle()
        self.sim('counters', 'reset')

    def cycle(self):
        self.sim('power', 'off')
        self.sim('power', 'on')

    def well(self):
        """All faults are over, those of the chip as well."""
        self.sim('chip-fault', 'off')
        self.sim('board-fault', 'off')

    def peek(self, addr, size):
        return bytes.fromhex(self.sim('peek', hex(addr), size)['hex'])

    def stored(self):
        return self.sim('options')['stored']

    def level(self):
        """In force, whatever is stored."""
        return self.sim('options')['level']

    def counts(self):
        c = self.sim('counters')
        return {
            'usb': c['bulk_transfers'], 'swd': c['swd_transfers'],
            'operations': c['page_erases'] + c['mass_erases'] +
            c['halfwords'] + c['option_erases'] + c['option_halfwords'],
            'erases': c['page_erases'] + c['mass_erases'],
            'option': c['option_erases'] + c['option_halfwords'],
        }

    def runs(self, version):
        for _ in range(40):
            _, first, now = struct.unpack('<3I', self.peek(SRAM, 12))
            time.sleep(0.05)
            if now == version and \
               struct.unpack('<I', self.peek(SRAM + 4, 4))[0] != first:
                return True
        return False


class Job:
    """A command, on a board or two, what it starts from and leads to."""
    needs = 1
    name = ''
    leaves_level_1 = False      # the command itself leads out of it
    level_1_is_fine = False     # it was asked for
    rdp_after = 1               # operations from option erase to RDP
    erases_between = 0          # of flash, among them
    each_kind = False           # of fault at each transfer, or one of them

    def __init__(self, boards, rng):
        self.boards = boards
        self.board = boards[0]
        self.old, self.new = image(1, rng), image(2, rng)
        self.argv = []
        self.counts = self.source_counts = {}
        self.erases = self.first_option = 0
        self.set_up()

    def set_up(self):
        pass

    def tool(self, *words):
        return ['stlink', '-q', '-d', self.board.node, *words]

    def file(self, name, data):
        path = os.path.join(os.getcwd(), f'{self.board.number}-{name}')
        with open(path, 'wb') as file:
            file.write(data)
        return path

    def measure(self):
        """Once without a fault: how many steps there are."""
        self.prepare()
        if os.spawnvp(os.P_WAIT, self.argv[0], self.argv):
            raise Wrong(f'{self.argv} fails without any fault')
        self.check()
        self.counts = self.board.counts()
        self.source_counts = self.boards[-1].counts()
        self.erases = self.counts['erases']
        if self.counts['option']:
            self.first_option = self.counts['operations'] - \
                self.counts['option'] - self.erases_between + 1

    def same_as(self, other):
        self.counts = other.counts
        self.source_counts = other.source_counts
        self.erases, self.first_option = other.erases, other.first_option

    def prepare(self):
        raise NotImplementedError

    def check(self):
        """Is the board what the command was to make of it, now and later?"""
        for later in (False, True):
            if later:
                self.board.cycle()
            self.is_right()

    def is_right(self):
        raise NotImplementedError

    def rescue(self):
        """What has to be done before at level 1, besides the command."""
        return [self.tool('--yes', 'unprotect'),
                self.tool('program', self.file('old', self.old))]

    def expect(self, flash, options, level, version):
        b = self.board
        have = b.peek(FLASH, FLASH_SIZE)
        want = flash.ljust(FLASH_SIZE, b'\xff')
        if have != want:
            at = next(i for i in range(FLASH_SIZE) if have[i] != want[i])
            raise Wrong(f'flash differs at {at:#x}: {have[at]:02x}, '
                        f'should be {want[at]:02x}')
        stored = b.stored()
        # erased ones mean the same as FF, and the tool leaves them so
        same = ''.join(p.replace('ffff', 'ff00') for p in
                       (stored[i:i + 4] for i in range(0, 32, 4)))
        if level == 1:      # whichever value it has
            same = options[:4] + same[4:]
        if same != options:
            raise Wrong(f'option bytes are {stored}, should be {options}')
        if b.level() != level:
            raise Wrong(f'level {b.level()}, should be {level}: {stored}')
        if version and not b.runs(version):
            raise Wrong(f'firmware {version} does not run, core '
                        f'{b.sim("state")["core"]}')


class Program(Job):
    name = 'program'
    each_kind = True
    words = ()

    def set_up(self):
        self.argv = self.tool('program', *self.words,
                              self.file('new', self.new))

    def prepare(self):
        self.board.fresh(self.old, FACTORY)

    def is_right(self):
        self.expect(self.new, FACTORY, 0, 2)


class Direct(Program):
    name = 'program --no-loader'
    each_kind = False
    words = ('--no-loader',)


class Clone(Job):
    """From the second board to the first, with option bytes that differ."""
    needs = 2
    name = 'clone'
    # with --yes it takes read protection off by itself
    leaves_level_1 = True

    def set_up(self):
        self.argv = ['stlink', '-q', '--yes', 'clone', '--from',
                     self.boards[1].node, '--to', self.board.node]
        # protection isn't copied, so none here
        self.options = 'aa55ef103cc355aaff00ff00ff00ff00'

    def prepare(self):
        self.boards[1].fresh(self.new, self.options)
        self.board.fresh(self.old, FACTORY)

    def is_right(self):
        self.expect(self.new, self.options, 0, 2)
        if self.boards[1].peek(FLASH, IMAGE_SIZE) != self.new:
            raise Wrong('the source was changed')


class Option(Job):
    name = 'option set'
    each_kind = True

    def set_up(self):
        self.argv = self.tool('--yes', 'option', 'set', 'DATA0=0x12',
                              'VDDA_MONITOR=0', 'WRP=4-7')

    def prepare(self):
        self.board.fresh(self.old, SPECIAL)

    def is_right(self):
        self.expect(self.old, 'aa55cf3012ed55aafd02ff00ff00ff00', 0, 1)


class Protect(Job):
    name = 'protect'
    level_1_is_fine = True

    def set_up(self):
        self.argv = self.tool('--yes', 'protect')

    def prepare(self):
        self.board.fresh(self.old, SPECIAL)

    def check(self):
        # while a debugger was there the firmware can't run
        self.expect(self.old, SPECIAL, 1, 0)
        self.board.cycle()
        self.expect(self.old, SPECIAL, 1, 1)


class Unprotect(Job):
    name = 'unprotect'
    # the chip itself erases its flash before it writes RDP
    erases_between = 1
    rdp_after = 2
    level_1_is_fine = True
    leaves_level_1 = True

    def set_up(self):
        self.argv = self.tool('--yes', 'unprotect')

    def prepare(self):
        self.board.fresh(self.old, 'bb44' + SPECIAL[4:])

    def is_right(self):
        self.expect(b'', SPECIAL[:16] + FACTORY[16:], 0, 0)


JOBS = {j.name.replace(' --', '-').replace(' ', '-'): j for j in
        (Program, Direct, Clone, Option, Protect, Unprotect)}
