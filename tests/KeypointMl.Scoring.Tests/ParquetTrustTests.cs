using System.Buffers.Binary;
using DuckDB.NET.Data;
using KeypointMl.Scoring.Inputs;
using Parquet;
using Parquet.Schema;

namespace KeypointMl.Scoring.Tests;

/// <summary>Lists in Parquet from other tools are read; what would keep the library busy or take memory without end is refused.</summary>
[TestClass]
public sealed class ParquetTrustTests
{
    private readonly TemporaryFolder folder = new();

    [TestCleanup]
    public void RemoveFolder() => folder.Dispose();

    [TestMethod]
    [DataRow("snappy", "v1")]
    [DataRow("zstd", "v1")]
    [DataRow("gzip", "v1")]
    [DataRow("brotli", "v1")]
    [DataRow("uncompressed", "v1")]
    [DataRow("snappy", "v2")]
    [DataRow("uncompressed", "v2")]
    public void List_that_duckdb_wrote_is_read(string compression, string version)
    {
        string path = WriteByDuckDb("select i as id, 'video/' || i || '.png' as path, i % 3 as part from range(20000) t(i)",
            $"compression {compression}, parquet_version {version}");

        string[] paths = [.. PathTable.Read(path, "path")];

        Assert.HasCount(20_000, paths);
        Assert.AreEqual("video/19999.png", paths[^1]);
    }

    [TestMethod]
    public void Column_inside_another_is_refused() =>
        Assert.Contains("column 'path' is a list or part of a group; expected a plain column",
            Refused(WriteByDuckDb("select {'path': 'a.png'} as frame", "compression snappy")));

    [TestMethod]
    public void Path_that_is_missing_is_refused() =>
        Assert.Contains("column 'path' has an empty value",
            Refused(WriteByDuckDb("select * from (values ('a.png'), (null)) t(path)", "compression snappy")));

    [TestMethod]
    public async Task File_that_is_none_says_so()
    {
        string text = folder.Write("list.parquet", "a.png\nb.png\nc.png\n"), empty = folder.Write("empty.parquet", "");
        byte[] good = await WriteAsync(["a.png"]);
        BinaryPrimitives.WriteInt32LittleEndian(good.AsSpan(good.Length - 8), int.MaxValue);

        Assert.Contains("it does not begin and end with PAR1", Refused(text));
        Assert.Contains("it is too short", Refused(empty));
        Assert.Contains("its metadata say that they have 2,147,483,647 bytes", Refused(Save(good)));
    }

    [TestMethod]
    [DataRow(0, 0x16, "field 1 of FileMetaData is of type 6; expected 5")]
    [DataRow(2, 0x15, "field 2 is of type 5; expected a list")]
    [DataRow(3, 0x29, "a list has elements of type 9; expected 12")]
    [DataRow(5, 0xFF, "a length of")]
    public async Task Metadata_that_lead_the_library_astray_never_reach_it(int offset, int value, string expected)
    {
        byte[] file = await WriteAsync(["a.png", "b.png", "c.png"]);
        int footer = file.Length - 8 - BinaryPrimitives.ReadInt32LittleEndian(file.AsSpan(file.Length - 8));
        file[footer + offset] = (byte)value;

        Assert.Contains(expected, Refused(Save(file)));
    }

    [TestMethod]
    public async Task Number_of_rows_that_the_pages_do_not_have_is_refused()
    {
        byte[] file = await WriteAsync([.. Enumerable.Range(0, 3).Select(i => $"{i}.png")]);
        // The number of values in the page's header: 3 as a zigzag varint, behind the field's own byte.
        int at = file.AsSpan().IndexOf((byte[])[0x2C, 0x15, 0x06]);
        file[at + 2] = 0;

        Assert.Contains("column 'path' has a page of 0 values where 3 are left", Refused(Save(file)));
    }

    private string WriteByDuckDb(string query, string options)
    {
        string path = folder["list.parquet"];
        using var connection = new DuckDBConnection("DataSource=:memory:");
        connection.Open();
        using DuckDBCommand command = connection.CreateCommand();
        command.CommandText = $"copy ({query}) to '{path}' (format parquet, {options})";
        command.ExecuteNonQuery();
        return path;
    }

    private string Refused(string path) => Assert.ThrowsExactly<InvalidDataException>(() => PathTable.Read(path, "path").ToArray()).Message;

    private string Save(byte[] file)
    {
        string path = folder["damaged.parquet"];
        File.WriteAllBytes(path, file);
        return path;
    }

    private static async Task<byte[]> WriteAsync(string[] paths)
    {
        var schema = new ParquetSchema(new DataField<string>("path"));
        using var stream = new MemoryStream();
        await using (ParquetWriter writer = await ParquetWriter.CreateAsync(schema, stream))
        {
            using ParquetRowGroupWriter group = writer.CreateRowGroup();
            await group.WriteAsync(schema.GetDataFields()[0], paths);
        }
        return stream.ToArray();
    }
}
