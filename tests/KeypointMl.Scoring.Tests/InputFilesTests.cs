using KeypointMl.Imaging.Folders;
using KeypointMl.Scoring.Inputs;
using Parquet;
using Parquet.Schema;

namespace KeypointMl.Scoring.Tests;

[TestClass]
public sealed class InputFilesTests
{
    [TestMethod]
    public void Folder_gives_its_images_at_any_depth_in_natural_order()
    {
        using TemporaryFolder folder = Made("b/frame10.png", "b/frame2.png", "a.JPG", "notes.md", ".hidden.png");

        CollectionAssert.AreEqual(new[] { "a.JPG", "b/frame2.png", "b/frame10.png" }, Names(folder.Path));
    }

    [TestMethod]
    public void Folder_is_visited_once_however_links_lead_to_it()
    {
        Pipes.RequireLinux();
        using TemporaryFolder folder = Made("x.png", "sub/y.png", "z/deep/w.png");
        using TemporaryFolder other = Made("o.png");
        Directory.CreateSymbolicLink(folder["a"], ".");
        Directory.CreateSymbolicLink(folder["b"], ".");
        Directory.CreateSymbolicLink(folder["sub/loop"], folder.Path);
        Directory.CreateSymbolicLink(folder["again"], "z/deep");
        Directory.CreateSymbolicLink(folder["elsewhere"], other.Path);
        var leftOut = new LeftOutFiles();

        string[] names = [.. InputFiles.Enumerate(new ScoreSource(folder.Path), leftOut).Select(file => file.Name)];

        CollectionAssert.AreEqual(new[] { "x.png", "elsewhere/o.png", "sub/y.png", "z/deep/w.png" }, names);
        Assert.AreEqual(4, leftOut.Links);
        Assert.Contains("4 links to folders that are listed already, such as 'a'", leftOut.Describe(folder.Path)!);
        CollectionAssert.AreEquivalent(names, Names(folder["**/*.png"]));
        CollectionAssert.AreEqual(new[] { "sub/y.png" }, Names(folder["sub*/*.png"]));
    }

    [TestMethod]
    public void What_a_folder_holds_beside_images_is_counted_by_kind()
    {
        using TemporaryFolder folder = Made("1.png", "2.jfif", "3.JPE", "a.tif", "b.TIF", "c/d.heic", "c/e.avif", "README", ".hidden.tif");
        var leftOut = new LeftOutFiles();

        string[] names = [.. InputFiles.Enumerate(new ScoreSource(folder.Path), leftOut).Select(file => file.Name)];

        CollectionAssert.AreEqual(new[] { "1.png", "2.jfif", "3.JPE" }, names);
        Assert.AreEqual(5, leftOut.Files);
        Assert.Contains("Left out of", leftOut.Describe(folder.Path)!);
        Assert.Contains("1 .avif, 1 .heic, 2 .tif, 1 without an extension (images are .jpg, .jpeg, .jpe, .jfif,",
            leftOut.Describe(folder.Path)!);
        Assert.IsNull(new LeftOutFiles().Describe(folder.Path));
    }

    [TestMethod]
    public void Pipe_as_an_input_is_refused_without_opening_it()
    {
        using var folder = new TemporaryFolder();

        foreach (string name in (string[])["a.png", "list.txt", "table.csv", "table.parquet", "v.mp4"])
        {
            Assert.Contains("is a pipe (FIFO)",
                Assert.ThrowsExactly<InvalidDataException>(() => InputFiles.Find(Pipes.Make(folder, name))).Message, name);
        }
    }

    [TestMethod]
    public void Glob_gives_names_from_its_fixed_part()
    {
        using TemporaryFolder folder = Made("x/1.png", "x/2.png", "x/y/3.png", "z/4.png", "x/5.jpg");

        CollectionAssert.AreEqual(new[] { "1.png", "2.png" }, Names(folder["x/*.png"]));
        CollectionAssert.AreEqual(new[] { "x/1.png", "x/2.png", "z/4.png", "x/y/3.png" }.Order().ToArray(),
            Names(folder["**/*.png"]).Order().ToArray());
    }

    [TestMethod]
    public void Glob_gives_folder_after_folder_in_natural_order_and_looks_no_deeper_than_it_says()
    {
        using TemporaryFolder folder =
            Made("b10/1.png", "b2/frame10.png", "b2/frame2.png", "b2/.hidden.png", "b2/c/deep.png", "b2/notes.md", "a.png");

        CollectionAssert.AreEqual(
            new[] { "b2/.hidden.png", "b2/frame2.png", "b2/frame10.png", "b10/1.png" }, Names(folder["*/*.png"]));
        CollectionAssert.AreEqual(
            new[] { "a.png", "b2/.hidden.png", "b2/frame2.png", "b2/frame10.png", "b2/c/deep.png", "b10/1.png" },
            Names(folder["**/*.png"]));
        CollectionAssert.AreEqual(new[] { "b2/c/deep.png" }, Names(folder["*/c/*.png"]));
    }

    [TestMethod]
    public void List_gives_its_lines_in_its_own_order_relative_to_its_folder()
    {
        using TemporaryFolder folder = Made("x/1.png", "x/2.png");
        string list = folder.Write("x/list.txt", "2.png\n\n1.png\nmissing.png\n");

        IReadOnlyList<InputFile> files = InputFiles.Find(list);

        CollectionAssert.AreEqual(new[] { "2.png", "1.png", "missing.png" }, files.Select(file => file.Name).ToArray());
        Assert.AreEqual(folder["x/2.png"], files[0].Path);
    }

    [TestMethod]
    public void Single_file_is_an_image_or_a_video_by_its_extension()
    {
        using TemporaryFolder folder = Made("a.png", "a.mp4");

        Assert.IsTrue(InputFiles.Find(folder["a.png"]).Single().IsImage);
        Assert.IsFalse(InputFiles.Find(folder["a.mp4"]).Single().IsImage);
    }

    [TestMethod]
    public void Input_that_means_no_file_is_an_error_that_says_what_is_missing()
    {
        using TemporaryFolder folder = Made("notes.md");
        string empty = folder.Write("empty.txt", "\n \n");
        string twice = folder.Write("twice.txt", "a.png\nb.png\na.png\n");

        Assert.Contains("has no image", Assert.ThrowsExactly<InvalidDataException>(() => InputFiles.Find(folder.Path)).Message);
        Assert.Contains("No file matches", Assert.ThrowsExactly<InvalidDataException>(() => InputFiles.Find(folder["*.png"])).Message);
        Assert.Contains("no folder",
            Assert.ThrowsExactly<DirectoryNotFoundException>(() => InputFiles.Find(folder["none/*.png"])).Message);
        Assert.Contains("There is no input",
            Assert.ThrowsExactly<FileNotFoundException>(() => InputFiles.Find(folder["none.png"])).Message);
        Assert.Contains("names no file", Assert.ThrowsExactly<InvalidDataException>(() => InputFiles.Find(empty)).Message);
        Assert.Contains($"The inputs name '{folder["a.png"]}' twice (files 1 and 3)",
            Assert.ThrowsExactly<InvalidDataException>(() => InputFiles.Find(twice)).Message);
    }

    [TestMethod]
    public async Task Table_gives_the_paths_of_its_column_relative_to_its_folder()
    {
        using TemporaryFolder folder = Made("x/1.png");
        string csv = folder.Write("x/t.csv", "split,file\ntest,1.png\ntrain,\"2,5.png\"\n");
        string parquet = folder["x/t.parquet"];
        await WriteParquetAsync(parquet, "file", ["1.png", "2,5.png"]);

        foreach (string table in (string[])[csv, parquet])
        {
            InputFile[] files = [.. InputFiles.Enumerate(new ScoreSource(table) { Column = "file", Prefix = "p" })];
            CollectionAssert.AreEqual(new[] { "p/1.png", "p/2,5.png" }, files.Select(file => file.Name).ToArray(), table);
            Assert.AreEqual(folder["x/1.png"], files[0].Path);
            Assert.Contains("there is no column 'path'; the columns are",
                Assert.ThrowsExactly<InvalidDataException>(() => InputFiles.Find(table)).Message);
        }
    }

    [TestMethod]
    public void Line_without_end_of_a_list_is_refused()
    {
        using var folder = new TemporaryFolder();
        string path = folder.Write("list.txt", "a.png\n" + new string('x', 3_000_000));

        Assert.Contains("list.txt:2: the line has more than 1,048,576 characters",
            Assert.ThrowsExactly<InvalidDataException>(() => InputFiles.Find(path)).Message);
    }

    private static async Task WriteParquetAsync(string path, string column, string[] values)
    {
        var schema = new ParquetSchema(new DataField<string>(column));
        await using FileStream stream = File.Create(path);
        await using ParquetWriter writer = await ParquetWriter.CreateAsync(schema, stream);
        using ParquetRowGroupWriter group = writer.CreateRowGroup();
        await group.WriteAsync(schema.GetDataFields()[0], values);
        group.CompleteValidate();
    }

    private static TemporaryFolder Made(params string[] files)
    {
        var folder = new TemporaryFolder();
        foreach (string file in files)
            folder.Write(file, "");
        return folder;
    }

    private static string[] Names(string input) => [.. InputFiles.Find(input).Select(file => file.Name)];
}
