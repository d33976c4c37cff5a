# SPDX-License-Identifier: GPL-2.0-only
"""labgrid flashes a board through the program stlink.

An environment imports this file; README.md has the rest.

Resources:
  StlinkProbe         a probe of this machine, named as stlink's options name it
  USBStlinkProbe      a probe of this machine that udev finds; comes and goes
  NetworkStlinkProbe  a probe of an exporter: stlink runs there, by ssh
Driver:
  StlinkDriver        load() and reset(), and verify(), backup(), diagnose(), info()
"""
import contextlib
import json
import logging
import os
import shlex
import subprocess
from typing import Any, Dict, Iterator, List, Optional, Union

import attr

from labgrid import step, target_factory
from labgrid.driver import Driver
from labgrid.driver.exception import ExecutionError
from labgrid.protocol import BootstrapProtocol, ResetProtocol
from labgrid.resource import Resource
from labgrid.resource.common import NetworkResource
from labgrid.resource.udev import USBResource

# Exit status of diagnose where it has findings: bad ones; nothing answers.
DIFFERENCE = 9
NO_TARGET = 5

# Puts standard input into a new file and prints its name.
RECEIVE = 'file=$(mktemp) && cat >"$file" && echo "$file"'

_TEXT = attr.validators.instance_of(str)
_MAYBE_TEXT = attr.validators.optional(_TEXT)


class StlinkError(ExecutionError):
    """What stlink said: message, exit status, hint and the whole answer.

    code is stlink's exit status; or that of ssh (255) or of a shell (127).
    """

    def __init__(self, message: str, code: Optional[int] = None,
                 hint: Optional[str] = None, answer: Optional[dict] = None):
        super().__init__(message)
        self.code = code
        self.hint = hint
        self.answer = answer or {}

    def __str__(self) -> str:
        text = f"stlink: {self.msg}"
        if self.hint:
            text += f" ({self.hint})"
        if self.code is not None:
            text += f" [exit status {self.code}]"
        return text


def _options(**names: Optional[str]) -> List[str]:
    """Options by which stlink chooses a probe; all that are given must match."""
    options = []
    for option, value in names.items():
        if value:
            options += ["--" + option.replace('_', '-'), value]
    return options


@attr.s(eq=False)
class _NamedProbe:
    """A probe as stlink's options name it."""
    device = attr.ib(default=None, validator=_MAYBE_TEXT)
    serial = attr.ib(default=None, validator=_MAYBE_TEXT)
    usb_path = attr.ib(default=None, validator=_MAYBE_TEXT)

    def selection(self) -> List[str]:
        return _options(device=self.device, serial=self.serial,
                        usb_path=self.usb_path)


@target_factory.reg_resource
@attr.s(eq=False)
class StlinkProbe(Resource, _NamedProbe):
    """A probe of this machine. Without a name: the only one there is."""


@target_factory.reg_resource
@attr.s(eq=False)
class NetworkStlinkProbe(NetworkResource, _NamedProbe):
    """A probe of another host, from an exporter or written down with its host."""

    def selection(self) -> List[str]:
        # The exporter gives no names while the probe is gone. Any other that
        # is there is not the board that was meant.
        options = super().selection()
        if not self.avail or not options:
            raise StlinkError(f"the probe of {self.host} is not plugged in")
        return options


@target_factory.reg_resource
@attr.s(eq=False)
class USBStlinkProbe(USBResource):
    """A probe of this machine, found by udev as a device of the class stlink.

    "match" asks for properties of udev, those of the USB device with @. The serial
    number is the driver's: it is text even where old firmware has raw bytes.
    """
    serial = attr.ib(default=None, validator=_MAYBE_TEXT)

    def __attrs_post_init__(self):
        self.match['SUBSYSTEM'] = 'stlink'
        self.match['@SUBSYSTEM'] = 'usb'
        super().__attrs_post_init__()

    def filter_match(self, device) -> bool:
        if self.serial and self.serial != _attribute(device, 'serial'):
            return False
        return super().filter_match(device)

    @property
    def found_serial(self) -> Optional[str]:
        return _attribute(self.device, 'serial') if self.device else None

    def selection(self) -> List[str]:
        if not self.path:
            raise StlinkError("the probe is not plugged in")
        return _options(usb_path=self.path, serial=self.found_serial)


def _attribute(device, name: str) -> Optional[str]:
    try:
        return device.attributes.asstring(name)
    except (KeyError, UnicodeDecodeError):
        return None


@target_factory.reg_driver
@attr.s(eq=False)
class StlinkDriver(Driver, BootstrapProtocol, ResetProtocol):
    """Programs and resets a board with stlink.

    image:      what load() takes when it isn't told, a key of "images"
    address:    where raw files go, 0x08000000 unless told
    options:    more options of stlink, as a list: ["--mode", "under-reset"]
    """
    bindings = {
        "probe": {"StlinkProbe", "USBStlinkProbe", "NetworkStlinkProbe"},
    }
    image = attr.ib(default=None, validator=_MAYBE_TEXT)
    address = attr.ib(
        default=None,
        validator=attr.validators.optional(attr.validators.instance_of((int, str)))
    )
    options = attr.ib(
        factory=list,
        validator=attr.validators.deep_iterable(
            _TEXT, attr.validators.instance_of(list))
    )

    def __attrs_post_init__(self):
        super().__attrs_post_init__()
        self.logger = logging.getLogger(f"{self}:{self.target}")
        config = self.target.env.config if self.target.env else None
        self.tool = config and config.get_tool('stlink') or 'stlink'

    # what labgrid asks for

    @Driver.check_active
    @step(args=['filename'])
    def load(self, filename: Optional[str] = None) -> Dict[str, Any]:
        """Make the flash hold the image, verify it, run it."""
        with self._image(filename) as operands:
            return self._answer('program', *operands)

    @Driver.check_active
    @step()
    def reset(self) -> None:
        """Reset the chip and let it run."""
        self._answer('reset')

    # and more

    @Driver.check_active
    @step(args=['filename'])
    def verify(self, filename: Optional[str] = None) -> Dict[str, Any]:
        """Raise StlinkError, code 9, unless the flash holds the image."""
        with self._image(filename) as operands:
            return self._answer('verify', *operands)

    @Driver.check_active
    @step()
    def info(self) -> Dict[str, Any]:
        """Probe, chip, protection and core, as "stlink --json info" has it."""
        return self._answer('info')

    @Driver.check_active
    @step(result=True)
    def diagnose(self) -> List[Dict[str, Any]]:
        """Why does the board not run? A healthy one gives an empty list."""
        return self._answer('diagnose',
                            fine=(0, DIFFERENCE, NO_TARGET))['findings']

    @Driver.check_active
    @step(args=['filename'])
    def backup(self, filename: str) -> None:
        """Flash and option bytes into a file of this machine."""
        done = self._run(['backup', '-'])
        if done.returncode:
            raise StlinkError(_last_words(done), done.returncode)
        # A backup that was cut short must not be taken for one.
        part = f"{filename}.part"
        try:
            with open(part, 'wb') as file:
                file.write(done.stdout)
                file.flush()
                os.fsync(file.fileno())
            os.replace(part, filename)
        except BaseException:
            with contextlib.suppress(FileNotFoundError):
                os.unlink(part)
            raise

    @contextlib.contextmanager
    def _image(self, filename: Optional[str]) -> Iterator[List[str]]:
        """Operands that name an image, which is where the probe is."""
        if filename is None:
            if self.image is None:
                raise StlinkError("neither a file nor an image is given")
            filename = self.target.env.config.get_image_path(self.image)
        if isinstance(self.probe, NetworkResource):
            place = self._sent(filename)
        else:
            place = contextlib.nullcontext(os.path.abspath(filename))
        with place as path:
            yield [path] if self.address is None else \
                [path, _text(self.address)]

    @contextlib.contextmanager
    def _sent(self, filename: str) -> Iterator[str]:
        """A copy of the file on the other host.

        Whole or not at all, which standard input of stlink would not be when the
        connection breaks. Not by labgrid's ManagedFile: version 0.4 calls
        "rsync --compress=1", which rsync 3.5, that of Debian 12, refuses.
        """
        with open(filename, 'rb') as file:
            data = file.read()
        done = self._command(['sh', '-c', RECEIVE], data)
        if done.returncode:
            raise StlinkError(f"{filename} can't be sent to {self.probe.host}: "
                              f"{_last_words(done)}", done.returncode)
        path = done.stdout.decode().strip()
        try:
            yield path
        finally:
            self._command(['rm', '-f', path])

    def _answer(self, *words: str, fine=(0,)) -> Dict[str, Any]:
        """What stlink answers, as JSON has it."""
        done = self._run(['--json', *words])
        try:
            answer = json.loads(done.stdout)
        except ValueError:
            # It never came to run: ssh, the shell or the loader failed.
            raise StlinkError(_last_words(done), done.returncode) from None
        for warning in answer.get('warnings', []):
            self.logger.warning("stlink: %s", warning)
        if done.returncode not in fine:
            error = answer.get('error') or {}
            raise StlinkError(error.get('message') or _last_words(done),
                              done.returncode, error.get('hint'), answer)
        return answer

    def _run(self, words: List[str]) -> subprocess.CompletedProcess:
        self.probe.poll()
        return self._command([self.tool, *self.probe.selection(),
                              *self.options, *words])

    def _command(self, command: List[str],
                 data: bytes = b'') -> subprocess.CompletedProcess:
        """Run a command on the probe's host, with data for it to read."""
        prefix = self.probe.command_prefix
        if prefix:
            # ssh makes one line of it, which a shell takes apart again.
            command = [*prefix, *(shlex.quote(word) for word in command)]
        self.logger.debug("command: %s", command)
        try:
            return subprocess.run(command, input=data, capture_output=True,
                                  check=False)
        except OSError as error:
            raise StlinkError(f"can't run {command[0]}: {error.strerror}") from error


def _last_words(done: subprocess.CompletedProcess) -> str:
    text = ' '.join(done.stderr.decode(errors='replace').split())
    if text.startswith("stlink: "):
        text = text[len("stlink: "):]
    return text or "it failed and said nothing"


def _text(address: Union[int, str]) -> str:
    return address if isinstance(address, str) else f"{address:#010x}"
