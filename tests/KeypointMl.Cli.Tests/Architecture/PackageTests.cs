using System.Xml.Linq;

namespace KeypointMl.Cli.Tests.Architecture;

/// <summary>What an application restores with a package of ours.</summary>
[TestClass]
public sealed class PackageTests
{
    [TestMethod]
    [DataRow("KeypointMl.Poses", "")]
    [DataRow("KeypointMl.Onnx", "Google.Protobuf Microsoft.ML.OnnxRuntime.Managed")]
    [DataRow(
        "KeypointMl",
        "Google.Protobuf Microsoft.ML Microsoft.ML.ImageAnalytics Microsoft.ML.OnnxRuntime.Managed SkiaSharp")]
    public void Package_brings_these_of_others_and_no_more(string project, string packages)
    {
        string[] found = [.. Brought(project).Distinct().Order(StringComparer.Ordinal)];

        Assert.AreSequenceEqual(packages.Split(' ', StringSplitOptions.RemoveEmptyEntries), found);
    }

    // A package depends on those that its project and the projects under it refer to, but for what is there to build it alone.
    private static IEnumerable<string> Brought(string project)
    {
        XDocument file = XDocument.Load(RepositoryFiles.Path($"src/{project}/{project}.csproj"));
        IEnumerable<string> own = file.Descendants("PackageReference")
            .Where(reference => (string?)reference.Attribute("PrivateAssets") != "all")
            .Select(reference => (string)reference.Attribute("Include")!);
        IEnumerable<string> under = file.Descendants("ProjectReference")
            .Select(reference => Path.GetFileNameWithoutExtension(((string)reference.Attribute("Include")!).Replace('\\', '/')));
        return own.Concat(under.SelectMany(Brought));
    }
}
