using Mono.Cecil;

namespace KeypointMl.Cli.Tests.Architecture;

/// <summary>
/// The libraries are compiled against the oldest SkiaSharp that they allow and run with the newest: what they call has
/// to be there in both, with the same types.
/// </summary>
[TestClass]
public sealed class SkiaSharpTests
{
    [TestMethod]
    [DataRow("KeypointMl.Data")]
    [DataRow("KeypointMl.Imaging")]
    [DataRow("KeypointMl.Training")]
    public void Library_calls_what_the_SkiaSharp_of_this_process_has(string library)
    {
        using ModuleDefinition skia = ModuleDefinition.ReadModule(File("SkiaSharp"));
        using ModuleDefinition module = ModuleDefinition.ReadModule(File(library));
        Version compiled = module.AssemblyReferences.Single(reference => reference.Name == "SkiaSharp").Version;
        MemberReference[] called = [.. module.GetMemberReferences().Where(member => member.DeclaringType.Scope.Name == "SkiaSharp")];

        string[] missing = [.. called.Where(member => !Has(skia, member)).Select(member => member.FullName)];

        Assert.IsLessThan(skia.Assembly.Name.Version, compiled);
        Assert.IsNotEmpty(called);
        Assert.IsEmpty(missing, string.Join(Environment.NewLine, missing));
    }

    private static bool Has(ModuleDefinition skia, MemberReference member)
    {
        for (TypeDefinition? type = skia.GetType(member.DeclaringType.FullName); type is not null;)
        {
            if (type.Methods.Any(method => Signature(method) == Signature(member)) || type.Fields.Any(field => field.Name == member.Name))
                return true;
            type = type.BaseType is { } parent ? skia.GetType(parent.FullName) : null;
        }
        return false;
    }

    private static string Signature(MemberReference member) => member is MethodReference method
        ? $"{method.ReturnType.FullName} {method.Name}({string.Join(", ", method.Parameters.Select(one => one.ParameterType.FullName))})"
        : member.FullName;

    private static string File(string assembly) => Path.Combine(AppContext.BaseDirectory, $"{assembly}.dll");
}
