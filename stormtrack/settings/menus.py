"""Requests to functions of the analysis menu, and the frames that they work on."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class MenuFrames:
    """fs, fr, fe of the menu functions: first, step, last (1-based)."""

    first: int
    step: int
    last: int


@dataclass(frozen=True, slots=True, kw_only=True)
class MenuRequest:
    """What one function of the menu is to do; every function has a request of its own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ConvertRequest(MenuRequest):
    """Menu 7: conversion of frames to TRACK binary."""

    frames: MenuFrames
