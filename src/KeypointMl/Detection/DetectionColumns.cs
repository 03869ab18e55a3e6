using System.Collections.Immutable;
using KeypointMl.Poses;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace KeypointMl;

/// <summary>The columns that detection adds: types, slot names and the skeleton's annotation.</summary>
internal sealed class DetectionColumns
{
    /// <summary>The annotation of the keypoint column that holds the skeleton's JSON.</summary>
    public const string SkeletonAnnotation = "KeypointSkeleton";

    private const string SlotNamesAnnotation = "SlotNames";

    private readonly string skeletonJson;

    public DetectionColumns(string keypointsName, string? confidenceName, Skeleton skeleton)
    {
        KeypointsName = keypointsName;
        ConfidenceName = confidenceName;
        skeletonJson = skeleton.ToJson();
        KeypointSlots = [.. skeleton.Keypoints.SelectMany(name => new[] { $"{name}.x".AsMemory(), $"{name}.y".AsMemory() })];
        ConfidenceSlots = [.. skeleton.Keypoints.Select(name => name.AsMemory())];
    }

    public string KeypointsName { get; }

    public string? ConfidenceName { get; }

    /// <summary>The number of columns added: 1 or 2.</summary>
    public int Count => ConfidenceName is null ? 1 : 2;

    public int KeypointCount => ConfidenceSlots.Length;

    private ImmutableArray<ReadOnlyMemory<char>> KeypointSlots { get; }

    private ImmutableArray<ReadOnlyMemory<char>> ConfidenceSlots { get; }

    public DataViewSchema AppendTo(DataViewSchema input)
    {
        var builder = new DataViewSchema.Builder();
        builder.AddColumns(input);
        builder.AddColumn(KeypointsName, VectorOf(KeypointSlots), Annotate(KeypointSlots));
        if (ConfidenceName is not null)
            builder.AddColumn(ConfidenceName, VectorOf(ConfidenceSlots), Annotate(ConfidenceSlots));
        return builder.ToSchema();
    }

    private static VectorDataViewType VectorOf(ImmutableArray<ReadOnlyMemory<char>> slots) => new(NumberDataViewType.Single, slots.Length);

    private DataViewSchema.Annotations Annotate(ImmutableArray<ReadOnlyMemory<char>> slots)
    {
        var annotations = new DataViewSchema.Annotations.Builder();
        annotations.Add(
            SlotNamesAnnotation,
            new VectorDataViewType(TextDataViewType.Instance, slots.Length),
            (ref VBuffer<ReadOnlyMemory<char>> names) =>
            {
                var editor = VBufferEditor.Create(ref names, slots.Length);
                slots.CopyTo(editor.Values);
                names = editor.Commit();
            });
        annotations.Add(SkeletonAnnotation, TextDataViewType.Instance, (ref ReadOnlyMemory<char> json) => json = skeletonJson.AsMemory());
        return annotations.ToAnnotations();
    }
}
