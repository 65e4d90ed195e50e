namespace PortiaWatch.Darwin.Tests.Support;

/// <summary>A program of the system played by a shell script of the test: it notes its arguments, one run a file, and then does what the test says.</summary>
internal sealed class StandInProgram : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("portia-program-").FullName;

    /// <param name="name">As the real one is called.</param>
    /// <param name="script">Body in sh; <c>$RUN</c> is the number of the run, from 1; <c>$HERE</c> a folder of its own.</param>
    public StandInProgram(string name, string script)
    {
        Path = System.IO.Path.Combine(_folder, name);

        // mkdir is the one atomic step there is: two runs at a time get two numbers.
        File.WriteAllText(Path, $$"""
            #!/bin/sh
            HERE='{{_folder}}'
            RUN=1
            while ! mkdir "$HERE/run.$RUN" 2>/dev/null; do RUN=$((RUN + 1)); done
            echo $$ > "$HERE/run.$RUN/pid"
            for a in "$@"; do printf '%s\0' "$a"; done > "$HERE/run.$RUN/args.new"
            mv "$HERE/run.$RUN/args.new" "$HERE/run.$RUN/args"
            {{script}}

            """.ReplaceLineEndings("\n"));
        File.SetUnixFileMode(Path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    public string Path { get; }

    public string Folder => _folder;

    /// <summary>The arguments of every run so far.</summary>
    public IReadOnlyList<string[]> Runs
    {
        get
        {
            List<string[]> runs = [];
            for (int run = 1; File.Exists(System.IO.Path.Combine(_folder, $"run.{run}", "args")); run++)
                runs.Add(File.ReadAllText(System.IO.Path.Combine(_folder, $"run.{run}", "args")).Split('\0')[..^1]);
            return runs;
        }
    }

    public int Pid(int run) => int.Parse(File.ReadAllText(System.IO.Path.Combine(_folder, $"run.{run}", "pid")), null);

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
