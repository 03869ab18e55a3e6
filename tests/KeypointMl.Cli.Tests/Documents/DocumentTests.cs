using System.Text.RegularExpressions;

namespace KeypointMl.Cli.Tests.Documents;

/// <summary>What the documents and the site's navigation say, held against the code and the files.</summary>
[TestClass]
public sealed class DocumentTests
{
    [TestMethod]
    public void Recipe_keys_in_the_document_are_those_of_the_code()
    {
        string path = RepositoryFiles.Path(RecipeKeyDocument.File), written = RecipeKeyDocument.Write();
        if (Environment.GetEnvironmentVariable("KEYPOINTML_WRITE_DOCS") == "1")
            File.WriteAllText(path, written);

        string found = File.ReadAllText(path).ReplaceLineEndings("\n");
        Assert.AreEqual(written, found, "Write it anew with KEYPOINTML_WRITE_DOCS=1 (CONTRIBUTING.md).");
    }

    [TestMethod]
    public void Every_document_stands_in_the_navigation_and_nothing_else_does()
    {
        string docs = RepositoryFiles.Path("docs");
        string[] documents = [.. Directory.EnumerateFiles(docs, "*.md", SearchOption.AllDirectories)
            .Select(path => Path.GetRelativePath(docs, path).Replace('\\', '/')).Order(StringComparer.Ordinal)];

        string[] listed = [.. Regex.Matches(File.ReadAllText(Path.Combine(docs, "toc.yml")), @"href: (?!\.\./|api/|https:)(\S+)")
            .Select(match => match.Groups[1].Value).Order(StringComparer.Ordinal)];

        Assert.AreSequenceEqual(documents, listed);
    }
}
