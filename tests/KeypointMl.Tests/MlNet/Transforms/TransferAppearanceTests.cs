using KeypointMl.Detection;
using KeypointMl.Generation;
using KeypointMl.Imaging.Images;
using KeypointMl.Inference.Contracts;
using KeypointMl.Inference.Devices;
using KeypointMl.Poses.Skeletons;
using KeypointMl.Rows;
using Microsoft.ML;

namespace KeypointMl.Tests.MlNet;

[TestClass]
public sealed class TransferAppearanceTests
{
    private static readonly AppearanceTransferOptions Options = new() { Device = KeypointDevice.Cpu, IntraOpThreads = 1 };

    private readonly MLContext ml = new(seed: 1);

    [TestMethod]
    public void Image_is_what_detection_and_generation_make_one_after_the_other()
    {
        using var folder = new TemporaryFolder();
        PoseRow[] rows = [.. Enumerable.Range(0, 4).Select(Pictures.Row)];
        for (int i = 0; i < rows.Length; i++)
        {
            rows[i].Path = folder.Write(
                $"{i}.png", ImageWriter.EncodePng(TestImages.Draw([new(4 + i, 3), new(9, 8 + i), new(30, 20)], 61, 47)));
        }
        IDataView data = ml.Data.LoadFromEnumerable(rows);
        using AppearanceTransferringTransformer transformer = Fit(data);
        using KeypointDetectingTransformer detect =
            ml.Transforms.DetectKeypoints("Found", "Path", TestModels.Detector(), TestData.Options).Fit(data);
        IDataView found = detect.Transform(data);
        using ImageGeneratingTransformer generate = ml.Transforms.GenerateImage(
            "Picture", "Found", "Image", TestModels.Generator(), new()
            {
                Device = KeypointDevice.Cpu,
                IntraOpThreads = 1,
                KeypointsWidth = 61,
                KeypointsHeight = 47,
            }).Fit(found);

        RgbImage?[] transferred = Pictures.Read(transformer.Transform(data));
        RgbImage?[] stepwise = Pictures.Read(generate.Transform(found));

        // Coordinates that go through the picture's pixels and back may round to another grey level.
        for (int i = 0; i < rows.Length; i++)
            Assert.IsLessThanOrEqualTo(1, transferred[i]!.Pixels.Zip(stepwise[i]!.Pixels, (a, b) => Math.Abs(a - b)).Max(), $"row {i}");
        Assert.IsTrue(transferred[0]!.Pixels.Any(value => value > 0));
    }

    [TestMethod]
    public void Row_without_a_file_is_named_or_left_without_an_image()
    {
        IDataView data = Pictures.Rows(ml, 2);
        using AppearanceTransferringTransformer throws = Fit(data);
        using AppearanceTransferringTransformer marks = Fit(data, Options with { OnError = KeypointErrorPolicy.MarkRow });

        string message = Assert.ThrowsExactly<InvalidDataException>(() => Pictures.Read(throws.Transform(data))).Message;

        StringAssert.Contains(message, "Row 0 (counted from 0), column 'Picture'");
        StringAssert.Contains(message, "no-such-0.png");
        Assert.IsTrue(Pictures.Read(marks.Transform(data)).All(image => image is null));
    }

    [TestMethod]
    public void Graphs_of_different_skeletons_are_refused()
    {
        var other = new ModelMetadata(ModelKind.Generator, new Skeleton("other", ["a", "b", "c"], []), "{}");
        var model = KeypointMl.Onnx.Model.OnnxModel.Load(TestModels.Generator());
        foreach ((string key, string value) in other.ToProperties())
            model.SetMetadata(key, value);

        var error = Assert.ThrowsExactly<ArgumentException>(
            () => ml.Transforms.TransferAppearance("Picture", "Path", "Image", TestModels.Detector(), model.ToArray()));

        StringAssert.Contains(
            error.Message, "'detector.onnx' finds the keypoints of skeleton 'colours', 'generator.onnx' draws those of 'other'");
    }

    private AppearanceTransferringTransformer Fit(IDataView data, AppearanceTransferOptions? options = null) =>
        ml.Transforms.TransferAppearance("Picture", "Path", "Image", TestModels.Detector(), TestModels.Generator(), options
            ?? Options).Fit(data);
}
