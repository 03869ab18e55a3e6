using KeypointMl.Detection;
using KeypointMl.Evaluation;
using KeypointMl.Inference.Detection;
using KeypointMl.Rows;
using Microsoft.ML;

namespace KeypointMl;

/// <summary>The doors from ML.NET to KeypointMl.</summary>
public static class KeypointMlExtensions
{
    extension(MLContext mlContext)
    {
        /// <summary>What KeypointMl offers beside transforms: evaluation.</summary>
        public KeypointCatalog Keypoints => new(mlContext);

        /// <summary>
        /// Makes KeypointMl's transforms known to this context, so that <c>mlContext.Model.Load</c> can load models
        /// that contain them. It is needed only where ML.NET cannot find the assembly KeypointMl by its name, as in an
        /// application that loads it into a context of its own. Calling it again does nothing.
        /// </summary>
        /// <returns>The same context.</returns>
        /// <exception cref="InvalidOperationException">
        /// The process runs a version of Microsoft.ML that KeypointMl was not built for.
        /// </exception>
        public MLContext UseKeypointMl()
        {
            MlNetInternals.Verify();
            mlContext.ComponentCatalog.RegisterAssembly(typeof(KeypointMlExtensions).Assembly, throwOnError: true);
            return mlContext;
        }
    }

    extension(TransformsCatalog catalog)
    {
        /// <summary>
        /// Detects the named keypoints of the one subject of each image, or of a box in it: crops, resizes, runs
        /// <c>detector.onnx</c> in batches, and gives pixels of the image. See
        /// <see cref="KeypointDetectingEstimator"/>.
        /// </summary>
        /// <param name="outputColumnName">
        /// The new column: a vector of K×2 floats x₀, y₀, x₁, … in pixels of the image, with slot names
        /// <c>&lt;keypoint&gt;.x</c>, <c>&lt;keypoint&gt;.y</c>.
        /// </param>
        /// <param name="inputColumnName">
        /// The images: a column of <see cref="Microsoft.ML.Data.MLImage"/>, of file paths (text), or of encoded images
        /// (vectors of bytes).
        /// </param>
        /// <param name="modelPath">A <c>detector.onnx</c>.</param>
        /// <param name="options">Device, threads, batch size, further columns, what to do with rows that cannot be used.</param>
        /// <exception cref="FileNotFoundException">There is no such model file.</exception>
        /// <exception cref="InvalidDataException">
        /// The model file is corrupt, is not a detector, or breaks the contract; the message says which part.
        /// </exception>
        /// <exception cref="ArgumentException">
        /// A column name is empty, two new columns have the same name, or options contradict each other.
        /// </exception>
        public KeypointDetectingEstimator DetectKeypoints(
            string outputColumnName,
            string inputColumnName,
            string modelPath,
            KeypointDetectionOptions options = default)
        {
            ArgumentNullException.ThrowIfNull(catalog);
            return new KeypointDetectingEstimator(
                DetectionSettings.FromFile(outputColumnName, inputColumnName, modelPath, options, ContextDevice.Of(catalog)));
        }

        /// <summary>As the other overload, with the detector's bytes instead of its path.</summary>
        /// <param name="outputColumnName">The new column.</param>
        /// <param name="inputColumnName">The images.</param>
        /// <param name="model">The bytes of a <c>detector.onnx</c>.</param>
        /// <param name="options">Device, threads, batch size, further columns, what to do with rows that cannot be used.</param>
        /// <exception cref="InvalidDataException">
        /// The bytes are corrupt, are not a detector, or break the contract; the message says which part.
        /// </exception>
        /// <exception cref="ArgumentException">
        /// A column name is empty, two new columns have the same name, or options contradict each other.
        /// </exception>
        public KeypointDetectingEstimator DetectKeypoints(
            string outputColumnName,
            string inputColumnName,
            byte[] model,
            KeypointDetectionOptions options = default)
        {
            ArgumentNullException.ThrowIfNull(catalog);
            return new KeypointDetectingEstimator(
                DetectionSettings.FromBytes(
                    outputColumnName, inputColumnName, model, "detector.onnx", options, ContextDevice.Of(catalog)));
        }

        /// <summary>
        /// As the other overloads, with a detector that is loaded already: its session and memory are shared, and it
        /// stays the caller's to dispose of.
        /// </summary>
        /// <param name="outputColumnName">The new column.</param>
        /// <param name="inputColumnName">The images.</param>
        /// <param name="detector">The detector; it must outlive the transformers.</param>
        /// <param name="options">
        /// Batch size, further columns, what to do with rows that cannot be used. Device and threads are the
        /// detector's.
        /// </param>
        /// <exception cref="ArgumentException">
        /// A column name is empty, two new columns have the same name, or options contradict each other or the
        /// detector's.
        /// </exception>
        public KeypointDetectingEstimator DetectKeypoints(
            string outputColumnName,
            string inputColumnName,
            KeypointDetector detector,
            KeypointDetectionOptions options = default)
        {
            ArgumentNullException.ThrowIfNull(catalog);
            return new KeypointDetectingEstimator(DetectionSettings.FromDetector(outputColumnName, inputColumnName, detector, options));
        }
    }
}
