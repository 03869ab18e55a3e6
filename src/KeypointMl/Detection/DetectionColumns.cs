using System.Collections.Immutable;
using KeypointMl.Keypoints;
using KeypointMl.Poses.Skeletons;
using KeypointMl.Rows;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace KeypointMl.Detection;

/// <summary>The columns that detection adds: types, slot names and the skeleton's annotation.</summary>
internal sealed class DetectionColumns
{
    private readonly Skeleton skeleton;
    private readonly ImmutableArray<(DetectedColumn Kind, string Name)> columns;
    private readonly ImmutableArray<ReadOnlyMemory<char>> keypointSlots;
    private readonly ImmutableArray<ReadOnlyMemory<char>> confidenceSlots;

    /// <exception cref="ArgumentException">A name is empty, or two are the same.</exception>
    public DetectionColumns(string keypointsName, KeypointDetectionOptions options, Skeleton skeleton)
    {
        this.skeleton = skeleton;
        keypointSlots = KeypointAnnotations.PointSlots(skeleton, options.InterleaveConfidence);
        confidenceSlots = KeypointAnnotations.NameSlots(skeleton);
        columns = RequireNames(keypointsName, options);
    }

    /// <summary>The columns that are asked for.</summary>
    /// <exception cref="ArgumentException">A name is empty, or two are the same.</exception>
    public static ImmutableArray<(DetectedColumn Kind, string Name)> RequireNames(string keypointsName, KeypointDetectionOptions options)
    {
        (DetectedColumn, string?)[] asked =
        [
            (DetectedColumn.Keypoints, keypointsName), (DetectedColumn.Confidence, options.ConfidenceColumnName),
            (DetectedColumn.Error, options.ErrorColumnName),
        ];
        ImmutableArray<(DetectedColumn Kind, string Name)> columns =
            [.. asked.Where(column => column.Item2 is not null).Select(column => (column.Item1, column.Item2!))];
        for (int i = 1; i < columns.Length; i++)
        {
            if (columns[i].Name.Length == 0 || columns.Take(i).Any(column => column.Name == columns[i].Name))
            {
                throw new ArgumentException(
                    $"The {columns[i].Kind.ToString().ToLowerInvariant()} column is named '{columns[i].Name}'; "
                    + $"its name must not be empty, nor be that of another new column (the keypoints are '{keypointsName}').",
                    nameof(options));
            }
        }
        return columns;
    }

    /// <summary>What the new column of that number is.</summary>
    public DetectedColumn Kind(int number) => columns[number].Kind;

    public DataViewSchema AppendTo(DataViewSchema input)
    {
        var builder = new DataViewSchema.Builder();
        builder.AddColumns(input);
        foreach ((DetectedColumn kind, string name) in columns)
        {
            switch (kind)
            {
                case DetectedColumn.Error:
                    builder.AddColumn(name, TextDataViewType.Instance);
                    break;
                case DetectedColumn.Confidence:
                    builder.AddColumn(name, new VectorDataViewType(NumberDataViewType.Single, confidenceSlots.Length),
                        KeypointAnnotations.Create(skeleton, confidenceSlots));
                    break;
                default:
                    builder.AddColumn(name, new VectorDataViewType(NumberDataViewType.Single, keypointSlots.Length),
                        KeypointAnnotations.Create(skeleton, keypointSlots));
                    break;
            }
        }
        return builder.ToSchema();
    }

    /// <summary>The new columns as an estimator describes them.</summary>
    public IEnumerable<SchemaShape.Column> Describe() => AppendTo(new DataViewSchema.Builder().ToSchema())
        .Select(column => column.Type is TextDataViewType ? MlNetInternals.Text(column) : MlNetInternals.VectorOfSingle(column));
}

/// <summary>The kinds of column that detection adds.</summary>
internal enum DetectedColumn
{
    Keypoints,
    Confidence,
    Error,
}
