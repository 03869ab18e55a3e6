using KeypointMl.Scoring;
using KeypointMl.Tests.Data;

namespace KeypointMl.Tests.Scoring;

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
    public void Glob_gives_names_from_its_fixed_part()
    {
        using TemporaryFolder folder = Made("x/1.png", "x/2.png", "x/y/3.png", "z/4.png", "x/5.jpg");

        CollectionAssert.AreEqual(new[] { "1.png", "2.png" }, Names(folder.File("x/*.png")));
        CollectionAssert.AreEqual(new[] { "x/1.png", "x/2.png", "z/4.png", "x/y/3.png" }.Order().ToArray(), Names(folder.File("**/*.png")).Order().ToArray());
    }

    [TestMethod]
    public void List_gives_its_lines_in_its_own_order_relative_to_its_folder()
    {
        using TemporaryFolder folder = Made("x/1.png", "x/2.png");
        string list = folder.Write("x/list.txt", "2.png\n\n1.png\nmissing.png\n");

        IReadOnlyList<InputFile> files = InputFiles.Find(list);

        CollectionAssert.AreEqual(new[] { "2.png", "1.png", "missing.png" }, files.Select(file => file.Name).ToArray());
        Assert.AreEqual(folder.File("x/2.png"), files[0].Path);
    }

    [TestMethod]
    public void Single_file_is_an_image_or_a_video_by_its_extension()
    {
        using TemporaryFolder folder = Made("a.png", "a.mp4");

        Assert.IsTrue(InputFiles.Find(folder.File("a.png")).Single().IsImage);
        Assert.IsFalse(InputFiles.Find(folder.File("a.mp4")).Single().IsImage);
    }

    [TestMethod]
    public void Input_that_means_no_file_is_an_error_that_says_what_is_missing()
    {
        using TemporaryFolder folder = Made("notes.md");
        string empty = folder.Write("empty.txt", "\n \n");
        string twice = folder.Write("twice.txt", "a.png\nb.png\na.png\n");

        Assert.Contains("has no image", Assert.ThrowsExactly<InvalidDataException>(() => InputFiles.Find(folder.Path)).Message);
        Assert.Contains("No file matches", Assert.ThrowsExactly<InvalidDataException>(() => InputFiles.Find(folder.File("*.png"))).Message);
        Assert.Contains("no folder", Assert.ThrowsExactly<DirectoryNotFoundException>(() => InputFiles.Find(folder.File("none/*.png"))).Message);
        Assert.Contains("There is no input", Assert.ThrowsExactly<FileNotFoundException>(() => InputFiles.Find(folder.File("none.png"))).Message);
        Assert.Contains("names no file", Assert.ThrowsExactly<InvalidDataException>(() => InputFiles.Find(empty)).Message);
        Assert.Contains($"{twice}:3: 'a.png' stands in line 1 already", Assert.ThrowsExactly<InvalidDataException>(() => InputFiles.Find(twice)).Message);
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
