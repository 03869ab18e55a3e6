using KeypointMl.Data.Formats.Mat;

namespace KeypointMl.Tests.Data;

/// <summary>MATLAB files that are damaged, too large or not what is asked for: each is refused, and the message says where.</summary>
[TestClass]
public sealed class MatFileRefusalTests
{
    [TestMethod]
    public void Wrong_use_names_file_and_path()
    {
        using var folder = new TemporaryFolder();
        string path = folder["all.mat"];
        File.WriteAllBytes(path, MatWriter.File(true, MatSamples.Variables));
        MatFile file = MatFile.Read(path);

        AssertComplains($"{path}: there is no variable 'annot2'; the file has keypoints_2d, single,", () => file["annot2"]);
        AssertComplains($"{path}: cameras{{2}} is 1×6 char; expected numbers.", () => file["cameras"].AsCell().Items[1].AsNumeric());
        AssertComplains($"{path}: keypoints_2d is 3×2 double; expected 32×2 numbers.", () =>
            file["keypoints_2d"].AsNumeric().RequireMatrix(32, 2));
        AssertComplains($"{path}: info is 1×1 struct; expected a field 'sise'; the fields are name, size.", () =>
            file["info"].AsStruct().Get("sise"));
        AssertComplains($"{path}: info.size is 1×2 double; expected one number.", () =>
            file["info"].AsStruct().Get("size").AsNumeric().Scalar());
    }

    [TestMethod]
    public void Bomb_is_refused_before_memory_is_taken()
    {
        using var folder = new TemporaryFolder();
        string path = folder["bomb.mat"];
        File.WriteAllBytes(path, MatWriter.File(true, ("zeros", new double[1000, 1000])));
        Assert.IsLessThan(20_000, new FileInfo(path).Length);

        AssertComplains("the limit is 1,000,000", () => MatFile.Read(path, new MatFileOptions { MaxVariableBytes = 1_000_000 }));
    }

    [TestMethod]
    public void Many_small_bombs_are_refused_together()
    {
        using var folder = new TemporaryFolder();
        string path = folder["bombs.mat"];
        File.WriteAllBytes(path, MatWriter.File(true, ("a", new double[1000, 100]), ("b", new double[1000, 100])));

        AssertComplains("the variables have more than 1,000,000 bytes",
            () => MatFile.Read(path, new MatFileOptions { MaxFileBytes = 1_000_000 }));
    }

    [TestMethod]
    [DataRow(1, 0x20, DisplayName = "a stream that wants a dictionary")]
    [DataRow(-1, 1, DisplayName = "a wrong checksum at the end")]
    [DataRow(-20, 0xFF, DisplayName = "damage in the middle")]
    public void Damaged_compression_is_refused_with_the_variables_place(int position, int bits)
    {
        using var folder = new TemporaryFolder();
        byte[] bytes = MatWriter.File(true, ("a", MatSamples.Points));
        const int Stream = 128 + 8;
        bytes[position > 0 ? Stream + position : bytes.Length + position] ^= (byte)bits;
        if (position > 0)
        {
            // The header's own check covers the bit.
            int flags = bytes[Stream + 1] & 0xE0;
            bytes[Stream + 1] = (byte)(flags + 31 - (bytes[Stream] * 256 + flags) % 31);
        }
        string path = folder["bad.mat"];
        File.WriteAllBytes(path, bytes);

        AssertComplains($"{path}: byte 128: a compressed variable", () => MatFile.Read(path));
    }

    [TestMethod]
    public void Deep_nesting_is_refused()
    {
        using var folder = new TemporaryFolder();
        object nested = 1.0;
        for (int i = 0; i < 40; i++)
            nested = new[] { nested };
        string path = folder["deep.mat"];
        File.WriteAllBytes(path, MatWriter.File(false, ("deep", nested)));

        AssertComplains("nested deeper than 32 levels", () => MatFile.Read(path));
    }

    [TestMethod]
    [DataRow("text", "byte 0: the file has 4 bytes; a MATLAB file begins with a header of 128")]
    [DataRow("big-endian", "byte 126: the file was written by a big-endian machine")]
    [DataRow("version 4", "byte 124: this is no MATLAB file of version 5 or 7.3")]
    [DataRow("long", "byte 128: an element of 1,000 bytes begins, but 5 bytes follow")]
    [DataRow("type", "byte 128: an element of type 9 stands where a variable is expected")]
    [DataRow("tail", "the file ends within an element's tag")]
    [DataRow("twice", "variable 'a' stands twice")]
    [DataRow("dimensions", "a: 2×1 numbers of 8 bytes have 8 bytes; expected 16 (variable at byte 128 of the file")]
    public void Malformed_files_are_refused_with_file_and_byte(string kind, string expected)
    {
        using var folder = new TemporaryFolder();
        byte[] good = MatWriter.File(false, ("a", 1.0));
        byte[] header = good[..128];
        byte[] bytes = kind switch
        {
            "text" => "text"u8.ToArray(),
            "big-endian" => [.. header[..126], (byte)'M', (byte)'I'],
            "version 4" => [.. header[..124], 0, 0, 0, 0],
            "long" => [.. header, 14, 0, 0, 0, 0xE8, 3, 0, 0, 1, 2, 3, 4, 5],
            "type" => [.. header, .. MatWriter.Element(9, new byte[8])],
            "tail" => [.. good, 1, 2, 3],
            "twice" => MatWriter.File(false, ("a", 1.0), ("a", 2.0)),
            _ => [.. good[..160], 2, .. good[161..]], // the first of the dimensions
        };
        string path = folder["bad.mat"];
        File.WriteAllBytes(path, bytes);

        AssertComplains(expected, () => MatFile.Read(path));
    }

    [TestMethod]
    [DataRow(true)]
    [DataRow(false)]
    public void Damaged_version_5_files_are_refused_and_never_crash(bool compressed)
    {
        using var folder = new TemporaryFolder();
        byte[] good = MatWriter.File(compressed, MatSamples.Variables);

        // A file may end after any variable: a prefix can be good, so only those that end inside one must be refused, which is nearly all.
        int refused = DamagedFiles.Check(folder.Path, "damaged.mat", good, path => MatFile.Read(path), prefixesMayBeGood: true);

        Assert.IsGreaterThan(300, refused);
    }

    [TestMethod]
    public void Damaged_version_7_3_files_are_refused_and_never_crash()
    {
        using var folder = new TemporaryFolder();
        byte[] good = File.ReadAllBytes(MatSamples.WriteVersion73(folder));

        int refused = DamagedFiles.Check(folder.Path, "damaged.mat", good, path => MatFile.Read(path));

        Assert.IsGreaterThan(300, refused);
    }

    private static void AssertComplains<T>(string expected, Func<T> action) =>
        Assert.Contains(expected, Assert.ThrowsExactly<InvalidDataException>(() => { action(); }).Message);
}
