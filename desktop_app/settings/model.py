"""The settings as plain data: one struct a table of `config.toml`, field names equal to its keys."""

from typing import Literal

from msgspec import Struct, field

from desktop_app.settings.algorithms import default_names
from desktop_app.settings.instance_name import default_instance

SETTINGS_VERSION = 2

ArchiveFormat = Literal["json", "cef"]
"""What an archive has its events as; also the ending of its data file."""

Login = Literal["password", "key", "agent"]
"""What proves to a server who logs in: a password, a key in a file, or one that an SSH agent has."""


class ExportSettings(Struct, frozen=True, kw_only=True):
    """`[export]`: what the archives are like."""

    format: ArchiveFormat = "json"
    instance: str = field(default_factory=default_instance)
    timezone: str = "local"


class ServerSettings(Struct, frozen=True, kw_only=True):
    """`[server]`: where the archives go. `host` may carry a port; an empty host means not configured.

    `key_file` is the private key of the login by `key`. By `agent` it may name the public key of the one that is
    meant; empty, all that the agent has are tried.
    """

    host: str = ""
    user: str = ""
    auth: Login = "password"
    key_file: str = ""
    path: str = ""
    key_exchange: tuple[str, ...] = field(default_factory=lambda: default_names("key_exchange"))
    ciphers: tuple[str, ...] = field(default_factory=lambda: default_names("ciphers"))
    hmac: tuple[str, ...] = field(default_factory=lambda: default_names("hmac"))


class CefSettings(Struct, frozen=True, kw_only=True):
    """`[cef]`: the first three fields of a CEF header."""

    version: Literal[25, 0, 1] = 25
    device_vendor: str = "Ivanti Inc"
    device_product: str = "Ivanti Neurons for MDM"


NO_SPREAD = "0m"
"""The `spread` by which a task starts at the daily time itself."""


class ScheduleSettings(Struct, frozen=True, kw_only=True):
    """`[schedule]`: when the daily task runs, local time of day as HH:MM, and the span after it (as `30m`) in
    which each installation has its own moment."""

    at: str = "02:00"
    spread: str = "30m"


class EvidenceSettings(Struct, frozen=True, kw_only=True):
    """`[evidence]`: `timestamp_url` is an RFC 3161 service; empty, no time stamps are asked for."""

    timestamp_url: str = ""


class StoreSettings(Struct, frozen=True, kw_only=True):
    """`[store]`: how many days delivered events are kept; 0 keeps all."""

    keep_days: int = 90


class NotifySettings(Struct, frozen=True, kw_only=True):
    """`[notify]`: who hears of what besides failures, which go to an address that is kept as a secret.

    `weekly`: that address gets a message each week while all is well. `ping_url` is called after each daily run;
    empty for none.
    """

    weekly: bool = False
    ping_url: str = ""


EPOCH_UNITS = ("epoch-s", "epoch-ms", "epoch-us", "epoch-ns")
"""What numbers since 1970 count; each unit is a thousandth of the one before it."""

TIME_PATTERN = "text:"
"""What a source's `time` begins with where a pattern (`settings.time_pattern`) follows."""


class FieldRule(Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """What a key of an event is made of where a key path does not say it; one of these:

    `const`, a text that is always the same. `text`, a template with key paths in braces. `pairs`, the key path of
    a list whose objects have a name at `key` and what becomes its value at `value`. `path`, a key path: of its
    value `words` say what it means, or `most`, which number stands for 10.
    """

    const: str | None = None
    text: str | None = None
    pairs: str | None = None
    key: str | None = None
    value: str | None = None
    path: str | None = None
    words: dict[str, str] | None = None
    most: int | None = None


FieldPlace = str | FieldRule
FieldPlaces = FieldPlace | tuple[FieldPlace, ...]
"""Where a key of an event comes from: a key path, a rule, or several, of which the first that fits counts."""


class SourceSettings(Struct, frozen=True, kw_only=True, tag_field="kind"):
    """What `[[sources]]` of every kind has. A kind is a subclass, whose tag is the `kind` in the file.

    `fields` says of a key of an audit event where it comes from in a foreign record. `time` is how times are
    written (one of EPOCH_UNITS, `iso`, a TIME_PATTERN, or empty: recognised), `zone` that of times without one:
    UTC or an IANA name. `split` is the key path of a list in a record, each thing in which is an event.
    """

    name: str
    time: str = ""
    zone: str = ""
    split: str = ""
    fields: dict[str, FieldPlaces] = field(default_factory=dict)

    @property
    def mapping(self) -> dict[str, FieldPlaces]:
        """The fields, with those that a kind knows by itself."""
        return self.fields

    @property
    def kind(self) -> str:
        """The kind's name, as in `resources/source_kinds.toml`."""
        return str(self.__struct_config__.tag)


class FolderSource(SourceSettings, frozen=True, kw_only=True, tag="folder"):
    """One `[[sources]]` of kind `folder`.

    `records` is the key path of the list inside a document, or empty. Links that lead out of the folder are read
    only with `follow_links`: who may write there, would else choose what this user reads.
    """

    path: str
    pattern: str = "**/*"
    records: str = ""
    follow_links: bool = False


class JournalSource(SourceSettings, frozen=True, kw_only=True, tag="journal"):
    """One `[[sources]]` of kind `journal`.

    `matches` are those of journalctl(1), apart by spaces, `units` names or patterns of units, apart by commas;
    where there are both, both must be met. `folder` has journals of other computers; empty for that of this one.
    """

    matches: str = "_TRANSPORT=audit"
    units: str = ""
    folder: str = ""


class SftpSource(SourceSettings, frozen=True, kw_only=True, tag="sftp"):
    """One `[[sources]]` of kind `sftp`: the keys of `[server]`, and those of the kind `folder`.

    The password, or the passphrase of the key, is kept by the source's name, the host key where that of the server
    is.
    """

    host: str
    user: str
    auth: Login = "password"
    key_file: str = ""
    path: str = "."
    pattern: str = "**/*"
    records: str = ""
    follow_links: bool = False
    key_exchange: tuple[str, ...] = field(default_factory=lambda: default_names("key_exchange"))
    ciphers: tuple[str, ...] = field(default_factory=lambda: default_names("ciphers"))
    hmac: tuple[str, ...] = field(default_factory=lambda: default_names("hmac"))


class SqlSource(SourceSettings, frozen=True, kw_only=True, tag="sql"):
    """One `[[sources]]` of kind `sql`.

    `url` is SQLAlchemy's, without the password. `table` are names, apart by commas, each with its schema in front
    where it has one; or `select` is a SELECT. Rows are read in the order of `time_column` and `id_column`; of
    each run, again those `again` before the last one, for they may have been committed late, and as far read for
    good as they are older than `settle`.
    """

    url: str
    table: str = ""
    select: str = ""
    time_column: str
    id_column: str
    settle: str = "2m"
    again: str = "24h"
    check_certificate: bool = False

    @property
    def mapping(self) -> dict[str, FieldPlaces]:
        """The columns are the time and, of one table, the id; what `fields` says, counts before that."""
        usual: dict[str, FieldPlaces] = {"createdAt": self.time_column}
        if "," not in self.table:
            usual["id"] = self.id_column
        return usual | self.fields


class ObjectsSource(SourceSettings, frozen=True, kw_only=True, tag="objects"):
    """One `[[sources]]` of kind `objects`.

    `url` is `s3://bucket/prefix`, `gs://…` or `az://container/…`; `pattern`, below the prefix, may have the day in
    it as `%Y`, `%m` and `%d`. `endpoint` is a service other than that of AWS, Google or Azure. `access_key` is the
    id of a key of S3, or the name of an account of Azure; where it is empty, the system's own credentials count.
    Objects are looked for as far back as `again` before the newest one that was read.
    """

    url: str
    pattern: str = "**/*"
    records: str = ""
    endpoint: str = ""
    region: str = ""
    access_key: str = ""
    again: str = "7d"


class Settings(Struct, frozen=True, kw_only=True):
    """All of `config.toml`."""

    version: int = SETTINGS_VERSION
    enabled: bool = False
    export: ExportSettings = field(default_factory=ExportSettings)
    server: ServerSettings = field(default_factory=ServerSettings)
    cef: CefSettings = CefSettings()
    schedule: ScheduleSettings = ScheduleSettings()
    evidence: EvidenceSettings = EvidenceSettings()
    store: StoreSettings = StoreSettings()
    notify: NotifySettings = NotifySettings()
    sources: tuple[SourceSettings, ...] = ()


class ServerAddress(Struct, frozen=True):
    """A host name or address without brackets, and a port."""

    host: str
    port: int

    def __str__(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == 22 else f"{host}:{self.port}"
