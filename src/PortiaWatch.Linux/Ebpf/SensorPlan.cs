namespace PortiaWatch.Linux.Ebpf;

/// <summary>What the programs are to be made of on this kernel.</summary>
internal sealed record SensorPlan
{
    /// <summary>The socket, the process and its command line are followed through the kernel's structures; null: only what helpers and arguments tell.</summary>
    public KernelOffsets? Offsets { get; init; }

    /// <summary>The arguments are taken from the task's registers at the exit (5.15, needs BTF); null: a program at the entry keeps them in a map.</summary>
    public ArgumentRegisters? Registers { get; init; }

    /// <summary>What such a sensor does not see, one plain sentence; null when it sees everything.</summary>
    public string? Limit => Offsets is not null
        ? null
        : "this kernel does not let its structures be read (no BTF, or lockdown): transport, namespaces, failed listen() and the command line of a program that ended at once are not seen";

    /// <summary>Best first: each needs less of the kernel than the one before.</summary>
    public static IReadOnlyList<SensorPlan> Choices(KernelOffsets? offsets, ArgumentRegisters registers)
    {
        List<SensorPlan> plans = [];
        if (offsets is not null)
        {
            plans.Add(new SensorPlan { Offsets = offsets, Registers = registers });
            plans.Add(new SensorPlan { Offsets = offsets });
        }

        plans.Add(new SensorPlan { Registers = registers });
        plans.Add(new SensorPlan());
        return plans;
    }
}
