using System.Text.RegularExpressions;

namespace KeypointMl.Cli.Tests;

[TestClass]
public sealed class ReadmeTests
{
    [TestMethod]
    [DataRow("first", "README.md", "../samples/first-keypoints.cs")]
    [DataRow("application", "docs/tour.md", "KeypointMl.Cli.Tests/Readme/ReadmeExamples.cs")]
    [DataRow("training", "docs/tour.md", "KeypointMl.Cli.Tests/Readme/ReadmeExamples.cs")]
    [DataRow("operator", "docs/tour.md", "KeypointMl.Cli.Tests/Readme/ReadmeExamples.cs")]
    [DataRow("evaluation", "docs/metrics.md", "KeypointMl.Cli.Tests/Readme/ReadmeExamples.cs")]
    [DataRow("register", "docs/extension.md", "KeypointMl.Cli.Tests/Readme/ExtensionExamples.cs")]
    [DataRow("reader", "docs/extension.md", "KeypointMl.Cli.Tests/Readme/ExtensionExamples.cs")]
    [DataRow("sink", "docs/extension.md", "KeypointMl.Cli.Tests/Readme/ExtensionExamples.cs")]
    [DataRow("loss", "docs/extension.md", "KeypointMl.Cli.Tests/Readme/TrainingExtensionExamples.cs")]
    [DataRow("register loss", "docs/extension.md", "KeypointMl.Cli.Tests/Readme/TrainingExtensionExamples.cs")]
    [DataRow("encoder", "docs/extension.md", "KeypointMl.Cli.Tests/Readme/NetworkExtensionExamples.cs")]
    [DataRow("register encoder", "docs/extension.md", "KeypointMl.Cli.Tests/Readme/NetworkExtensionExamples.cs")]
    [DataRow("method", "docs/extension.md", "KeypointMl.Cli.Tests/Readme/TrainingExtensionExamples.cs")]
    [DataRow("register method", "docs/extension.md", "KeypointMl.Cli.Tests/Readme/TrainingExtensionExamples.cs")]
    [DataRow("export", "src/KeypointMl.Onnx.TorchSharp/README.md", "KeypointMl.Onnx.TorchSharp.Tests/Readme/OnnxReadmeExamples.cs")]
    [DataRow("export", "docs/exporter.md", "KeypointMl.Onnx.TorchSharp.Tests/Readme/OnnxReadmeExamples.cs")]
    [DataRow("residual", "src/KeypointMl.Onnx.TorchSharp/README.md", "KeypointMl.Onnx.TorchSharp.Tests/Readme/OnnxReadmeExamples.cs")]
    [DataRow("converter", "src/KeypointMl.Onnx.TorchSharp/README.md", "KeypointMl.Onnx.TorchSharp.Tests/Readme/OnnxReadmeExamples.cs")]
    [DataRow("cifar-before", "src/KeypointMl.Onnx.TorchSharp/README.md", "KeypointMl.Onnx.TorchSharp.Tests/Readme/OnnxBeforeExamples.cs")]
    [DataRow("cifar-after", "src/KeypointMl.Onnx.TorchSharp/README.md", "KeypointMl.Onnx.TorchSharp.Tests/Readme/OnnxAfterExamples.cs")]
    [DataRow("unet-before", "src/KeypointMl.Onnx.TorchSharp/README.md", "KeypointMl.Onnx.TorchSharp.Tests/Readme/OnnxBeforeExamples.cs")]
    [DataRow("unet-after", "src/KeypointMl.Onnx.TorchSharp/README.md", "KeypointMl.Onnx.TorchSharp.Tests/Readme/OnnxAfterExamples.cs")]
    [DataRow("forward", "src/KeypointMl.Onnx.TorchSharp/README.md", "KeypointMl.Onnx.TorchSharp.Tests/Readme/OnnxReadmeExamples.cs")]
    [DataRow("torchvision", "src/KeypointMl.Onnx.TorchVision/README.md", "KeypointMl.Onnx.TorchSharp.Tests/Readme/OnnxReadmeExamples.cs")]
    [DataRow("passes", "src/KeypointMl.Onnx/README.md", "KeypointMl.Onnx.TorchSharp.Tests/Readme/OnnxReadmeExamples.cs")]
    public void Example_in_a_README_is_the_one_that_is_compiled(string name, string file, string compiledIn)
    {
        string root = RepositoryFiles.Root;
        string[] source = File.ReadAllLines(Path.Combine(root, "tests", compiledIn));
        IEnumerable<string> compiled = source
            .SkipWhile(line => line.Trim() != $"// begin {name}").Skip(1)
            .TakeWhile(line => line.Trim() != $"// end {name}");
        string readme = File.ReadAllText(Path.Combine(root, file)).ReplaceLineEndings("\n");
        StringAssert.Contains(readme, $"```csharp\n{Unindented(compiled)}\n```");
    }

    [TestMethod]
    public void Every_link_into_the_repository_leads_somewhere()
    {
        string root = RepositoryFiles.Root;
        string[] folders = ["docs", "src", "onnx", "benchmarks", "samples"];
        string[] documents = [.. Directory.EnumerateFiles(root, "*.md"), .. folders.Select(RepositoryFiles.Path).SelectMany(Documents)];
        Assert.IsGreaterThan(5, documents.Length);
        foreach (string document in documents)
        {
            string text = File.ReadAllText(document);
            foreach (Match link in Regex.Matches(text, @"\]\((?!https?:)([^)#]+)"))
                AssertExists(document, Path.Combine(Path.GetDirectoryName(document)!, link.Groups[1].Value));
            // Packages' READMEs are read on nuget.org too, and so link to GitHub.
            foreach (Match link in Regex.Matches(text, @"\]\(https://github\.com/keypointml/keypointml/(?:blob|tree)/main/([^)#]+)"))
                AssertExists(document, Path.Combine(root, link.Groups[1].Value));
        }
    }

    [TestMethod]
    public void First_example_is_a_whole_program_of_ten_lines_in_a_README_that_is_read_to_its_end()
    {
        string[] readme = File.ReadAllLines(RepositoryFiles.Path("README.md"));

        Assert.IsLessThan(120, readme.Length);
        IEnumerable<string> program = readme.SkipWhile(line => line != "```csharp").Skip(1).TakeWhile(line => line != "```");
        Assert.AreEqual(10, program.Count());
    }

    private static void AssertExists(string document, string target) =>
        Assert.IsTrue(Path.Exists(target), $"{document} links to {target}, which is not there.");

    private static IEnumerable<string> Documents(string folder) => Directory.EnumerateFiles(folder, "*.md", SearchOption.AllDirectories)
        .Where(path => !path.Split(Path.DirectorySeparatorChar).Any(part => part is "bin" or "obj" or "node_modules"));

    private static string Unindented(IEnumerable<string> lines)
    {
        string[] all = [.. lines];
        int indent = all.Where(line => line.Length > 0).Min(line => line.Length - line.TrimStart().Length);
        return string.Join("\n", all.Select(line => line.Length == 0 ? line : line[indent..]));
    }
}
