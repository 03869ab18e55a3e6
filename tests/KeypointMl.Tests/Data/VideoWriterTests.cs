using KeypointMl.Imaging.Video;

namespace KeypointMl.Tests.Data;

/// <summary>Videos that cannot be written, and their sound.</summary>
[TestClass]
public sealed class VideoWriterTests
{
    private static readonly byte[] Frame = new byte[32 * 16 * 3];

    [TestMethod]
    public void Folder_that_is_missing_is_named_before_anything_is_written()
    {
        RealData.RequireFfmpeg();
        using var folder = new TemporaryFolder();
        string path = folder["none/v.mp4"];

        var error = Assert.ThrowsExactly<DirectoryNotFoundException>(() => new VideoWriter(path, 32, 16, 25));

        Assert.AreEqual($"'{path}' cannot be written: its folder is not there; create it first.", error.Message);
    }

    [TestMethod]
    public void Writer_whose_folder_vanishes_is_disposed_of_without_another_error()
    {
        RealData.RequireFfmpeg();
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder["gone"]);

        using (var writer = new VideoWriter(folder["gone/v.mp4"], 32, 16, 25))
        {
            writer.Write(Frame);
            Directory.Delete(folder["gone"], recursive: true);
        }

        Assert.IsFalse(Directory.Exists(folder["gone"]));
    }

    [TestMethod]
    public void Name_of_a_folder_is_refused_with_that_name()
    {
        RealData.RequireFfmpeg();
        using var folder = new TemporaryFolder();
        string path = folder["v.mp4"];
        Directory.CreateDirectory(path);

        using (var writer = new VideoWriter(path, 32, 16, 25))
        {
            writer.Write(Frame);
            var error = Assert.Throws<Exception>(writer.Complete);
            Assert.StartsWith($"'{path}' cannot be written: ", error.Message);
        }

        Assert.HasCount(1, Directory.GetFileSystemEntries(folder.Path));
    }

    [TestMethod]
    public void Sound_of_a_transport_stream_is_copied_as_that_of_other_files_is()
    {
        RealData.RequireFfmpeg();
        using var folder = new TemporaryFolder();

        foreach (string name in (string[])["v.mp4", "v.ts"])
            Assert.AreEqual("copy", VideoSound.Of(VideoFiles.Make(folder, name, ["-c", "copy"]))!.OutputArguments.Last(), name);
    }
}
