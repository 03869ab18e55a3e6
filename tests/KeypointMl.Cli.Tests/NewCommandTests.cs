using KeypointMl.Cli.Running;
using KeypointMl.Data.Manifests;
using KeypointMl.Imaging.Images;
using KeypointMl.Training.Recipes;

namespace KeypointMl.Cli.Tests;

/// <summary><c>new</c> on videos that are made here; without ffmpeg those tests are skipped.</summary>
[TestClass]
public sealed class NewCommandTests
{
    [TestMethod]
    public void New_makes_a_project_that_is_checked_shown_and_trained_at_once()
    {
        OwnMouse.RequireFfmpeg();
        using var folder = new TemporaryFolder();
        string video = OwnMouse.WriteVideo(folder["mouse.mp4"], OwnMouse.Scene);
        string own = folder["own"];

        Invocation made = Invocation.Of("new", own, "--videos", video, "--prior", OwnMouse.WritePrior(folder),
            "--labels", OwnMouse.WriteLabels(folder, "mouse.mp4"), "--count", "1").Returning(ExitCode.Done);

        Assert.Contains("80 frames, 1 tracks", made.Out);
        Assert.Contains("hipL/hipR", made.Out);
        Assert.Contains("8 of 8 labels are of found subjects", made.Out);
        Assert.Contains("the recipe turns prior and images by any angle", made.Out);
        string readme = File.ReadAllText(folder["own/README.md"]);
        Assert.Contains("keypointml train ", readme);
        Assert.Contains("hipL/hipR", readme);
        Assert.AreEqual(180, Recipe.Load(folder["own/recipe.yaml"]).Prior.RotationDegrees);

        Invocation check = Invocation.Of("data", "check", $"{own}/manifest.yaml", "--read", "--strict").Returning(ExitCode.Done);
        Assert.Contains("ok   scale: poses reach over", check.Out);
        Assert.Contains("ok   unlabelled frames: 80 read", check.Out);
        Assert.Contains("ok   labelled frames of split 'test': 8 read", check.Out);
        Invocation.Of("data", "preview", $"{own}/manifest.yaml", "--out", folder["sheet.png"]).Returning(ExitCode.Done);
        Assert.IsGreaterThan(500, ImageDecoder.ReadSize(folder["sheet.png"]).Width);
        string[] small = ["networks.width=4", "networks.generator_width=4", "networks.regressor_width=4", "training.steps=2",
            "training.batch=2", "regressor_pretraining.steps=2", "regressor_pretraining.batch=2", "evaluation.every=0"];
        Invocation trained = Invocation.Of(
            ["train", $"{own}/recipe.yaml", "--out", folder["run"], .. small.SelectMany(item => new[] { "--set", item })])
            .Returning(ExitCode.Done);
        Assert.Contains("own labels", trained.Out);
        Assert.Contains("it read clean pictures of prior poses to", Invocation.Of(
            "data", "check", $"{own}/manifest.yaml", "--run", folder["run"]).Returning(ExitCode.Done).Out);
    }

    [TestMethod]
    public void New_of_several_videos_leaves_out_those_that_cannot_be_used_and_says_so()
    {
        OwnMouse.RequireFfmpeg();
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder["videos"]);
        OwnMouse.WriteVideo(folder["videos/a.mp4"], OwnMouse.Scene);
        OwnMouse.WriteVideo(folder["videos/b.mp4"], SyntheticScenes.Arena() with { Frames = 30 });
        OwnMouse.WriteVideo(folder["videos/c.mp4"], OwnMouse.Scene);

        Invocation made = Invocation.Of("new", folder["own"], "--videos", folder["videos/*.mp4"], "--prior", OwnMouse.WritePrior(folder))
            .Returning(ExitCode.Done);

        Assert.Contains("b.mp4: nothing moves", made.Out);
        Assert.Contains("1 of 3 videos are left out", made.Out);
        string text = Invocation.Of("data", "check", folder["own/manifest.yaml"], "--read").Returning(ExitCode.Done).Out;
        Assert.Contains("ok   unlabelled frames: 160 read", text);
        IEnumerable<string> files = DataManifest.Load(folder["own/manifest.yaml"]).Files.Select(file => Path.GetFileName(file.Path));
        Assert.AreSequenceEqual(["a.mp4", "c.mp4", "boxes.csv", "prior.csv"], files);
    }

    [TestMethod]
    public void New_of_a_moving_camera_takes_whole_frames_and_says_so()
    {
        OwnMouse.RequireFfmpeg();
        using var folder = new TemporaryFolder();
        SyntheticScene pan = OwnMouse.Scene with { CameraStep = new(2, 1), Pattern = 40, Floor = 150 };
        string video = OwnMouse.WriteVideo(folder["pan.mp4"], pan);

        Invocation made = Invocation.Of(
            "new", folder["own"], "--videos", video, "--prior", OwnMouse.WritePrior(folder), "--heading", "upright").Returning(ExitCode.Done);

        Assert.Contains("the camera moves", made.Out);
        Assert.Contains("whole frames are used, in squares of their longer side", made.Out);
        string[] boxes = File.ReadAllLines(folder["own/boxes.csv"]);
        Assert.AreEqual("0,0,0,-40,320,320,1", boxes[1]);
        Assert.HasCount(81, boxes);
        Assert.IsLessThan(45, Recipe.Load(folder["own/recipe.yaml"]).Prior.RotationDegrees);
    }

    [TestMethod]
    public void New_of_images_and_a_template_draws_the_prior()
    {
        using var folder = new TemporaryFolder();
        string own = WriteImages(folder);

        Invocation made = Invocation.Of(
            "new", own, "--images", folder["images"], "--template", folder["pose.csv"], "--heading", "any").Returning(ExitCode.Done);

        Assert.Contains("2000 prior poses were drawn", made.Out);
        Assert.Contains("taken for single ones", made.Out);
        Assert.IsTrue(Recipe.Load(folder["own/recipe.yaml"]).Pairs.ThinPlateSpline.Enabled);
        Invocation.Of("data", "check", folder["own/manifest.yaml"]).Returning(ExitCode.Done);
    }

    [TestMethod]
    public void New_takes_the_boxes_of_another_program_for_a_camera_that_moves()
    {
        OwnMouse.RequireFfmpeg();
        using var folder = new TemporaryFolder();
        string video = OwnMouse.WriteVideo(folder["pan.mp4"], OwnMouse.Scene with { CameraStep = new(2, 1), Pattern = 40, Floor = 150 });
        string boxes = folder.Write("theirs.csv", "frame,track,x,y,width,height\n" + string.Concat(Enumerable.Range(0, 80).Select(frame =>
        {
            System.Numerics.Vector2 place = SyntheticScenes.Wanderer.Path(frame)!.Value;
            return FormattableString.Invariant($"{frame},7,{place.X - 40},{place.Y - 20},80,40\n");
        })));

        Invocation made = Invocation.Of(
            "new", folder["own"], "--videos", video, "--prior", OwnMouse.WritePrior(folder), "--boxes", boxes,
            "--labels", OwnMouse.WriteLabels(folder, "pan.mp4"), "--heading", "any").Returning(ExitCode.Done);

        Assert.Contains("80 boxes of 1 tracks, now squares of their longer sides", made.Out);
        Assert.Contains("8 of 8 labels are of subjects in the boxes", made.Out);
        string first = FormattableString.Invariant(
            $"0,7,{SyntheticScenes.Wanderer.Path(0)!.Value.X - 40},{SyntheticScenes.Wanderer.Path(0)!.Value.Y - 40},80,80");
        Assert.AreEqual(first, File.ReadLines(folder["own/boxes.csv"]).ElementAt(1));
        string text = Invocation.Of("data", "check", folder["own/manifest.yaml"], "--read").Returning(ExitCode.Done).Out;
        Assert.Contains("ok   unlabelled frames: 80 read", text);
    }

    [TestMethod]
    public void New_of_images_cuts_out_what_is_in_the_boxes()
    {
        using var folder = new TemporaryFolder();
        string own = WriteImages(folder);
        string boxes = folder.Write("theirs.csv", "source,frame,track,x,y,width,height\n"
            + "0.png,0,a,2,2,10,20\n0.png,0,b,15,2,10,20\n2.png,0,a,2,2,10,20\n");
        string labels = folder.Write(
            "labels.csv", "source,frame,nose_x,nose_y,neck_x,neck_y,tail_x,tail_y\nimages/0.png,0,18,4,19,8,20,18\n");

        Invocation made = Invocation.Of(
            "new", own, "--images", folder["images"], "--template", folder["pose.csv"], "--boxes", boxes, "--size", "24",
            "--labels", labels, "--heading", "any").Returning(ExitCode.Done);

        Assert.Contains("3 boxes of 3 tracks, now squares of 24 pixels", made.Out);
        Assert.Contains("2 of 4 files have no box", made.Out);
        Assert.Contains("0.png,0,b,", File.ReadLines(folder["own/labels.csv"]).Last());
        string text = Invocation.Of("data", "check", folder["own/manifest.yaml"], "--read").Returning(ExitCode.Done).Out;
        Assert.Contains("unlabelled frames: 3 read", text);
        Assert.Contains("labelled frames of split 'test': 1 read", text);
        Assert.Contains("boxes.csv", File.ReadAllText(folder["own/score.yaml"]));
    }

    [TestMethod]
    [DataRow("frame,track,x,y,width,height\n0,1,0,0,5,5\n", "lacks the column 'source'")]
    [DataRow("source,frame,track,x,y,width,height\nnone.png,0,1,0,0,5,5\n", "there is no 'none.png' among the 4 files")]
    public void New_with_boxes_that_do_not_fit_says_how_they_would(string boxes, string expected)
    {
        using var folder = new TemporaryFolder();
        string own = WriteImages(folder);

        Invocation call = Invocation.Of(
            "new", own, "--images", folder["images"], "--template", folder["pose.csv"], "--boxes", folder.Write("theirs.csv", boxes))
            .Returning(ExitCode.Failed);

        Assert.Contains(expected, call.Error);
    }

    [TestMethod]
    public void New_asks_what_it_cannot_know_where_somebody_answers()
    {
        using var folder = new TemporaryFolder();
        string own = WriteImages(folder);
        var answers = new Answers("they head anywhere");

        Assert.AreEqual(ExitCode.Done, CommandLine.Run(
            ["new", own, "--images", folder["images"], "--template", folder["pose.csv"]], TextWriter.Null, TextWriter.Null,
            questions: answers));

        Assert.Contains("how do the subjects lie in the picture?", answers.Asked.Single());
        Assert.AreEqual(180, Recipe.Load(folder["own/recipe.yaml"]).Prior.RotationDegrees);
    }

    [TestMethod]
    public void New_does_not_replace_a_project_unless_forced()
    {
        using var folder = new TemporaryFolder();
        string own = WriteImages(folder);
        string[] line = ["new", own, "--images", folder["images"], "--template", folder["pose.csv"]];
        Invocation.Of(line).Returning(ExitCode.Done);
        File.WriteAllText(folder["own/recipe.yaml"], "mine");

        Invocation refused = Invocation.Of(line).Returning(ExitCode.Failed);

        Assert.Contains("--force", refused.Error);
        Assert.AreEqual("mine", File.ReadAllText(folder["own/recipe.yaml"]));
        Invocation.Of([.. line, "--force"]).Returning(ExitCode.Done);
        Assert.AreNotEqual("mine", File.ReadAllText(folder["own/recipe.yaml"]));
    }

    [TestMethod]
    [DataRow("new own --images i", "Give either --prior or --template")]
    [DataRow("new own --prior p.csv", "Give either --videos or --images")]
    [DataRow("new own --images i --prior p.csv --prior-size big", "--prior-size is 'big'; expected two whole numbers, such as 128x128.")]
    [DataRow("new own --videos v.mp4 --prior p.csv --boxes b.csv --count 2", "With --boxes, subjects are not looked for")]
    [DataRow("new own --images i --prior p.csv --heading north", "'north' not recognized")]
    public void New_without_what_it_needs_is_wrong_usage(string line, string expected) =>
        Assert.Contains(expected, Invocation.Of(line.Split(' ')).Returning(ExitCode.WrongUsage).Error);

    [TestMethod]
    public void New_with_a_prior_that_names_no_keypoints_says_which_option_does()
    {
        using var folder = new TemporaryFolder();
        string own = WriteImages(folder);
        File.WriteAllText(folder["numbers.csv"], "x0,y0,x1,y1\n1,2,3,4\n");

        Invocation call = Invocation.Of("new", own, "--images", folder["images"], "--prior", folder["numbers.csv"])
            .Returning(ExitCode.Failed);

        Assert.Contains("--skeleton", call.Error);
        Assert.IsFalse(Directory.Exists(own));
    }

    private static string WriteImages(TemporaryFolder folder)
    {
        Directory.CreateDirectory(folder["images"]);
        for (int i = 0; i < 4; i++)
            ImageWriter.Write(new RgbImage(30 + i, 30), folder[$"images/{i}.png"]);
        File.WriteAllText(folder["pose.csv"], "nose_x,nose_y,neck_x,neck_y,tail_x,tail_y\n10,2,10,8,10,25\n");
        return folder["own"];
    }

    private sealed class Answers(params string[] answers) : IQuestions
    {
        private readonly Queue<string> left = new(answers);

        public List<string> Asked { get; } = [];

        public string? Ask(string question)
        {
            Asked.Add(question);
            return left.Dequeue();
        }

        public string Choose(string question, IReadOnlyList<string> choices)
        {
            Asked.Add(question);
            string answer = left.Dequeue();
            Assert.Contains(answer, choices);
            return answer;
        }
    }
}
