using System.Globalization;
using KeypointMl.Data.Frames;

namespace KeypointMl.Data.Manifests;

/// <summary>
/// Reads every record of a data set through its reader, as training and evaluation would: frames are decoded and
/// cropped, labels and prior poses parsed.
/// </summary>
internal static class ReadCheck
{
    /// <summary>
    /// Reads the unlabelled frames where there is a training split, the prior and the labelled splits. Of a split that is
    /// the prior, the images need not be there.
    /// </summary>
    /// <param name="data">The manifest.</param>
    /// <param name="dataset">Its data set; open it with <see cref="DatasetOptions.Streaming"/>.</param>
    /// <param name="cancellation">Stops between two records.</param>
    /// <returns>One part after the other, each when it is read.</returns>
    public static IEnumerable<ReadPart> Run(DataManifest data, IDataset dataset, CancellationToken cancellation = default)
    {
        if (data.HasTrainingSplit)
            yield return Read("unlabelled frames", dataset.OpenTrainingFrames, frames => frames, cancellation);
        yield return ReadPrior(dataset);
        foreach (string split in dataset.LabelledSplits)
        {
            bool isPrior = data.Prior is PriorSplit prior && prior.Split == split;
            yield return (isPrior ? ReadPosesAlone(dataset, split) : null)
                ?? Read($"labelled frames of split '{split}'", () => dataset.OpenLabelled(split), labelled => labelled.Frames,
                    cancellation);
        }
    }

    // Null where an image of the split is there, or it cannot be opened.
    private static ReadPart? ReadPosesAlone(IDataset dataset, string split)
    {
        try
        {
            using LabelledFrames labelled = dataset.OpenLabelled(split);
            return labelled.Frames is ISourceFiles sources && !sources.SourceFiles.Any(File.Exists)
                ? new ReadPart($"labels of split '{split}', none of whose images is there", labelled.Poses.Count, [])
                : null;
        }
        catch (Exception exception) when (IsAboutTheData(exception))
        {
            return null;
        }
    }

    private static ReadPart ReadPrior(IDataset dataset)
    {
        try
        {
            return new ReadPart("prior poses", dataset.OpenPrior().Poses.Count, []);
        }
        catch (Exception exception) when (IsAboutTheData(exception))
        {
            return new ReadPart("prior poses", 0, [exception.Message]);
        }
    }

    private static ReadPart Read<T>(string name, Func<T> open, Func<T, IFrameSet> framesOf, CancellationToken cancellation)
        where T : IDisposable
    {
        var problems = new OrderedDictionary<string, long>(StringComparer.Ordinal);
        long read = 0;
        try
        {
            using T part = open();
            IFrameSet frames = framesOf(part);
            byte[] frame = new byte[frames.Width * frames.Height * 3];
            if (frames is ISequentialFrameSet sequential)
            {
                foreach (int _ in sequential.Stream(frame))
                    Count();
            }
            else
            {
                for (int i = 0; i < frames.Count; i++)
                {
                    cancellation.ThrowIfCancellationRequested();
                    ReadOne(frames, i, frame);
                }
            }
        }
        catch (Exception exception) when (IsAboutTheData(exception))
        {
            Complain(exception);
        }
        return new ReadPart(name, read, [.. problems.Select(Text)]) { Failed = problems.Values.Sum() };

        void ReadOne(IFrameSet frames, int index, byte[] frame)
        {
            try
            {
                frames.Read(index, frame);
                Count();
            }
            catch (Exception exception) when (IsAboutTheData(exception))
            {
                Complain(exception);
            }
        }

        void Complain(Exception exception) => problems[exception.Message] = problems.GetValueOrDefault(exception.Message) + 1;

        // A damaged video says the same of each of its frames.
        static string Text(KeyValuePair<string, long> problem) => problem.Value == 1
            ? problem.Key
            : string.Create(CultureInfo.InvariantCulture, $"{problem.Key} ({problem.Value:N0} records)");

        void Count()
        {
            cancellation.ThrowIfCancellationRequested();
            read++;
        }
    }

    // A data set that lacks a split says so with an ArgumentException.
    private static bool IsAboutTheData(Exception exception) =>
        exception is IOException or InvalidDataException or UnauthorizedAccessException or ArgumentException;
}

/// <summary>What came of reading a part of a data set.</summary>
/// <param name="Name">Such as <c>labelled frames of split 'test'</c>.</param>
/// <param name="Records">How many records were read without complaint.</param>
/// <param name="Problems">
/// A line for each that could not be, one for all of whom the same is to be said; where a file of many records cannot be
/// opened, one for all of them.
/// </param>
internal sealed record ReadPart(string Name, long Records, IReadOnlyList<string> Problems)
{
    /// <summary>How many records could not be read.</summary>
    public long Failed { get; init; } = Problems.Count;
}
