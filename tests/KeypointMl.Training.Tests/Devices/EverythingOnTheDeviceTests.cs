using KeypointMl.Data.Frames;
using KeypointMl.Data.Priors;
using KeypointMl.Training.Checkpoints;
using KeypointMl.Training.Evaluation;
using KeypointMl.Training.Methods;
using KeypointMl.Training.Models;
using KeypointMl.Training.Networks;
using KeypointMl.Training.Numerics;
using KeypointMl.Training.Postprocessing;
using KeypointMl.Training.Recipes;
using KeypointMl.Training.Recipes.Sections;
using KeypointMl.Training.Running;
using KeypointMl.Training.Runs;
using KeypointMl.Training.Tensors;
using static TorchSharp.torch;

namespace KeypointMl.Training.Tests;

/// <summary>
/// That training makes no tensor but on its device, shown without a GPU: while the default device is META, whatever is
/// made without naming a device lands there, and an operation that mixes it with the run's tensors, which are on the
/// CPU by name, throws.
/// </summary>
[TestClass]
public sealed class EverythingOnTheDeviceTests
{
    private static TemporaryFolder folder = null!;

    [ClassInitialize]
    public static void CreateFolder(TestContext _) => folder = new TemporaryFolder();

    [ClassCleanup]
    public static void DeleteFolder() => folder.Dispose();

    [TestMethod]
    [DynamicData(nameof(MethodSteps.Recipes), typeof(MethodSteps))]
    public void Step_of_every_method_makes_its_tensors_on_its_device(string name, Recipe recipe)
    {
        using var steps = new MethodSteps(recipe);
        WithDefaultElsewhere(() => steps.Run(3));
        // What a GPU does otherwise than the CPU.
        using var asOnGpu = new MethodSteps(recipe, TrainingDevice.Cpu with { ReadsEveryStep = false });
        if (asOnGpu.Model is TrainingNetworks networks)
            networks.Networks.Beta.AlwaysByTensors = true;
        WithDefaultElsewhere(() =>
        {
            asOnGpu.Run(2);
            asOnGpu.Watch.Read();
        });
        Assert.IsTrue(steps.Model.All.SelectMany(network => network.Module.parameters())
            .All(weight => weight.device_type == TorchSharp.DeviceType.CPU), name);
    }

    [TestMethod]
    [DynamicData(nameof(MethodSteps.Recipes), typeof(MethodSteps))]
    public void Evaluation_samples_and_checkpoints_make_their_tensors_on_the_device(string name, Recipe recipe)
    {
        using RunFolder run = RunFolder.Create(folder[Guid.NewGuid().ToString("N")], recipe);
        using var steps = new MethodSteps(recipe);
        using LabelledFrames test = TinyRun.Puppets.OpenLabelled("test");
        PosePrior prior = TinyRun.Puppets.OpenPrior();
        WithDefaultElsewhere(() =>
        {
            steps.Run(1);
            using (NewDisposeScope())
            {
                using OfflineRegressor? offline = steps.Model.Offline is { } kept
                    ? new OfflineRegressor(kept.Beta, kept.Eta)
                    : null;
                if (steps.Model.PointsAreKeypoints)
                    DetectorEvaluation.Evaluate(steps.Model.Detector, test, 8, prior, offline, steps.Model.Device);
                SamplePictures.Write(steps.Model, test.Frames, recipe, folder[$"{Guid.NewGuid():N}.png"]);
                RunPostprocessing.Run(run, TinyRun.Puppets, steps.Model, test, prior, new PostprocessingRecipe { Frames = 20 }, 1);
                CheckpointFile file = TrainingCheckpoint.Write(run, recipe, TinyRun.Puppets.Skeleton, steps.Model, steps.Phases[^1], 1);
                CheckpointTensors read = TrainingCheckpoint.RestoreNetworks(file, steps.Model);
                steps.Phases[^1].Load(read);
            }
            steps.Step(steps.Phases[^1], 1, losses => Assert.IsTrue(losses.All(loss => float.IsFinite(loss.Value.item<float>())), name));
        });
    }

    [TestMethod]
    public void Default_device_elsewhere_is_noticed_by_what_names_none()
    {
        using Tensor here = ones(2, device: CPU);
        WithDefaultElsewhere(() => Assert.ThrowsExactly<System.Runtime.InteropServices.ExternalException>(() => here + ones(2)));
    }

    /// <summary>Every method's networks follow when they are moved: parameters, buffers, and the fields beside them.</summary>
    [TestMethod]
    [DynamicData(nameof(MethodSteps.Recipes), typeof(MethodSteps))]
    public void MoveTo_moves_every_tensor_of_the_networks(string name, Recipe recipe)
    {
        using ITrainedModel model = TrainedModels.Create(recipe, TinyRun.Puppets.Skeleton, META);
        Assert.AreEqual(TorchSharp.DeviceType.META, model.Device.type, name);
        foreach ((string network, nn.Module module) in model.All)
        {
            foreach ((string key, Tensor value) in module.state_dict())
                Assert.AreEqual(TorchSharp.DeviceType.META, value.device_type, $"{name}: {network}.{key}");
            foreach (Convolution convolution in module.modules().OfType<Convolution>())
            {
                Assert.AreEqual(TorchSharp.DeviceType.META, convolution.Weight.device_type, $"{name}: a kernel of {network}");
                // A kernel of one channel or of one pixel has only one layout.
                Assert.IsTrue(convolution.Weight.shape[1] == 1 || convolution.Weight.shape[2] == 1
                    || ConvolutionShape.IsChannelsLast(convolution.Weight.shape, convolution.Weight.stride()),
                    $"{name}: channels last in {network}");
                Assert.IsTrue(convolution.Bias is not { device_type: not TorchSharp.DeviceType.META }, $"{name}: a bias of {network}");
                Assert.IsTrue(module.parameters().Any(weight => weight.Handle == convolution.Weight.Handle),
                    $"{name}: the kernel that {network} registers");
            }
        }
        if (model is TrainingNetworks networks)
            Assert.IsTrue(networks.Networks.Beta.TensorsAreOn(TorchSharp.DeviceType.META), name);
    }

    private static Device META { get; } = new(TorchSharp.DeviceType.META);

    private static void WithDefaultElsewhere(Action action)
    {
        Device before = get_default_device();
        set_default_device(META);
        try
        {
            action();
        }
        finally
        {
            set_default_device(before);
        }
    }
}
