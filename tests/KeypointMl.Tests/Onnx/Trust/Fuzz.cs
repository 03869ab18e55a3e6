using KeypointMl.Onnx;

namespace KeypointMl.Tests.Onnx.Trust;

/// <summary>Spoils files at random, and asserts that nothing worse happens than a refusal.</summary>
internal static class Fuzz
{
    // A sample has a few kilobytes; reading, checking and summarising it takes less than a megabyte, and following functions into their calls at most what the attacks take.
    private const long MaxAllocatedBytes = 64 << 20;

    /// <summary>The samples as files.</summary>
    public static byte[][] Samples() => [.. SampleModels.All.Values.Select(make => make().ToArray())];

    /// <summary>Changes bits, bytes and lengths, cuts pieces out, repeats them, or puts in pieces of another file.</summary>
    public static byte[] Spoil(byte[] file, byte[] other, Random random)
    {
        List<byte> bytes = [.. file];
        for (int change = random.Next(1, 5); change > 0 && bytes.Count > 1; change--)
        {
            int at = random.Next(bytes.Count);
            int length = Math.Min(random.Next(1, 40), bytes.Count - at);
            switch (random.Next(7))
            {
                case 0:
                    bytes[at] ^= (byte)(1 << random.Next(8));
                    break;
                case 1:
                    bytes[at] = (byte)random.Next(256);
                    break;
                case 2:
                    // Numbers at the edges: the largest one-byte varint, the start of a long one, nothing.
                    bytes[at] = random.Next(3) switch { 0 => 0x7F, 1 => 0xFF, _ => 0 };
                    break;
                case 3:
                    bytes.RemoveRange(at, length);
                    break;
                case 4:
                    bytes.InsertRange(at, bytes.GetRange(at, length));
                    break;
                case 5:
                    bytes.RemoveRange(at, bytes.Count - at);
                    break;
                default:
                    int from = random.Next(other.Length);
                    bytes.InsertRange(at, other.AsSpan(from, Math.Min(random.Next(1, 200), other.Length - from)));
                    break;
            }
        }
        return [.. bytes];
    }

    /// <summary>Reads, checks and summarises a file.</summary>
    /// <returns>Whether it was refused as a file.</returns>
    public static bool IsRefused(byte[] file, string what)
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        try
        {
            OnnxModel model = OnnxModel.Load(file);
            foreach (string problem in OnnxChecker.Check(model))
                Assert.IsFalse(problem.Any(char.IsControl), what);
            Assert.IsFalse(OnnxInspector.Summarize(model).ToString().Any(letter => char.IsControl(letter) && letter != '\n'), what);
            return false;
        }
        catch (OnnxException)
        {
            return true;
        }
        catch (Exception exception) when (exception is not UnitTestAssertException)
        {
            throw new InvalidOperationException($"{what}, as base64: {Convert.ToBase64String(file)}", exception);
        }
        finally
        {
            Assert.IsLessThan(MaxAllocatedBytes, GC.GetAllocatedBytesForCurrentThread() - before, what);
        }
    }
}
