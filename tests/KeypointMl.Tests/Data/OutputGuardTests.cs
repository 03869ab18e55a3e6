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
        Directory.CreateSymbolicLink(folder.File("linked"), "data");
        File.CreateSymbolicLink(folder.File("chain1"), input);
        File.CreateSymbolicLink(folder.File("chain2"), "chain1");

        foreach (string output in (string[])[input, folder.File("data/../data/./in.csv"), folder.File("linked/in.csv"),
            folder.File("chain2")])
        {
            Assert.Contains("would replace the input",
                Assert.ThrowsExactly<InvalidDataException>(() => OutputGuard.Require(output, input)).Message, output);
        }
        Assert.Contains("would replace the input",
            Assert.ThrowsExactly<InvalidDataException>(() => OutputGuard.Require(input, null, folder.File("chain2"))).Message);
    }

    [TestMethod]
    public void Other_outputs_are_let_through()
    {
        using var folder = new TemporaryFolder();
        string input = folder.Write("in.csv", "x");

        OutputGuard.Require(folder.File("new.csv"), input);
        OutputGuard.Require(folder.Write("old.csv", "x"), input, null, folder.File("missing.csv"));
        OutputGuard.Require(null, input);
    }

    [TestMethod]
    public void Two_outputs_of_one_name_are_refused_before_they_are_there()
    {
        Pipes.RequireLinux();
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder.File("data"));
        Directory.CreateSymbolicLink(folder.File("linked"), "data");

        Assert.Contains("are one file",
            Assert.ThrowsExactly<InvalidDataException>(
                () => new OutputGuard([folder.File("data/p.csv"), folder.File("linked/p.csv")])).Message);
        _ = new OutputGuard([folder.File("data/p.csv"), folder.File("data/p.json"), folder.File("p.csv")]);
    }
}
