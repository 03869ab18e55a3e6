using KeypointMl.Data.Priors;
using KeypointMl.Detection;
using KeypointMl.Inference.Devices;
using KeypointMl.Keypoints;
using KeypointMl.Poses.Skeletons;
using KeypointMl.Rows;
using KeypointMl.Training.Batches;
using KeypointMl.Training.Export;
using KeypointMl.Training.Models;
using KeypointMl.Training.Recipes;
using KeypointMl.Training.Running;
using KeypointMl.Training.Runs;
using KeypointMl.Training.Tensors;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace KeypointMl.Training.MlNet;

/// <summary>
/// Learns a detector of named keypoints from unlabelled frames of videos and an unpaired set of poses (KeypointGAN,
/// section 3 of the paper), exports it to ONNX and gives it as a transformer. Made by
/// <c>mlContext.Keypoints.Trainers.KeypointGan</c>.
/// </summary>
/// <remarks>
/// <list type="table">
/// <listheader><term>Estimator characteristics</term><description></description></listheader>
/// <item><term>Does this estimator need to look at the data to train its parameters?</term><description>Yes</description></item>
/// <item><term>Input column data type</term><description><see cref="MLImage"/>, text (a file's path) or a vector of
/// bytes (an encoded image); text (the video); Int64 or Int32 (the frame); optionally a vector of 4 <see cref="float"/>
/// (a box). The prior: a vector of K×2 <see cref="float"/></description></item>
/// <item><term>Output column data type</term><description>Known-sized vector of K×2 <see cref="float"/>; see
/// <see cref="KeypointDetectingEstimator"/></description></item>
/// <item><term>Required NuGet in addition to Microsoft.ML</term><description>TorchSharp with libtorch, for fitting
/// only; Microsoft.ML.ImageAnalytics and a package with ONNX Runtime's natives</description></item>
/// <item><term>Exportable to ONNX</term><description>It is: <see cref="KeypointGanFit.Detector"/></description></item>
/// </list>
/// Frames are read once into memory. The same data, recipe and thread count give the same detector on a CPU.
/// </remarks>
public sealed class KeypointGanEstimator : IEstimator<KeypointDetectingTransformer>
{
    private readonly MLContext mlContext;
    private readonly KeypointGanOptions options;

    internal KeypointGanEstimator(MLContext mlContext, KeypointGanOptions options)
    {
        this.mlContext = mlContext;
        if (options.Recipe.Method.UsesLabels)
        {
            throw new ArgumentException(
                "The recipe is of a supervised run, which learns from labels; this trainer learns without them. "
                + "Give a recipe of the method keypoint-gan.", nameof(options));
        }
        if (!options.Recipe.TrainsGenerator)
        {
            throw new ArgumentException(
                "The recipe trains no generator of images from keypoints and appearance, which a fit gives too (method: "
                + $"{options.Recipe.Method.Name}, ablation.condition: {(options.Recipe.Ablation.Condition ? "true" : "false")}). "
                + "Give a recipe of the method keypoint-gan with the condition, or train this one with 'keypointml train'.",
                nameof(options));
        }
        if (options.Detection.BoxColumnName is { } box && box != options.BoxColumnName)
        {
            throw new ArgumentException(
                $"{nameof(options.Detection)} looks into the boxes of column '{box}', training into those of "
                + $"'{options.BoxColumnName ?? "no column"}'; give {nameof(options.BoxColumnName)} alone.", nameof(options));
        }
        // The keys that only a recipe file has: what the run is called, and where its data are.
        Recipe recipe = options.Recipe;
        recipe = recipe.Name.Length > 0 ? recipe : recipe with { Name = "ml.net" };
        recipe = recipe.Data.Manifest.Length > 0 ? recipe : recipe with { Data = recipe.Data with { Manifest = "ML.NET data view" } };
        recipe.Validate();
        DetectionSettings.Check(options.OutputColumnName, options.ImageColumnName, options.Detection);
        this.options = options with { Recipe = recipe, Detection = options.Detection with { BoxColumnName = options.BoxColumnName } };
    }

    /// <summary>As <see cref="Train"/> with the options' prior; gives the transformer alone.</summary>
    /// <param name="input">The frames.</param>
    /// <exception cref="InvalidOperationException">The options have no prior.</exception>
    /// <inheritdoc cref="Train"/>
    public KeypointDetectingTransformer Fit(IDataView input) => Train(input).Transformer;

    /// <summary>As <see cref="Train"/>; gives the transformer alone.</summary>
    /// <inheritdoc cref="Train"/>
    public KeypointDetectingTransformer Fit(IDataView frames, IDataView prior) => Train(frames, prior).Transformer;

    /// <summary>Reads frames and prior, trains, exports.</summary>
    /// <param name="frames">The unlabelled frames: images, which video, which frame.</param>
    /// <param name="prior">The unpaired poses; null for those of the options.</param>
    /// <returns>The transformer, both graphs and the error on the test frames.</returns>
    /// <exception cref="ArgumentException">
    /// A column is missing or unsuitable, there are no rows, or it is not known what the keypoints are.
    /// </exception>
    /// <exception cref="InvalidOperationException">
    /// There is no prior. Or something failed behind a checkpoint of the training, and no run folder was given: the message
    /// names the folder where what was trained is kept.
    /// </exception>
    /// <exception cref="InvalidDataException">
    /// A row cannot be used; the message names it. Or the frames take too much memory, most poses lie outside their image, or
    /// the run folder's run has another recipe or other data.
    /// </exception>
    /// <exception cref="IOException">The run folder holds something else, or cannot be written.</exception>
    /// <exception cref="DllNotFoundException">libtorch or ONNX Runtime is missing; the message says what to type.</exception>
    /// <exception cref="NotSupportedException">A GPU that is asked for, to train or to detect on, is not available.</exception>
    /// <exception cref="TrainingDivergedException">A loss or gradient is not finite.</exception>
    /// <exception cref="OperationCanceledException">It was asked to stop.</exception>
    public KeypointGanFit Train(IDataView frames, IDataView? prior = null)
    {
        ArgumentNullException.ThrowIfNull(frames);
        prior ??= options.Prior ?? throw NoPrior();
        // All that can be known to fail after the training is asked before it, and before frames are read for minutes.
        LibTorchNatives.Require();
        ContextDevice context = ContextDevice.Of(mlContext.Transforms);
        context.Require(options.Detection.Detector);
        TrainingDevice device = context.Load(
            KeypointDevice.Parse(options.Recipe.Training.Device), asked => TrainingDevice.Open(asked, CudaRuntime.Current));
        using var folder = new WorkFolder(options.RunFolder, options.Recipe);
        PosePrior poses = PriorCollector.Collect(prior, options);
        DataViewDataset dataset = new FrameCollector(options).Collect(frames, poses);
        using (TrainingData data = TrainingMethods.OpenData(options.Recipe, dataset))
            TrainingChecks.Require(options.Recipe, dataset, data, begins: folder.Run?.Start is null);
        try
        {
            return Learn(folder.Begin(), dataset, device, frames);
        }
        catch (Exception e) when (e is not (OperationCanceledException or TrainingDivergedException) && folder.KeepTrained())
        {
            throw new InvalidOperationException(
                $"{e.Message} What was trained is kept in '{folder.Path}': fit again with the same data and with "
                + $"{nameof(KeypointGanOptions.RunFolder)} set to it, and it goes on from there.", e);
        }
    }

    private KeypointGanFit Learn(RunFolder run, DataViewDataset dataset, TrainingDevice device, IDataView frames)
    {
        DataFingerprint.Require(run, dataset.Frames, dataset.Prior);
        using var silent = new SilentProgress();
        TrainingResult result = new Trainer(run, dataset, options.Progress ?? silent, device).Train(options.Cancellation);
        if (!result.Finished)
        {
            throw new OperationCanceledException(
                options.RunFolder is null
                    ? "Training was asked to stop; nothing of it is kept, as there is no run folder."
                    : $"Training was asked to stop; fitting again with the same data and run folder '{run.Path}' goes on with it.",
                options.Cancellation);
        }
        (byte[] detector, byte[] generator) = Export(run, dataset);
        KeypointDetectingTransformer transformer =
            mlContext.Transforms.DetectKeypoints(options.OutputColumnName, options.ImageColumnName, detector, options.Detection)
            .Fit(frames);
        return new KeypointGanFit(transformer, detector, generator, result.Metrics, result.Elapsed);
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">An input column is missing or has an unsuitable type.</exception>
    /// <exception cref="InvalidOperationException">
    /// It is not known what the keypoints are: the options have neither skeleton nor prior.
    /// </exception>
    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        ImageColumns.Check(inputSchema, options.ImageColumnName);
        if (options.BoxColumnName is { } box)
            BoxColumns.Check(inputSchema, box);
        Skeleton skeleton = options.Skeleton
            ?? KeypointColumn.Find((options.Prior ?? throw NoPrior()).Schema, options.PoseColumnName, given: null).Skeleton;
        SchemaShape.Column[] added = [.. new DetectionColumns(options.OutputColumnName, options.Detection, skeleton).Describe()];
        return new SchemaShape(inputSchema.Where(column => added.All(other => other.Name != column.Name)).Concat(added));
    }

    private static (byte[] Detector, byte[] Generator) Export(RunFolder run, DataViewDataset dataset)
    {
        using ModelExporter exporter = ModelExporter.Open(run);
        var frames = new ExportFrames(dataset.Frames, $"training frames of {dataset.Name}");
        string detector = exporter.ExportDetector(Path.Combine(run.Path, "detector.onnx"), frames).Path;
        string generator = exporter.ExportGenerator(Path.Combine(run.Path, "generator.onnx"), frames).Path;
        return (File.ReadAllBytes(detector), File.ReadAllBytes(generator));
    }

    private static InvalidOperationException NoPrior() =>
        new($"There is no prior: give {nameof(KeypointGanOptions)}.{nameof(KeypointGanOptions.Prior)}, or call Fit(frames, prior).");
}
