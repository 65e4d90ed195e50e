using System.CommandLine;
using PortiaWatch;
using PortiaWatch.Verbs;

var root = new RootCommand("PortiaWatch sees \"address already in use\" as it happens, names both sides, and does what your rules say.");
GlobalOptions.AddTo(root);
root.Add(WatchVerb.Create());
root.Add(WhoVerb.Create());
root.Add(ListVerb.Create());
root.Add(FreeVerb.Create());
root.Add(RulesVerb.Create());
root.Add(ScanVerb.Create());
root.Add(DoctorVerb.Create());
root.Add(ServiceVerbs.CreateInstall());
root.Add(ServiceVerbs.CreateUninstall());
root.Add(SensorVerb.Create());
root.Add(DemoVerb.Create());
root.Add(DemoServerVerb.Create());
return await CommandLine.RunAsync(root, args);
