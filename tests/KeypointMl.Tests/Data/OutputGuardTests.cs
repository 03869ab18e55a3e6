using KeypointMl.Imaging.Files;

namespace KeypointMl.Tests.Data;

[TestClass]
public sealed class OutputGuardTests
{
    [TestMethod]
    public void Output_that_is_the_input_is_refused_however_it_is_spelled()
    {
        Pipes.RequireLinux();
        using var folder = new TemporaryFolder();
        string input = folder.Write("data/in.csv", "x");
        Directory.CreateSymbolicLink(folder["linked"], "data");
        File.CreateSymbolicLink(folder["chain1"], input);
        File.CreateSymbolicLink(folder["chain2"], "chain1");

        foreach (string output in (string[])[input, folder["data/../data/./in.csv"], folder["linked/in.csv"],
            folder["chain2"]])
        {
            Assert.Contains("would replace the input",
                Assert.ThrowsExactly<InvalidDataException>(() => OutputGuard.Require(output, input)).Message, output);
        }
        Assert.Contains("would replace the input",
            Assert.ThrowsExactly<InvalidDataException>(() => OutputGuard.Require(input, null, folder["chain2"])).Message);
    }

    [TestMethod]
    public void Other_outputs_are_let_through()
    {
        using var folder = new TemporaryFolder();
        string input = folder.Write("in.csv", "x");

        OutputGuard.Require(folder["new.csv"], input);
        OutputGuard.Require(folder.Write("old.csv", "x"), input, null, folder["missing.csv"]);
        OutputGuard.Require(null, input);
    }

    [TestMethod]
    public void Two_outputs_of_one_name_are_refused_before_they_are_there()
    {
        Pipes.RequireLinux();
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder["data"]);
        Directory.CreateSymbolicLink(folder["linked"], "data");

        Assert.Contains("are one file",
            Assert.ThrowsExactly<InvalidDataException>(
                () => new OutputGuard([folder["data/p.csv"], folder["linked/p.csv"]])).Message);
        _ = new OutputGuard([folder["data/p.csv"], folder["data/p.json"], folder["p.csv"]]);
    }
}
