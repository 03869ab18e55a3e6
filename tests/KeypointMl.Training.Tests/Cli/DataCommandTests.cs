using KeypointMl.Data;
using KeypointMl.Training.Tests;

namespace KeypointMl.Cli.Tests;

[TestClass]
public sealed class DataCommandTests
{
    [TestMethod]
    public void List_names_the_manifests_beside_the_executable()
    {
        string text = Invocation.Of("data", "list").Returning(ExitCode.Done).Out;

        foreach (string name in new[] { "faces", "flies", "puppets" })
            Assert.Contains(name, text);
    }

    [TestMethod]
    public void Check_of_a_generated_data_set_returns_0() =>
        Assert.Contains("generated", Invocation.Of("data", "check", "puppets").Returning(ExitCode.Done).Out);

    [TestMethod]
    public void Check_returns_1_and_names_each_file_that_is_not_as_the_manifest_says()
    {
        using var folder = new TemporaryFolder();

        Invocation call = Invocation.Of("data", "check", "flies", "--data-root", folder.Path).Returning(ExitCode.Failed);

        Assert.Contains("flies/boxes.csv: there is no file", call.Out);
        Assert.Contains("How to obtain them", call.Error);
    }

    [TestMethod]
    public void Check_without_a_data_root_that_exists_returns_1() =>
        Assert.Contains("--data-root", Invocation.Of("data", "check", "flies", "--data-root", "/nowhere/at/all").Returning(ExitCode.Failed).Error);

    [TestMethod]
    public void Check_of_an_unknown_manifest_returns_1() =>
        Assert.Contains("There is no file", Invocation.Of("data", "check", "horses").Returning(ExitCode.Failed).Error);

    [TestMethod]
    public void Preview_writes_a_picture()
    {
        using var folder = new TemporaryFolder();

        Invocation call = Invocation.Of("data", "preview", TinyPuppets.WriteManifest(folder), "--out", folder["sheet.png"], "--size", "32").Returning(ExitCode.Done);

        Assert.Contains("labelled frames of split 'test'", call.Out);
        Assert.IsGreaterThan(32, ImageDecoder.ReadSize(folder["sheet.png"]).Width);
    }
}
