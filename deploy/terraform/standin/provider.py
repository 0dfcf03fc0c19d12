"""A stand-in for a Terraform provider: its real schema, and no cloud behind it.

Terraform starts it like any provider (``ladder.py`` puts it into a mirror): ``provider.py SCHEMA.json``. It knows each
resource, argument and type, and answers plan and apply as a cloud would that agrees to everything: what the cloud would
set is made up, and stays as it is. What data sources find is in answers.json. It does not know which values a cloud
takes, nor which arguments exclude each other.
"""

from __future__ import annotations

import base64
import datetime
import functools
import hashlib
import json
import os
import sys
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import grpc
import msgpack
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))
messages = grpc.protos("plugin.proto")
ANSWERS = json.loads((HERE / "answers.json").read_text())
UNKNOWN = msgpack.ExtType(0, b"\0")
NESTING = {"single": 1, "list": 2, "set": 3, "map": 4}
LARGEST = 1 << 28  # bytes of a message: the schema is one


class StandIn:
    """Answers what Terraform asks; each method takes and gives the bytes of a message."""

    def __init__(self, schema: dict[str, Any]) -> None:
        self.schema = schema

    def GetSchema(self, _asked: bytes) -> bytes:
        answer = messages.GetSchemaAnswer()
        answer.provider.block.CopyFrom(told(self.schema["provider"]))
        for name, block in self.schema["resources"].items():
            answer.resource_schemas[name].block.CopyFrom(told(block))
        for name, block in self.schema["data"].items():
            answer.data_source_schemas[name].block.CopyFrom(told(block))
        return bytes(answer.SerializeToString())

    def PrepareProviderConfig(self, asked: bytes) -> bytes:
        config = messages.PrepareAsked.FromString(asked).config
        return bytes(messages.PrepareAnswer(prepared_config=config).SerializeToString())

    def ValidateResourceTypeConfig(self, _asked: bytes) -> bytes:
        """Terraform itself compares a configuration with the schema; more is not known here."""
        return b""

    ValidateDataSourceConfig = Configure = Stop = ValidateResourceTypeConfig

    def UpgradeResourceState(self, asked: bytes) -> bytes:
        state = json.loads(messages.UpgradeAsked.FromString(asked).raw_state.json)
        return bytes(messages.UpgradeAnswer(upgraded_state=packed(state)).SerializeToString())

    def ReadResource(self, asked: bytes) -> bytes:
        read = messages.ReadAsked.FromString(asked)
        return bytes(messages.ReadAnswer(new_state=read.current_state, private=read.private).SerializeToString())

    def PlanResourceChange(self, asked: bytes) -> bytes:
        plan = messages.PlanAsked.FromString(asked)
        wanted = unpacked(plan.proposed_new_state)
        if unpacked(plan.prior_state) is None:
            wanted = filled(self.schema["resources"][plan.type_name], wanted, lambda _name, _type: UNKNOWN)
        return bytes(messages.PlanAnswer(planned_state=packed(wanted), legacy_type_system=True).SerializeToString())

    def ApplyResourceChange(self, asked: bytes) -> bytes:
        order = messages.ApplyAsked.FromString(asked)
        wanted = unpacked(order.planned_state)
        seed = f"{order.type_name} {json.dumps(wanted, sort_keys=True, default=str)}"
        made = filled(self.schema["resources"][order.type_name], wanted, functools.partial(made_up, seed), known=True)
        return bytes(messages.ApplyAnswer(new_state=packed(made), legacy_type_system=True).SerializeToString())

    def ReadDataSource(self, asked: bytes) -> bytes:
        read = messages.DataAsked.FromString(asked)
        config = unpacked(read.config) | ANSWERS.get(read.type_name, {})
        found = filled(
            self.schema["data"][read.type_name], config, functools.partial(made_up, read.type_name), known=True
        )
        return bytes(messages.DataAnswer(state=packed(found)).SerializeToString())


def told(block: dict[str, Any]) -> Any:
    """A block as Terraform wants to be told of it."""
    made = messages.Schema.Block()
    for name, one in sorted(block["attributes"].items()):
        rules = {rule: one[rule] for rule in ("required", "optional", "computed")}
        made.attributes.add(name=name, type=json.dumps(one["type"]).encode(), **rules)
    for name, one in sorted(block["blocks"].items()):
        made.block_types.add(
            type_name=name, block=told(one["block"]), nesting=NESTING[one["nesting"]],
            min_items=one["min"], max_items=one["max"],
        )  # fmt: skip
    return made


def unpacked(value: Any) -> Any:
    return msgpack.unpackb(value.msgpack, raw=False, strict_map_key=False) if value.msgpack else None


def packed(value: Any) -> Any:
    return messages.DynamicValue(msgpack=msgpack.packb(value, use_bin_type=True))


def filled(block: dict[str, Any], given: Any, leaf: Callable[[str, Any], Any], *, known: bool = False) -> Any:
    """``given`` with what the cloud sets from ``leaf``; ``known``: what is still unknown too."""
    if not isinstance(given, dict):
        return given
    made = dict(given)
    for name, one in block["attributes"].items():
        value = made.get(name)
        if (value is None and one["computed"]) or (known and isinstance(value, msgpack.ExtType)):
            made[name] = leaf(name, one["type"])
    for name, one in block["blocks"].items():
        value, fill = made.get(name), functools.partial(filled, one["block"], leaf=leaf, known=known)
        if isinstance(value, list):
            made[name] = [fill(part) for part in value]
        elif one["nesting"] == "map" and isinstance(value, dict):
            made[name] = {key: fill(part) for key, part in value.items()}
        else:
            made[name] = fill(value)
    return made


def made_up(seed: str, name: str, kind: Any) -> Any:
    """What a cloud could have set: the same for the same resource."""
    digest = hashlib.sha256(f"{seed} {name}".encode()).hexdigest()
    if kind == "string":
        is_address = any(part in ("address", "addresses", "ip") for part in name.split("_"))
        number = int(digest[:8], 16)
        return f"10.0.{number % 256}.{number // 256 % 254 + 1}" if is_address else f"{name}-{digest[:12]}"
    if kind in ("number", "bool"):
        return 0 if kind == "number" else False
    if isinstance(kind, list) and kind[0] == "object":
        return {key: made_up(seed, key, one) for key, one in kind[1].items()}
    if isinstance(kind, list) and kind[0] != "map":
        return [made_up(seed, name, kind[1])]
    return {} if isinstance(kind, list) else None


class Door(grpc.GenericRpcHandler):  # type: ignore[misc]  # grpcio has no types
    """Leads a call to the method of its name."""

    def __init__(self, stand_in: StandIn, closing: threading.Event) -> None:
        self.stand_in, self.closing = stand_in, closing

    def service(self, call: Any) -> Any:
        service, _, method = call.method.lstrip("/").partition("/")
        if service == "tfplugin5.Provider" and method[:1].isupper() and hasattr(self.stand_in, method):
            answer = getattr(self.stand_in, method)
            return grpc.unary_unary_rpc_method_handler(lambda asked, _context: answer(asked))
        if service == "plugin.GRPCController":
            return grpc.unary_unary_rpc_method_handler(lambda _asked, _context: self.close())
        return None

    def close(self) -> bytes:
        self.closing.set()
        return b""


def certificate() -> tuple[bytes, x509.Certificate]:
    """A key (PEM) and its certificate, for this process only."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    now = datetime.datetime.now(datetime.UTC)
    builder = x509.CertificateBuilder(
        issuer_name=name, subject_name=name, public_key=key.public_key(), serial_number=1,
        not_valid_before=now - datetime.timedelta(hours=1), not_valid_after=now + datetime.timedelta(days=1),
    )  # fmt: skip
    builder = builder.add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
    builder = builder.add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
    pem = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    return pem, builder.sign(key, hashes.SHA256())


def main() -> None:
    """Serves until Terraform says that it is enough."""
    if "TF_PLUGIN_MAGIC_COOKIE" not in os.environ:
        sys.exit("This is a provider of Terraform, which starts it itself; see ladder.py.")
    closing = threading.Event()
    sizes = [("grpc.max_receive_message_length", LARGEST), ("grpc.max_send_message_length", LARGEST)]
    server = grpc.server(ThreadPoolExecutor(8), options=sizes)
    server.add_generic_rpc_handlers((Door(StandIn(json.loads(Path(sys.argv[1]).read_text())), closing),))
    key, made = certificate()
    secure = grpc.ssl_server_credentials([(key, made.public_bytes(serialization.Encoding.PEM))])
    port = server.add_secure_port("127.0.0.1:0", secure)
    server.start()
    der = base64.b64encode(made.public_bytes(serialization.Encoding.DER)).decode().rstrip("=")
    print(f"1|5|tcp|127.0.0.1:{port}|grpc|{der}", flush=True)
    closing.wait()
    server.stop(1).wait()


if __name__ == "__main__":
    main()
