/* Stands in for visualnn.exe while packages are tried under wine, which cannot load NumPy and Qt: writes how it was
   called into the file that VISUALNN_WITNESS names, then runs for as long as that file's name with ".run" exists. */
#include <stdio.h>
#include <wchar.h>
#include <windows.h>

#define LONGEST 32768

int WINAPI wWinMain(HINSTANCE program, HINSTANCE before, LPWSTR words, int show)
{
    static wchar_t name[LONGEST];
    static char line[4 * LONGEST];
    if (!GetEnvironmentVariableW(L"VISUALNN_WITNESS", name, LONGEST - 8))
        return 2;
    WideCharToMultiByte(CP_UTF8, 0, GetCommandLineW(), -1, line, sizeof line, NULL, NULL);
    FILE *file = _wfopen(name, L"ab");
    if (!file)
        return 3;
    fprintf(file, "%s\n", line);
    fclose(file);
    wcscat(name, L".run");
    while (GetFileAttributesW(name) != INVALID_FILE_ATTRIBUTES)
        Sleep(50);
    return 0;
}
