using KeypointMl.Data.Priors.Building;
using static KeypointMl.Tests.Data.StickPrior;

namespace KeypointMl.Tests.Data;

[TestClass]
public sealed class PriorBuildRecipeTests
{
    [TestMethod]
    [DataRow("hips: Hips", "hips: Hip", "r.yaml:6:17: the motion has no joint 'Hip'; it has Hips, Head, Head_end, Hand_L.")]
    [DataRow("hips: Hips", "hip: Hips", "r.yaml:6:11: unknown key 'hip' in 'joints'; the keys are hips, head, hand. Did you mean 'hips'?")]
    [DataRow(
        "kind: bvh", "kind: bhv",
        "r.yaml:5:17: 'source.kind' is 'bhv'; expected one of bvh, mpi-inf-3dhp, manifest. Did you mean 'bvh'?")]
    [DataRow("azimuth: 0", "azimuth: [5, 1]", "r.yaml:7:20: 'camera.azimuth' is a list; expected [low, high], low ≤ high.")]
    [DataRow("distance: 4", "distance: 0", "'camera.distance' is '0'; expected a number from 1 to 1000.")]
    [DataRow("count: 50", "count: 0", "r.yaml:3:8: 'count' is '0'")]
    [DataRow("seed: 3", "sed: 3", "r.yaml:4:1: unknown key 'sed'")]
    public void Bad_recipe_is_refused_with_file_and_line(string good, string bad, string expected)
    {
        using var folder = new TemporaryFolder();

        Assert.Contains(expected, Assert.ThrowsExactly<InvalidDataException>(() => Build(folder, Recipe.Replace(good, bad))).Message);
    }

    [TestMethod]
    [DataRow("true")]
    [DataRow("false")]
    public void In_frame_is_refused_of_labels_which_no_camera_sees(string inFrame)
    {
        using var folder = new TemporaryFolder();
        string recipe = $$"""
            name: labels
            skeleton: { name: s, keypoints: [a, b] }
            count: 10
            source: { kind: manifest, manifest: flies, split: test }
            filters: { in_frame: {{inFrame}} }
            crop: { width: 20, height: 20 }
            """;

        Assert.Contains($"r.yaml:5:22: 'filters.in_frame' is '{inFrame}'; ",
            Assert.ThrowsExactly<InvalidDataException>(() => Build(folder, recipe)).Message);
    }

    [TestMethod]
    public void All_mistakes_of_a_recipe_are_listed()
    {
        using var folder = new TemporaryFolder();
        string recipe = Recipe.Replace("count: 50", "count: 0").Replace("kind: bvh", "kind: bhv").Replace("fill: 0.5", "filling: 0.5");

        Assert.AreEqual(
            $"""
            {folder["r.yaml"]} has 3 problems:
              {folder["r.yaml"]}:3:8: 'count' is '0'; expected a whole number from 1 to 10000000.
              {folder["r.yaml"]}:5:17: 'source.kind' is 'bhv'; expected one of bvh, mpi-inf-3dhp, manifest. Did you mean 'bvh'?
              {folder["r.yaml"]}:8:34: unknown key 'filling' in 'crop'; the keys are fill, width, height, shift.
            """.ReplaceLineEndings("\n"),
            Assert.ThrowsExactly<InvalidDataException>(() => Build(folder, recipe)).Message);
    }

    [TestMethod]
    public void Shipped_recipes_load()
    {
        foreach (string path in Directory.GetFiles(Path.Combine(RepositoryFiles.Root, "pipelines/priors"), "*.yaml"))
            Assert.AreEqual(Path.GetFileNameWithoutExtension(path), PriorBuildRecipe.Load(path).Name);
    }
}
