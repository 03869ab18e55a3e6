namespace KeypointMl.Onnx.TorchSharp.Tests.Documents;

/// <summary>docs/exporter.md, held against what the exporter says.</summary>
[TestClass]
[DoNotParallelize]
public sealed class ExporterDocumentTests
{
    private const string Start = "<!-- refusals: written by ExporterDocumentTests -->\n";
    private const string End = "<!-- end of refusals -->";

    [TestMethod]
    public void Errors_in_the_document_are_those_that_the_exporter_gives()
    {
        string path = RepositoryFiles.Path("docs/exporter.md"), text = File.ReadAllText(path).ReplaceLineEndings("\n");
        int from = text.IndexOf(Start, StringComparison.Ordinal) + Start.Length, to = text.IndexOf(End, StringComparison.Ordinal);
        string refusals = Refusals.Describe();
        if (Environment.GetEnvironmentVariable("KEYPOINTML_WRITE_DOCS") == "1")
            File.WriteAllText(path, text[..from] + refusals + text[to..]);
        else
            Assert.AreEqual(refusals, text[from..to], "Write it anew with KEYPOINTML_WRITE_DOCS=1 (CONTRIBUTING.md).");
    }

    [TestMethod]
    [DataRow("docs/exporter.md")]
    [DataRow("src/KeypointMl.Onnx.TorchSharp/README.md")]
    public void A_reader_needs_no_word_of_keypoints(string document)
    {
        string[] lines = [.. File.ReadAllLines(RepositoryFiles.Path(document))
            .Where(line => line.Contains("keypoint", StringComparison.OrdinalIgnoreCase))
            .Select(line => line.Replace("KeypointMl.Onnx", "", StringComparison.Ordinal)
                .Replace("github.com/keypointml/keypointml", "", StringComparison.Ordinal))];

        Assert.IsEmpty(lines.Where(line => line.Contains("keypoint", StringComparison.OrdinalIgnoreCase)
            && !line.Contains("nothing of keypoints", StringComparison.Ordinal)));
    }
}
