using KeypointMl.Data.Manifests;
using KeypointMl.Imaging.Files;

namespace KeypointMl.Tests.Data;

[TestClass]
public sealed class AtomicFileTests
{
    private const string Leftover = ".out.0123456789abcdef0123456789abcdef.tmp.csv";

    [TestMethod]
    public void Disposed_on_a_full_disk_leaves_nothing_and_the_first_error_stands()
    {
        using var folder = new TemporaryFolder();
        folder.Write("out.csv", "old"u8.ToArray());

        IOException thrown = Assert.ThrowsExactly<IOException>(() =>
        {
            using var file = new PendingFile(folder["out.csv"], temporary => new FullDisk(temporary));
            file.Content.Write("new"u8);
            file.Complete();
        });

        Assert.AreEqual("full at the flush", thrown.Message);
        CollectionAssert.AreEqual(new[] { folder["out.csv"] }, Directory.GetFileSystemEntries(folder.Path));
        Assert.AreEqual("old", File.ReadAllText(folder["out.csv"]));
    }

    [TestMethod]
    public void Complete_over_a_folder_fails_and_leaves_nothing()
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder["out.csv"]);

        var error = Assert.Throws<Exception>(() => AtomicFile.WriteAllText(folder["out.csv"], "text"));

        Assert.StartsWith($"'{folder["out.csv"]}' cannot be written: ", error.Message);
        Assert.DoesNotContain(".tmp", error.Message);
        CollectionAssert.AreEqual(new[] { folder["out.csv"] }, Directory.GetFileSystemEntries(folder.Path));
    }

    [TestMethod]
    public void Complete_of_a_file_that_was_removed_meanwhile_says_that_it_is_not_there()
    {
        using var folder = new TemporaryFolder();
        using var file = new PendingFile(folder["out.csv"]);
        File.Delete(Directory.GetFiles(folder.Path).Single());

        string message = Assert.ThrowsExactly<FileNotFoundException>(file.Complete).Message;

        Assert.StartsWith($"'{folder["out.csv"]}' cannot be written: ", message);
        Assert.DoesNotContain(".tmp", message);
    }

    [TestMethod]
    public void Write_into_a_folder_that_is_not_there_names_the_file_that_was_asked_for()
    {
        using var folder = new TemporaryFolder();
        string path = Path.Combine(folder["none"], "out.csv");

        DirectoryNotFoundException thrown = Assert.ThrowsExactly<DirectoryNotFoundException>(() => AtomicFile.WriteAllText(path, "text"));

        Assert.AreEqual($"'{path}' cannot be written: its folder is not there; create it first.", thrown.Message);
    }

    [TestMethod]
    public void Write_removes_what_a_killed_process_left_of_the_same_file_and_nothing_else()
    {
        using var folder = new TemporaryFolder();
        folder.Write(Leftover, [1]);
        string other = folder.Write(".other.0123456789abcdef0123456789abcdef.tmp.csv", [1]);
        string users = folder.Write(".out.mine.tmp.csv", [1]);

        AtomicFile.WriteAllText(folder["out.csv"], "text");

        CollectionAssert.AreEquivalent(new[] { other, users, folder["out.csv"] }, Directory.GetFiles(folder.Path));
    }

    [TestMethod]
    public void RemoveLeftovers_leaves_what_is_being_written()
    {
        using var folder = new TemporaryFolder();
        folder.Write(Leftover, [1]);
        folder.Write(".detector.onnx.0123456789abcdef0123456789abcdef.tmp", [1]);
        string video = folder.Write(".out.0123456789abcdef0123456789abcdef.tmp.mp4", [1]);
        using var file = new PendingFile(folder["out.csv"]);
        file.Content.Write("text"u8);

        AtomicFile.RemoveLeftovers(folder.Path);
        file.Complete();

        Assert.AreEqual("text", File.ReadAllText(folder["out.csv"]));
        CollectionAssert.AreEquivalent(
            new[] { video, folder["out.csv"] }, Directory.GetFiles(folder.Path), "ffmpeg may still write the video");
        File.SetLastWriteTimeUtc(video, DateTime.UtcNow.AddHours(-2));
        AtomicFile.RemoveLeftovers(folder.Path);
        Assert.IsFalse(File.Exists(video));
    }

    [TestMethod]
    [DataRow("plain-word_1.yaml", "plain-word_1.yaml")]
    [DataRow("", "''")]
    [DataRow("two words", "'two words'")]
    [DataRow("it's", @"'it'\''s'")]
    [DataRow("$HOME;`x`*", "'$HOME;`x`*'")]
    [DataRow("ä", "'ä'")]
    public void ShellWords_quotes_what_a_shell_would_not_take_as_it_is(string word, string expected)
    {
        if (OperatingSystem.IsWindows())
            Assert.Inconclusive("There double quotes are used.");

        Assert.AreEqual(expected, ShellWords.Quote(word));
    }

    /// <summary>Has room for nothing, which shows when it is flushed, and once more when it is closed.</summary>
    private sealed class FullDisk(string path) : FileStream(path, FileMode.CreateNew, FileAccess.ReadWrite)
    {
        public override void Flush(bool flushToDisk) => throw new IOException("full at the flush");

        protected override void Dispose(bool disposing)
        {
            base.Dispose(disposing);
            if (disposing)
                throw new IOException("full at the end");
        }
    }
}
