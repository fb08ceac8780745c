"""Wine's Task Scheduler for pywin32, on Windows alone.

Wine answers no call by its name (IDispatch), so each goes to its place in the table of its interface (taskschd.h).
These are the calls that `schedule/windows/service.py` makes. What Wine 8 has not (E_NOTIMPL) is as of a task that
has not run: its next start, and its last result. It keeps no triggers, accounts or actions, and starts nothing.
"""

import ctypes
import sys
from ctypes import POINTER, byref, c_double, c_int32, c_uint16, c_void_p, wintypes
from datetime import datetime, timedelta
from typing import Any

import pythoncom

assert sys.platform == "win32"

_OLE, _STRINGS = ctypes.windll.ole32, ctypes.windll.oleaut32
_STRINGS.SysAllocString.restype = c_void_p
_STRINGS.SysAllocString.argtypes = [ctypes.c_wchar_p]
_STRINGS.SysFreeString.argtypes = [c_void_p]
_OLE.CoCreateInstance.argtypes = [c_void_p, c_void_p, wintypes.DWORD, c_void_p, c_void_p]
_SERVICE = "{0f87369f-a4e5-4cfc-bd3e-73e6154572dd}"
_INTERFACE = "{2faba4c7-4da9-4013-9697-20cc3fd40f85}"
_IN_PROCESS = 1
_TEXT = 8  # VT_BSTR
_DAY_ZERO = datetime(1899, 12, 30)
_HAS_NOT_RUN = 0x41303


class _Variant(ctypes.Structure):
    _fields_ = (("type", c_uint16), ("reserved", c_uint16 * 3), ("value", c_void_p), ("more", c_void_p))


class _Object:
    """A COM object, whose calls go by their place in its table."""

    def __init__(self, pointer: c_void_p) -> None:
        self._pointer = pointer

    def _call(self, place: int, types: list[Any], *arguments: object) -> None:
        table = ctypes.cast(ctypes.cast(self._pointer, POINTER(c_void_p))[0], POINTER(c_void_p))
        function = ctypes.WINFUNCTYPE(c_int32, c_void_p, *types)(table[place])
        code = function(self._pointer, *arguments)
        if code < 0:
            raise pythoncom.com_error(code, f"call {place}", None, None)

    def _text(self, place: int) -> str:
        found = c_void_p()
        self._call(place, [c_void_p], byref(found))
        text = ctypes.wstring_at(found.value) if found.value else ""
        _STRINGS.SysFreeString(found)
        return text


class _Task(_Object):
    LastTaskResult = _HAS_NOT_RUN
    NextRunTime = _DAY_ZERO

    @property
    def State(self) -> int:
        found = c_int32()
        self._call(9, [c_void_p], byref(found))
        return found.value

    @property
    def LastRunTime(self) -> datetime:
        found = c_double()
        self._call(15, [c_void_p], byref(found))
        return _DAY_ZERO + timedelta(days=found.value)

    @property
    def Xml(self) -> str:
        return self._text(20)


class _Folder(_Object):
    def GetTask(self, name: str) -> _Task:
        found = c_void_p()
        self._call(13, [c_void_p, c_void_p], _STRINGS.SysAllocString(name), byref(found))
        return _Task(found)

    def RegisterTask(
        self, name: str, xml: str, flags: int, user: str, password: str, logon: int, sddl: str
    ) -> _Task:
        texts = [_STRINGS.SysAllocString(text) for text in (name, xml)]
        types = [c_void_p, c_void_p, c_int32, _Variant, _Variant, c_int32, _Variant, c_void_p]
        made = c_void_p()
        self._call(16, types, *texts, flags, _text(user), _text(password), logon, _text(sddl), byref(made))
        return _Task(made)


class _Service(_Object):
    def Connect(self) -> None:
        self._call(10, [_Variant] * 4, *(_Variant() for _ in range(4)))

    def GetFolder(self, path: str) -> _Folder:
        found = c_void_p()
        self._call(7, [c_void_p, c_void_p], _STRINGS.SysAllocString(path), byref(found))
        return _Folder(found)


def dispatch(name: str) -> _Service:
    """The service, as `win32com.client.dynamic.Dispatch` gives it elsewhere. Raises pythoncom.com_error."""
    assert name == "Schedule.Service"
    found = c_void_p()
    code = _OLE.CoCreateInstance(_id(_SERVICE), None, _IN_PROCESS, _id(_INTERFACE), byref(found))
    if code < 0:
        raise pythoncom.com_error(code, "CoCreateInstance", None, None)
    return _Service(found)


def _id(text: str) -> Any:
    found = ctypes.create_string_buffer(16)
    _OLE.CLSIDFromString(ctypes.c_wchar_p(text), found)
    return found


def _text(value: str) -> _Variant:
    return _Variant(_TEXT, (c_uint16 * 3)(), _STRINGS.SysAllocString(value), None)
