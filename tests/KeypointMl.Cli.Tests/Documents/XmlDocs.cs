using System.Reflection;
using System.Text.Json;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace KeypointMl.Cli.Tests.Documents;

/// <summary>The summaries of assemblies' XML documentation, as Markdown of one line.</summary>
internal static partial class XmlDocs
{
    private static readonly Dictionary<Assembly, Dictionary<string, XElement>> Summaries = [];

    public static string OfType(Type type) => Text(type, $"T:{type.FullName}");

    public static string OfProperty(Type type, string name) => Text(type, $"P:{type.FullName}.{name}");

    public static string OfMember(Type type, string name) => Text(type, $"F:{type.FullName}.{name}");

    private static string Text(Type type, string id)
    {
        if (!Summaries.TryGetValue(type.Assembly, out Dictionary<string, XElement>? summaries))
            Summaries[type.Assembly] = summaries = Read(type.Assembly);
        return summaries.TryGetValue(id, out XElement? summary)
            ? Spaces().Replace(string.Concat(summary.Nodes().Select(Markdown)), " ").Trim()
            : throw new KeyNotFoundException($"{id} has no summary.");
    }

    // The file stands beside the assembly.
    private static Dictionary<string, XElement> Read(Assembly assembly) =>
        XDocument.Load(Path.ChangeExtension(assembly.Location, ".xml")).Descendants("member")
            .Where(member => member.Element("summary") is not null)
            .ToDictionary(member => (string)member.Attribute("name")!, member => member.Element("summary")!);

    private static string Markdown(XNode node) => node switch
    {
        XText text => text.Value,
        XElement { Name.LocalName: "c" } code => $"`{code.Value}`",
        XElement { Name.LocalName: "b" } bold => $"**{bold.Value}**",
        XElement { Name.LocalName: "see" } see => $"`{Reference((string)see.Attribute("cref")!)}`",
        _ => throw new NotSupportedException($"A summary holds {node}; expected text, <c>, <b> or <see>."),
    };

    // A property of a recipe's section is a key; of anything else the type is named too.
    private static string Reference(string cref)
    {
        string[] parts = cref[2..].Split('.');
        return cref.StartsWith("T:", StringComparison.Ordinal) ? parts[^1]
            : parts[^2].EndsWith("Recipe", StringComparison.Ordinal) ? JsonNamingPolicy.SnakeCaseLower.ConvertName(parts[^1])
            : $"{parts[^2]}.{parts[^1]}";
    }

    [GeneratedRegex(@"\s+")]
    private static partial Regex Spaces();
}
