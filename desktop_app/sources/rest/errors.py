"""What can go wrong between here and a service's API."""

from typing import ClassVar

from desktop_app.errors import ExitCode, UserError
from desktop_app.sources.kind import Gone


class ServiceUnreachable(UserError):
    """No whole answer came."""

    exit_code: ClassVar[ExitCode] = ExitCode.UNREACHABLE
    may_pass: ClassVar[bool] = True


class CertificateRefused(UserError):
    """Who answers can't show that it is the service."""

    exit_code: ClassVar[ExitCode] = ExitCode.PROTOCOL


class NotAccepted(UserError):
    """The service does not take the secret, or lets nobody read with it."""

    exit_code: ClassVar[ExitCode] = ExitCode.NO_PERMISSION


class NotUnderstood(UserError):
    """The service says that what was asked can't be answered."""

    exit_code: ClassVar[ExitCode] = ExitCode.CONFIG


class StrangeAnswer(UserError):
    """The service answers what it should not."""

    exit_code: ClassVar[ExitCode] = ExitCode.PROTOCOL


class AskLater(UserError):
    """The service wants fewer requests than there is time to wait for."""

    exit_code: ClassVar[ExitCode] = ExitCode.TRY_LATER
    may_pass: ClassVar[bool] = True


class EventsGone(Gone):
    """The service no longer has events that were not collected."""

    exit_code: ClassVar[ExitCode] = ExitCode.BAD_DATA
