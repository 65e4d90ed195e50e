using BenchmarkDotNet.Running;
using PortiaWatch.Benchmarks;

// The kernel source is measured as it runs, from other processes: nothing for a loop around a method.
if (args is ["kernel"] && OperatingSystem.IsLinux())
    await KernelMeasurement.RunAsync();
else if (args is ["lookup", var target, var holder] && OperatingSystem.IsLinux())
    return await LookupMeasurement.RunAsync(target, holder);
else
    BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args);
return 0;
