using System.Globalization;
using System.Numerics;
using System.Text;
using KeypointMl.Data.Formats.Landmarks;
using KeypointMl.Poses.Geometry;

namespace KeypointMl.Tests.Data;

[TestClass]
public sealed class LandmarkFileTests
{
    private const string Pts = "version: 1\nn_points:  2\n{\n1.0 1.0\n446.000 91.5\n}\n";
    private const string Cat = "9 175 160 239 162 199 199 149 121 137 78 166 93 281 101 312 96 296 133 ";
    private const string Vox =
        "Identity  : \tid00017\nReference : \t_mjZ87sK6cA\nOffset    : \t2\nFV Conf   : \t16.140\t(1)\nASD Conf  : "
        + "\t5.142\n\nFRAME \tX \tY \tW \tH \n008809\t0.123\t0.136\t0.422\t0.749 \n008810\t0.125\t0.136\t0.42\t0.75\n";

    [TestMethod]
    public void Pts_counts_from_one()
    {
        using var folder = new TemporaryFolder();

        CollectionAssert.AreEqual(new[] { new Vector2(0, 0), new Vector2(445, 90.5f) }, PtsFile.Read(folder.Write("a.pts", Pts)));
        CollectionAssert.AreEqual(new[] { new Vector2(0, 0), new Vector2(445, 90.5f) },
            PtsFile.Read(folder.Write("b.pts", Pts.Replace("\n", "\r\n").Replace("{", " {"))));
    }

    [TestMethod]
    public void Cat_has_nine_named_points()
    {
        using var folder = new TemporaryFolder();

        Vector2[] points = CatFile.Read(folder.Write("a.jpg.cat", Cat));

        Assert.HasCount(9, points);
        Assert.AreEqual(new Vector2(199, 199), points[CatFile.Keypoints.ToList().IndexOf("mouth")]);
        Assert.AreEqual(new Vector2(296, 133), points[^1]);
    }

    [TestMethod]
    public void Voxceleb_track_has_identity_frames_and_boxes()
    {
        using var folder = new TemporaryFolder();

        VoxCelebTrack track = VoxCelebTrack.Read(folder.Write("00001.txt", Vox));

        Assert.AreEqual(("id00017", "_mjZ87sK6cA"), (track.Identity, track.Reference));
        CollectionAssert.AreEqual(new[] { 8809L, 8810 }, track.Frames.ToArray());
        Assert.AreEqual(new Box(0.123f, 0.136f, 0.422f, 0.749f), track.Boxes[0]);
    }

    [TestMethod]
    [DataRow("version: 1", "version: 2", "a.pts:1: version '2' is not known")]
    [DataRow("n_points:  2", "n_points:  3", "a.pts:6: '}' is no 'x y'; 2 of 3 points were read")]
    [DataRow("n_points:  2", "n_points:  1", "a.pts:5: expected '}' after 1 points")]
    [DataRow("n_points:  2", "n_points:  999999", "a.pts:2: '999999' is no whole number from 0 to 10000")]
    [DataRow("n_points:  2", "points:  2", "a.pts:2: 'points:  2' stands where 'n_points: …' is expected")]
    [DataRow("{\n", "", "a.pts:3: expected '{'")]
    [DataRow("91.5", "nan", "a.pts:5: 'nan' is no finite number")]
    [DataRow("}\n", "", "a.pts:6: the file ends too early")]
    public void Malformed_pts_is_refused_with_file_and_line(string good, string bad, string expected) =>
        AssertRefused("a.pts", Pts.Replace(good, bad), expected, path => PtsFile.Read(path));

    [TestMethod]
    [DataRow("", "a.cat:1: the file is empty")]
    [DataRow("8 1 2", "a.cat:1: '8' points; expected 9")]
    [DataRow("9 1 2\n3 4", "a.cat:2: 4 coordinates; expected 18")]
    [DataRow("9 1 2 3 4 5 6 7 8 9 0\n1 2 3 4 5 6 7 x", "a.cat:2: 'x' is no finite number")]
    public void Malformed_cat_is_refused_with_file_and_line(string text, string expected) =>
    AssertRefused("a.cat", text, expected, path => CatFile.Read(path));

    [TestMethod]
    [DataRow("Reference : \t_mjZ87sK6cA\n", "", "a.txt:1: there is no line 'Reference : …'")]
    [DataRow("FRAME \tX", "FRAMES \tX", "a.txt:7: 'FRAMES \tX \tY \tW \tH ' is neither")]
    [DataRow("\t0.749", "", "a.txt:8: 4 values; expected FRAME X Y W H")]
    [DataRow("0.422", "-0.422", "a.txt:8: a box of -0.422×0.749")]
    [DataRow("008810", "8,810", "a.txt:9: '8,810' is no whole number")]
    [DataRow("008809\t0.123\t0.136\t0.422\t0.749 \n008810\t0.125\t0.136\t0.42\t0.75\n", "", "a.txt:8: the file lists no frame")]
    public void Malformed_voxceleb_text_is_refused_with_file_and_line(string good, string bad, string expected) =>
        AssertRefused("a.txt", Vox.Replace(good, bad), expected, path => VoxCelebTrack.Read(path));

    [TestMethod]
    public void Damaged_text_files_are_read_or_refused_and_never_crash()
    {
        using var folder = new TemporaryFolder();
        string points = string.Concat(
            Enumerable.Range(0, 68).Select(i => string.Create(CultureInfo.InvariantCulture, $"{i * 1.37:F3} {i * 2.11:F3}\n")));
        byte[] pts = Encoding.ASCII.GetBytes($"version: 1\nn_points: 68\n{{\n{points}}}");

        Assert.IsGreaterThan(300, DamagedFiles.Check(folder.Path, "d.pts", pts, path => PtsFile.Read(path)));
        Assert.IsGreaterThan(200,
            DamagedFiles.Check(folder.Path, "d.cat", Encoding.ASCII.GetBytes(Cat), path => CatFile.Read(path), prefixesMayBeGood: true));
        Assert.IsGreaterThan(200,
            DamagedFiles.Check(folder.Path, "d.txt", Encoding.ASCII.GetBytes(Vox), path => VoxCelebTrack.Read(path),
                prefixesMayBeGood: true));
    }

    private static void AssertRefused(string name, string text, string expected, Action<string> read)
    {
        using var folder = new TemporaryFolder();
        string path = folder.Write(name, text);

        Assert.Contains(expected, Assert.ThrowsExactly<InvalidDataException>(() => read(path)).Message);
    }
}
