using PortiaWatch.Linux.Tests.Support;

namespace PortiaWatch.Linux.Tests.Striking;

public sealed class OtherUserTests
{
    private const string Listen = "import socket,sys\ns=socket.socket();s.bind(('127.0.0.1',0));s.listen();print(s.getsockname()[1])\nsys.stdin.read()";
    private static readonly string[] Nobody = ["--reuid=65534", "--regid=65534", "--clear-groups"];

    [SkippableFact]
    public async Task Look_RootsPortAsPlainUser_IsHeldByRootAndNotPermitted()
    {
        RequireNobody();
        using Child holder = Child.Python(Listen);
        string port = await holder.ReadLineAsync();
        using Child look = Look(Nobody, port);

        Assert.Equal("Held| of 0|It belongs to user root; only root can say which process it is.", await look.ReadLineAsync());
        Assert.Contains("without root", await look.ReadLineAsync(), StringComparison.Ordinal);
        Assert.Equal($"NotPermitted|Port {port} is held by a process of user root that cannot be seen from here; nothing was signalled.|sudo portia free {port}", await look.ReadLineAsync());
        Assert.Equal(0, await look.ExitAsync());
    }

    [SkippableFact]
    public async Task Look_AnotherUsersPortAsRoot_IsFreedByHand()
    {
        RequireNobody();
        using Child holder = Child.Start("setpriv", [.. Nobody, "/usr/bin/python3", "-u", "-c", Listen]);
        string port = await holder.ReadLineAsync();
        using Child look = Look([], port);

        Assert.Equal($"Held|{holder.Pid} of 65534|", await look.ReadLineAsync());
        _ = await look.ReadLineAsync();
        Assert.StartsWith("Freed|", await look.ReadLineAsync(), StringComparison.Ordinal);
        Assert.Equal(143, await holder.ExitAsync());
    }

    [SkippableFact]
    public async Task Look_ProcHidesOthers_NeverSaysFree()
    {
        RequireNobody();
        Require.Tool("unshare");
        using Child holder = Child.Python(Listen);
        string port = await holder.ReadLineAsync();
        string program = typeof(OtherUserTests).Assembly.Location;
        using Child look = Child.Start(
            "unshare", "--mount", "sh", "-c", $"mount -o remount,hidepid=2 /proc 2>/dev/null || mount -t proc -o hidepid=2 proc /proc; exec setpriv {string.Join(' ', Nobody)} dotnet '{program}' look {port}");

        Assert.StartsWith("Held| of 0|", await look.ReadLineAsync(), StringComparison.Ordinal);
    }

    private static Child Look(string[] user, string target)
    {
        string[] command = ["dotnet", typeof(OtherUserTests).Assembly.Location, "look", target];
        return user.Length == 0 ? Child.Start(command[0], command[1..]) : Child.Start("setpriv", [.. user, .. command]);
    }

    // The other user must be able to read the program.
    private static void RequireNobody()
    {
        Require.Root();
        Require.Tool("setpriv");
        for (string? folder = AppContext.BaseDirectory; folder is not null; folder = Path.GetDirectoryName(folder))
            Require.That((File.GetUnixFileMode(folder) & UnixFileMode.OtherExecute) != 0, $"{folder} is closed to other users");
    }
}
