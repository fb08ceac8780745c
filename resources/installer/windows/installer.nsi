; The Windows installer. Compile (UTF-8):
;   makensis -INPUTCHARSET UTF8 -DVERSION=1.2.3 -DBUNDLE=folder -DICON=file.ico -DOUTPUT=setup.exe installer.nsi
;
; Options:  /S silent   /D=C:\folder (last, without quotes)   /ALLUSERS for all users   /WAIT=seconds for a running export
; and of the uninstaller also /REMOVESETTINGS.
; Exit codes, as deployment tools know them from Windows Installer:
;   0 done   740 needs administrator rights   1602 cancelled   1603 failed   1618 busy, try again later
;   1638 a newer version is installed

Unicode true
Target amd64-unicode
SetCompressor /SOLID lzma
ManifestDPIAware true
RequestExecutionLevel user

!include "FileFunc.nsh"
!include "LogicLib.nsh"
!include "MUI2.nsh"
!include "WordFunc.nsh"
!include "x64.nsh"

!define NAME "Audit Trails Export"
!define KEY "Software\Microsoft\Windows\CurrentVersion\Uninstall\AuditTrailsExport"
!define APP_PATHS "Software\Microsoft\Windows\CurrentVersion\App Paths"
!define CANCELLED 1602
!define FAILED 1603
!define BUSY 1618
!define NEWER_INSTALLED 1638
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

Var AllUsers ; 1 or 0
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

    ; Only one installer of this program at a time.
    Function ${un}BeAlone
        System::Call 'kernel32::CreateMutexW(p 0, i 0, w "Local\AuditTrailsExportSetup") p .r1 ?e'
        Pop $0
        ${If} $0 = 183 ; ERROR_ALREADY_EXISTS
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
        ${For} $4 1 3
            StrCpy $5 "audit-trails.exe"
            ${If} $4 = 1
                StrCpy $5 "audit-trails-export.exe"
            ${ElseIf} $4 = 2
                StrCpy $5 "audit-trails-daily.exe" ; what the Task Scheduler starts
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
    Call ChooseFolder
FunctionEnd

Function RefuseOlder
    ReadRegStr $0 SHCTX "${KEY}" "DisplayVersion"
    ${If} $0 != ""
        ${VersionCompare} "$0" "${VERSION}" $1
        ${If} $1 = 1
            MessageBox MB_OK|MB_ICONEXCLAMATION "$(NewerInstalled)" /SD IDOK
            SetErrorLevel ${NEWER_INSTALLED}
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
    nsDialogs::Show
FunctionEnd

Function LeaveForWhom
    ${NSD_GetState} $Everybody $0
    StrCpy $1 $AllUsers
    StrCpy $AllUsers $0
    ${If} $AllUsers = 1
        UserInfo::GetAccountType
        Pop $0
        ${If} $0 != "Admin" ; start again with the rights, which Windows asks for
            StrCpy $AllUsers $1
            ClearErrors
            ExecShell "runas" "$EXEPATH" "/ALLUSERS"
            ${If} ${Errors}
                Abort
            ${EndIf}
            SetErrorLevel 0
            Quit
        ${EndIf}
    ${EndIf}
    ${If} $1 != $AllUsers
        Call Choose
        Call RefuseOlder
        StrCpy $INSTDIR ""
        Call ChooseFolder
    ${EndIf}
FunctionEnd

!macro PUT name
    ; By renaming: what is there is the old or the new, never half of one.
    ${If} ${FileExists} "$INSTDIR\${name}"
        ClearErrors
        Rename "$INSTDIR\${name}" "$INSTDIR\.old\${name}"
        ${If} ${Errors}
            Call Fail
        ${EndIf}
    ${EndIf}
    ClearErrors
    Rename "$INSTDIR\.new\${name}" "$INSTDIR\${name}"
    ${If} ${Errors}
        Rename "$INSTDIR\.old\${name}" "$INSTDIR\${name}"
        Call Fail
    ${EndIf}
!macroend

Section
    Call Choose
    RMDir /r "$INSTDIR\.new"
    RMDir /r "$INSTDIR\.old"
    ClearErrors
    SetOutPath "$INSTDIR\.new"
    File /r "${BUNDLE}\*"
    SetOutPath "$INSTDIR"
    ${If} ${Errors}
        RMDir /r "$INSTDIR\.new"
        Call Fail
    ${EndIf}
    Call WaitUntilUnused
    CreateDirectory "$INSTDIR\.old"
    !insertmacro PUT "_internal"
    !insertmacro PUT "licences"
    !insertmacro PUT "audit-trails-export.exe"
    !insertmacro PUT "audit-trails-daily.exe"
    !insertmacro PUT "audit-trails.exe"
    RMDir /r "$INSTDIR\.old"
    RMDir /r "$INSTDIR\.new"

    WriteUninstaller "$INSTDIR\uninstall.exe"
    CreateShortcut "$SMPROGRAMS\${NAME}.lnk" "$INSTDIR\audit-trails.exe"
    WriteRegStr SHCTX "${APP_PATHS}\audit-trails.exe" "" "$INSTDIR\audit-trails.exe"
    WriteRegStr SHCTX "${APP_PATHS}\audit-trails-export.exe" "" "$INSTDIR\audit-trails-export.exe"
    StrCpy $1 ""
    ${If} $AllUsers = 1
        StrCpy $1 " /ALLUSERS"
    ${EndIf}
    WriteRegStr SHCTX "${KEY}" "DisplayName" "${NAME}"
    WriteRegStr SHCTX "${KEY}" "DisplayVersion" "${VERSION}"
    WriteRegStr SHCTX "${KEY}" "Publisher" "${NAME}"
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

; Removal

Function un.onInit
    Call un.ReadOptions
    Call un.BeAlone
    Call un.RequireRights
    Call un.Choose
FunctionEnd

Section un.all
    Call un.Choose
    Call un.WaitUntilUnused
    ; The daily tasks: this user's by the program itself; for all users also those that others made.
    nsExec::ExecToLog '"$INSTDIR\audit-trails-export.exe" schedule remove'
    Pop $0
    ${If} $0 != 0
        DetailPrint "$(TaskStays)"
    ${EndIf}
    ${If} $AllUsers = 1
        nsExec::ExecToLog "powershell -NoProfile -NonInteractive -Command $\"Get-ScheduledTask -TaskName audit-trails-export* | Unregister-ScheduledTask -Confirm:$$false$\""
        Pop $0
    ${EndIf}
    Call un.AskForSettings

    RMDir /r "$INSTDIR\_internal"
    RMDir /r "$INSTDIR\licences"
    RMDir /r "$INSTDIR\.old"
    RMDir /r "$INSTDIR\.new"
    Delete "$INSTDIR\audit-trails.exe"
    Delete "$INSTDIR\audit-trails-daily.exe"
    Delete "$INSTDIR\audit-trails-export.exe"
    ${If} ${FileExists} "$INSTDIR\audit-trails-export.exe"
        Call un.Fail
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

; Settings and events stay, unless somebody says otherwise.
Function un.AskForSettings
    ${GetParameters} $0
    ClearErrors
    ${GetOptions} $0 "/REMOVESETTINGS" $1
    ${If} ${Errors}
        MessageBox MB_YESNO|MB_ICONQUESTION "$(KeepSettings)" /SD IDYES IDNO remove
        Return
    ${EndIf}
    remove:
    SetShellVarContext current
    RMDir /r "$LOCALAPPDATA\audit-trails-exporter"
    Call un.Choose
FunctionEnd
