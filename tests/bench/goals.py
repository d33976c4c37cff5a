# SPDX-License-Identifier: GPL-2.0-only
"""What stlink is meant to reach, and whether it has."""

OTHERS = ('st-flash', 'openocd', 'openocd-dap')
REACHED, ON_USB, BY_CLOCK, MISSED = ('reached', 'reached on USB only',
                                     'reached by the clock only', 'missed')


class Goals:
    """Each has a value by the clock and, where it is a time, one on USB."""

    def __init__(self, cells):
        self.cells = cells
        self.rows = []

    def cell(self, job, kib=16, khz=4000, tool='stlink'):
        return self.cells[job, kib, khz, tool]

    def add(self, name, goal, limit, most, whole, usb=None, unit=''):
        """@most: @limit is the most it may be; else the least."""
        def good(value):
            return value <= limit if most else value >= limit

        usb_good = good(whole) if usb is None else good(usb)
        verdict = {(True, True): REACHED, (False, True): ON_USB,
                   (True, False): BY_CLOCK,
                   (False, False): MISSED}[good(whole), usb_good]
        self.rows.append({'name': name, 'goal': goal, 'clock': whole, 'usb': usb,
                          'unit': unit, 'verdict': verdict})

    def times_limit(self, name, job, kib, limit):
        """At most @limit times what is physically needed."""
        c = self.cell(job, kib)
        self.add(name, f'<= {limit:.2f} x limit', limit, True,
                 c['wall_ms']['median'] / c['limit_ms'],
                 c['usb_ms']['median'] / c['limit_ms'], 'x')

    def seconds(self, name, job, limit):
        c = self.cell(job)
        self.add(name, f'<= {limit:.2f} s', limit, True,
                 c['wall_ms']['median'] / 1e3, c['usb_ms']['median'] / 1e3, 's')

    def faster(self, name, job, limit):
        """@limit times as fast as the fastest of the others."""
        def ratio(key):
            return (min(self.cell(job, tool=t)[key]['median'] for t in OTHERS) /
                    self.cell(job)[key]['median'])

        self.add(name, f'>= {limit:g} x faster', limit, False, ratio('wall_ms'),
                 ratio('usb_ms'), 'x')

    def idle_flash(self):
        c = self.cell('same')['counters']
        self.add('identical image: erases and half-words', 'none', 0, True,
                 c['page_erases']['max'] + c['mass_erases']['max'] +
                 c['halfwords']['max'])

    def parallel(self, parallel):
        one, eight = parallel[4000, 1], parallel[4000, 8]
        self.add('8 probes in parallel', '<= 1.3 x one', 1.3, True,
                 eight['wall_ms']['median'] / one['wall_ms']['median'],
                 eight['usb_ms']['median'] / one['usb_ms']['median'], 'x')

    def cpu(self):
        theirs = min(self.cell('whole', tool=t)['cpu_ms']['median']
                     for t in OTHERS if t.startswith('openocd'))
        self.add('processor time of the host, whole 16 KiB',
                 '<= 0.333 x openocd', 1 / 3, True,
                 self.cell('whole')['cpu_ms']['median'] / theirs, unit='x')

    def words(self, words):
        self.add('64 scattered words: exchanges', '2 (one RW_MISC pair)', 2,
                 True, words['together_exchanges']['max'])
        self.add('64 scattered words, one by one', '>= 10 x slower', 10, False,
                 words['single_us']['median'] / words['together_us']['median'],
                 unit='x')

    def memory(self, driver):
        self.add('memory of stlink, greatest', '<= 8 MiB', 8, True,
                 max(c['rss_kib']['max'] for key, c in self.cells.items()
                     if key[3] == 'stlink') / 1024, unit='MiB')
        self.add('memory of the driver per probe', '<= 32 KiB', 32, True,
                 driver['probe_bytes'] / 1024, unit='KiB')


def judge(cells, parallel, words, driver):
    """The rows of the table, in its order."""
    g = Goals(cells)
    g.times_limit('whole 16 KiB', 'whole', 16, 1.15)
    g.faster('whole 16 KiB, than the faster other', 'whole', 3)
    g.seconds('one page of 16 changed', 'page', 0.15)
    g.faster('one page of 16 changed', 'page', 8)
    g.seconds('identical image', 'same', 0.10)
    g.idle_flash()
    g.times_limit('read 16 KiB', 'read', 16, 1.15)
    g.faster('read 16 KiB, than the fastest other', 'read', 1)
    g.times_limit('whole 256 KiB', 'whole', 256, 1.05)
    g.parallel(parallel)
    g.cpu()
    g.words(words)
    g.memory(driver)
    return g.rows
