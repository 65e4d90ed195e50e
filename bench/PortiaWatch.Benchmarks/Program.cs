using BenchmarkDotNet.Running;
using PortiaWatch.Benchmarks;

// The kernel source is measured as it runs, from other processes: nothing for a loop around a method.
if (args is ["kernel"] && OperatingSystem.IsLinux())
    await KernelMeasurement.RunAsync();
else
    BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args);
