"""moto's server, with what it lacks for this stack: subnet groups of ElastiCache can be deleted, shared files have a
policy of backups, a budget tells its tags and who hears of it, and an instance that ends lets go of its address."""

from __future__ import annotations

import json
import sys
from typing import Any

from moto.budgets.responses import BudgetsResponse
from moto.core.responses import ActionResult
from moto.ec2.models.instances import Instance
from moto.efs.responses import EFSResponse
from moto.elasticache.responses import ElastiCacheResponse
from moto.server import main

_CREATE_BUDGET = BudgetsResponse.create_budget
_TERMINATE = Instance.terminate
_TAGS: dict[str, list[Any]] = {}  # name of a budget -> its tags
_HEARERS: dict[str, list[Any]] = {}  # budget and notification -> subscribers


def _delete_subnet_group(self: Any) -> ActionResult:
    self.elasticache_backend.cache_subnet_groups.pop(self._get_param("CacheSubnetGroupName"), None)
    return ActionResult({})


def _put_backup_policy(self: Any) -> tuple[str, dict[str, str]]:
    policy = json.loads(self.body)["BackupPolicy"]
    self.efs_backend.file_systems_by_id[self._get_param("FileSystemId")]._backup = policy["Status"] == "ENABLED"
    return json.dumps({"BackupPolicy": policy}), {"Content-Type": "application/json"}


def _backup_policy(self: Any) -> tuple[str, dict[str, str]]:
    kept = self.efs_backend.file_systems_by_id[self._get_param("FileSystemId")]._backup
    return json.dumps({"BackupPolicy": {"Status": "ENABLED" if kept else "DISABLED"}}), {
        "Content-Type": "application/json"
    }


def _terminate(self: Any) -> Any:
    state = _TERMINATE(self)
    for interface in self.nics.values():
        interface.instance = interface.attachment_id = None
        interface.status = "available"
    return state


def _create_budget(self: Any) -> str:
    _TAGS[self._get_param("Budget")["BudgetName"]] = self._get_param("ResourceTags", [])
    for one in self._get_param("NotificationsWithSubscribers", []):
        _HEARERS[_named(self._get_param("Budget")["BudgetName"], one["Notification"])] = one["Subscribers"]
    return _CREATE_BUDGET(self)


def _create_notification(self: Any) -> str:
    name, told = self._get_param("BudgetName"), self._get_param("Notification")
    _HEARERS[_named(name, told)] = self._get_param("Subscribers")
    self.backend.create_notification(
        account_id=self._get_param("AccountId"), budget_name=name, notification=told, subscribers=[]
    )
    return "{}"


def _subscribers(self: Any) -> str:
    found = _HEARERS.get(_named(self._get_param("BudgetName"), self._get_param("Notification")), [])
    return json.dumps({"Subscribers": found})


def _tags(self: Any) -> str:
    return json.dumps({"ResourceTags": _TAGS.get(self._get_param("ResourceARN").rpartition("/")[2], [])})


def _named(budget: str, told: dict[str, Any]) -> str:
    return f"{budget} {told['NotificationType']} {float(told['Threshold'])}"


if __name__ == "__main__":
    ElastiCacheResponse.delete_cache_subnet_group = _delete_subnet_group
    EFSResponse.put_backup_policy = _put_backup_policy
    EFSResponse.describe_backup_policy = _backup_policy
    Instance.terminate = _terminate
    BudgetsResponse.create_budget = _create_budget
    BudgetsResponse.create_notification = _create_notification
    BudgetsResponse.list_tags_for_resource = _tags
    BudgetsResponse.describe_subscribers_for_notification = _subscribers
    main(sys.argv[1:])
