using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text.Json;
using PortiaWatch.Darwin.Interop;
using PortiaWatch.Darwin.Sockets;
using PortiaWatch.Darwin.Tests.Support;

namespace PortiaWatch.Darwin.Tests.Interop;

/// <summary>Compares what the code believes of Darwin's headers with what the compiler measured in them.</summary>
public sealed class LayoutTests
{
    private static readonly JsonElement Abi = Fixture.Json("darwin-abi.json");

    public static TheoryData<string> Structs()
    {
        TheoryData<string> names = [];
        foreach (Type type in typeof(libSystem).Assembly.GetTypes())
        {
            bool isOfInterop = type.Namespace == typeof(libSystem).Namespace && type.IsValueType && !type.IsEnum && !type.IsNested;
            if (isOfInterop && type.GetCustomAttribute<InlineArrayAttribute>() is null)
                names.Add(type.Name);
        }

        return names;
    }

    [Theory]
    [MemberData(nameof(Structs))]
    public void Struct_AgainstMeasuredAbi_HasSameSizeAndOffsets(string name)
    {
        Type type = typeof(libSystem).Assembly.GetType($"{typeof(libSystem).Namespace}.{name}", throwOnError: true)!;
        Dictionary<string, (int Offset, int Size)> measured = Measured(name, out int size);

        Assert.Equal(size, SizeOf(type));
        FieldInfo[] fields = type.GetFields(BindingFlags.Instance | BindingFlags.Public);
        Assert.NotEmpty(fields);
        foreach (FieldInfo field in fields)
        {
            Assert.True(measured.TryGetValue(field.Name, out (int Offset, int Size) expected), $"{name}.{field.Name} was not measured");
            Assert.Equal((field.Name, expected.Offset), (field.Name, field.GetCustomAttribute<FieldOffsetAttribute>()!.Value));
            Assert.Equal((field.Name, expected.Size), (field.Name, SizeOf(field.FieldType)));
        }
    }

    [Fact]
    public void Constants_AgainstMeasuredAbi_AreEqual()
    {
        Dictionary<string, long> measured = [];
        foreach (JsonProperty group in Abi.GetProperty("constants").EnumerateObject())
        {
            foreach (JsonProperty constant in group.Value.EnumerateObject())
                measured.TryAdd(constant.Name, constant.Value.GetInt64());
        }

        const BindingFlags all = BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic;
        FieldInfo[] constants = [.. new[] { typeof(libSystem), typeof(Pcb), typeof(PcblistReader) }
            .SelectMany(type => type.GetFields(all)).Where(field => field.IsLiteral && field.Name.Contains('_'))];
        Assert.True(constants.Length > 40);
        foreach (FieldInfo constant in constants)
        {
            string name = constant.Name.Replace("SS_NOFDREF", "SOI_S_NOFDREF").Replace("SS_INCOMP", "SOI_S_INCOMP").Replace("SS_COMP", "SOI_S_COMP");
            Assert.True(measured.TryGetValue(name, out long value), $"{constant.Name} was not measured");
            Assert.Equal((constant.Name, value), (constant.Name, Convert.ToInt64(constant.GetRawConstantValue(), null)));
        }
    }

    private static Dictionary<string, (int Offset, int Size)> Measured(string name, out int size)
    {
        Dictionary<string, (int Offset, int Size)> fields = [];
        if (name == "audit_token_t")
        {
            JsonElement scalars = Abi.GetProperty("scalars");
            size = scalars.GetProperty("sizeof(audit_token_t)").GetInt32();
            fields["val_5"] = (scalars.GetProperty("offsetof(audit_token_t,val[5])").GetInt32(), 4);
            fields["val_7"] = (scalars.GetProperty("offsetof(audit_token_t,val[7])").GetInt32(), 4);
            return fields;
        }

        Assert.True(Abi.GetProperty("structs").TryGetProperty(name, out JsonElement measured), $"{name} was not measured");
        size = measured.GetProperty("size").GetInt32();
        foreach (JsonProperty field in measured.GetProperty("fields").EnumerateObject())
            fields[field.Name.Replace('.', '_')] = (field.Value.GetProperty("offset").GetInt32(), field.Value.GetProperty("size").GetInt32());
        return fields;
    }

    private static int SizeOf(Type type) => (int)typeof(Unsafe).GetMethod(nameof(Unsafe.SizeOf))!.MakeGenericMethod(type).Invoke(null, null)!;
}
