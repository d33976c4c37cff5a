# SPDX-License-Identifier: GPL-2.0-only
"""A test that brings its firmware along:

    LG_FIRMWARE=firmware.bin pytest --lg-env local.yaml test_board.py
"""
import pytest


@pytest.fixture(scope='module')
def board(target):
    """The board, with the firmware under test."""
    stlink = target.get_driver('StlinkDriver')
    stlink.load()
    return stlink


def test_firmware_is_there(board):
    board.verify()


def test_board_runs(board):
    assert board.diagnose() == []


def test_board_survives_a_reset(board):
    board.reset()
    assert board.info()['core']['state'] in ('running', 'sleeping')
