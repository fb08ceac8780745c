<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="de" sourcelanguage="en">
<context>
    <name>AlgorithmList</name>
    <message>
        <source>this server offers it</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>weak</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>ArchiveModel</name>
    <message>
        <source>Archive</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Events</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Size</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>ChangedHostKeyDialog</name>
    <message>
        <source>&amp;Trust the new key</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Either it was set up anew, or someone is in between and reads along. Nothing was sent. Ask its administrator for the fingerprint of its host key before you go on.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Now</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The &amp;fingerprint that the administrator gave you:</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The fingerprint that the administrator gave you</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The host key has changed</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Until now</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{server} has another host key than before.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>✓ This is the key that the server has now.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>✗ This is not the key that the server has now.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>DayChart</name>
    <message numerus="yes">
        <source>%Ln day(s) delivered, {events} events</source>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln day(s) failed</source>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln day(s) missing</source>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln day(s) waiting</source>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln event(s) delivered</source>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln event(s) so far</source>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln event(s) waiting</source>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message>
        <source>Events per day</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Today</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>delivered</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>missing: no export ran</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the export failed</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>today</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>waiting for the next run</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>DifferenceModel</name>
    <message>
        <source>After</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Before</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Difference</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Value</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>added</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>changed</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>removed</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the same</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>EventModel</name>
    <message>
        <source>Action</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Actor</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Delivered</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Entity</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Export</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Time</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Waiting</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>ExportForm</name>
    <message>
        <source>25 as on the admin page. Choose 0 or 1 where your SIEM takes no other.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>An archive is called {name}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Set by your organisation.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The password of the user on the server.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This computer&apos;s</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>ExportPage</name>
    <message>
        <source>Audit Trails</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Export &amp;now</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Pass&amp;word</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Defaults</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>All</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>M&amp;ore: time of day, time zone, instance name</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Cancel</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>E&amp;dit</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Test Connection and Sa&amp;ve</source>
        <translation type="unfinished"></translation>
    </message>
    <message numerus="yes">
        <source>%n archive(s) delivered</source>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n event(s)</source>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message>
        <source>A tick in a circle: this server offers it.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Compare the fingerprint</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Keep the file aside and begin anew</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Last export</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Mend it</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Next export</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Not tested yet. To be mended: {fields}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Nothing is due: all is on the server.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Open the file</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Read it again</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Saved. The next export is {when}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Select what the server offers</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Switch it on</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Test Connection and Save keeps them.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Test the daily task</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Tested and saved.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Tested and saved. The daily export is off.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The daily export is off. The settings are kept.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The daily task is running …</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The daily task works.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The export was stopped.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The next one goes on where it ended.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The old settings are in {file}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The password is in {place}: {protection}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The test was stopped. Nothing was saved.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>There are changes that are not saved.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This computer&apos;s clock stands before the last export.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Unsaved changes</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Waiting</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Was it set back?</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>Formats</name>
    <message>
        <source>d MMM</source>
        <comment>a day without its year, in the letters of QDate</comment>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{hours} h {minutes} min</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{minutes} min {seconds} s</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{seconds} s</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>HistoryPage</name>
    <message>
        <source>History</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Events per day</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Find</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Day, archive, message or who</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Find runs</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Outcome</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Outcome</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Runs</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Choose a run to see its message or its archives</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No run matches. Clear the filter to see all.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Archives of this run</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Copy &amp;name</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Copies the name of the chosen archive</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Copy SHA-&amp;256</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Copies the SHA-256 of the chosen archive, which proves that a file is this archive</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Check a copy…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Compares a file with the archive that was delivered</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No runs yet</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A copy of {name}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>All</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Archives (*.zip)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Copied.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Daily task</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Delivered</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Each run of the export will be listed here. Switch the export on, or use Export now.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Every day that has ended was on the server already.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Failed</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Interrupted</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Nothing due</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Reading {name} …</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The first one is due {when}. To see one at once, use Export now.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This run has not ended yet.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This run was ended from outside. The next goes on where it was: nothing is lost or sent twice.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{outcome} · {when} · {by}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>✓ {name} is the archive that was delivered.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>✗ {name} is not the archive that was delivered.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
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
    <name>MappingModel</name>
    <message>
        <source>Event</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>First value</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Key path in the record</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>its own key {key}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{key} (needed)</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>NearTime</name>
    <message>
        <source>Today {time}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Tomorrow {time}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Yesterday {time}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{day}, {time}</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>NewHostKeyDialog</name>
    <message>
        <source>&amp;Trust and continue</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Compare its fingerprint with the one that its administrator gave you. A Linux server shows it with ssh-keygen -lf on the file of its host key.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Fingerprint</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Host key</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This is the first time that you connect to {server}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Type</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>Notice</name>
    <message>
        <source>Close this message</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>PasswordEdit</name>
    <message>
        <source>Hide the password</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Show the password</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>unchanged</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>RunModel</name>
    <message>
        <source>By</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>By hand</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Daily task</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Days</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Delivered</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Events</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Failed</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Interrupted</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Nothing due</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Outcome</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Running</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Size</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Started</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This window</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Took</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{first} to {last}</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>RunProgress</name>
    <message>
        <source>Archiving {day}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Collecting from {source}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Connecting to {server} …</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Delivered {name}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Preparing the export …</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Stop</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Stopping …</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The export begins.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Trying again in {seconds} s.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Uploading {name}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{events} events, {size}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{events} events/s</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{events} of {total} events, {size}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{records} records</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{sent} of {total}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{size}/s</source>
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
        <source>Choose again when the task runs, and type the password that you sign in to Windows with.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Choose where else to keep it.</source>
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
        <source>In CEF, the device event class ID.</source>
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
        <source>Is cron running?</source>
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
        <source>Keep it elsewhere, in a file.</source>
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
        <source>May this user have a crontab?</source>
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
        <source>May you write to its folder?</source>
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
        <source>See the sources:</source>
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
        <source>The archive in the outbox could not be read ({reason}).</source>
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
        <source>The daily export could not read the password while you are logged out.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The daily task in the crontab is not as it should be.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The daily task is not in the Task Scheduler.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The daily task runs only while you are logged in.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The daily task runs whether or not you are signed in; to change it, Windows needs your password.</source>
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
        <source>The keyring is locked then. Choose where else to keep it.</source>
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
        <source>The name of the thing.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The next run writes it anew.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The password could not be kept anywhere.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The password could not be kept there.</source>
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
        <source>The state after.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The state before.</source>
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
        <source>The version of the product at that time.</source>
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
        <source>There is no source {name}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>There is no time zone {name!r}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This is needed.</source>
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
        <source>Unknown, Low, Medium, High, Very-High, or 0 to 10.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Use a folder whose name is text on one line.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Use folders with shorter names.</source>
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
        <source>What is unique to this event; one is made where there is none.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>What kind of thing it happened to.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>What was done to it.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>What was sent so far is sent again by the next attempt.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>When it happened: ISO 8601 with an offset, or milliseconds since 1970.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Who did it.</source>
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
        <source>a credential of systemd</source>
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
        <source>cron can&apos;t take a command of {length} bytes.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>cron can&apos;t take the path {path}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>cron did not start the daily task.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>cron is not running on this computer.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>cron refused: {complaint}</source>
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
        <source>it is encrypted for this computer (and its TPM, where there is one), and is no use elsewhere.</source>
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
        <source>systemd-creds could not encrypt the password.</source>
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
        <source>{file} can&apos;t be read ({reason}).</source>
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
        <source>{path} could not be renamed ({reason}).</source>
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
        <source>{text}</source>
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
    <name>Settings</name>
    <message>
        <source>&amp;Instance name</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Key Exchange Algorithm</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;User</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>25, or the 0 or 1 that some SIEMs insist on.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>CEF version</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Ci&amp;phers</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Dai&amp;ly at</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Days after which delivered events are deleted here; 0 keeps all.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Device product</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Device vendor</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>E&amp;xport</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Export &amp;format</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>H&amp;MAC</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Keep delivered events</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Local time of day, as in 02:00.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Se&amp;rver</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Server p&amp;ath</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Tells this installation&apos;s archives from another&apos;s on the same server path.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The SFTP server&apos;s name or address, with :port unless it is 22.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The ciphers offered to the server.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The folder on the server, as in /Users/Test/Export or C:\Exports.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The key exchange algorithms offered to the server.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The message authentication codes offered to the server.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The second field of a CEF header.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The switch: whether the daily export runs.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The third field of a CEF header.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The user on the server.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Time &amp;zone</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Where a day begins and ends: local, UTC or a name such as Europe/Berlin.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>json, or cef (Common Event Format).</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>SourceEditor</name>
    <message>
        <source>&amp;Name</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Name</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Folder</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Folder</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>C&amp;hoose…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>F&amp;iles</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Files</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Which files in it; ** stands for all folders inside. JSON, JSON Lines, each also as .gz, and .zip of them.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>R&amp;ecords of</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Records of</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;List in a file</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>List in a file</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The key path of the list of records. Empty for an array, one object, or JSON Lines.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Where an event&apos;s values are in a record</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A key path such as user.name; of several with commas, the first that is present counts. What is not mapped is kept as it is.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Preview</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Preview of the first records</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The event that was chosen, as it is exported</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Save source</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Action</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Another system: map them below</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Choose a folder to see how its records become events.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Entity</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Entity type</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Looking into the folder…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>New source</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No file in this folder is of this name pattern.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Of the first {records} records, events: {events}, set aside: {set_aside}. Files: {files}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Source {name}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The folder of the records</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>There are no records in the files of this folder. Files: {files}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>When</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>SourcesModel</name>
    <message>
        <source>Files read</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Folder</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Name</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Set aside</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>SourcesPage</name>
    <message>
        <source>Sources</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Add a folder</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Before every export, new records are read from these folders. What the command record stores is exported anyway.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No sources yet. Add the folder that another system writes its audit records to, as JSON.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Change…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Remove…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Set aside</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Records that were set aside</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Discard the changes</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Remove</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>File</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Go &amp;on editing</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Place</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Remove the source {name}?</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The source is not saved.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>What was collected from it stays, and is exported. Its files stay as they are.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Why it is no event</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Your organisation has set the sources of this computer.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>StatusTiles</name>
    <message>
        <source>%n day(s)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%n event(s) delivered</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>0 days</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>None</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>None yet</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Not arranged</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Running now</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>What was delivered will be here.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>all days that ended are on the server</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>by {scheduler}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>failed: {why}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>interrupted; the next export goes on</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>nothing waits</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>nothing was due</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>see above</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>since {when}, by hand</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>since {when}, by the schedule</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>since {when}, from this window</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>stopped by hand; the next export goes on</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the export is off</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{which}, {events} events</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>StepsStrip</name>
    <message>
        <source>Agreeing on algorithms</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Algorithms</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Algorithms agreed</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Checking the host key</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Connected</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Connecting</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Connection</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Deleted</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Deleting</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Deleting it</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>File written</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Host key</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Host key known</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Looking for the path</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Looking up the name</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Name</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Name found</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Path found</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Renamed</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Renaming</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Renaming it</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Server path</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Sign-in</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Signed in</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Signing in</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Writing</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Writing a file</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{step} failed</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>Switch</name>
    <message>
        <source>OFF</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>ON</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>TrailsPage</name>
    <message>
        <source>Audit trails</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Find</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Words in entity, actor or action</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Find events</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Day</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Day</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>E&amp;xport</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Export</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Progress of the search</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Show all events</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Events</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Choose an event to see its states before and after</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Close the details</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Close the details (Esc)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Copy SHA-&amp;256</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Copies the SHA-256 of the archive that holds this event</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Before and after</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Only differences</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Before and after</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;JSON</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The whole event as JSON</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Copy as JSON</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Copy one &amp;line</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>As the archive has it</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No events yet</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Events that are recorded or collected appear here, the newest first. Add a folder on the page Sources.</source>
        <translation type="unfinished"></translation>
    </message>
    <message numerus="yes">
        <source>%Ln added</source>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln changed</source>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln event(s)</source>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln event(s) searched</source>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln found</source>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln removed</source>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln the same</source>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message>
        <source>All</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>All days</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Delivered</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Delivered in {archive}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Delivered in {archive}, {when}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No event matches.</source>
        <translation type="unfinished"></translation>
    </message>
    <message numerus="yes">
        <source>Searching … %Ln found so far</source>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message>
        <source>This event has no state before or after it.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Waiting</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Waiting: no delivered archive has this event yet.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>entity {id}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>severity {severity}</source>
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
<context>
    <name>_Delegate</name>
    <message>
        <source>weak</source>
        <translation type="unfinished"></translation>
    </message>
</context>
</TS>
