using KeypointMl.Cli.Running;

namespace KeypointMl.Cli.Tests;

[TestClass]
public sealed class DataConvertTests
{
    [TestMethod]
    [DataRow("labels/v/img1.png", "CollectedData_me.csv", "scorer,,,me,me,me,me", null)]
    [DataRow("v.mp4", "v.csv", "scorer,KeypointMl,KeypointMl,", null)]
    [DataRow("v.mp4", "v.h5", null, null)]
    [DataRow("v.mp4", "v.slp", null, "DeepLabCut's form is written as .csv or .h5")]
    public void Convert_to_deeplabcut_writes_what_it_reads(string source, string name, string? firstLine, string? error)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["a.csv"], $"source,frame,nose_x,nose_y,tail_x,tail_y\n{source},0,1.5,2,3,4\n");

        Invocation call = Invocation.Of("data", "convert", folder["a.csv"], folder[name], "--format", "deeplabcut")
            .Returning(error is null ? ExitCode.Done : ExitCode.WrongUsage);

        Assert.Contains(error ?? "1 poses of 2 keypoints", error is null ? call.Out : call.Error);
        Assert.AreEqual(error is null, File.Exists(folder[name]));
        if (firstLine is not null)
            Assert.StartsWith(firstLine, File.ReadAllText(folder[name]));
        if (error is null)
        {
            Assert.Contains("1 poses of 2 keypoints", Invocation.Of("data", "convert", folder[name], folder["back.json"])
                .Returning(ExitCode.Done).Out);
        }
    }

    [TestMethod]
    public void Convert_goes_from_csv_to_sleap_to_coco_and_back()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["a.csv"], "source,frame,item,nose_x,nose_y,nose_score\nv.mp4,4,one,1.5,2,0.75\n");

        Invocation.Of("data", "convert", folder["a.csv"], folder["a.slp"]).Returning(ExitCode.Done);
        Invocation.Of("data", "convert", folder["a.slp"], folder["a.json"]).Returning(ExitCode.Done);
        Assert.Contains("1 poses of 1 keypoints", Invocation.Of("data", "convert", folder["a.json"], folder["b.csv"])
            .Returning(ExitCode.Done).Out);

        Assert.AreEqual(File.ReadAllText(folder["a.csv"]), File.ReadAllText(folder["b.csv"]));
    }

    [TestMethod]
    public void Convert_reads_the_category_that_is_named()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["a.json"], """
            {"categories": [{"id": 1, "name": "cat", "keypoints": ["nose"]}, {"id": 2, "name": "dog", "keypoints": ["nose", "tail"]}], "images": [{"id": 1, "file_name": "a.png"}],
             "annotations": [{"image_id": 1, "category_id": 1, "keypoints": [1, 1, 2]}, {"image_id": 1, "category_id": 2, "keypoints": [3, 4, 2, 5, 6, 2]}]}
            """);

        Assert.Contains("--category NAME", Invocation.Of("data", "convert", folder["a.json"], folder["a.csv"])
            .Returning(ExitCode.Failed).Error);
        Assert.Contains("1 poses of 2 keypoints",
            Invocation.Of("data", "convert", folder["a.json"], folder["a.csv"], "--category", "dog").Returning(ExitCode.Done).Out);
    }

    [TestMethod]
    public void Convert_to_an_unknown_kind_is_wrong_usage_and_names_the_known_ones()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["a.csv"], "frame,nose_x,nose_y\n4,1,2\n");

        Assert.Contains(".json (COCO), .csv, .slp (SLEAP) or .h5 (DeepLabCut)", Invocation.Of("data", "convert", folder["a.csv"], folder["a.txt"])
            .Returning(ExitCode.WrongUsage).Error);
        Assert.Contains("DeepLabCut's form is written as .csv or .h5", Invocation.Of(
            "data", "convert", folder["none.csv"], folder["a.json"], "--format", "deeplabcut").Returning(ExitCode.WrongUsage).Error);
        Assert.Contains("There is no file", Invocation.Of("data", "convert", folder["none.csv"], folder["b.csv"])
            .Returning(ExitCode.Failed).Error);
        Assert.Contains("would replace the input", Invocation.Of("data", "convert", folder["a.csv"], folder["./a.csv"])
            .Returning(ExitCode.Failed).Error);
    }
}
