<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="de" sourcelanguage="en">
<context>
    <name>AboutDialog</name>
    <message>
        <source>&amp;Copy</source>
        <translation>&amp;Kopieren</translation>
    </message>
    <message>
        <source>&amp;Licences</source>
        <translation>&amp;Lizenzen</translation>
    </message>
    <message>
        <source>About</source>
        <translation>Über</translation>
    </message>
    <message>
        <source>Data</source>
        <translation>Daten</translation>
    </message>
    <message>
        <source>Report a problem</source>
        <translation>Ein Problem melden</translation>
    </message>
    <message>
        <source>Settings</source>
        <translation>Einstellungen</translation>
    </message>
    <message>
        <source>System</source>
        <translation>System</translation>
    </message>
    <message>
        <source>This program is free software under the MIT licence. It uses Qt and PySide6 under the LGPL 3, Python under the PSF licence, and other free software, whose licences come with the program.</source>
        <translation>Dieses Programm ist freie Software unter der MIT-Lizenz. Es verwendet Qt und PySide6 unter der LGPL 3, Python unter der PSF-Lizenz und weitere freie Software, deren Lizenzen dem Programm beiliegen.</translation>
    </message>
    <message>
        <source>Version</source>
        <translation>Version</translation>
    </message>
</context>
<context>
    <name>AboutSource</name>
    <message>
        <source>Events from {oldest} to {newest}.</source>
        <translation>Ereignisse von {oldest} bis {newest}.</translation>
    </message>
    <message>
        <source>Last read: {when}. Records: {read}, new: {stored}.</source>
        <translation>Zuletzt gelesen: {when}. Datensätze: {read}, neu: {stored}.</translation>
    </message>
    <message>
        <source>Not read: {why}</source>
        <translation>Nicht gelesen: {why}</translation>
    </message>
    <message>
        <source>Nothing was read so far. The next export reads it.</source>
        <translation>Bisher wurde nichts gelesen. Der nächste Export liest sie.</translation>
    </message>
    <message>
        <source>Of {read} records so far: {stored} stored, {repeated} repeated, {set_aside} set aside.</source>
        <translation>Von bisher {read} Datensätzen: {stored} gespeichert, {repeated} wiederholt, {set_aside} aussortiert.</translation>
    </message>
    <message>
        <source>They came up to {span} late.</source>
        <translation>Sie kamen bis zu {span} verspätet.</translation>
    </message>
</context>
<context>
    <name>AlgorithmList</name>
    <message>
        <source>this server offers it</source>
        <translation>wird von diesem Server angeboten</translation>
    </message>
    <message>
        <source>weak</source>
        <translation>schwach</translation>
    </message>
</context>
<context>
    <name>ArchiveModel</name>
    <message>
        <source>Archive</source>
        <translation>Archiv</translation>
    </message>
    <message>
        <source>Events</source>
        <translation>Ereignisse</translation>
    </message>
    <message>
        <source>Size</source>
        <translation>Größe</translation>
    </message>
</context>
<context>
    <name>Breadcrumb</name>
    <message>
        <source>Times in {zone}</source>
        <translation>Zeiten in {zone}</translation>
    </message>
</context>
<context>
    <name>BrowseDialog</name>
    <message>
        <source>&amp;Create</source>
        <translation>&amp;Anlegen</translation>
    </message>
    <message>
        <source>&amp;Up</source>
        <translation>Nach &amp;oben</translation>
    </message>
    <message>
        <source>Folders</source>
        <translation>Ordner</translation>
    </message>
    <message>
        <source>Folders on the server</source>
        <translation>Ordner auf dem Server</translation>
    </message>
    <message>
        <source>Looking …</source>
        <translation>Wird geladen …</translation>
    </message>
    <message>
        <source>My &amp;home folder</source>
        <translation>Mein &amp;Home-Ordner</translation>
    </message>
    <message>
        <source>Name of a new folder</source>
        <translation>Name eines neuen Ordners</translation>
    </message>
    <message>
        <source>There are no folders in here.</source>
        <translation>Hier gibt es keine Ordner.</translation>
    </message>
    <message>
        <source>Use &amp;this folder</source>
        <translation>&amp;Diesen Ordner verwenden</translation>
    </message>
</context>
<context>
    <name>ChangedHostKeyDialog</name>
    <message>
        <source>&amp;Trust the new key</source>
        <translation>Dem neuen Schlüssel &amp;vertrauen</translation>
    </message>
    <message>
        <source>Either it was set up again, or someone is in between and reads along. Nothing was sent. Ask its administrator for the fingerprint of its host key before you go on.</source>
        <translation>Entweder wurde er neu eingerichtet, oder jemand sitzt dazwischen und liest mit. Es wurde nichts gesendet. Vor dem Fortfahren beim Administrator des Servers nach dem Fingerabdruck seines Host-Schlüssels fragen.</translation>
    </message>
    <message>
        <source>Now</source>
        <translation>Jetzt</translation>
    </message>
    <message>
        <source>The &amp;fingerprint that the administrator gave you:</source>
        <translation>Der vom Administrator genannte &amp;Fingerabdruck:</translation>
    </message>
    <message>
        <source>The fingerprint that the administrator gave you</source>
        <translation>Der vom Administrator genannte Fingerabdruck</translation>
    </message>
    <message>
        <source>The host key has changed</source>
        <translation>Der Host-Schlüssel hat sich geändert</translation>
    </message>
    <message>
        <source>Until now</source>
        <translation>Bisher</translation>
    </message>
    <message>
        <source>{server} has another host key than before.</source>
        <translation>{server} hat einen anderen Host-Schlüssel als bisher.</translation>
    </message>
    <message>
        <source>✓ This is the key that the server has now.</source>
        <translation>✓ Das ist der Schlüssel, den der Server jetzt hat.</translation>
    </message>
    <message>
        <source>✗ This is not the key that the server has now.</source>
        <translation>✗ Das ist nicht der Schlüssel, den der Server jetzt hat.</translation>
    </message>
</context>
<context>
    <name>DayChart</name>
    <message numerus="yes">
        <source>%Ln day(s) delivered, {events} events</source>
        <translation>
            <numerusform>%Ln Tag zugestellt, Ereignisse: {events}</numerusform>
            <numerusform>%Ln Tage zugestellt, Ereignisse: {events}</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln day(s) failed</source>
        <translation>
            <numerusform>%Ln Tag fehlgeschlagen</numerusform>
            <numerusform>%Ln Tage fehlgeschlagen</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln day(s) missing</source>
        <translation>
            <numerusform>%Ln Tag fehlt</numerusform>
            <numerusform>%Ln Tage fehlen</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln day(s) waiting</source>
        <translation>
            <numerusform>%Ln Tag wartet</numerusform>
            <numerusform>%Ln Tage warten</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln event(s) delivered</source>
        <translation>
            <numerusform>%Ln Ereignis zugestellt</numerusform>
            <numerusform>%Ln Ereignisse zugestellt</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln event(s) so far</source>
        <translation>
            <numerusform>bisher %Ln Ereignis</numerusform>
            <numerusform>bisher %Ln Ereignisse</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln event(s) waiting</source>
        <translation>
            <numerusform>%Ln Ereignis wartet</numerusform>
            <numerusform>%Ln Ereignisse warten</numerusform>
        </translation>
    </message>
    <message>
        <source>Events per day</source>
        <translation>Ereignisse pro Tag</translation>
    </message>
    <message>
        <source>Events per day, {first} to {last}</source>
        <translation>Ereignisse pro Tag, {first} bis {last}</translation>
    </message>
    <message>
        <source>Today</source>
        <translation>Heute</translation>
    </message>
    <message>
        <source>a run failed on this day</source>
        <translation>an diesem Tag schlug ein Lauf fehl</translation>
    </message>
    <message>
        <source>delivered</source>
        <translation>zugestellt</translation>
    </message>
    <message>
        <source>missing: no export ran</source>
        <translation>fehlt: kein Export lief</translation>
    </message>
    <message>
        <source>the export failed</source>
        <translation>der Export ist fehlgeschlagen</translation>
    </message>
    <message>
        <source>today</source>
        <translation>heute</translation>
    </message>
    <message>
        <source>waiting for the next run</source>
        <translation>wartet auf den nächsten Lauf</translation>
    </message>
</context>
<context>
    <name>DifferenceModel</name>
    <message>
        <source>After</source>
        <translation>Nachher</translation>
    </message>
    <message>
        <source>Before</source>
        <translation>Vorher</translation>
    </message>
    <message>
        <source>Difference</source>
        <translation>Unterschied</translation>
    </message>
    <message>
        <source>Value</source>
        <translation>Wert</translation>
    </message>
    <message>
        <source>added</source>
        <translation>hinzugefügt</translation>
    </message>
    <message>
        <source>changed</source>
        <translation>geändert</translation>
    </message>
    <message>
        <source>removed</source>
        <translation>entfernt</translation>
    </message>
    <message>
        <source>the same</source>
        <translation>gleich</translation>
    </message>
</context>
<context>
    <name>DiscardQuestion</name>
    <message>
        <source>Test Connection and Save keeps them.</source>
        <translation>„Verbindung testen und speichern“ sichert sie.</translation>
    </message>
    <message>
        <source>There are changes that are not saved.</source>
        <translation>Es gibt nicht gespeicherte Änderungen.</translation>
    </message>
    <message>
        <source>Unsaved changes</source>
        <translation>Nicht gespeicherte Änderungen</translation>
    </message>
    <message>
        <source>&amp;Stop it and close</source>
        <translation>&amp;Sofort schließen</translation>
    </message>
    <message>
        <source>An export is running</source>
        <translation>Ein Export läuft</translation>
    </message>
    <message>
        <source>An export is running in this window.</source>
        <translation>In diesem Fenster läuft ein Export.</translation>
    </message>
    <message>
        <source>Close when it is &amp;done</source>
        <translation>&amp;Danach schließen</translation>
    </message>
    <message>
        <source>What is delivered stays delivered. If you stop it, the next export goes on from there.</source>
        <translation>Was zugestellt ist, bleibt zugestellt. Wenn Sie ihn anhalten, macht der nächste Export dort weiter.</translation>
    </message>
</context>
<context>
    <name>EventDetails</name>
    <message>
        <source>Close the details</source>
        <translation>Details schließen</translation>
    </message>
    <message>
        <source>Close the details (Esc)</source>
        <translation>Details schließen (Esc)</translation>
    </message>
    <message>
        <source>Copy SHA-&amp;256</source>
        <translation>SHA-&amp;256 kopieren</translation>
    </message>
    <message>
        <source>Copies the SHA-256 of the archive that holds this event</source>
        <translation>Kopiert den SHA-256 des Archivs, das dieses Ereignis enthält</translation>
    </message>
    <message>
        <source>&amp;Before and after</source>
        <translation>Vorher un&amp;d nachher</translation>
    </message>
    <message>
        <source>&amp;Only differences</source>
        <translation>&amp;Nur Unterschiede</translation>
    </message>
    <message>
        <source>Before and after</source>
        <translation>Vorher und nachher</translation>
    </message>
    <message>
        <source>&amp;JSON</source>
        <translation>&amp;JSON</translation>
    </message>
    <message>
        <source>The whole event as JSON</source>
        <translation>Das ganze Ereignis als JSON</translation>
    </message>
    <message>
        <source>&amp;Copy as JSON</source>
        <translation>Als JSON &amp;kopieren</translation>
    </message>
    <message>
        <source>Copy one &amp;line</source>
        <translation>Eine &amp;Zeile kopieren</translation>
    </message>
    <message>
        <source>As the archive has it</source>
        <translation>Wie im Archiv</translation>
    </message>
    <message numerus="yes">
        <source>%Ln added</source>
        <translation>
            <numerusform>%Ln hinzugefügt</numerusform>
            <numerusform>%Ln hinzugefügt</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln changed</source>
        <translation>
            <numerusform>%Ln geändert</numerusform>
            <numerusform>%Ln geändert</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln removed</source>
        <translation>
            <numerusform>%Ln entfernt</numerusform>
            <numerusform>%Ln entfernt</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln the same</source>
        <translation>
            <numerusform>%Ln gleich</numerusform>
            <numerusform>%Ln gleich</numerusform>
        </translation>
    </message>
    <message>
        <source>Delivered in {archive}</source>
        <translation>Zugestellt in {archive}</translation>
    </message>
    <message>
        <source>Delivered in {archive}, {when}</source>
        <translation>Zugestellt in {archive}, {when}</translation>
    </message>
    <message>
        <source>This event has no state before or after it.</source>
        <translation>Dieses Ereignis hat keinen Zustand davor oder danach.</translation>
    </message>
    <message>
        <source>Waiting: no delivered archive has this event yet.</source>
        <translation>Wartet: Noch kein zugestelltes Archiv enthält dieses Ereignis.</translation>
    </message>
    <message>
        <source>entity {id}</source>
        <translation>Objekt {id}</translation>
    </message>
    <message>
        <source>severity {severity}</source>
        <translation>Schweregrad {severity}</translation>
    </message>
</context>
<context>
    <name>EventFilters</name>
    <message>
        <source>&amp;Find</source>
        <translation>&amp;Suchen</translation>
    </message>
    <message>
        <source>Words in entity, actor or action</source>
        <translation>Wörter in Objekt, Akteur oder Aktion</translation>
    </message>
    <message>
        <source>Find events</source>
        <translation>Ereignisse suchen</translation>
    </message>
    <message>
        <source>&amp;Day</source>
        <translation>&amp;Tag</translation>
    </message>
    <message>
        <source>Day</source>
        <translation>Tag</translation>
    </message>
    <message>
        <source>E&amp;xport</source>
        <translation>E&amp;xport</translation>
    </message>
    <message>
        <source>Export</source>
        <translation>Export</translation>
    </message>
    <message>
        <source>From</source>
        <translation>Von</translation>
    </message>
    <message>
        <source>From this day on</source>
        <translation>Ab diesem Tag</translation>
    </message>
    <message>
        <source>To</source>
        <translation>Bis</translation>
    </message>
    <message>
        <source>Up to this day</source>
        <translation>Bis zu diesem Tag</translation>
    </message>
    <message>
        <source>Actor</source>
        <translation>Akteur</translation>
    </message>
    <message>
        <source>Action</source>
        <translation>Aktion</translation>
    </message>
    <message>
        <source>Entity</source>
        <translation>Objekt</translation>
    </message>
    <message>
        <source>Source</source>
        <translation>Quelle</translation>
    </message>
    <message>
        <source>All</source>
        <translation>Alle</translation>
    </message>
    <message>
        <source>All days</source>
        <translation>Alle Tage</translation>
    </message>
    <message>
        <source>All sources</source>
        <translation>Alle Quellen</translation>
    </message>
    <message>
        <source>Delivered</source>
        <translation>Zugestellt</translation>
    </message>
    <message>
        <source>From … to …</source>
        <translation>Von … bis …</translation>
    </message>
    <message>
        <source>Last 7 days</source>
        <translation>Letzte 7 Tage</translation>
    </message>
    <message>
        <source>Recorded here</source>
        <translation>Hier aufgezeichnet</translation>
    </message>
    <message>
        <source>Today</source>
        <translation>Heute</translation>
    </message>
    <message>
        <source>Waiting</source>
        <translation>Wartet</translation>
    </message>
    <message>
        <source>Yesterday</source>
        <translation>Gestern</translation>
    </message>
</context>
<context>
    <name>EventModel</name>
    <message>
        <source>Action</source>
        <translation>Aktion</translation>
    </message>
    <message>
        <source>Actor</source>
        <translation>Akteur</translation>
    </message>
    <message>
        <source>Delivered</source>
        <translation>Zugestellt</translation>
    </message>
    <message>
        <source>Entity</source>
        <translation>Objekt</translation>
    </message>
    <message>
        <source>Export</source>
        <translation>Export</translation>
    </message>
    <message>
        <source>Time</source>
        <translation>Zeit</translation>
    </message>
    <message>
        <source>Waiting</source>
        <translation>Wartet</translation>
    </message>
</context>
<context>
    <name>EvidenceMenu</name>
    <message>
        <source>All archives on the server are whole, and none is missing.</source>
        <translation>Alle Archive auf dem Server sind unversehrt, und keines fehlt.</translation>
    </message>
    <message>
        <source>Audit trails {day}</source>
        <translation>Audit-Trails {day}</translation>
    </message>
    <message>
        <source>Copied.</source>
        <translation>Kopiert.</translation>
    </message>
    <message>
        <source>Copy the lines for allowed_signers</source>
        <translation>Zeilen für allowed_signers kopieren</translation>
    </message>
    <message>
        <source>Fetch the chosen archive…</source>
        <translation>Das ausgewählte Archiv holen…</translation>
    </message>
    <message>
        <source>Fetch {name}</source>
        <translation>{name} holen</translation>
    </message>
    <message>
        <source>Give these lines, the file allowed_signers, to the auditor by another way than the server.</source>
        <translation>Geben Sie diese Zeilen, die Datei allowed_signers, auf einem anderen Weg als dem Server an die Prüfung.</translation>
    </message>
    <message>
        <source>Looking at the server …</source>
        <translation>Der Server wird angesehen …</translation>
    </message>
    <message>
        <source>Missing: {names}</source>
        <translation>Es fehlt: {names}</translation>
    </message>
    <message>
        <source>Open</source>
        <translation>Öffnen</translation>
    </message>
    <message>
        <source>Open the folder</source>
        <translation>Ordner öffnen</translation>
    </message>
    <message>
        <source>Problems were found: the report names them.</source>
        <translation>Es wurden Probleme gefunden: Der Bericht nennt sie.</translation>
    </message>
    <message>
        <source>Reading {name} …</source>
        <translation>{name} wird gelesen …</translation>
    </message>
    <message>
        <source>Report (*.html *.json)</source>
        <translation>Bericht (*.html *.json)</translation>
    </message>
    <message>
        <source>Report for the auditor</source>
        <translation>Bericht für die Prüfung</translation>
    </message>
    <message>
        <source>Report for the auditor…</source>
        <translation>Bericht für die Prüfung…</translation>
    </message>
    <message>
        <source>Signed by {key}</source>
        <translation>Signiert von {key}</translation>
    </message>
    <message>
        <source>The report is {path}</source>
        <translation>Der Bericht ist {path}</translation>
    </message>
    <message>
        <source>The server does not have all that was delivered.</source>
        <translation>Der Server hat nicht alles, was übertragen wurde.</translation>
    </message>
    <message>
        <source>The server has all archives: {number}.</source>
        <translation>Der Server hat alle Archive: {number}.</translation>
    </message>
    <message>
        <source>Verify the chosen archive on the server</source>
        <translation>Das gewählte Archiv auf dem Server prüfen</translation>
    </message>
    <message>
        <source>Verifying what is on the server …</source>
        <translation>Was auf dem Server ist, wird geprüft …</translation>
    </message>
    <message>
        <source>What is missing on the server?</source>
        <translation>Was fehlt auf dem Server?</translation>
    </message>
    <message>
        <source>it is another file</source>
        <translation>es ist eine andere Datei</translation>
    </message>
    <message>
        <source>not signed</source>
        <translation>nicht signiert</translation>
    </message>
    <message>
        <source>{names} and {more} more</source>
        <translation>{names} und {more} weitere</translation>
    </message>
    <message>
        <source>{name} is here, as it was delivered.</source>
        <translation>{name} ist hier, wie es zugestellt wurde.</translation>
    </message>
    <message>
        <source>{name} is not as it was delivered.</source>
        <translation>{name} ist nicht, wie es übertragen wurde.</translation>
    </message>
    <message>
        <source>{name} is not on the server.</source>
        <translation>{name} ist nicht auf dem Server.</translation>
    </message>
    <message>
        <source>{name} is whole, as it was delivered.</source>
        <translation>{name} ist unversehrt, wie es übertragen wurde.</translation>
    </message>
</context>
<context>
    <name>ExportForm</name>
    <message>
        <source>25 as on the admin page. Choose 0 or 1 where your SIEM takes no other.</source>
        <translation>25 wie auf der Admin-Seite. 0 oder 1 wählen, wenn das SIEM nichts anderes annimmt.</translation>
    </message>
    <message>
        <source>An archive is called {name}</source>
        <translation>Ein Archiv heißt dann {name}</translation>
    </message>
    <message>
        <source>Set by your organisation.</source>
        <translation>Von der Organisation festgelegt.</translation>
    </message>
    <message>
        <source>This computer starts at {time}; each has its own minute.</source>
        <translation>Dieser Computer beginnt um {time}; jeder hat seine eigene Minute.</translation>
    </message>
    <message>
        <source>This computer&apos;s</source>
        <translation>Die dieses Computers</translation>
    </message>
</context>
<context>
    <name>ExportPage</name>
    <message>
        <source>Export</source>
        <translation>Export</translation>
    </message>
    <message>
        <source>Export &amp;now</source>
        <translation>&amp;Jetzt exportieren</translation>
    </message>
    <message>
        <source>Pass&amp;word</source>
        <translation>Pass&amp;wort</translation>
    </message>
    <message>
        <source>Defaults</source>
        <translation>Vorgaben</translation>
    </message>
    <message>
        <source>All</source>
        <translation>Alle</translation>
    </message>
    <message>
        <source>Report failures to</source>
        <translation>Fehler melden an</translation>
    </message>
    <message>
        <source>M&amp;ore: time of day, time zone, instance name</source>
        <translation>Mehr: Uhrzeit, Zeitzone, I&amp;nstanzname</translation>
    </message>
    <message>
        <source>Daily task</source>
        <translation>Tägliche Aufgabe</translation>
    </message>
    <message>
        <source>&amp;Cancel</source>
        <translation>Abbre&amp;chen</translation>
    </message>
    <message>
        <source>Test Connection and Sa&amp;ve</source>
        <translation>Verbindung testen und &amp;speichern</translation>
    </message>
    <message>
        <source>A tick in a circle: this server offers it.</source>
        <translation>Häkchen im Kreis: wird von diesem Server angeboten.</translation>
    </message>
    <message>
        <source>Compare the fingerprint</source>
        <translation>Fingerabdruck vergleichen</translation>
    </message>
    <message>
        <source>It is in {place}: {protection}</source>
        <translation>Es liegt hier: {place}. {protection}</translation>
    </message>
    <message>
        <source>Keep it elsewhere</source>
        <translation>Woanders aufbewahren</translation>
    </message>
    <message>
        <source>Last export</source>
        <translation>Letzter Export</translation>
    </message>
    <message>
        <source>Fix it in the form</source>
        <translation>Im Formular beheben</translation>
    </message>
    <message>
        <source>Next export</source>
        <translation>Nächster Export</translation>
    </message>
    <message>
        <source>The daily export can read it while you are logged out.</source>
        <translation>Der tägliche Export kann es lesen, während Sie abgemeldet sind.</translation>
    </message>
    <message>
        <source>The old settings are in {file}.</source>
        <translation>Die alten Einstellungen sind in {file}.</translation>
    </message>
    <message>
        <source>Waiting</source>
        <translation>Wartet</translation>
    </message>
    <message>
        <source>Not saved yet</source>
        <translation>Noch nicht gespeichert</translation>
    </message>
    <message>
        <source>Test &amp;connection</source>
        <translation>Verbindung &amp;testen</translation>
    </message>
    <message>
        <source>Choose…</source>
        <translation>Auswählen …</translation>
    </message>
    <message>
        <source>Passp&amp;hrase</source>
        <translation>&amp;Passphrase</translation>
    </message>
    <message>
        <source>Select these</source>
        <translation>Diese auswählen</translation>
    </message>
    <message>
        <source>The passphrase of the key; empty where it has none.</source>
        <translation>Die Passphrase des Schlüssels; leer, wenn er keine hat.</translation>
    </message>
    <message>
        <source>The password of the user on the server.</source>
        <translation>Das Passwort des Benutzers auf dem Server.</translation>
    </message>
    <message>
        <source>&amp;Browse…</source>
        <translation>&amp;Durchsuchen …</translation>
    </message>
</context>
<context>
    <name>FailureAddress</name>
    <message>
        <source>Change</source>
        <translation>Ändern</translation>
    </message>
    <message>
        <source>Change whom failures are reported to</source>
        <translation>Ändern, wem Fehler gemeldet werden</translation>
    </message>
    <message>
        <source>This desktop only</source>
        <translation>Nur dieser Desktop</translation>
    </message>
</context>
<context>
    <name>FailureAddressDialog</name>
    <message>
        <source>&amp;Close</source>
        <translation>S&amp;chließen</translation>
    </message>
    <message>
        <source>&amp;Remove</source>
        <translation>&amp;Entfernen</translation>
    </message>
    <message>
        <source>A failed daily export shows on this desktop while you are signed in. Choose who else gets a message that says which computer it is, what happened and what to do.</source>
        <translation>Ein fehlgeschlagener täglicher Export wird auf diesem Desktop angezeigt, solange Sie angemeldet sind. Legen Sie fest, wer außerdem eine Nachricht erhält, die sagt, um welchen Computer es geht, was geschehen ist und was zu tun ist.</translation>
    </message>
    <message>
        <source>A message was sent.</source>
        <translation>Eine Nachricht wurde gesendet.</translation>
    </message>
    <message>
        <source>A message was sent. Saved.</source>
        <translation>Eine Nachricht wurde gesendet. Gespeichert.</translation>
    </message>
    <message>
        <source>A&amp;ddress, as Apprise writes it</source>
        <translation>A&amp;dresse in der Schreibweise von Apprise</translation>
    </message>
    <message>
        <source>Also report each week while &amp;all is well</source>
        <translation>Auch jede Woche melden, in der &amp;alles in Ordnung ist</translation>
    </message>
    <message>
        <source>By &amp;mail</source>
        <translation>Per &amp;Mail</translation>
    </message>
    <message>
        <source>P&amp;ing a monitor after each daily run</source>
        <translation>Nach jedem täglichen Lauf einen Überwachungsd&amp;ienst anpingen</translation>
    </message>
    <message>
        <source>Report failures</source>
        <translation>Fehler melden</translation>
    </message>
    <message>
        <source>Reports go to {address} now.</source>
        <translation>Meldungen gehen derzeit an {address}.</translation>
    </message>
    <message>
        <source>Saved.</source>
        <translation>Gespeichert.</translation>
    </message>
    <message>
        <source>Saving …</source>
        <translation>Wird gespeichert …</translation>
    </message>
    <message>
        <source>Send a &amp;test</source>
        <translation>&amp;Testnachricht senden</translation>
    </message>
    <message>
        <source>Sending a message …</source>
        <translation>Nachricht wird gesendet …</translation>
    </message>
    <message>
        <source>Test and &amp;save</source>
        <translation>Testen und &amp;speichern</translation>
    </message>
    <message>
        <source>The address is removed.</source>
        <translation>Die Adresse ist entfernt.</translation>
    </message>
    <message>
        <source>To a &amp;web hook or a chat</source>
        <translation>An einen &amp;Webhook oder einen Chat</translation>
    </message>
</context>
<context>
    <name>FieldMessage</name>
    <message>
        <source>Less</source>
        <translation>Weniger</translation>
    </message>
    <message>
        <source>More</source>
        <translation>Mehr</translation>
    </message>
</context>
<context>
    <name>Formats</name>
    <message>
        <source>Today {time}</source>
        <translation>Heute {time}</translation>
    </message>
    <message>
        <source>Tomorrow {time}</source>
        <translation>Morgen {time}</translation>
    </message>
    <message>
        <source>Yesterday {time}</source>
        <translation>Gestern {time}</translation>
    </message>
    <message>
        <source>{day}, {time}</source>
        <translation>{day}, {time}</translation>
    </message>
    <message>
        <source>d MMM</source>
        <comment>a day without its year, in the letters of QDate</comment>
        <translation>d. MMM</translation>
    </message>
    <message>
        <source>{first} to {last}</source>
        <translation>{first} bis {last}</translation>
    </message>
    <message>
        <source>{hours} h {minutes} min</source>
        <translation>{hours} h {minutes} min</translation>
    </message>
    <message>
        <source>{minutes} min {seconds} s</source>
        <translation>{minutes} min {seconds} s</translation>
    </message>
    <message>
        <source>{seconds} s</source>
        <translation>{seconds} s</translation>
    </message>
</context>
<context>
    <name>HandOverMenu</name>
    <message numerus="yes">
        <source>%Ln event(s) handed over.</source>
        <translation>
            <numerusform>%Ln Ereignis übergeben.</numerusform>
            <numerusform>%Ln Ereignisse übergeben.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln chosen event(s) as CSV…</source>
        <translation>
            <numerusform>%Ln ausgewähltes Ereignis als CSV…</numerusform>
            <numerusform>%Ln ausgewählte Ereignisse als CSV…</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln chosen event(s) as JSON…</source>
        <translation>
            <numerusform>%Ln ausgewähltes Ereignis als JSON…</numerusform>
            <numerusform>%Ln ausgewählte Ereignisse als JSON…</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln chosen event(s) as one HTML page…</source>
        <translation>
            <numerusform>%Ln ausgewähltes Ereignis als HTML-Seite…</numerusform>
            <numerusform>%Ln ausgewählte Ereignisse als HTML-Seite…</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>All %Ln event(s) shown as CSV…</source>
        <translation>
            <numerusform>%Ln angezeigtes Ereignis als CSV…</numerusform>
            <numerusform>Alle %Ln angezeigten Ereignisse als CSV…</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>All %Ln event(s) shown as JSON…</source>
        <translation>
            <numerusform>%Ln angezeigtes Ereignis als JSON…</numerusform>
            <numerusform>Alle %Ln angezeigten Ereignisse als JSON…</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>All %Ln event(s) shown as one HTML page…</source>
        <translation>
            <numerusform>%Ln angezeigtes Ereignis als HTML-Seite…</numerusform>
            <numerusform>Alle %Ln angezeigten Ereignisse als HTML-Seite…</numerusform>
        </translation>
    </message>
    <message>
        <source>Audit events {day}</source>
        <translation>Audit-Ereignisse {day}</translation>
    </message>
    <message>
        <source>Hand over events</source>
        <translation>Ereignisse übergeben</translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>Anhalten</translation>
    </message>
    <message>
        <source>Writing {path} …</source>
        <translation>{path} wird geschrieben …</translation>
    </message>
</context>
<context>
    <name>HelpWindow</name>
    <message numerus="yes">
        <source>%Ln found</source>
        <translation>
            <numerusform>%Ln gefunden</numerusform>
            <numerusform>%Ln gefunden</numerusform>
        </translation>
    </message>
    <message>
        <source>Help</source>
        <translation>Hilfe</translation>
    </message>
    <message>
        <source>Help topics</source>
        <translation>Hilfethemen</translation>
    </message>
    <message>
        <source>Search the help</source>
        <translation>Hilfe durchsuchen</translation>
    </message>
    <message>
        <source>en</source>
        <comment>the folder of docs/help with the pages in this language</comment>
        <translation>de</translation>
    </message>
</context>
<context>
    <name>Helping</name>
    <message>
        <source>Choose where to keep it</source>
        <translation>Anderen Ort wählen</translation>
    </message>
    <message>
        <source>Choose where your events are</source>
        <translation>Wählen, wo Ihre Ereignisse sind</translation>
    </message>
    <message>
        <source>Compare the fingerprint</source>
        <translation>Fingerabdruck vergleichen</translation>
    </message>
    <message>
        <source>Enter the new password</source>
        <translation>Das neue Passwort eingeben</translation>
    </message>
    <message>
        <source>Fix it</source>
        <translation>Beheben</translation>
    </message>
    <message>
        <source>Fix it in the form</source>
        <translation>Im Formular beheben</translation>
    </message>
    <message>
        <source>Look at the sources</source>
        <translation>Quellen ansehen</translation>
    </message>
    <message>
        <source>Switch on</source>
        <translation>Einschalten</translation>
    </message>
    <message>
        <source>Type the Windows password</source>
        <translation>Windows-Passwort eingeben</translation>
    </message>
</context>
<context>
    <name>HistoryPage</name>
    <message>
        <source>History</source>
        <translation>Verlauf</translation>
    </message>
    <message>
        <source>Events per day</source>
        <translation>Ereignisse pro Tag</translation>
    </message>
    <message>
        <source>&amp;Find</source>
        <translation>&amp;Suchen</translation>
    </message>
    <message>
        <source>Day, archive, message or who</source>
        <translation>Tag, Archiv, Meldung oder wer</translation>
    </message>
    <message>
        <source>Find runs</source>
        <translation>Läufe suchen</translation>
    </message>
    <message>
        <source>&amp;Outcome</source>
        <translation>Ergebn&amp;is</translation>
    </message>
    <message>
        <source>Outcome</source>
        <translation>Ergebnis</translation>
    </message>
    <message>
        <source>E&amp;vidence</source>
        <translation>&amp;Nachweis</translation>
    </message>
    <message>
        <source>A report for the auditor, what is missing on the server, and the key that signs</source>
        <translation>Ein Bericht für die Prüfung, was auf dem Server fehlt, und der Schlüssel, der signiert</translation>
    </message>
    <message>
        <source>Runs</source>
        <translation>Läufe</translation>
    </message>
    <message>
        <source>Choose a run to see its message or its archives</source>
        <translation>Einen Lauf wählen, um seine Meldung oder seine Archive zu sehen</translation>
    </message>
    <message>
        <source>No run matches.</source>
        <translation>Kein Lauf passt.</translation>
    </message>
    <message>
        <source>Show all runs</source>
        <translation>Alle Läufe zeigen</translation>
    </message>
    <message>
        <source>Go to Export</source>
        <translation>Zu Export</translation>
    </message>
    <message>
        <source>Archives of this run</source>
        <translation>Archive dieses Laufs</translation>
    </message>
    <message>
        <source>Copy &amp;name</source>
        <translation>&amp;Namen kopieren</translation>
    </message>
    <message>
        <source>Copies the name of the chosen archive</source>
        <translation>Kopiert den Namen des gewählten Archivs</translation>
    </message>
    <message>
        <source>Copy SHA-&amp;256</source>
        <translation>SHA-&amp;256 kopieren</translation>
    </message>
    <message>
        <source>Copies the SHA-256 of the chosen archive, which proves that a file is this archive</source>
        <translation>Kopiert den SHA-256 des gewählten Archivs; er belegt, dass eine Datei dieses Archiv ist</translation>
    </message>
    <message>
        <source>&amp;Check a copy…</source>
        <translation>Kopie &amp;prüfen …</translation>
    </message>
    <message>
        <source>Compares a file with the archive that was delivered</source>
        <translation>Vergleicht eine Datei mit dem zugestellten Archiv</translation>
    </message>
    <message>
        <source>No runs yet</source>
        <translation>Noch keine Läufe</translation>
    </message>
    <message>
        <source>A copy of {name}</source>
        <translation>Eine Kopie von {name}</translation>
    </message>
    <message>
        <source>All</source>
        <translation>Alle</translation>
    </message>
    <message>
        <source>Archives (*.zip)</source>
        <translation>Archive (*.zip)</translation>
    </message>
    <message>
        <source>Copied.</source>
        <translation>Kopiert.</translation>
    </message>
    <message>
        <source>Daily task</source>
        <translation>Tägliche Aufgabe</translation>
    </message>
    <message>
        <source>Delivered</source>
        <translation>Zugestellt</translation>
    </message>
    <message>
        <source>Each run of the export will be listed here. Switch the export on, or use Export now.</source>
        <translation>Hier steht jeder Lauf des Exports. Den Export einschalten oder „Jetzt exportieren“ verwenden.</translation>
    </message>
    <message>
        <source>Every day that has ended was on the server already.</source>
        <translation>Jeder abgeschlossene Tag war schon auf dem Server.</translation>
    </message>
    <message>
        <source>Failed</source>
        <translation>Fehlgeschlagen</translation>
    </message>
    <message>
        <source>Interrupted</source>
        <translation>Unterbrochen</translation>
    </message>
    <message>
        <source>Nothing due</source>
        <translation>Nichts anstehend</translation>
    </message>
    <message>
        <source>Reading {name} …</source>
        <translation>{name} wird gelesen …</translation>
    </message>
    <message>
        <source>Stopped</source>
        <translation>Angehalten</translation>
    </message>
    <message>
        <source>The first one is due {when}. To see one at once, use Export now.</source>
        <translation>Der erste steht an: {when}. Für einen sofortigen Lauf „Jetzt exportieren“ verwenden.</translation>
    </message>
    <message>
        <source>This run has not ended yet.</source>
        <translation>Dieser Lauf ist noch nicht beendet.</translation>
    </message>
    <message>
        <source>This run was ended from outside. The next goes on where it was: nothing is lost or sent twice.</source>
        <translation>Dieser Lauf wurde von außen beendet. Der nächste macht dort weiter: Nichts geht verloren, nichts wird doppelt gesendet.</translation>
    </message>
    <message>
        <source>This run was stopped. The next one goes on where it was.</source>
        <translation>Dieser Lauf wurde angehalten. Der nächste macht dort weiter.</translation>
    </message>
    <message>
        <source>This window</source>
        <translation>Dieses Fenster</translation>
    </message>
    <message>
        <source>took {duration}</source>
        <translation>Dauer: {duration}</translation>
    </message>
    <message>
        <source>✓ {name} is the archive that was delivered.</source>
        <translation>✓ {name} ist das zugestellte Archiv.</translation>
    </message>
    <message>
        <source>✗ {name} is not the archive that was delivered.</source>
        <translation>✗ {name} ist nicht das zugestellte Archiv.</translation>
    </message>
</context>
<context>
    <name>KeeperDialog</name>
    <message>
        <source>&amp;Keep it there</source>
        <translation>&amp;Dort aufbewahren</translation>
    </message>
    <message>
        <source>Where to keep the password</source>
        <translation>Wo das Passwort aufbewahrt wird</translation>
    </message>
    <message>
        <source>Whether the daily export can read it at night could not be tried.</source>
        <translation>Ob der tägliche Export es nachts lesen kann, ließ sich nicht ausprobieren.</translation>
    </message>
    <message>
        <source>✓ The daily export can read it while you are logged out.</source>
        <translation>✓ Der tägliche Export kann es lesen, während Sie abgemeldet sind.</translation>
    </message>
    <message>
        <source>✗ The daily export can&apos;t read it while you are logged out.</source>
        <translation>✗ Der tägliche Export kann es nicht lesen, während Sie abgemeldet sind.</translation>
    </message>
</context>
<context>
    <name>KindRows</name>
    <message>
        <source>Ch&amp;oose…</source>
        <translation>Aus&amp;wählen …</translation>
    </message>
    <message>
        <source>The folder of the records</source>
        <translation>Der Ordner der Datensätze</translation>
    </message>
</context>
<context>
    <name>LoginRows</name>
    <message>
        <source>Choose the private key</source>
        <translation>Privaten Schlüssel auswählen</translation>
    </message>
    <message>
        <source>Password</source>
        <translation>Passwort</translation>
    </message>
    <message>
        <source>SSH agent</source>
        <translation>SSH-Agent</translation>
    </message>
    <message>
        <source>SSH key in a file</source>
        <translation>SSH-Schlüssel in einer Datei</translation>
    </message>
</context>
<context>
    <name>MailFields</name>
    <message>
        <source>&amp;Encryption</source>
        <translation>Verschlüsselun&amp;g</translation>
    </message>
    <message>
        <source>&amp;From</source>
        <translation>&amp;Von</translation>
    </message>
    <message>
        <source>&amp;Password</source>
        <translation>&amp;Passwort</translation>
    </message>
    <message>
        <source>&amp;User</source>
        <translation>Ben&amp;utzer</translation>
    </message>
    <message>
        <source>Mail ser&amp;ver</source>
        <translation>Mai&amp;lserver</translation>
    </message>
    <message>
        <source>STARTTLS (port 587)</source>
        <translation>STARTTLS (Port 587)</translation>
    </message>
    <message>
        <source>T&amp;o</source>
        <translation>A&amp;n</translation>
    </message>
    <message>
        <source>TLS (port 465)</source>
        <translation>TLS (Port 465)</translation>
    </message>
    <message>
        <source>not encrypted (port 25)</source>
        <translation>unverschlüsselt (Port 25)</translation>
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
        <translation>Audit Trails</translation>
    </message>
    <message>
        <source>&amp;Help</source>
        <translation>&amp;Hilfe</translation>
    </message>
    <message>
        <source>Help topics, log, archive folder and version</source>
        <translation>Hilfethemen, Protokoll, Archivordner und Version</translation>
    </message>
    <message>
        <source>&amp;Export</source>
        <translation>&amp;Export</translation>
    </message>
    <message>
        <source>&amp;Help topics</source>
        <translation>&amp;Hilfethemen</translation>
    </message>
    <message>
        <source>&amp;Sources</source>
        <translation>&amp;Quellen</translation>
    </message>
    <message>
        <source>A&amp;bout</source>
        <translation>Ü&amp;ber</translation>
    </message>
    <message>
        <source>Even&amp;ts</source>
        <translation>Erei&amp;gnisse</translation>
    </message>
    <message>
        <source>Help topics</source>
        <translation>Hilfethemen</translation>
    </message>
    <message>
        <source>Admin</source>
        <translation>Admin</translation>
    </message>
    <message>
        <source>Histor&amp;y</source>
        <translation>&amp;Verlauf</translation>
    </message>
    <message>
        <source>Infrastructure</source>
        <translation>Infrastruktur</translation>
    </message>
    <message>
        <source>Open the &amp;archive folder</source>
        <translation>&amp;Archivordner öffnen</translation>
    </message>
    <message>
        <source>Open the &amp;log</source>
        <translation>&amp;Protokoll öffnen</translation>
    </message>
</context>
<context>
    <name>MappingModel</name>
    <message>
        <source>Event</source>
        <translation>Ereignis</translation>
    </message>
    <message>
        <source>First value</source>
        <translation>Erster Wert</translation>
    </message>
    <message>
        <source>Key path in the record</source>
        <translation>Schlüsselpfad im Datensatz</translation>
    </message>
    <message>
        <source>its own key {key}</source>
        <translation>eigener Schlüssel {key}</translation>
    </message>
    <message>
        <source>{key} (needed)</source>
        <translation>{key} (nötig)</translation>
    </message>
</context>
<context>
    <name>NewHostKeyDialog</name>
    <message>
        <source>&amp;Trust and continue</source>
        <translation>&amp;Vertrauen und fortfahren</translation>
    </message>
    <message>
        <source>Fingerprint</source>
        <translation>Fingerabdruck</translation>
    </message>
    <message>
        <source>Host key</source>
        <translation>Host-Schlüssel</translation>
    </message>
    <message>
        <source>This is the first time that you connect to {server}.</source>
        <translation>Das ist die erste Verbindung zu {server}.</translation>
    </message>
    <message>
        <source>Type</source>
        <translation>Typ</translation>
    </message>
    <message>
        <source>Command</source>
        <translation>Befehl</translation>
    </message>
    <message>
        <source>Compare its fingerprint with the one that its administrator gave you, or that this command shows on the server:</source>
        <translation>Vergleichen Sie den Fingerabdruck mit dem, den Ihnen der Administrator gegeben hat oder den dieser Befehl auf dem Server zeigt:</translation>
    </message>
    <message>
        <source>Copy</source>
        <translation>Kopieren</translation>
    </message>
    <message>
        <source>Copy {text}</source>
        <translation>{text} kopieren</translation>
    </message>
</context>
<context>
    <name>Notice</name>
    <message>
        <source>Close this message</source>
        <translation>Diese Meldung schließen</translation>
    </message>
</context>
<context>
    <name>PasswordEdit</name>
    <message>
        <source>Hide the password</source>
        <translation>Passwort verbergen</translation>
    </message>
    <message>
        <source>Show the password</source>
        <translation>Passwort anzeigen</translation>
    </message>
    <message>
        <source>unchanged</source>
        <translation>unverändert</translation>
    </message>
</context>
<context>
    <name>ProblemStrip</name>
    <message>
        <source>Keep the file and start over</source>
        <translation>Datei beiseitelegen und neu beginnen</translation>
    </message>
    <message>
        <source>Open the file</source>
        <translation>Datei öffnen</translation>
    </message>
    <message>
        <source>Read it again</source>
        <translation>Erneut lesen</translation>
    </message>
</context>
<context>
    <name>ResultStrip</name>
    <message numerus="yes">
        <source>%n archive(s) delivered</source>
        <translation>
            <numerusform>%n Archiv zugestellt</numerusform>
            <numerusform>%n Archive zugestellt</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n event(s)</source>
        <translation>
            <numerusform>%n Ereignis</numerusform>
            <numerusform>%n Ereignisse</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n event(s) delivered.</source>
        <translation>
            <numerusform>%n Ereignis zugestellt.</numerusform>
            <numerusform>%n Ereignisse zugestellt.</numerusform>
        </translation>
    </message>
    <message>
        <source>Finding out what works while you are logged out …</source>
        <translation>Es wird ausprobiert, was geht, während Sie abgemeldet sind …</translation>
    </message>
    <message>
        <source>It runs only while you are signed in.</source>
        <translation>Er läuft nur, während Sie angemeldet sind.</translation>
    </message>
    <message>
        <source>Nothing is due: all is on the server.</source>
        <translation>Nichts steht an: Alles ist auf dem Server.</translation>
    </message>
    <message>
        <source>Run also while I am signed out</source>
        <translation>Auch ausführen, während ich abgemeldet bin</translation>
    </message>
    <message>
        <source>Saved. Next export: {when}.</source>
        <translation>Gespeichert. Nächster Export: {when}.</translation>
    </message>
    <message>
        <source>Test the daily task</source>
        <translation>Tägliche Aufgabe testen</translation>
    </message>
    <message>
        <source>Tested and saved.</source>
        <translation>Getestet und gespeichert.</translation>
    </message>
    <message>
        <source>Tested and saved. The daily export is off.</source>
        <translation>Getestet und gespeichert. Der tägliche Export ist aus.</translation>
    </message>
    <message>
        <source>The daily export is off. The settings are kept.</source>
        <translation>Der tägliche Export ist aus. Die Einstellungen bleiben erhalten.</translation>
    </message>
    <message>
        <source>The daily task goes on by itself. Its result will be in the history.</source>
        <translation>Die tägliche Aufgabe läuft von selbst weiter. Ihr Ergebnis steht dann im Verlauf.</translation>
    </message>
    <message>
        <source>The daily task is running …</source>
        <translation>Die tägliche Aufgabe läuft …</translation>
    </message>
    <message>
        <source>The daily task is set up again. Next export: {when}.</source>
        <translation>Die tägliche Aufgabe ist wieder eingerichtet. Nächster Export: {when}.</translation>
    </message>
    <message>
        <source>The daily task works.</source>
        <translation>Die tägliche Aufgabe funktioniert.</translation>
    </message>
    <message>
        <source>The export was stopped.</source>
        <translation>Der Export wurde angehalten.</translation>
    </message>
    <message>
        <source>The next one goes on where it ended.</source>
        <translation>Der nächste macht dort weiter, wo er endete.</translation>
    </message>
    <message>
        <source>The password is in {place} now.</source>
        <translation>Das Passwort ist jetzt hier: {place}.</translation>
    </message>
    <message>
        <source>Wait no longer</source>
        <translation>Nicht länger warten</translation>
    </message>
    <message>
        <source>The connection works.</source>
        <translation>Die Verbindung funktioniert.</translation>
    </message>
</context>
<context>
    <name>RunModel</name>
    <message>
        <source>By</source>
        <translation>Durch</translation>
    </message>
    <message>
        <source>Daily task</source>
        <translation>Tägliche Aufgabe</translation>
    </message>
    <message>
        <source>Days</source>
        <translation>Tage</translation>
    </message>
    <message>
        <source>Delivered</source>
        <translation>Zugestellt</translation>
    </message>
    <message>
        <source>Events</source>
        <translation>Ereignisse</translation>
    </message>
    <message>
        <source>Failed</source>
        <translation>Fehlgeschlagen</translation>
    </message>
    <message>
        <source>Interrupted</source>
        <translation>Unterbrochen</translation>
    </message>
    <message>
        <source>Nothing due</source>
        <translation>Nichts anstehend</translation>
    </message>
    <message>
        <source>Command line</source>
        <translation>Befehlszeile</translation>
    </message>
    <message>
        <source>Outcome</source>
        <translation>Ergebnis</translation>
    </message>
    <message>
        <source>Running</source>
        <translation>Läuft</translation>
    </message>
    <message>
        <source>Size</source>
        <translation>Größe</translation>
    </message>
    <message>
        <source>Started</source>
        <translation>Beginn</translation>
    </message>
    <message>
        <source>Stopped</source>
        <translation>Angehalten</translation>
    </message>
    <message>
        <source>This window</source>
        <translation>Dieses Fenster</translation>
    </message>
    <message>
        <source>Took</source>
        <translation>Dauer</translation>
    </message>
</context>
<context>
    <name>RunProgress</name>
    <message>
        <source>Archiving {day}</source>
        <translation>{day} wird archiviert</translation>
    </message>
    <message>
        <source>Collecting from {source}</source>
        <translation>Sammeln aus {source}</translation>
    </message>
    <message>
        <source>Connecting to {server} …</source>
        <translation>Verbindung zu {server} …</translation>
    </message>
    <message>
        <source>Delivered {name}</source>
        <translation>{name} zugestellt</translation>
    </message>
    <message>
        <source>Preparing the export …</source>
        <translation>Export wird vorbereitet …</translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>Anhalten</translation>
    </message>
    <message>
        <source>Stopping …</source>
        <translation>Wird angehalten …</translation>
    </message>
    <message>
        <source>The export begins.</source>
        <translation>Der Export beginnt.</translation>
    </message>
    <message>
        <source>Trying again in {seconds} s.</source>
        <translation>Nächster Versuch in {seconds} s.</translation>
    </message>
    <message>
        <source>Uploading {name}</source>
        <translation>{name} wird hochgeladen</translation>
    </message>
    <message>
        <source>{events} events, {size}</source>
        <translation>{events} Ereignisse, {size}</translation>
    </message>
    <message>
        <source>{events} events/s</source>
        <translation>{events} Ereignisse/s</translation>
    </message>
    <message>
        <source>{events} of {total} events, {size}</source>
        <translation>{events} von {total} Ereignissen, {size}</translation>
    </message>
    <message>
        <source>{records} records</source>
        <translation>{records} Datensätze</translation>
    </message>
    <message>
        <source>{sent} of {total}</source>
        <translation>{sent} von {total}</translation>
    </message>
    <message>
        <source>{size}/s</source>
        <translation>{size}/s</translation>
    </message>
</context>
<context>
    <name>Said</name>
    <message>
        <source>&amp;Account</source>
        <translation>&amp;Konto</translation>
    </message>
    <message>
        <source>&amp;Ciphers</source>
        <translation>&amp;Chiffren</translation>
    </message>
    <message>
        <source>&amp;Folder</source>
        <translation>&amp;Ordner</translation>
    </message>
    <message>
        <source>&amp;Key file</source>
        <translation>Schl&amp;üsseldatei</translation>
    </message>
    <message>
        <source>&amp;List in a file</source>
        <translation>&amp;Liste in einer Datei</translation>
    </message>
    <message>
        <source>&amp;Parts</source>
        <translation>&amp;Bereiche</translation>
    </message>
    <message>
        <source>&amp;Password</source>
        <translation>&amp;Passwort</translation>
    </message>
    <message>
        <source>&amp;Units</source>
        <translation>&amp;Units</translation>
    </message>
    <message>
        <source>&amp;User</source>
        <translation>Benutze&amp;r</translation>
    </message>
    <message>
        <source>, </source>
        <translation>, </translation>
    </message>
    <message>
        <source>, </source>
        <comment>between the parts of a list</comment>
        <translation>, </translation>
    </message>
    <message>
        <source>--deep needs a folder: name it.</source>
        <translation>--deep braucht einen Ordner: Geben Sie ihn an.</translation>
    </message>
    <message>
        <source>--for is for root on Linux.</source>
        <translation>--for ist für root unter Linux.</translation>
    </message>
    <message>
        <source>--signed-out and --signed-in are for Windows.</source>
        <translation>--signed-out und --signed-in sind für Windows.</translation>
    </message>
    <message>
        <source>1 archive</source>
        <translation>1 Archiv</translation>
    </message>
    <message>
        <source>1 day</source>
        <translation>1 Tag</translation>
    </message>
    <message>
        <source>1 day waits.</source>
        <translation>1 Tag wartet.</translation>
    </message>
    <message>
        <source>1 event</source>
        <translation>1 Ereignis</translation>
    </message>
    <message>
        <source>1 file</source>
        <translation>1 Datei</translation>
    </message>
    <message>
        <source>1 problem</source>
        <translation>1 Problem</translation>
    </message>
    <message>
        <source>1. Sample events of yesterday recorded: {count}.</source>
        <translation>1. Beispielereignisse von gestern aufgenommen: {count}.</translation>
    </message>
    <message>
        <source>2. Test Connection to the SFTP server on {host}:</source>
        <translation>2. Verbindung zum SFTP-Server auf {host} testen:</translation>
    </message>
    <message>
        <source>3. Export:</source>
        <translation>3. Export:</translation>
    </message>
    <message>
        <source>4. The archive is {path} and holds:</source>
        <translation>4. Das Archiv ist {path} und enthält:</translation>
    </message>
    <message>
        <source>5. Verification failed.</source>
        <translation>5. Prüfung fehlgeschlagen.</translation>
    </message>
    <message>
        <source>5. Verified: as archived.</source>
        <translation>5. Geprüft: wie archiviert.</translation>
    </message>
    <message>
        <source>A file could not be read or written ({reason}).</source>
        <translation>Eine Datei ließ sich nicht lesen oder schreiben ({reason}).</translation>
    </message>
    <message>
        <source>A key got into the password that types no letter, such as an arrow.</source>
        <translation>In das Passwort ist eine Taste geraten, die kein Zeichen schreibt, etwa eine Pfeiltaste.</translation>
    </message>
    <message>
        <source>A key path, or one of: const; text; pairs with key and value; path with words, or with most.</source>
        <translation>Ein Schlüsselpfad oder eines von: const; text; pairs mit key und value; path mit words oder mit most.</translation>
    </message>
    <message>
        <source>A passphrase belongs to a key file, and the login is by {auth}.</source>
        <translation>Eine Passphrase gehört zu einer Schlüsseldatei, die Anmeldung erfolgt aber mit {auth}.</translation>
    </message>
    <message>
        <source>A password belongs to a server and a user, which are not set yet.</source>
        <translation>Ein Passwort gehört zu einem Server und einem Benutzer, die noch nicht festgelegt sind.</translation>
    </message>
    <message>
        <source>A piece of the events of {day} is lost from {place}.</source>
        <translation>Ein Teilstück der Ereignisse vom {day} fehlt in {place}.</translation>
    </message>
    <message>
        <source>A port is a number from 1 to 65535.</source>
        <translation>Ein Port ist eine Zahl von 1 bis 65535.</translation>
    </message>
    <message>
        <source>A role that may see audit trails, and no other.</source>
        <translation>Eine Rolle, die nur Audit Trails sehen darf.</translation>
    </message>
    <message>
        <source>A scheduler of yours starts the export here, and no daily task of this program.</source>
        <translation>Hier startet ein eigener Zeitplaner den Export, keine tägliche Aufgabe dieses Programms.</translation>
    </message>
    <message>
        <source>A service that is known, as in okta, github, entra. Empty for another, which the settings then describe.</source>
        <translation>Ein bekannter Dienst, etwa okta, github, entra. Leer für einen anderen, den dann die Einstellungen beschreiben.</translation>
    </message>
    <message>
        <source>A source can&apos;t be called {name!r}.</source>
        <translation>Eine Quelle kann nicht {name!r} heißen.</translation>
    </message>
    <message>
        <source>A source of kind {kind} has no {option}.</source>
        <translation>Eine Quelle der Art {kind} hat kein {option}.</translation>
    </message>
    <message>
        <source>A source of the kind {kind} has no password.</source>
        <translation>Eine Quelle der Art {kind} hat kein Passwort.</translation>
    </message>
    <message>
        <source>A table or a query of PostgreSQL, MySQL, MariaDB, SQL Server, Oracle or SQLite.</source>
        <translation>PostgreSQL, MySQL, MariaDB, SQL Server, Oracle, SQLite.</translation>
    </message>
    <message>
        <source>A time is no key to go on from: what comes late would be missed.</source>
        <translation>Eine Zeit ist kein Schlüssel, von dem aus es weitergehen kann: Was spät kommt, würde fehlen.</translation>
    </message>
    <message>
        <source>A worker failed: {problem}</source>
        <translation>Ein Worker ist gescheitert: {problem}</translation>
    </message>
    <message>
        <source>A&amp;ddress</source>
        <translation>Ad&amp;resse</translation>
    </message>
    <message>
        <source>Accept this key from now on?</source>
        <translation>Diesen Schlüssel ab jetzt akzeptieren?</translation>
    </message>
    <message>
        <source>Accepted.</source>
        <translation>Akzeptiert.</translation>
    </message>
    <message>
        <source>Acco&amp;unt</source>
        <translation>&amp;Konto</translation>
    </message>
    <message>
        <source>Account Settings: Read, and no other.</source>
        <translation>Nur „Account Settings: Read“.</translation>
    </message>
    <message>
        <source>Address (apprise URL)</source>
        <translation>Adresse (apprise-URL)</translation>
    </message>
    <message>
        <source>Administer Jira: audit records can be read with no narrower right. A token with the scope manage:jira-configuration is enough.</source>
        <translation>„Administer Jira“: Audit-Einträge lassen sich mit keinem engeren Recht lesen. Ein Token mit dem Scope manage:jira-configuration genügt.</translation>
    </message>
    <message>
        <source>All delivered.</source>
        <translation>Alles zugestellt.</translation>
    </message>
    <message>
        <source>All delivered. {following}</source>
        <translation>Alles zugestellt. {following}</translation>
    </message>
    <message>
        <source>All is saved. Whether the daily task can read the password was not found out. {why}</source>
        <translation>Alles ist gespeichert. Ob die tägliche Aufgabe das Passwort lesen kann, wurde nicht festgestellt. {why}</translation>
    </message>
    <message>
        <source>All of it lies in {folder}, which you may delete.</source>
        <translation>Alles liegt in {folder}; diesen Ordner können Sie löschen.</translation>
    </message>
    <message>
        <source>All steps passed.</source>
        <translation>Alle Schritte bestanden.</translation>
    </message>
    <message>
        <source>An administrator can change it.</source>
        <translation>Ein Administrator kann das ändern.</translation>
    </message>
    <message>
        <source>An administrator can start it.</source>
        <translation>Ein Administrator kann sie starten.</translation>
    </message>
    <message>
        <source>An administrator must make sure that users can&apos;t write it; nothing runs until then.</source>
        <translation>Ein Administrator muss dafür sorgen, dass Benutzer sie nicht schreiben können; bis dahin läuft nichts.</translation>
    </message>
    <message>
        <source>An audit trails token reads nothing else; that of the organization may do more.</source>
        <translation>Ein Audit-Trails-Token liest nichts anderes; das der Organisation darf mehr.</translation>
    </message>
    <message>
        <source>An event has no key {key}. {meant}</source>
        <translation>Ein Ereignis hat keinen Schlüssel {key}. {meant}</translation>
    </message>
    <message>
        <source>An export is running.</source>
        <translation>Ein Export läuft.</translation>
    </message>
    <message>
        <source>An index over the columns of time and id makes it fast. The next run goes on from here.</source>
        <translation>Ein Index über die Spalten für Zeit und ID macht es schnell. Der nächste Lauf macht hier weiter.</translation>
    </message>
    <message>
        <source>Another export is running: process {pid}, started {time} by {by}.</source>
        <translation>Ein anderer Export läuft: Prozess {pid}, gestartet {time} durch: {by}.</translation>
    </message>
    <message>
        <source>Another export of this configuration is running.</source>
        <translation>Ein anderer Export dieser Konfiguration läuft.</translation>
    </message>
    <message>
        <source>Another service on the web</source>
        <translation>Ein anderer Dienst im Web</translation>
    </message>
    <message>
        <source>Application permission ActivityFeed.Read of the Office 365 Management APIs, and no other.</source>
        <translation>Nur die Anwendungsberechtigung ActivityFeed.Read der Office 365 Management APIs.</translation>
    </message>
    <message>
        <source>Application permission AuditLog.Read.All, and no other.</source>
        <translation>Nur die Anwendungsberechtigung AuditLog.Read.All.</translation>
    </message>
    <message>
        <source>Application permission DeviceManagementApps.Read.All, and no other.</source>
        <translation>Nur die Anwendungsberechtigung DeviceManagementApps.Read.All.</translation>
    </message>
    <message>
        <source>Archive</source>
        <translation>Archiv</translation>
    </message>
    <message>
        <source>Archives</source>
        <translation>Archive</translation>
    </message>
    <message>
        <source>Archives checked: {count}. All are whole, and none is missing.</source>
        <translation>Geprüfte Archive: {count}. Alle sind unversehrt, und keines fehlt.</translation>
    </message>
    <message>
        <source>Archives of late events</source>
        <translation>Archive mit späten Ereignissen</translation>
    </message>
    <message>
        <source>Archiving {day}</source>
        <translation>{day} wird archiviert</translation>
    </message>
    <message>
        <source>Are key and secret right, and may they list the bucket and get its objects?</source>
        <translation>Stimmen Schlüssel und Geheimnis, und dürfen sie den Bucket auflisten und seine Objekte lesen?</translation>
    </message>
    <message>
        <source>Are server, user, password and token in the address right, and does this computer reach it?</source>
        <translation>Stimmen Server, Benutzer, Passwort und Token in der Adresse, und erreicht dieser Computer ihn?</translation>
    </message>
    <message>
        <source>Are the table or the SELECT, and the columns of time and id, right?</source>
        <translation>Stimmen die Tabelle oder das SELECT und die Spalten für Zeit und ID?</translation>
    </message>
    <message>
        <source>As in postgresql://user@server:5432/database; also mysql, mariadb, mssql, oracle, and sqlite:////folder/file.db. Without the password.</source>
        <translation>Wie in postgresql://benutzer@server:5432/datenbank; auch mysql, mariadb, mssql, oracle und sqlite:////ordner/datei.db. Ohne das Passwort.</translation>
    </message>
    <message>
        <source>Ask an administrator for the right &apos;Log on as a batch job&apos;, or choose: only when I am signed in.</source>
        <translation>Einen Administrator um das Recht „Anmelden als Stapelverarbeitungsauftrag“ bitten oder wählen: nur wenn ich angemeldet bin.</translation>
    </message>
    <message>
        <source>Ask an administrator of this computer, or start the program as one once.</source>
        <translation>Einen Administrator dieses Computers fragen oder das Programm einmal als Administrator starten.</translation>
    </message>
    <message>
        <source>Ask an administrator to start the Windows service &apos;Task Scheduler&apos;.</source>
        <translation>Einen Administrator bitten, den Windows-Dienst „Aufgabenplanung“ zu starten.</translation>
    </message>
    <message>
        <source>Ask for fewer records in a page (pages.size).</source>
        <translation>Fordern Sie weniger Datensätze je Seite an (pages.size).</translation>
    </message>
    <message>
        <source>Ask its administrator for an Ed25519, ECDSA or RSA (SHA-2) host key.</source>
        <translation>Den Administrator des Servers um einen Host-Schlüssel vom Typ Ed25519, ECDSA oder RSA (SHA-2) bitten.</translation>
    </message>
    <message>
        <source>Ask its administrator for that.</source>
        <translation>Bitten Sie den Administrator darum.</translation>
    </message>
    <message>
        <source>Ask its administrator for the right to {doing} there.</source>
        <translation>Bitten Sie den Administrator des Servers dort um dieses Recht: {doing}.</translation>
    </message>
    <message>
        <source>Ask its administrator to give this user the right to read (SELECT).</source>
        <translation>Bitten Sie den Administrator, diesem Benutzer das Leserecht (SELECT) zu geben.</translation>
    </message>
    <message>
        <source>Ask its administrator to make room; the next run goes on.</source>
        <translation>Den Administrator des Servers bitten, Platz zu schaffen; der nächste Lauf macht weiter.</translation>
    </message>
    <message>
        <source>Ask its administrator.</source>
        <translation>Den Administrator des Servers fragen.</translation>
    </message>
    <message>
        <source>Ask the server&apos;s administrator for a copy: SHA-256 {sha256}.</source>
        <translation>Bitten Sie die Serververwaltung um eine Kopie: SHA-256 {sha256}.</translation>
    </message>
    <message>
        <source>Asked: all days up to {last}.</source>
        <translation>Geprüft: alle Tage bis {last}.</translation>
    </message>
    <message>
        <source>Asked: the days from {first} on.</source>
        <translation>Geprüft: die Tage ab {first}.</translation>
    </message>
    <message>
        <source>Asked: the days from {first} to {last}.</source>
        <translation>Geprüft: die Tage von {first} bis {last}.</translation>
    </message>
    <message>
        <source>Asked: {asked}, and {count} more.</source>
        <translation>Verlangt: {asked} und {count} weitere.</translation>
    </message>
    <message>
        <source>Asked: {asked}.</source>
        <translation>Verlangt: {asked}.</translation>
    </message>
    <message>
        <source>Audit events</source>
        <translation>Audit-Ereignisse</translation>
    </message>
    <message>
        <source>Audit events, and no other kind of event.</source>
        <translation>Nur Audit-Ereignisse, keine anderen Arten.</translation>
    </message>
    <message>
        <source>Audit trails: report for the auditor</source>
        <translation>Audit-Trails: Bericht für die Prüfung</translation>
    </message>
    <message>
        <source>By</source>
        <translation>Von</translation>
    </message>
    <message>
        <source>By the clock, {name} was made before {before}, which it follows.</source>
        <translation>Nach der Uhr entstand {name} vor {before}, auf das es folgt.</translation>
    </message>
    <message>
        <source>C&amp;lient</source>
        <translation>C&amp;lient</translation>
    </message>
    <message>
        <source>Change its mapping: what is set aside is tried again then, and the rest is read.</source>
        <translation>Ändern Sie ihre Zuordnung: Aussortiertes wird dann erneut versucht, und der Rest wird gelesen.</translation>
    </message>
    <message>
        <source>Change one of them.</source>
        <translation>Ändern Sie eins davon.</translation>
    </message>
    <message>
        <source>Change the mapping of the source: what is set aside is tried again then. To see the records:</source>
        <translation>Ändern Sie die Zuordnung der Quelle: Aussortiertes wird dann erneut versucht. Um die Datensätze zu sehen:</translation>
    </message>
    <message>
        <source>Change {this}, or choose {other}.</source>
        <translation>{this} ändern oder {other} wählen.</translation>
    </message>
    <message>
        <source>Check client and secret, and that the client is enabled there.</source>
        <translation>Prüfen Sie Client und Geheimnis und ob der Client dort aktiviert ist.</translation>
    </message>
    <message>
        <source>Check it without this program</source>
        <translation>Ohne dieses Programm prüfen</translation>
    </message>
    <message>
        <source>Check the address and what is asked.</source>
        <translation>Prüfen Sie die Adresse und die Anfrage.</translation>
    </message>
    <message>
        <source>Check the address of the service.</source>
        <translation>Prüfen Sie die Adresse des Dienstes.</translation>
    </message>
    <message>
        <source>Checking</source>
        <translation>Prüfen</translation>
    </message>
    <message>
        <source>Choose one of --csv, --json and --html.</source>
        <translation>Wählen Sie eines von --csv, --json und --html.</translation>
    </message>
    <message>
        <source>Choose where else to keep it.</source>
        <translation>Einen anderen Ort dafür wählen.</translation>
    </message>
    <message>
        <source>Clock</source>
        <translation>Uhr</translation>
    </message>
    <message>
        <source>Close it there, or wait until that program has ended. Then try again.</source>
        <translation>Dort schließen oder warten, bis dieses Programm beendet ist. Dann erneut versuchen.</translation>
    </message>
    <message>
        <source>Close it: chmod 600 {path}</source>
        <translation>Den Zugriff schließen: chmod 600 {path}</translation>
    </message>
    <message>
        <source>Col&amp;umn of time</source>
        <translation>Spalte der Ze&amp;it</translation>
    </message>
    <message>
        <source>Collected by an older version.</source>
        <translation>Von einer älteren Version gesammelt.</translation>
    </message>
    <message>
        <source>Collecting from {source}</source>
        <translation>Sammeln aus {source}</translation>
    </message>
    <message>
        <source>Colu&amp;mn of id</source>
        <translation>Spalte &amp;der ID</translation>
    </message>
    <message>
        <source>Compare the fingerprint with the one its administrator gave you, then accept it.</source>
        <translation>Den Fingerabdruck mit dem vergleichen, den der Administrator des Servers genannt hat, und ihn dann annehmen.</translation>
    </message>
    <message>
        <source>Complete</source>
        <translation>Vollständig</translation>
    </message>
    <message>
        <source>Configure the export as that user first.</source>
        <translation>Konfigurieren Sie den Export zuerst als dieser Benutzer.</translation>
    </message>
    <message>
        <source>Configured</source>
        <translation>Konfiguriert</translation>
    </message>
    <message>
        <source>Connecting to {server} …</source>
        <translation>Verbindung zu {server} …</translation>
    </message>
    <message>
        <source>Convert it: in PuTTYgen, Conversions &gt; Export OpenSSH key; or on Linux:</source>
        <translation>Wandeln Sie ihn um: in PuTTYgen mit Conversions &gt; Export OpenSSH key, oder unter Linux:</translation>
    </message>
    <message>
        <source>Create a fine-grained personal access token of the organization; its audit log is part of GitHub Enterprise.</source>
        <translation>Einen „fine-grained personal access token“ der Organisation erstellen; ihr Audit-Log gehört zu GitHub Enterprise.</translation>
    </message>
    <message>
        <source>Create a machine-to-machine application that is authorized for the Auth0 Management API.</source>
        <translation>Eine Machine-to-Machine-Anwendung anlegen, die für die Auth0 Management API berechtigt ist.</translation>
    </message>
    <message>
        <source>Create a service account in Google Cloud with the Admin SDK API enabled, allow it domain-wide delegation with the scope below, and create a JSON key.</source>
        <translation>In Google Cloud ein Dienstkonto mit aktivierter Admin SDK API anlegen, ihm domainweite Delegierung mit dem Scope unten erlauben und einen JSON-Schlüssel erstellen.</translation>
    </message>
    <message>
        <source>Create an API key under admin.atlassian.com, Settings, API keys; audit events are part of Atlassian Guard.</source>
        <translation>Unter admin.atlassian.com, Settings, API keys einen API-Schlüssel erstellen; Audit-Ereignisse gehören zu Atlassian Guard.</translation>
    </message>
    <message>
        <source>Create an API token under id.atlassian.com, for a user who administers Jira.</source>
        <translation>Unter id.atlassian.com ein API-Token für jemanden erstellen, der Jira verwaltet.</translation>
    </message>
    <message>
        <source>Create an access token of an administrator; for a group, one of an owner, and the address https://gitlab.com/api/v4/groups/ID/audit_events.</source>
        <translation>Ein Zugriffstoken eines Administrators erstellen; für eine Gruppe das eines Besitzers, mit der Adresse https://gitlab.com/api/v4/groups/ID/audit_events.</translation>
    </message>
    <message>
        <source>Create an audit trails token, or the organization&apos;s token, under its settings, API tokens.</source>
        <translation>In den Einstellungen der Organisation unter API tokens ein Audit-Trails-Token oder das Token der Organisation erstellen.</translation>
    </message>
    <message>
        <source>Create it again.</source>
        <translation>Ihn wieder anlegen.</translation>
    </message>
    <message>
        <source>Daily task</source>
        <translation>Tägliche Aufgabe</translation>
    </message>
    <message>
        <source>Dask, which spreads the work, is not installed here ({reason}).</source>
        <translation>Dask, das die Arbeit verteilt, ist hier nicht installiert ({reason}).</translation>
    </message>
    <message>
        <source>Database</source>
        <translation>Datenbank</translation>
    </message>
    <message>
        <source>Day</source>
        <translation>Tag</translation>
    </message>
    <message>
        <source>Days</source>
        <translation>Tage</translation>
    </message>
    <message>
        <source>Delete it. Then set the password again.</source>
        <translation>Die Datei löschen. Dann das Passwort neu setzen.</translation>
    </message>
    <message>
        <source>Delivered</source>
        <translation>Zugestellt</translation>
    </message>
    <message>
        <source>Delivered at</source>
        <translation>Zugestellt um</translation>
    </message>
    <message>
        <source>Delivered up to {day}: {done} of {total} days, {events} read.</source>
        <translation>Zugestellt bis {day}: {done} von {total} Tagen, {events} gelesen.</translation>
    </message>
    <message>
        <source>Did you mean {key}?</source>
        <translation>War {key} gemeint?</translation>
    </message>
    <message>
        <source>Do they have enough memory and room for temporary files? Their logs say why.</source>
        <translation>Haben sie genug Arbeitsspeicher und Platz für temporäre Dateien? Ihre Protokolle sagen, warum.</translation>
    </message>
    <message>
        <source>Does another computer export there under the same instance name? Give each a name of its own.</source>
        <translation>Exportiert ein anderer Computer unter demselben Instanznamen dorthin? Jedem einen eigenen Namen geben.</translation>
    </message>
    <message>
        <source>Does it work from a terminal?</source>
        <translation>Funktioniert es in einem Terminal?</translation>
    </message>
    <message>
        <source>Does the Task Scheduler of this computer open, and show its tasks?</source>
        <translation>Lässt sich die Aufgabenplanung dieses Computers öffnen, und zeigt sie ihre Aufgaben?</translation>
    </message>
    <message>
        <source>Each is checked against its manifest (members, sizes, SHA-256, number and times of events) and its signature. All of an installation are checked together: no number of the chain may be missing or there twice, each must be made after the one before, and the newest must be as new as --to says, or else of yesterday, where the export was on by then. Without --signers, who signed is left open; without --tsa, who says when.</source>
        <translation>Jedes wird mit seinem Manifest (Inhalt, Größen, SHA-256, Zahl und Zeiten der Ereignisse) und seiner Signatur verglichen. Alle einer Installation werden zusammen geprüft: Keine Nummer der Kette darf fehlen oder doppelt sein, jedes muss nach dem vorigen erstellt sein, und das neueste muss so neu sein, wie --to sagt, oder sonst von gestern, wenn der Export da schon eingeschaltet war. Ohne --signers bleibt offen, wer signiert hat; ohne --tsa, wer bestätigt, wann.</translation>
    </message>
    <message>
        <source>Ed25519, ECDSA and RSA keys can be, as ssh-keygen makes them. Is it the right file, and whole?</source>
        <translation>Möglich sind Schlüssel der Arten Ed25519, ECDSA und RSA, wie ssh-keygen sie erzeugt. Ist es die richtige Datei, und ist sie vollständig?</translation>
    </message>
    <message>
        <source>Either the server was set up again, or someone is in between. Ask its administrator.</source>
        <translation>Entweder wurde der Server neu eingerichtet, oder jemand sitzt dazwischen. Fragen Sie den Administrator.</translation>
    </message>
    <message>
        <source>Either the server was set up again, or someone is in between. Nothing was sent. Ask its administrator before you accept the new key.</source>
        <translation>Entweder wurde der Server neu eingerichtet, oder jemand sitzt dazwischen. Es wurde nichts gesendet. Vor dem Annehmen des neuen Schlüssels den Administrator des Servers fragen.</translation>
    </message>
    <message>
        <source>Entr&amp;ies</source>
        <translation>E&amp;inträge</translation>
    </message>
    <message>
        <source>Events</source>
        <translation>Ereignisse</translation>
    </message>
    <message>
        <source>Events came from {names}.</source>
        <translation>Ereignisse kamen von {names}.</translation>
    </message>
    <message>
        <source>Events can&apos;t be kept for {days} days.</source>
        <translation>Ereignisse lassen sich nicht {days} Tage aufbewahren.</translation>
    </message>
    <message>
        <source>Existed at</source>
        <translation>Vorhanden am</translation>
    </message>
    <message>
        <source>Export</source>
        <translation>Export</translation>
    </message>
    <message>
        <source>F&amp;iles</source>
        <translation>&amp;Dateien</translation>
    </message>
    <message>
        <source>Failures are reported to no address any more.</source>
        <translation>Fehlschläge werden an keine Adresse mehr gemeldet.</translation>
    </message>
    <message>
        <source>Failures are reported to no address.</source>
        <translation>Fehlschläge werden an keine Adresse gemeldet.</translation>
    </message>
    <message>
        <source>Files</source>
        <translation>Dateien</translation>
    </message>
    <message>
        <source>Files in a bucket: Amazon S3, Google Cloud Storage, Azure Blob Storage, MinIO.</source>
        <translation>Buckets: Amazon S3, Google Cloud Storage, Azure Blob Storage, MinIO.</translation>
    </message>
    <message>
        <source>Files on another computer, such as the archives of Ivanti Neurons for MDM.</source>
        <translation>Dateien auf einem anderen Computer, etwa Archive von Ivanti Neurons.</translation>
    </message>
    <message>
        <source>Files that another program writes: JSON, CSV, CEF, syslog, .evtx, also packed.</source>
        <translation>Dateien anderer Programme: JSON, CSV, CEF, Syslog, .evtx, auch gepackt.</translation>
    </message>
    <message>
        <source>Fill in its name.</source>
        <translation>Tragen Sie seinen Namen ein.</translation>
    </message>
    <message>
        <source>Fill in one of the two.</source>
        <translation>Füllen Sie eins von beiden aus.</translation>
    </message>
    <message>
        <source>Fill in server, user, password and path below. They are tested before they are saved.</source>
        <translation>Füllen Sie unten Server, Benutzer, Passwort und Pfad aus. Vor dem Speichern wird alles getestet.</translation>
    </message>
    <message>
        <source>Fill in the address of the service, or choose one that is known.</source>
        <translation>Tragen Sie die Adresse des Dienstes ein, oder wählen Sie einen bekannten.</translation>
    </message>
    <message>
        <source>Fill it in without --cluster.</source>
        <translation>Holen Sie sie ohne --cluster nach.</translation>
    </message>
    <message>
        <source>Fill that in.</source>
        <translation>Das ausfüllen.</translation>
    </message>
    <message>
        <source>First</source>
        <translation>Erster</translation>
    </message>
    <message>
        <source>First missing</source>
        <translation>Zuerst fehlt</translation>
    </message>
    <message>
        <source>First signature</source>
        <translation>Erste Signatur</translation>
    </message>
    <message>
        <source>Fix that line, or put back an older copy.</source>
        <translation>Diese Zeile berichtigen oder eine ältere Kopie zurücklegen.</translation>
    </message>
    <message>
        <source>Fix that line; nothing was saved.</source>
        <translation>Diese Zeile berichtigen; es wurde nichts gespeichert.</translation>
    </message>
    <message>
        <source>Folder of files</source>
        <translation>Ordner mit Dateien</translation>
    </message>
    <message>
        <source>Folder on an SFTP server</source>
        <translation>Ordner auf einem SFTP-Server</translation>
    </message>
    <message>
        <source>Foll&amp;ow links that lead out of the folder</source>
        <translation>Lin&amp;ks folgen, die aus dem Ordner hinausführen</translation>
    </message>
    <message>
        <source>Follow lin&amp;ks that lead out of the folder</source>
        <translation>Lin&amp;ks folgen, die aus dem Ordner hinausführen</translation>
    </message>
    <message>
        <source>For help: {command}</source>
        <translation>Hilfe: {command}</translation>
    </message>
    <message>
        <source>From then on, each day has its archive.</source>
        <translation>Von da an hat jeder Tag sein Archiv.</translation>
    </message>
    <message>
        <source>Future</source>
        <translation>Zukunft</translation>
    </message>
    <message>
        <source>Give each a name of its own.</source>
        <translation>Jeder einen eigenen Namen geben.</translation>
    </message>
    <message>
        <source>Give it a name to know it by.</source>
        <translation>Ihr einen Namen geben, an dem sie zu erkennen ist.</translation>
    </message>
    <message>
        <source>Give it another name.</source>
        <translation>Geben Sie ihr einen anderen Namen.</translation>
    </message>
    <message>
        <source>Give it the key: ssh-add FILE</source>
        <translation>Geben Sie ihm den Schlüssel: ssh-add DATEI</translation>
    </message>
    <message>
        <source>Give it the right to read them, and no more; is auditing part of the plan there?</source>
        <translation>Geben Sie ihm das Recht, sie zu lesen, und nicht mehr. Gehört die Protokollierung zum gebuchten Tarif?</translation>
    </message>
    <message>
        <source>Give the account a password, or choose: only when I am signed in.</source>
        <translation>Dem Konto ein Passwort geben oder wählen: nur wenn ich angemeldet bin.</translation>
    </message>
    <message>
        <source>H&amp;MAC</source>
        <translation>H&amp;MAC</translation>
    </message>
    <message>
        <source>H&amp;ost</source>
        <translation>H&amp;ost</translation>
    </message>
    <message>
        <source>HMAC</source>
        <translation>HMAC</translation>
    </message>
    <message>
        <source>Have an administrator add the user to the group systemd-journal; that counts from the next start of the computer on.</source>
        <translation>Lassen Sie den Benutzer von einem Administrator in die Gruppe systemd-journal aufnehmen; das gilt ab dem nächsten Start des Computers.</translation>
    </message>
    <message>
        <source>Have the source follow links, or remove the link.</source>
        <translation>Lassen Sie die Quelle Links folgen, oder entfernen Sie den Link.</translation>
    </message>
    <message>
        <source>How far before the newest object that was read others may still arrive: 7d.</source>
        <translation>Wie weit vor dem neuesten gelesenen Objekt noch andere ankommen können: 7d.</translation>
    </message>
    <message>
        <source>How much is read once more each time, to find rows that were committed late: 24h, 7d.</source>
        <translation>Wie viel jedes Mal noch einmal gelesen wird, um spät geschriebene Zeilen zu finden: 24h, 7d.</translation>
    </message>
    <message>
        <source>If a proxy of your organisation answers, its certificate must be among the system&apos;s own.</source>
        <translation>Wenn ein Proxy Ihrer Organisation antwortet, muss sein Zertifikat zu denen des Systems gehören.</translation>
    </message>
    <message>
        <source>In CEF, the device event class ID; the action where there is none.</source>
        <translation>In CEF die Device Event Class ID; wo sie fehlt, die Aktion.</translation>
    </message>
    <message>
        <source>In CEF, the product, likewise.</source>
        <translation>In CEF das Produkt, ebenso.</translation>
    </message>
    <message>
        <source>In CEF, the vendor, in place of the one in the settings.</source>
        <translation>In CEF der Hersteller, anstelle dessen in den Einstellungen.</translation>
    </message>
    <message>
        <source>In a folder, a database, a service on the web: each is a source.</source>
        <translation>In einem Ordner, einer Datenbank, einem Dienst im Web: Jedes davon ist eine Quelle.</translation>
    </message>
    <message>
        <source>Install an app on the organization (Enterprise Grid) as its owner, and take the user token, which begins with xoxp-.</source>
        <translation>Als Besitzer eine App in der Organisation (Enterprise Grid) installieren und das Benutzertoken nehmen, das mit xoxp- beginnt.</translation>
    </message>
    <message>
        <source>Install cron and set the task up again, have a scheduler of yours start “audit-trails-export run --scheduled” once a day, or ask an administrator for one of these:</source>
        <translation>Installieren Sie cron und richten Sie die Aufgabe neu ein, lassen Sie einen eigenen Zeitplaner einmal am Tag „audit-trails-export run --scheduled“ starten, oder bitten Sie einen Administrator um eines davon:</translation>
    </message>
    <message>
        <source>Install cron, or have a scheduler of yours start this once a day:</source>
        <translation>Installieren Sie cron, oder lassen Sie einen eigenen Zeitplaner dies einmal am Tag starten:</translation>
    </message>
    <message>
        <source>Install it beside this program, or leave it out of the address: {url}.</source>
        <translation>Installieren Sie ihn neben diesem Programm, oder lassen Sie ihn in der Adresse weg: {url}.</translation>
    </message>
    <message>
        <source>Install that version again.</source>
        <translation>Diese Version wieder installieren.</translation>
    </message>
    <message>
        <source>Install that version again; the file was not changed.</source>
        <translation>Diese Version wieder installieren; die Datei wurde nicht verändert.</translation>
    </message>
    <message>
        <source>Install the program again, then: audit-trails-export schedule install</source>
        <translation>Das Programm erneut installieren, dann: audit-trails-export schedule install</translation>
    </message>
    <message>
        <source>Install the program from its wheel, with this extra; the packages do not have it:</source>
        <translation>Installieren Sie das Programm aus seinem Wheel, mit diesem Extra; die Pakete haben es nicht:</translation>
    </message>
    <message>
        <source>Install the program in a folder with a shorter name.</source>
        <translation>Das Programm in einem Ordner mit kürzerem Namen installieren.</translation>
    </message>
    <message>
        <source>Install the program, or keep its files, in a folder with another name.</source>
        <translation>Das Programm oder seine Dateien in einem Ordner mit anderem Namen ablegen.</translation>
    </message>
    <message>
        <source>Install the same versions everywhere.</source>
        <translation>Installieren Sie überall dieselben Versionen.</translation>
    </message>
    <message>
        <source>Install this version of the program there: {version}.</source>
        <translation>Installieren Sie dort diese Version des Programms: {version}.</translation>
    </message>
    <message>
        <source>Instance</source>
        <translation>Instanz</translation>
    </message>
    <message>
        <source>Instance {names}</source>
        <translation>Instanz {names}</translation>
    </message>
    <message>
        <source>Instances: {count}; {fine} lack nothing.</source>
        <translation>Instanzen: {count}; {fine} fehlt nichts.</translation>
    </message>
    <message>
        <source>Is cron running?</source>
        <translation>Läuft cron?</translation>
    </message>
    <message>
        <source>Is it there, and may this user read it?</source>
        <translation>Gibt es ihn, und darf dieser Benutzer ihn lesen?</translation>
    </message>
    <message>
        <source>Is it there, and may this user read it? Try the same with journalctl.</source>
        <translation>Ist es vorhanden, und darf dieser Benutzer es lesen? Versuchen Sie dasselbe mit journalctl.</translation>
    </message>
    <message>
        <source>Is its SFTP service on?</source>
        <translation>Ist sein SFTP-Dienst eingeschaltet?</translation>
    </message>
    <message>
        <source>Is its address right, and does this computer reach it?</source>
        <translation>Stimmt die Adresse, und erreicht dieser Computer sie?</translation>
    </message>
    <message>
        <source>Is its disk read-only or full, and may this user write there? AUDIT_TRAILS_HOME names another folder.</source>
        <translation>Ist der Datenträger schreibgeschützt oder voll, und darf dieser Benutzer dort schreiben? AUDIT_TRAILS_HOME nennt einen anderen Ordner.</translation>
    </message>
    <message>
        <source>Is its folder writable, and on a disk where files can be locked?</source>
        <translation>Ist ihr Ordner beschreibbar, und auf einem Datenträger, auf dem sich Dateien sperren lassen?</translation>
    </message>
    <message>
        <source>Is its folder writable?</source>
        <translation>Ist sein Ordner beschreibbar?</translation>
    </message>
    <message>
        <source>Is one of the public keys among those that the server has for this user? They are: {keys}</source>
        <translation>Ist einer der öffentlichen Schlüssel unter denen, die der Server für diesen Benutzer hat? Es sind: {keys}</translation>
    </message>
    <message>
        <source>Is the address right, and may this computer reach it?</source>
        <translation>Stimmt die Adresse, und darf dieser Computer sie erreichen?</translation>
    </message>
    <message>
        <source>Is the address right, as in tls://host:8786, and does dask scheduler run there?</source>
        <translation>Stimmt die Adresse, etwa tls://host:8786, und läuft dort dask scheduler?</translation>
    </message>
    <message>
        <source>Is the address right, is the database running, and may this computer reach it?</source>
        <translation>Stimmt die Adresse, läuft die Datenbank, und darf dieser Computer sie erreichen?</translation>
    </message>
    <message>
        <source>Is the disk full or read-only?</source>
        <translation>Ist der Datenträger voll oder schreibgeschützt?</translation>
    </message>
    <message>
        <source>Is the key right? The server&apos;s log may say why it cut.</source>
        <translation>Ist der Schlüssel richtig? Das Protokoll des Servers sagt vielleicht, warum er getrennt hat.</translation>
    </message>
    <message>
        <source>Is the name right, and does this computer have a network?</source>
        <translation>Stimmt der Name, und hat dieser Computer ein Netzwerk?</translation>
    </message>
    <message>
        <source>Is the name right, and the region?</source>
        <translation>Stimmen der Name und die Region?</translation>
    </message>
    <message>
        <source>Is the name right, does the server run, and may this computer reach it?</source>
        <translation>Stimmt der Name, läuft der Server, und darf dieser Computer ihn erreichen?</translation>
    </message>
    <message>
        <source>Is the port right?</source>
        <translation>Stimmt der Port?</translation>
    </message>
    <message>
        <source>Is the port that of its SFTP service?</source>
        <translation>Ist das der Port seines SFTP-Dienstes?</translation>
    </message>
    <message>
        <source>Is the present key lost?</source>
        <translation>Ist der jetzige Schlüssel verloren?</translation>
    </message>
    <message>
        <source>Is the public key among those that the server has for this user?</source>
        <translation>Ist der öffentliche Schlüssel unter denen, die der Server für diesen Benutzer hat?</translation>
    </message>
    <message>
        <source>Is the public key among those that the server has for this user? It is: {key}</source>
        <translation>Ist der öffentliche Schlüssel unter denen, die der Server für diesen Benutzer hat? Er lautet: {key}</translation>
    </message>
    <message>
        <source>Is the system&apos;s proxy the right one?</source>
        <translation>Ist der Proxy des Systems der richtige?</translation>
    </message>
    <message>
        <source>Is there room on the disk of {folder}?</source>
        <translation>Ist auf dem Datenträger von {folder} Platz?</translation>
    </message>
    <message>
        <source>Is there room on the disk, and may you write there?</source>
        <translation>Ist auf dem Datenträger Platz, und ist dort Schreiben erlaubt?</translation>
    </message>
    <message>
        <source>Is there room on the disk?</source>
        <translation>Ist Platz auf dem Datenträger?</translation>
    </message>
    <message>
        <source>Is {key} meant?</source>
        <translation>Ist {key} gemeint?</translation>
    </message>
    <message>
        <source>It accepts {choices}: tick at least one of them.</source>
        <translation>Er nimmt {choices} an: davon mindestens eins auswählen.</translation>
    </message>
    <message>
        <source>It accepts {methods}, but no key.</source>
        <translation>Er akzeptiert {methods}, aber keinen Schlüssel.</translation>
    </message>
    <message>
        <source>It accepts {methods}, but no key. Log in with a password.</source>
        <translation>Er akzeptiert {methods}, aber keinen Schlüssel. Melden Sie sich mit einem Passwort an.</translation>
    </message>
    <message>
        <source>It accepts {methods}, but no password.</source>
        <translation>Er nimmt {methods} an, aber kein Passwort.</translation>
    </message>
    <message>
        <source>It accepts {methods}, but no password. Log in with a key.</source>
        <translation>Er akzeptiert {methods}, aber kein Passwort. Melden Sie sich mit einem Schlüssel an.</translation>
    </message>
    <message>
        <source>It asks &quot;{question}&quot;, which is not for the password. This needs a user without a second factor.</source>
        <translation>Er fragt „{question}“, und das ist nicht die Frage nach dem Passwort. Nötig ist ein Benutzer ohne zweiten Faktor.</translation>
    </message>
    <message>
        <source>It becomes part of every CEF line.</source>
        <translation>Das wird Teil jeder CEF-Zeile.</translation>
    </message>
    <message>
        <source>It can&apos;t be read again: its files are others by now. Put it back, or them as they were.</source>
        <translation>Es lässt sich nicht neu lesen: Seine Dateien sind inzwischen andere. Legen Sie es zurück, oder die Dateien, wie sie waren.</translation>
    </message>
    <message>
        <source>It does so after failed logins or cut connections, for up to 10 minutes unless its administrator chose otherwise. Check user and password, then try again later.</source>
        <translation>Das tut er nach fehlgeschlagenen Anmeldungen oder abgebrochenen Verbindungen, bis zu 10 Minuten lang, sofern sein Administrator nichts anderes eingestellt hat. Prüfen Sie Benutzer und Passwort, und versuchen Sie es später noch einmal.</translation>
    </message>
    <message>
        <source>It has no host key.</source>
        <translation>Sie hat keinen Host-Schlüssel.</translation>
    </message>
    <message>
        <source>It has to be in PEM.</source>
        <translation>Sie muss in PEM sein.</translation>
    </message>
    <message>
        <source>It is not said where the workers are to put what they make.</source>
        <translation>Es ist nicht angegeben, wohin die Worker ablegen, was sie herstellen.</translation>
    </message>
    <message>
        <source>It is sent again.</source>
        <translation>Es wird erneut gesendet.</translation>
    </message>
    <message>
        <source>It is sent again. Its administrator should look at how that server renames.</source>
        <translation>Es wird noch einmal gesendet. Der Administrator sollte nachsehen, wie dieser Server umbenennt.</translation>
    </message>
    <message>
        <source>It is tried again by the next run. Is the file whole, and may this user read it?</source>
        <translation>Der nächste Lauf versucht es erneut. Ist die Datei vollständig, und darf dieser Benutzer sie lesen?</translation>
    </message>
    <message>
        <source>It is tried again by the next run. May this user read it?</source>
        <translation>Beim nächsten Lauf wird es wieder versucht. Darf dieser Benutzer es lesen?</translation>
    </message>
    <message>
        <source>It may be about to start or to end. Try again in a minute.</source>
        <translation>Vielleicht startet oder endet es gerade. In einer Minute erneut versuchen.</translation>
    </message>
    <message>
        <source>It may be busy, or closed to this computer; its log may say why.</source>
        <translation>Vielleicht ist er ausgelastet, oder er lässt diesen Computer nicht zu; sein Protokoll kann den Grund nennen.</translation>
    </message>
    <message>
        <source>It may have run out. Make a new one there, and keep it:</source>
        <translation>Es ist vielleicht abgelaufen. Erstellen Sie dort ein neues, und bewahren Sie es hier auf:</translation>
    </message>
    <message>
        <source>It must be {kind}.</source>
        <translation>Richtig wäre: {kind}.</translation>
    </message>
    <message>
        <source>It offers {offered}. Ask its administrator to allow {choice}.</source>
        <translation>Er bietet {offered} an. Den Administrator des Servers bitten, {choice} zuzulassen.</translation>
    </message>
    <message>
        <source>It offers {offered}. Of the choices here it accepts {choices}: tick at least one of them.</source>
        <translation>Er bietet {offered} an. Von der Auswahl hier nimmt er {choices} an: davon mindestens eins auswählen.</translation>
    </message>
    <message>
        <source>It runs only while you are signed in. Also while you are signed out:</source>
        <translation>Sie läuft nur, während Sie angemeldet sind. Auch während Sie abgemeldet sind:</translation>
    </message>
    <message>
        <source>It said: {last_words}</source>
        <translation>Die Ausgabe war: {last_words}</translation>
    </message>
    <message>
        <source>It wants {methods} as well, which this program does not do.</source>
        <translation>Er verlangt außerdem {methods}, was dieses Programm nicht kann.</translation>
    </message>
    <message>
        <source>It wants {methods} as well, which this program does not have.</source>
        <translation>Er verlangt zusätzlich {methods}; das hat dieses Programm nicht.</translation>
    </message>
    <message>
        <source>It was not accepted.</source>
        <translation>Er wurde nicht akzeptiert.</translation>
    </message>
    <message>
        <source>It was stopped.</source>
        <translation>Es wurde abgebrochen.</translation>
    </message>
    <message>
        <source>It was tried once. Are both right, and is the account not locked?</source>
        <translation>Es wurde einmal versucht. Stimmt beides, und ist das Konto nicht gesperrt?</translation>
    </message>
    <message>
        <source>It was tried once. Is the password right? The server&apos;s log may say why it cut.</source>
        <translation>Es wurde einmal versucht. Ist das Kennwort richtig? Das Protokoll des Servers sagt vielleicht, warum er getrennt hat.</translation>
    </message>
    <message>
        <source>It was tried once. Set the password.</source>
        <translation>Es wurde einmal versucht. Setzen Sie das Passwort.</translation>
    </message>
    <message>
        <source>It was tried once. The server&apos;s log may say what it waits for; the next run tries again.</source>
        <translation>Es wurde einmal versucht. Worauf der Server wartet, sagt vielleicht sein Protokoll; der nächste Lauf versucht es wieder.</translation>
    </message>
    <message>
        <source>Its administrator should look at the shell of this user, and at what that prints.</source>
        <translation>Der Administrator des Servers sollte sich die Shell dieses Benutzers ansehen, und was sie ausgibt.</translation>
    </message>
    <message>
        <source>Its user needs the right to rename there.</source>
        <translation>Der Benutzer braucht dort das Recht, umzubenennen.</translation>
    </message>
    <message>
        <source>Journal &amp;folder</source>
        <translation>Journal-&amp;Ordner</translation>
    </message>
    <message>
        <source>Journal of systemd</source>
        <translation>Journal von systemd</translation>
    </message>
    <message>
        <source>Journals</source>
        <translation>Journale</translation>
    </message>
    <message>
        <source>KWallet</source>
        <translation>KWallet</translation>
    </message>
    <message>
        <source>Keep it elsewhere, in a file.</source>
        <translation>Es anderswo aufbewahren, in einer Datei.</translation>
    </message>
    <message>
        <source>Keeps its events as set up there.</source>
        <translation>Behält seine Ereignisse wie dort eingestellt.</translation>
    </message>
    <message>
        <source>Keeps its events for {days} days.</source>
        <translation>Behält seine Ereignisse {days} Tage.</translation>
    </message>
    <message>
        <source>Kept, but not known to this version: {keys}.</source>
        <translation>Behalten, aber dieser Version unbekannt: {keys}.</translation>
    </message>
    <message>
        <source>Key</source>
        <translation>Schlüssel</translation>
    </message>
    <message>
        <source>Key e&amp;xchange</source>
        <translation>Schlüssela&amp;ustausch</translation>
    </message>
    <message>
        <source>Keys</source>
        <translation>Schlüssel</translation>
    </message>
    <message>
        <source>Kind</source>
        <translation>Art</translation>
    </message>
    <message>
        <source>Known are {kinds}.</source>
        <translation>Bekannt sind {kinds}.</translation>
    </message>
    <message>
        <source>Known are: {kinds}. The file was not changed.</source>
        <translation>Bekannt sind: {kinds}. Die Datei wurde nicht geändert.</translation>
    </message>
    <message>
        <source>Last</source>
        <translation>Letzter</translation>
    </message>
    <message>
        <source>Last archive</source>
        <translation>Letztes Archiv</translation>
    </message>
    <message>
        <source>Last night&apos;s export failed.</source>
        <translation>Der Export von letzter Nacht ist fehlgeschlagen.</translation>
    </message>
    <message>
        <source>Last run</source>
        <translation>Letzter Lauf</translation>
    </message>
    <message>
        <source>Last signature</source>
        <translation>Letzte Signatur</translation>
    </message>
    <message>
        <source>Late</source>
        <translation>Verspätung</translation>
    </message>
    <message>
        <source>Let each computer have credentials of its own for the bucket, and leave the key empty.</source>
        <translation>Geben Sie jedem Rechner eigene Zugangsdaten für den Bucket, und lassen Sie den Schlüssel leer.</translation>
    </message>
    <message>
        <source>Let it keep more (SystemMaxUse= in journald.conf), or collect more often.</source>
        <translation>Lassen Sie es mehr aufbewahren (SystemMaxUse= in journald.conf), oder sammeln Sie öfter.</translation>
    </message>
    <message>
        <source>Let the computer be on at the time of the daily task. The archives tell of this gap.</source>
        <translation>Lassen Sie den Computer zur Zeit der täglichen Aufgabe eingeschaltet. Die Archive verzeichnen diese Lücke.</translation>
    </message>
    <message>
        <source>Likely its disk is full, or a quota is reached.</source>
        <translation>Vermutlich ist sein Datenträger voll oder ein Kontingent erreicht.</translation>
    </message>
    <message>
        <source>Line {number} can&apos;t be an audit event: {reason}.</source>
        <translation>Zeile {number} kann kein Audit-Ereignis sein: {reason}.</translation>
    </message>
    <message>
        <source>Line {number} of {path} is no line of allowed_signers.</source>
        <translation>Zeile {number} von {path} ist keine Zeile von allowed_signers.</translation>
    </message>
    <message>
        <source>Lists of events</source>
        <translation>Ereignislisten</translation>
    </message>
    <message>
        <source>Log in &amp;with</source>
        <translation>Anmelden m&amp;it</translation>
    </message>
    <message>
        <source>Look &amp;back</source>
        <translation>Rück&amp;blick</translation>
    </message>
    <message>
        <source>Look at its permissions and at the room on the disk. The next run goes on from there.</source>
        <translation>Ihre Zugriffsrechte und den freien Platz auf dem Datenträger prüfen. Der nächste Lauf macht dort weiter.</translation>
    </message>
    <message>
        <source>Look at the permissions of the file and at its disk. Keep the file: nothing says that it is damaged.</source>
        <translation>Die Zugriffsrechte der Datei und ihren Datenträger prüfen. Die Datei behalten: Nichts spricht dafür, dass sie beschädigt ist.</translation>
    </message>
    <message>
        <source>Look bac&amp;k</source>
        <translation>Rückblic&amp;k</translation>
    </message>
    <message>
        <source>Made at {at} by {program}.</source>
        <translation>Erstellt am {at} von {program}.</translation>
    </message>
    <message>
        <source>May it read the file, and is its passphrase kept?</source>
        <translation>Darf er die Datei lesen, und ist ihre Passphrase gespeichert?</translation>
    </message>
    <message>
        <source>May sign</source>
        <translation>Darf signieren</translation>
    </message>
    <message>
        <source>May the user read it? Ask the server&apos;s administrator.</source>
        <translation>Darf der Benutzer es lesen? Fragen Sie den Administrator des Servers.</translation>
    </message>
    <message>
        <source>May this user have a crontab?</source>
        <translation>Darf dieser Benutzer eine Crontab haben?</translation>
    </message>
    <message>
        <source>May this user, and that of the workers, read and write there?</source>
        <translation>Darf dieser Benutzer, und der der Worker, dort lesen und schreiben?</translation>
    </message>
    <message>
        <source>May you read that file?</source>
        <translation>Ist das Lesen dieser Datei erlaubt?</translation>
    </message>
    <message>
        <source>May you write there?</source>
        <translation>Ist dort Schreiben erlaubt?</translation>
    </message>
    <message>
        <source>May you write to its folder?</source>
        <translation>Ist das Schreiben in ihren Ordner erlaubt?</translation>
    </message>
    <message>
        <source>May you write to {folder}?</source>
        <translation>Ist das Schreiben in {folder} erlaubt?</translation>
    </message>
    <message>
        <source>Missing</source>
        <translation>Fehlend</translation>
    </message>
    <message>
        <source>Most records of source {name} are set aside: {count}.</source>
        <translation>Die meisten Datensätze der Quelle {name} sind aussortiert: {count}.</translation>
    </message>
    <message>
        <source>Mount the folder there under the same path, and let the worker&apos;s user read it.</source>
        <translation>Hängen Sie den Ordner dort unter demselben Pfad ein, und lassen Sie den Benutzer des Workers darin lesen.</translation>
    </message>
    <message>
        <source>Mount the folder there under the same path, or name a bucket that both can reach.</source>
        <translation>Hängen Sie den Ordner dort unter demselben Pfad ein, oder nennen Sie einen Bucket, den beide erreichen.</translation>
    </message>
    <message>
        <source>Move it to a folder whose name has no such end.</source>
        <translation>Es in einen Ordner verschieben, dessen Name nicht so endet.</translation>
    </message>
    <message>
        <source>Move the file there. A whole folder may be elsewhere: AUDIT_TRAILS_HOME names it.</source>
        <translation>Verschieben Sie die Datei dorthin. Ein ganzer Ordner darf woanders liegen: AUDIT_TRAILS_HOME nennt ihn.</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>Name</translation>
    </message>
    <message>
        <source>Name a folder that all share, or a bucket: --pieces.</source>
        <translation>Nennen Sie einen Ordner, den alle teilen, oder einen Bucket: --pieces.</translation>
    </message>
    <message>
        <source>Name a folder.</source>
        <translation>Einen Ordner angeben.</translation>
    </message>
    <message>
        <source>Name archives or a folder, or pass --server.</source>
        <translation>Geben Sie Archive oder einen Ordner an, oder --server.</translation>
    </message>
    <message>
        <source>Name archives, or a folder with archives in it.</source>
        <translation>Archive angeben oder einen Ordner mit Archiven.</translation>
    </message>
    <message>
        <source>Name or address of the server; another port than 22 behind a colon.</source>
        <translation>Name oder Adresse des Servers; ein anderer Port als 22 hinter einem Doppelpunkt.</translation>
    </message>
    <message>
        <source>Name the file of the private key, or log in with a password.</source>
        <translation>Geben Sie die Datei des privaten Schlüssels an, oder melden Sie sich mit einem Passwort an.</translation>
    </message>
    <message>
        <source>Name the first day and the last one.</source>
        <translation>Geben Sie den ersten und den letzten Tag an.</translation>
    </message>
    <message>
        <source>Name the key file:</source>
        <translation>Die Schlüsseldatei angeben:</translation>
    </message>
    <message>
        <source>Name the private key: usually the file of the same name without .pub.</source>
        <translation>Geben Sie den privaten Schlüssel an: meist die Datei gleichen Namens ohne .pub.</translation>
    </message>
    <message>
        <source>Name their files: --tls-ca, --tls-cert and --tls-key.</source>
        <translation>Nennen Sie ihre Dateien: --tls-ca, --tls-cert und --tls-key.</translation>
    </message>
    <message>
        <source>Names are written as the database has them, capitals included.</source>
        <translation>Namen werden so geschrieben, wie die Datenbank sie hat, auch Groß- und Kleinbuchstaben.</translation>
    </message>
    <message>
        <source>Newest archive</source>
        <translation>Neuestes Archiv</translation>
    </message>
    <message>
        <source>Next export: {when}.</source>
        <translation>Nächster Export: {when}.</translation>
    </message>
    <message>
        <source>Next run</source>
        <translation>Nächster Lauf</translation>
    </message>
    <message>
        <source>Next start</source>
        <translation>Nächster Start</translation>
    </message>
    <message>
        <source>No day was read elsewhere: as store.keep_days says, the events of all of them stay here.</source>
        <translation>Kein Tag wurde anderswo gelesen: Nach store.keep_days bleiben die Ereignisse aller Tage hier.</translation>
    </message>
    <message>
        <source>No desktop here shows notifications.</source>
        <translation>Kein Desktop zeigt hier Benachrichtigungen.</translation>
    </message>
    <message>
        <source>No event came from a source {name}.</source>
        <translation>Kein Ereignis kam von einer Quelle {name}.</translation>
    </message>
    <message>
        <source>No run went well for more than a day and a half.</source>
        <translation>Seit mehr als anderthalb Tagen ist kein Lauf gelungen.</translation>
    </message>
    <message>
        <source>No runs yet. The first one:</source>
        <translation>Noch keine Läufe. Der erste:</translation>
    </message>
    <message>
        <source>No scheduler answers at {address} ({reason}).</source>
        <translation>Unter {address} antwortet kein Scheduler ({reason}).</translation>
    </message>
    <message>
        <source>No source was collected from yet.</source>
        <translation>Es wurde noch von keiner Quelle gesammelt.</translation>
    </message>
    <message>
        <source>No {list} is ticked.</source>
        <translation>Nichts ausgewählt bei: {list}.</translation>
    </message>
    <message>
        <source>Nobody is there to say whether this key is the right one.</source>
        <translation>Niemand ist da, um zu sagen, ob dies der richtige Schlüssel ist.</translation>
    </message>
    <message>
        <source>Nobody of this account may be signed in, or there is no network.</source>
        <translation>Vielleicht ist niemand mit diesem Konto angemeldet, oder es gibt kein Netzwerk.</translation>
    </message>
    <message>
        <source>Not asked</source>
        <translation>Nicht geprüft</translation>
    </message>
    <message>
        <source>Not proved</source>
        <translation>Nicht bewiesen</translation>
    </message>
    <message>
        <source>Not signed</source>
        <translation>Nicht signiert</translation>
    </message>
    <message>
        <source>Nothing is due.</source>
        <translation>Nichts steht an.</translation>
    </message>
    <message>
        <source>Nothing is set aside.</source>
        <translation>Nichts ist aussortiert.</translation>
    </message>
    <message>
        <source>Nothing is set; a policy would be in {path}.</source>
        <translation>Nichts ist festgelegt; eine Richtlinie läge in {path}.</translation>
    </message>
    <message>
        <source>Nothing of it was stored. Check the address, and how its pages are described.</source>
        <translation>Davon wurde nichts gespeichert. Prüfen Sie die Adresse und wie die Seiten beschrieben sind.</translation>
    </message>
    <message>
        <source>Nothing of this window was stored. The next run tries again.</source>
        <translation>Von diesem Zeitfenster wurde nichts gespeichert. Der nächste Lauf versucht es erneut.</translation>
    </message>
    <message>
        <source>Nothing on this computer starts the export daily.</source>
        <translation>Nichts auf diesem Computer startet den Export täglich.</translation>
    </message>
    <message>
        <source>Nothing to export yet: no source.</source>
        <translation>Noch nichts zu exportieren: keine Quelle.</translation>
    </message>
    <message>
        <source>Nothing was asked there. Is the address of the service right?</source>
        <translation>Dort wurde nichts angefragt. Ist die Adresse des Dienstes richtig?</translation>
    </message>
    <message>
        <source>Nothing was changed.</source>
        <translation>Es wurde nichts geändert.</translation>
    </message>
    <message>
        <source>Nothing was changed. Ask the server&apos;s administrator for the fingerprint.</source>
        <translation>Es wurde nichts geändert. Den Administrator des Servers nach dem Fingerabdruck fragen.</translation>
    </message>
    <message>
        <source>Nothing was changed. For a password instead:</source>
        <translation>Es wurde nichts geändert. Stattdessen mit Passwort:</translation>
    </message>
    <message>
        <source>Nothing was changed. Is it the right file?</source>
        <translation>Es wurde nichts geändert. Ist das die richtige Datei?</translation>
    </message>
    <message>
        <source>Nothing was changed. Type it again.</source>
        <translation>Es wurde nichts geändert. Geben Sie es erneut ein.</translation>
    </message>
    <message>
        <source>Nothing was changed. Without somebody to ask, pass --yes.</source>
        <translation>Es wurde nichts geändert. Wenn niemand gefragt werden kann, --yes angeben.</translation>
    </message>
    <message>
        <source>Nothing was overwritten. Choose another folder, or move that file away.</source>
        <translation>Nichts wurde überschrieben. Wählen Sie einen anderen Ordner, oder verschieben Sie diese Datei.</translation>
    </message>
    <message>
        <source>Nothing was saved, for the daily task can&apos;t be set up. {why}</source>
        <translation>Es wurde nichts gespeichert, weil sich die tägliche Aufgabe nicht einrichten lässt. {why}</translation>
    </message>
    <message>
        <source>Nothing was saved. Save again to add your changes to those.</source>
        <translation>Es wurde nichts gespeichert. Erneut speichern, um die eigenen Änderungen hinzuzufügen.</translation>
    </message>
    <message>
        <source>Nothing was sent. Look at the permissions of the file, or put back a copy of it.</source>
        <translation>Es wurde nichts gesendet. Prüfen Sie die Rechte der Datei, oder spielen Sie eine Kopie von ihr zurück.</translation>
    </message>
    <message>
        <source>Nothing was sent: others may have this key. Ask the server&apos;s administrator for a new one.</source>
        <translation>Es wurde nichts gesendet: Andere könnten diesen Schlüssel haben. Bitten Sie den Administrator des Servers um einen neuen.</translation>
    </message>
    <message>
        <source>Nothing was stored. Fix that line and record all of them again.</source>
        <translation>Es wurde nichts aufgenommen. Diese Zeile berichtigen und alle erneut aufnehmen.</translation>
    </message>
    <message>
        <source>Nothing was stored. Is the disk full or read-only?</source>
        <translation>Es wurde nichts aufgenommen. Ist der Datenträger voll oder schreibgeschützt?</translation>
    </message>
    <message>
        <source>Nothing was stored. Record it again; a damaged disk or too little memory may be the cause.</source>
        <translation>Es wurde nichts gespeichert. Nehmen Sie alles noch einmal auf; die Ursache kann ein beschädigter Datenträger oder zu wenig Speicher sein.</translation>
    </message>
    <message>
        <source>Number in the chain</source>
        <translation>Nummer in der Kette</translation>
    </message>
    <message>
        <source>Number {number} of the chain is here in {times} versions: {names}.</source>
        <translation>Nummer {number} der Kette gibt es hier in {times} Fassungen: {names}.</translation>
    </message>
    <message>
        <source>Number {number} of the chain is here {times} times: {names}.</source>
        <translation>Nummer {number} der Kette gibt es hier {times}-mal: {names}.</translation>
    </message>
    <message>
        <source>Number {number} of the chain is missing.</source>
        <translation>Nummer {number} der Kette fehlt.</translation>
    </message>
    <message>
        <source>Numbers {first} to {last} of the chain are missing: {name} is number {number}.</source>
        <translation>Die Nummern {first} bis {last} der Kette fehlen: {name} ist Nummer {number}.</translation>
    </message>
    <message>
        <source>OFF</source>
        <translation>AUS</translation>
    </message>
    <message>
        <source>ON</source>
        <translation>AN</translation>
    </message>
    <message>
        <source>Object store</source>
        <translation>Objektspeicher</translation>
    </message>
    <message>
        <source>Objects</source>
        <translation>Objekte</translation>
    </message>
    <message>
        <source>Of S3 the id of the access key, of Azure the name of the storage account. Empty for the system&apos;s own credentials.</source>
        <translation>Bei S3 die ID des Zugriffsschlüssels, bei Azure der Name des Speicherkontos. Leer für die eigenen Anmeldedaten des Systems.</translation>
    </message>
    <message>
        <source>Of S3 the secret access key, of Azure the account key, of Google the JSON key of a service account. Empty for the system&apos;s own credentials.</source>
        <translation>Bei S3 der geheime Zugriffsschlüssel, bei Azure der Kontoschlüssel, bei Google der JSON-Schlüssel eines Dienstkontos. Leer für die eigenen Anmeldedaten des Systems.</translation>
    </message>
    <message>
        <source>Of S3, as in eu-west-1.</source>
        <translation>Von S3, wie in eu-west-1.</translation>
    </message>
    <message>
        <source>Old events stay in the store: {problem} The next run tries again.</source>
        <translation>Alte Ereignisse bleiben im Speicher: {problem} Der nächste Lauf versucht es erneut.</translation>
    </message>
    <message>
        <source>On the server path are files of the instance name {instance} that this installation did not put there, such as {name}. Does another one export there? Give each a name of its own (export.instance).</source>
        <translation>Im Serverpfad liegen Dateien mit dem Instanznamen {instance}, die nicht von dieser Installation stammen, etwa {name}. Exportiert dorthin noch eine andere? Geben Sie jeder einen eigenen Namen (export.instance).</translation>
    </message>
    <message>
        <source>One in a desktop&apos;s keyring can be read only while its user is signed in. If it is lost, begin with a new one.</source>
        <translation>Liegt er im Schlüsselbund einer Arbeitsoberfläche, kann er nur gelesen werden, solange deren Benutzer angemeldet ist. Ist er verloren, beginnen Sie mit einem neuen.</translation>
    </message>
    <message>
        <source>One in a desktop&apos;s keyring can be read only while its user is signed in. Otherwise, set it again.</source>
        <translation>Ein Passwort im Schlüsselbund einer Arbeitsumgebung ist nur lesbar, solange der Benutzer angemeldet ist. Sonst das Passwort neu setzen.</translation>
    </message>
    <message>
        <source>Only ASCII characters can log in to a mail server.</source>
        <translation>An einem Mailserver kann man sich nur mit ASCII-Zeichen anmelden.</translation>
    </message>
    <message>
        <source>Only a source of kind {kind} can be like {name}.</source>
        <translation>Nur eine Quelle der Art {kind} kann wie {name} sein.</translation>
    </message>
    <message>
        <source>Only a source of kind {kind} has tables to set.</source>
        <translation>Nur eine Quelle der Art {kind} hat Tabellen, die sich setzen lassen.</translation>
    </message>
    <message>
        <source>Only an administrator can change it, in {path}. Nothing was changed.</source>
        <translation>Nur ein Administrator kann das ändern, in {path}. Es wurde nichts geändert.</translation>
    </message>
    <message>
        <source>Only encrypted, &amp;with a certificate that this computer trusts</source>
        <translation>Nur verschlüsselt, &amp;mit einem Zertifikat, dem dieser Computer vertraut</translation>
    </message>
    <message>
        <source>Only those of these units, as in ssh.service, cron*; with commas between them. Empty for all.</source>
        <translation>Nur die dieser Units, wie in ssh.service, cron*; durch Kommas getrennt. Leer für alle.</translation>
    </message>
    <message>
        <source>Organization permission Administration: read. For a classic token, the scope read:audit_log.</source>
        <translation>Organisationsberechtigung „Administration: read“. Für ein klassisches Token der Scope read:audit_log.</translation>
    </message>
    <message>
        <source>Other days are exported. Put back a copy of {path}; then this day is exported as well.</source>
        <translation>Andere Tage werden exportiert. Spielen Sie eine Kopie von {path} zurück; dann wird auch dieser Tag exportiert.</translation>
    </message>
    <message>
        <source>Others than this user may write to {path}. Close it: chmod go-w {path}</source>
        <translation>Andere als dieser Benutzer dürfen in {path} schreiben. So wird es verhindert: chmod go-w {path}</translation>
    </message>
    <message>
        <source>Outcome</source>
        <translation>Ergebnis</translation>
    </message>
    <message>
        <source>Overdue</source>
        <translation>Überfällig</translation>
    </message>
    <message>
        <source>Pages that came: {count}.</source>
        <translation>Erhaltene Seiten: {count}.</translation>
    </message>
    <message>
        <source>Passphrase of {file}</source>
        <translation>Passphrase von {file}</translation>
    </message>
    <message>
        <source>Password</source>
        <translation>Passwort</translation>
    </message>
    <message>
        <source>Password of {account}</source>
        <translation>Passwort von {account}</translation>
    </message>
    <message>
        <source>Password of {user} on {server}</source>
        <translation>Passwort von {user} auf {server}</translation>
    </message>
    <message>
        <source>Paste all that is in the file that the service made, on one line.</source>
        <translation>Fügen Sie den ganzen Inhalt der Datei, die der Dienst erzeugt hat, in einer Zeile ein.</translation>
    </message>
    <message>
        <source>Period</source>
        <translation>Zeitraum</translation>
    </message>
    <message>
        <source>Permission read:logs, and no other.</source>
        <translation>Nur die Berechtigung read:logs.</translation>
    </message>
    <message>
        <source>Place</source>
        <translation>Stelle</translation>
    </message>
    <message>
        <source>Problem</source>
        <translation>Problem</translation>
    </message>
    <message>
        <source>Problems</source>
        <translation>Probleme</translation>
    </message>
    <message>
        <source>Problems found: {count}.</source>
        <translation>Gefundene Probleme: {count}.</translation>
    </message>
    <message>
        <source>Put back a copy of it, or delete it: what the archives say of their keys is enough to go on.</source>
        <translation>Spielen Sie eine Kopie davon zurück, oder löschen Sie die Datei: Was die Archive über ihre Schlüssel sagen, genügt zum Weiterarbeiten.</translation>
    </message>
    <message>
        <source>Put back a copy of the store.</source>
        <translation>Eine Kopie des Speichers zurücklegen.</translation>
    </message>
    <message>
        <source>Put back an older copy of it.</source>
        <translation>Eine ältere Kopie zurücklegen.</translation>
    </message>
    <message>
        <source>Put it back, or set the password again.</source>
        <translation>Ihn zurücklegen oder das Passwort neu setzen.</translation>
    </message>
    <message>
        <source>Re&amp;gion</source>
        <translation>Regi&amp;on</translation>
    </message>
    <message>
        <source>Read</source>
        <translation>Gelesen</translation>
    </message>
    <message>
        <source>Read links that lead out of the folder, too: who may write there, then chooses which files are read.</source>
        <translation>Auch Links lesen, die aus dem Ordner hinausführen: Wer dort schreiben darf, bestimmt dann, welche Dateien gelesen werden.</translation>
    </message>
    <message>
        <source>Recorded by programs, and by the export itself.</source>
        <translation>Von Programmen und vom Export selbst aufgezeichnet.</translation>
    </message>
    <message>
        <source>Records that the source says it has for that: {count}.</source>
        <translation>Datensätze, die die Quelle nach eigener Angabe dafür hat: {count}.</translation>
    </message>
    <message>
        <source>Refuse a server without TLS, or whose certificate can&apos;t be checked. Otherwise TLS is used where the server offers it.</source>
        <translation>Einen Server ohne TLS, oder dessen Zertifikat nicht geprüft werden kann, ablehnen. Sonst wird TLS verwendet, wo der Server es anbietet.</translation>
    </message>
    <message>
        <source>Register an application in Microsoft Entra, give it the permission below, consent to it, and create a client secret.</source>
        <translation>In Microsoft Entra eine Anwendung registrieren, ihr die Berechtigung unten geben, zustimmen und einen geheimen Clientschlüssel erstellen.</translation>
    </message>
    <message>
        <source>Register an application in Microsoft Entra, give it the permission below, consent to it, and create a client secret. Then start each subscription once: POST …/activity/feed/subscriptions/start?contentType=Audit.General.</source>
        <translation>In Microsoft Entra eine Anwendung registrieren, ihr die Berechtigung unten geben, zustimmen und einen geheimen Clientschlüssel erstellen. Dann jedes Abonnement einmal starten: POST …/activity/feed/subscriptions/start?contentType=Audit.General.</translation>
    </message>
    <message>
        <source>Register it again: audit-trails-export schedule install</source>
        <translation>Erneut registrieren: audit-trails-export schedule install</translation>
    </message>
    <message>
        <source>Remove it first, as that user.</source>
        <translation>Sie zuerst entfernen, als dieser Benutzer.</translation>
    </message>
    <message>
        <source>Remove it there.</source>
        <translation>Sie dort entfernen.</translation>
    </message>
    <message>
        <source>Remove it.</source>
        <translation>Sie entfernen.</translation>
    </message>
    <message>
        <source>Repeated</source>
        <translation>Wiederholt</translation>
    </message>
    <message>
        <source>Report Administrator or Read-only Administrator: a token has the rights of who creates it.</source>
        <translation>Report Administrator oder Read-only Administrator: Ein Token hat die Rechte dessen, der es erstellt.</translation>
    </message>
    <message>
        <source>Restart the computer, or the service &quot;Task Scheduler&quot;, then try again.</source>
        <translation>Starten Sie den Computer oder den Dienst „Aufgabenplanung“ neu und versuchen Sie es dann noch einmal.</translation>
    </message>
    <message>
        <source>Role view-events of realm-management for the service account, and no other.</source>
        <translation>Für das Dienstkonto nur die Rolle view-events von realm-management.</translation>
    </message>
    <message>
        <source>Runs</source>
        <translation>Läufe</translation>
    </message>
    <message>
        <source>Runs out</source>
        <translation>Läuft ab</translation>
    </message>
    <message>
        <source>SHA-1 is being retired; prefer a SHA-2 choice where the server has one.</source>
        <translation>SHA-1 läuft aus; besser eine SHA-2-Variante wählen, wenn der Server eine hat.</translation>
    </message>
    <message>
        <source>SHA-1 no longer withstands collisions; for old servers only.</source>
        <translation>SHA-1 hält Kollisionen nicht mehr stand; nur für alte Server.</translation>
    </message>
    <message>
        <source>SHA-256 of its manifest</source>
        <translation>SHA-256 seines Manifests</translation>
    </message>
    <message>
        <source>SHA-256 of the archive {sha256}</source>
        <translation>SHA-256 des Archivs {sha256}</translation>
    </message>
    <message>
        <source>SHA-256 of the manifest {sha256}</source>
        <translation>SHA-256 des Manifests {sha256}</translation>
    </message>
    <message>
        <source>Say what to change.</source>
        <translation>Geben Sie an, was sich ändern soll.</translation>
    </message>
    <message>
        <source>Say where the archives go: server, user, password and path.</source>
        <translation>Geben Sie an, wohin die Archive gehen: Server, Benutzer, Passwort und Pfad.</translation>
    </message>
    <message>
        <source>Scope auditlogs:read, and no other.</source>
        <translation>Nur der Scope auditlogs:read.</translation>
    </message>
    <message>
        <source>Scope https://www.googleapis.com/auth/admin.reports.audit.readonly, for an administrator who may see reports.</source>
        <translation>Scope https://www.googleapis.com/auth/admin.reports.audit.readonly, für einen Administrator, der Berichte sehen darf.</translation>
    </message>
    <message>
        <source>Scope read:events:admin, and no other.</source>
        <translation>Nur der Scope read:events:admin.</translation>
    </message>
    <message>
        <source>Scope read_api, and for all of a server that of an administrator: GitLab has no narrower one for audit events.</source>
        <translation>Scope read_api, für einen ganzen Server der eines Administrators: Einen engeren hat GitLab für Audit-Ereignisse nicht.</translation>
    </message>
    <message>
        <source>Se&amp;cret</source>
        <translation>Gehei&amp;mnis</translation>
    </message>
    <message>
        <source>Secret &amp;key</source>
        <translation>Gehei&amp;mer Schlüssel</translation>
    </message>
    <message>
        <source>See all keys:</source>
        <translation>Alle Schlüssel anzeigen:</translation>
    </message>
    <message>
        <source>See the sources:</source>
        <translation>Die Quellen anzeigen:</translation>
    </message>
    <message>
        <source>See to it there: {hint}</source>
        <translation>Dort ist zu tun: {hint}</translation>
    </message>
    <message>
        <source>Ser&amp;vice</source>
        <translation>&amp;Dienst</translation>
    </message>
    <message>
        <source>Server</source>
        <translation>Server</translation>
    </message>
    <message>
        <source>Servi&amp;ce</source>
        <translation>D&amp;ienst</translation>
    </message>
    <message>
        <source>Service on the web</source>
        <translation>Dienst im Web</translation>
    </message>
    <message>
        <source>Set aside</source>
        <translation>Aussortiert</translation>
    </message>
    <message>
        <source>Set aside would be: {place}: {reason}</source>
        <translation>Aussortiert würde: {place}: {reason}</translation>
    </message>
    <message>
        <source>Set in {path}.</source>
        <translation>Festgelegt in {path}.</translation>
    </message>
    <message>
        <source>Set it again.</source>
        <translation>Setzen Sie sie erneut.</translation>
    </message>
    <message>
        <source>Set it up again.</source>
        <translation>Richten Sie sie wieder ein.</translation>
    </message>
    <message>
        <source>Set it. One in a desktop&apos;s keyring can be read only while its user is signed in.</source>
        <translation>Legen Sie es fest. Eines im Schlüsselbund eines Desktops lässt sich nur lesen, solange dessen Benutzer angemeldet ist.</translation>
    </message>
    <message>
        <source>Set it:</source>
        <translation>Festlegen:</translation>
    </message>
    <message>
        <source>Set it: for Google, the whole JSON of a service account.</source>
        <translation>Setzen Sie ihn: bei Google das ganze JSON eines Dienstkontos.</translation>
    </message>
    <message>
        <source>Set one.</source>
        <translation>Eine angeben.</translation>
    </message>
    <message>
        <source>Set the clock that is wrong. Until then, only days that are over by the server&apos;s clock are exported.</source>
        <translation>Die falsche Uhr stellen. Bis dahin werden nur Tage exportiert, die nach der Uhr des Servers vorbei sind.</translation>
    </message>
    <message>
        <source>Set the password again.</source>
        <translation>Das Passwort neu setzen.</translation>
    </message>
    <message>
        <source>Set them:</source>
        <translation>Festlegen:</translation>
    </message>
    <message>
        <source>Set up Events Reporting under Integrations, and issue a bearer token. Accounts in Canada or the EU have the host events.1password.ca or events.1password.eu.</source>
        <translation>Unter Integrations „Events Reporting“ einrichten und ein Bearer-Token ausstellen. Konten in Kanada oder der EU haben den Host events.1password.ca oder events.1password.eu.</translation>
    </message>
    <message>
        <source>Sett&amp;led after</source>
        <translation>Abgesch&amp;lossen nach</translation>
    </message>
    <message>
        <source>Sign in as a read-only administrator, and create a token under Security, API, Tokens.</source>
        <translation>Als Read-only Administrator anmelden und unter Security, API, Tokens ein Token erstellen.</translation>
    </message>
    <message>
        <source>Silent for</source>
        <translation>Schweigt seit</translation>
    </message>
    <message>
        <source>Since {when}</source>
        <translation>Seit: {when}</translation>
    </message>
    <message>
        <source>Size</source>
        <translation>Größe</translation>
    </message>
    <message>
        <source>Somebody removed from {path} on the server what was just written there.</source>
        <translation>Was gerade in {path} auf dem Server geschrieben wurde, hat dort jemand entfernt.</translation>
    </message>
    <message>
        <source>Source</source>
        <translation>Quelle</translation>
    </message>
    <message>
        <source>Source {name} is no folder and no bucket: its parts can&apos;t be read by many at once.</source>
        <translation>Die Quelle {name} ist kein Ordner und kein Bucket: Ihre Teile können nicht von vielen zugleich gelesen werden.</translation>
    </message>
    <message>
        <source>Source {name} is read with a key, which workers do not get.</source>
        <translation>Die Quelle {name} wird mit einem Schlüssel gelesen, den Worker nicht bekommen.</translation>
    </message>
    <message>
        <source>Source {name}: an event came at least {hours} hours late. Each run looks {again} hours back for such ones; this one was found by the look of the week.</source>
        <translation>Quelle {name}: Ein Ereignis kam mindestens {hours} Stunden zu spät. Jeder Lauf sieht dafür {again} Stunden zurück; dieses fand der wöchentliche Blick.</translation>
    </message>
    <message>
        <source>Source {name}: its service keeps events for {kept} days, and it was last read whole {ago} days ago. Days left before events are lost: {left}. Export now.</source>
        <translation>Quelle {name}: Der Dienst behält Ereignisse {kept} Tage, und zuletzt vollständig gelesen wurde vor {ago} Tagen. Tage, bis Ereignisse verloren gehen: {left}. Jetzt exportieren.</translation>
    </message>
    <message>
        <source>Source {name}: its service keeps events for {kept} days, and it was last read whole {ago} days ago. Events are being lost. Export now.</source>
        <translation>Quelle {name}: Der Dienst behält Ereignisse {kept} Tage, und zuletzt vollständig gelesen wurde vor {ago} Tagen. Ereignisse gehen gerade verloren. Jetzt exportieren.</translation>
    </message>
    <message>
        <source>Source {name}: no connection to {address} ({words}).</source>
        <translation>Quelle {name}: keine Verbindung zu {address} ({words}).</translation>
    </message>
    <message>
        <source>Source {name}: no more records can be kept as set aside; of {count}, only the number is known.</source>
        <translation>Quelle {name}: Mehr aussortierte Datensätze können nicht aufbewahrt werden; von {count} ist nur die Anzahl bekannt.</translation>
    </message>
    <message>
        <source>Source {name}: none of its records can be an event ({reason}). No more of it is read.</source>
        <translation>Quelle {name}: Keiner ihrer Datensätze kann ein Ereignis sein ({reason}). Mehr wird von ihr nicht gelesen.</translation>
    </message>
    <message>
        <source>Source {name}: read {read}, stored {stored}, repeated {repeated}, set aside {aside}.</source>
        <translation>Quelle {name}: gelesen {read}, gespeichert {stored}, wiederholt {repeated}, aussortiert {aside}.</translation>
    </message>
    <message>
        <source>Source {name}: set aside were {count} of {read} records: {reasons}.</source>
        <translation>Quelle {name}: Aussortiert wurden {count} von {read} Datensätzen: {reasons}.</translation>
    </message>
    <message>
        <source>Source {name}: the service keeps events for {kept}; those from {begin} to {end} are gone and were not collected.</source>
        <translation>Quelle {name}: Der Dienst bewahrt Ereignisse {kept} auf; die von {begin} bis {end} sind weg und wurden nicht geholt.</translation>
    </message>
    <message>
        <source>Source {name}: there is no column {column}.</source>
        <translation>Quelle {name}: Es gibt keine Spalte {column}.</translation>
    </message>
    <message>
        <source>Source {name}: there is no {url} ({words}).</source>
        <translation>Quelle {name}: {url} gibt es nicht ({words}).</translation>
    </message>
    <message>
        <source>Source {name}: there is nothing to read in {address}. Is that the right place, and do the files match?</source>
        <translation>Quelle {name}: In {address} gibt es nichts zu lesen. Ist das der richtige Ort, und passen die Dateien?</translation>
    </message>
    <message>
        <source>Source {name}: {address} can&apos;t answer this ({words}).</source>
        <translation>Quelle {name}: {address} kann das nicht beantworten ({words}).</translation>
    </message>
    <message>
        <source>Source {name}: {address} does not allow this ({words}).</source>
        <translation>Quelle {name}: {address} erlaubt das nicht ({words}).</translation>
    </message>
    <message>
        <source>Source {name}: {address} does not have that ({words}).</source>
        <translation>Quelle {name}: {address} hat das nicht ({words}).</translation>
    </message>
    <message>
        <source>Source {name}: {address} took too long ({words}).</source>
        <translation>Quelle {name}: {address} hat zu lange gebraucht ({words}).</translation>
    </message>
    <message>
        <source>Source {name}: {path} can&apos;t be read ({reason}).</source>
        <translation>Quelle {name}: {path} ist nicht lesbar ({reason}).</translation>
    </message>
    <message>
        <source>Source {name}: {url} can&apos;t be read ({words}).</source>
        <translation>Quelle {name}: {url} kann nicht gelesen werden ({words}).</translation>
    </message>
    <message>
        <source>Source {name}: {url} may not be read ({words}).</source>
        <translation>Quelle {name}: {url} darf nicht gelesen werden ({words}).</translation>
    </message>
    <message>
        <source>Sources</source>
        <translation>Quellen</translation>
    </message>
    <message>
        <source>Sources have commands of their own:</source>
        <translation>Quellen haben eigene Befehle:</translation>
    </message>
    <message>
        <source>Start it there, or do here what it does:</source>
        <translation>Starten Sie ihn dort, oder führen Sie hier aus, was er tut:</translation>
    </message>
    <message>
        <source>Start it, and have it known (SSH_AUTH_SOCK); or log in with a key file.</source>
        <translation>Starten Sie ihn und machen Sie ihn bekannt (SSH_AUTH_SOCK), oder melden Sie sich mit einer Schlüsseldatei an.</translation>
    </message>
    <message>
        <source>Start some: dask worker {address}.</source>
        <translation>Starten Sie welche: dask worker {address}.</translation>
    </message>
    <message>
        <source>Start the Windows service &apos;Task Scheduler&apos;.</source>
        <translation>Den Windows-Dienst „Aufgabenplanung“ starten.</translation>
    </message>
    <message>
        <source>Start the agent as a service that the scheduler knows (SSH_AUTH_SOCK), or name a key file.</source>
        <translation>Starten Sie den Agenten als Dienst, den der Aufgabenplaner kennt (SSH_AUTH_SOCK), oder geben Sie eine Schlüsseldatei an.</translation>
    </message>
    <message>
        <source>Started</source>
        <translation>Beginn</translation>
    </message>
    <message>
        <source>State</source>
        <translation>Zustand</translation>
    </message>
    <message>
        <source>Stopped.</source>
        <translation>Abgebrochen.</translation>
    </message>
    <message>
        <source>Store</source>
        <translation>Speicher</translation>
    </message>
    <message>
        <source>Stored</source>
        <translation>Gespeichert</translation>
    </message>
    <message>
        <source>Storing</source>
        <translation>Speichern</translation>
    </message>
    <message>
        <source>Such a source can be read on a Linux with systemd. Remove it here.</source>
        <translation>Eine solche Quelle lässt sich auf einem Linux mit systemd lesen. Entfernen Sie sie hier.</translation>
    </message>
    <message>
        <source>Switch on Save events in the realm&apos;s settings, with an expiration you can live with; create a confidential client with service accounts enabled.</source>
        <translation>In den Einstellungen des Realms „Save events“ einschalten, mit einer ausreichenden Aufbewahrungszeit; einen vertraulichen Client mit aktivierten Dienstkonten anlegen.</translation>
    </message>
    <message>
        <source>Switch the daily export on.</source>
        <translation>Schalten Sie den täglichen Export ein.</translation>
    </message>
    <message>
        <source>Switch the export on, and save.</source>
        <translation>Den Export einschalten und speichern.</translation>
    </message>
    <message>
        <source>Ta&amp;bles</source>
        <translation>Ta&amp;bellen</translation>
    </message>
    <message>
        <source>Tables</source>
        <translation>Tabellen</translation>
    </message>
    <message>
        <source>Take it out: the password is kept apart from the settings.</source>
        <translation>Nehmen Sie es heraus: Das Passwort wird getrennt von den Einstellungen aufbewahrt.</translation>
    </message>
    <message>
        <source>That nothing was changed on the exporting computer before it was signed: whoever administers that computer holds the key.</source>
        <translation>Dass auf dem exportierenden Computer vor dem Signieren nichts geändert wurde: Wer diesen Computer verwaltet, hat den Schlüssel.</translation>
    </message>
    <message>
        <source>That the sources recorded everything: the counts say what was asked of each source, what came, and what became of it.</source>
        <translation>Dass die Quellen alles aufgezeichnet haben: Die Zahlen sagen, was von jeder Quelle verlangt wurde, was kam und was daraus wurde.</translation>
    </message>
    <message>
        <source>The HMAC methods that are offered to the server, with commas between them.</source>
        <translation>Die HMAC-Verfahren, die dem Server angeboten werden, durch Kommas getrennt.</translation>
    </message>
    <message>
        <source>The SSH agent does not have the key of {file}.</source>
        <translation>Der SSH-Agent hat den Schlüssel aus {file} nicht.</translation>
    </message>
    <message>
        <source>The SSH agent has no keys.</source>
        <translation>Der SSH-Agent hat keine Schlüssel.</translation>
    </message>
    <message>
        <source>The Task Scheduler can&apos;t hold a character of {text}.</source>
        <translation>Die Aufgabenplanung kann ein Zeichen von {text} nicht aufnehmen.</translation>
    </message>
    <message>
        <source>The Task Scheduler of this computer has not answered for {seconds} seconds.</source>
        <translation>Die Aufgabenplanung dieses Computers hat {seconds} Sekunden lang nicht geantwortet.</translation>
    </message>
    <message>
        <source>The Task Scheduler refused the daily task ({code}).</source>
        <translation>Die Aufgabenplanung hat die tägliche Aufgabe abgelehnt ({code}).</translation>
    </message>
    <message>
        <source>The Task Scheduler refused the daily task.</source>
        <translation>Die Aufgabenplanung hat die tägliche Aufgabe abgelehnt.</translation>
    </message>
    <message>
        <source>The Task Scheduler service is not running.</source>
        <translation>Der Dienst „Aufgabenplanung“ läuft nicht.</translation>
    </message>
    <message>
        <source>The Task Scheduler service is switched off on this computer.</source>
        <translation>Der Dienst „Aufgabenplanung“ ist auf diesem Computer deaktiviert.</translation>
    </message>
    <message>
        <source>The Task Scheduler takes no path of more than {limit} characters: {path}</source>
        <translation>Die Aufgabenplanung nimmt keinen Pfad mit mehr als {limit} Zeichen an: {path}</translation>
    </message>
    <message>
        <source>The Task Scheduler would replace a part of {text}.</source>
        <translation>Die Aufgabenplanung würde einen Teil von {text} ersetzen.</translation>
    </message>
    <message>
        <source>The Windows password was changed since; register the task again: audit-trails-export schedule install</source>
        <translation>Das Windows-Passwort wurde seitdem geändert; die Aufgabe erneut registrieren: audit-trails-export schedule install</translation>
    </message>
    <message>
        <source>The accepted host keys in {file} can&apos;t be read ({reason}).</source>
        <translation>Die akzeptierten Hostschlüssel in {file} lassen sich nicht lesen ({reason}).</translation>
    </message>
    <message>
        <source>The account of the task has no valid password with the Task Scheduler.</source>
        <translation>Das Konto der Aufgabe hat bei der Aufgabenplanung kein gültiges Passwort.</translation>
    </message>
    <message>
        <source>The address is kept in {keeper}: {explains}</source>
        <translation>Die Adresse wird gespeichert in {keeper}: {explains}</translation>
    </message>
    <message>
        <source>The address of a service of your own, such as MinIO. Empty for that of AWS, Google or Azure.</source>
        <translation>Die Adresse eines eigenen Dienstes, etwa MinIO. Leer für den von AWS, Google oder Azure.</translation>
    </message>
    <message>
        <source>The address of source {name!r} does not say where the file is.</source>
        <translation>Die Adresse der Quelle {name!r} sagt nicht, wo die Datei ist.</translation>
    </message>
    <message>
        <source>The address of source {name!r} has a password in it.</source>
        <translation>In der Adresse der Quelle {name!r} steht ein Passwort.</translation>
    </message>
    <message>
        <source>The address of source {name!r} is not that of a database.</source>
        <translation>Die Adresse der Quelle {name!r} ist nicht die einer Datenbank.</translation>
    </message>
    <message>
        <source>The address of the list of events. Empty for that of a service that is known.</source>
        <translation>Die Adresse der Ereignisliste. Leer für die eines bekannten Dienstes.</translation>
    </message>
    <message>
        <source>The address took the message.</source>
        <translation>Die Adresse hat die Nachricht angenommen.</translation>
    </message>
    <message>
        <source>The archive in the outbox could not be read ({reason}).</source>
        <translation>Das Archiv im Postausgang war nicht lesbar ({reason}).</translation>
    </message>
    <message>
        <source>The archive {name} could not be written ({reason}).</source>
        <translation>Das Archiv {name} ließ sich nicht schreiben ({reason}).</translation>
    </message>
    <message>
        <source>The audit API of a service that is not listed here: JSON over HTTPS.</source>
        <translation>Die Audit-API eines Dienstes, der hier nicht steht: JSON über HTTPS.</translation>
    </message>
    <message>
        <source>The certificate of a server of the kind {kind} can&apos;t be checked.</source>
        <translation>Das Zertifikat eines Servers der Art {kind} kann nicht geprüft werden.</translation>
    </message>
    <message>
        <source>The certificate of {host} is not trusted ({reason}).</source>
        <translation>Dem Zertifikat von {host} wird nicht vertraut ({reason}).</translation>
    </message>
    <message>
        <source>The chain begins after {name}, which is not here.</source>
        <translation>Die Kette beginnt nach {name}, das nicht hier ist.</translation>
    </message>
    <message>
        <source>The chain begins again with {name}, because the key {key} was lost.</source>
        <translation>Mit {name} beginnt die Kette neu, weil der Schlüssel {key} verloren ging.</translation>
    </message>
    <message>
        <source>The chain is looked at from {name} on, number {number}.</source>
        <translation>Die Kette wird ab {name} betrachtet, Nummer {number}.</translation>
    </message>
    <message>
        <source>The choices: {choices}.</source>
        <translation>Zur Wahl stehen: {choices}.</translation>
    </message>
    <message>
        <source>The ciphers that are offered to the server, with commas between them.</source>
        <translation>Die Chiffren, die dem Server angeboten werden, durch Kommas getrennt.</translation>
    </message>
    <message>
        <source>The client or user that the secret belongs to, where there is one.</source>
        <translation>Der Client oder Benutzer, zu dem das Geheimnis gehört, falls es ihn gibt.</translation>
    </message>
    <message>
        <source>The clock of this computer is not believed: it says {here}, the server&apos;s says {there}.</source>
        <translation>Der Uhr dieses Computers wird nicht geglaubt: Sie zeigt {here}, die des Servers {there}.</translation>
    </message>
    <message>
        <source>The command verify checks these archives: their manifests, and who signed them.</source>
        <translation>Der Befehl verify prüft diese Archive: ihre Manifeste, und wer sie signiert hat.</translation>
    </message>
    <message>
        <source>The connection to {host} is cut again and again.</source>
        <translation>Die Verbindung zu {host} wird immer wieder getrennt.</translation>
    </message>
    <message>
        <source>The connection to {host} was cut while it was being set up.</source>
        <translation>Die Verbindung zu {host} brach beim Aufbau ab.</translation>
    </message>
    <message>
        <source>The connection to {host} was cut while logging in.</source>
        <translation>Die Verbindung zu {host} brach beim Anmelden ab.</translation>
    </message>
    <message>
        <source>The connection to {host} was lost.</source>
        <translation>Die Verbindung zu {host} ging verloren.</translation>
    </message>
    <message>
        <source>The connection works again.</source>
        <translation>Die Verbindung funktioniert wieder.</translation>
    </message>
    <message>
        <source>The daily export could not reach the SSH agent, or the agent does not have the key.</source>
        <translation>Der tägliche Export erreichte den SSH-Agenten nicht, oder dieser hat den Schlüssel nicht.</translation>
    </message>
    <message>
        <source>The daily export could not read the password while you are logged out.</source>
        <translation>Der tägliche Export könnte das Passwort bei abgemeldetem Benutzer nicht lesen.</translation>
    </message>
    <message>
        <source>The daily export could not use the key in {file}.</source>
        <translation>Der tägliche Export konnte den Schlüssel in {file} nicht verwenden.</translation>
    </message>
    <message>
        <source>The daily export is off.</source>
        <translation>Der tägliche Export ist aus.</translation>
    </message>
    <message>
        <source>The daily task can&apos;t read the password of the source {name} while you are logged out. Choose where else to keep it: {command}</source>
        <translation>Die tägliche Aufgabe kann das Passwort der Quelle {name} nicht lesen, während Sie abgemeldet sind. Wählen Sie einen anderen Ort dafür: {command}</translation>
    </message>
    <message>
        <source>The daily task in the crontab is not as it should be.</source>
        <translation>Die tägliche Aufgabe in der Crontab ist nicht, wie sie sein soll.</translation>
    </message>
    <message>
        <source>The daily task is not in the Task Scheduler.</source>
        <translation>Die tägliche Aufgabe ist nicht in der Aufgabenplanung.</translation>
    </message>
    <message>
        <source>The daily task is removed.</source>
        <translation>Die tägliche Aufgabe ist entfernt.</translation>
    </message>
    <message>
        <source>The daily task is set up. It does nothing while the export is off. Its user switches that on:</source>
        <translation>Die tägliche Aufgabe ist eingerichtet. Sie tut nichts, solange der Export ausgeschaltet ist. Ihr Benutzer schaltet ihn ein:</translation>
    </message>
    <message>
        <source>The daily task of {user} is a service of the system.</source>
        <translation>Die tägliche Aufgabe von {user} ist ein Dienst des Systems.</translation>
    </message>
    <message>
        <source>The daily task runs also while you are signed out; to change it, Windows needs your password.</source>
        <translation>Die tägliche Aufgabe läuft auch, während Sie abgemeldet sind; um sie zu ändern, braucht Windows Ihr Passwort.</translation>
    </message>
    <message>
        <source>The daily task runs only while you are logged in.</source>
        <translation>Die tägliche Aufgabe läuft nur bei angemeldetem Benutzer.</translation>
    </message>
    <message>
        <source>The daily task was ended by the system ({result}, {code}).</source>
        <translation>Die tägliche Aufgabe wurde vom System beendet ({result}, {code}).</translation>
    </message>
    <message>
        <source>The daily task was removed while it ran.</source>
        <translation>Die tägliche Aufgabe wurde entfernt, während sie lief.</translation>
    </message>
    <message>
        <source>The daily task works: {outcome}, {events}.</source>
        <translation>Die tägliche Aufgabe funktioniert: {outcome}, {events}.</translation>
    </message>
    <message>
        <source>The desktop shows a notification.</source>
        <translation>Der Desktop zeigt eine Benachrichtigung.</translation>
    </message>
    <message>
        <source>The driver {driver} for this database is not installed.</source>
        <translation>Der Treiber {driver} für diese Datenbank ist nicht installiert.</translation>
    </message>
    <message>
        <source>The end of the run is not in the history: {problem}</source>
        <translation>Das Ende des Laufs steht nicht im Verlauf: {problem}</translation>
    </message>
    <message>
        <source>The events of {day} can&apos;t be read from the store ({reason}).</source>
        <translation>Die Ereignisse vom {day} können nicht aus dem Speicher gelesen werden ({reason}).</translation>
    </message>
    <message>
        <source>The export can&apos;t run with these settings.</source>
        <translation>Mit diesen Einstellungen ist kein Export möglich.</translation>
    </message>
    <message>
        <source>The export is not configured yet; still missing: {fields}.</source>
        <translation>Der Export ist noch nicht eingerichtet; es fehlt noch: {fields}.</translation>
    </message>
    <message>
        <source>The export is not set up yet.</source>
        <translation>Der Export ist noch nicht eingerichtet.</translation>
    </message>
    <message>
        <source>The export is off, and so has no daily task.</source>
        <translation>Der Export ist aus und hat daher keine tägliche Aufgabe.</translation>
    </message>
    <message>
        <source>The export is off, but its daily task is still there.</source>
        <translation>Der Export ist aus, aber seine tägliche Aufgabe ist noch da.</translation>
    </message>
    <message>
        <source>The export is on, but its daily task is not there.</source>
        <translation>Der Export ist an, aber seine tägliche Aufgabe fehlt.</translation>
    </message>
    <message>
        <source>The export is on.</source>
        <translation>Der Export ist an.</translation>
    </message>
    <message>
        <source>The export is switched off, but its daily task could not be removed. {why} {hint} {command}</source>
        <translation>Der Export ist ausgeschaltet, aber seine tägliche Aufgabe ließ sich nicht entfernen. {why} {hint} {command}</translation>
    </message>
    <message>
        <source>The file is damaged: put back a copy of it, or move it away. The store knows what was delivered; nothing is exported again.</source>
        <translation>Die Datei ist beschädigt: eine Kopie von ihr zurücklegen oder sie entfernen. Der Speicher weiß, was ausgeliefert wurde; nichts wird erneut exportiert.</translation>
    </message>
    <message>
        <source>The file is damaged: put back a copy of it. What was delivered since then is known by its archives on the server and not exported again; what was recorded since then has to be recorded again.</source>
        <translation>Die Datei ist beschädigt: eine Kopie von ihr zurücklegen. Was seitdem ausgeliefert wurde, wird an seinen Archiven auf dem Server erkannt und nicht erneut exportiert; was seitdem aufgezeichnet wurde, muss erneut aufgezeichnet werden.</translation>
    </message>
    <message>
        <source>The folder in which the files are.</source>
        <translation>Der Ordner, in dem die Dateien liegen.</translation>
    </message>
    <message>
        <source>The folder in which the files are; without a / in front, below the user&apos;s home folder.</source>
        <translation>Der Ordner, in dem die Dateien liegen; ohne / am Anfang unter dem Home-Ordner des Benutzers.</translation>
    </message>
    <message>
        <source>The folder of the journals of other computers. Empty for the journal of this one.</source>
        <translation>Der Ordner mit den Journalen anderer Computer. Leer für das Journal dieses Computers.</translation>
    </message>
    <message>
        <source>The folder {folder} of source {name} can&apos;t be read ({reason}).</source>
        <translation>Der Ordner {folder} der Quelle {name} ist nicht lesbar ({reason}).</translation>
    </message>
    <message>
        <source>The folder {path} can&apos;t be made ({reason}).</source>
        <translation>Der Ordner {path} kann nicht angelegt werden ({reason}).</translation>
    </message>
    <message>
        <source>The folder {path} can&apos;t be read ({reason}).</source>
        <translation>Der Ordner {path} kann nicht gelesen werden ({reason}).</translation>
    </message>
    <message>
        <source>The folder {path} can&apos;t be written.</source>
        <translation>In den Ordner {path} kann nicht geschrieben werden.</translation>
    </message>
    <message>
        <source>The home folder of this user is {home}. Create the folder, or fix the path.</source>
        <translation>Der Home-Ordner dieses Benutzers ist {home}. Den Ordner anlegen oder den Pfad berichtigen.</translation>
    </message>
    <message>
        <source>The host key of {server} has changed: it was {before}, now it is {now}.</source>
        <translation>Der Host-Schlüssel von {server} hat sich geändert: Er war {before}, jetzt ist er {now}.</translation>
    </message>
    <message>
        <source>The host key of {server} is revoked in {file}: {key}.</source>
        <translation>Der Hostschlüssel von {server} ist in {file} widerrufen: {key}.</translation>
    </message>
    <message>
        <source>The host key of {server} is {seen}, not {expected}.</source>
        <translation>Der Host-Schlüssel von {server} ist {seen}, nicht {expected}.</translation>
    </message>
    <message>
        <source>The input can&apos;t be kept in {folder} ({reason}).</source>
        <translation>Die Eingabe kann nicht in {folder} abgelegt werden ({reason}).</translation>
    </message>
    <message>
        <source>The input could not be read to its end.</source>
        <translation>Die Eingabe konnte nicht bis zum Ende gelesen werden.</translation>
    </message>
    <message>
        <source>The instance name {name!r} can&apos;t be part of a file name.</source>
        <translation>Der Instanzname {name!r} kann nicht Teil eines Dateinamens sein.</translation>
    </message>
    <message>
        <source>The journal can&apos;t be read ({reason}).</source>
        <translation>Das Journal lässt sich nicht lesen ({reason}).</translation>
    </message>
    <message>
        <source>The journal may say more: journalctl -e</source>
        <translation>Mehr steht vielleicht im Journal: journalctl -e</translation>
    </message>
    <message>
        <source>The journal no longer has the last entry that was read: what came since may be missing.</source>
        <translation>Das Journal hat den zuletzt gelesenen Eintrag nicht mehr: Was seitdem kam, fehlt vielleicht.</translation>
    </message>
    <message>
        <source>The journal says more: journalctl -t audit-trails-export</source>
        <translation>Mehr steht im Journal: journalctl -t audit-trails-export</translation>
    </message>
    <message>
        <source>The key file {file} can&apos;t be read ({reason}).</source>
        <translation>Die Schlüsseldatei {file} kann nicht gelesen werden ({reason}).</translation>
    </message>
    <message>
        <source>The key file {path!r} is not named by its whole path.</source>
        <translation>Die Schlüsseldatei {path!r} ist nicht mit ihrem ganzen Pfad angegeben.</translation>
    </message>
    <message>
        <source>The key in {file} can be read by other users.</source>
        <translation>Den Schlüssel in {file} können andere Benutzer lesen.</translation>
    </message>
    <message>
        <source>The key in {file} has a passphrase, and none is kept for it that can be read now.</source>
        <translation>Der Schlüssel in {file} hat eine Passphrase, und für ihn ist keine gespeichert, die jetzt gelesen werden kann.</translation>
    </message>
    <message>
        <source>The key in {file} has no passphrase; there is nothing to keep.</source>
        <translation>Der Schlüssel in {file} hat keine Passphrase; es gibt nichts zu speichern.</translation>
    </message>
    <message>
        <source>The key of source {name} is not as {service} has them.</source>
        <translation>Der Schlüssel der Quelle {name} ist keiner von {service}.</translation>
    </message>
    <message>
        <source>The key of the stored password, {key}, is missing.</source>
        <translation>Der Schlüssel des gespeicherten Passworts, {key}, fehlt.</translation>
    </message>
    <message>
        <source>The key path of the list of records, in a document or in each line. Empty where there is none.</source>
        <translation>Der Schlüsselpfad der Liste der Datensätze, in einem Dokument oder in jeder Zeile. Leer, wo es keine gibt.</translation>
    </message>
    <message>
        <source>The key that signs could not be kept anywhere.</source>
        <translation>Der Schlüssel zum Signieren konnte nirgends aufbewahrt werden.</translation>
    </message>
    <message>
        <source>The key that signs the archives can&apos;t be read now.</source>
        <translation>Der Schlüssel, der die Archive signiert, kann jetzt nicht gelesen werden.</translation>
    </message>
    <message>
        <source>The key {key}, which signed the archives, is lost: a new one signs from now on. Give the auditor the new line for allowed_signers.</source>
        <translation>Der Schlüssel {key}, der die Archive signierte, ist verloren: Ab jetzt signiert ein neuer. Geben Sie der Prüferin oder dem Prüfer die neue Zeile für allowed_signers.</translation>
    </message>
    <message>
        <source>The keyring is locked then. Choose where else to keep it.</source>
        <translation>Der Schlüsselbund ist dann gesperrt. Einen anderen Ort für das Passwort wählen.</translation>
    </message>
    <message>
        <source>The known_hosts of this user has only a certificate authority for this server, which only OpenSSH takes. Compare the fingerprint with the one its administrator gave you, then accept it.</source>
        <translation>Die known_hosts dieses Benutzers hat für diesen Server nur eine Zertifizierungsstelle, die allein für OpenSSH gilt. Vergleichen Sie den Fingerabdruck mit dem, den Ihnen der Administrator gegeben hat, und akzeptieren Sie ihn dann.</translation>
    </message>
    <message>
        <source>There is a control character in this.</source>
        <translation>Darin ist ein Steuerzeichen.</translation>
    </message>
    <message>
        <source>There is no address to report to.</source>
        <translation>Es gibt keine Adresse für die Nachricht.</translation>
    </message>
    <message>
        <source>This can&apos;t be less than 0.</source>
        <translation>Das kann nicht weniger als 0 sein.</translation>
    </message>
    <message>
        <source>This is needed, because of {setting}.</source>
        <translation>Das wird gebraucht, wegen {setting}.</translation>
    </message>
    <message>
        <source>This is needed: {what}.</source>
        <translation>Das wird gebraucht: {what}.</translation>
    </message>
    <message>
        <source>This is one argument too many. What is secret is asked for, or read from standard input (one line): other users of this computer can see arguments.</source>
        <translation>Das ist ein Argument zu viel. Geheimes wird abgefragt oder von der Standardeingabe gelesen (eine Zeile): Argumente sehen auch andere Benutzer dieses Computers.</translation>
    </message>
    <message>
        <source>Use the id of the records, or choose {other}.</source>
        <translation>Die ID der Datensätze verwenden oder {other} wählen.</translation>
    </message>
    <message>
        <source>Whose keys these are was not checked: whoever can write the archives could have replaced all of them, signed with another key. Check with the lines of allowed_signers that the installation gave you.</source>
        <translation>Wessen Schlüssel signiert haben, wurde nicht geprüft: Wer die Archive schreiben kann, könnte alle mit einem eigenen Schlüssel neu erzeugt haben. Prüfen Sie mit den Zeilen von allowed_signers, die Sie von der Installation haben.</translation>
    </message>
    <message>
        <source>Whose time stamps these are was not checked: only the certificates in them say so.</source>
        <translation>Von wem die Zeitstempel sind, wurde nicht geprüft: Die Zertifikate darin sagen es von sich selbst.</translation>
    </message>
    <message>
        <source>nothing due</source>
        <translation>nichts anstehend</translation>
    </message>
    <message>
        <source>source {name}, {field} ({option})</source>
        <translation>Quelle {name}, {field} ({option})</translation>
    </message>
    <message>
        <source>{this} is possible only with {other}.</source>
        <translation>{this} geht nur mit {other}.</translation>
    </message>
    <message>
        <source>{time} ({who}): {outcome}</source>
        <translation>{time} ({who}): {outcome}</translation>
    </message>
    <message>
        <source>“{field}: {value}”</source>
        <translation>„{field}: {value}“</translation>
    </message>
    <message>
        <source>The last export failed: {when}.</source>
        <translation>Der letzte Export ist fehlgeschlagen: {when}.</translation>
    </message>
    <message>
        <source>(a POST with a JSON document)</source>
        <translation>(ein POST mit einem JSON-Dokument)</translation>
    </message>
    <message>
        <source>(and what else apprise knows)</source>
        <translation>(und was apprise sonst kennt)</translation>
    </message>
    <message>
        <source>(has the scheduler start it now, as at night)</source>
        <translation>(lässt den Zeitplaner sie jetzt starten, wie nachts)</translation>
    </message>
    <message>
        <source>(the switch: registers the daily task)</source>
        <translation>(der Schalter: legt die tägliche Aufgabe an)</translation>
    </message>
    <message>
        <source>0 or 1.</source>
        <translation>0 oder 1.</translation>
    </message>
    <message>
        <source>1 hour</source>
        <translation>1 Stunde</translation>
    </message>
    <message>
        <source>1 minute</source>
        <translation>1 Minute</translation>
    </message>
    <message>
        <source>1 second</source>
        <translation>1 Sekunde</translation>
    </message>
    <message>
        <source>2026-11-29</source>
        <translation>2026-11-29</translation>
    </message>
    <message>
        <source>2026-11-29T08:15:30, in UTC</source>
        <translation>2026-11-29T08:15:30, in UTC</translation>
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
        <translation>Ein Computer, der verstummt ist, kann das nicht selbst melden: Gefragt wird dort, wo die Archive ankommen.</translation>
    </message>
    <message>
        <source>A desktop notification reaches you while you are signed in, once for each cause. It can also be reported to an address: a mailbox (notify mail), a web hook or a chat (notify set), by its apprise URL.</source>
        <translation>Eine Desktop-Benachrichtigung erreicht Sie, während Sie angemeldet sind, einmal je Ursache. Gemeldet werden kann auch an eine Adresse: ein Postfach (notify mail), einen Webhook oder einen Chat (notify set), mit ihrer apprise-URL.</translation>
    </message>
    <message>
        <source>A failure is reported again after a week while it lasts, and so is its end. With the setting notify.weekly, the address gets a message each week while all is well; notify.ping_url is called after each daily run, for a monitor that raises an alarm where no ping comes.</source>
        <translation>Ein Fehler wird nach einer Woche erneut gemeldet, solange er andauert, und ebenso sein Ende. Mit der Einstellung notify.weekly bekommt die Adresse jede Woche eine Nachricht, solange alles in Ordnung ist; notify.ping_url wird nach jedem täglichen Lauf aufgerufen, für einen Überwachungsdienst, der Alarm gibt, wenn kein Ping kommt.</translation>
    </message>
    <message>
        <source>A header Link with rel=&quot;next&quot;</source>
        <translation>Ein Header Link mit rel=&quot;next&quot;</translation>
    </message>
    <message>
        <source>A mark in the answer, for a parameter</source>
        <translation>Eine Marke in der Antwort, für einen Parameter</translation>
    </message>
    <message>
        <source>A run reads all of a source before it exports. This needs room for only a few days, however many years there are. Where it was stopped, the same command goes on; days that the server has are not made again. Events from before DAY are left out for good; those after the last day are left to the runs to come.</source>
        <translation>Ein Lauf liest eine Quelle ganz, bevor er exportiert. Dies hier braucht nur Platz für einige Tage, wie viele Jahre es auch sind. Nach einem Abbruch macht derselbe Befehl weiter; Tage, die der Server hat, werden nicht noch einmal erstellt. Ereignisse von vor DAY bleiben für immer weg; die nach dem letzten Tag bleiben den nächsten Läufen.</translation>
    </message>
    <message>
        <source>A source that reads the same place goes on from there, whatever its name is.</source>
        <translation>Eine Quelle, die dieselbe Stelle liest, macht dort weiter, wie sie auch heißt.</translation>
    </message>
    <message>
        <source>A value is missing behind {name}.</source>
        <translation>Hinter {name} fehlt ein Wert.</translation>
    </message>
    <message>
        <source>A value of the last record</source>
        <translation>Ein Wert des letzten Datensatzes</translation>
    </message>
    <message>
        <source>ADDRESS</source>
        <translation>ADRESSE</translation>
    </message>
    <message>
        <source>ARGS</source>
        <translation>ARGUMENTE</translation>
    </message>
    <message>
        <source>Add a folder, or another kind of place, as source NAME.</source>
        <translation>Einen Ordner oder eine andere Stelle als Quelle NAME hinzufügen.</translation>
    </message>
    <message>
        <source>Add a source of events.</source>
        <translation>Eine Quelle von Ereignissen hinzufügen.</translation>
    </message>
    <message>
        <source>Address for tokens</source>
        <translation>Adresse für Token</translation>
    </message>
    <message>
        <source>Address of a list</source>
        <translation>Adresse einer Liste</translation>
    </message>
    <message>
        <source>All installations that export to one place.</source>
        <translation>Alle Installationen, die an eine Stelle exportieren.</translation>
    </message>
    <message>
        <source>All or nothing: when a line can&apos;t be an event, it is named and nothing is stored. An event that was recorded already, by its id, is not stored again; where its content is another, it is set aside.</source>
        <translation>Alles oder nichts: Kann eine Zeile kein Ereignis sein, wird sie genannt und nichts gespeichert. Ein Ereignis, das nach seiner ID schon erfasst ist, wird nicht noch einmal gespeichert; ist sein Inhalt ein anderer, wird es aussortiert.</translation>
    </message>
    <message>
        <source>An address in a header</source>
        <translation>Eine Adresse in einem Header</translation>
    </message>
    <message>
        <source>An address in the answer</source>
        <translation>Eine Adresse in der Antwort</translation>
    </message>
    <message>
        <source>An administrator checks a new policy.toml with this: the exit code is 78 when it can&apos;t be used.</source>
        <translation>Ein Administrator prüft damit eine neue policy.toml: Der Exit-Code ist 78, wenn sie nicht verwendbar ist.</translation>
    </message>
    <message>
        <source>An event:</source>
        <translation>Ein Ereignis:</translation>
    </message>
    <message>
        <source>As</source>
        <translation>Als</translation>
    </message>
    <message>
        <source>As in Accept=application/json; X-Tenant=acme.</source>
        <translation>Wie in Accept=application/json; X-Tenant=acme.</translation>
    </message>
    <message>
        <source>As in SSWS, with the space behind it where there is one. Mostly empty.</source>
        <translation>Wie SSWS, mit dem Leerzeichen dahinter, wo eines ist. Meist leer.</translation>
    </message>
    <message>
        <source>As in X-Api-Key or PRIVATE-TOKEN.</source>
        <translation>Wie X-Api-Key oder PRIVATE-TOKEN.</translation>
    </message>
    <message>
        <source>As root on Linux: the task of USER, who may not have one without a login, as a service of the system.</source>
        <translation>Als root unter Linux: die Aufgabe von USER, der ohne Anmeldung keine haben darf, als Dienst des Systems.</translation>
    </message>
    <message>
        <source>Ask for the next page with its parameter alone</source>
        <translation>Nach der nächsten Seite nur mit deren Parameter fragen</translation>
    </message>
    <message>
        <source>Audience</source>
        <translation>Audience</translation>
    </message>
    <message>
        <source>Audit events are recorded into a store (`record`, or collected from the folders of `source`), written as JSON or CEF into one .zip archive a day, and put on the server. Nothing is lost and nothing comes twice, whatever is interrupted: the next `run` goes on where the last one was.</source>
        <translation>Audit-Ereignisse werden in einem Speicher erfasst (mit `record`, oder gesammelt aus den Ordnern von `source`), als JSON oder CEF in ein .zip-Archiv pro Tag geschrieben und auf den Server gelegt. Nichts geht verloren und nichts kommt doppelt, was auch unterbrochen wird: Der nächste `run` macht weiter, wo der letzte aufgehört hat.</translation>
    </message>
    <message>
        <source>Bearer token (Authorization: Bearer …)</source>
        <translation>Bearer-Token (Authorization: Bearer …)</translation>
    </message>
    <message>
        <source>Behind the value of the last record</source>
        <translation>Hinter dem Wert des letzten Datensatzes</translation>
    </message>
    <message>
        <source>Besides 429 and 503, as in 403, where the answer also says for how long.</source>
        <translation>Neben 429 und 503, wie 403, wo die Antwort auch sagt, wie lange.</translation>
    </message>
    <message>
        <source>Body</source>
        <translation>Body</translation>
    </message>
    <message>
        <source>By what it is known.</source>
        <translation>Woran sie zu erkennen ist.</translation>
    </message>
    <message>
        <source>By what the service says that there is more, and how that is asked for.</source>
        <translation>Woran der Dienst zeigt, dass es mehr gibt, und wie danach gefragt wird.</translation>
    </message>
    <message>
        <source>CERTS</source>
        <translation>ZERTIFIKATE</translation>
    </message>
    <message>
        <source>COMMAND</source>
        <translation>BEFEHL</translation>
    </message>
    <message>
        <source>COMMAND [ARGS]...</source>
        <translation>BEFEHL [ARGUMENTE]...</translation>
    </message>
    <message>
        <source>Change a source.</source>
        <translation>Eine Quelle ändern.</translation>
    </message>
    <message>
        <source>Change settings.</source>
        <translation>Einstellungen ändern.</translation>
    </message>
    <message>
        <source>Change settings: all of those named, or none when one of them can&apos;t be right.</source>
        <translation>Einstellungen ändern: alle genannten, oder keine, wenn eine davon nicht stimmen kann.</translation>
    </message>
    <message>
        <source>Change source NAME: what the options say, and nothing else. What was read of it stays read.</source>
        <translation>Quelle NAME ändern: was die Optionen sagen, und sonst nichts. Was von ihr gelesen wurde, bleibt gelesen.</translation>
    </message>
    <message>
        <source>Check archives, and that none is missing.</source>
        <translation>Archive prüfen, und dass keines fehlt.</translation>
    </message>
    <message>
        <source>Check archives, or all archives of a folder.</source>
        <translation>Archive prüfen, oder alle Archive eines Ordners.</translation>
    </message>
    <message>
        <source>Check the archives at the configured server path.</source>
        <translation>Die Archive am eingestellten Serverpfad prüfen.</translation>
    </message>
    <message>
        <source>Choose another name.</source>
        <translation>Wählen Sie einen anderen Namen.</translation>
    </message>
    <message>
        <source>Choose where a daily run that fails is reported.</source>
        <translation>Festlegen, wohin ein fehlgeschlagener täglicher Lauf gemeldet wird.</translation>
    </message>
    <message>
        <source>Choose where failures are reported.</source>
        <translation>Festlegen, wohin Fehler gemeldet werden.</translation>
    </message>
    <message>
        <source>Collect events and deliver what is due.</source>
        <translation>Ereignisse sammeln und zustellen, was fällig ist.</translation>
    </message>
    <message>
        <source>Collect events, then deliver an archive for every day that is due, oldest first.</source>
        <translation>Ereignisse sammeln, dann für jeden fälligen Tag ein Archiv zustellen, den ältesten zuerst.</translation>
    </message>
    <message>
        <source>Collected from this source.</source>
        <translation>Aus dieser Quelle gesammelt.</translation>
    </message>
    <message>
        <source>Commands</source>
        <translation>Befehle</translation>
    </message>
    <message>
        <source>Create an API token under My Profile, API Tokens, for this account only.</source>
        <translation>Unter My Profile, API Tokens ein API-Token nur für dieses Konto erstellen.</translation>
    </message>
    <message>
        <source>Created on this day or earlier.</source>
        <translation>An diesem Tag oder früher entstanden.</translation>
    </message>
    <message>
        <source>Created on this day or later.</source>
        <translation>An diesem Tag oder später entstanden.</translation>
    </message>
    <message>
        <source>DAY</source>
        <translation>TAG</translation>
    </message>
    <message>
        <source>DIRECTORY</source>
        <translation>ORDNER</translation>
    </message>
    <message>
        <source>Days that were missed are caught up. Nothing due is success. What may pass (a lost connection, a busy server) is tried again a few times, then left for the next run; what won&apos;t pass by itself (a wrong password, a changed host key) is not tried again.</source>
        <translation>Versäumte Tage werden nachgeholt. Dass nichts fällig ist, ist ein Erfolg. Was vorübergehen kann (eine unterbrochene Verbindung, ein ausgelasteter Server), wird einige Male erneut versucht, dann dem nächsten Lauf überlassen; was nicht von selbst vergeht (ein falsches Passwort, ein geänderter Host-Schlüssel), wird nicht erneut versucht.</translation>
    </message>
    <message>
        <source>Delivered, or still waiting.</source>
        <translation>Zugestellt, oder noch wartend.</translation>
    </message>
    <message>
        <source>Do not ask.</source>
        <translation>Nicht fragen.</translation>
    </message>
    <message>
        <source>Do nothing unless there was no run since the daily time. cron passes this when the computer starts.</source>
        <translation>Nichts tun, wenn es seit der täglichen Uhrzeit einen Lauf gab. cron gibt dies an, wenn der Computer startet.</translation>
    </message>
    <message>
        <source>Do nothing while the export is switched off. The daily task passes this.</source>
        <translation>Nichts tun, solange der Export ausgeschaltet ist. Die tägliche Aufgabe gibt dies an.</translation>
    </message>
    <message>
        <source>Each archive is signed, so that whoever has it can see that this computer made it.</source>
        <translation>Jedes Archiv ist signiert, damit jeder, der es hat, sehen kann, dass dieser Computer es erstellt hat.</translation>
    </message>
    <message>
        <source>Events from {oldest} to {newest}.</source>
        <translation>Ereignisse von {oldest} bis {newest}.</translation>
    </message>
    <message>
        <source>Exit codes:</source>
        <translation>Exit-Codes:</translation>
    </message>
    <message>
        <source>Exit with another code than 0 when somebody must look after it.</source>
        <translation>Mit einem anderen Code als 0 enden, wenn sich jemand darum kümmern muss.</translation>
    </message>
    <message>
        <source>Exits with 78 when the export is on and something is.</source>
        <translation>Endet mit 78, wenn der Export eingeschaltet ist und etwas nicht stimmt.</translation>
    </message>
    <message>
        <source>Export audit trails, every day, to an SFTP server.</source>
        <translation>Audit-Protokolle täglich auf einen SFTP-Server exportieren.</translation>
    </message>
    <message>
        <source>Export the events of today so far as well.</source>
        <translation>Auch die bisherigen Ereignisse von heute exportieren.</translation>
    </message>
    <message>
        <source>Export years of a source, day after day.</source>
        <translation>Jahre einer Quelle exportieren, Tag für Tag.</translation>
    </message>
    <message>
        <source>FILE</source>
        <translation>DATEI</translation>
    </message>
    <message>
        <source>FINGERPRINT</source>
        <translation>FINGERABDRUCK</translation>
    </message>
    <message>
        <source>FOLDER</source>
        <translation>ORDNER</translation>
    </message>
    <message>
        <source>False on the last page</source>
        <translation>False auf der letzten Seite</translation>
    </message>
    <message>
        <source>Files (all in one folder where AUDIT_TRAILS_HOME names one):</source>
        <translation>Dateien (alle in einem Ordner, wenn AUDIT_TRAILS_HOME einen nennt):</translation>
    </message>
    <message>
        <source>Find events that are still in the store, oldest first, each with its archive, line and signature.</source>
        <translation>Ereignisse finden, die noch im Speicher sind, die ältesten zuerst, jedes mit Archiv, Zeile und Signatur.</translation>
    </message>
    <message>
        <source>Find events, and hand them over with what proves them.</source>
        <translation>Ereignisse finden und mit dem übergeben, was sie beweist.</translation>
    </message>
    <message>
        <source>First steps:</source>
        <translation>Erste Schritte:</translation>
    </message>
    <message>
        <source>First time, go back</source>
        <translation>Beim ersten Mal zurück</translation>
    </message>
    <message>
        <source>For bash, in ~/.bashrc:</source>
        <translation>Für bash, in ~/.bashrc:</translation>
    </message>
    <message>
        <source>For monitoring: `status --check` exits with 0 while all is well or the export is off. Otherwise it says why, and exits with the code that fits: 78 for the settings or the daily task, or that of the last run.</source>
        <translation>Zur Überwachung: `status --check` endet mit 0, solange alles in Ordnung oder der Export ausgeschaltet ist. Sonst nennt es den Grund und endet mit dem passenden Code: 78 für die Einstellungen oder die tägliche Aufgabe, oder dem des letzten Laufs.</translation>
    </message>
    <message>
        <source>For tls://, the certificate of the authority, in PEM.</source>
        <translation>Für tls:// das Zertifikat der Zertifizierungsstelle, in PEM.</translation>
    </message>
    <message>
        <source>For which API the token is, where the service asks for that.</source>
        <translation>Für welche API das Token ist, wo der Dienst danach fragt.</translation>
    </message>
    <message>
        <source>From the service&apos;s own mark, which it keeps for ever</source>
        <translation>Ab der Marke des Dienstes, die er für immer behält</translation>
    </message>
    <message>
        <source>From the time of the last, and some before it</source>
        <translation>Ab der Zeit des letzten, und etwas davor</translation>
    </message>
    <message>
        <source>From then on, connections are only made to a server that has this key. Compare the fingerprint with the one that the server&apos;s administrator gave you; a Linux server shows it with `ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub`.</source>
        <translation>Danach gibt es Verbindungen nur noch zu einem Server, der diesen Schlüssel hat. Vergleichen Sie den Fingerabdruck mit dem, den der Administrator des Servers genannt hat; ein Linux-Server zeigt ihn mit `ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub`.</translation>
    </message>
    <message>
        <source>GET</source>
        <translation>GET</translation>
    </message>
    <message>
        <source>Get an archive back from the server.</source>
        <translation>Ein Archiv vom Server zurückholen.</translation>
    </message>
    <message>
        <source>Give the lines that `sign show` prints to the auditor by another way than the server: they are the file allowed_signers, by which `verify --signers` and `ssh-keygen -Y verify` know the right keys.</source>
        <translation>Geben Sie die Zeilen, die `sign show` ausgibt, auf einem anderen Weg als dem Server an die Prüfung: Sie sind die Datei allowed_signers, an der `verify --signers` und `ssh-keygen -Y verify` die richtigen Schlüssel erkennen.</translation>
    </message>
    <message>
        <source>Goes on</source>
        <translation>Geht weiter</translation>
    </message>
    <message>
        <source>Have the scheduler start the daily task now, wait for it, and show what came of it.</source>
        <translation>Den Zeitplaner die tägliche Aufgabe jetzt starten lassen, auf sie warten und zeigen, was daraus wurde.</translation>
    </message>
    <message>
        <source>Have the workers of a Dask scheduler read and pack: tls://HOST:PORT, or local.</source>
        <translation>Die Worker eines Dask-Schedulers lesen und packen lassen: tls://HOST:PORT, oder local.</translation>
    </message>
    <message>
        <source>Have this computer&apos;s own scheduler run the export daily, also when nobody is logged in.</source>
        <translation>Den Zeitplaner dieses Computers den Export täglich starten lassen, auch wenn niemand angemeldet ist.</translation>
    </message>
    <message>
        <source>Header with the end of the limit</source>
        <translation>Header mit dem Ende der Begrenzung</translation>
    </message>
    <message>
        <source>Header with the wait</source>
        <translation>Header mit der Wartezeit</translation>
    </message>
    <message>
        <source>How far back a new source begins: 30d. Empty for as long as the service keeps events, or 90 days.</source>
        <translation>Wie weit zurück eine neue Quelle beginnt: 30d. Leer für so lange, wie der Dienst Ereignisse behält, oder 90 Tage.</translation>
    </message>
    <message>
        <source>How long events may take until they can be asked for: 2m.</source>
        <translation>Wie lange es dauern kann, bis Ereignisse abzufragen sind: 2m.</translation>
    </message>
    <message>
        <source>How many of a source.</source>
        <translation>Wie viele pro Quelle.</translation>
    </message>
    <message>
        <source>How many records were read</source>
        <translation>Wie viele Datensätze gelesen sind</translation>
    </message>
    <message>
        <source>How many records.</source>
        <translation>Wie viele Datensätze.</translation>
    </message>
    <message>
        <source>How many runs, or days.</source>
        <translation>Wie viele Läufe oder Tage.</translation>
    </message>
    <message>
        <source>How much is asked for once more each time, to find events that come late: 24h.</source>
        <translation>Wie viel jedes Mal noch einmal abgefragt wird, um späte Ereignisse zu finden: 24h.</translation>
    </message>
    <message>
        <source>How the next collection goes on where this one ended.</source>
        <translation>Wie das nächste Sammeln dort weitergeht, wo dieses endete.</translation>
    </message>
    <message>
        <source>How the secret is shown to it</source>
        <translation>Wie ihm das Geheimnis gezeigt wird</translation>
    </message>
    <message>
        <source>How the service wants times to be written in these parameters.</source>
        <translation>Wie der Dienst Zeiten in diesen Parametern geschrieben haben will.</translation>
    </message>
    <message>
        <source>How the service wants to see the secret; its documentation calls this authentication.</source>
        <translation>Wie der Dienst das Geheimnis sehen will; seine Dokumentation nennt das Authentifizierung.</translation>
    </message>
    <message>
        <source>How the way there is encrypted: port 587, 465 or 25 unless the server says another.</source>
        <translation>Wie der Weg dorthin verschlüsselt ist: Port 587, 465 oder 25, wenn der Server nichts anderes sagt.</translation>
    </message>
    <message>
        <source>How times are written: epoch-s, epoch-ms, epoch-us, epoch-ns, iso, or a pattern as in &apos;text:%d/%m/%Y %H:%M:%S&apos;.</source>
        <translation>Wie Zeiten geschrieben sind: epoch-s, epoch-ms, epoch-us, epoch-ns, iso, oder ein Muster wie in &apos;text:%d/%m/%Y %H:%M:%S&apos;.</translation>
    </message>
    <message>
        <source>INTEGER</source>
        <translation>ZAHL</translation>
    </message>
    <message>
        <source>INTEGER RANGE</source>
        <translation>ZAHL</translation>
    </message>
    <message>
        <source>In front of the secret</source>
        <translation>Vor dem Geheimnis</translation>
    </message>
    <message>
        <source>In it the daily export is configured, tested and switched on; it also shows what ran, the audit events, and the folders that they are collected from. Where this user has it open already, that window comes to the front.</source>
        <translation>Darin wird der tägliche Export konfiguriert, getestet und eingeschaltet; gezeigt werden auch die Läufe, die Audit-Ereignisse und die Ordner, aus denen sie gesammelt werden. Hat dieser Benutzer das Fenster schon offen, kommt es nach vorne.</translation>
    </message>
    <message>
        <source>Is the name right, and is the bucket of this account and region?</source>
        <translation>Stimmt der Name, und gehört der Bucket zu diesem Konto und dieser Region?</translation>
    </message>
    <message>
        <source>It has fewer records than a page may have</source>
        <translation>Sie hat weniger Datensätze, als eine Seite haben kann</translation>
    </message>
    <message>
        <source>It is empty</source>
        <translation>Sie ist leer</translation>
    </message>
    <message>
        <source>It is kept only if it opens the key. While the export is on, this also finds out whether the daily task can use the key while nobody is logged in.</source>
        <translation>Sie wird nur gespeichert, wenn sie den Schlüssel öffnet. Ist der Export eingeschaltet, wird auch festgestellt, ob die tägliche Aufgabe den Schlüssel verwenden kann, während niemand angemeldet ist.</translation>
    </message>
    <message>
        <source>KEY</source>
        <translation>SCHLÜSSEL</translation>
    </message>
    <message>
        <source>KEY is as `config show` prints it; a list is comma-separated:</source>
        <translation>KEY ist so, wie `config show` es ausgibt; eine Liste ist durch Kommas getrennt:</translation>
    </message>
    <message>
        <source>KIND</source>
        <translation>ART</translation>
    </message>
    <message>
        <source>Keep all files in this folder, as with AUDIT_TRAILS_HOME.</source>
        <translation>Alle Dateien in diesem Ordner halten, wie mit AUDIT_TRAILS_HOME.</translation>
    </message>
    <message>
        <source>Keeps its events for</source>
        <translation>Behält seine Ereignisse</translation>
    </message>
    <message>
        <source>Key in a header of its own</source>
        <translation>Schlüssel in einem eigenen Header</translation>
    </message>
    <message>
        <source>Key of a Google service account</source>
        <translation>Schlüssel eines Google-Dienstkontos</translation>
    </message>
    <message>
        <source>LANGUAGE</source>
        <translation>SPRACHE</translation>
    </message>
    <message>
        <source>Last read: {when}. Records: {read}, new: {stored}.</source>
        <translation>Zuletzt gelesen: {when}. Datensätze: {read}, neu: {stored}.</translation>
    </message>
    <message>
        <source>Leads to the next page</source>
        <translation>Führt zur nächsten Seite</translation>
    </message>
    <message>
        <source>List of events</source>
        <translation>Liste der Ereignisse</translation>
    </message>
    <message>
        <source>List the sources.</source>
        <translation>Die Quellen auflisten.</translation>
    </message>
    <message>
        <source>List the sources: how many records were read so far, what came of them, how the last collection went.</source>
        <translation>Die Quellen auflisten: wie viele Datensätze bisher gelesen wurden, was daraus wurde, wie das letzte Sammeln verlief.</translation>
    </message>
    <message>
        <source>List, add and remove sources of events.</source>
        <translation>Quellen von Ereignissen auflisten, hinzufügen und entfernen.</translation>
    </message>
    <message>
        <source>List, add and remove what events are collected from.</source>
        <translation>Auflisten, hinzufügen und entfernen, woraus Ereignisse gesammelt werden.</translation>
    </message>
    <message>
        <source>Logs of AWS CloudTrail, and the same for a system that is not known:</source>
        <translation>Protokolle von AWS CloudTrail, und dasselbe für ein System, das nicht bekannt ist:</translation>
    </message>
    <message>
        <source>Longest window</source>
        <translation>Längster Zeitraum</translation>
    </message>
    <message>
        <source>Look back</source>
        <translation>Rückblick</translation>
    </message>
    <message>
        <source>Look further back</source>
        <translation>Weiter zurückblicken</translation>
    </message>
    <message>
        <source>Make a new key.</source>
        <translation>Einen neuen Schlüssel erzeugen.</translation>
    </message>
    <message>
        <source>Make an event of each thing in the list at a record&apos;s key PATH.</source>
        <translation>Aus jedem Ding in der Liste am Schlüsselpfad PATH eines Datensatzes ein Ereignis machen.</translation>
    </message>
    <message>
        <source>Map the records as those of a known system; it also says where they are in a document. With --kind rest, the service that is asked.</source>
        <translation>Die Datensätze wie die eines bekannten Systems zuordnen; das sagt auch, wo sie in einem Dokument sind. Mit --kind rest der Dienst, der gefragt wird.</translation>
    </message>
    <message>
        <source>Method</source>
        <translation>Methode</translation>
    </message>
    <message>
        <source>Milliseconds since 1970</source>
        <translation>Millisekunden seit 1970</translation>
    </message>
    <message>
        <source>More about asking</source>
        <translation>Mehr zur Abfrage</translation>
    </message>
    <message>
        <source>NAME</source>
        <translation>NAME</translation>
    </message>
    <message>
        <source>NAME is the name of an archive, or a day (2026-11-28), of which all archives are fetched. Each is saved where it is the one that was delivered, byte for byte. A file that is there already is never overwritten.</source>
        <translation>NAME ist der Name eines Archivs oder ein Tag (2026-11-28), von dem alle Archive geholt werden. Jedes wird nur gespeichert, wenn es Byte für Byte das zugestellte ist. Eine vorhandene Datei wird nie überschrieben.</translation>
    </message>
    <message>
        <source>NUMBER</source>
        <translation>NUMMER</translation>
    </message>
    <message>
        <source>Name of the header</source>
        <translation>Name des Headers</translation>
    </message>
    <message>
        <source>Newest first, or not known</source>
        <translation>Die neuesten zuerst, oder unbekannt</translation>
    </message>
    <message>
        <source>No day from this one on may be missing.</source>
        <translation>Von diesem Tag an darf keiner fehlen.</translation>
    </message>
    <message>
        <source>Not read: {why}</source>
        <translation>Nicht gelesen: {why}</translation>
    </message>
    <message>
        <source>Nothing leads on</source>
        <translation>Nichts führt weiter</translation>
    </message>
    <message>
        <source>Nothing: one answer has all</source>
        <translation>Nichts: eine Antwort hat alles</translation>
    </message>
    <message>
        <source>Nothing: the service asks for no secret</source>
        <translation>Gar nicht: der Dienst verlangt keines</translation>
    </message>
    <message>
        <source>Number of all</source>
        <translation>Anzahl aller</translation>
    </message>
    <message>
        <source>Number of the first page</source>
        <translation>Nummer der ersten Seite</translation>
    </message>
    <message>
        <source>Oldest first</source>
        <translation>Die ältesten zuerst</translation>
    </message>
    <message>
        <source>On Windows: run also while you are signed out, or only while you are signed in. For the first, Windows wants your password (from a prompt or standard input), and keeps it; this program does not.</source>
        <translation>Unter Windows: auch laufen, während Sie abgemeldet sind, oder nur, während Sie angemeldet sind. Für das Erste verlangt Windows Ihr Passwort (von einer Eingabe oder der Standardeingabe) und bewahrt es auf; dieses Programm tut das nicht.</translation>
    </message>
    <message>
        <source>Once in this time, as much is asked for once more, to see how late events come: 7d.</source>
        <translation>Einmal in dieser Zeit wird so viel noch einmal abgefragt, um zu sehen, wie spät Ereignisse kommen: 7d.</translation>
    </message>
    <message>
        <source>Open the form of the audit trails export.</source>
        <translation>Das Formular für den Export der Audit-Protokolle öffnen.</translation>
    </message>
    <message>
        <source>Options</source>
        <translation>Optionen</translation>
    </message>
    <message>
        <source>Order</source>
        <translation>Reihenfolge</translation>
    </message>
    <message>
        <source>Other headers</source>
        <translation>Weitere Header</translation>
    </message>
    <message>
        <source>Other parameters</source>
        <translation>Weitere Parameter</translation>
    </message>
    <message>
        <source>PATH</source>
        <translation>PFAD</translation>
    </message>
    <message>
        <source>PATH is a folder where archives arrive; without it, the configured server path is looked at. The exit code is 65 where any instance lacks a day up to yesterday, or with --deep where any archive is not as it was made.</source>
        <translation>PATH ist ein Ordner, in dem Archive ankommen; ohne ihn wird der eingestellte Serverpfad betrachtet. Der Exit-Code ist 65, wenn einer Instanz ein Tag bis gestern fehlt, oder mit --deep, wenn ein Archiv nicht so ist, wie es erstellt wurde.</translation>
    </message>
    <message>
        <source>PLACE</source>
        <translation>ORT</translation>
    </message>
    <message>
        <source>POST</source>
        <translation>POST</translation>
    </message>
    <message>
        <source>POST where the service wants its question in the body.</source>
        <translation>POST, wo der Dienst die Frage im Body haben will.</translation>
    </message>
    <message>
        <source>Pack days in N processes.</source>
        <translation>Tage in N Prozessen packen.</translation>
    </message>
    <message>
        <source>Parameter for &quot;from&quot;</source>
        <translation>Parameter für „von“</translation>
    </message>
    <message>
        <source>Parameter for &quot;to&quot;</source>
        <translation>Parameter für „bis“</translation>
    </message>
    <message>
        <source>Parameter for it</source>
        <translation>Parameter dafür</translation>
    </message>
    <message>
        <source>Parameter for the size</source>
        <translation>Parameter für die Größe</translation>
    </message>
    <message>
        <source>Password of a user (basic)</source>
        <translation>Passwort eines Benutzers (Basic)</translation>
    </message>
    <message>
        <source>Pin the key only if this is its fingerprint.</source>
        <translation>Den Schlüssel nur festhalten, wenn dies sein Fingerabdruck ist.</translation>
    </message>
    <message>
        <source>Pin the key without asking.</source>
        <translation>Den Schlüssel ohne Rückfrage festhalten.</translation>
    </message>
    <message>
        <source>Pin the server&apos;s host key if its fingerprint (SHA256:…) is this one.</source>
        <translation>Den Host-Schlüssel des Servers festhalten, wenn dies sein Fingerabdruck (SHA256:…) ist.</translation>
    </message>
    <message>
        <source>Print a config.toml for other computers.</source>
        <translation>Eine config.toml für andere Computer ausgeben.</translation>
    </message>
    <message>
        <source>Print all settings, and which of them your organisation has set. The password is never among them.</source>
        <translation>Alle Einstellungen ausgeben, und welche davon die Organisation festgelegt hat. Das Passwort ist nie dabei.</translation>
    </message>
    <message>
        <source>Print all settings.</source>
        <translation>Alle Einstellungen ausgeben.</translation>
    </message>
    <message>
        <source>Print one JSON document, laid out as config.toml.</source>
        <translation>Ein JSON-Dokument ausgeben, aufgebaut wie config.toml.</translation>
    </message>
    <message>
        <source>Print one JSON document, with the records whole.</source>
        <translation>Ein JSON-Dokument ausgeben, mit den ganzen Datensätzen.</translation>
    </message>
    <message>
        <source>Print one JSON document.</source>
        <translation>Ein JSON-Dokument ausgeben.</translation>
    </message>
    <message>
        <source>Print one JSON document: a list of runs, or of days.</source>
        <translation>Ein JSON-Dokument ausgeben: eine Liste von Läufen oder von Tagen.</translation>
    </message>
    <message>
        <source>Print one setting.</source>
        <translation>Eine Einstellung ausgeben.</translation>
    </message>
    <message>
        <source>Print only the value of the setting KEY, for scripts. A list is comma-separated, as for `config set`.</source>
        <translation>Nur den Wert der Einstellung KEY ausgeben, für Skripte. Eine Liste ist durch Kommas getrennt, wie für `config set`.</translation>
    </message>
    <message>
        <source>Print the completion script for a shell.</source>
        <translation>Das Vervollständigungsskript für eine Shell ausgeben.</translation>
    </message>
    <message>
        <source>Print the lines for allowed_signers, one for each key that signed or is to sign.</source>
        <translation>Die Zeilen für allowed_signers ausgeben, eine für jeden Schlüssel, der signiert hat oder signieren wird.</translation>
    </message>
    <message>
        <source>Print the lines for allowed_signers.</source>
        <translation>Die Zeilen für allowed_signers ausgeben.</translation>
    </message>
    <message>
        <source>Print the result as one JSON document.</source>
        <translation>Das Ergebnis als ein JSON-Dokument ausgeben.</translation>
    </message>
    <message>
        <source>Print the run as one JSON document.</source>
        <translation>Den Lauf als ein JSON-Dokument ausgeben.</translation>
    </message>
    <message>
        <source>Print the settings as a config.toml for `config import` on other computers.</source>
        <translation>Die Einstellungen als config.toml ausgeben, für `config import` auf anderen Computern.</translation>
    </message>
    <message>
        <source>Print the value as JSON.</source>
        <translation>Den Wert als JSON ausgeben.</translation>
    </message>
    <message>
        <source>Print them as CSV.</source>
        <translation>Als CSV ausgeben.</translation>
    </message>
    <message>
        <source>Read a source from its beginning, and deliver every day as soon as it has gone by.</source>
        <translation>Eine Quelle von Anfang an lesen und jeden Tag zustellen, sobald er vollständig gelesen ist.</translation>
    </message>
    <message>
        <source>Records in a page</source>
        <translation>Datensätze je Seite</translation>
    </message>
    <message>
        <source>Records that were set aside are tried again with the new settings by the next run.</source>
        <translation>Aussortierte Datensätze versucht der nächste Lauf mit den neuen Einstellungen erneut.</translation>
    </message>
    <message>
        <source>Register the daily task, or create it again as the settings want it. Saving the settings does the same.</source>
        <translation>Die tägliche Aufgabe anlegen, oder neu anlegen, wie die Einstellungen sie wollen. Das Speichern der Einstellungen tut dasselbe.</translation>
    </message>
    <message>
        <source>Register the daily task, or fix it.</source>
        <translation>Die tägliche Aufgabe anlegen oder reparieren.</translation>
    </message>
    <message>
        <source>Register, show and start the daily task.</source>
        <translation>Die tägliche Aufgabe anlegen, zeigen und starten.</translation>
    </message>
    <message>
        <source>Remove a source.</source>
        <translation>Eine Quelle entfernen.</translation>
    </message>
    <message>
        <source>Remove source NAME. What was collected from it stays, and is exported; what is set aside stays as well.</source>
        <translation>Quelle NAME entfernen. Was aus ihr gesammelt wurde, bleibt und wird exportiert; was aussortiert ist, bleibt ebenfalls.</translation>
    </message>
    <message>
        <source>Remove the daily task, whatever the switch says. The next save with the switch ON registers it again.</source>
        <translation>Die tägliche Aufgabe entfernen, wie der Schalter auch steht. Das nächste Speichern mit dem Schalter auf AN legt sie wieder an.</translation>
    </message>
    <message>
        <source>Remove the daily task.</source>
        <translation>Die tägliche Aufgabe entfernen.</translation>
    </message>
    <message>
        <source>Rename a config.toml that can&apos;t be read, so that a new configuration can begin. Nothing is deleted.</source>
        <translation>Eine config.toml, die nicht lesbar ist, umbenennen, damit eine neue Konfiguration beginnen kann. Nichts wird gelöscht.</translation>
    </message>
    <message>
        <source>Report failures by mail.</source>
        <translation>Fehler per E-Mail melden.</translation>
    </message>
    <message>
        <source>Report failures by mail. With a user, the password is asked for, or read from standard input (one line).</source>
        <translation>Fehler per E-Mail melden. Mit einem Benutzer wird nach dem Passwort gefragt, oder es wird von der Standardeingabe gelesen (eine Zeile).</translation>
    </message>
    <message>
        <source>Report to no address any more.</source>
        <translation>An keine Adresse mehr melden.</translation>
    </message>
    <message>
        <source>Requests a minute</source>
        <translation>Anfragen je Minute</translation>
    </message>
    <message>
        <source>SHAPE</source>
        <translation>FORM</translation>
    </message>
    <message>
        <source>SOURCE</source>
        <translation>QUELLE</translation>
    </message>
    <message>
        <source>Scope</source>
        <translation>Scope</translation>
    </message>
    <message>
        <source>Seconds since 1970</source>
        <translation>Sekunden seit 1970</translation>
    </message>
    <message>
        <source>Secret of a client, for a token (OAuth 2)</source>
        <translation>Geheimnis eines Clients, für ein Token (OAuth 2)</translation>
    </message>
    <message>
        <source>Send a message now.</source>
        <translation>Jetzt eine Nachricht senden.</translation>
    </message>
    <message>
        <source>Set the address to report to.</source>
        <translation>Die Adresse festlegen, an die gemeldet wird.</translation>
    </message>
    <message>
        <source>Set the address, from a prompt or from standard input (one line): it may carry a password.</source>
        <translation>Die Adresse festlegen, mit einer Eingabe oder von der Standardeingabe (eine Zeile): Sie kann ein Passwort enthalten.</translation>
    </message>
    <message>
        <source>Settled after</source>
        <translation>Vollständig nach</translation>
    </message>
    <message>
        <source>Show a desktop notification, send a message to the address, and ping the monitor, now.</source>
        <translation>Jetzt eine Desktop-Benachrichtigung zeigen, eine Nachricht an die Adresse senden und den Überwachungsdienst anpingen.</translation>
    </message>
    <message>
        <source>Show also those that lack nothing.</source>
        <translation>Auch die zeigen, denen nichts fehlt.</translation>
    </message>
    <message>
        <source>Show and change the settings.</source>
        <translation>Die Einstellungen zeigen und ändern.</translation>
    </message>
    <message>
        <source>Show days instead of runs: what is delivered, what is not.</source>
        <translation>Tage statt Läufe zeigen: was zugestellt ist, was nicht.</translation>
    </message>
    <message>
        <source>Show how records map to events.</source>
        <translation>Zeigen, wie Datensätze zu Ereignissen werden.</translation>
    </message>
    <message>
        <source>Show how the first records of source NAME map to events, and what would be set aside. Stores nothing.</source>
        <translation>Zeigen, wie die ersten Datensätze der Quelle NAME zu Ereignissen werden, und was aussortiert würde. Speichert nichts.</translation>
    </message>
    <message>
        <source>Show records that were set aside.</source>
        <translation>Aussortierte Datensätze zeigen.</translation>
    </message>
    <message>
        <source>Show the address, without secrets.</source>
        <translation>Die Adresse ohne Geheimnisse zeigen.</translation>
    </message>
    <message>
        <source>Show the address, without the secrets in it.</source>
        <translation>Die Adresse zeigen, ohne die Geheimnisse darin.</translation>
    </message>
    <message>
        <source>Show the daily task as the scheduler has it, and what is wrong with it.</source>
        <translation>Die tägliche Aufgabe zeigen, wie der Zeitplaner sie hat, und was mit ihr nicht stimmt.</translation>
    </message>
    <message>
        <source>Show the daily task.</source>
        <translation>Die tägliche Aufgabe zeigen.</translation>
    </message>
    <message>
        <source>Show the latest runs, newest first.</source>
        <translation>Die letzten Läufe zeigen, die neuesten zuerst.</translation>
    </message>
    <message>
        <source>Show the records of source NAME that can&apos;t be events, each with its place, the reason, and as it was read.</source>
        <translation>Die Datensätze der Quelle NAME zeigen, die keine Ereignisse sein können, jeden mit seiner Stelle, dem Grund und wie er gelesen wurde.</translation>
    </message>
    <message>
        <source>Show the server&apos;s host key, and pin it.</source>
        <translation>Den Host-Schlüssel des Servers zeigen und festhalten.</translation>
    </message>
    <message>
        <source>Show the version and exit.</source>
        <translation>Die Version zeigen und enden.</translation>
    </message>
    <message>
        <source>Show this message and exit.</source>
        <translation>Diese Hilfe zeigen und enden.</translation>
    </message>
    <message>
        <source>Show what is on, ran last and waits.</source>
        <translation>Zeigen, was eingeschaltet ist, zuletzt lief und wartet.</translation>
    </message>
    <message>
        <source>Show what your organisation has fixed.</source>
        <translation>Zeigen, was die Organisation festgelegt hat.</translation>
    </message>
    <message>
        <source>Show what your organisation has set for all users of this computer, and in which file.</source>
        <translation>Zeigen, was die Organisation für alle Benutzer dieses Computers festgelegt hat, und in welcher Datei.</translation>
    </message>
    <message>
        <source>Show where the password can be kept on this computer, and whether the daily task can read it there.</source>
        <translation>Zeigen, wo auf diesem Computer das Passwort gespeichert werden kann, und ob die tägliche Aufgabe es dort lesen kann.</translation>
    </message>
    <message>
        <source>Show where the password can be kept.</source>
        <translation>Zeigen, wo das Passwort gespeichert werden kann.</translation>
    </message>
    <message>
        <source>Show whether the export is configured and on, its daily task, the last and the next run, and what waits.</source>
        <translation>Zeigen, ob der Export konfiguriert und eingeschaltet ist, seine tägliche Aufgabe, den letzten und den nächsten Lauf, und was wartet.</translation>
    </message>
    <message>
        <source>Show which instance lacks a day, and which has fallen silent, by nothing but the names of the archives.</source>
        <translation>Zeigen, welcher Instanz ein Tag fehlt und welche verstummt ist, allein anhand der Namen der Archive.</translation>
    </message>
    <message>
        <source>Source {name}: there is no bucket {bucket}.</source>
        <translation>Quelle {name}: Einen Bucket {bucket} gibt es nicht.</translation>
    </message>
    <message>
        <source>Speak this language, as with AUDIT_TRAILS_LANG; else the desktop&apos;s. --json is always English.</source>
        <translation>Diese Sprache sprechen, wie mit AUDIT_TRAILS_LANG; sonst die des Desktops. --json ist immer englisch.</translation>
    </message>
    <message>
        <source>Start over; keep the present file.</source>
        <translation>Neu beginnen; die jetzige Datei bleibt erhalten.</translation>
    </message>
    <message>
        <source>Start the daily task now, and wait.</source>
        <translation>Die tägliche Aufgabe jetzt starten und warten.</translation>
    </message>
    <message>
        <source>Starts an SFTP server on this computer only, records sample events of yesterday, tests the connection, exports, and shows where the archive is and what is in it. Your own settings are neither used nor changed; everything lies in one folder, which you may delete.</source>
        <translation>Startet einen SFTP-Server nur für diesen Computer, erfasst Beispielereignisse von gestern, testet die Verbindung, exportiert und zeigt, wo das Archiv ist und was darin ist. Ihre eigenen Einstellungen werden weder benutzt noch geändert; alles liegt in einem Ordner, den Sie löschen können.</translation>
    </message>
    <message>
        <source>Statuses that mean &quot;later&quot;</source>
        <translation>Status, die „später“ bedeuten</translation>
    </message>
    <message>
        <source>Store events from a file or a pipe.</source>
        <translation>Ereignisse aus einer Datei oder Pipe speichern.</translation>
    </message>
    <message>
        <source>Store the audit events of FILE, or of standard input: JSON Lines, one event a line.</source>
        <translation>Die Audit-Ereignisse aus FILE oder der Standardeingabe speichern: JSON Lines, ein Ereignis pro Zeile.</translation>
    </message>
    <message>
        <source>Store the passphrase of the key in server.key_file, from a prompt or from standard input (one line).</source>
        <translation>Die Passphrase des Schlüssels in server.key_file speichern, mit einer Eingabe oder von der Standardeingabe (eine Zeile).</translation>
    </message>
    <message>
        <source>Store the passphrase of the key to log in with.</source>
        <translation>Die Passphrase des Schlüssels für die Anmeldung speichern.</translation>
    </message>
    <message>
        <source>Store the password of a source.</source>
        <translation>Das Passwort einer Quelle speichern.</translation>
    </message>
    <message>
        <source>Store the password of source NAME, from a prompt or from standard input (one line).</source>
        <translation>Das Passwort der Quelle NAME speichern, mit einer Eingabe oder von der Standardeingabe (eine Zeile).</translation>
    </message>
    <message>
        <source>Store the password of the server&apos;s user, from a prompt or from standard input (one line).</source>
        <translation>Das Passwort des Benutzers auf dem Server speichern, mit einer Eingabe oder von der Standardeingabe (eine Zeile).</translation>
    </message>
    <message>
        <source>Store the password of the server&apos;s user.</source>
        <translation>Das Passwort des Benutzers auf dem Server speichern.</translation>
    </message>
    <message>
        <source>TABLE</source>
        <translation>TABELLE</translation>
    </message>
    <message>
        <source>TEXT</source>
        <translation>TEXT</translation>
    </message>
    <message>
        <source>Take FILE, a whole config.toml, in place of the present settings.</source>
        <translation>FILE, eine ganze config.toml, anstelle der jetzigen Einstellungen übernehmen.</translation>
    </message>
    <message>
        <source>Take a whole config.toml.</source>
        <translation>Eine ganze config.toml übernehmen.</translation>
    </message>
    <message>
        <source>Take an event&apos;s KEY from a record&apos;s key PATH (a.b, a[0].b, a[*].b, also into JSON that is a text), or from the first of several that fits. KEY==TEXT is always that text, KEY={a} {b} a template.</source>
        <translation>KEY eines Ereignisses vom Schlüsselpfad PATH eines Datensatzes nehmen (a.b, a[0].b, a[*].b, auch in JSON, das ein Text ist), oder vom ersten von mehreren, der passt. KEY==TEXT ist immer dieser Text, KEY={a} {b} eine Vorlage.</translation>
    </message>
    <message>
        <source>Take an event&apos;s KEY from nothing.</source>
        <translation>KEY eines Ereignisses von nirgends nehmen.</translation>
    </message>
    <message>
        <source>Test the connection, step by step, without changing any setting.</source>
        <translation>Die Verbindung testen, Schritt für Schritt, ohne eine Einstellung zu ändern.</translation>
    </message>
    <message>
        <source>Test the connection, step by step.</source>
        <translation>Die Verbindung testen, Schritt für Schritt.</translation>
    </message>
    <message>
        <source>That happens by itself when the source&apos;s settings change, and after an update of this program.</source>
        <translation>Das geschieht von selbst, wenn die Einstellungen der Quelle sich ändern, und nach einer Aktualisierung dieses Programms.</translation>
    </message>
    <message>
        <source>The SHA-256 of a line is that of the event in the archive&apos;s data file, without the comma and the line break: what `unzip -p ARCHIVE | sed -n LINEp` shows. `verify` says whether that archive is as it was signed.</source>
        <translation>Die SHA-256 einer Zeile ist die des Ereignisses in der Datendatei des Archivs, ohne das Komma und den Zeilenumbruch: was `unzip -p ARCHIVE | sed -n LINEp` zeigt. `verify` sagt, ob dieses Archiv so ist, wie es signiert wurde.</translation>
    </message>
    <message>
        <source>The address of the list of events, as in https://service.example.com/api/audit.</source>
        <translation>Die Adresse der Liste der Ereignisse, wie https://service.example.com/api/audit.</translation>
    </message>
    <message>
        <source>The address that mails come from.</source>
        <translation>Die Adresse, von der E-Mails kommen.</translation>
    </message>
    <message>
        <source>The addresses that get them, comma-separated.</source>
        <translation>Die Adressen, die sie bekommen, durch Kommas getrennt.</translation>
    </message>
    <message>
        <source>The certificates (PEM) of the time-stamp services to trust.</source>
        <translation>Die Zertifikate (PEM) der Zeitstempeldienste, denen zu vertrauen ist.</translation>
    </message>
    <message>
        <source>The first day to export.</source>
        <translation>Der erste zu exportierende Tag.</translation>
    </message>
    <message>
        <source>The folder to put it into; else the current one.</source>
        <translation>Der Ordner, in den es kommt; sonst der aktuelle.</translation>
    </message>
    <message>
        <source>The form needs Qt, which can&apos;t be loaded here ({error}). The exporter works without it.</source>
        <translation>Das Formular braucht Qt, das hier nicht geladen werden kann ({error}). Der Exporter funktioniert auch ohne.</translation>
    </message>
    <message>
        <source>The header that says how long to wait. Empty for Retry-After.</source>
        <translation>Der Header, der sagt, wie lange zu warten ist. Leer für Retry-After.</translation>
    </message>
    <message>
        <source>The header that says when requests are allowed again, as in X-Rate-Limit-Reset. Empty for the usual ones.</source>
        <translation>Der Header, der sagt, wann Anfragen wieder erlaubt sind, wie X-Rate-Limit-Reset. Leer für die üblichen.</translation>
    </message>
    <message>
        <source>The instance name is left out where it is this computer&apos;s own name: each computer must have another. The password is not in it.</source>
        <translation>Der Instanzname fehlt darin, wenn er der eigene Name dieses Computers ist: Jeder Computer muss einen anderen haben. Das Passwort ist nicht darin.</translation>
    </message>
    <message>
        <source>The key of that certificate.</source>
        <translation>Der Schlüssel dieses Zertifikats.</translation>
    </message>
    <message>
        <source>The key path of how many records there are in all, to compare with what came.</source>
        <translation>Der Schlüsselpfad der Anzahl aller Datensätze, zum Vergleich mit dem, was kam.</translation>
    </message>
    <message>
        <source>The key path of it, as in next or meta.cursor; or the name of the header; or the key in a record.</source>
        <translation>Der Schlüsselpfad dorthin, wie next oder meta.cursor; oder der Name des Headers; oder der Schlüssel im Datensatz.</translation>
    </message>
    <message>
        <source>The key path of the list in an answer, as in data.rows. Empty where the answer is the list.</source>
        <translation>Der Schlüsselpfad der Liste in einer Antwort, wie data.rows. Leer, wo die Antwort die Liste ist.</translation>
    </message>
    <message>
        <source>The key path of what says whether there is more, as in has_more.</source>
        <translation>Der Schlüsselpfad dessen, was sagt, ob es mehr gibt, wie has_more.</translation>
    </message>
    <message>
        <source>The key that signs the archives.</source>
        <translation>Der Schlüssel, der die Archive signiert.</translation>
    </message>
    <message>
        <source>The last export was interrupted.</source>
        <translation>Der letzte Export wurde unterbrochen.</translation>
    </message>
    <message>
        <source>The last one; yesterday unless given.</source>
        <translation>Der letzte; wenn nicht angegeben, gestern.</translation>
    </message>
    <message>
        <source>The last page</source>
        <translation>Die letzte Seite</translation>
    </message>
    <message>
        <source>The last run failed: {message}</source>
        <translation>Der letzte Lauf ist fehlgeschlagen: {message}</translation>
    </message>
    <message>
        <source>The last run was interrupted.</source>
        <translation>Der letzte Lauf wurde unterbrochen.</translation>
    </message>
    <message>
        <source>The ledger could not be written ({reason}).</source>
        <translation>Das Hauptbuch ließ sich nicht schreiben ({reason}).</translation>
    </message>
    <message>
        <source>The ledger {path} can&apos;t be used ({reason}).</source>
        <translation>Das Hauptbuch {path} ist nicht benutzbar ({reason}).</translation>
    </message>
    <message>
        <source>The ledger {path} was written by a newer version of this program.</source>
        <translation>Das Hauptbuch {path} stammt von einer neueren Version dieses Programms.</translation>
    </message>
    <message>
        <source>The line or the server may be overloaded; a later attempt may succeed.</source>
        <translation>Vielleicht ist die Leitung oder der Server überlastet; ein späterer Versuch kann gelingen.</translation>
    </message>
    <message>
        <source>The list may be left out of an answer</source>
        <translation>Die Liste darf in einer Antwort fehlen</translation>
    </message>
    <message>
        <source>The lock file {path} can&apos;t be used ({reason}).</source>
        <translation>Die Sperrdatei {path} ist nicht benutzbar ({reason}).</translation>
    </message>
    <message>
        <source>The login is by key, and no key file is named.</source>
        <translation>Angemeldet wird mit einem Schlüssel, aber es ist keine Schlüsseldatei angegeben.</translation>
    </message>
    <message>
        <source>The login is by {auth}, and needs no password.</source>
        <translation>Die Anmeldung erfolgt mit {auth} und braucht kein Passwort.</translation>
    </message>
    <message>
        <source>The longest time that one question may be about, where the service limits that: 24h, 30d.</source>
        <translation>Der längste Zeitraum einer Abfrage, wo der Dienst das begrenzt: 24h, 30d.</translation>
    </message>
    <message>
        <source>The mail server, as in mail.example.com or mail.example.com:2525.</source>
        <translation>Der Mailserver, wie in mail.example.com oder mail.example.com:2525.</translation>
    </message>
    <message>
        <source>The mapping of source {name!r} has a control character in it.</source>
        <translation>Die Zuordnung der Quelle {name!r} enthält ein Steuerzeichen.</translation>
    </message>
    <message>
        <source>The message was not taken.</source>
        <translation>Die Nachricht wurde nicht angenommen.</translation>
    </message>
    <message>
        <source>The methods that are offered to the server, with commas between them.</source>
        <translation>Die Verfahren, die dem Server angeboten werden, durch Kommas getrennt.</translation>
    </message>
    <message>
        <source>The monitor did not take the ping.</source>
        <translation>Der Überwachungsdienst hat den Ping nicht angenommen.</translation>
    </message>
    <message>
        <source>The monitor took the ping.</source>
        <translation>Die Überwachung hat den Ping angenommen.</translation>
    </message>
    <message>
        <source>The most that the service allows. Empty for no limit.</source>
        <translation>Das Meiste, was der Dienst erlaubt. Leer für keine Grenze.</translation>
    </message>
    <message>
        <source>The most that the service gives: fewer requests then.</source>
        <translation>Das Meiste, was der Dienst gibt: dann sind es weniger Anfragen.</translation>
    </message>
    <message>
        <source>The name of the thing.</source>
        <translation>Der Name des Objekts.</translation>
    </message>
    <message>
        <source>The name of your server or of your part of the service, as in acme.okta.com, where the service has such.</source>
        <translation>Der Name Ihres Servers oder Ihres Teils des Dienstes, etwa acme.okta.com, falls der Dienst so etwas hat.</translation>
    </message>
    <message>
        <source>The name {host} was not looked up in time.</source>
        <translation>Der Name {host} wurde nicht rechtzeitig aufgelöst.</translation>
    </message>
    <message>
        <source>The newest archive of {instance} is of {newest}; missing: {days}.</source>
        <translation>Das neueste Archiv von {instance} ist vom {newest}; es fehlt: {days}.</translation>
    </message>
    <message>
        <source>The newest day that each must have; else yesterday.</source>
        <translation>Der neueste Tag, den jede haben muss; sonst gestern.</translation>
    </message>
    <message>
        <source>The newest day that must be there; else yesterday.</source>
        <translation>Der neueste Tag, der da sein muss; sonst gestern.</translation>
    </message>
    <message>
        <source>The next archive announces it, signed by the present key; the archives after that are signed by the new one. Give the auditor the new lines. A key that is lost, or known to others, can&apos;t announce anything: with --lost, the next archive begins a new chain.</source>
        <translation>Das nächste Archiv kündigt ihn an, vom jetzigen Schlüssel signiert; die Archive danach werden vom neuen signiert. Geben Sie die neuen Zeilen an die Prüfung. Ein Schlüssel, der verloren oder anderen bekannt ist, kann nichts ankündigen: Mit --lost beginnt das nächste Archiv eine neue Kette.</translation>
    </message>
    <message>
        <source>The next archive is signed by {key} and announces {next}.</source>
        <translation>Das nächste Archiv ist mit {key} signiert und kündigt {next} an.</translation>
    </message>
    <message>
        <source>The next export: {time}, by {scheduler}.</source>
        <translation>Der nächste Export: {time}, durch {scheduler}.</translation>
    </message>
    <message>
        <source>The next one goes on where it ended.</source>
        <translation>Der nächste macht dort weiter, wo er endete.</translation>
    </message>
    <message>
        <source>The next page is on another host than {url}, which would get the secret.</source>
        <translation>Die nächste Seite liegt auf einem anderen Host als {url}, und der bekäme das Geheimnis.</translation>
    </message>
    <message>
        <source>The next run goes on before it.</source>
        <translation>Der nächste Lauf setzt davor fort.</translation>
    </message>
    <message>
        <source>The next run goes on where it was.</source>
        <translation>Der nächste Lauf macht dort weiter.</translation>
    </message>
    <message>
        <source>The next run tries again.</source>
        <translation>Der nächste Lauf versucht es erneut.</translation>
    </message>
    <message>
        <source>The next run writes it again.</source>
        <translation>Der nächste Lauf schreibt es neu.</translation>
    </message>
    <message>
        <source>The next time</source>
        <translation>Das nächste Mal</translation>
    </message>
    <message>
        <source>The number of a page is no position: pages fill up later.</source>
        <translation>Die Nummer einer Seite ist keine Position: Seiten füllen sich später.</translation>
    </message>
    <message>
        <source>The number of the page</source>
        <translation>Die Nummer der Seite</translation>
    </message>
    <message>
        <source>The old settings are in {path}.</source>
        <translation>Die alten Einstellungen sind in {path}.</translation>
    </message>
    <message>
        <source>The one that says up to when. Empty where there is none.</source>
        <translation>Der, der sagt, bis wann. Leer, wo es keinen gibt.</translation>
    </message>
    <message>
        <source>The organization&apos;s API key: there is no narrower one.</source>
        <translation>Der API-Schlüssel der Organisation: einen engeren gibt es nicht.</translation>
    </message>
    <message>
        <source>The output could not be written ({reason}).</source>
        <translation>Die Ausgabe konnte nicht geschrieben werden ({reason}).</translation>
    </message>
    <message>
        <source>The pages of the service change each time that they are read.</source>
        <translation>Die Seiten des Dienstes sind bei jedem Lesen anders.</translation>
    </message>
    <message>
        <source>The pages of the service lead in a circle.</source>
        <translation>Die Seiten des Dienstes führen im Kreis.</translation>
    </message>
    <message>
        <source>The parameter of the address that says from when on events are wanted, as in since, start_time.</source>
        <translation>Der Parameter der Adresse, der sagt, ab wann Ereignisse gewünscht sind, wie since, start_time.</translation>
    </message>
    <message>
        <source>The parameter of the address with which the next page is asked for, as in cursor, page, offset.</source>
        <translation>Der Parameter der Adresse, mit dem die nächste Seite abgefragt wird, wie cursor, page, offset.</translation>
    </message>
    <message>
        <source>The parameter that says how many records a page may have, as in limit, per_page.</source>
        <translation>Der Parameter, der sagt, wie viele Datensätze eine Seite haben kann, wie limit, per_page.</translation>
    </message>
    <message>
        <source>The passphrase does not fit the key in {file}.</source>
        <translation>Die Passphrase passt nicht zum Schlüssel in {file}.</translation>
    </message>
    <message>
        <source>The passphrase is empty.</source>
        <translation>Die Passphrase ist leer.</translation>
    </message>
    <message>
        <source>The passphrase of {file}</source>
        <translation>Die Passphrase von {file}</translation>
    </message>
    <message>
        <source>The password could not be kept anywhere.</source>
        <translation>Das Passwort ließ sich nirgends aufbewahren.</translation>
    </message>
    <message>
        <source>The password could not be kept there.</source>
        <translation>Das Passwort ließ sich dort nicht aufbewahren.</translation>
    </message>
    <message>
        <source>The password has a command of its own:</source>
        <translation>Das Passwort hat einen eigenen Befehl:</translation>
    </message>
    <message>
        <source>The password has characters in it that are no text.</source>
        <translation>Das Passwort enthält Zeichen, die kein Text sind.</translation>
    </message>
    <message>
        <source>The password in {file} can&apos;t be decrypted with {key}.</source>
        <translation>Das Passwort in {file} lässt sich mit {key} nicht entschlüsseln.</translation>
    </message>
    <message>
        <source>The password is empty.</source>
        <translation>Das Passwort ist leer.</translation>
    </message>
    <message>
        <source>The password of the user, where one is needed. It is kept apart from the settings, and removed with the source.</source>
        <translation>Das Passwort des Benutzers, wo eins nötig ist. Es wird getrennt von den Einstellungen aufbewahrt und mit der Quelle entfernt.</translation>
    </message>
    <message>
        <source>The password of the user. It is kept apart from the settings, and removed with the source.</source>
        <translation>Das Passwort des Benutzers. Es wird getrennt von den Einstellungen aufbewahrt und mit der Quelle entfernt.</translation>
    </message>
    <message>
        <source>The password of {account}</source>
        <translation>Das Passwort von {account}</translation>
    </message>
    <message>
        <source>The password of {account} could not be removed. {why}</source>
        <translation>Das Passwort von {account} konnte nicht entfernt werden. {why}</translation>
    </message>
    <message>
        <source>The password of {user} on this mail server is needed.</source>
        <translation>Das Passwort von {user} auf diesem Mailserver fehlt.</translation>
    </message>
    <message>
        <source>The password that is kept is of another user or server.</source>
        <translation>Das gespeicherte Passwort gehört zu einem anderen Benutzer oder Server.</translation>
    </message>
    <message>
        <source>The passwords in Windows Credential Manager can&apos;t be listed ({reason}).</source>
        <translation>Die Passwörter in der Windows-Anmeldeinformationsverwaltung lassen sich nicht auflisten ({reason}).</translation>
    </message>
    <message>
        <source>The pattern {pattern!r} of source {name!r} can&apos;t name files inside its folder.</source>
        <translation>Das Muster {pattern!r} der Quelle {name!r} kann keine Dateien in ihrem Ordner bezeichnen.</translation>
    </message>
    <message>
        <source>The pieces in {address} can&apos;t be read or written ({reason}).</source>
        <translation>Die Teilstücke in {address} lassen sich nicht lesen oder schreiben ({reason}).</translation>
    </message>
    <message>
        <source>The port goes with the server:</source>
        <translation>Der Port gehört zum Server:</translation>
    </message>
    <message>
        <source>The present key is lost: begin a new chain, which says so.</source>
        <translation>Der jetzige Schlüssel ist verloren: eine neue Kette beginnen, die das sagt.</translation>
    </message>
    <message>
        <source>The private key to log in with; its passphrase is the source&apos;s password.</source>
        <translation>Der private Schlüssel für die Anmeldung; seine Passphrase ist das Passwort der Quelle.</translation>
    </message>
    <message>
        <source>The program that the task starts is not there any more.</source>
        <translation>Das Programm, das die Aufgabe startet, ist nicht mehr da.</translation>
    </message>
    <message>
        <source>The proxy asks for a user and password before it connects to {host}.</source>
        <translation>Der Proxy verlangt Benutzer und Passwort, bevor er mit {host} verbindet.</translation>
    </message>
    <message>
        <source>The proxy does not connect to {host} ({reason}).</source>
        <translation>Der Proxy verbindet nicht mit {host} ({reason}).</translation>
    </message>
    <message>
        <source>The report&apos;s name must end with .html or .json.</source>
        <translation>Der Name des Berichts muss mit .html oder .json enden.</translation>
    </message>
    <message>
        <source>The rule for {key} in the mapping of source {name!r} can&apos;t be right.</source>
        <translation>Die Regel für {key} in der Zuordnung der Quelle {name!r} kann nicht stimmen.</translation>
    </message>
    <message>
        <source>The run failed.</source>
        <translation>Der Lauf ist fehlgeschlagen.</translation>
    </message>
    <message>
        <source>The scheduler at {address} has no worker.</source>
        <translation>Der Scheduler unter {address} hat keinen Worker.</translation>
    </message>
    <message>
        <source>The scheduler started the daily task, and it ended without a run.</source>
        <translation>Der Planer hat die tägliche Aufgabe gestartet, und sie endete ohne einen Lauf.</translation>
    </message>
    <message>
        <source>The search path could not be changed ({reason}).</source>
        <translation>Der Suchpfad konnte nicht geändert werden ({reason}).</translation>
    </message>
    <message>
        <source>The secret is not the JSON key of a service account.</source>
        <translation>Das Geheimnis ist nicht der JSON-Schlüssel eines Dienstkontos.</translation>
    </message>
    <message>
        <source>The server could not {doing} in {path} and gave no clear reason ({reason}).</source>
        <translation>Der Server konnte in {path} nicht {doing} und nannte keinen klaren Grund ({reason}).</translation>
    </message>
    <message>
        <source>The server did not accept user {user} and this key.</source>
        <translation>Der Server hat den Benutzer {user} mit diesem Schlüssel nicht akzeptiert.</translation>
    </message>
    <message>
        <source>The server did not accept user {user} and this password.</source>
        <translation>Der Server hat den Benutzer {user} mit diesem Passwort nicht angenommen.</translation>
    </message>
    <message>
        <source>The server has a user in it.</source>
        <translation>Die Serverangabe enthält einen Benutzer.</translation>
    </message>
    <message>
        <source>The server is written as a web address.</source>
        <translation>Der Server ist als Webadresse angegeben.</translation>
    </message>
    <message>
        <source>The server lets this user not list the server path.</source>
        <translation>Der Server lässt diesen Benutzer den Serverpfad nicht auflisten.</translation>
    </message>
    <message>
        <source>The server lets {user} in, but not to SFTP.</source>
        <translation>Der Server lässt {user} herein, aber nicht zu SFTP.</translation>
    </message>
    <message>
        <source>The server lets {user} in, but what answers there is not SFTP (it says &quot;{line}&quot;).</source>
        <translation>Der Server lässt {user} herein, aber was dort antwortet, ist nicht SFTP (es sagt „{line}“).</translation>
    </message>
    <message>
        <source>The server may be too busy; is the port that of its SFTP service?</source>
        <translation>Vielleicht ist der Server überlastet. Ist das der Port seines SFTP-Dienstes?</translation>
    </message>
    <message>
        <source>The server neither renamed a file nor said that it can&apos;t.</source>
        <translation>Der Server hat eine Datei weder umbenannt noch gesagt, dass er es nicht kann.</translation>
    </message>
    <message>
        <source>The server of source NAME, not the one that is exported to.</source>
        <translation>Der Server der Quelle NAME, nicht der, auf den exportiert wird.</translation>
    </message>
    <message>
        <source>The server refused to rename a file in {path} ({reason}).</source>
        <translation>Der Server hat sich geweigert, in {path} eine Datei umzubenennen ({reason}).</translation>
    </message>
    <message>
        <source>The server said that it renamed a file in {path}, but it did not.</source>
        <translation>Der Server hat gemeldet, er habe eine Datei in {path} umbenannt, hat es aber nicht getan.</translation>
    </message>
    <message>
        <source>The server {text!r} is neither a name nor an address.</source>
        <translation>Der Server {text!r} ist weder ein Name noch eine Adresse.</translation>
    </message>
    <message>
        <source>The server&apos;s disk is full.</source>
        <translation>Der Datenträger des Servers ist voll.</translation>
    </message>
    <message>
        <source>The server&apos;s log may say what it waits for; the next run tries again.</source>
        <translation>Das Protokoll des Servers sagt vielleicht, worauf er wartet; der nächste Lauf versucht es erneut.</translation>
    </message>
    <message>
        <source>The server&apos;s log may say why.</source>
        <translation>Das Protokoll des Servers nennt vielleicht den Grund.</translation>
    </message>
    <message>
        <source>The service gave an answer that makes no sense ({reason}).</source>
        <translation>Der Dienst gab eine Antwort, die keinen Sinn ergibt ({reason}).</translation>
    </message>
    <message>
        <source>The service gave the same page twice.</source>
        <translation>Der Dienst gab dieselbe Seite zweimal.</translation>
    </message>
    <message>
        <source>The service of source {name} does not accept the secret ({status}: {text}).</source>
        <translation>Der Dienst der Quelle {name} nimmt das Geheimnis nicht an ({status}: {text}).</translation>
    </message>
    <message>
        <source>The service of source {name} does not answer what it was asked ({status}: {text}).</source>
        <translation>Der Dienst der Quelle {name} beantwortet die Anfrage nicht ({status}: {text}).</translation>
    </message>
    <message>
        <source>The service of source {name} fails ({status}: {text}).</source>
        <translation>Der Dienst der Quelle {name} meldet einen Fehler ({status}: {text}).</translation>
    </message>
    <message>
        <source>The service of source {name} lets this secret read no audit events ({status}: {text}).</source>
        <translation>Der Dienst der Quelle {name} lässt dieses Geheimnis keine Audit-Ereignisse lesen ({status}: {text}).</translation>
    </message>
    <message>
        <source>The service only asks to wait.</source>
        <translation>Der Dienst bittet nur noch zu warten.</translation>
    </message>
    <message>
        <source>The service wants to be asked again in {minutes} minutes.</source>
        <translation>Der Dienst möchte in {minutes} Minuten erneut gefragt werden.</translation>
    </message>
    <message>
        <source>The settings are saved.</source>
        <translation>Die Einstellungen sind gespeichert.</translation>
    </message>
    <message>
        <source>The settings were changed elsewhere meanwhile.</source>
        <translation>Die Einstellungen wurden inzwischen anderswo geändert.</translation>
    </message>
    <message>
        <source>The source has no field {key}.</source>
        <translation>Die Quelle hat kein Feld {key}.</translation>
    </message>
    <message>
        <source>The source has no name.</source>
        <translation>Die Quelle hat keinen Namen.</translation>
    </message>
    <message>
        <source>The source to read.</source>
        <translation>Die zu lesende Quelle.</translation>
    </message>
    <message>
        <source>The source {name!r} can&apos;t have a unit called {unit!r}.</source>
        <translation>Die Quelle {name!r} kann keine Unit namens {unit!r} haben.</translation>
    </message>
    <message>
        <source>The source {name!r} can&apos;t look for {match!r} in the journal.</source>
        <translation>Die Quelle {name!r} kann im Journal nicht nach {match!r} suchen.</translation>
    </message>
    <message>
        <source>The source {name!r} does not say which storage account it is.</source>
        <translation>Die Quelle {name!r} sagt nicht, welches Speicherkonto es ist.</translation>
    </message>
    <message>
        <source>The source {name!r} reads either tables or a SELECT.</source>
        <translation>Die Quelle {name!r} liest entweder Tabellen oder ein SELECT.</translation>
    </message>
    <message>
        <source>The source {name} has no password that can be read now.</source>
        <translation>Die Quelle {name} hat kein Passwort, das sich jetzt lesen lässt.</translation>
    </message>
    <message>
        <source>The source {name} is on no SFTP server.</source>
        <translation>Die Quelle {name} liegt auf keinem SFTP-Server.</translation>
    </message>
    <message>
        <source>The start can&apos;t be spread over {text!r}.</source>
        <translation>Der Beginn lässt sich nicht über {text!r} verteilen.</translation>
    </message>
    <message>
        <source>The state after.</source>
        <translation>Der Zustand danach.</translation>
    </message>
    <message>
        <source>The state before.</source>
        <translation>Der Zustand davor.</translation>
    </message>
    <message>
        <source>The steps: resolve, connect, negotiate, host-key, authenticate, path, and with a small file of its own write, rename and delete.</source>
        <translation>Die Schritte: resolve, connect, negotiate, host-key, authenticate, path, und mit einer kleinen eigenen Datei write, rename und delete.</translation>
    </message>
    <message>
        <source>The store could not be written ({reason}).</source>
        <translation>Der Speicher ließ sich nicht schreiben ({reason}).</translation>
    </message>
    <message>
        <source>The store {path} can&apos;t be used ({reason}).</source>
        <translation>Der Speicher {path} ist nicht benutzbar ({reason}).</translation>
    </message>
    <message>
        <source>The store {path} was written by a newer version of this program.</source>
        <translation>Der Speicher {path} stammt von einer neueren Version dieses Programms.</translation>
    </message>
    <message>
        <source>The switch stays OFF, to be switched on once `test` has passed; and where your organisation has set another value than FILE has, that one counts.</source>
        <translation>Der Schalter bleibt AUS, bis `test` bestanden ist und Sie ihn einschalten; und wo die Organisation einen anderen Wert festgelegt hat als FILE, gilt ihrer.</translation>
    </message>
    <message>
        <source>The table with the events; a schema in front with a dot, commas between several.</source>
        <translation>Die Tabelle mit den Ereignissen; ein Schema steht mit einem Punkt davor, Kommas zwischen mehreren.</translation>
    </message>
    <message>
        <source>The task has not run yet.</source>
        <translation>Die Aufgabe ist noch nicht gelaufen.</translation>
    </message>
    <message>
        <source>The task is switched off in the Task Scheduler.</source>
        <translation>Die Aufgabe ist in der Aufgabenplanung deaktiviert.</translation>
    </message>
    <message>
        <source>The task runs as {account}.</source>
        <translation>Die Aufgabe läuft als {account}.</translation>
    </message>
    <message>
        <source>The task runs without a stored password (S4U), and then Windows Credential Manager can&apos;t be read.</source>
        <translation>Die Aufgabe läuft ohne gespeichertes Passwort (S4U); dann ist die Windows-Anmeldeinformationsverwaltung nicht lesbar.</translation>
    </message>
    <message>
        <source>The task starts at {time}, not at {wanted}.</source>
        <translation>Die Aufgabe startet um {time}, nicht um {wanted}.</translation>
    </message>
    <message>
        <source>The task starts something else: {command}</source>
        <translation>Die Aufgabe startet etwas anderes: {command}</translation>
    </message>
    <message>
        <source>The task was changed: it has {element} {value}.</source>
        <translation>Die Aufgabe wurde geändert: Sie hat {element} {value}.</translation>
    </message>
    <message>
        <source>The task was changed: {element} is {value}, not {wanted}.</source>
        <translation>Die Aufgabe wurde geändert: {element} ist {value}, nicht {wanted}.</translation>
    </message>
    <message>
        <source>The task was ended by someone, or because Windows shut down.</source>
        <translation>Die Aufgabe wurde von jemandem beendet, oder weil Windows herunterfuhr.</translation>
    </message>
    <message>
        <source>The task was ended by someone, or because it ran for more than 12 hours.</source>
        <translation>Die Aufgabe wurde von jemandem beendet, oder weil sie länger als 12 Stunden lief.</translation>
    </message>
    <message>
        <source>The task&apos;s definition can&apos;t be read.</source>
        <translation>Die Definition der Aufgabe ist nicht lesbar.</translation>
    </message>
    <message>
        <source>The task&apos;s definition can&apos;t be written to {folder} ({reason}).</source>
        <translation>Die Definition der Aufgabe lässt sich nicht in {folder} schreiben ({reason}).</translation>
    </message>
    <message>
        <source>The task&apos;s start would move when the clocks change.</source>
        <translation>Der Start der Aufgabe würde sich mit der Zeitumstellung verschieben.</translation>
    </message>
    <message>
        <source>The time in {folder} counts, not the one in the settings.</source>
        <translation>Es zählt die Zeit in {folder}, nicht die in den Einstellungen.</translation>
    </message>
    <message>
        <source>The time stamp of {name} is not valid ({reason}).</source>
        <translation>Der Zeitstempel von {name} ist nicht gültig ({reason}).</translation>
    </message>
    <message>
        <source>The time zone of this computer has no name that the workers know.</source>
        <translation>Die Zeitzone dieses Rechners hat keinen Namen, den die Worker kennen.</translation>
    </message>
    <message>
        <source>The time zone {name} can&apos;t be used here ({reason}).</source>
        <translation>Die Zeitzone {name} ist hier nicht verwendbar ({reason}).</translation>
    </message>
    <message>
        <source>The token, the password or the client&apos;s secret. It is kept apart from the settings, and removed with the source.</source>
        <translation>Das Token, das Passwort oder das Geheimnis des Clients. Es liegt getrennt von den Einstellungen und wird mit der Quelle entfernt.</translation>
    </message>
    <message>
        <source>The user on the server. The right to read is enough.</source>
        <translation>Der Benutzer auf dem Server. Das Recht zu lesen genügt.</translation>
    </message>
    <message>
        <source>The version in {path} can&apos;t be right.</source>
        <translation>Die Version in {path} kann nicht stimmen.</translation>
    </message>
    <message>
        <source>The version of the product at that time.</source>
        <translation>Die damalige Version des Produkts.</translation>
    </message>
    <message>
        <source>The worker {address} can&apos;t do its part ({reason}).</source>
        <translation>Der Worker {address} kann seinen Teil nicht tun ({reason}).</translation>
    </message>
    <message>
        <source>The worker {address} can&apos;t see the pieces in {place} ({reason}).</source>
        <translation>Der Worker {address} sieht die Teilstücke in {place} nicht ({reason}).</translation>
    </message>
    <message>
        <source>The worker {address} can&apos;t see {path}.</source>
        <translation>Der Worker {address} sieht {path} nicht.</translation>
    </message>
    <message>
        <source>The worker {address} has {its}; here is {own}.</source>
        <translation>Der Worker {address} hat {its}; hier ist {own}.</translation>
    </message>
    <message>
        <source>The workers end amid their work ({reason}).</source>
        <translation>Die Worker enden mitten in der Arbeit ({reason}).</translation>
    </message>
    <message>
        <source>The zone of times without one: UTC, or a name as Europe/Berlin.</source>
        <translation>Die Zone von Zeiten ohne eine: UTC, oder ein Name wie Europe/Berlin.</translation>
    </message>
    <message>
        <source>The {field} must be a text of 1 to {limit} characters.</source>
        <translation>Hier gehört ein Text von 1 bis {limit} Zeichen hin: {field}.</translation>
    </message>
    <message>
        <source>Then you are told while there is time: 30d. Empty where the service keeps them for ever.</source>
        <translation>Dann erfahren Sie es, solange Zeit ist: 30d. Leer, wo der Dienst sie für immer behält.</translation>
    </message>
    <message>
        <source>There are events of the future: {count}, the last from the hour of {time}. Each is exported once its day is over.</source>
        <translation>Es gibt Ereignisse der Zukunft: {count}, die letzten aus der Stunde ab {time}. Jedes wird exportiert, sobald sein Tag vorbei ist.</translation>
    </message>
    <message>
        <source>There are no archives here.</source>
        <translation>Hier sind keine Archive.</translation>
    </message>
    <message>
        <source>There are no sources. What `record` stores is exported all the same.</source>
        <translation>Es gibt keine Quellen. Was `record` aufnimmt, wird trotzdem exportiert.</translation>
    </message>
    <message>
        <source>There are no texts in {language}. The choices: {choices}.</source>
        <translation>Es gibt keine Texte in {language}. Zur Auswahl stehen: {choices}.</translation>
    </message>
    <message>
        <source>There are: {names}.</source>
        <translation>Es gibt: {names}.</translation>
    </message>
    <message>
        <source>There is no SSH agent that answers.</source>
        <translation>Es antwortet kein SSH-Agent.</translation>
    </message>
    <message>
        <source>There is no archive of {days}.</source>
        <translation>Es gibt kein Archiv von {days}.</translation>
    </message>
    <message>
        <source>There is no command {name}.</source>
        <translation>Es gibt keinen Befehl {name}.</translation>
    </message>
    <message>
        <source>There is no connector {name!r}.</source>
        <translation>Es gibt keinen Konnektor {name!r}.</translation>
    </message>
    <message>
        <source>There is no database of the kind {kind!r}.</source>
        <translation>Es gibt keine Datenbank der Art {kind!r}.</translation>
    </message>
    <message>
        <source>There is no documented address for audit trails: ask Ivanti for that of your cluster, and fill that in. Otherwise, have them exported to a folder on an SFTP server, and collect that.</source>
        <translation>Für Audit Trails ist keine Adresse dokumentiert: Fragen Sie Ivanti nach der Ihres Clusters und tragen Sie sie ein. Oder lassen Sie sie in einen Ordner auf einem SFTP-Server exportieren und lesen Sie diesen ein.</translation>
    </message>
    <message>
        <source>There is no file {path}.</source>
        <translation>Die Datei {path} gibt es nicht.</translation>
    </message>
    <message>
        <source>There is no folder {path} on the server any more.</source>
        <translation>Den Ordner {path} gibt es auf dem Server nicht mehr.</translation>
    </message>
    <message>
        <source>There is no folder {path} on the server for user {user}.</source>
        <translation>Den Ordner {path} gibt es auf dem Server für den Benutzer {user} nicht.</translation>
    </message>
    <message>
        <source>There is no journal of systemd on this computer.</source>
        <translation>Auf diesem Computer gibt es kein Journal von systemd.</translation>
    </message>
    <message>
        <source>There is no login by {auth!r}.</source>
        <translation>Eine Anmeldung mit {auth!r} gibt es nicht.</translation>
    </message>
    <message>
        <source>There is no option {name}.</source>
        <translation>Es gibt keine Option {name}.</translation>
    </message>
    <message>
        <source>There is no password for {account} that can be read now.</source>
        <translation>Für {account} gibt es kein Passwort, das jetzt lesbar ist.</translation>
    </message>
    <message>
        <source>There is no port {port}.</source>
        <translation>Den Port {port} gibt es nicht.</translation>
    </message>
    <message>
        <source>There is no private key in {file} that can be used.</source>
        <translation>In {file} ist kein privater Schlüssel, der verwendet werden kann.</translation>
    </message>
    <message>
        <source>There is no public key in {file}.</source>
        <translation>In {file} ist kein öffentlicher Schlüssel.</translation>
    </message>
    <message>
        <source>There is no screen to show the form on. The exporter needs none: {command}</source>
        <translation>Es gibt keinen Bildschirm für das Formular. Der Exporter braucht keinen: {command}</translation>
    </message>
    <message>
        <source>There is no server called {host}.</source>
        <translation>Es gibt keinen Server namens {host}.</translation>
    </message>
    <message>
        <source>There is no server yet.</source>
        <translation>Es gibt noch keinen Server.</translation>
    </message>
    <message>
        <source>There is no setting {key!r}.</source>
        <translation>Die Einstellung {key!r} gibt es nicht.</translation>
    </message>
    <message>
        <source>There is no source {name}.</source>
        <translation>Die Quelle {name} gibt es nicht.</translation>
    </message>
    <message>
        <source>There is no table {table}. There are: {tables}.</source>
        <translation>Es gibt keine Tabelle {table}. Es gibt: {tables}.</translation>
    </message>
    <message>
        <source>There is no time zone {name!r}.</source>
        <translation>Die Zeitzone {name!r} gibt es nicht.</translation>
    </message>
    <message>
        <source>There is no user {user}.</source>
        <translation>Es gibt keinen Benutzer {user}.</translation>
    </message>
    <message>
        <source>There is nothing at {path}.</source>
        <translation>Unter {path} ist nichts.</translation>
    </message>
    <message>
        <source>There is nothing to keep: the login needs no password.</source>
        <translation>Es gibt nichts aufzubewahren: Die Anmeldung braucht kein Passwort.</translation>
    </message>
    <message>
        <source>There is something called {name} in {folder} already.</source>
        <translation>In {folder} gibt es {name} schon.</translation>
    </message>
    <message>
        <source>There was a source {name} before, at another place. Ids that it had are taken to be of the same records: give another system another name.</source>
        <translation>Es gab schon eine Quelle {name} an einem anderen Ort. Ids, die sie hatte, gelten als die derselben Datensätze: Geben Sie einem anderen System einen anderen Namen.</translation>
    </message>
    <message>
        <source>These look like records of {name}.</source>
        <translation>Diese sehen wie Datensätze von {name} aus.</translation>
    </message>
    <message>
        <source>These records are not known. Map them with --field KEY=PATH; their key paths are:</source>
        <translation>Diese Datensätze sind nicht bekannt. Ordnen Sie sie mit --field KEY=PATH zu; ihre Schlüsselpfade sind:</translation>
    </message>
    <message>
        <source>They came up to {span} late.</source>
        <translation>Sie kamen bis zu {span} verspätet.</translation>
    </message>
    <message>
        <source>This account may not run tasks while it is not signed in.</source>
        <translation>Dieses Konto darf keine Aufgaben ausführen, solange es nicht angemeldet ist.</translation>
    </message>
    <message>
        <source>This computer&apos;s certificate.</source>
        <translation>Das Zertifikat dieses Computers.</translation>
    </message>
    <message>
        <source>This computer&apos;s clock stands before the last export.</source>
        <translation>Die Uhr dieses Computers steht vor dem letzten Export.</translation>
    </message>
    <message>
        <source>This installation has made no archive {name}.</source>
        <translation>Diese Installation hat kein Archiv {name} erstellt.</translation>
    </message>
    <message>
        <source>This is for the installer for Windows.</source>
        <translation>Das ist für das Installationsprogramm für Windows.</translation>
    </message>
    <message>
        <source>This is missing: {name}.</source>
        <translation>Das fehlt: {name}.</translation>
    </message>
    <message>
        <source>This is needed.</source>
        <translation>Das wird gebraucht.</translation>
    </message>
    <message>
        <source>This is no address that can be told.</source>
        <translation>An diese Adresse lässt sich nichts senden.</translation>
    </message>
    <message>
        <source>This is one argument too many: {name}.</source>
        <translation>Das ist ein Argument zu viel: {name}.</translation>
    </message>
    <message>
        <source>This is the first connection to {server}, whose host key is {key}.</source>
        <translation>Das ist die erste Verbindung zu {server}; sein Host-Schlüssel ist {key}.</translation>
    </message>
    <message>
        <source>This key is accepted already.</source>
        <translation>Dieser Schlüssel ist bereits akzeptiert.</translation>
    </message>
    <message>
        <source>This program writes {version}.</source>
        <translation>Dieses Programm schreibt {version}.</translation>
    </message>
    <message>
        <source>This proves that program, account, environment, password, host key and network are right as they are at night. Exits with the code of the run.</source>
        <translation>Das zeigt, dass Programm, Konto, Umgebung, Passwort, Host-Schlüssel und Netzwerk so in Ordnung sind, wie sie nachts sind. Endet mit dem Code des Laufs.</translation>
    </message>
    <message>
        <source>This server does not accept {ticked}.</source>
        <translation>Dieser Server nimmt {ticked} nicht an.</translation>
    </message>
    <message>
        <source>This user may not read the journal of the system.</source>
        <translation>Dieser Benutzer darf das Journal des Systems nicht lesen.</translation>
    </message>
    <message>
        <source>Those with every word of it.</source>
        <translation>Die mit jedem dieser Wörter.</translation>
    </message>
    <message>
        <source>Tick at least one of {choices}.</source>
        <translation>Mindestens eins auswählen von: {choices}.</translation>
    </message>
    <message>
        <source>Time stamps</source>
        <translation>Zeitstempel</translation>
    </message>
    <message>
        <source>Times are read like this: {written} is {time}, {how}.</source>
        <translation>Zeiten werden so gelesen: {written} ist {time}, {how}.</translation>
    </message>
    <message>
        <source>Times in them</source>
        <translation>Zeiten darin</translation>
    </message>
    <message>
        <source>To change it, Windows needs the password that you sign in with.</source>
        <translation>Um sie zu ändern, braucht Windows das Passwort, mit dem Sie sich anmelden.</translation>
    </message>
    <message>
        <source>To have them mapped:</source>
        <translation>Um sie zuzuordnen:</translation>
    </message>
    <message>
        <source>To know</source>
        <translation>Zu wissen</translation>
    </message>
    <message>
        <source>Tried again {read}: stored {stored}, repeated {repeated}, set aside {aside}.</source>
        <translation>Erneut versucht {read}: gespeichert {stored}, wiederholt {repeated}, aussortiert {aside}.</translation>
    </message>
    <message>
        <source>Trusted</source>
        <translation>Vertraut</translation>
    </message>
    <message>
        <source>Try again later. If this happens often, ask its administrator to allow more (MaxStartups).</source>
        <translation>Versuchen Sie es später noch einmal. Kommt das oft vor, bitten Sie seinen Administrator, mehr zuzulassen (MaxStartups).</translation>
    </message>
    <message>
        <source>Try again what was set aside of source NAME: exactly those records, and none of them twice.</source>
        <translation>Das Aussortierte der Quelle NAME erneut versuchen: genau diese Datensätze, und keinen zweimal.</translation>
    </message>
    <message>
        <source>Try again what was set aside.</source>
        <translation>Aussortiertes erneut versuchen.</translation>
    </message>
    <message>
        <source>Try everything without a server.</source>
        <translation>Alles ohne Server ausprobieren.</translation>
    </message>
    <message>
        <source>Try it:</source>
        <translation>Ausprobieren:</translation>
    </message>
    <message>
        <source>Turn that off for this source.</source>
        <translation>Schalten Sie das für diese Quelle aus.</translation>
    </message>
    <message>
        <source>Two sources are called {name}.</source>
        <translation>Zwei Quellen heißen {name}.</translation>
    </message>
    <message>
        <source>Type it again, or pass it as UTF-8.</source>
        <translation>Es neu eingeben oder als UTF-8 übergeben.</translation>
    </message>
    <message>
        <source>Type it again, or use another account there.</source>
        <translation>Geben Sie es erneut ein, oder verwenden Sie dort ein anderes Konto.</translation>
    </message>
    <message>
        <source>Type it again.</source>
        <translation>Neu eingeben.</translation>
    </message>
    <message>
        <source>Type it. Without a login, leave the user empty.</source>
        <translation>Geben Sie es ein. Ohne Anmeldung bleibt der Benutzer leer.</translation>
    </message>
    <message>
        <source>Type the password that this account signs in to Windows with; a PIN is no password.</source>
        <translation>Das Passwort eingeben, mit dem sich dieses Konto bei Windows anmeldet; eine PIN ist kein Passwort.</translation>
    </message>
    <message>
        <source>UNIT</source>
        <translation>EINHEIT</translation>
    </message>
    <message>
        <source>USER</source>
        <translation>BENUTZER</translation>
    </message>
    <message>
        <source>Unknown, Low, Medium, High, Very-High, or 0 to 10.</source>
        <translation>Unknown, Low, Medium, High, Very-High oder 0 bis 10.</translation>
    </message>
    <message>
        <source>Until now the key of this server was {keys}.</source>
        <translation>Bisher war der Schlüssel dieses Servers {keys}.</translation>
    </message>
    <message>
        <source>Until you say where your events are, archives hold only this program&apos;s own actions.</source>
        <translation>Solange nicht angegeben ist, wo Ihre Ereignisse sind, enthalten die Archive nur die Aktionen dieses Programms.</translation>
    </message>
    <message>
        <source>Up to number</source>
        <translation>Bis Nummer</translation>
    </message>
    <message>
        <source>Uploading {name}</source>
        <translation>{name} wird hochgeladen</translation>
    </message>
    <message>
        <source>Usage:</source>
        <translation>Aufruf:</translation>
    </message>
    <message>
        <source>Use a folder whose name has no % and no $( in it.</source>
        <translation>Einen Ordner verwenden, dessen Name weder % noch $( enthält.</translation>
    </message>
    <message>
        <source>Use a folder whose name is text on one line.</source>
        <translation>Einen Ordner verwenden, dessen Name Text in einer Zeile ist.</translation>
    </message>
    <message>
        <source>Use folders with shorter names.</source>
        <translation>Ordner mit kürzeren Namen verwenden.</translation>
    </message>
    <message>
        <source>Use up to 63 letters, digits, dots, dashes and underscores.</source>
        <translation>Bis zu 63 Buchstaben, Ziffern, Punkte, Binde- und Unterstriche verwenden.</translation>
    </message>
    <message>
        <source>User {user} may not read {path} on the server.</source>
        <translation>Der Benutzer {user} darf {path} auf dem Server nicht lesen.</translation>
    </message>
    <message>
        <source>User {user} may not {right} in {path} on the server. The export does without; what an interrupted run leaves there stays.</source>
        <translation>Dem Benutzer {user} fehlt in {path} auf dem Server dieses Recht: {right}. Der Export kommt ohne es aus; was ein unterbrochener Lauf dort hinterlässt, bleibt liegen.</translation>
    </message>
    <message>
        <source>User {user} may read {path} on the server, but not {doing} there.</source>
        <translation>Der Benutzer {user} darf {path} auf dem Server lesen, dort aber nicht {doing}.</translation>
    </message>
    <message>
        <source>VALUE</source>
        <translation>WERT</translation>
    </message>
    <message>
        <source>Verify the archives in PATH as well.</source>
        <translation>Auch die Archive in PATH prüfen.</translation>
    </message>
    <message>
        <source>View the API key under the organization&apos;s settings (Teams or Enterprise). Vaults in the EU have the host api.bitwarden.eu and token_url https://identity.bitwarden.eu/connect/token.</source>
        <translation>Den API-Schlüssel in den Einstellungen der Organisation anzeigen (Teams oder Enterprise). Tresore in der EU haben den Host api.bitwarden.eu und token_url https://identity.bitwarden.eu/connect/token.</translation>
    </message>
    <message>
        <source>Wait until it has ended, then try again.</source>
        <translation>Warten, bis er beendet ist, dann erneut versuchen.</translation>
    </message>
    <message>
        <source>Waiting</source>
        <translation>Wartet</translation>
    </message>
    <message>
        <source>Warning:</source>
        <translation>Warnung:</translation>
    </message>
    <message>
        <source>Was it set back?</source>
        <translation>Wurde sie zurückgestellt?</translation>
    </message>
    <message>
        <source>What answers on port {port} of {host} is not SSH (it says &quot;{line}&quot;).</source>
        <translation>Was auf Port {port} von {host} antwortet, ist nicht SSH (es sagt „{line}“).</translation>
    </message>
    <message>
        <source>What arrived on the server is not what was sent ({size} bytes).</source>
        <translation>Auf dem Server ist nicht das angekommen, was gesendet wurde ({size} Bytes).</translation>
    </message>
    <message>
        <source>What came so far is kept. The next run goes on there.</source>
        <translation>Was bisher kam, bleibt erhalten. Der nächste Lauf setzt dort fort.</translation>
    </message>
    <message>
        <source>What else the address has, as in limit=100; sort=asc.</source>
        <translation>Was die Adresse sonst hat, wie limit=100; sort=asc.</translation>
    </message>
    <message>
        <source>What gives the events instead, in SQL, with the columns of time and id among its columns.</source>
        <translation>Was stattdessen die Ereignisse gibt, in SQL, mit den Spalten für Zeit und ID unter seinen Spalten.</translation>
    </message>
    <message>
        <source>What is asked for one by one where the service has its events in several lists, with commas between them. Empty for all.</source>
        <translation>Was einzeln abgefragt wird, wenn der Dienst seine Ereignisse in mehreren Listen hat, durch Kommas getrennt. Leer für alle.</translation>
    </message>
    <message>
        <source>What is sent as JSON, as in limit=100; filter.type=audit.</source>
        <translation>Was als JSON gesendet wird, wie limit=100; filter.type=audit.</translation>
    </message>
    <message>
        <source>What is unique to this event; one is made where there is none.</source>
        <translation>Was dieses Ereignis eindeutig kennzeichnet; fehlt es, wird eines vergeben.</translation>
    </message>
    <message>
        <source>What it answers</source>
        <translation>Was er antwortet</translation>
    </message>
    <message>
        <source>What it is asked for</source>
        <translation>Wonach er gefragt wird</translation>
    </message>
    <message>
        <source>What kind of source it is.</source>
        <translation>Welche Art von Quelle es ist.</translation>
    </message>
    <message>
        <source>What kind of thing it happened to.</source>
        <translation>Mit welcher Art von Objekt es geschah.</translation>
    </message>
    <message>
        <source>What systemd and the audit subsystem of Linux record.</source>
        <translation>Was systemd und das Audit-Subsystem von Linux aufzeichnen.</translation>
    </message>
    <message>
        <source>What tells rows of one time apart; best the primary key.</source>
        <translation>Was Zeilen derselben Zeit unterscheidet; am besten der Primärschlüssel.</translation>
    </message>
    <message>
        <source>What the file does not mention becomes as in a new configuration.</source>
        <translation>Was die Datei nicht nennt, wird wie in einer neuen Konfiguration.</translation>
    </message>
    <message>
        <source>What the service calls your organization, tenant, account or realm, where it asks for that.</source>
        <translation>Wie der Dienst Ihre Organisation, Ihren Mandanten, Ihr Konto oder Ihren Realm nennt, wenn er danach fragt.</translation>
    </message>
    <message>
        <source>What the store knows of source {name} is damaged ({reason}).</source>
        <translation>Was der Speicher von der Quelle {name} weiß, ist beschädigt ({reason}).</translation>
    </message>
    <message>
        <source>What the store knows of the files of a source is damaged ({reason}).</source>
        <translation>Was der Speicher von den Dateien einer Quelle weiß, ist beschädigt ({reason}).</translation>
    </message>
    <message>
        <source>What the token is for, where the service asks for that.</source>
        <translation>Wofür das Token ist, wo der Dienst danach fragt.</translation>
    </message>
    <message>
        <source>What was collected from {name} stays and is exported, and so do the records that are set aside: {count}. A source that reads the same place goes on from there, under whatever name.</source>
        <translation>Was von {name} gesammelt wurde, bleibt und wird exportiert; auch die aussortierten Datensätze bleiben: {count}. Eine Quelle, die denselben Ort liest, macht dort weiter, wie immer sie heißt.</translation>
    </message>
    <message>
        <source>What was done to it.</source>
        <translation>Was damit getan wurde.</translation>
    </message>
    <message>
        <source>What was found: {problems}.</source>
        <translation>Gefunden wurde: {problems}.</translation>
    </message>
    <message>
        <source>What was not read is read by the next run.</source>
        <translation>Was nicht gelesen wurde, liest der nächste Lauf.</translation>
    </message>
    <message>
        <source>What was read is stored, repeated (it was there already) or set aside (it can&apos;t be an event). A stored event is delivered with its day, so at both ends of the period, delivered and stored can differ.</source>
        <translation>Was gelesen wurde, ist gespeichert, wiederholt (es war schon da) oder aussortiert (es kann kein Ereignis sein). Ein gespeichertes Ereignis wird mit seinem Tag zugestellt; an beiden Enden des Zeitraums kann Zugestelltes daher von Gespeichertem abweichen.</translation>
    </message>
    <message>
        <source>What was sent could be read by others. Untick the group exchanges, or ask its administrator for groups of 2048 bits and more (/etc/ssh/moduli).</source>
        <translation>Was gesendet würde, könnten andere lesen. Wählen Sie die Verfahren mit Gruppenaustausch (group-exchange) ab, oder bitten Sie den Administrator um Gruppen ab 2048 Bit (/etc/ssh/moduli).</translation>
    </message>
    <message>
        <source>What was sent so far is sent again by the next attempt.</source>
        <translation>Das bisher Gesendete wird beim nächsten Versuch erneut gesendet.</translation>
    </message>
    <message>
        <source>When it happened: ISO 8601 with an offset, or a number since 1970.</source>
        <translation>Wann es geschah: ISO 8601 mit Zeitverschiebung oder eine Zahl seit 1970.</translation>
    </message>
    <message>
        <source>When rows are no longer expected to get company of the same time: 2m.</source>
        <translation>Nach welcher Zeit keine Zeile derselben Zeit mehr dazukommen wird: 2m.</translation>
    </message>
    <message>
        <source>When the event happened, or when its row was written. An index over it makes reading fast.</source>
        <translation>Wann das Ereignis geschah oder seine Zeile geschrieben wurde. Ein Index darüber macht das Lesen schnell.</translation>
    </message>
    <message>
        <source>Where a token is fetched with the secret, as in https://login.example.com/oauth/token.</source>
        <translation>Wo mit dem Geheimnis ein Token geholt wird, wie https://login.example.com/oauth/token.</translation>
    </message>
    <message>
        <source>Where are the archives to go?</source>
        <translation>Wohin sollen die Archive?</translation>
    </message>
    <message>
        <source>Where are your events?</source>
        <translation>Wo sind Ihre Ereignisse?</translation>
    </message>
    <message>
        <source>Where that is</source>
        <translation>Wo das steht</translation>
    </message>
    <message>
        <source>Where the list has no events, but addresses of lists of them: the key path of the address, as in contentUri.</source>
        <translation>Wo die Liste keine Ereignisse hat, sondern Adressen von Listen davon: der Schlüsselpfad der Adresse, wie contentUri.</translation>
    </message>
    <message>
        <source>Where the service refuses the other parameters, or takes them from the first question.</source>
        <translation>Wo der Dienst die anderen Parameter ablehnt oder sie der ersten Anfrage entnimmt.</translation>
    </message>
    <message>
        <source>Where there are no events, the service leaves out the whole list. Otherwise an answer without it is an error.</source>
        <translation>Wo es keine Ereignisse gibt, lässt der Dienst die ganze Liste weg. Sonst ist eine Antwort ohne sie ein Fehler.</translation>
    </message>
    <message>
        <source>Where to keep it, also in future; see `config password-stores`. Otherwise where it is protected best.</source>
        <translation>Wo es gespeichert wird, auch in Zukunft; siehe `config password-stores`. Sonst dort, wo es am besten geschützt ist.</translation>
    </message>
    <message>
        <source>Where workers put what they make: a shared folder or a bucket.</source>
        <translation>Wohin Worker legen, was sie erstellen: ein gemeinsamer Ordner oder ein Bucket.</translation>
    </message>
    <message>
        <source>Whether it can while nobody is logged in is found out by trying, which takes some seconds.</source>
        <translation>Ob sie es kann, während niemand angemeldet ist, wird ausprobiert, was einige Sekunden dauert.</translation>
    </message>
    <message>
        <source>Whether the daily task can read the password was not found out. {why}</source>
        <translation>Ob die tägliche Aufgabe das Passwort lesen kann, ließ sich nicht feststellen. {why}</translation>
    </message>
    <message>
        <source>Whether the host key of {server} was accepted can&apos;t be said: line {line} of {file} is damaged. It is {key} now.</source>
        <translation>Ob der Hostschlüssel von {server} akzeptiert war, lässt sich nicht sagen: Zeile {line} von {file} ist beschädigt. Er lautet jetzt {key}.</translation>
    </message>
    <message>
        <source>Which entries, as for journalctl: _TRANSPORT=audit, SYSLOG_FACILITY=10; + between alternatives. Empty for all.</source>
        <translation>Welche Einträge, wie für journalctl: _TRANSPORT=audit, SYSLOG_FACILITY=10; + zwischen Alternativen. Leer für alle.</translation>
    </message>
    <message>
        <source>Which files in it; ** stands for all folders inside.</source>
        <translation>Welche Dateien darin; ** steht für alle Ordner darin.</translation>
    </message>
    <message>
        <source>Which files in it; ** stands for all folders inside. JSON, CSV, CEF and syslog lines, .evtx; each also as .gz, .zst and in .zip.</source>
        <translation>Welche Dateien darin; ** steht für alle Ordner darin. JSON, CSV, Zeilen von CEF und Syslog, .evtx; alles auch als .gz, .zst und in .zip.</translation>
    </message>
    <message>
        <source>Which instance lacks which day.</source>
        <translation>Welcher Instanz welcher Tag fehlt.</translation>
    </message>
    <message>
        <source>Which objects below the prefix; ** stands for all folders. With %Y/%m/%d in it, only the days of the look-back are listed.</source>
        <translation>Welche Objekte unter dem Präfix; ** steht für alle Ordner. Mit %Y/%m/%d darin werden nur die Tage des Rückblicks aufgelistet.</translation>
    </message>
    <message>
        <source>While the export is on, this also finds out whether the daily task can read it while nobody is logged in.</source>
        <translation>Ist der Export eingeschaltet, wird auch festgestellt, ob die tägliche Aufgabe es lesen kann, während niemand angemeldet ist.</translation>
    </message>
    <message>
        <source>While the export is on, this also finds out whether the daily task can read it while nobody is logged in. Removing the source removes it.</source>
        <translation>Ist der Export eingeschaltet, wird auch festgestellt, ob die tägliche Aufgabe es lesen kann, während niemand angemeldet ist. Wird die Quelle entfernt, wird auch das Passwort entfernt.</translation>
    </message>
    <message>
        <source>Who did it.</source>
        <translation>Wer es getan hat.</translation>
    </message>
    <message>
        <source>Who logs in; its password comes from a prompt or standard input.</source>
        <translation>Wer sich anmeldet; das Passwort kommt von einer Eingabe oder der Standardeingabe.</translation>
    </message>
    <message>
        <source>Who may sign: lines of allowed_signers, as `sign show` prints them.</source>
        <translation>Wer signieren darf: Zeilen von allowed_signers, wie `sign show` sie ausgibt.</translation>
    </message>
    <message>
        <source>Whose action has every word of it.</source>
        <translation>Deren Aktion jedes dieser Wörter hat.</translation>
    </message>
    <message>
        <source>Whose actor has every word of it.</source>
        <translation>Deren Akteur jedes dieser Wörter hat.</translation>
    </message>
    <message>
        <source>Whose entity (name, type, ID) has every word of it.</source>
        <translation>Deren Objekt (Name, Typ, ID) jedes dieser Wörter hat.</translation>
    </message>
    <message>
        <source>Windows Credential Manager</source>
        <translation>die Windows-Anmeldeinformationsverwaltung</translation>
    </message>
    <message>
        <source>Windows did not accept this password.</source>
        <translation>Windows hat dieses Passwort nicht angenommen.</translation>
    </message>
    <message>
        <source>Windows did not answer about the daily task ({error}).</source>
        <translation>Windows gab zur täglichen Aufgabe keine Auskunft ({error}).</translation>
    </message>
    <message>
        <source>Windows does not let this account register the task.</source>
        <translation>Windows lässt dieses Konto die Aufgabe nicht registrieren.</translation>
    </message>
    <message>
        <source>Windows does not let this account run tasks, because it has no password or may sign in only at certain times.</source>
        <translation>Windows lässt dieses Konto keine Aufgaben ausführen, weil es kein Passwort hat oder sich nur zu bestimmten Zeiten anmelden darf.</translation>
    </message>
    <message>
        <source>Windows encrypts it with this user&apos;s sign-in.</source>
        <translation>Windows verschlüsselt es mit der Anmeldung dieses Benutzers.</translation>
    </message>
    <message>
        <source>With --kind rest, how a service is asked and what its answers look like: keys of the tables auth, request, window, pages, resume, limits, as in auth.type=bearer, request.params.limit=100, pages.next=link-header.</source>
        <translation>Mit --kind rest: wie ein Dienst gefragt wird und wie seine Antworten aussehen; Schlüssel der Tabellen auth, request, window, pages, resume, limits, wie in auth.type=bearer, request.params.limit=100, pages.next=link-header.</translation>
    </message>
    <message>
        <source>With an agent, name the public key, whose file ends with .pub; or none, to try all of its keys.</source>
        <translation>Geben Sie mit einem Agenten den öffentlichen Schlüssel an, dessen Datei auf .pub endet; oder keinen, um alle seine Schlüssel zu versuchen.</translation>
    </message>
    <message>
        <source>With pages that are numbered, the oldest first keeps them from shifting.</source>
        <translation>Bei nummerierten Seiten verhindern die ältesten zuerst, dass sie sich verschieben.</translation>
    </message>
    <message>
        <source>Without NAME, those of all sources, and the events that `record` set aside. The latest come first.</source>
        <translation>Ohne NAME die aller Quellen, und die Ereignisse, die `record` aussortiert hat. Die neuesten kommen zuerst.</translation>
    </message>
    <message>
        <source>Write 1 to {most}, or 0 to keep all of them.</source>
        <translation>1 bis {most} schreiben, oder 0, um alle zu behalten.</translation>
    </message>
    <message>
        <source>Write FIELD=VALUE, as in _TRANSPORT=audit, with spaces between several.</source>
        <translation>Schreiben Sie FELD=WERT, wie in _TRANSPORT=audit, mehrere durch Leerzeichen getrennt.</translation>
    </message>
    <message>
        <source>Write UTC, or a name such as Europe/Berlin.</source>
        <translation>UTC oder einen Namen wie Europe/Berlin schreiben.</translation>
    </message>
    <message>
        <source>Write a day like 2026-11-28.</source>
        <translation>Schreiben Sie einen Tag wie 2026-11-28.</translation>
    </message>
    <message>
        <source>Write a number and m or h, at most a day, as in 30m or 2h; 0m for none.</source>
        <translation>Schreiben Sie eine Zahl und m oder h, höchstens einen Tag, etwa 30m oder 2h; 0m für keine Verteilung.</translation>
    </message>
    <message>
        <source>Write a number and s, m, h or d, as in 2m or 24h.</source>
        <translation>Schreiben Sie eine Zahl und s, m, h oder d, wie in 2m oder 24h.</translation>
    </message>
    <message>
        <source>Write a report for the auditor as well: FILE.html, in your language, or FILE.json.</source>
        <translation>Auch einen Bericht für die Prüfung schreiben: FILE.html, in Ihrer Sprache, oder FILE.json.</translation>
    </message>
    <message>
        <source>Write a whole number.</source>
        <translation>Schreiben Sie eine ganze Zahl.</translation>
    </message>
    <message>
        <source>Write how many requests a minute are allowed, or 0 for no limit.</source>
        <translation>Geben Sie an, wie viele Anfragen je Minute erlaubt sind, oder 0 für unbegrenzt.</translation>
    </message>
    <message>
        <source>Write https:// in front.</source>
        <translation>Schreiben Sie https:// davor.</translation>
    </message>
    <message>
        <source>Write it as 02:00 or 23:30.</source>
        <translation>Als 02:00 oder 23:30 schreiben.</translation>
    </message>
    <message>
        <source>Write it as apprise does: mailto://user:password@mail.example.com, or jsons://example.com/hook</source>
        <translation>In der Form von apprise schreiben: mailto://user:password@mail.example.com oder jsons://example.com/hook</translation>
    </message>
    <message>
        <source>Write it as in admins@example.com.</source>
        <translation>Schreibweise wie admins@example.com.</translation>
    </message>
    <message>
        <source>Write it as in http://timestamp.example.com/, or nothing for none.</source>
        <translation>Schreiben Sie sie wie in http://timestamp.example.com/, oder nichts, wenn es keinen gibt.</translation>
    </message>
    <message>
        <source>Write it as in https://monitor.example.com/ping/name, or nothing for none.</source>
        <translation>Schreibweise wie https://monitor.example.com/ping/name, oder leer für keinen.</translation>
    </message>
    <message>
        <source>Write it as in https://service.example.com/audit, without a user or password in it.</source>
        <translation>Schreiben Sie sie wie https://service.example.com/audit, ohne Benutzer und Passwort darin.</translation>
    </message>
    <message>
        <source>Write it as in {example}.</source>
        <translation>Schreiben Sie sie wie in {example}.</translation>
    </message>
    <message>
        <source>Write it as in {example}; without TLS, only on this computer.</source>
        <translation>Schreiben Sie sie wie in {example}; ohne TLS nur auf diesem Computer.</translation>
    </message>
    <message>
        <source>Write it as sftp.example.com, sftp.example.com:2222 or [2001:db8::1]:2222.</source>
        <translation>Als sftp.example.com, sftp.example.com:2222 oder [2001:db8::1]:2222 schreiben.</translation>
    </message>
    <message>
        <source>Write it relative to the folder, as in **/*.json*; ** stands alone between slashes.</source>
        <translation>Relativ zum Ordner schreiben, etwa **/*.json*; ** steht allein zwischen Schrägstrichen.</translation>
    </message>
    <message>
        <source>Write it there.</source>
        <translation>Sie dort eintragen.</translation>
    </message>
    <message>
        <source>Write its name, as in mail.example.com, or mail.example.com:2525.</source>
        <translation>Schreiben Sie seinen Namen, wie in mail.example.com oder mail.example.com:2525.</translation>
    </message>
    <message>
        <source>Write its whole path, as in {example}.</source>
        <translation>Schreiben Sie den ganzen Pfad, wie in {example}.</translation>
    </message>
    <message>
        <source>Write local, UTC, or a name such as Europe/Berlin.</source>
        <translation>local, UTC oder einen Namen wie Europe/Berlin schreiben.</translation>
    </message>
    <message>
        <source>Write names as in ssh.service, with commas between them.</source>
        <translation>Schreiben Sie Namen wie ssh.service, durch Kommas getrennt.</translation>
    </message>
    <message>
        <source>Write one of {units}, iso, or a pattern as in {example}.</source>
        <translation>Eines von {units}, iso oder ein Muster wie {example} angeben.</translation>
    </message>
    <message>
        <source>Write s3://bucket/prefix, gs://bucket/prefix or az://container/prefix.</source>
        <translation>Schreiben Sie s3://bucket/präfix, gs://bucket/präfix oder az://container/präfix.</translation>
    </message>
    <message>
        <source>Write statuses from 400 to 599, as in 403, with commas between them.</source>
        <translation>Schreiben Sie Status von 400 bis 599, wie 403, mit Kommas dazwischen.</translation>
    </message>
    <message>
        <source>Write the absolute path of a folder that this computer and all workers share, or s3://bucket/prefix, gs://bucket/prefix or az://container/prefix.</source>
        <translation>Schreiben Sie den absoluten Pfad eines Ordners, den dieser Rechner und alle Worker teilen, oder s3://bucket/prefix, gs://bucket/prefix oder az://container/prefix.</translation>
    </message>
    <message>
        <source>Write the whole path, or one that begins with ~ for your home folder.</source>
        <translation>Schreiben Sie den ganzen Pfad, oder einen, der mit ~ für Ihren persönlichen Ordner beginnt.</translation>
    </message>
    <message>
        <source>Write them into the proxy&apos;s address, as in http://user:password@proxy.example.com:8080.</source>
        <translation>Schreiben Sie sie in die Adresse des Proxys, etwa http://user:password@proxy.example.com:8080.</translation>
    </message>
    <message>
        <source>Write them to one HTML page.</source>
        <translation>Auf eine HTML-Seite schreiben.</translation>
    </message>
    <message>
        <source>Write {host} instead, and the user under User.</source>
        <translation>Stattdessen {host} schreiben und den Benutzer unter „Benutzer“.</translation>
    </message>
    <message>
        <source>Write {host} instead.</source>
        <translation>Stattdessen {host} schreiben.</translation>
    </message>
    <message>
        <source>Write {kind}.</source>
        <translation>Richtig wäre: {kind}.</translation>
    </message>
    <message>
        <source>You and this server have no type of host key in common.</source>
        <translation>Mit diesem Server gibt es keinen gemeinsamen Typ von Host-Schlüssel.</translation>
    </message>
    <message>
        <source>You and this server have no {list} in common.</source>
        <translation>Mit diesem Server gibt es keine Gemeinsamkeit bei {list}.</translation>
    </message>
    <message>
        <source>Your Windows password</source>
        <translation>Ihr Windows-Passwort</translation>
    </message>
    <message>
        <source>Your organisation has set this: {keys}.</source>
        <translation>Von der Organisation festgelegt: {keys}.</translation>
    </message>
    <message>
        <source>Your own scheduler starts the next one: {command}</source>
        <translation>Den nächsten startet Ihr eigener Planer: {command}</translation>
    </message>
    <message>
        <source>ZONE</source>
        <translation>ZONE</translation>
    </message>
    <message>
        <source>[OPTIONS]</source>
        <translation>[OPTIONEN]</translation>
    </message>
    <message>
        <source>`audit-trails-export history --days` shows the days that have one.</source>
        <translation>`audit-trails-export history --days` zeigt die Tage, die eines haben.</translation>
    </message>
    <message>
        <source>`audit-trails-export sign show` prints such lines.</source>
        <translation>`audit-trails-export sign show` gibt solche Zeilen aus.</translation>
    </message>
    <message>
        <source>a .7z archive</source>
        <translation>ein .7z-Archiv</translation>
    </message>
    <message>
        <source>a .rar archive</source>
        <translation>ein .rar-Archiv</translation>
    </message>
    <message>
        <source>a .tar archive</source>
        <translation>ein .tar-Archiv</translation>
    </message>
    <message>
        <source>a .zip archive</source>
        <translation>ein .zip-Archiv</translation>
    </message>
    <message>
        <source>a PDF document</source>
        <translation>ein PDF-Dokument</translation>
    </message>
    <message>
        <source>a Parquet file</source>
        <translation>eine Parquet-Datei</translation>
    </message>
    <message>
        <source>a \u escape is not a whole character</source>
        <translation>eine \u-Sequenz ist kein ganzes Zeichen</translation>
    </message>
    <message>
        <source>a bearer token of the Events Reporting integration</source>
        <translation>ein Bearer-Token der Integration „Events Reporting“</translation>
    </message>
    <message>
        <source>a client secret of the application</source>
        <translation>ein geheimer Clientschlüssel der Anwendung</translation>
    </message>
    <message>
        <source>a confidential client with a service account</source>
        <translation>ein vertraulicher Client mit Dienstkonto</translation>
    </message>
    <message>
        <source>a credential of systemd</source>
        <translation>eine Zugangsdatei von systemd</translation>
    </message>
    <message>
        <source>a journal of systemd</source>
        <translation>ein Journal von systemd</translation>
    </message>
    <message>
        <source>a link leads out of the folder, which the source does not follow</source>
        <translation>ein Link führt aus dem Ordner hinaus, und die Quelle folgt ihm nicht</translation>
    </message>
    <message>
        <source>a list</source>
        <translation>eine Liste</translation>
    </message>
    <message>
        <source>a pcap file</source>
        <translation>eine pcap-Datei</translation>
    </message>
    <message>
        <source>a pcapng file</source>
        <translation>eine pcapng-Datei</translation>
    </message>
    <message>
        <source>a personal access token</source>
        <translation>ein persönliches Zugriffstoken</translation>
    </message>
    <message>
        <source>a piece of it is missing</source>
        <translation>ein Teil davon fehlt</translation>
    </message>
    <message>
        <source>a program</source>
        <translation>ein Programm</translation>
    </message>
    <message>
        <source>a quote in it is not closed</source>
        <translation>ein Anführungszeichen darin ist nicht geschlossen</translation>
    </message>
    <message>
        <source>a record of the event log is damaged ({reason})</source>
        <translation>ein Datensatz des Ereignisprotokolls ist beschädigt ({reason})</translation>
    </message>
    <message>
        <source>a table</source>
        <translation>eine Tabelle</translation>
    </message>
    <message>
        <source>a text</source>
        <translation>ein Text</translation>
    </message>
    <message>
        <source>a thing in the list has no {path}</source>
        <translation>ein Eintrag der Liste hat kein {path}</translation>
    </message>
    <message>
        <source>a time in zone {zone}</source>
        <translation>eine Zeit in der Zeitzone {zone}</translation>
    </message>
    <message>
        <source>a time with its own offset</source>
        <translation>eine Zeit mit eigener Zeitverschiebung</translation>
    </message>
    <message>
        <source>a user token of the organization&apos;s owner</source>
        <translation>ein Benutzertoken des Inhabers der Organisation</translation>
    </message>
    <message>
        <source>a value is longer than {size} MB</source>
        <translation>ein Wert ist länger als {size} MB</translation>
    </message>
    <message>
        <source>a whole number</source>
        <translation>eine ganze Zahl</translation>
    </message>
    <message>
        <source>all of it</source>
        <translation>alles</translation>
    </message>
    <message>
        <source>also while this user is signed out</source>
        <translation>auch während dieser Benutzer abgemeldet ist</translation>
    </message>
    <message>
        <source>an API key of the organization</source>
        <translation>ein API-Schlüssel der Organisation</translation>
    </message>
    <message>
        <source>an API token</source>
        <translation>ein API-Token</translation>
    </message>
    <message>
        <source>an API token of that user</source>
        <translation>ein API-Token dieses Benutzers</translation>
    </message>
    <message>
        <source>an Avro file</source>
        <translation>eine Avro-Datei</translation>
    </message>
    <message>
        <source>an ESE database</source>
        <translation>eine ESE-Datenbank</translation>
    </message>
    <message>
        <source>an ORC file</source>
        <translation>eine ORC-Datei</translation>
    </message>
    <message>
        <source>an SQLite database</source>
        <translation>eine SQLite-Datenbank</translation>
    </message>
    <message>
        <source>an access token</source>
        <translation>ein Zugriffstoken</translation>
    </message>
    <message>
        <source>an administrator for the API</source>
        <translation>ein Administrator für die API</translation>
    </message>
    <message>
        <source>an encrypted file</source>
        <translation>eine verschlüsselte Datei</translation>
    </message>
    <message>
        <source>an event log of Windows XP or 2003</source>
        <translation>ein Ereignisprotokoll von Windows XP oder 2003</translation>
    </message>
    <message>
        <source>an event read apart from the store</source>
        <translation>ein Ereignis, das getrennt vom Speicher gelesen wurde</translation>
    </message>
    <message>
        <source>an event with the id {id} and other content is there already</source>
        <translation>ein Ereignis mit der id {id} und anderem Inhalt ist schon da</translation>
    </message>
    <message>
        <source>an image</source>
        <translation>ein Bild</translation>
    </message>
    <message>
        <source>an old Microsoft Office document</source>
        <translation>ein altes Dokument von Microsoft Office</translation>
    </message>
    <message>
        <source>an organization token</source>
        <translation>ein Token der Organisation</translation>
    </message>
    <message>
        <source>another run is active, or try later</source>
        <translation>ein anderer Lauf ist aktiv, oder später erneut versuchen</translation>
    </message>
    <message>
        <source>archives</source>
        <translation>Archive</translation>
    </message>
    <message>
        <source>as archived, {events}, {signed}</source>
        <translation>wie archiviert, {events}, {signed}</translation>
    </message>
    <message>
        <source>as {pattern}</source>
        <translation>nach {pattern}</translation>
    </message>
    <message>
        <source>bad input data</source>
        <translation>Eingabe unbrauchbar</translation>
    </message>
    <message>
        <source>byte {position}</source>
        <translation>Byte {position}</translation>
    </message>
    <message>
        <source>byte {position}, record {number}</source>
        <translation>Byte {position}, Datensatz {number}</translation>
    </message>
    <message>
        <source>cipher</source>
        <translation>Chiffre</translation>
    </message>
    <message>
        <source>command line</source>
        <translation>Befehlszeile</translation>
    </message>
    <message>
        <source>createdAt has a zone that is not known: {zone}</source>
        <translation>createdAt hat eine Zeitzone, die nicht bekannt ist: {zone}</translation>
    </message>
    <message>
        <source>createdAt has an offset that there is not: {offset}</source>
        <translation>createdAt hat eine Zeitverschiebung, die es nicht gibt: {offset}</translation>
    </message>
    <message>
        <source>createdAt has no offset, and the source no zone for such times: {text}</source>
        <translation>createdAt hat keine Zeitverschiebung, und die Quelle keine Zeitzone für solche Zeiten: {text}</translation>
    </message>
    <message>
        <source>createdAt is a number, the source says ISO 8601: {text}</source>
        <translation>createdAt ist eine Zahl, die Quelle sagt ISO 8601: {text}</translation>
    </message>
    <message>
        <source>createdAt is neither an ISO 8601 time with an offset nor a number since 1970: {text}</source>
        <translation>createdAt ist weder eine Zeit nach ISO 8601 mit Zeitverschiebung noch eine Zahl seit 1970: {text}</translation>
    </message>
    <message>
        <source>createdAt is no time that there is: {text}</source>
        <translation>createdAt ist eine Zeit, die es nicht gibt: {text}</translation>
    </message>
    <message>
        <source>createdAt is not believed, it is before 1990: {text}</source>
        <translation>createdAt wird nicht geglaubt, es liegt vor 1990: {text}</translation>
    </message>
    <message>
        <source>createdAt is not believed, it is more than a day ahead: {text}</source>
        <translation>createdAt wird nicht geglaubt, es liegt mehr als einen Tag in der Zukunft: {text}</translation>
    </message>
    <message>
        <source>createdAt is not written as the source says: {text}</source>
        <translation>createdAt ist nicht so geschrieben, wie die Quelle sagt: {text}</translation>
    </message>
    <message>
        <source>createdAt may have the day or the month first, which the source has to say, as in text:{pattern}: {text}</source>
        <translation>Bei createdAt kann der Tag oder der Monat vorn stehen, was die Quelle sagen muss, etwa mit text:{pattern}: {text}</translation>
    </message>
    <message>
        <source>credentials or permission refused</source>
        <translation>Zugangsdaten oder Berechtigung abgelehnt</translation>
    </message>
    <message>
        <source>cron can&apos;t take a command of {length} bytes.</source>
        <translation>cron nimmt keinen Befehl von {length} Bytes an.</translation>
    </message>
    <message>
        <source>cron can&apos;t take the path {path}.</source>
        <translation>cron nimmt den Pfad {path} nicht an.</translation>
    </message>
    <message>
        <source>cron did not start the daily task.</source>
        <translation>cron hat die tägliche Aufgabe nicht gestartet.</translation>
    </message>
    <message>
        <source>cron is not running on this computer.</source>
        <translation>cron läuft auf diesem Computer nicht.</translation>
    </message>
    <message>
        <source>cron refused: {complaint}</source>
        <translation>cron lehnte ab: {complaint}</translation>
    </message>
    <message>
        <source>daily task</source>
        <translation>tägliche Aufgabe</translation>
    </message>
    <message>
        <source>default</source>
        <translation>Vorgabe</translation>
    </message>
    <message>
        <source>delete</source>
        <translation>löschen</translation>
    </message>
    <message>
        <source>delete files</source>
        <translation>Dateien löschen</translation>
    </message>
    <message>
        <source>delivered</source>
        <translation>zugestellt</translation>
    </message>
    <message>
        <source>device product</source>
        <translation>Geräteprodukt</translation>
    </message>
    <message>
        <source>device vendor</source>
        <translation>Gerätehersteller</translation>
    </message>
    <message>
        <source>done</source>
        <translation>erledigt</translation>
    </message>
    <message>
        <source>done, also if nothing was due</source>
        <translation>erledigt, auch wenn nichts fällig war</translation>
    </message>
    <message>
        <source>entry {cursor}</source>
        <translation>Eintrag {cursor}</translation>
    </message>
    <message>
        <source>events</source>
        <translation>Ereignisse</translation>
    </message>
    <message>
        <source>failed</source>
        <translation>fehlgeschlagen</translation>
    </message>
    <message>
        <source>hand</source>
        <translation>Hand</translation>
    </message>
    <message>
        <source>id is not a text of 1 to {most} characters</source>
        <translation>id ist kein Text von 1 bis {most} Zeichen</translation>
    </message>
    <message>
        <source>id {id}</source>
        <translation>id {id}</translation>
    </message>
    <message>
        <source>in the log folder</source>
        <translation>im Protokollordner</translation>
    </message>
    <message>
        <source>interrupted</source>
        <translation>unterbrochen</translation>
    </message>
    <message>
        <source>it belongs to {owner}, not to the Administrators</source>
        <translation>sie gehört {owner}, nicht den Administratoren</translation>
    </message>
    <message>
        <source>it can&apos;t be read ({reason})</source>
        <translation>nicht lesbar ({reason})</translation>
    </message>
    <message>
        <source>it did not end within a minute</source>
        <translation>es endete nicht innerhalb einer Minute</translation>
    </message>
    <message>
        <source>it does not answer</source>
        <translation>es antwortet nicht</translation>
    </message>
    <message>
        <source>it does not belong to root</source>
        <translation>sie gehört nicht root</translation>
    </message>
    <message>
        <source>it has an event of {told}, which is not of its day</source>
        <translation>es hat ein Ereignis von {told}, das nicht zu seinem Tag gehört</translation>
    </message>
    <message>
        <source>it has more than {most} files in it</source>
        <translation>es sind mehr als {most} Dateien darin</translation>
    </message>
    <message>
        <source>it has no manifest.json</source>
        <translation>es hat keine manifest.json</translation>
    </message>
    <message>
        <source>it has no signature</source>
        <translation>es hat keine Signatur</translation>
    </message>
    <message>
        <source>it has no {records}</source>
        <translation>{records} fehlt darin</translation>
    </message>
    <message>
        <source>it has other bytes around its files than this program writes</source>
        <translation>rund um seine Dateien stehen andere Bytes, als dieses Programm schreibt</translation>
    </message>
    <message>
        <source>it has {there} columns, and the header has {asked}</source>
        <translation>sie hat {there} Spalten, die Kopfzeile aber {asked}</translation>
    </message>
    <message>
        <source>it holds {found} events, not {events}</source>
        <translation>es enthält {found} Ereignisse, nicht {events}</translation>
    </message>
    <message>
        <source>it holds {names}</source>
        <translation>es enthält {names}</translation>
    </message>
    <message>
        <source>it holds {names} and more</source>
        <translation>es enthält {names} und weitere</translation>
    </message>
    <message>
        <source>it is a link</source>
        <translation>es ist ein Verweis</translation>
    </message>
    <message>
        <source>it is another file</source>
        <translation>es ist eine andere Datei</translation>
    </message>
    <message>
        <source>it is encrypted</source>
        <translation>sie ist verschlüsselt</translation>
    </message>
    <message>
        <source>it is encrypted for this computer (and its TPM, where there is one), and is no use elsewhere.</source>
        <translation>Es ist für diesen Computer (und sein TPM, falls vorhanden) verschlüsselt und anderswo nutzlos.</translation>
    </message>
    <message>
        <source>it is encrypted, and can be read only while this user&apos;s keyring is unlocked.</source>
        <translation>Es ist verschlüsselt und nur lesbar, solange der Schlüsselbund dieses Benutzers entsperrt ist.</translation>
    </message>
    <message>
        <source>it is encrypted, and can be read only while this user&apos;s wallet is open.</source>
        <translation>Es ist verschlüsselt und nur lesbar, solange die digitale Brieftasche dieses Benutzers offen ist.</translation>
    </message>
    <message>
        <source>it is in no form that is known</source>
        <translation>ihre Form ist nicht bekannt</translation>
    </message>
    <message>
        <source>it is in use by another program</source>
        <translation>ein anderes Programm verwendet die Datei gerade</translation>
    </message>
    <message>
        <source>it is larger than {size} MB; use JSON Lines</source>
        <translation>größer als {size} MB; JSON Lines verwenden</translation>
    </message>
    <message>
        <source>it is neither CEF nor syslog nor JSON</source>
        <translation>sie ist weder CEF noch Syslog noch JSON</translation>
    </message>
    <message>
        <source>it is nested more than {levels} levels deep</source>
        <translation>mehr als {levels} Ebenen tief verschachtelt</translation>
    </message>
    <message>
        <source>it is no .zip file, or a damaged one</source>
        <translation>es ist keine .zip-Datei oder eine beschädigte</translation>
    </message>
    <message>
        <source>it is no JSON object</source>
        <translation>kein JSON-Objekt</translation>
    </message>
    <message>
        <source>it is no list</source>
        <translation>es ist keine Liste</translation>
    </message>
    <message>
        <source>it is not JSON: {reason}</source>
        <translation>kein JSON: {reason}</translation>
    </message>
    <message>
        <source>it is not UTF-8</source>
        <translation>kein UTF-8</translation>
    </message>
    <message>
        <source>it is signed by {signer}, not by {key}</source>
        <translation>es ist von {signer} signiert, nicht von {key}</translation>
    </message>
    <message>
        <source>it is so old that whether it was read before is no longer known</source>
        <translation>sie ist so alt, dass nicht mehr bekannt ist, ob sie schon gelesen wurde</translation>
    </message>
    <message>
        <source>it unpacks to more than {size} MB, which is not believable</source>
        <translation>entpackt hätte sie mehr als {size} MB, was nicht glaubhaft ist</translation>
    </message>
    <message>
        <source>it was made by a newer version of this program, which can check it</source>
        <translation>es stammt von einer neueren Version dieses Programms, die es prüfen kann</translation>
    </message>
    <message>
        <source>its data file has more than {size} bytes</source>
        <translation>seine Datendatei hat mehr als {size} Bytes</translation>
    </message>
    <message>
        <source>its data file has {found} bytes, not {size}</source>
        <translation>seine Datendatei hat {found} Bytes, nicht {size}</translation>
    </message>
    <message>
        <source>its data file is not the one that was archived (its SHA-256 differs)</source>
        <translation>seine Datendatei ist nicht die archivierte (ihr SHA-256 ist ein anderer)</translation>
    </message>
    <message>
        <source>its events are not of the time that its manifest says ({told})</source>
        <translation>seine Ereignisse sind nicht von der Zeit, die sein Manifest nennt ({told})</translation>
    </message>
    <message>
        <source>its manifest is not what was signed, or the signature was changed</source>
        <translation>sein Manifest ist nicht das signierte, oder die Signatur wurde geändert</translation>
    </message>
    <message>
        <source>its manifest is that of {name}</source>
        <translation>sein Manifest ist das von {name}</translation>
    </message>
    <message>
        <source>its manifest.json has more than {most} bytes</source>
        <translation>seine manifest.json hat mehr als {most} Bytes</translation>
    </message>
    <message>
        <source>its manifest.json is not as it should be ({reason})</source>
        <translation>seine manifest.json ist nicht, wie sie sein soll ({reason})</translation>
    </message>
    <message>
        <source>its name is not UTF-8</source>
        <translation>ihr Name ist kein UTF-8</translation>
    </message>
    <message>
        <source>its owner can&apos;t be seen ({reason})</source>
        <translation>der Besitzer lässt sich nicht feststellen ({reason})</translation>
    </message>
    <message>
        <source>journalctl said something that is no entry of a journal ({reason}).</source>
        <translation>journalctl gab etwas aus, das kein Eintrag eines Journals ist ({reason}).</translation>
    </message>
    <message>
        <source>journalctl: {complaint}</source>
        <translation>journalctl: {complaint}</translation>
    </message>
    <message>
        <source>key exchange</source>
        <translation>Schlüsselaustausch</translation>
    </message>
    <message>
        <source>kinds</source>
        <translation>Arten</translation>
    </message>
    <message>
        <source>list files</source>
        <translation>Dateien auflisten</translation>
    </message>
    <message>
        <source>local disk</source>
        <translation>Lesen oder Schreiben auf diesem Computer</translation>
    </message>
    <message>
        <source>macOS encrypts it with this user&apos;s sign-in.</source>
        <translation>macOS verschlüsselt es mit der Anmeldung dieses Benutzers.</translation>
    </message>
    <message>
        <source>microseconds since 1970</source>
        <translation>Mikrosekunden seit 1970</translation>
    </message>
    <message>
        <source>milliseconds since 1970</source>
        <translation>Millisekunden seit 1970</translation>
    </message>
    <message>
        <source>missing</source>
        <translation>fehlt</translation>
    </message>
    <message>
        <source>more than {count} rows have no time or no id</source>
        <translation>mehr als {count} Zeilen haben keine Zeit oder keine ID</translation>
    </message>
    <message>
        <source>nanoseconds since 1970</source>
        <translation>Nanosekunden seit 1970</translation>
    </message>
    <message>
        <source>no</source>
        <translation>nein</translation>
    </message>
    <message>
        <source>no common algorithm, host key unknown or changed</source>
        <translation>kein gemeinsamer Algorithmus, Host-Schlüssel unbekannt oder geändert</translation>
    </message>
    <message>
        <source>no run went well for more than a day and a half</source>
        <translation>seit mehr als eineinhalb Tagen ist kein Lauf gelungen</translation>
    </message>
    <message>
        <source>none</source>
        <translation>nicht vorhanden</translation>
    </message>
    <message>
        <source>not asked</source>
        <translation>nicht geprüft</translation>
    </message>
    <message>
        <source>not at night</source>
        <translation>nicht nachts</translation>
    </message>
    <message>
        <source>not configured, or a bad setting</source>
        <translation>nicht konfiguriert, oder eine falsche Einstellung</translation>
    </message>
    <message>
        <source>not delivered yet</source>
        <translation>noch nicht zugestellt</translation>
    </message>
    <message>
        <source>not known</source>
        <translation>unbekannt</translation>
    </message>
    <message>
        <source>not permitted</source>
        <translation>nicht erlaubt</translation>
    </message>
    <message>
        <source>not permitted; {name} stays</source>
        <translation>nicht erlaubt; {name} bleibt liegen</translation>
    </message>
    <message>
        <source>not signed</source>
        <translation>nicht signiert</translation>
    </message>
    <message>
        <source>not tried at night</source>
        <translation>nachts nicht versucht</translation>
    </message>
    <message>
        <source>nothing was read so far</source>
        <translation>bisher wurde nichts gelesen</translation>
    </message>
    <message>
        <source>number {number} of the chain, signed by {key}</source>
        <translation>Nummer {number} der Kette, signiert von {key}</translation>
    </message>
    <message>
        <source>one of {choices}</source>
        <translation>eins von {choices}</translation>
    </message>
    <message>
        <source>only while this user is signed in; days that are missed are exported by the next run</source>
        <translation>nur während dieser Benutzer angemeldet ist; versäumte Tage exportiert der nächste Lauf</translation>
    </message>
    <message>
        <source>only you and administrators can read it and its key.</source>
        <translation>Nur Sie und Administratoren können sie lesen.</translation>
    </message>
    <message>
        <source>or SELE&amp;CT</source>
        <translation>oder SELE&amp;CT</translation>
    </message>
    <message>
        <source>others than root may write it (mode {mode:o})</source>
        <translation>nicht nur root darf sie schreiben (Modus {mode:o})</translation>
    </message>
    <message>
        <source>packed by LZ4</source>
        <translation>mit LZ4 gepackt</translation>
    </message>
    <message>
        <source>packed by bzip2</source>
        <translation>mit bzip2 gepackt</translation>
    </message>
    <message>
        <source>packed by gzip, twice</source>
        <translation>zweimal mit gzip gepackt</translation>
    </message>
    <message>
        <source>packed by xz</source>
        <translation>mit xz gepackt</translation>
    </message>
    <message>
        <source>page {page}, record {number}</source>
        <translation>Seite {page}, Datensatz {number}</translation>
    </message>
    <message>
        <source>password, key (a private key in a file) or agent (a key that an SSH agent has).</source>
        <translation>password, key (ein privater Schlüssel in einer Datei) oder agent (ein Schlüssel, den ein SSH-Agent hat).</translation>
    </message>
    <message>
        <source>read</source>
        <translation>lesen</translation>
    </message>
    <message>
        <source>read back what was written</source>
        <translation>Geschriebenes zurücklesen</translation>
    </message>
    <message>
        <source>read {read}, stored {stored}, repeated {repeated}, set aside {aside}</source>
        <translation>gelesen {read}, gespeichert {stored}, wiederholt {repeated}, aussortiert {aside}</translation>
    </message>
    <message>
        <source>record {number}</source>
        <translation>Datensatz {number}</translation>
    </message>
    <message>
        <source>records</source>
        <translation>Datensätze</translation>
    </message>
    <message>
        <source>rename</source>
        <translation>umbenennen</translation>
    </message>
    <message>
        <source>required</source>
        <translation>erforderlich</translation>
    </message>
    <message>
        <source>row without a key</source>
        <translation>Zeile ohne Schlüssel</translation>
    </message>
    <message>
        <source>row {id}</source>
        <translation>Zeile {id}</translation>
    </message>
    <message>
        <source>running</source>
        <translation>läuft</translation>
    </message>
    <message>
        <source>running now</source>
        <translation>läuft gerade</translation>
    </message>
    <message>
        <source>s3://bucket/prefix, gs://bucket/prefix or az://container/prefix.</source>
        <translation>s3://bucket/präfix, gs://bucket/präfix oder az://container/präfix.</translation>
    </message>
    <message>
        <source>seconds since 1970</source>
        <translation>Sekunden seit 1970</translation>
    </message>
    <message>
        <source>server</source>
        <translation>Server</translation>
    </message>
    <message>
        <source>server path</source>
        <translation>Serverpfad</translation>
    </message>
    <message>
        <source>server unreachable</source>
        <translation>Server nicht erreichbar</translation>
    </message>
    <message>
        <source>services</source>
        <translation>Dienste</translation>
    </message>
    <message>
        <source>set aside: {place}: {reason}</source>
        <translation>aussortiert: {place}: {reason}</translation>
    </message>
    <message>
        <source>set by your organisation in {path}</source>
        <translation>von Ihrer Organisation festgelegt in {path}</translation>
    </message>
    <message>
        <source>severity is neither one of {words} nor 0 to 10</source>
        <translation>severity ist weder eins von {words} noch 0 bis 10</translation>
    </message>
    <message>
        <source>source {name}, {setting}</source>
        <translation>Quelle {name}, {setting}</translation>
    </message>
    <message>
        <source>source {name}: {address}</source>
        <translation>Quelle {name}: {address}</translation>
    </message>
    <message>
        <source>stopped</source>
        <translation>abgebrochen</translation>
    </message>
    <message>
        <source>systemd can&apos;t start a program in {path}.</source>
        <translation>systemd kann in {path} kein Programm starten.</translation>
    </message>
    <message>
        <source>systemd can&apos;t take the path {path}.</source>
        <translation>systemd nimmt den Pfad {path} nicht an.</translation>
    </message>
    <message>
        <source>systemd does not answer: {complaint}</source>
        <translation>systemd antwortet nicht: {complaint}</translation>
    </message>
    <message>
        <source>systemd refused: {complaint}</source>
        <translation>systemd lehnte ab: {complaint}</translation>
    </message>
    <message>
        <source>systemd runs nothing for {user}, who is not logged in.</source>
        <translation>systemd startet nichts für {user}, weil dieser Benutzer nicht angemeldet ist.</translation>
    </message>
    <message>
        <source>systemd-creds could not encrypt the password.</source>
        <translation>systemd-creds konnte das Passwort nicht verschlüsseln.</translation>
    </message>
    <message>
        <source>the JSON key of the service account, on one line</source>
        <translation>der JSON-Schlüssel des Dienstkontos, in einer Zeile</translation>
    </message>
    <message>
        <source>the Secret Service of this desktop</source>
        <translation>der Secret Service dieser Arbeitsumgebung</translation>
    </message>
    <message>
        <source>the account&apos;s id</source>
        <translation>die ID des Kontos</translation>
    </message>
    <message>
        <source>the address of an administrator for whom the service account acts</source>
        <translation>die Adresse eines Administrators, für den das Dienstkonto handelt</translation>
    </message>
    <message>
        <source>the application&apos;s (client) id</source>
        <translation>die Anwendungs-ID (Client-ID)</translation>
    </message>
    <message>
        <source>the application&apos;s client secret</source>
        <translation>der geheime Clientschlüssel der Anwendung</translation>
    </message>
    <message>
        <source>the client id of a machine-to-machine application</source>
        <translation>die Client-ID einer Machine-to-Machine-Anwendung</translation>
    </message>
    <message>
        <source>the client&apos;s secret</source>
        <translation>das Geheimnis des Clients</translation>
    </message>
    <message>
        <source>the connection was cut</source>
        <translation>die Verbindung wurde getrennt</translation>
    </message>
    <message>
        <source>the daily task</source>
        <translation>die tägliche Aufgabe</translation>
    </message>
    <message>
        <source>the email address of the user whose token it is</source>
        <translation>die E-Mail-Adresse des Benutzers, dem das Token gehört</translation>
    </message>
    <message>
        <source>the form</source>
        <translation>das Formular</translation>
    </message>
    <message>
        <source>the header of CEF is not whole</source>
        <translation>der Kopf von CEF ist unvollständig</translation>
    </message>
    <message>
        <source>the line is longer than {size} MB</source>
        <translation>die Zeile ist länger als {size} MB</translation>
    </message>
    <message>
        <source>the macOS Keychain</source>
        <translation>der macOS-Schlüsselbund</translation>
    </message>
    <message>
        <source>the name of the organization</source>
        <translation>der Name der Organisation</translation>
    </message>
    <message>
        <source>the name of your server, as in sso.example.com</source>
        <translation>der Name Ihres Servers, etwa sso.example.com</translation>
    </message>
    <message>
        <source>the name of your site, as in acme.atlassian.net</source>
        <translation>der Name Ihrer Site, etwa acme.atlassian.net</translation>
    </message>
    <message>
        <source>the organization&apos;s client id, as in organization.ID</source>
        <translation>die Client-ID der Organisation, etwa organization.ID</translation>
    </message>
    <message>
        <source>the organization&apos;s client secret</source>
        <translation>das Client-Geheimnis der Organisation</translation>
    </message>
    <message>
        <source>the organization&apos;s id</source>
        <translation>die ID der Organisation</translation>
    </message>
    <message>
        <source>the password of that administrator</source>
        <translation>das Passwort dieses Administrators</translation>
    </message>
    <message>
        <source>the realm</source>
        <translation>der Realm</translation>
    </message>
    <message>
        <source>the record of runs and archives, there too</source>
        <translation>das Verzeichnis der Läufe und Archive, ebenda</translation>
    </message>
    <message>
        <source>the service says that it has {total} records, {came} came</source>
        <translation>der Dienst nennt {total} Datensätze, gekommen sind {came}</translation>
    </message>
    <message>
        <source>the settings, in the user&apos;s configuration folder</source>
        <translation>die Einstellungen, im Konfigurationsordner des Benutzers</translation>
    </message>
    <message>
        <source>the store, in the data folder</source>
        <translation>der Speicher, im Datenordner</translation>
    </message>
    <message>
        <source>the tenant&apos;s id</source>
        <translation>die ID des Mandanten</translation>
    </message>
    <message>
        <source>the tenant&apos;s id, or its name as in acme.onmicrosoft.com</source>
        <translation>die ID des Mandanten oder sein Name, etwa acme.onmicrosoft.com</translation>
    </message>
    <message>
        <source>there is no event in it</source>
        <translation>darin ist kein Ereignis</translation>
    </message>
    <message>
        <source>there is no list at {path}</source>
        <translation>bei {path} steht keine Liste</translation>
    </message>
    <message>
        <source>there is no such host</source>
        <translation>diesen Host gibt es nicht</translation>
    </message>
    <message>
        <source>there is nothing in it</source>
        <translation>sie enthält nichts</translation>
    </message>
    <message>
        <source>this computer&apos;s clock stands before the last run; was it set back?</source>
        <translation>die Uhr dieses Computers steht vor dem letzten Lauf; wurde sie zurückgestellt?</translation>
    </message>
    <message>
        <source>this is CSV without a header</source>
        <translation>das ist CSV ohne Kopfzeile</translation>
    </message>
    <message>
        <source>this is text, but not JSON, CSV, CEF or syslog</source>
        <translation>das ist Text, aber weder JSON noch CSV, CEF oder Syslog</translation>
    </message>
    <message>
        <source>this is {what}</source>
        <translation>das ist {what}</translation>
    </message>
    <message>
        <source>this part of the event log is damaged</source>
        <translation>dieser Teil des Ereignisprotokolls ist beschädigt</translation>
    </message>
    <message>
        <source>today</source>
        <translation>heute</translation>
    </message>
    <message>
        <source>true or false</source>
        <translation>true oder false</translation>
    </message>
    <message>
        <source>user</source>
        <translation>Benutzer</translation>
    </message>
    <message>
        <source>waiting</source>
        <translation>wartet</translation>
    </message>
    <message>
        <source>when a scheduler of yours starts it: {command}</source>
        <translation>wenn ein eigener Zeitplaner ihn startet: {command}</translation>
    </message>
    <message>
        <source>window</source>
        <translation>Fenster</translation>
    </message>
    <message>
        <source>works at night</source>
        <translation>geht nachts</translation>
    </message>
    <message>
        <source>write</source>
        <translation>schreiben</translation>
    </message>
    <message>
        <source>wrong usage</source>
        <translation>falscher Aufruf</translation>
    </message>
    <message>
        <source>yes</source>
        <translation>ja</translation>
    </message>
    <message>
        <source>your organization&apos;s name at Okta, as in acme.okta.com</source>
        <translation>der Name Ihrer Organisation bei Okta, etwa acme.okta.com</translation>
    </message>
    <message>
        <source>your tenant&apos;s domain, as in acme.eu.auth0.com</source>
        <translation>die Domain Ihres Mandanten, etwa acme.eu.auth0.com</translation>
    </message>
    <message>
        <source>{address!r} is no place for pieces.</source>
        <translation>{address!r} ist kein Ort für Teilstücke.</translation>
    </message>
    <message>
        <source>{address} does not accept this user and password ({words}).</source>
        <translation>{address} nimmt diesen Benutzer und dieses Passwort nicht an ({words}).</translation>
    </message>
    <message>
        <source>{address} wants certificates.</source>
        <translation>{address} verlangt Zertifikate.</translation>
    </message>
    <message>
        <source>{address} was a source before, called {name}: what was read of it is not read again. Records that were set aside and are tried again by the next run: {count}.</source>
        <translation>{address} war schon eine Quelle mit dem Namen {name}: Was davon gelesen wurde, wird nicht noch einmal gelesen. Aussortierte Datensätze, die der nächste Lauf erneut versucht: {count}.</translation>
    </message>
    <message>
        <source>{archives}: whole, and none is missing.</source>
        <translation>{archives}: vollständig, und keines fehlt.</translation>
    </message>
    <message>
        <source>{archive}, line {line}, SHA-256 of the line {sha256}</source>
        <translation>{archive}, Zeile {line}, SHA-256 der Zeile {sha256}</translation>
    </message>
    <message>
        <source>{choice} is not among the choices for the {list}.</source>
        <translation>{choice} steht nicht zur Wahl bei: {list}.</translation>
    </message>
    <message>
        <source>{count} archives</source>
        <translation>{count} Archive</translation>
    </message>
    <message>
        <source>{count} archives are not signed: whoever can write them could have replaced them.</source>
        <translation>{count} Archive sind nicht signiert: Wer sie schreiben kann, könnte sie neu erzeugt haben.</translation>
    </message>
    <message>
        <source>{count} archives were made after {name}.</source>
        <translation>Nach {name} entstanden {count} Archive.</translation>
    </message>
    <message>
        <source>{count} bytes</source>
        <translation>{count} Bytes</translation>
    </message>
    <message>
        <source>{count} days</source>
        <translation>{count} Tage</translation>
    </message>
    <message>
        <source>{count} days wait.</source>
        <translation>{count} Tage warten.</translation>
    </message>
    <message>
        <source>{count} events</source>
        <translation>{count} Ereignisse</translation>
    </message>
    <message>
        <source>{count} events from before {day} were left out</source>
        <translation>{count} Ereignisse von vor dem {day} wurden ausgelassen</translation>
    </message>
    <message>
        <source>{count} files</source>
        <translation>{count} Dateien</translation>
    </message>
    <message>
        <source>{count} hours</source>
        <translation>{count} Stunden</translation>
    </message>
    <message>
        <source>{count} minutes</source>
        <translation>{count} Minuten</translation>
    </message>
    <message>
        <source>{count} more were set aside, of which only the number is kept</source>
        <translation>{count} weitere wurden aussortiert; von ihnen ist nur die Zahl aufbewahrt</translation>
    </message>
    <message>
        <source>{count} of source {name} can&apos;t be events</source>
        <translation>{count} von Quelle {name} können keine Ereignisse sein</translation>
    </message>
    <message>
        <source>{count} problems</source>
        <translation>{count} Probleme</translation>
    </message>
    <message>
        <source>{count} seconds</source>
        <translation>{count} Sekunden</translation>
    </message>
    <message>
        <source>{days} ({which}), {events}</source>
        <translation>{days} ({which}), {events}</translation>
    </message>
    <message>
        <source>{events} set aside: other events with the same ids are there already. To see them: {command}</source>
        <translation>{events} aussortiert: Andere Ereignisse mit denselben IDs sind schon da. Um sie zu sehen: {command}</translation>
    </message>
    <message>
        <source>{events} stored.</source>
        <translation>{events} gespeichert.</translation>
    </message>
    <message>
        <source>{events} were there already.</source>
        <translation>Schon vorhanden: {events}.</translation>
    </message>
    <message>
        <source>{files} will be read again by the next run.</source>
        <translation>Der nächste Lauf liest erneut: {files}.</translation>
    </message>
    <message>
        <source>{files}; {events} shown.</source>
        <translation>{files}; {events} gezeigt.</translation>
    </message>
    <message>
        <source>{file} can&apos;t be read ({reason}).</source>
        <translation>{file} ist nicht lesbar ({reason}).</translation>
    </message>
    <message>
        <source>{file} can&apos;t be written ({why}).</source>
        <translation>{file} lässt sich nicht schreiben ({why}).</translation>
    </message>
    <message>
        <source>{file} is a key of PuTTY, which this program does not read.</source>
        <translation>{file} ist ein Schlüssel von PuTTY, den dieses Programm nicht liest.</translation>
    </message>
    <message>
        <source>{file} is a public key.</source>
        <translation>{file} ist ein öffentlicher Schlüssel.</translation>
    </message>
    <message>
        <source>{file} is damaged.</source>
        <translation>{file} ist beschädigt.</translation>
    </message>
    <message>
        <source>{file} is not as it should be.</source>
        <translation>{file} ist nicht, wie es sein soll.</translation>
    </message>
    <message>
        <source>{file} was deleted.</source>
        <translation>{file} wurde gelöscht.</translation>
    </message>
    <message>
        <source>{file}, {place}</source>
        <translation>{file}, {place}</translation>
    </message>
    <message>
        <source>{file}: as it was delivered.</source>
        <translation>{file}: wie zugestellt.</translation>
    </message>
    <message>
        <source>{first} is after {last}.</source>
        <translation>{first} liegt nach {last}.</translation>
    </message>
    <message>
        <source>{first} to {last}</source>
        <translation>{first} bis {last}</translation>
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
        <translation>{host} nahm die Verbindung an und schloss sie, ohne etwas zu sagen.</translation>
    </message>
    <message>
        <source>{host} accepted the connection and then said nothing.</source>
        <translation>{host} nahm die Verbindung an und sagte dann nichts.</translation>
    </message>
    <message>
        <source>{host} answers too slowly.</source>
        <translation>{host} antwortet zu langsam.</translation>
    </message>
    <message>
        <source>{host} cut the connection when it had got the key.</source>
        <translation>{host} hat die Verbindung getrennt, nachdem der Schlüssel angekommen war.</translation>
    </message>
    <message>
        <source>{host} cut the connection when it had got the password.</source>
        <translation>{host} hat die Verbindung getrennt, als er das Kennwort erhalten hatte.</translation>
    </message>
    <message>
        <source>{host} did not set up the connection by the rules of SSH ({reason}).</source>
        <translation>{host} hat die Verbindung nicht nach den Regeln von SSH aufgebaut ({reason}).</translation>
    </message>
    <message>
        <source>{host} does not answer on port {port}.</source>
        <translation>{host} antwortet nicht auf Port {port}.</translation>
    </message>
    <message>
        <source>{host} exchanges keys by a group of {bits} bits that is too short or has no prime modulus.</source>
        <translation>{host} tauscht Schlüssel mit einer Gruppe von {bits} Bit aus, die zu kurz ist oder deren Modul keine Primzahl ist.</translation>
    </message>
    <message>
        <source>{host} gave an answer of more than {size} bytes.</source>
        <translation>{host} gab eine Antwort von mehr als {size} Bytes.</translation>
    </message>
    <message>
        <source>{host} gave no whole answer ({reason}).</source>
        <translation>{host} gab keine vollständige Antwort ({reason}).</translation>
    </message>
    <message>
        <source>{host} gives no token ({status}{why}).</source>
        <translation>{host} gibt kein Token ({status}{why}).</translation>
    </message>
    <message>
        <source>{host} gives no token just now ({status}).</source>
        <translation>{host} gibt im Moment kein Token ({status}).</translation>
    </message>
    <message>
        <source>{host} got the key and did not answer.</source>
        <translation>{host} hat den Schlüssel bekommen und nicht geantwortet.</translation>
    </message>
    <message>
        <source>{host} got the password and did not answer.</source>
        <translation>{host} hat das Passwort erhalten und nicht geantwortet.</translation>
    </message>
    <message>
        <source>{host} is busy: it takes no more connections at the moment.</source>
        <translation>{host} ist ausgelastet: Im Moment nimmt er keine weiteren Verbindungen an.</translation>
    </message>
    <message>
        <source>{host} is too slow: after {seconds} seconds there was no end.</source>
        <translation>{host} ist zu langsam: Nach {seconds} Sekunden war kein Ende abzusehen.</translation>
    </message>
    <message>
        <source>{host} port {port}</source>
        <translation>{host} Port {port}</translation>
    </message>
    <message>
        <source>{host} redirects in a circle.</source>
        <translation>{host} leitet im Kreis weiter.</translation>
    </message>
    <message>
        <source>{host} redirects to another host, which would get the secret.</source>
        <translation>{host} leitet zu einem anderen Host weiter, der das Geheimnis bekäme.</translation>
    </message>
    <message>
        <source>{host} refuses the address of this computer for a while.</source>
        <translation>{host} weist die Adresse dieses Computers eine Zeit lang ab.</translation>
    </message>
    <message>
        <source>{host} refuses the connection on port {port}.</source>
        <translation>{host} lehnt die Verbindung auf Port {port} ab.</translation>
    </message>
    <message>
        <source>{hours} h {minutes} min</source>
        <translation>{hours} h {minutes} min</translation>
    </message>
    <message>
        <source>{key} in {path} can&apos;t be right.</source>
        <translation>{key} in {path} kann nicht stimmen.</translation>
    </message>
    <message>
        <source>{key} in {path} is missing.</source>
        <translation>{key} in {path} fehlt.</translation>
    </message>
    <message>
        <source>{key} is missing</source>
        <translation>{key} fehlt</translation>
    </message>
    <message>
        <source>{key} is missing: there is nothing at {paths}</source>
        <translation>{key} fehlt: Bei {paths} steht nichts</translation>
    </message>
    <message>
        <source>{key} is neither a text nor a whole number</source>
        <translation>{key} ist weder ein Text noch eine ganze Zahl</translation>
    </message>
    <message>
        <source>{key} is not a text, or is empty</source>
        <translation>{key} ist kein Text oder ist leer</translation>
    </message>
    <message>
        <source>{line} is no rule for {key}.</source>
        <translation>{line} ist keine Regel für {key}.</translation>
    </message>
    <message>
        <source>{message}
{hint}</source>
        <translation>{message}
{hint}</translation>
    </message>
    <message>
        <source>{name} begins a second chain.</source>
        <translation>{name} beginnt eine zweite Kette.</translation>
    </message>
    <message>
        <source>{name} can&apos;t be {value!r}.</source>
        <translation>{name} kann nicht {value!r} sein.</translation>
    </message>
    <message>
        <source>{name} has no time stamp: {problem} The next one goes for this archive as well.</source>
        <translation>{name} hat keinen Zeitstempel: {problem} Der nächste gilt auch für dieses Archiv.</translation>
    </message>
    <message>
        <source>{name} is missing, number {number} of the chain: {after} was made after it.</source>
        <translation>{name} fehlt, Nummer {number} der Kette: {after} entstand danach.</translation>
    </message>
    <message>
        <source>{name} is not as it was delivered, and was not saved.</source>
        <translation>{name} ist nicht, wie es zugestellt wurde, und wurde nicht gespeichert.</translation>
    </message>
    <message>
        <source>{name} is not on the server.</source>
        <translation>{name} ist nicht auf dem Server.</translation>
    </message>
    <message>
        <source>{name} is not signed; {first} was, before it.</source>
        <translation>{name} ist nicht signiert; {first} davor war es.</translation>
    </message>
    <message>
        <source>{name} is number 1, and names one before it.</source>
        <translation>{name} ist Nummer 1 und nennt doch eines davor.</translation>
    </message>
    <message>
        <source>{name} is signed by {key}, which is none of the signers of {instance}.</source>
        <translation>{name} ist von {key} signiert, der für {instance} nicht signieren darf.</translation>
    </message>
    <message>
        <source>{name} is signed by {key}, which was not valid at {at}.</source>
        <translation>{name} ist von {key} signiert, der am {at} nicht gültig war.</translation>
    </message>
    <message>
        <source>{name} is signed by {key}; by the archive before it, {due} is to sign.</source>
        <translation>{name} ist von {key} signiert; nach dem Archiv davor soll {due} signieren.</translation>
    </message>
    <message>
        <source>{name} says that it was made at {created}, after its time stamp of {at}: a clock was wrong.</source>
        <translation>{name} sagt, dass es um {created} entstand, nach seinem Zeitstempel von {at}: Eine Uhr ging falsch.</translation>
    </message>
    <message>
        <source>{name} takes no value.</source>
        <translation>{name} nimmt keinen Wert.</translation>
    </message>
    <message>
        <source>{name}: it has {events} events, of {sum} it says from which source they are.</source>
        <translation>{name}: Es hat {events} Ereignisse, von {sum} sagt es, aus welcher Quelle sie sind.</translation>
    </message>
    <message>
        <source>{name}: of the source {source}, {count} more could not be read.</source>
        <translation>{name}: Von der Quelle {source} konnten {count} weitere nicht gelesen werden.</translation>
    </message>
    <message>
        <source>{name}: of the source {source}, {what} was not read: {reason}</source>
        <translation>{name}: Von der Quelle {source} wurde {what} nicht gelesen: {reason}</translation>
    </message>
    <message>
        <source>{name}: of {read} records of the source {source}, {sum} are accounted for.</source>
        <translation>{name}: Von {read} Datensätzen der Quelle {source} ist der Verbleib von {sum} bekannt.</translation>
    </message>
    <message>
        <source>{name}: {problem}</source>
        <translation>{name}: {problem}</translation>
    </message>
    <message>
        <source>{one} or {other}</source>
        <translation>{one} oder {other}</translation>
    </message>
    <message>
        <source>{options} belong together.</source>
        <translation>{options} gehören zusammen.</translation>
    </message>
    <message>
        <source>{option} is for {other}.</source>
        <translation>{option} gehört zu {other}.</translation>
    </message>
    <message>
        <source>{option}: {reason}</source>
        <translation>{option}: {reason}</translation>
    </message>
    <message>
        <source>{path} can be read by other users.</source>
        <translation>{path} ist für andere Benutzer lesbar.</translation>
    </message>
    <message>
        <source>{path} can&apos;t be changed: {reason}.</source>
        <translation>{path} lässt sich nicht ändern: {reason}.</translation>
    </message>
    <message>
        <source>{path} can&apos;t be looked at ({reason}).</source>
        <translation>{path} lässt sich nicht ansehen ({reason}).</translation>
    </message>
    <message>
        <source>{path} can&apos;t be read ({reason}).</source>
        <translation>{path} ist nicht lesbar ({reason}).</translation>
    </message>
    <message>
        <source>{path} could not be read or written ({reason}).</source>
        <translation>{path} konnte nicht gelesen oder geschrieben werden ({reason}).</translation>
    </message>
    <message>
        <source>{path} could not be renamed ({reason}).</source>
        <translation>{path} ließ sich nicht umbenennen ({reason}).</translation>
    </message>
    <message>
        <source>{path} could not be written ({reason}).</source>
        <translation>{path} ließ sich nicht schreiben ({reason}).</translation>
    </message>
    <message>
        <source>{path} does not count, for any user of this computer may have made it: {reason}. An administrator can delete it, or make file and folder the Administrators&apos; own.</source>
        <translation>{path} gilt nicht, denn jeder Benutzer dieses Computers kann die Datei angelegt haben: {reason}. Ein Administrator kann sie löschen oder Datei und Ordner den Administratoren übereignen.</translation>
    </message>
    <message>
        <source>{path} has a setting that this version does not know: {key}.</source>
        <translation>{path} enthält eine Einstellung, die diese Version nicht kennt: {key}.</translation>
    </message>
    <message>
        <source>{path} has a source of a kind that this version does not know: {kind}.</source>
        <translation>{path} hat eine Quelle einer Art, die diese Version nicht kennt: {kind}.</translation>
    </message>
    <message>
        <source>{path} has no certificates in it (PEM).</source>
        <translation>{path} enthält keine Zertifikate (PEM).</translation>
    </message>
    <message>
        <source>{path} has no settings in it.</source>
        <translation>{path} enthält keine Einstellungen.</translation>
    </message>
    <message>
        <source>{path} is a folder.</source>
        <translation>{path} ist ein Ordner.</translation>
    </message>
    <message>
        <source>{path} is a link, so nothing is logged.</source>
        <translation>{path} ist ein Link, deshalb wird nichts protokolliert.</translation>
    </message>
    <message>
        <source>{path} is a link; it must be a file.</source>
        <translation>{path} ist ein Link; es muss eine Datei sein.</translation>
    </message>
    <message>
        <source>{path} is no folder.</source>
        <translation>{path} ist kein Ordner.</translation>
    </message>
    <message>
        <source>{path} is not UTF-8 text.</source>
        <translation>{path} ist kein UTF-8-Text.</translation>
    </message>
    <message>
        <source>{path} is not safe: {reason}.</source>
        <translation>{path} ist nicht sicher: {reason}.</translation>
    </message>
    <message>
        <source>{path} is not valid TOML: {reason}.</source>
        <translation>{path} ist kein gültiges TOML: {reason}.</translation>
    </message>
    <message>
        <source>{path} is there already, and is another file.</source>
        <translation>{path} ist schon da und ist eine andere Datei.</translation>
    </message>
    <message>
        <source>{path} on the server is no folder.</source>
        <translation>{path} auf dem Server ist kein Ordner.</translation>
    </message>
    <message>
        <source>{path} was written by a newer version of this program (its version is {version}).</source>
        <translation>{path} stammt von einer neueren Version dieses Programms (Dateiversion {version}).</translation>
    </message>
    <message>
        <source>{path}: {problem}</source>
        <translation>{path}: {problem}</translation>
    </message>
    <message>
        <source>{place}, record {number}</source>
        <translation>{place}, Datensatz {number}</translation>
    </message>
    <message>
        <source>{previous} has the manifest that {name} was made after, but is another file.</source>
        <translation>{previous} hat das Manifest, nach dem {name} entstand, ist aber eine andere Datei.</translation>
    </message>
    <message>
        <source>{previous} is missing: {name} was made after it.</source>
        <translation>{previous} fehlt: {name} entstand danach.</translation>
    </message>
    <message>
        <source>{previous} is not the archive that {name} was made after.</source>
        <translation>{previous} ist nicht das Archiv, nach dem {name} entstand.</translation>
    </message>
    <message>
        <source>{problem} Trying again in {seconds} s.</source>
        <translation>{problem} Neuer Versuch in {seconds} s.</translation>
    </message>
    <message>
        <source>{problem} {more} more could not be read.</source>
        <translation>{problem} {more} weitere waren nicht lesbar.</translation>
    </message>
    <message>
        <source>{problem}: are these {unit}?</source>
        <translation>{problem}: Sind das {unit}?</translation>
    </message>
    <message>
        <source>{program} could not be asked ({why}).</source>
        <translation>{program} ließ sich nicht befragen ({why}).</translation>
    </message>
    <message>
        <source>{reason} ({count})</source>
        <translation>{reason} ({count})</translation>
    </message>
    <message>
        <source>{records} is no list</source>
        <translation>{records} ist keine Liste</translation>
    </message>
    <message>
        <source>{server!r} is no mail server.</source>
        <translation>{server!r} ist kein Mailserver.</translation>
    </message>
    <message>
        <source>{setting}: {problem}</source>
        <translation>{setting}: {problem}</translation>
    </message>
    <message>
        <source>{status} is no status that asks to wait.</source>
        <translation>{status} ist kein Status, der um Warten bittet.</translation>
    </message>
    <message>
        <source>{step} …</source>
        <translation>{step} …</translation>
    </message>
    <message>
        <source>{text!r} can&apos;t be the value of {key}.</source>
        <translation>{text!r} kann nicht der Wert von {key} sein.</translation>
    </message>
    <message>
        <source>{text!r} is no mail address.</source>
        <translation>{text!r} ist keine Mailadresse.</translation>
    </message>
    <message>
        <source>{text!r} is no span of time.</source>
        <translation>{text!r} ist keine Zeitspanne.</translation>
    </message>
    <message>
        <source>{text!r} is no time of day.</source>
        <translation>{text!r} ist keine Uhrzeit.</translation>
    </message>
    <message>
        <source>{text!r} is no way to write times.</source>
        <translation>{text!r} ist keine Schreibweise für Zeiten.</translation>
    </message>
    <message>
        <source>{text} is not of the form KEY=PATH[,PATH...] or KEY==TEXT.</source>
        <translation>{text} hat nicht die Form SCHLÜSSEL=PFAD[,PFAD...] oder SCHLÜSSEL==TEXT.</translation>
    </message>
    <message>
        <source>{text} is not of the form KEY=VALUE.</source>
        <translation>{text} hat nicht die Form SCHLÜSSEL=WERT.</translation>
    </message>
    <message>
        <source>{text} is not of the form TABLE.KEY=VALUE.</source>
        <translation>{text} hat nicht die Form TABELLE.SCHLÜSSEL=WERT.</translation>
    </message>
    <message>
        <source>{timer} is not enabled.</source>
        <translation>{timer} ist nicht aktiviert.</translation>
    </message>
    <message>
        <source>{timer} was stopped.</source>
        <translation>{timer} wurde angehalten.</translation>
    </message>
    <message>
        <source>{url!r} is no address of a monitor.</source>
        <translation>{url!r} ist keine Adresse eines Überwachungsdienstes.</translation>
    </message>
    <message>
        <source>{url!r} is no address of a service.</source>
        <translation>{url!r} ist keine Adresse eines Dienstes.</translation>
    </message>
    <message>
        <source>{url!r} is no address of a time-stamp service.</source>
        <translation>{url!r} ist keine Adresse eines Zeitstempeldienstes.</translation>
    </message>
    <message>
        <source>{url!r} is no address of objects.</source>
        <translation>{url!r} ist keine Adresse von Objekten.</translation>
    </message>
    <message>
        <source>{url} gave no time stamp ({reason}).</source>
        <translation>{url} gab keinen Zeitstempel ({reason}).</translation>
    </message>
    <message>
        <source>{url} gave no time stamp of what was asked ({reason}).</source>
        <translation>{url} gab keinen Zeitstempel dessen, was gefragt war ({reason}).</translation>
    </message>
    <message>
        <source>{url} gave too long an answer.</source>
        <translation>{url} gab eine zu lange Antwort.</translation>
    </message>
    <message>
        <source>{url} is not encrypted: whoever listens would read the secret.</source>
        <translation>{url} ist nicht verschlüsselt: Wer mithört, läse das Geheimnis.</translation>
    </message>
    <message>
        <source>{user} has a daily task of their own.</source>
        <translation>{user} hat eine eigene tägliche Aufgabe.</translation>
    </message>
    <message>
        <source>{user} has no settings yet.</source>
        <translation>{user} hat noch keine Einstellungen.</translation>
    </message>
    <message>
        <source>{user}, by {method}</source>
        <translation>{user}, per {method}</translation>
    </message>
    <message>
        <source>{what} is kept in {keeper}: {explains}</source>
        <translation>{what} wird gespeichert in {keeper}: {explains}</translation>
    </message>
    <message>
        <source>{what} {waiting}</source>
        <translation>{what} {waiting}</translation>
    </message>
</context>
<context>
    <name>SetAsidePart</name>
    <message>
        <source>Set aside</source>
        <translation>Aussortiert</translation>
    </message>
    <message>
        <source>&amp;Try again</source>
        <translation>Erneut &amp;versuchen</translation>
    </message>
    <message>
        <source>Records that were set aside</source>
        <translation>Aussortierte Datensätze</translation>
    </message>
    <message>
        <source>The record as it was read</source>
        <translation>Der Datensatz, wie er gelesen wurde</translation>
    </message>
    <message>
        <source>Its content is not kept.</source>
        <translation>Sein Inhalt ist nicht aufbewahrt.</translation>
    </message>
    <message>
        <source>Place</source>
        <translation>Stelle</translation>
    </message>
    <message>
        <source>Where</source>
        <translation>Wo</translation>
    </message>
    <message>
        <source>Why it is no event</source>
        <translation>Grund</translation>
    </message>
</context>
<context>
    <name>Settings</name>
    <message>
        <source>&amp;Instance name</source>
        <translation>Inst&amp;anzname</translation>
    </message>
    <message>
        <source>&amp;Key Exchange Algorithm</source>
        <translation>Schlüssela&amp;ustausch</translation>
    </message>
    <message>
        <source>&amp;User</source>
        <translation>Benut&amp;zer</translation>
    </message>
    <message>
        <source>25, or the 0 or 1 that some SIEMs insist on.</source>
        <translation>25, oder 0 oder 1, worauf manche SIEMs bestehen.</translation>
    </message>
    <message>
        <source>Address of an RFC 3161 service that says when archives existed; empty for none.</source>
        <translation>Adresse eines Dienstes nach RFC 3161, der bezeugt, wann es Archive gab; leer für keinen.</translation>
    </message>
    <message>
        <source>Address that a monitor wants to be called at after each daily run, with /fail at its end after a failure; empty for none.</source>
        <translation>Adresse, die ein Überwachungsdienst nach jedem täglichen Lauf aufgerufen haben will, nach einem Fehler mit /fail am Ende; leer für keine.</translation>
    </message>
    <message>
        <source>CEF version</source>
        <translation>CEF-Version</translation>
    </message>
    <message>
        <source>Ci&amp;phers</source>
        <translation>Ch&amp;iffren</translation>
    </message>
    <message>
        <source>Dai&amp;ly at</source>
        <translation>Täg&amp;lich um</translation>
    </message>
    <message>
        <source>Days after which delivered events are deleted here; 0 keeps all.</source>
        <translation>Tage, nach denen zugestellte Ereignisse hier gelöscht werden; 0 behält alle.</translation>
    </message>
    <message>
        <source>Device product</source>
        <translation>Geräteprodukt</translation>
    </message>
    <message>
        <source>Device vendor</source>
        <translation>Gerätehersteller</translation>
    </message>
    <message>
        <source>E&amp;xport</source>
        <translation>E&amp;xport</translation>
    </message>
    <message>
        <source>Each installation starts at its own moment within this span after the daily time, as in 30m or 2h; 0m for all at that time.</source>
        <translation>Jede Installation beginnt zu ihrem eigenen Zeitpunkt in dieser Spanne nach der täglichen Zeit, etwa 30m oder 2h; 0m für alle zur selben Zeit.</translation>
    </message>
    <message>
        <source>Export &amp;format</source>
        <translation>Export&amp;format</translation>
    </message>
    <message>
        <source>H&amp;MAC</source>
        <translation>H&amp;MAC</translation>
    </message>
    <message>
        <source>Keep delivered events</source>
        <translation>Zugestellte Ereignisse behalten</translation>
    </message>
    <message>
        <source>Key file</source>
        <translation>Schlüsseldatei</translation>
    </message>
    <message>
        <source>Local time of day, as in 02:00.</source>
        <translation>Ortszeit, etwa 02:00.</translation>
    </message>
    <message>
        <source>Log in with</source>
        <translation>Anmelden mit</translation>
    </message>
    <message>
        <source>Ping a monitor</source>
        <translation>Überwachungsdienst anpingen</translation>
    </message>
    <message>
        <source>Se&amp;rver</source>
        <translation>Se&amp;rver</translation>
    </message>
    <message>
        <source>Send a message each week while all is well, to the address that failures are reported to.</source>
        <translation>Jede Woche, in der alles in Ordnung ist, eine Nachricht an die Adresse senden, an die Fehler gemeldet werden.</translation>
    </message>
    <message>
        <source>Server p&amp;ath</source>
        <translation>Server&amp;pfad</translation>
    </message>
    <message>
        <source>Spread over</source>
        <translation>Verteilt über</translation>
    </message>
    <message>
        <source>Tells this installation&apos;s archives from another&apos;s on the same server path.</source>
        <translation>Unterscheidet die Archive dieser Installation von denen einer anderen im selben Serverpfad.</translation>
    </message>
    <message>
        <source>The SFTP server&apos;s name or address, with :port unless it is 22.</source>
        <translation>Name oder Adresse des SFTP-Servers, mit :Port, wenn er nicht 22 ist.</translation>
    </message>
    <message>
        <source>The ciphers offered to the server.</source>
        <translation>Die Chiffren, die dem Server angeboten werden.</translation>
    </message>
    <message>
        <source>The folder on the server, as in /Users/Test/Export or C:\Exports.</source>
        <translation>Der Ordner auf dem Server, etwa /Users/Test/Export oder C:\Exports.</translation>
    </message>
    <message>
        <source>The key exchange algorithms offered to the server.</source>
        <translation>Die Verfahren für den Schlüsselaustausch, die dem Server angeboten werden.</translation>
    </message>
    <message>
        <source>The message authentication codes offered to the server.</source>
        <translation>Die Message Authentication Codes, die dem Server angeboten werden.</translation>
    </message>
    <message>
        <source>The private key to log in with. With an agent: the public key of the one to use; empty for all that it has.</source>
        <translation>Der private Schlüssel für die Anmeldung. Mit einem Agenten: der öffentliche Schlüssel dessen, der gemeint ist; leer für alle, die er hat.</translation>
    </message>
    <message>
        <source>The second field of a CEF header.</source>
        <translation>Das zweite Feld eines CEF-Headers.</translation>
    </message>
    <message>
        <source>The switch: whether the daily export runs.</source>
        <translation>Der Schalter: ob der tägliche Export läuft.</translation>
    </message>
    <message>
        <source>The third field of a CEF header.</source>
        <translation>Das dritte Feld eines CEF-Headers.</translation>
    </message>
    <message>
        <source>The user on the server.</source>
        <translation>Der Benutzer auf dem Server.</translation>
    </message>
    <message>
        <source>Time &amp;zone</source>
        <translation>Zeitz&amp;one</translation>
    </message>
    <message>
        <source>Time-stamp service</source>
        <translation>Zeitstempeldienst</translation>
    </message>
    <message>
        <source>Weekly report</source>
        <translation>Wöchentliche Meldung</translation>
    </message>
    <message>
        <source>Where a day begins and ends: local, UTC or a name such as Europe/Berlin.</source>
        <translation>Wo ein Tag beginnt und endet: local, UTC oder ein Name wie Europe/Berlin.</translation>
    </message>
    <message>
        <source>json, or cef (Common Event Format).</source>
        <translation>json oder cef (Common Event Format).</translation>
    </message>
    <message>
        <source>password, key (a private key in a file) or agent (a key that an SSH agent has).</source>
        <translation>password, key (ein privater Schlüssel in einer Datei) oder agent (ein Schlüssel, den ein SSH-Agent hat).</translation>
    </message>
</context>
<context>
    <name>SignedOutDialog</name>
    <message>
        <source>&amp;Set up</source>
        <translation>&amp;Einrichten</translation>
    </message>
    <message>
        <source>A night on which you are not signed in is missed. Nothing is lost: the next run also exports the days that were missed.</source>
        <translation>Eine Nacht, in der Sie nicht angemeldet sind, fällt aus. Nichts geht verloren: Der nächste Lauf exportiert auch die ausgefallenen Tage.</translation>
    </message>
    <message>
        <source>Run &amp;also while I am signed out</source>
        <translation>&amp;Auch ausführen, während ich abgemeldet bin</translation>
    </message>
    <message>
        <source>Run &amp;only while I am signed in</source>
        <translation>&amp;Nur ausführen, während ich angemeldet bin</translation>
    </message>
    <message>
        <source>The export runs every night on which this computer is on. For that, Windows wants your password and keeps it; this program does not. When you change your password in Windows, type the new one here as well: until then, nights on which you are signed out are missed.</source>
        <translation>Der Export läuft in jeder Nacht, in der dieser Computer eingeschaltet ist. Dafür verlangt Windows Ihr Passwort und bewahrt es auf; dieses Programm nicht. Wenn Sie Ihr Passwort in Windows ändern, geben Sie das neue auch hier ein: Bis dahin fallen Nächte aus, in denen Sie abgemeldet sind.</translation>
    </message>
    <message>
        <source>When the daily export runs</source>
        <translation>Wann der tägliche Export läuft</translation>
    </message>
    <message>
        <source>Your &amp;Windows password (not the PIN)</source>
        <translation>Ihr &amp;Windows-Passwort (nicht die PIN)</translation>
    </message>
</context>
<context>
    <name>SourceCatalogue</name>
    <message>
        <source>Where are your audit events?</source>
        <translation>Wo sind Ihre Audit-Ereignisse?</translation>
    </message>
    <message>
        <source>Search the catalogue</source>
        <translation>Katalog durchsuchen</translation>
    </message>
    <message>
        <source>Search: Okta, CSV, PostgreSQL, S3 …</source>
        <translation>Suchen: Okta, CSV, PostgreSQL, S3 …</translation>
    </message>
    <message>
        <source>Where events can be collected from</source>
        <translation>Woher Ereignisse eingelesen werden können</translation>
    </message>
    <message>
        <source>Nothing else matches. Another service can be collected from if it has an audit API in JSON; files that it writes can be collected from a folder.</source>
        <translation>Sonst passt nichts. Ein anderer Dienst kann eingelesen werden, wenn er eine Audit-API in JSON hat; Dateien, die er schreibt, aus einem Ordner.</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Abbrechen</translation>
    </message>
    <message>
        <source>&amp;Next</source>
        <translation>&amp;Weiter</translation>
    </message>
    <message>
        <source>At a service</source>
        <translation>Bei einem Dienst</translation>
    </message>
    <message>
        <source>On a server</source>
        <translation>Auf einem Server</translation>
    </message>
    <message>
        <source>On this computer</source>
        <translation>Auf diesem Computer</translation>
    </message>
</context>
<context>
    <name>SourceEditor</name>
    <message>
        <source>&amp;Name</source>
        <translation>&amp;Name</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>Name</translation>
    </message>
    <message>
        <source>More settings</source>
        <translation>Weitere Einstellungen</translation>
    </message>
    <message>
        <source>&amp;Records of</source>
        <translation>D&amp;atensätze von</translation>
    </message>
    <message>
        <source>Records of</source>
        <translation>Datensätze von</translation>
    </message>
    <message>
        <source>Times</source>
        <translation>Zeiten</translation>
    </message>
    <message>
        <source>How times are written</source>
        <translation>Wie Zeiten geschrieben sind</translation>
    </message>
    <message>
        <source>&amp;Zone</source>
        <translation>&amp;Zeitzone</translation>
    </message>
    <message>
        <source>Zone of times without one</source>
        <translation>Zeitzone von Zeiten ohne eine</translation>
    </message>
    <message>
        <source>of times without one: UTC, or a name such as Europe/Berlin</source>
        <translation>von Zeiten ohne eine: UTC oder ein Name wie Europe/Berlin</translation>
    </message>
    <message>
        <source>Events in a record</source>
        <translation>Ereignisse im Datensatz</translation>
    </message>
    <message>
        <source>Key path of a list of events in a record</source>
        <translation>Schlüsselpfad einer Liste von Ereignissen im Datensatz</translation>
    </message>
    <message>
        <source>the key path of a list, each thing in which is an event</source>
        <translation>der Schlüsselpfad einer Liste, in der jedes Ding ein Ereignis ist</translation>
    </message>
    <message>
        <source>Where an event&apos;s values are in a record</source>
        <translation>Wo die Werte eines Ereignisses im Datensatz stehen</translation>
    </message>
    <message>
        <source>A key path such as user.name; of several with commas, the first that fits counts. =text is always that text, {first} {last} a template. What is not mapped is kept as it is.</source>
        <translation>Ein Schlüsselpfad wie user.name; von mehreren mit Kommas zählt der erste, der passt. =Text ist immer dieser Text, {first} {last} eine Vorlage. Was nicht zugeordnet ist, bleibt, wie es ist.</translation>
    </message>
    <message>
        <source>Back</source>
        <translation>Zurück</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Abbrechen</translation>
    </message>
    <message>
        <source>Sa&amp;ve source</source>
        <translation>Quelle &amp;speichern</translation>
    </message>
    <message>
        <source>Another system: map them below</source>
        <translation>Anderes System: unten zuordnen</translation>
    </message>
    <message>
        <source>Create there: {what}</source>
        <translation>Dort anlegen: {what}</translation>
    </message>
    <message>
        <source>Fill in where the records are to see how they become events.</source>
        <translation>Eintragen, wo die Datensätze sind, um zu sehen, wie sie zu Ereignissen werden.</translation>
    </message>
    <message>
        <source>Keeps its events for {days} days.</source>
        <translation>Behält seine Ereignisse {days} Tage.</translation>
    </message>
    <message>
        <source>Looking at the first records…</source>
        <translation>Die ersten Datensätze werden angesehen …</translation>
    </message>
    <message>
        <source>New source: {title}</source>
        <translation>Neue Quelle: {title}</translation>
    </message>
    <message>
        <source>The right it needs: {right}</source>
        <translation>Benötigtes Recht: {right}</translation>
    </message>
    <message>
        <source>When all is filled in, test it and see how the first records become events.</source>
        <translation>Wenn alles ausgefüllt ist, testen Sie die Quelle und sehen, wie aus den ersten Datensätzen Ereignisse werden.</translation>
    </message>
    <message>
        <source>Source {name}</source>
        <translation>Quelle {name}</translation>
    </message>
</context>
<context>
    <name>SourcePreview</name>
    <message>
        <source>Preview</source>
        <translation>Vorschau</translation>
    </message>
    <message>
        <source>Test and preview</source>
        <translation>Testen und Vorschau</translation>
    </message>
    <message>
        <source>Preview of the first records</source>
        <translation>Vorschau der ersten Datensätze</translation>
    </message>
    <message>
        <source>As it was read</source>
        <translation>Wie gelesen</translation>
    </message>
    <message>
        <source>The record that was chosen, as it was read</source>
        <translation>Der gewählte Datensatz, wie er gelesen wurde</translation>
    </message>
    <message>
        <source>As it is exported</source>
        <translation>Wie exportiert</translation>
    </message>
    <message>
        <source>The event that was chosen, as it is exported</source>
        <translation>Das gewählte Ereignis, wie es exportiert wird</translation>
    </message>
    <message>
        <source>Action</source>
        <translation>Aktion</translation>
    </message>
    <message>
        <source>Entity</source>
        <translation>Objekt</translation>
    </message>
    <message>
        <source>Entity type</source>
        <translation>Objekttyp</translation>
    </message>
    <message>
        <source>It is set aside: {reason}</source>
        <translation>Er wird aussortiert: {reason}</translation>
    </message>
    <message>
        <source>No records were found there. {things}: {count}</source>
        <translation>Dort wurden keine Datensätze gefunden. {things}: {count}</translation>
    </message>
    <message>
        <source>Of the first {records} records, events: {events}, set aside: {set_aside}. {things}: {count}</source>
        <translation>Von den ersten {records} Datensätzen sind Ereignisse: {events}, aussortiert: {set_aside}. {things}: {count}</translation>
    </message>
    <message>
        <source>When</source>
        <translation>Wann</translation>
    </message>
</context>
<context>
    <name>SourcesModel</name>
    <message>
        <source>Name</source>
        <translation>Name</translation>
    </message>
    <message>
        <source>Last read</source>
        <translation>Zuletzt gelesen</translation>
    </message>
    <message>
        <source>Set aside</source>
        <translation>Aussortiert</translation>
    </message>
    <message>
        <source>Stored</source>
        <translation>Gespeichert</translation>
    </message>
    <message>
        <source>Where</source>
        <translation>Wo</translation>
    </message>
    <message>
        <source>not yet</source>
        <translation>noch nicht</translation>
    </message>
</context>
<context>
    <name>SourcesPage</name>
    <message>
        <source>Sources</source>
        <translation>Quellen</translation>
    </message>
    <message>
        <source>&amp;Add a source</source>
        <translation>Quelle hin&amp;zufügen</translation>
    </message>
    <message>
        <source>Before every export, new events are collected from these places. What &quot;audit-trails-export record&quot; stores is exported anyway.</source>
        <translation>Vor jedem Export werden neue Ereignisse von diesen Orten eingelesen. Was „audit-trails-export record“ speichert, wird ohnehin exportiert.</translation>
    </message>
    <message>
        <source>No sources yet</source>
        <translation>Noch keine Quellen</translation>
    </message>
    <message>
        <source>Add the place where your audit events are: a service, a database, a folder of files.</source>
        <translation>Fügen Sie hinzu, wo Ihre Audit-Ereignisse sind: einen Dienst, eine Datenbank, einen Ordner mit Dateien.</translation>
    </message>
    <message>
        <source>&amp;Change…</source>
        <translation>Än&amp;dern …</translation>
    </message>
    <message>
        <source>&amp;Remove…</source>
        <translation>Ent&amp;fernen …</translation>
    </message>
    <message>
        <source>&amp;Discard the changes</source>
        <translation>Änderungen &amp;verwerfen</translation>
    </message>
    <message>
        <source>&amp;Remove</source>
        <translation>&amp;Entfernen</translation>
    </message>
    <message>
        <source>Files that the next export reads again: {count}.</source>
        <translation>Dateien, die der nächste Export noch einmal liest: {count}.</translation>
    </message>
    <message>
        <source>Go to Export</source>
        <translation>Zu Export</translation>
    </message>
    <message>
        <source>Its files stay as they are.</source>
        <translation>Die Dateien bleiben, wie sie sind.</translation>
    </message>
    <message>
        <source>Tried again: {tried}. Stored: {stored}, repeated: {repeated}, set aside: {set_aside}.</source>
        <translation>Erneut versucht: {tried}. Gespeichert: {stored}, wiederholt: {repeated}, aussortiert: {set_aside}.</translation>
    </message>
    <message>
        <source>Remove the source {name}?</source>
        <translation>Die Quelle {name} entfernen?</translation>
    </message>
    <message>
        <source>Keep &amp;editing</source>
        <translation>Weiter &amp;bearbeiten</translation>
    </message>
    <message>
        <source>The source is not saved.</source>
        <translation>Die Quelle ist nicht gespeichert.</translation>
    </message>
    <message>
        <source>Your organisation has set the sources of this computer.</source>
        <translation>Die Quellen dieses Computers sind von der Organisation festgelegt.</translation>
    </message>
</context>
<context>
    <name>StandingLine</name>
    <message>
        <source>Details</source>
        <translation>Details</translation>
    </message>
    <message>
        <source>Later</source>
        <translation>Später</translation>
    </message>
</context>
<context>
    <name>StatusTiles</name>
    <message numerus="yes">
        <source>%n day(s)</source>
        <translation>
            <numerusform>%n Tag</numerusform>
            <numerusform>%n Tage</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n event(s) delivered</source>
        <translation>
            <numerusform>%n Ereignis zugestellt</numerusform>
            <numerusform>%n Ereignisse zugestellt</numerusform>
        </translation>
    </message>
    <message>
        <source>0 days</source>
        <translation>0 Tage</translation>
    </message>
    <message>
        <source>All days that ended are on the server.</source>
        <translation>Alle abgeschlossenen Tage sind auf dem Server.</translation>
    </message>
    <message>
        <source>By your own scheduler</source>
        <translation>Durch Ihren eigenen Zeitplaner</translation>
    </message>
    <message>
        <source>Failed</source>
        <translation>Fehlgeschlagen</translation>
    </message>
    <message>
        <source>Failed: {why}</source>
        <translation>Fehlgeschlagen: {why}</translation>
    </message>
    <message>
        <source>Interrupted. The next export continues.</source>
        <translation>Unterbrochen. Der nächste Export macht weiter.</translation>
    </message>
    <message>
        <source>None</source>
        <translation>Keiner</translation>
    </message>
    <message>
        <source>None yet</source>
        <translation>Noch keiner</translation>
    </message>
    <message>
        <source>Not arranged</source>
        <translation>Nicht eingerichtet</translation>
    </message>
    <message>
        <source>Not known</source>
        <translation>Nicht bekannt</translation>
    </message>
    <message>
        <source>Nothing waits.</source>
        <translation>Nichts wartet.</translation>
    </message>
    <message>
        <source>Nothing was due.</source>
        <translation>Nichts stand an.</translation>
    </message>
    <message>
        <source>Running now</source>
        <translation>Läuft gerade</translation>
    </message>
    <message>
        <source>See above.</source>
        <translation>Siehe oben.</translation>
    </message>
    <message>
        <source>Since {when}, by the daily task</source>
        <translation>Seit {when}, von der täglichen Aufgabe</translation>
    </message>
    <message>
        <source>Since {when}, from the command line</source>
        <translation>Seit {when}, von der Befehlszeile</translation>
    </message>
    <message>
        <source>Stopped. The next export continues.</source>
        <translation>Angehalten. Der nächste Export macht weiter.</translation>
    </message>
    <message>
        <source>Since {when}, from this window</source>
        <translation>Seit {when}, aus diesem Fenster</translation>
    </message>
    <message>
        <source>Started by {scheduler}, also while you are signed out</source>
        <translation>Start durch {scheduler}, auch während Sie abgemeldet sind</translation>
    </message>
    <message>
        <source>Started by {scheduler}, only while you are signed in</source>
        <translation>Start durch {scheduler}, nur während Sie angemeldet sind</translation>
    </message>
    <message>
        <source>The export is off.</source>
        <translation>Der Export ist aus.</translation>
    </message>
    <message>
        <source>What was delivered will be here.</source>
        <translation>Hier wird stehen, was zugestellt wurde.</translation>
    </message>
    <message numerus="yes">
        <source>{which}, %n event(s)</source>
        <translation>
            <numerusform>{which}, %n Ereignis</numerusform>
            <numerusform>{which}, %n Ereignisse</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>Stepper</name>
    <message>
        <source>Events from</source>
        <translation>Ereignisse aus</translation>
    </message>
    <message>
        <source>Server</source>
        <translation>Server</translation>
    </message>
    <message>
        <source>Switch on</source>
        <translation>Einschalten</translation>
    </message>
</context>
<context>
    <name>StepsStrip</name>
    <message>
        <source>Agreeing on algorithms</source>
        <translation>Algorithmen vereinbaren</translation>
    </message>
    <message>
        <source>Algorithms</source>
        <translation>Algorithmen</translation>
    </message>
    <message>
        <source>Algorithms agreed</source>
        <translation>Algorithmen vereinbart</translation>
    </message>
    <message>
        <source>Checking the host key</source>
        <translation>Host-Schlüssel prüfen</translation>
    </message>
    <message>
        <source>Connected</source>
        <translation>Verbunden</translation>
    </message>
    <message>
        <source>Connecting</source>
        <translation>Verbinden</translation>
    </message>
    <message>
        <source>Connection</source>
        <translation>Verbindung</translation>
    </message>
    <message>
        <source>Deleted</source>
        <translation>Gelöscht</translation>
    </message>
    <message>
        <source>Deleting</source>
        <translation>Löschen</translation>
    </message>
    <message>
        <source>Deleting it</source>
        <translation>Wieder löschen</translation>
    </message>
    <message>
        <source>Host key</source>
        <translation>Host-Schlüssel</translation>
    </message>
    <message>
        <source>Host key known</source>
        <translation>Host-Schlüssel bekannt</translation>
    </message>
    <message>
        <source>Looking for the path</source>
        <translation>Pfad suchen</translation>
    </message>
    <message>
        <source>Looking up the name</source>
        <translation>Namen auflösen</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>Name</translation>
    </message>
    <message>
        <source>Name found</source>
        <translation>Name aufgelöst</translation>
    </message>
    <message>
        <source>Path found</source>
        <translation>Pfad gefunden</translation>
    </message>
    <message>
        <source>Renamed</source>
        <translation>Umbenannt</translation>
    </message>
    <message>
        <source>Renaming</source>
        <translation>Umbenennen</translation>
    </message>
    <message>
        <source>Renaming it</source>
        <translation>Umbenennen</translation>
    </message>
    <message>
        <source>Server path</source>
        <translation>Serverpfad</translation>
    </message>
    <message>
        <source>Sign-in</source>
        <translation>Anmeldung</translation>
    </message>
    <message>
        <source>Signed in</source>
        <translation>Angemeldet</translation>
    </message>
    <message>
        <source>Signing in</source>
        <translation>Anmelden</translation>
    </message>
    <message>
        <source>Writing</source>
        <translation>Schreiben</translation>
    </message>
    <message>
        <source>Writing a file</source>
        <translation>Datei schreiben</translation>
    </message>
    <message>
        <source>Written</source>
        <translation>Geschrieben</translation>
    </message>
    <message>
        <source>{step} failed</source>
        <translation>Fehlgeschlagen: {step}</translation>
    </message>
    <message>
        <source>Whose host key is it?</source>
        <translation>Wessen Host-Key ist das?</translation>
    </message>
</context>
<context>
    <name>Summary</name>
    <message numerus="yes">
        <source>%n HMAC(s)</source>
        <translation>
            <numerusform>%n HMAC</numerusform>
            <numerusform>%n HMACs</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n cipher(s)</source>
        <translation>
            <numerusform>%n Verschlüsselung</numerusform>
            <numerusform>%n Verschlüsselungen</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n key exchange(s)</source>
        <translation>
            <numerusform>%n Schlüsselaustausch</numerusform>
            <numerusform>%n Schlüsselaustausche</numerusform>
        </translation>
    </message>
    <message>
        <source>E&amp;dit</source>
        <translation>&amp;Bearbeiten</translation>
    </message>
    <message>
        <source>S&amp;how all settings</source>
        <translation>Alle &amp;Einstellungen zeigen</translation>
    </message>
    <message>
        <source>SSH agent</source>
        <translation>SSH-Agent</translation>
    </message>
    <message>
        <source>SSH key</source>
        <translation>SSH-Schlüssel</translation>
    </message>
    <message>
        <source>Show fewer settings</source>
        <translation>Weniger Einstellungen zeigen</translation>
    </message>
    <message>
        <source>by your own scheduler</source>
        <translation>durch Ihren eigenen Zeitplaner</translation>
    </message>
    <message>
        <source>daily {time}</source>
        <translation>täglich {time}</translation>
    </message>
    <message>
        <source>{algorithms}; {weak} weak</source>
        <translation>{algorithms}; davon schwach: {weak}</translation>
    </message>
</context>
<context>
    <name>Switch</name>
    <message>
        <source>OFF</source>
        <translation>AUS</translation>
    </message>
    <message>
        <source>ON</source>
        <translation>AN</translation>
    </message>
</context>
<context>
    <name>TaskRuns</name>
    <message>
        <source>Change</source>
        <translation>Ändern</translation>
    </message>
    <message>
        <source>Choose whether the daily task runs also while you are signed out</source>
        <translation>Wählen, ob die tägliche Aufgabe auch läuft, während Sie abgemeldet sind</translation>
    </message>
    <message>
        <source>Not known now</source>
        <translation>Zurzeit nicht bekannt</translation>
    </message>
    <message>
        <source>Run also while I am signed out</source>
        <translation>Auch ausführen, während ich abgemeldet bin</translation>
    </message>
    <message>
        <source>Runs also while you are signed out</source>
        <translation>Läuft auch, während Sie abgemeldet sind</translation>
    </message>
    <message>
        <source>Runs only while you are signed in</source>
        <translation>Läuft nur, während Sie angemeldet sind</translation>
    </message>
    <message>
        <source>Set up once the export is on</source>
        <translation>Wird eingerichtet, sobald der Export eingeschaltet ist</translation>
    </message>
</context>
<context>
    <name>TestedSave</name>
    <message>
        <source>Not tested yet. To be fixed: {fields}</source>
        <translation>Noch nicht getestet. Zu korrigieren: {fields}</translation>
    </message>
    <message>
        <source>The test was stopped. Nothing was saved.</source>
        <translation>Der Test wurde angehalten. Es wurde nichts gespeichert.</translation>
    </message>
</context>
<context>
    <name>TimeRows</name>
    <message>
        <source>as they are recognised</source>
        <translation>wie sie erkannt werden</translation>
    </message>
    <message>
        <source>{written} is {time}: {how}.</source>
        <translation>{written} ist {time}: {how}.</translation>
    </message>
</context>
<context>
    <name>TrailsPage</name>
    <message>
        <source>Progress of the search</source>
        <translation>Fortschritt der Suche</translation>
    </message>
    <message>
        <source>Show all events</source>
        <translation>Alle Ereignisse zeigen</translation>
    </message>
    <message>
        <source>Hand o&amp;ver</source>
        <translation>Übergebe&amp;n</translation>
    </message>
    <message>
        <source>Writes events, each with its archive, line and signature, to a file</source>
        <translation>Schreibt Ereignisse, jedes mit Archiv, Zeile und Signatur, in eine Datei</translation>
    </message>
    <message>
        <source>Events that are recorded or collected appear here, the newest first. Add a place to collect them from on the page Sources.</source>
        <translation>Hier erscheinen Ereignisse, die aufgezeichnet oder gesammelt wurden, die neuesten zuerst. Auf der Seite Quellen lässt sich hinzufügen, woher sie gesammelt werden.</translation>
    </message>
    <message>
        <source>Go to Sources</source>
        <translation>Zu Quellen</translation>
    </message>
    <message>
        <source>Events</source>
        <translation>Ereignisse</translation>
    </message>
    <message>
        <source>Choose an event to see its states before and after</source>
        <translation>Ein Ereignis wählen, um seinen Zustand davor und danach zu sehen</translation>
    </message>
    <message>
        <source>No events yet</source>
        <translation>Noch keine Ereignisse</translation>
    </message>
    <message numerus="yes">
        <source>%Ln event(s)</source>
        <translation>
            <numerusform>%Ln Ereignis</numerusform>
            <numerusform>%Ln Ereignisse</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln event(s) searched</source>
        <translation>
            <numerusform>%Ln Ereignis durchsucht</numerusform>
            <numerusform>%Ln Ereignisse durchsucht</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln found</source>
        <translation>
            <numerusform>%Ln gefunden</numerusform>
            <numerusform>%Ln gefunden</numerusform>
        </translation>
    </message>
    <message>
        <source>Delivered</source>
        <translation>Zugestellt</translation>
    </message>
    <message>
        <source>Find events</source>
        <translation>Ereignisse suchen</translation>
    </message>
    <message>
        <source>No event matches.</source>
        <translation>Kein Ereignis passt.</translation>
    </message>
    <message numerus="yes">
        <source>Searching … %Ln found so far</source>
        <translation>
            <numerusform>Suche läuft … bisher %Ln gefunden</numerusform>
            <numerusform>Suche läuft … bisher %Ln gefunden</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>Unexpected</name>
    <message>
        <source>Nothing that was saved or delivered is lost. What happened is in the log:
{log}</source>
        <translation>Nichts Gespeichertes oder Zugestelltes ist verloren. Was geschah, steht im Protokoll:
{log}</translation>
    </message>
    <message>
        <source>Something went wrong inside this program.</source>
        <translation>In diesem Programm ist etwas schiefgegangen.</translation>
    </message>
</context>
<context>
    <name>_Delegate</name>
    <message>
        <source>weak</source>
        <translation>schwach</translation>
    </message>
</context>
</TS>
