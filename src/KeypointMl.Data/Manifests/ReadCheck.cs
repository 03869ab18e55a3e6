using KeypointMl.Data.Frames;

namespace KeypointMl.Data.Manifests;

/// <summary>
/// Reads every record of a data set through its reader, as training and evaluation would: frames are decoded and
/// cropped, labels and prior poses parsed.
/// </summary>
internal static class ReadCheck
{
    /// <summary>Reads the unlabelled frames, the prior and the labelled splits.</summary>
    /// <param name="dataset">The data set; open it with <see cref="DatasetOptions.Streaming"/>.</param>
    /// <param name="cancellation">Stops between two records.</param>
    /// <returns>One part after the other, each when it is read.</returns>
    public static IEnumerable<ReadPart> Run(IDataset dataset, CancellationToken cancellation = default)
    {
        yield return Read("unlabelled frames", dataset.OpenTrainingFrames, frames => frames, cancellation);
        yield return ReadPrior(dataset);
        foreach (string split in dataset.LabelledSplits)
        {
            yield return Read($"labelled frames of split '{split}'", () => dataset.OpenLabelled(split), labelled => labelled.Frames,
                cancellation);
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
        List<string> problems = [];
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
                    ReadOne(frames, i, frame);
            }
        }
        catch (Exception exception) when (IsAboutTheData(exception))
        {
            problems.Add(exception.Message);
        }
        return new ReadPart(name, read, problems);

        void ReadOne(IFrameSet frames, int index, byte[] frame)
        {
            try
            {
                frames.Read(index, frame);
                Count();
            }
            catch (Exception exception) when (IsAboutTheData(exception))
            {
                problems.Add(exception.Message);
            }
        }

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
/// <param name="Problems">A line for each that could not be; where a file of many records cannot be opened, one for all of them.</param>
internal sealed record ReadPart(string Name, long Records, IReadOnlyList<string> Problems);
