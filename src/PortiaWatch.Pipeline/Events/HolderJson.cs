using System.Text.Json;

namespace PortiaWatch.Pipeline.Events;

/// <summary>Writes endpoints, processes and holders in the shape of <c>portia.holder/1</c>. Names are camelCase and stable.</summary>
public static class HolderJson
{
    /// <summary>One element of <c>holders</c>.</summary>
    public static void Write(Utf8JsonWriter json, Holder holder)
    {
        json.WriteStartObject();
        WriteProcess(json, holder.Process, holder.User);
        json.WritePropertyName("endpoint");
        Write(json, holder.Endpoint);
        json.WriteString("use", JsonNamingPolicy.CamelCase.ConvertName(holder.Use.ToString()));
        WriteFamily(json, holder.Process);
        json.WriteString("project", holder.Process?.Project);
        if (holder.Process is { } process)
            json.WriteBoolean("orphan", process.IsOrphan);
        else
            json.WriteNull("orphan");
        json.WriteString("unit", holder.Unit);
        json.WriteBoolean("protected", holder.IsProtected);
        json.WriteString("known", holder.Known);
        json.WriteString("advice", holder.Advice ?? holder.Protection);
        json.WriteEndObject();
    }

    /// <summary>An endpoint object, or null where nothing is known of it.</summary>
    public static void Write(Utf8JsonWriter json, Endpoint endpoint)
    {
        json.WriteStartObject();
        json.WriteString("transport", TransportName(endpoint.Transport));
        json.WriteString("address", endpoint.Address);
        if (endpoint.Port is { } port)
            json.WriteNumber("port", port);
        else
            json.WriteNull("port");
        json.WriteString("path", endpoint.Path);
        json.WriteEndObject();
    }

    /// <summary>The refused process as far as the system vouches for it; null when it vouches for nobody.</summary>
    public static void Write(Utf8JsonWriter json, Sender? contender)
    {
        if (contender is null)
        {
            json.WriteNullValue();
            return;
        }

        json.WriteStartObject();
        if (contender.Facts is { } facts)
        {
            WriteProcess(json, facts, facts.User);
        }
        else
        {
            json.WriteNumber("pid", contender.Pid);
            json.WriteString("name", contender.Name);
            json.WriteString("path", contender.Executable);
        }

        if (contender.Uid is { } uid)
            json.WriteNumber("uid", uid);
        else
            json.WriteNull("uid");
        json.WriteString("unit", contender.Unit);
        WriteFamily(json, contender.Facts);
        json.WriteEndObject();
    }

    /// <summary><c>tcp</c>, <c>udp</c>, <c>unix</c> or null.</summary>
    public static string? TransportName(Transport? transport) => transport switch
    {
        Transport.Tcp => "tcp",
        Transport.Udp => "udp",
        Transport.Unix => "unix",
        _ => null,
    };

    private static void WriteProcess(Utf8JsonWriter json, ProcessFacts? process, string? user)
    {
        if (process is not null)
            json.WriteNumber("pid", process.Identity.Pid);
        else
            json.WriteNull("pid");
        json.WriteString("name", process?.Name);
        json.WriteString("path", process?.Path);
        WriteStrings(json, "command", process?.Command);
        json.WriteString("cwd", process?.WorkingDirectory);
        json.WriteString("user", user);
        if (process?.StartedAt is { } started)
            json.WriteString("startedAt", started);
        else
            json.WriteNull("startedAt");
    }

    private static void WriteFamily(Utf8JsonWriter json, ProcessFacts? process)
    {
        json.WriteStartArray("parents");
        foreach (ParentProcess parent in process?.Parents ?? [])
        {
            json.WriteStartObject();
            json.WriteNumber("pid", parent.Pid);
            json.WriteString("name", parent.Name);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WritePropertyName("supervisor");
        if (process?.Supervisor is { } supervisor)
        {
            json.WriteStartObject();
            json.WriteString("kind", supervisor.Kind);
            json.WriteString("name", supervisor.Name);
            WriteStrings(json, "stop", supervisor.StopCommand);
            json.WriteEndObject();
        }
        else
        {
            json.WriteNullValue();
        }

        json.WriteString("container", process?.Container);
    }

    private static void WriteStrings(Utf8JsonWriter json, string name, IReadOnlyList<string>? values)
    {
        if (values is null)
        {
            json.WriteNull(name);
            return;
        }

        json.WriteStartArray(name);
        foreach (string value in values)
            json.WriteStringValue(value);
        json.WriteEndArray();
    }
}
