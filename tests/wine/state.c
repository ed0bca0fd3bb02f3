/* Runs a command on this console, and writes down how the console stands before, during and after it.

   state REPORT COMMAND...

   The console is first brought into a state that no program would leave by default, so that giving back what was found
   and giving back what is usual are told apart. When a file REPORT.event appears, everybody on the console gets a
   Ctrl+C event, which no key makes while the console is raw. Wine sends no Ctrl+Break. */

#include <stdio.h>
#include <wchar.h>
#include <windows.h>

static FILE *report;
static HANDLE in, out;

static BOOL WINAPI ignore(DWORD event) { return event == CTRL_C_EVENT; }

static void show(const char *when) {
    DWORD input = 0, output = 0;
    CONSOLE_CURSOR_INFO cursor = {0};
    CONSOLE_SCREEN_BUFFER_INFO info = {0};
    WCHAR title[200] = {0};
    GetConsoleMode(in, &input);
    GetConsoleMode(out, &output);
    GetConsoleCursorInfo(out, &cursor);
    GetConsoleScreenBufferInfo(out, &info);
    GetConsoleTitleW(title, 200);
    fprintf(report, "%s: input %#lx output %#lx pages %u %u cursor %lu %d colours %#x title %ls\n", when, input, output,
            GetConsoleCP(), GetConsoleOutputCP(), cursor.dwSize, cursor.bVisible, info.wAttributes, title);
    fflush(report);
}

int wmain(int count, WCHAR **words) {
    WCHAR line[4000] = L"", flag[1000];
    STARTUPINFOW start = {sizeof start};
    PROCESS_INFORMATION process;
    DWORD input = 0, last = 0, code = 0;
    if (count < 3) return 2;
    report = _wfopen(words[1], L"w");
    swprintf(flag, 1000, L"%ls.event", words[1]);
    for (int n = 2; n < count; n++) {
        wcscat(line, L"\"");
        wcscat(line, words[n]);
        wcscat(line, L"\" ");
    }
    in = CreateFileW(L"CONIN$", GENERIC_READ | GENERIC_WRITE, 3, 0, OPEN_EXISTING, 0, 0);
    out = CreateFileW(L"CONOUT$", GENERIC_READ | GENERIC_WRITE, 3, 0, OPEN_EXISTING, 0, 0);
    SetConsoleCtrlHandler(ignore, TRUE);

    SetConsoleMode(in, ENABLE_PROCESSED_INPUT | ENABLE_LINE_INPUT | ENABLE_ECHO_INPUT | ENABLE_EXTENDED_FLAGS |
                           ENABLE_QUICK_EDIT_MODE);
    SetConsoleMode(out, ENABLE_PROCESSED_OUTPUT);
    SetConsoleCP(850);
    SetConsoleOutputCP(437);
    SetConsoleCursorInfo(out, &(CONSOLE_CURSOR_INFO){42, TRUE});
    SetConsoleTextAttribute(out, 0x1E);
    SetConsoleTitleW(L"mine");
    show("before");

    if (!CreateProcessW(0, line, 0, 0, TRUE, 0, 0, 0, &start, &process)) return 3;
    GetConsoleMode(in, &last);
    while (WaitForSingleObject(process.hProcess, 20) == WAIT_TIMEOUT) {
        if (GetConsoleMode(in, &input) && input != last) {
            fprintf(report, "during: input %#lx\n", last = input);
            fflush(report);
        }
        if (GetFileAttributesW(flag) != INVALID_FILE_ATTRIBUTES) {
            DeleteFileW(flag);
            GenerateConsoleCtrlEvent(CTRL_C_EVENT, 0);
        }
    }
    GetExitCodeProcess(process.hProcess, &code);
    show("after");
    fprintf(report, "code %#lx\n", code);
    fclose(report);
    return 0;
}
