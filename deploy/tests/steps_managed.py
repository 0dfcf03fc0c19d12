"""Steps of a site whose MySQL 8, Redis and RabbitMQ are elsewhere and speak by TLS only, as a cloud's do.

They run on this machine, at its address among the test hosts, and end with :func:`managed_services_end`.
"""

from __future__ import annotations

import re
import secrets
import shutil
from pathlib import Path
from typing import Final

import mysql8
from bed import (
    BIN,
    BOX,
    GATEWAY,
    PASSWORD,
    WORK,
    Wrong,
    at,
    begin,
    boot,
    changes,
    changes_nothing,
    end,
    installs,
    inventory,
    is_well,
    none_failed,
    play,
    run,
    signed_by_ours,
    visited,
    wait,
    what_is_there,
)
from loading import loaded
from bed import DEPLOY

FOLDER: Final = WORK / "services"
NEW_SITE: Final = loaded(DEPLOY / "bin/new-site")
NAME: Final = "managed"
LEARNER: Final = "of-managed"
ELSEWHERE: Final = ("mysql", "redis", "rabbitmq")
PORTS: Final = {"mysql": 3306, "redis": 6379, "rabbitmq": 5671}
ADMINISTRATOR: Final = "LYKEION_MYSQL_ADMIN_PASSWORD"
