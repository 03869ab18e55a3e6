using System.Numerics;
using System.Text.Json;
using KeypointMl.Data.Priors;
using KeypointMl.Data.Priors.Building;
using static KeypointMl.Tests.Data.StickPrior;

namespace KeypointMl.Tests.Data;

[TestClass]
public sealed class PriorBuilderTests
{
    [TestMethod]
    public void Camera_in_front_sees_the_pose_as_geometry_says()
    {
        using var folder = new TemporaryFolder();

        BuiltPrior built = Build(folder, Recipe);

        Assert.HasCount(50, built.Prior.Poses);
        Assert.HasCount(50, built.Ids);
        for (int i = 0; i < 50; i++)
        {
            // The pose's larger extent, 2, is half of the crop: 25 pixels a unit. Seen from +z, the subject's left is on the image's right.
            Vector2[] expected = built.Ids[i] == "m/a.bvh#0"
                ? [new(37, 74.5f), new(37, 24.5f), new(62, 49.5f)]
                : [new(74.5f, 62), new(24.5f, 62), new(49.5f, 37)]; // rolled by 90° about z
            for (int k = 0; k < 3; k++)
            {
                Assert.IsLessThan(1e-3f, Vector2.Distance(expected[k], built.Prior.Poses[i][k]),
                    $"{built.Ids[i]}, {k}: {built.Prior.Poses[i][k]}");
            }
        }
        Assert.AreEqual(2, built.Ids.Distinct().Count());
    }

    [TestMethod]
    [DataRow("azimuth: 0", "azimuth: 90", -0.25f, -1f)] // from +x the subject's left hand comes towards the camera and lies on the axis
    [DataRow("azimuth: 0", "azimuth: 180", -1.25f, -1f)] // from behind it is on the left
    public void Azimuth_turns_the_camera_around_the_subject(string good, string bad, float handX, float handY)
    {
        using var folder = new TemporaryFolder();

        // Far away, so that perspective is hardly seen; the head's line to the hips stays vertical.
        BuiltPrior built = Build(folder, Recipe.Replace(good, bad).Replace("distance: 4, focal: 1", "distance: 500, focal: 100"));

        Vector2[] pose = built.Prior.Poses[built.Ids.ToList().IndexOf("m/a.bvh#0")];
        Assert.AreEqual(pose[0].X, pose[1].X, 0.1f);
        Assert.AreEqual(25, pose[0].Y - pose[2].Y, 0.1f);
        Assert.AreEqual(handY * 25, pose[2].Y - pose[0].Y, 0.1f);
        Assert.AreEqual(handX < -1 ? -25 : 0, pose[2].X - pose[0].X, 0.1f);
    }

    [TestMethod]
    public void Perspective_makes_near_things_larger_and_elevation_looks_down()
    {
        using var folder = new TemporaryFolder();

        // From 60° above, the head (2 up) is nearer to the camera than the hips.
        BuiltPrior built = Build(folder, Recipe.Replace("elevation: 0", "elevation: 60")
            .Replace("head: Head, hand: [Hand_L]", "head: Head, hand: { from: Hips, through: Head, times: 0.5 }"));

        Vector2[] pose = built.Prior.Poses[built.Ids.ToList().IndexOf("m/a.bvh#0")];
        Assert.IsLessThan(pose[0].Y, pose[1].Y); // the head is above
        // The middle of the stick is seen nearer to the far end than to the near one.
        Assert.IsGreaterThan(1.1f, (pose[2].Y - pose[1].Y) / (pose[0].Y - pose[2].Y));
    }

    [TestMethod]
    public void Filters_keep_upright_poses_in_the_frame_and_count_the_rest()
    {
        using var folder = new TemporaryFolder();

        BuiltPrior upright = Build(folder, Recipe + "\nfilters: { upright: { bottom: hips, top: head, degrees: 30 } }\n");
        var impossible = Assert.ThrowsExactly<InvalidDataException>(() => Build(folder, Recipe.Replace("focal: 1", "focal: 9")));

        Assert.IsTrue(upright.Ids.All(id => id == "m/a.bvh#0"));
        Assert.AreEqual(upright.Provenance.Drawn - 50, upright.Provenance.Rejected["not upright"]);
        Assert.Contains("only 0 passed the filters (5000 not in frame); widen the filters, or move the camera back.", impossible.Message);
    }

    [TestMethod]
    public void Bone_jitter_changes_lengths_and_no_directions()
    {
        using var folder = new TemporaryFolder();

        BuiltPrior built = Build(
            folder, Recipe.Replace("distance: 4, focal: 1", "distance: 500, focal: 100")
                + "\njitter: { bone_length: 0.1 }\nfilters: { upright: { bottom: hips, top: head, degrees: 30 } }\n");

        float[] ratios = [.. built.Prior.Poses.Select(pose => (pose[0].Y - pose[2].Y) / (pose[0].Y - pose[1].Y))];
        Assert.IsTrue(built.Prior.Poses.All(pose => MathF.Abs(pose[0].X - pose[1].X) < 0.1f));
        Assert.IsTrue(built.Prior.Poses.All(pose => MathF.Abs(pose[2].X - pose[0].X - (pose[0].Y - pose[2].Y)) < 0.1f)); // the hand's 45°
        // 0.5 on the average, with the deviation of a quotient of two factors, 0.5·0.1·√2.
        float mean = ratios.Average();
        Assert.AreEqual(0.5f, mean, 0.04f);
        Assert.AreEqual(0.07f, MathF.Sqrt(ratios.Average(ratio => (ratio - mean) * (ratio - mean))), 0.03f);
    }

    [TestMethod]
    public void Written_prior_reads_back_and_has_its_provenance_beside_it()
    {
        using var folder = new TemporaryFolder();
        BuiltPrior built = Build(folder, Recipe);
        string path = folder["prior.csv"];

        built.Write(path);

        PosePrior read = PriorCsvReader.Read(path, built.Prior.Skeleton, 100, 100);
        Assert.IsLessThan(1e-3f, Vector2.Distance(built.Prior.Poses[49][2], read.Poses[49][2])); // three decimals
        using JsonDocument json = JsonDocument.Parse(File.ReadAllText(folder["prior.provenance.json"]));
        Assert.AreEqual(3, json.RootElement.GetProperty("seed").GetInt32());
        Assert.AreEqual("m/a.bvh", json.RootElement.GetProperty("sources")[0].GetProperty("path").GetString());
        Assert.AreEqual(64, json.RootElement.GetProperty("recipe_sha256").GetString()!.Length);
    }

    [TestMethod]
    public void Same_recipe_and_seed_give_the_same_poses()
    {
        using var folder = new TemporaryFolder();
        string varied = Recipe.Replace("azimuth: 0", "azimuth: [-180, 180]").Replace("fill: 0.5", "fill: [0.4, 0.6], shift: 0.1");

        BuiltPrior one = Build(folder, varied), same = Build(folder, varied), other = Build(folder, varied.Replace("seed: 3", "seed: 4"));

        CollectionAssert.AreEqual(one.Prior.Poses[17], same.Prior.Poses[17]);
        CollectionAssert.AreNotEqual(one.Prior.Poses[17], other.Prior.Poses[17]);
    }

    [TestMethod]
    public void Mpi_inf_3dhp_joints_are_turned_so_that_up_is_up()
    {
        using var folder = new TemporaryFolder();
        var joints = new double[1, 84];
        // Millimetres in the camera's axes, y down: the head's top 1.6 m above the pelvis, a left toe to the camera's right.
        (joints[0, 4 * 3 + 1], joints[0, 7 * 3 + 1], joints[0, 22 * 3]) = (0, -1600, 400);
        for (int j = 0; j < 28; j++)
            joints[0, 3 * j + 2] = 4000;
        MatWriter.Write(folder["d/S1/Seq1/annot.mat"], ("annot3", new object[] { joints }));
        string recipe = Recipe
            .Replace("keypoints: [hips, head, hand]", "keypoints: [pelvis, head_top, l_toe]").Replace("edges: [[hips, head]]", "edges: []")
            .Replace("{ kind: bvh, files: m/*.bvh }", "{ kind: mpi-inf-3dhp, root: d, subjects: [S1], sequences: [1] }")
            .Replace("joints: { hips: Hips, head: Head, hand: [Hand_L] }\n", "").Replace("azimuth: 0", "azimuth: 180");

        // The data set's camera looks along +z, ours at azimuth 180 too, once y points up.
        Vector2[] pose = Build(folder, recipe).Prior.Poses[0];

        Assert.AreEqual(50, pose[0].Y - pose[1].Y, 0.1f);
        Assert.AreEqual(12.5f, MathF.Abs(pose[2].X - pose[0].X), 0.1f);
    }

    [TestMethod]
    public void Labels_of_a_manifest_with_a_root_need_no_data_root()
    {
        using var folder = new TemporaryFolder();
        folder.Write("own/poses.csv", "source,hips_x,hips_y,head_x,head_y\n1.jpg,4,9,4,0\n");
        string manifest = folder.Write("own/set.yaml",
            SetFiles.Manifest("root: .\nreader: { kind: pose-file, root: . }\nsplits: { prior: { poses: poses.csv } }", "hips, head"));
        string recipe = folder.Write("r.yaml", $$"""
            name: labels
            skeleton: { name: s, keypoints: [hips, head] }
            count: 10
            source: { kind: manifest, manifest: {{manifest}}, split: prior }
            """);

        Assert.HasCount(1, PriorBuilder.Build(PriorBuildRecipe.Load(recipe), dataRoot: null).Prior.Poses);
    }

    [TestMethod]
    public void Labels_of_a_manifest_become_a_prior()
    {
        using var folder = new TemporaryFolder();
        folder.Write("poses.csv", "1.jpg,0,0,0,9\n2.jpg,-1,-1,4,4\n3.jpg,0,0,9,0\n");
        string manifest = folder.Write("set.yaml",
            SetFiles.Manifest("reader: { kind: pose-file, root: ., crop: { size: 10 } }\nsplits: { prior: { poses: "
            + "poses.csv, keypoints: [hips, head] } }", "hips, head"));
        string recipe = $$"""
            name: labels
            skeleton: { name: s, keypoints: [hips, head] }
            count: 10
            source: { kind: manifest, manifest: {{manifest}}, split: prior }
            filters: { upright: { bottom: head, top: hips, degrees: 20 } }
            crop: { width: 20, height: 20 }
            """;

        BuiltPrior built = Build(folder, recipe);

        Assert.HasCount(1, built.Prior.Poses);
        CollectionAssert.AreEqual(new[] { "incomplete: 1", "not upright: 1" },
            built.Provenance.Rejected.Select(entry => $"{entry.Key}: {entry.Value}").ToArray());
    }
}
