/* visualnn.exe and visualnn-console.exe of a folder that holds Python as it is: runs a module in this process, so that
   the task manager shows no python.exe. folder.py compiles it. Releases have PyInstaller's programs in its place. */
#include <stdlib.h>
#include <wchar.h>
#include <windows.h>

#define LONGEST 32768
#define PYTHON L"python313.dll"

typedef int (*python_main)(int, wchar_t **);

int wmain(int count, wchar_t **words)
{
    static wchar_t inside[LONGEST], library[LONGEST];
    GetModuleFileNameW(NULL, inside, LONGEST - 16);
    wcscpy(wcsrchr(inside, L'\\') + 1, L"_internal");
    _snwprintf(library, LONGEST, L"%ls\\" PYTHON, inside);
    AddDllDirectory(inside); /* the C++ library, for Qt */
    HMODULE python = LoadLibraryExW(library, NULL, LOAD_WITH_ALTERED_SEARCH_PATH);
    if (!python) {
        MessageBoxW(NULL, L"The folder _internal beside this program is not complete. Please install VisualNN again.",
                    L"VisualNN", MB_ICONERROR);
        return 2;
    }
    wchar_t **arguments = calloc(count + 3, sizeof(wchar_t *));
    arguments[0] = words[0], arguments[1] = L"-m", arguments[2] = ENTRY;
    for (int i = 1; i < count; i++)
        arguments[i + 2] = words[i];
    return ((python_main)(void *)GetProcAddress(python, "Py_Main"))(count + 2, arguments);
}
