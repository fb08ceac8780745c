; A program in place of the real ones, for trying the Windows installer: notes how it was called in C:\said.txt, and as
; `exporter run` goes on until C:\end.txt is there.
Unicode true
Target amd64-unicode
SilentInstall silent
RequestExecutionLevel user
OutFile "${OUTPUT}"
!include "FileFunc.nsh"
!include "LogicLib.nsh"

Section
    ${GetParameters} $0
    FileOpen $1 "C:\said.txt" a
    FileSeek $1 0 END
    FileWrite $1 "$EXEFILE ${VERSION} $0$\r$\n"
    FileClose $1
    ${If} $0 == "exporter run"
        ${For} $2 1 600
            ${If} ${FileExists} "C:\end.txt"
                ${Break}
            ${EndIf}
            Sleep 100
        ${Next}
    ${EndIf}
SectionEnd
