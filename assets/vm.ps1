# Virtual machines and their authorization scopes, by way of the WMI namespace root\virtualization.
#
#     powershell -ExecutionPolicy Bypass -File THIS-FILE
#
# Run it on the Hyper-V host as somebody who may reconfigure the machines. It asks the host and prints the answers;
# it changes nothing but the scope of the machines that are named at its end. Before it changes anything it writes a
# script of the same kind that puts them back. PowerShell 2.0 is enough.
#
# Lines that begin with {"azedit": are results for azedit to read; they are plain ASCII. The others are for you.
# Exit codes: 0 done, 1 a machine could not be moved, 2 the host could not be asked, 3 no way back could be written.
$ErrorActionPreference = 'Stop'

$VirtualizationNamespace = 'root\virtualization'
$SecondsForAJob = 120
$MillisecondsBetweenLooks = 250
$TargetHost = '.'
$Planned = @()
$LastMoved = $false
$ThisFile = $MyInvocation.MyCommand.Path

# A JSON string, or null. Everything but plain ASCII is escaped.
function ConvertTo-JsonText($text) {
    if ($null -eq $text) { return 'null' }
    $quoted = New-Object System.Text.StringBuilder
    foreach ($character in ([string]$text).ToCharArray()) {
        $code = [int]$character
        if ($code -eq 92) { [void]$quoted.Append('\\') }
        elseif ($code -ge 32 -and $code -le 126 -and $code -ne 34) { [void]$quoted.Append($character) }
        else { [void]$quoted.AppendFormat('\u{0:X4}', $code) }
    }
    '"' + $quoted.ToString() + '"'
}

# The same for readers: what is not plain ASCII stands as a number.
function ConvertTo-Shown($text) {
    if ($null -eq $text) { return '(not known)' }
    $shown = New-Object System.Text.StringBuilder
    foreach ($character in ([string]$text).ToCharArray()) {
        $code = [int]$character
        if ($code -ge 32 -and $code -le 126 -and $code -ne 34) { [void]$shown.Append($character) }
        else { [void]$shown.Append('\u{' + $code.ToString('X') + '}') }
    }
    '"' + $shown.ToString() + '"'
}

# An expression of this language that is the text. Quotation marks of every kind are given by their number.
function ConvertTo-Literal($text) {
    $result = "''"
    foreach ($character in ([string]$text).ToCharArray()) {
        $code = [int]$character
        if ($code -ge 32 -and $code -le 126 -and $code -ne 39) { $result = $result + " + '" + $character + "'" }
        else { $result = $result + ' + [char]' + $code }
    }
    '(' + $result + ')'
}

function ConvertTo-NumberText($value) {
    if ($null -eq $value) { 'null' } else { [string]$value }
}

# The number of an error as WMI gives it, such as 0x8004100E.
function Get-Code($exception) {
    $number = [System.Runtime.InteropServices.Marshal]::GetHRForException($exception)
    if ($exception -is [System.Management.ManagementException]) { $number = [int]$exception.ErrorCode }
    '0x{0:X8}' -f $number
}

function Stop-Failed($doing, $failure, $exitCode) {
    $code = Get-Code $failure.Exception
    $words = $failure.Exception.Message
    "Could not ${doing}: $code " + (ConvertTo-Shown $words)
    '{"azedit":"error","doing":' + (ConvertTo-JsonText $doing) + ',"code":"' + $code + '","message":' +
        (ConvertTo-JsonText $words) + '}'
    exit $exitCode
}

function Get-Objects($query) {
    Get-WmiObject -ComputerName $TargetHost -Namespace $VirtualizationNamespace -Query $query -Authentication PacketPrivacy
}

# The machine of this GUID, or nothing. Names are not unique, and the host stands among the machines.
function Get-Machine($guid) {
    Get-Objects ("SELECT * FROM Msvm_ComputerSystem WHERE Name='" + $guid + "'")
}

# The settings that hold the scope of a machine, or nothing.
function Get-Settings($machine) {
    $related = $machine.psbase.GetRelated('Msvm_VirtualSystemGlobalSettingData', 'Msvm_ElementSettingData',
        $null, $null, $null, $null, $false, $null)
    foreach ($settings in $related) { return $settings }
}

function Show-Machines {
    $count = 0
    foreach ($machine in @(Get-Objects 'SELECT * FROM Msvm_ComputerSystem')) {
        if ($machine.Name -match '^[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}$') {
            $settings = Get-Settings $machine
            $scope = $null
            if ($null -ne $settings) { $scope = [string]$settings.ScopeOfResidence }
            '{"azedit":"machine","guid":' + (ConvertTo-JsonText $machine.Name.ToUpperInvariant()) + ',"name":' +
                (ConvertTo-JsonText ([string]$machine.ElementName)) + ',"state":' +
                (ConvertTo-NumberText $machine.EnabledState) + ',"scope":' + (ConvertTo-JsonText $scope) + '}'
            $count = $count + 1
        } else {
            '{"azedit":"host","name":' + (ConvertTo-JsonText ([string]$machine.ElementName)) + '}'
        }
    }
    '{"azedit":"end","count":' + $count + '}'
}

# Puts one machine, by its GUID, into the plan. An empty scope is the default scope.
function Add-Planned($guid, $scope) {
    $entry = New-Object PSObject
    Add-Member -InputObject $entry NoteProperty Guid $guid
    Add-Member -InputObject $entry NoteProperty Scope $scope
    $script:Planned = $script:Planned + $entry
}

# Writes, beside this script, the one that undoes it: this text up to its plan, and the plan the other way round.
function Write-Undo {
    $source = [System.IO.File]::ReadAllText($ThisFile)
    $source = $source.Substring(0, $source.IndexOf('# ---- The ' + 'plan ----'))
    $path = [System.IO.Path]::ChangeExtension($ThisFile, $null).TrimEnd('.') + '-undo-' +
        (Get-Date).ToString('yyyyMMdd-HHmmss') + '.ps1'
    $text = New-Object System.Text.StringBuilder
    [void]$text.Append($source)
    [void]$text.AppendLine('# ---- The ' + 'plan ----')
    [void]$text.AppendLine('$TargetHost = ' + (ConvertTo-Literal $TargetHost))
    for ($index = $Planned.Count - 1; $index -ge 0; $index--) {
        $machine = Get-Machine $Planned[$index].Guid
        if ($null -eq $machine) { continue }
        $settings = Get-Settings $machine
        if ($null -eq $settings) { continue }
        [void]$text.AppendLine('Add-Planned ' + (ConvertTo-Literal $Planned[$index].Guid) + ' ' +
            (ConvertTo-Literal ([string]$settings.ScopeOfResidence)))
    }
    [void]$text.AppendLine('Invoke-Plan')
    $file = New-Object System.IO.FileStream($path, [System.IO.FileMode]::CreateNew)
    try {
        $bytes = [System.Text.Encoding]::ASCII.GetBytes($text.ToString())
        $file.Write($bytes, 0, $bytes.Length)
    } finally { $file.Close() }
    'To undo: powershell -ExecutionPolicy Bypass -File ' + (ConvertTo-Shown $path)
    '{"azedit":"undo","path":' + (ConvertTo-JsonText $path) + '}'
}

# Waits until the job is neither new (2), starting (3) nor running (4). Gives members of the result's JSON.
function Wait-ForJob($path) {
    $ends = (Get-Date).AddSeconds($SecondsForAJob)
    while ($true) {
        $job = [wmi]$path
        if ($job.JobState -lt 2 -or $job.JobState -gt 4 -or (Get-Date) -ge $ends) { break }
        Start-Sleep -Milliseconds $MillisecondsBetweenLooks
    }
    $members = '"job":' + (ConvertTo-NumberText $job.JobState)
    if ($job.JobState -ne 7 -and ($job.JobState -lt 2 -or $job.JobState -gt 4)) {
        $members = $members + ',"job_error":' + (ConvertTo-NumberText $job.ErrorCode) + ',"message":' +
            (ConvertTo-JsonText ([string]$job.ErrorDescription))
    }
    $members
}

# Moves one machine, reads its scope back, and says what happened; $LastMoved tells whether it is there.
function Move-Planned($service, $guid, $target) {
    $name = $null
    $old = $null
    $current = $null
    $details = ''
    try {
        $machine = Get-Machine $guid
        if ($null -ne $machine) {
            $name = [string]$machine.ElementName
            $settings = Get-Settings $machine
            $old = [string]$settings.ScopeOfResidence
            $current = $old
            if ($old -cne $target) {
                $settings.ScopeOfResidence = $target
                $text = $settings.psbase.GetText([System.Management.TextFormat]::CimDtd20)
                $parameters = $service.psbase.GetMethodParameters('ModifyVirtualSystem')
                $parameters['ComputerSystem'] = $machine.__PATH
                $parameters['SystemSettingData'] = $text
                $answer = $service.psbase.InvokeMethod('ModifyVirtualSystem', $parameters, $null)
                $details = ',"return":' + (ConvertTo-NumberText $answer.ReturnValue)
                if ($answer.ReturnValue -eq 4096) { $details = $details + ',' + (Wait-ForJob $answer.Job) }
                # From the host, not from the object at hand, which already says what was asked for.
                $current = $null
                $current = [string](Get-Settings (Get-Machine $guid)).ScopeOfResidence
            }
        }
    } catch {
        $code = Get-Code $_.Exception
        $details = $details + ',"code":"' + $code + '","words":' + (ConvertTo-JsonText $_.Exception.Message)
    }
    '{"azedit":"move","guid":' + (ConvertTo-JsonText $guid) + ',"name":' + (ConvertTo-JsonText $name) +
        ',"wanted":' + (ConvertTo-JsonText $target) + ',"old":' + (ConvertTo-JsonText $old) + ',"now":' +
        (ConvertTo-JsonText $current) + $details + '}'
    $script:LastMoved = $null -ne $current -and $current -ceq $target
    if ($LastMoved) {
        (ConvertTo-Shown $name) + ' is in scope ' + (ConvertTo-Shown $current) + '; it was in ' +
            (ConvertTo-Shown $old) + '.'
    } else {
        'NOT MOVED: ' + $guid + ' ' + (ConvertTo-Shown $name) + ' to ' + (ConvertTo-Shown $target)
    }
}

function Invoke-Plan {
    try {
        $service = Get-Objects 'SELECT * FROM Msvm_VirtualSystemManagementService'
        if ($null -eq $service) { throw 'there is no virtual system management service' }
    } catch { Stop-Failed 'find the management service' $_ 2 }
    try { Write-Undo } catch { Stop-Failed 'write the script that undoes this' $_ 3 }
    $failures = 0
    foreach ($entry in $Planned) {
        Move-Planned $service $entry.Guid $entry.Scope
        if (-not $LastMoved) { $failures = $failures + 1 }
    }
    '{"azedit":"end","count":' + $Planned.Count + '}'
    if ($failures -gt 0) { exit 1 }
}

function Invoke-List {
    try { Show-Machines } catch { Stop-Failed 'list the machines' $_ 2 }
}

