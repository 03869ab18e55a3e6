namespace KeypointMl.Inference.Detection;

/// <summary>A graph that CUDA records wrongly gives wrong numbers without any error: so it is compared with an ordinary session.</summary>
internal static class CudaGraphCheck
{
    private const float Tolerance = 0.01f;

    /// <summary>Runs both on a few images; disposes of <paramref name="detector"/> where it throws.</summary>
    /// <param name="detector">A detector with CUDA graphs.</param>
    /// <param name="modelName">The file's name, for messages.</param>
    /// <exception cref="NotSupportedException">The keypoints differ.</exception>
    /// <exception cref="InvalidOperationException">ONNX Runtime cannot run the graph.</exception>
    public static void Run(KeypointDetector detector, string modelName)
    {
        try
        {
            using KeypointDetector ordinary =
                KeypointDetector.Load(detector.Model, modelName, detector.Options with { CudaGraph = false });
            int imageBytes = detector.Contract.ImageBytes, coordinates = detector.KeypointCount * 2;
            byte[] images = new byte[3 * imageBytes];
            new Random(1).NextBytes(images);
            float[] expected = new float[3 * coordinates], actual = new float[expected.Length];
            for (int i = 0; i < 3; i++)
            {
                ReadOnlySpan<byte> image = images.AsSpan(i * imageBytes, imageBytes);
                int from = i * coordinates, to = from + coordinates;
                ordinary.Detect(image, expected.AsSpan(from..to), []);
                detector.Detect(image, actual.AsSpan(from..to), []);
            }
            if (Difference(expected, actual) is float difference)
            {
                throw new NotSupportedException(
                    $"With CUDA graphs '{modelName}' gives keypoints that differ by {difference} pixels from those without, "
                    + $"more than {Tolerance}. Leave {nameof(KeypointDetectorOptions.CudaGraph)} out for this graph.");
            }
        }
        catch
        {
            detector.Dispose();
            throw;
        }
    }

    /// <summary>The first difference that is not tolerated, NaN where only one of the two is a number; null where there is none.</summary>
    internal static float? Difference(float[] expected, float[] actual)
    {
        for (int i = 0; i < expected.Length; i++)
        {
            float difference = Math.Abs(expected[i] - actual[i]);
            if (!(difference <= Tolerance) && !expected[i].Equals(actual[i]))
                return difference;
        }
        return null;
    }
}
