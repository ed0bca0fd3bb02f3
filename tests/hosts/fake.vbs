' A host that the tests of vm.vbs record: it stands in for WMI. Its machine, its scope and its answers are set by the
' lines that the test puts behind this file. Part of the script under test, by way of text.

Dim FakeMachines, FakeAnswer, FakeJobStates, FakeLook, FakeStored, FakeVanished, FakeApplies, FakeName
FakeApplies = True
FakeVanished = False
FakeLook = 0
FakeName = "Johns VM"
Class FakeLocator
    Public Function ConnectServer(host, space)
        Set ConnectServer = New FakeWmi
    End Function
End Class
Class FakeSecurity
    Public ImpersonationLevel
    Public AuthenticationLevel
End Class
Class FakePath
    Public Path
End Class
Class FakeWmi
    Public Property Get Security_()
        Set Security_ = New FakeSecurity
    End Property
    Public Function ExecQuery(query)
        Dim found, one, two, host, at
        Set one = New FakeMachine
        one.Name = "E57917F3-31C3-456E-B1BA-5E45B4CC7E0C"
        one.ElementName = FakeName
        Set host = New FakeMachine
        host.Name = "HV01"
        host.ElementName = "HV01"
        at = InStr(query, "WHERE")
        If at = 0 Then
            ExecQuery = Array(host, one)
        ElseIf InStr(query, one.Name) > 0 And Not FakeVanished Then
            ExecQuery = Array(one)
        Else
            ExecQuery = Array()
        End If
    End Function
    Public Function InstancesOf(name)
        Dim service
        Set service = New FakeService
        InstancesOf = Array(service)
    End Function
    Public Function Found(path)
        Dim job
        Set job = New FakeJob
        job.JobState = FakeJobStates(FakeLook)
        If FakeLook < UBound(FakeJobStates) Then FakeLook = FakeLook + 1
        Set Found = job
    End Function
End Class
Class FakeMachine
    Public Name
    Public ElementName
    Public Property Get EnabledState()
        EnabledState = 2
    End Property
    Public Property Get Path_()
        Set Path_ = New FakePath
        Path_.Path = "\\HV01\root\virtualization:Msvm_ComputerSystem.Name=""" & Name & """"
    End Property
    Public Function Associators_(association, result)
        Dim settings
        Set settings = New FakeSettings
        settings.ScopeOfResidence = FakeStored
        Associators_ = Array(settings)
    End Function
End Class
Class FakeSettings
    Public ScopeOfResidence
    Public Function GetText_(kind)
        GetText_ = "<INSTANCE>" & ScopeOfResidence
    End Function
End Class
Class FakeMethod
    Public Function InParameters()
        Set InParameters = New FakeParameters
    End Function
End Class
Class FakeParameters
    Public ComputerSystem
    Public SystemSettingData
    Public Function SpawnInstance_()
        Set SpawnInstance_ = New FakeParameters
    End Function
End Class
Class FakeService
    Public Function Methods_(name)
        Set Methods_ = New FakeMethod
    End Function
    Public Function ExecMethod_(name, parameters)
        Set ExecMethod_ = New FakeAnswered
        If FakeApplies Then FakeStored = Mid(parameters.SystemSettingData, 11)
        ExecMethod_.ReturnValue = FakeAnswer
    End Function
End Class
Class FakeAnswered
    Public ReturnValue
    Public Property Get Job()
        Job = "job"
    End Property
End Class
Class FakeJob
    Public JobState
    Public Property Get ErrorCode()
        ErrorCode = 32775
    End Property
    Public Property Get ErrorDescription()
        ErrorDescription = "Invalid state" & vbCrLf
    End Property
End Class

' Wine's interpreter has neither AscW nor ChrW. These, under which the test renames them, know ASCII and some characters
' of code page 1252.
Dim Known
Known = Array(130, 8218, 132, 8222, 145, 8216, 146, 8217, 147, 8220, 148, 8221, 233, 233)

Function CodeOf(character)
    Dim code, at
    CodeOf = -1
    For code = 0 To 127
        If Chr(code) = character Then CodeOf = code
    Next
    For at = 0 To UBound(Known) Step 2
        If Chr(Known(at)) = character Then CodeOf = Known(at + 1)
    Next
    If CodeOf = -1 Then Err.Raise 5, "CodeOf", "a character that this stand-in does not know"
End Function

Function CharacterOf(code)
    Dim at
    If code < 128 Then CharacterOf = Chr(code)
    For at = 0 To UBound(Known) Step 2
        If Known(at + 1) = code Then CharacterOf = Chr(Known(at))
    Next
    If IsEmpty(CharacterOf) Then Err.Raise 5, "CharacterOf", "a character that this stand-in does not know: " & code
End Function
