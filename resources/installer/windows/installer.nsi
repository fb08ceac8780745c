; The Windows installer. Compile (UTF-8):
;   makensis -INPUTCHARSET UTF8 -DVERSION=1.2.3 -DBUNDLE=folder -DICON=file.ico -DOUTPUT=setup.exe installer.nsi
;
; And -DSIGN=command, which signs the file that is its last argument: the uninstaller and the installer.
;
; Options:  /S silent   /D=C:\folder (last, without quotes)   /ALLUSERS for all users   /WAIT=seconds for a running export
;           /PATH=no, and yes again: whether terminals find the exporter by its name
; and of the uninstaller also /REMOVESETTINGS.
; Exit codes, as deployment tools know them from Windows Installer:
;   0 done   740 needs administrator rights   1602 cancelled   1603 failed   1618 busy, try again later
;   1638 a newer version is installed, or for one user alone: it is installed for all users

Unicode true
Target amd64-unicode
SetCompressor /SOLID lzma
SetCompressorDictSize 64 ; MB: what both programs have is then kept once
ManifestDPIAware true
RequestExecutionLevel user

!include "FileFunc.nsh"
!include "LogicLib.nsh"
!include "MUI2.nsh"
!include "WordFunc.nsh"
!include "x64.nsh"

!define NAME "Audit Trails Export"
!define PUBLISHER "Audit Trails Export"
!define KEY "Software\Microsoft\Windows\CurrentVersion\Uninstall\AuditTrailsExport"
!define APP_PATHS "Software\Microsoft\Windows\CurrentVersion\App Paths"
!define EVENT_SOURCE "SYSTEM\CurrentControlSet\Services\EventLog\Application\${NAME}"
!define HOME_PAGE "https://github.com/audit-trails-export/audit-trails-export"
!define EXPORTER '"$INSTDIR\audit-trails-export.exe" --home "$PLUGINSDIR"' ; leaves no log in anybody's profile
!define CANCELLED 1602
!define FAILED 1603
!define BUSY 1618
!define OTHER_INSTALLED 1638
!define NEEDS_RIGHTS 740

Name "${NAME}"
OutFile "${OUTPUT}"
BrandingText "${NAME} ${VERSION}"
VIProductVersion "${VERSION_NUMBERS}"
VIAddVersionKey ProductName "${NAME}"
VIAddVersionKey FileDescription "${NAME}, installer"
VIAddVersionKey FileVersion "${VERSION}"
VIAddVersionKey ProductVersion "${VERSION}"
VIAddVersionKey LegalCopyright "MIT licence"
VIAddVersionKey CompanyName "${PUBLISHER}"

!ifdef SIGN
    !uninstfinalize `${SIGN} "%1"` = 0
    !finalize `${SIGN} "%1"` = 0
!endif

Var AllUsers ; 1 or 0
Var OnPath ; 1 or 0
Var Patience ; seconds

; Pages

!define MUI_ICON "${ICON}"
!define MUI_UNICON "${ICON}"
!define MUI_CUSTOMFUNCTION_ABORT OnCancel
!define MUI_CUSTOMFUNCTION_UNABORT un.OnCancel
!insertmacro MUI_PAGE_WELCOME
Page custom ShowForWhom LeaveForWhom
!insertmacro MUI_PAGE_DIRECTORY
!insertmacro MUI_PAGE_INSTFILES
!define MUI_FINISHPAGE_RUN "$INSTDIR\audit-trails.exe"
!insertmacro MUI_PAGE_FINISH
!insertmacro MUI_UNPAGE_CONFIRM
!insertmacro MUI_UNPAGE_INSTFILES
!insertmacro MUI_LANGUAGE "English"
!insertmacro MUI_LANGUAGE "German"
!insertmacro MUI_LANGUAGE "Japanese"
!include "texts.nsh"

; What installer and uninstaller share

!macro SHARED un
    ; Which of the two kinds of installation this is about: shell folders and registry of this user, or of all.
    Function ${un}Choose
        SetRegView 64
        ${If} $AllUsers = 1
            SetShellVarContext all
        ${Else}
            SetShellVarContext current
        ${EndIf}
    FunctionEnd

    Function ${un}ReadOptions
        ${GetParameters} $0
        StrCpy $AllUsers 0
        ClearErrors
        ${GetOptions} $0 "/ALLUSERS" $1
        ${IfNot} ${Errors}
            StrCpy $AllUsers 1
        ${EndIf}
        StrCpy $Patience 600
        ClearErrors
        ${GetOptions} $0 "/WAIT=" $1
        ${IfNot} ${Errors}
            StrCpy $Patience $1
        ${EndIf}
    FunctionEnd

    ; Only one installer at a time: for all users on this computer, for one user alone in all sessions of that user.
    Function ${un}BeAlone
        StrCpy $2 "Global\AuditTrailsExportSetup"
        ${If} $AllUsers <> 1
            ReadEnvStr $0 USERDOMAIN
            ReadEnvStr $1 USERNAME
            StrCpy $2 "$2-$0-$1"
        ${EndIf}
        System::Call 'kernel32::CreateMutexW(p 0, i 0, w r2) p .r1 ?e'
        Pop $0
        ${If} $0 = 183 ; ERROR_ALREADY_EXISTS
        ${OrIf} $0 = 5 ; ERROR_ACCESS_DENIED: it is another user's
            MessageBox MB_OK|MB_ICONEXCLAMATION "$(AnotherSetup)" /SD IDOK
            SetErrorLevel ${BUSY}
            Quit
        ${EndIf}
    FunctionEnd

    Function ${un}RequireRights
        ${If} $AllUsers = 1
            UserInfo::GetAccountType
            Pop $0
            ${If} $0 != "Admin"
                MessageBox MB_OK|MB_ICONEXCLAMATION "$(NeedsRights)" /SD IDOK
                SetErrorLevel ${NEEDS_RIGHTS}
                Quit
            ${EndIf}
        ${EndIf}
    FunctionEnd

    ; Windows lets nobody write to a program that runs. Waits for a running export; asks for an open form to be closed.
    Function ${un}WaitUntilUnused
        StrCpy $2 0
        again:
        StrCpy $3 ""
        ${For} $4 1 2
            StrCpy $5 "audit-trails.exe" ; also what the Task Scheduler starts
            ${If} $4 = 1
                StrCpy $5 "audit-trails-export.exe"
            ${EndIf}
            ${If} ${FileExists} "$INSTDIR\$5"
                ClearErrors
                FileOpen $0 "$INSTDIR\$5" a
                ${If} ${Errors}
                    StrCpy $3 $5
                ${Else}
                    FileClose $0
                ${EndIf}
            ${EndIf}
        ${Next}
        ${If} $3 == ""
            Return
        ${EndIf}
        ${If} $2 < $Patience
            DetailPrint "$(Waiting)"
            Sleep 1000
            IntOp $2 $2 + 1
            Goto again
        ${EndIf}
        MessageBox MB_RETRYCANCEL|MB_ICONEXCLAMATION "$(InUse)" /SD IDCANCEL IDRETRY again
        RMDir /r "$INSTDIR\.new"
        RMDir "$INSTDIR"
        SetErrorLevel ${BUSY}
        Quit
    FunctionEnd

    Function ${un}OnCancel
        SetErrorLevel ${CANCELLED}
    FunctionEnd

    Function ${un}Fail
        DetailPrint "$(Failed)"
        MessageBox MB_OK|MB_ICONSTOP "$(Failed)" /SD IDOK
        SetErrorLevel ${FAILED}
        Quit
    FunctionEnd
!macroend
!insertmacro SHARED ""
!insertmacro SHARED "un."

; Installation

Function .onInit
    ${IfNot} ${RunningX64}
        MessageBox MB_OK|MB_ICONSTOP "$(Needs64)" /SD IDOK
        SetErrorLevel ${FAILED}
        Quit
    ${EndIf}
    Call ReadOptions
    Call BeAlone
    Call RequireRights
    Call Choose
    Call RefuseOlder
    Call LookForOther
    Call ChooseFolder
    Call ChoosePath
FunctionEnd

; Whether terminals are to find the exporter: as the option says, else as it was, else yes.
Function ChoosePath
    StrCpy $OnPath 1
    ReadRegStr $0 SHCTX "${KEY}" "OnPath"
    ${If} $0 == "no"
        StrCpy $OnPath 0
    ${EndIf}
    ${GetParameters} $0
    ClearErrors
    ${GetOptions} $0 "/PATH=" $1
    ${IfNot} ${Errors}
        ${If} $1 == "no"
            StrCpy $OnPath 0
        ${Else}
            StrCpy $OnPath 1
        ${EndIf}
    ${EndIf}
FunctionEnd

; An installation of the other kind stays, and has a window, a task and settings of its own users. For one user alone
; there is none beside one for all users, unless that user says so; what is for all users, no user can stop.
Function LookForOther
    ${If} $AllUsers = 1
        ReadRegStr $0 HKCU "${KEY}" "InstallLocation"
        ${If} $0 != ""
            MessageBox MB_OK|MB_ICONINFORMATION "$(AlsoForYou)" /SD IDOK
        ${EndIf}
        Return
    ${EndIf}
    ReadRegStr $0 HKLM "${KEY}" "InstallLocation"
    ${If} $0 == ""
        Return
    ${EndIf}
    MessageBox MB_YESNO|MB_ICONQUESTION|MB_DEFBUTTON2 "$(IsForAll)" /SD IDNO IDYES beside
    SetErrorLevel ${OTHER_INSTALLED}
    Quit
    beside:
FunctionEnd

Function RefuseOlder
    ReadRegStr $0 SHCTX "${KEY}" "DisplayVersion"
    ${If} $0 != ""
        ${VersionCompare} "$0" "${VERSION}" $1
        ${If} $1 = 1
            MessageBox MB_OK|MB_ICONEXCLAMATION "$(NewerInstalled)" /SD IDOK
            SetErrorLevel ${OTHER_INSTALLED}
            Quit
        ${EndIf}
    ${EndIf}
FunctionEnd

; Where it is already installed, unless /D= names a folder; else the usual place.
Function ChooseFolder
    ${GetParameters} $0
    ${If} $INSTDIR != ""
        Return
    ${EndIf}
    ReadRegStr $INSTDIR SHCTX "${KEY}" "InstallLocation"
    ${If} $INSTDIR == ""
        ${If} $AllUsers = 1
            StrCpy $INSTDIR "$PROGRAMFILES64\${NAME}"
        ${Else}
            StrCpy $INSTDIR "$LOCALAPPDATA\Programs\${NAME}"
        ${EndIf}
    ${EndIf}
FunctionEnd

Var OnlyMe
Var Everybody
Var Terminals

Function ShowForWhom
    !insertmacro MUI_HEADER_TEXT "$(ForWhom)" "$(ForWhomHint)"
    nsDialogs::Create 1018
    Pop $0
    ${NSD_CreateRadioButton} 0 10u 100% 12u "$(OnlyMe)"
    Pop $OnlyMe
    ${NSD_CreateRadioButton} 0 28u 100% 12u "$(Everybody)"
    Pop $Everybody
    ${If} $AllUsers = 1
        ${NSD_Check} $Everybody
    ${Else}
        ${NSD_Check} $OnlyMe
    ${EndIf}
    ${NSD_CreateCheckbox} 0 56u 100% 12u "$(InTerminals)"
    Pop $Terminals
    ${If} $OnPath = 1
        ${NSD_Check} $Terminals
    ${EndIf}
    nsDialogs::Show
FunctionEnd

Function LeaveForWhom
    ${NSD_GetState} $Terminals $OnPath
    ${NSD_GetState} $Everybody $0
    StrCpy $1 $AllUsers
    StrCpy $AllUsers $0
    ${If} $AllUsers = 1
        UserInfo::GetAccountType
        Pop $0
        ${If} $0 != "Admin" ; start again with the rights, which Windows asks for
            StrCpy $AllUsers $1
            ClearErrors
            StrCpy $2 "yes"
            ${If} $OnPath <> 1
                StrCpy $2 "no"
            ${EndIf}
            ExecShell "runas" "$EXEPATH" "/ALLUSERS /PATH=$2"
            ${If} ${Errors}
                Abort
            ${EndIf}
            SetErrorLevel 0
            Quit
        ${EndIf}
    ${EndIf}
    ${If} $1 != $AllUsers
        Call BeAlone
        Call Choose
        Call RefuseOlder
        Call LookForOther
        StrCpy $INSTDIR ""
        Call ChooseFolder
    ${EndIf}
FunctionEnd

; What an installation is made of. Each part is put in its place by renaming, and what was there is kept in .old until
; all are; .gone is what is no longer needed.
!macro EACH_PART do
    !insertmacro ${do} "_internal"
    !insertmacro ${do} "licences"
    !insertmacro ${do} "audit-trails-export.exe"
    !insertmacro ${do} "audit-trails.exe"
    !insertmacro ${do} "uninstall.exe"
!macroend

!macro PUT part
    ${If} $0 = 0
        ClearErrors
        ${If} ${FileExists} "$INSTDIR\${part}"
            Rename "$INSTDIR\${part}" "$INSTDIR\.old\${part}"
        ${EndIf}
        Rename "$INSTDIR\.new\${part}" "$INSTDIR\${part}"
        ${If} ${Errors}
            StrCpy $0 1
        ${EndIf}
    ${EndIf}
!macroend

!macro PUT_BACK part
    ${IfNot} ${FileExists} "$INSTDIR\.new\${part}"
        Rename "$INSTDIR\${part}" "$INSTDIR\.new\${part}"
    ${EndIf}
    ${If} ${FileExists} "$INSTDIR\.old\${part}"
        Rename "$INSTDIR\.old\${part}" "$INSTDIR\${part}"
    ${EndIf}
!macroend

; Undo what was begun: now, or by an installer that was killed. What can't be put back stays in .old.
Function PutBack
    ${If} ${FileExists} "$INSTDIR\.old"
        CreateDirectory "$INSTDIR\.new"
        !insertmacro EACH_PART PUT_BACK
        RMDir "$INSTDIR\.old"
    ${EndIf}
    RMDir /r "$INSTDIR\.new"
FunctionEnd

Section
    Call Choose
    Call PutBack
    RMDir /r "$INSTDIR\.gone"
    ClearErrors
    SetOutPath "$INSTDIR\.new"
    File /r "${BUNDLE}\*"
    WriteUninstaller "$INSTDIR\.new\uninstall.exe"
    SetOutPath "$INSTDIR"
    ${If} ${Errors}
        RMDir /r "$INSTDIR\.new"
        Call Fail
    ${EndIf}
    Call WaitUntilUnused
    CreateDirectory "$INSTDIR\.old"
    StrCpy $0 0
    !insertmacro EACH_PART PUT
    ${If} $0 = 0
        ClearErrors
        Rename "$INSTDIR\.old" "$INSTDIR\.gone" ; from here on it is the new one
        ${If} ${Errors}
            StrCpy $0 1
        ${EndIf}
    ${EndIf}
    ${If} $0 = 1
        Call PutBack
        SetOutPath $TEMP
        RMDir "$INSTDIR" ; only when nothing is in it
        Call Fail
    ${EndIf}
    RMDir /r "$INSTDIR\.gone"
    RMDir "$INSTDIR\.new"

    CreateShortcut "$SMPROGRAMS\${NAME}.lnk" "$INSTDIR\audit-trails.exe"
    WriteRegStr SHCTX "${APP_PATHS}\audit-trails.exe" "" "$INSTDIR\audit-trails.exe"
    WriteRegStr SHCTX "${APP_PATHS}\audit-trails-export.exe" "" "$INSTDIR\audit-trails-export.exe"
    StrCpy $1 ""
    StrCpy $2 ""
    ${If} $AllUsers = 1
        StrCpy $1 " /ALLUSERS"
        StrCpy $2 " --all-users"
        Call PrepareComputer
    ${EndIf}
    ${If} $OnPath = 1
        nsExec::ExecToLog '${EXPORTER} installer add-to-path$2'
        WriteRegStr SHCTX "${KEY}" "OnPath" "yes"
    ${Else}
        nsExec::ExecToLog '${EXPORTER} installer remove-from-path$2'
        WriteRegStr SHCTX "${KEY}" "OnPath" "no"
    ${EndIf}
    Pop $0
    WriteRegStr SHCTX "${KEY}" "DisplayName" "${NAME}"
    WriteRegStr SHCTX "${KEY}" "DisplayVersion" "${VERSION}"
    WriteRegStr SHCTX "${KEY}" "Publisher" "${PUBLISHER}"
    WriteRegStr SHCTX "${KEY}" "URLInfoAbout" "${HOME_PAGE}"
    WriteRegStr SHCTX "${KEY}" "HelpLink" "${HOME_PAGE}/issues"
    WriteRegStr SHCTX "${KEY}" "URLUpdateInfo" "${HOME_PAGE}/releases"
    WriteRegStr SHCTX "${KEY}" "DisplayIcon" "$INSTDIR\audit-trails.exe"
    WriteRegStr SHCTX "${KEY}" "InstallLocation" "$INSTDIR"
    WriteRegStr SHCTX "${KEY}" "UninstallString" '"$INSTDIR\uninstall.exe"$1'
    ; Run where it is, the uninstaller's exit code is that of the whole work.
    WriteRegStr SHCTX "${KEY}" "QuietUninstallString" '"$INSTDIR\uninstall.exe" /S$1 _?=$INSTDIR'
    WriteRegDWORD SHCTX "${KEY}" "NoModify" 1
    WriteRegDWORD SHCTX "${KEY}" "NoRepair" 1
    ${GetSize} "$INSTDIR" "/S=0K" $0 $2 $3
    WriteRegDWORD SHCTX "${KEY}" "EstimatedSize" $0
    SetErrorLevel 0
SectionEnd

; What only an administrator can give: sentences in Event Viewer, and a folder of policies that no user has made.
Function PrepareComputer
    ; Windows' own EventCreate.exe has a message for each number up to 1000 that is the text alone.
    WriteRegExpandStr HKLM "${EVENT_SOURCE}" "EventMessageFile" "%SystemRoot%\System32\EventCreate.exe"
    WriteRegDWORD HKLM "${EVENT_SOURCE}" "TypesSupported" 7
    ; Owner: Administrators. These and SYSTEM may do all, users may read; the last two take a folder over that a user made.
    System::Call 'advapi32::ConvertStringSecurityDescriptorToSecurityDescriptorW(w "O:BAG:BAD:P(A;OICI;FA;;;BA)(A;OICI;FA;;;SY)(A;OICI;0x1200a9;;;BU)", i 1, *p .R0, p 0)'
    System::Call '*(i 24, p R0, i 0) p .R1' ; SECURITY_ATTRIBUTES
    System::Call 'kernel32::CreateDirectoryW(w "$APPDATA\audit-trails-exporter", p R1)'
    System::Free $R1
    System::Call 'kernel32::LocalFree(p R0)'
    nsExec::ExecToLog '"$SYSDIR\icacls.exe" "$APPDATA\audit-trails-exporter" /setowner *S-1-5-32-544'
    Pop $0
    nsExec::ExecToLog '"$SYSDIR\icacls.exe" "$APPDATA\audit-trails-exporter" /reset'
    Pop $0
    nsExec::ExecToLog '"$SYSDIR\icacls.exe" "$APPDATA\audit-trails-exporter" /inheritance:r /grant:r *S-1-5-32-544:(OI)(CI)F *S-1-5-18:(OI)(CI)F *S-1-5-32-545:(OI)(CI)RX'
    Pop $0
FunctionEnd

; Removal

Var RemoveSettings ; 1 or 0

Function un.onInit
    Call un.ReadOptions
    Call un.BeAlone
    Call un.RequireRights
    Call un.Choose
FunctionEnd

Section un.all
    Call un.Choose
    Call un.WaitUntilUnused
    Call un.AskForSettings
    StrCpy $1 ""
    ${If} $AllUsers = 1
        StrCpy $1 " --all-users"
    ${EndIf}
    nsExec::ExecToLog '${EXPORTER} installer remove-from-path$1'
    Pop $0
    ; The daily tasks that start this program, of all homes; an administrator's also those that other users made.
    StrCpy $1 ""
    ${If} $RemoveSettings = 1
        StrCpy $1 " --passwords"
    ${EndIf}
    nsExec::ExecToLog '${EXPORTER} installer leave$1'
    Pop $0
    ${If} $0 != 0 ; it could not ask the Task Scheduler: at least this user's own
        nsExec::ExecToLog '"$SYSDIR\schtasks.exe" /delete /tn audit-trails-export /f'
        Pop $0
        DetailPrint "$(TaskStays)"
    ${EndIf}
    ${If} $RemoveSettings = 1
        SetShellVarContext current
        RMDir /r "$LOCALAPPDATA\audit-trails-exporter"
        Call un.Choose
    ${EndIf}

    RMDir /r "$INSTDIR\_internal"
    RMDir /r "$INSTDIR\licences"
    RMDir /r "$INSTDIR\.old"
    RMDir /r "$INSTDIR\.new"
    RMDir /r "$INSTDIR\.gone"
    Delete "$INSTDIR\audit-trails.exe"
    Delete "$INSTDIR\audit-trails-export.exe"
    ${If} ${FileExists} "$INSTDIR\audit-trails-export.exe"
    ${OrIf} ${FileExists} "$INSTDIR\_internal"
        Call un.Fail
    ${EndIf}
    ${If} $AllUsers = 1
        DeleteRegKey HKLM "${EVENT_SOURCE}"
        RMDir "$APPDATA\audit-trails-exporter" ; only when no policy is in it
    ${EndIf}
    Delete "$SMPROGRAMS\${NAME}.lnk"
    DeleteRegKey SHCTX "${APP_PATHS}\audit-trails.exe"
    DeleteRegKey SHCTX "${APP_PATHS}\audit-trails-export.exe"
    DeleteRegKey SHCTX "${KEY}"
    Delete "$INSTDIR\uninstall.exe"
    SetOutPath $TEMP
    RMDir "$INSTDIR" ; only when nothing of others is in it
    ${If} ${FileExists} "$INSTDIR\uninstall.exe" ; it runs where it is (_?=): to be deleted when it has ended
        StrCpy $0 'if exist "$INSTDIR\uninstall.exe" (ping -n 2 127.0.0.1 >nul & del "$INSTDIR\uninstall.exe")'
        ExecShell "" "$SYSDIR\cmd.exe" '/d /c "(for /l %i in (1,1,30) do @$0) & rmdir "$INSTDIR""' SW_HIDE
    ${EndIf}
    SetErrorLevel 0
SectionEnd

; Settings, events and passwords stay, unless somebody says otherwise.
Function un.AskForSettings
    StrCpy $RemoveSettings 0
    ${GetParameters} $0
    ClearErrors
    ${GetOptions} $0 "/REMOVESETTINGS" $1
    ${If} ${Errors}
        MessageBox MB_YESNO|MB_ICONQUESTION "$(KeepSettings)" /SD IDYES IDNO remove
        Return
    ${EndIf}
    remove:
    StrCpy $RemoveSettings 1
FunctionEnd
