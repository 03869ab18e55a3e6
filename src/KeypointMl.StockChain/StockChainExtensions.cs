using KeypointMl.Detection;
using KeypointMl.Rows;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms.Image;

namespace KeypointMl.StockChain;

/// <summary>From our transform to ML.NET's own.</summary>
public static class StockChainExtensions
{
    private const string Image = "KeypointMlStockImage";
    private const string GraphInput = "image";
    private const string GraphKeypoints = "keypoints";
    private const string GraphConfidence = "confidence";

    extension(KeypointDetectingTransformer transformer)
    {
        /// <summary>
        /// Builds a chain of ML.NET's own transforms around the same graph: LoadImages (for a column of paths),
        /// ResizeImages, ExtractPixels, ApplyOnnxModel, CopyColumns. Saved with <c>mlContext.Model.Save</c>, it loads
        /// where Microsoft.ML, .ImageAnalytics and .OnnxTransformer are, without KeypointMl.
        /// </summary>
        /// <remarks>
        /// It differs in what ML.NET's transforms do: the keypoints are in pixels of the graph's W×H image, not of the
        /// input; the input is resized by the nearest pixel, without antialiasing, and its EXIF orientation is not
        /// applied; rows are scored one by one, where the context says (<see cref="MLContext.GpuDeviceId"/>; else on the
        /// CPU), whatever device was asked for; the columns have no slot names; a file that cannot be read throws an
        /// exception of its own; images that a view holds in memory are disposed of; and the graph's columns
        /// <c>image</c>, <c>keypoints</c> and <c>confidence</c> appear besides.
        /// </remarks>
        /// <param name="mlContext">Where the chain is to live.</param>
        /// <param name="inputSchema">The data's schema.</param>
        /// <returns>The chain; the caller disposes of it.</returns>
        /// <exception cref="ArgumentException">The image column is missing or has an unsuitable type.</exception>
        /// <exception cref="NotSupportedException">
        /// The transform has what ML.NET's own cannot do: boxes, byte vectors, K×3 output, marked rows.
        /// </exception>
        public ITransformer ToStockChain(MLContext mlContext, DataViewSchema inputSchema)
        {
            ArgumentNullException.ThrowIfNull(mlContext);
            ArgumentNullException.ThrowIfNull(inputSchema);
            transformer.GetOutputSchema(inputSchema);
            KeypointDetectionOptions options = transformer.Options;
            bool fromPaths = inputSchema[transformer.InputColumnName].Type is TextDataViewType;
            string? obstacle = options.BoxColumnName is not null ? "crop boxes"
                : options.InterleaveConfidence ? "interleave coordinates and confidences"
                : options.OnError == KeypointErrorPolicy.MarkRow ? "mark rows that failed"
                : !fromPaths && inputSchema[transformer.InputColumnName].Type is VectorDataViewType ? "decode vectors of bytes"
                : null;
            if (obstacle is not null)
            {
                throw new NotSupportedException(
                    $"ML.NET's own transforms cannot {obstacle}, as this DetectKeypoints does. "
                    + "Leave that out, or save the transform itself and load it with KeypointMl.");
            }

            var estimator = new EstimatorChain<ITransformer>();
            string source = transformer.InputColumnName;
            if (fromPaths)
            {
                estimator = estimator.Append<ITransformer>(mlContext.Transforms.LoadImages(Image, "", source));
                source = Image;
            }
            estimator = estimator
                .Append<ITransformer>(
                    mlContext.Transforms.ResizeImages(
                        Image, transformer.GraphWidth, transformer.GraphHeight, source, ImageResizingEstimator.ResizingKind.Fill))
                .Append<ITransformer>(
                    mlContext.Transforms.ExtractPixels(GraphInput, Image, interleavePixelColors: true, outputAsFloatArray: false))
                .Append<ITransformer>(mlContext.Transforms.ApplyOnnxModel(transformer.OpenGraph()));
            if (transformer.OutputColumnName != GraphKeypoints)
                estimator = estimator.Append<ITransformer>(mlContext.Transforms.CopyColumns(transformer.OutputColumnName, GraphKeypoints));
            if (options.ConfidenceColumnName is { } confidence && confidence != GraphConfidence)
                estimator = estimator.Append<ITransformer>(mlContext.Transforms.CopyColumns(confidence, GraphConfidence));
            return estimator.Fit(new SchemaView(inputSchema));
        }
    }
}
