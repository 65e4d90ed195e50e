using System.CommandLine;
using PortiaWatch;
using PortiaWatch.Running;
using PortiaWatch.Verbs;

// A command must start as fast with us as without us, so its line is not parsed by the library.
if (RunArguments.TryRead(args) is { } run)
    return await RunVerb.RunAsync(run);

var root = new RootCommand("PortiaWatch sees \"address already in use\" as it happens, names both sides, and does what your rules say.");
GlobalOptions.AddTo(root);
BareCommand.AddTo(root);
root.Add(WatchVerb.Create());
root.Add(WhoVerb.Create());
root.Add(ListVerb.Create());
root.Add(FreeVerb.Create());
root.Add(RunVerb.Create());
root.Add(RulesVerb.Create());
root.Add(ScanVerb.Create());
root.Add(StatusVerb.Create());
root.Add(TailVerb.Create());
root.Add(TopVerb.Create());
root.Add(HookVerb.Create());
root.Add(UiVerb.Create());
root.Add(ReplayVerb.Create());
root.Add(HistoryVerb.Create());
root.Add(StatsVerb.Create());
root.Add(DoctorVerb.Create());
root.Add(ServiceVerbs.CreateInstall());
root.Add(ServiceVerbs.CreateUninstall());
root.Add(SensorVerb.Create());
root.Add(DemoVerb.Create());
root.Add(DemoServerVerb.Create());
root.Add(CompletionVerb.Create(root));
root.Add(CompletionVerb.CreateQuestion(root));
return await CommandLine.RunAsync(root, args);
