namespace KeypointMl.Scoring.Tests;

/// <summary>Outputs that would replace inputs or one another, or that nobody can write.</summary>
[TestClass]
public sealed class RefusedOutputTests
{
    [TestMethod]
    public async Task Overlays_into_a_link_to_the_input_folder_are_refused()
    {
        Pipes.RequireLinux();
        using ScoringFolder folder = new ScoringFolder().WithImages(2);
        Directory.CreateSymbolicLink(folder["link"], folder.Images);
        byte[] before = File.ReadAllBytes(Path.Combine(folder.Images, "frame1.png"));

        var error = await Assert.ThrowsExactlyAsync<InvalidDataException>(() => folder.ScoreAsync(folder.Pipeline("p.csv") with
        {
            Overlays = folder["link"],
        }));

        Assert.Contains("would replace the input", error.Message);
        CollectionAssert.AreEqual(before, File.ReadAllBytes(Path.Combine(folder.Images, "frame1.png")));
        Assert.IsFalse(File.Exists(folder["p.csv"]));
    }

    [TestMethod]
    public async Task Overlays_onto_another_input_are_refused()
    {
        using ScoringFolder folder = new ScoringFolder().WithImages(1);
        Directory.CreateDirectory(folder["images/drawn"]);
        File.Copy(folder["images/frame1.png"], folder["images/drawn/frame1.png"]);

        var error = await Assert.ThrowsExactlyAsync<InvalidDataException>(() => folder.ScoreAsync(folder.Pipeline("p.csv") with
        {
            Overlays = folder["images/drawn"],
        }));

        Assert.Contains("would replace the input", error.Message);
    }

    [TestMethod]
    [DataRow("list.csv", "list.csv")]
    [DataRow("./../" + "ROOT/list.csv", "list.csv")]
    [DataRow("link.csv", "list.csv")]
    [DataRow("hard.csv", "list.csv")]
    [DataRow("boxes.csv", "boxes.csv")]
    public async Task Output_that_would_replace_an_input_is_refused_before_anything_is_written(string output, string kept)
    {
        Pipes.RequireLinux();
        using ScoringFolder folder = new ScoringFolder().WithImages(1);
        string list = folder.Write("list.csv", "path\nimages/frame1.png\n");
        string boxes = folder.Write("boxes.csv", "frame,track,x,y,width,height\n0,a,0,0,9,9\n");
        File.CreateSymbolicLink(folder["link.csv"], list);
        using (var ln = System.Diagnostics.Process.Start("ln", [list, folder["hard.csv"]]))
            ln.WaitForExit();
        string before = File.ReadAllText(folder[kept]);
        string path = folder[output.Replace("ROOT", Path.GetFileName(folder.Root))];

        var error = await Assert.ThrowsExactlyAsync<InvalidDataException>(() => folder.ScoreAsync(folder.Pipeline("p.csv", list) with
        {
            Outputs = [path],
            Boxes = boxes,
        }));

        Assert.Contains("would replace the input", error.Message);
        Assert.AreEqual(before, File.ReadAllText(folder[kept]));
    }

    [TestMethod]
    public async Task Outputs_that_are_one_file_are_refused()
    {
        using ScoringFolder folder = new ScoringFolder().WithImages(1);

        var error = await Assert.ThrowsExactlyAsync<InvalidDataException>(() =>
            folder.ScoreAsync(folder.Pipeline("p.csv") with { Outputs = [folder["p.csv"], folder["./p.csv"]] }));

        Assert.Contains("are one file", error.Message);
    }

    [TestMethod]
    public async Task Two_inputs_with_one_overlay_are_refused()
    {
        using ScoringFolder folder = new ScoringFolder().WithImages(1);
        File.Copy(Path.Combine(folder.Images, "frame1.png"), Path.Combine(folder.Images, "a.gif.png"));
        File.Copy(Path.Combine(folder.Images, "frame1.png"), Path.Combine(folder.Images, "a.gif"));

        var error = await Assert.ThrowsExactlyAsync<InvalidDataException>(() => folder.ScoreAsync(folder.Pipeline("p.csv") with
        {
            Overlays = folder["overlays"],
        }));

        Assert.Contains("would both be", error.Message);
        Assert.IsFalse(File.Exists(folder["p.csv"]));
    }

    [TestMethod]
    public async Task Overlays_into_the_input_folder_are_refused()
    {
        using ScoringFolder folder = new ScoringFolder().WithImages(1);
        byte[] before = File.ReadAllBytes(Path.Combine(folder.Images, "frame1.png"));

        var error = await Assert.ThrowsExactlyAsync<InvalidDataException>(() => folder.ScoreAsync(folder.Pipeline("p.csv") with
        {
            Overlays = folder.Images,
        }));

        Assert.Contains("would replace it", error.Message);
        CollectionAssert.AreEqual(before, File.ReadAllBytes(Path.Combine(folder.Images, "frame1.png")));
        Assert.IsFalse(File.Exists(folder["p.csv"]));
    }

    [TestMethod]
    public async Task Output_of_an_unknown_format_is_refused_before_the_model_is_read()
    {
        using var folder = new ScoringFolder();

        var error = await Assert.ThrowsExactlyAsync<InvalidDataException>(() => folder.ScoreAsync(folder.Pipeline("p.xlsx") with
        {
            Model = "none.onnx",
        }));

        Assert.Contains("expected one of .parquet, .csv, .jsonl, .json", error.Message);
    }

    [TestMethod]
    public async Task One_folder_for_pictures_and_videos_is_refused()
    {
        using ScoringFolder folder = new ScoringFolder().WithImages(1);

        var error = await Assert.ThrowsExactlyAsync<InvalidDataException>(() => folder.ScoreAsync(folder.Pipeline("p.csv") with
        {
            Overlays = folder["out"],
            OverlayVideos = folder["./out"],
        }));

        Assert.Contains("are one folder", error.Message);
    }

    [TestMethod]
    [DataRow("out/frame1.png/x", "which is a folder")]
    [DataRow("out/deep", "which is a file")]
    public async Task Drawing_that_what_is_there_stands_in_the_way_of_is_refused(string there, string complaint)
    {
        using ScoringFolder folder = new ScoringFolder().WithImages(1);
        Directory.CreateDirectory(folder["images/deep"]);
        File.Copy(folder["images/frame1.png"], folder["images/deep/a.png"]);
        Directory.CreateDirectory(Path.GetDirectoryName(folder[there])!);
        folder.Write(there, "");

        var error = await Assert.ThrowsExactlyAsync<InvalidDataException>(
            () => folder.ScoreAsync(folder.Pipeline("p.csv") with { Overlays = folder["out"] }));

        Assert.Contains(complaint, error.Message);
    }
}
