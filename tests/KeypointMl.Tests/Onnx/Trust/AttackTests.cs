using KeypointMl.Onnx.Inspection;
using KeypointMl.Onnx.Model;

namespace KeypointMl.Tests.Onnx.Trust;

[TestClass]
public sealed class AttackTests
{
    private const string UpdateVariable = "KEYPOINTML_UPDATE_GOLDENS";

    // The files have a few kilobytes. The most is taken where functions unfold, which stops at 10 000 nodes of 3 kilobytes.
    private const long MaxAllocatedBytes = 64 << 20;

    public static IEnumerable<string> Names => AttackFiles.All.Keys;

    private static string Folder => Path.Combine(RepositoryFiles.Root, "tests", "KeypointMl.Tests", "Onnx", "attacks");

    [ClassInitialize]
    public static void WarmUp(TestContext context) => OnnxChecker.Check(SmallModel.ConvNormRelu());

    [TestMethod]
    public void Folder_holds_what_is_made_and_nothing_else()
    {
        if (Environment.GetEnvironmentVariable(UpdateVariable) == "1")
        {
            Directory.CreateDirectory(Folder);
            foreach ((string name, Attack attack) in AttackFiles.All)
                File.WriteAllBytes(Path.Combine(Folder, name), attack.Content);
        }
        CollectionAssert.AreEquivalent(AttackFiles.All.Keys.ToArray(), Directory.GetFiles(Folder).Select(Path.GetFileName).ToArray(),
            $"set {UpdateVariable}=1 to write the files anew");
        foreach ((string name, Attack attack) in AttackFiles.All)
        {
            CollectionAssert.AreEqual(attack.Content, File.ReadAllBytes(Path.Combine(Folder, name)),
                $"{name}: set {UpdateVariable}=1 to write the files anew");
        }
    }

    [TestMethod]
    [DynamicData(nameof(Names))]
    [Timeout(60_000, CooperativeCancellation = false)]
    public void Attack_is_refused_with_its_message(string name)
    {
        Attack attack = AttackFiles.All[name];
        long before = GC.GetAllocatedBytesForCurrentThread();
        OnnxException error = Assert.ThrowsExactly<OnnxException>(() =>
        {
            OnnxModel model = OnnxModel.Load(Path.Combine(Folder, name));
            Assert.IsTrue(attack.Loads, "refused as a file");
            OnnxChecker.ThrowIfInvalid(model);
        });
        Assert.IsLessThan(MaxAllocatedBytes, GC.GetAllocatedBytesForCurrentThread() - before);
        StringAssert.Contains(error.Message, attack.Message);
        Assert.IsFalse(error.Message.Any(letter => char.IsControl(letter)), "a message can be shown on a terminal");
        Assert.IsLessThan(4000, error.Message.Length);
    }
}
