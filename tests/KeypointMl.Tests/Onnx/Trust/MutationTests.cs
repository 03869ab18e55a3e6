using Google.Protobuf;
using KeypointMl.Onnx.Inspection;
using KeypointMl.Onnx.Model;
using KeypointMl.Onnx.Protobuf;

namespace KeypointMl.Tests.Onnx.Trust;

[TestClass]
public sealed class MutationTests
{
    private const int Trials = 12;

    // What neither the official checker nor ONNX Runtime minds and ours does, because the specification (docs/IR.md) says so.
    private static readonly string[] Stricter =
    [
        "The model brings functions along, which version 8 of the file format introduced",
        "; expected 0, 1.",
    ];

    public static IEnumerable<string> Names => Mutations.All.Keys;

    [TestMethod]
    [DynamicData(nameof(Names))]
    public void Spoiled_model_is_judged_as_the_official_checker_does(string name)
    {
        if (!OfficialChecker.IsAvailable)
            Assert.Inconclusive("No Python that has the package 'onnx' was found.");
        Assert.IsGreaterThan(0, Compare(name, 0, Trials));
    }

    /// <summary>Compares the two checkers on samples spoiled with seeds from one to below another.</summary>
    /// <returns>How many models were compared.</returns>
    internal static int Compare(string name, int from, int to)
    {
        var disagreements = new List<string>();
        int spoiled = 0;
        foreach ((string sample, Func<OnnxModel> make) in SampleModels.All)
        {
            for (int seed = from; seed < to; seed++)
            {
                ModelProto proto = make().Proto;
                if (!Mutations.All[name](proto, new Random(seed)))
                    continue;
                byte[] bytes = proto.ToByteArray();
                OfficialVerdict official = OfficialChecker.Check(bytes);
                if (!official.IsChecked)
                    continue;
                spoiled++;
                string? ours = Verdict(bytes);
                // Where ours alone refuses, ONNX Runtime must fail as well, or the specification be clear.
                bool agree = official.IsValid == (ours is null)
                    || (ours is not null && (Stricter.Any(ours.Contains) || RuntimeJudge.Refuses(bytes)));
                if (!agree)
                {
                    disagreements.Add($"{sample}, {name}, seed {seed}: official: "
                        + $"{official.Fault?.Split('\n')[0] ?? "valid"} / ours: {ours ?? "valid"}");
                }
            }
        }
        Assert.IsEmpty(disagreements, $"{spoiled} spoiled models\n{string.Join("\n", disagreements)}");
        return spoiled;
    }

    private static string? Verdict(byte[] bytes)
    {
        try
        {
            IReadOnlyList<string> problems = OnnxChecker.Check(OnnxModel.Load(bytes));
            return problems.Count == 0 ? null : string.Join(" | ", problems);
        }
        catch (OnnxException exception)
        {
            return exception.Message;
        }
    }
}
