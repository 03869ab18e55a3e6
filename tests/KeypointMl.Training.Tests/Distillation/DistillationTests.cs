using System.Text.Json.Nodes;
using KeypointMl.Data.Frames;
using KeypointMl.Inference.Detection;
using KeypointMl.Poses.Skeletons;
using KeypointMl.Training.Checkpoints.Safetensors;
using KeypointMl.Training.Distillation;
using KeypointMl.Training.Export;
using KeypointMl.Training.Recipes;
using KeypointMl.Training.Recipes.Sections;
using KeypointMl.Training.Reports;
using KeypointMl.Training.Running;
using KeypointMl.Training.Runs;

namespace KeypointMl.Training.Tests;

[TestClass]
public sealed class DistillationTests
{
    private static TemporaryFolder folder = null!;

    [ClassInitialize]
    public static void TrainTheTeacher(TestContext _)
    {
        folder = new TemporaryFolder();
        using RunFolder run = RunFolder.Create(folder["teacher"], Teacher());
        TinyRun.Train(run);
    }

    [ClassCleanup]
    public static void Delete() => folder.Dispose();

    [TestMethod]
    [DataRow(TrainingPhase.Articulation, 2L)]
    [DataRow(TrainingPhase.Training, 1L)]
    public void Train_stopped_and_resumed_ends_with_the_tensors_of_an_uninterrupted_run(TrainingPhase phase, long stopAt)
    {
        string whole = folder[$"whole-{phase}"];
        string stopped = folder[$"stopped-{phase}"];
        using (RunFolder run = RunFolder.Create(whole, Student()))
            Assert.IsTrue(TinyRun.Train(run).Finished);
        using (RunFolder run = RunFolder.Create(stopped, Student()))
        {
            using var stop = new TinyRun.StopAfter(phase, stopAt);
            Assert.IsFalse(new Trainer(run, TinyRun.Puppets, stop).Train(stop.Token).Finished);
        }
        using (RunFolder run = RunFolder.Resume(stopped))
            Assert.IsTrue(TinyRun.Train(run).Finished);

        SafetensorsFile resumed = SafetensorsFile.Read(Newest(stopped));
        foreach (SafetensorsTensor tensor in SafetensorsFile.Read(Newest(whole)).Tensors)
            Assert.IsTrue(tensor.Data.Span.SequenceEqual(resumed[tensor.Name].Data.Span), tensor.Name);
    }

    [TestMethod]
    public void Train_keeps_the_teacher_as_the_run_left_it_and_trains_the_rest()
    {
        string path = folder["student"];
        using (RunFolder run = RunFolder.Create(path, Student()))
            Assert.IsTrue(TinyRun.Train(run).Finished);

        SafetensorsFile teacher = SafetensorsFile.Read(Newest(folder["teacher"]));
        SafetensorsFile student = SafetensorsFile.Read(Newest(path));
        foreach (string network in new[] { "phi", "eta" })
        {
            foreach (SafetensorsTensor tensor in teacher.Tensors.Where(
                tensor => tensor.Name.StartsWith($"average.{network}.", StringComparison.Ordinal)))
            {
                Assert.IsTrue(tensor.Data.Span.SequenceEqual(student[$"teacher.{tensor.Name["average.".Length..]}"].Data.Span),
                    tensor.Name);
            }
        }
        IReadOnlyList<TrainingLogEntry> log;
        using (RunFolder run = RunFolder.Open(path))
        {
            log = TrainingLog.Read(run.LogPath);
            CollectionAssert.AreEqual(new[] { "After 2 steps", "Articulation, after 3 steps" },
                RunReport.Collect(run).Pictures.Select(picture => picture.Title).ToArray());
        }
        CollectionAssert.IsSubsetOf(new[] { "reconstruction", "adversarial", "equivariance", "discriminator" },
            log.First(entry => entry.Phase == TrainingPhase.Articulation).Losses.Keys.ToArray());
        CollectionAssert.IsSubsetOf(new[] { "coordinates", "heat_maps" }, log[^1].Losses.Keys.ToArray());
    }

    [TestMethod]
    public void Export_writes_the_student_at_its_own_size()
    {
        string path = folder["exported"];
        using RunFolder run = RunFolder.Create(path, Student());
        TinyRun.Train(run);
        string file = Path.Combine(path, "detector.onnx");
        using (ModelExporter exporter = ModelExporter.Open(run))
        using (IFrameSet training = TinyRun.Puppets.OpenTrainingFrames())
        {
            var frames = new ExportFrames(training, "training frames");
            exporter.ExportDetector(file, frames);
            Assert.Contains("detector alone",
                Assert.ThrowsExactly<InvalidOperationException>(
                    () => exporter.ExportGenerator(Path.Combine(path, "generator.onnx"), frames)).Message);
        }

        using KeypointDetector detector = KeypointDetector.Load(file);
        Assert.AreEqual((32, 32), (detector.Width, detector.Height));
        JsonNode provenance = JsonNode.Parse(detector.Contract.Metadata.Provenance)!;
        using (RunFolder teacher = RunFolder.Open(folder["teacher"]))
            Assert.AreEqual($"tiny, recipe {teacher.Recipe.Hash}, step 2", provenance["teacher"]!.GetValue<string>());
        JsonNode confidence = provenance["confidence"]!;
        Assert.Contains("held back", confidence["from"]!.GetValue<string>());
        Assert.AreEqual(6, confidence["frames"]!.GetValue<int>()); // the last of each of six clips of eight
        CollectionAssert.AreEqual(TinyRun.Puppets.Skeleton.Keypoints.ToArray(), detector.Skeleton.Keypoints.ToArray());
    }

    [TestMethod]
    public void RecipeOf_a_run_without_training_or_of_labels_is_refused()
    {
        using (RunFolder run = RunFolder.Create(folder["untrained"], Teacher()))
            Assert.Contains("no checkpoint", Assert.ThrowsExactly<InvalidDataException>(() => DistillationRun.RecipeOf(run)).Message);
        using (RunFolder run = RunFolder.Create(folder["supervised"], Teacher() with { Method = TrainingMethod.Supervised }))
        {
            TinyRun.Train(run);
            Assert.Contains("without labels", Assert.ThrowsExactly<InvalidDataException>(() => DistillationRun.RecipeOf(run)).Message);
        }
    }

    [TestMethod]
    public void Networks_of_a_skeleton_without_parts_need_a_distillation_without_articulation()
    {
        var points = new Skeleton("points", ["a", "b"], []);
        Recipe recipe = Student();

        string message = Assert.ThrowsExactly<InvalidDataException>(() => new DistillationNetworks(recipe, points)).Message;
        using var student = new DistillationNetworks(recipe with { Articulation = recipe.Articulation with { Steps = 0 } }, points);

        Assert.Contains("articulation.steps to 0", message);
        Assert.IsNull(student.Articulation);
    }

    [TestMethod]
    public void Train_without_an_articulation_teaches_the_student_what_the_run_sees()
    {
        string path = folder["plain"];
        Recipe recipe = Student();
        using RunFolder run = RunFolder.Create(path, recipe with
        {
            Articulation = recipe.Articulation with { Steps = 0, WarmupSteps = 0 },
        });
        Assert.IsTrue(TinyRun.Train(run).Finished);
        Assert.IsTrue(TrainingLog.Read(run.LogPath).All(entry => entry.Phase == TrainingPhase.Training));
    }

    [TestMethod]
    public void RecipeOf_takes_overrides_and_names_wrong_ones()
    {
        using RunFolder run = RunFolder.Open(folder["teacher"]);

        Recipe recipe = DistillationRun.RecipeOf(run, ["student.steps=9", "articulation.size=48"]);

        Assert.AreEqual((TrainingMethod.Distillation, 9, 48, 32),
            (recipe.Method, recipe.Training.Steps, recipe.Articulation.Size, recipe.Student.TeacherSize));
        Assert.Contains("articulation.size",
            Assert.ThrowsExactly<RecipeException>(() => DistillationRun.RecipeOf(run, ["articulation.size=50"])).Message);
    }

    [TestMethod]
    [DataRow("size=128", "student.size")]
    [DataRow("training.steps=7", "student.steps")]
    [DataRow("training.learning_rate = 0.1", "student.learning_rate")]
    [DataRow("augmentation.rotation_degrees=3", "student.augmentation.rotation_degrees")]
    [DataRow("student.teacher_size=64", "cannot be set")]
    [DataRow("training.initialise_from=elsewhere", "cannot be set")]
    [DataRow("losses.further.edge_lengths=0.5", "keypoint-gan's training")]
    public void RecipeOf_an_override_that_a_distillation_would_pass_over_is_refused(string text, string said)
    {
        using RunFolder run = RunFolder.Open(folder["teacher"]);
        Assert.Contains(said, Assert.ThrowsExactly<RecipeException>(() => DistillationRun.RecipeOf(run, [text])).Message);
    }

    [TestMethod]
    public void RecipeOf_leaves_the_threads_to_the_machine_that_distils()
    {
        using RunFolder run = RunFolder.Open(folder["teacher"]);
        Assert.IsGreaterThan(0, run.Recipe.Training.Threads);
        Assert.AreEqual(0, DistillationRun.RecipeOf(run).Training.Threads);
        Assert.AreEqual(3, DistillationRun.RecipeOf(run, ["training.threads=3"]).Training.Threads);
    }

    private static Recipe Teacher() => TinyRun.Recipe(steps: 2, pretraining: 2) with
    {
        Articulation = new ArticulationRecipe
        {
            Steps = 3,
            WarmupSteps = 1,
            Batch = 2,
            Size = 32,
            Width = 4,
            GeneratorWidth = 4,
            Discriminator = new DiscriminatorRecipe { Width = 4, Layers = 2, Scales = 1 },
        },
        Student = new StudentRecipe
        {
            Size = 32,
            Stride = 2,
            Width = 4,
            Steps = 2,
            Batch = 2,
            Augmentation = new AugmentationRecipe { RotationDegrees = 10, Flip = true },
        },
    };

    private static Recipe Student()
    {
        using RunFolder run = RunFolder.Open(folder["teacher"]);
        return DistillationRun.RecipeOf(run);
    }

    private static string Newest(string path)
    {
        using RunFolder run = RunFolder.Open(path);
        return run.Checkpoints.List()[0].Path;
    }
}
