; The installer for one user, who needs no administrator: installer.py packs it.
;   /S       asks and shows nothing        /D=C:\folder    installs there; must come last
Target amd64-unicode
!include MUI2.nsh
!include LogicLib.nsh
!include WinVer.nsh

!define UNINSTALL "Software\Microsoft\Windows\CurrentVersion\Uninstall\VisualNN"
!define CLASSES "Software\Classes"
!define START "Software\Microsoft\Windows\CurrentVersion\App Paths\visualnn.exe"
!define WINDOWS_BUILD 17763 ; Windows 10 of October 2018, the oldest that Qt runs on

Name "VisualNN"
OutFile "${OUT}"
BrandingText "VisualNN ${VERSION}"
RequestExecutionLevel user
ManifestSupportedOS all
ManifestDPIAware true
InstallDir "$LOCALAPPDATA\Programs\VisualNN"
InstallDirRegKey HKCU "${UNINSTALL}" "InstallLocation"
SetDateSave off ; the same files give the same installer
AllowSkipFiles off
VIProductVersion "${NUMBERS}"
VIAddVersionKey "ProductName" "VisualNN"
VIAddVersionKey "ProductVersion" "${VERSION}"
VIAddVersionKey "FileDescription" "VisualNN installer"
VIAddVersionKey "FileVersion" "${VERSION}"
VIAddVersionKey "CompanyName" "${PUBLISHER}"
VIAddVersionKey "LegalCopyright" "${PUBLISHER}, MIT licence"
!ifdef FAST
  SetCompress off
!else
  SetCompressor /SOLID lzma
  SetCompressorDictSize 64
!endif
!uninstfinalize '${SIGN} "%1"' ; what it packs itself; the installer is signed when it is there

!define MUI_ICON "${HERE}/visualnn.ico"
!define MUI_UNICON "${HERE}/visualnn.ico"
!define MUI_COMPONENTSPAGE_NODESC
!define MUI_FINISHPAGE_RUN "$INSTDIR\visualnn.exe"
!insertmacro MUI_PAGE_COMPONENTS
!insertmacro MUI_PAGE_DIRECTORY
!insertmacro MUI_PAGE_INSTFILES
!insertmacro MUI_PAGE_FINISH
!insertmacro MUI_UNPAGE_CONFIRM
!insertmacro MUI_UNPAGE_INSTFILES
!insertmacro MUI_LANGUAGE "English"

; A program that runs cannot be replaced. Windows lets nobody write into it, and that is how we know.
!macro WAIT_FOR_ITS_END
  ${Do}
    ${IfNot} ${FileExists} "$INSTDIR\visualnn.exe"
      ${Break}
    ${EndIf}
    ClearErrors
    FileOpen $0 "$INSTDIR\visualnn.exe" a
    ${IfNot} ${Errors}
      FileClose $0
      ${Break}
    ${EndIf}
    ${If} ${Cmd} `MessageBox MB_RETRYCANCEL|MB_ICONINFORMATION \
        "VisualNN is open. Please save your work, close it, and try again." /SD IDCANCEL IDCANCEL`
      Abort "VisualNN is open. Nothing was changed."
    ${EndIf}
  ${Loop}
!macroend

; What is in there is ours alone. Two versions must never mix: a module that is gone would be found again.
!macro REMOVE_INSIDE
  RMDir /r "$INSTDIR\_internal"
  ${If} ${FileExists} "$INSTDIR\_internal\*.*"
    Abort "$INSTDIR\_internal cannot be removed: another program holds a file in it. Please try again."
  ${EndIf}
!macroend

!macro TELL_THE_DESKTOP ; that kinds of files have changed
  System::Call "shell32::SHChangeNotify(i 0x08000000, i 0, p 0, p 0)"
!macroend

Function .onInit
  ${IfNot} ${AtLeastBuild} ${WINDOWS_BUILD}
    MessageBox MB_OK|MB_ICONSTOP "VisualNN needs Windows 10, version 1809, or newer." /SD IDOK
    SetErrorLevel 2
    Quit
  ${EndIf}
FunctionEnd

Section "VisualNN"
  SectionIn RO
  Call RemoveElsewhere
  !insertmacro WAIT_FOR_ITS_END
  !insertmacro REMOVE_INSIDE
  !include "${FILES}"
  SetOutPath "$INSTDIR"
  WriteUninstaller "$INSTDIR\uninstall.exe"
  CreateShortcut "$SMPROGRAMS\VisualNN.lnk" "$INSTDIR\visualnn.exe" "" "" "" "" "" "See a neural network think and learn"
  Call WriteKeys
  !insertmacro TELL_THE_DESKTOP
SectionEnd

Section /o "A link on the desktop"
  SetOutPath "$INSTDIR"
  CreateShortcut "$DESKTOP\VisualNN.lnk" "$INSTDIR\visualnn.exe"
SectionEnd

Function RemoveElsewhere ; an older version that lies in another folder
  ReadRegStr $1 HKCU "${UNINSTALL}" "InstallLocation"
  ${If} $1 != ""
  ${AndIf} $1 != $INSTDIR
  ${AndIf} ${FileExists} "$1\uninstall.exe"
    ExecWait '"$1\uninstall.exe" /S _?=$1' $2
    ${If} $2 != 0
      Abort "The version in $1 cannot be removed. Please close VisualNN and try again."
    ${EndIf}
    Delete "$1\uninstall.exe"
    RMDir "$1"
  ${EndIf}
FunctionEnd

Function WriteKeys
  WriteRegStr HKCU "${START}" "" "$INSTDIR\visualnn.exe"

  WriteRegStr HKCU "${CLASSES}\VisualNN.Network" "" "VisualNN network"
  WriteRegStr HKCU "${CLASSES}\VisualNN.Network\DefaultIcon" "" "$INSTDIR\vnn.ico"
  WriteRegStr HKCU "${CLASSES}\VisualNN.Network\shell\open\command" "" '"$INSTDIR\visualnn.exe" "%1"'
  WriteRegStr HKCU "${CLASSES}\.vnn" "" "VisualNN.Network"
  WriteRegStr HKCU "${CLASSES}\.vnn" "Content Type" "application/x-visualnn+zip"
  WriteRegStr HKCU "${CLASSES}\.vnn\OpenWithProgids" "VisualNN.Network" ""
  WriteRegStr HKCU "${CLASSES}\Applications\visualnn.exe" "FriendlyAppName" "VisualNN"
  WriteRegStr HKCU "${CLASSES}\Applications\visualnn.exe\shell\open\command" "" '"$INSTDIR\visualnn.exe" "%1"'
  WriteRegStr HKCU "${CLASSES}\Applications\visualnn.exe\SupportedTypes" ".vnn" ""

  WriteRegStr HKCU "${UNINSTALL}" "DisplayName" "VisualNN"
  WriteRegStr HKCU "${UNINSTALL}" "DisplayVersion" "${VERSION}"
  WriteRegStr HKCU "${UNINSTALL}" "Publisher" "${PUBLISHER}"
  WriteRegStr HKCU "${UNINSTALL}" "DisplayIcon" "$INSTDIR\visualnn.exe"
  WriteRegStr HKCU "${UNINSTALL}" "InstallLocation" "$INSTDIR"
  WriteRegStr HKCU "${UNINSTALL}" "UninstallString" '"$INSTDIR\uninstall.exe"'
  WriteRegStr HKCU "${UNINSTALL}" "QuietUninstallString" '"$INSTDIR\uninstall.exe" /S'
  WriteRegDWORD HKCU "${UNINSTALL}" "EstimatedSize" ${KILOBYTES}
  WriteRegDWORD HKCU "${UNINSTALL}" "NoModify" 1
  WriteRegDWORD HKCU "${UNINSTALL}" "NoRepair" 1
FunctionEnd

Section "Uninstall" ; files, settings and changes that were kept safe belong to the user and stay
  !insertmacro WAIT_FOR_ITS_END
  !insertmacro REMOVE_INSIDE
  Delete "$INSTDIR\visualnn.exe"
  Delete "$INSTDIR\visualnn-console.exe"
  Delete "$INSTDIR\vnn.ico"
  Delete "$INSTDIR\LICENSE.txt"
  Delete "$INSTDIR\uninstall.exe"
  RMDir "$INSTDIR"
  Delete "$SMPROGRAMS\VisualNN.lnk"
  Delete "$DESKTOP\VisualNN.lnk"

  DeleteRegKey HKCU "${START}"
  DeleteRegKey HKCU "${UNINSTALL}"
  DeleteRegKey HKCU "${CLASSES}\Applications\visualnn.exe"
  DeleteRegKey HKCU "${CLASSES}\VisualNN.Network"
  DeleteRegValue HKCU "${CLASSES}\.vnn\OpenWithProgids" "VisualNN.Network"
  DeleteRegKey /ifempty HKCU "${CLASSES}\.vnn\OpenWithProgids"
  ReadRegStr $1 HKCU "${CLASSES}\.vnn" ""
  ${If} $1 == "VisualNN.Network" ; and not of another program by now
    DeleteRegValue HKCU "${CLASSES}\.vnn" ""
    DeleteRegValue HKCU "${CLASSES}\.vnn" "Content Type"
    DeleteRegKey /ifempty HKCU "${CLASSES}\.vnn"
  ${EndIf}
  !insertmacro TELL_THE_DESKTOP
SectionEnd
