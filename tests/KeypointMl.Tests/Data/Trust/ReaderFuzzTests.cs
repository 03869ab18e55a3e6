using KeypointMl.Tests.Onnx.Trust;

namespace KeypointMl.Tests.Data.Trust;

[TestClass]
public sealed class ReaderFuzzTests
{
    private static readonly FuzzedReaders All = new(
        [.. TextReaders.All, .. FormatReaders.All, .. SetReaders.All, .. MediaReaders.All, .. MediaReaders.Videos, .. ModelReaders.All]);

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
    [DataRow("coco")]
    public void File_cut_at_any_byte_is_refused(string name) => All.ReadCutAnywhere(name);
}
