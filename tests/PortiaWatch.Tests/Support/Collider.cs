namespace PortiaWatch.Tests.Support;

/// <summary>A real server program that can be made to want a given loopback port.</summary>
/// <param name="Needs">Programs that must be installed.</param>
/// <param name="Program">Full path.</param>
/// <param name="Arguments">Of a folder of its own and a port.</param>
internal sealed record Collider(string[] Needs, string Program, Func<TemporaryFolder, int, string[]> Arguments)
{
    private const string Postgres = "/usr/lib/postgresql";

    public static Collider Named(string name) => name switch
    {
        "node" => new(["node"], "/usr/bin/node", (folder, port) => [folder.Write("server.js", $"require('http').createServer().listen({port}, '127.0.0.1')")]),
        "nginx" => new(["nginx"], "/usr/sbin/nginx", (folder, port) => ["-c", folder.Write("nginx.conf", Nginx(folder.Path, port)), "-p", folder.Path, "-e", "stderr"]),
        "redis" => new(["redis-server"], "/usr/bin/redis-server", (folder, port) => ["--port", $"{port}", "--bind", "127.0.0.1", "--save", "", "--dir", folder.Path]),
        "kestrel" => new([], KestrelServer, (_, port) => ["--urls", $"http://127.0.0.1:{port}"]),
        "php" => new(["php"], "/usr/bin/php", (folder, port) => ["-S", $"127.0.0.1:{port}", "-t", folder.Path]),
        "postgres" => new(["postgres|postgresql"], "/bin/sh", (folder, port) => ["-c", PostgresScript(folder, port)]),
        _ => throw new ArgumentOutOfRangeException(nameof(name), name, null),
    };

    private static string KestrelServer => Path.Combine(Path.GetDirectoryName(AppContext.BaseDirectory.TrimEnd('/'))!.Replace("PortiaWatch.Tests", "KestrelServer", StringComparison.Ordinal), Path.GetFileName(AppContext.BaseDirectory.TrimEnd('/')), "KestrelServer");

    private static string Nginx(string folder, int port) => $$"""
        daemon off; master_process off; pid {{folder}}/nginx.pid; worker_processes 1;
        events { worker_connections 16; }
        http {
          access_log off;
          client_body_temp_path {{folder}}/b; proxy_temp_path {{folder}}/p; fastcgi_temp_path {{folder}}/f; uwsgi_temp_path {{folder}}/u; scgi_temp_path {{folder}}/s;
          server { listen 127.0.0.1:{{port}}; }
        }
        """;

    /// <summary>postgres refuses to run as root, so as root it runs as the user that its package made.</summary>
    private static string PostgresScript(TemporaryFolder folder, int port) => $$"""
        set -e
        bin=$(ls -d {{Postgres}}/*/bin | tail -n 1)
        as=""
        if [ "$(id -u)" = 0 ]; then chmod 0777 {{folder.Path}}; as="setpriv --reuid=postgres --regid=postgres --clear-groups"; fi
        $as "$bin/initdb" -D {{folder.Path}}/data -A trust -U test >/dev/null
        exec $as "$bin/postgres" -D {{folder.Path}}/data -p {{port}} -h 127.0.0.1 -k {{folder.Path}}
        """;
}
