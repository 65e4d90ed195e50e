using PortiaWatch.Tests.Support;

namespace PortiaWatch.Tests.Attacks;

/// <summary>The file that Node loads before every program of the user, put into somebody else's hands. Doctor says so, and installing it again takes it back.</summary>
[Collection(AttackSuite.Name)]
[System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
public sealed class HookFileTests(AttackTally attacks) : IDisposable
{
    private const UnixFileMode Everybody = (UnixFileMode)0b111_111_111;
    private const UnixFileMode OwnFile = (UnixFileMode)0b110_000_000;
    private const UnixFileMode OwnFolder = (UnixFileMode)0b111_000_000;

    private readonly TemporaryFolder _folder = new();

    private string Data => Path.Combine(_folder.Path, "portia");

    private string Hooks => Path.Combine(Data, "hooks");

    private string Hook => Path.Combine(Hooks, "node.cjs");

    public void Dispose() => _folder.Dispose();

    [SkippableTheory]
    [InlineData("replaced", "is not the one that this version installs")]
    [InlineData("a link to the very same text", "is a link")]
    [InlineData("open to others", "may be written by others")]
    [InlineData("in a folder open to others", "may be written by others")]
    [InlineData("a named pipe", "is no regular file")]
    [InlineData("another user's", "belongs to another user")]
    public async Task HookFile_InOtherHands_IsNamedByDoctorAndTakenBack(string kind, string words)
    {
        string text = await InstallAsync();
        attacks.Try();
        string theirs = _folder.Write("theirs.cjs", text);
        await TakeOverAsync(kind, theirs);

        Portia.Answer doctor = await PortiaAsync("doctor");
        Portia.Answer again = await PortiaAsync("hook", "node");

        Assert.Contains(words, doctor.Output, StringComparison.Ordinal);
        Assert.Contains("portia hook node", doctor.Output, StringComparison.Ordinal);
        Assert.Equal(0, again.ExitCode);
        Assert.StartsWith("Installed", again.Messages, StringComparison.Ordinal);
        Assert.Null(new FileInfo(Hook).LinkTarget);
        Assert.Equal(text, await File.ReadAllTextAsync(Hook));
        Assert.Equal(text, await File.ReadAllTextAsync(theirs));
        Assert.Equal((OwnFile, OwnFolder), (File.GetUnixFileMode(Hook), File.GetUnixFileMode(Hooks)));
        Assert.Contains("only you can change it", (await PortiaAsync("doctor")).Output, StringComparison.Ordinal);
        attacks.Repelled();
    }

    [SkippableTheory]
    [InlineData("a link", "is a link")]
    [InlineData("open to others", "Other users may write")]
    [InlineData("another user's", "belongs to another user")]
    public async Task HookFolder_InOtherHands_GetsNoHook(string kind, string words)
    {
        attacks.Try();
        string victim = Directory.CreateDirectory(Path.Combine(_folder.Path, "victim")).FullName;
        UnixFileMode before = File.GetUnixFileMode(victim);
        Directory.CreateDirectory(Data);
        if (kind == "a link")
            File.CreateSymbolicLink(Hooks, victim);
        else if (kind == "open to others")
            File.SetUnixFileMode(Data, Everybody);
        else
            await GiveAwayAsync(Data);

        Portia.Answer answer = await PortiaAsync("hook", "node");

        Assert.Equal(4, answer.ExitCode);
        Assert.Contains(words, answer.Messages, StringComparison.Ordinal);
        Assert.Empty(answer.Output);
        Assert.False(File.Exists(Hook));
        Assert.Empty(Directory.EnumerateFileSystemEntries(victim));
        Assert.Equal(before, File.GetUnixFileMode(victim));
        attacks.Repelled();
    }

    private async Task TakeOverAsync(string kind, string theirs)
    {
        switch (kind)
        {
            case "replaced":
                await File.AppendAllTextAsync(Hook, "require('child_process').exec('id');\n");
                break;
            case "open to others":
                File.SetUnixFileMode(Hook, Everybody);
                break;
            case "in a folder open to others":
                File.SetUnixFileMode(Hooks, Everybody);
                break;
            case "another user's":
                await GiveAwayAsync(Hook);
                break;
            default:
                File.Delete(Hook);
                if (kind == "a named pipe")
                    await RunAsync("mkfifo", Hook);
                else
                    File.CreateSymbolicLink(Hook, theirs);
                break;
        }
    }

    private async Task GiveAwayAsync(string path)
    {
        Server.RequiresThat(Environment.UserName == "root", "only root can give a file away");
        await RunAsync("chown", "65534", path);
    }

    private async Task RunAsync(string program, params string[] arguments)
    {
        await using Server run = Server.Start(_folder.Path, program, arguments);
        Assert.Equal(0, await run.WaitForExitAsync());
    }

    private async Task<string> InstallAsync()
    {
        Assert.Equal(0, (await PortiaAsync("hook", "node")).ExitCode);
        return await File.ReadAllTextAsync(Hook);
    }

    private Task<Portia.Answer> PortiaAsync(params string[] arguments) => Portia.RunAsync(arguments, ("XDG_DATA_HOME", _folder.Path));
}
