using KeypointMl.Data.Loading;
using KeypointMl.Poses.Skeletons;
using KeypointMl.Training.Batches;
using KeypointMl.Training.Methods;
using KeypointMl.Training.Models;
using KeypointMl.Training.Numerics;
using KeypointMl.Training.Recipes;
using KeypointMl.Training.Tensors;
using static TorchSharp.torch;

namespace KeypointMl.Training.Running;

/// <summary>
/// Has the convolutions that a run will compute checked on this processor before its first step: their sizes, strides,
/// layouts and threads, forward and backward, against double precision (docs/numerics.md). A run does so by itself; a
/// command asks before it makes a folder.
/// </summary>
public static class NumericsCheck
{
    /// <summary>Checks, or takes the verdict of an earlier check. At most some seconds for <c>cpu-64</c>.</summary>
    /// <param name="recipe">What will be run.</param>
    /// <param name="skeleton">Of its data set.</param>
    /// <param name="data">What it will read, as <see cref="TrainingMethods.OpenData"/> gives it.</param>
    /// <param name="device">Where it will be run; on a GPU only what runs on the CPU is checked.</param>
    /// <returns>One line: what was checked, and how convolutions will be computed.</returns>
    /// <exception cref="NumericsException">
    /// libtorch computes them wrong here, and nothing that can be changed of this process makes them right.
    /// </exception>
    public static string Check(Recipe recipe, Skeleton skeleton, TrainingData data, TrainingDevice device)
    {
        ArgumentNullException.ThrowIfNull(recipe);
        ArgumentNullException.ThrowIfNull(skeleton);
        ArgumentNullException.ThrowIfNull(data);
        ArgumentNullException.ThrowIfNull(device);
        return Run(recipe, skeleton, data, device).ToString();
    }

    internal static NumericsReport Run(Recipe recipe, Skeleton skeleton, TrainingData data, TrainingDevice device) =>
        ConvolutionPlan.Shared.Prepare(device.IsCpu ? Convolutions(recipe, skeleton, data) : []);

    /// <summary>
    /// Goes through the typical steps of every phase with networks of its own and without computing a convolution, and
    /// notes them.
    /// </summary>
    internal static IReadOnlyCollection<ConvolutionShape> Convolutions(Recipe recipe, Skeleton skeleton, TrainingData data)
    {
        using var rehearsal = new ConvolutionRehearsal();
        using var place = new TrainingPlace(TrainingDevice.Cpu);
        using ITrainedModel model = TrainedModels.Create(recipe, skeleton);
        foreach (ITrainingPhase phase in TrainingMethods.Of(recipe).CreatePhases(recipe, model, data, place))
        {
            using (phase)
            using (CollectionFreeRegion.Begin())
            using (NewDisposeScope())
            using (PrefetchingLoader? loader = TrainingMethods.Loader(recipe, phase, data, first: 0, buffers: 2))
            using (FrameBatch? frames = loader?.Next(CancellationToken.None))
            {
                foreach (long step in phase.TypicalSteps)
                    phase.Step(frames, step);
                if (!phase.TrainsDetector)
                    continue;
                using var _ = no_grad();
                model.Detector.call(Images(FrameBlocks.Size));
                model.Draw(Images(recipe.Samples.Rows), Images(recipe.Samples.Rows));
            }
        }
        return rehearsal.Shapes;

        Tensor Images(int count) => ImageTensors.ChannelsLast(zeros(count, 3, recipe.Size, recipe.Size, device: DeviceTensors.Cpu));
    }
}
