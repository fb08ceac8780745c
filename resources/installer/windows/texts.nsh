; What the installer says beyond NSIS's own texts.

!macro TEXT name english german japanese
    LangString ${name} ${LANG_ENGLISH} "${english}"
    LangString ${name} ${LANG_GERMAN} "${german}"
    LangString ${name} ${LANG_JAPANESE} "${japanese}"
!macroend

!insertmacro TEXT ForWhom "For whom" "Für wen" "対象ユーザー"
!insertmacro TEXT ForWhomHint \
    "For you alone, no administrator rights are needed." \
    "Nur für Sie braucht es keine Administratorrechte." \
    "自分だけの場合、管理者権限は不要です。"
!insertmacro TEXT OnlyMe "Only for me" "Nur für mich" "自分だけ"
!insertmacro TEXT Everybody "For all users of this computer" "Für alle Benutzer dieses Computers" \
    "このコンピューターのすべてのユーザー"
!insertmacro TEXT InTerminals "Let terminals find audit-trails-export by its name (PATH)" \
    "Terminals finden audit-trails-export über seinen Namen (PATH)" \
    "ターミナルから audit-trails-export を名前で実行できるようにする (PATH)"
!insertmacro TEXT AlsoForYou \
    "It is also installed for you alone, in $0. That one stays, and runs your daily export until you remove it." \
    "Es ist auch für Sie allein installiert, in $0. Das bleibt, und führt Ihren täglichen Export aus, bis Sie es entfernen." \
    "自分だけのためのインストールも $0 にあります。削除するまで残り、毎日のエクスポートを実行します。"
!insertmacro TEXT IsForAll \
    "It is already installed for all users, in $0. Install it once more, for you alone?" \
    "Es ist schon für alle Benutzer installiert, in $0. Noch einmal installieren, nur für Sie?" \
    "すでにすべてのユーザー用に $0 にインストールされています。自分だけのためにもう一度インストールしますか？"
!insertmacro TEXT Waiting "Waiting until the running export has ended …" "Warten, bis der laufende Export beendet ist …" \
    "実行中のエクスポートの終了を待っています…"
!insertmacro TEXT InUse \
    "Audit Trails Export is running. Close its window, or wait until the export has ended; then try again." \
    "Audit Trails Export läuft. Schließen Sie das Fenster, oder warten Sie, bis der Export beendet ist; dann noch einmal." \
    "Audit Trails Export が実行中です。ウィンドウを閉じるか、エクスポートの終了を待ってから再試行してください。"
!insertmacro TEXT AnotherSetup \
    "Another installation of Audit Trails Export is under way. Wait until it has ended." \
    "Eine andere Installation von Audit Trails Export läuft gerade. Warten Sie, bis sie fertig ist." \
    "Audit Trails Export の別のインストールが進行中です。終了するまでお待ちください。"
!insertmacro TEXT NeedsRights \
    "To install or remove it for all users, start this as an administrator." \
    "Um es für alle Benutzer zu installieren oder zu entfernen, starten Sie dies als Administrator." \
    "すべてのユーザー用のインストールまたは削除は、管理者として実行してください。"
!insertmacro TEXT NewerInstalled \
    "A newer version is installed. To go back, remove it first; its settings may be too new for this version." \
    "Eine neuere Version ist installiert. Entfernen Sie diese zuerst; ihre Einstellungen können für diese Version zu neu sein." \
    "新しいバージョンがインストールされています。戻すには、まず削除してください。設定がこのバージョンでは読めない場合があります。"
!insertmacro TEXT Needs64 "This program needs a 64-bit Windows." "Dieses Programm braucht ein 64-Bit-Windows." \
    "このプログラムには 64 ビット版 Windows が必要です。"
!insertmacro TEXT Failed \
    "Files could not be written or removed. Is the folder writable, and is there room on the disk?" \
    "Dateien konnten nicht geschrieben oder entfernt werden. Ist der Ordner beschreibbar, und ist Platz auf dem Datenträger?" \
    "ファイルを書き込めないか、削除できません。フォルダーに書き込めるか、ディスクに空きがあるか確認してください。"
!insertmacro TEXT TaskStays \
    "The daily task could not be removed; it does nothing without the program." \
    "Die tägliche Aufgabe konnte nicht entfernt werden; ohne das Programm tut sie nichts." \
    "毎日のタスクを削除できませんでした。プログラムがなければ何も実行しません。"
!insertmacro TEXT KeepSettings \
    "Keep your settings, events and record of exports, for a later installation?" \
    "Ihre Einstellungen, Ereignisse und die Aufzeichnung der Exporte für eine spätere Installation behalten?" \
    "設定、イベント、エクスポートの記録を、後のインストールのために残しますか？"
