using KeypointMl.Generation;
using KeypointMl.Imaging.Images;
using KeypointMl.Inference.Devices;
using KeypointMl.Poses.Skeletons;
using KeypointMl.Rows;
using Microsoft.ML;

namespace KeypointMl.Tests.MlNet;

/// <summary>The test generator adds the mean of all coordinates to every byte of the appearance.</summary>
[TestClass]
public sealed class GenerateImageTests
{
    private static readonly ImageGenerationOptions Options = new() { Device = KeypointDevice.Cpu, IntraOpThreads = 1 };

    private readonly MLContext ml = new(seed: 1);

    [TestMethod]
    public void Image_is_the_graphs_for_the_rows_pose_and_appearance()
    {
        IDataView data = ml.Data.LoadFromEnumerable([Flat(100, [2, 2, 5, 5, 8, 8]), Flat(50, [1, 1, 1, 1, 1, 1])]); // means 5 and 1
        using ImageGeneratingTransformer transformer = Fit(data, Options);

        RgbImage?[] images = Pictures.Read(transformer.Transform(data));

        Assert.IsTrue(images[0]!.Pixels.All(value => value == 105));
        Assert.IsTrue(images[1]!.Pixels.All(value => value == 51));
    }

    [TestMethod]
    public void Keypoints_go_from_pixels_of_the_appearance_to_those_of_the_graph()
    {
        // An image of twice the graph's size: (9.5, 9.5) is its pixel corner, which halves to 4.5; the mean 4.5 is cut
        // to a byte with the appearance's 100.
        var image = new RgbImage(2 * TestModels.Width, 2 * TestModels.Height);
        Array.Fill(image.Pixels, (byte)100);
        PoseRow row = new() { Image = MlImagePixels.ToMlImage(image), Keypoints = [10.5f, 10.5f, 10.5f, 10.5f, 10.5f, 10.5f] };
        IDataView data = ml.Data.LoadFromEnumerable([row]);
        using ImageGeneratingTransformer byImage = Fit(data, Options);
        using ImageGeneratingTransformer byGraph = Fit(data, Options with
        {
            KeypointsWidth = TestModels.Width,
            KeypointsHeight = TestModels.Height,
        });

        Assert.AreEqual(105, Pictures.Read(byImage.Transform(data))[0]!.Pixels[0]); // (10.5 + 0.5) / 2 − 0.5 = 5
        Assert.AreEqual(110, Pictures.Read(byGraph.Transform(data))[0]!.Pixels[0]);
    }

    [TestMethod]
    public void Keypoint_that_is_not_finite_names_row_and_keypoint_or_leaves_the_row_without_an_image()
    {
        IDataView data = ml.Data.LoadFromEnumerable(
            [Flat(1, [1, 1, 1, 1, 1, 1]), Flat(1, [1, 1, float.NaN, 1, 1, 1]), Flat(1, [1, 1, 1, 1, 1, 1])]);
        using ImageGeneratingTransformer throws = Fit(data, Options);
        using ImageGeneratingTransformer marks = Fit(data, Options with { OnError = KeypointErrorPolicy.MarkRow });

        string message = Assert.ThrowsExactly<InvalidDataException>(() => Pictures.Read(throws.Transform(data))).Message;
        StringAssert.Contains(message, "Row 1 (counted from 0), column 'Picture'");
        StringAssert.Contains(message, "keypoint 'green'");
        CollectionAssert.AreEqual(
            new[] { true, false, true }, Pictures.Read(marks.Transform(data)).Select(image => image is not null).ToArray());
    }

    [TestMethod]
    public void Keypoints_of_another_skeleton_are_refused()
    {
        IDataView data = Pictures.Rows(ml, 1);
        IDataView named = ml.Transforms.NormalizePose("Keypoints", skeleton: new Skeleton("other", ["a", "b", "c"], [])).Fit(data)
            .Transform(data);
        StringAssert.Contains(
            Assert.ThrowsExactly<ArgumentException>(() => Fit(named, Options)).Message,
            "has the keypoints of skeleton 'other' (a, b, c, …); expected those of 'colours'");
    }

    [TestMethod]
    public void Wrong_models_and_options_are_refused()
    {
        StringAssert.Contains(
            Assert.ThrowsExactly<InvalidDataException>(() =>
                ml.Transforms.GenerateImage("Picture", "Keypoints", "Image", TestModels.Detector())).Message,
                "is a detector; expected a generator");
        Assert.ThrowsExactly<FileNotFoundException>(() => ml.Transforms.GenerateImage("Picture", "Keypoints", "Image", "none.onnx"));
        StringAssert.Contains(
            Assert.ThrowsExactly<ArgumentException>(
                () => ml.Transforms.GenerateImage("Picture", "Keypoints", "Image", TestModels.Generator(), new()
                {
                    KeypointsWidth = 5,
                })).Message,
            "give both or neither");
    }

    [TestMethod]
    public void Transformer_disposed_of_says_so()
    {
        IDataView data = Pictures.Rows(ml, 1);
        ImageGeneratingTransformer transformer = Fit(data, Options);
        transformer.Dispose();
        Assert.ThrowsExactly<ObjectDisposedException>(() => Pictures.Read(transformer.Transform(data)));
    }

    private static PoseRow Flat(byte grey, float[] keypoints)
    {
        var image = new RgbImage(TestModels.Width, TestModels.Height);
        Array.Fill(image.Pixels, grey);
        return new PoseRow { Image = MlImagePixels.ToMlImage(image), Keypoints = keypoints };
    }

    private ImageGeneratingTransformer Fit(IDataView data, ImageGenerationOptions options) =>
        ml.Transforms.GenerateImage("Picture", "Keypoints", "Image", TestModels.Generator(), options).Fit(data);
}
