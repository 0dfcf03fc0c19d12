"""The site's settings are one file that systemd and shells read: both see what the inventory says, to the letter."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import jinja2

TEMPLATE = Path(__file__).resolve().parent.parent / "ansible/roles/app/templates/lykeion.env.j2"
SETTINGS = {
    "LYKEION_MAIL_URL": "smtp://u:pa$word${HOME}$(id)@mail.example.org:587",
    "LYKEION_SITE_NAME": """`id` "School" of \\ and 'quotes' \\" \\$ \\\\ #1; 100 % !""",
    "LYKEION_MAIL_FROM": "Schule für Größe <a@example.org>",
    "LYKEION_THREADS": 8,
}


def made(folder: Path) -> Path:
    environment = jinja2.Environment(undefined=jinja2.StrictUndefined, trim_blocks=True, autoescape=False)  # no HTML
    file = folder / "lykeion.env"
    template = environment.from_string(TEMPLATE.read_text())
    settings = SETTINGS | {"LYKEION_EMPTY": "", "LYKEION_NONE": None}
    file.write_text(template.render(ansible_managed="made", lykeion_environment=settings) + "\n")
    return file


def test_a_shell_reads_each_setting_as_it_was_written(tmp_path: Path) -> None:
    says = "import json, os; print(json.dumps({k: v for k, v in os.environ.items() if k.startswith('LYKEION_')}))"
    script = f'set -eua; . {made(tmp_path)}; exec {sys.executable} -c "$1"'

    done = subprocess.run(["sh", "-c", script, "sh", says], env={}, capture_output=True, text=True)

    assert done.stderr == ""
    assert {name: str(value) for name, value in SETTINGS.items()} == json.loads(done.stdout)


def test_systemd_reads_each_setting_as_it_was_written(tmp_path: Path) -> None:
    """By the rule of systemd.exec: in double quotes a backslash before one of these four is taken away."""
    lines = [line for line in made(tmp_path).read_text().splitlines() if line and not line.startswith("#")]

    read = {
        name: re.sub(r'\\([\\"$`])', r"\1", quoted[1:-1]) for name, quoted in (line.split("=", 1) for line in lines)
    }

    assert read == {name: str(value) for name, value in SETTINGS.items()}
    assert all(re.fullmatch(r'\w+="(?:[^\\"]|\\[\\"$`])*"', line) for line in lines)
