<#
.SYNOPSIS
    Installs Audit Trails Export for this user and sets up the daily export, unattended.
.DESCRIPTION
    The SFTP password comes through the pipeline, so that it is in no argument list, no log and no file of this script:

        Get-Secret AuditExport -AsPlainText |
            .\install.ps1 -Setup .\setup.exe -Config .\config.toml -Fingerprint SHA256:...

    -Account is this user's own Windows account: with its password, Windows runs the daily task whether or not the user
    is signed in; without, only while the user is. Run it as the user whose daily task exports; only -Policy needs an
    administrator. Ends with 0, or with the exit code of the step that failed (see the README's table). Running it
    again brings everything up to date.
#>
[CmdletBinding()]
param(
    [Parameter(Mandatory)] [string] $Setup,
    [Parameter(Mandatory)] [string] $Config,
    [Parameter(Mandatory)] [string] $Fingerprint,
    [Parameter(Mandatory, ValueFromPipeline)] [string] $Password,
    [string] $Policy,
    [pscredential] $Account,
    [string] $Folder = (Join-Path $env:LOCALAPPDATA 'Programs\Audit Trails Export')
)

$ErrorActionPreference = 'Stop'
# Windows PowerShell pipes ASCII to programs unless it is told otherwise.
$OutputEncoding = New-Object System.Text.UTF8Encoding $false
$exporter = Join-Path $Folder 'audit-trails-export.exe'

function Invoke-Exporter {
    if ($MyInvocation.ExpectingInput) { $input | & $exporter @args } else { & $exporter @args }
    if ($LASTEXITCODE -ne 0) { exit $LASTEXITCODE }
}

# 1. What users can't change. Files that an administrator makes here belong to the Administrators, as they must.
if ($Policy) {
    $site = Join-Path $env:ProgramData 'audit-trails-exporter'
    New-Item -ItemType Directory -Force -Path $site | Out-Null
    Copy-Item -Path $Policy -Destination (Join-Path $site 'policy.toml') -Force
}

# 2. The program. /D must come last, and takes no quotes.
$done = Start-Process -FilePath $Setup -ArgumentList '/S', "/D=$Folder" -Wait -PassThru
if ($done.ExitCode -ne 0) { exit $done.ExitCode }

# 3. The settings, the password, the server's identity; then a test of every step, from the name to a file there.
Invoke-Exporter config import $Config
$Password | Invoke-Exporter config password
Invoke-Exporter trust --fingerprint $Fingerprint
Invoke-Exporter test

# 4. The daily task, and the proof that it works as it will at night.
if ($Account) {
    $Account.GetNetworkCredential().Password | Invoke-Exporter schedule install --signed-out
} else {
    Invoke-Exporter schedule install
}
Invoke-Exporter schedule run
Invoke-Exporter status
