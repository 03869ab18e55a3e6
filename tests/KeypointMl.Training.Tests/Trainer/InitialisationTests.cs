using KeypointMl.Poses.Skeletons;
using KeypointMl.Training.Batches;
using KeypointMl.Training.Checkpoints.Safetensors;
using KeypointMl.Training.Methods;
using KeypointMl.Training.Models;
using KeypointMl.Training.Recipes;
using KeypointMl.Training.Recipes.Sections;
using KeypointMl.Training.Running;
using KeypointMl.Training.Runs;

namespace KeypointMl.Training.Tests;

[TestClass]
public sealed class InitialisationTests
{
    private static TemporaryFolder folder = null!;

    [ClassInitialize]
    public static void TrainFirstStage(TestContext _)
    {
        folder = new TemporaryFolder();
        using (RunFolder run = RunFolder.Create(folder["first"], TinyRun.Recipe(steps: 3, pretraining: 2)))
            TinyRun.Train(run);
        using (RunFolder run = RunFolder.Create(folder["supervised"], TinyRun.Recipe(steps: 1) with { Method = TrainingMethod.Supervised }))
            TinyRun.Train(run);
    }

    [ClassCleanup]
    public static void Delete() => folder.Dispose();

    [TestMethod]
    [DataRow(true)]
    [DataRow(false)]
    public void Load_makes_the_averages_of_the_first_stage_the_networks_of_the_second(bool fromFile)
    {
        string checkpoint = Checkpoint("first");
        Recipe recipe = Second(fromFile ? checkpoint : folder["first"]);
        using ITrainedModel model = TrainedModels.Create(recipe, TinyRun.Puppets.Skeleton);

        Initialisation.Load(recipe, model, TinyRun.Puppets.Skeleton);

        SafetensorsFile first = SafetensorsFile.Read(checkpoint);
        foreach ((string name, TorchSharp.torch.nn.Module module) in model.All)
        {
            string source = name is "phi" or "eta" or "psi" ? $"average.{name}" : name;
            foreach ((string key, TorchSharp.torch.Tensor tensor) in module.state_dict())
                Assert.IsTrue(first[$"{source}.{key}"].Data.Span.SequenceEqual(tensor.ToSafetensors(key).Data.Span), $"{name}.{key}");
        }
        Assert.IsNotNull(((TrainingNetworks)model).OfflineEta, "the first stage's offline η goes with it");
    }

    [TestMethod]
    public void Train_second_stage_begins_from_the_first_and_resumes_from_itself()
    {
        string second = folder["second"];
        using (RunFolder run = RunFolder.Create(second, Second(folder["first"])))
        {
            using var stop = new TinyRun.StopAfter(TrainingPhase.Training, 1);
            Assert.IsFalse(new Trainer(run, TinyRun.Puppets, stop).Train(stop.Token).Finished);
        }
        using (RunFolder run = RunFolder.Resume(second))
            Assert.IsTrue(TinyRun.Train(run).Finished);
        using (RunFolder run = RunFolder.Create(folder["whole"], Second(folder["first"])))
            Assert.IsTrue(TinyRun.Train(run).Finished);

        SafetensorsFile resumed = SafetensorsFile.Read(Checkpoint("second"));
        foreach (SafetensorsTensor tensor in SafetensorsFile.Read(Checkpoint("whole")).Tensors)
            Assert.IsTrue(tensor.Data.Span.SequenceEqual(resumed[tensor.Name].Data.Span), tensor.Name);
    }

    [TestMethod]
    public void Load_other_keypoints_widths_or_labels_is_refused_with_the_difference()
    {
        Skeleton puppet = TinyRun.Puppets.Skeleton;
        Recipe recipe = Second(folder["first"]);
        var other = new Skeleton("other", [.. puppet.Keypoints.SetItem(3, "tail")], []);
        string keypoints = Refused(recipe, other);
        Assert.Contains("keypoint 3 is 'tail'", keypoints);
        Assert.Contains($"keypoint 3 is '{puppet.Keypoints[3]}'", keypoints);
        Assert.Contains("networks.width 5, 4", Refused(recipe with { Networks = recipe.Networks with { Width = 5 } }, puppet));
        Assert.Contains("ablation.condition false, true", Refused(recipe with
        {
            Ablation = new AblationRecipe { Condition = false },
        }, puppet));
        Assert.Contains("must not see", Refused(Second(folder["supervised"]), puppet));
        Assert.Contains("is not a run",
            Assert.ThrowsExactly<FileNotFoundException>(() => Initialise(Second(folder["none"]), puppet)).Message);
    }

    [TestMethod]
    public void Require_asks_for_what_a_run_is_to_start_from_before_its_folder_is_made()
    {
        Recipe recipe = Second(folder["first"]);
        using TrainingData data = TrainingMethods.OpenData(recipe, TinyRun.Puppets);

        TrainingChecks.Require(recipe, TinyRun.Puppets, data, begins: true);
        Assert.Contains("networks.width 5, 4", Assert.ThrowsExactly<InvalidDataException>(() => TrainingChecks.Require(
            recipe with { Networks = recipe.Networks with { Width = 5 } }, TinyRun.Puppets, data, begins: true)).Message);
        Recipe none = Second(folder["none"]);
        Assert.StartsWith("training.initialise_from: ", Assert.ThrowsExactly<FileNotFoundException>(
            () => TrainingChecks.Require(none, TinyRun.Puppets, data, begins: true)).Message);
        TrainingChecks.Require(none, TinyRun.Puppets, data, begins: false); // it has begun: nothing is read any more
    }

    private static string Refused(Recipe recipe, Skeleton skeleton)
    {
        string message = Assert.ThrowsExactly<InvalidDataException>(() => Initialise(recipe, skeleton)).Message;
        Assert.Contains("training.initialise_from", message);
        return message;
    }

    private static void Initialise(Recipe recipe, Skeleton skeleton)
    {
        using ITrainedModel model = TrainedModels.Create(recipe, skeleton);
        Initialisation.Load(recipe, model, skeleton);
    }

    private static Recipe Second(string from)
    {
        Recipe recipe = TinyRun.Recipe(steps: 3, pretraining: 0);
        return recipe with { Seed = 77, Training = recipe.Training with { InitialiseFrom = from } };
    }

    private static string Checkpoint(string name)
    {
        using RunFolder run = RunFolder.Open(folder[name]);
        return run.Checkpoints.List()[0].Path;
    }
}
