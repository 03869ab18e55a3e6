using Microsoft.ML;
using Microsoft.ML.Transforms.Image;
using Microsoft.ML.Transforms.Onnx;

namespace KeypointMl.Benchmarks;

/// <summary>What ML.NET's own transforms offer for the same graph: LoadImages, ResizeImages, ExtractPixels, ApplyOnnxModel.</summary>
internal sealed class StockChain : IDisposable
{
    private readonly ITransformer transformer;
    private readonly string file = Path.GetTempFileName();

    /// <summary>Makes the chain.</summary>
    /// <param name="ml">Where it lives.</param>
    /// <param name="detector">The graph.</param>
    /// <param name="threads">How many threads a run computes with.</param>
    public StockChain(MLContext ml, DetectorFile detector, int threads)
    {
        detector.Model.Save(file);
        transformer = ml.Transforms.LoadImages("loaded", "", nameof(PathRow.Path))
            // Fill is its fastest way: the nearest pixel.
            .Append(ml.Transforms.ResizeImages("resized", detector.Size, detector.Size, "loaded", ImageResizingEstimator.ResizingKind.Fill))
            .Append(ml.Transforms.ExtractPixels("image", "resized", interleavePixelColors: true, outputAsFloatArray: false))
            .Append(ml.Transforms.ApplyOnnxModel(new OnnxOptions
            {
                ModelFile = file,
                InputColumns = ["image"],
                OutputColumns = ["keypoints", "confidence"],
                IntraOpNumThreads = threads,
                InterOpNumThreads = 1,
            }))
            .Fit(ml.Data.LoadFromEnumerable(new List<PathRow>()));
    }

    /// <summary>Detects.</summary>
    /// <param name="rows">The image files.</param>
    /// <param name="count">How many there are.</param>
    public void Run(IDataView rows, int count) => KeypointWalk.Run(transformer.Transform(rows), "keypoints", count);

    /// <inheritdoc/>
    public void Dispose()
    {
        (transformer as IDisposable)?.Dispose();
        File.Delete(file);
    }
}
