using System.Diagnostics;

namespace KeypointMl.Tests.Onnx.Trust;

[TestClass]
public sealed class FuzzTests
{
    [TestMethod]
    public void File_cut_at_every_byte_is_refused_or_read()
    {
        foreach (byte[] file in Fuzz.Samples())
        {
            for (int length = 0; length < file.Length; length++)
                Fuzz.IsRefused(file[..length], $"{length} of {file.Length} bytes");
        }
    }

    [TestMethod]
    public void Every_flipped_bit_of_a_small_file_is_refused_or_read()
    {
        byte[] file = SampleModels.All["branches"]().ToArray();
        for (int bit = 0; bit < file.Length * 8; bit++)
        {
            byte[] spoiled = [.. file];
            spoiled[bit / 8] ^= (byte)(1 << (bit % 8));
            Fuzz.IsRefused(spoiled, $"bit {bit}");
        }
    }

    [TestMethod]
    [DataRow(1)]
    [DataRow(2)]
    public void Spoiled_files_are_refused_or_read(int seed)
    {
        byte[][] samples = Fuzz.Samples();
        var random = new Random(seed);
        int refused = Enumerable.Range(0, 1500)
            .Count(trial => Fuzz.IsRefused(
                Spoiling.Spoil(samples[random.Next(samples.Length)], samples[random.Next(samples.Length)], [], random),
                $"seed {seed}, trial {trial}"));
        Assert.IsInRange(300, 1450, refused);
    }

    [TestMethod]
    [TestCategory("fuzz")]
    [FuzzCondition]
    public void Files_spoiled_for_as_long_as_given_are_refused_or_read()
    {
        byte[][] samples = [.. Fuzz.Samples(), .. AttackFiles.All.Values.Select(attack => attack.Content)
            .Where(content => content.Length > 0)];
        int seed = Environment.TickCount;
        var random = new Random(seed);
        var watch = Stopwatch.StartNew();
        for (int trial = 0; watch.Elapsed < FuzzConditionAttribute.Duration; trial++)
        {
            Fuzz.IsRefused(Spoiling.Spoil(samples[random.Next(samples.Length)], samples[random.Next(samples.Length)], [], random),
                $"seed {seed}, trial {trial}");
        }
    }

    [TestMethod]
    [TestCategory("fuzz")]
    [FuzzCondition]
    public void Models_spoiled_for_as_long_as_given_are_judged_as_the_official_checker_does()
    {
        int seed = Environment.TickCount;
        var watch = Stopwatch.StartNew();
        while (watch.Elapsed < FuzzConditionAttribute.Duration)
        {
            foreach (string name in Mutations.All.Keys)
                MutationTests.Compare(name, seed, seed + 1);
            seed++;
        }
    }
}
