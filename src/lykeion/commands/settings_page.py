"""The operators' page of settings and ``.env.example``, made from the table of settings.

``python -m lykeion.commands.settings_page`` writes both anew; a test holds them together.
"""

from __future__ import annotations

from pathlib import Path

from lykeion.settings import TABLE

ROOT = Path(__file__).resolve().parents[3]
PAGE = ROOT / "docs" / "operators" / "settings.md"
EXAMPLE = ROOT / ".env.example"


def page() -> str:
    """The page as Markdown."""
    rows = "\n".join(f"| `{setting.name}` | {_default(setting.default)} | {setting.help} |" for setting in TABLE)
    return (
        "# Settings\n\nEvery setting is a variable of the environment; `lykeion settings` prints the values in force. "
        "A wrong value stops the start with one sentence.\n\n"
        f"| setting | default | what it does |\n|---|---|---|\n{rows}\n"
    )


def example() -> str:
    """The example file: every setting, commented out, at its default."""
    return "\n".join(f"# {setting.help}\n#{setting.name}={setting.default}\n" for setting in TABLE)


def _default(text: str) -> str:
    return f"`{text}`" if text else "(empty)"


if __name__ == "__main__":
    PAGE.write_text(page())
    EXAMPLE.write_text(example())
