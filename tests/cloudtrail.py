"""Made-up records in the shape of AWS CloudTrail's: the same keys, about the same sizes, nobody's data.

One seed gives the same records each time. Addresses and accounts are those that documents use as examples.
"""

import json
import random
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

DAY = "2023-07-10"
LIKE_THE_REAL_ONES = 2900  # records of a day; CloudTrail wrote so many into 55 files
_ACCOUNT = "111122223333"
_USERS = ("ines", "benjamin", "zoë", "deploy", "backup", "o'hara")
_ROLES = ("app-server", "ci-runner", "nightly-report")
_AGENTS = (
    "aws-cli/2.11.0 Python/3.11.2 Linux/6.1.0 exe/x86_64.debian.12 prompt/off command/iam.get-user",
    "APN/1.0 HashiCorp/1.0 Terraform/1.5.2 (+https://www.terraform.io) terraform-provider-aws/5.7.0 (+https://registry.terraform.io/providers/hashicorp/aws)",
    "AWS Internal",
    "Mozilla/5.0 (X11; Linux x86_64; rv:102.0) Gecko/20100101 Firefox/102.0",
)
_POLICY = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}


def records(count: int, seed: int = 1) -> list[dict[str, Any]]:
    """`count` records of one day, in order of time; several may be of one second.

    A few in a row are of one caller, as when a tool works.
    """
    chance = random.Random(seed)
    begin = datetime.fromisoformat(f"{DAY}T00:00:00")
    moments = [begin + timedelta(seconds=at) for at in sorted(chance.randrange(86_400) for _ in range(count))]
    made: list[dict[str, Any]] = []
    while len(made) < count:
        caller = _caller(chance, moments[len(made)])
        for moment in moments[len(made) : len(made) + chance.randrange(1, 9)]:
            made.append(_record(chance, len(made), moment, caller))
    return made


def write_folder(folder: Path, count: int = 120, seed: int = 1) -> list[dict[str, Any]]:
    """Write records into files as CloudTrail does: some minutes in each, many or a single one."""
    chance = random.Random(seed)
    made = records(count, seed)
    folder.mkdir(parents=True, exist_ok=True)
    rest = list(made)
    while rest:
        portion, rest = _cut(rest, chance.choice((1, 2, 13, 29, 57)))
        at = portion[0]["eventTime"].replace("-", "").replace(":", "")[:13]
        name = f"{_ACCOUNT}_CloudTrail_us-east-1_{at}Z_{_letters(chance, 16)}.json"
        (folder / name).write_text(
            json.dumps({"Records": portion}, separators=(",", ":"), ensure_ascii=False), encoding="utf-8"
        )
    return made


def _cut(items: list[Any], at: int) -> tuple[list[Any], list[Any]]:
    return items[:at], items[at:]


def _caller(chance: random.Random, at: datetime) -> dict[str, Any]:
    return {
        "userIdentity": _identity(chance, at),
        "sourceIPAddress": f"192.0.2.{chance.randrange(255)}",
        "userAgent": chance.choice(_AGENTS),
    }


def _record(chance: random.Random, number: int, at: datetime, caller: dict[str, Any]) -> dict[str, Any]:
    source, action, parameters, answer = _CALLS[number % len(_CALLS)](chance)
    record: dict[str, Any] = {
        "eventVersion": "1.08",
        **caller,
        "eventTime": f"{at.isoformat()}Z",
        "eventSource": f"{source}.amazonaws.com",
        "eventName": action,
        "awsRegion": chance.choice(("us-east-1", "us-east-1", "eu-central-1")),
        "requestParameters": parameters,
        "responseElements": answer,
        "requestID": _uuid(chance),
        "eventID": _uuid(chance),
        "readOnly": answer is None,
        "eventType": "AwsApiCall",
        "managementEvent": True,
        "recipientAccountId": _ACCOUNT,
        "eventCategory": "Management",
    }
    if chance.random() < 0.1:
        record["errorCode"] = "AccessDenied"
        record["errorMessage"] = "User is not authorized to perform: =|\\ on\r\nresource: *"
    if chance.random() < 0.25:
        record["resources"] = [
            {"accountId": _ACCOUNT, "type": "AWS::KMS::Key", "ARN": _arn("kms", f"key/{_uuid(chance)}")}
        ]
    if chance.random() < 0.8:
        record["tlsDetails"] = {
            "tlsVersion": "TLSv1.2",
            "cipherSuite": "ECDHE-RSA-AES128-GCM-SHA256",
            "clientProvidedHostHeader": f"{source}.us-east-1.amazonaws.com",
        }
    if number % 2:
        record["additionalEventData"] = {
            "SignatureVersion": "SigV4", "CipherSuite": "ECDHE-RSA-AES128-GCM-SHA256", "bytesTransferredIn": 0,
            "AuthenticationMethod": "AuthHeader", "bytesTransferredOut": 480, "x-amz-id-2": _letters(chance, 12),
        }  # fmt: skip
    if chance.random() < 0.01:
        record["sharedEventID"] = _uuid(chance)
    return record


def _identity(chance: random.Random, at: datetime) -> dict[str, Any]:
    kind = chance.choices(("IAMUser", "AssumedRole", "AWSService", "AWSAccount"), (92, 4, 2, 2))[0]
    if kind == "AWSService":
        return {"type": kind, "invokedBy": "ec2.amazonaws.com"}
    if kind == "AWSAccount":
        return {"type": kind, "principalId": _key("AIDA", "other"), "accountId": _ACCOUNT}
    session = {
        "sessionIssuer": {},
        "webIdFederationData": {},
        "attributes": {"creationDate": f"{at.isoformat()}Z", "mfaAuthenticated": "false"},
    }
    if kind == "AssumedRole":
        role = chance.choice(_ROLES)
        issuer = {"type": "Role", "arn": _arn("iam", f"role/{role}"), "accountId": _ACCOUNT, "userName": role}
        return {
            "type": kind,
            "principalId": f"{_key('AROA', role)}:{role}",
            "arn": _arn("sts", f"assumed-role/{role}/{role}"),
            "accountId": _ACCOUNT,
            "accessKeyId": _key("ASIA", role),
            "sessionContext": {**session, "sessionIssuer": issuer},
        }
    user = chance.choice(_USERS)
    return {
        "type": kind,
        "principalId": _key("AIDA", user),
        "arn": _arn("iam", f"user/{user}"),
        "accountId": _ACCOUNT,
        "accessKeyId": _key("AKIA", user),
        "userName": user,
        **({"sessionContext": session} if chance.random() < 0.2 else {}),
    }


# Each gives service, action, parameters and answer. What an event is named by is in the parameters, or nowhere.


def _put_bucket_policy(chance: random.Random) -> tuple[str, str, Any, Any]:
    return "s3", "PutBucketPolicy", {"bucketName": f"audit-{_letters(chance, 6)}", "bucketPolicy": _POLICY}, None


def _get_user(chance: random.Random) -> tuple[str, str, Any, Any]:
    return "iam", "GetUser", {"userName": chance.choice(_USERS)}, None


def _create_role(chance: random.Random) -> tuple[str, str, Any, Any]:
    role = {"roleName": chance.choice(_ROLES), "roleId": f"AROA{_letters(chance, 16)}"}
    document = json.dumps(_POLICY, indent=4)
    return "iam", "CreateRole", {**role, "assumeRolePolicyDocument": document}, {"role": {**role, "path": "/"}}


def _describe(chance: random.Random) -> tuple[str, str, Any, Any]:
    items = [{"routeTableId": f"rtb-{chance.randrange(1 << 64):017x}"} for _ in range(chance.randrange(1, 5))]
    return "ec2", "DescribeRouteTables", {"routeTableIdSet": {"items": items}, "filterSet": {}}, None


def _decrypt(chance: random.Random) -> tuple[str, str, Any, Any]:
    context = {"PARAMETER_ARN": _arn("ssm", f"parameter/{_letters(chance, 9)}")}
    return "kms", "Decrypt", {"encryptionContext": context, "encryptionAlgorithm": "SYMMETRIC_DEFAULT"}, None


def _without_parameters(_: random.Random) -> tuple[str, str, Any, Any]:
    return "sts", "GetCallerIdentity", None, None


def _run_instances(chance: random.Random) -> tuple[str, str, Any, Any]:
    """Its answer is longer than a value of CEF may be, now and then."""
    instances = [
        {"instanceId": f"i-{chance.randrange(1 << 68):017x}", "state": {"code": 0, "name": "pending"}, "cost": 0.1}
        for _ in range(60 if chance.random() < 0.1 else 6)
    ]
    asked = {"instanceType": "t3.micro", "minCount": 1, "maxCount": len(instances), "userData": "<hidden>"}
    return "ec2", "RunInstances", asked, {"instancesSet": {"items": instances}}


_CALLS = (
    _describe, _decrypt, _get_user, _describe, _without_parameters, _put_bucket_policy, _decrypt, _describe,
    _create_role, _decrypt, _get_user, _describe, _run_instances,
)  # fmt: skip


def _arn(service: str, resource: str) -> str:
    return f"arn:aws:{service}::{_ACCOUNT}:{resource}"


def _key(kind: str, name: str) -> str:
    """An identifier of a user, role or key: always the same for one name."""
    return kind + _letters(random.Random(kind + name), 16)


def _uuid(chance: random.Random) -> str:
    return str(UUID(int=chance.getrandbits(128), version=4))


def _letters(chance: random.Random, count: int) -> str:
    return "".join(chance.choices("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", k=count))
