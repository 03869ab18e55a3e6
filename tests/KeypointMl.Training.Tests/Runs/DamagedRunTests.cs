using KeypointMl.Training.Checkpoints.Safetensors;
using KeypointMl.Training.Models;
using KeypointMl.Training.Recipes;
using KeypointMl.Training.Recipes.Sections;
using KeypointMl.Training.Running;
using KeypointMl.Training.Runs;

namespace KeypointMl.Training.Tests;

/// <summary>Runs whose files are not what was written: each is named, and what can be gone on from.</summary>
[TestClass]
public sealed class DamagedRunTests
{
    private static TemporaryFolder trained = null!;
    private readonly TemporaryFolder folder = new();

    [ClassInitialize]
    public static void Train(TestContext _)
    {
        trained = new TemporaryFolder();
        Recipe recipe = TinyRun.Recipe(pretraining: 0) with { Checkpoints = new CheckpointRecipe { Every = 2 } };
        using RunFolder run = RunFolder.Create(trained["run"], recipe);
        TinyRun.Train(run);
    }

    [ClassCleanup]
    public static void DeleteTrained() => trained.Dispose();

    [TestCleanup]
    public void DeleteFolder() => folder.Dispose();

    [TestMethod]
    public void Every_single_flipped_byte_of_a_checkpoint_is_found()
    {
        (CheckpointFile before, CheckpointFile newest) = Checkpoints();
        byte[] good = File.ReadAllBytes(newest.Path);
        var random = new Random(15);
        int header = 8 + (int)BitConverter.ToUInt64(good);

        // The header byte by byte, as names, shapes and metadata are there; of the tensors some.
        foreach (int at in Enumerable.Range(0, 40).Select(_ => random.Next(header))
            .Concat(Enumerable.Range(0, 40).Select(_ => random.Next(header, good.Length))))
        {
            byte[] bad = [.. good];
            bad[at] ^= (byte)(1 << random.Next(8));
            File.WriteAllBytes(newest.Path, bad);

            InvalidDataException exception =
                Assert.ThrowsExactly<InvalidDataException>(() => TrainingCheckpoint.ReadSkeleton(newest), $"byte {at}");

            Assert.Contains(newest.Path, exception.Message, $"byte {at}");
            Assert.Contains($"'{Path.GetFileNameWithoutExtension(before.Path)}', is good", exception.Message, $"byte {at}");
            Assert.Contains("--resume --checkpoint", exception.Message, $"byte {at}");
        }
    }

    [TestMethod]
    public void Damaged_tensor_is_named_and_where_the_one_before_is_damaged_too_that_is_said()
    {
        (CheckpointFile before, CheckpointFile newest) = Checkpoints();
        Flip(newest.Path, ^1);
        Flip(before.Path, ^1);

        InvalidDataException exception = Assert.ThrowsExactly<InvalidDataException>(() => TrainingCheckpoint.ReadSkeleton(newest));

        Assert.Contains("is damaged: the bytes of its tensor '", exception.Message);
        Assert.Contains("are damaged too", exception.Message);
    }

    [TestMethod]
    public void Checkpoint_cut_short_with_none_before_says_so()
    {
        (CheckpointFile before, CheckpointFile newest) = Checkpoints();
        File.Delete(before.Path);
        File.WriteAllBytes(newest.Path, File.ReadAllBytes(newest.Path)[..^100]);

        InvalidDataException exception = Assert.ThrowsExactly<InvalidDataException>(() => TrainingCheckpoint.ReadSkeleton(newest));

        Assert.Contains("cut short", exception.Message);
        Assert.Contains("There is no checkpoint before it", exception.Message);
    }

    [TestMethod]
    public void Resume_from_the_checkpoint_before_ends_with_the_bytes_of_an_undisturbed_run()
    {
        string damaged = Checkpoints().Newest.Path;
        byte[] expected = File.ReadAllBytes(damaged);
        Flip(damaged, ^5);

        using (RunFolder run = RunFolder.Resume(folder["run"]))
            Assert.ThrowsExactly<InvalidDataException>(() => TinyRun.Train(run));
        using var notes = new Notes();
        using (RunFolder run = RunFolder.Resume(folder["run"], checkpoint: "training-00000004"))
            Assert.IsTrue(new Trainer(run, TinyRun.Puppets, notes).Train().Finished);

        CollectionAssert.AreEqual(expected, File.ReadAllBytes(damaged));
        Assert.IsTrue(File.Exists(damaged + ".aside"));
        Assert.Contains("Set aside", string.Join('\n', notes.Said));
    }

    [TestMethod]
    public void Resume_from_a_checkpoint_that_is_not_there_lists_those_there_are()
    {
        Checkpoints();

        FileNotFoundException exception =
            Assert.ThrowsExactly<FileNotFoundException>(() => RunFolder.Resume(folder["run"], checkpoint: "training-00000003"));

        Assert.Contains("'training-00000006', 'training-00000004'", exception.Message);
    }

    [TestMethod]
    public void Checkpoint_under_another_name_is_refused()
    {
        (CheckpointFile before, CheckpointFile newest) = Checkpoints();
        File.Copy(before.Path, newest.Path, overwrite: true);

        using RunFolder run = RunFolder.Resume(folder["run"]);
        InvalidDataException exception = Assert.ThrowsExactly<InvalidDataException>(() => TinyRun.Train(run));

        Assert.Contains("is of Training, step 4, and its name says Training, step 6", exception.Message);
    }

    [TestMethod]
    public void Checkpoint_of_the_version_without_checksums_is_read_and_said_to_have_none()
    {
        Checkpoints();
        foreach (CheckpointFile checkpoint in new CheckpointFolder(folder["run/checkpoints"]).List())
            RemoveChecksums(checkpoint.Path);
        File.Delete(folder["run/log.jsonl.sha256"]);
        File.Delete(new CheckpointFolder(folder["run/checkpoints"]).List()[0].Path);
        using var notes = new Notes();

        using (RunFolder run = RunFolder.Resume(folder["run"]))
            Assert.IsTrue(new Trainer(run, TinyRun.Puppets, notes).Train().Finished);

        Assert.Contains("'training-00000004' carries no checksums", string.Join('\n', notes.Said));
        Assert.IsTrue(File.Exists(folder["run/log.jsonl.sha256"]), "from here on there are some");
    }

    [TestMethod]
    public void Log_that_was_moved_away_begins_anew_and_the_run_goes_on()
    {
        Checkpoints();
        File.Delete(new CheckpointFolder(folder["run/checkpoints"]).List()[0].Path);
        File.Move(folder["run/log.jsonl"], folder["elsewhere.jsonl"]);
        using var notes = new Notes();

        using (RunFolder run = RunFolder.Resume(folder["run"]))
            Assert.IsTrue(new Trainer(run, TinyRun.Puppets, notes).Train().Finished);

        Assert.Contains("There is no log.jsonl", string.Join('\n', notes.Said));
        CollectionAssert.AreEqual(new[] { 6L }, TrainingLog.Read(folder["run/log.jsonl"]).Select(entry => entry.Step).ToArray());
    }

    private (CheckpointFile Before, CheckpointFile Newest) Checkpoints()
    {
        foreach (string file in Directory.GetFiles(trained["run"], "*", SearchOption.AllDirectories))
        {
            string copy = folder[Path.GetRelativePath(trained.Path, file)];
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }
        IReadOnlyList<CheckpointFile> list = new CheckpointFolder(folder["run/checkpoints"]).List();
        return (list[1], list[0]);
    }

    private static void Flip(string path, Index at)
    {
        byte[] bytes = File.ReadAllBytes(path);
        bytes[at] ^= 1;
        File.WriteAllBytes(path, bytes);
    }

    // As the first version wrote them.
    private static void RemoveChecksums(string path)
    {
        SafetensorsFile file = SafetensorsFile.Read(path);
        var old = new SafetensorsFile(file.Tensors, SafetensorsChecksums.RemoveFrom(file.Metadata).SetItem("keypointml.checkpoint", "1"));
        using FileStream stream = File.Create(path);
        old.Write(stream);
    }
}
