using KeypointMl.Inference.Detection;
using KeypointMl.Training.Distillation;
using KeypointMl.Training.Export;
using KeypointMl.Training.Methods;
using KeypointMl.Training.Networks;
using KeypointMl.Training.Recipes;
using KeypointMl.Training.Runs;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace KeypointMl.Cli.Tests.Readme;

/// <summary>The code of docs/extension.md about networks, compiled and run.</summary>
[TestClass]
public sealed class NetworkExtensionExamples
{
    private static Recipe withEncoder = null!;

    [ClassInitialize]
    public static void Register(TestContext _)
    {
        string here = Environment.CurrentDirectory;
        Environment.CurrentDirectory = RepositoryFiles.Path(".");
        withEncoder = RegisterEncoder();
        NetworkKinds.RegisterEncoder("unchecked", _ => new UncheckedEncoder());
        NetworkKinds.RegisterEncoder("small", _ => Sequential(new Convolution(3, 1, kernel: 3, padding: 1, stride: 2)));
        NetworkKinds.RegisterEncoder("grey", _ => Sequential(new ConvBlock(1, 4, NetworkNormalization.Batch), new Convolution(4, 1, 1)));
        NetworkKinds.RegisterGenerator("pooled", context => new ConditionalGenerator(context.Recipe.Networks.GeneratorWidth, true));
        Environment.CurrentDirectory = here;
    }

    [TestMethod]
    public void Networks_of_another_assembly_train_resume_distil_and_export()
    {
        using var folder = new TemporaryFolder();
        Assert.AreEqual("plain", withEncoder.Networks.Encoder);
        Recipe recipe = TinyRun.Recipe(steps: 4);
        recipe = recipe with { Networks = recipe.Networks with { Encoder = "plain", Generator = "pooled" } };
        TrainingLogEntry last = TinyRun.Train(folder["run"], recipe);
        TrainingLogEntry alike = TinyRun.TrainStopAndResume(folder["stopped"], recipe);
        Assert.AreEqual(last.Losses["reconstruction"], alike.Losses["reconstruction"]);
        using RunFolder run = RunFolder.Open(folder["run"]);
        using var exporter = ModelExporter.Open(run);
        exporter.ExportDetector(folder["detector.onnx"], ExportFrames.OfTraining(TinyRun.Puppets));
        exporter.ExportGenerator(folder["generator.onnx"], ExportFrames.OfTraining(TinyRun.Puppets));
        using var detector = KeypointDetector.Load(folder["detector.onnx"]);
        Assert.AreEqual(TinyRun.Puppets.Skeleton, detector.Skeleton);
        Assert.AreEqual(recipe, Recipe.Parse(recipe.ToYaml()));
        string[] brief = ["articulation.steps=0", "student.steps=1", "student.batch=2", "student.size=32", "student.width=2"];
        Assert.IsGreaterThan(0, TinyRun.Train(folder["student"], DistillationRun.RecipeOf(run, brief)).Losses["coordinates"]);
    }

    [TestMethod]
    [DataRow("networks.encoder=plan",
        "networks.encoder is 'plan', which is not a network that is registered; these are: grey, plain, small, unchecked. Did you mean 'plain'?")]
    [DataRow("networks.generator=plain", "networks.generator is 'plain', which is not a network that is registered; these are: pooled.")]
    [DataRow("networks.encoder=unchecked", "networks.encoder is 'unchecked', which contains a Conv2d: libtorch computes some of them wrongly")]
    [DataRow("networks.encoder=small", "networks.encoder is 'small', which makes [1,1,16,16] of images of 32×32; expected [1,1,32,32].")]
    [DataRow("networks.encoder=grey", "networks.encoder is 'grey', which cannot make [1,1,32,32] of images of 32×32: A convolution with 1 input channel(s) is given 3.")]
    public void Network_that_is_not_there_does_not_fit_or_would_not_be_checked_is_refused(string set, string message)
    {
        using var folder = new TemporaryFolder();

        Assert.Contains(message, Assert.ThrowsExactly<RecipeException>(
            () => TinyRun.Train(folder["run"], Recipe.Parse(TinyRun.Recipe(steps: 1).ToYaml(), "tiny", [set]))).Message);
        Assert.ThrowsExactly<ArgumentException>(() => NetworkKinds.RegisterEncoder("plain", _ => new PlainEncoder(8)));
    }

    private static Recipe RegisterEncoder()
    {
        // begin register encoder
        NetworkKinds.RegisterEncoder("plain", context => new PlainEncoder(context.Recipe.Networks.Width));
        var recipe = Recipe.Load("pipelines/train/puppets.yaml", ["networks.encoder=plain"]);
        // end register encoder
        return recipe;
    }

    // begin encoder
    /// <summary>A Φ without skips, of three halvings and three doublings.</summary>
    private sealed class PlainEncoder : Module<Tensor, Tensor>
    {
        private readonly Module<Tensor, Tensor> layers;

        public PlainEncoder(int width)
            : base(nameof(PlainEncoder))
        {
            layers = Sequential(
                Block(3, width, stride: 2), Block(width, 2 * width, stride: 2), Block(2 * width, 4 * width, stride: 2),
                Enlarge(), Block(4 * width, 2 * width), Enlarge(), Block(2 * width, width), Enlarge(),
                new Convolution(width, 1, kernel: 3, padding: 1, isLast: true));
            RegisterComponents();
        }

        public override Tensor forward(Tensor image) => layers.call(image);

        private static ConvBlock Block(int inputs, int outputs, int stride = 1) =>
            new(inputs, outputs, NetworkNormalization.Batch, stride: stride);

        private static Module<Tensor, Tensor> Enlarge() => Upsample(scale_factor: [2, 2], mode: UpsampleMode.Bilinear, align_corners: false);
    }
    // end encoder

    /// <summary>As people write it who do not know that some processors compute it wrongly.</summary>
    private sealed class UncheckedEncoder : Module<Tensor, Tensor>
    {
        private readonly Module<Tensor, Tensor> layer = Conv2d(3, 1, 3, padding: 1);

        public UncheckedEncoder()
            : base(nameof(UncheckedEncoder)) => RegisterComponents();

        public override Tensor forward(Tensor image) => layer.call(image);
    }
}
