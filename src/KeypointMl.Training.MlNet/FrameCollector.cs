using System.Numerics;
using KeypointMl.Data.Frames;
using KeypointMl.Data.Priors;
using KeypointMl.Imaging.Images;
using KeypointMl.Keypoints;
using KeypointMl.Poses.Geometry;
using KeypointMl.Poses.Skeletons;
using KeypointMl.Rows;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace KeypointMl.Training.MlNet;

/// <summary>Reads the frames of data views into memory, cropped and resized to the networks' size, each video in order of time.</summary>
internal sealed class FrameCollector(KeypointGanOptions options)
{
    private readonly record struct Row(string Video, string Item, long Frame, Box Box, byte[] Pixels, Vector2[]? Label);

    private long held;

    /// <summary>The training frames and, where the options have them, the labelled test frames.</summary>
    public DataViewDataset Collect(IDataView training, PosePrior prior)
    {
        // The columns of both first: rows are read for minutes.
        var columns = new FrameColumns(training.Schema, options);
        FrameColumns? testColumns = options.Test is { } view ? new FrameColumns(view.Schema, options, prior.Skeleton) : null;
        MemoryFrameSet frames = ToFrames(Read(training, columns, "training"));
        return new DataViewDataset(
            prior.Skeleton, frames, prior, options.Test is { } test ? ReadLabelled(test, testColumns!, prior.Skeleton) : null);
    }

    private LabelledFrames ReadLabelled(IDataView data, FrameColumns columns, Skeleton skeleton)
    {
        Row[] rows = Read(data, columns, "test");
        return new LabelledFrames(skeleton, ToFrames(rows), [.. rows.Select(row => row.Label!)], options.Protocol);
    }

    private Row[] Read(IDataView data, FrameColumns columns, string what)
    {
        using DataViewRowCursor cursor = data.GetRowCursor(columns.All);
        int size = options.Recipe.Size;
        var images = RowImageReader.Create(cursor, columns.Image, ImageDecoderOptions.Default);
        ValueGetter<VBuffer<float>>? boxes = columns.Box is { } box ? cursor.GetGetter<VBuffer<float>>(box) : null;
        ValueGetter<ReadOnlyMemory<char>> videos = cursor.GetGetter<ReadOnlyMemory<char>>(columns.Video);
        ValueGetter<ReadOnlyMemory<char>>? items = columns.Item is { } item ? cursor.GetGetter<ReadOnlyMemory<char>>(item) : null;
        Func<long> frames = FrameNumbers(cursor, columns.Frame);
        KeypointReader? labels = columns.Label is { } label ? new KeypointReader(cursor, label) : null;
        (VBuffer<float> vector, ReadOnlyMemory<char> video, ReadOnlyMemory<char> track) = (default, default, default);
        var rows = new List<Row>();
        while (cursor.MoveNext())
        {
            options.Cancellation.ThrowIfCancellationRequested();
            byte[] pixels = new byte[size * size * 3];
            held += pixels.Length;
            if (held > options.MemoryBytes)
            {
                long before = held / pixels.Length - rows.Count - 1;
                throw new InvalidDataException(
                    $"{rows.Count + 1} {what} frames at {size}×{size}{(before > 0 ? $", beside {before} training frames," : "")} take more "
                    + $"than the limit of {options.MemoryBytes:N0} bytes. Give fewer frames or a smaller size, or raise "
                    + $"{nameof(options.MemoryBytes)}.");
            }
            DataViewSchema.Column? read = null; // whose the fault is; null where the message names it
            try
            {
                boxes?.Invoke(ref vector);
                videos(ref video);
                items?.Invoke(ref track);
                read = columns.Image;
                Box crop = images.ReadCrop(Choose, pixels, size, size);
                read = null;
                labels?.Read();
                rows.Add(new Row(video.ToString(), track.ToString(), frames(), crop, pixels, labels is null
                    ? null
                    : ToCrop(labels.Points, crop, size)));
            }
            catch (Exception e) when (KeypointMl.Rows.RowImageInput.IsAboutTheRow(e))
            {
                throw read is { } at ? RowFault.Explain(e, cursor.Position, at.Name) : RowFault.Explain(e, cursor.Position);
            }

            Box Choose(int width, int height)
            {
                if (boxes is null)
                    return Box.WholeImage(width, height);
                read = null;
                Box chosen = BoxColumns.Read(in vector, columns.Box!.Value.Name, width, height);
                read = columns.Image;
                return chosen;
            }
        }
        return rows.Count > 0 ? InOrderOfTime(rows, what) : throw new ArgumentException($"The {what} data have no rows.");
    }

    // Videos in the order in which they first appear.
    private static Row[] InOrderOfTime(List<Row> rows, string what)
    {
        Row[] ordered = [.. rows.GroupBy(row => (row.Video, row.Item)).SelectMany(video => video.OrderBy(row => row.Frame))];
        for (int i = 1; i < ordered.Length; i++)
        {
            if ((ordered[i].Video, ordered[i].Item, ordered[i].Frame) == (ordered[i - 1].Video, ordered[i - 1].Item, ordered[i - 1].Frame))
            {
                throw new InvalidDataException(
                    $"Frame {ordered[i].Frame} of video "
                    + $"'{ordered[i].Video}'{(ordered[i].Item.Length > 0 ? $", item '{ordered[i].Item}'," : "")} stands "
                    + $"twice in the {what} data. Give each frame once, or name the column that tells its subjects apart "
                    + $"({nameof(KeypointGanOptions.ItemColumnName)}).");
            }
        }
        return ordered;
    }

    private MemoryFrameSet ToFrames(Row[] rows)
    {
        var clips = new List<Clip>();
        for (int start = 0, end; start < rows.Length; start = end)
        {
            end = start + 1;
            while (end < rows.Length && (rows[end].Video, rows[end].Item) == (rows[start].Video, rows[start].Item))
                end++;
            clips.Add(new Clip(rows[start].Item.Length == 0
                ? rows[start].Video
                : $"{rows[start].Video}, {rows[start].Item}", start, end - start));
        }
        return new MemoryFrameSet(
            options.Recipe.Size, options.Recipe.Size,
            Array.ConvertAll(rows, row => row.Pixels),
            Array.ConvertAll(rows, row => new FrameId(row.Video, row.Frame, row.Item, row.Box)),
            clips);
    }

    private static Func<long> FrameNumbers(DataViewRow row, DataViewSchema.Column column)
    {
        if (column.Type == NumberDataViewType.Int32)
        {
            ValueGetter<int> narrow = row.GetGetter<int>(column);
            int number = 0;
            return () =>
            {
                narrow(ref number);
                return number;
            };
        }
        ValueGetter<long> getter = row.GetGetter<long>(column);
        long value = 0;
        return () =>
        {
            getter(ref value);
            return value;
        };
    }

    private static Vector2[] ToCrop(ReadOnlySpan<Vector2> points, Box box, int size)
    {
        var cropped = new Vector2[points.Length];
        for (int k = 0; k < points.Length; k++)
            cropped[k] = box.ToCrop(points[k], size, size);
        return cropped;
    }
}

/// <summary>What was read from ML.NET's data, as the trainer takes it.</summary>
/// <param name="Skeleton">Names the K keypoints.</param>
/// <param name="Frames">The training frames.</param>
/// <param name="Prior">The unpaired poses.</param>
/// <param name="Test">Labelled frames; null for none.</param>
internal sealed record DataViewDataset(Skeleton Skeleton, IFrameSet Frames, PosePrior Prior, LabelledFrames? Test) : IDataset
{
    public string Name => "the ML.NET pipeline";

    public IReadOnlyList<string> LabelledSplits => Test is null ? [] : ["test"];

    public IFrameSet OpenTrainingFrames() => Frames;

    public PosePrior OpenPrior() => Prior;

    public LabelledFrames OpenLabelled(string split) => split == "test" && Test is not null
        ? Test
        : throw new ArgumentException($"There are no labels of a split '{split}'.", nameof(split));
}
