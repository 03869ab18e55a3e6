using KeypointMl.Poses.Metrics;
using Microsoft.ML;

namespace KeypointMl.Evaluation;

/// <summary>What KeypointMl offers an <see cref="MLContext"/> beside transforms: <c>mlContext.Keypoints</c>.</summary>
public sealed class KeypointCatalog
{
    internal KeypointCatalog(MLContext mlContext)
    {
        ArgumentNullException.ThrowIfNull(mlContext);
        Context = mlContext;
    }

    /// <summary>The context that this catalog belongs to; trainers and loaders of other packages extend the catalog through it.</summary>
    public MLContext Context { get; }

    /// <summary>Compares predicted keypoints with true ones, row by row, in one pass.</summary>
    /// <param name="data">Has both columns.</param>
    /// <param name="options">The images' size, and what else the protocol needs.</param>
    /// <param name="predictedColumnName">
    /// A vector of K×2 floats x₀, y₀, x₁, … in pixels of the image, or K×3 with confidences, such as
    /// <c>DetectKeypoints</c> makes.
    /// </param>
    /// <param name="labelColumnName">The true keypoints, likewise; NaN where one is not labelled.</param>
    /// <exception cref="ArgumentException">
    /// A column is missing or has another type, or the options contradict each other; the message says which and what
    /// was expected.
    /// </exception>
    /// <exception cref="InvalidDataException">
    /// A row's vector has another length than 2·K, or its image no size; the message names row and column.
    /// </exception>
    /// <exception cref="InvalidOperationException">No row has a labelled keypoint.</exception>
    public KeypointMetrics Evaluate(
        IDataView data,
        KeypointEvaluationOptions options,
        string predictedColumnName = "Keypoints",
        string labelColumnName = "Label")
    {
        ArgumentNullException.ThrowIfNull(data);
        ArgumentNullException.ThrowIfNull(options);
        var columns = new EvaluationColumns(data.Schema, options, predictedColumnName, labelColumnName);
        using DataViewRowCursor cursor = data.GetRowCursor(columns.Needed);
        var reader = new EvaluationRowReader(cursor, columns);
        KeypointEvaluator? evaluator = null;
        (int Width, int Height) reference = default;
        while (cursor.MoveNext())
        {
            reader.Read();
            if (evaluator is null)
            {
                reference = (reader.ImageWidth, reader.ImageHeight);
                evaluator = new KeypointEvaluator(columns.Skeleton, options.Protocol, reference.Width, reference.Height);
            }
            reader.ScaleTo(Math.Max(reference.Width, reference.Height), options.Protocol.Unit);
            evaluator.Add(reader.Predicted, reader.Truth, reader.Context);
        }
        if (evaluator is null)
            throw new InvalidOperationException("The data have no rows; there is nothing to measure.");
        return evaluator.Compute(options.PriorPoses, options.Seed);
    }
}
