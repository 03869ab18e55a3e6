using KeypointMl.Cli.Running;
using KeypointMl.Training.Recipes;
using KeypointMl.Training.Recipes.Sections;

namespace KeypointMl.Cli.Tests;

[TestClass]
public sealed class NewSupervisedTests
{
    [TestMethod]
    public void New_supervised_makes_a_project_that_trains_on_most_labels_and_measures_with_the_rest()
    {
        OwnMouse.RequireFfmpeg();
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder["videos"]);
        OwnMouse.WriteVideo(folder["videos/mouse.mp4"], OwnMouse.Scene);
        string own = folder["own"];
        Invocation made = Invocation.Of("new", own, "--videos", folder["videos/*.mp4"], "--labels",
            OwnMouse.WriteLabels(folder, "mouse.mp4"), "--supervised", "--count", "1").Returning(ExitCode.Done);

        Assert.Contains("6 are trained on, and 2 measure the error", made.Out);
        CollectionAssert.AreEqual(new[] { "60", "70" },
            File.ReadLines(folder["own/labels.csv"]).Skip(1).Select(line => line.Split(',')[0]).ToArray());
        Invocation check = Invocation.Of("data", "check", $"{own}/manifest.yaml", "--read").Returning(ExitCode.Done);
        Assert.Contains("ok   labelled frames of split 'train': 6 read", check.Out);
        Assert.Contains("ok   labelled frames of split 'test': 2 read", check.Out);
        string[] small = ["student.width=4", "training.steps=2", "training.batch=2", "evaluation.every=0"];
        Invocation trained = Invocation.Of(
            ["train", $"{own}/recipe.yaml", "--out", folder["run"], .. small.SelectMany(item => new[] { "--set", item })])
            .Returning(ExitCode.Done);
        Assert.Contains("own labels", trained.Out);
        Invocation.Of("export", "--run", folder["run"], "--what", "detector", "--out", folder["own/model"]).Returning(ExitCode.Done);
        Assert.AreEqual(TrainingMethod.Supervised, Recipe.Load(folder["own/recipe.yaml"]).Method);
    }

    [TestMethod]
    public void New_supervised_without_labels_is_wrong_usage() => Assert.Contains(
        "give --labels", Invocation.Of("new", "own", "--images", "pictures", "--supervised").Returning(ExitCode.WrongUsage).Error);
}
