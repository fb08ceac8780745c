"""The daily tasks that start a program which is about to be removed, whatever their homes. Windows only."""

from pathlib import PureWindowsPath
from xml.etree import ElementTree

from desktop_app.schedule.task_state import SchedulerError
from desktop_app.schedule.windows.service import all_tasks
from desktop_app.schedule.windows.task import delete

_COMMAND = ".//{*}Actions/{*}Exec/{*}Command"


def remove_tasks_that_start(folder: PureWindowsPath) -> None:
    """Delete every task that starts a program in `folder`; of an administrator, also those of other users.

    One that stays is no reason to leave the others. Raises SchedulerError for the first that stayed.
    """
    failed: list[SchedulerError] = []
    for name, xml in all_tasks():
        if starts_from(xml, folder):
            try:
                delete(name)
            except SchedulerError as error:
                failed.append(error)
    if failed:
        raise failed[0]


def starts_from(xml: str, folder: PureWindowsPath) -> bool:
    """Whether a task's definition starts a program that lies in `folder`."""
    try:
        commands = ElementTree.fromstring(xml).iterfind(_COMMAND)
        return any(PureWindowsPath((each.text or "").strip('"')).parent == folder for each in commands)
    except ElementTree.ParseError:
        return False
