"""``lykeion django lti_addresses KEY``: what an LTI 1.3 tool must be told about a component, as one line each."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from lykeion.blocks.types import NoSuchBlock
from lykeion.content.types import RunMissing
from lykeion.core.clock import now
from lykeion.core.keys import BadKey, parse_usage
from lykeion.courseware import api as courseware


class Command(BaseCommand):
    """Prints the addresses, the client id and the deployment id of an ``lti_consumer`` component."""

    help = "Print what an LTI 1.3 tool must be told about a component."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The usage key."""
        parser.add_argument("key", help="usage key: block-v1:ORG+COURSE+RUN+type@lti_consumer+block@ID")

    def handle(self, *args: Any, **options: Any) -> None:
        """Prints. Raises :class:`CommandError` for a key of no LTI component."""
        from lti_consumer.api import config_id_for_block  # a package that not every site has
        from lti_consumer.models import LtiConfiguration

        try:
            block = courseware.borrow(parse_usage(options["key"]), now())
        except (BadKey, RunMissing, NoSuchBlock) as error:
            raise CommandError(str(error)) from error
        if block.scope_ids.block_type != "lti_consumer":
            raise CommandError(f"{options['key']} is no lti_consumer component.")
        kept = LtiConfiguration.objects.get(config_id=config_id_for_block(block))
        api = f"{settings.SITE_URL}/api/lti_consumer/v1"
        for name, value in (
            ("issuer", settings.SITE_URL),
            ("authentication request URL", f"{api}/launch/"),
            ("public keyset URL", f"{api}/public_keysets/{options['key']}"),
            ("access token URL", f"{api}/token/{options['key']}"),
            ("client id", kept.lti_1p3_client_id),
            ("deployment id", "1"),
        ):
            self.stdout.write(f"{name}: {value}")
