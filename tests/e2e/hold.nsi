; Holds the file that its argument names, as a virus scanner does that reads it: nobody can rename it until C:\end.txt is
; there. C:\held.txt says that it is held.
Unicode true
Target amd64-unicode
SilentInstall silent
RequestExecutionLevel user
OutFile "${OUTPUT}"
!include "FileFunc.nsh"
!include "LogicLib.nsh"

Section
    ${GetParameters} $0
    System::Call 'kernel32::CreateFileW(w r0, i 0x80000000, i 3, p 0, i 3, i 0, p 0) p .r1' ; read; others may read, write
    FileOpen $2 "C:\held.txt" w
    FileClose $2
    ${For} $2 1 600
        ${If} ${FileExists} "C:\end.txt"
            ${Break}
        ${EndIf}
        Sleep 100
    ${Next}
    System::Call 'kernel32::CloseHandle(p r1)'
SectionEnd
