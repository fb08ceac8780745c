<#
.SYNOPSIS
    Installs Audit Trails Export for this user and sets up the daily export, unattended.
.DESCRIPTION
    The SFTP password comes through the pipeline, so that it is in no argument list, no log and no file of this script:

        Get-Secret AuditExport -AsPlainText |
            .\install.ps1 -Setup .\setup.exe -Config .\config.toml -Fingerprint SHA256:...

    The export is switched on once everything was tested, so a wrong password is tried once and not every night.
    -Account is this user's own Windows account: with its password, Windows runs the daily task whether or not the user
    is signed in; without, only while the user is. Run it as the user whose daily task exports.

    -AllUsers installs the program for all users. Without -Config nothing but the program and the policy is installed:

        .\install.ps1 -Setup .\setup.exe -AllUsers [-Policy .\policy.toml]

    -AllUsers and -Policy need an administrator. Ends with 0, or with the exit code of the step that failed (docs/reference.md says what each means) and what
    remains to be done. Running it again brings everything up to date.
#>
[CmdletBinding(DefaultParameterSetName = 'ProgramOnly')]
param(
    [Parameter(Mandatory)] [string] $Setup,
    [Parameter(Mandatory, ParameterSetName = 'Configure')] [string] $Config,
    [Parameter(Mandatory, ParameterSetName = 'Configure')] [string] $Fingerprint,
    [Parameter(Mandatory, ParameterSetName = 'Configure', ValueFromPipeline)] [string] $Password,
    [Parameter(ParameterSetName = 'Configure')] [pscredential] $Account,
    [Parameter(ParameterSetName = 'Configure')]
    [Parameter(Mandatory, ParameterSetName = 'ProgramOnly')] [switch] $AllUsers,
    [string] $Policy,
    [string] $Folder
)

$ErrorActionPreference = 'Stop'
if (-not $Folder) {
    $programs = if ($AllUsers) { $env:ProgramFiles } else { Join-Path $env:LOCALAPPDATA 'Programs' }
    $Folder = Join-Path $programs 'Audit Trails Export'
}
# Windows PowerShell pipes ASCII to programs unless it is set otherwise.
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

$site = Join-Path $env:ProgramData 'audit-trails-exporter'
$file = Join-Path $site 'policy.toml'

# The policy counts where its folder and its file belong to the Administrators. Any user may have made the folder before:
# it is taken over (by SID, for names are translated), and the file is written again.
function Set-SitePolicy([string[]] $Lines) {
    New-Item -ItemType Directory -Force -Path $site | Out-Null
    icacls $site /setowner '*S-1-5-32-544' | Out-Null
    icacls $site /reset | Out-Null
    icacls $site /inheritance:r /grant:r '*S-1-5-32-544:(OI)(CI)F' '*S-1-5-18:(OI)(CI)F' '*S-1-5-32-545:(OI)(CI)RX' | Out-Null
    Remove-Item -Recurse -Force -Path $file -ErrorAction SilentlyContinue
    [IO.File]::WriteAllLines($file, $Lines)
    icacls $file /setowner '*S-1-5-32-544' | Out-Null
}

# Whether a policy is there that counts, and that this user may put off for as long as the test takes.
function Test-SitePolicy {
    $user = [Security.Principal.WindowsPrincipal] [Security.Principal.WindowsIdentity]::GetCurrent()
    if (-not $user.IsInRole([Security.Principal.WindowsBuiltInRole]::Administrator)) { return $false }
    foreach ($path in $site, $file) {
        if (-not (Test-Path -LiteralPath $path)) { return $false }
        $owner = (Get-Acl -LiteralPath $path).GetOwner([Security.Principal.SecurityIdentifier]).Value
        if ($owner -notin 'S-1-5-32-544', 'S-1-5-18') { return $false }
    }
    return $true
}

try {
    # 1. What users can't change. A switch in it waits for the test, also one of a policy that is there already.
    if ($Config -and -not $Policy -and (Test-SitePolicy)) { $Policy = $file }
    if ($Policy) {
        $fixed = [IO.File]::ReadAllLines((Resolve-Path $Policy).ProviderPath)
        Set-SitePolicy @($fixed | Where-Object { $_ -notmatch '^\s*enabled\s*=' })
    }

    # 2. The program. /D must come last, and takes no quotes.
    $remains = 'The program has to be installed.'
    $options = @('/S') + @(if ($AllUsers) { '/ALLUSERS' }) + @("/D=$Folder")
    $done = Start-Process -FilePath $Setup -ArgumentList $options -Wait -PassThru
    if ($done.ExitCode -ne 0) { Stop-WithCode $done.ExitCode }

    if (-not $Config) { exit 0 }

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
