using KeypointMl.Onnx.Inspection;
using KeypointMl.Onnx.Model;

namespace KeypointMl.Tests.Onnx.Trust;

/// <summary>Asserts that nothing worse happens to spoiled files than a refusal.</summary>
internal static class Fuzz
{
    // A sample has a few kilobytes; reading, checking and summarising it takes less than a megabyte, and following functions into their
    // calls at most what the attacks take.
    private const long MaxAllocatedBytes = 64 << 20;

    /// <summary>The samples as files.</summary>
    public static byte[][] Samples() => [.. SampleModels.All.Values.Select(make => make().ToArray())];

    /// <summary>Reads, checks and summarises a file; a refusal names it.</summary>
    public static void ReadAll(byte[] file, string name)
    {
        try
        {
            ReadAll(file);
        }
        catch (OnnxException error)
        {
            throw new OnnxException($"{name}: {error.Message}", error);
        }
    }

    /// <summary>Reads, checks and summarises a file.</summary>
    /// <returns>Whether it was refused as a file.</returns>
    public static bool IsRefused(byte[] file, string what)
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        try
        {
            ReadAll(file);
            return false;
        }
        catch (OnnxException)
        {
            return true;
        }
        catch (Exception exception)
        {
            throw new InvalidOperationException($"{what}, as base64: {Convert.ToBase64String(file)}", exception);
        }
        finally
        {
            Assert.IsLessThan(MaxAllocatedBytes, GC.GetAllocatedBytesForCurrentThread() - before, what);
        }
    }

    private static void ReadAll(byte[] file)
    {
        OnnxModel model = OnnxModel.Load(file);
        foreach (string problem in OnnxChecker.Check(model))
            Assert.IsFalse(problem.Any(char.IsControl), "a problem has control characters");
        Assert.IsFalse(OnnxInspector.Summarize(model).ToString().Any(letter => char.IsControl(letter) && letter != '\n'),
            "the summary has control characters");
    }
}
