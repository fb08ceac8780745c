<#
.SYNOPSIS
    Installs Audit Trails Export for this user and sets up the daily export, unattended.
.DESCRIPTION
    The SFTP password comes through the pipeline, so that it is in no argument list, no log and no file of this script:

        Get-Secret AuditExport -AsPlainText |
            .\install.ps1 -Setup .\setup.exe -Config .\config.toml -Fingerprint SHA256:...

    The export is switched on once everything was tested, so a wrong password is tried once and not every night.
    -Account is this user's own Windows account: with its password, Windows runs the daily task whether or not the user
    is signed in; without, only while the user is. Run it as the user whose daily task exports; only -Policy needs an
    administrator. Ends with 0, or with the exit code of the step that failed (see the README's table) and what
    remains to be done. Running it again brings everything up to date.
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

$remains = 'Nothing was changed.'

function Stop-WithCode([int] $Code) {
    [Console]::Error.WriteLine("install.ps1: not finished (exit code $Code). $remains Then run this again.")
    exit $Code
}

function Invoke-Exporter {
    if ($MyInvocation.ExpectingInput) { $input | & $exporter @args } else { & $exporter @args }
    if ($LASTEXITCODE -ne 0) { Stop-WithCode $LASTEXITCODE }
}

# Files that an administrator makes here belong to the Administrators, as they must.
function Set-SitePolicy([string[]] $Lines) {
    $site = Join-Path $env:ProgramData 'audit-trails-exporter'
    New-Item -ItemType Directory -Force -Path $site | Out-Null
    [IO.File]::WriteAllLines((Join-Path $site 'policy.toml'), $Lines)
}

try {
    # 1. What users can't change. A switch in it waits for the test.
    if ($Policy) {
        $fixed = [IO.File]::ReadAllLines((Resolve-Path $Policy).ProviderPath)
        Set-SitePolicy @($fixed | Where-Object { $_ -notmatch '^\s*enabled\s*=' })
    }

    # 2. The program. /D must come last, and takes no quotes.
    $remains = 'The program has to be installed.'
    $done = Start-Process -FilePath $Setup -ArgumentList '/S', "/D=$Folder" -Wait -PassThru
    if ($done.ExitCode -ne 0) { Stop-WithCode $done.ExitCode }

    # 3. The settings with the switch OFF, the password, the server's identity; then a test of every step, from the name
    # to a file there.
    $remains = 'The export is off, and nothing runs at night. Cure what is said above.'
    Invoke-Exporter config import --roll-out $Config
    $Password | Invoke-Exporter config password
    Invoke-Exporter trust --fingerprint $Fingerprint
    Invoke-Exporter test

    # 4. The switch ON, which registers the daily task; and the proof that it works as it will at night.
    $remains = 'The test has passed. The export has to be switched on: cure what is said above.'
    if ($Policy) { Set-SitePolicy $fixed }
    Invoke-Exporter config set enabled=true
    if ($Account) {
        $Account.GetNetworkCredential().Password | Invoke-Exporter schedule install --signed-out
    }
    $remains = 'The export is on, but its first run failed. Cure what is said above.'
    Invoke-Exporter schedule run
    Invoke-Exporter status
} finally {
    if ($Policy -and $fixed) { Set-SitePolicy $fixed }  # however this ends, the policy is whole
}
