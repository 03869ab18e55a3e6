namespace KeypointMl.Scoring.Tests;

[TestClass]
public sealed class ScoringFuzzTests
{
    private static readonly FuzzedReaders All = new([.. ScoringReaders.All, .. JobReaders.All, .. ReviewReaders.All]);

    public static IEnumerable<object[]> Readers => All.Names;

    [TestMethod]
    [DynamicData(nameof(Readers))]
    public void Good_files_are_read(string name) => All.ReadGood(name);

    [TestMethod]
    [DynamicData(nameof(Readers))]
    public void Spoiled_files_are_refused_or_read(string name) => All.ReadSpoiled(name);

    [TestMethod]
    [TestCategory("fuzz")]
    [FuzzCondition]
    [DynamicData(nameof(Readers))]
    public void Files_spoiled_for_as_long_as_given_are_refused_or_read(string name) => All.ReadSpoiledForAsLongAsGiven(name);

    [TestMethod]
    [TestCategory("fuzz-night")]
    [FuzzNightCondition]
    public void Millions_of_spoiled_files_are_refused_or_read() => All.ReadSpoiledAllNight();

    [TestMethod]
    [DataRow("path-parquet")]
    [DataRow("prediction-parquet")]
    public void Parquet_with_any_byte_changed_is_refused_or_read(string name) => All.ReadWithAnyByteChanged(name);

    [TestMethod]
    [DataRow("path-parquet")]
    [DataRow("prediction-parquet")]
    public void File_cut_at_any_byte_is_refused(string name) => All.ReadCutAnywhere(name);
}
