<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="de" sourcelanguage="en">
<context>
    <name>MainWindow</name>
    <message>
        <source>Audit Trails Export</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Audit Trails</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Help</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Log, archive folder, documentation and version</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Export</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Sources</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A&amp;bout</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>About</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Admin</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Audit &amp;trails</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>H&amp;istory</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Infrastructure</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Open the &amp;archive folder</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Open the &amp;log</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Version {version}

Settings: {settings}
Data: {data}</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>Said</name>
    <message>
        <source>, </source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>, </source>
        <comment>between the parts of a list</comment>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A port is a number from 1 to 65535.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A source can&apos;t be called {name!r}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>An administrator must make sure that users can&apos;t write it; nothing runs until then.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Another export is running: process {pid}, started {time} by {by}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Another export of this configuration is running.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Ask its administrator for an Ed25519, ECDSA or RSA (SHA-2) host key.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Ask its administrator for the right to write, rename and delete there.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Ask its administrator to allow {choice}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Ask its administrator to make room; the next run goes on.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Ask its administrator.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Close it: chmod 600 {path}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Compare the fingerprint with the one its administrator gave you, then accept it.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Create it again.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Delete it. Then set the password again.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Did you mean {key}?</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Does it work from a terminal?</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Either the server was set up anew, or someone is in between. Nothing was sent. Ask its administrator before you accept the new key.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Events can&apos;t be kept for {days} days.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Fill that in.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Give each a name of its own.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Give it a name to know it by.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>HMAC</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Have a scheduler of yours start this once a day:</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>If the file is damaged, put back a copy of it; it holds the events that wait for export.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>If the file is damaged, put back a copy of it; without it, everything is exported again.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Install that version again.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Install that version again; the file was not changed.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Is it there, and may this user read it?</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Is its SFTP service on?</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Is its folder writable?</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Is the disk full or read-only?</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Is the name right, and does this computer have a network?</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Is the name right, does the server run, and may this computer reach it?</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Is the port right?</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Is the port that of its SFTP service?</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Is there room on the disk of {folder}?</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Is there room on the disk, and may you write there?</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Is {key} meant?</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>It accepts {methods}, but no password.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>It becomes part of every CEF line.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>It does nothing now. Remove it later.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>It is sent again.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>It is tried again by the next run. Is the file whole, and may this user read it?</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>It must be {kind}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>It said: {last_words}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>It wants {methods} as well, which this program does not have.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>It was tried once. Are both right, and is the account not locked?</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Its user needs the right to rename there.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>KWallet</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Likely its disk is full, or a quota is reached.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Line {number} can&apos;t be an audit event: {reason}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Make it anew.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>May you read that file?</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>May you write there?</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>May you write to {folder}?</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Mend that line, or put back an older copy.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Mend that line; nothing was saved.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Move it to a folder whose name has no such end.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Name a folder.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Name archives, or a folder with archives in it.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Name its folder.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Nothing is ticked in {list}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Nothing on this computer starts the export daily.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Nothing was changed. Ask the server&apos;s administrator for the fingerprint.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Nothing was saved, for the daily task can&apos;t be set up. {why}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Nothing was stored. Mend that line and record all of them again.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Of the choices here it accepts {choices}: tick one of them.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>One in a desktop&apos;s keyring can be read only while its user is signed in. Otherwise, set it anew.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Only an administrator can change it, in {path}. Nothing was changed.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Put back an older copy of it.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Put it back, or set the password again.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Remove it there.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>SHA-1 is being retired; prefer a SHA-2 choice where the server has one.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>SHA-1 no longer withstands collisions; for old servers only.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>See all keys:</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Set the password again.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Source {name!r} has no folder that can be named.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Source {name}: {path} and {more} more can&apos;t be read ({reason}).</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Source {name}: {path} can&apos;t be read ({reason}).</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Sources have commands of their own:</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Switch the export on, and save.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The archive {name} could not be written ({reason}).</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The choices: {choices}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The connection to {host} was cut while it was being set up.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The connection to {host} was cut while logging in.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The connection to {host} was lost.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The daily task runs only while you are logged in.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The export is not configured yet; still missing: {fields}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The export is off, but its daily task is still there.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The export is on, but its daily task is not there.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The export is switched off, but its daily task could not be removed. {why}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The folder {folder} of source {name} can&apos;t be read ({reason}).</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The home folder of this user is {home}. Create the folder, or mend the path.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The host key of {server} has changed: it was {before}, now it is {now}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The host key of {server} is {seen}, not {expected}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The instance name {name!r} can&apos;t be part of a file name.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The journal may say more: journalctl -e</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The key of the stored password, {key}, is missing.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The ledger could not be written ({reason}).</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The ledger {path} can&apos;t be used ({reason}).</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The ledger {path} was written by a newer version of this program.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The lock file {path} can&apos;t be written ({reason}).</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The mapping of source {name!r} has a control character in it.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The password could not be kept anywhere.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The password has a command of its own:</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The password has characters in it that are no text.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The password in {file} can&apos;t be decrypted with {key}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The pattern {pattern!r} of source {name!r} can&apos;t name files inside its folder.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The scheduler started the daily task, and it ended without a run.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The server could not {doing} in {path} and gave no clear reason ({reason}).</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The server did not accept user {user} and this password.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The server has a user in it.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The server is written as a web address.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The server lets {user} in, but not to SFTP.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The server may be too busy; is the port that of its SFTP service?</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The server neither renamed a file nor said that it can&apos;t.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The server refused to rename a file in {path} ({reason}).</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The server {text!r} is neither a name nor an address.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The server&apos;s disk is full.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The server&apos;s log may say why.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The store could not be written ({reason}).</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The store {path} can&apos;t be used ({reason}).</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The store {path} was written by a newer version of this program.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The version in {path} can&apos;t be right.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The {field} must be a text of 1 to {limit} characters.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>There are no archives here.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>There is a control character in this: {field}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>There is no daily task on this computer.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>There is no folder {path} on the server any more.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>There is no folder {path} on the server for user {user}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>There is no password for {account} that can be read now.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>There is no port {port}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>There is no server called {host}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>There is no setting {key!r}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>There is no time zone {name!r}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This is the first connection to {server}, whose host key is {key}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This program writes {version}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Tick at least one of {choices}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Two sources are called {name}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Type it anew, or pass it as UTF-8.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Type it anew.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Use a folder whose name is text on one line.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Use up to 63 letters, digits, dots, dashes and underscores.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>User {user} may not read {path} on the server.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>User {user} may read {path} on the server, but not {doing} there.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Wait until it has ended, then try again.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>What answers on port {port} of {host} is not SSH (it says &quot;{line}&quot;).</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>What arrived on the server is not what was sent ({arrived} of {size} bytes, or changed ones).</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>What was sent so far is sent again by the next attempt.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Windows Credential Manager</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Windows encrypts it with this user&apos;s sign-in.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Write 1 to {most}, or 0 to keep all of them.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Write it as 02:00 or 23:30.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Write it as sftp.example.com, sftp.example.com:2222 or [2001:db8::1]:2222.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Write it relative to the folder, as in **/*.json*; ** stands alone between slashes.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Write it there.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Write local, UTC, or a name such as Europe/Berlin.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Write {host} instead, and the user under User.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Write {host} instead.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Write {kind}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>You and this server have no type of host key in common.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>You and this server have no {list} in common: {ticked} is ticked, it offers {offered}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Your organisation has set this: {keys}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>a \u escape is not a whole character</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>a file of this program</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>a list</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>a table</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>a text</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>a whole number</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>all of it</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>byte {position}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>cipher</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>createdAt has an offset that there is not: {offset}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>createdAt is neither an ISO 8601 time nor milliseconds since 1970</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>createdAt is no ISO 8601 time with an offset: {text}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>createdAt is no time that there is: {text}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>createdAt is outside of the years 1 to 9999: {text}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>delete</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>device product</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>device vendor</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>done</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>hand</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>id is not a text of 1 to {most} characters</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>it belongs to {owner}, not to the Administrators</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>it can&apos;t be read ({reason})</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>it does not belong to root</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>it has no {records}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>it is encrypted, and both the file and its key can be read by this user (and administrators) alone.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>it is encrypted, and can be read only while this user&apos;s keyring is unlocked.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>it is encrypted, and can be read only while this user&apos;s wallet is open.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>it is larger than {size} MB; use JSON Lines</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>it is nested more than {levels} levels deep</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>it is no JSON object</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>it is not JSON: {reason}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>it is not UTF-8</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>key exchange</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>macOS encrypts it with this user&apos;s sign-in.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>one of {choices}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>others than root may write it (mode {mode:o})</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>read</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>record {number}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>rename</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>server</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>server path</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>severity is neither one of {words} nor 0 to 10</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>systemd can&apos;t start a program in {path}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>systemd can&apos;t take the path {path}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>systemd refused: {complaint}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the Secret Service of this desktop</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the daily task</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the form</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the macOS Keychain</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>true or false</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>user</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>write</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{choice} is not among the choices of {list}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{count} bytes</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{file} can&apos;t be read ({why}).</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{file} can&apos;t be written ({why}).</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{file} is damaged.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{file} is not as it should be.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{file} was deleted.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{file}, {place}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{host} accepted the connection and then said nothing.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{host} did not set up the connection by the rules of SSH ({reason}).</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{host} does not answer on port {port}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{host} port {port}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{host} refuses the connection on port {port}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{key} in {path} can&apos;t be right.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{key} in {path} is missing.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{key} is missing</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{key} is neither a text nor a whole number</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{key} is not a text, or is empty</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{one} or {other}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{path} can be read by other users.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{path} can&apos;t be changed: {reason}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{path} can&apos;t be looked at ({reason}).</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{path} can&apos;t be read ({reason}).</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{path} could not be written ({reason}).</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{path} has a setting that this version does not know: {key}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{path} is not UTF-8 text.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{path} is not safe: {reason}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{path} is not valid TOML: {reason}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{path} on the server is no folder.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{path} was written by a newer version of this program (its version is {version}).</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{path}: {problem}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{program} could not be asked ({why}).</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{records} is no list</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{text!r} can&apos;t be the value of {key}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{text!r} is no time of day.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{timer} is not enabled.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{timer} was stopped.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{user}, by {method}</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>Unexpected</name>
    <message>
        <source>Nothing that was saved or delivered is lost. What happened is in the log:
{log}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Something went wrong inside this program.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
</TS>
