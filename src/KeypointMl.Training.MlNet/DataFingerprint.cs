using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using KeypointMl.Data.Frames;
using KeypointMl.Data.Priors;
using KeypointMl.Imaging.Files;
using KeypointMl.Training.Runs;

namespace KeypointMl.Training.MlNet;

/// <summary>
/// What a run learns from, as a SHA-256 of its frames (where each is from, its pixels, its clip) and its prior (skeleton,
/// image size, poses): <c>data.sha256</c> in the run's folder. A run goes on with the data that it began with.
/// </summary>
internal static class DataFingerprint
{
    private const string FileName = "data.sha256";

    /// <summary>Writes it where the run begins, and compares it where the run goes on.</summary>
    /// <exception cref="InvalidDataException">The run was begun with other data, or it is not known with which.</exception>
    public static void Require(RunFolder run, IFrameSet frames, PosePrior prior)
    {
        string path = Path.Combine(run.Path, FileName), now = Of(frames, prior);
        if (run.Start is not null && File.Exists(path))
        {
            if (File.ReadAllText(path).Trim() != now)
            {
                throw new InvalidDataException(
                    $"The frames or the prior are not those that the run in '{run.Path}' was begun with, so its detector is not what these "
                    + "data would give. Give the same data to go on with it, or choose another "
                    + $"{nameof(KeypointGanOptions.RunFolder)}.");
            }
            return;
        }
        if (run.Start is not null)
        {
            throw new InvalidDataException(
                $"The run in '{run.Path}' does not say which data it was begun with: it has no {FileName}, which this trainer writes. "
                + $"Choose another {nameof(KeypointGanOptions.RunFolder)}.");
        }
        AtomicFile.WriteAllText(path, now + "\n");
    }

    private static string Of(IFrameSet frames, PosePrior prior)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        byte[] pixels = new byte[frames.Width * frames.Height * 3];
        foreach (Clip clip in frames.Clips)
        {
            Append(hash, clip.Name);
            Append(hash, clip.Length);
        }
        for (int i = 0; i < frames.Count; i++)
        {
            FrameId id = frames.GetId(i);
            Append(hash, id.Source);
            Append(hash, id.Frame);
            Append(hash, id.Item);
            Append(hash, FormattableString.Invariant($"{id.Box.X:R} {id.Box.Y:R} {id.Box.Width:R} {id.Box.Height:R}"));
            frames.Read(i, pixels);
            hash.AppendData(pixels);
        }
        Append(hash, prior.Skeleton.ToJson());
        Append(hash, prior.Width);
        Append(hash, prior.Height);
        foreach (Vector2[] pose in prior.Poses)
            hash.AppendData(MemoryMarshal.AsBytes<Vector2>(pose));
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private static void Append(IncrementalHash hash, string text)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        Append(hash, bytes.Length);
        hash.AppendData(bytes);
    }

    private static void Append(IncrementalHash hash, long number)
    {
        Span<byte> bytes = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, number);
        hash.AppendData(bytes);
    }
}
