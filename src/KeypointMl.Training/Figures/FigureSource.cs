using System.Numerics;
using KeypointMl.Data;
using KeypointMl.Data.Frames;
using KeypointMl.Data.Priors;
using KeypointMl.Imaging.Images;
using KeypointMl.Poses.Skeletons;
using KeypointMl.Training.Batches;
using KeypointMl.Training.Evaluation;
using KeypointMl.Training.Methods;
using KeypointMl.Training.Models;
using KeypointMl.Training.Recipes;
using KeypointMl.Training.Recipes.Sections;
using KeypointMl.Training.Reports;
using KeypointMl.Training.Runs;
using KeypointMl.Training.Tensors;
using static TorchSharp.torch;

namespace KeypointMl.Training.Figures;

/// <summary>What a figure is drawn from: a run's averaged networks, and frames of its data set.</summary>
internal sealed class FigureSource : IDisposable
{
    private const ulong Stream = 0x464947555245; // "FIGURE"
    private const int Tries = 100;
    private readonly ITrainedModel model;
    private readonly IDataset dataset;
    private readonly RunFolder run;

    private FigureSource(RunFolder run, ITrainedModel model, IDataset dataset)
    {
        this.run = run;
        this.model = model;
        this.dataset = dataset;
        Training = dataset.OpenTrainingFrames();
        Test = dataset.LabelledSplits.Contains("test") ? dataset.OpenLabelled("test").Frames : Training;
        Tiles = new PictureTiles(Training.Width, Training.Height);
    }

    public Recipe Recipe => run.Recipe;

    public string DataName => dataset.Name;

    /// <summary>The unlabelled frames that the run was trained on.</summary>
    public IFrameSet Training { get; }

    /// <summary>The frames of the test split, or the training frames where there is none.</summary>
    public IFrameSet Test { get; }

    public PictureTiles Tiles { get; }

    public Skeleton Points => model.Points;

    public Device Device => model.Device;

    /// <exception cref="InvalidDataException">The run has no checkpoint of its training yet.</exception>
    /// <exception cref="IOException">The run's data are not there.</exception>
    public static FigureSource Open(RunFolder run, string? dataRoot, TrainingDevice device)
    {
        IDataset dataset = RecipeData.Open(run.Recipe, dataRoot);
        return new FigureSource(run, TrainedModels.Open(run, device.Device).Model, dataset);
    }

    /// <summary>KeypointGAN's networks.</summary>
    /// <param name="condition">Whether Ψ must have been trained with the condition x′.</param>
    /// <exception cref="InvalidOperationException">The run has trained no such.</exception>
    public TrainingNetworks Networks(bool condition) =>
        model is TrainingNetworks networks && Recipe.Method == TrainingMethod.KeypointGan && (Recipe.Ablation.Condition || !condition)
            ? networks
            : throw new InvalidOperationException(
                $"The figure shows a generator{(condition ? " with a condition" : "")}, and the run '{run.Path}' has trained "
                + $"none (method: {Recipe.Method}, ablation.condition: "
                + $"{(Recipe.Ablation.Condition ? "true" : "false")}).");

    /// <summary>The poses that the run learns from.</summary>
    public PosePrior Prior() => TrainingData.OpenPrior(run.Recipe, dataset);

    /// <summary>Frames as x [N,3,H,W] in [−1,1].</summary>
    public Tensor Read(IFrameSet frames, int[] indices) =>
        ImageTensors.FromBytes(FrameBlocks.Read(frames, indices), indices.Length, frames.Height, frames.Width, Device);

    /// <summary>Some frames, drawn with a seed.</summary>
    public static int[] Draw(IFrameSet frames, int count, ulong seed)
    {
        var random = new SeededRandom(seed, Stream);
        return [.. Enumerable.Range(0, count).Select(_ => random.Next(frames.Count))];
    }

    /// <summary>For each frame one of another clip; of the same where there is only one.</summary>
    public static int[] DrawOthers(IFrameSet frames, int[] indices, ulong seed)
    {
        Clip[] clips = DetectorEvaluation.ClipsOf(frames);
        var random = new SeededRandom(seed, Stream, 1);
        var others = new int[indices.Length];
        for (int i = 0; i < others.Length; i++)
        {
            others[i] = random.Next(frames.Count);
            for (int attempt = 0; attempt < Tries && clips[others[i]] == clips[indices[i]]; attempt++)
                others[i] = random.Next(frames.Count);
        }
        return others;
    }

    /// <summary>Test frames with the detector's points drawn over them.</summary>
    public RgbImage[] Predicted(int[] indices)
    {
        Vector2[][] poses = DetectorEvaluation.Predict(model.Detector, Test, indices, Device);
        return Tiles.Overlays(Read(Test, indices), Points, poses);
    }

    public void Dispose()
    {
        model.Dispose();
        Training.Dispose();
        if (Test != Training)
            Test.Dispose();
    }
}
