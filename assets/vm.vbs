' Virtual machines and their authorization scopes, by way of the WMI namespace root\virtualization.
'
'     cscript //nologo THIS-FILE
'
' Run it on the Hyper-V host as somebody who may reconfigure the machines. It asks the host and prints the answers;
' it changes nothing but the scope of the machines that are named at its end. Before it changes anything it writes a
' script of the same kind that puts them back.
'
' Lines that begin with {"azedit": are results for azedit to read; they are plain ASCII. The others are for you.
' Exit codes: 0 done, 1 a machine could not be moved, 2 the host could not be asked, 3 no way back could be written.
Option Explicit

Const VirtualizationNamespace = "root\virtualization"
Const SecondsForAJob = 120
Const MillisecondsBetweenLooks = 250

Dim TargetHost, Scope, Wmi, Service, PlanSize, PlannedMachines(), PlannedScopes()
TargetHost = "."
PlanSize = 0

Function NewLocator()
    Set NewLocator = CreateObject("WbemScripting.SWbemLocator")
End Function

' A JSON string, or null. Everything but plain ASCII is escaped.
Function Json(text)
    Dim at, code, quoted
    If IsNull(text) Or IsEmpty(text) Then
        Json = "null"
        Exit Function
    End If
    quoted = """"
    For at = 1 To Len(text)
        code = AscW(Mid(text, at, 1)) And &HFFFF&
        If code = 92 Then
            quoted = quoted & "\\"
        ElseIf IsPlain(code) Then
            quoted = quoted & Mid(text, at, 1)
        Else
            quoted = quoted & "\u" & Right("000" & Hex(code), 4)
        End If
    Next
    Json = quoted & """"
End Function

' The same for readers: what is not plain ASCII stands as a number.
Function Shown(text)
    Dim at, code
    If IsNull(text) Or IsEmpty(text) Then
        Shown = "(not known)"
        Exit Function
    End If
    Shown = """"
    For at = 1 To Len(text)
        code = AscW(Mid(text, at, 1)) And &HFFFF&
        If IsPlain(code) Then
            Shown = Shown & Mid(text, at, 1)
        Else
            Shown = Shown & "\u{" & Hex(code) & "}"
        End If
    Next
    Shown = Shown & """"
End Function

Function IsPlain(code)
    IsPlain = code >= 32 And code <= 126 And code <> 34
End Function

' An expression of this language that is the text.
Function Literal(text)
    Dim at, code, open, result
    open = True
    result = """"
    For at = 1 To Len(text)
        code = AscW(Mid(text, at, 1)) And &HFFFF&
        If IsPlain(code) Then
            If Not open Then result = result & " & """
            open = True
            result = result & Mid(text, at, 1)
        Else
            If open Then result = result & """"
            open = False
            result = result & " & ChrW(" & code & ")"
        End If
    Next
    If open Then result = result & """"
    Literal = result
End Function

Function Number(value)
    If IsNull(value) Or IsEmpty(value) Then
        Number = "null"
    Else
        Number = CStr(value)
    End If
End Function

' The text of a property that may be null.
Function TextOf(value)
    If IsNull(value) Or IsEmpty(value) Then
        TextOf = ""
    Else
        TextOf = CStr(value)
    End If
End Function

Sub Fail(doing, code, text, exitCode)
    WScript.Echo "Could not " & doing & ": 0x" & Hex(code) & " " & Shown(text)
    WScript.Echo "{""azedit"":""error"",""doing"":""" & doing & """,""code"":""0x" & Hex(code) & """,""message"":" & _
        Json(text) & "}"
    WScript.Quit exitCode
End Sub

Sub Connect()
    Dim code, text
    On Error Resume Next
    Set Wmi = NewLocator().ConnectServer(TargetHost, VirtualizationNamespace)
    If Err.Number = 0 Then
        ' Impersonate; encrypt what goes over the network.
        Wmi.Security_.ImpersonationLevel = 3
        Wmi.Security_.AuthenticationLevel = 6
        Err.Clear
    Else
        code = Err.Number
        text = Err.Description
        On Error GoTo 0
        Fail "connect", code, text, 2
    End If
End Sub

' Machines are named by GUIDs; the host, which stands among them, is not.
Function IsGuid(text)
    IsGuid = Len(text) = 36 And Mid(text, 9, 1) = "-" And Mid(text, 14, 1) = "-" And Mid(text, 19, 1) = "-" And _
        Mid(text, 24, 1) = "-"
End Function

' The machine of this GUID, or Nothing.
Function Machine(guid)
    Dim found
    Set Machine = Nothing
    For Each found In Wmi.ExecQuery("SELECT * FROM Msvm_ComputerSystem WHERE Name='" & guid & "'")
        Set Machine = found
    Next
End Function

' The settings that hold the scope of a machine, or Nothing.
Function SettingsOf(vm)
    Dim found
    Set SettingsOf = Nothing
    For Each found In vm.Associators_("Msvm_ElementSettingData", "Msvm_VirtualSystemGlobalSettingData")
        Set SettingsOf = found
    Next
End Function

Sub ListMachines()
    Dim found, settings, current, count
    count = 0
    For Each found In Wmi.ExecQuery("SELECT * FROM Msvm_ComputerSystem")
        If IsGuid(found.Name) Then
            Set settings = SettingsOf(found)
            current = Null
            If Not settings Is Nothing Then current = TextOf(settings.ScopeOfResidence)
            WScript.Echo "{""azedit"":""machine"",""guid"":" & Json(UCase(found.Name)) & ",""name"":" & _
                Json(TextOf(found.ElementName)) & ",""state"":" & Number(found.EnabledState) & ",""scope"":" & _
                Json(current) & "}"
            count = count + 1
        Else
            WScript.Echo "{""azedit"":""host"",""name"":" & Json(TextOf(found.ElementName)) & "}"
        End If
    Next
    WScript.Echo "{""azedit"":""end"",""count"":" & count & "}"
End Sub

' Puts one machine, by its GUID, into the plan. An empty scope is the default scope.
Sub Plan(guid, target)
    ReDim Preserve PlannedMachines(PlanSize), PlannedScopes(PlanSize)
    PlannedMachines(PlanSize) = guid
    PlannedScopes(PlanSize) = target
    PlanSize = PlanSize + 1
End Sub

' Writes, beside this script, the one that undoes it: this text up to its plan, and the plan the other way round.
Sub WriteUndo()
    Dim files, source, path, file, index, vm, settings, old, at, moment
    Set files = CreateObject("Scripting.FileSystemObject")
    source = files.OpenTextFile(WScript.ScriptFullName, 1).ReadAll()
    source = Left(source, InStr(source, "' ---- The " & "plan ----") - 1)
    moment = Now
    path = Left(WScript.ScriptFullName, Len(WScript.ScriptFullName) - 4) & "-undo-" & Year(moment) & _
        TwoDigits(Month(moment)) & TwoDigits(Day(moment)) & "-" & TwoDigits(Hour(moment)) & TwoDigits(Minute(moment)) & _
        TwoDigits(Second(moment)) & ".vbs"
    Set file = files.CreateTextFile(path, False)
    file.Write source
    file.WriteLine "' ---- The " & "plan ----"
    file.WriteLine "TargetHost = " & Literal(TargetHost)
    For index = PlanSize - 1 To 0 Step -1
        Set vm = Machine(PlannedMachines(index))
        If Not vm Is Nothing Then
            Set settings = SettingsOf(vm)
            If Not settings Is Nothing Then
                old = TextOf(settings.ScopeOfResidence)
                file.WriteLine "Scope = """""
                For at = 1 To Len(old) Step 24
                    file.WriteLine "Scope = Scope & " & Literal(Mid(old, at, 24))
                Next
                file.WriteLine "Plan " & Literal(PlannedMachines(index)) & ", Scope"
            End If
        End If
    Next
    file.WriteLine "RunPlan"
    file.Close
    WScript.Echo "To undo: cscript //nologo " & Shown(path)
    WScript.Echo "{""azedit"":""undo"",""path"":" & Json(path) & "}"
End Sub

Function TwoDigits(value)
    TwoDigits = Right("0" & value, 2)
End Function

' Waits until the job is neither new (2), starting (3) nor running (4). Gives "state,error,message" as members of JSON.
Function Waited(path)
    Dim job, looks
    looks = SecondsForAJob * 1000 / MillisecondsBetweenLooks
    Do
        Set job = Wmi.Get(path)
        If job.JobState < 2 Or job.JobState > 4 Then Exit Do
        looks = looks - 1
        If looks <= 0 Then Exit Do
        WScript.Sleep MillisecondsBetweenLooks
    Loop
    Waited = """job"":" & Number(job.JobState)
    If job.JobState <> 7 And (job.JobState < 2 Or job.JobState > 4) Then
        Waited = Waited & ",""job_error"":" & Number(job.ErrorCode) & ",""message"":" & Json(TextOf(job.ErrorDescription))
    End If
End Function

' Asks for the change and waits for it. Gives members of the result's JSON.
Function Changed(vm, settings, target)
    Dim parameters, answer
    settings.ScopeOfResidence = target
    Set parameters = Service.Methods_("ModifyVirtualSystem").InParameters.SpawnInstance_()
    parameters.ComputerSystem = vm.Path_.Path
    parameters.SystemSettingData = settings.GetText_(1)
    Set answer = Service.ExecMethod_("ModifyVirtualSystem", parameters)
    Changed = ",""return"":" & Number(answer.ReturnValue)
    If answer.ReturnValue = 4096 Then Changed = Changed & "," & Waited(answer.Job)
End Function

' Moves one machine, reads its scope back, and says what happened. True if it is where it belongs.
Function Moved(guid, target)
    Dim vm, settings, name, old, current, details, code, text
    details = ""
    name = Null
    old = Null
    current = Null
    On Error Resume Next
    Set vm = Machine(guid)
    If Err.Number = 0 Then
        If Not vm Is Nothing Then
            name = TextOf(vm.ElementName)
            Set settings = SettingsOf(vm)
            old = TextOf(settings.ScopeOfResidence)
            current = old
            If Err.Number = 0 And old <> target Then
                details = Changed(vm, settings, target)
                If Err.Number = 0 Then
                    ' From the host, not from the object at hand, which already says what was asked for.
                    current = Null
                    current = TextOf(SettingsOf(Machine(guid)).ScopeOfResidence)
                End If
            End If
        End If
    End If
    code = Err.Number
    text = Err.Description
    On Error GoTo 0
    If code <> 0 Then details = details & ",""code"":""0x" & Hex(code) & """,""words"":" & Json(text)
    WScript.Echo "{""azedit"":""move"",""guid"":" & Json(guid) & ",""name"":" & Json(name) & ",""wanted"":" & _
        Json(target) & ",""old"":" & Json(old) & ",""now"":" & Json(current) & details & "}"
    Moved = False
    If Not IsNull(current) Then Moved = (current = target)
    If Moved Then
        WScript.Echo Shown(name) & " is in scope " & Shown(current) & "; it was in " & Shown(old) & "."
    Else
        WScript.Echo "NOT MOVED: " & guid & " " & Shown(name) & " to " & Shown(target)
    End If
End Function

Sub RunPlan()
    Dim found, index, failures, code, text
    Connect
    On Error Resume Next
    For Each found In Wmi.InstancesOf("Msvm_VirtualSystemManagementService")
        Set Service = found
    Next
    code = Err.Number
    text = Err.Description
    If code = 0 And Not IsObject(Service) Then
        code = &H80041002
        text = "there is no virtual system management service"
    End If
    On Error GoTo 0
    If code <> 0 Then Fail "find the management service", code, text, 2
    On Error Resume Next
    WriteUndo
    code = Err.Number
    text = Err.Description
    On Error GoTo 0
    If code <> 0 Then Fail "write the script that undoes this", code, text, 3
    failures = 0
    For index = 0 To PlanSize - 1
        If Not Moved(PlannedMachines(index), PlannedScopes(index)) Then failures = failures + 1
    Next
    WScript.Echo "{""azedit"":""end"",""count"":" & PlanSize & "}"
    If failures > 0 Then WScript.Quit 1
End Sub

Sub RunList()
    Dim code, text
    Connect
    On Error Resume Next
    ListMachines
    code = Err.Number
    text = Err.Description
    On Error GoTo 0
    If code <> 0 Then Fail "list the machines", code, text, 2
End Sub

