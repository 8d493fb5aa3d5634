# installed.ps1 KIND: installs the package of that kind that lies here, without a question, tries it, and removes it
#
#   setup    VisualNN-*-setup.exe, for one user
#   msi      VisualNN-*.msi
#   zip      VisualNN-*-portable.zip, which is only unpacked
param([Parameter(Mandatory)][ValidateSet("setup", "msi", "zip")][string]$Kind)
$ErrorActionPreference = "Stop"

function Start-Program($Program, $Words) {
    $process = Start-Process -Wait -PassThru -FilePath $Program -ArgumentList $Words
    if ($process.ExitCode) { throw "$Program $Words ended with $($process.ExitCode)." }
}

function Test-Removed($Folder) {
    $left = Get-ChildItem $Folder -Recurse -File -ErrorAction SilentlyContinue | Where-Object Name -ne "uninstall.exe"
    if ($left) { throw "$($left[0].FullName) is left." }
}

function Find-Program($Folders) {
    $found = Get-ChildItem $Folders -Recurse -Filter visualnn.exe -ErrorAction SilentlyContinue
    if (@($found).Count -ne 1) { throw "There are $(@($found).Count) visualnn.exe in $Folders, not one." }
    $found
}

$here = "$env:LOCALAPPDATA\Programs\VisualNN"
$places = @($here, "$env:ProgramFiles\VisualNN")
switch ($Kind) {
    "setup" {
        Start-Program (Get-Item VisualNN-*-setup.exe).FullName "/S"
        Start-Program (Find-Program $here).FullName "--self-test"
        Start-Program "$here\uninstall.exe" "/S", "_?=$here"
        Test-Removed $here
    }
    "msi" {
        $package = (Get-Item VisualNN-*.msi).FullName
        Start-Program msiexec "/i", "`"$package`"", "/qn", "/norestart"
        $program = Find-Program $places
        Start-Program $program.FullName "--self-test"
        Start-Program msiexec "/x", "`"$package`"", "/qn", "/norestart"
        Test-Removed $program.DirectoryName
    }
    "zip" {
        $folder = "$env:TEMP\a folder"
        Expand-Archive (Get-Item VisualNN-*-portable.zip) -DestinationPath $folder
        Start-Program (Find-Program $folder).FullName "--self-test"
        Remove-Item -Recurse $folder
    }
}
