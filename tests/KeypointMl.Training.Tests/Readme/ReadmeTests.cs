namespace KeypointMl.Training.Tests;

[TestClass]
public sealed class ReadmeTests
{
    [TestMethod]
    [DataRow("application")]
    [DataRow("training")]
    [DataRow("operator")]
    public void Example_in_the_README_is_the_one_that_is_compiled(string name)
    {
        string root = FindRoot();
        string[] source = File.ReadAllLines(Path.Combine(root, "tests", "KeypointMl.Training.Tests", "Readme", "ReadmeExamples.cs"));
        IEnumerable<string> compiled = source
            .SkipWhile(line => line.Trim() != $"// begin {name}").Skip(1)
            .TakeWhile(line => line.Trim() != $"// end {name}")
            .Select(line => line.Length > 8 ? line[8..] : line);
        string readme = File.ReadAllText(Path.Combine(root, "README.md")).ReplaceLineEndings("\n");
        StringAssert.Contains(readme, string.Join("\n", compiled));
    }

    [TestMethod]
    public void Every_relative_link_in_the_README_leads_somewhere()
    {
        string root = FindRoot();
        string readme = File.ReadAllText(Path.Combine(root, "README.md"));
        foreach (System.Text.RegularExpressions.Match link in System.Text.RegularExpressions.Regex.Matches(readme, @"\]\((?!https?:)([^)#]+)"))
            Assert.IsTrue(Path.Exists(Path.Combine(root, link.Groups[1].Value)), link.Groups[1].Value);
    }

    private static string FindRoot()
    {
        DirectoryInfo? folder = new(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "KeypointMl.sln")))
            folder = folder.Parent;
        return folder?.FullName ?? throw new DirectoryNotFoundException("KeypointMl.sln is in no folder above the tests.");
    }
}
