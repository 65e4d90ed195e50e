using PortiaWatch.Running;

namespace PortiaWatch.Tests.Running;

public sealed class PortArgumentTests
{
    [Theory]
    [InlineData("node server.js --port 3000", "node server.js --port 3001")]
    [InlineData("node server.js --port=3000", "node server.js --port=3001")]
    [InlineData("next dev -p 3000", "next dev -p 3001")]
    [InlineData("next dev -p3000", "next dev -p3001")]
    [InlineData("python3 -m http.server 3000", "python3 -m http.server 3001")]
    [InlineData("python3 manage.py runserver 127.0.0.1:3000", "python3 manage.py runserver 127.0.0.1:3001")]
    [InlineData("gunicorn --bind=[::]:3000 app", "gunicorn --bind=[::]:3001 app")]
    [InlineData("caddy --listen :3000", "caddy --listen :3001")]
    [InlineData("tool http://localhost:3000/", "tool http://localhost:3001/")]
    [InlineData("make PORT=3000 serve", "make PORT=3001 serve")]
    public void Replace_PortNamedOnceAndPlainly_IsReplaced(string command, string expected)
    {
        (PortArgument.Answer answer, IReadOnlyList<string> changed) = PortArgument.Replace(command.Split(' '), 3000, 3001);

        Assert.Equal(PortArgument.Answer.Replaced, answer);
        Assert.Equal(expected.Split(' '), changed);
    }

    [Theory]
    [InlineData("server --timeout 3000")]
    [InlineData("server --timeout=3000")]
    [InlineData("server --port 3000 --hmr-port 3000")]
    [InlineData("docker run -p 3000:80 web")]
    [InlineData("docker run -p 8080:3000 web")]
    [InlineData("docker run -p 3000:3000 web")]
    [InlineData("sh -c node_server.js_3000")]
    [InlineData("serve 3000,4000")]
    public void Replace_AnythingElse_IsLeftAsItIs(string command)
    {
        (PortArgument.Answer answer, IReadOnlyList<string> changed) = PortArgument.Replace(command.Split(' '), 3000, 3001);

        Assert.Equal(PortArgument.Answer.Unclear, answer);
        Assert.Equal(command.Split(' '), changed);
    }

    [Theory]
    [InlineData("npm run dev")]
    [InlineData("node server-13000.js 30001")]
    [InlineData("3000")]
    public void Replace_PortThatIsNotNamed_IsNotNamed(string command) =>
        Assert.Equal(PortArgument.Answer.NotNamed, PortArgument.Replace(command.Split(' '), 3000, 3001).Answer);

    [Fact]
    public void Replace_ScriptInOneArgument_IsLeftAsItIs() =>
        Assert.Equal(PortArgument.Answer.Unclear, PortArgument.Replace(["sh", "-c", "node server.js --port 3000"], 3000, 3001).Answer);

    [Fact]
    public void Replace_AnyCommandLine_ChangesNothingButOneNumber()
    {
        var random = new Random(20260726);
        string[] pieces = ["3000", "-p", "--port", "=", ":", "[::]", "a", " ", "/", ",", "13000", "30000", ""];
        for (int i = 0; i < 20_000; i++)
        {
            string[] command = ["program", .. Enumerable.Range(0, random.Next(4)).Select(_ => string.Concat(Enumerable.Range(0, random.Next(4)).Select(_ => pieces[random.Next(pieces.Length)])))];
            (PortArgument.Answer answer, IReadOnlyList<string> changed) = PortArgument.Replace(command, 3000, 3001);
            if (answer == PortArgument.Answer.Replaced)
                Assert.Equal(command, PortArgument.Replace(changed, 3001, 3000).Command);
            else
                Assert.Same(command, changed);
        }
    }
}
