using KeypointMl.Inference.Detection;
using KeypointMl.Onnx.Model;

namespace KeypointMl.Training.Export;

/// <summary>Compares an exported detector in ONNX Runtime with what TorchSharp found.</summary>
/// <param name="images">[N,H,W,3] bytes.</param>
/// <param name="keypoints">TorchSharp's [N,K,2], in pixels.</param>
/// <param name="confidence">TorchSharp's [N,K], in [0,1].</param>
internal sealed class DetectorCheck(byte[] images, float[] keypoints, float[] confidence)
{
    private const double ConfidenceTolerance = 1e-3;
    private const double Float16ConfidenceTolerance = 0.02;

    /// <summary>
    /// Whether its points are the highest cells of heat maps, which jump where two are nearly as high: rounding to 16 bits moves some
    /// of them by whole cells.
    /// </summary>
    public bool ReadsPeaks { get; init; }

    /// <summary>Runs a detector and refuses it where it strays.</summary>
    /// <returns>The largest difference of a keypoint's coordinate, in pixels.</returns>
    /// <exception cref="InvalidOperationException">It differs by more than its precision's tolerance.</exception>
    public double Run(OnnxModel model, string name, ExportPrecision precision)
    {
        var actual = new float[keypoints.Length];
        var actualConfidence = new float[confidence.Length];
        using KeypointDetector detector = KeypointDetector.Load(model.ToArray(), name);
        detector.Detect(images, actual, actualConfidence);
        double[] differences = [.. keypoints.Zip(actual, (a, b) => Math.Abs((double)a - b))];
        double largest = ExportCheck.Largest(differences);
        bool half = precision == ExportPrecision.Float16;
        if (precision == ExportPrecision.Int8 || (half && ReadsPeaks))
        {
            // Rounding to 256 values moves single points far where Φ is unsure; the mean tells a broken graph from a
            // rounded one. What it costs is measured on labels.
            ExportCheck.Require(differences.Average() / detector.Width, ModelExporter.Int8KeypointTolerance,
                "mean keypoint difference", "of the image's width");
        }
        else
        {
            ExportCheck.Require(largest, half
                ? ModelExporter.Float16KeypointTolerance
                : ModelExporter.KeypointTolerance, "largest keypoint difference", "px");
        }
        if (precision == ExportPrecision.Int8)
            return largest;
        double largestConfidence = ExportCheck.Largest(confidence.Zip(actualConfidence, (a, b) => Math.Abs((double)a - b)));
        ExportCheck.Require(largestConfidence, half
            ? Float16ConfidenceTolerance
            : ConfidenceTolerance, "largest confidence difference", "of 1");
        return largest;
    }
}
