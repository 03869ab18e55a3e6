using System.Text;
using Mono.Cecil;

namespace KeypointMl.Cli.Tests.Architecture;

/// <summary>
/// What the libraries offer is written down beside them (<c>PublicApi.txt</c>): nothing becomes public, changes or goes without somebody
/// deciding so.
/// </summary>
[TestClass]
public sealed class PublicApiTests
{
    private static readonly string[] Libraries =
    [
        "KeypointMl", "KeypointMl.Data", "KeypointMl.DependencyInjection", "KeypointMl.Imaging", "KeypointMl.Inference",
        "KeypointMl.Models", "KeypointMl.Models.Flies", "KeypointMl.Models.Puppets", "KeypointMl.Onnx", "KeypointMl.Onnx.TorchSharp",
        "KeypointMl.Onnx.TorchVision", "KeypointMl.Poses", "KeypointMl.Scoring", "KeypointMl.StockChain", "KeypointMl.Studio",
        "KeypointMl.Training", "KeypointMl.Training.MlNet",
    ];

    public static IEnumerable<object[]> All => Libraries.Select(library => new object[] { library });

    [TestMethod]
    [DynamicData(nameof(All))]
    public void Library_offers_what_is_written_down(string library)
    {
        string path = RepositoryFiles.Path($"src/{library}/PublicApi.txt");
        string found = Describe(Path.Combine(AppContext.BaseDirectory, $"{library}.dll"));
        if (Environment.GetEnvironmentVariable("KEYPOINTML_WRITE_API") == "1")
            File.WriteAllText(path, found);
        string[] written = File.ReadAllLines(path), now = found.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        string change = string.Join(
            Environment.NewLine, written.Except(now).Select(line => $"- {line}").Concat(now.Except(written).Select(line => $"+ {line}")));
        Assert.AreEqual("", change, "If this is meant, write it down with KEYPOINTML_WRITE_API=1 (CONTRIBUTING.md).");
    }

    private static string Describe(string path)
    {
        using ModuleDefinition module = ModuleDefinition.ReadModule(path);
        var text = new StringBuilder();
        foreach (TypeDefinition type in module.Types.Where(type => type.IsPublic).OrderBy(type => type.FullName, StringComparer.Ordinal))
            Describe(type, text);
        return text.ToString();
    }

    // A line for the type, and one for each member, which begins with the type's name: lines are compared without their order.
    private static void Describe(TypeDefinition type, StringBuilder text)
    {
        string name = type.FullName.Replace('/', '.');
        string[] bases = [.. new[] { type.BaseType }.Concat(type.Interfaces.Select(one => one.InterfaceType)).OfType<TypeReference>()
            .Select(Name)];
        string kept = string.Join(", ",
            bases.Where(one => one is not ("object" or "ValueType" or "Enum") && !one.StartsWith("IEquatable", StringComparison.Ordinal)));
        text.Append($"{Kind(type)} {name}{(kept.Length > 0 ? $" : {kept}" : "")}\n");
        IEnumerable<string> members =
        [
            .. type.Fields.Where(field => IsOpen(field) && !field.IsSpecialName).Select(field => $"{field.Name}: {Name(field.FieldType)}"),
            .. type.Properties.Where(property => Accessors(property).Length > 0)
                .Select(property => $"{Indexed(property)}: {Name(property.PropertyType)} {{ {Accessors(property)} }}"),
            .. type.Methods.Where(method => IsOpen(method) && IsWritten(method)).Select(Signature),
        ];
        foreach (string member in members.Distinct().Order(StringComparer.Ordinal))
            text.Append($"  {type.Name}.{member}\n");
        foreach (TypeDefinition nested in type.NestedTypes.Where(nested => nested.IsNestedPublic && !nested.Name.StartsWith('<')))
            Describe(nested, text);
    }

    private static bool IsOpen(FieldDefinition field) => field.IsPublic || field.IsFamily || field.IsFamilyOrAssembly;

    private static bool IsOpen(MethodDefinition? method) =>
        method is not null && (method.IsPublic || method.IsFamily || method.IsFamilyOrAssembly);

    // Not what the compiler adds to records and enumerators, nor what properties are made of.
    private static bool IsWritten(MethodDefinition method) =>
        (!method.IsSpecialName || method.IsConstructor || method.Name.StartsWith("op_", StringComparison.Ordinal))
        && !method.CustomAttributes.Any(attribute => attribute.AttributeType.Name == "CompilerGeneratedAttribute")
        && !method.Name.StartsWith('<');

    private static string Accessors(PropertyDefinition property)
    {
        bool isInit = property.SetMethod?.ReturnType is RequiredModifierType;
        return $"{(IsOpen(property.GetMethod) ? "get; " : "")}{(IsOpen(property.SetMethod) ? isInit ? "init; " : "set; " : "")}".TrimEnd();
    }

    private static string Indexed(PropertyDefinition property) => property.HasParameters
        ? $"this[{string.Join(", ", property.Parameters.Select(one => $"{Name(one.ParameterType)} {one.Name}"))}]"
        : property.Name;

    private static string Kind(TypeDefinition type)
    {
        if (type.IsEnum)
            return "enum";
        if (type.IsInterface)
            return "interface";
        if (type.IsValueType)
            return "struct";
        return type.IsAbstract && type.IsSealed ? "static class" : type.IsAbstract ? "abstract class" : type.IsSealed
            ? "sealed class"
            : "class";
    }

    private static string Signature(MethodDefinition method)
    {
        string generic = method.HasGenericParameters ? $"<{string.Join(", ", method.GenericParameters.Select(one => one.Name))}>" : "";
        IEnumerable<string> parameters =
            method.Parameters.Select(one => $"{Name(one.ParameterType)} {one.Name}{(one.IsOptional ? " = …" : "")}");
        string result = method.IsConstructor ? "" : $": {Name(method.ReturnType)}";
        string name = method.IsConstructor ? "new" : method.Name;
        return $"{name}{generic}({string.Join(", ", parameters)}){result}{(method.IsStatic && !method.IsConstructor ? " (static)" : "")}";
    }

    private static string Name(TypeReference type) => type switch
    {
        GenericInstanceType { ElementType.Name: "Nullable`1" } nullable => $"{Name(nullable.GenericArguments[0])}?",
        GenericInstanceType instance => $"{Plain(instance.ElementType)}<{string.Join(", ", instance.GenericArguments.Select(Name))}>",
        ArrayType array => $"{Name(array.ElementType)}[]",
        ByReferenceType reference => $"ref {Name(reference.ElementType)}",
        RequiredModifierType modified => Name(modified.ElementType),
        _ => Plain(type),
    };

    private static string Plain(TypeReference type)
    {
        int generic = type.Name.IndexOf('`', StringComparison.Ordinal);
        string name = generic < 0 ? type.Name : type.Name[..generic];
        return type.Namespace == "System" && Keywords.TryGetValue(name, out string? keyword) ? keyword : name;
    }

    private static readonly Dictionary<string, string> Keywords = new(StringComparer.Ordinal)
    {
        ["Object"] = "object",
        ["String"] = "string",
        ["Boolean"] = "bool",
        ["Byte"] = "byte",
        ["SByte"] = "sbyte",
        ["Int32"] = "int",
        ["Int64"] = "long",
        ["UInt64"] = "ulong",
        ["Single"] = "float",
        ["Double"] = "double",
        ["Void"] = "void",
    };
}
