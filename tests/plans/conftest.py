"""Golden answer files with facts about their data."""

from __future__ import annotations

from tests.answers.conftest import golden_steps

__all__ = ["golden_steps"]
