using KeypointMl.Data.Formats.Hdf5;
using KeypointMl.Data.Formats.Mat;
using KeypointMl.Data.Formats.PoseFiles;
using KeypointMl.Data.Formats.Tables;

namespace KeypointMl.Tests.Data;

/// <summary>
/// Files in <c>Hdf5</c> were written by h5py 3.7 (HDF5 1.10): the kinds of storage in its oldest and newest form, and
/// files that lead elsewhere or nowhere.
/// </summary>
[TestClass]
public sealed class Hdf5Tests
{
    private const long MaxBytes = 1 << 20;

    [TestMethod]
    [DataRow("plain", 60)]
    [DataRow("tree", 60)]
    [DataRow("growing", 300)]
    [DataRow("array", 300)]
    [DataRow("row", 60)]
    [DataRow("single", 60)]
    public void Numbers_are_read_from_every_kind_of_storage(string name, int count)
    {
        foreach (string form in new[] { "earliest", "latest" })
        {
            using var source = Hdf5Source.Open(Committed($"kinds-{form}.h5"), MaxBytes);

            double[] numbers = source.Doubles(source.Dataset(name));

            CollectionAssert.AreEqual(Enumerable.Range(0, count).Select(i => (double)i).ToArray(), numbers, form);
        }
    }

    [TestMethod]
    [DataRow("earliest")]
    [DataRow("latest")]
    public void Groups_attributes_and_fill_values_are_read(string form)
    {
        using var source = Hdf5Source.Open(Committed($"kinds-{form}.h5"), MaxBytes);

        double[] sparse = source.Doubles(source.Dataset("sparse"));

        Assert.AreEqual(29.0, source.Doubles(source.Dataset("many/link29"))[0]);
        Assert.AreEqual(16.5, source.Find("plain")!.Attribute("a11")!.Number());
        Assert.AreEqual("héllo", source.Find("plain")!.Attribute("text")!.Text());
        Assert.AreEqual(1.0, sparse[33]);
        Assert.AreEqual(49, sparse.Count(value => value == 7.5));
    }

    [TestMethod]
    public void A_row_is_read_by_itself()
    {
        using var source = Hdf5Source.Open(Committed("kinds-earliest.h5"), MaxBytes);

        byte[] row = source.Dataset("tree").ReadRow(7);

        Assert.AreEqual(5 * sizeof(double), row.Length);
        Assert.AreEqual(36.0, BitConverter.ToDouble(row, sizeof(double)));
        var error = Assert.ThrowsExactly<InvalidDataException>(() => source.Dataset("tree").ReadRow(12));
        Assert.Contains("there is no element 12", error.Message);
    }

    [TestMethod]
    public void More_bytes_than_the_limit_are_refused_before_they_are_read()
    {
        using var source = Hdf5Source.Open(Committed("kinds-latest.h5"), 479);

        var error = Assert.ThrowsExactly<InvalidDataException>(() => source.Dataset("plain").Read());

        Assert.Contains("plain: 480 bytes more are beyond the limit; 479 of 479 are left", error.Message);
    }

    [TestMethod]
    [DataRow("external-storage.slp", "points: its data are in another file (external storage)")]
    [DataRow("external-link.slp", "points: is a link that leads out of the file")]
    [DataRow("virtual.slp", "points: its data are in other files (a virtual data set)")]
    [DataRow("soft-link-loop.slp", "points: soft links lead in a circle")]
    [DataRow("external-storage.mat", "x: its data are in another file (external storage)")]
    [DataRow("cycle.mat", "a.inner: contains itself")]
    [DataRow("deep.mat", "nested deeper than 32 levels")]
    [DataRow("diamonds.mat", "the file leads to the same items again and again")]
    public void Files_that_lead_elsewhere_or_nowhere_are_refused(string name, string expected)
    {
        string path = Committed(name);

        var error = Assert.ThrowsExactly<InvalidDataException>(() => Read(path));

        Assert.StartsWith(path, error.Message);
        Assert.Contains(expected, error.Message);
    }

    [TestMethod]
    [DataRow("big-endian.slp")]
    [DataRow("latest.slp")]
    [DataRow("soft-link.slp")]
    public void Records_are_right_in_any_order_of_bytes_and_any_form_of_file(string name)
    {
        PoseTable table = PoseFile.Read(Committed(name));

        Assert.HasCount(2, table.Rows);
        Assert.AreEqual(("a.mp4", 3L, "one"), (table.Rows[0].Source, table.Rows[0].Frame, table.Rows[0].Item));
        CollectionAssert.AreEqual(new System.Numerics.Vector2[] { new(1, 2), new(3, 4) }, table.Rows[0].Points);
        Assert.IsTrue(float.IsNaN(table.Rows[1].Points[1].X)); // not visible
    }

    [TestMethod]
    public void Big_endian_and_half_numbers_in_matlab_files_are_right()
    {
        MatFile file = MatFile.Read(Committed("big-endian.mat"));

        CollectionAssert.AreEqual(new[] { 1.0, 2, -3 }, file["x"].AsNumeric().ToDoubles());
        CollectionAssert.AreEqual(new[] { 1.5, 2.5 }, file["y"].AsNumeric().ToDoubles());
        CollectionAssert.AreEqual(new[] { 0.5, -2 }, file["h"].AsNumeric().ToDoubles());
    }

    [TestMethod]
    public void A_flipped_bit_under_a_checksum_is_noticed()
    {
        using var folder = new TemporaryFolder();
        byte[] bytes = File.ReadAllBytes(Committed("latest.slp"));
        int header = bytes.AsSpan(64).IndexOf("OHDR"u8) + 64;
        bytes[header + 20] ^= 4;
        string path = folder["flipped.slp"];
        File.WriteAllBytes(path, bytes);

        Assert.Contains("checksum", Assert.ThrowsExactly<InvalidDataException>(() => PoseFile.Read(path)).Message);
    }

    [TestMethod]
    [DataRow("kinds-earliest.h5")]
    [DataRow("kinds-latest.h5")]
    [DataRow("embedded.pkg.slp")]
    [DataRow("diamonds.mat")]
    public void Damaged_structures_are_read_or_refused_and_never_crash(string name)
    {
        using var folder = new TemporaryFolder();

        int refused = DamagedFiles.Check(folder.Path, name, File.ReadAllBytes(Committed(name)), Read, cases: 100);

        Assert.IsGreaterThan(100, refused);
    }

    [TestMethod]
    [TestCategory("fuzz")]
    [FuzzCondition]
    public void Files_spoiled_for_as_long_as_given_are_read_or_refused()
    {
        string[] files = [.. Directory.GetFiles(Path.GetDirectoryName(Committed("x"))!), .. Directory.GetFiles(PoseFileTests.Pandas(""))];
        using var folder = new TemporaryFolder();
        var watch = System.Diagnostics.Stopwatch.StartNew();
        for (int seed = Environment.TickCount; watch.Elapsed < FuzzConditionAttribute.Duration; seed++)
        {
            foreach (string file in files)
                DamagedFiles.Spoil(folder.Path, Path.GetFileName(file), File.ReadAllBytes(file), Read, seed, cases: 50);
        }
    }

    private static void Read(string path)
    {
        switch (Path.GetExtension(path))
        {
            case ".mat":
                MatFile.Read(path);
                break;
            case ".slp":
                foreach (PoseRow row in PoseFile.Read(path).Rows.Where(row => row.Embedded is not null))
                    row.Embedded!.Package.Read(row.Embedded.Index);
                break;
            case ".h5" when Path.GetFileName(path).StartsWith("kinds", StringComparison.Ordinal):
                using (var source = Hdf5Source.Open(path, MaxBytes))
                {
                    foreach (Hdf5Dataset dataset in source.Root.Links.Select(source.Root.Follow).OfType<Hdf5Dataset>())
                        source.Doubles(dataset);
                }
                break;
            default:
                PoseFile.Read(path);
                break;
        }
    }

    internal static string Committed(string name) =>
        Path.Combine(RepositoryFiles.Root, "tests/KeypointMl.Tests/Data/Formats/Hdf5", name);
}
