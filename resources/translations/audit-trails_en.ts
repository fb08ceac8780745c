<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="en" sourcelanguage="en">
<context>
    <name>DayChart</name>
    <message numerus="yes">
        <source>%Ln day(s) delivered, {events} events</source>
        <translation>
            <numerusform>%Ln day delivered, {events} events</numerusform>
            <numerusform>%Ln days delivered, {events} events</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln day(s) failed</source>
        <translation>
            <numerusform>%Ln day failed</numerusform>
            <numerusform>%Ln days failed</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln day(s) missing</source>
        <translation>
            <numerusform>%Ln day missing</numerusform>
            <numerusform>%Ln days missing</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln day(s) waiting</source>
        <translation>
            <numerusform>%Ln day waiting</numerusform>
            <numerusform>%Ln days waiting</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln event(s) delivered</source>
        <translation>
            <numerusform>%Ln event delivered</numerusform>
            <numerusform>%Ln events delivered</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln event(s) so far</source>
        <translation>
            <numerusform>%Ln event so far</numerusform>
            <numerusform>%Ln events so far</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln event(s) waiting</source>
        <translation>
            <numerusform>%Ln event waiting</numerusform>
            <numerusform>%Ln events waiting</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>EventDetails</name>
    <message numerus="yes">
        <source>%Ln added</source>
        <translation>
            <numerusform>%Ln added</numerusform>
            <numerusform>%Ln added</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln changed</source>
        <translation>
            <numerusform>%Ln changed</numerusform>
            <numerusform>%Ln changed</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln removed</source>
        <translation>
            <numerusform>%Ln removed</numerusform>
            <numerusform>%Ln removed</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln the same</source>
        <translation>
            <numerusform>%Ln the same</numerusform>
            <numerusform>%Ln the same</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>HandOverMenu</name>
    <message numerus="yes">
        <source>%Ln chosen event(s) as CSV…</source>
        <translation>
            <numerusform>%Ln chosen event as CSV…</numerusform>
            <numerusform>%Ln chosen events as CSV…</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln chosen event(s) as JSON…</source>
        <translation>
            <numerusform>%Ln chosen event as JSON…</numerusform>
            <numerusform>%Ln chosen events as JSON…</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln chosen event(s) as one HTML page…</source>
        <translation>
            <numerusform>%Ln chosen event as one HTML page…</numerusform>
            <numerusform>%Ln chosen events as one HTML page…</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln event(s) handed over.</source>
        <translation>
            <numerusform>%Ln event handed over.</numerusform>
            <numerusform>%Ln events handed over.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>All %Ln event(s) shown as CSV…</source>
        <translation>
            <numerusform>%Ln event shown as CSV…</numerusform>
            <numerusform>All %Ln events shown as CSV…</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>All %Ln event(s) shown as JSON…</source>
        <translation>
            <numerusform>%Ln event shown as JSON…</numerusform>
            <numerusform>All %Ln events shown as JSON…</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>All %Ln event(s) shown as one HTML page…</source>
        <translation>
            <numerusform>%Ln event shown as one HTML page…</numerusform>
            <numerusform>All %Ln events shown as one HTML page…</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>HelpWindow</name>
    <message numerus="yes">
        <source>%Ln found</source>
        <translation>
            <numerusform>%Ln found</numerusform>
            <numerusform>%Ln found</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ResultStrip</name>
    <message numerus="yes">
        <source>%n archive(s) delivered</source>
        <translation>
            <numerusform>%n archive delivered</numerusform>
            <numerusform>%n archives delivered</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n event(s)</source>
        <translation>
            <numerusform>%n event</numerusform>
            <numerusform>%n events</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n event(s) delivered.</source>
        <translation>
            <numerusform>%n event delivered.</numerusform>
            <numerusform>%n events delivered.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>StatusTiles</name>
    <message numerus="yes">
        <source>%n day(s)</source>
        <translation>
            <numerusform>%n day</numerusform>
            <numerusform>%n days</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n event(s) delivered</source>
        <translation>
            <numerusform>%n event delivered</numerusform>
            <numerusform>%n events delivered</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>{which}, %n event(s)</source>
        <translation>
            <numerusform>{which}, %n event</numerusform>
            <numerusform>{which}, %n events</numerusform>
        </translation>
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
            <numerusform>%n cipher</numerusform>
            <numerusform>%n ciphers</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n key exchange(s)</source>
        <translation>
            <numerusform>%n key exchange</numerusform>
            <numerusform>%n key exchanges</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>TrailsPage</name>
    <message numerus="yes">
        <source>%Ln event(s)</source>
        <translation>
            <numerusform>%Ln event</numerusform>
            <numerusform>%Ln events</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln event(s) searched</source>
        <translation>
            <numerusform>%Ln event searched</numerusform>
            <numerusform>%Ln events searched</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln found</source>
        <translation>
            <numerusform>%Ln found</numerusform>
            <numerusform>%Ln found</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Searching … %Ln found so far</source>
        <translation>
            <numerusform>Searching … %Ln found so far</numerusform>
            <numerusform>Searching … %Ln found so far</numerusform>
        </translation>
    </message>
</context>
</TS>
