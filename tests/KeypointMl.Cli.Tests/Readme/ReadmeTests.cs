using System.Text.RegularExpressions;

namespace KeypointMl.Cli.Tests;

[TestClass]
public sealed class ReadmeTests
{
    [TestMethod]
    [DataRow("application", "README.md", "KeypointMl.Cli.Tests/Readme/ReadmeExamples.cs")]
    [DataRow("training", "README.md", "KeypointMl.Cli.Tests/Readme/ReadmeExamples.cs")]
    [DataRow("operator", "README.md", "KeypointMl.Cli.Tests/Readme/ReadmeExamples.cs")]
    [DataRow("register", "docs/extension.md", "KeypointMl.Cli.Tests/Readme/ExtensionExamples.cs")]
    [DataRow("reader", "docs/extension.md", "KeypointMl.Cli.Tests/Readme/ExtensionExamples.cs")]
    [DataRow("sink", "docs/extension.md", "KeypointMl.Cli.Tests/Readme/ExtensionExamples.cs")]
    [DataRow("loss", "docs/extension.md", "KeypointMl.Cli.Tests/Readme/TrainingExtensionExamples.cs")]
    [DataRow("register loss", "docs/extension.md", "KeypointMl.Cli.Tests/Readme/TrainingExtensionExamples.cs")]
    [DataRow("method", "docs/extension.md", "KeypointMl.Cli.Tests/Readme/TrainingExtensionExamples.cs")]
    [DataRow("register method", "docs/extension.md", "KeypointMl.Cli.Tests/Readme/TrainingExtensionExamples.cs")]
    [DataRow("export", "src/KeypointMl.Onnx.TorchSharp/README.md", "KeypointMl.Onnx.TorchSharp.Tests/Readme/OnnxReadmeExamples.cs")]
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
    public void Every_relative_link_in_a_document_leads_somewhere()
    {
        string root = RepositoryFiles.Root;
        string[] documents = [.. Directory.EnumerateFiles(root, "*.md"), .. new[] { "docs", "src", "onnx", "benchmarks", "samples" }.Select(folder => Path.Combine(root, folder)).Where(Directory.Exists).SelectMany(Documents)];
        Assert.IsGreaterThan(5, documents.Length);
        foreach (string document in documents)
        {
            foreach (Match link in Regex.Matches(File.ReadAllText(document), @"\]\((?!https?:)([^)#]+)"))
                Assert.IsTrue(Path.Exists(Path.Combine(Path.GetDirectoryName(document)!, link.Groups[1].Value)), $"{document}: {link.Groups[1].Value}");
        }
    }

    private static IEnumerable<string> Documents(string folder) => Directory.EnumerateFiles(folder, "*.md", SearchOption.AllDirectories)
        .Where(path => !path.Split(Path.DirectorySeparatorChar).Any(part => part is "bin" or "obj"));

    private static string Unindented(IEnumerable<string> lines)
    {
        string[] all = [.. lines];
        int indent = all.Where(line => line.Length > 0).Min(line => line.Length - line.TrimStart().Length);
        return string.Join("\n", all.Select(line => line.Length == 0 ? line : line[indent..]));
    }
}
