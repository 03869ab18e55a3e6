using System.Globalization;
using System.Numerics;
using System.Text;
using KeypointMl.Data.Formats.Bvh;

namespace KeypointMl.Tests.Data;

[TestClass]
public sealed class BvhTests
{
    internal const string Bvh = """
        HIERARCHY
        ROOT Hips
        {
          OFFSET 0 0 0
          CHANNELS 6 Xposition Yposition Zposition Zrotation Xrotation Yrotation
          JOINT Knee
          {
            OFFSET 0 -2 0
            CHANNELS 3 Zrotation Xrotation Yrotation
            End Site
            {
              OFFSET 0 -1 0
            }
          }
        }
        MOTION
        Frames: 3
        Frame Time: 0.0333333
        1 2 3 0 0 0 0 0 0
        1 2 3 90 0 0 0 0 0
        0 0 0 0 0 90 0 90 0

        """;

    [TestMethod]
    public void Hand_made_motion_puts_joints_where_geometry_says()
    {
        using var folder = new TemporaryFolder();
        BvhMotion motion = BvhMotion.Read(folder.Write("a.bvh", Bvh));

        CollectionAssert.AreEqual(new[] { "Hips", "Knee", "Knee_end" }, motion.Joints.Select(joint => joint.Name).ToArray());
        AssertPositions(motion, 0, new(1, 2, 3), new(1, 0, 3), new(1, -1, 3));
        // 90° about z turns down (−y) to the right (+x).
        AssertPositions(motion, 1, new(1, 2, 3), new(3, 2, 3), new(4, 2, 3));
        // The knee's 90° about x turns down to −z; the hip's 90° about y turns that to −x.
        AssertPositions(motion, 2, new(0, 0, 0), new(0, -2, 0), new(-1, -2, 0));
    }

    [TestMethod]
    [TestCategory("RealData")]
    public void Forward_kinematics_of_real_motion_agree_with_a_matrix_computation_in_double()
    {
        string root = RealData.RequireRoot("mocap");
        string[] files = [.. Directory.GetFiles(Path.Combine(root, "mocap/bandai-namco"), "*.bvh").Order().Where((_, i) => i % 29 == 0)];
        Assert.IsNotEmpty(files);
        foreach (string file in files)
        {
            BvhMotion motion = BvhMotion.Read(file);
            double[][] numbers = [.. File.ReadLines(file)
                .SkipWhile(line => !line.StartsWith("Frame Time", StringComparison.Ordinal)).Skip(1)
                .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries)
                    .Select(word => double.Parse(word, CultureInfo.InvariantCulture)).ToArray())];
            for (int frame = 0; frame < motion.FrameCount; frame += 37)
            {
                Vector3[] positions = motion.Positions(frame);
                double[][] expected = ByMatrices(motion, numbers[frame]);
                for (int j = 0; j < positions.Length; j++)
                {
                    // Positions are some hundred centimetres in single precision, through a dozen rotations.
                    Assert.AreEqual(expected[j][0], positions[j].X, 2e-2, $"{file}, frame {frame}, {motion.Joints[j].Name}");
                    Assert.AreEqual(expected[j][1], positions[j].Y, 2e-2);
                    Assert.AreEqual(expected[j][2], positions[j].Z, 2e-2);
                }
            }
        }
    }

    [TestMethod]
    [DataRow("HIERARCHY", "TREE", "a.bvh:1: 'TREE' stands where 'HIERARCHY' is expected")]
    [DataRow("ROOT Hips", "JOINT Hips", "a.bvh:2: there is no ROOT")]
    [DataRow("OFFSET 0 -2 0", "OFFSET 0 -2", "a.bvh:9: 'CHANNELS' is no finite number")]
    [DataRow("CHANNELS 3 Zrotation", "CHANNELS 3 Wrotation", "a.bvh:9: 'Wrotation' is no channel")]
    [DataRow("CHANNELS 3 Zrotation", "CHANNELS 9 Zrotation", "a.bvh:9: the number of channels is not 0 to 6")]
    [DataRow("JOINT Knee", "JOINT Hips", "stands twice")]
    [DataRow("Frames: 3", "Frames: 4", "the file ends after 3 of 4 frames")]
    [DataRow("Frames: 3", "Frames: 2", "a.bvh:21: something follows after 2 frames")]
    [DataRow("Frames: 3", "Frames: 0", "a.bvh:17: the number of frames")]
    [DataRow("1 2 3 90 0 0 0 0 0", "1 2 3 90 0 0 0 0", "a.bvh:20: frame 1 has 8 numbers; the joints have 9 channels")]
    [DataRow("1 2 3 90 0", "1 2 3 ninety 0", "a.bvh:20: 'ninety' is no finite number")]
    [DataRow("Site", "Bite", "a.bvh:10: 'Bite' stands where 'Site' is expected")]
    public void Malformed_file_is_refused_with_file_and_line(string good, string bad, string expected)
    {
        using var folder = new TemporaryFolder();
        Assert.Contains(good, Bvh);
        string path = folder.Write("a.bvh", Bvh.Replace(good, bad));

        Assert.Contains(expected, Assert.ThrowsExactly<InvalidDataException>(() => BvhMotion.Read(path)).Message);
    }

    [TestMethod]
    public void Damaged_files_are_read_or_refused_and_never_crash()
    {
        using var folder = new TemporaryFolder();

        // The last number may lose digits, so not every prefix is bad.
        int refused = DamagedFiles.Check(
            folder.Path, "d.bvh", Encoding.ASCII.GetBytes(Bvh), path => BvhMotion.Read(path), prefixesMayBeGood: true);

        Assert.IsGreaterThan(600, refused);
    }

    private static void AssertPositions(BvhMotion motion, int frame, params Vector3[] expected)
    {
        foreach ((Vector3 a, Vector3 b) in expected.Zip(motion.Positions(frame)))
            Assert.IsLessThan(1e-5f, Vector3.Distance(a, b), $"frame {frame}: {b}, expected {a}"); // single precision
    }

    // Independent of the implementation: 4×4 matrices in double, each joint from the root down, by recursion over its parents.
    private static double[][] ByMatrices(BvhMotion motion, double[] numbers)
    {
        var global = new double[motion.Joints.Count][,];
        for (int j = 0; j < motion.Joints.Count; j++)
        {
            BvhJoint joint = motion.Joints[j];
            double[] offset = [joint.Offset.X, joint.Offset.Y, joint.Offset.Z];
            for (int c = 0; c < joint.Channels.Count; c++)
            {
                if (joint.Channels[c] <= BvhChannel.Zposition)
                    offset[(int)joint.Channels[c]] = numbers[joint.FirstChannel + c];
            }
            double[,] local = { { 1, 0, 0, offset[0] }, { 0, 1, 0, offset[1] }, { 0, 0, 1, offset[2] }, { 0, 0, 0, 1 } };
            for (int c = 0; c < joint.Channels.Count; c++)
            {
                (double sin, double cos) = Math.SinCos(numbers[joint.FirstChannel + c] * Math.PI / 180);
                local = joint.Channels[c] switch
                {
                    BvhChannel.Xrotation =>
                        Product(local, new[,] { { 1, 0, 0, 0 }, { 0, cos, -sin, 0 }, { 0, sin, cos, 0 }, { 0, 0, 0, 1 } }),
                    BvhChannel.Yrotation =>
                        Product(local, new[,] { { cos, 0, sin, 0 }, { 0, 1, 0, 0 }, { -sin, 0, cos, 0 }, { 0, 0, 0, 1 } }),
                    BvhChannel.Zrotation =>
                        Product(local, new[,] { { cos, -sin, 0, 0 }, { sin, cos, 0, 0 }, { 0, 0, 1, 0 }, { 0, 0, 0, 1 } }),
                    _ => local,
                };
            }
            global[j] = joint.Parent < 0 ? local : Product(global[joint.Parent], local);
        }
        return [.. global.Select(matrix => new[] { matrix[0, 3], matrix[1, 3], matrix[2, 3] })];
    }

    private static double[,] Product(double[,] a, double[,] b)
    {
        double[,] product = new double[4, 4];
        for (int i = 0; i < 4; i++)
        {
            for (int j = 0; j < 4; j++)
            {
                for (int k = 0; k < 4; k++)
                    product[i, j] += a[i, k] * b[k, j];
            }
        }
        return product;
    }
}
