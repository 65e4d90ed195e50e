using PortiaWatch.Linux.Ebpf;
using PortiaWatch.Pipeline.Sources;

namespace PortiaWatch.Linux.Tests.Ebpf;

public sealed class KernelRightsTests
{
    private static readonly KernelRights s_all = new()
    {
        Capabilities = (1ul << 39) | (1ul << 38) | (1ul << 2),
        IsInFirstUserNamespace = true,
        IsFiltered = false,
        Lockdown = null,
        CanReadTracefs = false,
        Executable = "/usr/bin/portia",
    };

    [Fact]
    public void Rights_ThreeCapabilities_AreEnough() => Assert.Null(s_all.Missing());

    [Fact]
    public void Rights_SysAdmin_StandsForTwoOfThem() => Assert.Null((s_all with { Capabilities = (1ul << 21) | (1ul << 2) }).Missing());

    [Fact]
    public void Rights_ReadableTracefs_NeedsNoThird() => Assert.Null((s_all with { Capabilities = (1ul << 39) | (1ul << 38), CanReadTracefs = true }).Missing());

    [Fact]
    public void Rights_PlainUser_GetsTheCommands() => Assert.Equal(
        "The kernel source needs CAP_BPF, CAP_PERFMON and CAP_DAC_READ_SEARCH: `sudo portia install --kernel` gives them to a sensor alone, "
        + "`sudo setcap cap_bpf,cap_perfmon,cap_dac_read_search+ep /usr/bin/portia`, AmbientCapabilities=CAP_BPF CAP_PERFMON CAP_DAC_READ_SEARCH in a system unit, or root.",
        (s_all with { Capabilities = 0 }).Missing());

    [Fact]
    public void Rights_OneMissing_NamesThatOne() =>
        Assert.StartsWith("The kernel source needs CAP_PERFMON: ", (s_all with { Capabilities = (1ul << 39) | (1ul << 2) }).Missing(), StringComparison.Ordinal);

    [Fact]
    public void Rights_RootOfAnotherUserNamespace_IsSentToTheHost() =>
        Assert.Contains("on the host", (s_all with { IsInFirstUserNamespace = false }).Missing(), StringComparison.Ordinal);

    [Theory]
    [InlineData("none [integrity] confidentiality\n", "integrity")]
    [InlineData("[none] integrity confidentiality\n", null)]
    [InlineData("", null)]
    [InlineData("][", null)]
    public void Rights_Lockdown_IsTheChosenMode(string text, string? expected) => Assert.Equal(expected, KernelRights.ChosenLockdown(text));

    [Theory]
    [InlineData("         0          0 4294967295\n", true)]
    [InlineData("         0       1000          1\n", false)]
    [InlineData("0 0 65536\n65536 165536 1\n", false)]
    [InlineData("", true)]
    public void Rights_UserNamespace_IsTheFirstWhenItMapsEverything(string map, bool expected) => Assert.Equal(expected, KernelRights.IsIdentity(map));

    [Theory]
    [InlineData(1, true)]
    [InlineData(22, false)]
    [InlineData(38, false)]
    public void Refusal_OfAMap_IsNotRetried(int errno, bool isPermission) =>
        Assert.Equal(isPermission, Assert.IsType<SourceUnavailableException>(KernelRefusal.OfMap(errno)).IsPermission);

    [Theory]
    [InlineData(12)]
    [InlineData(24)]
    public void Refusal_ForWantOfMemoryOrDescriptors_IsRetried(int errno) => Assert.IsType<IOException>(KernelRefusal.OfMap(errno));

    [Theory]
    [InlineData(2, false)]
    [InlineData(13, true)]
    public void Refusal_OfAnAttachment_NamesTheTracepoint(int errno, bool isPermission)
    {
        SourceUnavailableException refusal = Assert.IsType<SourceUnavailableException>(KernelRefusal.OfAttachment("sys_exit_bind", errno));

        Assert.Equal(isPermission, refusal.IsPermission);
    }

    [Fact]
    public void Refusal_ByTheVerifier_QuotesItsLastWords()
    {
        byte[] log = "0: R1=ctx() R10=fp0\n0: (79) r2 = *(u64 *)(r1 +16)\nR2 !read_ok\nprocessed 1 insns (limit 1000000)\n\0left over"u8.ToArray();

        string words = BpfLoader.LastWords(log);

        Assert.Equal("0: (79) r2 = *(u64 *)(r1 +16) | R2 !read_ok", words);
        Assert.Contains("R2 !read_ok", KernelRefusal.OfProgram(13, words).Message, StringComparison.Ordinal);
    }
}
