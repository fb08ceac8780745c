<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="ja" sourcelanguage="en">
<context>
    <name>AboutDialog</name>
    <message>
        <source>&amp;Copy</source>
        <translation>コピー(&amp;C)</translation>
    </message>
    <message>
        <source>&amp;Licences</source>
        <translation>ライセンス(&amp;L)</translation>
    </message>
    <message>
        <source>About</source>
        <translation>バージョン情報</translation>
    </message>
    <message>
        <source>Data</source>
        <translation>データ</translation>
    </message>
    <message>
        <source>Report a problem</source>
        <translation>問題を報告</translation>
    </message>
    <message>
        <source>Settings</source>
        <translation>設定</translation>
    </message>
    <message>
        <source>System</source>
        <translation>システム</translation>
    </message>
    <message>
        <source>This program is free software under the MIT licence. It uses Qt and PySide6 under the LGPL 3, Python under the PSF licence, and other free software, whose licences come with the program.</source>
        <translation>このプログラムは MIT ライセンスのフリー ソフトウェアです。LGPL 3 の Qt と PySide6、PSF ライセンスの Python、その他のフリー ソフトウェアを使用しています。それらのライセンスはプログラムに付属しています。</translation>
    </message>
    <message>
        <source>Version</source>
        <translation>バージョン</translation>
    </message>
</context>
<context>
    <name>AboutSource</name>
    <message>
        <source>Events from {oldest} to {newest}.</source>
        <translation>イベントの期間: {oldest} ～ {newest}。</translation>
    </message>
    <message>
        <source>Last read: {when}. Records: {read}, new: {stored}.</source>
        <translation>最終収集: {when}。レコード: {read}、新規: {stored}。</translation>
    </message>
    <message>
        <source>Not read: {why}</source>
        <translation>収集できませんでした: {why}</translation>
    </message>
    <message>
        <source>Nothing was read so far. The next export reads it.</source>
        <translation>まだ収集していません。次のエクスポートで収集します。</translation>
    </message>
    <message>
        <source>Of {read} records so far: {stored} stored, {repeated} repeated, {set_aside} set aside.</source>
        <translation>これまでの {read} レコード: 保存 {stored}、重複 {repeated}、除外 {set_aside}。</translation>
    </message>
    <message>
        <source>They came up to {span} late.</source>
        <translation>遅れは最大 {span}。</translation>
    </message>
</context>
<context>
    <name>AlgorithmList</name>
    <message>
        <source>this server offers it</source>
        <translation>このサーバーが対応しています</translation>
    </message>
    <message>
        <source>weak</source>
        <translation>脆弱</translation>
    </message>
</context>
<context>
    <name>ArchiveModel</name>
    <message>
        <source>Archive</source>
        <translation>アーカイブ</translation>
    </message>
    <message>
        <source>Events</source>
        <translation>イベント</translation>
    </message>
    <message>
        <source>Size</source>
        <translation>サイズ</translation>
    </message>
</context>
<context>
    <name>Breadcrumb</name>
    <message>
        <source>Times in {zone}</source>
        <translation>時刻: {zone}</translation>
    </message>
</context>
<context>
    <name>BrowseDialog</name>
    <message>
        <source>&amp;Create</source>
        <translation>作成(&amp;C)</translation>
    </message>
    <message>
        <source>&amp;Up</source>
        <translation>上へ(&amp;U)</translation>
    </message>
    <message>
        <source>Folders</source>
        <translation>フォルダー</translation>
    </message>
    <message>
        <source>Folders on the server</source>
        <translation>サーバー上のフォルダー</translation>
    </message>
    <message>
        <source>Looking …</source>
        <translation>読み込み中…</translation>
    </message>
    <message>
        <source>My &amp;home folder</source>
        <translation>ホームフォルダー(&amp;H)</translation>
    </message>
    <message>
        <source>Name of a new folder</source>
        <translation>新しいフォルダーの名前</translation>
    </message>
    <message>
        <source>There are no folders in here.</source>
        <translation>ここにはフォルダーがありません。</translation>
    </message>
    <message>
        <source>Use &amp;this folder</source>
        <translation>このフォルダーを使う(&amp;T)</translation>
    </message>
</context>
<context>
    <name>ChangedHostKeyDialog</name>
    <message>
        <source>&amp;Trust the new key</source>
        <translation>新しい鍵を信頼する(&amp;T)</translation>
    </message>
    <message>
        <source>Either it was set up again, or someone is in between and reads along. Nothing was sent. Ask its administrator for the fingerprint of its host key before you go on.</source>
        <translation>サーバーが再構築されたか、第三者が通信を傍受しています。何も送信していません。続行する前に、サーバーの管理者にホスト鍵のフィンガープリントを確認してください。</translation>
    </message>
    <message>
        <source>Now</source>
        <translation>現在</translation>
    </message>
    <message>
        <source>The &amp;fingerprint that the administrator gave you:</source>
        <translation>管理者から受け取ったフィンガープリント(&amp;F):</translation>
    </message>
    <message>
        <source>The fingerprint that the administrator gave you</source>
        <translation>管理者から受け取ったフィンガープリント</translation>
    </message>
    <message>
        <source>The host key has changed</source>
        <translation>ホスト鍵が変わりました</translation>
    </message>
    <message>
        <source>Until now</source>
        <translation>これまで</translation>
    </message>
    <message>
        <source>{server} has another host key than before.</source>
        <translation>{server} のホスト鍵が以前と異なります。</translation>
    </message>
    <message>
        <source>✓ This is the key that the server has now.</source>
        <translation>✓ サーバーの現在の鍵と一致します。</translation>
    </message>
    <message>
        <source>✗ This is not the key that the server has now.</source>
        <translation>✗ サーバーの現在の鍵と一致しません。</translation>
    </message>
</context>
<context>
    <name>DayChart</name>
    <message numerus="yes">
        <source>%Ln day(s) delivered, {events} events</source>
        <translation>
            <numerusform>%Ln 日分を配信済み、イベント {events} 件</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln day(s) failed</source>
        <translation>
            <numerusform>%Ln 日分が失敗</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln day(s) missing</source>
        <translation>
            <numerusform>%Ln 日分が欠落</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln day(s) waiting</source>
        <translation>
            <numerusform>%Ln 日分が待機中</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln event(s) delivered</source>
        <translation>
            <numerusform>%Ln 件のイベントを配信済み</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln event(s) so far</source>
        <translation>
            <numerusform>これまでに %Ln 件のイベント</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln event(s) waiting</source>
        <translation>
            <numerusform>%Ln 件のイベントが待機中</numerusform>
        </translation>
    </message>
    <message>
        <source>Events per day</source>
        <translation>1 日あたりのイベント数</translation>
    </message>
    <message>
        <source>Events per day, {first} to {last}</source>
        <translation>1 日あたりのイベント数、{first} ～ {last}</translation>
    </message>
    <message>
        <source>Today</source>
        <translation>今日</translation>
    </message>
    <message>
        <source>a run failed on this day</source>
        <translation>この日に実行が失敗しました</translation>
    </message>
    <message>
        <source>delivered</source>
        <translation>配信済み</translation>
    </message>
    <message>
        <source>missing: no export ran</source>
        <translation>欠落: エクスポートが実行されていません</translation>
    </message>
    <message>
        <source>the export failed</source>
        <translation>エクスポートに失敗</translation>
    </message>
    <message>
        <source>today</source>
        <translation>今日</translation>
    </message>
    <message>
        <source>waiting for the next run</source>
        <translation>次回の実行を待機中</translation>
    </message>
</context>
<context>
    <name>DifferenceModel</name>
    <message>
        <source>After</source>
        <translation>変更後</translation>
    </message>
    <message>
        <source>Before</source>
        <translation>変更前</translation>
    </message>
    <message>
        <source>Difference</source>
        <translation>差分</translation>
    </message>
    <message>
        <source>Value</source>
        <translation>値</translation>
    </message>
    <message>
        <source>added</source>
        <translation>追加</translation>
    </message>
    <message>
        <source>changed</source>
        <translation>変更</translation>
    </message>
    <message>
        <source>removed</source>
        <translation>削除</translation>
    </message>
    <message>
        <source>the same</source>
        <translation>同じ</translation>
    </message>
</context>
<context>
    <name>DiscardQuestion</name>
    <message>
        <source>Test Connection and Save keeps them.</source>
        <translation>「接続をテストして保存」で保存できます。</translation>
    </message>
    <message>
        <source>There are changes that are not saved.</source>
        <translation>保存していない変更があります。</translation>
    </message>
    <message>
        <source>Unsaved changes</source>
        <translation>保存していない変更</translation>
    </message>
    <message>
        <source>&amp;Stop it and close</source>
        <translation>中止して閉じる(&amp;S)</translation>
    </message>
    <message>
        <source>An export is running</source>
        <translation>エクスポートを実行中</translation>
    </message>
    <message>
        <source>An export is running in this window.</source>
        <translation>このウィンドウでエクスポートを実行中です。</translation>
    </message>
    <message>
        <source>Close when it is &amp;done</source>
        <translation>完了したら閉じる(&amp;D)</translation>
    </message>
    <message>
        <source>What is delivered stays delivered. If you stop it, the next export goes on from there.</source>
        <translation>配信済みのものはそのままです。中止した場合は、次回のエクスポートが続きから始めます。</translation>
    </message>
</context>
<context>
    <name>EventDetails</name>
    <message>
        <source>Close the details</source>
        <translation>詳細を閉じる</translation>
    </message>
    <message>
        <source>Close the details (Esc)</source>
        <translation>詳細を閉じる (Esc)</translation>
    </message>
    <message>
        <source>Copy SHA-&amp;256</source>
        <translation>SHA-256 をコピー(&amp;2)</translation>
    </message>
    <message>
        <source>Copies the SHA-256 of the archive that holds this event</source>
        <translation>このイベントを含むアーカイブの SHA-256 をコピーします</translation>
    </message>
    <message>
        <source>&amp;Before and after</source>
        <translation>変更前と変更後(&amp;B)</translation>
    </message>
    <message>
        <source>&amp;Only differences</source>
        <translation>差分のみ(&amp;O)</translation>
    </message>
    <message>
        <source>Before and after</source>
        <translation>変更前と変更後</translation>
    </message>
    <message>
        <source>&amp;JSON</source>
        <translation>JSON(&amp;J)</translation>
    </message>
    <message>
        <source>The whole event as JSON</source>
        <translation>イベント全体の JSON</translation>
    </message>
    <message>
        <source>&amp;Copy as JSON</source>
        <translation>JSON としてコピー(&amp;C)</translation>
    </message>
    <message>
        <source>Copy one &amp;line</source>
        <translation>1 行でコピー(&amp;L)</translation>
    </message>
    <message>
        <source>As the archive has it</source>
        <translation>アーカイブと同じ形</translation>
    </message>
    <message numerus="yes">
        <source>%Ln added</source>
        <translation>
            <numerusform>追加 %Ln</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln changed</source>
        <translation>
            <numerusform>変更 %Ln</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln removed</source>
        <translation>
            <numerusform>削除 %Ln</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln the same</source>
        <translation>
            <numerusform>同じ %Ln</numerusform>
        </translation>
    </message>
    <message>
        <source>Delivered in {archive}</source>
        <translation>{archive} で配信済み</translation>
    </message>
    <message>
        <source>Delivered in {archive}, {when}</source>
        <translation>{archive} で配信済み、{when}</translation>
    </message>
    <message>
        <source>This event has no state before or after it.</source>
        <translation>このイベントには、変更前や変更後の状態がありません。</translation>
    </message>
    <message>
        <source>Waiting: no delivered archive has this event yet.</source>
        <translation>待機中: このイベントを含む配信済みのアーカイブはまだありません。</translation>
    </message>
    <message>
        <source>entity {id}</source>
        <translation>対象 {id}</translation>
    </message>
    <message>
        <source>severity {severity}</source>
        <translation>重大度 {severity}</translation>
    </message>
</context>
<context>
    <name>EventFilters</name>
    <message>
        <source>&amp;Find</source>
        <translation>検索(&amp;F)</translation>
    </message>
    <message>
        <source>Words in entity, actor or action</source>
        <translation>対象、実行者、操作に含まれる語</translation>
    </message>
    <message>
        <source>Find events</source>
        <translation>イベントを検索</translation>
    </message>
    <message>
        <source>&amp;Day</source>
        <translation>日(&amp;D)</translation>
    </message>
    <message>
        <source>Day</source>
        <translation>日</translation>
    </message>
    <message>
        <source>E&amp;xport</source>
        <translation>エクスポート(&amp;X)</translation>
    </message>
    <message>
        <source>Export</source>
        <translation>エクスポート</translation>
    </message>
    <message>
        <source>From</source>
        <translation>開始日</translation>
    </message>
    <message>
        <source>From this day on</source>
        <translation>この日以降</translation>
    </message>
    <message>
        <source>To</source>
        <translation>終了日</translation>
    </message>
    <message>
        <source>Up to this day</source>
        <translation>この日まで</translation>
    </message>
    <message>
        <source>Actor</source>
        <translation>実行者</translation>
    </message>
    <message>
        <source>Action</source>
        <translation>操作</translation>
    </message>
    <message>
        <source>Entity</source>
        <translation>対象</translation>
    </message>
    <message>
        <source>Source</source>
        <translation>ソース</translation>
    </message>
    <message>
        <source>All</source>
        <translation>すべて</translation>
    </message>
    <message>
        <source>All days</source>
        <translation>すべての日</translation>
    </message>
    <message>
        <source>All sources</source>
        <translation>すべてのソース</translation>
    </message>
    <message>
        <source>Delivered</source>
        <translation>配信済み</translation>
    </message>
    <message>
        <source>From … to …</source>
        <translation>期間を指定</translation>
    </message>
    <message>
        <source>Last 7 days</source>
        <translation>過去 7 日間</translation>
    </message>
    <message>
        <source>Recorded here</source>
        <translation>ここで記録</translation>
    </message>
    <message>
        <source>Today</source>
        <translation>今日</translation>
    </message>
    <message>
        <source>Waiting</source>
        <translation>待機中</translation>
    </message>
    <message>
        <source>Yesterday</source>
        <translation>昨日</translation>
    </message>
</context>
<context>
    <name>EventModel</name>
    <message>
        <source>Action</source>
        <translation>操作</translation>
    </message>
    <message>
        <source>Actor</source>
        <translation>実行者</translation>
    </message>
    <message>
        <source>Delivered</source>
        <translation>配信済み</translation>
    </message>
    <message>
        <source>Entity</source>
        <translation>対象</translation>
    </message>
    <message>
        <source>Export</source>
        <translation>エクスポート</translation>
    </message>
    <message>
        <source>Time</source>
        <translation>日時</translation>
    </message>
    <message>
        <source>Waiting</source>
        <translation>待機中</translation>
    </message>
</context>
<context>
    <name>EvidenceMenu</name>
    <message>
        <source>All archives on the server are whole, and none is missing.</source>
        <translation>サーバーのアーカイブはすべて完全で、欠けているものはありません。</translation>
    </message>
    <message>
        <source>Audit trails {day}</source>
        <translation>監査証跡 {day}</translation>
    </message>
    <message>
        <source>Copied.</source>
        <translation>コピーしました。</translation>
    </message>
    <message>
        <source>Copy the lines for allowed_signers</source>
        <translation>allowed_signers の行をコピー</translation>
    </message>
    <message>
        <source>Fetch the chosen archive…</source>
        <translation>選択したアーカイブを取得…</translation>
    </message>
    <message>
        <source>Fetch {name}</source>
        <translation>{name} を取得</translation>
    </message>
    <message>
        <source>Give these lines, the file allowed_signers, to the auditor by another way than the server.</source>
        <translation>この行(ファイル allowed_signers)を、サーバー以外の方法で監査人に渡してください。</translation>
    </message>
    <message>
        <source>Looking at the server …</source>
        <translation>サーバーを確認しています…</translation>
    </message>
    <message>
        <source>Missing: {names}</source>
        <translation>不足: {names}</translation>
    </message>
    <message>
        <source>Open</source>
        <translation>開く</translation>
    </message>
    <message>
        <source>Open the folder</source>
        <translation>フォルダーを開く</translation>
    </message>
    <message>
        <source>Problems were found: the report names them.</source>
        <translation>問題が見つかりました。詳細はレポートにあります。</translation>
    </message>
    <message>
        <source>Reading {name} …</source>
        <translation>{name} を読み込んでいます…</translation>
    </message>
    <message>
        <source>Report (*.html *.json)</source>
        <translation>レポート (*.html *.json)</translation>
    </message>
    <message>
        <source>Report for the auditor</source>
        <translation>監査人向けレポート</translation>
    </message>
    <message>
        <source>Report for the auditor…</source>
        <translation>監査人向けレポート…</translation>
    </message>
    <message>
        <source>Signed by {key}</source>
        <translation>署名者: {key}</translation>
    </message>
    <message>
        <source>The report is {path}</source>
        <translation>レポート: {path}</translation>
    </message>
    <message>
        <source>The server does not have all that was delivered.</source>
        <translation>配信したもののうち、サーバーにないものがあります。</translation>
    </message>
    <message>
        <source>The server has all archives: {number}.</source>
        <translation>サーバーにはすべてのアーカイブがあります: {number}。</translation>
    </message>
    <message>
        <source>Verify the chosen archive on the server</source>
        <translation>選択したアーカイブをサーバー上で検証</translation>
    </message>
    <message>
        <source>Verifying what is on the server …</source>
        <translation>サーバーの内容を検証しています…</translation>
    </message>
    <message>
        <source>What is missing on the server?</source>
        <translation>サーバーに欠けているものは?</translation>
    </message>
    <message>
        <source>it is another file</source>
        <translation>別のファイルです</translation>
    </message>
    <message>
        <source>not signed</source>
        <translation>署名なし</translation>
    </message>
    <message>
        <source>{names} and {more} more</source>
        <translation>{names} ほか {more} 件</translation>
    </message>
    <message>
        <source>{name} is here, as it was delivered.</source>
        <translation>{name} を配信時のまま取得しました。</translation>
    </message>
    <message>
        <source>{name} is not as it was delivered.</source>
        <translation>{name} は配信時のものと異なります。</translation>
    </message>
    <message>
        <source>{name} is not on the server.</source>
        <translation>{name} はサーバーにありません。</translation>
    </message>
    <message>
        <source>{name} is whole, as it was delivered.</source>
        <translation>{name} は配信時のまま完全です。</translation>
    </message>
</context>
<context>
    <name>ExportForm</name>
    <message>
        <source>25 as on the admin page. Choose 0 or 1 where your SIEM takes no other.</source>
        <translation>管理ページと同じ 25 です。SIEM がほかの値を受け付けない場合は 0 または 1 を選びます。</translation>
    </message>
    <message>
        <source>An archive is called {name}</source>
        <translation>アーカイブの名前の例: {name}</translation>
    </message>
    <message>
        <source>Set by your organisation.</source>
        <translation>組織によって設定されています。</translation>
    </message>
    <message>
        <source>This computer starts at {time}; each has its own minute.</source>
        <translation>このコンピューターは {time} に開始します。開始時刻はコンピューターごとに異なります。</translation>
    </message>
    <message>
        <source>This computer&apos;s</source>
        <translation>このコンピューターの設定</translation>
    </message>
</context>
<context>
    <name>ExportPage</name>
    <message>
        <source>Export</source>
        <translation>エクスポート</translation>
    </message>
    <message>
        <source>Export &amp;now</source>
        <translation>今すぐエクスポート(&amp;N)</translation>
    </message>
    <message>
        <source>Pass&amp;word</source>
        <translation>パスワード(&amp;W)</translation>
    </message>
    <message>
        <source>Defaults</source>
        <translation>既定</translation>
    </message>
    <message>
        <source>All</source>
        <translation>すべて</translation>
    </message>
    <message>
        <source>Report failures to</source>
        <translation>失敗の通知先</translation>
    </message>
    <message>
        <source>M&amp;ore: time of day, time zone, instance name</source>
        <translation>詳細: 時刻、タイムゾーン、インスタンス名(&amp;O)</translation>
    </message>
    <message>
        <source>Daily task</source>
        <translation>毎日のタスク</translation>
    </message>
    <message>
        <source>&amp;Cancel</source>
        <translation>キャンセル(&amp;C)</translation>
    </message>
    <message>
        <source>Test Connection and Sa&amp;ve</source>
        <translation>接続をテストして保存(&amp;V)</translation>
    </message>
    <message>
        <source>A tick in a circle: this server offers it.</source>
        <translation>丸の中のチェックは、このサーバーが対応していることを示します。</translation>
    </message>
    <message>
        <source>Compare the fingerprint</source>
        <translation>フィンガープリントを照合</translation>
    </message>
    <message>
        <source>It is in {place}: {protection}</source>
        <translation>保存場所: {place}。{protection}</translation>
    </message>
    <message>
        <source>Keep it elsewhere</source>
        <translation>別の場所に保存</translation>
    </message>
    <message>
        <source>Last export</source>
        <translation>前回のエクスポート</translation>
    </message>
    <message>
        <source>Fix it in the form</source>
        <translation>フォームで修正</translation>
    </message>
    <message>
        <source>Next export</source>
        <translation>次回のエクスポート</translation>
    </message>
    <message>
        <source>The daily export can read it while you are logged out.</source>
        <translation>毎日のエクスポートは、ログアウト中でもこれを読み取れます。</translation>
    </message>
    <message>
        <source>The old settings are in {file}.</source>
        <translation>以前の設定は {file} にあります。</translation>
    </message>
    <message>
        <source>Waiting</source>
        <translation>待機中</translation>
    </message>
    <message>
        <source>Not saved yet</source>
        <translation>まだ保存されていません</translation>
    </message>
    <message>
        <source>Test &amp;connection</source>
        <translation>接続をテスト(&amp;C)</translation>
    </message>
    <message>
        <source>Choose…</source>
        <translation>選択…</translation>
    </message>
    <message>
        <source>Passp&amp;hrase</source>
        <translation>パスフレーズ(&amp;H)</translation>
    </message>
    <message>
        <source>Select these</source>
        <translation>これらを選択</translation>
    </message>
    <message>
        <source>The passphrase of the key; empty where it has none.</source>
        <translation>鍵のパスフレーズ。ない場合は空のままにします。</translation>
    </message>
    <message>
        <source>The password of the user on the server.</source>
        <translation>サーバー上のユーザーのパスワードです。</translation>
    </message>
    <message>
        <source>&amp;Browse…</source>
        <translation>参照(&amp;B)…</translation>
    </message>
</context>
<context>
    <name>FailureAddress</name>
    <message>
        <source>Change</source>
        <translation>変更</translation>
    </message>
    <message>
        <source>Change whom failures are reported to</source>
        <translation>失敗の通知先を変更</translation>
    </message>
    <message>
        <source>This desktop only</source>
        <translation>このデスクトップのみ</translation>
    </message>
</context>
<context>
    <name>FailureAddressDialog</name>
    <message>
        <source>&amp;Close</source>
        <translation>閉じる(&amp;C)</translation>
    </message>
    <message>
        <source>&amp;Remove</source>
        <translation>削除(&amp;R)</translation>
    </message>
    <message>
        <source>A failed daily export shows on this desktop while you are signed in. Choose who else gets a message that says which computer it is, what happened and what to do.</source>
        <translation>毎日のエクスポートが失敗すると、サインイン中はこのデスクトップに表示されます。ほかに知らせる相手を選べます。メッセージには、どのコンピューターか、何が起きたか、どうすればよいかが書かれます。</translation>
    </message>
    <message>
        <source>A message was sent.</source>
        <translation>メッセージを送信しました。</translation>
    </message>
    <message>
        <source>A message was sent. Saved.</source>
        <translation>メッセージを送信し、保存しました。</translation>
    </message>
    <message>
        <source>A&amp;ddress, as Apprise writes it</source>
        <translation>Apprise 形式のアドレス(&amp;D)</translation>
    </message>
    <message>
        <source>Also report each week while &amp;all is well</source>
        <translation>問題がない間も毎週知らせる(&amp;A)</translation>
    </message>
    <message>
        <source>By &amp;mail</source>
        <translation>メールで(&amp;M)</translation>
    </message>
    <message>
        <source>P&amp;ing a monitor after each daily run</source>
        <translation>毎日の実行後に監視サービスへ ping を送る(&amp;I)</translation>
    </message>
    <message>
        <source>Report failures</source>
        <translation>失敗の通知</translation>
    </message>
    <message>
        <source>Reports go to {address} now.</source>
        <translation>現在の通知先: {address}</translation>
    </message>
    <message>
        <source>Saved.</source>
        <translation>保存しました。</translation>
    </message>
    <message>
        <source>Saving …</source>
        <translation>保存中…</translation>
    </message>
    <message>
        <source>Send a &amp;test</source>
        <translation>テストを送信(&amp;T)</translation>
    </message>
    <message>
        <source>Sending a message …</source>
        <translation>メッセージを送信しています …</translation>
    </message>
    <message>
        <source>Test and &amp;save</source>
        <translation>テストして保存(&amp;S)</translation>
    </message>
    <message>
        <source>The address is removed.</source>
        <translation>宛先を削除しました。</translation>
    </message>
    <message>
        <source>To a &amp;web hook or a chat</source>
        <translation>Web フックまたはチャットへ(&amp;W)</translation>
    </message>
</context>
<context>
    <name>FieldMessage</name>
    <message>
        <source>Less</source>
        <translation>閉じる</translation>
    </message>
    <message>
        <source>More</source>
        <translation>続き</translation>
    </message>
</context>
<context>
    <name>Formats</name>
    <message>
        <source>Today {time}</source>
        <translation>今日 {time}</translation>
    </message>
    <message>
        <source>Tomorrow {time}</source>
        <translation>明日 {time}</translation>
    </message>
    <message>
        <source>Yesterday {time}</source>
        <translation>昨日 {time}</translation>
    </message>
    <message>
        <source>{day}, {time}</source>
        <translation>{day} {time}</translation>
    </message>
    <message>
        <source>d MMM</source>
        <comment>a day without its year, in the letters of QDate</comment>
        <translation>M月d日</translation>
    </message>
    <message>
        <source>{first} to {last}</source>
        <translation>{first} ～ {last}</translation>
    </message>
    <message>
        <source>{hours} h {minutes} min</source>
        <translation>{hours} 時間 {minutes} 分</translation>
    </message>
    <message>
        <source>{minutes} min {seconds} s</source>
        <translation>{minutes} 分 {seconds} 秒</translation>
    </message>
    <message>
        <source>{seconds} s</source>
        <translation>{seconds} 秒</translation>
    </message>
</context>
<context>
    <name>HandOverMenu</name>
    <message numerus="yes">
        <source>%Ln event(s) handed over.</source>
        <translation>
            <numerusform>%Ln 件のイベントを書き出しました。</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln chosen event(s) as CSV…</source>
        <translation>
            <numerusform>選択した %Ln 件のイベントを CSV で…</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln chosen event(s) as JSON…</source>
        <translation>
            <numerusform>選択した %Ln 件のイベントを JSON で…</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln chosen event(s) as one HTML page…</source>
        <translation>
            <numerusform>選択した %Ln 件のイベントを HTML ページで…</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>All %Ln event(s) shown as CSV…</source>
        <translation>
            <numerusform>表示中の %Ln 件すべてを CSV で…</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>All %Ln event(s) shown as JSON…</source>
        <translation>
            <numerusform>表示中の %Ln 件すべてを JSON で…</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>All %Ln event(s) shown as one HTML page…</source>
        <translation>
            <numerusform>表示中の %Ln 件すべてを HTML ページで…</numerusform>
        </translation>
    </message>
    <message>
        <source>Audit events {day}</source>
        <translation>監査イベント {day}</translation>
    </message>
    <message>
        <source>Hand over events</source>
        <translation>イベントを渡す</translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>中止</translation>
    </message>
    <message>
        <source>Writing {path} …</source>
        <translation>{path} を書き込み中…</translation>
    </message>
</context>
<context>
    <name>HelpWindow</name>
    <message numerus="yes">
        <source>%Ln found</source>
        <translation>
            <numerusform>%Ln 件</numerusform>
        </translation>
    </message>
    <message>
        <source>Help</source>
        <translation>ヘルプ</translation>
    </message>
    <message>
        <source>Help topics</source>
        <translation>ヘルプ トピック</translation>
    </message>
    <message>
        <source>Search the help</source>
        <translation>ヘルプを検索</translation>
    </message>
    <message>
        <source>en</source>
        <comment>the folder of docs/help with the pages in this language</comment>
        <translation>ja</translation>
    </message>
</context>
<context>
    <name>Helping</name>
    <message>
        <source>Choose where to keep it</source>
        <translation>保存場所を選ぶ</translation>
    </message>
    <message>
        <source>Choose where your events are</source>
        <translation>イベントの場所を選ぶ</translation>
    </message>
    <message>
        <source>Compare the fingerprint</source>
        <translation>フィンガープリントを照合</translation>
    </message>
    <message>
        <source>Enter the new password</source>
        <translation>新しいパスワードを入力</translation>
    </message>
    <message>
        <source>Fix it</source>
        <translation>修復</translation>
    </message>
    <message>
        <source>Fix it in the form</source>
        <translation>フォームで修正</translation>
    </message>
    <message>
        <source>Look at the sources</source>
        <translation>ソースを確認</translation>
    </message>
    <message>
        <source>Switch on</source>
        <translation>オンにする</translation>
    </message>
    <message>
        <source>Type the Windows password</source>
        <translation>Windows のパスワードを入力</translation>
    </message>
</context>
<context>
    <name>HistoryPage</name>
    <message>
        <source>History</source>
        <translation>履歴</translation>
    </message>
    <message>
        <source>Events per day</source>
        <translation>1 日あたりのイベント数</translation>
    </message>
    <message>
        <source>&amp;Find</source>
        <translation>検索(&amp;F)</translation>
    </message>
    <message>
        <source>Day, archive, message or who</source>
        <translation>日、アーカイブ、メッセージ、実行者</translation>
    </message>
    <message>
        <source>Find runs</source>
        <translation>実行を検索</translation>
    </message>
    <message>
        <source>&amp;Outcome</source>
        <translation>結果(&amp;O)</translation>
    </message>
    <message>
        <source>Outcome</source>
        <translation>結果</translation>
    </message>
    <message>
        <source>E&amp;vidence</source>
        <translation>証拠(&amp;V)</translation>
    </message>
    <message>
        <source>A report for the auditor, what is missing on the server, and the key that signs</source>
        <translation>監査人向けレポート、サーバーに欠けているもの、署名に使う鍵</translation>
    </message>
    <message>
        <source>Runs</source>
        <translation>実行</translation>
    </message>
    <message>
        <source>Choose a run to see its message or its archives</source>
        <translation>実行を選ぶと、メッセージやアーカイブが表示されます</translation>
    </message>
    <message>
        <source>No run matches.</source>
        <translation>一致する実行はありません。</translation>
    </message>
    <message>
        <source>Show all runs</source>
        <translation>すべての実行を表示</translation>
    </message>
    <message>
        <source>Go to Export</source>
        <translation>「エクスポート」へ</translation>
    </message>
    <message>
        <source>Archives of this run</source>
        <translation>この実行のアーカイブ</translation>
    </message>
    <message>
        <source>Copy &amp;name</source>
        <translation>名前をコピー(&amp;N)</translation>
    </message>
    <message>
        <source>Copies the name of the chosen archive</source>
        <translation>選択したアーカイブの名前をコピーします</translation>
    </message>
    <message>
        <source>Copy SHA-&amp;256</source>
        <translation>SHA-256 をコピー(&amp;2)</translation>
    </message>
    <message>
        <source>Copies the SHA-256 of the chosen archive, which proves that a file is this archive</source>
        <translation>選択したアーカイブの SHA-256 をコピーします。ファイルがこのアーカイブであることの証明になります</translation>
    </message>
    <message>
        <source>&amp;Check a copy…</source>
        <translation>コピーを確認(&amp;C)…</translation>
    </message>
    <message>
        <source>Compares a file with the archive that was delivered</source>
        <translation>ファイルを配信済みのアーカイブと照合します</translation>
    </message>
    <message>
        <source>No runs yet</source>
        <translation>まだ実行はありません</translation>
    </message>
    <message>
        <source>A copy of {name}</source>
        <translation>{name} のコピー</translation>
    </message>
    <message>
        <source>All</source>
        <translation>すべて</translation>
    </message>
    <message>
        <source>Archives (*.zip)</source>
        <translation>アーカイブ (*.zip)</translation>
    </message>
    <message>
        <source>Copied.</source>
        <translation>コピーしました。</translation>
    </message>
    <message>
        <source>Daily task</source>
        <translation>毎日のタスク</translation>
    </message>
    <message>
        <source>Delivered</source>
        <translation>配信済み</translation>
    </message>
    <message>
        <source>Each run of the export will be listed here. Switch the export on, or use Export now.</source>
        <translation>エクスポートの実行がここに表示されます。エクスポートをオンにするか、「今すぐエクスポート」を使います。</translation>
    </message>
    <message>
        <source>Every day that has ended was on the server already.</source>
        <translation>終了した日はすべて、すでにサーバーに配信済みでした。</translation>
    </message>
    <message>
        <source>Failed</source>
        <translation>失敗</translation>
    </message>
    <message>
        <source>Interrupted</source>
        <translation>中断</translation>
    </message>
    <message>
        <source>Nothing due</source>
        <translation>対象なし</translation>
    </message>
    <message>
        <source>Reading {name} …</source>
        <translation>{name} を読み込んでいます…</translation>
    </message>
    <message>
        <source>Stopped</source>
        <translation>中止</translation>
    </message>
    <message>
        <source>The first one is due {when}. To see one at once, use Export now.</source>
        <translation>最初の実行予定: {when}。すぐに実行するには「今すぐエクスポート」を使います。</translation>
    </message>
    <message>
        <source>This run has not ended yet.</source>
        <translation>この実行はまだ終わっていません。</translation>
    </message>
    <message>
        <source>This run was ended from outside. The next goes on where it was: nothing is lost or sent twice.</source>
        <translation>この実行は外部から終了されました。次回は続きから再開するため、欠落も重複もありません。</translation>
    </message>
    <message>
        <source>This run was stopped. The next one goes on where it was.</source>
        <translation>この実行は中止されました。次回は続きから再開します。</translation>
    </message>
    <message>
        <source>This window</source>
        <translation>このウィンドウ</translation>
    </message>
    <message>
        <source>took {duration}</source>
        <translation>所要時間 {duration}</translation>
    </message>
    <message>
        <source>✓ {name} is the archive that was delivered.</source>
        <translation>✓ {name} は配信済みのアーカイブと一致します。</translation>
    </message>
    <message>
        <source>✗ {name} is not the archive that was delivered.</source>
        <translation>✗ {name} は配信済みのアーカイブと一致しません。</translation>
    </message>
</context>
<context>
    <name>KeeperDialog</name>
    <message>
        <source>&amp;Keep it there</source>
        <translation>そこに保管(&amp;K)</translation>
    </message>
    <message>
        <source>Where to keep the password</source>
        <translation>パスワードの保存場所</translation>
    </message>
    <message>
        <source>Whether the daily export can read it at night could not be tried.</source>
        <translation>毎日のエクスポートが夜間に読み取れるかどうかは確認できませんでした。</translation>
    </message>
    <message>
        <source>✓ The daily export can read it while you are logged out.</source>
        <translation>✓ 毎日のエクスポートは、ログアウト中でもこれを読み取れます。</translation>
    </message>
    <message>
        <source>✗ The daily export can&apos;t read it while you are logged out.</source>
        <translation>✗ 毎日のエクスポートは、ログアウト中はこれを読み取れません。</translation>
    </message>
</context>
<context>
    <name>KindRows</name>
    <message>
        <source>Ch&amp;oose…</source>
        <translation>選択(&amp;O)…</translation>
    </message>
    <message>
        <source>The folder of the records</source>
        <translation>レコードのフォルダー</translation>
    </message>
</context>
<context>
    <name>LoginRows</name>
    <message>
        <source>Choose the private key</source>
        <translation>秘密鍵を選択</translation>
    </message>
    <message>
        <source>Password</source>
        <translation>パスワード</translation>
    </message>
    <message>
        <source>SSH agent</source>
        <translation>SSH エージェント</translation>
    </message>
    <message>
        <source>SSH key in a file</source>
        <translation>ファイルの SSH 鍵</translation>
    </message>
</context>
<context>
    <name>MailFields</name>
    <message>
        <source>&amp;Encryption</source>
        <translation>暗号化(&amp;E)</translation>
    </message>
    <message>
        <source>&amp;From</source>
        <translation>差出人(&amp;F)</translation>
    </message>
    <message>
        <source>&amp;Password</source>
        <translation>パスワード(&amp;P)</translation>
    </message>
    <message>
        <source>&amp;User</source>
        <translation>ユーザー(&amp;U)</translation>
    </message>
    <message>
        <source>Mail ser&amp;ver</source>
        <translation>メールサーバー(&amp;V)</translation>
    </message>
    <message>
        <source>STARTTLS (port 587)</source>
        <translation>STARTTLS (ポート 587)</translation>
    </message>
    <message>
        <source>T&amp;o</source>
        <translation>宛先(&amp;O)</translation>
    </message>
    <message>
        <source>TLS (port 465)</source>
        <translation>TLS (ポート 465)</translation>
    </message>
    <message>
        <source>not encrypted (port 25)</source>
        <translation>暗号化なし (ポート 25)</translation>
    </message>
</context>
<context>
    <name>MainWindow</name>
    <message>
        <source>Audit Trails Export</source>
        <translation>Audit Trails Export</translation>
    </message>
    <message>
        <source>Audit Trails</source>
        <translation>監査証跡</translation>
    </message>
    <message>
        <source>&amp;Help</source>
        <translation>ヘルプ(&amp;H)</translation>
    </message>
    <message>
        <source>Help topics, log, archive folder and version</source>
        <translation>ヘルプ トピック、ログ、アーカイブのフォルダー、バージョン</translation>
    </message>
    <message>
        <source>&amp;Export</source>
        <translation>エクスポート(&amp;E)</translation>
    </message>
    <message>
        <source>&amp;Help topics</source>
        <translation>ヘルプ トピック(&amp;H)</translation>
    </message>
    <message>
        <source>&amp;Sources</source>
        <translation>ソース(&amp;S)</translation>
    </message>
    <message>
        <source>A&amp;bout</source>
        <translation>バージョン情報(&amp;B)</translation>
    </message>
    <message>
        <source>Even&amp;ts</source>
        <translation>イベント(&amp;T)</translation>
    </message>
    <message>
        <source>Help topics</source>
        <translation>ヘルプ トピック</translation>
    </message>
    <message>
        <source>Admin</source>
        <translation>管理</translation>
    </message>
    <message>
        <source>Histor&amp;y</source>
        <translation>履歴(&amp;Y)</translation>
    </message>
    <message>
        <source>Infrastructure</source>
        <translation>インフラストラクチャ</translation>
    </message>
    <message>
        <source>Open the &amp;archive folder</source>
        <translation>アーカイブのフォルダーを開く(&amp;A)</translation>
    </message>
    <message>
        <source>Open the &amp;log</source>
        <translation>ログを開く(&amp;L)</translation>
    </message>
</context>
<context>
    <name>MappingModel</name>
    <message>
        <source>Event</source>
        <translation>イベント</translation>
    </message>
    <message>
        <source>First value</source>
        <translation>最初の値</translation>
    </message>
    <message>
        <source>Key path in the record</source>
        <translation>レコード内のキーパス</translation>
    </message>
    <message>
        <source>its own key {key}</source>
        <translation>レコード自身のキー {key}</translation>
    </message>
    <message>
        <source>{key} (needed)</source>
        <translation>{key} (必須)</translation>
    </message>
</context>
<context>
    <name>NewHostKeyDialog</name>
    <message>
        <source>&amp;Trust and continue</source>
        <translation>信頼して続行(&amp;T)</translation>
    </message>
    <message>
        <source>Fingerprint</source>
        <translation>フィンガープリント</translation>
    </message>
    <message>
        <source>Host key</source>
        <translation>ホスト鍵</translation>
    </message>
    <message>
        <source>This is the first time that you connect to {server}.</source>
        <translation>{server} に接続するのは初めてです。</translation>
    </message>
    <message>
        <source>Type</source>
        <translation>種類</translation>
    </message>
    <message>
        <source>Command</source>
        <translation>コマンド</translation>
    </message>
    <message>
        <source>Compare its fingerprint with the one that its administrator gave you, or that this command shows on the server:</source>
        <translation>管理者から受け取ったフィンガープリント、またはサーバーで次のコマンドが表示するものと照合してください。</translation>
    </message>
    <message>
        <source>Copy</source>
        <translation>コピー</translation>
    </message>
    <message>
        <source>Copy {text}</source>
        <translation>{text} をコピー</translation>
    </message>
</context>
<context>
    <name>Notice</name>
    <message>
        <source>Close this message</source>
        <translation>このメッセージを閉じる</translation>
    </message>
</context>
<context>
    <name>PasswordEdit</name>
    <message>
        <source>Hide the password</source>
        <translation>パスワードを隠す</translation>
    </message>
    <message>
        <source>Show the password</source>
        <translation>パスワードを表示</translation>
    </message>
    <message>
        <source>unchanged</source>
        <translation>変更なし</translation>
    </message>
</context>
<context>
    <name>ProblemStrip</name>
    <message>
        <source>Keep the file and start over</source>
        <translation>ファイルを退避して新しく始める</translation>
    </message>
    <message>
        <source>Open the file</source>
        <translation>ファイルを開く</translation>
    </message>
    <message>
        <source>Read it again</source>
        <translation>再読み込み</translation>
    </message>
</context>
<context>
    <name>ResultStrip</name>
    <message numerus="yes">
        <source>%n archive(s) delivered</source>
        <translation>
            <numerusform>%n 個のアーカイブを配信しました</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n event(s)</source>
        <translation>
            <numerusform>%n 件のイベント</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n event(s) delivered.</source>
        <translation>
            <numerusform>%n 件のイベントを配信しました。</numerusform>
        </translation>
    </message>
    <message>
        <source>Finding out what works while you are logged out …</source>
        <translation>ログアウト中に使える保存場所を確認しています…</translation>
    </message>
    <message>
        <source>It runs only while you are signed in.</source>
        <translation>サインインしている間だけ実行されます。</translation>
    </message>
    <message>
        <source>Nothing is due: all is on the server.</source>
        <translation>対象はありません。すべてサーバーに配信済みです。</translation>
    </message>
    <message>
        <source>Run also while I am signed out</source>
        <translation>サインアウト中も実行する</translation>
    </message>
    <message>
        <source>Saved. Next export: {when}.</source>
        <translation>保存しました。次回のエクスポート: {when}</translation>
    </message>
    <message>
        <source>Test the daily task</source>
        <translation>毎日のタスクをテスト</translation>
    </message>
    <message>
        <source>Tested and saved.</source>
        <translation>テストして保存しました。</translation>
    </message>
    <message>
        <source>Tested and saved. The daily export is off.</source>
        <translation>テストして保存しました。毎日のエクスポートはオフです。</translation>
    </message>
    <message>
        <source>The daily export is off. The settings are kept.</source>
        <translation>毎日のエクスポートはオフです。設定は保持されます。</translation>
    </message>
    <message>
        <source>The daily task goes on by itself. Its result will be in the history.</source>
        <translation>毎日のタスクはそのまま続きます。結果は履歴に表示されます。</translation>
    </message>
    <message>
        <source>The daily task is running …</source>
        <translation>毎日のタスクを実行しています…</translation>
    </message>
    <message>
        <source>The daily task is set up again. Next export: {when}.</source>
        <translation>毎日のタスクを設定し直しました。次回のエクスポート: {when}。</translation>
    </message>
    <message>
        <source>The daily task works.</source>
        <translation>毎日のタスクは正常に動作します。</translation>
    </message>
    <message>
        <source>The export was stopped.</source>
        <translation>エクスポートを中止しました。</translation>
    </message>
    <message>
        <source>The next one goes on where it ended.</source>
        <translation>次回は、中止したところから続けます。</translation>
    </message>
    <message>
        <source>The password is in {place} now.</source>
        <translation>パスワードの保存場所: {place}。</translation>
    </message>
    <message>
        <source>Wait no longer</source>
        <translation>待つのをやめる</translation>
    </message>
    <message>
        <source>The connection works.</source>
        <translation>接続できました。</translation>
    </message>
</context>
<context>
    <name>RunModel</name>
    <message>
        <source>By</source>
        <translation>実行者</translation>
    </message>
    <message>
        <source>Daily task</source>
        <translation>毎日のタスク</translation>
    </message>
    <message>
        <source>Days</source>
        <translation>日</translation>
    </message>
    <message>
        <source>Delivered</source>
        <translation>配信済み</translation>
    </message>
    <message>
        <source>Events</source>
        <translation>イベント</translation>
    </message>
    <message>
        <source>Failed</source>
        <translation>失敗</translation>
    </message>
    <message>
        <source>Interrupted</source>
        <translation>中断</translation>
    </message>
    <message>
        <source>Nothing due</source>
        <translation>対象なし</translation>
    </message>
    <message>
        <source>Command line</source>
        <translation>コマンドライン</translation>
    </message>
    <message>
        <source>Outcome</source>
        <translation>結果</translation>
    </message>
    <message>
        <source>Running</source>
        <translation>実行中</translation>
    </message>
    <message>
        <source>Size</source>
        <translation>サイズ</translation>
    </message>
    <message>
        <source>Started</source>
        <translation>開始</translation>
    </message>
    <message>
        <source>Stopped</source>
        <translation>中止</translation>
    </message>
    <message>
        <source>This window</source>
        <translation>このウィンドウ</translation>
    </message>
    <message>
        <source>Took</source>
        <translation>所要時間</translation>
    </message>
</context>
<context>
    <name>RunProgress</name>
    <message>
        <source>Archiving {day}</source>
        <translation>{day} をアーカイブしています</translation>
    </message>
    <message>
        <source>Collecting from {source}</source>
        <translation>{source} から収集しています</translation>
    </message>
    <message>
        <source>Connecting to {server} …</source>
        <translation>{server} に接続しています…</translation>
    </message>
    <message>
        <source>Delivered {name}</source>
        <translation>{name} を配信しました</translation>
    </message>
    <message>
        <source>Preparing the export …</source>
        <translation>エクスポートを準備しています…</translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>中止</translation>
    </message>
    <message>
        <source>Stopping …</source>
        <translation>中止しています…</translation>
    </message>
    <message>
        <source>The export begins.</source>
        <translation>エクスポートを開始します。</translation>
    </message>
    <message>
        <source>Trying again in {seconds} s.</source>
        <translation>{seconds} 秒後に再試行します。</translation>
    </message>
    <message>
        <source>Uploading {name}</source>
        <translation>{name} をアップロードしています</translation>
    </message>
    <message>
        <source>{events} events, {size}</source>
        <translation>イベント {events} 件、{size}</translation>
    </message>
    <message>
        <source>{events} events/s</source>
        <translation>{events} 件/秒</translation>
    </message>
    <message>
        <source>{events} of {total} events, {size}</source>
        <translation>イベント {total} 件中 {events} 件、{size}</translation>
    </message>
    <message>
        <source>{records} records</source>
        <translation>レコード {records} 件</translation>
    </message>
    <message>
        <source>{sent} of {total}</source>
        <translation>{total} 中 {sent}</translation>
    </message>
    <message>
        <source>{size}/s</source>
        <translation>{size}/秒</translation>
    </message>
</context>
<context>
    <name>Said</name>
    <message>
        <source>&amp;Account</source>
        <translation>アカウント(&amp;A)</translation>
    </message>
    <message>
        <source>&amp;Ciphers</source>
        <translation>暗号(&amp;C)</translation>
    </message>
    <message>
        <source>&amp;Folder</source>
        <translation>フォルダー(&amp;F)</translation>
    </message>
    <message>
        <source>&amp;Key file</source>
        <translation>鍵ファイル(&amp;K)</translation>
    </message>
    <message>
        <source>&amp;List in a file</source>
        <translation>ファイル内のリスト(&amp;L)</translation>
    </message>
    <message>
        <source>&amp;Parts</source>
        <translation>対象(&amp;P)</translation>
    </message>
    <message>
        <source>&amp;Password</source>
        <translation>パスワード(&amp;P)</translation>
    </message>
    <message>
        <source>&amp;Units</source>
        <translation>ユニット(&amp;U)</translation>
    </message>
    <message>
        <source>&amp;User</source>
        <translation>ユーザー(&amp;U)</translation>
    </message>
    <message>
        <source>, </source>
        <translation>、</translation>
    </message>
    <message>
        <source>, </source>
        <comment>between the parts of a list</comment>
        <translation>、</translation>
    </message>
    <message>
        <source>--deep needs a folder: name it.</source>
        <translation>--deep にはフォルダーの指定が必要です。</translation>
    </message>
    <message>
        <source>--for is for root on Linux.</source>
        <translation>--for は Linux の root 用です。</translation>
    </message>
    <message>
        <source>--signed-out and --signed-in are for Windows.</source>
        <translation>--signed-out と --signed-in は Windows 用です。</translation>
    </message>
    <message>
        <source>1 archive</source>
        <translation>アーカイブ 1 件</translation>
    </message>
    <message>
        <source>1 day</source>
        <translation>1 日</translation>
    </message>
    <message>
        <source>1 day waits.</source>
        <translation>1 日分が待機中です。</translation>
    </message>
    <message>
        <source>1 event</source>
        <translation>イベント 1 件</translation>
    </message>
    <message>
        <source>1 file</source>
        <translation>ファイル 1 件</translation>
    </message>
    <message>
        <source>1 problem</source>
        <translation>問題 1 件</translation>
    </message>
    <message>
        <source>1. Sample events of yesterday recorded: {count}.</source>
        <translation>1. 昨日のサンプルイベントを記録しました: {count} 件。</translation>
    </message>
    <message>
        <source>2. Test Connection to the SFTP server on {host}:</source>
        <translation>2. {host} の SFTP サーバーへの接続テスト:</translation>
    </message>
    <message>
        <source>3. Export:</source>
        <translation>3. エクスポート:</translation>
    </message>
    <message>
        <source>4. The archive is {path} and holds:</source>
        <translation>4. アーカイブは {path} で、内容は次のとおりです:</translation>
    </message>
    <message>
        <source>5. Verification failed.</source>
        <translation>5. 検証に失敗しました。</translation>
    </message>
    <message>
        <source>5. Verified: as archived.</source>
        <translation>5. 検証済み: アーカイブ時のままです。</translation>
    </message>
    <message>
        <source>A file could not be read or written ({reason}).</source>
        <translation>ファイルを読み書きできませんでした ({reason})。</translation>
    </message>
    <message>
        <source>A key got into the password that types no letter, such as an arrow.</source>
        <translation>パスワードに、矢印キーなど文字を入力しないキーが含まれています。</translation>
    </message>
    <message>
        <source>A key path, or one of: const; text; pairs with key and value; path with words, or with most.</source>
        <translation>キーパス、または次のいずれか: const、text、key と value を伴う pairs、words または most を伴う path。</translation>
    </message>
    <message>
        <source>A passphrase belongs to a key file, and the login is by {auth}.</source>
        <translation>パスフレーズは鍵ファイルに属しますが、ログイン方法は {auth} です。</translation>
    </message>
    <message>
        <source>A password belongs to a server and a user, which are not set yet.</source>
        <translation>パスワードはサーバーとユーザーに属しますが、まだ設定されていません。</translation>
    </message>
    <message>
        <source>A piece of the events of {day} is lost from {place}.</source>
        <translation>{day} のイベントの断片が {place} から失われました。</translation>
    </message>
    <message>
        <source>A port is a number from 1 to 65535.</source>
        <translation>ポートは 1 ～ 65535 の数値です。</translation>
    </message>
    <message>
        <source>A role that may see audit trails, and no other.</source>
        <translation>監査証跡の閲覧だけができるロール。</translation>
    </message>
    <message>
        <source>A scheduler of yours starts the export here, and no daily task of this program.</source>
        <translation>ここではお使いのスケジューラーがエクスポートを開始し、このプログラムの毎日のタスクはありません。</translation>
    </message>
    <message>
        <source>A service that is known, as in okta, github, entra. Empty for another, which the settings then describe.</source>
        <translation>okta、github、entra などの既知のサービス。ほかのサービスの場合は空にし、設定で記述します。</translation>
    </message>
    <message>
        <source>A source can&apos;t be called {name!r}.</source>
        <translation>ソースの名前を {name!r} にすることはできません。</translation>
    </message>
    <message>
        <source>A source of kind {kind} has no {option}.</source>
        <translation>種類 {kind} のソースに {option} はありません。</translation>
    </message>
    <message>
        <source>A source of the kind {kind} has no password.</source>
        <translation>種類 {kind} のソースにはパスワードがありません。</translation>
    </message>
    <message>
        <source>A table or a query of PostgreSQL, MySQL, MariaDB, SQL Server, Oracle or SQLite.</source>
        <translation>PostgreSQL、MySQL、MariaDB、SQL Server、Oracle、SQLite の表またはクエリ。</translation>
    </message>
    <message>
        <source>A time is no key to go on from: what comes late would be missed.</source>
        <translation>時刻は続きを読むためのキーになりません。遅れて届いたものが漏れます。</translation>
    </message>
    <message>
        <source>A worker failed: {problem}</source>
        <translation>ワーカーが失敗しました: {problem}</translation>
    </message>
    <message>
        <source>A&amp;ddress</source>
        <translation>アドレス(&amp;D)</translation>
    </message>
    <message>
        <source>Accept this key from now on?</source>
        <translation>今後この鍵を受け入れますか?</translation>
    </message>
    <message>
        <source>Accepted.</source>
        <translation>受け入れました。</translation>
    </message>
    <message>
        <source>Acco&amp;unt</source>
        <translation>アカウント(&amp;U)</translation>
    </message>
    <message>
        <source>Account Settings: Read, and no other.</source>
        <translation>「Account Settings: Read」だけ。</translation>
    </message>
    <message>
        <source>Address (apprise URL)</source>
        <translation>アドレス (apprise URL)</translation>
    </message>
    <message>
        <source>Administer Jira: audit records can be read with no narrower right. A token with the scope manage:jira-configuration is enough.</source>
        <translation>「Administer Jira」。これより狭い権限では監査レコードを読めません。スコープ manage:jira-configuration のトークンで十分です。</translation>
    </message>
    <message>
        <source>All delivered.</source>
        <translation>すべて配信済みです。</translation>
    </message>
    <message>
        <source>All delivered. {following}</source>
        <translation>すべて配信済みです。{following}</translation>
    </message>
    <message>
        <source>All is saved. Whether the daily task can read the password was not found out. {why}</source>
        <translation>すべて保存されました。毎日のタスクがパスワードを読み取れるかどうかは確認できませんでした。{why}</translation>
    </message>
    <message>
        <source>All of it lies in {folder}, which you may delete.</source>
        <translation>すべて {folder} にあります。このフォルダーは削除できます。</translation>
    </message>
    <message>
        <source>All steps passed.</source>
        <translation>すべての手順に合格しました。</translation>
    </message>
    <message>
        <source>An administrator can change it.</source>
        <translation>管理者が変更できます。</translation>
    </message>
    <message>
        <source>An administrator can start it.</source>
        <translation>管理者が起動できます。</translation>
    </message>
    <message>
        <source>An administrator must make sure that users can&apos;t write it; nothing runs until then.</source>
        <translation>一般ユーザーが書き込めないように、管理者が変更する必要があります。それまでは何も実行されません。</translation>
    </message>
    <message>
        <source>An audit trails token reads nothing else; that of the organization may do more.</source>
        <translation>監査証跡トークンはほかのものを読めません。組織のトークンはより多くの権限を持ちます。</translation>
    </message>
    <message>
        <source>An event has no key {key}. {meant}</source>
        <translation>イベントにキー {key} はありません。{meant}</translation>
    </message>
    <message>
        <source>An export is running.</source>
        <translation>エクスポートを実行中です。</translation>
    </message>
    <message>
        <source>An index over the columns of time and id makes it fast. The next run goes on from here.</source>
        <translation>時刻と ID の列にまたがるインデックスがあれば速くなります。次回の実行はここから続きます。</translation>
    </message>
    <message>
        <source>Another export is running: process {pid}, started {time} by {by}.</source>
        <translation>別のエクスポートが実行中です: プロセス {pid}、開始 {time}、実行者: {by}</translation>
    </message>
    <message>
        <source>Another export of this configuration is running.</source>
        <translation>この設定で別のエクスポートが実行中です。</translation>
    </message>
    <message>
        <source>Another service on the web</source>
        <translation>その他の Web サービス</translation>
    </message>
    <message>
        <source>Application permission ActivityFeed.Read of the Office 365 Management APIs, and no other.</source>
        <translation>Office 365 Management API のアプリケーション許可 ActivityFeed.Read だけ。</translation>
    </message>
    <message>
        <source>Application permission AuditLog.Read.All, and no other.</source>
        <translation>アプリケーション許可 AuditLog.Read.All だけ。</translation>
    </message>
    <message>
        <source>Application permission DeviceManagementApps.Read.All, and no other.</source>
        <translation>アプリケーション許可 DeviceManagementApps.Read.All だけ。</translation>
    </message>
    <message>
        <source>Archive</source>
        <translation>アーカイブ</translation>
    </message>
    <message>
        <source>Archives</source>
        <translation>アーカイブ</translation>
    </message>
    <message>
        <source>Archives checked: {count}. All are whole, and none is missing.</source>
        <translation>確認したアーカイブ: {count} 件。すべて完全で、欠けているものはありません。</translation>
    </message>
    <message>
        <source>Archives of late events</source>
        <translation>遅れて届いたイベントのアーカイブ</translation>
    </message>
    <message>
        <source>Archiving {day}</source>
        <translation>{day} をアーカイブしています</translation>
    </message>
    <message>
        <source>Are key and secret right, and may they list the bucket and get its objects?</source>
        <translation>キーとシークレットは正しく、バケットの一覧とオブジェクトの取得が許可されていますか。</translation>
    </message>
    <message>
        <source>Are server, user, password and token in the address right, and does this computer reach it?</source>
        <translation>アドレスのサーバー、ユーザー、パスワード、トークンが正しいか、このコンピューターから到達できるか確認してください。</translation>
    </message>
    <message>
        <source>Are the table or the SELECT, and the columns of time and id, right?</source>
        <translation>テーブルまたは SELECT と、時刻と ID の列は正しいですか。</translation>
    </message>
    <message>
        <source>As in postgresql://user@server:5432/database; also mysql, mariadb, mssql, oracle, and sqlite:////folder/file.db. Without the password.</source>
        <translation>例: postgresql://user@server:5432/database。mysql、mariadb、mssql、oracle、sqlite:////folder/file.db も使えます。パスワードは書きません。</translation>
    </message>
    <message>
        <source>Ask an administrator for the right &apos;Log on as a batch job&apos;, or choose: only when I am signed in.</source>
        <translation>「バッチ ジョブとしてログオン」の権限を管理者に依頼するか、サインインしているときのみ実行するように選んでください。</translation>
    </message>
    <message>
        <source>Ask an administrator of this computer, or start the program as one once.</source>
        <translation>このコンピューターの管理者に依頼するか、一度プログラムを管理者として起動してください。</translation>
    </message>
    <message>
        <source>Ask an administrator to start the Windows service &apos;Task Scheduler&apos;.</source>
        <translation>管理者に Windows のサービス「Task Scheduler」の開始を依頼してください。</translation>
    </message>
    <message>
        <source>Ask for fewer records in a page (pages.size).</source>
        <translation>1 ページのレコード数を減らしてください (pages.size)。</translation>
    </message>
    <message>
        <source>Ask its administrator for an Ed25519, ECDSA or RSA (SHA-2) host key.</source>
        <translation>Ed25519、ECDSA または RSA (SHA-2) のホスト鍵を用意するよう、サーバーの管理者に依頼してください。</translation>
    </message>
    <message>
        <source>Ask its administrator for that.</source>
        <translation>管理者に依頼してください。</translation>
    </message>
    <message>
        <source>Ask its administrator for the right to {doing} there.</source>
        <translation>サーバーの管理者に、そのフォルダーでの次の権限を依頼してください: {doing}。</translation>
    </message>
    <message>
        <source>Ask its administrator to give this user the right to read (SELECT).</source>
        <translation>管理者に、このユーザーへの読み取り権限 (SELECT) の付与を依頼してください。</translation>
    </message>
    <message>
        <source>Ask its administrator to make room; the next run goes on.</source>
        <translation>空き容量を確保するよう、サーバーの管理者に依頼してください。次回の実行で続きを行います。</translation>
    </message>
    <message>
        <source>Ask its administrator.</source>
        <translation>サーバーの管理者に確認してください。</translation>
    </message>
    <message>
        <source>Ask the server&apos;s administrator for a copy: SHA-256 {sha256}.</source>
        <translation>サーバー管理者に控えを求めてください: SHA-256 {sha256}。</translation>
    </message>
    <message>
        <source>Asked: all days up to {last}.</source>
        <translation>確認した期間: {last} までのすべての日。</translation>
    </message>
    <message>
        <source>Asked: the days from {first} on.</source>
        <translation>確認した期間: {first} 以降の日。</translation>
    </message>
    <message>
        <source>Asked: the days from {first} to {last}.</source>
        <translation>確認した期間: {first} から {last} までの日。</translation>
    </message>
    <message>
        <source>Asked: {asked}, and {count} more.</source>
        <translation>要求: {asked}、ほか {count} 件。</translation>
    </message>
    <message>
        <source>Asked: {asked}.</source>
        <translation>要求: {asked}。</translation>
    </message>
    <message>
        <source>Audit events</source>
        <translation>監査イベント</translation>
    </message>
    <message>
        <source>Audit events, and no other kind of event.</source>
        <translation>監査イベントだけ。ほかの種類のイベントは不要です。</translation>
    </message>
    <message>
        <source>Audit trails: report for the auditor</source>
        <translation>監査証跡: 監査人向けレポート</translation>
    </message>
    <message>
        <source>By</source>
        <translation>発行者</translation>
    </message>
    <message>
        <source>By the clock, {name} was made before {before}, which it follows.</source>
        <translation>時計によると、{name} はその直前の {before} より前に作成されています。</translation>
    </message>
    <message>
        <source>C&amp;lient</source>
        <translation>クライアント(&amp;L)</translation>
    </message>
    <message>
        <source>Change its mapping: what is set aside is tried again then, and the rest is read.</source>
        <translation>マッピングを変更してください。除外されたレコードはそのとき再試行され、残りも読み取られます。</translation>
    </message>
    <message>
        <source>Change one of them.</source>
        <translation>いずれかを変更してください。</translation>
    </message>
    <message>
        <source>Change the mapping of the source: what is set aside is tried again then. To see the records:</source>
        <translation>ソースのマッピングを変更してください。除外されたレコードはそのとき再試行されます。レコードの確認方法:</translation>
    </message>
    <message>
        <source>Change {this}, or choose {other}.</source>
        <translation>{this}を変更するか、{other}を選んでください。</translation>
    </message>
    <message>
        <source>Check client and secret, and that the client is enabled there.</source>
        <translation>クライアントとシークレット、およびクライアントがサービスで有効になっていることを確認してください。</translation>
    </message>
    <message>
        <source>Check it without this program</source>
        <translation>このプログラムを使わない確認方法</translation>
    </message>
    <message>
        <source>Check the address and what is asked.</source>
        <translation>アドレスと要求内容を確認してください。</translation>
    </message>
    <message>
        <source>Check the address of the service.</source>
        <translation>サービスのアドレスを確認してください。</translation>
    </message>
    <message>
        <source>Checking</source>
        <translation>確認中</translation>
    </message>
    <message>
        <source>Choose one of --csv, --json and --html.</source>
        <translation>--csv、--json、--html のいずれか 1 つを選択してください。</translation>
    </message>
    <message>
        <source>Choose where else to keep it.</source>
        <translation>別の保存場所を選んでください。</translation>
    </message>
    <message>
        <source>Clock</source>
        <translation>時計</translation>
    </message>
    <message>
        <source>Close it there, or wait until that program has ended. Then try again.</source>
        <translation>そのプログラムで閉じるか、終了するまで待ってから、もう一度試してください。</translation>
    </message>
    <message>
        <source>Close it: chmod 600 {path}</source>
        <translation>アクセスを制限してください: chmod 600 {path}</translation>
    </message>
    <message>
        <source>Col&amp;umn of time</source>
        <translation>時刻の列(&amp;U)</translation>
    </message>
    <message>
        <source>Collected by an older version.</source>
        <translation>以前のバージョンが収集したものです。</translation>
    </message>
    <message>
        <source>Collecting from {source}</source>
        <translation>{source} から収集しています</translation>
    </message>
    <message>
        <source>Colu&amp;mn of id</source>
        <translation>ID の列(&amp;M)</translation>
    </message>
    <message>
        <source>Compare the fingerprint with the one its administrator gave you, then accept it.</source>
        <translation>フィンガープリントを、サーバーの管理者から受け取ったものと照合してから承認してください。</translation>
    </message>
    <message>
        <source>Complete</source>
        <translation>完全</translation>
    </message>
    <message>
        <source>Configure the export as that user first.</source>
        <translation>まずそのユーザーとしてエクスポートを設定してください。</translation>
    </message>
    <message>
        <source>Configured</source>
        <translation>設定</translation>
    </message>
    <message>
        <source>Connecting to {server} …</source>
        <translation>{server} に接続しています…</translation>
    </message>
    <message>
        <source>Convert it: in PuTTYgen, Conversions &gt; Export OpenSSH key; or on Linux:</source>
        <translation>変換してください。PuTTYgen では Conversions &gt; Export OpenSSH key、Linux では次のコマンドです:</translation>
    </message>
    <message>
        <source>Create a fine-grained personal access token of the organization; its audit log is part of GitHub Enterprise.</source>
        <translation>組織の fine-grained personal access token を作成します。監査ログは GitHub Enterprise の機能です。</translation>
    </message>
    <message>
        <source>Create a machine-to-machine application that is authorized for the Auth0 Management API.</source>
        <translation>Auth0 Management API を許可した machine-to-machine アプリケーションを作成します。</translation>
    </message>
    <message>
        <source>Create a service account in Google Cloud with the Admin SDK API enabled, allow it domain-wide delegation with the scope below, and create a JSON key.</source>
        <translation>Admin SDK API を有効にした Google Cloud でサービスアカウントを作成し、下記のスコープでドメイン全体の委任を許可して、JSON キーを作成します。</translation>
    </message>
    <message>
        <source>Create an API key under admin.atlassian.com, Settings, API keys; audit events are part of Atlassian Guard.</source>
        <translation>admin.atlassian.com の Settings、API keys で API キーを作成します。監査イベントは Atlassian Guard の機能です。</translation>
    </message>
    <message>
        <source>Create an API token under id.atlassian.com, for a user who administers Jira.</source>
        <translation>id.atlassian.com で、Jira を管理するユーザーの API トークンを作成します。</translation>
    </message>
    <message>
        <source>Create an access token of an administrator; for a group, one of an owner, and the address https://gitlab.com/api/v4/groups/ID/audit_events.</source>
        <translation>管理者のアクセストークンを作成します。グループの場合はオーナーのトークンと、アドレス https://gitlab.com/api/v4/groups/ID/audit_events を使います。</translation>
    </message>
    <message>
        <source>Create an audit trails token, or the organization&apos;s token, under its settings, API tokens.</source>
        <translation>組織の設定の API tokens で、監査証跡トークンまたは組織のトークンを作成します。</translation>
    </message>
    <message>
        <source>Create it again.</source>
        <translation>もう一度作成してください。</translation>
    </message>
    <message>
        <source>Daily task</source>
        <translation>毎日のタスク</translation>
    </message>
    <message>
        <source>Dask, which spreads the work, is not installed here ({reason}).</source>
        <translation>作業を分散する Dask がこのコンピューターにインストールされていません ({reason})。</translation>
    </message>
    <message>
        <source>Database</source>
        <translation>データベース</translation>
    </message>
    <message>
        <source>Day</source>
        <translation>日</translation>
    </message>
    <message>
        <source>Days</source>
        <translation>日</translation>
    </message>
    <message>
        <source>Delete it. Then set the password again.</source>
        <translation>ファイルを削除し、パスワードを設定し直してください。</translation>
    </message>
    <message>
        <source>Delivered</source>
        <translation>配信済み</translation>
    </message>
    <message>
        <source>Delivered at</source>
        <translation>配信日時</translation>
    </message>
    <message>
        <source>Delivered up to {day}: {done} of {total} days, {events} read.</source>
        <translation>{day} まで配信済み: {total} 日中 {done} 日、{events}を読み取り。</translation>
    </message>
    <message>
        <source>Did you mean {key}?</source>
        <translation>{key} のことですか。</translation>
    </message>
    <message>
        <source>Do they have enough memory and room for temporary files? Their logs say why.</source>
        <translation>メモリと一時ファイルの空き容量は足りていますか？ 理由はワーカーのログにあります。</translation>
    </message>
    <message>
        <source>Does another computer export there under the same instance name? Give each a name of its own.</source>
        <translation>別のコンピューターが同じインスタンス名で同じ場所にエクスポートしていませんか。それぞれに別の名前を付けてください。</translation>
    </message>
    <message>
        <source>Does it work from a terminal?</source>
        <translation>ターミナルから実行すると動作しますか。</translation>
    </message>
    <message>
        <source>Does the Task Scheduler of this computer open, and show its tasks?</source>
        <translation>このコンピューターのタスク スケジューラは開き、タスクを表示しますか？</translation>
    </message>
    <message>
        <source>Each is checked against its manifest (members, sizes, SHA-256, number and times of events) and its signature. All of an installation are checked together: no number of the chain may be missing or there twice, each must be made after the one before, and the newest must be as new as --to says, or else of yesterday, where the export was on by then. Without --signers, who signed is left open; without --tsa, who says when.</source>
        <translation>それぞれをマニフェスト (内容、サイズ、SHA-256、イベントの数と時刻) および署名と照合します。1 つのインストールのアーカイブはまとめて検証します。チェーンの番号に欠落や重複があってはならず、それぞれが前のものより後に作成され、最新のものは --to の日、指定がなければ前日 (その時点でエクスポートがオンの場合) まで届いている必要があります。--signers がなければ誰が署名したか、--tsa がなければ誰がその時刻を証明したかは確認されません。</translation>
    </message>
    <message>
        <source>Ed25519, ECDSA and RSA keys can be, as ssh-keygen makes them. Is it the right file, and whole?</source>
        <translation>ssh-keygen で作成した Ed25519、ECDSA、RSA の鍵を使えます。正しいファイルですか。欠けていませんか。</translation>
    </message>
    <message>
        <source>Either the server was set up again, or someone is in between. Ask its administrator.</source>
        <translation>サーバーが再構築されたか、第三者が間に入っています。管理者に確認してください。</translation>
    </message>
    <message>
        <source>Either the server was set up again, or someone is in between. Nothing was sent. Ask its administrator before you accept the new key.</source>
        <translation>サーバーが再構築されたか、第三者が介在しています。何も送信していません。新しい鍵を承認する前に、サーバーの管理者に確認してください。</translation>
    </message>
    <message>
        <source>Entr&amp;ies</source>
        <translation>エントリ(&amp;I)</translation>
    </message>
    <message>
        <source>Events</source>
        <translation>イベント</translation>
    </message>
    <message>
        <source>Events came from {names}.</source>
        <translation>イベントの収集元: {names}。</translation>
    </message>
    <message>
        <source>Events can&apos;t be kept for {days} days.</source>
        <translation>イベントを {days} 日間保存することはできません。</translation>
    </message>
    <message>
        <source>Existed at</source>
        <translation>存在した時刻</translation>
    </message>
    <message>
        <source>Export</source>
        <translation>エクスポート</translation>
    </message>
    <message>
        <source>F&amp;iles</source>
        <translation>ファイル(&amp;I)</translation>
    </message>
    <message>
        <source>Failures are reported to no address any more.</source>
        <translation>失敗は今後どのアドレスにも通知されません。</translation>
    </message>
    <message>
        <source>Failures are reported to no address.</source>
        <translation>失敗はどのアドレスにも通知されません。</translation>
    </message>
    <message>
        <source>Files</source>
        <translation>ファイル</translation>
    </message>
    <message>
        <source>Files in a bucket: Amazon S3, Google Cloud Storage, Azure Blob Storage, MinIO.</source>
        <translation>バケット内のファイル: Amazon S3、Google Cloud Storage、Azure Blob Storage、MinIO。</translation>
    </message>
    <message>
        <source>Files on another computer, such as the archives of Ivanti Neurons for MDM.</source>
        <translation>別のコンピューター上のファイル（Ivanti Neurons for MDM のアーカイブなど）。</translation>
    </message>
    <message>
        <source>Files that another program writes: JSON, CSV, CEF, syslog, .evtx, also packed.</source>
        <translation>ほかのプログラムが書き出すファイル: JSON、CSV、CEF、syslog、.evtx（圧縮も可）。</translation>
    </message>
    <message>
        <source>Fill in its name.</source>
        <translation>その名前を入力してください。</translation>
    </message>
    <message>
        <source>Fill in one of the two.</source>
        <translation>どちらか一方を入力してください。</translation>
    </message>
    <message>
        <source>Fill in server, user, password and path below. They are tested before they are saved.</source>
        <translation>下のサーバー、ユーザー、パスワード、パスを入力します。保存の前にテストします。</translation>
    </message>
    <message>
        <source>Fill in the address of the service, or choose one that is known.</source>
        <translation>サービスのアドレスを入力するか、既知のサービスを選択してください。</translation>
    </message>
    <message>
        <source>Fill it in without --cluster.</source>
        <translation>--cluster を付けずに取り込んでください。</translation>
    </message>
    <message>
        <source>Fill that in.</source>
        <translation>入力してください。</translation>
    </message>
    <message>
        <source>First</source>
        <translation>最初</translation>
    </message>
    <message>
        <source>First missing</source>
        <translation>最初の欠落</translation>
    </message>
    <message>
        <source>First signature</source>
        <translation>最初の署名</translation>
    </message>
    <message>
        <source>Fix that line, or put back an older copy.</source>
        <translation>その行を修正するか、古い控えに戻してください。</translation>
    </message>
    <message>
        <source>Fix that line; nothing was saved.</source>
        <translation>その行を修正してください。何も保存していません。</translation>
    </message>
    <message>
        <source>Folder of files</source>
        <translation>ファイルのフォルダー</translation>
    </message>
    <message>
        <source>Folder on an SFTP server</source>
        <translation>SFTP サーバー上のフォルダー</translation>
    </message>
    <message>
        <source>Foll&amp;ow links that lead out of the folder</source>
        <translation>フォルダーの外へのリンクもたどる(&amp;O)</translation>
    </message>
    <message>
        <source>Follow lin&amp;ks that lead out of the folder</source>
        <translation>フォルダー外へのリンクをたどる(&amp;K)</translation>
    </message>
    <message>
        <source>For help: {command}</source>
        <translation>ヘルプ: {command}</translation>
    </message>
    <message>
        <source>From then on, each day has its archive.</source>
        <translation>それ以降、毎日のアーカイブが作られます。</translation>
    </message>
    <message>
        <source>Future</source>
        <translation>未来</translation>
    </message>
    <message>
        <source>Give each a name of its own.</source>
        <translation>それぞれ別の名前にしてください。</translation>
    </message>
    <message>
        <source>Give it a name to know it by.</source>
        <translation>見分けられる名前を付けてください。</translation>
    </message>
    <message>
        <source>Give it another name.</source>
        <translation>別の名前を付けてください。</translation>
    </message>
    <message>
        <source>Give it the key: ssh-add FILE</source>
        <translation>鍵を登録してください: ssh-add ファイル</translation>
    </message>
    <message>
        <source>Give it the right to read them, and no more; is auditing part of the plan there?</source>
        <translation>読み取る権限だけを与えてください。監査機能はプランに含まれていますか?</translation>
    </message>
    <message>
        <source>Give the account a password, or choose: only when I am signed in.</source>
        <translation>アカウントにパスワードを設定するか、サインインしているときのみ実行するように選んでください。</translation>
    </message>
    <message>
        <source>H&amp;MAC</source>
        <translation>HMAC(&amp;M)</translation>
    </message>
    <message>
        <source>H&amp;ost</source>
        <translation>ホスト(&amp;O)</translation>
    </message>
    <message>
        <source>HMAC</source>
        <translation>HMAC</translation>
    </message>
    <message>
        <source>Have an administrator add the user to the group systemd-journal; that counts from the next start of the computer on.</source>
        <translation>管理者に依頼して、このユーザーをグループ systemd-journal に追加してもらってください。コンピューターの次回起動から有効になります。</translation>
    </message>
    <message>
        <source>Have the source follow links, or remove the link.</source>
        <translation>ソースでリンクをたどるようにするか、リンクを削除してください。</translation>
    </message>
    <message>
        <source>How far before the newest object that was read others may still arrive: 7d.</source>
        <translation>読み取った最新のオブジェクトより前に、まだ届く可能性がある期間: 7d。</translation>
    </message>
    <message>
        <source>How much is read once more each time, to find rows that were committed late: 24h, 7d.</source>
        <translation>遅れてコミットされた行を見つけるため、毎回読み直す長さ: 24h、7d。</translation>
    </message>
    <message>
        <source>If a proxy of your organisation answers, its certificate must be among the system&apos;s own.</source>
        <translation>組織のプロキシが応答している場合は、その証明書をシステムの証明書に追加してください。</translation>
    </message>
    <message>
        <source>In CEF, the device event class ID; the action where there is none.</source>
        <translation>CEF ではデバイスイベントクラス ID です。ない場合はアクションになります。</translation>
    </message>
    <message>
        <source>In CEF, the product, likewise.</source>
        <translation>CEF での製品名です (設定の製品名の代わり)。</translation>
    </message>
    <message>
        <source>In CEF, the vendor, in place of the one in the settings.</source>
        <translation>CEF でのベンダー名です (設定のベンダー名の代わり)。</translation>
    </message>
    <message>
        <source>In a folder, a database, a service on the web: each is a source.</source>
        <translation>フォルダー、データベース、Web サービスなど、それぞれがソースになります。</translation>
    </message>
    <message>
        <source>Install an app on the organization (Enterprise Grid) as its owner, and take the user token, which begins with xoxp-.</source>
        <translation>オーナーとして組織（Enterprise Grid）にアプリをインストールし、xoxp- で始まるユーザートークンを使います。</translation>
    </message>
    <message>
        <source>Install cron and set the task up again, have a scheduler of yours start “audit-trails-export run --scheduled” once a day, or ask an administrator for one of these:</source>
        <translation>cron をインストールしてタスクを設定し直すか、お使いのスケジューラーで 1 日 1 回「audit-trails-export run --scheduled」を起動するか、管理者に次のいずれかを依頼してください:</translation>
    </message>
    <message>
        <source>Install cron, or have a scheduler of yours start this once a day:</source>
        <translation>cron をインストールするか、お使いのスケジューラーで 1 日 1 回次を起動してください:</translation>
    </message>
    <message>
        <source>Install it beside this program, or leave it out of the address: {url}.</source>
        <translation>このプログラムと一緒にインストールするか、アドレスから省いてください: {url}。</translation>
    </message>
    <message>
        <source>Install that version again.</source>
        <translation>そのバージョンをもう一度インストールしてください。</translation>
    </message>
    <message>
        <source>Install that version again; the file was not changed.</source>
        <translation>そのバージョンをもう一度インストールしてください。ファイルは変更していません。</translation>
    </message>
    <message>
        <source>Install the program again, then: audit-trails-export schedule install</source>
        <translation>プログラムをもう一度インストールしてから、次を実行してください: audit-trails-export schedule install</translation>
    </message>
    <message>
        <source>Install the program from its wheel, with this extra; the packages do not have it:</source>
        <translation>プログラムを wheel から、次の extra 付きでインストールしてください。パッケージには含まれていません:</translation>
    </message>
    <message>
        <source>Install the program in a folder with a shorter name.</source>
        <translation>プログラムを、より短い名前のフォルダーにインストールしてください。</translation>
    </message>
    <message>
        <source>Install the program, or keep its files, in a folder with another name.</source>
        <translation>プログラムまたはそのファイルを、別の名前のフォルダーに置いてください。</translation>
    </message>
    <message>
        <source>Install the same versions everywhere.</source>
        <translation>すべてのコンピューターに同じバージョンをインストールしてください。</translation>
    </message>
    <message>
        <source>Install this version of the program there: {version}.</source>
        <translation>そこにこのバージョンのプログラムをインストールしてください: {version}。</translation>
    </message>
    <message>
        <source>Instance</source>
        <translation>インスタンス</translation>
    </message>
    <message>
        <source>Instance {names}</source>
        <translation>インスタンス {names}</translation>
    </message>
    <message>
        <source>Instances: {count}; {fine} lack nothing.</source>
        <translation>インスタンス: {count} 件。うち {fine} 件は欠落なし。</translation>
    </message>
    <message>
        <source>Is cron running?</source>
        <translation>cron は動作していますか。</translation>
    </message>
    <message>
        <source>Is it there, and may this user read it?</source>
        <translation>フォルダーが存在し、このユーザーに読み取り権限があるか確認してください。</translation>
    </message>
    <message>
        <source>Is it there, and may this user read it? Try the same with journalctl.</source>
        <translation>存在し、このユーザーが読み取れますか? journalctl で同じことを試してください。</translation>
    </message>
    <message>
        <source>Is its SFTP service on?</source>
        <translation>サーバーの SFTP サービスは有効ですか。</translation>
    </message>
    <message>
        <source>Is its address right, and does this computer reach it?</source>
        <translation>アドレスは正しいですか。このコンピューターから接続できますか。</translation>
    </message>
    <message>
        <source>Is its disk read-only or full, and may this user write there? AUDIT_TRAILS_HOME names another folder.</source>
        <translation>ディスクが読み取り専用または満杯ではありませんか。このユーザーはそこに書き込めますか。AUDIT_TRAILS_HOME で別のフォルダーを指定できます。</translation>
    </message>
    <message>
        <source>Is its folder writable, and on a disk where files can be locked?</source>
        <translation>そのフォルダーに書き込めますか。また、ファイルをロックできるディスクにありますか。</translation>
    </message>
    <message>
        <source>Is its folder writable?</source>
        <translation>そのフォルダーに書き込めますか。</translation>
    </message>
    <message>
        <source>Is one of the public keys among those that the server has for this user? They are: {keys}</source>
        <translation>サーバーに登録されたこのユーザーの公開鍵の中に、次のいずれかがありますか: {keys}</translation>
    </message>
    <message>
        <source>Is the address right, and may this computer reach it?</source>
        <translation>アドレスは正しく、このコンピューターから接続できますか。</translation>
    </message>
    <message>
        <source>Is the address right, as in tls://host:8786, and does dask scheduler run there?</source>
        <translation>アドレスは tls://host:8786 のように正しく書かれ、そこで dask scheduler が動いていますか？</translation>
    </message>
    <message>
        <source>Is the address right, is the database running, and may this computer reach it?</source>
        <translation>アドレスは正しいですか。データベースは動作していて、このコンピューターから接続できますか。</translation>
    </message>
    <message>
        <source>Is the disk full or read-only?</source>
        <translation>ディスクがいっぱいか、読み取り専用になっていませんか。</translation>
    </message>
    <message>
        <source>Is the key right? The server&apos;s log may say why it cut.</source>
        <translation>鍵は正しいですか。切断の理由はサーバーのログにあるかもしれません。</translation>
    </message>
    <message>
        <source>Is the name right, and does this computer have a network?</source>
        <translation>名前が正しいか、このコンピューターがネットワークに接続されているか確認してください。</translation>
    </message>
    <message>
        <source>Is the name right, and the region?</source>
        <translation>名前とリージョンは正しいですか。</translation>
    </message>
    <message>
        <source>Is the name right, does the server run, and may this computer reach it?</source>
        <translation>名前が正しいか、サーバーが動作しているか、このコンピューターから到達できるか確認してください。</translation>
    </message>
    <message>
        <source>Is the port right?</source>
        <translation>ポートが正しいか確認してください。</translation>
    </message>
    <message>
        <source>Is the port that of its SFTP service?</source>
        <translation>SFTP サービスのポートか確認してください。</translation>
    </message>
    <message>
        <source>Is the present key lost?</source>
        <translation>現在の鍵は失われましたか?</translation>
    </message>
    <message>
        <source>Is the public key among those that the server has for this user?</source>
        <translation>サーバーに登録されたこのユーザーの公開鍵の中に、この公開鍵がありますか。</translation>
    </message>
    <message>
        <source>Is the public key among those that the server has for this user? It is: {key}</source>
        <translation>サーバーに登録されたこのユーザーの公開鍵の中に、次の公開鍵がありますか: {key}</translation>
    </message>
    <message>
        <source>Is the system&apos;s proxy the right one?</source>
        <translation>システムのプロキシは正しいですか?</translation>
    </message>
    <message>
        <source>Is there room on the disk of {folder}?</source>
        <translation>{folder} のディスクに空きがあるか確認してください。</translation>
    </message>
    <message>
        <source>Is there room on the disk, and may you write there?</source>
        <translation>ディスクに空きがあり、書き込み権限があるか確認してください。</translation>
    </message>
    <message>
        <source>Is there room on the disk?</source>
        <translation>ディスクに空きはありますか。</translation>
    </message>
    <message>
        <source>Is {key} meant?</source>
        <translation>{key} のことですか。</translation>
    </message>
    <message>
        <source>It accepts {choices}: tick at least one of them.</source>
        <translation>サーバーが受け付けるのは {choices} です。少なくとも 1 つを選択してください。</translation>
    </message>
    <message>
        <source>It accepts {methods}, but no key.</source>
        <translation>サーバーが受け付けるのは {methods} で、鍵は受け付けません。</translation>
    </message>
    <message>
        <source>It accepts {methods}, but no key. Log in with a password.</source>
        <translation>サーバーが受け付けるのは {methods} で、鍵は受け付けません。パスワードでログインしてください。</translation>
    </message>
    <message>
        <source>It accepts {methods}, but no password.</source>
        <translation>サーバーは {methods} を受け付けますが、パスワードは受け付けません。</translation>
    </message>
    <message>
        <source>It accepts {methods}, but no password. Log in with a key.</source>
        <translation>サーバーが受け付けるのは {methods} で、パスワードは受け付けません。鍵でログインしてください。</translation>
    </message>
    <message>
        <source>It asks &quot;{question}&quot;, which is not for the password. This needs a user without a second factor.</source>
        <translation>サーバーは「{question}」と尋ねていますが、これはパスワードの質問ではありません。二要素認証を使わないユーザーが必要です。</translation>
    </message>
    <message>
        <source>It becomes part of every CEF line.</source>
        <translation>すべての CEF 行に入ります。</translation>
    </message>
    <message>
        <source>It can&apos;t be read again: its files are others by now. Put it back, or them as they were.</source>
        <translation>元のファイルが変わったため、読み直せません。断片を戻すか、ファイルを元の状態に戻してください。</translation>
    </message>
    <message>
        <source>It does so after failed logins or cut connections, for up to 10 minutes unless its administrator chose otherwise. Check user and password, then try again later.</source>
        <translation>ログインの失敗や接続の切断が続いたあとの動作で、管理者が変更していなければ最長 10 分続きます。ユーザーとパスワードを確認し、しばらくしてからやり直してください。</translation>
    </message>
    <message>
        <source>It has no host key.</source>
        <translation>ホスト鍵はありません。</translation>
    </message>
    <message>
        <source>It has to be in PEM.</source>
        <translation>PEM 形式でなければなりません。</translation>
    </message>
    <message>
        <source>It is not said where the workers are to put what they make.</source>
        <translation>ワーカーが作成したものを置く場所が指定されていません。</translation>
    </message>
    <message>
        <source>It is sent again.</source>
        <translation>再送信します。</translation>
    </message>
    <message>
        <source>It is sent again. Its administrator should look at how that server renames.</source>
        <translation>もう一度送信します。管理者はこのサーバーの名前変更の動作を確認してください。</translation>
    </message>
    <message>
        <source>It is tried again by the next run. Is the file whole, and may this user read it?</source>
        <translation>次回の実行で再試行します。ファイルが壊れていないか、このユーザーに読み取り権限があるか確認してください。</translation>
    </message>
    <message>
        <source>It is tried again by the next run. May this user read it?</source>
        <translation>次の実行で再試行されます。このユーザーは読み取れますか?</translation>
    </message>
    <message>
        <source>It may be about to start or to end. Try again in a minute.</source>
        <translation>起動中または終了中の可能性があります。1 分後にもう一度試してください。</translation>
    </message>
    <message>
        <source>It may be busy, or closed to this computer; its log may say why.</source>
        <translation>混雑しているか、このコンピューターからの接続を受け付けていない可能性があります。理由はサーバーのログに記録されていることがあります。</translation>
    </message>
    <message>
        <source>It may have run out. Make a new one there, and keep it:</source>
        <translation>期限が切れている可能性があります。新しいものを作成して保存してください:</translation>
    </message>
    <message>
        <source>It must be {kind}.</source>
        <translation>正しい値: {kind}</translation>
    </message>
    <message>
        <source>It offers {offered}. Ask its administrator to allow {choice}.</source>
        <translation>サーバーが提供するのは {offered} です。サーバーの管理者に {choice} の許可を依頼してください。</translation>
    </message>
    <message>
        <source>It offers {offered}. Of the choices here it accepts {choices}: tick at least one of them.</source>
        <translation>サーバーが提供するのは {offered} です。この一覧のうち {choices} を受け付けます。少なくとも 1 つを選択してください。</translation>
    </message>
    <message>
        <source>It runs only while you are signed in. Also while you are signed out:</source>
        <translation>サインイン中にのみ実行されます。サインアウト中も実行するには:</translation>
    </message>
    <message>
        <source>It said: {last_words}</source>
        <translation>出力: {last_words}</translation>
    </message>
    <message>
        <source>It wants {methods} as well, which this program does not do.</source>
        <translation>さらに {methods} が求められましたが、このプログラムは対応していません。</translation>
    </message>
    <message>
        <source>It wants {methods} as well, which this program does not have.</source>
        <translation>サーバーは {methods} も要求しますが、このプログラムは対応していません。</translation>
    </message>
    <message>
        <source>It was not accepted.</source>
        <translation>受け入れませんでした。</translation>
    </message>
    <message>
        <source>It was stopped.</source>
        <translation>中止されました。</translation>
    </message>
    <message>
        <source>It was tried once. Are both right, and is the account not locked?</source>
        <translation>試行は 1 回だけです。ユーザーとパスワードが正しいか、アカウントがロックされていないか確認してください。</translation>
    </message>
    <message>
        <source>It was tried once. Is the password right? The server&apos;s log may say why it cut.</source>
        <translation>試行は 1 回だけです。パスワードは正しいですか。切断の理由はサーバーのログに残っているかもしれません。</translation>
    </message>
    <message>
        <source>It was tried once. Set the password.</source>
        <translation>試行は 1 回だけです。パスワードを設定してください。</translation>
    </message>
    <message>
        <source>It was tried once. The server&apos;s log may say what it waits for; the next run tries again.</source>
        <translation>1 回試しました。サーバーが何を待っているかは、サーバーのログでわかる場合があります。次回の実行で再試行します。</translation>
    </message>
    <message>
        <source>Its administrator should look at the shell of this user, and at what that prints.</source>
        <translation>サーバーの管理者は、このユーザーのシェルと、そのシェルが出力する内容を確認してください。</translation>
    </message>
    <message>
        <source>Its user needs the right to rename there.</source>
        <translation>ユーザーに、そこでの名前の変更の権限が必要です。</translation>
    </message>
    <message>
        <source>Journal &amp;folder</source>
        <translation>ジャーナルのフォルダー(&amp;F)</translation>
    </message>
    <message>
        <source>Journal of systemd</source>
        <translation>systemd のジャーナル</translation>
    </message>
    <message>
        <source>Journals</source>
        <translation>ジャーナル</translation>
    </message>
    <message>
        <source>KWallet</source>
        <translation>KWallet</translation>
    </message>
    <message>
        <source>Keep it elsewhere, in a file.</source>
        <translation>別の場所 (ファイル) に保存してください。</translation>
    </message>
    <message>
        <source>Keeps its events as set up there.</source>
        <translation>イベントの保存期間はサービス側の設定によります。</translation>
    </message>
    <message>
        <source>Keeps its events for {days} days.</source>
        <translation>イベントの保存期間は {days} 日です。</translation>
    </message>
    <message>
        <source>Kept, but not known to this version: {keys}.</source>
        <translation>保持しましたが、このバージョンでは不明です: {keys}。</translation>
    </message>
    <message>
        <source>Key</source>
        <translation>鍵</translation>
    </message>
    <message>
        <source>Key e&amp;xchange</source>
        <translation>鍵交換(&amp;X)</translation>
    </message>
    <message>
        <source>Keys</source>
        <translation>鍵</translation>
    </message>
    <message>
        <source>Kind</source>
        <translation>種類</translation>
    </message>
    <message>
        <source>Known are {kinds}.</source>
        <translation>使えるもの: {kinds}。</translation>
    </message>
    <message>
        <source>Known are: {kinds}. The file was not changed.</source>
        <translation>使用できる種類: {kinds}。ファイルは変更されていません。</translation>
    </message>
    <message>
        <source>Last</source>
        <translation>最後</translation>
    </message>
    <message>
        <source>Last archive</source>
        <translation>最新のアーカイブ</translation>
    </message>
    <message>
        <source>Last night&apos;s export failed.</source>
        <translation>昨夜のエクスポートは失敗しました。</translation>
    </message>
    <message>
        <source>Last run</source>
        <translation>前回の実行</translation>
    </message>
    <message>
        <source>Last signature</source>
        <translation>最後の署名</translation>
    </message>
    <message>
        <source>Late</source>
        <translation>遅れ</translation>
    </message>
    <message>
        <source>Let each computer have credentials of its own for the bucket, and leave the key empty.</source>
        <translation>各コンピューターにバケット用の資格情報を持たせ、キーは空のままにしてください。</translation>
    </message>
    <message>
        <source>Let it keep more (SystemMaxUse= in journald.conf), or collect more often.</source>
        <translation>保持量を増やすか (journald.conf の SystemMaxUse=)、より頻繁に収集してください。</translation>
    </message>
    <message>
        <source>Let the computer be on at the time of the daily task. The archives tell of this gap.</source>
        <translation>毎日のタスクの時刻にはコンピューターの電源を入れておいてください。この欠落はアーカイブに記録されます。</translation>
    </message>
    <message>
        <source>Likely its disk is full, or a quota is reached.</source>
        <translation>サーバーのディスクがいっぱいか、クォータに達している可能性があります。</translation>
    </message>
    <message>
        <source>Line {number} can&apos;t be an audit event: {reason}.</source>
        <translation>{number} 行目は監査イベントにできません: {reason}</translation>
    </message>
    <message>
        <source>Line {number} of {path} is no line of allowed_signers.</source>
        <translation>{path} の {number} 行目は allowed_signers の行ではありません。</translation>
    </message>
    <message>
        <source>Lists of events</source>
        <translation>イベントのリスト</translation>
    </message>
    <message>
        <source>Log in &amp;with</source>
        <translation>ログイン方法(&amp;W)</translation>
    </message>
    <message>
        <source>Look &amp;back</source>
        <translation>さかのぼり(&amp;B)</translation>
    </message>
    <message>
        <source>Look at its permissions and at the room on the disk. The next run goes on from there.</source>
        <translation>そのアクセス権とディスクの空き容量を確認してください。次回の実行で続きから再開します。</translation>
    </message>
    <message>
        <source>Look at the permissions of the file and at its disk. Keep the file: nothing says that it is damaged.</source>
        <translation>ファイルのアクセス権とそのディスクを確認してください。ファイルはそのまま残してください。破損を示すものはありません。</translation>
    </message>
    <message>
        <source>Look bac&amp;k</source>
        <translation>さかのぼり(&amp;K)</translation>
    </message>
    <message>
        <source>Made at {at} by {program}.</source>
        <translation>{program} が {at} に作成しました。</translation>
    </message>
    <message>
        <source>May it read the file, and is its passphrase kept?</source>
        <translation>ファイルを読み取れますか。パスフレーズは保存されていますか。</translation>
    </message>
    <message>
        <source>May sign</source>
        <translation>署名を許可</translation>
    </message>
    <message>
        <source>May the user read it? Ask the server&apos;s administrator.</source>
        <translation>ユーザーに読み取り権限がありますか? サーバーの管理者に確認してください。</translation>
    </message>
    <message>
        <source>May this user have a crontab?</source>
        <translation>このユーザーに crontab の使用が許可されているか確認してください。</translation>
    </message>
    <message>
        <source>May this user, and that of the workers, read and write there?</source>
        <translation>このユーザーとワーカーのユーザーは、そこで読み書きできますか？</translation>
    </message>
    <message>
        <source>May you read that file?</source>
        <translation>そのファイルの読み取り権限があるか確認してください。</translation>
    </message>
    <message>
        <source>May you write there?</source>
        <translation>そこに書き込み権限があるか確認してください。</translation>
    </message>
    <message>
        <source>May you write to its folder?</source>
        <translation>そのフォルダーに書き込み権限があるか確認してください。</translation>
    </message>
    <message>
        <source>May you write to {folder}?</source>
        <translation>{folder} に書き込み権限があるか確認してください。</translation>
    </message>
    <message>
        <source>Missing</source>
        <translation>欠落</translation>
    </message>
    <message>
        <source>Most records of source {name} are set aside: {count}.</source>
        <translation>ソース {name} のレコードの大半が除外されています: {count} 件。</translation>
    </message>
    <message>
        <source>Mount the folder there under the same path, and let the worker&apos;s user read it.</source>
        <translation>そのフォルダーを同じパスにマウントし、ワーカーのユーザーが読めるようにしてください。</translation>
    </message>
    <message>
        <source>Mount the folder there under the same path, or name a bucket that both can reach.</source>
        <translation>そのフォルダーを同じパスにマウントするか、両方から届くバケットを指定してください。</translation>
    </message>
    <message>
        <source>Move it to a folder whose name has no such end.</source>
        <translation>名前がそのように終わらないフォルダーに移してください。</translation>
    </message>
    <message>
        <source>Move the file there. A whole folder may be elsewhere: AUDIT_TRAILS_HOME names it.</source>
        <translation>ファイルをそこに移動してください。フォルダー全体を別の場所に置く場合は AUDIT_TRAILS_HOME で指定します。</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>名前</translation>
    </message>
    <message>
        <source>Name a folder that all share, or a bucket: --pieces.</source>
        <translation>全員が共有するフォルダーかバケットを --pieces で指定してください。</translation>
    </message>
    <message>
        <source>Name a folder.</source>
        <translation>フォルダーを指定してください。</translation>
    </message>
    <message>
        <source>Name archives or a folder, or pass --server.</source>
        <translation>アーカイブまたはフォルダーを指定するか、--server を指定してください。</translation>
    </message>
    <message>
        <source>Name archives, or a folder with archives in it.</source>
        <translation>アーカイブ、またはアーカイブの入ったフォルダーを指定してください。</translation>
    </message>
    <message>
        <source>Name or address of the server; another port than 22 behind a colon.</source>
        <translation>サーバーの名前またはアドレス。22 以外のポートはコロンの後に記入。</translation>
    </message>
    <message>
        <source>Name the file of the private key, or log in with a password.</source>
        <translation>秘密鍵のファイルを指定するか、パスワードでログインしてください。</translation>
    </message>
    <message>
        <source>Name the first day and the last one.</source>
        <translation>最初の日と最後の日を指定してください。</translation>
    </message>
    <message>
        <source>Name the key file:</source>
        <translation>鍵ファイルを指定:</translation>
    </message>
    <message>
        <source>Name the private key: usually the file of the same name without .pub.</source>
        <translation>秘密鍵を指定してください。通常は .pub の付かない同名のファイルです。</translation>
    </message>
    <message>
        <source>Name their files: --tls-ca, --tls-cert and --tls-key.</source>
        <translation>--tls-ca、--tls-cert、--tls-key でファイルを指定してください。</translation>
    </message>
    <message>
        <source>Names are written as the database has them, capitals included.</source>
        <translation>名前は、大文字と小文字も含めてデータベースにあるとおりに書きます。</translation>
    </message>
    <message>
        <source>Newest archive</source>
        <translation>最新のアーカイブ</translation>
    </message>
    <message>
        <source>Next export: {when}.</source>
        <translation>次回のエクスポート: {when}</translation>
    </message>
    <message>
        <source>Next run</source>
        <translation>次回の実行</translation>
    </message>
    <message>
        <source>Next start</source>
        <translation>次回の開始</translation>
    </message>
    <message>
        <source>No day was read elsewhere: as store.keep_days says, the events of all of them stay here.</source>
        <translation>store.keep_days により全日のイベントがここに残るため、ほかのコンピューターで読まれた日はありません。</translation>
    </message>
    <message>
        <source>No desktop here shows notifications.</source>
        <translation>ここには通知を表示するデスクトップがありません。</translation>
    </message>
    <message>
        <source>No event came from a source {name}.</source>
        <translation>ソース {name} からのイベントはありません。</translation>
    </message>
    <message>
        <source>No run went well for more than a day and a half.</source>
        <translation>1 日半以上、成功した実行がありません。</translation>
    </message>
    <message>
        <source>No runs yet. The first one:</source>
        <translation>実行はまだありません。最初の実行:</translation>
    </message>
    <message>
        <source>No scheduler answers at {address} ({reason}).</source>
        <translation>{address} でスケジューラーが応答しません ({reason})。</translation>
    </message>
    <message>
        <source>No source was collected from yet.</source>
        <translation>まだどのソースからも収集していません。</translation>
    </message>
    <message>
        <source>No {list} is ticked.</source>
        <translation>{list}が選択されていません。</translation>
    </message>
    <message>
        <source>Nobody is there to say whether this key is the right one.</source>
        <translation>この鍵が正しいかどうかを答える人がいません。</translation>
    </message>
    <message>
        <source>Nobody of this account may be signed in, or there is no network.</source>
        <translation>このアカウントでサインインしていないか、ネットワークがない可能性があります。</translation>
    </message>
    <message>
        <source>Not asked</source>
        <translation>確認していないこと</translation>
    </message>
    <message>
        <source>Not proved</source>
        <translation>証明されないこと</translation>
    </message>
    <message>
        <source>Not signed</source>
        <translation>署名なし</translation>
    </message>
    <message>
        <source>Nothing is due.</source>
        <translation>対象はありません。</translation>
    </message>
    <message>
        <source>Nothing is set aside.</source>
        <translation>除外されたものはありません。</translation>
    </message>
    <message>
        <source>Nothing is set; a policy would be in {path}.</source>
        <translation>何も設定されていません。ポリシーは {path} に置きます。</translation>
    </message>
    <message>
        <source>Nothing of it was stored. Check the address, and how its pages are described.</source>
        <translation>何も保存されませんでした。アドレスとページの記述を確認してください。</translation>
    </message>
    <message>
        <source>Nothing of this window was stored. The next run tries again.</source>
        <translation>この期間のデータは保存されませんでした。次回の実行で再試行します。</translation>
    </message>
    <message>
        <source>Nothing on this computer starts the export daily.</source>
        <translation>このコンピューターには、エクスポートを毎日起動するものがありません。</translation>
    </message>
    <message>
        <source>Nothing to export yet: no source.</source>
        <translation>まだエクスポートするものがありません: ソースがありません。</translation>
    </message>
    <message>
        <source>Nothing was asked there. Is the address of the service right?</source>
        <translation>要求は送信されませんでした。サービスのアドレスは正しいですか?</translation>
    </message>
    <message>
        <source>Nothing was changed.</source>
        <translation>何も変更されていません。</translation>
    </message>
    <message>
        <source>Nothing was changed. Ask the server&apos;s administrator for the fingerprint.</source>
        <translation>何も変更していません。フィンガープリントをサーバーの管理者に確認してください。</translation>
    </message>
    <message>
        <source>Nothing was changed. For a password instead:</source>
        <translation>何も変更していません。代わりにパスワードを使うには:</translation>
    </message>
    <message>
        <source>Nothing was changed. Is it the right file?</source>
        <translation>何も変更していません。正しいファイルか確認してください。</translation>
    </message>
    <message>
        <source>Nothing was changed. Type it again.</source>
        <translation>何も変更していません。もう一度入力してください。</translation>
    </message>
    <message>
        <source>Nothing was changed. Without somebody to ask, pass --yes.</source>
        <translation>何も変更していません。確認する人がいない場合は --yes を指定してください。</translation>
    </message>
    <message>
        <source>Nothing was overwritten. Choose another folder, or move that file away.</source>
        <translation>何も上書きされていません。別のフォルダーを選ぶか、そのファイルを移動してください。</translation>
    </message>
    <message>
        <source>Nothing was saved, for the daily task can&apos;t be set up. {why}</source>
        <translation>毎日のタスクを設定できないため、何も保存していません。{why}</translation>
    </message>
    <message>
        <source>Nothing was saved. Save again to add your changes to those.</source>
        <translation>何も保存していません。もう一度保存すると、こちらの変更がそれに加わります。</translation>
    </message>
    <message>
        <source>Nothing was sent. Look at the permissions of the file, or put back a copy of it.</source>
        <translation>何も送信していません。ファイルのアクセス権を確認するか、コピーを戻してください。</translation>
    </message>
    <message>
        <source>Nothing was sent: others may have this key. Ask the server&apos;s administrator for a new one.</source>
        <translation>何も送信していません。この鍵は他人の手に渡っている可能性があります。サーバーの管理者に新しい鍵を依頼してください。</translation>
    </message>
    <message>
        <source>Nothing was stored. Fix that line and record all of them again.</source>
        <translation>何も記録していません。その行を修正し、すべてをもう一度記録してください。</translation>
    </message>
    <message>
        <source>Nothing was stored. Is the disk full or read-only?</source>
        <translation>何も保存していません。ディスクがいっぱいか、読み取り専用ではありませんか。</translation>
    </message>
    <message>
        <source>Nothing was stored. Record it again; a damaged disk or too little memory may be the cause.</source>
        <translation>何も保存されませんでした。もう一度記録してください。ディスクの破損かメモリ不足が原因かもしれません。</translation>
    </message>
    <message>
        <source>Number in the chain</source>
        <translation>チェーンの番号</translation>
    </message>
    <message>
        <source>Number {number} of the chain is here in {times} versions: {names}.</source>
        <translation>チェーンの番号 {number} には {times} 種類の版があります: {names}。</translation>
    </message>
    <message>
        <source>Number {number} of the chain is here {times} times: {names}.</source>
        <translation>チェーンの番号 {number} が {times} 個あります: {names}。</translation>
    </message>
    <message>
        <source>Number {number} of the chain is missing.</source>
        <translation>チェーンの番号 {number} がありません。</translation>
    </message>
    <message>
        <source>Numbers {first} to {last} of the chain are missing: {name} is number {number}.</source>
        <translation>チェーンの番号 {first} から {last} がありません。{name} は番号 {number} です。</translation>
    </message>
    <message>
        <source>OFF</source>
        <translation>オフ</translation>
    </message>
    <message>
        <source>ON</source>
        <translation>オン</translation>
    </message>
    <message>
        <source>Object store</source>
        <translation>オブジェクトストア</translation>
    </message>
    <message>
        <source>Objects</source>
        <translation>オブジェクト</translation>
    </message>
    <message>
        <source>Of S3 the id of the access key, of Azure the name of the storage account. Empty for the system&apos;s own credentials.</source>
        <translation>S3 ではアクセスキー ID、Azure ではストレージアカウント名。空ならシステム自身の認証情報を使います。</translation>
    </message>
    <message>
        <source>Of S3 the secret access key, of Azure the account key, of Google the JSON key of a service account. Empty for the system&apos;s own credentials.</source>
        <translation>S3 ではシークレットアクセスキー、Azure ではアカウントキー、Google ではサービスアカウントの JSON キー。空ならシステム自身の認証情報を使います。</translation>
    </message>
    <message>
        <source>Of S3, as in eu-west-1.</source>
        <translation>S3 のもの。例: eu-west-1。</translation>
    </message>
    <message>
        <source>Old events stay in the store: {problem} The next run tries again.</source>
        <translation>古いイベントはストアに残ります: {problem} 次回の実行で再試行します。</translation>
    </message>
    <message>
        <source>On the server path are files of the instance name {instance} that this installation did not put there, such as {name}. Does another one export there? Give each a name of its own (export.instance).</source>
        <translation>サーバーのパスに、このインストールが置いたものではないインスタンス名 {instance} のファイルがあります（例: {name}）。別のインストールもそこへエクスポートしていませんか。それぞれに固有の名前を付けてください (export.instance)。</translation>
    </message>
    <message>
        <source>One in a desktop&apos;s keyring can be read only while its user is signed in. If it is lost, begin with a new one.</source>
        <translation>デスクトップのキーリングにある鍵は、そのユーザーがサインインしている間しか読み取れません。失われた場合は、新しい鍵で始めてください。</translation>
    </message>
    <message>
        <source>One in a desktop&apos;s keyring can be read only while its user is signed in. Otherwise, set it again.</source>
        <translation>デスクトップのキーリングにあるパスワードは、ユーザーがサインインしている間だけ読み取れます。それ以外の場合は、パスワードを設定し直してください。</translation>
    </message>
    <message>
        <source>Only ASCII characters can log in to a mail server.</source>
        <translation>メールサーバーへのログインに使えるのは ASCII 文字だけです。</translation>
    </message>
    <message>
        <source>Only a source of kind {kind} can be like {name}.</source>
        <translation>{name} と同じ形式にできるのは種類 {kind} のソースだけです。</translation>
    </message>
    <message>
        <source>Only a source of kind {kind} has tables to set.</source>
        <translation>設定できるテーブルがあるのは種類 {kind} のソースだけです。</translation>
    </message>
    <message>
        <source>Only an administrator can change it, in {path}. Nothing was changed.</source>
        <translation>変更できるのは管理者だけです ({path})。何も変更していません。</translation>
    </message>
    <message>
        <source>Only encrypted, &amp;with a certificate that this computer trusts</source>
        <translation>このコンピューターが信頼する証明書で暗号化された接続だけ(&amp;W)</translation>
    </message>
    <message>
        <source>Only those of these units, as in ssh.service, cron*; with commas between them. Empty for all.</source>
        <translation>これらのユニットのものだけ。例: ssh.service, cron*(コンマ区切り)。空欄ならすべて。</translation>
    </message>
    <message>
        <source>Organization permission Administration: read. For a classic token, the scope read:audit_log.</source>
        <translation>組織の許可「Administration: read」。classic トークンではスコープ read:audit_log。</translation>
    </message>
    <message>
        <source>Other days are exported. Put back a copy of {path}; then this day is exported as well.</source>
        <translation>他の日はエクスポートされます。{path} のコピーを戻すと、この日もエクスポートされます。</translation>
    </message>
    <message>
        <source>Others than this user may write to {path}. Close it: chmod go-w {path}</source>
        <translation>このユーザー以外も {path} に書き込めます。次のコマンドで閉じてください: chmod go-w {path}</translation>
    </message>
    <message>
        <source>Outcome</source>
        <translation>結果</translation>
    </message>
    <message>
        <source>Overdue</source>
        <translation>期限超過</translation>
    </message>
    <message>
        <source>Pages that came: {count}.</source>
        <translation>受け取ったページ: {count}。</translation>
    </message>
    <message>
        <source>Passphrase of {file}</source>
        <translation>{file} のパスフレーズ</translation>
    </message>
    <message>
        <source>Password</source>
        <translation>パスワード</translation>
    </message>
    <message>
        <source>Password of {account}</source>
        <translation>{account} のパスワード</translation>
    </message>
    <message>
        <source>Password of {user} on {server}</source>
        <translation>{server} の {user} のパスワード</translation>
    </message>
    <message>
        <source>Paste all that is in the file that the service made, on one line.</source>
        <translation>サービスが作成したファイルの内容全体を 1 行で貼り付けてください。</translation>
    </message>
    <message>
        <source>Period</source>
        <translation>期間</translation>
    </message>
    <message>
        <source>Permission read:logs, and no other.</source>
        <translation>許可 read:logs だけ。</translation>
    </message>
    <message>
        <source>Place</source>
        <translation>位置</translation>
    </message>
    <message>
        <source>Problem</source>
        <translation>問題</translation>
    </message>
    <message>
        <source>Problems</source>
        <translation>問題</translation>
    </message>
    <message>
        <source>Problems found: {count}.</source>
        <translation>見つかった問題: {count} 件。</translation>
    </message>
    <message>
        <source>Put back a copy of it, or delete it: what the archives say of their keys is enough to go on.</source>
        <translation>コピーを元に戻すか、削除してください。アーカイブに記録された鍵の情報だけで続行できます。</translation>
    </message>
    <message>
        <source>Put back a copy of the store.</source>
        <translation>ストアのコピーを戻してください。</translation>
    </message>
    <message>
        <source>Put back an older copy of it.</source>
        <translation>古い控えに戻してください。</translation>
    </message>
    <message>
        <source>Put it back, or set the password again.</source>
        <translation>鍵を元に戻すか、パスワードを設定し直してください。</translation>
    </message>
    <message>
        <source>Re&amp;gion</source>
        <translation>リージョン(&amp;G)</translation>
    </message>
    <message>
        <source>Read</source>
        <translation>読み取り</translation>
    </message>
    <message>
        <source>Read links that lead out of the folder, too: who may write there, then chooses which files are read.</source>
        <translation>フォルダー外へのリンクも読み取ります。その場合、フォルダーに書き込めるユーザーが、読み取るファイルを選べるようになります。</translation>
    </message>
    <message>
        <source>Recorded by programs, and by the export itself.</source>
        <translation>プログラムとエクスポート自身が記録したものです。</translation>
    </message>
    <message>
        <source>Records that the source says it has for that: {count}.</source>
        <translation>ソースがそれについて持っていると示したレコード: {count} 件。</translation>
    </message>
    <message>
        <source>Refuse a server without TLS, or whose certificate can&apos;t be checked. Otherwise TLS is used where the server offers it.</source>
        <translation>TLS のないサーバーや、証明書を確認できないサーバーを拒否します。それ以外では、サーバーが対応していれば TLS を使います。</translation>
    </message>
    <message>
        <source>Register an application in Microsoft Entra, give it the permission below, consent to it, and create a client secret.</source>
        <translation>Microsoft Entra でアプリケーションを登録し、下記の許可を与えて同意し、クライアントシークレットを作成します。</translation>
    </message>
    <message>
        <source>Register an application in Microsoft Entra, give it the permission below, consent to it, and create a client secret. Then start each subscription once: POST …/activity/feed/subscriptions/start?contentType=Audit.General.</source>
        <translation>Microsoft Entra でアプリケーションを登録し、下記の許可を与えて同意し、クライアントシークレットを作成します。その後、各サブスクリプションを一度開始します: POST …/activity/feed/subscriptions/start?contentType=Audit.General。</translation>
    </message>
    <message>
        <source>Register it again: audit-trails-export schedule install</source>
        <translation>もう一度登録してください: audit-trails-export schedule install</translation>
    </message>
    <message>
        <source>Remove it first, as that user.</source>
        <translation>先に、そのユーザーとして削除してください。</translation>
    </message>
    <message>
        <source>Remove it there.</source>
        <translation>そこから削除してください。</translation>
    </message>
    <message>
        <source>Remove it.</source>
        <translation>削除してください。</translation>
    </message>
    <message>
        <source>Repeated</source>
        <translation>重複</translation>
    </message>
    <message>
        <source>Report Administrator or Read-only Administrator: a token has the rights of who creates it.</source>
        <translation>Report Administrator または Read-only Administrator。トークンは作成者の権限を持ちます。</translation>
    </message>
    <message>
        <source>Restart the computer, or the service &quot;Task Scheduler&quot;, then try again.</source>
        <translation>コンピューターまたは「Task Scheduler」サービスを再起動してから、もう一度お試しください。</translation>
    </message>
    <message>
        <source>Role view-events of realm-management for the service account, and no other.</source>
        <translation>サービスアカウントに realm-management のロール view-events だけ。</translation>
    </message>
    <message>
        <source>Runs</source>
        <translation>実行</translation>
    </message>
    <message>
        <source>Runs out</source>
        <translation>期限</translation>
    </message>
    <message>
        <source>SHA-1 is being retired; prefer a SHA-2 choice where the server has one.</source>
        <translation>SHA-1 は廃止されつつあります。サーバーが対応していれば SHA-2 を選んでください。</translation>
    </message>
    <message>
        <source>SHA-1 no longer withstands collisions; for old servers only.</source>
        <translation>SHA-1 はもう衝突に耐えられません。古いサーバー用です。</translation>
    </message>
    <message>
        <source>SHA-256 of its manifest</source>
        <translation>マニフェストの SHA-256</translation>
    </message>
    <message>
        <source>SHA-256 of the archive {sha256}</source>
        <translation>アーカイブの SHA-256: {sha256}</translation>
    </message>
    <message>
        <source>SHA-256 of the manifest {sha256}</source>
        <translation>マニフェストの SHA-256: {sha256}</translation>
    </message>
    <message>
        <source>Say what to change.</source>
        <translation>変更する内容を指定してください。</translation>
    </message>
    <message>
        <source>Say where the archives go: server, user, password and path.</source>
        <translation>アーカイブの送信先を指定します: サーバー、ユーザー、パスワード、パス。</translation>
    </message>
    <message>
        <source>Scope auditlogs:read, and no other.</source>
        <translation>スコープ auditlogs:read だけ。</translation>
    </message>
    <message>
        <source>Scope https://www.googleapis.com/auth/admin.reports.audit.readonly, for an administrator who may see reports.</source>
        <translation>スコープ https://www.googleapis.com/auth/admin.reports.audit.readonly。レポートを閲覧できる管理者が必要です。</translation>
    </message>
    <message>
        <source>Scope read:events:admin, and no other.</source>
        <translation>スコープ read:events:admin だけ。</translation>
    </message>
    <message>
        <source>Scope read_api, and for all of a server that of an administrator: GitLab has no narrower one for audit events.</source>
        <translation>スコープ read_api。サーバー全体には管理者のものが必要です。GitLab には監査イベント用のより狭い権限がありません。</translation>
    </message>
    <message>
        <source>Se&amp;cret</source>
        <translation>シークレット(&amp;C)</translation>
    </message>
    <message>
        <source>Secret &amp;key</source>
        <translation>シークレットキー(&amp;K)</translation>
    </message>
    <message>
        <source>See all keys:</source>
        <translation>すべてのキーを表示:</translation>
    </message>
    <message>
        <source>See the sources:</source>
        <translation>ソースを表示:</translation>
    </message>
    <message>
        <source>See to it there: {hint}</source>
        <translation>そのワーカーでの対処: {hint}</translation>
    </message>
    <message>
        <source>Ser&amp;vice</source>
        <translation>サービス(&amp;V)</translation>
    </message>
    <message>
        <source>Server</source>
        <translation>サーバー</translation>
    </message>
    <message>
        <source>Servi&amp;ce</source>
        <translation>サービス(&amp;C)</translation>
    </message>
    <message>
        <source>Service on the web</source>
        <translation>Web サービス</translation>
    </message>
    <message>
        <source>Set aside</source>
        <translation>除外</translation>
    </message>
    <message>
        <source>Set aside would be: {place}: {reason}</source>
        <translation>除外されるもの: {place}: {reason}</translation>
    </message>
    <message>
        <source>Set in {path}.</source>
        <translation>{path} で設定されています。</translation>
    </message>
    <message>
        <source>Set it again.</source>
        <translation>もう一度設定してください。</translation>
    </message>
    <message>
        <source>Set it up again.</source>
        <translation>もう一度設定してください。</translation>
    </message>
    <message>
        <source>Set it. One in a desktop&apos;s keyring can be read only while its user is signed in.</source>
        <translation>設定してください。デスクトップのキーリングにあるものは、そのユーザーがサインインしている間だけ読み取れます。</translation>
    </message>
    <message>
        <source>Set it:</source>
        <translation>設定:</translation>
    </message>
    <message>
        <source>Set it: for Google, the whole JSON of a service account.</source>
        <translation>設定してください。Google ではサービスアカウントの JSON 全体です。</translation>
    </message>
    <message>
        <source>Set one.</source>
        <translation>設定してください。</translation>
    </message>
    <message>
        <source>Set the clock that is wrong. Until then, only days that are over by the server&apos;s clock are exported.</source>
        <translation>間違っている方の時計を合わせてください。それまでは、サーバーの時計で終了している日だけがエクスポートされます。</translation>
    </message>
    <message>
        <source>Set the password again.</source>
        <translation>パスワードを設定し直してください。</translation>
    </message>
    <message>
        <source>Set them:</source>
        <translation>設定:</translation>
    </message>
    <message>
        <source>Set up Events Reporting under Integrations, and issue a bearer token. Accounts in Canada or the EU have the host events.1password.ca or events.1password.eu.</source>
        <translation>Integrations で Events Reporting を設定し、ベアラートークンを発行します。カナダまたは EU のアカウントのホストは events.1password.ca または events.1password.eu です。</translation>
    </message>
    <message>
        <source>Sett&amp;led after</source>
        <translation>確定までの時間(&amp;L)</translation>
    </message>
    <message>
        <source>Sign in as a read-only administrator, and create a token under Security, API, Tokens.</source>
        <translation>Read-only Administrator としてサインインし、Security、API、Tokens でトークンを作成します。</translation>
    </message>
    <message>
        <source>Silent for</source>
        <translation>無応答の期間</translation>
    </message>
    <message>
        <source>Since {when}</source>
        <translation>開始: {when}</translation>
    </message>
    <message>
        <source>Size</source>
        <translation>サイズ</translation>
    </message>
    <message>
        <source>Somebody removed from {path} on the server what was just written there.</source>
        <translation>サーバーの {path} に書き込んだばかりのファイルが、何者かによって削除されました。</translation>
    </message>
    <message>
        <source>Source</source>
        <translation>ソース</translation>
    </message>
    <message>
        <source>Source {name} is no folder and no bucket: its parts can&apos;t be read by many at once.</source>
        <translation>ソース {name} はフォルダーでもバケットでもないため、同時に複数で読むことができません。</translation>
    </message>
    <message>
        <source>Source {name} is read with a key, which workers do not get.</source>
        <translation>ソース {name} はキーを使って読まれますが、キーはワーカーに渡されません。</translation>
    </message>
    <message>
        <source>Source {name}: an event came at least {hours} hours late. Each run looks {again} hours back for such ones; this one was found by the look of the week.</source>
        <translation>ソース {name}: 少なくとも {hours} 時間遅れて届いたイベントがあります。通常の実行では {again} 時間前まで確認し、これは週に一度の確認で見つかりました。</translation>
    </message>
    <message>
        <source>Source {name}: its service keeps events for {kept} days, and it was last read whole {ago} days ago. Days left before events are lost: {left}. Export now.</source>
        <translation>ソース {name}: サービスのイベント保存期間は {kept} 日で、最後にすべて収集したのは {ago} 日前です。イベントが失われるまでの日数: {left}。今すぐエクスポートしてください。</translation>
    </message>
    <message>
        <source>Source {name}: its service keeps events for {kept} days, and it was last read whole {ago} days ago. Events are being lost. Export now.</source>
        <translation>ソース {name}: サービスのイベント保存期間は {kept} 日で、最後にすべて収集したのは {ago} 日前です。イベントが失われつつあります。今すぐエクスポートしてください。</translation>
    </message>
    <message>
        <source>Source {name}: no connection to {address} ({words}).</source>
        <translation>ソース {name}: {address} に接続できません ({words})。</translation>
    </message>
    <message>
        <source>Source {name}: no more records can be kept as set aside; of {count}, only the number is known.</source>
        <translation>ソース {name}: これ以上のレコードは除外として保存できません。{count} 件については件数のみ記録されています。</translation>
    </message>
    <message>
        <source>Source {name}: none of its records can be an event ({reason}). No more of it is read.</source>
        <translation>ソース {name}: どのレコードもイベントになりません ({reason})。これ以上は読み取りません。</translation>
    </message>
    <message>
        <source>Source {name}: read {read}, stored {stored}, repeated {repeated}, set aside {aside}.</source>
        <translation>ソース {name}: 読み取り {read}、保存 {stored}、重複 {repeated}、除外 {aside}。</translation>
    </message>
    <message>
        <source>Source {name}: set aside were {count} of {read} records: {reasons}.</source>
        <translation>ソース {name}: {read} 件中 {count} 件のレコードが除外されました: {reasons}。</translation>
    </message>
    <message>
        <source>Source {name}: the service keeps events for {kept}; those from {begin} to {end} are gone and were not collected.</source>
        <translation>ソース {name}: サービスはイベントを {kept} だけ保持します。{begin} から {end} までのイベントは失われ、収集されませんでした。</translation>
    </message>
    <message>
        <source>Source {name}: there is no column {column}.</source>
        <translation>ソース {name}: 列 {column} がありません。</translation>
    </message>
    <message>
        <source>Source {name}: there is no {url} ({words}).</source>
        <translation>ソース {name}: {url} がありません ({words})。</translation>
    </message>
    <message>
        <source>Source {name}: there is nothing to read in {address}. Is that the right place, and do the files match?</source>
        <translation>ソース {name}:{address} に読み取るものがありません。場所は正しく、ファイルは一致していますか?</translation>
    </message>
    <message>
        <source>Source {name}: {address} can&apos;t answer this ({words}).</source>
        <translation>ソース {name}: {address} はこれに応答できません ({words})。</translation>
    </message>
    <message>
        <source>Source {name}: {address} does not allow this ({words}).</source>
        <translation>ソース {name}: {address} はこれを許可していません ({words})。</translation>
    </message>
    <message>
        <source>Source {name}: {address} does not have that ({words}).</source>
        <translation>ソース {name}: {address} にそれはありません ({words})。</translation>
    </message>
    <message>
        <source>Source {name}: {address} took too long ({words}).</source>
        <translation>ソース {name}: {address} の応答に時間がかかりすぎました ({words})。</translation>
    </message>
    <message>
        <source>Source {name}: {path} can&apos;t be read ({reason}).</source>
        <translation>ソース {name}: {path} を読み取れません ({reason})。</translation>
    </message>
    <message>
        <source>Source {name}: {url} can&apos;t be read ({words}).</source>
        <translation>ソース {name}: {url} を読み取れません ({words})。</translation>
    </message>
    <message>
        <source>Source {name}: {url} may not be read ({words}).</source>
        <translation>ソース {name}: {url} の読み取りは許可されていません ({words})。</translation>
    </message>
    <message>
        <source>Sources</source>
        <translation>ソース</translation>
    </message>
    <message>
        <source>Sources have commands of their own:</source>
        <translation>ソースには専用のコマンドがあります:</translation>
    </message>
    <message>
        <source>Start it there, or do here what it does:</source>
        <translation>そちらで開始するか、ここで同じコマンドを実行してください:</translation>
    </message>
    <message>
        <source>Start it, and have it known (SSH_AUTH_SOCK); or log in with a key file.</source>
        <translation>エージェントを起動して SSH_AUTH_SOCK を設定するか、鍵ファイルでログインしてください。</translation>
    </message>
    <message>
        <source>Start some: dask worker {address}.</source>
        <translation>ワーカーを起動してください: dask worker {address}。</translation>
    </message>
    <message>
        <source>Start the Windows service &apos;Task Scheduler&apos;.</source>
        <translation>Windows サービス「Task Scheduler」を開始してください。</translation>
    </message>
    <message>
        <source>Start the agent as a service that the scheduler knows (SSH_AUTH_SOCK), or name a key file.</source>
        <translation>スケジューラーから使えるサービスとしてエージェントを起動する (SSH_AUTH_SOCK) か、鍵ファイルを指定してください。</translation>
    </message>
    <message>
        <source>Started</source>
        <translation>開始</translation>
    </message>
    <message>
        <source>State</source>
        <translation>状態</translation>
    </message>
    <message>
        <source>Stopped.</source>
        <translation>中止しました。</translation>
    </message>
    <message>
        <source>Store</source>
        <translation>ストア</translation>
    </message>
    <message>
        <source>Stored</source>
        <translation>保存</translation>
    </message>
    <message>
        <source>Storing</source>
        <translation>保存中</translation>
    </message>
    <message>
        <source>Such a source can be read on a Linux with systemd. Remove it here.</source>
        <translation>このようなソースは systemd を備えた Linux で読み取れます。ここでは削除してください。</translation>
    </message>
    <message>
        <source>Switch on Save events in the realm&apos;s settings, with an expiration you can live with; create a confidential client with service accounts enabled.</source>
        <translation>レルムの設定で「Save events」を、十分な保存期間でオンにします。サービスアカウントを有効にした機密クライアントを作成します。</translation>
    </message>
    <message>
        <source>Switch the daily export on.</source>
        <translation>毎日のエクスポートをオンにします。</translation>
    </message>
    <message>
        <source>Switch the export on, and save.</source>
        <translation>エクスポートをオンにして保存してください。</translation>
    </message>
    <message>
        <source>Ta&amp;bles</source>
        <translation>テーブル(&amp;B)</translation>
    </message>
    <message>
        <source>Tables</source>
        <translation>テーブル</translation>
    </message>
    <message>
        <source>Take it out: the password is kept apart from the settings.</source>
        <translation>取り除いてください。パスワードは設定とは別に保存されます。</translation>
    </message>
    <message>
        <source>That nothing was changed on the exporting computer before it was signed: whoever administers that computer holds the key.</source>
        <translation>署名の前に、エクスポート元のコンピューターで何も変更されていないこと。そのコンピューターの管理者が鍵を持っています。</translation>
    </message>
    <message>
        <source>That the sources recorded everything: the counts say what was asked of each source, what came, and what became of it.</source>
        <translation>ソースがすべてを記録していたこと。数値が示すのは、各ソースに何を要求し、何が届き、それがどうなったかです。</translation>
    </message>
    <message>
        <source>The HMAC methods that are offered to the server, with commas between them.</source>
        <translation>サーバーに提示する HMAC 方式(コンマ区切り)。</translation>
    </message>
    <message>
        <source>The SSH agent does not have the key of {file}.</source>
        <translation>SSH エージェントに {file} の鍵がありません。</translation>
    </message>
    <message>
        <source>The SSH agent has no keys.</source>
        <translation>SSH エージェントに鍵がありません。</translation>
    </message>
    <message>
        <source>The Task Scheduler can&apos;t hold a character of {text}.</source>
        <translation>タスク スケジューラは {text} の文字の一部を扱えません。</translation>
    </message>
    <message>
        <source>The Task Scheduler of this computer has not answered for {seconds} seconds.</source>
        <translation>このコンピューターのタスク スケジューラが {seconds} 秒間応答していません。</translation>
    </message>
    <message>
        <source>The Task Scheduler refused the daily task ({code}).</source>
        <translation>タスク スケジューラが毎日のタスクを拒否しました ({code})。</translation>
    </message>
    <message>
        <source>The Task Scheduler refused the daily task.</source>
        <translation>タスク スケジューラが毎日のタスクを拒否しました。</translation>
    </message>
    <message>
        <source>The Task Scheduler service is not running.</source>
        <translation>Task Scheduler サービスが動作していません。</translation>
    </message>
    <message>
        <source>The Task Scheduler service is switched off on this computer.</source>
        <translation>このコンピューターでは Task Scheduler サービスが無効になっています。</translation>
    </message>
    <message>
        <source>The Task Scheduler takes no path of more than {limit} characters: {path}</source>
        <translation>タスク スケジューラは {limit} 文字を超えるパスを受け付けません: {path}</translation>
    </message>
    <message>
        <source>The Task Scheduler would replace a part of {text}.</source>
        <translation>タスク スケジューラは {text} の一部を置き換えてしまいます。</translation>
    </message>
    <message>
        <source>The Windows password was changed since; register the task again: audit-trails-export schedule install</source>
        <translation>Windows のパスワードが変更されています。タスクをもう一度登録してください: audit-trails-export schedule install</translation>
    </message>
    <message>
        <source>The accepted host keys in {file} can&apos;t be read ({reason}).</source>
        <translation>{file} にある承認済みのホスト鍵を読み取れません ({reason})。</translation>
    </message>
    <message>
        <source>The account of the task has no valid password with the Task Scheduler.</source>
        <translation>タスクのアカウントの有効なパスワードが、タスク スケジューラにありません。</translation>
    </message>
    <message>
        <source>The address is kept in {keeper}: {explains}</source>
        <translation>アドレスの保存先は {keeper} です: {explains}</translation>
    </message>
    <message>
        <source>The address of a service of your own, such as MinIO. Empty for that of AWS, Google or Azure.</source>
        <translation>MinIO など独自サービスのアドレス。空なら AWS、Google、Azure のもの。</translation>
    </message>
    <message>
        <source>The address of source {name!r} does not say where the file is.</source>
        <translation>ソース {name!r} のアドレスにファイルの場所がありません。</translation>
    </message>
    <message>
        <source>The address of source {name!r} has a password in it.</source>
        <translation>ソース {name!r} のアドレスにパスワードが含まれています。</translation>
    </message>
    <message>
        <source>The address of source {name!r} is not that of a database.</source>
        <translation>ソース {name!r} のアドレスはデータベースのものではありません。</translation>
    </message>
    <message>
        <source>The address of the list of events. Empty for that of a service that is known.</source>
        <translation>イベントのリストのアドレス。既知のサービスの場合は空にします。</translation>
    </message>
    <message>
        <source>The address took the message.</source>
        <translation>アドレスがメッセージを受け付けました。</translation>
    </message>
    <message>
        <source>The archive in the outbox could not be read ({reason}).</source>
        <translation>送信待ちのアーカイブを読み取れませんでした ({reason})。</translation>
    </message>
    <message>
        <source>The archive {name} could not be written ({reason}).</source>
        <translation>アーカイブ {name} を書き込めませんでした ({reason})。</translation>
    </message>
    <message>
        <source>The audit API of a service that is not listed here: JSON over HTTPS.</source>
        <translation>ここにないサービスの監査 API（HTTPS 経由の JSON）。</translation>
    </message>
    <message>
        <source>The certificate of a server of the kind {kind} can&apos;t be checked.</source>
        <translation>種類 {kind} のサーバーの証明書は確認できません。</translation>
    </message>
    <message>
        <source>The certificate of {host} is not trusted ({reason}).</source>
        <translation>{host} の証明書は信頼されていません ({reason})。</translation>
    </message>
    <message>
        <source>The chain begins after {name}, which is not here.</source>
        <translation>チェーンは {name} の後から始まりますが、それはここにありません。</translation>
    </message>
    <message>
        <source>The chain begins again with {name}, because the key {key} was lost.</source>
        <translation>鍵 {key} が失われたため、チェーンは {name} から新しく始まります。</translation>
    </message>
    <message>
        <source>The chain is looked at from {name} on, number {number}.</source>
        <translation>チェーンは {name}(番号 {number})以降を確認します。</translation>
    </message>
    <message>
        <source>The choices: {choices}.</source>
        <translation>選択肢: {choices}</translation>
    </message>
    <message>
        <source>The ciphers that are offered to the server, with commas between them.</source>
        <translation>サーバーに提示する暗号(コンマ区切り)。</translation>
    </message>
    <message>
        <source>The client or user that the secret belongs to, where there is one.</source>
        <translation>シークレットが属するクライアントまたはユーザー (ある場合)。</translation>
    </message>
    <message>
        <source>The clock of this computer is not believed: it says {here}, the server&apos;s says {there}.</source>
        <translation>このコンピューターの時計は信頼できません。こちらの時計は {here}、サーバーの時計は {there} を示しています。</translation>
    </message>
    <message>
        <source>The command verify checks these archives: their manifests, and who signed them.</source>
        <translation>コマンド verify で、これらのアーカイブのマニフェストと署名者を検証できます。</translation>
    </message>
    <message>
        <source>The connection to {host} is cut again and again.</source>
        <translation>{host} との接続が繰り返し切断されます。</translation>
    </message>
    <message>
        <source>The connection to {host} was cut while it was being set up.</source>
        <translation>{host} への接続が、確立中に切断されました。</translation>
    </message>
    <message>
        <source>The connection to {host} was cut while logging in.</source>
        <translation>{host} への接続が、サインイン中に切断されました。</translation>
    </message>
    <message>
        <source>The connection to {host} was lost.</source>
        <translation>{host} への接続が失われました。</translation>
    </message>
    <message>
        <source>The connection works again.</source>
        <translation>接続できるようになりました。</translation>
    </message>
    <message>
        <source>The daily export could not reach the SSH agent, or the agent does not have the key.</source>
        <translation>毎日のエクスポートから SSH エージェントに接続できないか、エージェントに鍵がありません。</translation>
    </message>
    <message>
        <source>The daily export could not read the password while you are logged out.</source>
        <translation>サインアウトしている間、毎日のエクスポートはパスワードを読み取れません。</translation>
    </message>
    <message>
        <source>The daily export could not use the key in {file}.</source>
        <translation>毎日のエクスポートでは {file} の鍵を使えませんでした。</translation>
    </message>
    <message>
        <source>The daily export is off.</source>
        <translation>毎日のエクスポートはオフです。</translation>
    </message>
    <message>
        <source>The daily task can&apos;t read the password of the source {name} while you are logged out. Choose where else to keep it: {command}</source>
        <translation>ログアウト中は、日次タスクがソース {name} のパスワードを読み取れません。別の保存先を選んでください: {command}</translation>
    </message>
    <message>
        <source>The daily task in the crontab is not as it should be.</source>
        <translation>crontab にある毎日のタスクが正しくありません。</translation>
    </message>
    <message>
        <source>The daily task is not in the Task Scheduler.</source>
        <translation>毎日のタスクがタスク スケジューラにありません。</translation>
    </message>
    <message>
        <source>The daily task is removed.</source>
        <translation>毎日のタスクを削除しました。</translation>
    </message>
    <message>
        <source>The daily task is set up. It does nothing while the export is off. Its user switches that on:</source>
        <translation>毎日のタスクを設定しました。エクスポートがオフの間は何もしません。そのユーザーがオンにします:</translation>
    </message>
    <message>
        <source>The daily task of {user} is a service of the system.</source>
        <translation>{user} の毎日のタスクは、システムのサービスです。</translation>
    </message>
    <message>
        <source>The daily task runs also while you are signed out; to change it, Windows needs your password.</source>
        <translation>毎日のタスクはサインアウト中にも実行されます。変更するには Windows のパスワードが必要です。</translation>
    </message>
    <message>
        <source>The daily task runs only while you are logged in.</source>
        <translation>毎日のタスクは、サインインしている間だけ実行されます。</translation>
    </message>
    <message>
        <source>The daily task was ended by the system ({result}, {code}).</source>
        <translation>毎日のタスクはシステムによって終了されました ({result}、{code})。</translation>
    </message>
    <message>
        <source>The daily task was removed while it ran.</source>
        <translation>毎日のタスクは実行中に削除されました。</translation>
    </message>
    <message>
        <source>The daily task works: {outcome}, {events}.</source>
        <translation>毎日のタスクは正常に動作します: {outcome}、{events}。</translation>
    </message>
    <message>
        <source>The desktop shows a notification.</source>
        <translation>デスクトップに通知を表示しました。</translation>
    </message>
    <message>
        <source>The driver {driver} for this database is not installed.</source>
        <translation>このデータベース用のドライバー {driver} がインストールされていません。</translation>
    </message>
    <message>
        <source>The end of the run is not in the history: {problem}</source>
        <translation>実行の終了は履歴に記録されていません: {problem}</translation>
    </message>
    <message>
        <source>The events of {day} can&apos;t be read from the store ({reason}).</source>
        <translation>{day} のイベントをストアから読み取れません ({reason})。</translation>
    </message>
    <message>
        <source>The export can&apos;t run with these settings.</source>
        <translation>この設定ではエクスポートできません。</translation>
    </message>
    <message>
        <source>The export is not configured yet; still missing: {fields}.</source>
        <translation>エクスポートはまだ設定されていません。未入力: {fields}</translation>
    </message>
    <message>
        <source>The export is not set up yet.</source>
        <translation>エクスポートはまだ設定されていません。</translation>
    </message>
    <message>
        <source>The export is off, and so has no daily task.</source>
        <translation>エクスポートがオフのため、毎日のタスクはありません。</translation>
    </message>
    <message>
        <source>The export is off, but its daily task is still there.</source>
        <translation>エクスポートはオフですが、毎日のタスクが残っています。</translation>
    </message>
    <message>
        <source>The export is on, but its daily task is not there.</source>
        <translation>エクスポートはオンですが、毎日のタスクがありません。</translation>
    </message>
    <message>
        <source>The export is on.</source>
        <translation>エクスポートはオンです。</translation>
    </message>
    <message>
        <source>The export is switched off, but its daily task could not be removed. {why} {hint} {command}</source>
        <translation>エクスポートをオフにしましたが、毎日のタスクを削除できませんでした。{why}{hint} {command}</translation>
    </message>
    <message>
        <source>The file is damaged: put back a copy of it, or move it away. The store knows what was delivered; nothing is exported again.</source>
        <translation>ファイルが破損しています。コピーを戻すか、このファイルを別の場所に移してください。配信済みのものはストアに記録されており、再度エクスポートされることはありません。</translation>
    </message>
    <message>
        <source>The file is damaged: put back a copy of it. What was delivered since then is known by its archives on the server and not exported again; what was recorded since then has to be recorded again.</source>
        <translation>ファイルが破損しています。コピーを戻してください。その後に配信されたものはサーバー上のアーカイブから判別され、再度エクスポートされません。その後に記録されたものは、もう一度記録する必要があります。</translation>
    </message>
    <message>
        <source>The folder in which the files are.</source>
        <translation>ファイルがあるフォルダーです。</translation>
    </message>
    <message>
        <source>The folder in which the files are; without a / in front, below the user&apos;s home folder.</source>
        <translation>ファイルのあるフォルダー。先頭に / がなければ、ユーザーのホームフォルダーからの相対。</translation>
    </message>
    <message>
        <source>The folder of the journals of other computers. Empty for the journal of this one.</source>
        <translation>ほかのコンピューターのジャーナルがあるフォルダー。空欄ならこのコンピューターのジャーナル。</translation>
    </message>
    <message>
        <source>The folder {folder} of source {name} can&apos;t be read ({reason}).</source>
        <translation>ソース {name} のフォルダー {folder} を読み取れません ({reason})。</translation>
    </message>
    <message>
        <source>The folder {path} can&apos;t be made ({reason}).</source>
        <translation>フォルダー {path} を作成できません ({reason})。</translation>
    </message>
    <message>
        <source>The folder {path} can&apos;t be read ({reason}).</source>
        <translation>フォルダー {path} を読み取れません({reason})。</translation>
    </message>
    <message>
        <source>The folder {path} can&apos;t be written.</source>
        <translation>フォルダー {path} に書き込めません。</translation>
    </message>
    <message>
        <source>The home folder of this user is {home}. Create the folder, or fix the path.</source>
        <translation>このユーザーのホームフォルダーは {home} です。フォルダーを作成するか、パスを修正してください。</translation>
    </message>
    <message>
        <source>The host key of {server} has changed: it was {before}, now it is {now}.</source>
        <translation>{server} のホスト鍵が変わりました: 以前は {before}、現在は {now} です。</translation>
    </message>
    <message>
        <source>The host key of {server} is revoked in {file}: {key}.</source>
        <translation>{server} のホスト鍵は {file} で失効とされています: {key}</translation>
    </message>
    <message>
        <source>The host key of {server} is {seen}, not {expected}.</source>
        <translation>{server} のホスト鍵は {expected} ではなく {seen} です。</translation>
    </message>
    <message>
        <source>The input can&apos;t be kept in {folder} ({reason}).</source>
        <translation>入力を {folder} に保存できません ({reason})。</translation>
    </message>
    <message>
        <source>The input could not be read to its end.</source>
        <translation>入力を最後まで読み取れませんでした。</translation>
    </message>
    <message>
        <source>The instance name {name!r} can&apos;t be part of a file name.</source>
        <translation>インスタンス名 {name!r} はファイル名に使えません。</translation>
    </message>
    <message>
        <source>The journal can&apos;t be read ({reason}).</source>
        <translation>ジャーナルを読み取れません ({reason})。</translation>
    </message>
    <message>
        <source>The journal may say more: journalctl -e</source>
        <translation>ジャーナルに詳細があるかもしれません: journalctl -e</translation>
    </message>
    <message>
        <source>The journal no longer has the last entry that was read: what came since may be missing.</source>
        <translation>最後に読み取ったエントリはジャーナルにもうありません。それ以降のエントリが欠けている可能性があります。</translation>
    </message>
    <message>
        <source>The journal says more: journalctl -t audit-trails-export</source>
        <translation>詳細はジャーナルにあります: journalctl -t audit-trails-export</translation>
    </message>
    <message>
        <source>The key file {file} can&apos;t be read ({reason}).</source>
        <translation>鍵ファイル {file} を読み取れません ({reason})。</translation>
    </message>
    <message>
        <source>The key file {path!r} is not named by its whole path.</source>
        <translation>鍵ファイル {path!r} が絶対パスではありません。</translation>
    </message>
    <message>
        <source>The key in {file} can be read by other users.</source>
        <translation>{file} の鍵をほかのユーザーが読み取れます。</translation>
    </message>
    <message>
        <source>The key in {file} has a passphrase, and none is kept for it that can be read now.</source>
        <translation>{file} の鍵にはパスフレーズがありますが、いま読み取れるものが保存されていません。</translation>
    </message>
    <message>
        <source>The key in {file} has no passphrase; there is nothing to keep.</source>
        <translation>{file} の鍵にはパスフレーズがないため、保存するものはありません。</translation>
    </message>
    <message>
        <source>The key of source {name} is not as {service} has them.</source>
        <translation>ソース {name} のキーは {service} のものではありません。</translation>
    </message>
    <message>
        <source>The key of the stored password, {key}, is missing.</source>
        <translation>保存したパスワードの鍵 {key} がありません。</translation>
    </message>
    <message>
        <source>The key path of the list of records, in a document or in each line. Empty where there is none.</source>
        <translation>レコードの一覧のキーパス(文書内、または各行内)。一覧がなければ空にします。</translation>
    </message>
    <message>
        <source>The key that signs could not be kept anywhere.</source>
        <translation>署名に使う鍵をどこにも保存できませんでした。</translation>
    </message>
    <message>
        <source>The key that signs the archives can&apos;t be read now.</source>
        <translation>アーカイブに署名する鍵を今は読み取れません。</translation>
    </message>
    <message>
        <source>The key {key}, which signed the archives, is lost: a new one signs from now on. Give the auditor the new line for allowed_signers.</source>
        <translation>アーカイブに署名していた鍵 {key} は失われました。今後は新しい鍵で署名します。allowed_signers の新しい行を監査人に渡してください。</translation>
    </message>
    <message>
        <source>The keyring is locked then. Choose where else to keep it.</source>
        <translation>その間、キーリングはロックされています。別の保存場所を選んでください。</translation>
    </message>
    <message>
        <source>The known_hosts of this user has only a certificate authority for this server, which only OpenSSH takes. Compare the fingerprint with the one its administrator gave you, then accept it.</source>
        <translation>このユーザーの known_hosts には、このサーバーについて OpenSSH だけが使う認証局しか登録されていません。フィンガープリントを管理者から受け取ったものと比べてから承認してください。</translation>
    </message>
    <message>
        <source>There is a control character in this.</source>
        <translation>制御文字が含まれています。</translation>
    </message>
    <message>
        <source>There is no address to report to.</source>
        <translation>通知先のアドレスがありません。</translation>
    </message>
    <message>
        <source>This can&apos;t be less than 0.</source>
        <translation>0 より小さくはできません。</translation>
    </message>
    <message>
        <source>This is needed, because of {setting}.</source>
        <translation>{setting}のため、必須です。</translation>
    </message>
    <message>
        <source>This is needed: {what}.</source>
        <translation>必須です: {what}。</translation>
    </message>
    <message>
        <source>This is one argument too many. What is secret is asked for, or read from standard input (one line): other users of this computer can see arguments.</source>
        <translation>余分な引数です。秘密の値は入力を求められるか、標準入力 (1 行) から読み取られます。引数はこのコンピューターの他のユーザーにも見えます。</translation>
    </message>
    <message>
        <source>Use the id of the records, or choose {other}.</source>
        <translation>レコードの ID を使うか、{other}を選んでください。</translation>
    </message>
    <message>
        <source>Whose keys these are was not checked: whoever can write the archives could have replaced all of them, signed with another key. Check with the lines of allowed_signers that the installation gave you.</source>
        <translation>誰の鍵で署名されたかは確認していません。アーカイブに書き込める人なら、自分の鍵ですべてを作り直せます。このインストールから受け取った allowed_signers の行を使って確認してください。</translation>
    </message>
    <message>
        <source>Whose time stamps these are was not checked: only the certificates in them say so.</source>
        <translation>タイムスタンプの発行者は確認していません。中の証明書が自ら名乗っているだけです。</translation>
    </message>
    <message>
        <source>nothing due</source>
        <translation>対象なし</translation>
    </message>
    <message>
        <source>source {name}, {field} ({option})</source>
        <translation>ソース {name}、{field}（{option}）</translation>
    </message>
    <message>
        <source>{this} is possible only with {other}.</source>
        <translation>{this}は{other}と組み合わせる場合だけ使えます。</translation>
    </message>
    <message>
        <source>{time} ({who}): {outcome}</source>
        <translation>{time}（{who}）：{outcome}</translation>
    </message>
    <message>
        <source>“{field}: {value}”</source>
        <translation>「{field}: {value}」</translation>
    </message>
    <message>
        <source>The last export failed: {when}.</source>
        <translation>前回のエクスポートは失敗しました: {when}</translation>
    </message>
    <message>
        <source>(a POST with a JSON document)</source>
        <translation>(JSON 文書の POST)</translation>
    </message>
    <message>
        <source>(and what else apprise knows)</source>
        <translation>(ほか、apprise が対応するもの)</translation>
    </message>
    <message>
        <source>(has the scheduler start it now, as at night)</source>
        <translation>(夜と同じように、今スケジューラーに開始させる)</translation>
    </message>
    <message>
        <source>(the switch: registers the daily task)</source>
        <translation>(スイッチ: 毎日のタスクを登録する)</translation>
    </message>
    <message>
        <source>0 or 1.</source>
        <translation>0 または 1。</translation>
    </message>
    <message>
        <source>1 hour</source>
        <translation>1 時間</translation>
    </message>
    <message>
        <source>1 minute</source>
        <translation>1 分</translation>
    </message>
    <message>
        <source>1 second</source>
        <translation>1 秒</translation>
    </message>
    <message>
        <source>2026-11-29</source>
        <translation>2026-11-29</translation>
    </message>
    <message>
        <source>2026-11-29T08:15:30, in UTC</source>
        <translation>2026-11-29T08:15:30(UTC)</translation>
    </message>
    <message>
        <source>2026-11-29T08:15:30.123Z</source>
        <translation>2026-11-29T08:15:30.123Z</translation>
    </message>
    <message>
        <source>2026-11-29T08:15:30Z</source>
        <translation>2026-11-29T08:15:30Z</translation>
    </message>
    <message>
        <source>A computer that has fallen silent can&apos;t say so itself: this is asked where the archives arrive.</source>
        <translation>応答がなくなったコンピューターは、自分ではそれを知らせられません。アーカイブが届く場所で確認します。</translation>
    </message>
    <message>
        <source>A desktop notification reaches you while you are signed in, once for each cause. It can also be reported to an address: a mailbox (notify mail), a web hook or a chat (notify set), by its apprise URL.</source>
        <translation>デスクトップ通知は、サインインしている間に、原因ごとに 1 回届きます。メールボックス (notify mail)、Web フック、チャット (notify set) などのアドレスにも、apprise の URL で通知できます。</translation>
    </message>
    <message>
        <source>A failure is reported again after a week while it lasts, and so is its end. With the setting notify.weekly, the address gets a message each week while all is well; notify.ping_url is called after each daily run, for a monitor that raises an alarm where no ping comes.</source>
        <translation>失敗は、続いている間は 1 週間後に再び通知され、解消したときも通知されます。設定 notify.weekly を有効にすると、正常な間は毎週アドレスにメッセージが届きます。notify.ping_url は毎日の実行後に呼び出され、ping が来ないときに警報を出す監視サービスに使えます。</translation>
    </message>
    <message>
        <source>A header Link with rel=&quot;next&quot;</source>
        <translation>rel=&quot;next&quot; を持つ Link ヘッダー</translation>
    </message>
    <message>
        <source>A mark in the answer, for a parameter</source>
        <translation>応答内のカーソル(パラメーターで渡す)</translation>
    </message>
    <message>
        <source>A run reads all of a source before it exports. This needs room for only a few days, however many years there are. Where it was stopped, the same command goes on; days that the server has are not made again. Events from before DAY are left out for good; those after the last day are left to the runs to come.</source>
        <translation>通常の実行は、ソースをすべて読み取ってからエクスポートします。このコマンドは、何年分あっても数日分の空き容量しか必要としません。中断しても、同じコマンドで続きから再開し、サーバーにある日は作り直しません。DAY より前のイベントは対象外のままになり、最終日より後のイベントは以後の実行に任されます。</translation>
    </message>
    <message>
        <source>A source that reads the same place goes on from there, whatever its name is.</source>
        <translation>同じ場所を読み取るソースは、名前が違っても続きから読み取ります。</translation>
    </message>
    <message>
        <source>A value is missing behind {name}.</source>
        <translation>{name} の後に値がありません。</translation>
    </message>
    <message>
        <source>A value of the last record</source>
        <translation>最後のレコードの値</translation>
    </message>
    <message>
        <source>ADDRESS</source>
        <translation>アドレス</translation>
    </message>
    <message>
        <source>ARGS</source>
        <translation>引数</translation>
    </message>
    <message>
        <source>Add a folder, or another kind of place, as source NAME.</source>
        <translation>フォルダーなどの場所を、ソース NAME として追加します。</translation>
    </message>
    <message>
        <source>Add a source of events.</source>
        <translation>イベントのソースを追加します。</translation>
    </message>
    <message>
        <source>Address for tokens</source>
        <translation>トークンのアドレス</translation>
    </message>
    <message>
        <source>Address of a list</source>
        <translation>リストのアドレス</translation>
    </message>
    <message>
        <source>All installations that export to one place.</source>
        <translation>同じ場所にエクスポートするすべてのインストール。</translation>
    </message>
    <message>
        <source>All or nothing: when a line can&apos;t be an event, it is named and nothing is stored. An event that was recorded already, by its id, is not stored again; where its content is another, it is set aside.</source>
        <translation>すべて保存されるか、何も保存されないかのどちらかです。イベントになりえない行があると、その行が示され、何も保存されません。同じ ID で記録済みのイベントは再び保存されず、内容が異なる場合は除外されます。</translation>
    </message>
    <message>
        <source>An address in a header</source>
        <translation>ヘッダー内のアドレス</translation>
    </message>
    <message>
        <source>An address in the answer</source>
        <translation>応答内のアドレス</translation>
    </message>
    <message>
        <source>An administrator checks a new policy.toml with this: the exit code is 78 when it can&apos;t be used.</source>
        <translation>管理者は、新しい policy.toml をこれで確認します。使用できない場合、終了コードは 78 です。</translation>
    </message>
    <message>
        <source>An event:</source>
        <translation>イベントの例:</translation>
    </message>
    <message>
        <source>As</source>
        <translation>方式</translation>
    </message>
    <message>
        <source>As in Accept=application/json; X-Tenant=acme.</source>
        <translation>例: Accept=application/json; X-Tenant=acme</translation>
    </message>
    <message>
        <source>As in SSWS, with the space behind it where there is one. Mostly empty.</source>
        <translation>例: SSWS(後ろに空白があれば空白も含めます)。通常は空です。</translation>
    </message>
    <message>
        <source>As in X-Api-Key or PRIVATE-TOKEN.</source>
        <translation>例: X-Api-Key、PRIVATE-TOKEN</translation>
    </message>
    <message>
        <source>As root on Linux: the task of USER, who may not have one without a login, as a service of the system.</source>
        <translation>Linux の root の場合: サインインなしではタスクを持てない USER のタスクを、システムのサービスとして扱います。</translation>
    </message>
    <message>
        <source>Ask for the next page with its parameter alone</source>
        <translation>次のページはそのパラメーターだけで要求する</translation>
    </message>
    <message>
        <source>Audience</source>
        <translation>オーディエンス</translation>
    </message>
    <message>
        <source>Audit events are recorded into a store (`record`, or collected from the folders of `source`), written as JSON or CEF into one .zip archive a day, and put on the server. Nothing is lost and nothing comes twice, whatever is interrupted: the next `run` goes on where the last one was.</source>
        <translation>監査イベントは、`record` で、または `source` のフォルダーから収集してストアに記録され、1 日 1 つの .zip アーカイブに JSON または CEF で書き込まれて、サーバーに置かれます。どこで中断しても、失われることも二重になることもありません。次の `run` が続きから始めます。</translation>
    </message>
    <message>
        <source>Bearer token (Authorization: Bearer …)</source>
        <translation>ベアラートークン(Authorization: Bearer …)</translation>
    </message>
    <message>
        <source>Behind the value of the last record</source>
        <translation>最後のレコードの値の続きから</translation>
    </message>
    <message>
        <source>Besides 429 and 503, as in 403, where the answer also says for how long.</source>
        <translation>429と503以外(例: 403)。応答に待ち時間も示される場合です。</translation>
    </message>
    <message>
        <source>Body</source>
        <translation>ボディ</translation>
    </message>
    <message>
        <source>By what it is known.</source>
        <translation>最後のページを見分ける方法です。</translation>
    </message>
    <message>
        <source>By what the service says that there is more, and how that is asked for.</source>
        <translation>続きがあることをサービスがどう示し、それをどう要求するかです。</translation>
    </message>
    <message>
        <source>CERTS</source>
        <translation>証明書</translation>
    </message>
    <message>
        <source>COMMAND</source>
        <translation>コマンド</translation>
    </message>
    <message>
        <source>COMMAND [ARGS]...</source>
        <translation>コマンド [引数]...</translation>
    </message>
    <message>
        <source>Change a source.</source>
        <translation>ソースを変更します。</translation>
    </message>
    <message>
        <source>Change settings.</source>
        <translation>設定を変更します。</translation>
    </message>
    <message>
        <source>Change settings: all of those named, or none when one of them can&apos;t be right.</source>
        <translation>指定した設定をすべて変更します。正しくない値が 1 つでもあれば、何も変更しません。</translation>
    </message>
    <message>
        <source>Change source NAME: what the options say, and nothing else. What was read of it stays read.</source>
        <translation>ソース NAME を、オプションで指定したとおりに変更します。読み取り済みのものは読み取り済みのままです。</translation>
    </message>
    <message>
        <source>Check archives, and that none is missing.</source>
        <translation>アーカイブと、欠落がないことを検証します。</translation>
    </message>
    <message>
        <source>Check archives, or all archives of a folder.</source>
        <translation>アーカイブ、またはフォルダー内のすべてのアーカイブを検証します。</translation>
    </message>
    <message>
        <source>Check the archives at the configured server path.</source>
        <translation>設定したサーバーのパスにあるアーカイブを検証します。</translation>
    </message>
    <message>
        <source>Choose another name.</source>
        <translation>別の名前を選んでください。</translation>
    </message>
    <message>
        <source>Choose where a daily run that fails is reported.</source>
        <translation>毎日の実行が失敗したときの通知先を選びます。</translation>
    </message>
    <message>
        <source>Choose where failures are reported.</source>
        <translation>失敗の通知先を選びます。</translation>
    </message>
    <message>
        <source>Collect events and deliver what is due.</source>
        <translation>イベントを収集し、期限の来たものを配信します。</translation>
    </message>
    <message>
        <source>Collect events, then deliver an archive for every day that is due, oldest first.</source>
        <translation>イベントを収集し、期限の来た各日のアーカイブを古い順に配信します。</translation>
    </message>
    <message>
        <source>Collected from this source.</source>
        <translation>このソースから収集されたもの。</translation>
    </message>
    <message>
        <source>Commands</source>
        <translation>コマンド</translation>
    </message>
    <message>
        <source>Create an API token under My Profile, API Tokens, for this account only.</source>
        <translation>My Profile、API Tokens で、このアカウント専用の API トークンを作成します。</translation>
    </message>
    <message>
        <source>Created on this day or earlier.</source>
        <translation>この日以前に作成されたもの。</translation>
    </message>
    <message>
        <source>Created on this day or later.</source>
        <translation>この日以降に作成されたもの。</translation>
    </message>
    <message>
        <source>DAY</source>
        <translation>日付</translation>
    </message>
    <message>
        <source>DIRECTORY</source>
        <translation>フォルダー</translation>
    </message>
    <message>
        <source>Days that were missed are caught up. Nothing due is success. What may pass (a lost connection, a busy server) is tried again a few times, then left for the next run; what won&apos;t pass by itself (a wrong password, a changed host key) is not tried again.</source>
        <translation>逃した日の分も配信します。期限の来たものがなければ成功です。一時的な問題 (接続の切断、混雑したサーバー) は数回再試行した後、次の実行に任せます。自然には解消しない問題 (誤ったパスワード、変更されたホスト鍵) は再試行しません。</translation>
    </message>
    <message>
        <source>Delivered, or still waiting.</source>
        <translation>配信済みか、まだ待機中か。</translation>
    </message>
    <message>
        <source>Do not ask.</source>
        <translation>確認しません。</translation>
    </message>
    <message>
        <source>Do nothing unless there was no run since the daily time. cron passes this when the computer starts.</source>
        <translation>毎日の時刻以降に実行があれば、何もしません。コンピューターの起動時に cron が指定します。</translation>
    </message>
    <message>
        <source>Do nothing while the export is switched off. The daily task passes this.</source>
        <translation>エクスポートがオフの間は何もしません。毎日のタスクが指定します。</translation>
    </message>
    <message>
        <source>Each archive is signed, so that whoever has it can see that this computer made it.</source>
        <translation>各アーカイブは署名されており、このコンピューターが作成したことを誰でも確認できます。</translation>
    </message>
    <message>
        <source>Events from {oldest} to {newest}.</source>
        <translation>イベントの期間: {oldest} ～ {newest}。</translation>
    </message>
    <message>
        <source>Exit codes:</source>
        <translation>終了コード:</translation>
    </message>
    <message>
        <source>Exit with another code than 0 when somebody must look after it.</source>
        <translation>対応が必要なときは、0 以外のコードで終了します。</translation>
    </message>
    <message>
        <source>Exits with 78 when the export is on and something is.</source>
        <translation>エクスポートがオンで問題があれば、78 で終了します。</translation>
    </message>
    <message>
        <source>Export audit trails, every day, to an SFTP server.</source>
        <translation>監査証跡を毎日 SFTP サーバーにエクスポートします。</translation>
    </message>
    <message>
        <source>Export the events of today so far as well.</source>
        <translation>今日のこれまでのイベントもエクスポートします。</translation>
    </message>
    <message>
        <source>Export years of a source, day after day.</source>
        <translation>ソースの何年分もを、1 日ずつエクスポートします。</translation>
    </message>
    <message>
        <source>FILE</source>
        <translation>ファイル</translation>
    </message>
    <message>
        <source>FINGERPRINT</source>
        <translation>フィンガープリント</translation>
    </message>
    <message>
        <source>FOLDER</source>
        <translation>フォルダー</translation>
    </message>
    <message>
        <source>False on the last page</source>
        <translation>最後のページで false になる値</translation>
    </message>
    <message>
        <source>Files (all in one folder where AUDIT_TRAILS_HOME names one):</source>
        <translation>ファイル (AUDIT_TRAILS_HOME を指定すると、すべてそのフォルダーに置かれます):</translation>
    </message>
    <message>
        <source>Find events that are still in the store, oldest first, each with its archive, line and signature.</source>
        <translation>まだストアにあるイベントを、古い順に、アーカイブ、行、署名とともに検索します。</translation>
    </message>
    <message>
        <source>Find events, and hand them over with what proves them.</source>
        <translation>イベントを検索し、それを証明するものとともに渡します。</translation>
    </message>
    <message>
        <source>First steps:</source>
        <translation>はじめに:</translation>
    </message>
    <message>
        <source>First time, go back</source>
        <translation>初回にさかのぼる期間</translation>
    </message>
    <message>
        <source>For bash, in ~/.bashrc:</source>
        <translation>bash の場合、~/.bashrc に:</translation>
    </message>
    <message>
        <source>For monitoring: `status --check` exits with 0 while all is well or the export is off. Otherwise it says why, and exits with the code that fits: 78 for the settings or the daily task, or that of the last run.</source>
        <translation>監視用: `status --check` は、正常な間、またはエクスポートがオフの間は 0 で終了します。それ以外は理由を示し、対応するコードで終了します。設定または毎日のタスクの問題は 78、それ以外は前回の実行のコードです。</translation>
    </message>
    <message>
        <source>For tls://, the certificate of the authority, in PEM.</source>
        <translation>tls:// の場合の、認証局の証明書 (PEM)。</translation>
    </message>
    <message>
        <source>For which API the token is, where the service asks for that.</source>
        <translation>サービスが求める場合、トークンの対象となる API。</translation>
    </message>
    <message>
        <source>From the service&apos;s own mark, which it keeps for ever</source>
        <translation>サービス自身のカーソルから(無期限に有効なもの)</translation>
    </message>
    <message>
        <source>From the time of the last, and some before it</source>
        <translation>最後の時刻の少し前から</translation>
    </message>
    <message>
        <source>From then on, connections are only made to a server that has this key. Compare the fingerprint with the one that the server&apos;s administrator gave you; a Linux server shows it with `ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub`.</source>
        <translation>以後は、この鍵を持つサーバーにだけ接続します。フィンガープリントを、サーバーの管理者から受け取ったものと照合してください。Linux サーバーでは `ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub` で表示されます。</translation>
    </message>
    <message>
        <source>GET</source>
        <translation>GET</translation>
    </message>
    <message>
        <source>Get an archive back from the server.</source>
        <translation>サーバーからアーカイブを取得します。</translation>
    </message>
    <message>
        <source>Give the lines that `sign show` prints to the auditor by another way than the server: they are the file allowed_signers, by which `verify --signers` and `ssh-keygen -Y verify` know the right keys.</source>
        <translation>`sign show` が表示する行を、サーバー以外の方法で監査人に渡してください。これがファイル allowed_signers であり、`verify --signers` と `ssh-keygen -Y verify` はこれで正しい鍵を判別します。</translation>
    </message>
    <message>
        <source>Goes on</source>
        <translation>再開の位置</translation>
    </message>
    <message>
        <source>Have the scheduler start the daily task now, wait for it, and show what came of it.</source>
        <translation>スケジューラーに毎日のタスクを今すぐ開始させ、終わるのを待って結果を表示します。</translation>
    </message>
    <message>
        <source>Have the workers of a Dask scheduler read and pack: tls://HOST:PORT, or local.</source>
        <translation>Dask スケジューラーのワーカーに読み取りとパックを行わせます: tls://HOST:PORT、または local。</translation>
    </message>
    <message>
        <source>Have this computer&apos;s own scheduler run the export daily, also when nobody is logged in.</source>
        <translation>このコンピューターのスケジューラーに、誰もサインインしていないときでも毎日エクスポートを実行させます。</translation>
    </message>
    <message>
        <source>Header with the end of the limit</source>
        <translation>制限の終わりのヘッダー</translation>
    </message>
    <message>
        <source>Header with the wait</source>
        <translation>待ち時間のヘッダー</translation>
    </message>
    <message>
        <source>How far back a new source begins: 30d. Empty for as long as the service keeps events, or 90 days.</source>
        <translation>新しいソースをどこまでさかのぼるか: 30d。空の場合はサービスの保持期間、または 90 日です。</translation>
    </message>
    <message>
        <source>How long events may take until they can be asked for: 2m.</source>
        <translation>イベントを取得できるようになるまでにかかる時間: 2m。</translation>
    </message>
    <message>
        <source>How many of a source.</source>
        <translation>ソースごとの件数。</translation>
    </message>
    <message>
        <source>How many records were read</source>
        <translation>読み取ったレコードの数</translation>
    </message>
    <message>
        <source>How many records.</source>
        <translation>レコードの件数。</translation>
    </message>
    <message>
        <source>How many runs, or days.</source>
        <translation>実行または日の件数。</translation>
    </message>
    <message>
        <source>How much is asked for once more each time, to find events that come late: 24h.</source>
        <translation>遅れて届くイベントを見つけるため、毎回もう一度要求する期間: 24h。</translation>
    </message>
    <message>
        <source>How the next collection goes on where this one ended.</source>
        <translation>次回の収集を、前回の続きからどう始めるかです。</translation>
    </message>
    <message>
        <source>How the secret is shown to it</source>
        <translation>シークレットの渡し方</translation>
    </message>
    <message>
        <source>How the service wants times to be written in these parameters.</source>
        <translation>これらのパラメーターで使う時刻の書き方です。</translation>
    </message>
    <message>
        <source>How the service wants to see the secret; its documentation calls this authentication.</source>
        <translation>サービスがシークレットを受け取る方法です。サービスのドキュメントでは「認証」と呼ばれます。</translation>
    </message>
    <message>
        <source>How the way there is encrypted: port 587, 465 or 25 unless the server says another.</source>
        <translation>通信の暗号化方法。サーバーで指定しない限り、ポート 587、465、25 を使います。</translation>
    </message>
    <message>
        <source>How times are written: epoch-s, epoch-ms, epoch-us, epoch-ns, iso, or a pattern as in &apos;text:%d/%m/%Y %H:%M:%S&apos;.</source>
        <translation>時刻の形式: epoch-s、epoch-ms、epoch-us、epoch-ns、iso、または &apos;text:%d/%m/%Y %H:%M:%S&apos; のようなパターン。</translation>
    </message>
    <message>
        <source>INTEGER</source>
        <translation>数</translation>
    </message>
    <message>
        <source>INTEGER RANGE</source>
        <translation>数</translation>
    </message>
    <message>
        <source>In front of the secret</source>
        <translation>シークレットの前に付けるもの</translation>
    </message>
    <message>
        <source>In it the daily export is configured, tested and switched on; it also shows what ran, the audit events, and the folders that they are collected from. Where this user has it open already, that window comes to the front.</source>
        <translation>毎日のエクスポートの構成、テスト、オンへの切り替えを行います。実行の履歴、監査イベント、収集元のフォルダーも表示します。このユーザーがすでに開いている場合は、そのウィンドウが前面に出ます。</translation>
    </message>
    <message>
        <source>Is the name right, and is the bucket of this account and region?</source>
        <translation>名前は正しく、バケットはこのアカウントとリージョンのものですか?</translation>
    </message>
    <message>
        <source>It has fewer records than a page may have</source>
        <translation>レコードがページの上限より少ない</translation>
    </message>
    <message>
        <source>It is empty</source>
        <translation>空である</translation>
    </message>
    <message>
        <source>It is kept only if it opens the key. While the export is on, this also finds out whether the daily task can use the key while nobody is logged in.</source>
        <translation>鍵を開ける場合にだけ保存されます。エクスポートがオンの間は、誰もサインインしていないときに毎日のタスクがその鍵を使えるかどうかも確認します。</translation>
    </message>
    <message>
        <source>KEY</source>
        <translation>キー</translation>
    </message>
    <message>
        <source>KEY is as `config show` prints it; a list is comma-separated:</source>
        <translation>KEY は `config show` の表示どおりに書きます。一覧はコンマで区切ります:</translation>
    </message>
    <message>
        <source>KIND</source>
        <translation>種類</translation>
    </message>
    <message>
        <source>Keep all files in this folder, as with AUDIT_TRAILS_HOME.</source>
        <translation>すべてのファイルをこのフォルダーに置きます。AUDIT_TRAILS_HOME と同じです。</translation>
    </message>
    <message>
        <source>Keeps its events for</source>
        <translation>イベントの保持期間</translation>
    </message>
    <message>
        <source>Key in a header of its own</source>
        <translation>専用ヘッダーのキー</translation>
    </message>
    <message>
        <source>Key of a Google service account</source>
        <translation>Google サービスアカウントのキー</translation>
    </message>
    <message>
        <source>LANGUAGE</source>
        <translation>言語</translation>
    </message>
    <message>
        <source>Last read: {when}. Records: {read}, new: {stored}.</source>
        <translation>最終収集: {when}。レコード: {read}、新規: {stored}。</translation>
    </message>
    <message>
        <source>Leads to the next page</source>
        <translation>次のページへの手がかり</translation>
    </message>
    <message>
        <source>List of events</source>
        <translation>イベントの一覧</translation>
    </message>
    <message>
        <source>List the sources.</source>
        <translation>ソースの一覧を表示します。</translation>
    </message>
    <message>
        <source>List the sources: how many records were read so far, what came of them, how the last collection went.</source>
        <translation>ソースの一覧を、これまでに読み取ったレコードの数、その結果、前回の収集の状況とともに表示します。</translation>
    </message>
    <message>
        <source>List, add and remove sources of events.</source>
        <translation>イベントのソースを表示、追加、削除します。</translation>
    </message>
    <message>
        <source>List, add and remove what events are collected from.</source>
        <translation>イベントの収集元を表示、追加、削除します。</translation>
    </message>
    <message>
        <source>Logs of AWS CloudTrail, and the same for a system that is not known:</source>
        <translation>AWS CloudTrail のログの場合と、不明なシステムの場合:</translation>
    </message>
    <message>
        <source>Longest window</source>
        <translation>最長の期間</translation>
    </message>
    <message>
        <source>Look back</source>
        <translation>さかのぼる期間</translation>
    </message>
    <message>
        <source>Look further back</source>
        <translation>さらにさかのぼる</translation>
    </message>
    <message>
        <source>Make a new key.</source>
        <translation>新しい鍵を作成します。</translation>
    </message>
    <message>
        <source>Make an event of each thing in the list at a record&apos;s key PATH.</source>
        <translation>レコードのキーパス PATH にある一覧の各項目を、1 つのイベントにします。</translation>
    </message>
    <message>
        <source>Map the records as those of a known system; it also says where they are in a document. With --kind rest, the service that is asked.</source>
        <translation>既知のシステムのレコードとしてマッピングします。文書内のレコードの場所も決まります。--kind rest の場合は、問い合わせるサービスです。</translation>
    </message>
    <message>
        <source>Method</source>
        <translation>メソッド</translation>
    </message>
    <message>
        <source>Milliseconds since 1970</source>
        <translation>1970 年からのミリ秒</translation>
    </message>
    <message>
        <source>More about asking</source>
        <translation>要求の詳細</translation>
    </message>
    <message>
        <source>NAME</source>
        <translation>名前</translation>
    </message>
    <message>
        <source>NAME is the name of an archive, or a day (2026-11-28), of which all archives are fetched. Each is saved where it is the one that was delivered, byte for byte. A file that is there already is never overwritten.</source>
        <translation>NAME はアーカイブの名前、または日付 (2026-11-28) です。日付の場合は、その日のすべてのアーカイブを取得します。それぞれ、配信したものと 1 バイトも違わない場合に保存されます。既存のファイルは上書きされません。</translation>
    </message>
    <message>
        <source>NUMBER</source>
        <translation>番号</translation>
    </message>
    <message>
        <source>Name of the header</source>
        <translation>ヘッダーの名前</translation>
    </message>
    <message>
        <source>Newest first, or not known</source>
        <translation>新しい順、または不明</translation>
    </message>
    <message>
        <source>No day from this one on may be missing.</source>
        <translation>この日以降は、1 日も欠けてはなりません。</translation>
    </message>
    <message>
        <source>Not read: {why}</source>
        <translation>収集できませんでした: {why}</translation>
    </message>
    <message>
        <source>Nothing leads on</source>
        <translation>続きへの手がかりがない</translation>
    </message>
    <message>
        <source>Nothing: one answer has all</source>
        <translation>なし: 1 回の応答にすべて含まれる</translation>
    </message>
    <message>
        <source>Nothing: the service asks for no secret</source>
        <translation>なし: シークレットは不要</translation>
    </message>
    <message>
        <source>Number of all</source>
        <translation>全体の件数</translation>
    </message>
    <message>
        <source>Number of the first page</source>
        <translation>最初のページの番号</translation>
    </message>
    <message>
        <source>Oldest first</source>
        <translation>古い順</translation>
    </message>
    <message>
        <source>On Windows: run also while you are signed out, or only while you are signed in. For the first, Windows wants your password (from a prompt or standard input), and keeps it; this program does not.</source>
        <translation>Windows の場合: サインアウト中も実行するか、サインイン中だけ実行するか。前者には Windows がパスワード (プロンプトまたは標準入力から) を必要とし、保存します。このプログラムは保存しません。</translation>
    </message>
    <message>
        <source>Once in this time, as much is asked for once more, to see how late events come: 7d.</source>
        <translation>この期間に1回、同じ期間分を再度要求し、イベントがどれだけ遅れて届くかを調べます(例: 7d)。</translation>
    </message>
    <message>
        <source>Open the form of the audit trails export.</source>
        <translation>監査証跡エクスポートのフォームを開きます。</translation>
    </message>
    <message>
        <source>Options</source>
        <translation>オプション</translation>
    </message>
    <message>
        <source>Order</source>
        <translation>順序</translation>
    </message>
    <message>
        <source>Other headers</source>
        <translation>その他のヘッダー</translation>
    </message>
    <message>
        <source>Other parameters</source>
        <translation>その他のパラメーター</translation>
    </message>
    <message>
        <source>PATH</source>
        <translation>パス</translation>
    </message>
    <message>
        <source>PATH is a folder where archives arrive; without it, the configured server path is looked at. The exit code is 65 where any instance lacks a day up to yesterday, or with --deep where any archive is not as it was made.</source>
        <translation>PATH はアーカイブが届くフォルダーです。指定しなければ、設定したサーバーのパスを調べます。昨日までの日が欠けているインスタンスがあるとき、または --deep で作成時と異なるアーカイブがあるとき、終了コードは 65 です。</translation>
    </message>
    <message>
        <source>PLACE</source>
        <translation>場所</translation>
    </message>
    <message>
        <source>POST</source>
        <translation>POST</translation>
    </message>
    <message>
        <source>POST where the service wants its question in the body.</source>
        <translation>サービスがボディでの要求を求める場合は POST。</translation>
    </message>
    <message>
        <source>Pack days in N processes.</source>
        <translation>N 個のプロセスで日ごとのパックを行います。</translation>
    </message>
    <message>
        <source>Parameter for &quot;from&quot;</source>
        <translation>「開始」のパラメーター</translation>
    </message>
    <message>
        <source>Parameter for &quot;to&quot;</source>
        <translation>「終了」のパラメーター</translation>
    </message>
    <message>
        <source>Parameter for it</source>
        <translation>そのパラメーター</translation>
    </message>
    <message>
        <source>Parameter for the size</source>
        <translation>件数のパラメーター</translation>
    </message>
    <message>
        <source>Password of a user (basic)</source>
        <translation>ユーザーのパスワード(Basic)</translation>
    </message>
    <message>
        <source>Pin the key only if this is its fingerprint.</source>
        <translation>これがフィンガープリントである場合にだけ、鍵を登録します。</translation>
    </message>
    <message>
        <source>Pin the key without asking.</source>
        <translation>確認せずに鍵を登録します。</translation>
    </message>
    <message>
        <source>Pin the server&apos;s host key if its fingerprint (SHA256:…) is this one.</source>
        <translation>サーバーのホスト鍵のフィンガープリント (SHA256:…) がこれである場合に、登録します。</translation>
    </message>
    <message>
        <source>Print a config.toml for other computers.</source>
        <translation>ほかのコンピューター用の config.toml を表示します。</translation>
    </message>
    <message>
        <source>Print all settings, and which of them your organisation has set. The password is never among them.</source>
        <translation>すべての設定と、そのうち組織が設定したものを表示します。パスワードは含まれません。</translation>
    </message>
    <message>
        <source>Print all settings.</source>
        <translation>すべての設定を表示します。</translation>
    </message>
    <message>
        <source>Print one JSON document, laid out as config.toml.</source>
        <translation>config.toml と同じ構成の JSON 文書を 1 つ出力します。</translation>
    </message>
    <message>
        <source>Print one JSON document, with the records whole.</source>
        <translation>レコード全体を含む JSON 文書を 1 つ出力します。</translation>
    </message>
    <message>
        <source>Print one JSON document.</source>
        <translation>JSON 文書を 1 つ出力します。</translation>
    </message>
    <message>
        <source>Print one JSON document: a list of runs, or of days.</source>
        <translation>実行または日の一覧の JSON 文書を 1 つ出力します。</translation>
    </message>
    <message>
        <source>Print one setting.</source>
        <translation>設定を 1 つ表示します。</translation>
    </message>
    <message>
        <source>Print only the value of the setting KEY, for scripts. A list is comma-separated, as for `config set`.</source>
        <translation>スクリプト用に、設定 KEY の値だけを表示します。一覧は `config set` と同じくコンマ区切りです。</translation>
    </message>
    <message>
        <source>Print the completion script for a shell.</source>
        <translation>シェルの補完スクリプトを表示します。</translation>
    </message>
    <message>
        <source>Print the lines for allowed_signers, one for each key that signed or is to sign.</source>
        <translation>署名した鍵と、これから署名する鍵について、allowed_signers の行を表示します。</translation>
    </message>
    <message>
        <source>Print the lines for allowed_signers.</source>
        <translation>allowed_signers の行を表示します。</translation>
    </message>
    <message>
        <source>Print the result as one JSON document.</source>
        <translation>結果を 1 つの JSON 文書で出力します。</translation>
    </message>
    <message>
        <source>Print the run as one JSON document.</source>
        <translation>実行を 1 つの JSON 文書で出力します。</translation>
    </message>
    <message>
        <source>Print the settings as a config.toml for `config import` on other computers.</source>
        <translation>ほかのコンピューターで `config import` に使う config.toml として、設定を表示します。</translation>
    </message>
    <message>
        <source>Print the value as JSON.</source>
        <translation>値を JSON で出力します。</translation>
    </message>
    <message>
        <source>Print them as CSV.</source>
        <translation>CSV で出力します。</translation>
    </message>
    <message>
        <source>Read a source from its beginning, and deliver every day as soon as it has gone by.</source>
        <translation>ソースを最初から読み取り、1 日分がそろうごとに配信します。</translation>
    </message>
    <message>
        <source>Records in a page</source>
        <translation>1 ページのレコード数</translation>
    </message>
    <message>
        <source>Records that were set aside are tried again with the new settings by the next run.</source>
        <translation>除外されたレコードは、次の実行で新しい設定を使って再試行されます。</translation>
    </message>
    <message>
        <source>Register the daily task, or create it again as the settings want it. Saving the settings does the same.</source>
        <translation>毎日のタスクを登録します。すでにある場合は設定どおりに作り直します。設定を保存したときも同じです。</translation>
    </message>
    <message>
        <source>Register the daily task, or fix it.</source>
        <translation>毎日のタスクを登録または修復します。</translation>
    </message>
    <message>
        <source>Register, show and start the daily task.</source>
        <translation>毎日のタスクを登録、表示、開始します。</translation>
    </message>
    <message>
        <source>Remove a source.</source>
        <translation>ソースを削除します。</translation>
    </message>
    <message>
        <source>Remove source NAME. What was collected from it stays, and is exported; what is set aside stays as well.</source>
        <translation>ソース NAME を削除します。収集済みのものは残り、エクスポートされます。除外されたものも残ります。</translation>
    </message>
    <message>
        <source>Remove the daily task, whatever the switch says. The next save with the switch ON registers it again.</source>
        <translation>スイッチの状態にかかわらず、毎日のタスクを削除します。次にスイッチをオンにして保存すると、再び登録されます。</translation>
    </message>
    <message>
        <source>Remove the daily task.</source>
        <translation>毎日のタスクを削除します。</translation>
    </message>
    <message>
        <source>Rename a config.toml that can&apos;t be read, so that a new configuration can begin. Nothing is deleted.</source>
        <translation>読み取れない config.toml の名前を変更し、新しい構成を始められるようにします。何も削除されません。</translation>
    </message>
    <message>
        <source>Report failures by mail.</source>
        <translation>失敗をメールで通知します。</translation>
    </message>
    <message>
        <source>Report failures by mail. With a user, the password is asked for, or read from standard input (one line).</source>
        <translation>失敗をメールで通知します。ユーザーを指定すると、パスワードをプロンプトで尋ねるか、標準入力 (1 行) から読み取ります。</translation>
    </message>
    <message>
        <source>Report to no address any more.</source>
        <translation>アドレスへの通知をやめます。</translation>
    </message>
    <message>
        <source>Requests a minute</source>
        <translation>1 分あたりの要求数</translation>
    </message>
    <message>
        <source>SHAPE</source>
        <translation>形式</translation>
    </message>
    <message>
        <source>SOURCE</source>
        <translation>ソース</translation>
    </message>
    <message>
        <source>Scope</source>
        <translation>スコープ</translation>
    </message>
    <message>
        <source>Seconds since 1970</source>
        <translation>1970 年からの秒</translation>
    </message>
    <message>
        <source>Secret of a client, for a token (OAuth 2)</source>
        <translation>トークン取得用のクライアントシークレット(OAuth 2)</translation>
    </message>
    <message>
        <source>Send a message now.</source>
        <translation>今すぐメッセージを送ります。</translation>
    </message>
    <message>
        <source>Set the address to report to.</source>
        <translation>通知先のアドレスを設定します。</translation>
    </message>
    <message>
        <source>Set the address, from a prompt or from standard input (one line): it may carry a password.</source>
        <translation>アドレスを、プロンプトまたは標準入力 (1 行) から設定します。パスワードを含むことがあるためです。</translation>
    </message>
    <message>
        <source>Settled after</source>
        <translation>確定までの時間</translation>
    </message>
    <message>
        <source>Show a desktop notification, send a message to the address, and ping the monitor, now.</source>
        <translation>今すぐデスクトップ通知を表示し、アドレスにメッセージを送り、監視サービスに ping を送ります。</translation>
    </message>
    <message>
        <source>Show also those that lack nothing.</source>
        <translation>欠落のないものも表示します。</translation>
    </message>
    <message>
        <source>Show and change the settings.</source>
        <translation>設定を表示、変更します。</translation>
    </message>
    <message>
        <source>Show days instead of runs: what is delivered, what is not.</source>
        <translation>実行の代わりに日を表示します (配信済みかどうか)。</translation>
    </message>
    <message>
        <source>Show how records map to events.</source>
        <translation>レコードがどのようにイベントになるかを表示します。</translation>
    </message>
    <message>
        <source>Show how the first records of source NAME map to events, and what would be set aside. Stores nothing.</source>
        <translation>ソース NAME の最初のレコードがどのようにイベントになり、何が除外されるかを表示します。何も保存しません。</translation>
    </message>
    <message>
        <source>Show records that were set aside.</source>
        <translation>除外されたレコードを表示します。</translation>
    </message>
    <message>
        <source>Show the address, without secrets.</source>
        <translation>アドレスを、秘密の部分を除いて表示します。</translation>
    </message>
    <message>
        <source>Show the address, without the secrets in it.</source>
        <translation>アドレスを、秘密の部分を除いて表示します。</translation>
    </message>
    <message>
        <source>Show the daily task as the scheduler has it, and what is wrong with it.</source>
        <translation>スケジューラーに登録されている毎日のタスクと、その問題を表示します。</translation>
    </message>
    <message>
        <source>Show the daily task.</source>
        <translation>毎日のタスクを表示します。</translation>
    </message>
    <message>
        <source>Show the latest runs, newest first.</source>
        <translation>最近の実行を新しい順に表示します。</translation>
    </message>
    <message>
        <source>Show the records of source NAME that can&apos;t be events, each with its place, the reason, and as it was read.</source>
        <translation>ソース NAME のレコードのうちイベントになりえないものを、場所、理由、読み取った内容とともに表示します。</translation>
    </message>
    <message>
        <source>Show the server&apos;s host key, and pin it.</source>
        <translation>サーバーのホスト鍵を表示し、登録します。</translation>
    </message>
    <message>
        <source>Show the version and exit.</source>
        <translation>バージョンを表示して終了します。</translation>
    </message>
    <message>
        <source>Show this message and exit.</source>
        <translation>このヘルプを表示して終了します。</translation>
    </message>
    <message>
        <source>Show what is on, ran last and waits.</source>
        <translation>オンかどうか、前回の実行、待機中のものを表示します。</translation>
    </message>
    <message>
        <source>Show what your organisation has fixed.</source>
        <translation>組織が固定した設定を表示します。</translation>
    </message>
    <message>
        <source>Show what your organisation has set for all users of this computer, and in which file.</source>
        <translation>組織がこのコンピューターの全ユーザーに設定したものと、そのファイルを表示します。</translation>
    </message>
    <message>
        <source>Show where the password can be kept on this computer, and whether the daily task can read it there.</source>
        <translation>このコンピューターでパスワードを保存できる場所と、毎日のタスクがそこから読み取れるかどうかを表示します。</translation>
    </message>
    <message>
        <source>Show where the password can be kept.</source>
        <translation>パスワードを保存できる場所を表示します。</translation>
    </message>
    <message>
        <source>Show whether the export is configured and on, its daily task, the last and the next run, and what waits.</source>
        <translation>エクスポートが構成済みでオンになっているか、毎日のタスク、前回と次回の実行、待機中のものを表示します。</translation>
    </message>
    <message>
        <source>Show which instance lacks a day, and which has fallen silent, by nothing but the names of the archives.</source>
        <translation>アーカイブの名前だけから、日が欠けているインスタンスと、応答がなくなったインスタンスを表示します。</translation>
    </message>
    <message>
        <source>Source {name}: there is no bucket {bucket}.</source>
        <translation>ソース {name}: バケット {bucket} がありません。</translation>
    </message>
    <message>
        <source>Speak this language, as with AUDIT_TRAILS_LANG; else the desktop&apos;s. --json is always English.</source>
        <translation>この言語で表示します。AUDIT_TRAILS_LANG と同じで、指定がなければデスクトップの言語です。--json は常に英語です。</translation>
    </message>
    <message>
        <source>Start over; keep the present file.</source>
        <translation>現在のファイルを残して、最初からやり直します。</translation>
    </message>
    <message>
        <source>Start the daily task now, and wait.</source>
        <translation>毎日のタスクを今すぐ開始し、終わるのを待ちます。</translation>
    </message>
    <message>
        <source>Starts an SFTP server on this computer only, records sample events of yesterday, tests the connection, exports, and shows where the archive is and what is in it. Your own settings are neither used nor changed; everything lies in one folder, which you may delete.</source>
        <translation>このコンピューターだけで使う SFTP サーバーを起動し、昨日のサンプルイベントを記録し、接続をテストしてエクスポートし、アーカイブの場所と内容を表示します。お使いの設定は使用も変更もされません。すべて 1 つのフォルダーに置かれ、削除してかまいません。</translation>
    </message>
    <message>
        <source>Statuses that mean &quot;later&quot;</source>
        <translation>「後で」を意味するステータス</translation>
    </message>
    <message>
        <source>Store events from a file or a pipe.</source>
        <translation>ファイルまたはパイプからイベントを保存します。</translation>
    </message>
    <message>
        <source>Store the audit events of FILE, or of standard input: JSON Lines, one event a line.</source>
        <translation>FILE または標準入力の監査イベントを保存します。JSON Lines 形式で、1 行に 1 イベントです。</translation>
    </message>
    <message>
        <source>Store the passphrase of the key in server.key_file, from a prompt or from standard input (one line).</source>
        <translation>server.key_file の鍵のパスフレーズを、プロンプトまたは標準入力 (1 行) から保存します。</translation>
    </message>
    <message>
        <source>Store the passphrase of the key to log in with.</source>
        <translation>ログイン用の鍵のパスフレーズを保存します。</translation>
    </message>
    <message>
        <source>Store the password of a source.</source>
        <translation>ソースのパスワードを保存します。</translation>
    </message>
    <message>
        <source>Store the password of source NAME, from a prompt or from standard input (one line).</source>
        <translation>ソース NAME のパスワードを、プロンプトまたは標準入力 (1 行) から保存します。</translation>
    </message>
    <message>
        <source>Store the password of the server&apos;s user, from a prompt or from standard input (one line).</source>
        <translation>サーバーのユーザーのパスワードを、プロンプトまたは標準入力 (1 行) から保存します。</translation>
    </message>
    <message>
        <source>Store the password of the server&apos;s user.</source>
        <translation>サーバーのユーザーのパスワードを保存します。</translation>
    </message>
    <message>
        <source>TABLE</source>
        <translation>表</translation>
    </message>
    <message>
        <source>TEXT</source>
        <translation>テキスト</translation>
    </message>
    <message>
        <source>Take FILE, a whole config.toml, in place of the present settings.</source>
        <translation>完全な config.toml である FILE を、現在の設定と置き換えます。</translation>
    </message>
    <message>
        <source>Take a whole config.toml.</source>
        <translation>完全な config.toml を取り込みます。</translation>
    </message>
    <message>
        <source>Take an event&apos;s KEY from a record&apos;s key PATH (a.b, a[0].b, a[*].b, also into JSON that is a text), or from the first of several that fits. KEY==TEXT is always that text, KEY={a} {b} a template.</source>
        <translation>イベントの KEY を、レコードのキーパス PATH (a.b、a[0].b、a[*].b。文字列として入った JSON の中も可)、または複数のうち最初に当てはまるものから取ります。KEY==TEXT は常にその文字列、KEY={a} {b} はテンプレートです。</translation>
    </message>
    <message>
        <source>Take an event&apos;s KEY from nothing.</source>
        <translation>イベントの KEY をどこからも取らないようにします。</translation>
    </message>
    <message>
        <source>Test the connection, step by step, without changing any setting.</source>
        <translation>設定を変更せずに、接続を段階ごとにテストします。</translation>
    </message>
    <message>
        <source>Test the connection, step by step.</source>
        <translation>接続を段階ごとにテストします。</translation>
    </message>
    <message>
        <source>That happens by itself when the source&apos;s settings change, and after an update of this program.</source>
        <translation>ソースの設定を変更したとき、およびこのプログラムの更新後は、自動的に行われます。</translation>
    </message>
    <message>
        <source>The SHA-256 of a line is that of the event in the archive&apos;s data file, without the comma and the line break: what `unzip -p ARCHIVE | sed -n LINEp` shows. `verify` says whether that archive is as it was signed.</source>
        <translation>行の SHA-256 は、アーカイブのデータファイルにあるイベントの、コンマと改行を除いたもの (`unzip -p ARCHIVE | sed -n LINEp` の表示) に対する値です。そのアーカイブが署名時のままかどうかは `verify` でわかります。</translation>
    </message>
    <message>
        <source>The address of the list of events, as in https://service.example.com/api/audit.</source>
        <translation>イベントの一覧のアドレス(例: https://service.example.com/api/audit)。</translation>
    </message>
    <message>
        <source>The address that mails come from.</source>
        <translation>メールの差出人アドレス。</translation>
    </message>
    <message>
        <source>The addresses that get them, comma-separated.</source>
        <translation>メールの宛先アドレス (コンマ区切り)。</translation>
    </message>
    <message>
        <source>The certificates (PEM) of the time-stamp services to trust.</source>
        <translation>信頼するタイムスタンプ サービスの証明書 (PEM)。</translation>
    </message>
    <message>
        <source>The first day to export.</source>
        <translation>エクスポートする最初の日。</translation>
    </message>
    <message>
        <source>The folder to put it into; else the current one.</source>
        <translation>保存先のフォルダー。指定がなければ現在のフォルダー。</translation>
    </message>
    <message>
        <source>The form needs Qt, which can&apos;t be loaded here ({error}). The exporter works without it.</source>
        <translation>フォームには Qt が必要ですが、ここでは読み込めません ({error})。エクスポーターは Qt がなくても動作します。</translation>
    </message>
    <message>
        <source>The header that says how long to wait. Empty for Retry-After.</source>
        <translation>待ち時間を示すヘッダー。空の場合はRetry-After。</translation>
    </message>
    <message>
        <source>The header that says when requests are allowed again, as in X-Rate-Limit-Reset. Empty for the usual ones.</source>
        <translation>要求が再び許可される時刻を示すヘッダー(例: X-Rate-Limit-Reset)。空の場合は一般的なもの。</translation>
    </message>
    <message>
        <source>The instance name is left out where it is this computer&apos;s own name: each computer must have another. The password is not in it.</source>
        <translation>インスタンス名がこのコンピューター自身の名前である場合は、含まれません。コンピューターごとに別の名前が必要です。パスワードは含まれません。</translation>
    </message>
    <message>
        <source>The key of that certificate.</source>
        <translation>その証明書の鍵。</translation>
    </message>
    <message>
        <source>The key path of how many records there are in all, to compare with what came.</source>
        <translation>全レコード数のキーパス。取得した件数と比べるために使います。</translation>
    </message>
    <message>
        <source>The key path of it, as in next or meta.cursor; or the name of the header; or the key in a record.</source>
        <translation>そのキーパス(例: next、meta.cursor)、ヘッダーの名前、またはレコード内のキー。</translation>
    </message>
    <message>
        <source>The key path of the list in an answer, as in data.rows. Empty where the answer is the list.</source>
        <translation>応答内の一覧のキーパス(例: data.rows)。応答そのものが一覧なら空にします。</translation>
    </message>
    <message>
        <source>The key path of what says whether there is more, as in has_more.</source>
        <translation>続きがあるかどうかを示す値のキーパス(例: has_more)。</translation>
    </message>
    <message>
        <source>The key that signs the archives.</source>
        <translation>アーカイブに署名する鍵。</translation>
    </message>
    <message>
        <source>The last export was interrupted.</source>
        <translation>前回のエクスポートは中断されました。</translation>
    </message>
    <message>
        <source>The last one; yesterday unless given.</source>
        <translation>最後の日。指定がなければ昨日。</translation>
    </message>
    <message>
        <source>The last page</source>
        <translation>最後のページ</translation>
    </message>
    <message>
        <source>The last run failed: {message}</source>
        <translation>前回の実行は失敗しました: {message}</translation>
    </message>
    <message>
        <source>The last run was interrupted.</source>
        <translation>前回の実行は中断されました。</translation>
    </message>
    <message>
        <source>The ledger could not be written ({reason}).</source>
        <translation>台帳に書き込めませんでした ({reason})。</translation>
    </message>
    <message>
        <source>The ledger {path} can&apos;t be used ({reason}).</source>
        <translation>台帳 {path} を使用できません ({reason})。</translation>
    </message>
    <message>
        <source>The ledger {path} was written by a newer version of this program.</source>
        <translation>台帳 {path} は、このプログラムの新しいバージョンで書かれています。</translation>
    </message>
    <message>
        <source>The line or the server may be overloaded; a later attempt may succeed.</source>
        <translation>回線またはサーバーが混雑している可能性があります。あとでもう一度試すと成功することがあります。</translation>
    </message>
    <message>
        <source>The list may be left out of an answer</source>
        <translation>応答にリストがなくてもよい</translation>
    </message>
    <message>
        <source>The lock file {path} can&apos;t be used ({reason}).</source>
        <translation>ロックファイル {path} を使用できません ({reason})。</translation>
    </message>
    <message>
        <source>The login is by key, and no key file is named.</source>
        <translation>鍵でログインする設定ですが、鍵ファイルが指定されていません。</translation>
    </message>
    <message>
        <source>The login is by {auth}, and needs no password.</source>
        <translation>ログイン方法は {auth} で、パスワードは必要ありません。</translation>
    </message>
    <message>
        <source>The longest time that one question may be about, where the service limits that: 24h, 30d.</source>
        <translation>サービスが制限する場合、1 回の要求の最長の期間: 24h、30d。</translation>
    </message>
    <message>
        <source>The mail server, as in mail.example.com or mail.example.com:2525.</source>
        <translation>メールサーバー。例: mail.example.com、mail.example.com:2525。</translation>
    </message>
    <message>
        <source>The mapping of source {name!r} has a control character in it.</source>
        <translation>ソース {name!r} のマッピングに制御文字が含まれています。</translation>
    </message>
    <message>
        <source>The message was not taken.</source>
        <translation>メッセージが受け付けられませんでした。</translation>
    </message>
    <message>
        <source>The methods that are offered to the server, with commas between them.</source>
        <translation>サーバーに提示する方式(コンマ区切り)。</translation>
    </message>
    <message>
        <source>The monitor did not take the ping.</source>
        <translation>監視サービスが ping を受け付けませんでした。</translation>
    </message>
    <message>
        <source>The monitor took the ping.</source>
        <translation>監視サービスが ping を受け付けました。</translation>
    </message>
    <message>
        <source>The most that the service allows. Empty for no limit.</source>
        <translation>サービスが許す上限。制限がなければ空にします。</translation>
    </message>
    <message>
        <source>The most that the service gives: fewer requests then.</source>
        <translation>サービスが返す上限。大きいほど要求の回数が減ります。</translation>
    </message>
    <message>
        <source>The name of the thing.</source>
        <translation>対象の名前です。</translation>
    </message>
    <message>
        <source>The name of your server or of your part of the service, as in acme.okta.com, where the service has such.</source>
        <translation>acme.okta.com のような、サーバー名またはサービス内の組織の名前 (ある場合)。</translation>
    </message>
    <message>
        <source>The name {host} was not looked up in time.</source>
        <translation>ホスト名 {host} の名前解決が時間内に終わりませんでした。</translation>
    </message>
    <message>
        <source>The newest archive of {instance} is of {newest}; missing: {days}.</source>
        <translation>{instance} の最新のアーカイブは {newest} のものです。不足: {days}。</translation>
    </message>
    <message>
        <source>The newest day that each must have; else yesterday.</source>
        <translation>それぞれに必要な最新の日。指定がなければ昨日。</translation>
    </message>
    <message>
        <source>The newest day that must be there; else yesterday.</source>
        <translation>必要な最新の日。指定がなければ昨日。</translation>
    </message>
    <message>
        <source>The next archive announces it, signed by the present key; the archives after that are signed by the new one. Give the auditor the new lines. A key that is lost, or known to others, can&apos;t announce anything: with --lost, the next archive begins a new chain.</source>
        <translation>次のアーカイブが、現在の鍵の署名付きで新しい鍵を告知し、その後のアーカイブは新しい鍵で署名されます。新しい行を監査人に渡してください。失われた鍵や他人に知られた鍵では告知できません。--lost を付けると、次のアーカイブから新しいチェーンが始まります。</translation>
    </message>
    <message>
        <source>The next archive is signed by {key} and announces {next}.</source>
        <translation>次のアーカイブは {key} で署名され、{next} を予告します。</translation>
    </message>
    <message>
        <source>The next export: {time}, by {scheduler}.</source>
        <translation>次回のエクスポート: {time} ({scheduler})。</translation>
    </message>
    <message>
        <source>The next one goes on where it ended.</source>
        <translation>次回は、中止したところから続けます。</translation>
    </message>
    <message>
        <source>The next page is on another host than {url}, which would get the secret.</source>
        <translation>次のページが {url} とは別のホストにあり、シークレットがそこへ送られてしまいます。</translation>
    </message>
    <message>
        <source>The next run goes on before it.</source>
        <translation>次回の実行はその前から続行します。</translation>
    </message>
    <message>
        <source>The next run goes on where it was.</source>
        <translation>次回の実行で続きから再開します。</translation>
    </message>
    <message>
        <source>The next run tries again.</source>
        <translation>次回の実行で再試行します。</translation>
    </message>
    <message>
        <source>The next run writes it again.</source>
        <translation>次回の実行で書き直します。</translation>
    </message>
    <message>
        <source>The next time</source>
        <translation>次回の収集</translation>
    </message>
    <message>
        <source>The number of a page is no position: pages fill up later.</source>
        <translation>ページ番号は位置になりません。ページには後から追加されます。</translation>
    </message>
    <message>
        <source>The number of the page</source>
        <translation>ページの番号</translation>
    </message>
    <message>
        <source>The old settings are in {path}.</source>
        <translation>古い設定は {path} にあります。</translation>
    </message>
    <message>
        <source>The one that says up to when. Empty where there is none.</source>
        <translation>いつまでかを示すパラメーター。なければ空にします。</translation>
    </message>
    <message>
        <source>The organization&apos;s API key: there is no narrower one.</source>
        <translation>組織の API キー。これより権限の狭いものはありません。</translation>
    </message>
    <message>
        <source>The output could not be written ({reason}).</source>
        <translation>出力を書き込めませんでした ({reason})。</translation>
    </message>
    <message>
        <source>The pages of the service change each time that they are read.</source>
        <translation>サービスのページが読み取るたびに変わります。</translation>
    </message>
    <message>
        <source>The pages of the service lead in a circle.</source>
        <translation>サービスのページが循環しています。</translation>
    </message>
    <message>
        <source>The parameter of the address that says from when on events are wanted, as in since, start_time.</source>
        <translation>いつからのイベントが必要かを示す、アドレスのパラメーター(例: since、start_time)。</translation>
    </message>
    <message>
        <source>The parameter of the address with which the next page is asked for, as in cursor, page, offset.</source>
        <translation>次のページを要求するアドレスのパラメーター(例: cursor、page、offset)。</translation>
    </message>
    <message>
        <source>The parameter that says how many records a page may have, as in limit, per_page.</source>
        <translation>1 ページのレコード数を指定するパラメーター(例: limit、per_page)。</translation>
    </message>
    <message>
        <source>The passphrase does not fit the key in {file}.</source>
        <translation>パスフレーズが {file} の鍵と合いません。</translation>
    </message>
    <message>
        <source>The passphrase is empty.</source>
        <translation>パスフレーズが空です。</translation>
    </message>
    <message>
        <source>The passphrase of {file}</source>
        <translation>{file} のパスフレーズ</translation>
    </message>
    <message>
        <source>The password could not be kept anywhere.</source>
        <translation>パスワードをどこにも保存できませんでした。</translation>
    </message>
    <message>
        <source>The password could not be kept there.</source>
        <translation>そこにはパスワードを保存できませんでした。</translation>
    </message>
    <message>
        <source>The password has a command of its own:</source>
        <translation>パスワードには専用のコマンドがあります:</translation>
    </message>
    <message>
        <source>The password has characters in it that are no text.</source>
        <translation>パスワードに、テキストでない文字が含まれています。</translation>
    </message>
    <message>
        <source>The password in {file} can&apos;t be decrypted with {key}.</source>
        <translation>{file} のパスワードを {key} で復号できません。</translation>
    </message>
    <message>
        <source>The password is empty.</source>
        <translation>パスワードが空です。</translation>
    </message>
    <message>
        <source>The password of the user, where one is needed. It is kept apart from the settings, and removed with the source.</source>
        <translation>必要な場合のユーザーのパスワード。設定とは別に保存され、ソースとともに削除されます。</translation>
    </message>
    <message>
        <source>The password of the user. It is kept apart from the settings, and removed with the source.</source>
        <translation>ユーザーのパスワード。設定とは別に保存され、ソースとともに削除されます。</translation>
    </message>
    <message>
        <source>The password of {account}</source>
        <translation>{account} のパスワード</translation>
    </message>
    <message>
        <source>The password of {account} could not be removed. {why}</source>
        <translation>{account} のパスワードを削除できませんでした。{why}</translation>
    </message>
    <message>
        <source>The password of {user} on this mail server is needed.</source>
        <translation>このメールサーバーの {user} のパスワードが必要です。</translation>
    </message>
    <message>
        <source>The password that is kept is of another user or server.</source>
        <translation>保存されているパスワードは、別のユーザーまたはサーバーのものです。</translation>
    </message>
    <message>
        <source>The passwords in Windows Credential Manager can&apos;t be listed ({reason}).</source>
        <translation>Windows 資格情報マネージャーのパスワードを一覧表示できません ({reason})。</translation>
    </message>
    <message>
        <source>The pattern {pattern!r} of source {name!r} can&apos;t name files inside its folder.</source>
        <translation>ソース {name!r} のパターン {pattern!r} では、フォルダー内のファイルを指定できません。</translation>
    </message>
    <message>
        <source>The pieces in {address} can&apos;t be read or written ({reason}).</source>
        <translation>{address} の断片を読み書きできません ({reason})。</translation>
    </message>
    <message>
        <source>The port goes with the server:</source>
        <translation>ポートはサーバーと一緒に指定します:</translation>
    </message>
    <message>
        <source>The present key is lost: begin a new chain, which says so.</source>
        <translation>現在の鍵は失われました。その旨を記した新しいチェーンを始めます。</translation>
    </message>
    <message>
        <source>The private key to log in with; its passphrase is the source&apos;s password.</source>
        <translation>ログインに使う秘密鍵。パスフレーズはソースのパスワードとして設定します。</translation>
    </message>
    <message>
        <source>The program that the task starts is not there any more.</source>
        <translation>タスクが起動するプログラムがなくなっています。</translation>
    </message>
    <message>
        <source>The proxy asks for a user and password before it connects to {host}.</source>
        <translation>プロキシは {host} に接続する前にユーザーとパスワードを要求しています。</translation>
    </message>
    <message>
        <source>The proxy does not connect to {host} ({reason}).</source>
        <translation>プロキシが {host} に接続しません ({reason})。</translation>
    </message>
    <message>
        <source>The report&apos;s name must end with .html or .json.</source>
        <translation>レポートの名前は .html か .json で終わる必要があります。</translation>
    </message>
    <message>
        <source>The rule for {key} in the mapping of source {name!r} can&apos;t be right.</source>
        <translation>ソース {name!r} のマッピングにある {key} の規則が正しくありません。</translation>
    </message>
    <message>
        <source>The run failed.</source>
        <translation>実行に失敗しました。</translation>
    </message>
    <message>
        <source>The scheduler at {address} has no worker.</source>
        <translation>{address} のスケジューラーにワーカーがいません。</translation>
    </message>
    <message>
        <source>The scheduler started the daily task, and it ended without a run.</source>
        <translation>スケジューラーは毎日のタスクを起動しましたが、実行されずに終わりました。</translation>
    </message>
    <message>
        <source>The search path could not be changed ({reason}).</source>
        <translation>検索パスを変更できませんでした ({reason})。</translation>
    </message>
    <message>
        <source>The secret is not the JSON key of a service account.</source>
        <translation>シークレットがサービス アカウントの JSON キーではありません。</translation>
    </message>
    <message>
        <source>The server could not {doing} in {path} and gave no clear reason ({reason}).</source>
        <translation>サーバーは {path} で{doing}ことができず、明確な理由を示しませんでした ({reason})。</translation>
    </message>
    <message>
        <source>The server did not accept user {user} and this key.</source>
        <translation>サーバーはユーザー {user} とこの鍵を受け付けませんでした。</translation>
    </message>
    <message>
        <source>The server did not accept user {user} and this password.</source>
        <translation>サーバーは、ユーザー {user} とこのパスワードを受け付けませんでした。</translation>
    </message>
    <message>
        <source>The server has a user in it.</source>
        <translation>サーバーの欄にユーザーが含まれています。</translation>
    </message>
    <message>
        <source>The server is written as a web address.</source>
        <translation>サーバーが Web アドレスの形で入力されています。</translation>
    </message>
    <message>
        <source>The server lets this user not list the server path.</source>
        <translation>サーバーは、このユーザーにサーバー パスの一覧表示を許可していません。</translation>
    </message>
    <message>
        <source>The server lets {user} in, but not to SFTP.</source>
        <translation>サーバーは {user} のサインインを許可しましたが、SFTP は許可していません。</translation>
    </message>
    <message>
        <source>The server lets {user} in, but what answers there is not SFTP (it says &quot;{line}&quot;).</source>
        <translation>サーバーは {user} のサインインを許可しましたが、応答しているのは SFTP ではありません (応答:「{line}」)。</translation>
    </message>
    <message>
        <source>The server may be too busy; is the port that of its SFTP service?</source>
        <translation>サーバーが混み合っている可能性があります。SFTP サービスのポートか確認してください。</translation>
    </message>
    <message>
        <source>The server neither renamed a file nor said that it can&apos;t.</source>
        <translation>サーバーはファイルの名前を変更せず、できないとも応答しませんでした。</translation>
    </message>
    <message>
        <source>The server of source NAME, not the one that is exported to.</source>
        <translation>エクスポート先ではなく、ソース NAME のサーバー。</translation>
    </message>
    <message>
        <source>The server refused to rename a file in {path} ({reason}).</source>
        <translation>サーバーが {path} のファイルの名前の変更を拒否しました ({reason})。</translation>
    </message>
    <message>
        <source>The server said that it renamed a file in {path}, but it did not.</source>
        <translation>サーバーは {path} のファイル名を変更したと応答しましたが、実際には変更していません。</translation>
    </message>
    <message>
        <source>The server {text!r} is neither a name nor an address.</source>
        <translation>サーバー {text!r} は名前でもアドレスでもありません。</translation>
    </message>
    <message>
        <source>The server&apos;s disk is full.</source>
        <translation>サーバーのディスクがいっぱいです。</translation>
    </message>
    <message>
        <source>The server&apos;s log may say what it waits for; the next run tries again.</source>
        <translation>サーバーが何を待っているかはログにあるかもしれません。次回の実行で再試行します。</translation>
    </message>
    <message>
        <source>The server&apos;s log may say why.</source>
        <translation>サーバーのログに理由があるかもしれません。</translation>
    </message>
    <message>
        <source>The service gave an answer that makes no sense ({reason}).</source>
        <translation>サービスの応答を解釈できません ({reason})。</translation>
    </message>
    <message>
        <source>The service gave the same page twice.</source>
        <translation>サービスが同じページを 2 回返しました。</translation>
    </message>
    <message>
        <source>The service of source {name} does not accept the secret ({status}: {text}).</source>
        <translation>ソース {name} のサービスがシークレットを受け付けません ({status}: {text})。</translation>
    </message>
    <message>
        <source>The service of source {name} does not answer what it was asked ({status}: {text}).</source>
        <translation>ソース {name} のサービスが要求に応答しません ({status}: {text})。</translation>
    </message>
    <message>
        <source>The service of source {name} fails ({status}: {text}).</source>
        <translation>ソース {name} のサービスでエラーが発生しました ({status}: {text})。</translation>
    </message>
    <message>
        <source>The service of source {name} lets this secret read no audit events ({status}: {text}).</source>
        <translation>ソース {name} のサービスはこのシークレットによる監査イベントの読み取りを許可していません ({status}: {text})。</translation>
    </message>
    <message>
        <source>The service only asks to wait.</source>
        <translation>サービスが待機を求め続けています。</translation>
    </message>
    <message>
        <source>The service wants to be asked again in {minutes} minutes.</source>
        <translation>サービスが {minutes} 分後に再度要求するよう求めています。</translation>
    </message>
    <message>
        <source>The settings are saved.</source>
        <translation>設定を保存しました。</translation>
    </message>
    <message>
        <source>The settings were changed elsewhere meanwhile.</source>
        <translation>その間に、設定が別の場所で変更されました。</translation>
    </message>
    <message>
        <source>The source has no field {key}.</source>
        <translation>ソースにフィールド {key} はありません。</translation>
    </message>
    <message>
        <source>The source has no name.</source>
        <translation>ソースに名前がありません。</translation>
    </message>
    <message>
        <source>The source to read.</source>
        <translation>読み取るソース。</translation>
    </message>
    <message>
        <source>The source {name!r} can&apos;t have a unit called {unit!r}.</source>
        <translation>ソース {name!r} では {unit!r} というユニットは指定できません。</translation>
    </message>
    <message>
        <source>The source {name!r} can&apos;t look for {match!r} in the journal.</source>
        <translation>ソース {name!r} ではジャーナルで {match!r} を検索できません。</translation>
    </message>
    <message>
        <source>The source {name!r} does not say which storage account it is.</source>
        <translation>ソース {name!r} にストレージアカウントの指定がありません。</translation>
    </message>
    <message>
        <source>The source {name!r} reads either tables or a SELECT.</source>
        <translation>ソース {name!r} が読み取るのは、テーブルか SELECT のどちらかです。</translation>
    </message>
    <message>
        <source>The source {name} has no password that can be read now.</source>
        <translation>ソース {name} には、現在読み取れるパスワードがありません。</translation>
    </message>
    <message>
        <source>The source {name} is on no SFTP server.</source>
        <translation>ソース {name} は SFTP サーバー上にありません。</translation>
    </message>
    <message>
        <source>The start can&apos;t be spread over {text!r}.</source>
        <translation>開始を {text!r} に分散することはできません。</translation>
    </message>
    <message>
        <source>The state after.</source>
        <translation>変更後の状態です。</translation>
    </message>
    <message>
        <source>The state before.</source>
        <translation>変更前の状態です。</translation>
    </message>
    <message>
        <source>The steps: resolve, connect, negotiate, host-key, authenticate, path, and with a small file of its own write, rename and delete.</source>
        <translation>段階: resolve、connect、negotiate、host-key、authenticate、path、および専用の小さなファイルによる write、rename、delete。</translation>
    </message>
    <message>
        <source>The store could not be written ({reason}).</source>
        <translation>ストアに書き込めませんでした ({reason})。</translation>
    </message>
    <message>
        <source>The store {path} can&apos;t be used ({reason}).</source>
        <translation>ストア {path} を使用できません ({reason})。</translation>
    </message>
    <message>
        <source>The store {path} was written by a newer version of this program.</source>
        <translation>ストア {path} は、このプログラムの新しいバージョンで書かれています。</translation>
    </message>
    <message>
        <source>The switch stays OFF, to be switched on once `test` has passed; and where your organisation has set another value than FILE has, that one counts.</source>
        <translation>スイッチはオフのままで、`test` に合格してからオンにします。組織が FILE と異なる値を設定している場合は、組織の値が使われます。</translation>
    </message>
    <message>
        <source>The table with the events; a schema in front with a dot, commas between several.</source>
        <translation>イベントのあるテーブル。スキーマは前にピリオド付きで、複数ならカンマで区切ります。</translation>
    </message>
    <message>
        <source>The task has not run yet.</source>
        <translation>タスクはまだ実行されていません。</translation>
    </message>
    <message>
        <source>The task is switched off in the Task Scheduler.</source>
        <translation>タスクはタスク スケジューラで無効になっています。</translation>
    </message>
    <message>
        <source>The task runs as {account}.</source>
        <translation>タスクは {account} として実行されます。</translation>
    </message>
    <message>
        <source>The task runs without a stored password (S4U), and then Windows Credential Manager can&apos;t be read.</source>
        <translation>タスクはパスワードを保存せずに実行されます (S4U)。この場合、Windows 資格情報マネージャーを読み取れません。</translation>
    </message>
    <message>
        <source>The task starts at {time}, not at {wanted}.</source>
        <translation>タスクは {wanted} ではなく {time} に開始します。</translation>
    </message>
    <message>
        <source>The task starts something else: {command}</source>
        <translation>タスクは別のものを開始します: {command}</translation>
    </message>
    <message>
        <source>The task was changed: it has {element} {value}.</source>
        <translation>タスクは変更されています: {element} {value} があります。</translation>
    </message>
    <message>
        <source>The task was changed: {element} is {value}, not {wanted}.</source>
        <translation>タスクは変更されています: {element} は {wanted} ではなく {value} です。</translation>
    </message>
    <message>
        <source>The task was ended by someone, or because Windows shut down.</source>
        <translation>タスクは、誰かによって、または Windows のシャットダウンによって終了されました。</translation>
    </message>
    <message>
        <source>The task was ended by someone, or because it ran for more than 12 hours.</source>
        <translation>タスクは、誰かによって、または 12 時間を超えたために終了されました。</translation>
    </message>
    <message>
        <source>The task&apos;s definition can&apos;t be read.</source>
        <translation>タスクの定義を読み取れません。</translation>
    </message>
    <message>
        <source>The task&apos;s definition can&apos;t be written to {folder} ({reason}).</source>
        <translation>タスクの定義を {folder} に書き込めません ({reason})。</translation>
    </message>
    <message>
        <source>The task&apos;s start would move when the clocks change.</source>
        <translation>時計が切り替わると、タスクの開始時刻がずれてしまいます。</translation>
    </message>
    <message>
        <source>The time in {folder} counts, not the one in the settings.</source>
        <translation>設定の時刻ではなく、{folder} の時刻が使われます。</translation>
    </message>
    <message>
        <source>The time stamp of {name} is not valid ({reason}).</source>
        <translation>{name} のタイムスタンプは有効ではありません({reason})。</translation>
    </message>
    <message>
        <source>The time zone of this computer has no name that the workers know.</source>
        <translation>このコンピューターのタイムゾーンには、ワーカーが知っている名前がありません。</translation>
    </message>
    <message>
        <source>The time zone {name} can&apos;t be used here ({reason}).</source>
        <translation>タイムゾーン {name} はここでは使用できません（{reason}）。</translation>
    </message>
    <message>
        <source>The token, the password or the client&apos;s secret. It is kept apart from the settings, and removed with the source.</source>
        <translation>トークン、パスワード、またはクライアントのシークレット。設定とは別に保管され、ソースとともに削除されます。</translation>
    </message>
    <message>
        <source>The user on the server. The right to read is enough.</source>
        <translation>サーバー上のユーザー。読み取り権限があれば十分です。</translation>
    </message>
    <message>
        <source>The version in {path} can&apos;t be right.</source>
        <translation>{path} のバージョンが正しくありません。</translation>
    </message>
    <message>
        <source>The version of the product at that time.</source>
        <translation>その時点の製品のバージョンです。</translation>
    </message>
    <message>
        <source>The worker {address} can&apos;t do its part ({reason}).</source>
        <translation>ワーカー {address} は作業を実行できません ({reason})。</translation>
    </message>
    <message>
        <source>The worker {address} can&apos;t see the pieces in {place} ({reason}).</source>
        <translation>ワーカー {address} から {place} の断片が見えません ({reason})。</translation>
    </message>
    <message>
        <source>The worker {address} can&apos;t see {path}.</source>
        <translation>ワーカー {address} から {path} が見えません。</translation>
    </message>
    <message>
        <source>The worker {address} has {its}; here is {own}.</source>
        <translation>ワーカー {address} は {its}、こちらは {own} です。</translation>
    </message>
    <message>
        <source>The workers end amid their work ({reason}).</source>
        <translation>ワーカーが作業の途中で終了します ({reason})。</translation>
    </message>
    <message>
        <source>The zone of times without one: UTC, or a name as Europe/Berlin.</source>
        <translation>タイムゾーンのない時刻のタイムゾーン: UTC、または Europe/Berlin のような名前。</translation>
    </message>
    <message>
        <source>The {field} must be a text of 1 to {limit} characters.</source>
        <translation>{field} は 1 ～ {limit} 文字のテキストにしてください。</translation>
    </message>
    <message>
        <source>Then you are told while there is time: 30d. Empty where the service keeps them for ever.</source>
        <translation>期限が近づくと通知されます: 30d。無期限に保持される場合は空にします。</translation>
    </message>
    <message>
        <source>There are events of the future: {count}, the last from the hour of {time}. Each is exported once its day is over.</source>
        <translation>未来のイベントがあります: {count} 件、最後は {time} からの 1 時間のものです。それぞれ、その日が終わってからエクスポートされます。</translation>
    </message>
    <message>
        <source>There are no archives here.</source>
        <translation>ここにアーカイブはありません。</translation>
    </message>
    <message>
        <source>There are no sources. What `record` stores is exported all the same.</source>
        <translation>ソースはありません。`record` で保存したものはエクスポートされます。</translation>
    </message>
    <message>
        <source>There are no texts in {language}. The choices: {choices}.</source>
        <translation>{language} のテキストはありません。選択肢: {choices}。</translation>
    </message>
    <message>
        <source>There are: {names}.</source>
        <translation>利用できるもの: {names}。</translation>
    </message>
    <message>
        <source>There is no SSH agent that answers.</source>
        <translation>応答する SSH エージェントがありません。</translation>
    </message>
    <message>
        <source>There is no archive of {days}.</source>
        <translation>{days} のアーカイブがありません。</translation>
    </message>
    <message>
        <source>There is no command {name}.</source>
        <translation>コマンド {name} はありません。</translation>
    </message>
    <message>
        <source>There is no connector {name!r}.</source>
        <translation>コネクタ {name!r} はありません。</translation>
    </message>
    <message>
        <source>There is no database of the kind {kind!r}.</source>
        <translation>種類 {kind!r} のデータベースはありません。</translation>
    </message>
    <message>
        <source>There is no documented address for audit trails: ask Ivanti for that of your cluster, and fill that in. Otherwise, have them exported to a folder on an SFTP server, and collect that.</source>
        <translation>監査証跡のアドレスは公開されていません。お使いのクラスターのアドレスを Ivanti に問い合わせて入力してください。または、SFTP サーバーのフォルダーにエクスポートさせ、そこから収集してください。</translation>
    </message>
    <message>
        <source>There is no file {path}.</source>
        <translation>ファイル {path} がありません。</translation>
    </message>
    <message>
        <source>There is no folder {path} on the server any more.</source>
        <translation>サーバーにフォルダー {path} がなくなっています。</translation>
    </message>
    <message>
        <source>There is no folder {path} on the server for user {user}.</source>
        <translation>サーバーに、ユーザー {user} のフォルダー {path} がありません。</translation>
    </message>
    <message>
        <source>There is no journal of systemd on this computer.</source>
        <translation>このコンピューターには systemd のジャーナルがありません。</translation>
    </message>
    <message>
        <source>There is no login by {auth!r}.</source>
        <translation>{auth!r} というログイン方法はありません。</translation>
    </message>
    <message>
        <source>There is no option {name}.</source>
        <translation>オプション {name} はありません。</translation>
    </message>
    <message>
        <source>There is no password for {account} that can be read now.</source>
        <translation>{account} のパスワードを現在読み取れません。</translation>
    </message>
    <message>
        <source>There is no port {port}.</source>
        <translation>ポート {port} はありません。</translation>
    </message>
    <message>
        <source>There is no private key in {file} that can be used.</source>
        <translation>{file} に使用できる秘密鍵がありません。</translation>
    </message>
    <message>
        <source>There is no public key in {file}.</source>
        <translation>{file} に公開鍵がありません。</translation>
    </message>
    <message>
        <source>There is no screen to show the form on. The exporter needs none: {command}</source>
        <translation>フォームを表示する画面がありません。エクスポーターには画面は不要です: {command}</translation>
    </message>
    <message>
        <source>There is no server called {host}.</source>
        <translation>{host} というサーバーはありません。</translation>
    </message>
    <message>
        <source>There is no server yet.</source>
        <translation>サーバーがまだありません。</translation>
    </message>
    <message>
        <source>There is no setting {key!r}.</source>
        <translation>設定 {key!r} はありません。</translation>
    </message>
    <message>
        <source>There is no source {name}.</source>
        <translation>ソース {name} はありません。</translation>
    </message>
    <message>
        <source>There is no table {table}. There are: {tables}.</source>
        <translation>テーブル {table} はありません。選択肢: {tables}。</translation>
    </message>
    <message>
        <source>There is no time zone {name!r}.</source>
        <translation>タイムゾーン {name!r} はありません。</translation>
    </message>
    <message>
        <source>There is no user {user}.</source>
        <translation>ユーザー {user} はいません。</translation>
    </message>
    <message>
        <source>There is nothing at {path}.</source>
        <translation>{path} には何もありません。</translation>
    </message>
    <message>
        <source>There is nothing to keep: the login needs no password.</source>
        <translation>保存するものはありません。ログインにパスワードは不要です。</translation>
    </message>
    <message>
        <source>There is something called {name} in {folder} already.</source>
        <translation>{folder} には {name} がすでにあります。</translation>
    </message>
    <message>
        <source>There was a source {name} before, at another place. Ids that it had are taken to be of the same records: give another system another name.</source>
        <translation>以前、別の場所にソース {name} がありました。同じ id は同じレコードとみなされます。別のシステムには別の名前を付けてください。</translation>
    </message>
    <message>
        <source>These look like records of {name}.</source>
        <translation>{name} のレコードのようです。</translation>
    </message>
    <message>
        <source>These records are not known. Map them with --field KEY=PATH; their key paths are:</source>
        <translation>不明なレコードです。--field KEY=PATH でマッピングしてください。キーのパス:</translation>
    </message>
    <message>
        <source>They came up to {span} late.</source>
        <translation>遅れは最大 {span}。</translation>
    </message>
    <message>
        <source>This account may not run tasks while it is not signed in.</source>
        <translation>このアカウントには、サインインしていないときにタスクを実行する権限がありません。</translation>
    </message>
    <message>
        <source>This computer&apos;s certificate.</source>
        <translation>このコンピューターの証明書。</translation>
    </message>
    <message>
        <source>This computer&apos;s clock stands before the last export.</source>
        <translation>このコンピューターの時計が、前回のエクスポートより前を指しています。</translation>
    </message>
    <message>
        <source>This installation has made no archive {name}.</source>
        <translation>このインストールはアーカイブ {name} を作成していません。</translation>
    </message>
    <message>
        <source>This is for the installer for Windows.</source>
        <translation>これは Windows 用インストーラーのためのものです。</translation>
    </message>
    <message>
        <source>This is missing: {name}.</source>
        <translation>不足しています: {name}。</translation>
    </message>
    <message>
        <source>This is needed.</source>
        <translation>必須です。</translation>
    </message>
    <message>
        <source>This is no address that can be told.</source>
        <translation>このアドレスには通知できません。</translation>
    </message>
    <message>
        <source>This is one argument too many: {name}.</source>
        <translation>余分な引数です: {name}。</translation>
    </message>
    <message>
        <source>This is the first connection to {server}, whose host key is {key}.</source>
        <translation>{server} への初めての接続です。ホスト鍵: {key}</translation>
    </message>
    <message>
        <source>This key is accepted already.</source>
        <translation>この鍵はすでに受け入れられています。</translation>
    </message>
    <message>
        <source>This program writes {version}.</source>
        <translation>このプログラムが書くのは {version} です。</translation>
    </message>
    <message>
        <source>This proves that program, account, environment, password, host key and network are right as they are at night. Exits with the code of the run.</source>
        <translation>これで、プログラム、アカウント、環境、パスワード、ホスト鍵、ネットワークが夜間と同じ条件で正しいことを確認できます。実行のコードで終了します。</translation>
    </message>
    <message>
        <source>This server does not accept {ticked}.</source>
        <translation>このサーバーは {ticked} を受け付けません。</translation>
    </message>
    <message>
        <source>This user may not read the journal of the system.</source>
        <translation>このユーザーにはシステムのジャーナルを読み取る権限がありません。</translation>
    </message>
    <message>
        <source>Those with every word of it.</source>
        <translation>すべての語を含むもの。</translation>
    </message>
    <message>
        <source>Tick at least one of {choices}.</source>
        <translation>少なくとも 1 つ選択してください: {choices}</translation>
    </message>
    <message>
        <source>Time stamps</source>
        <translation>タイムスタンプ</translation>
    </message>
    <message>
        <source>Times are read like this: {written} is {time}, {how}.</source>
        <translation>時刻の読み取り: {written} は {time}、{how}。</translation>
    </message>
    <message>
        <source>Times in them</source>
        <translation>時刻の書き方</translation>
    </message>
    <message>
        <source>To change it, Windows needs the password that you sign in with.</source>
        <translation>変更するには、サインインに使うパスワードが Windows で必要です。</translation>
    </message>
    <message>
        <source>To have them mapped:</source>
        <translation>マッピングするには:</translation>
    </message>
    <message>
        <source>To know</source>
        <translation>参考情報</translation>
    </message>
    <message>
        <source>Tried again {read}: stored {stored}, repeated {repeated}, set aside {aside}.</source>
        <translation>再試行 {read}: 保存 {stored}、重複 {repeated}、除外 {aside}。</translation>
    </message>
    <message>
        <source>Trusted</source>
        <translation>信頼</translation>
    </message>
    <message>
        <source>Try again later. If this happens often, ask its administrator to allow more (MaxStartups).</source>
        <translation>しばらくしてからやり直してください。頻繁に起こる場合は、接続数の上限 (MaxStartups) を上げるよう管理者に依頼してください。</translation>
    </message>
    <message>
        <source>Try again what was set aside of source NAME: exactly those records, and none of them twice.</source>
        <translation>ソース NAME の除外されたレコードだけを、二重にせずに再試行します。</translation>
    </message>
    <message>
        <source>Try again what was set aside.</source>
        <translation>除外されたものを再試行します。</translation>
    </message>
    <message>
        <source>Try everything without a server.</source>
        <translation>サーバーなしで一通り試します。</translation>
    </message>
    <message>
        <source>Try it:</source>
        <translation>試すには:</translation>
    </message>
    <message>
        <source>Turn that off for this source.</source>
        <translation>このソースではそれをオフにしてください。</translation>
    </message>
    <message>
        <source>Two sources are called {name}.</source>
        <translation>{name} という名前のソースが 2 つあります。</translation>
    </message>
    <message>
        <source>Type it again, or pass it as UTF-8.</source>
        <translation>入力し直すか、UTF-8 で渡してください。</translation>
    </message>
    <message>
        <source>Type it again, or use another account there.</source>
        <translation>もう一度入力するか、別のアカウントを使ってください。</translation>
    </message>
    <message>
        <source>Type it again.</source>
        <translation>入力し直してください。</translation>
    </message>
    <message>
        <source>Type it. Without a login, leave the user empty.</source>
        <translation>入力してください。ログインしない場合は、ユーザーを空にします。</translation>
    </message>
    <message>
        <source>Type the password that this account signs in to Windows with; a PIN is no password.</source>
        <translation>このアカウントで Windows へのサインインに使うパスワードを入力してください。PIN はパスワードではありません。</translation>
    </message>
    <message>
        <source>UNIT</source>
        <translation>単位</translation>
    </message>
    <message>
        <source>USER</source>
        <translation>ユーザー</translation>
    </message>
    <message>
        <source>Unknown, Low, Medium, High, Very-High, or 0 to 10.</source>
        <translation>Unknown、Low、Medium、High、Very-High、または 0 ～ 10 です。</translation>
    </message>
    <message>
        <source>Until now the key of this server was {keys}.</source>
        <translation>これまでのこのサーバーの鍵は {keys} でした。</translation>
    </message>
    <message>
        <source>Until you say where your events are, archives hold only this program&apos;s own actions.</source>
        <translation>イベントの場所を指定するまで、アーカイブにはこのプログラム自身の操作だけが入ります。</translation>
    </message>
    <message>
        <source>Up to number</source>
        <translation>番号まで</translation>
    </message>
    <message>
        <source>Uploading {name}</source>
        <translation>{name} をアップロードしています</translation>
    </message>
    <message>
        <source>Usage:</source>
        <translation>使い方:</translation>
    </message>
    <message>
        <source>Use a folder whose name has no % and no $( in it.</source>
        <translation>名前に % も $( も含まないフォルダーを使用してください。</translation>
    </message>
    <message>
        <source>Use a folder whose name is text on one line.</source>
        <translation>名前が 1 行のテキストのフォルダーを使ってください。</translation>
    </message>
    <message>
        <source>Use folders with shorter names.</source>
        <translation>名前の短いフォルダーを使ってください。</translation>
    </message>
    <message>
        <source>Use up to 63 letters, digits, dots, dashes and underscores.</source>
        <translation>英数字、ドット、ハイフン、アンダースコアを 63 文字まで使えます。</translation>
    </message>
    <message>
        <source>User {user} may not read {path} on the server.</source>
        <translation>ユーザー {user} には、サーバーの {path} を読み取る権限がありません。</translation>
    </message>
    <message>
        <source>User {user} may not {right} in {path} on the server. The export does without; what an interrupted run leaves there stays.</source>
        <translation>ユーザー {user} にはサーバーの {path} で次の権限がありません: {right}。エクスポートはこの権限なしで行いますが、中断した実行が残したファイルはそのまま残ります。</translation>
    </message>
    <message>
        <source>User {user} may read {path} on the server, but not {doing} there.</source>
        <translation>ユーザー {user} は、サーバーの {path} を読み取れますが、そこで{doing}権限がありません。</translation>
    </message>
    <message>
        <source>VALUE</source>
        <translation>値</translation>
    </message>
    <message>
        <source>Verify the archives in PATH as well.</source>
        <translation>PATH のアーカイブも検証します。</translation>
    </message>
    <message>
        <source>View the API key under the organization&apos;s settings (Teams or Enterprise). Vaults in the EU have the host api.bitwarden.eu and token_url https://identity.bitwarden.eu/connect/token.</source>
        <translation>組織の設定（Teams または Enterprise）で API キーを表示します。EU の保管庫では、ホストは api.bitwarden.eu、token_url は https://identity.bitwarden.eu/connect/token です。</translation>
    </message>
    <message>
        <source>Wait until it has ended, then try again.</source>
        <translation>終わるのを待って、もう一度試してください。</translation>
    </message>
    <message>
        <source>Waiting</source>
        <translation>待機中</translation>
    </message>
    <message>
        <source>Warning:</source>
        <translation>警告:</translation>
    </message>
    <message>
        <source>Was it set back?</source>
        <translation>時計を戻しましたか。</translation>
    </message>
    <message>
        <source>What answers on port {port} of {host} is not SSH (it says &quot;{line}&quot;).</source>
        <translation>{host} のポート {port} で応答しているのは SSH ではありません (応答:「{line}」)。</translation>
    </message>
    <message>
        <source>What arrived on the server is not what was sent ({size} bytes).</source>
        <translation>サーバーに届いた内容が、送信したもの（{size} バイト）と異なります。</translation>
    </message>
    <message>
        <source>What came so far is kept. The next run goes on there.</source>
        <translation>ここまでの内容は保存されました。次回の実行はそこから続行します。</translation>
    </message>
    <message>
        <source>What else the address has, as in limit=100; sort=asc.</source>
        <translation>アドレスに付けるその他のもの(例: limit=100; sort=asc)。</translation>
    </message>
    <message>
        <source>What gives the events instead, in SQL, with the columns of time and id among its columns.</source>
        <translation>代わりにイベントを取り出す SQL。結果に時刻と ID の列を含めます。</translation>
    </message>
    <message>
        <source>What is asked for one by one where the service has its events in several lists, with commas between them. Empty for all.</source>
        <translation>サービスのイベントが複数のリストに分かれている場合に個別に要求するもの (コンマ区切り)。すべての場合は空にします。</translation>
    </message>
    <message>
        <source>What is sent as JSON, as in limit=100; filter.type=audit.</source>
        <translation>JSON として送るもの(例: limit=100; filter.type=audit)。</translation>
    </message>
    <message>
        <source>What is unique to this event; one is made where there is none.</source>
        <translation>イベントに固有の値です。ない場合は自動的に付けます。</translation>
    </message>
    <message>
        <source>What it answers</source>
        <translation>応答の内容</translation>
    </message>
    <message>
        <source>What it is asked for</source>
        <translation>要求の内容</translation>
    </message>
    <message>
        <source>What kind of source it is.</source>
        <translation>ソースの種類。</translation>
    </message>
    <message>
        <source>What kind of thing it happened to.</source>
        <translation>対象の種類です。</translation>
    </message>
    <message>
        <source>What systemd and the audit subsystem of Linux record.</source>
        <translation>systemd と Linux の監査サブシステムが記録するもの。</translation>
    </message>
    <message>
        <source>What tells rows of one time apart; best the primary key.</source>
        <translation>同じ時刻の行を区別するもの。主キーが最適です。</translation>
    </message>
    <message>
        <source>What the file does not mention becomes as in a new configuration.</source>
        <translation>ファイルにない項目は、新しい構成と同じになります。</translation>
    </message>
    <message>
        <source>What the service calls your organization, tenant, account or realm, where it asks for that.</source>
        <translation>サービスが求める場合の、組織、テナント、アカウント、またはレルムの名前。</translation>
    </message>
    <message>
        <source>What the store knows of source {name} is damaged ({reason}).</source>
        <translation>ストアにあるソース {name} の情報が壊れています ({reason})。</translation>
    </message>
    <message>
        <source>What the store knows of the files of a source is damaged ({reason}).</source>
        <translation>ソースのファイルについてストアが記録している内容が壊れています ({reason})。</translation>
    </message>
    <message>
        <source>What the token is for, where the service asks for that.</source>
        <translation>サービスが求める場合、トークンの用途。</translation>
    </message>
    <message>
        <source>What was collected from {name} stays and is exported, and so do the records that are set aside: {count}. A source that reads the same place goes on from there, under whatever name.</source>
        <translation>{name} から収集したものは残り、エクスポートされます。除外されたレコードも残ります: {count} 件。同じ場所を読むソースは、名前にかかわらずそこから続けます。</translation>
    </message>
    <message>
        <source>What was done to it.</source>
        <translation>対象に行われた操作です。</translation>
    </message>
    <message>
        <source>What was found: {problems}.</source>
        <translation>検出された問題: {problems}。</translation>
    </message>
    <message>
        <source>What was not read is read by the next run.</source>
        <translation>読み取れなかったものは次回の実行で読み取られます。</translation>
    </message>
    <message>
        <source>What was read is stored, repeated (it was there already) or set aside (it can&apos;t be an event). A stored event is delivered with its day, so at both ends of the period, delivered and stored can differ.</source>
        <translation>読み取ったものは、保存、重複 (すでにあったもの)、除外 (イベントにできないもの) のいずれかになります。保存されたイベントはその日の分として配信されるため、期間の両端では配信済みと保存の数が異なることがあります。</translation>
    </message>
    <message>
        <source>What was sent could be read by others. Untick the group exchanges, or ask its administrator for groups of 2048 bits and more (/etc/ssh/moduli).</source>
        <translation>このまま送信すると、内容を他人に読まれるおそれがあります。group-exchange の選択を外すか、2048 ビット以上のグループ (/etc/ssh/moduli) を使うよう管理者に依頼してください。</translation>
    </message>
    <message>
        <source>What was sent so far is sent again by the next attempt.</source>
        <translation>これまでに送信した分は、次の試行で再送信します。</translation>
    </message>
    <message>
        <source>When it happened: ISO 8601 with an offset, or a number since 1970.</source>
        <translation>発生した日時です。オフセット付きの ISO 8601、または 1970 年からの数値です。</translation>
    </message>
    <message>
        <source>When rows are no longer expected to get company of the same time: 2m.</source>
        <translation>同じ時刻の行がもう増えないと見なすまでの長さ: 2m。</translation>
    </message>
    <message>
        <source>When the event happened, or when its row was written. An index over it makes reading fast.</source>
        <translation>イベントが起きた時刻、または行が書かれた時刻。インデックスがあると読み取りが速くなります。</translation>
    </message>
    <message>
        <source>Where a token is fetched with the secret, as in https://login.example.com/oauth/token.</source>
        <translation>シークレットでトークンを取得するアドレス(例: https://login.example.com/oauth/token)。</translation>
    </message>
    <message>
        <source>Where are the archives to go?</source>
        <translation>アーカイブの送信先はどこですか。</translation>
    </message>
    <message>
        <source>Where are your events?</source>
        <translation>イベントはどこにありますか。</translation>
    </message>
    <message>
        <source>Where that is</source>
        <translation>その場所</translation>
    </message>
    <message>
        <source>Where the list has no events, but addresses of lists of them: the key path of the address, as in contentUri.</source>
        <translation>リストの中身がイベントではなく、イベントのリストのアドレスである場合: そのアドレスのキーパス(例: contentUri)。</translation>
    </message>
    <message>
        <source>Where the service refuses the other parameters, or takes them from the first question.</source>
        <translation>サービスがほかのパラメーターを拒否する場合や、最初の要求から引き継ぐ場合です。</translation>
    </message>
    <message>
        <source>Where there are no events, the service leaves out the whole list. Otherwise an answer without it is an error.</source>
        <translation>イベントがないとき、サービスはリスト全体を省きます。そうでない場合、リストのない応答はエラーです。</translation>
    </message>
    <message>
        <source>Where to keep it, also in future; see `config password-stores`. Otherwise where it is protected best.</source>
        <translation>保存する場所。今後も使われます。`config password-stores` を参照してください。指定がなければ、最も安全な場所に保存します。</translation>
    </message>
    <message>
        <source>Where workers put what they make: a shared folder or a bucket.</source>
        <translation>ワーカーが作成したものを置く場所: 共有フォルダーまたはバケット。</translation>
    </message>
    <message>
        <source>Whether it can while nobody is logged in is found out by trying, which takes some seconds.</source>
        <translation>誰もサインインしていないときに読み取れるかどうかは、実際に試して確認するため、数秒かかります。</translation>
    </message>
    <message>
        <source>Whether the daily task can read the password was not found out. {why}</source>
        <translation>日次タスクがパスワードを読み取れるかどうかは確認できませんでした。{why}</translation>
    </message>
    <message>
        <source>Whether the host key of {server} was accepted can&apos;t be said: line {line} of {file} is damaged. It is {key} now.</source>
        <translation>{server} のホスト鍵が承認済みかどうか判断できません。{file} の {line} 行目が壊れています。現在の鍵は {key} です。</translation>
    </message>
    <message>
        <source>Which entries, as for journalctl: _TRANSPORT=audit, SYSLOG_FACILITY=10; + between alternatives. Empty for all.</source>
        <translation>対象のエントリ。journalctl と同じ書き方: _TRANSPORT=audit、SYSLOG_FACILITY=10。選択肢の間には +。空欄ならすべて。</translation>
    </message>
    <message>
        <source>Which files in it; ** stands for all folders inside.</source>
        <translation>その中の対象ファイル。** は内側のすべてのフォルダーを表します。</translation>
    </message>
    <message>
        <source>Which files in it; ** stands for all folders inside. JSON, CSV, CEF and syslog lines, .evtx; each also as .gz, .zst and in .zip.</source>
        <translation>その中のどのファイルか。** は中のすべてのフォルダーを表します。JSON、CSV、CEF や syslog の行、.evtx。いずれも .gz、.zst、.zip の中も可。</translation>
    </message>
    <message>
        <source>Which instance lacks which day.</source>
        <translation>どのインスタンスにどの日が欠けているか。</translation>
    </message>
    <message>
        <source>Which objects below the prefix; ** stands for all folders. With %Y/%m/%d in it, only the days of the look-back are listed.</source>
        <translation>プレフィックス以下のどのオブジェクトか。** はすべてのフォルダー。%Y/%m/%d を含めると、さかのぼる日だけを一覧します。</translation>
    </message>
    <message>
        <source>While the export is on, this also finds out whether the daily task can read it while nobody is logged in.</source>
        <translation>エクスポートがオンの間は、誰もサインインしていないときに毎日のタスクが読み取れるかどうかも確認します。</translation>
    </message>
    <message>
        <source>While the export is on, this also finds out whether the daily task can read it while nobody is logged in. Removing the source removes it.</source>
        <translation>エクスポートがオンの間は、誰もサインインしていないときに毎日のタスクが読み取れるかどうかも確認します。ソースを削除すると、パスワードも削除されます。</translation>
    </message>
    <message>
        <source>Who did it.</source>
        <translation>実行した人やプログラムです。</translation>
    </message>
    <message>
        <source>Who logs in; its password comes from a prompt or standard input.</source>
        <translation>ログインするユーザー。パスワードはプロンプトまたは標準入力から読み取ります。</translation>
    </message>
    <message>
        <source>Who may sign: lines of allowed_signers, as `sign show` prints them.</source>
        <translation>署名を許可する鍵: `sign show` が表示する allowed_signers の行。</translation>
    </message>
    <message>
        <source>Whose action has every word of it.</source>
        <translation>アクションにすべての語を含むもの。</translation>
    </message>
    <message>
        <source>Whose actor has every word of it.</source>
        <translation>実行者にすべての語を含むもの。</translation>
    </message>
    <message>
        <source>Whose entity (name, type, ID) has every word of it.</source>
        <translation>エンティティ (名前、種類、ID) にすべての語を含むもの。</translation>
    </message>
    <message>
        <source>Windows Credential Manager</source>
        <translation>Windows 資格情報マネージャー</translation>
    </message>
    <message>
        <source>Windows did not accept this password.</source>
        <translation>Windows がこのパスワードを受け付けませんでした。</translation>
    </message>
    <message>
        <source>Windows did not answer about the daily task ({error}).</source>
        <translation>Windows は毎日のタスクについて応答しませんでした ({error})。</translation>
    </message>
    <message>
        <source>Windows does not let this account register the task.</source>
        <translation>Windows は、このアカウントによるタスクの登録を許可していません。</translation>
    </message>
    <message>
        <source>Windows does not let this account run tasks, because it has no password or may sign in only at certain times.</source>
        <translation>パスワードがないか、サインインできる時間が限られているため、Windows はこのアカウントによるタスクの実行を許可していません。</translation>
    </message>
    <message>
        <source>Windows encrypts it with this user&apos;s sign-in.</source>
        <translation>Windows がこのユーザーのサインイン情報で暗号化します。</translation>
    </message>
    <message>
        <source>With --kind rest, how a service is asked and what its answers look like: keys of the tables auth, request, window, pages, resume, limits, as in auth.type=bearer, request.params.limit=100, pages.next=link-header.</source>
        <translation>--kind rest の場合、サービスへの問い合わせ方と応答の形式。テーブル auth、request、window、pages、resume、limits のキーで指定します。例: auth.type=bearer、request.params.limit=100、pages.next=link-header。</translation>
    </message>
    <message>
        <source>With an agent, name the public key, whose file ends with .pub; or none, to try all of its keys.</source>
        <translation>エージェントを使う場合は、.pub で終わる公開鍵ファイルを指定してください。指定しなければ、すべての鍵を試します。</translation>
    </message>
    <message>
        <source>With pages that are numbered, the oldest first keeps them from shifting.</source>
        <translation>番号付きのページでは、古い順にするとページがずれません。</translation>
    </message>
    <message>
        <source>Without NAME, those of all sources, and the events that `record` set aside. The latest come first.</source>
        <translation>NAME を省略すると、すべてのソースのものと、`record` が除外したイベントを表示します。新しい順です。</translation>
    </message>
    <message>
        <source>Write 1 to {most}, or 0 to keep all of them.</source>
        <translation>1 ～ {most}、またはすべて残す場合は 0 を入力してください。</translation>
    </message>
    <message>
        <source>Write FIELD=VALUE, as in _TRANSPORT=audit, with spaces between several.</source>
        <translation>_TRANSPORT=audit のように FIELD=VALUE の形で、複数は空白で区切って記入してください。</translation>
    </message>
    <message>
        <source>Write UTC, or a name such as Europe/Berlin.</source>
        <translation>UTC、または Europe/Berlin のような名前を入力してください。</translation>
    </message>
    <message>
        <source>Write a day like 2026-11-28.</source>
        <translation>日付は 2026-11-28 のように指定してください。</translation>
    </message>
    <message>
        <source>Write a number and m or h, at most a day, as in 30m or 2h; 0m for none.</source>
        <translation>30m や 2h のように、数値と m または h で 1 日以内を指定してください。分散しない場合は 0m です。</translation>
    </message>
    <message>
        <source>Write a number and s, m, h or d, as in 2m or 24h.</source>
        <translation>2m や 24h のように、数字と s、m、h、d のいずれかを書いてください。</translation>
    </message>
    <message>
        <source>Write a report for the auditor as well: FILE.html, in your language, or FILE.json.</source>
        <translation>監査人向けのレポートも書き出します。FILE.html (お使いの言語) または FILE.json です。</translation>
    </message>
    <message>
        <source>Write a whole number.</source>
        <translation>整数を指定してください。</translation>
    </message>
    <message>
        <source>Write how many requests a minute are allowed, or 0 for no limit.</source>
        <translation>1 分あたりに許可される要求数を指定してください。0 は無制限です。</translation>
    </message>
    <message>
        <source>Write https:// in front.</source>
        <translation>先頭に https:// を付けてください。</translation>
    </message>
    <message>
        <source>Write it as 02:00 or 23:30.</source>
        <translation>02:00 や 23:30 のように入力してください。</translation>
    </message>
    <message>
        <source>Write it as apprise does: mailto://user:password@mail.example.com, or jsons://example.com/hook</source>
        <translation>apprise の形式で入力してください: mailto://user:password@mail.example.com、jsons://example.com/hook</translation>
    </message>
    <message>
        <source>Write it as in admins@example.com.</source>
        <translation>admins@example.com のように入力してください。</translation>
    </message>
    <message>
        <source>Write it as in http://timestamp.example.com/, or nothing for none.</source>
        <translation>http://timestamp.example.com/ のように入力してください。使わない場合は空欄にします。</translation>
    </message>
    <message>
        <source>Write it as in https://monitor.example.com/ping/name, or nothing for none.</source>
        <translation>https://monitor.example.com/ping/name のように入力するか、使わない場合は空にします。</translation>
    </message>
    <message>
        <source>Write it as in https://service.example.com/audit, without a user or password in it.</source>
        <translation>https://service.example.com/audit のように、ユーザーやパスワードを含めずに指定してください。</translation>
    </message>
    <message>
        <source>Write it as in {example}.</source>
        <translation>{example} のように書いてください。</translation>
    </message>
    <message>
        <source>Write it as in {example}; without TLS, only on this computer.</source>
        <translation>{example} のように書いてください。TLS なしはこのコンピューター上だけです。</translation>
    </message>
    <message>
        <source>Write it as sftp.example.com, sftp.example.com:2222 or [2001:db8::1]:2222.</source>
        <translation>sftp.example.com、sftp.example.com:2222、[2001:db8::1]:2222 のように入力してください。</translation>
    </message>
    <message>
        <source>Write it relative to the folder, as in **/*.json*; ** stands alone between slashes.</source>
        <translation>フォルダーからの相対で、**/*.json* のように入力してください。** はスラッシュの間に単独で書きます。</translation>
    </message>
    <message>
        <source>Write it there.</source>
        <translation>そこに記入してください。</translation>
    </message>
    <message>
        <source>Write its name, as in mail.example.com, or mail.example.com:2525.</source>
        <translation>mail.example.com または mail.example.com:2525 のように名前を入力してください。</translation>
    </message>
    <message>
        <source>Write its whole path, as in {example}.</source>
        <translation>{example} のように、パス全体を書いてください。</translation>
    </message>
    <message>
        <source>Write local, UTC, or a name such as Europe/Berlin.</source>
        <translation>local、UTC、または Asia/Tokyo のような名前を入力してください。</translation>
    </message>
    <message>
        <source>Write names as in ssh.service, with commas between them.</source>
        <translation>ssh.service のような名前をコンマ区切りで記入してください。</translation>
    </message>
    <message>
        <source>Write one of {units}, iso, or a pattern as in {example}.</source>
        <translation>{units}、iso のいずれか、または {example} のような書式を入力してください。</translation>
    </message>
    <message>
        <source>Write s3://bucket/prefix, gs://bucket/prefix or az://container/prefix.</source>
        <translation>s3://bucket/prefix、gs://bucket/prefix、az://container/prefix のいずれかを書いてください。</translation>
    </message>
    <message>
        <source>Write statuses from 400 to 599, as in 403, with commas between them.</source>
        <translation>400から599までのステータスを、コンマで区切って入力してください(例: 403)。</translation>
    </message>
    <message>
        <source>Write the absolute path of a folder that this computer and all workers share, or s3://bucket/prefix, gs://bucket/prefix or az://container/prefix.</source>
        <translation>このコンピューターと全ワーカーが共有するフォルダーの絶対パス、または s3://bucket/prefix、gs://bucket/prefix、az://container/prefix を書いてください。</translation>
    </message>
    <message>
        <source>Write the whole path, or one that begins with ~ for your home folder.</source>
        <translation>絶対パス、または ~ (ホームフォルダー) で始まるパスを指定してください。</translation>
    </message>
    <message>
        <source>Write them into the proxy&apos;s address, as in http://user:password@proxy.example.com:8080.</source>
        <translation>http://user:password@proxy.example.com:8080 のように、プロキシのアドレスに含めてください。</translation>
    </message>
    <message>
        <source>Write them to one HTML page.</source>
        <translation>1 つの HTML ページに書き出します。</translation>
    </message>
    <message>
        <source>Write {host} instead, and the user under User.</source>
        <translation>代わりに {host} と入力し、ユーザーは「ユーザー」に入力してください。</translation>
    </message>
    <message>
        <source>Write {host} instead.</source>
        <translation>代わりに {host} と入力してください。</translation>
    </message>
    <message>
        <source>Write {kind}.</source>
        <translation>正しい値: {kind}</translation>
    </message>
    <message>
        <source>You and this server have no type of host key in common.</source>
        <translation>このサーバーと共通するホスト鍵の種類がありません。</translation>
    </message>
    <message>
        <source>You and this server have no {list} in common.</source>
        <translation>このサーバーと共通の{list}がありません。</translation>
    </message>
    <message>
        <source>Your Windows password</source>
        <translation>Windows のパスワード</translation>
    </message>
    <message>
        <source>Your organisation has set this: {keys}.</source>
        <translation>組織によって設定されています: {keys}</translation>
    </message>
    <message>
        <source>Your own scheduler starts the next one: {command}</source>
        <translation>次回はご自分のスケジューラーが開始します: {command}</translation>
    </message>
    <message>
        <source>ZONE</source>
        <translation>タイムゾーン</translation>
    </message>
    <message>
        <source>[OPTIONS]</source>
        <translation>[オプション]</translation>
    </message>
    <message>
        <source>`audit-trails-export history --days` shows the days that have one.</source>
        <translation>`audit-trails-export history --days` で、アーカイブのある日を確認できます。</translation>
    </message>
    <message>
        <source>`audit-trails-export sign show` prints such lines.</source>
        <translation>`audit-trails-export sign show` がその行を出力します。</translation>
    </message>
    <message>
        <source>a .7z archive</source>
        <translation>.7z アーカイブ</translation>
    </message>
    <message>
        <source>a .rar archive</source>
        <translation>.rar アーカイブ</translation>
    </message>
    <message>
        <source>a .tar archive</source>
        <translation>.tar アーカイブ</translation>
    </message>
    <message>
        <source>a .zip archive</source>
        <translation>.zip アーカイブ</translation>
    </message>
    <message>
        <source>a PDF document</source>
        <translation>PDF 文書</translation>
    </message>
    <message>
        <source>a Parquet file</source>
        <translation>Parquet ファイル</translation>
    </message>
    <message>
        <source>a \u escape is not a whole character</source>
        <translation>\u エスケープが完全な文字ではありません</translation>
    </message>
    <message>
        <source>a bearer token of the Events Reporting integration</source>
        <translation>Events Reporting 統合のベアラー トークン</translation>
    </message>
    <message>
        <source>a client secret of the application</source>
        <translation>アプリケーションのクライアント シークレット</translation>
    </message>
    <message>
        <source>a confidential client with a service account</source>
        <translation>サービス アカウントを持つ機密クライアント</translation>
    </message>
    <message>
        <source>a credential of systemd</source>
        <translation>systemd のクレデンシャル</translation>
    </message>
    <message>
        <source>a journal of systemd</source>
        <translation>systemd のジャーナル</translation>
    </message>
    <message>
        <source>a link leads out of the folder, which the source does not follow</source>
        <translation>リンクがフォルダーの外を指しており、ソースはそれをたどりません</translation>
    </message>
    <message>
        <source>a list</source>
        <translation>リスト</translation>
    </message>
    <message>
        <source>a pcap file</source>
        <translation>pcap ファイル</translation>
    </message>
    <message>
        <source>a pcapng file</source>
        <translation>pcapng ファイル</translation>
    </message>
    <message>
        <source>a personal access token</source>
        <translation>個人用アクセス トークン</translation>
    </message>
    <message>
        <source>a piece of it is missing</source>
        <translation>一部が欠けています</translation>
    </message>
    <message>
        <source>a program</source>
        <translation>プログラム</translation>
    </message>
    <message>
        <source>a quote in it is not closed</source>
        <translation>引用符が閉じられていません</translation>
    </message>
    <message>
        <source>a record of the event log is damaged ({reason})</source>
        <translation>イベントログのレコードが壊れています({reason})</translation>
    </message>
    <message>
        <source>a table</source>
        <translation>テーブル</translation>
    </message>
    <message>
        <source>a text</source>
        <translation>テキスト</translation>
    </message>
    <message>
        <source>a thing in the list has no {path}</source>
        <translation>リスト内の項目に {path} がありません</translation>
    </message>
    <message>
        <source>a time in zone {zone}</source>
        <translation>時間帯 {zone} の日時</translation>
    </message>
    <message>
        <source>a time with its own offset</source>
        <translation>オフセット付きの日時</translation>
    </message>
    <message>
        <source>a user token of the organization&apos;s owner</source>
        <translation>組織の所有者のユーザー トークン</translation>
    </message>
    <message>
        <source>a value is longer than {size} MB</source>
        <translation>値が {size} MB を超えています</translation>
    </message>
    <message>
        <source>a whole number</source>
        <translation>整数</translation>
    </message>
    <message>
        <source>all of it</source>
        <translation>全体</translation>
    </message>
    <message>
        <source>also while this user is signed out</source>
        <translation>このユーザーのサインアウト中も</translation>
    </message>
    <message>
        <source>an API key of the organization</source>
        <translation>組織の API キー</translation>
    </message>
    <message>
        <source>an API token</source>
        <translation>API トークン</translation>
    </message>
    <message>
        <source>an API token of that user</source>
        <translation>そのユーザーの API トークン</translation>
    </message>
    <message>
        <source>an Avro file</source>
        <translation>Avro ファイル</translation>
    </message>
    <message>
        <source>an ESE database</source>
        <translation>ESE データベース</translation>
    </message>
    <message>
        <source>an ORC file</source>
        <translation>ORC ファイル</translation>
    </message>
    <message>
        <source>an SQLite database</source>
        <translation>SQLite データベース</translation>
    </message>
    <message>
        <source>an access token</source>
        <translation>アクセス トークン</translation>
    </message>
    <message>
        <source>an administrator for the API</source>
        <translation>API 用の管理者</translation>
    </message>
    <message>
        <source>an encrypted file</source>
        <translation>暗号化されたファイル</translation>
    </message>
    <message>
        <source>an event log of Windows XP or 2003</source>
        <translation>Windows XP または 2003 のイベントログ</translation>
    </message>
    <message>
        <source>an event read apart from the store</source>
        <translation>ストアとは別に読まれたイベント</translation>
    </message>
    <message>
        <source>an event with the id {id} and other content is there already</source>
        <translation>id が {id} で内容の異なるイベントが既にあります</translation>
    </message>
    <message>
        <source>an image</source>
        <translation>画像</translation>
    </message>
    <message>
        <source>an old Microsoft Office document</source>
        <translation>旧形式の Microsoft Office 文書</translation>
    </message>
    <message>
        <source>an organization token</source>
        <translation>組織のトークン</translation>
    </message>
    <message>
        <source>another run is active, or try later</source>
        <translation>別の実行中、または後で再試行</translation>
    </message>
    <message>
        <source>archives</source>
        <translation>アーカイブ</translation>
    </message>
    <message>
        <source>as archived, {events}, {signed}</source>
        <translation>アーカイブ時のまま、{events}、{signed}</translation>
    </message>
    <message>
        <source>as {pattern}</source>
        <translation>{pattern} として</translation>
    </message>
    <message>
        <source>bad input data</source>
        <translation>入力データの誤り</translation>
    </message>
    <message>
        <source>byte {position}</source>
        <translation>{position} バイト目</translation>
    </message>
    <message>
        <source>byte {position}, record {number}</source>
        <translation>バイト {position}、レコード {number}</translation>
    </message>
    <message>
        <source>cipher</source>
        <translation>暗号</translation>
    </message>
    <message>
        <source>command line</source>
        <translation>コマンドライン</translation>
    </message>
    <message>
        <source>createdAt has a zone that is not known: {zone}</source>
        <translation>createdAt の時間帯が不明です: {zone}</translation>
    </message>
    <message>
        <source>createdAt has an offset that there is not: {offset}</source>
        <translation>createdAt に存在しないオフセットがあります: {offset}</translation>
    </message>
    <message>
        <source>createdAt has no offset, and the source no zone for such times: {text}</source>
        <translation>createdAt にオフセットがなく、ソースにもそのための時間帯が設定されていません: {text}</translation>
    </message>
    <message>
        <source>createdAt is a number, the source says ISO 8601: {text}</source>
        <translation>createdAt が数値ですが、ソースでは ISO 8601 とされています: {text}</translation>
    </message>
    <message>
        <source>createdAt is neither an ISO 8601 time with an offset nor a number since 1970: {text}</source>
        <translation>createdAt が、オフセット付きの ISO 8601 の日時でも 1970 年からの数値でもありません: {text}</translation>
    </message>
    <message>
        <source>createdAt is no time that there is: {text}</source>
        <translation>createdAt が存在しない日時です: {text}</translation>
    </message>
    <message>
        <source>createdAt is not believed, it is before 1990: {text}</source>
        <translation>createdAt が 1990 年より前のため、採用しません: {text}</translation>
    </message>
    <message>
        <source>createdAt is not believed, it is more than a day ahead: {text}</source>
        <translation>createdAt が 1 日を超えて未来のため、採用しません: {text}</translation>
    </message>
    <message>
        <source>createdAt is not written as the source says: {text}</source>
        <translation>createdAt の書き方がソースの設定と異なります: {text}</translation>
    </message>
    <message>
        <source>createdAt may have the day or the month first, which the source has to say, as in text:{pattern}: {text}</source>
        <translation>createdAt は日と月のどちらが先か判断できません。text:{pattern} のようにソースで指定してください: {text}</translation>
    </message>
    <message>
        <source>credentials or permission refused</source>
        <translation>資格情報または権限が拒否された</translation>
    </message>
    <message>
        <source>cron can&apos;t take a command of {length} bytes.</source>
        <translation>cron は {length} バイトのコマンドを受け付けません。</translation>
    </message>
    <message>
        <source>cron can&apos;t take the path {path}.</source>
        <translation>cron はパス {path} を受け付けません。</translation>
    </message>
    <message>
        <source>cron did not start the daily task.</source>
        <translation>cron が毎日のタスクを起動しませんでした。</translation>
    </message>
    <message>
        <source>cron is not running on this computer.</source>
        <translation>このコンピューターで cron が動作していません。</translation>
    </message>
    <message>
        <source>cron refused: {complaint}</source>
        <translation>cron が拒否しました: {complaint}</translation>
    </message>
    <message>
        <source>daily task</source>
        <translation>毎日のタスク</translation>
    </message>
    <message>
        <source>default</source>
        <translation>既定値</translation>
    </message>
    <message>
        <source>delete</source>
        <translation>削除する</translation>
    </message>
    <message>
        <source>delete files</source>
        <translation>ファイルの削除</translation>
    </message>
    <message>
        <source>delivered</source>
        <translation>配信済み</translation>
    </message>
    <message>
        <source>device product</source>
        <translation>デバイス製品</translation>
    </message>
    <message>
        <source>device vendor</source>
        <translation>デバイスベンダー</translation>
    </message>
    <message>
        <source>done</source>
        <translation>完了</translation>
    </message>
    <message>
        <source>done, also if nothing was due</source>
        <translation>完了 (期限の来たものがない場合も)</translation>
    </message>
    <message>
        <source>entry {cursor}</source>
        <translation>エントリ {cursor}</translation>
    </message>
    <message>
        <source>events</source>
        <translation>イベント</translation>
    </message>
    <message>
        <source>failed</source>
        <translation>失敗</translation>
    </message>
    <message>
        <source>hand</source>
        <translation>手動</translation>
    </message>
    <message>
        <source>id is not a text of 1 to {most} characters</source>
        <translation>id が 1 ～ {most} 文字のテキストではありません</translation>
    </message>
    <message>
        <source>id {id}</source>
        <translation>id {id}</translation>
    </message>
    <message>
        <source>in the log folder</source>
        <translation>(ログのフォルダー)</translation>
    </message>
    <message>
        <source>interrupted</source>
        <translation>中断</translation>
    </message>
    <message>
        <source>it belongs to {owner}, not to the Administrators</source>
        <translation>所有者が Administrators ではなく {owner} です</translation>
    </message>
    <message>
        <source>it can&apos;t be read ({reason})</source>
        <translation>読み取れません ({reason})</translation>
    </message>
    <message>
        <source>it did not end within a minute</source>
        <translation>1 分以内に終了しませんでした</translation>
    </message>
    <message>
        <source>it does not answer</source>
        <translation>応答がありません</translation>
    </message>
    <message>
        <source>it does not belong to root</source>
        <translation>所有者が root ではありません</translation>
    </message>
    <message>
        <source>it has an event of {told}, which is not of its day</source>
        <translation>{told} のイベントがあり、その日のものではありません</translation>
    </message>
    <message>
        <source>it has more than {most} files in it</source>
        <translation>{most} 個を超えるファイルが含まれています</translation>
    </message>
    <message>
        <source>it has no manifest.json</source>
        <translation>manifest.json がありません</translation>
    </message>
    <message>
        <source>it has no signature</source>
        <translation>署名がありません</translation>
    </message>
    <message>
        <source>it has no {records}</source>
        <translation>{records} がありません</translation>
    </message>
    <message>
        <source>it has other bytes around its files than this program writes</source>
        <translation>ファイルの周りのバイトが、このプログラムの書くものと異なります</translation>
    </message>
    <message>
        <source>it has {there} columns, and the header has {asked}</source>
        <translation>列が {there} 個ありますが、見出しは {asked} 個です</translation>
    </message>
    <message>
        <source>it holds {found} events, not {events}</source>
        <translation>イベントが {events} 件ではなく {found} 件あります</translation>
    </message>
    <message>
        <source>it holds {names}</source>
        <translation>内容は {names} です</translation>
    </message>
    <message>
        <source>it holds {names} and more</source>
        <translation>内容は {names} などです</translation>
    </message>
    <message>
        <source>it is a link</source>
        <translation>リンクです</translation>
    </message>
    <message>
        <source>it is another file</source>
        <translation>別のファイルです</translation>
    </message>
    <message>
        <source>it is encrypted</source>
        <translation>暗号化されています</translation>
    </message>
    <message>
        <source>it is encrypted for this computer (and its TPM, where there is one), and is no use elsewhere.</source>
        <translation>このコンピューター (および TPM があればその TPM) 用に暗号化され、ほかでは使えません。</translation>
    </message>
    <message>
        <source>it is encrypted, and can be read only while this user&apos;s keyring is unlocked.</source>
        <translation>暗号化され、このユーザーのキーリングがロック解除されている間だけ読み取れます。</translation>
    </message>
    <message>
        <source>it is encrypted, and can be read only while this user&apos;s wallet is open.</source>
        <translation>暗号化され、このユーザーのウォレットが開いている間だけ読み取れます。</translation>
    </message>
    <message>
        <source>it is in no form that is known</source>
        <translation>既知の形式ではありません</translation>
    </message>
    <message>
        <source>it is in use by another program</source>
        <translation>別のプログラムが使用中です</translation>
    </message>
    <message>
        <source>it is larger than {size} MB; use JSON Lines</source>
        <translation>{size} MB を超えています。JSON Lines を使ってください</translation>
    </message>
    <message>
        <source>it is neither CEF nor syslog nor JSON</source>
        <translation>CEF、syslog、JSON のいずれでもありません</translation>
    </message>
    <message>
        <source>it is nested more than {levels} levels deep</source>
        <translation>{levels} 階層を超えて入れ子になっています</translation>
    </message>
    <message>
        <source>it is no .zip file, or a damaged one</source>
        <translation>.zip ファイルではないか、破損しています</translation>
    </message>
    <message>
        <source>it is no JSON object</source>
        <translation>JSON オブジェクトではありません</translation>
    </message>
    <message>
        <source>it is no list</source>
        <translation>リストではありません</translation>
    </message>
    <message>
        <source>it is not JSON: {reason}</source>
        <translation>JSON ではありません: {reason}</translation>
    </message>
    <message>
        <source>it is not UTF-8</source>
        <translation>UTF-8 ではありません</translation>
    </message>
    <message>
        <source>it is signed by {signer}, not by {key}</source>
        <translation>{key} ではなく {signer} で署名されています</translation>
    </message>
    <message>
        <source>it is so old that whether it was read before is no longer known</source>
        <translation>古いファイルのため、すでに読み取ったかどうかの記録が残っていません</translation>
    </message>
    <message>
        <source>it unpacks to more than {size} MB, which is not believable</source>
        <translation>展開すると {size} MB を超え、信じられる大きさではありません</translation>
    </message>
    <message>
        <source>it was made by a newer version of this program, which can check it</source>
        <translation>このプログラムの新しいバージョンで作成されており、そのバージョンで確認できます</translation>
    </message>
    <message>
        <source>its data file has more than {size} bytes</source>
        <translation>データファイルが {size} バイトを超えています</translation>
    </message>
    <message>
        <source>its data file has {found} bytes, not {size}</source>
        <translation>データファイルが {size} バイトではなく {found} バイトです</translation>
    </message>
    <message>
        <source>its data file is not the one that was archived (its SHA-256 differs)</source>
        <translation>データファイルがアーカイブ時のものではありません(SHA-256 が異なります)</translation>
    </message>
    <message>
        <source>its events are not of the time that its manifest says ({told})</source>
        <translation>イベントの時刻がマニフェストの記載({told})と異なります</translation>
    </message>
    <message>
        <source>its manifest is not what was signed, or the signature was changed</source>
        <translation>マニフェストが署名されたものではないか、署名が変更されています</translation>
    </message>
    <message>
        <source>its manifest is that of {name}</source>
        <translation>マニフェストは {name} のものです</translation>
    </message>
    <message>
        <source>its manifest.json has more than {most} bytes</source>
        <translation>manifest.json が {most} バイトを超えています</translation>
    </message>
    <message>
        <source>its manifest.json is not as it should be ({reason})</source>
        <translation>manifest.json が正しい形式ではありません({reason})</translation>
    </message>
    <message>
        <source>its name is not UTF-8</source>
        <translation>名前が UTF-8 ではありません</translation>
    </message>
    <message>
        <source>its owner can&apos;t be seen ({reason})</source>
        <translation>所有者を確認できません ({reason})</translation>
    </message>
    <message>
        <source>journalctl said something that is no entry of a journal ({reason}).</source>
        <translation>journalctl の出力にジャーナルのエントリではないものがありました ({reason})。</translation>
    </message>
    <message>
        <source>journalctl: {complaint}</source>
        <translation>journalctl: {complaint}</translation>
    </message>
    <message>
        <source>key exchange</source>
        <translation>鍵交換</translation>
    </message>
    <message>
        <source>kinds</source>
        <translation>種類</translation>
    </message>
    <message>
        <source>list files</source>
        <translation>ファイルの一覧表示</translation>
    </message>
    <message>
        <source>local disk</source>
        <translation>ローカルディスクの読み書き</translation>
    </message>
    <message>
        <source>macOS encrypts it with this user&apos;s sign-in.</source>
        <translation>macOS がこのユーザーのサインイン情報で暗号化します。</translation>
    </message>
    <message>
        <source>microseconds since 1970</source>
        <translation>1970 年からのマイクロ秒</translation>
    </message>
    <message>
        <source>milliseconds since 1970</source>
        <translation>1970 年からのミリ秒</translation>
    </message>
    <message>
        <source>missing</source>
        <translation>欠落</translation>
    </message>
    <message>
        <source>more than {count} rows have no time or no id</source>
        <translation>{count} を超える行に時刻または ID がありません</translation>
    </message>
    <message>
        <source>nanoseconds since 1970</source>
        <translation>1970 年からのナノ秒</translation>
    </message>
    <message>
        <source>no</source>
        <translation>いいえ</translation>
    </message>
    <message>
        <source>no common algorithm, host key unknown or changed</source>
        <translation>共通のアルゴリズムがない、ホスト鍵が不明または変更された</translation>
    </message>
    <message>
        <source>no run went well for more than a day and a half</source>
        <translation>1 日半以上、成功した実行がありません</translation>
    </message>
    <message>
        <source>none</source>
        <translation>なし</translation>
    </message>
    <message>
        <source>not asked</source>
        <translation>未確認</translation>
    </message>
    <message>
        <source>not at night</source>
        <translation>夜間は不可</translation>
    </message>
    <message>
        <source>not configured, or a bad setting</source>
        <translation>未構成、または設定の誤り</translation>
    </message>
    <message>
        <source>not delivered yet</source>
        <translation>未配信</translation>
    </message>
    <message>
        <source>not known</source>
        <translation>不明</translation>
    </message>
    <message>
        <source>not permitted</source>
        <translation>許可されていません</translation>
    </message>
    <message>
        <source>not permitted; {name} stays</source>
        <translation>許可されていません。{name} は残ります</translation>
    </message>
    <message>
        <source>not signed</source>
        <translation>署名なし</translation>
    </message>
    <message>
        <source>not tried at night</source>
        <translation>夜間は未確認</translation>
    </message>
    <message>
        <source>nothing was read so far</source>
        <translation>まだ何も読み取っていません</translation>
    </message>
    <message>
        <source>number {number} of the chain, signed by {key}</source>
        <translation>チェーンの {number} 番、署名: {key}</translation>
    </message>
    <message>
        <source>one of {choices}</source>
        <translation>{choices} のいずれか</translation>
    </message>
    <message>
        <source>only while this user is signed in; days that are missed are exported by the next run</source>
        <translation>このユーザーのサインイン中のみ。逃した日は次回の実行でエクスポートされます</translation>
    </message>
    <message>
        <source>only you and administrators can read it and its key.</source>
        <translation>このファイルと鍵を読めるのは、あなたと管理者だけです。</translation>
    </message>
    <message>
        <source>or SELE&amp;CT</source>
        <translation>または SELECT(&amp;C)</translation>
    </message>
    <message>
        <source>others than root may write it (mode {mode:o})</source>
        <translation>root 以外も書き込めます (モード {mode:o})</translation>
    </message>
    <message>
        <source>packed by LZ4</source>
        <translation>LZ4 で圧縮されたもの</translation>
    </message>
    <message>
        <source>packed by bzip2</source>
        <translation>bzip2 で圧縮されたもの</translation>
    </message>
    <message>
        <source>packed by gzip, twice</source>
        <translation>gzip で二重に圧縮されたもの</translation>
    </message>
    <message>
        <source>packed by xz</source>
        <translation>xz で圧縮されたもの</translation>
    </message>
    <message>
        <source>page {page}, record {number}</source>
        <translation>ページ {page}、レコード {number}</translation>
    </message>
    <message>
        <source>password, key (a private key in a file) or agent (a key that an SSH agent has).</source>
        <translation>password、key (ファイルの秘密鍵)、agent (SSH エージェントの鍵) のいずれか。</translation>
    </message>
    <message>
        <source>read</source>
        <translation>読み取る</translation>
    </message>
    <message>
        <source>read back what was written</source>
        <translation>書き込んだ内容の読み戻し</translation>
    </message>
    <message>
        <source>read {read}, stored {stored}, repeated {repeated}, set aside {aside}</source>
        <translation>読み取り {read}、保存 {stored}、重複 {repeated}、除外 {aside}</translation>
    </message>
    <message>
        <source>record {number}</source>
        <translation>{number} 番目のレコード</translation>
    </message>
    <message>
        <source>records</source>
        <translation>レコード</translation>
    </message>
    <message>
        <source>rename</source>
        <translation>名前を変更する</translation>
    </message>
    <message>
        <source>required</source>
        <translation>必須</translation>
    </message>
    <message>
        <source>row without a key</source>
        <translation>キーのない行</translation>
    </message>
    <message>
        <source>row {id}</source>
        <translation>行 {id}</translation>
    </message>
    <message>
        <source>running</source>
        <translation>実行中</translation>
    </message>
    <message>
        <source>running now</source>
        <translation>実行中</translation>
    </message>
    <message>
        <source>s3://bucket/prefix, gs://bucket/prefix or az://container/prefix.</source>
        <translation>s3://bucket/prefix、gs://bucket/prefix、az://container/prefix のいずれか。</translation>
    </message>
    <message>
        <source>seconds since 1970</source>
        <translation>1970 年からの秒</translation>
    </message>
    <message>
        <source>server</source>
        <translation>サーバー</translation>
    </message>
    <message>
        <source>server path</source>
        <translation>サーバーのパス</translation>
    </message>
    <message>
        <source>server unreachable</source>
        <translation>サーバーに接続できない</translation>
    </message>
    <message>
        <source>services</source>
        <translation>サービス</translation>
    </message>
    <message>
        <source>set aside: {place}: {reason}</source>
        <translation>除外: {place}: {reason}</translation>
    </message>
    <message>
        <source>set by your organisation in {path}</source>
        <translation>組織が {path} で設定</translation>
    </message>
    <message>
        <source>severity is neither one of {words} nor 0 to 10</source>
        <translation>severity が {words} でも 0 ～ 10 でもありません</translation>
    </message>
    <message>
        <source>source {name}, {setting}</source>
        <translation>ソース {name}、{setting}</translation>
    </message>
    <message>
        <source>source {name}: {address}</source>
        <translation>ソース {name}: {address}</translation>
    </message>
    <message>
        <source>stopped</source>
        <translation>中止</translation>
    </message>
    <message>
        <source>systemd can&apos;t start a program in {path}.</source>
        <translation>systemd は {path} のプログラムを起動できません。</translation>
    </message>
    <message>
        <source>systemd can&apos;t take the path {path}.</source>
        <translation>systemd はパス {path} を受け付けません。</translation>
    </message>
    <message>
        <source>systemd does not answer: {complaint}</source>
        <translation>systemd が応答しません: {complaint}</translation>
    </message>
    <message>
        <source>systemd refused: {complaint}</source>
        <translation>systemd が拒否しました: {complaint}</translation>
    </message>
    <message>
        <source>systemd runs nothing for {user}, who is not logged in.</source>
        <translation>{user} がサインインしていないため、systemd は何も実行しません。</translation>
    </message>
    <message>
        <source>systemd-creds could not encrypt the password.</source>
        <translation>systemd-creds でパスワードを暗号化できませんでした。</translation>
    </message>
    <message>
        <source>the JSON key of the service account, on one line</source>
        <translation>サービス アカウントの JSON キー (1 行)</translation>
    </message>
    <message>
        <source>the Secret Service of this desktop</source>
        <translation>このデスクトップの Secret Service</translation>
    </message>
    <message>
        <source>the account&apos;s id</source>
        <translation>アカウントの ID</translation>
    </message>
    <message>
        <source>the address of an administrator for whom the service account acts</source>
        <translation>サービス アカウントが代理となる管理者のアドレス</translation>
    </message>
    <message>
        <source>the application&apos;s (client) id</source>
        <translation>アプリケーション (クライアント) ID</translation>
    </message>
    <message>
        <source>the application&apos;s client secret</source>
        <translation>アプリケーションのクライアント シークレット</translation>
    </message>
    <message>
        <source>the client id of a machine-to-machine application</source>
        <translation>マシン間アプリケーションのクライアント ID</translation>
    </message>
    <message>
        <source>the client&apos;s secret</source>
        <translation>クライアントのシークレット</translation>
    </message>
    <message>
        <source>the connection was cut</source>
        <translation>接続が切断されました</translation>
    </message>
    <message>
        <source>the daily task</source>
        <translation>毎日のタスク</translation>
    </message>
    <message>
        <source>the email address of the user whose token it is</source>
        <translation>トークンの所有者であるユーザーのメール アドレス</translation>
    </message>
    <message>
        <source>the form</source>
        <translation>フォーム</translation>
    </message>
    <message>
        <source>the header of CEF is not whole</source>
        <translation>CEF のヘッダーが不完全です</translation>
    </message>
    <message>
        <source>the line is longer than {size} MB</source>
        <translation>行が {size} MB を超えています</translation>
    </message>
    <message>
        <source>the macOS Keychain</source>
        <translation>macOS キーチェーン</translation>
    </message>
    <message>
        <source>the name of the organization</source>
        <translation>組織の名前</translation>
    </message>
    <message>
        <source>the name of your server, as in sso.example.com</source>
        <translation>sso.example.com のようなサーバー名</translation>
    </message>
    <message>
        <source>the name of your site, as in acme.atlassian.net</source>
        <translation>acme.atlassian.net のようなサイト名</translation>
    </message>
    <message>
        <source>the organization&apos;s client id, as in organization.ID</source>
        <translation>organization.ID のような組織のクライアント ID</translation>
    </message>
    <message>
        <source>the organization&apos;s client secret</source>
        <translation>組織のクライアント シークレット</translation>
    </message>
    <message>
        <source>the organization&apos;s id</source>
        <translation>組織の ID</translation>
    </message>
    <message>
        <source>the password of that administrator</source>
        <translation>その管理者のパスワード</translation>
    </message>
    <message>
        <source>the realm</source>
        <translation>レルム</translation>
    </message>
    <message>
        <source>the record of runs and archives, there too</source>
        <translation>実行とアーカイブの記録 (同じ場所)</translation>
    </message>
    <message>
        <source>the service says that it has {total} records, {came} came</source>
        <translation>サービスは {total} 件あると示しましたが、届いたのは {came} 件です</translation>
    </message>
    <message>
        <source>the settings, in the user&apos;s configuration folder</source>
        <translation>設定 (ユーザーの構成フォルダー)</translation>
    </message>
    <message>
        <source>the store, in the data folder</source>
        <translation>ストア (データのフォルダー)</translation>
    </message>
    <message>
        <source>the tenant&apos;s id</source>
        <translation>テナントの ID</translation>
    </message>
    <message>
        <source>the tenant&apos;s id, or its name as in acme.onmicrosoft.com</source>
        <translation>テナントの ID、または acme.onmicrosoft.com のような名前</translation>
    </message>
    <message>
        <source>there is no event in it</source>
        <translation>イベントが含まれていません</translation>
    </message>
    <message>
        <source>there is no list at {path}</source>
        <translation>{path} にリストがありません</translation>
    </message>
    <message>
        <source>there is no such host</source>
        <translation>そのようなホストはありません</translation>
    </message>
    <message>
        <source>there is nothing in it</source>
        <translation>中に何もありません</translation>
    </message>
    <message>
        <source>this computer&apos;s clock stands before the last run; was it set back?</source>
        <translation>このコンピューターの時計が前回の実行より前です。戻されましたか</translation>
    </message>
    <message>
        <source>this is CSV without a header</source>
        <translation>これは見出しのない CSV です</translation>
    </message>
    <message>
        <source>this is text, but not JSON, CSV, CEF or syslog</source>
        <translation>これはテキストですが、JSON、CSV、CEF、syslog のいずれでもありません</translation>
    </message>
    <message>
        <source>this is {what}</source>
        <translation>これは{what}です</translation>
    </message>
    <message>
        <source>this part of the event log is damaged</source>
        <translation>イベントログのこの部分が壊れています</translation>
    </message>
    <message>
        <source>today</source>
        <translation>今日</translation>
    </message>
    <message>
        <source>true or false</source>
        <translation>true または false</translation>
    </message>
    <message>
        <source>user</source>
        <translation>ユーザー</translation>
    </message>
    <message>
        <source>waiting</source>
        <translation>待機中</translation>
    </message>
    <message>
        <source>when a scheduler of yours starts it: {command}</source>
        <translation>お使いのスケジューラーが開始したとき: {command}</translation>
    </message>
    <message>
        <source>window</source>
        <translation>ウィンドウ</translation>
    </message>
    <message>
        <source>works at night</source>
        <translation>夜間も可</translation>
    </message>
    <message>
        <source>write</source>
        <translation>書き込む</translation>
    </message>
    <message>
        <source>wrong usage</source>
        <translation>使い方の誤り</translation>
    </message>
    <message>
        <source>yes</source>
        <translation>はい</translation>
    </message>
    <message>
        <source>your organization&apos;s name at Okta, as in acme.okta.com</source>
        <translation>acme.okta.com のような、Okta での組織名</translation>
    </message>
    <message>
        <source>your tenant&apos;s domain, as in acme.eu.auth0.com</source>
        <translation>acme.eu.auth0.com のようなテナントのドメイン</translation>
    </message>
    <message>
        <source>{address!r} is no place for pieces.</source>
        <translation>{address!r} は断片の置き場所ではありません。</translation>
    </message>
    <message>
        <source>{address} does not accept this user and password ({words}).</source>
        <translation>{address} はこのユーザーとパスワードを受け付けません ({words})。</translation>
    </message>
    <message>
        <source>{address} wants certificates.</source>
        <translation>{address} には証明書が必要です。</translation>
    </message>
    <message>
        <source>{address} was a source before, called {name}: what was read of it is not read again. Records that were set aside and are tried again by the next run: {count}.</source>
        <translation>{address} は以前 {name} という名前のソースでした。読み取り済みのものは再度読み取られません。除外されていて次の実行で再試行されるレコード: {count} 件。</translation>
    </message>
    <message>
        <source>{archives}: whole, and none is missing.</source>
        <translation>{archives}: 完全で、欠落はありません。</translation>
    </message>
    <message>
        <source>{archive}, line {line}, SHA-256 of the line {sha256}</source>
        <translation>{archive}、{line} 行目、行の SHA-256: {sha256}</translation>
    </message>
    <message>
        <source>{choice} is not among the choices for the {list}.</source>
        <translation>{choice} は{list}の選択肢にありません。</translation>
    </message>
    <message>
        <source>{count} archives</source>
        <translation>アーカイブ {count} 件</translation>
    </message>
    <message>
        <source>{count} archives are not signed: whoever can write them could have replaced them.</source>
        <translation>{count} 個のアーカイブは署名されていません。書き込める人なら作り直せます。</translation>
    </message>
    <message>
        <source>{count} archives were made after {name}.</source>
        <translation>{name} の後に {count} 個のアーカイブが作成されています。</translation>
    </message>
    <message>
        <source>{count} bytes</source>
        <translation>{count} バイト</translation>
    </message>
    <message>
        <source>{count} days</source>
        <translation>{count} 日</translation>
    </message>
    <message>
        <source>{count} days wait.</source>
        <translation>{count} 日分が待機中です。</translation>
    </message>
    <message>
        <source>{count} events</source>
        <translation>イベント {count} 件</translation>
    </message>
    <message>
        <source>{count} events from before {day} were left out</source>
        <translation>{day} より前の {count} 件のイベントは対象外です</translation>
    </message>
    <message>
        <source>{count} files</source>
        <translation>ファイル {count} 件</translation>
    </message>
    <message>
        <source>{count} hours</source>
        <translation>{count} 時間</translation>
    </message>
    <message>
        <source>{count} minutes</source>
        <translation>{count} 分</translation>
    </message>
    <message>
        <source>{count} more were set aside, of which only the number is kept</source>
        <translation>さらに {count} 件が除外されましたが、件数のみ保持しています</translation>
    </message>
    <message>
        <source>{count} of source {name} can&apos;t be events</source>
        <translation>ソース {name} の {count} 件はイベントにできません</translation>
    </message>
    <message>
        <source>{count} problems</source>
        <translation>問題 {count} 件</translation>
    </message>
    <message>
        <source>{count} seconds</source>
        <translation>{count} 秒</translation>
    </message>
    <message>
        <source>{days} ({which}), {events}</source>
        <translation>{days} ({which})、{events}</translation>
    </message>
    <message>
        <source>{events} set aside: other events with the same ids are there already. To see them: {command}</source>
        <translation>{events}を除外: 同じ ID の別のイベントがすでにあります。表示するには: {command}</translation>
    </message>
    <message>
        <source>{events} stored.</source>
        <translation>{events}を保存しました。</translation>
    </message>
    <message>
        <source>{events} were there already.</source>
        <translation>{events}はすでにありました。</translation>
    </message>
    <message>
        <source>{files} will be read again by the next run.</source>
        <translation>次回の実行で{files}を読み直します。</translation>
    </message>
    <message>
        <source>{files}; {events} shown.</source>
        <translation>{files}。{events}を表示。</translation>
    </message>
    <message>
        <source>{file} can&apos;t be read ({reason}).</source>
        <translation>{file} を読み取れません ({reason})。</translation>
    </message>
    <message>
        <source>{file} can&apos;t be written ({why}).</source>
        <translation>{file} に書き込めません ({why})。</translation>
    </message>
    <message>
        <source>{file} is a key of PuTTY, which this program does not read.</source>
        <translation>{file} は PuTTY の鍵で、このプログラムでは読み取れません。</translation>
    </message>
    <message>
        <source>{file} is a public key.</source>
        <translation>{file} は公開鍵です。</translation>
    </message>
    <message>
        <source>{file} is damaged.</source>
        <translation>{file} は破損しています。</translation>
    </message>
    <message>
        <source>{file} is not as it should be.</source>
        <translation>{file} が正しくありません。</translation>
    </message>
    <message>
        <source>{file} was deleted.</source>
        <translation>{file} は削除されています。</translation>
    </message>
    <message>
        <source>{file}, {place}</source>
        <translation>{file}、{place}</translation>
    </message>
    <message>
        <source>{file}: as it was delivered.</source>
        <translation>{file}: 配信時のまま。</translation>
    </message>
    <message>
        <source>{first} is after {last}.</source>
        <translation>{first} は {last} より後です。</translation>
    </message>
    <message>
        <source>{first} to {last}</source>
        <translation>{first} から {last}</translation>
    </message>
    <message>
        <source>{hint}
{command}</source>
        <translation>{hint}
{command}</translation>
    </message>
    <message>
        <source>{hint} {command}</source>
        <translation>{hint} {command}</translation>
    </message>
    <message>
        <source>{host} accepted the connection and closed it without a word.</source>
        <translation>{host} は接続を受け付けましたが、何も応答せずに閉じました。</translation>
    </message>
    <message>
        <source>{host} accepted the connection and then said nothing.</source>
        <translation>{host} は接続を受け付けましたが、その後応答しませんでした。</translation>
    </message>
    <message>
        <source>{host} answers too slowly.</source>
        <translation>{host} の応答が遅すぎます。</translation>
    </message>
    <message>
        <source>{host} cut the connection when it had got the key.</source>
        <translation>{host} は鍵を受け取ったあと接続を切断しました。</translation>
    </message>
    <message>
        <source>{host} cut the connection when it had got the password.</source>
        <translation>{host} はパスワードを受け取ったところで接続を切断しました。</translation>
    </message>
    <message>
        <source>{host} did not set up the connection by the rules of SSH ({reason}).</source>
        <translation>{host} は SSH の規則どおりに接続を確立しませんでした ({reason})。</translation>
    </message>
    <message>
        <source>{host} does not answer on port {port}.</source>
        <translation>{host} はポート {port} で応答しません。</translation>
    </message>
    <message>
        <source>{host} exchanges keys by a group of {bits} bits that is too short or has no prime modulus.</source>
        <translation>{host} が鍵交換に使うグループ ({bits} ビット) は、短すぎるか、法が素数ではありません。</translation>
    </message>
    <message>
        <source>{host} gave an answer of more than {size} bytes.</source>
        <translation>{host} の応答が {size} バイトを超えています。</translation>
    </message>
    <message>
        <source>{host} gave no whole answer ({reason}).</source>
        <translation>{host} の応答が不完全です ({reason})。</translation>
    </message>
    <message>
        <source>{host} gives no token ({status}{why}).</source>
        <translation>{host} がトークンを発行しません ({status}{why})。</translation>
    </message>
    <message>
        <source>{host} gives no token just now ({status}).</source>
        <translation>{host} は現在トークンを発行しません ({status})。</translation>
    </message>
    <message>
        <source>{host} got the key and did not answer.</source>
        <translation>{host} は鍵を受け取りましたが、応答しませんでした。</translation>
    </message>
    <message>
        <source>{host} got the password and did not answer.</source>
        <translation>{host} はパスワードを受け取りましたが、応答しませんでした。</translation>
    </message>
    <message>
        <source>{host} is busy: it takes no more connections at the moment.</source>
        <translation>{host} は混雑しています。現在、新しい接続を受け付けていません。</translation>
    </message>
    <message>
        <source>{host} is too slow: after {seconds} seconds there was no end.</source>
        <translation>{host} の応答が遅すぎます。{seconds} 秒たっても処理が終わりませんでした。</translation>
    </message>
    <message>
        <source>{host} port {port}</source>
        <translation>{host} ポート {port}</translation>
    </message>
    <message>
        <source>{host} redirects in a circle.</source>
        <translation>{host} のリダイレクトが循環しています。</translation>
    </message>
    <message>
        <source>{host} redirects to another host, which would get the secret.</source>
        <translation>{host} が別のホストへリダイレクトしており、シークレットがそこへ送られてしまいます。</translation>
    </message>
    <message>
        <source>{host} refuses the address of this computer for a while.</source>
        <translation>{host} は、このコンピューターのアドレスからの接続を一時的に拒否しています。</translation>
    </message>
    <message>
        <source>{host} refuses the connection on port {port}.</source>
        <translation>{host} はポート {port} での接続を拒否しています。</translation>
    </message>
    <message>
        <source>{hours} h {minutes} min</source>
        <translation>{hours} 時間 {minutes} 分</translation>
    </message>
    <message>
        <source>{key} in {path} can&apos;t be right.</source>
        <translation>{path} の {key} が正しくありません。</translation>
    </message>
    <message>
        <source>{key} in {path} is missing.</source>
        <translation>{path} に {key} がありません。</translation>
    </message>
    <message>
        <source>{key} is missing</source>
        <translation>{key} がありません</translation>
    </message>
    <message>
        <source>{key} is missing: there is nothing at {paths}</source>
        <translation>{key} がありません: {paths} に値がありません</translation>
    </message>
    <message>
        <source>{key} is neither a text nor a whole number</source>
        <translation>{key} がテキストでも整数でもありません</translation>
    </message>
    <message>
        <source>{key} is not a text, or is empty</source>
        <translation>{key} がテキストでないか、空です</translation>
    </message>
    <message>
        <source>{line} is no rule for {key}.</source>
        <translation>{line} は {key} の規則ではありません。</translation>
    </message>
    <message>
        <source>{message}
{hint}</source>
        <translation>{message}
{hint}</translation>
    </message>
    <message>
        <source>{name} begins a second chain.</source>
        <translation>{name} は 2 つ目のチェーンを始めています。</translation>
    </message>
    <message>
        <source>{name} can&apos;t be {value!r}.</source>
        <translation>{name} に {value!r} は指定できません。</translation>
    </message>
    <message>
        <source>{name} has no time stamp: {problem} The next one goes for this archive as well.</source>
        <translation>{name} にはタイムスタンプがありません: {problem} 次のタイムスタンプがこのアーカイブにも有効です。</translation>
    </message>
    <message>
        <source>{name} is missing, number {number} of the chain: {after} was made after it.</source>
        <translation>チェーンの番号 {number}、{name} がありません。{after} はその後に作成されました。</translation>
    </message>
    <message>
        <source>{name} is not as it was delivered, and was not saved.</source>
        <translation>{name} は配信時と異なるため、保存しませんでした。</translation>
    </message>
    <message>
        <source>{name} is not on the server.</source>
        <translation>{name} はサーバーにありません。</translation>
    </message>
    <message>
        <source>{name} is not signed; {first} was, before it.</source>
        <translation>{name} は署名されていませんが、それより前の {first} は署名されています。</translation>
    </message>
    <message>
        <source>{name} is number 1, and names one before it.</source>
        <translation>{name} は番号 1 ですが、その前のものを示しています。</translation>
    </message>
    <message>
        <source>{name} is signed by {key}, which is none of the signers of {instance}.</source>
        <translation>{name} は {key} で署名されていますが、これは {instance} の署名者ではありません。</translation>
    </message>
    <message>
        <source>{name} is signed by {key}, which was not valid at {at}.</source>
        <translation>{name} は {key} で署名されていますが、この鍵は {at} の時点で有効ではありませんでした。</translation>
    </message>
    <message>
        <source>{name} is signed by {key}; by the archive before it, {due} is to sign.</source>
        <translation>{name} は {key} で署名されていますが、直前のアーカイブによれば {due} が署名するはずです。</translation>
    </message>
    <message>
        <source>{name} says that it was made at {created}, after its time stamp of {at}: a clock was wrong.</source>
        <translation>{name} の作成時刻 {created} は、タイムスタンプ {at} より後です。時計がずれていました。</translation>
    </message>
    <message>
        <source>{name} takes no value.</source>
        <translation>{name} は値を取りません。</translation>
    </message>
    <message>
        <source>{name}: it has {events} events, of {sum} it says from which source they are.</source>
        <translation>{name}: イベントは {events} 件ですが、ソースが示されているのは {sum} 件です。</translation>
    </message>
    <message>
        <source>{name}: of the source {source}, {count} more could not be read.</source>
        <translation>{name}: ソース {source} では、ほかに {count} 件を読み取れませんでした。</translation>
    </message>
    <message>
        <source>{name}: of the source {source}, {what} was not read: {reason}</source>
        <translation>{name}: ソース {source} の {what} は読み取られませんでした: {reason}</translation>
    </message>
    <message>
        <source>{name}: of {read} records of the source {source}, {sum} are accounted for.</source>
        <translation>{name}: ソース {source} のレコード {read} 件のうち、{sum} 件の行方がわかっています。</translation>
    </message>
    <message>
        <source>{name}: {problem}</source>
        <translation>{name}: {problem}</translation>
    </message>
    <message>
        <source>{one} or {other}</source>
        <translation>{one} または {other}</translation>
    </message>
    <message>
        <source>{options} belong together.</source>
        <translation>{options} は一緒に指定してください。</translation>
    </message>
    <message>
        <source>{option} is for {other}.</source>
        <translation>{option} は {other} と一緒に使います。</translation>
    </message>
    <message>
        <source>{option}: {reason}</source>
        <translation>{option}: {reason}</translation>
    </message>
    <message>
        <source>{path} can be read by other users.</source>
        <translation>{path} はほかのユーザーも読み取れます。</translation>
    </message>
    <message>
        <source>{path} can&apos;t be changed: {reason}.</source>
        <translation>{path} を変更できません: {reason}</translation>
    </message>
    <message>
        <source>{path} can&apos;t be looked at ({reason}).</source>
        <translation>{path} を確認できません ({reason})。</translation>
    </message>
    <message>
        <source>{path} can&apos;t be read ({reason}).</source>
        <translation>{path} を読み取れません ({reason})。</translation>
    </message>
    <message>
        <source>{path} could not be read or written ({reason}).</source>
        <translation>{path} を読み書きできませんでした ({reason})。</translation>
    </message>
    <message>
        <source>{path} could not be renamed ({reason}).</source>
        <translation>{path} の名前を変更できませんでした ({reason})。</translation>
    </message>
    <message>
        <source>{path} could not be written ({reason}).</source>
        <translation>{path} に書き込めませんでした ({reason})。</translation>
    </message>
    <message>
        <source>{path} does not count, for any user of this computer may have made it: {reason}. An administrator can delete it, or make file and folder the Administrators&apos; own.</source>
        <translation>{path} は無効です。このコンピューターのどのユーザーでも作成できた可能性があります: {reason}。管理者は、これを削除するか、ファイルとフォルダーの所有者を Administrators に変更できます。</translation>
    </message>
    <message>
        <source>{path} has a setting that this version does not know: {key}.</source>
        <translation>{path} に、このバージョンにない設定があります: {key}</translation>
    </message>
    <message>
        <source>{path} has a source of a kind that this version does not know: {kind}.</source>
        <translation>{path} に、このバージョンでは扱えない種類のソースがあります: {kind}。</translation>
    </message>
    <message>
        <source>{path} has no certificates in it (PEM).</source>
        <translation>{path} に証明書(PEM)がありません。</translation>
    </message>
    <message>
        <source>{path} has no settings in it.</source>
        <translation>{path} に設定がありません。</translation>
    </message>
    <message>
        <source>{path} is a folder.</source>
        <translation>{path} はフォルダーです。</translation>
    </message>
    <message>
        <source>{path} is a link, so nothing is logged.</source>
        <translation>{path} はリンクのため、何もログに記録されません。</translation>
    </message>
    <message>
        <source>{path} is a link; it must be a file.</source>
        <translation>{path} はリンクです。ファイルである必要があります。</translation>
    </message>
    <message>
        <source>{path} is no folder.</source>
        <translation>{path} はフォルダーではありません。</translation>
    </message>
    <message>
        <source>{path} is not UTF-8 text.</source>
        <translation>{path} は UTF-8 のテキストではありません。</translation>
    </message>
    <message>
        <source>{path} is not safe: {reason}.</source>
        <translation>{path} は安全ではありません: {reason}。</translation>
    </message>
    <message>
        <source>{path} is not valid TOML: {reason}.</source>
        <translation>{path} は正しい TOML ではありません: {reason}</translation>
    </message>
    <message>
        <source>{path} is there already, and is another file.</source>
        <translation>{path} はすでに存在し、別のファイルです。</translation>
    </message>
    <message>
        <source>{path} on the server is no folder.</source>
        <translation>サーバーの {path} はフォルダーではありません。</translation>
    </message>
    <message>
        <source>{path} was written by a newer version of this program (its version is {version}).</source>
        <translation>{path} は、このプログラムの新しいバージョンで書かれています (ファイルのバージョン {version})。</translation>
    </message>
    <message>
        <source>{path}: {problem}</source>
        <translation>{path}: {problem}</translation>
    </message>
    <message>
        <source>{place}, record {number}</source>
        <translation>{place}、レコード {number}</translation>
    </message>
    <message>
        <source>{previous} has the manifest that {name} was made after, but is another file.</source>
        <translation>{previous} には {name} の直前のマニフェストがありますが、別のファイルです。</translation>
    </message>
    <message>
        <source>{previous} is missing: {name} was made after it.</source>
        <translation>{previous} がありません。{name} はその後に作成されました。</translation>
    </message>
    <message>
        <source>{previous} is not the archive that {name} was made after.</source>
        <translation>{previous} は {name} の直前のアーカイブではありません。</translation>
    </message>
    <message>
        <source>{problem} Trying again in {seconds} s.</source>
        <translation>{problem} {seconds} 秒後に再試行します。</translation>
    </message>
    <message>
        <source>{problem} {more} more could not be read.</source>
        <translation>{problem} ほかに {more} 件を読み取れませんでした。</translation>
    </message>
    <message>
        <source>{problem}: are these {unit}?</source>
        <translation>{problem}: {unit}ではありませんか?</translation>
    </message>
    <message>
        <source>{program} could not be asked ({why}).</source>
        <translation>{program} に問い合わせできませんでした ({why})。</translation>
    </message>
    <message>
        <source>{reason} ({count})</source>
        <translation>{reason} ({count})</translation>
    </message>
    <message>
        <source>{records} is no list</source>
        <translation>{records} はリストではありません</translation>
    </message>
    <message>
        <source>{server!r} is no mail server.</source>
        <translation>{server!r} はメールサーバーではありません。</translation>
    </message>
    <message>
        <source>{setting}: {problem}</source>
        <translation>{setting}: {problem}</translation>
    </message>
    <message>
        <source>{status} is no status that asks to wait.</source>
        <translation>{status}は待つことを求めるステータスではありません。</translation>
    </message>
    <message>
        <source>{step} …</source>
        <translation>{step}…</translation>
    </message>
    <message>
        <source>{text!r} can&apos;t be the value of {key}.</source>
        <translation>{text!r} は {key} の値にできません。</translation>
    </message>
    <message>
        <source>{text!r} is no mail address.</source>
        <translation>{text!r} はメールアドレスではありません。</translation>
    </message>
    <message>
        <source>{text!r} is no span of time.</source>
        <translation>{text!r} は時間の長さではありません。</translation>
    </message>
    <message>
        <source>{text!r} is no time of day.</source>
        <translation>{text!r} は時刻ではありません。</translation>
    </message>
    <message>
        <source>{text!r} is no way to write times.</source>
        <translation>{text!r} は日時の書き方として使えません。</translation>
    </message>
    <message>
        <source>{text} is not of the form KEY=PATH[,PATH...] or KEY==TEXT.</source>
        <translation>{text} は KEY=PATH[,PATH...] または KEY==TEXT の形式ではありません。</translation>
    </message>
    <message>
        <source>{text} is not of the form KEY=VALUE.</source>
        <translation>{text} は KEY=VALUE の形式ではありません。</translation>
    </message>
    <message>
        <source>{text} is not of the form TABLE.KEY=VALUE.</source>
        <translation>{text} は TABLE.KEY=VALUE の形式ではありません。</translation>
    </message>
    <message>
        <source>{timer} is not enabled.</source>
        <translation>{timer} が有効になっていません。</translation>
    </message>
    <message>
        <source>{timer} was stopped.</source>
        <translation>{timer} は停止されています。</translation>
    </message>
    <message>
        <source>{url!r} is no address of a monitor.</source>
        <translation>{url!r} は監視サービスのアドレスではありません。</translation>
    </message>
    <message>
        <source>{url!r} is no address of a service.</source>
        <translation>{url!r} はサービスのアドレスではありません。</translation>
    </message>
    <message>
        <source>{url!r} is no address of a time-stamp service.</source>
        <translation>{url!r} はタイムスタンプ サービスのアドレスではありません。</translation>
    </message>
    <message>
        <source>{url!r} is no address of objects.</source>
        <translation>{url!r} はオブジェクトのアドレスではありません。</translation>
    </message>
    <message>
        <source>{url} gave no time stamp ({reason}).</source>
        <translation>{url} はタイムスタンプを返しませんでした({reason})。</translation>
    </message>
    <message>
        <source>{url} gave no time stamp of what was asked ({reason}).</source>
        <translation>{url} は依頼した内容のタイムスタンプを返しませんでした({reason})。</translation>
    </message>
    <message>
        <source>{url} gave too long an answer.</source>
        <translation>{url} の応答が長すぎます。</translation>
    </message>
    <message>
        <source>{url} is not encrypted: whoever listens would read the secret.</source>
        <translation>{url} は暗号化されていないため、盗聴者にシークレットを読まれる可能性があります。</translation>
    </message>
    <message>
        <source>{user} has a daily task of their own.</source>
        <translation>{user} には専用の毎日のタスクがあります。</translation>
    </message>
    <message>
        <source>{user} has no settings yet.</source>
        <translation>{user} の設定はまだありません。</translation>
    </message>
    <message>
        <source>{user}, by {method}</source>
        <translation>{user}、方式: {method}</translation>
    </message>
    <message>
        <source>{what} is kept in {keeper}: {explains}</source>
        <translation>{what}の保存先は {keeper} です: {explains}</translation>
    </message>
    <message>
        <source>{what} {waiting}</source>
        <translation>{what}{waiting}</translation>
    </message>
</context>
<context>
    <name>SetAsidePart</name>
    <message>
        <source>Set aside</source>
        <translation>除外</translation>
    </message>
    <message>
        <source>&amp;Try again</source>
        <translation>再試行(&amp;T)</translation>
    </message>
    <message>
        <source>Records that were set aside</source>
        <translation>除外されたレコード</translation>
    </message>
    <message>
        <source>The record as it was read</source>
        <translation>読み取ったままのレコード</translation>
    </message>
    <message>
        <source>Its content is not kept.</source>
        <translation>内容は保存されていません。</translation>
    </message>
    <message>
        <source>Place</source>
        <translation>位置</translation>
    </message>
    <message>
        <source>Where</source>
        <translation>場所</translation>
    </message>
    <message>
        <source>Why it is no event</source>
        <translation>イベントにならない理由</translation>
    </message>
</context>
<context>
    <name>Settings</name>
    <message>
        <source>&amp;Instance name</source>
        <translation>インスタンス名(&amp;I)</translation>
    </message>
    <message>
        <source>&amp;Key Exchange Algorithm</source>
        <translation>鍵交換アルゴリズム(&amp;K)</translation>
    </message>
    <message>
        <source>&amp;User</source>
        <translation>ユーザー(&amp;U)</translation>
    </message>
    <message>
        <source>25, or the 0 or 1 that some SIEMs insist on.</source>
        <translation>25 です。一部の SIEM は 0 または 1 を要求します。</translation>
    </message>
    <message>
        <source>Address of an RFC 3161 service that says when archives existed; empty for none.</source>
        <translation>アーカイブが存在した時刻を証明する RFC 3161 サービスのアドレス。使わない場合は空欄。</translation>
    </message>
    <message>
        <source>Address that a monitor wants to be called at after each daily run, with /fail at its end after a failure; empty for none.</source>
        <translation>毎日の実行後に呼び出す監視サービスのアドレス。失敗したときは末尾に /fail が付きます。使わない場合は空にします。</translation>
    </message>
    <message>
        <source>CEF version</source>
        <translation>CEF のバージョン</translation>
    </message>
    <message>
        <source>Ci&amp;phers</source>
        <translation>暗号(&amp;P)</translation>
    </message>
    <message>
        <source>Dai&amp;ly at</source>
        <translation>毎日の時刻(&amp;L)</translation>
    </message>
    <message>
        <source>Days after which delivered events are deleted here; 0 keeps all.</source>
        <translation>配信済みのイベントをここから削除するまでの日数です。0 の場合はすべて残します。</translation>
    </message>
    <message>
        <source>Device product</source>
        <translation>デバイス製品</translation>
    </message>
    <message>
        <source>Device vendor</source>
        <translation>デバイスベンダー</translation>
    </message>
    <message>
        <source>E&amp;xport</source>
        <translation>エクスポート(&amp;X)</translation>
    </message>
    <message>
        <source>Each installation starts at its own moment within this span after the daily time, as in 30m or 2h; 0m for all at that time.</source>
        <translation>各コンピューターは、毎日の時刻からこの時間内の固有の時刻に開始します (例: 30m、2h)。0m ではすべてその時刻に開始します。</translation>
    </message>
    <message>
        <source>Export &amp;format</source>
        <translation>エクスポート形式(&amp;F)</translation>
    </message>
    <message>
        <source>H&amp;MAC</source>
        <translation>HMAC(&amp;M)</translation>
    </message>
    <message>
        <source>Keep delivered events</source>
        <translation>配信済みイベントの保存</translation>
    </message>
    <message>
        <source>Key file</source>
        <translation>鍵ファイル</translation>
    </message>
    <message>
        <source>Local time of day, as in 02:00.</source>
        <translation>02:00 のような現地時刻です。</translation>
    </message>
    <message>
        <source>Log in with</source>
        <translation>ログイン方法</translation>
    </message>
    <message>
        <source>Ping a monitor</source>
        <translation>監視サービスへの ping</translation>
    </message>
    <message>
        <source>Se&amp;rver</source>
        <translation>サーバー(&amp;R)</translation>
    </message>
    <message>
        <source>Send a message each week while all is well, to the address that failures are reported to.</source>
        <translation>問題がない間、失敗の通知先に毎週メッセージを送ります。</translation>
    </message>
    <message>
        <source>Server p&amp;ath</source>
        <translation>サーバーのパス(&amp;A)</translation>
    </message>
    <message>
        <source>Spread over</source>
        <translation>分散する時間</translation>
    </message>
    <message>
        <source>Tells this installation&apos;s archives from another&apos;s on the same server path.</source>
        <translation>同じサーバーパスにある、ほかのインストールのアーカイブと区別します。</translation>
    </message>
    <message>
        <source>The SFTP server&apos;s name or address, with :port unless it is 22.</source>
        <translation>SFTP サーバーの名前またはアドレスです。ポートが 22 以外なら「:ポート」を付けます。</translation>
    </message>
    <message>
        <source>The ciphers offered to the server.</source>
        <translation>サーバーに提示する暗号です。</translation>
    </message>
    <message>
        <source>The folder on the server, as in /Users/Test/Export or C:\Exports.</source>
        <translation>サーバー上のフォルダーです。例: /Users/Test/Export、C:\Exports</translation>
    </message>
    <message>
        <source>The key exchange algorithms offered to the server.</source>
        <translation>サーバーに提示する鍵交換アルゴリズムです。</translation>
    </message>
    <message>
        <source>The message authentication codes offered to the server.</source>
        <translation>サーバーに提示するメッセージ認証コードです。</translation>
    </message>
    <message>
        <source>The private key to log in with. With an agent: the public key of the one to use; empty for all that it has.</source>
        <translation>ログインに使う秘密鍵。エージェントの場合は使う鍵の公開鍵。空ならエージェントのすべての鍵。</translation>
    </message>
    <message>
        <source>The second field of a CEF header.</source>
        <translation>CEF ヘッダーの 2 番目のフィールドです。</translation>
    </message>
    <message>
        <source>The switch: whether the daily export runs.</source>
        <translation>毎日のエクスポートを行うかどうかのスイッチです。</translation>
    </message>
    <message>
        <source>The third field of a CEF header.</source>
        <translation>CEF ヘッダーの 3 番目のフィールドです。</translation>
    </message>
    <message>
        <source>The user on the server.</source>
        <translation>サーバー上のユーザーです。</translation>
    </message>
    <message>
        <source>Time &amp;zone</source>
        <translation>タイムゾーン(&amp;Z)</translation>
    </message>
    <message>
        <source>Time-stamp service</source>
        <translation>タイムスタンプ サービス</translation>
    </message>
    <message>
        <source>Weekly report</source>
        <translation>週次レポート</translation>
    </message>
    <message>
        <source>Where a day begins and ends: local, UTC or a name such as Europe/Berlin.</source>
        <translation>1 日の区切りです。local、UTC、または Asia/Tokyo のような名前です。</translation>
    </message>
    <message>
        <source>json, or cef (Common Event Format).</source>
        <translation>json、または cef (Common Event Format) です。</translation>
    </message>
    <message>
        <source>password, key (a private key in a file) or agent (a key that an SSH agent has).</source>
        <translation>password、key (ファイルの秘密鍵)、agent (SSH エージェントの鍵) のいずれか。</translation>
    </message>
</context>
<context>
    <name>SignedOutDialog</name>
    <message>
        <source>&amp;Set up</source>
        <translation>設定(&amp;S)</translation>
    </message>
    <message>
        <source>A night on which you are not signed in is missed. Nothing is lost: the next run also exports the days that were missed.</source>
        <translation>サインインしていない夜は実行されません。失われるものはありません。次回の実行で、その分の日もエクスポートされます。</translation>
    </message>
    <message>
        <source>Run &amp;also while I am signed out</source>
        <translation>サインアウト中も実行する(&amp;A)</translation>
    </message>
    <message>
        <source>Run &amp;only while I am signed in</source>
        <translation>サインイン中だけ実行する(&amp;O)</translation>
    </message>
    <message>
        <source>The export runs every night on which this computer is on. For that, Windows wants your password and keeps it; this program does not. When you change your password in Windows, type the new one here as well: until then, nights on which you are signed out are missed.</source>
        <translation>このコンピューターの電源が入っている夜は毎回エクスポートされます。そのために Windows がパスワードを求めて保管します。このプログラムは保管しません。Windows のパスワードを変更したら、ここにも新しいパスワードを入力してください。それまでは、サインアウトしている夜は実行されません。</translation>
    </message>
    <message>
        <source>When the daily export runs</source>
        <translation>毎日のエクスポートを実行するとき</translation>
    </message>
    <message>
        <source>Your &amp;Windows password (not the PIN)</source>
        <translation>Windows のパスワード (PIN ではありません)(&amp;W)</translation>
    </message>
</context>
<context>
    <name>SourceCatalogue</name>
    <message>
        <source>Where are your audit events?</source>
        <translation>監査イベントはどこにありますか?</translation>
    </message>
    <message>
        <source>Search the catalogue</source>
        <translation>カタログを検索</translation>
    </message>
    <message>
        <source>Search: Okta, CSV, PostgreSQL, S3 …</source>
        <translation>検索: Okta、CSV、PostgreSQL、S3 …</translation>
    </message>
    <message>
        <source>Where events can be collected from</source>
        <translation>イベントを収集できる場所</translation>
    </message>
    <message>
        <source>Nothing else matches. Another service can be collected from if it has an audit API in JSON; files that it writes can be collected from a folder.</source>
        <translation>ほかに一致するものはありません。JSON の監査 API を持つサービスであれば収集でき、書き出されたファイルはフォルダーから収集できます。</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>キャンセル</translation>
    </message>
    <message>
        <source>&amp;Next</source>
        <translation>次へ(&amp;N)</translation>
    </message>
    <message>
        <source>At a service</source>
        <translation>サービス</translation>
    </message>
    <message>
        <source>On a server</source>
        <translation>サーバー上</translation>
    </message>
    <message>
        <source>On this computer</source>
        <translation>このコンピューター上</translation>
    </message>
</context>
<context>
    <name>SourceEditor</name>
    <message>
        <source>&amp;Name</source>
        <translation>名前(&amp;N)</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>名前</translation>
    </message>
    <message>
        <source>More settings</source>
        <translation>その他の設定</translation>
    </message>
    <message>
        <source>&amp;Records of</source>
        <translation>レコードの種類(&amp;R)</translation>
    </message>
    <message>
        <source>Records of</source>
        <translation>レコードの種類</translation>
    </message>
    <message>
        <source>Times</source>
        <translation>日時</translation>
    </message>
    <message>
        <source>How times are written</source>
        <translation>日時の書き方</translation>
    </message>
    <message>
        <source>&amp;Zone</source>
        <translation>時間帯(&amp;Z)</translation>
    </message>
    <message>
        <source>Zone of times without one</source>
        <translation>時間帯のない日時の時間帯</translation>
    </message>
    <message>
        <source>of times without one: UTC, or a name such as Europe/Berlin</source>
        <translation>時間帯のない日時用: UTC、または Europe/Berlin のような名前</translation>
    </message>
    <message>
        <source>Events in a record</source>
        <translation>レコード内のイベント</translation>
    </message>
    <message>
        <source>Key path of a list of events in a record</source>
        <translation>レコード内のイベントのリストのキーパス</translation>
    </message>
    <message>
        <source>the key path of a list, each thing in which is an event</source>
        <translation>各要素がイベントであるリストのキーパス</translation>
    </message>
    <message>
        <source>Where an event&apos;s values are in a record</source>
        <translation>イベントの値がレコードのどこにあるか</translation>
    </message>
    <message>
        <source>A key path such as user.name; of several with commas, the first that fits counts. =text is always that text, {first} {last} a template. What is not mapped is kept as it is.</source>
        <translation>user.name のようなキーパスです。カンマ区切りで複数ある場合は、最初に適合したものを使います。=テキスト は常にそのテキスト、{first} {last} はテンプレートです。マッピングしないものはそのまま残ります。</translation>
    </message>
    <message>
        <source>Back</source>
        <translation>戻る</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>キャンセル</translation>
    </message>
    <message>
        <source>Sa&amp;ve source</source>
        <translation>ソースを保存(&amp;V)</translation>
    </message>
    <message>
        <source>Another system: map them below</source>
        <translation>その他のシステム (下で割り当て)</translation>
    </message>
    <message>
        <source>Create there: {what}</source>
        <translation>作成するもの: {what}</translation>
    </message>
    <message>
        <source>Fill in where the records are to see how they become events.</source>
        <translation>レコードの場所を入力すると、どのようにイベントになるかが表示されます。</translation>
    </message>
    <message>
        <source>Keeps its events for {days} days.</source>
        <translation>イベントの保存期間は {days} 日です。</translation>
    </message>
    <message>
        <source>Looking at the first records…</source>
        <translation>最初のレコードを確認しています…</translation>
    </message>
    <message>
        <source>New source: {title}</source>
        <translation>新しいソース: {title}</translation>
    </message>
    <message>
        <source>The right it needs: {right}</source>
        <translation>必要な権限: {right}</translation>
    </message>
    <message>
        <source>When all is filled in, test it and see how the first records become events.</source>
        <translation>すべて入力したら、テストして最初のレコードがどのようにイベントになるかを確認します。</translation>
    </message>
    <message>
        <source>Source {name}</source>
        <translation>ソース {name}</translation>
    </message>
</context>
<context>
    <name>SourcePreview</name>
    <message>
        <source>Preview</source>
        <translation>プレビュー</translation>
    </message>
    <message>
        <source>Test and preview</source>
        <translation>テストとプレビュー</translation>
    </message>
    <message>
        <source>Preview of the first records</source>
        <translation>最初のレコードのプレビュー</translation>
    </message>
    <message>
        <source>As it was read</source>
        <translation>読み取ったまま</translation>
    </message>
    <message>
        <source>The record that was chosen, as it was read</source>
        <translation>選択したレコード（読み取ったまま）</translation>
    </message>
    <message>
        <source>As it is exported</source>
        <translation>エクスポートされる形</translation>
    </message>
    <message>
        <source>The event that was chosen, as it is exported</source>
        <translation>選択したイベント (エクスポートされる形)</translation>
    </message>
    <message>
        <source>Action</source>
        <translation>操作</translation>
    </message>
    <message>
        <source>Entity</source>
        <translation>対象</translation>
    </message>
    <message>
        <source>Entity type</source>
        <translation>対象の種類</translation>
    </message>
    <message>
        <source>It is set aside: {reason}</source>
        <translation>除外されます: {reason}</translation>
    </message>
    <message>
        <source>No records were found there. {things}: {count}</source>
        <translation>レコードが見つかりませんでした。{things}: {count}</translation>
    </message>
    <message>
        <source>Of the first {records} records, events: {events}, set aside: {set_aside}. {things}: {count}</source>
        <translation>最初の {records} 件のうち、イベント: {events}、除外: {set_aside}。{things}: {count}</translation>
    </message>
    <message>
        <source>When</source>
        <translation>日時</translation>
    </message>
</context>
<context>
    <name>SourcesModel</name>
    <message>
        <source>Name</source>
        <translation>名前</translation>
    </message>
    <message>
        <source>Last read</source>
        <translation>最終収集</translation>
    </message>
    <message>
        <source>Set aside</source>
        <translation>除外</translation>
    </message>
    <message>
        <source>Stored</source>
        <translation>保存</translation>
    </message>
    <message>
        <source>Where</source>
        <translation>場所</translation>
    </message>
    <message>
        <source>not yet</source>
        <translation>未収集</translation>
    </message>
</context>
<context>
    <name>SourcesPage</name>
    <message>
        <source>Sources</source>
        <translation>ソース</translation>
    </message>
    <message>
        <source>&amp;Add a source</source>
        <translation>ソースを追加(&amp;A)</translation>
    </message>
    <message>
        <source>Before every export, new events are collected from these places. What &quot;audit-trails-export record&quot; stores is exported anyway.</source>
        <translation>エクスポートのたびに、これらの場所から新しいイベントを収集します。「audit-trails-export record」で保存したものは、いずれにしてもエクスポートされます。</translation>
    </message>
    <message>
        <source>No sources yet</source>
        <translation>ソースはまだありません</translation>
    </message>
    <message>
        <source>Add the place where your audit events are: a service, a database, a folder of files.</source>
        <translation>監査イベントのある場所（サービス、データベース、ファイルのフォルダー）を追加してください。</translation>
    </message>
    <message>
        <source>&amp;Change…</source>
        <translation>変更(&amp;C)…</translation>
    </message>
    <message>
        <source>&amp;Remove…</source>
        <translation>削除(&amp;R)…</translation>
    </message>
    <message>
        <source>&amp;Discard the changes</source>
        <translation>変更を破棄(&amp;D)</translation>
    </message>
    <message>
        <source>&amp;Remove</source>
        <translation>削除(&amp;R)</translation>
    </message>
    <message>
        <source>Files that the next export reads again: {count}.</source>
        <translation>次のエクスポートで再度読み取るファイル: {count}。</translation>
    </message>
    <message>
        <source>Go to Export</source>
        <translation>「エクスポート」へ</translation>
    </message>
    <message>
        <source>Its files stay as they are.</source>
        <translation>ファイルはそのまま残ります。</translation>
    </message>
    <message>
        <source>Tried again: {tried}. Stored: {stored}, repeated: {repeated}, set aside: {set_aside}.</source>
        <translation>再試行: {tried}。保存: {stored}、重複: {repeated}、除外: {set_aside}。</translation>
    </message>
    <message>
        <source>Remove the source {name}?</source>
        <translation>ソース {name} を削除しますか。</translation>
    </message>
    <message>
        <source>Keep &amp;editing</source>
        <translation>編集を続ける(&amp;E)</translation>
    </message>
    <message>
        <source>The source is not saved.</source>
        <translation>ソースは保存されていません。</translation>
    </message>
    <message>
        <source>Your organisation has set the sources of this computer.</source>
        <translation>このコンピューターのソースは、組織によって設定されています。</translation>
    </message>
</context>
<context>
    <name>StandingLine</name>
    <message>
        <source>Details</source>
        <translation>詳細</translation>
    </message>
    <message>
        <source>Later</source>
        <translation>後で</translation>
    </message>
</context>
<context>
    <name>StatusTiles</name>
    <message numerus="yes">
        <source>%n day(s)</source>
        <translation>
            <numerusform>%n 日分</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n event(s) delivered</source>
        <translation>
            <numerusform>%n 件のイベントを配信しました</numerusform>
        </translation>
    </message>
    <message>
        <source>0 days</source>
        <translation>0 日分</translation>
    </message>
    <message>
        <source>All days that ended are on the server.</source>
        <translation>終了した日はすべてサーバーにあります。</translation>
    </message>
    <message>
        <source>By your own scheduler</source>
        <translation>お使いのスケジューラー</translation>
    </message>
    <message>
        <source>Failed</source>
        <translation>失敗</translation>
    </message>
    <message>
        <source>Failed: {why}</source>
        <translation>失敗: {why}</translation>
    </message>
    <message>
        <source>Interrupted. The next export continues.</source>
        <translation>中断されました。次回のエクスポートで続行します。</translation>
    </message>
    <message>
        <source>None</source>
        <translation>なし</translation>
    </message>
    <message>
        <source>None yet</source>
        <translation>まだありません</translation>
    </message>
    <message>
        <source>Not arranged</source>
        <translation>未設定</translation>
    </message>
    <message>
        <source>Not known</source>
        <translation>不明</translation>
    </message>
    <message>
        <source>Nothing waits.</source>
        <translation>待機中のものはありません。</translation>
    </message>
    <message>
        <source>Nothing was due.</source>
        <translation>対象はありませんでした。</translation>
    </message>
    <message>
        <source>Running now</source>
        <translation>実行中</translation>
    </message>
    <message>
        <source>See above.</source>
        <translation>上記を参照してください。</translation>
    </message>
    <message>
        <source>Since {when}, by the daily task</source>
        <translation>{when}から（毎日のタスク）</translation>
    </message>
    <message>
        <source>Since {when}, from the command line</source>
        <translation>{when}から（コマンドライン）</translation>
    </message>
    <message>
        <source>Stopped. The next export continues.</source>
        <translation>停止しました。次回のエクスポートで続行します。</translation>
    </message>
    <message>
        <source>Since {when}, from this window</source>
        <translation>{when} から、このウィンドウ</translation>
    </message>
    <message>
        <source>Started by {scheduler}, also while you are signed out</source>
        <translation>{scheduler} により、サインアウト中も実行</translation>
    </message>
    <message>
        <source>Started by {scheduler}, only while you are signed in</source>
        <translation>{scheduler} により、サインイン中だけ実行</translation>
    </message>
    <message>
        <source>The export is off.</source>
        <translation>エクスポートはオフです。</translation>
    </message>
    <message>
        <source>What was delivered will be here.</source>
        <translation>配信した内容がここに表示されます。</translation>
    </message>
    <message numerus="yes">
        <source>{which}, %n event(s)</source>
        <translation>
            <numerusform>{which}、イベント %n 件</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>Stepper</name>
    <message>
        <source>Events from</source>
        <translation>イベントの取得元</translation>
    </message>
    <message>
        <source>Server</source>
        <translation>サーバー</translation>
    </message>
    <message>
        <source>Switch on</source>
        <translation>オンにする</translation>
    </message>
</context>
<context>
    <name>StepsStrip</name>
    <message>
        <source>Agreeing on algorithms</source>
        <translation>アルゴリズムを合意しています</translation>
    </message>
    <message>
        <source>Algorithms</source>
        <translation>アルゴリズム</translation>
    </message>
    <message>
        <source>Algorithms agreed</source>
        <translation>アルゴリズムに合意</translation>
    </message>
    <message>
        <source>Checking the host key</source>
        <translation>ホスト鍵を確認しています</translation>
    </message>
    <message>
        <source>Connected</source>
        <translation>接続済み</translation>
    </message>
    <message>
        <source>Connecting</source>
        <translation>接続しています</translation>
    </message>
    <message>
        <source>Connection</source>
        <translation>接続</translation>
    </message>
    <message>
        <source>Deleted</source>
        <translation>削除済み</translation>
    </message>
    <message>
        <source>Deleting</source>
        <translation>削除</translation>
    </message>
    <message>
        <source>Deleting it</source>
        <translation>削除しています</translation>
    </message>
    <message>
        <source>Host key</source>
        <translation>ホスト鍵</translation>
    </message>
    <message>
        <source>Host key known</source>
        <translation>ホスト鍵を確認</translation>
    </message>
    <message>
        <source>Looking for the path</source>
        <translation>パスを確認しています</translation>
    </message>
    <message>
        <source>Looking up the name</source>
        <translation>名前を解決しています</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>名前</translation>
    </message>
    <message>
        <source>Name found</source>
        <translation>名前を解決</translation>
    </message>
    <message>
        <source>Path found</source>
        <translation>パスを確認</translation>
    </message>
    <message>
        <source>Renamed</source>
        <translation>名前を変更</translation>
    </message>
    <message>
        <source>Renaming</source>
        <translation>名前の変更</translation>
    </message>
    <message>
        <source>Renaming it</source>
        <translation>名前を変更しています</translation>
    </message>
    <message>
        <source>Server path</source>
        <translation>サーバーのパス</translation>
    </message>
    <message>
        <source>Sign-in</source>
        <translation>サインイン</translation>
    </message>
    <message>
        <source>Signed in</source>
        <translation>サインイン済み</translation>
    </message>
    <message>
        <source>Signing in</source>
        <translation>サインインしています</translation>
    </message>
    <message>
        <source>Writing</source>
        <translation>書き込み</translation>
    </message>
    <message>
        <source>Writing a file</source>
        <translation>ファイルを書き込んでいます</translation>
    </message>
    <message>
        <source>Written</source>
        <translation>書き込み済み</translation>
    </message>
    <message>
        <source>{step} failed</source>
        <translation>{step}に失敗</translation>
    </message>
    <message>
        <source>Whose host key is it?</source>
        <translation>誰のホスト鍵ですか。</translation>
    </message>
</context>
<context>
    <name>Summary</name>
    <message numerus="yes">
        <source>%n HMAC(s)</source>
        <translation>
            <numerusform>HMAC %n 件</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n cipher(s)</source>
        <translation>
            <numerusform>暗号 %n 件</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n key exchange(s)</source>
        <translation>
            <numerusform>鍵交換 %n 件</numerusform>
        </translation>
    </message>
    <message>
        <source>E&amp;dit</source>
        <translation>編集(&amp;D)</translation>
    </message>
    <message>
        <source>S&amp;how all settings</source>
        <translation>すべての設定を表示(&amp;H)</translation>
    </message>
    <message>
        <source>SSH agent</source>
        <translation>SSH エージェント</translation>
    </message>
    <message>
        <source>SSH key</source>
        <translation>SSH 鍵</translation>
    </message>
    <message>
        <source>Show fewer settings</source>
        <translation>表示する設定を減らす</translation>
    </message>
    <message>
        <source>by your own scheduler</source>
        <translation>お使いのスケジューラーで実行</translation>
    </message>
    <message>
        <source>daily {time}</source>
        <translation>毎日 {time}</translation>
    </message>
    <message>
        <source>{algorithms}; {weak} weak</source>
        <translation>{algorithms}; うち弱いもの {weak} 件</translation>
    </message>
</context>
<context>
    <name>Switch</name>
    <message>
        <source>OFF</source>
        <translation>オフ</translation>
    </message>
    <message>
        <source>ON</source>
        <translation>オン</translation>
    </message>
</context>
<context>
    <name>TaskRuns</name>
    <message>
        <source>Change</source>
        <translation>変更</translation>
    </message>
    <message>
        <source>Choose whether the daily task runs also while you are signed out</source>
        <translation>毎日のタスクをサインアウト中も実行するかどうかを選ぶ</translation>
    </message>
    <message>
        <source>Not known now</source>
        <translation>現在は不明です</translation>
    </message>
    <message>
        <source>Run also while I am signed out</source>
        <translation>サインアウト中も実行する</translation>
    </message>
    <message>
        <source>Runs also while you are signed out</source>
        <translation>サインアウト中も実行されます</translation>
    </message>
    <message>
        <source>Runs only while you are signed in</source>
        <translation>サインイン中だけ実行されます</translation>
    </message>
    <message>
        <source>Set up once the export is on</source>
        <translation>エクスポートをオンにすると設定されます</translation>
    </message>
</context>
<context>
    <name>TestedSave</name>
    <message>
        <source>Not tested yet. To be fixed: {fields}</source>
        <translation>まだテストしていません。修正が必要: {fields}</translation>
    </message>
    <message>
        <source>The test was stopped. Nothing was saved.</source>
        <translation>テストを中止しました。何も保存していません。</translation>
    </message>
</context>
<context>
    <name>TimeRows</name>
    <message>
        <source>as they are recognised</source>
        <translation>自動認識</translation>
    </message>
    <message>
        <source>{written} is {time}: {how}.</source>
        <translation>{written} は {time} です: {how}。</translation>
    </message>
</context>
<context>
    <name>TrailsPage</name>
    <message>
        <source>Progress of the search</source>
        <translation>検索の進み具合</translation>
    </message>
    <message>
        <source>Show all events</source>
        <translation>すべてのイベントを表示</translation>
    </message>
    <message>
        <source>Hand o&amp;ver</source>
        <translation>渡す(&amp;V)</translation>
    </message>
    <message>
        <source>Writes events, each with its archive, line and signature, to a file</source>
        <translation>イベントを、アーカイブ・行・署名とともにファイルに書き出します</translation>
    </message>
    <message>
        <source>Events that are recorded or collected appear here, the newest first. Add a place to collect them from on the page Sources.</source>
        <translation>記録または収集されたイベントが新しい順にここに表示されます。収集元は「ソース」ページで追加できます。</translation>
    </message>
    <message>
        <source>Go to Sources</source>
        <translation>「ソース」へ</translation>
    </message>
    <message>
        <source>Events</source>
        <translation>イベント</translation>
    </message>
    <message>
        <source>Choose an event to see its states before and after</source>
        <translation>イベントを選ぶと、変更前と変更後の状態が表示されます</translation>
    </message>
    <message>
        <source>No events yet</source>
        <translation>まだイベントはありません</translation>
    </message>
    <message numerus="yes">
        <source>%Ln event(s)</source>
        <translation>
            <numerusform>イベント %Ln 件</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln event(s) searched</source>
        <translation>
            <numerusform>%Ln 件を検索済み</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln found</source>
        <translation>
            <numerusform>%Ln 件見つかりました</numerusform>
        </translation>
    </message>
    <message>
        <source>Delivered</source>
        <translation>配信済み</translation>
    </message>
    <message>
        <source>Find events</source>
        <translation>イベントを検索</translation>
    </message>
    <message>
        <source>No event matches.</source>
        <translation>一致するイベントはありません。</translation>
    </message>
    <message numerus="yes">
        <source>Searching … %Ln found so far</source>
        <translation>
            <numerusform>検索しています… これまでに %Ln 件</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>Unexpected</name>
    <message>
        <source>Nothing that was saved or delivered is lost. What happened is in the log:
{log}</source>
        <translation>保存または配信したものは失われていません。何が起きたかはログにあります:
{log}</translation>
    </message>
    <message>
        <source>Something went wrong inside this program.</source>
        <translation>このプログラムの内部で問題が発生しました。</translation>
    </message>
</context>
<context>
    <name>_Delegate</name>
    <message>
        <source>weak</source>
        <translation>脆弱</translation>
    </message>
</context>
</TS>
