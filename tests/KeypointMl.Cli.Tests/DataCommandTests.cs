using KeypointMl.Cli.Running;
using KeypointMl.Data.Manifests;
using KeypointMl.Imaging.Images;

namespace KeypointMl.Cli.Tests;

[TestClass]
public sealed class DataCommandTests
{
    [TestMethod]
    public void List_names_the_manifests_beside_the_executable()
    {
        string text = Invocation.Of("data", "list").Returning(ExitCode.Done).Out;

        foreach (string name in new[] { "faces", "flies", "puppets", "simplified-human36m", "300w" })
            Assert.Contains(name, text);
    }

    [TestMethod]
    public void Check_of_a_generated_data_set_returns_0() =>
        Assert.Contains("generated", Invocation.Of("data", "check", "puppets").Returning(ExitCode.Done).Out);

    [TestMethod]
    public void Check_of_a_data_set_whose_manifest_lists_no_files_does_not_call_it_generated()
    {
        using var folder = new TemporaryFolder();

        string text = Invocation.Of("data", "check", WriteImages(folder), "--data-root", folder.Path, "--files-only", "--read")
            .Returning(ExitCode.Done).Out;

        Assert.Contains("things: the manifest lists no files, so none is checked", text);
        Assert.DoesNotContain("generated", text);
    }

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
        Assert.Contains("--data-root", Invocation.Of("data", "check", "flies", "--data-root", "/nowhere/at/all")
            .Returning(ExitCode.Failed).Error);

    [TestMethod]
    public void Check_with_read_reads_every_frame_label_and_prior_pose()
    {
        using var folder = new TemporaryFolder();

        string text = Invocation.Of("data", "check", TinyPuppets.WriteManifest(folder), "--read").Returning(ExitCode.Done).Out;

        Assert.Contains("ok   unlabelled frames: 32 read", text);
        Assert.Contains("ok   prior poses: 32 read", text);
        Assert.Contains("ok   labelled frames of split 'test': 8 read", text);
    }

    [TestMethod]
    public void Check_with_read_names_each_record_that_cannot_be_read_and_goes_on()
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder["images"]);
        foreach (string name in new[] { "a.png", "b.png", "c.png" })
            KeypointMl.Imaging.Images.ImageWriter.Write(new RgbImage(16, 16), Path.Combine(folder["images"], name));
        File.WriteAllText(Path.Combine(folder["images"], "b.png"), "no picture");
        File.WriteAllText(folder["prior.csv"], "pose,nose_x,nose_y,tail_x,tail_y\n0,1,2,3,four\n");
        File.WriteAllText(folder["broken.yaml"], """
            name: broken
            description: Three pictures, one of which is none, and a prior with a word in it.
            terms: none
            obtain: made by the test
            files:
              - { path: prior.csv }
            reader:
              kind: image-folder
            splits:
              train: { folder: images }
            prior: { poses: prior.csv, width: 16, height: 16 }
            skeleton:
              name: two
              keypoints: [nose, tail]
              edges: [[nose, tail]]
            metrics:
              description: none
            """);

        Invocation call = Invocation.Of("data", "check", folder["broken.yaml"], "--read", "--data-root", folder.Path)
            .Returning(ExitCode.Failed);

        Assert.Contains("BAD  unlabelled frames: 2 read, 1 could not be", call.Out);
        Assert.Contains("b.png", call.Error);
        Assert.Contains("prior.csv:2", call.Error);
        Assert.Contains("BAD  unlabelled frames: 2 read, 1 could not be", Invocation.Of(
            "data", "check", folder["broken.yaml"], "--read", "--strict", "--data-root", folder.Path).Returning(ExitCode.Failed).Out);
    }

    [TestMethod]
    public void Manifest_anywhere_may_name_a_shipped_skeleton_and_its_own_takes_precedence()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["m.yaml"], """
            name: own
            description: Two points.
            terms: none
            obtain: made by the test
            reader: { kind: prior-only }
            prior: { poses: prior.csv, width: 16, height: 16 }
            skeleton: fly
            metrics: { description: none }
            """);

        int shipped = DataManifest.Load(folder["m.yaml"]).Skeleton.Count;
        Directory.CreateDirectory(folder["skeletons"]);
        File.WriteAllText(folder["skeletons/fly.yaml"], "name: fly\nkeypoints: [head, tail]\n");
        int own = DataManifest.Load(folder["m.yaml"]).Skeleton.Count;
        File.WriteAllText(folder["m.yaml"], File.ReadAllText(folder["m.yaml"]).Replace("skeleton: fly", "skeleton: horse"));
        string error = Invocation.Of("data", "check", folder["m.yaml"]).Returning(ExitCode.Failed).Error;

        Assert.AreEqual(13, shipped);
        Assert.AreEqual(2, own);
        Assert.Contains(folder["skeletons/horse.yaml"], error);
        Assert.Contains(Path.Combine(AppContext.BaseDirectory, "data-manifests/skeletons/horse.yaml"), error);
    }

    [TestMethod]
    public void Check_of_an_unknown_manifest_returns_1() =>
        Assert.Contains("There is no file", Invocation.Of("data", "check", "horses").Returning(ExitCode.Failed).Error);

    [TestMethod]
    public void Preview_writes_a_picture()
    {
        using var folder = new TemporaryFolder();

        Invocation call = Invocation.Of("data", "preview", TinyPuppets.WriteManifest(folder), "--out", folder["sheet.png"], "--size",
            "32").Returning(ExitCode.Done);

        Assert.Contains("labelled frames of split 'test', training frames", call.Out);
        Assert.IsGreaterThan(32, ImageDecoder.ReadSize(folder["sheet.png"]).Width);
    }

    [TestMethod]
    [DataRow("images/b.png", false)]
    [DataRow("tested/c.png", false)]
    [DataRow("./images/../images/a.png", false)]
    [DataRow("tested/c.png", true)]
    public void Preview_onto_an_image_of_its_own_data_set_returns_1_and_leaves_the_image(string output, bool priorOnly)
    {
        using var folder = new TemporaryFolder();
        string manifest = WriteImages(folder);
        byte[] before = File.ReadAllBytes(folder[output]);

        Invocation call = Invocation.Of(
            ["data", "preview", manifest, "--data-root", folder.Path, "--out", folder[output], .. priorOnly
                ? (string[])["--prior-only"]
                : []]).Returning(ExitCode.Failed);

        Assert.Contains("would replace the input", call.Error);
        CollectionAssert.AreEqual(before, File.ReadAllBytes(folder[output]));
    }

    [TestMethod]
    public void Preview_takes_the_place_of_an_earlier_one()
    {
        using var folder = new TemporaryFolder();
        string manifest = WriteImages(folder);
        File.WriteAllText(folder["sheet.png"], "old");

        Invocation.Of("data", "preview", manifest, "--data-root", folder.Path, "--out", folder["sheet.png"]).Returning(ExitCode.Done);

        Assert.IsGreaterThan(32, ImageDecoder.ReadSize(folder["sheet.png"]).Width);
    }

    [TestMethod]
    public void Preview_cuts_from_the_manifests_own_root()
    {
        using var folder = new TemporaryFolder();
        WriteImages(folder);
        string[] call = ["data", "preview", folder["m.yaml"], "--size", "32", "--out"];
        Invocation.Of([.. call, folder["given.png"], "--data-root", folder.Path]).Returning(ExitCode.Done);
        File.AppendAllText(folder["m.yaml"], "\nroot: .\n");

        string text = Invocation.Of([.. call, folder["own.png"]]).Returning(ExitCode.Done).Out;

        Assert.Contains("(above them what they were cut out of)", text);
        CollectionAssert.AreEqual(File.ReadAllBytes(folder["given.png"]), File.ReadAllBytes(folder["own.png"]));
    }

    // Two training images, one of the test, and a prior.
    private static string WriteImages(TemporaryFolder folder)
    {
        foreach (string name in (string[])["images/a.png", "images/b.png", "tested/c.png"])
        {
            Directory.CreateDirectory(Path.GetDirectoryName(folder[name])!);
            ImageWriter.Write(new RgbImage(40, 30), folder[name]);
        }
        File.WriteAllText(folder["train.csv"], "frame\nimages/a.png\nimages/b.png\n");
        File.WriteAllText(folder["test.csv"], "frame\ntested/c.png\n");
        File.WriteAllText(folder["labels.csv"], "frame,a_x,a_y,b_x,b_y\ntested/c.png,1,2,30,20\n");
        File.WriteAllText(folder["prior.csv"], $"id,x0,y0,x1,y1\n{string.Concat(Enumerable.Range(0, 3).Select(i => $"{i},1,{i},9,9\n"))}");
        File.WriteAllText(folder["m.yaml"], """
            name: things
            description: Things.
            terms: None.
            obtain: Nowhere.
            reader: { kind: image-list, images: . }
            splits:
              train: { list: train.csv }
              test: { list: test.csv, labels: labels.csv }
            prior: { poses: prior.csv, width: 20, height: 20 }
            skeleton: { name: pair, keypoints: [a, b], edges: [[a, b]] }
            metrics: { description: test }
            """);
        return folder["m.yaml"];
    }
}
