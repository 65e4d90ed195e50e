namespace PortiaWatch.Pipeline.Tests.Support;

/// <summary>A folder of its own for one test, gone afterwards.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("portia-test-").FullName;

    public string this[string name] => System.IO.Path.Join(Path, name);

    public void Write(string name, string text) => File.WriteAllText(this[name], text);

    public void Append(string name, string text) => File.AppendAllText(this[name], text);

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
